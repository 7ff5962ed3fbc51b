// SPDX-License-Identifier: GPL-2.0-only
/*
 * Keys themselves: making and freeing, serial numbers, quotas, and the changes of their state.
 * Locks: key_lock for the tree of serials and for quotas; key_mutex for contents and state.
 */
#include <linux/err.h>
#include <linux/fault-inject.h>
#include <linux/init.h>
#include <linux/mm.h>
#include <linux/random.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/timekeeping.h>
#include <linux/wait.h>
#include <linux/workqueue.h>
#include "internal.h"

DEFINE_MUTEX(key_mutex);
DEFINE_SPINLOCK(key_lock);
struct rb_root key_tree;		/* key_lock */
struct hlist_head key_users;		/* key_lock */

unsigned int key_quota_maxkeys = 200;
unsigned int key_quota_maxbytes = 20000;
unsigned int key_quota_root_maxkeys = 1000000;
unsigned int key_quota_root_maxbytes = 25000000;

static struct kmem_cache *key_cache;
static LIST_HEAD(dead_keys);		/* key_lock */
static DECLARE_WAIT_QUEUE_HEAD(construction_wait);

static void free_dead_keys(struct work_struct *work);
static DECLARE_WORK(free_work, free_dead_keys);

/* ---- quotas ---- */

static int max_keys(uid_t uid)
{
	return READ_ONCE(*(uid ? &key_quota_maxkeys : &key_quota_root_maxkeys));
}

static int max_bytes(uid_t uid)
{
	return READ_ONCE(*(uid ? &key_quota_maxbytes : &key_quota_root_maxbytes));
}

/* Caller holds key_lock. */
static struct key_user *find_key_user(uid_t uid)
{
	struct key_user *user;

	hlist_for_each_entry(user, &key_users, node)
		if (user->uid == uid)
			return user;
	return NULL;
}

static struct key_user *get_key_user(uid_t uid)
{
	struct key_user *user, *new = kzalloc(sizeof(*new), GFP_KERNEL);

	if (!new)
		return NULL;
	spin_lock_irq(&key_lock);
	user = find_key_user(uid);
	if (!user) {
		user = new;
		new = NULL;
		user->uid = uid;
		hlist_add_head(&user->node, &key_users);
	}
	user->usage++;
	spin_unlock_irq(&key_lock);
	kfree(new);
	return user;
}

static void put_key_user(struct key_user *user)
{
	unsigned long flags;
	bool last;

	spin_lock_irqsave(&key_lock, flags);
	last = !--user->usage;
	if (last)
		hlist_del(&user->node);
	spin_unlock_irqrestore(&key_lock, flags);
	if (last)
		kfree(user);
}

/* Caller holds key_lock. */
static bool quota_allows(const struct key_user *user, int keys, size_t bytes)
{
	return user->qnkeys + keys <= max_keys(user->uid) &&
	       bytes <= INT_MAX && (long)user->qnbytes + (long)bytes <= max_bytes(user->uid);
}

static int charge_new(struct key_user *user, size_t bytes, enum key_quota quota)
{
	int err = 0;

	if (quota == KEY_QUOTA_NONE)
		return 0;
	spin_lock_irq(&key_lock);
	if (quota == KEY_QUOTA_CHECK &&
	    (!quota_allows(user, 1, bytes) || should_fail_charge("key"))) {
		err = -EDQUOT;
	} else {
		user->qnkeys++;
		user->qnbytes += bytes;
	}
	spin_unlock_irq(&key_lock);
	return err;
}

/**
 * key_reserve - charge a key for contents of another size than now
 * @key: whose contents change
 * @datalen: bytes
 *
 * Return: 0, or -EDQUOT when there shall be more than the owner may have.
 */
int key_reserve(struct key *key, size_t datalen)
{
	long delta = (long)datalen - (long)key->datalen;
	int err = 0;

	if (key->flags & KEY_F_IN_QUOTA) {
		spin_lock_irq(&key_lock);
		if (delta > 0 &&
		    (!quota_allows(key->user, 0, delta) || should_fail_charge("key"))) {
			err = -EDQUOT;
		} else {
			key->user->qnbytes += delta;
			key->quotalen += delta;
		}
		spin_unlock_irq(&key_lock);
	}
	if (!err)
		key->datalen = datalen;
	return err;
}

/* The charge for a key goes to another user. Return: 0, -EDQUOT, -ENOMEM. */
int key_chown_quota(struct key *key, uid_t uid)
{
	struct key_user *old = key->user, *new = get_key_user(uid);
	int counted = key->flags & KEY_F_IN_QUOTA ? 1 : 0;

	if (!new)
		return -ENOMEM;
	spin_lock_irq(&key_lock);
	if (counted && !quota_allows(new, 1, key->quotalen)) {
		spin_unlock_irq(&key_lock);
		put_key_user(new);
		return -EDQUOT;
	}
	new->qnkeys += counted;
	old->qnkeys -= counted;
	new->qnbytes += counted ? key->quotalen : 0;
	old->qnbytes -= counted ? key->quotalen : 0;
	new->nkeys++;
	old->nkeys--;
	if (key->state != KEY_STATE_NEW) {
		new->nikeys++;
		old->nikeys--;
	}
	key->user = new;
	spin_unlock_irq(&key_lock);
	put_key_user(old);
	return 0;
}

/* ---- making and finding ---- */

/* A number that nobody has yet: at random, since numbers of live keys must not be guessable. */
static void insert_key(struct key *key)
{
	struct rb_node **link, *parent;

	spin_lock_irq(&key_lock);
again:
	key->serial = get_random_u32() >> 1;
	link = &key_tree.rb_node;
	parent = NULL;
	while (*link) {
		const struct key *other = rb_entry(*link, struct key, node);

		if (other->serial == key->serial)
			goto again;
		parent = *link;
		link = key->serial < other->serial ? &parent->rb_left : &parent->rb_right;
	}
	/* The lowest ones mean something in the programs that use keys. */
	if (key->serial < 3)
		goto again;
	rb_link_node(&key->node, parent, link);
	rb_insert_color(&key->node, &key_tree);
	key->user->nkeys++;
	spin_unlock_irq(&key_lock);
}

/* Return: a key that nobody can find yet, or NULL without memory. */
static struct key *new_key(const struct key_type *type, const char *description, uid_t uid)
{
	struct key *key = kmem_cache_zalloc(key_cache, GFP_KERNEL);

	if (!key)
		return NULL;
	refcount_set(&key->usage, 1);
	INIT_LIST_HEAD(&key->dead);
	key->type = type;
	key->description = kstrdup(description, GFP_KERNEL);
	key->user = key->description ? get_key_user(uid) : NULL;
	if (key->user)
		return key;
	kfree(key->description);
	kmem_cache_free(key_cache, key);
	return NULL;
}

/**
 * key_alloc - a key without contents
 * @type: of what kind
 * @description: its name, copied
 * @uid: the owner, who is charged
 * @gid: the group
 * @perm: KEY_POS() | KEY_USR() | KEY_GRP() | KEY_OTH()
 * @quota: whether it counts
 *
 * Context: may sleep. Return: the key, or ERR_PTR(-EINVAL, -EDQUOT, -ENOMEM).
 */
struct key *key_alloc(const struct key_type *type, const char *description, uid_t uid, gid_t gid,
		      u32 perm, enum key_quota quota)
{
	size_t bytes = strlen(description) + 1;
	struct key *key;
	int err = 0;

	if (!*description)
		return ERR_PTR(-EINVAL);
	if (type->vet_description)
		err = type->vet_description(description);
	if (err)
		return ERR_PTR(err);
	key = new_key(type, description, uid);
	if (!key)
		return ERR_PTR(-ENOMEM);
	err = charge_new(key->user, bytes, quota);
	if (err) {
		put_key_user(key->user);
		kfree(key->description);
		kmem_cache_free(key_cache, key);
		return ERR_PTR(err);
	}
	key->uid = uid;
	key->gid = gid;
	key->perm = perm;
	key->quotalen = bytes;
	key->ns = current_user_ns();
	if (quota != KEY_QUOTA_NONE)
		key->flags |= KEY_F_IN_QUOTA;
	insert_key(key);
	return key;
}

struct key *key_get(struct key *key)
{
	if (key)
		refcount_inc(&key->usage);
	return key;
}

/* Caller holds key_lock. */
static void uncharge(struct key *key)
{
	struct key_user *user = key->user;

	user->nkeys--;
	if (key->state != KEY_STATE_NEW)
		user->nikeys--;
	if (key->flags & KEY_F_IN_QUOTA) {
		user->qnkeys--;
		user->qnbytes -= key->quotalen;
	}
}

/**
 * key_put - give up a reference
 * @key: or NULL
 *
 * The last one takes the key out of sight and out of the quota; a worker frees it.
 * Context: any.
 */
void key_put(struct key *key)
{
	unsigned long flags;

	if (!key || !refcount_dec_and_test(&key->usage))
		return;
	spin_lock_irqsave(&key_lock, flags);
	rb_erase(&key->node, &key_tree);
	uncharge(key);
	list_add(&key->dead, &dead_keys);
	spin_unlock_irqrestore(&key_lock, flags);
	schedule_work(&free_work);
}

static struct key *take_dead_key(void)
{
	struct key *key;

	spin_lock_irq(&key_lock);
	key = list_first_entry_or_null(&dead_keys, struct key, dead);
	if (key)
		list_del(&key->dead);
	spin_unlock_irq(&key_lock);
	return key;
}

/* A keyring's links may be the last ones to other keys: those join the list. */
static void free_dead_keys(struct work_struct *work)
{
	struct key *key;

	while ((key = take_dead_key()) != NULL) {
		key->type->clear(key);
		put_key_user(key->user);
		kfree(key->description);
		kmem_cache_free(key_cache, key);
	}
}

/* The key of a number, with a reference; NULL: none. */
struct key *key_lookup(key_serial_t serial)
{
	struct rb_node *node;
	struct key *found = NULL;

	spin_lock_irq(&key_lock);
	node = key_tree.rb_node;
	while (node) {
		struct key *key = rb_entry(node, struct key, node);

		if (key->serial == serial) {
			if (refcount_inc_not_zero(&key->usage))
				found = key;
			break;
		}
		node = serial < key->serial ? node->rb_left : node->rb_right;
	}
	spin_unlock_irq(&key_lock);
	return found;
}

/* ---- state: key_mutex is held ---- */

/* From new to instantiated or negative, or from one of these to the other. Wakes who waits. */
void key_set_state(struct key *key, int state)
{
	spin_lock_irq(&key_lock);
	if (key->state == KEY_STATE_NEW)
		key->user->nikeys++;
	WRITE_ONCE(key->state, state);
	spin_unlock_irq(&key_lock);
	key->flags &= ~KEY_F_CONSTRUCT;
	wake_up_all(&construction_wait);
}

/* Return: 0, the key's error when it is negative, -ERESTARTSYS. Context: no key_mutex. */
int wait_for_construction(const struct key *key)
{
	int err = wait_event_interruptible(construction_wait,
					   READ_ONCE(key->state) != KEY_STATE_NEW);

	return err ?: key_read_state(key);
}

/* Give a key its contents, and make it positive. Return: 0, -ENOMEM, -EDQUOT. */
int key_fill(struct key *key, const struct key_payload *payload)
{
	int err = key->type->fill ? key->type->fill(key, payload) : -EOPNOTSUPP;

	if (!err)
		key_set_state(key, KEY_STATE_POSITIVE);
	return err;
}

/* The same for a key that has been something before: its time begins anew. */
int key_update(struct key *key, const struct key_payload *payload)
{
	int err = key_fill(key, payload);

	if (!err)
		key->expiry = 0;
	return err;
}

/* It stays where it is linked for gc_delay seconds, so that its users get EKEYREVOKED. */
void key_revoke(struct key *key)
{
	s64 now = ktime_get_real_seconds();

	if (key->flags & KEY_F_REVOKED)
		return;
	key->flags |= KEY_F_REVOKED;
	if (key->state == KEY_STATE_POSITIVE) {
		key->type->clear(key);
		key_reserve(key, 0);
	}
	if (!key->expiry || key->expiry > now)
		key->expiry = now;
	key_gc_at(now + key_gc_delay);
}

/* It vanishes from all keyrings at once. */
void key_invalidate(struct key *key)
{
	key->flags |= KEY_F_INVALIDATED;
	key_gc_now();
}

void key_set_timeout(struct key *key, unsigned int seconds)
{
	key->expiry = seconds ? ktime_get_real_seconds() + seconds : 0;
	if (seconds)
		key_gc_at(key->expiry + key_gc_delay);
}

static int __init keys_init(void)
{
	key_cache = kmem_cache_create("key_jar", sizeof(struct key), 0, SLAB_PANIC, NULL);
	return 0;
}
core_initcall(keys_init);

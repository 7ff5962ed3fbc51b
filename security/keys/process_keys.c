// SPDX-License-Identifier: GPL-2.0-only
/*
 * The keyrings that come with a task: thread, process and session in its credentials, the user's
 * two in its user namespace. keyrings(7), persistent-keyring(7). Those of credentials change by
 * preparing new ones, under key_mutex like everything else here.
 */
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/err.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/sprintf.h>
#include <linux/string.h>
#include "internal.h"

unsigned int persistent_keyring_expiry = 3 * 24 * 3600;

/* ---- what credentials do: fork, exec, exit ---- */

void get_cred_keys(const struct cred_keys *keys)
{
	key_get(keys->thread);
	key_get(keys->process);
	key_get(keys->session);
	key_get(keys->auth);
}

static void drop(struct key **slot)
{
	key_put(*slot);
	*slot = NULL;
}

void drop_thread_keys(struct cred_keys *keys)
{
	drop(&keys->thread);
}

/* A new process, or a new program: neither the thread's nor the process's stay. */
void drop_process_keys(struct cred_keys *keys)
{
	drop(&keys->thread);
	drop(&keys->process);
}

void drop_auth_key(struct cred_keys *keys)
{
	drop(&keys->auth);
}

void put_cred_keys(struct cred_keys *keys)
{
	drop_process_keys(keys);
	drop(&keys->session);
	drop(&keys->auth);
}

/* The thread keyring belongs to whom its thread acts for. */
void keys_follow_fsids(const struct cred *new, const struct cred *old)
{
	if (new->fsuid != old->fsuid)
		WRITE_ONCE(new->keys.thread->uid, new->fsuid);
	if (new->fsgid != old->fsgid)
		WRITE_ONCE(new->keys.thread->gid, new->fsgid);
}

/* No name counts in this namespace any more. */
void free_user_ns_keys(struct user_namespace *ns)
{
	unsigned long flags;
	struct rb_node *node;

	key_put(ns->user_keyrings);
	key_put(ns->persistent_keyrings);
	spin_lock_irqsave(&key_lock, flags);
	rb_for_each(node, &key_tree) {
		struct key *key = rb_entry(node, struct key, node);

		if (key->ns == ns)
			key->ns = NULL;
	}
	spin_unlock_irqrestore(&key_lock, flags);
}

/* ---- a user's keyrings, in the register of the namespace ---- */

static struct key *get_register(struct key **slot, uid_t uid, gid_t gid, const char *name,
				u32 perm, enum key_quota quota)
{
	struct key *ring;

	if (*slot)
		return *slot;
	ring = keyring_alloc(name, uid, gid, perm, quota);
	if (!IS_ERR(ring))
		*slot = ring;
	return ring;
}

/* Find, or make in @where, the keyring of a user. Return: it with a reference, or ERR_PTR. */
static struct key *ring_of_user(struct key *where, const char *name, uid_t uid, u32 perm,
				enum key_quota quota)
{
	struct key *ring = keyring_find(where, &key_type_keyring, name);
	int err;

	if (ring && !key_validate(ring))
		return ring;
	key_put(ring);
	ring = keyring_alloc(name, uid, INVALID_GID, perm, quota);
	if (IS_ERR(ring))
		return ring;
	err = key_link(where, ring);
	if (!err)
		return ring;
	key_put(ring);
	return ERR_PTR(err);
}

#define USER_RING_PERM	(KEY_POS(KEY_ALL & ~KEY_SETATTR) | KEY_USR(KEY_ALL))

static void ring_name(char name[32], const char *format, const struct cred *cred)
{
	snprintf(name, 32, "%s.%u", format, from_kuid(cred->user_ns, cred->uid));
}

/**
 * user_keyrings - current's user keyring and user session keyring, made on first use
 * @user: filled with a reference, or NULL
 * @session: likewise; it begins with a link to the user keyring
 *
 * Return: 0, -ENOMEM, -EDQUOT.
 */
int user_keyrings(struct key **user, struct key **session)
{
	const struct cred *cred = current_cred();
	struct user_namespace *ns = cred->user_ns;
	struct key *reg, *own, *ses;
	char name[32];
	int err = 0;

	reg = get_register(&ns->user_keyrings, ns->owner, INVALID_GID, ".user_reg",
			   KEY_POS(KEY_WRITE | KEY_SEARCH) | KEY_USR(KEY_VIEW | KEY_READ),
			   KEY_QUOTA_OVERRUN);
	if (IS_ERR(reg))
		return PTR_ERR(reg);
	ring_name(name, "_uid", cred);
	own = ring_of_user(reg, name, cred->uid, USER_RING_PERM, KEY_QUOTA_OVERRUN);
	if (IS_ERR(own))
		return PTR_ERR(own);
	ring_name(name, "_uid_ses", cred);
	ses = ring_of_user(reg, name, cred->uid, USER_RING_PERM, KEY_QUOTA_OVERRUN);
	if (IS_ERR(ses)) {
		key_put(own);
		return PTR_ERR(ses);
	}
	if (!ses->nr)
		err = key_link(ses, own);
	if (user && !err)
		*user = key_get(own);
	if (session && !err)
		*session = key_get(ses);
	key_put(own);
	key_put(ses);
	return err;
}

void existing_user_session(const struct cred *cred, struct key **session)
{
	struct key *reg = cred->user_ns->user_keyrings;
	char name[32];

	if (!reg)
		return;
	ring_name(name, "_uid_ses", cred);
	*session = keyring_find(reg, &key_type_keyring, name);
}

/**
 * get_persistent - link a user's persistent keyring into another keyring
 * @uid: whose, as the kernel counts
 * @dest: where to
 *
 * Each use puts its end off again. Return: its serial number, -EPERM, or key_link()'s errors.
 */
long get_persistent(uid_t uid, struct key *dest)
{
	const struct cred *cred = current_cred();
	struct user_namespace *ns = cred->user_ns;
	struct key *reg, *ring;
	char name[32];
	long ret;

	if (uid != cred->uid && uid != cred->euid && !ns_capable(ns, CAP_SETUID))
		return -EPERM;
	reg = get_register(&ns->persistent_keyrings, 0, 0, ".persistent_register",
			   KEY_POS(KEY_ALL & ~KEY_SETATTR) | KEY_USR(KEY_VIEW | KEY_READ),
			   KEY_QUOTA_NONE);
	if (IS_ERR(reg))
		return PTR_ERR(reg);
	snprintf(name, sizeof(name), "_persistent.%u", from_kuid(ns, uid));
	ring = ring_of_user(reg, name, uid, KEY_POS(KEY_ALL & ~KEY_SETATTR) |
			    KEY_USR(KEY_VIEW | KEY_READ), KEY_QUOTA_NONE);
	if (IS_ERR(ring))
		return PTR_ERR(ring);
	ret = key_link(dest, ring);
	if (!ret) {
		key_set_timeout(ring, persistent_keyring_expiry);
		ret = ring->serial;
	}
	key_put(ring);
	return ret;
}

/* ---- those in credentials ---- */

static int install_ring(struct cred *new, struct key **slot, const char *name, u32 perm,
			enum key_quota quota)
{
	struct key *ring = keyring_alloc(name, new->uid, new->gid, perm, quota);

	if (IS_ERR(ring))
		return PTR_ERR(ring);
	key_put(*slot);
	*slot = ring;
	return 0;
}

int install_thread_keyring(struct cred *new)
{
	if (new->keys.thread)
		return 0;
	return install_ring(new, &new->keys.thread, "_tid", KEY_POS(KEY_ALL) | KEY_USR(KEY_VIEW),
			    KEY_QUOTA_OVERRUN);
}

int install_process_keyring(struct cred *new)
{
	if (new->keys.process)
		return 0;
	return install_ring(new, &new->keys.process, "_pid", KEY_POS(KEY_ALL) | KEY_USR(KEY_VIEW),
			    KEY_QUOTA_OVERRUN);
}

static int install_new_session(struct cred *new)
{
	return install_ring(new, &new->keys.session, "_ses",
			    KEY_POS(KEY_ALL) | KEY_USR(KEY_VIEW | KEY_READ),
			    new->keys.session ? KEY_QUOTA_CHECK : KEY_QUOTA_OVERRUN);
}

static int change_creds(int (*change)(struct cred *new))
{
	struct cred *new = prepare_creds();
	int err;

	if (!new)
		return -ENOMEM;
	err = change(new);
	if (!err)
		return commit_creds(new);
	abort_creds(new);
	return err;
}

static int use_user_session(struct cred *new)
{
	struct key *session;
	int err = user_keyrings(NULL, &session);

	if (err)
		return err;
	key_put(new->keys.session);
	new->keys.session = session;
	return 0;
}

/* ---- joining a session by name ---- */

/* A keyring of that name that current may search, in its namespace; with a reference. */
static struct key *find_session(const char *name)
{
	const struct cred *cred = current_cred();
	struct key *found = NULL;
	struct rb_node *node;

	spin_lock_irq(&key_lock);
	rb_for_each(node, &key_tree) {
		struct key *key = rb_entry(node, struct key, node);

		if (key->type != &key_type_keyring || key->ns != cred->user_ns ||
		    (key->flags & KEY_F_REVOKED) || strcmp(key->description, name))
			continue;
		if (key_permission((struct key_ref){ key, false }, cred, KEY_SEARCH))
			continue;
		if (refcount_inc_not_zero(&key->usage)) {
			found = key;
			break;
		}
	}
	spin_unlock_irq(&key_lock);
	return found;
}

static int install_named(struct cred *new, const char *name)
{
	struct key *ring = find_session(name);

	if (!ring)
		ring = keyring_alloc(name, new->uid, new->gid, KEY_POS(KEY_ALL) |
				     KEY_USR(KEY_VIEW | KEY_READ | KEY_LINK), KEY_QUOTA_CHECK);
	if (IS_ERR(ring))
		return PTR_ERR(ring);
	key_put(new->keys.session);
	new->keys.session = ring;
	return 0;
}

/* KEYCTL_JOIN_SESSION_KEYRING: @name NULL: a new one. Return: its serial number or -errno. */
long join_session_keyring(const char *name)
{
	struct cred *new = prepare_creds();
	long ret;

	if (!new)
		return -ENOMEM;
	ret = name ? install_named(new, name) : install_new_session(new);
	if (ret) {
		abort_creds(new);
		return ret;
	}
	ret = new->keys.session->serial;
	commit_creds(new);
	return ret;
}

/* ---- numbers to keys ---- */

static int session_keyring(unsigned int how, struct key **key)
{
	const struct cred *cred = current_cred();
	struct key *user_session = NULL;
	bool default_one = false;
	long ret = 0;

	if (cred->keys.session && (how & KEY_CREATE)) {
		existing_user_session(cred, &user_session);
		default_one = user_session == cred->keys.session;
		key_put(user_session);
	}
	if (default_one || (!cred->keys.session && (how & KEY_CREATE)))
		ret = join_session_keyring(NULL);
	else if (!cred->keys.session)
		ret = change_creds(use_user_session);
	if (ret < 0)
		return ret;
	*key = key_get(current_cred()->keys.session);
	return 0;
}

static int special_ring(struct key *const *slot, unsigned int how,
			int (*install)(struct cred *new), struct key **key, size_t offset)
{
	int err = 0;

	if (!*slot)
		err = how & KEY_CREATE ? change_creds(install) : -ENOKEY;
	if (!err)
		*key = key_get(*(struct key **)((char *)&current_cred()->keys + offset));
	return err;
}

/* The keyring where the one that we construct a key for wants it. */
static int requestor_keyring(struct key **key)
{
	struct key *auth = current_cred()->keys.auth;

	if (!auth)
		return -ENOKEY;
	if (!auth->auth || (auth->flags & KEY_F_REVOKED))
		return -EKEYREVOKED;
	*key = key_get(auth->auth->dest);
	return *key ? 0 : -ENOKEY;
}

static int special_key(key_serial_t id, unsigned int how, struct key **key)
{
	const struct cred_keys *keys = &current_cred()->keys;

	switch (id) {
	case KEY_SPEC_THREAD_KEYRING:
		return special_ring(&keys->thread, how, install_thread_keyring, key,
				    offsetof(struct cred_keys, thread));
	case KEY_SPEC_PROCESS_KEYRING:
		return special_ring(&keys->process, how, install_process_keyring, key,
				    offsetof(struct cred_keys, process));
	case KEY_SPEC_SESSION_KEYRING:
		return session_keyring(how, key);
	case KEY_SPEC_USER_KEYRING:
		return user_keyrings(key, NULL);
	case KEY_SPEC_USER_SESSION_KEYRING:
		return user_keyrings(NULL, key);
	case KEY_SPEC_REQKEY_AUTH_KEY:
		*key = key_get(keys->auth);
		return *key ? 0 : -ENOKEY;
	case KEY_SPEC_REQUESTOR_KEYRING:
		return requestor_keyring(key);
	default:
		return -EINVAL;
	}
}

static int find_key(key_serial_t id, unsigned int how, struct key_ref *ref)
{
	if (id <= 0) {
		ref->possessed = true;
		return special_key(id, how, &ref->key);
	}
	ref->key = key_lookup(id);
	if (!ref->key)
		return -ENOKEY;
	ref->possessed = key_possessed(ref->key, current_cred());
	return 0;
}

/* Not before user space has made up its mind about the key. */
int wait_until_made(const struct key *key)
{
	int err;

	if (!(key->flags & KEY_F_CONSTRUCT))
		return key_read_state(key);
	mutex_unlock(&key_mutex);
	err = wait_for_construction(key);
	mutex_lock(&key_mutex);
	return err;
}

static int check_state(const struct key *key, unsigned int how)
{
	int err = 0;

	if (how & KEY_ANY_STATE)
		return 0;
	if (!(how & KEY_PARTIAL))
		err = wait_until_made(key);
	if (!err)
		err = key_validate(key);
	if (!err && !(how & KEY_PARTIAL) && key->state == KEY_STATE_NEW)
		err = -EIO;
	return err;
}

/**
 * lookup_user_key - the key that a number from user space means
 * @id: a serial number or KEY_SPEC_*
 * @how: KEY_CREATE, KEY_PARTIAL, KEY_ANY_STATE
 * @need: the permissions that current must have, 0: none
 * @ref: filled, with a reference
 *
 * Context: key_mutex, which may be dropped for a while.
 * Return: 0; -EINVAL (no such special key), -ENOKEY, -EKEYREVOKED, -EKEYEXPIRED, -EACCES, -EIO,
 * -EDQUOT, -ENOMEM, -ERESTARTSYS, and what a negative key stands for.
 */
int lookup_user_key(key_serial_t id, unsigned int how, u32 need, struct key_ref *ref)
{
	int err = find_key(id, how, ref);

	if (err)
		return err;
	err = check_state(ref->key, how);
	if (!err && need)
		err = key_permission(*ref, current_cred(), need);
	if (err)
		key_put(ref->key);
	return err;
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Directory entries by name. A dentry lives while it has references: those of its
 * children, of users, and of itself if a file system without a disk pinned it.
 * Lookups walk chains under RCU and ask rename_lock whether names moved meanwhile;
 * d_lookup_sure() takes the chain's lock. Order: rename_lock, chain (by address), d_lock.
 */
#include <linux/dcache.h>
#include <linux/fs.h>
#include <linux/fsnotify.h>
#include <linux/init.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/rculist.h>
#include <linux/seqlock.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "internal.h"

/* Locks: [c] lock to write, RCU to read */
struct dcache_chain {
	struct hlist_head head;		/* [c] dentry.d_hash */
	spinlock_t lock;
};

static struct dcache_chain *dentry_hashtable;
static unsigned int d_hash_mask;
static struct kmem_cache *dentry_cache;
static struct kmem_cache *names_cache;
static atomic_long_t nr_dentries = ATOMIC64_INIT(0);

/* Written around each change of a name or a parent; paths are built again when it moved. */
DEFINE_SEQLOCK(rename_lock);

#define GOLDEN_RATIO_32		0x61C88647U

static inline struct dcache_chain *d_chain(u32 hash)
{
	return &dentry_hashtable[(hash * GOLDEN_RATIO_32 >> 8) & d_hash_mask];
}

/**
 * full_name_hash - hash of a name in one directory
 * @parent: the directory
 * @name: need not be terminated
 * @len: bytes
 */
u32 full_name_hash(const struct dentry *parent, const char *name, unsigned int len)
{
	u32 hash = name_hash_start(parent);

	while (len--)
		hash = name_hash_step(hash, (unsigned char)*name++);
	return hash;
}

static void dentry_free_rcu(struct rcu_head *head)
{
	struct dentry *dentry = container_of(head, struct dentry, d_rcu);

	if (dentry->d_flags & DCACHE_EXTERNAL)
		kfree(dentry->d_name.name);
	kmem_cache_free(dentry_cache, dentry);
}

static struct dentry *__d_alloc(struct super_block *sb, const struct qstr *name)
{
	struct dentry *dentry = kmem_cache_alloc(dentry_cache, GFP_KERNEL);
	char *copy;

	if (!dentry)
		return NULL;
	memset(dentry, 0, offsetof(struct dentry, d_iname));
	copy = dentry->d_iname;
	if (name->len >= DNAME_INLINE_LEN) {
		copy = kmalloc(name->len + 1, GFP_KERNEL);
		if (!copy) {
			kmem_cache_free(dentry_cache, dentry);
			return NULL;
		}
		dentry->d_flags = DCACHE_EXTERNAL;
	}
	memcpy(copy, name->name, name->len);
	copy[name->len] = '\0';
	dentry->d_name = (struct qstr){ .hash = name->hash, .len = name->len, .name = copy };
	atomic_set(&dentry->d_count, 1);
	spin_lock_init(&dentry->d_lock, LOCK_RANK_DENTRY);
	dentry->d_parent = dentry;
	dentry->d_sb = sb;
	dentry->d_op = sb->s_d_op;
	dentry->d_next_off = 2;
	atomic_long_inc(&nr_dentries);
	return dentry;
}

/**
 * d_alloc - a new negative entry, unhashed, with one reference
 * @parent: its directory; gains a reference
 * @name: with its hash, as full_name_hash(@parent) makes it
 *
 * Context: sleeps.
 * Return: NULL without memory.
 */
struct dentry *d_alloc(struct dentry *parent, const struct qstr *name)
{
	struct dentry *dentry = __d_alloc(parent->d_sb, name);

	if (dentry)
		dentry->d_parent = dget(parent);
	return dentry;
}

/* d_alloc() for a terminated string. */
struct dentry *d_alloc_name(struct dentry *parent, const char *name)
{
	struct qstr q = QSTR_INIT(name, strlen(name));

	q.hash = full_name_hash(parent, q.name, q.len);
	return d_alloc(parent, &q);
}

/* For pipes, sockets and the like: no parent, never hashed. */
struct dentry *d_alloc_pseudo(struct super_block *sb, const struct qstr *name)
{
	struct dentry *dentry = __d_alloc(sb, name);

	if (dentry)
		dentry->d_flags |= DCACHE_DISCONNECTED;
	return dentry;
}

/* The root of a file system; consumes @inode's reference, also when it fails. */
struct dentry *d_make_root(struct inode *inode)
{
	static const struct qstr slash = QSTR_INIT("/", 1);
	struct dentry *dentry;

	if (!inode)
		return NULL;
	dentry = __d_alloc(inode->i_sb, &slash);
	if (dentry)
		d_instantiate(dentry, inode);
	else
		iput(inode);
	return dentry;
}

static void d_rehash(struct dentry *dentry)
{
	struct dcache_chain *chain = d_chain(dentry->d_name.hash);

	spin_lock(&chain->lock);
	spin_lock_nested(&dentry->d_lock, 1);
	ASSERT(!(dentry->d_flags & DCACHE_HASHED));
	dentry->d_flags |= DCACHE_HASHED;
	hlist_add_head_rcu(&dentry->d_hash, &chain->head);
	spin_unlock(&dentry->d_lock);
	spin_unlock(&chain->lock);
}

/* Make @dentry positive; consumes a reference to @inode. */
void d_instantiate(struct dentry *dentry, struct inode *inode)
{
	ASSERT(!dentry->d_inode);
	spin_lock(&dentry->d_lock);
	if (inode && S_ISDIR(inode->i_mode))
		dentry->d_flags |= DCACHE_DIRECTORY;
	WRITE_ONCE(dentry->d_inode, inode);
	spin_unlock(&dentry->d_lock);
}

/**
 * d_add - the end of ->lookup(): make the entry positive and visible
 * @dentry: unhashed
 * @inode: its reference is consumed; NULL leaves the entry negative and unhashed
 *
 * Negative entries are not kept: there is nothing slower below to protect.
 */
void d_add(struct dentry *dentry, struct inode *inode)
{
	if (!inode)
		return;
	d_instantiate(dentry, inode);
	d_rehash(dentry);
}

/* d_add() in the form that ->lookup() returns: ERR_PTR passes through. */
struct dentry *d_splice_alias(struct inode *inode, struct dentry *dentry)
{
	if (IS_ERR(inode))
		return ERR_CAST(inode);
	d_add(dentry, inode);
	return NULL;
}

/* Chain and d_lock are held. */
static void __d_unhash(struct dentry *dentry)
{
	if (dentry->d_flags & DCACHE_HASHED) {
		hlist_del_rcu(&dentry->d_hash);
		dentry->d_flags &= ~DCACHE_HASHED;
	}
}

/* Hide @dentry from lookups; its users keep it. */
void d_drop(struct dentry *dentry)
{
	struct dcache_chain *chain;

	if (d_unhashed(dentry))
		return;
	/* a rename may change the chain until we hold it */
	for (;;) {
		chain = d_chain(READ_ONCE(dentry->d_name.hash));
		spin_lock(&chain->lock);
		if (likely(chain == d_chain(READ_ONCE(dentry->d_name.hash))))
			break;
		spin_unlock(&chain->lock);
	}
	spin_lock_nested(&dentry->d_lock, 1);
	__d_unhash(dentry);
	spin_unlock(&dentry->d_lock);
	spin_unlock(&chain->lock);
}

/* The name was removed; who has the file open keeps entry and inode. */
void d_delete(struct dentry *dentry)
{
	spin_lock(&dentry->d_lock);
	dentry->d_flags |= DCACHE_DELETED;
	spin_unlock(&dentry->d_lock);
	d_drop(dentry);
}

/* No references: lookups pass it by. Gives the parent. */
static struct dentry *dentry_kill(struct dentry *dentry)
{
	struct dentry *parent = dentry->d_parent;
	struct inode *inode = dentry->d_inode;

	d_drop(dentry);
	if (dentry->d_op && dentry->d_op->d_release)
		dentry->d_op->d_release(dentry);
	if (inode) {
		if (!inode->i_nlink)
			fsnotify_inoderemove(inode);
		iput(inode);
	}
	atomic_long_dec(&nr_dentries);
	call_rcu(&dentry->d_rcu, dentry_free_rcu);
	return parent == dentry ? NULL : parent;
}

/**
 * dput - drop a reference
 * @dentry: NULL is fine
 *
 * The last one frees the entry, then drops its inode and its parent in turn.
 *
 * Context: may sleep (an inode's data may go), no spinlock held.
 */
void dput(struct dentry *dentry)
{
	while (dentry) {
		if (likely(atomic_add_unless(&dentry->d_count, -1, 1)))
			return;
		might_sleep();
		/* lookups take no reference from zero: it is final */
		if (!atomic_dec_and_test(&dentry->d_count))
			return;
		dentry = dentry_kill(dentry);
	}
}

/*
 * The entry called @name, without a reference. What a rename does meanwhile may mislead
 * us, into a miss or a wrong hit, but not astray: all that we read is freed after RCU.
 */
static struct dentry *d_search(struct dcache_chain *chain, const struct dentry *parent,
			       const struct qstr *name)
{
	struct dentry *dentry;

	hlist_for_each_entry_rcu(dentry, &chain->head, d_hash) {
		if (dentry->d_parent == parent && dentry->d_name.hash_len == name->hash_len &&
		    names_equal(READ_ONCE(dentry->d_name.name), name->name, name->len))
			return dentry;
	}
	return NULL;
}

/* d_search() for a walk that holds no references: see leap() in namei.c. */
struct dentry *d_peek(const struct dentry *parent, const struct qstr *name)
{
	return d_search(d_chain(name->hash), parent, name);
}

/**
 * d_lookup - find an entry by name
 * @parent: the directory
 * @name: with its hash
 *
 * Context: any task context.
 * Return: the entry with a reference, or NULL; a concurrent rename may make it
 * miss, so NULL is only a hint to ask d_lookup_sure() or the file system.
 */
struct dentry *d_lookup(struct dentry *parent, const struct qstr *name)
{
	struct dentry *dentry;
	unsigned int seq;

	rcu_read_lock();
	seq = read_seqbegin(&rename_lock);
	dentry = d_search(d_chain(name->hash), parent, name);
	if (dentry && !atomic_inc_not_zero(&dentry->d_count))
		dentry = NULL;
	rcu_read_unlock();
	if (dentry && unlikely(d_unhashed(dentry) || read_seqretry(&rename_lock, seq))) {
		dput(dentry);
		return NULL;
	}
	return dentry;
}

/* The chain is locked: its entries neither move nor leave. One that is dying is as good as gone. */
static struct dentry *d_search_locked(struct dcache_chain *chain, const struct dentry *parent,
				      const struct qstr *name)
{
	struct dentry *dentry;

	hlist_for_each_entry(dentry, &chain->head, d_hash) {
		if (dentry->d_name.hash_len == name->hash_len && dentry->d_parent == parent &&
		    names_equal(dentry->d_name.name, name->name, name->len) &&
		    atomic_inc_not_zero(&dentry->d_count))
			return dentry;
	}
	return NULL;
}

struct dentry *d_lookup_sure(struct dentry *parent, const struct qstr *name)
{
	struct dcache_chain *chain = d_chain(name->hash);
	struct dentry *dentry;

	spin_lock(&chain->lock);
	dentry = d_search_locked(chain, parent, name);
	spin_unlock(&chain->lock);
	return dentry;
}

static void lock_two_chains(struct dcache_chain *a, struct dcache_chain *b)
{
	if (a > b)
		swap(a, b);
	spin_lock(&a->lock);
	if (a != b)
		spin_lock_nested(&b->lock, 1);
}

static void unlock_two_chains(struct dcache_chain *a, struct dcache_chain *b)
{
	if (a != b)
		spin_unlock(&a->lock);
	spin_unlock(&b->lock);
}

/* Exchange the texts of two names; both d_locks are held. */
static void swap_names(struct dentry *a, struct dentry *b)
{
	unsigned int a_ext = a->d_flags & DCACHE_EXTERNAL, b_ext = b->d_flags & DCACHE_EXTERNAL;
	char text[DNAME_INLINE_LEN];

	memcpy(text, a->d_iname, sizeof(text));
	memcpy(a->d_iname, b->d_iname, sizeof(text));
	memcpy(b->d_iname, text, sizeof(text));
	swap(a->d_name, b->d_name);
	a->d_flags = (a->d_flags & ~DCACHE_EXTERNAL) | b_ext;
	b->d_flags = (b->d_flags & ~DCACHE_EXTERNAL) | a_ext;
	if (!b_ext)
		a->d_name.name = a->d_iname;
	if (!a_ext)
		b->d_name.name = b->d_iname;
}

/* The one writer of d_name and d_parent. The parents' i_rwsem are held. */
static void __d_move(struct dentry *dentry, struct dentry *target, bool exchange)
{
	struct dcache_chain *from = d_chain(dentry->d_name.hash);
	struct dcache_chain *to = d_chain(target->d_name.hash);

	write_seqlock(&rename_lock);
	lock_two_chains(from, to);
	spin_lock_nested(&dentry->d_lock, 1);
	spin_lock_nested(&target->d_lock, 2);

	/* both chains are locked: d_lookup_sure() sees the old state or the new */
	__d_unhash(dentry);
	__d_unhash(target);
	if (!exchange && target->d_inode)
		target->d_flags |= DCACHE_DELETED;
	swap_names(dentry, target);
	swap(dentry->d_parent, target->d_parent);
	dentry->d_flags |= DCACHE_HASHED;
	hlist_add_head_rcu(&dentry->d_hash, &to->head);
	if (exchange) {
		target->d_flags |= DCACHE_HASHED;
		hlist_add_head_rcu(&target->d_hash, &from->head);
	}

	spin_unlock(&target->d_lock);
	spin_unlock(&dentry->d_lock);
	unlock_two_chains(from, to);
	write_sequnlock(&rename_lock);
}

/**
 * d_move - @dentry takes the name and place of @target, which becomes unhashed
 * @dentry: what is renamed
 * @target: negative, or just removed
 *
 * Context: the i_rwsem of both parents are held for writing.
 */
void d_move(struct dentry *dentry, struct dentry *target)
{
	__d_move(dentry, target, false);
}

/* renameat2(RENAME_EXCHANGE): both stay. Context as d_move(). */
void d_exchange(struct dentry *a, struct dentry *b)
{
	__d_move(a, b, true);
}

/* Is @dentry @ancestor itself or below it? */
bool is_subdir(struct dentry *dentry, struct dentry *ancestor)
{
	unsigned int seq;
	struct dentry *d;
	bool below;

	rcu_read_lock();
	do {
		seq = read_seqbegin(&rename_lock);
		for (d = dentry; d != ancestor && !IS_ROOT(d); d = READ_ONCE(d->d_parent))
			;
		below = d == ancestor;
	} while (read_seqretry(&rename_lock, seq));
	rcu_read_unlock();
	return below;
}

/* The parent, with a reference: it may change, and the old one die, at any moment. */
struct dentry *dget_parent(struct dentry *dentry)
{
	struct dentry *parent;

	/* d_parent changes under d_lock, and as long as we are its child it has a reference */
	spin_lock(&dentry->d_lock);
	parent = dget(dentry->d_parent);
	spin_unlock(&dentry->d_lock);
	return parent;
}

unsigned long get_nr_dentries(void)
{
	return atomic_long_read(&nr_dentries);
}

/* Room for a struct filename with PATH_MAX bytes of name, or for a path to be written. */
void *__getname(void)
{
	return kmem_cache_alloc(names_cache, GFP_KERNEL);
}

void __putname(void *name)
{
	kmem_cache_free(names_cache, name);
}

static unsigned long __init hash_chains(void)
{
	unsigned long chains = totalram_pages() / 16;

	return rounddown_pow_of_two(clamp_t(unsigned long, chains, 512, 65536));
}

void __init dcache_init(void)
{
	unsigned long i, chains = hash_chains();

	dentry_cache = kmem_cache_create("dentry", sizeof(struct dentry), 0, SLAB_PANIC, NULL);
	names_cache = kmem_cache_create("names_cache", sizeof(struct filename) + PATH_MAX, 0,
					SLAB_PANIC, NULL);
	dentry_hashtable = kvcalloc(chains, sizeof(*dentry_hashtable), GFP_KERNEL);
	if (!dentry_hashtable)
		panic("No memory for the hash of directory entries");
	d_hash_mask = chains - 1;
	for (i = 0; i < chains; i++)
		spin_lock_init(&dentry_hashtable[i].lock, LOCK_RANK_DENTRY);
}

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Directory entries: the names of the tree of files. A dentry pins its parent
 * and its inode. Lookups walk hash chains under RCU; see fs/dcache.c for rules.
 */
#ifndef _LINUX_DCACHE_H
#define _LINUX_DCACHE_H

#include <linux/atomic.h>
#include <linux/list.h>
#include <linux/rbtree.h>
#include <linux/rcupdate.h>
#include <linux/spinlock.h>
#include <linux/types.h>

struct dentry;
struct inode;
struct super_block;

/* A name of a directory entry; not terminated when it comes from a path. */
struct qstr {
	union {
		struct {
			u32 hash;
			u32 len;
		};
		u64 hash_len;		/* both, to compare at once */
	};
	const char *name;
};

#define QSTR_INIT(n, l)		{ .len = (l), .name = (n) }
#define QSTR(n)			((struct qstr)QSTR_INIT(n, sizeof(n) - 1))

#define DNAME_INLINE_LEN	40

/* d_flags, changed under d_lock */
#define DCACHE_HASHED		0x0001	/* can be found by name */
#define DCACHE_MOUNTED		0x0002	/* some mount covers it: ask lookup_mnt() */
#define DCACHE_DISCONNECTED	0x0004	/* nameless: pipes, sockets, O_TMPFILE */
#define DCACHE_LINKED		0x0008	/* in its parent's d_children, holds a reference on itself */
#define DCACHE_EXTERNAL		0x0020	/* d_name.name is its own allocation */
#define DCACHE_DIRECTORY	0x0080	/* d_inode is one, and is freed after RCU only */
#define DCACHE_DELETED		0x0040	/* d_delete() was here: its path ends in " (deleted)" */

/* What a file system may do about its dentries; all are optional. */
struct dentry_operations {
	int (*d_revalidate)(struct dentry *dentry);	/* 0: stale, look it up again */
	void (*d_release)(struct dentry *dentry);
	/* the text /proc/PID/fd shows for a nameless file ("pipe:[17]"), at the end of buf */
	char *(*d_dname)(struct dentry *dentry, char *buf, int len);
};

/*
 * Locks: [I] immutable   [a] atomic; zero is final   [d] d_lock   [b] hash chain's lock, RCU read
 *        [D] parent inode's i_rwsem   [m] rename_lock, both chains' locks and d_lock to write;
 *        any of them, or [D], to read
 */
struct dentry {
	struct hlist_node d_hash;		/* [b] */
	struct dentry *d_parent;		/* [m] holds a reference; itself for a root */
	struct qstr d_name;			/* [m] */
	struct inode *d_inode;			/* [d][D] NULL: negative */
	atomic_t d_count;			/* [a] */
	unsigned int d_flags;			/* [d] */
	spinlock_t d_lock;
	const struct dentry_operations *d_op;	/* [I] */
	struct super_block *d_sb;		/* [I] */
	void *d_fsdata;				/* file system's own */
	unsigned long d_time;			/* file system's own */
	struct rb_node d_node;			/* [D] in the parent's d_children */
	u64 d_off;				/* [D] key there: the telldir() cookie */
	struct rb_root d_children;		/* [own i_rwsem] linked entries, libfs.c */
	u64 d_next_off;				/* [own i_rwsem] */
	struct rcu_head d_rcu;
	char d_iname[DNAME_INLINE_LEN];		/* [m] */
};

static inline bool d_is_negative(const struct dentry *dentry)
{
	return !READ_ONCE(dentry->d_inode);
}

static inline bool d_is_positive(const struct dentry *dentry)
{
	return !d_is_negative(dentry);
}

static inline struct inode *d_inode(const struct dentry *dentry)
{
	return dentry->d_inode;
}

static inline bool d_unhashed(const struct dentry *dentry)
{
	return !(READ_ONCE(dentry->d_flags) & DCACHE_HASHED);
}

static inline bool d_mountpoint(const struct dentry *dentry)
{
	return READ_ONCE(dentry->d_flags) & DCACHE_MOUNTED;
}

#define IS_ROOT(d)	((d) == (d)->d_parent)

/* It had a name once, and it was removed. */
static inline bool d_unlinked(const struct dentry *dentry)
{
	return d_unhashed(dentry) && !IS_ROOT(dentry);
}

static inline struct dentry *dget(struct dentry *dentry)
{
	if (dentry)
		atomic_inc(&dentry->d_count);
	return dentry;
}

/* Names longer than DNAME_INLINE_LEN - 1 live in their own allocation. */
u32 full_name_hash(const struct dentry *parent, const char *name, unsigned int len);

struct dentry *d_alloc(struct dentry *parent, const struct qstr *name);
struct dentry *d_alloc_name(struct dentry *parent, const char *name);
struct dentry *d_alloc_pseudo(struct super_block *sb, const struct qstr *name);
struct dentry *d_make_root(struct inode *inode);
void d_add(struct dentry *dentry, struct inode *inode);
void d_instantiate(struct dentry *dentry, struct inode *inode);
void d_delete(struct dentry *dentry);
void d_drop(struct dentry *dentry);
void d_move(struct dentry *dentry, struct dentry *target);
void d_exchange(struct dentry *a, struct dentry *b);
struct dentry *d_lookup(struct dentry *parent, const struct qstr *name);
/* As d_lookup(), but no concurrent rename makes it miss: a NULL is certain. */
struct dentry *d_lookup_sure(struct dentry *parent, const struct qstr *name);
struct dentry *d_splice_alias(struct inode *inode, struct dentry *dentry);
bool is_subdir(struct dentry *dentry, struct dentry *ancestor);
struct dentry *dget_parent(struct dentry *dentry);
void dput(struct dentry *dentry);
void dcache_init(void);

/* Write the path of @path at the end of @buf; a pointer into @buf or ERR_PTR(-ENAMETOOLONG). */
struct path;
char *d_path(const struct path *path, char *buf, int buflen);
char *dentry_path(struct dentry *dentry, char *buf, int buflen);
char *__d_path(const struct path *path, const struct path *root, char *buf, int buflen);
char *dynamic_dname(char *buf, int buflen, const char *fmt, ...) __printf(3, 4);

#endif /* _LINUX_DCACHE_H */

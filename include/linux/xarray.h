/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Arrays of pointers indexed by unsigned long, sparse, over the radix tree of lib/radix.c.
 * xa_lock guards changes; the functions without __ take it themselves. Lookups and walks run
 * under RCU: an entry found may be gone from the array already, and its owner must cope.
 * Entries are pointers to at least four-byte alignment or xa_mk_value() integers; NULL is none.
 */
#ifndef _LINUX_XARRAY_H
#define _LINUX_XARRAY_H

#include <linux/err.h>
#include <linux/radix.h>
#include <linux/spinlock.h>
#include <linux/types.h>

struct xarray {
	spinlock_t xa_lock;
	struct radix_tree xa_tree;
};

#define XARRAY_INIT(name) \
	{ .xa_lock = __SPIN_LOCK_UNLOCKED(name), .xa_tree = RADIX_TREE_INIT }
#define DEFINE_XARRAY(name)	struct xarray name = XARRAY_INIT(name)

#define xa_lock(xa)		spin_lock(&(xa)->xa_lock)
#define xa_unlock(xa)		spin_unlock(&(xa)->xa_lock)

/* xa_init(array) or xa_init(array, lock rank) */
#define xa_init(xa, ...) do {					\
	spin_lock_init(&(xa)->xa_lock, ##__VA_ARGS__);		\
	(xa)->xa_tree.head = NULL;				\
} while (0)

static inline void *xa_mk_value(unsigned long value)
{
	return (void *)(value << 1 | 1);
}

static inline bool xa_is_value(const void *entry)
{
	return (unsigned long)entry & 1;
}

static inline unsigned long xa_to_value(const void *entry)
{
	return (unsigned long)entry >> 1;
}

/* Functions that return an entry return an error in its place: these tell and extract it. */
#define xa_is_err(entry)	IS_ERR(entry)
#define xa_err(entry)		PTR_ERR_OR_ZERO(entry)

static inline bool xa_empty(const struct xarray *xa)
{
	return radix_empty(&xa->xa_tree);
}

void *xa_load(struct xarray *xa, unsigned long index);

/* Stores return the previous entry, or ERR_PTR(-ENOMEM). */
void *xa_store(struct xarray *xa, unsigned long index, void *entry, gfp_t gfp);
void *xa_erase(struct xarray *xa, unsigned long index);
void *xa_cmpxchg(struct xarray *xa, unsigned long index, void *old, void *entry, gfp_t gfp);
/* 0, -EBUSY when there is an entry, -ENOMEM */
int xa_insert(struct xarray *xa, unsigned long index, void *entry, gfp_t gfp);

/*
 * The caller holds xa_lock. Those with a gfp may release and take it again to allocate: what was
 * looked up before must then be looked up again; their own check and change are atomic.
 */
void *__xa_store(struct xarray *xa, unsigned long index, void *entry, gfp_t gfp);
void *__xa_erase(struct xarray *xa, unsigned long index);
void *__xa_cmpxchg(struct xarray *xa, unsigned long index, void *old, void *entry, gfp_t gfp);
int __xa_insert(struct xarray *xa, unsigned long index, void *entry, gfp_t gfp);

/* The first entry at or behind *@index (xa_find_after: behind it) up to @max; sets *@index. */
void *xa_find(struct xarray *xa, unsigned long *index, unsigned long max);
void *xa_find_after(struct xarray *xa, unsigned long *index, unsigned long max);

/* Forget all entries; they themselves are the caller's. */
void xa_destroy(struct xarray *xa);

/* Entries may come and go during the walk; one that stays for all of it is seen once. */
#define xa_for_each_range(xa, index, entry, first, last)			\
	for ((index) = (first), (entry) = xa_find(xa, &(index), last);		\
	     (entry);								\
	     (entry) = xa_find_after(xa, &(index), last))

#define xa_for_each_start(xa, index, entry, first) \
	xa_for_each_range(xa, index, entry, first, ~0UL)

#define xa_for_each(xa, index, entry) \
	xa_for_each_range(xa, index, entry, 0, ~0UL)

#endif

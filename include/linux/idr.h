/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Small integers for pointers (idr) or alone (ida). An idr is guarded by its owner's lock, and
 * idr_find() needs only rcu_read_lock(); an ida has its own lock. Pointers are at least four-byte
 * aligned. A NULL pointer reserves an id, for idr_replace() later.
 */
#ifndef _LINUX_IDR_H
#define _LINUX_IDR_H

#include <linux/radix.h>
#include <linux/spinlock.h>
#include <linux/types.h>

struct idr {
	struct radix_tree idr_tree;
	unsigned int idr_next;		/* where idr_alloc_cyclic() begins */
};

#define IDR_INIT(name)		{ .idr_tree = RADIX_TREE_INIT, .idr_next = 0 }
#define DEFINE_IDR(name)	struct idr name = IDR_INIT(name)

static inline void idr_init(struct idr *idr)
{
	*idr = (struct idr)IDR_INIT(*idr);
}

static inline bool idr_is_empty(const struct idr *idr)
{
	return radix_empty(&idr->idr_tree);
}

static inline unsigned int idr_get_cursor(const struct idr *idr)
{
	return READ_ONCE(idr->idr_next);
}

static inline void idr_set_cursor(struct idr *idr, unsigned int next)
{
	WRITE_ONCE(idr->idr_next, next);
}

int idr_alloc(struct idr *idr, void *ptr, int start, int end, gfp_t gfp);
int idr_alloc_cyclic(struct idr *idr, void *ptr, int start, int end, gfp_t gfp);
void *idr_find(const struct idr *idr, unsigned long id);
void *idr_remove(struct idr *idr, unsigned long id);
void *idr_replace(struct idr *idr, void *ptr, unsigned long id);
void *idr_get_next(const struct idr *idr, int *id);
int idr_for_each(const struct idr *idr, int (*fn)(int id, void *ptr, void *data), void *data);
void idr_destroy(struct idr *idr);

#define idr_for_each_entry(idr, entry, id)				\
	for ((id) = 0; ((entry) = idr_get_next(idr, &(id))) != NULL; (id)++)

#define idr_for_each_entry_continue(idr, entry, id) \
	for (; ((entry) = idr_get_next(idr, &(id))) != NULL; (id)++)

struct ida {
	spinlock_t lock;
	struct radix_tree tree;		/* under lock */
};

#define IDA_INIT(name)		{ .lock = __SPIN_LOCK_UNLOCKED(name), .tree = RADIX_TREE_INIT }
#define DEFINE_IDA(name)	struct ida name = IDA_INIT(name)

void ida_init(struct ida *ida);
int ida_alloc_range(struct ida *ida, unsigned int min, unsigned int max, gfp_t gfp);
void ida_free(struct ida *ida, unsigned int id);
void ida_destroy(struct ida *ida);

#define ida_alloc(ida, gfp)		ida_alloc_range(ida, 0, INT_MAX, gfp)
#define ida_alloc_min(ida, min, gfp)	ida_alloc_range(ida, min, INT_MAX, gfp)
#define ida_alloc_max(ida, max, gfp)	ida_alloc_range(ida, 0, max, gfp)

static inline bool ida_is_empty(const struct ida *ida)
{
	return radix_empty(&ida->tree);
}

#endif

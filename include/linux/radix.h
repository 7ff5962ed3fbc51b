/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The tree under <linux/xarray.h> and <linux/idr.h>; use those. Writers are serialised by the
 * owner's lock, readers need rcu_read_lock() only. Each node knows which of its slots are full,
 * so that a free index is found without looking at every entry.
 */
#ifndef _LINUX_RADIX_H
#define _LINUX_RADIX_H

#include <linux/rcupdate.h>
#include <linux/types.h>

#define RADIX_SHIFT	6
#define RADIX_SLOTS	(1 << RADIX_SHIFT)

/* Locks: [o] the owner's lock   [r] RCU read, [o] write   [I] immutable once reachable */
struct radix_node {
	u8 shift;			/* [I] bits of the index below this node's */
	u8 offset;			/* [o] our slot in the parent */
	u8 count;			/* [o] slots that are not NULL */
	struct radix_node *parent;	/* [o] NULL at the top */
	u64 full;			/* [o] slots below which no index is free */
	union {
		struct rcu_head rcu;		/* once unlinked */
		struct radix_node *next_spare;	/* before it is linked */
	};
	void *slots[RADIX_SLOTS];	/* [r] */
};

struct radix_tree {
	void *head;			/* [r] NULL, the entry of index 0 alone, or a tagged node */
};

#define RADIX_TREE_INIT		{ .head = NULL }

/* Nodes allocated before the lock is taken. */
struct radix_spares {
	struct radix_node *first;
	unsigned int count;
};

/* An index that is taken though its entry is still NULL. */
#define RADIX_RESERVED		((void *)6UL)

void radix_init(void);

/* NULL or the entry; under rcu_read_lock() or the owner's lock. */
void *radix_lookup(const struct radix_tree *tree, unsigned long index);
/* The first entry from *@index up to @max, whose index goes there. Same context. */
void *radix_find(const struct radix_tree *tree, unsigned long *index, unsigned long max);
/* The first index at or behind @start without an entry; 0 when there is none. Owner's lock. */
unsigned long radix_find_free(const struct radix_tree *tree, unsigned long start);
/* How many nodes radix_store() of a new entry at @index will take from the spares. */
unsigned int radix_nodes_needed(const struct radix_tree *tree, unsigned long index);
/* Put @entry, or NULL to erase, at @index and return the previous entry. Owner's lock. */
void *radix_store(struct radix_tree *tree, unsigned long index, void *entry,
		  struct radix_spares *spares);
void radix_destroy(struct radix_tree *tree);

/* Allocate until there are @count: false when out of memory. */
bool radix_fill_spares(struct radix_spares *spares, unsigned int count, gfp_t gfp);
void radix_drop_spares(struct radix_spares *spares);

static inline bool radix_empty(const struct radix_tree *tree)
{
	return !READ_ONCE(tree->head);
}

#endif

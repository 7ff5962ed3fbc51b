// SPDX-License-Identifier: GPL-2.0-only
/*
 * Allocation of small integers, over lib/radix.c. An idr's lock is its owner's; idr_find() runs
 * under RCU. An ida locks itself.
 */
#include <linux/err.h>
#include <linux/idr.h>
#include <linux/kernel.h>

/* What the tree holds in place of an id of an ida. */
#define IDA_TAKEN	RADIX_RESERVED

static void *to_entry(void *ptr)
{
	return ptr ? ptr : RADIX_RESERVED;
}

static void *from_entry(void *entry)
{
	return entry == RADIX_RESERVED ? NULL : entry;
}

/* The first free id in [@min, @max] gets @entry: the id, -ENOSPC or -ENOMEM. */
static int alloc_lowest(struct radix_tree *tree, void *entry, unsigned long min,
			unsigned long max, gfp_t gfp)
{
	struct radix_spares spares = { NULL, 0 };
	unsigned long id = radix_find_free(tree, min);
	int ret = id;

	if (id > max)
		return -ENOSPC;
	if (radix_fill_spares(&spares, radix_nodes_needed(tree, id), gfp))
		radix_store(tree, id, entry, &spares);
	else
		ret = -ENOMEM;
	radix_drop_spares(&spares);
	return ret;
}

/**
 * idr_alloc() - give the lowest free id of a range to a pointer
 * @idr: the ids
 * @ptr: what idr_find() will return; NULL reserves the id
 * @start: the lowest acceptable id
 * @end: the first that is not; 0 for no limit
 * @gfp: how to allocate; the owner's spinlock is held, so usually GFP_ATOMIC
 *
 * Context: the owner's lock is held.
 * Return: the id, -ENOSPC when none is free, -ENOMEM, -EINVAL for a negative start.
 */
int idr_alloc(struct idr *idr, void *ptr, int start, int end, gfp_t gfp)
{
	if (start < 0)
		return -EINVAL;
	return alloc_lowest(&idr->idr_tree, to_entry(ptr), start,
			    end > 0 ? end - 1 : INT_MAX, gfp);
}

/**
 * idr_alloc_cyclic() - give the next free id, counting upwards and round
 * @idr: the ids
 * @ptr: as idr_alloc()
 * @start: as idr_alloc()
 * @end: as idr_alloc()
 * @gfp: as idr_alloc()
 *
 * An id is not given again before all the others of the range were.
 *
 * Context: the owner's lock is held.
 * Return: as idr_alloc().
 */
int idr_alloc_cyclic(struct idr *idr, void *ptr, int start, int end, gfp_t gfp)
{
	int next = max((int)idr->idr_next, start), id;

	if (start < 0)
		return -EINVAL;
	if (end > 0 && next >= end)
		next = start;
	id = idr_alloc(idr, ptr, next, end, gfp);
	if (id == -ENOSPC && next > start)
		id = idr_alloc(idr, ptr, start, end, gfp);
	if (id >= 0)
		WRITE_ONCE(idr->idr_next, id == INT_MAX ? 0 : id + 1);
	return id;
}

/* Context: rcu_read_lock() or the owner's lock. */
void *idr_find(const struct idr *idr, unsigned long id)
{
	return from_entry(radix_lookup(&idr->idr_tree, id));
}

/* Returns the pointer, NULL when the id was free (or reserved). Context: the owner's lock. */
void *idr_remove(struct idr *idr, unsigned long id)
{
	return from_entry(radix_store(&idr->idr_tree, id, NULL, NULL));
}

/* Returns the old pointer, or ERR_PTR(-ENOENT) when the id is free. Context: the owner's lock. */
void *idr_replace(struct idr *idr, void *ptr, unsigned long id)
{
	if (!radix_lookup(&idr->idr_tree, id))
		return ERR_PTR(-ENOENT);
	return from_entry(radix_store(&idr->idr_tree, id, to_entry(ptr), NULL));
}

/**
 * idr_get_next() - find the first pointer at or behind an id
 * @idr: the ids
 * @id: where to begin; set to the id found
 *
 * Reserved ids are passed over.
 *
 * Context: rcu_read_lock() or the owner's lock.
 * Return: the pointer or NULL.
 */
void *idr_get_next(const struct idr *idr, int *id)
{
	unsigned long at = *id;
	void *entry;

	while (*id >= 0 && (entry = radix_find(&idr->idr_tree, &at, INT_MAX))) {
		if (entry != RADIX_RESERVED) {
			*id = at;
			return entry;
		}
		at++;
	}
	return NULL;
}

/* Call @fn until it returns something other than 0, which is then returned. */
int idr_for_each(const struct idr *idr, int (*fn)(int id, void *ptr, void *data), void *data)
{
	void *ptr;
	int id, ret;

	idr_for_each_entry(idr, ptr, id) {
		ret = fn(id, ptr, data);
		if (ret)
			return ret;
		if (id == INT_MAX)
			break;
	}
	return 0;
}

void idr_destroy(struct idr *idr)
{
	radix_destroy(&idr->idr_tree);
}

void ida_init(struct ida *ida)
{
	spin_lock_init(&ida->lock);
	ida->tree.head = NULL;
}

/**
 * ida_alloc_range() - take the lowest free id of a range
 * @ida: the ids
 * @min: the lowest acceptable one
 * @max: the highest; at most INT_MAX
 * @gfp: how to allocate
 *
 * Context: takes the ida's lock; the allocation is made without it, so @gfp may sleep.
 * Return: the id, -ENOSPC or -ENOMEM.
 */
int ida_alloc_range(struct ida *ida, unsigned int min, unsigned int max, gfp_t gfp)
{
	struct radix_spares spares = { NULL, 0 };
	unsigned long id;
	unsigned int needed;
	int ret;

	for (;;) {
		spin_lock(&ida->lock);
		id = radix_find_free(&ida->tree, min);
		needed = id <= max ? radix_nodes_needed(&ida->tree, id) : 0;
		if (id > max || needed <= spares.count)
			break;
		spin_unlock(&ida->lock);
		if (!radix_fill_spares(&spares, needed, gfp)) {
			radix_drop_spares(&spares);
			return -ENOMEM;
		}
	}
	ret = id <= max ? (int)id : -ENOSPC;
	if (ret >= 0)
		radix_store(&ida->tree, id, IDA_TAKEN, &spares);
	spin_unlock(&ida->lock);
	radix_drop_spares(&spares);
	return ret;
}

void ida_free(struct ida *ida, unsigned int id)
{
	void *old;

	spin_lock(&ida->lock);
	old = radix_store(&ida->tree, id, NULL, NULL);
	spin_unlock(&ida->lock);
	WARN(!old, "ida_free: %u was not allocated\n", id);
}

void ida_destroy(struct ida *ida)
{
	spin_lock(&ida->lock);
	radix_destroy(&ida->tree);
	spin_unlock(&ida->lock);
}

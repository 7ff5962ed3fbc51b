// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sparse arrays of pointers with a lock of their own, over lib/radix.c.
 * Nodes are allocated with xa_lock released; the change itself is made under it in one go.
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/xarray.h>

/**
 * xa_load() - look an entry up
 * @xa: the array
 * @index: where
 *
 * Context: any; no lock. The entry stays valid only as long as its owner says so.
 * Return: the entry or NULL.
 */
void *xa_load(struct xarray *xa, unsigned long index)
{
	void *entry;

	rcu_read_lock();
	entry = radix_lookup(&xa->xa_tree, index);
	rcu_read_unlock();
	return entry;
}

/*
 * With xa_lock held: make sure that an entry can be stored at @index without allocating. The
 * lock may have been released in between, so the need is counted again.
 */
static bool prepare(struct xarray *xa, unsigned long index, struct radix_spares *spares, gfp_t gfp)
{
	unsigned int needed;
	bool filled;

	while ((needed = radix_nodes_needed(&xa->xa_tree, index)) > spares->count) {
		xa_unlock(xa);
		filled = radix_fill_spares(spares, needed, gfp);
		xa_lock(xa);
		if (!filled)
			return false;
	}
	return true;
}

void *__xa_store(struct xarray *xa, unsigned long index, void *entry, gfp_t gfp)
{
	struct radix_spares spares = { NULL, 0 };
	void *old;

	if (!entry || prepare(xa, index, &spares, gfp))
		old = radix_store(&xa->xa_tree, index, entry, &spares);
	else
		old = ERR_PTR(-ENOMEM);
	radix_drop_spares(&spares);
	return old;
}

void *__xa_erase(struct xarray *xa, unsigned long index)
{
	return radix_store(&xa->xa_tree, index, NULL, NULL);
}

/**
 * __xa_cmpxchg() - store an entry if the present one is as expected
 * @xa: the array
 * @index: where
 * @old: the expected entry; NULL for none
 * @entry: the new one; NULL erases
 * @gfp: how to allocate
 *
 * Context: xa_lock is held, may be released and taken again, and is held on return.
 * Return: the entry that was there (equal to @old: @entry was stored), or ERR_PTR(-ENOMEM).
 */
void *__xa_cmpxchg(struct xarray *xa, unsigned long index, void *old, void *entry, gfp_t gfp)
{
	struct radix_spares spares = { NULL, 0 };
	void *found = ERR_PTR(-ENOMEM);

	if (!entry || prepare(xa, index, &spares, gfp)) {
		found = radix_lookup(&xa->xa_tree, index);
		if (found == old)
			radix_store(&xa->xa_tree, index, entry, &spares);
	}
	radix_drop_spares(&spares);
	return found;
}

int __xa_insert(struct xarray *xa, unsigned long index, void *entry, gfp_t gfp)
{
	void *old = __xa_cmpxchg(xa, index, NULL, entry, gfp);

	if (IS_ERR(old))
		return PTR_ERR(old);
	return old ? -EBUSY : 0;
}

void *xa_store(struct xarray *xa, unsigned long index, void *entry, gfp_t gfp)
{
	void *old;

	xa_lock(xa);
	old = __xa_store(xa, index, entry, gfp);
	xa_unlock(xa);
	return old;
}

void *xa_erase(struct xarray *xa, unsigned long index)
{
	void *old;

	xa_lock(xa);
	old = __xa_erase(xa, index);
	xa_unlock(xa);
	return old;
}

void *xa_cmpxchg(struct xarray *xa, unsigned long index, void *old, void *entry, gfp_t gfp)
{
	void *found;

	xa_lock(xa);
	found = __xa_cmpxchg(xa, index, old, entry, gfp);
	xa_unlock(xa);
	return found;
}

int xa_insert(struct xarray *xa, unsigned long index, void *entry, gfp_t gfp)
{
	int err;

	xa_lock(xa);
	err = __xa_insert(xa, index, entry, gfp);
	xa_unlock(xa);
	return err;
}

void *xa_find(struct xarray *xa, unsigned long *index, unsigned long max)
{
	void *entry;

	rcu_read_lock();
	entry = radix_find(&xa->xa_tree, index, max);
	rcu_read_unlock();
	return entry;
}

void *xa_find_after(struct xarray *xa, unsigned long *index, unsigned long max)
{
	unsigned long next = *index + 1;
	void *entry;

	if (!next)
		return NULL;
	entry = xa_find(xa, &next, max);
	if (entry)
		*index = next;
	return entry;
}

void xa_destroy(struct xarray *xa)
{
	xa_lock(xa);
	radix_destroy(&xa->xa_tree);
	xa_unlock(xa);
}

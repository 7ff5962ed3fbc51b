/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A file's page cache: pages by index, and the areas which map them. Embedded in struct inode.
 * Order: inode lock, mmap_lock, i_mmap_rwsem, page lock's holder, i_pages.xa_lock, page-table locks.
 */
#ifndef _LINUX_ADDRESS_SPACE_H
#define _LINUX_ADDRESS_SPACE_H

#include <linux/types.h>
#include <linux/atomic.h>
#include <linux/list.h>
#include <linux/rwsem.h>
#include <linux/xarray.h>

struct inode;
struct file;
struct page;
struct address_space;

/*
 * What getpage() shall do where there is no page:
 * GET_READ: *pagep = NULL, a hole.  GET_CACHE: allocate a zeroed page; -EINVAL beyond i_size.
 * GET_WRITE: allocate, also beyond i_size.
 */
enum getpage_mode { GET_READ, GET_CACHE, GET_WRITE };

struct address_space_operations {
	/*
	 * Find or make page @index: up to date, with a reference, not locked.
	 * Return: 0, -ENOSPC, -ENOMEM, -EINVAL (beyond the end), -EINTR (dying).
	 */
	int (*getpage)(struct address_space *mapping, pgoff_t index, enum getpage_mode mode,
		       struct page **pagep);
	/* Optional: may [pos, pos + len) be written? 0 or -EPERM. */
	int (*may_write)(struct address_space *mapping, loff_t pos, size_t len);
	/* @nr pages have left the cache (truncated): give back what was charged for them. */
	void (*freepage)(struct address_space *mapping, unsigned long nr);
};

/*
 * Locks: [I] set before the first use   [x] i_pages.xa_lock; lookups use RCU
 *        [m] i_mmap_rwsem   [a] atomic
 */
struct address_space {
	struct inode *host;				/* [I] */
	struct xarray i_pages;				/* [x] struct page by index */
	unsigned long nrpages;				/* [x] */
	atomic_t i_mmap_writable;			/* [a] shared writable areas; < 0: denied */
	struct rw_semaphore i_mmap_rwsem;
	struct list_head i_mmap;			/* [m] vm_area_struct.shared */
	const struct address_space_operations *a_ops;	/* [I] */
	void *private_data;				/* [I] the file system's */
};

/* Prepare an embedded or fresh mapping; @host may be NULL. */
void address_space_init_once(struct address_space *mapping);

static inline bool mapping_mapped(struct address_space *mapping)
{
	return !list_empty(&mapping->i_mmap);
}

/* memfd seals and such: no new shared writable mapping, or -EBUSY when one exists. */
static inline int mapping_deny_writable(struct address_space *mapping)
{
	int v = atomic_read(&mapping->i_mmap_writable);

	do {
		if (v > 0)
			return -16;	/* EBUSY */
	} while (!atomic_try_cmpxchg(&mapping->i_mmap_writable, &v, v - 1));
	return 0;
}

static inline void mapping_allow_writable(struct address_space *mapping)
{
	atomic_inc(&mapping->i_mmap_writable);
}

static inline bool mapping_writably_mapped(struct address_space *mapping)
{
	return atomic_read(&mapping->i_mmap_writable) > 0;
}

#endif

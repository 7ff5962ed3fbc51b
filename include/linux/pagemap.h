/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The page cache (mm/filemap.c): a file's pages by index, found without a lock under RCU. A page in
 * the cache holds one reference of the cache's; finding it adds the caller's.
 */
#ifndef _LINUX_PAGEMAP_H
#define _LINUX_PAGEMAP_H

#include <linux/address_space.h>
#include <linux/fs.h>
#include <linux/mm.h>

/* The page at @index with a reference, or NULL. Any context that may use RCU. */
struct page *find_get_page(struct address_space *mapping, pgoff_t index);
/* The same, locked and still in the cache. Sleeps. */
struct page *find_lock_page(struct address_space *mapping, pgoff_t index);
/* Up to @nr pages from *@index up to @end; *@index becomes the place to go on. */
unsigned int find_get_pages_range(struct address_space *mapping, pgoff_t *index, pgoff_t end,
				  unsigned int nr, struct page **pages);
/* 0, -EEXIST, -ENOMEM. The cache takes its own reference. */
int add_to_page_cache(struct page *page, struct address_space *mapping, pgoff_t index, gfp_t gfp);
/* The page must be locked; the cache's reference becomes the caller's. */
void delete_from_page_cache(struct page *page);

/* The file's page at @index, up to date, with a reference (holes are filled), or ERR_PTR. */
struct page *read_mapping_page(struct address_space *mapping, pgoff_t index, void *unused);

void __lock_page(struct page *page);
void __unlock_page_wake(struct page *page);
int __lock_page_killable(struct page *page);

static inline bool trylock_page(struct page *page)
{
	return !(__atomic_fetch_or(&page->flags, 1UL << PG_locked, __ATOMIC_ACQUIRE) &
		 (1UL << PG_locked));
}

static inline void lock_page(struct page *page)
{
	if (!trylock_page(page))
		__lock_page(page);
}

static inline void unlock_page(struct page *page)
{
	unsigned long old = __atomic_fetch_and(&page->flags, ~(1UL << PG_locked),
					       __ATOMIC_RELEASE);

	if (unlikely(old & (1UL << PG_waiters)))
		__unlock_page_wake(page);
}

/* Remove [lstart, lend] (bytes, whole pages; partial ones are zeroed by the file system). Sleeps. */
void truncate_inode_pages_range(struct address_space *mapping, loff_t lstart, loff_t lend);
void truncate_inode_pages(struct address_space *mapping, loff_t lstart);
void truncate_inode_pages_final(struct address_space *mapping);
/* i_size has been changed from @oldsize: unmap and drop what lies behind @newsize. */
void truncate_pagecache(struct inode *inode, loff_t newsize);
void truncate_pagecache_range(struct inode *inode, loff_t offset, loff_t end);

static inline pgoff_t linear_page_index(struct vm_area_struct *vma, unsigned long address)
{
	return ((address - vma->vm_start) >> PAGE_SHIFT) + vma->vm_pgoff;
}

#endif

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Taking pages out of a file's cache when it becomes shorter or goes. The page lock decides
 * between truncation and a fault that is about to map the page; callers hold the inode lock.
 */
#include <linux/fs.h>
#include <linux/pagemap.h>
#include "internal.h"

#define BATCH	32

static void drop_page(struct address_space *mapping, struct page *page, unsigned long *dropped)
{
	lock_page(page);
	if (page->mapping == mapping) {
		delete_from_page_cache(page);
		put_page(page);		/* the cache's reference */
		(*dropped)++;
	}
	unlock_page(page);
	put_page(page);
}

/* Whole pages [first, last]. */
static void drop_pages(struct address_space *mapping, pgoff_t first, pgoff_t last)
{
	unsigned long dropped = 0;
	struct page *pages[BATCH];
	pgoff_t index = first;
	unsigned int i, nr;

	while (index <= last) {
		nr = find_get_pages_range(mapping, &index, last, BATCH, pages);
		for (i = 0; i < nr; i++)
			drop_page(mapping, pages[i], &dropped);
		if (!nr || index <= first)	/* nothing more, or wrapped at the very end */
			break;
		cond_resched();
	}
	if (dropped && mapping->a_ops && mapping->a_ops->freepage)
		mapping->a_ops->freepage(mapping, dropped);
}

/**
 * truncate_inode_pages_range() - drop the whole pages within [lstart, lend]
 * @mapping: of the file   @lstart: first byte   @lend: last byte, -1 for the end
 *
 * Context: sleeps. Entries that map the pages are the caller's to remove.
 */
void truncate_inode_pages_range(struct address_space *mapping, loff_t lstart, loff_t lend)
{
	pgoff_t first = ((u64)lstart + PAGE_SIZE - 1) >> PAGE_SHIFT;
	pgoff_t last = lend == -1 ? ULONG_MAX : (((u64)lend + 1) >> PAGE_SHIFT) - 1;

	if (mapping->nrpages && first <= last && last + 1 != 0)
		drop_pages(mapping, first, last);
	else if (mapping->nrpages && lend == -1)
		drop_pages(mapping, first, ULONG_MAX);
}

void truncate_inode_pages(struct address_space *mapping, loff_t lstart)
{
	truncate_inode_pages_range(mapping, lstart, -1);
}

void truncate_inode_pages_final(struct address_space *mapping)
{
	truncate_inode_pages_range(mapping, 0, -1);
	ASSERT(!mapping->nrpages);
}

/*
 * A fault that found its page before it left the cache may map it behind our back; once the page
 * is out no fault can, so the second pass leaves none.
 */
void truncate_pagecache(struct inode *inode, loff_t newsize)
{
	struct address_space *mapping = inode->i_mapping;

	unmap_mapping_range(mapping, newsize, 0, 1);
	truncate_inode_pages(mapping, newsize);
	unmap_mapping_range(mapping, newsize, 0, 1);
}

/* Punch [offset, end] (bytes); partial pages are the file system's to zero. */
void truncate_pagecache_range(struct inode *inode, loff_t offset, loff_t end)
{
	struct address_space *mapping = inode->i_mapping;
	loff_t first = round_up(offset, (loff_t)PAGE_SIZE);
	loff_t behind = round_down(end + 1, (loff_t)PAGE_SIZE);

	if (behind <= first)
		return;
	unmap_mapping_range(mapping, first, behind - first, 0);
	truncate_inode_pages_range(mapping, first, behind - 1);
	unmap_mapping_range(mapping, first, behind - first, 0);
}

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Private to the files that write page tables.
 */
#ifndef _MM_PGTABLE_H
#define _MM_PGTABLE_H

#include "internal.h"

/* Tables lie in the direct map: one subtraction less than virt_to_page(). */
static inline struct page *table_of(const void *entry)
{
	return pfn_to_page(((unsigned long)entry - PAGE_OFFSET) >> PAGE_SHIFT);
}

/* @path->leaf is locked: its own count needs no atomic, the ones above are shared. */
static inline void pt_account(struct pt_path *path, int kind, long n)
{
	path->leaf->pt_rss[kind].counter += n;
	atomic_add(n, &table_of(path->pmd)->pt_rss[kind]);
	atomic_add(n, &table_of(path->pud)->pt_rss[kind]);
	atomic_long_add(n, &path->mm->rss_stat[kind]);
}

static inline void pt_account_all(struct pt_path *path, const long rss[NR_MM_COUNTERS])
{
	int kind;

	for (kind = 0; kind < NR_MM_COUNTERS; kind++)
		if (rss[kind])
			pt_account(path, kind, rss[kind]);
}

/* The end of what @addr's last-level table covers, or @end if that is nearer. */
#define leaf_end(addr, end)	pmd_addr_end(addr, end)

/*
 * The first place at or above *@addr that has a last-level table, below @end; false: none.
 * Missing upper tables are skipped whole.
 */
bool pt_next_leaf(struct mm_struct *mm, unsigned long *addr, unsigned long end,
		  struct pt_path *path);

#endif

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Private to the files that write page tables.
 */
#ifndef _MM_PGTABLE_H
#define _MM_PGTABLE_H

#include "internal.h"

/* What a table's entries point at: pages, or tables of the level below. */
enum pt_level { PT_LEAF, PT_MID, PT_TOP, PT_ROOT };

#define ENTRIES_PER_GROUP	8	/* one bit of pt_used: a cache line of entries */

/* @group runs over those groups of a table, whose pt_used is @used, that something was ever put in. */
#define for_each_used_group(group, used) \
	for (; (used) && ((group) = __builtin_ctzl(used), true); (used) &= (used) - 1)

/* Tables lie in the direct map: one subtraction less than virt_to_page(). */
static inline struct page *table_of(const void *entry)
{
	return pfn_to_page(((unsigned long)entry - PAGE_OFFSET) >> PAGE_SHIFT);
}

/* What one entry of a table of @level covers. */
static inline unsigned long pt_span(unsigned int level)
{
	return PAGE_SIZE << (9 * level);
}

/* The end of what the entry of @addr covers, or @end if that is nearer. */
static inline unsigned long pt_span_end(unsigned int level, unsigned long addr, unsigned long end)
{
	unsigned long next = (addr | (pt_span(level) - 1)) + 1;

	return next - 1 < end - 1 ? next : end;
}

/* Does all that the entry of @addr covers lie in [floor, ceiling)? Ceiling 0: no end. */
static inline bool pt_span_within(unsigned int level, unsigned long addr, unsigned long floor,
				  unsigned long ceiling)
{
	unsigned long mask = pt_span(level) - 1;

	return (addr & ~mask) >= floor && (addr | mask) <= ceiling - 1;
}

static inline u64 *pt_slot(struct page *table, unsigned int level, unsigned long addr)
{
	return (u64 *)page_address(table) + ((addr >> (PAGE_SHIFT + 9 * level)) % PTRS_PER_PTE);
}

static inline u64 *group_slots(struct page *table, unsigned int group)
{
	return (u64 *)page_address(table) + group * ENTRIES_PER_GROUP;
}

/* The table that an upper entry points at. */
static inline struct page *entry_table(u64 entry)
{
	return pfn_to_page((entry & PHYSICAL_PAGE_MASK) >> PAGE_SHIFT);
}

static inline u64 table_entry(struct page *table)
{
	return page_to_phys(table) | _PAGE_TABLE;
}

/* Is @new the old entry with nothing changed but that it allows no writing? */
static inline bool only_forbids(u64 old, u64 new)
{
	return !((old ^ new) & ~(u64)(_PAGE_RW | _PAGE_ACCESSED | _PAGE_DIRTY)) &&
	       !(new & _PAGE_RW);
}

/*
 * The one place that writes an entry of user space. In a table that several entries point at,
 * permission may be taken away and nothing else.
 */
static inline void pt_write(u64 *slot, u64 entry)
{
	ASSERT(atomic_read(&table_of(slot)->pt_refs) == 1 || only_forbids(*slot, entry));
	__atomic_store_n(slot, entry, __ATOMIC_RELEASE);
}

static inline void pt_write_pte(pte_t *ptep, pte_t pte)
{
	pt_write(&ptep->pte, pte_val(pte));
}

/* The group of @slot has something in it; @table is locked. */
static inline void pt_mark_used(struct page *table, const void *slot)
{
	table->pt_used |= 1UL << (offset_in_page(slot) / (ENTRIES_PER_GROUP * sizeof(u64)));
}

/*
 * A stretch of [addr, end) within one group of @leaf that has been used, from *@addr on; false: there
 * is none. Groups that nothing was ever put in are passed over whole.
 */
static inline bool pt_next_group(const struct page *leaf, unsigned long *addr, unsigned long end,
				 unsigned long *stop)
{
	const unsigned long span = ENTRIES_PER_GROUP * PAGE_SIZE;
	unsigned long used = leaf->pt_used >> (*addr / span % BITS_PER_LONG);

	if (*addr == end || !used)
		return false;
	if (!(used & 1))
		*addr = (*addr & ~(span - 1)) + __builtin_ctzl(used) * span;
	if (*addr - 1 >= end - 1)
		return false;
	*stop = (*addr | (span - 1)) + 1;
	if (*stop - 1 > end - 1)
		*stop = end;
	return true;
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

/* A leaf with these pages has come (or, negative, gone). */
static inline void pt_count_mapped(const long rss[NR_MM_COUNTERS])
{
	if (rss[MM_ANONPAGES])
		vm_stat_add(NR_ANON_MAPPED, rss[MM_ANONPAGES]);
	if (rss[MM_FILEPAGES] + rss[MM_SHMEMPAGES])
		vm_stat_add(NR_FILE_MAPPED, rss[MM_FILEPAGES] + rss[MM_SHMEMPAGES]);
}

/* The end of what @addr's last-level table covers, or @end if that is nearer. */
#define leaf_end(addr, end)	pt_span_end(PT_MID, addr, end)

/*
 * The first place at or above *@addr that has a last-level table, below @end; false: none.
 * Missing upper tables are skipped whole. The tables may be shared; mmap_lock keeps them.
 */
bool pt_next_leaf(struct mm_struct *mm, unsigned long *addr, unsigned long end,
		  struct pt_path *path);

/* mm/pgtable.c */
struct page *pt_alloc_table(unsigned int level, gfp_t gfp);
bool pt_path_private(const struct pt_path *path);
int pt_make_table(u64 *slot, unsigned int level, gfp_t gfp);

/* mm/pgtable_fold.c */
bool pt_is_empty_root(const pgd_t *pgd);
void pt_drop_folded(struct mm_struct *mm);

void pt_put_pages(struct page **pages, unsigned int nr);

/* mm/pgtable_share.c: @slot and its table are locked, and the table is @slot's alone. */
void pt_reopen(u64 *slot, struct page *table);
unsigned int pt_lock_way(struct mm_struct *mm, unsigned long addr, struct page *way[PT_ROOT + 1]);
void pt_unlock_way(struct page *way[PT_ROOT + 1], unsigned int level);

#endif

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Recounting an address space: every table's counts of what hangs below it, its references, the
 * permissions along the way, and the totals of the mm, against a walk. For tests; the caller holds
 * mmap_lock for writing.
 */
#include "pgtable.h"

struct recount {
	long rss[NR_MM_COUNTERS];
	int bad;
};

static void add_counts(struct recount *to, const struct recount *from)
{
	int kind;

	for (kind = 0; kind < NR_MM_COUNTERS; kind++)
		to->rss[kind] += from->rss[kind];
	to->bad += from->bad;
}

static void recount_table(struct page *table, unsigned int level, bool writable,
			  struct recount *above);

/*
 * A page of a private area may be written directly only where nobody else refers to it, but for
 * references that were given away (pinned).
 */
static int check_page(struct page *leaf, u64 entry, bool writable)
{
	struct page *page = entry_table(entry);

	if (page_count(page) < 1)
		return 1;
	if (!PageAnon(page) || !(entry & _PAGE_RW) || !writable || leaf->pt_pinned)
		return 0;
	return page_count(page) != 1;
}

/* One entry of @table; @writable: all entries on the way allow writing. */
static void recount_entry(struct page *table, unsigned int level, u64 entry, bool writable,
			  struct recount *here)
{
	if (level == PT_LEAF) {
		if (entry & _PAGE_SPECIAL)
			return;
		here->rss[page_rss_kind(entry_table(entry))]++;
		here->bad += check_page(table, entry, writable);
		return;
	}
	/* What several entries point at must not be writable through any of them. */
	if (entry & _PAGE_RW)
		here->bad += atomic_read(&entry_table(entry)->pt_refs) != 1;
	recount_table(entry_table(entry), level - 1, writable && (entry & _PAGE_RW), here);
}

static void recount_table(struct page *table, unsigned int level, bool writable,
			  struct recount *above)
{
	struct recount here = { 0 };
	u64 *slot = page_address(table);
	unsigned int i, nr = level == PT_ROOT ? USER_PTRS_PER_PGD : PTRS_PER_PTE;
	int kind;

	for (i = 0; i < nr; i++) {
		if (!slot[i])
			continue;
		here.bad += !(table->pt_used & 1UL << (i / ENTRIES_PER_GROUP));
		recount_entry(table, level, slot[i], writable, &here);
	}
	here.bad += !PageTable(table) || table->pt_level != level;
	here.bad += atomic_read(&table->pt_refs) < 1;
	for (kind = 0; kind < NR_MM_COUNTERS && level != PT_ROOT; kind++)
		here.bad += atomic_read(&table->pt_rss[kind]) != here.rss[kind];
	add_counts(above, &here);
}

/* The number of things that are not as they should be. */
int pt_verify(struct mm_struct *mm)
{
	struct recount all = { 0 };
	int kind;

	recount_table(table_of(mm->pgd), PT_ROOT, true, &all);
	for (kind = 0; kind < NR_MM_COUNTERS; kind++)
		all.bad += atomic_long_read(&mm->rss_stat[kind]) != all.rss[kind];
	return all.bad;
}

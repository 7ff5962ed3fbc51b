// SPDX-License-Identifier: GPL-2.0-only
/*
 * Recounting an address space: every table's counts of what hangs below it, its references, and the
 * totals of the mm, against a walk. For tests; the caller holds mmap_lock for writing.
 */
#include "pgtable.h"

struct recount {
	long rss[NR_MM_COUNTERS];
	long tables;
	int bad;
};

static void add_counts(struct recount *to, const struct recount *from)
{
	int kind;

	for (kind = 0; kind < NR_MM_COUNTERS; kind++)
		to->rss[kind] += from->rss[kind];
	to->tables += from->tables;
	to->bad += from->bad;
}

/* Compare what was counted below @table with what it says itself. */
static void check_table(struct page *table, struct recount *here, struct recount *above)
{
	int kind;

	here->bad += !PageTable(table);
	here->bad += atomic_read(&table->pt_refs) != 1;
	for (kind = 0; kind < NR_MM_COUNTERS; kind++)
		here->bad += atomic_read(&table->pt_rss[kind]) != here->rss[kind];
	here->tables++;
	add_counts(above, here);
}

static void recount_leaf(pmd_t pmd, struct recount *above)
{
	struct recount here = { 0 };
	pte_t *pte = pmd_table(pmd);
	unsigned int i;

	for (i = 0; i < PTRS_PER_PTE; i++) {
		if (pte_none(pte[i]) || pte_special(pte[i]))
			continue;
		here.rss[page_rss_kind(pte_page(pte[i]))]++;
		/* A private page may be writable only where nobody else refers to it. */
		if (PageAnon(pte_page(pte[i])) && pte_write(pte[i]))
			here.bad += page_count(pte_page(pte[i])) != 1;
		here.bad += page_count(pte_page(pte[i])) < 1;
	}
	check_table(pmd_page(pmd), &here, above);
}

static void recount_mid(pud_t pud, struct recount *above)
{
	struct recount here = { 0 };
	pmd_t *pmd = pud_table(pud);
	unsigned int i;

	for (i = 0; i < PTRS_PER_PMD; i++)
		if (!pmd_none(pmd[i]))
			recount_leaf(pmd[i], &here);
	check_table(pud_page(pud), &here, above);
}

static void recount_top(pgd_t pgd, struct recount *above)
{
	struct recount here = { 0 };
	pud_t *pud = pgd_table(pgd);
	unsigned int i;

	for (i = 0; i < PTRS_PER_PUD; i++)
		if (!pud_none(pud[i]))
			recount_mid(pud[i], &here);
	check_table(pgd_page(pgd), &here, above);
}

/* The number of things that are not as they should be. */
int pt_verify(struct mm_struct *mm)
{
	struct recount all = { 0 };
	unsigned int i;
	int kind;

	for (i = 0; i < USER_PTRS_PER_PGD; i++)
		if (!pgd_none(mm->pgd[i]))
			recount_top(mm->pgd[i], &all);
	for (kind = 0; kind < NR_MM_COUNTERS; kind++)
		all.bad += atomic_long_read(&mm->rss_stat[kind]) != all.rss[kind];
	all.bad += atomic_long_read(&mm->pgtables_bytes) != all.tables * (long)PAGE_SIZE;
	return all.bad;
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Page-table pages and single entries. This file and pgtable_*.c are the only ones that write page
 * tables of user space. A table's ptl guards its entries; each counts what hangs below it.
 */
#include <linux/fault-inject.h>
#include <linux/smp.h>
#include "pgtable.h"

#define TABLE_CACHE	16

/*
 * Tables that were freed, hence are empty: all zero, or a top level with its kernel half.
 * Locks: [c] this CPU, interrupts off
 */
struct table_cache {
	unsigned int tables, pgds;			/* [c] */
	struct page *table[TABLE_CACHE];		/* [c] */
	struct page *pgd[TABLE_CACHE / 2];		/* [c] */
};
static DEFINE_PER_CPU(struct table_cache, table_cache);

static struct page *cached_table(void)
{
	struct page *page = NULL;
	struct table_cache *cache;
	unsigned long flags;

	local_irq_save(flags);
	cache = this_cpu_ptr(&table_cache);
	if (likely(cache->tables))
		page = cache->table[--cache->tables];
	local_irq_restore(flags);
	return page;
}

static struct page *cached_pgd(void)
{
	struct page *page = NULL;
	struct table_cache *cache;
	unsigned long flags;

	local_irq_save(flags);
	cache = this_cpu_ptr(&table_cache);
	if (likely(cache->pgds))
		page = cache->pgd[--cache->pgds];
	local_irq_restore(flags);
	return page;
}

static void table_init(struct page *page, unsigned int level)
{
	int kind;

	page->flags = 1UL << PG_table;
	atomic_set(&page->pt_refs, 1);
	for (kind = 0; kind < NR_MM_COUNTERS; kind++)
		atomic_set(&page->pt_rss[kind], 0);
	spin_lock_init(&page->ptl, LOCK_RANK_PAGE_TABLE);
	page->pt_level = level;
	page->pt_pinned = 0;
	page->pt_used = 0;
	page->pt_round = 0;
}

static void table_to_allocator(struct page *page)
{
	page->flags = 0;
	page->mapping = NULL;
	__free_page(page);
}

/* An empty table nobody points at yet; its one reference is the entry's that will. */
struct page *pt_alloc_table(unsigned int level, gfp_t gfp)
{
	struct page *page;

	if (!(gfp & __GFP_NOFAIL) && should_fail("table", "page table"))
		return NULL;
	page = cached_table();
	if (unlikely(!page)) {
		page = alloc_page(gfp | __GFP_ZERO);
		if (!page)
			return NULL;
	}
	table_init(page, level);
	vm_stat_inc(NR_PAGETABLE);
	return page;
}

static bool __maybe_unused table_is_empty(struct page *page)
{
	u64 *entry = page_address(page);
	unsigned int i;

	for (i = 0; i < PTRS_PER_PTE; i++)
		if (entry[i])
			return false;
	return true;
}

void pt_free_table(struct page *page)
{
	struct table_cache *cache;
	unsigned long flags;

	ASSERT(PageTable(page) && table_is_empty(page));
	vm_stat_dec(NR_PAGETABLE);
	local_irq_save(flags);
	cache = this_cpu_ptr(&table_cache);
	if (likely(cache->tables < TABLE_CACHE)) {
		cache->table[cache->tables++] = page;
		page = NULL;
	}
	local_irq_restore(flags);
	if (page)
		table_to_allocator(page);
}

pgd_t *pgd_alloc(gfp_t gfp)
{
	struct page *page;
	pgd_t *pgd;

	if (!(gfp & __GFP_NOFAIL) && should_fail("table", "top level"))
		return NULL;
	page = cached_pgd();
	if (likely(page)) {
		page->pt_used = 0;
		return page_address(page);
	}
	page = alloc_page(gfp | __GFP_ZERO);
	if (!page)
		return NULL;
	table_init(page, PT_ROOT);
	pgd = page_address(page);
	memcpy(pgd + KERNEL_PGD_BOUNDARY, swapper_pg_dir + KERNEL_PGD_BOUNDARY,
	       (PTRS_PER_PGD - KERNEL_PGD_BOUNDARY) * sizeof(pgd_t));
	return pgd;
}

void pgd_free(pgd_t *pgd)
{
	struct page *page = table_of(pgd);
	struct table_cache *cache;
	unsigned long flags;

	if (unlikely(pt_is_empty_root(pgd)))
		return;
	local_irq_save(flags);
	cache = this_cpu_ptr(&table_cache);
	if (likely(cache->pgds < TABLE_CACHE / 2)) {
		cache->pgd[cache->pgds++] = page;
		page = NULL;
	}
	local_irq_restore(flags);
	if (page)
		table_to_allocator(page);
}

static void shrink_this_cpu(void *unused)
{
	struct page *page;

	while ((page = cached_table()))
		table_to_allocator(page);
	while ((page = cached_pgd()))
		table_to_allocator(page);
}

/* Every CPU's spare tables back to the allocator. Interrupts on, no spinlock held. */
void pt_caches_shrink(void)
{
	on_each_cpu(shrink_this_cpu, NULL, 1);
}

/* ---- finding and making the way to an entry ---- */

/*
 * The way to @addr's entry when all of it exists and belongs to @mm alone: every entry on the way
 * is writable. Such a way stays so while mmap_lock is held.
 */
bool pt_lookup(struct mm_struct *mm, unsigned long addr, struct pt_path *path)
{
	pgd_t pgd = pgdp_get(pgd_offset(mm, addr));
	pud_t pud;
	pmd_t pmd;

	if (unlikely(!pgd_write(pgd)))
		return false;
	path->pud = pgd_table(pgd) + pud_index(addr);
	pud = pudp_get(path->pud);
	if (unlikely(!pud_write(pud)))
		return false;
	path->pmd = pud_table(pud) + pmd_index(addr);
	pmd = pmdp_get(path->pmd);
	if (unlikely(!pmd_write(pmd)))
		return false;
	path->pte = pmd_table(pmd) + pte_index(addr);
	path->leaf = pmd_page(pmd);
	path->mm = mm;
	path->addr = addr;
	return true;
}

/* Does @path still lead where it says, through tables that are its mm's alone? */
bool pt_path_private(const struct pt_path *path)
{
	struct pt_path now;

	return pt_lookup(path->mm, path->addr, &now) && now.pte == path->pte &&
	       atomic_read(&now.leaf->pt_refs) == 1 &&
	       atomic_read(&table_of(now.pmd)->pt_refs) == 1 &&
	       atomic_read(&table_of(now.pud)->pt_refs) == 1;
}

bool pt_next_leaf(struct mm_struct *mm, unsigned long *addr, unsigned long end,
		  struct pt_path *path)
{
	unsigned long at = *addr;
	pgd_t pgd;
	pud_t pud;
	pmd_t pmd;

	ASSERT(!mm->folded);
	while (at < end) {
		pgd = pgdp_get(pgd_offset(mm, at));
		if (pgd_none(pgd)) {
			at = pgd_addr_end(at, end);
			continue;
		}
		path->pud = pgd_table(pgd) + pud_index(at);
		pud = pudp_get(path->pud);
		if (pud_none(pud)) {
			at = pud_addr_end(at, end);
			continue;
		}
		path->pmd = pud_table(pud) + pmd_index(at);
		pmd = pmdp_get(path->pmd);
		if (pmd_none(pmd)) {
			at = pmd_addr_end(at, end);
			continue;
		}
		path->pte = pmd_table(pmd) + pte_index(at);
		path->leaf = pmd_page(pmd);
		path->mm = mm;
		path->addr = at;
		*addr = at;
		return true;
	}
	*addr = end;
	return false;
}

/*
 * Put a new table of @level at an upper entry, unless another task has done so meanwhile. The upper
 * table's lock makes it one or the other. 0 or -ENOMEM.
 */
int pt_make_table(u64 *slot, unsigned int level, gfp_t gfp)
{
	struct page *upper = table_of(slot), *table = pt_alloc_table(level, gfp);

	if (!table)
		return -ENOMEM;
	spin_lock(&upper->ptl);
	if (likely(!READ_ONCE(*slot))) {
		pt_write(slot, table_entry(table));
		pt_mark_used(upper, slot);
		table = NULL;
	}
	spin_unlock(&upper->ptl);
	if (table)
		pt_free_table(table);
	return 0;
}

/* ---- single entries, the leaf is locked ---- */

void pt_install(struct pt_path *path, pte_t pte, struct page *page)
{
	ASSERT(spin_is_locked(&path->leaf->ptl) && pte_none(*path->pte));
	ASSERT(pt_path_private(path));
	pt_write_pte(path->pte, pte);
	pt_mark_used(path->leaf, path->pte);
	if (likely(page))
		pt_account(path, page_rss_kind(page), 1);
}

void pt_replace(struct pt_path *path, pte_t new, struct page *old_page, struct page *new_page)
{
	int old_kind = old_page ? page_rss_kind(old_page) : -1;
	int new_kind = page_rss_kind(new_page);

	ASSERT(spin_is_locked(&path->leaf->ptl) && !pte_none(*path->pte));
	ASSERT(pt_path_private(path));
	/* Nobody may write to the new page while another CPU still reads the old one. */
	pt_write_pte(path->pte, __pte(0));
	flush_tlb_page(path->mm, path->addr);
	pt_write_pte(path->pte, new);
	if (old_kind == new_kind)
		return;
	pt_account(path, new_kind, 1);
	if (old_page)
		pt_account(path, old_kind, -1);
}

void pt_change(struct pt_path *path, pte_t new)
{
	ASSERT(spin_is_locked(&path->leaf->ptl) && pte_pfn(*path->pte) == pte_pfn(new));
	ASSERT(pt_path_private(path));
	pt_write_pte(path->pte, new);
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Page tables over ranges: unmapping, protecting, copying for fork, moving, freeing, visiting.
 * The caller holds mmap_lock (or i_mmap_rwsem for zapping); each table's ptl is taken inside.
 */
#include "pgtable.h"

/* ---- unmapping ---- */

/*
 * Clear entries of one leaf from @addr to @end. Returns where it stopped: before @end when the
 * gather is full.
 */
static unsigned long zap_leaf(struct mmu_gather *tlb, struct pt_path *path, unsigned long addr,
			      unsigned long end, enum zap_flags flags)
{
	long rss[NR_MM_COUNTERS] = { 0 };
	unsigned long start = addr;
	pte_t *ptep = path->pte;
	bool room = true, cleared = false;

	spin_lock(&path->leaf->ptl);
	for (; addr != end && room; addr += PAGE_SIZE, ptep++) {
		pte_t pte = *ptep;
		struct page *page;

		if (pte_none(pte))
			continue;
		if (unlikely(pte_special(pte))) {
			if (flags & ZAP_CACHE_ONLY)
				continue;
			set_pte(ptep, __pte(0));
			cleared = true;
			continue;
		}
		page = pte_page(pte);
		if ((flags & ZAP_CACHE_ONLY) && PageAnon(page))
			continue;
		set_pte(ptep, __pte(0));
		cleared = true;
		rss[page_rss_kind(page)]--;
		room = tlb_remove_page(tlb, page);
	}
	if (rss[MM_ANONPAGES])
		vm_stat_add(NR_ANON_MAPPED, rss[MM_ANONPAGES]);
	if (rss[MM_FILEPAGES] + rss[MM_SHMEMPAGES])
		vm_stat_add(NR_FILE_MAPPED, rss[MM_FILEPAGES] + rss[MM_SHMEMPAGES]);
	pt_account_all(path, rss);
	spin_unlock(&path->leaf->ptl);
	if (cleared)
		tlb_cover(tlb, start, addr);
	return addr;
}

/*
 * Unmap what lies in [start, end) of one area; the pages wait in @tlb. Sleeps between tables.
 * ZAP_CACHE_ONLY: private copies of file pages stay.
 */
void pt_zap_range(struct mmu_gather *tlb, struct vm_area_struct *vma, unsigned long start,
		  unsigned long end, enum zap_flags flags)
{
	unsigned long addr = start;
	struct pt_path path;

	while (pt_next_leaf(tlb->mm, &addr, end, &path)) {
		unsigned long stop = leaf_end(addr, end);

		addr = zap_leaf(tlb, &path, addr, stop, flags);
		if (addr != stop || tlb->active->nr == tlb->active->max)
			tlb_flush_mmu(tlb);
		cond_resched();
	}
}

/* ---- freeing empty tables ---- */

/* Unhook the table below @entry; everything under it is empty. */
static void unhook_table(struct mmu_gather *tlb, void *entry, struct page *table)
{
	struct page *upper = table_of(entry);

	spin_lock(&upper->ptl);
	set_pmd(entry, __pmd(0));
	spin_unlock(&upper->ptl);
	atomic_long_sub(PAGE_SIZE, &tlb->mm->pgtables_bytes);
	tlb->need_flush = true;
	tlb_remove_table(tlb, table);
}

static void free_leaves(struct mmu_gather *tlb, pud_t *pud, unsigned long addr, unsigned long end)
{
	pmd_t *pmd = pmd_offset(pud, addr);

	for (; addr != end; addr = pmd_addr_end(addr, end), pmd++)
		if (!pmd_none(*pmd))
			unhook_table(tlb, pmd, pmd_page(*pmd));
}

static void free_mids(struct mmu_gather *tlb, pgd_t *pgd, unsigned long addr, unsigned long end,
		      unsigned long floor, unsigned long ceiling)
{
	pud_t *pud = pud_offset(pgd, addr);
	unsigned long next;

	for (; addr != end; addr = next, pud++) {
		next = pud_addr_end(addr, end);
		if (pud_none(*pud))
			continue;
		free_leaves(tlb, pud, addr, next);
		if ((addr & PUD_MASK) >= floor && ((next - 1) | ~PUD_MASK) <= ceiling - 1)
			unhook_table(tlb, pud, pud_page(*pud));
	}
}

/*
 * Free the tables that lie wholly in [floor, ceiling), a hole between areas round the unmapped
 * [start, end). mmap_lock held for writing, files' areas unlinked.
 */
void pt_free_tables(struct mmu_gather *tlb, unsigned long start, unsigned long end,
		    unsigned long floor, unsigned long ceiling)
{
	unsigned long addr = start & PMD_MASK, next;
	unsigned long last = (end + PMD_SIZE - 1) & PMD_MASK;
	pgd_t *pgd;

	/* Leaf tables at either end may still serve a neighbour. */
	if (addr < floor)
		addr += PMD_SIZE;
	if (last - 1 > ceiling - 1)
		last -= PMD_SIZE;
	if (addr >= last)
		return;
	pgd = pgd_offset(tlb->mm, addr);
	for (; addr != last; addr = next, pgd++) {
		next = pgd_addr_end(addr, last);
		if (pgd_none(*pgd))
			continue;
		free_mids(tlb, pgd, addr, next, floor, ceiling);
		if ((addr & PGDIR_MASK) >= floor && ((next - 1) | ~PGDIR_MASK) <= ceiling - 1)
			unhook_table(tlb, pgd, pgd_page(*pgd));
	}
}

/* ---- changing protections ---- */

/* An entry of a private page may be writable when this entry is the page's only reference. */
static inline bool may_make_writable(struct vm_area_struct *vma, pte_t pte)
{
	struct page *page;

	if (!(vma->vm_flags & VM_WRITE) || (vma->vm_flags & VM_SHARED) || pte_special(pte))
		return false;
	page = pte_page(pte);
	return PageAnon(page) && page_count(page) == 1;
}

static bool protect_leaf(struct vm_area_struct *vma, struct pt_path *path, unsigned long addr,
			 unsigned long end, pgprot_t prot)
{
	pte_t *ptep = path->pte;
	bool changed = false;

	spin_lock(&path->leaf->ptl);
	for (; addr != end; addr += PAGE_SIZE, ptep++) {
		pte_t old = *ptep, new;

		if (pte_none(old))
			continue;
		new = pte_modify(old, prot);
		if (may_make_writable(vma, old))
			new = pte_mkwrite(new);
		if (pte_same(old, new))
			continue;
		set_pte(ptep, new);
		changed = true;
	}
	spin_unlock(&path->leaf->ptl);
	return changed;
}

/* Give the entries of [start, end) @prot; true: the caller must flush. */
bool pt_protect_range(struct vm_area_struct *vma, unsigned long start, unsigned long end,
		      pgprot_t prot)
{
	unsigned long addr = start;
	struct pt_path path;
	bool changed = false;

	while (pt_next_leaf(vma->vm_mm, &addr, end, &path)) {
		unsigned long stop = leaf_end(addr, end);

		changed |= protect_leaf(vma, &path, addr, stop, prot);
		addr = stop;
		cond_resched();
	}
	return changed;
}

/* ---- fork ---- */

static bool copy_leaf(struct pt_path *to, struct pt_path *from, unsigned long addr,
		      unsigned long end, bool cow)
{
	long rss[NR_MM_COUNTERS] = { 0 };
	pte_t *src = from->pte, *dst = to->pte;
	bool changed = false;

	spin_lock(&to->leaf->ptl);
	spin_lock_nested(&from->leaf->ptl, 1);
	for (; addr != end; addr += PAGE_SIZE, src++, dst++) {
		pte_t pte = *src;
		struct page *page;

		if (pte_none(pte))
			continue;
		if (cow && pte_write(pte)) {
			pte = pte_wrprotect(pte);
			set_pte(src, pte);
			changed = true;
		}
		set_pte(dst, pte);
		if (unlikely(pte_special(pte)))
			continue;
		page = pte_page(pte);
		get_page(page);
		rss[page_rss_kind(page)]++;
	}
	spin_unlock(&from->leaf->ptl);
	vm_stat_add(NR_ANON_MAPPED, rss[MM_ANONPAGES]);
	vm_stat_add(NR_FILE_MAPPED, rss[MM_FILEPAGES] + rss[MM_SHMEMPAGES]);
	pt_account_all(to, rss);
	spin_unlock(&to->leaf->ptl);
	return changed;
}

/*
 * fork: give @dst the entries of @src_vma. Pages of private areas become read-only on both sides;
 * *changed is set when the parent lost a permission and must be flushed. 0 or -ENOMEM.
 * Both mmap_locks are held for writing.
 */
int pt_copy_range(struct mm_struct *dst, struct vm_area_struct *src_vma, bool *changed)
{
	bool cow = (src_vma->vm_flags & (VM_SHARED | VM_MAYWRITE)) == VM_MAYWRITE;
	unsigned long addr = src_vma->vm_start, end = src_vma->vm_end;
	struct pt_path from, to;

	while (pt_next_leaf(src_vma->vm_mm, &addr, end, &from)) {
		unsigned long stop = leaf_end(addr, end);

		if (pt_alloc_path(dst, addr, &to))
			return -ENOMEM;
		if (copy_leaf(&to, &from, addr, stop, cow))
			*changed = true;
		addr = stop;
		cond_resched();
	}
	return 0;
}

/* ---- mremap ---- */

static void move_leaf(struct pt_path *to, struct pt_path *from, unsigned long len)
{
	long rss[NR_MM_COUNTERS] = { 0 }, gone[NR_MM_COUNTERS];
	pte_t *src = from->pte, *dst = to->pte;
	bool same = from->leaf == to->leaf;
	int kind;

	spin_lock(&from->leaf->ptl);
	if (!same)
		spin_lock_nested(&to->leaf->ptl, 1);
	for (; len; len -= PAGE_SIZE, src++, dst++) {
		pte_t pte = *src;

		if (pte_none(pte))
			continue;
		set_pte(src, __pte(0));
		set_pte(dst, pte);
		if (!pte_special(pte))
			rss[page_rss_kind(pte_page(pte))]++;
	}
	for (kind = 0; kind < NR_MM_COUNTERS; kind++)
		gone[kind] = -rss[kind];
	pt_account_all(to, rss);
	pt_account_all(from, gone);
	if (!same)
		spin_unlock(&to->leaf->ptl);
	spin_unlock(&from->leaf->ptl);
}

/*
 * Move entries; the ranges do not overlap, the new one is empty. The caller flushes the old range
 * and holds off truncation. Returns the bytes moved: less than @len when a table was missing.
 */
unsigned long pt_move_range(struct mm_struct *mm, unsigned long old_addr, unsigned long new_addr,
			    unsigned long len)
{
	unsigned long addr = old_addr, end = old_addr + len;
	long shift = new_addr - old_addr;
	struct pt_path from, to;

	while (pt_next_leaf(mm, &addr, end, &from)) {
		unsigned long stop = leaf_end(addr, end);
		unsigned long to_stop = leaf_end(addr + shift, stop + shift);

		if (pt_alloc_path(mm, addr + shift, &to))
			return addr - old_addr;
		move_leaf(&to, &from, to_stop - shift - addr);
		addr = to_stop - shift;
		cond_resched();
	}
	return len;
}

/* ---- looking ---- */

bool pt_visit_range(struct mm_struct *mm, unsigned long start, unsigned long end,
		    pt_visit_fn fn, void *arg)
{
	unsigned long addr = start;
	struct pt_path path;

	while (pt_next_leaf(mm, &addr, end, &path)) {
		unsigned long stop = leaf_end(addr, end);
		pte_t *ptep = path.pte;
		bool more = true;

		spin_lock(&path.leaf->ptl);
		for (; addr != stop && more; addr += PAGE_SIZE, ptep++)
			if (!pte_none(*ptep))
				more = fn(*ptep, addr, arg);
		spin_unlock(&path.leaf->ptl);
		if (!more)
			return false;
		cond_resched();
	}
	return true;
}

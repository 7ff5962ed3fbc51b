// SPDX-License-Identifier: GPL-2.0-only
/*
 * What /proc shows of an address space. mmap_lock is read-held by the caller; page-table locks are
 * taken inside, a table at a time.
 */
#include <linux/pagemap.h>
#include <linux/sprintf.h>
#include "internal.h"

/* ---- smaps ---- */

static bool count_entry(pte_t pte, unsigned long addr, unsigned int owners, void *arg)
{
	struct mem_size_stats *mss = arg;
	unsigned long refs;
	struct page *page;

	mss->nr_ptes++;
	if (pte_special(pte))
		return true;
	page = pte_page(pte);
	/* The cache's own reference is not somebody who maps the page. */
	refs = page_count(page) - (page->mapping && !PageAnon(page) ? 1 : 0) + owners - 1;
	mss->rss += PAGE_SIZE;
	mss->pss += PAGE_SIZE / max(refs, 1UL);
	if (PageAnon(page))
		mss->anonymous += PAGE_SIZE;
	if (pte_young(pte))
		mss->referenced += PAGE_SIZE;
	if (refs > 1)
		*(pte_dirty(pte) || PageDirty(page) ? &mss->shared_dirty : &mss->shared_clean) +=
			PAGE_SIZE;
	else
		*(pte_dirty(pte) || PageDirty(page) ? &mss->private_dirty : &mss->private_clean) +=
			PAGE_SIZE;
	return true;
}

/**
 * vma_mem_stats() - what of an area is resident, added to @mss
 * @vma: the area   @mss: bytes; zeroed by the caller before the first area
 *
 * Context: mmap_lock held; sleeps.
 */
void vma_mem_stats(struct vm_area_struct *vma, struct mem_size_stats *mss)
{
	unsigned long before = mss->pss;

	pt_visit_range(vma->vm_mm, vma->vm_start, vma->vm_end, count_entry, mss);
	if (vma->vm_flags & VM_LOCKED)
		mss->locked += mss->pss - before;
}

/* ---- maps ---- */

const char *vma_name(struct vm_area_struct *vma, char *buf, size_t size)
{
	struct mm_struct *mm = vma->vm_mm;

	if (vma->anon_name) {
		snprintf(buf, size, vma->vm_file ? "[anon_shmem:%s]" : "[anon:%s]",
			 vma->anon_name->name);
		return buf;
	}
	if (vma->vm_file)
		return NULL;
	if (vma->vm_ops && vma->vm_ops->name)
		return vma->vm_ops->name(vma);
	if (vma_is_initial_heap(vma))
		return "[heap]";
	if (mm->start_stack && vma_is_initial_stack(vma))
		return "[stack]";
	return NULL;
}

/* ---- pagemap ---- */

#define PM_SOFT_DIRTY	(1ULL << 55)
#define PM_EXCLUSIVE	(1ULL << 56)
#define PM_FILE		(1ULL << 61)
#define PM_PRESENT	(1ULL << 63)

struct pagemap_query {
	u64 entry;
	bool show_pfn;
};

static bool fill_pagemap(pte_t pte, unsigned long addr, unsigned int owners, void *arg)
{
	struct pagemap_query *query = arg;
	struct page *page = pte_page(pte);

	query->entry = PM_PRESENT | PM_SOFT_DIRTY;
	if (query->show_pfn)
		query->entry |= pte_pfn(pte);
	if (pte_special(pte))
		return false;
	if (!PageAnon(page))
		query->entry |= PM_FILE;
	else if (page_count(page) == 1 && owners == 1)
		query->entry |= PM_EXCLUSIVE;
	return false;
}

/* Documentation/admin-guide/mm/pagemap of Linux: one 64-bit word per page. */
u64 vma_pagemap_entry(struct vm_area_struct *vma, unsigned long addr, bool show_pfn)
{
	struct pagemap_query query = { 0, show_pfn };

	pt_visit_range(vma->vm_mm, addr, addr + PAGE_SIZE, fill_pagemap, &query);
	return query.entry;
}

/* ---- statm ---- */

unsigned long task_statm(struct mm_struct *mm, unsigned long *shared, unsigned long *text,
			 unsigned long *data, unsigned long *resident)
{
	*shared = get_mm_counter(mm, MM_FILEPAGES) + get_mm_counter(mm, MM_SHMEMPAGES);
	*text = (PAGE_ALIGN(mm->end_code) - (mm->start_code & PAGE_MASK)) >> PAGE_SHIFT;
	*data = mm->data_vm + mm->stack_vm;
	*resident = *shared + get_mm_counter(mm, MM_ANONPAGES);
	return mm->total_vm;
}

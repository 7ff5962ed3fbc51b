// SPDX-License-Identifier: GPL-2.0-only
/*
 * The memory of a process as its core file holds it: which areas, how much of each (core(5),
 * coredump_filter), and page after page of them. Other processes may share the address space and
 * go on changing it: the list of areas is a snapshot, and each page is looked up anew.
 */
#include <linux/coredump.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/slab.h>
#include "internal.h"

/* Bits of coredump_filter. */
enum {
	ANON_PRIVATE, ANON_SHARED, MAPPED_PRIVATE, MAPPED_SHARED, ELF_HEADERS,
};

static bool wanted(const struct vm_area_struct *vma, unsigned int what)
{
	return READ_ONCE(vma->vm_mm->flags) & (1UL << (MMF_DUMP_FILTER_SHIFT + what));
}

/* Bytes of @vma that belong into the core, from its start. */
static unsigned long dump_size(const struct vm_area_struct *vma, bool *if_elf)
{
	unsigned long whole = vma->vm_end - vma->vm_start;

	/* The vDSO: debuggers unwind through it. */
	if (vma->vm_ops && vma->vm_ops->name && !vma->vm_file)
		return whole;
	if (vma->vm_flags & (VM_DONTDUMP | VM_IO))
		return 0;
	if (vma->vm_flags & VM_SHARED)
		return wanted(vma, vma->vm_file && file_inode(vma->vm_file)->i_nlink ?
			      MAPPED_SHARED : ANON_SHARED) ? whole : 0;
	if (vma->vm_has_anon && wanted(vma, ANON_PRIVATE))
		return whole;
	if (!vma->vm_file)
		return 0;
	if (wanted(vma, MAPPED_PRIVATE))
		return whole;
	if (!wanted(vma, ELF_HEADERS) || vma->vm_pgoff || !(vma->vm_flags & VM_READ))
		return 0;
	/* Build ids are there. A library need not be executable. */
	*if_elf = !(READ_ONCE(file_inode(vma->vm_file)->i_mode) & 0111);
	return PAGE_SIZE;
}

static void fill_area(struct core_area *area, const struct vm_area_struct *vma)
{
	*area = (struct core_area){
		.start = vma->vm_start, .end = vma->vm_end, .flags = vma->vm_flags,
		.pgoff = vma->vm_pgoff,
		.file = vma->vm_file ? get_file(vma->vm_file) : NULL,
	};
	area->dump_size = dump_size(vma, &area->if_elf);
}

/**
 * mm_core_areas - what of @mm goes into a core
 * @mm: the memory
 * @count: out
 *
 * Context: sleeps, takes mmap_lock. Return: for mm_core_areas_free(), or NULL: no memory, or a
 * fatal signal.
 */
struct core_area *mm_core_areas(struct mm_struct *mm, unsigned int *count)
{
	struct core_area *areas;
	struct vm_area_struct *vma;
	unsigned int n = 0;

	if (mmap_read_lock_killable(mm))
		return NULL;
	areas = kvmalloc_array(mm->map_count, sizeof(*areas), GFP_KERNEL);
	if (areas)
		for_each_vma_of(mm, vma)
			fill_area(&areas[n++], vma);
	ASSERT(!areas || n == (unsigned int)mm->map_count);
	mmap_read_unlock(mm);
	*count = n;
	return areas;
}

void mm_core_areas_free(struct core_area *areas, unsigned int count)
{
	unsigned int i;

	for (i = 0; areas && i < count; i++)
		if (areas[i].file)
			fput(areas[i].file);
	kvfree(areas);
}

/* The page at @addr if it is there: 1 copied, 0 it is all zeroes, -ENOENT nothing is mapped. */
static int copy_present(struct mm_struct *mm, unsigned long addr, void *to)
{
	pte_t pte = pt_peek(mm, addr);

	if (!pte_present(pte))
		return -ENOENT;
	return !is_zero_page(pte_page(pte)) && pt_read(mm, addr, to, PAGE_SIZE);
}

/**
 * mm_core_page - one page for the core
 * @addr: page-aligned, in an area of mm_core_areas()
 * @to: PAGE_SIZE bytes
 *
 * Untouched anonymous memory is not made for it; a file's page is read.
 * Context: sleeps, takes mmap_lock. Return: 1 copied, 0 nothing there: a hole, -EINTR.
 */
int mm_core_page(struct mm_struct *mm, unsigned long addr, void *to)
{
	struct vm_area_struct *vma;
	int ret;

	if (mmap_read_lock_killable(mm))
		return -EINTR;
	vma = vma_lookup(mm, addr);
	ret = vma ? copy_present(mm, addr, to) : 0;
	if (ret == -ENOENT) {
		ret = 0;
		if (!vma_is_anonymous(vma) && !(vma->vm_flags & (VM_IO | VM_PFNMAP)) &&
		    !pt_own_path(mm, addr, GFP_USER, false) &&
		    !faultin_page(vma, addr, FAULT_FLAG_REMOTE))
			ret = max(copy_present(mm, addr, to), 0);
	}
	mmap_read_unlock(mm);
	return ret;
}

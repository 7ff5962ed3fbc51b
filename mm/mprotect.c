// SPDX-License-Identifier: GPL-2.0-only
/*
 * mprotect(2): what may be done with a range. mmap_lock is held for writing while areas and entries
 * change; stale permissions leave the TLBs before it is dropped.
 */
#include <linux/mman.h>
#include <linux/personality.h>
#include <linux/syscalls.h>
#include "internal.h"

/* Making a private area writable promises memory for its copies; 0 or -ENOMEM. */
static int charge_for_writing(struct vm_area_struct *vma, unsigned long pages,
			      unsigned long *newflags)
{
	struct mm_struct *mm = vma->vm_mm;

	if (!may_expand_vm(mm, *newflags, pages) && may_expand_vm(mm, vma->vm_flags, pages))
		return -ENOMEM;
	if (vma->vm_flags & (VM_ACCOUNT | VM_WRITE | VM_SHARED | VM_NORESERVE))
		return 0;
	if (security_vm_enough_memory(mm, pages))
		return -ENOMEM;
	*newflags |= VM_ACCOUNT;
	return 0;
}

static int protect_area(struct vm_area_struct *vma, unsigned long start, unsigned long end,
			unsigned long newflags)
{
	unsigned long oldflags = vma->vm_flags, pages = (end - start) >> PAGE_SHIFT;
	struct mm_struct *mm = vma->vm_mm;
	int err = 0;

	if (newflags == oldflags)
		return 0;
	if (newflags & VM_WRITE)
		err = charge_for_writing(vma, pages, &newflags);
	if (err)
		return err;
	/* All tables that will change, before anything does. */
	err = pt_own_range(mm, start, end, GFP_USER);
	if (!err) {
		vma = vma_modify_flags(vma, start, end, newflags);
		err = PTR_ERR_OR_ZERO(vma);
	}
	if (err) {
		if ((newflags & ~oldflags) & VM_ACCOUNT)
			vm_unacct_memory(pages);
		return err;
	}
	vma_set_page_prot(vma);
	vm_stat_account(mm, oldflags, -(long)pages);
	vm_stat_account(mm, newflags, pages);
	if (pt_protect_range(vma, start, end, vma->vm_page_prot))
		flush_tlb_range(mm, start, end);
	return 0;
}

/* Is every VM_x of @newflags backed by its VM_MAYx? */
static bool allowed(unsigned long newflags)
{
	return !(newflags & ~(newflags >> 4) & VM_ACCESS_FLAGS);
}

static int protect_range(struct mm_struct *mm, struct vm_area_struct *vma, unsigned long start,
			 unsigned long end, unsigned long prot, bool read_implies_exec)
{
	while (start < end) {
		unsigned long stop = min(end, vma->vm_end), newflags;
		unsigned long bits = calc_vm_prot_bits(prot);
		int err;

		if (read_implies_exec && (vma->vm_flags & VM_MAYEXEC))
			bits |= VM_EXEC;
		newflags = bits | (vma->vm_flags & ~VM_ACCESS_FLAGS);
		if (!allowed(newflags))
			return -EACCES;
		if (vma->vm_ops && vma->vm_ops->mprotect) {
			err = vma->vm_ops->mprotect(vma, start, stop, newflags);
			if (err)
				return err;
		}
		err = protect_area(vma, start, stop, newflags);
		if (err)
			return err;
		start = stop;
		if (start >= end)
			break;
		vma = vma_lookup(mm, start);
		if (!vma)
			return -ENOMEM;
	}
	return 0;
}

/* Where PROT_GROWSDOWN makes the range begin; mmap_lock held. The first area or ERR_PTR. */
static struct vm_area_struct *first_area(struct mm_struct *mm, unsigned long *start,
					 unsigned long end, bool growsdown)
{
	struct vm_area_struct *vma = find_vma(mm, *start);

	if (!vma)
		return ERR_PTR(-ENOMEM);
	if (growsdown) {
		if (vma->vm_start >= end)
			return ERR_PTR(-ENOMEM);
		if (!(vma->vm_flags & VM_GROWSDOWN))
			return ERR_PTR(-EINVAL);
		*start = vma->vm_start;
		return vma;
	}
	return vma->vm_start > *start ? ERR_PTR(-ENOMEM) : vma;
}

SYSCALL_DEFINE3(mprotect, unsigned long, start, size_t, len, unsigned long, prot)
{
	unsigned long grows = prot & (PROT_GROWSDOWN | PROT_GROWSUP);
	bool exec = (current->personality & READ_IMPLIES_EXEC) && (prot & PROT_READ);
	struct mm_struct *mm = current->mm;
	struct vm_area_struct *vma;
	unsigned long end;
	int err;

	prot &= ~(PROT_GROWSDOWN | PROT_GROWSUP);
	if (grows == (PROT_GROWSDOWN | PROT_GROWSUP) || offset_in_page(start))
		return -EINVAL;
	if (!len)
		return 0;
	len = PAGE_ALIGN(len);
	end = start + len;
	if (end <= start)
		return -ENOMEM;
	if (prot & ~(unsigned long)(PROT_READ | PROT_WRITE | PROT_EXEC | PROT_SEM))
		return -EINVAL;
	if (mmap_write_lock_killable(mm))
		return -EINTR;
	/* No area grows upwards on x86. */
	vma = first_area(mm, &start, end, grows & PROT_GROWSDOWN);
	if (IS_ERR(vma))
		err = PTR_ERR(vma);
	else if (grows & PROT_GROWSUP)
		err = -EINVAL;
	else
		err = protect_range(mm, vma, start, end, prot, exec);
	mmap_write_unlock(mm);
	return err;
}

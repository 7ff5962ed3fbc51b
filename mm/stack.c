// SPDX-License-Identifier: GPL-2.0-only
/*
 * User stacks: growth at a fault, and exec's first stack, filled before its process exists and then
 * moved to its place. mmap_lock is held for writing, or taken, as each function says.
 */
#include <linux/mman.h>
#include "internal.h"

/* Does the guard gap below @address stay free? */
static bool gap_is_free(struct vm_area_struct *vma, unsigned long address)
{
	struct vm_area_struct *prev = vma->vm_prev;

	if (!prev || (prev->vm_flags & VM_GROWSDOWN) || !(prev->vm_flags & VM_ACCESS_FLAGS))
		return !prev || prev->vm_end <= address;
	return address > prev->vm_end && address - prev->vm_end >= stack_guard_gap;
}

static int charge_growth(struct vm_area_struct *vma, unsigned long size, unsigned long grow)
{
	struct mm_struct *mm = vma->vm_mm;

	if (!may_expand_vm(mm, vma->vm_flags, grow))
		return -ENOMEM;
	if (size > rlimit(RLIMIT_STACK))
		return -ENOMEM;
	if (mlock_future_check(mm, vma->vm_flags, grow << PAGE_SHIFT))
		return -ENOMEM;
	return vma->vm_flags & VM_ACCOUNT ? security_vm_enough_memory(mm, grow) : 0;
}

/**
 * expand_stack() - let a VM_GROWSDOWN area begin at @address
 * @vma: the area above it
 * @address: any byte of the new first page
 *
 * Context: mmap_lock held for writing.
 * Return: 0, or -ENOMEM, -EPERM: RLIMIT_STACK, RLIMIT_AS, the guard gap, no memory.
 */
int expand_stack(struct vm_area_struct *vma, unsigned long address)
{
	unsigned long grow;
	int err;

	address &= PAGE_MASK;
	if (address < mmap_min_addr)
		return -EPERM;
	if (address >= vma->vm_start)
		return 0;
	if (!gap_is_free(vma, address))
		return -ENOMEM;
	grow = (vma->vm_start - address) >> PAGE_SHIFT;
	err = charge_growth(vma, vma->vm_end - address, grow);
	if (err)
		return err;
	vm_stat_account(vma->vm_mm, vma->vm_flags, grow);
	if (vma->vm_flags & VM_LOCKED)
		mm_locked_add(vma->vm_mm, grow);
	vma->vm_start = address;
	vma->vm_pgoff -= grow;
	vma_tree_resized(vma->vm_mm, vma);
	return 0;
}

struct vm_area_struct *find_extend_vma(struct mm_struct *mm, unsigned long addr)
{
	struct vm_area_struct *vma = find_vma(mm, addr);

	if (!vma || vma->vm_start <= addr)
		return vma;
	if (!(vma->vm_flags & VM_GROWSDOWN) || expand_stack(vma, addr))
		return NULL;
	return vma;
}

/* ---- exec ---- */

struct vm_area_struct *mm_stack_setup(struct mm_struct *mm)
{
	struct vm_area_struct *vma = vm_area_alloc(mm);

	if (!vma)
		return ERR_PTR(-ENOMEM);
	vma->vm_end = STACK_TOP_MAX;
	vma->vm_start = vma->vm_end - PAGE_SIZE;
	vma->vm_flags = VM_STACK_FLAGS | VM_STACK_INCOMPLETE_SETUP;
	vma->vm_pgoff = vma->vm_start >> PAGE_SHIFT;
	vma_set_page_prot(vma);
	if (security_vm_enough_memory(mm, 1)) {
		vm_area_free(vma);
		return ERR_PTR(-ENOMEM);
	}
	mmap_write_lock(mm);
	insert_vm_struct(mm, vma);
	vm_stat_account(mm, vma->vm_flags, 1);
	mmap_write_unlock(mm);
	return vma;
}

struct page *get_arg_page(struct mm_struct *mm, unsigned long addr, int write)
{
	struct page *page = NULL;
	struct vm_area_struct *vma;

	mmap_write_lock(mm);
	vma = write ? find_extend_vma(mm, addr) : vma_lookup(mm, addr);
	/* Nothing of this mm is shared before exec is over, and by then the reference is gone. */
	if (vma && get_one_page(mm, addr & PAGE_MASK, write ? FOLL_WRITE : 0, &page))
		page = NULL;
	mmap_write_unlock(mm);
	return page;
}

/* Move the area and its pages down by @shift; the space below it is empty. */
static int shift_stack(struct vm_area_struct *vma, unsigned long shift)
{
	struct mm_struct *mm = vma->vm_mm;
	unsigned long start = vma->vm_start, end = vma->vm_end, len = end - start;
	struct mmu_gather tlb;

	if (shift < len || find_vma_intersection(mm, start - shift, start))
		return -EFAULT;
	vma_tree_remove(mm, vma);
	vma->vm_start -= shift;
	vma->vm_end -= shift;
	vma->vm_pgoff -= shift >> PAGE_SHIFT;
	vma_tree_insert(mm, vma);
	if (pt_move_range(mm, start, start - shift, len) != len)
		return -ENOMEM;
	tlb_gather_mmu(&tlb, mm, false);
	tlb_cover(&tlb, start, end);
	pt_unmap_range(&tlb, start, end, vma->vm_end, 0);
	tlb_finish_mmu(&tlb);
	return 0;
}

/* Room to grow at once, so that the first deep call does not fault through a lock. */
static void give_room(struct vm_area_struct *vma)
{
	unsigned long room = 131072, limit = rlimit(RLIMIT_STACK) & PAGE_MASK;
	unsigned long size = vma->vm_end - vma->vm_start;

	if (size + room > limit)
		room = limit > size ? limit - size : 0;
	expand_stack(vma, vma->vm_start - room);
}

int setup_arg_pages(struct mm_struct *mm, struct vm_area_struct *vma, unsigned long stack_top,
		    int executable_stack, unsigned long *shift)
{
	unsigned long flags = VM_STACK_FLAGS | mm->def_flags;
	int err = 0;

	if (executable_stack == EXSTACK_ENABLE_X)
		flags |= VM_EXEC;
	stack_top = PAGE_ALIGN(stack_top);
	/* Pages are not moved onto themselves: by nothing, or by the area's whole length at least. */
	if (stack_top < vma->vm_end)
		stack_top = min(stack_top, vma->vm_start);
	*shift = vma->vm_end - stack_top;
	if (stack_top < mmap_min_addr || vma->vm_end - vma->vm_start >= stack_top - mmap_min_addr)
		return -ENOMEM;
	if (mmap_write_lock_killable(mm))
		return -EINTR;
	/* We slept since the mm became ours, in closing files: it may be folded. */
	err = pt_unfold(mm, GFP_USER);
	if (err) {
		mmap_write_unlock(mm);
		return err;
	}
	vma->vm_flags = flags;
	vma_set_page_prot(vma);
	if ((flags & VM_EXEC) && pt_protect_range(vma, vma->vm_start, vma->vm_end,
						  vma->vm_page_prot))
		flush_tlb_range(mm, vma->vm_start, vma->vm_end);
	if (*shift)
		err = shift_stack(vma, *shift);
	if (!err)
		give_room(vma);
	mmap_write_unlock(mm);
	return err;
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Taking areas away: munmap(2), the heap's end, and the end of an address space. mmap_lock is
 * held for writing, except at the end, when nobody else is left.
 */
#include <linux/fs.h>
#include <linux/mman.h>
#include <linux/syscalls.h>
#include "internal.h"

static unsigned long account_removed(struct mm_struct *mm, struct vm_area_struct *vma)
{
	unsigned long pages = vma_pages(vma);

	vm_stat_account(mm, vma->vm_flags, -(long)pages);
	if (vma->vm_flags & VM_LOCKED)
		mm_locked_add(mm, -(long)(pages));
	return vma->vm_flags & VM_ACCOUNT ? pages : 0;
}

/*
 * The areas from @first on that end at or before @end leave the tree; they stay linked through
 * vm_next. Their pages go, then their tables, then they themselves.
 */
static void remove_areas(struct mm_struct *mm, struct vm_area_struct *first, unsigned long end)
{
	unsigned long start = first->vm_start, uncharge = 0, floor, ceiling;
	struct vm_area_struct *vma, *next, *prev = first->vm_prev, *last = NULL;
	struct mmu_gather tlb;

	for (vma = first; vma && vma->vm_start < end; vma = next) {
		next = vma->vm_next;
		uncharge += account_removed(mm, vma);
		vma_tree_remove(mm, vma);
		vma->vm_next = next;
		last = vma;
	}
	next = last->vm_next;
	last->vm_next = NULL;
	floor = prev ? prev->vm_end : 0;
	ceiling = next ? next->vm_start : 0;
	update_hiwater_rss(mm);
	tlb_gather_mmu(&tlb, mm, false);
	for (vma = first; vma; vma = vma->vm_next)
		vma_unlink_file(vma);
	pt_unmap_range(&tlb, start, last->vm_end, floor, ceiling);
	tlb_finish_mmu(&tlb);
	for (vma = first; vma; vma = next) {
		next = vma->vm_next;
		release_vma(vma);
	}
	if (uncharge)
		vm_unacct_memory(uncharge);
}

/*
 * Tables that will lose some of their entries become private, so that nothing can fail later.
 * @vma: the first area that reaches into [start, end). 0 or -ENOMEM.
 */
static int own_edges(struct mm_struct *mm, struct vm_area_struct *vma, unsigned long start,
		     unsigned long end)
{
	struct vm_area_struct *next = find_vma(mm, end - 1);
	unsigned long floor = vma->vm_prev ? vma->vm_prev->vm_end : 0, ceiling = 0;

	if (vma->vm_start < start)
		floor = start;
	if (next && next->vm_start < end)
		next = next->vm_end > end ? next : next->vm_next;
	if (next)
		ceiling = max(end, next->vm_start);
	return pt_own_edges(mm, max(start, vma->vm_start), end, floor, ceiling, GFP_FREEING);
}

int do_munmap(struct mm_struct *mm, unsigned long start, size_t len)
{
	struct vm_area_struct *vma;
	unsigned long end;
	int err;

	if (offset_in_page(start) || start > TASK_SIZE || len > TASK_SIZE - start)
		return -EINVAL;
	len = PAGE_ALIGN(len);
	if (!len)
		return -EINVAL;
	end = start + len;
	vma = find_vma_intersection(mm, start, end);
	if (!vma)
		return 0;
	err = own_edges(mm, vma, start, end);
	if (err)
		return err;
	if (start > vma->vm_start) {
		if (end < vma->vm_end && mm->map_count >= sysctl_max_map_count)
			return -ENOMEM;
		err = split_vma(mm, vma, start, false);
		if (err)
			return err;
		vma = vma->vm_next;
	}
	if (find_vma_intersection(mm, end - 1, end) &&
	    find_vma(mm, end - 1)->vm_end > end) {
		err = split_vma(mm, find_vma(mm, end - 1), end, false);
		if (err)
			return err;
	}
	remove_areas(mm, find_vma(mm, start), end);
	return 0;
}

int vm_munmap(unsigned long start, size_t len)
{
	struct mm_struct *mm = current->mm;
	int err;

	if (mmap_write_lock_killable(mm))
		return -EINTR;
	err = do_munmap(mm, start, len);
	mmap_write_unlock(mm);
	return err;
}

SYSCALL_DEFINE2(munmap, unsigned long, addr, size_t, len)
{
	return vm_munmap(addr, len);
}

/* ---- the heap ---- */

/* Anonymous private memory at a fixed place; mmap_lock held for writing. */
int do_brk_flags(unsigned long addr, unsigned long len, unsigned long vm_flags)
{
	struct mm_struct *mm = current->mm;
	unsigned long flags = VM_DATA_DEFAULT_FLAGS | mm->def_flags | vm_flags;
	unsigned long ret;
	int err;

	err = mlock_future_check(mm, mm->def_flags, len);
	if (err)
		return err;
	if (mm->map_count > sysctl_max_map_count)
		return -ENOMEM;
	ret = mmap_region(mm, NULL, addr, len, flags, addr >> PAGE_SHIFT);
	return IS_ERR_VALUE(ret) ? (int)ret : 0;
}

int vm_brk_flags(unsigned long addr, unsigned long len, unsigned long vm_flags)
{
	struct mm_struct *mm = current->mm;
	bool populate;
	int err;

	len = PAGE_ALIGN(len);
	if (!len)
		return 0;
	if (addr > TASK_SIZE - len)
		return -ENOMEM;
	if (mmap_write_lock_killable(mm))
		return -EINTR;
	err = do_brk_flags(addr, len, vm_flags);
	populate = mm->def_flags & VM_LOCKED;
	mmap_write_unlock(mm);
	if (!err && populate)
		mm_populate(addr, len);
	return err;
}

unsigned long do_brk(unsigned long addr, unsigned long len)
{
	int err = vm_brk_flags(addr, len, 0);

	return err ? (unsigned long)err : addr;
}

static bool within_data_limit(struct mm_struct *mm, unsigned long brk)
{
	unsigned long limit = rlimit(RLIMIT_DATA);

	return limit == RLIM_INFINITY ||
	       (brk - mm->start_brk) + (mm->end_data - mm->start_data) <= limit;
}

/* mmap_lock held for writing. False: leave the heap's end where it is. */
static bool move_brk(struct mm_struct *mm, unsigned long brk)
{
	unsigned long new = PAGE_ALIGN(brk), old = PAGE_ALIGN(mm->brk);
	struct vm_area_struct *next;

	if (brk < mm->start_brk || brk > TASK_SIZE || !within_data_limit(mm, brk))
		return false;
	if (new < old && do_munmap(mm, new, old - new))
		return false;
	if (new > old) {
		next = find_vma(mm, old);
		if (next && new + PAGE_SIZE > vm_start_gap(next))
			return false;
		if (do_brk_flags(old, new - old, 0))
			return false;
	}
	mm->brk = brk;
	return true;
}

SYSCALL_DEFINE1(brk, unsigned long, brk)
{
	struct mm_struct *mm = current->mm;
	unsigned long old, now;
	bool populate;

	if (mmap_write_lock_killable(mm))
		return -EINTR;
	old = mm->brk;
	move_brk(mm, brk);
	now = mm->brk;
	populate = now > old && (mm->def_flags & VM_LOCKED);
	mmap_write_unlock(mm);
	if (populate)
		mm_populate(PAGE_ALIGN(old), PAGE_ALIGN(now) - PAGE_ALIGN(old));
	return now;
}

/* ---- the end ---- */

/**
 * exit_mmap() - empty an address space that has no user left
 *
 * Context: sleeps. Nobody else can find the areas but through their files.
 */
void exit_mmap(struct mm_struct *mm)
{
	struct vm_area_struct *vma, *next;
	unsigned long uncharge = 0;

	/* CPUs that still have it loaded, lazily, let go: from here on nothing needs flushing. */
	flush_tlb_mm(mm);
	mmap_write_lock(mm);
	for (vma = mm->mmap; vma; vma = vma->vm_next)
		vma_unlink_file(vma);
	pt_drop_all(mm, cpumask_empty(mm_cpumask(mm)));
	vma = mm->mmap;
	mm->mmap = NULL;
	mm->mm_rb = RB_ROOT;
	mm->mmap_cache = NULL;
	mm->map_count = 0;
	mm_locked_add(mm, -(long)mm->locked_vm);
	mmap_write_unlock(mm);
	for (; vma; vma = next) {
		next = vma->vm_next;
		if (vma->vm_flags & VM_ACCOUNT)
			uncharge += vma_pages(vma);
		release_vma(vma);
		cond_resched();
	}
	if (uncharge)
		vm_unacct_memory(uncharge);
}

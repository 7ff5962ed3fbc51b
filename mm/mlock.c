// SPDX-License-Identifier: GPL-2.0-only
/*
 * mlock(2) and its kin. Nothing is ever paged out, so locking is a matter of limits, of counting
 * and of being present. mmap_lock is held for writing while areas change.
 */
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/fault-inject.h>
#include <linux/mman.h>
#include <linux/syscalls.h>
#include "internal.h"

static int lock_area(struct vm_area_struct *vma, unsigned long start, unsigned long end,
		     unsigned long newflags)
{
	struct mm_struct *mm = vma->vm_mm;
	unsigned long oldflags = vma->vm_flags;
	long pages = (end - start) >> PAGE_SHIFT;

	if (newflags == oldflags || (oldflags & VM_SPECIAL))
		return 0;
	vma = vma_modify_flags(vma, start, end, newflags);
	if (IS_ERR(vma))
		return PTR_ERR(vma);
	if (!(newflags & VM_LOCKED))
		pages = -pages;
	else if (oldflags & VM_LOCKED)
		pages = 0;
	mm_locked_add(mm, pages);
	return 0;
}

/* mmap_lock held for writing. 0, -ENOMEM for a hole. */
static int apply_lock(struct mm_struct *mm, unsigned long start, unsigned long end,
		      unsigned long flags)
{
	while (start < end) {
		struct vm_area_struct *vma = vma_lookup(mm, start);
		unsigned long stop;
		int err;

		if (!vma)
			return -ENOMEM;
		stop = min(end, vma->vm_end);
		err = lock_area(vma, start, stop, (vma->vm_flags & ~VM_LOCKED_MASK) | flags);
		if (err)
			return err;
		start = stop;
	}
	return 0;
}

static unsigned long locked_in_range(struct mm_struct *mm, unsigned long start, unsigned long end)
{
	struct vm_area_struct *vma = find_vma(mm, start);
	unsigned long pages = 0;

	for (; vma && vma->vm_start < end; vma = vma->vm_next)
		if (vma->vm_flags & VM_LOCKED)
			pages += (min(end, vma->vm_end) - max(start, vma->vm_start)) >> PAGE_SHIFT;
	return pages;
}

static int do_mlock(unsigned long start, size_t len, unsigned long flags)
{
	struct mm_struct *mm = current->mm;
	unsigned long limit = rlimit(RLIMIT_MEMLOCK) >> PAGE_SHIFT, locked;
	int err = -ENOMEM;

	if (!can_do_mlock())
		return -EPERM;
	len = PAGE_ALIGN(len + offset_in_page(start));
	start &= PAGE_MASK;
	if (mmap_write_lock_killable(mm))
		return -EINTR;
	locked = (len >> PAGE_SHIFT) + mm->locked_vm;
	if (locked > limit && !capable(CAP_IPC_LOCK))
		locked -= locked_in_range(mm, start, start + len);
	if ((locked <= limit || capable(CAP_IPC_LOCK)) && !should_fail_charge("memlock")) {
		if (start + len < start)
			err = -EINVAL;
		else
			err = apply_lock(mm, start, start + len, flags);
	}
	mmap_write_unlock(mm);
	if (err || (flags & VM_LOCKONFAULT))
		return err;
	err = mm_populate(start, len);
	/* A page that cannot be had is reported as POSIX names it. */
	return err == -EFAULT ? -ENOMEM : err == -ENOMEM ? -EAGAIN : err;
}

SYSCALL_DEFINE2(mlock, unsigned long, start, size_t, len)
{
	return do_mlock(start, len, VM_LOCKED);
}

SYSCALL_DEFINE3(mlock2, unsigned long, start, size_t, len, int, flags)
{
	if (flags & ~MLOCK_ONFAULT)
		return -EINVAL;
	return do_mlock(start, len, flags & MLOCK_ONFAULT ? VM_LOCKED | VM_LOCKONFAULT : VM_LOCKED);
}

SYSCALL_DEFINE2(munlock, unsigned long, start, size_t, len)
{
	struct mm_struct *mm = current->mm;
	int err;

	len = PAGE_ALIGN(len + offset_in_page(start));
	start &= PAGE_MASK;
	if (mmap_write_lock_killable(mm))
		return -EINTR;
	err = start + len < start ? -EINVAL : apply_lock(mm, start, start + len, 0);
	mmap_write_unlock(mm);
	return err;
}

/* mmap_lock held for writing. */
static void apply_lock_all(struct mm_struct *mm, int how)
{
	struct vm_area_struct *vma, *next;
	unsigned long flags = 0;

	mm->def_flags &= ~VM_LOCKED_MASK;
	if (how & MCL_FUTURE)
		mm->def_flags |= how & MCL_ONFAULT ? VM_LOCKED | VM_LOCKONFAULT : VM_LOCKED;
	if (!(how & MCL_CURRENT) && how)
		return;
	if (how & MCL_CURRENT)
		flags = how & MCL_ONFAULT ? VM_LOCKED | VM_LOCKONFAULT : VM_LOCKED;
	for (vma = mm->mmap; vma; vma = next) {
		unsigned long end = vma->vm_end;

		/* Merging may swallow neighbours: go on by address. Failures are passed over. */
		lock_area(vma, vma->vm_start, end, (vma->vm_flags & ~VM_LOCKED_MASK) | flags);
		next = find_vma(mm, end);
	}
}

SYSCALL_DEFINE1(mlockall, int, flags)
{
	struct mm_struct *mm = current->mm;
	unsigned long limit = rlimit(RLIMIT_MEMLOCK) >> PAGE_SHIFT;
	int err = -ENOMEM;

	if (!flags || (flags & ~(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT)) || flags == MCL_ONFAULT)
		return -EINVAL;
	if (!can_do_mlock())
		return -EPERM;
	if (mmap_write_lock_killable(mm))
		return -EINTR;
	if (!(flags & MCL_CURRENT) || mm->total_vm <= limit || capable(CAP_IPC_LOCK)) {
		apply_lock_all(mm, flags);
		err = 0;
	}
	mmap_write_unlock(mm);
	if (!err && (flags & MCL_CURRENT) && !(flags & MCL_ONFAULT))
		mm_populate_all(mm);
	return err;
}

SYSCALL_DEFINE0(munlockall)
{
	struct mm_struct *mm = current->mm;

	if (mmap_write_lock_killable(mm))
		return -EINTR;
	apply_lock_all(mm, 0);
	mmap_write_unlock(mm);
	return 0;
}

/* ---- shared memory: charged to a user, not to an address space ---- */

/**
 * user_shm_lock() - charge shared memory that is to stay in memory: shmctl(SHM_LOCK)
 * @size: bytes
 * @user: who pays
 *
 * Context: any.
 * Return: false when RLIMIT_MEMLOCK would be exceeded. True: a reference to @user is held.
 */
bool user_shm_lock(size_t size, struct user_struct *user)
{
	unsigned long limit = rlimit(RLIMIT_MEMLOCK);
	long pages = (size + PAGE_SIZE - 1) >> PAGE_SHIFT;

	if (atomic_long_add_return(pages, &user->locked_shm) > (long)(limit >> PAGE_SHIFT) &&
	    limit != RLIM_INFINITY && !capable(CAP_IPC_LOCK)) {
		atomic_long_sub(pages, &user->locked_shm);
		return false;
	}
	get_uid(user);
	return true;
}

void user_shm_unlock(size_t size, struct user_struct *user)
{
	atomic_long_sub((size + PAGE_SIZE - 1) >> PAGE_SHIFT, &user->locked_shm);
	free_uid(user);
}

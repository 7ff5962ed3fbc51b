// SPDX-License-Identifier: GPL-2.0-only
/*
 * madvise(2): hints, and the advice that changes what memory holds or what fork does with it.
 * mmap_lock is held for reading where entries are dropped, for writing where areas change.
 */
#include <linux/capability.h>
#include <linux/falloc.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/mman.h>
#include <linux/syscalls.h>
#include "internal.h"

/* Advice that gives areas other flags, and so needs mmap_lock for writing. */
static bool changes_areas(int advice)
{
	switch (advice) {
	case MADV_NORMAL:
	case MADV_RANDOM:
	case MADV_SEQUENTIAL:
	case MADV_DONTFORK:
	case MADV_DOFORK:
	case MADV_WIPEONFORK:
	case MADV_KEEPONFORK:
	case MADV_DONTDUMP:
	case MADV_DODUMP:
	case MADV_HUGEPAGE:
	case MADV_NOHUGEPAGE:
		return true;
	default:
		return false;
	}
}

static bool known_advice(int advice)
{
	switch (advice) {
	case MADV_WILLNEED:
	case MADV_DONTNEED:
	case MADV_DONTNEED_LOCKED:
	case MADV_FREE:
	case MADV_REMOVE:
	case MADV_COLD:
	case MADV_PAGEOUT:
	case MADV_POPULATE_READ:
	case MADV_POPULATE_WRITE:
		return true;
	default:
		return changes_areas(advice);
	}
}

/* The flags that @advice gives to @vma, or -errno in *err. */
static unsigned long advised_flags(struct vm_area_struct *vma, int advice, int *err)
{
	unsigned long flags = vma->vm_flags;

	*err = 0;
	switch (advice) {
	case MADV_NORMAL:
		return flags & ~(VM_RAND_READ | VM_SEQ_READ);
	case MADV_SEQUENTIAL:
		return (flags & ~VM_RAND_READ) | VM_SEQ_READ;
	case MADV_RANDOM:
		return (flags & ~VM_SEQ_READ) | VM_RAND_READ;
	case MADV_DONTFORK:
		return flags | VM_DONTCOPY;
	case MADV_DOFORK:
		if (flags & VM_IO)
			*err = -EINVAL;
		return flags & ~VM_DONTCOPY;
	case MADV_WIPEONFORK:
		if (vma->vm_file || (flags & VM_SHARED))
			*err = -EINVAL;
		return flags | VM_WIPEONFORK;
	case MADV_KEEPONFORK:
		return flags & ~VM_WIPEONFORK;
	case MADV_DONTDUMP:
		return flags | VM_DONTDUMP;
	case MADV_DODUMP:
		if (flags & VM_SPECIAL)
			*err = -EINVAL;
		return flags & ~VM_DONTDUMP;
	case MADV_HUGEPAGE:
		return (flags & ~VM_NOHUGEPAGE) | VM_HUGEPAGE;
	default:	/* MADV_NOHUGEPAGE */
		return (flags & ~VM_HUGEPAGE) | VM_NOHUGEPAGE;
	}
}

static int change_area(struct vm_area_struct *vma, unsigned long start, unsigned long end,
		       int advice)
{
	struct vm_area_struct *changed;
	unsigned long flags;
	int err;

	flags = advised_flags(vma, advice, &err);
	if (err || flags == vma->vm_flags)
		return err;
	changed = vma_modify_flags(vma, start, end, flags);
	if (!IS_ERR(changed))
		return 0;
	/* Splitting failed for want of kernel memory, which says nothing about the range. */
	return PTR_ERR(changed) == -ENOMEM ? -EAGAIN : PTR_ERR(changed);
}

static int drop_area(struct vm_area_struct *vma, unsigned long start, unsigned long end,
		     int advice)
{
	unsigned long refused = VM_PFNMAP;

	if (advice != MADV_DONTNEED_LOCKED)
		refused |= VM_LOCKED;
	if (vma->vm_flags & refused)
		return -EINVAL;
	if (advice == MADV_FREE && !vma_is_anonymous(vma))
		return -EINVAL;
	/* There is no swap and no reclaim, so "free it when memory is short" means now. */
	return zap_page_range(vma, start, end - start);
}

/* Punch the file's pages out. Drops mmap_lock; the caller starts over from the address. */
static int remove_pages(struct vm_area_struct *vma, unsigned long start, unsigned long end)
{
	loff_t offset = (loff_t)linear_index(vma, start) << PAGE_SHIFT;
	struct mm_struct *mm = vma->vm_mm;
	struct file *file = vma->vm_file;
	int err;

	if (vma->vm_flags & VM_LOCKED)
		return -EINVAL;
	if (!file || !file->f_mapping || !file->f_mapping->host)
		return -EINVAL;
	if ((vma->vm_flags & (VM_SHARED | VM_WRITE)) != (VM_SHARED | VM_WRITE))
		return -EACCES;
	get_file(file);
	mmap_read_unlock(mm);
	err = vfs_fallocate(file, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, offset, end - start);
	fput(file);
	mmap_read_lock(mm);
	return err;
}

static int populate_area(struct vm_area_struct *vma, unsigned long start, unsigned long end,
			 bool write)
{
	int err;

	if (vma->vm_flags & (VM_IO | VM_PFNMAP))
		return -EINVAL;
	if (!(vma->vm_flags & (write ? VM_WRITE : VM_READ)))
		return -EINVAL;
	for (; start < end; start += PAGE_SIZE) {
		if (fatal_signal_pending(current))
			return -EINTR;
		err = faultin_page(vma, start, write ? FAULT_FLAG_WRITE : 0);
		if (err)
			return err;
		cond_resched();
	}
	return 0;
}

static int advise_area(struct vm_area_struct *vma, unsigned long start, unsigned long end,
		       int advice)
{
	switch (advice) {
	case MADV_DONTNEED:
	case MADV_DONTNEED_LOCKED:
	case MADV_FREE:
		return drop_area(vma, start, end, advice);
	case MADV_REMOVE:
		return remove_pages(vma, start, end);
	case MADV_WILLNEED:
		return 0;	/* files are in memory, and nothing is swapped */
	case MADV_COLD:
	case MADV_PAGEOUT:
		return vma->vm_flags & (VM_LOCKED | VM_PFNMAP) ? -EINVAL : 0;
	case MADV_POPULATE_READ:
	case MADV_POPULATE_WRITE:
		return populate_area(vma, start, end, advice == MADV_POPULATE_WRITE);
	default:
		return change_area(vma, start, end, advice);
	}
}

/* A hole is remembered, the rest is advised all the same (but not populated). */
static int advise_range(struct mm_struct *mm, unsigned long start, unsigned long end, int advice)
{
	bool populate = advice == MADV_POPULATE_READ || advice == MADV_POPULATE_WRITE;
	int err, unmapped = 0;

	while (start < end) {
		struct vm_area_struct *vma = find_vma(mm, start);
		unsigned long stop;

		if (!vma || vma->vm_start >= end)
			return -ENOMEM;
		if (vma->vm_start > start) {
			if (populate)
				return -ENOMEM;
			unmapped = -ENOMEM;
			start = vma->vm_start;
		}
		stop = min(end, vma->vm_end);
		err = advise_area(vma, start, stop, advice);
		if (err)
			return err;
		start = stop;
	}
	return unmapped;
}

/**
 * do_madvise - madvise(2) on any address space
 * @mm: its mmap_lock is taken here
 * @start: page-aligned
 * @len_in: bytes
 * @advice: MADV_*
 *
 * Return: 0, -EINVAL, -ENOMEM for a hole, -EINTR, and what the advice itself may say.
 */
int do_madvise(struct mm_struct *mm, unsigned long start, size_t len_in, int advice)
{
	unsigned long len = PAGE_ALIGN(len_in), end = start + len;
	bool write = changes_areas(advice);
	int err;

	if (!known_advice(advice) || offset_in_page(start))
		return -EINVAL;
	if ((len_in && !len) || end < start)
		return -EINVAL;
	if (end == start)
		return 0;
	if (write ? mmap_write_lock_killable(mm) : mmap_read_lock_killable(mm))
		return -EINTR;
	err = advise_range(mm, start, end, advice);
	if (write)
		mmap_write_unlock(mm);
	else
		mmap_read_unlock(mm);
	return err;
}

SYSCALL_DEFINE3(madvise, unsigned long, start, size_t, len, int, advice)
{
	return do_madvise(current->mm, start, len, advice);
}

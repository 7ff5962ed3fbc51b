// SPDX-License-Identifier: GPL-2.0-only
/*
 * msync, mincore, remap_file_pages, fadvise64, readahead: calls about where file pages are. All
 * files live in memory, so most of it is checking what Linux would check.
 */
#include <linux/cred.h>
#include <linux/fadvise.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/mman.h>
#include <linux/pagemap.h>
#include <linux/syscalls.h>
#include <linux/uaccess.h>
#include "internal.h"

/* msync(2): 0, -ENOMEM for a hole, -EBUSY for MS_INVALIDATE of locked memory. */
static int sync_range(struct mm_struct *mm, unsigned long start, unsigned long end, int flags)
{
	int unmapped = 0;

	while (start < end) {
		struct vm_area_struct *vma = find_vma(mm, start);

		if (!vma || vma->vm_start >= end)
			return -ENOMEM;
		if (vma->vm_start > start) {
			if (flags == MS_ASYNC)
				return -ENOMEM;
			unmapped = -ENOMEM;
		}
		if ((flags & MS_INVALIDATE) && (vma->vm_flags & VM_LOCKED))
			return -EBUSY;
		start = vma->vm_end;
	}
	return unmapped;
}

SYSCALL_DEFINE3(msync, unsigned long, start, size_t, len, int, flags)
{
	struct mm_struct *mm = current->mm;
	unsigned long end;
	int err;

	if (flags & ~(MS_ASYNC | MS_INVALIDATE | MS_SYNC))
		return -EINVAL;
	if (offset_in_page(start) || ((flags & MS_ASYNC) && (flags & MS_SYNC)))
		return -EINVAL;
	end = start + PAGE_ALIGN(len);
	if (end < start)
		return -ENOMEM;
	if (end == start)
		return 0;
	mmap_read_lock(mm);
	err = sync_range(mm, start, end, flags);
	mmap_read_unlock(mm);
	return err;
}

/* ---- mincore ---- */

struct residency {
	unsigned char *vec;
	unsigned long start;
};

static bool note_present(pte_t pte, unsigned long addr, unsigned int owners, void *arg)
{
	struct residency *r = arg;

	r->vec[(addr - r->start) >> PAGE_SHIFT] = 1;
	return true;
}

/* Who may write the file may learn what of it is cached; others would spy. */
static bool may_tell(struct vm_area_struct *vma)
{
	if (vma_is_anonymous(vma) || vma_is_anon_shmem(vma))
		return true;
	if (!vma->vm_file)
		return false;
	return inode_owner_or_capable(file_inode(vma->vm_file)) ||
	       !inode_permission(file_inode(vma->vm_file), MAY_WRITE);
}

static void fill_from_cache(struct vm_area_struct *vma, struct residency *r, unsigned long end)
{
	unsigned long addr;
	struct page *page;

	for (addr = r->start; addr < end; addr += PAGE_SIZE) {
		page = find_get_page(vma->vm_file->f_mapping, linear_index(vma, addr));
		if (!page)
			continue;
		r->vec[(addr - r->start) >> PAGE_SHIFT] = 1;
		put_page(page);
	}
}

/* mmap_lock read-held; pages answered from @addr, or -ENOMEM. */
static long mincore_part(struct mm_struct *mm, unsigned long addr, unsigned long pages,
			 unsigned char *vec)
{
	struct vm_area_struct *vma = vma_lookup(mm, addr);
	struct residency r = { vec, addr };
	unsigned long end;

	if (!vma)
		return -ENOMEM;
	end = min(vma->vm_end, addr + (pages << PAGE_SHIFT));
	pages = (end - addr) >> PAGE_SHIFT;
	if (!may_tell(vma)) {
		memset(vec, 1, pages);
		return pages;
	}
	memset(vec, 0, pages);
	pt_visit_range(mm, addr, end, note_present, &r);
	if (vma->vm_file)
		fill_from_cache(vma, &r, end);
	return pages;
}

SYSCALL_DEFINE3(mincore, unsigned long, start, size_t, len, unsigned char __user *, vec)
{
	struct mm_struct *mm = current->mm;
	unsigned long pages = (len + PAGE_SIZE - 1) >> PAGE_SHIFT;
	unsigned char *buf;
	long done = 0;

	if (offset_in_page(start))
		return -EINVAL;
	if (!access_ok(start, len))
		return -ENOMEM;
	if (!access_ok(vec, pages))
		return -EFAULT;
	buf = (unsigned char *)__get_free_page(GFP_USER);
	if (!buf)
		return -EAGAIN;
	while (pages) {
		mmap_read_lock(mm);
		done = mincore_part(mm, start, min(pages, PAGE_SIZE), buf);
		mmap_read_unlock(mm);
		if (done <= 0)
			break;
		if (copy_to_user(vec, buf, done)) {
			done = -EFAULT;
			break;
		}
		pages -= done;
		vec += done;
		start += done << PAGE_SHIFT;
		done = 0;
	}
	free_page((unsigned long)buf);
	return done;
}

/* ---- remap_file_pages ---- */

static unsigned long remap_pages(struct mm_struct *mm, unsigned long start, unsigned long size,
				 unsigned long pgoff, unsigned long flags, unsigned long *populate)
{
	struct vm_area_struct *vma = vma_lookup(mm, start), *next;
	unsigned long prot = 0, ret;
	struct file *file;

	if (!vma || !(vma->vm_flags & VM_SHARED) || !vma->vm_file)
		return -EINVAL;
	for (next = vma; start + size > next->vm_end; next = next->vm_next)
		if (!next->vm_next || next->vm_next->vm_start != next->vm_end ||
		    next->vm_next->vm_file != vma->vm_file ||
		    next->vm_next->vm_flags != vma->vm_flags)
			return -EINVAL;
	prot = vma->vm_flags & (PROT_READ | PROT_WRITE | PROT_EXEC);
	flags = (flags & MAP_NONBLOCK) | MAP_SHARED | MAP_FIXED | MAP_POPULATE;
	if (vma->vm_flags & VM_LOCKED)
		flags |= MAP_LOCKED;
	file = get_file(vma->vm_file);
	ret = do_mmap(file, start, size, prot, flags, 0, pgoff, populate);
	fput(file);
	return ret;
}

SYSCALL_DEFINE5(remap_file_pages, unsigned long, start, unsigned long, size,
		unsigned long, prot, unsigned long, pgoff, unsigned long, flags)
{
	struct mm_struct *mm = current->mm;
	unsigned long ret, populate = 0;

	if (prot)
		return -EINVAL;
	start &= PAGE_MASK;
	size &= PAGE_MASK;
	if (start + size <= start || pgoff + (size >> PAGE_SHIFT) < pgoff)
		return -EINVAL;
	if (mmap_write_lock_killable(mm))
		return -EINTR;
	ret = remap_pages(mm, start, size, pgoff, flags, &populate);
	mmap_write_unlock(mm);
	if (populate)
		mm_populate(ret, populate);
	return IS_ERR_VALUE(ret) ? (long)ret : 0;
}

/* ---- advice about files ---- */

SYSCALL_DEFINE4(fadvise64, int, fd, loff_t, offset, size_t, len, int, advice)
{
	struct file *file = fget(fd);
	long err = 0;

	if (!file)
		return -EBADF;
	if (S_ISFIFO(file_inode(file)->i_mode))
		err = -ESPIPE;
	else if ((loff_t)len < 0 || advice < POSIX_FADV_NORMAL || advice > POSIX_FADV_NOREUSE)
		err = -EINVAL;
	fput(file);
	return err;
}

SYSCALL_DEFINE3(readahead, int, fd, loff_t, offset, size_t, count)
{
	struct file *file = fget(fd);
	long err = 0;

	if (!file)
		return -EBADF;
	if (!(file->f_mode & FMODE_READ))
		err = -EBADF;
	else if (!file->f_mapping || !file->f_mapping->a_ops ||
		 !S_ISREG(file_inode(file)->i_mode))
		err = -EINVAL;
	fput(file);
	return err;
}

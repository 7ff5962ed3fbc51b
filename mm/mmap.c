// SPDX-License-Identifier: GPL-2.0-only
/*
 * Making areas: mmap(2) and its kernel callers, where they go and what they may be. mmap_lock is
 * held for writing throughout.
 */
#include <linux/capability.h>
#include <linux/fault-inject.h>
#include <linux/fcntl.h>
#include <linux/err.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/mman.h>
#include <linux/mount.h>
#include <linux/pagemap.h>
#include <linux/personality.h>
#include <linux/shmem_fs.h>
#include <linux/syscalls.h>
#include "internal.h"

int sysctl_max_map_count = DEFAULT_MAX_MAP_COUNT;
unsigned int sysctl_stack_guard_gap = 256;
unsigned long mmap_min_addr = 65536;

/* ---- accounting ---- */

static bool is_data_mapping(unsigned long flags)
{
	return (flags & (VM_WRITE | VM_SHARED | VM_STACK)) == VM_WRITE;
}

static bool is_exec_mapping(unsigned long flags)
{
	return (flags & (VM_EXEC | VM_WRITE | VM_STACK)) == VM_EXEC;
}

void vm_stat_account(struct mm_struct *mm, unsigned long flags, long npages)
{
	mm->total_vm += npages;
	if (mm->hiwater_vm < mm->total_vm)
		mm->hiwater_vm = mm->total_vm;
	if (is_exec_mapping(flags))
		mm->exec_vm += npages;
	else if (flags & VM_STACK)
		mm->stack_vm += npages;
	else if (is_data_mapping(flags))
		mm->data_vm += npages;
}

/* RLIMIT_AS and RLIMIT_DATA */
bool may_expand_vm(struct mm_struct *mm, unsigned long flags, unsigned long npages)
{
	if (mm->total_vm + npages > rlimit(RLIMIT_AS) >> PAGE_SHIFT)
		return false;
	return !is_data_mapping(flags) ||
	       mm->data_vm + npages <= rlimit(RLIMIT_DATA) >> PAGE_SHIFT;
}

/* Is memory promised when this is mapped, because each page may become private? */
bool accountable_mapping(struct file *file, unsigned long vm_flags)
{
	return (vm_flags & (VM_NORESERVE | VM_SHARED | VM_WRITE)) == VM_WRITE;
}

/* ---- protections ---- */

/* By VM_READ, VM_WRITE, VM_EXEC. Private areas start without the writable bit: copy on write. */
pgprot_t vm_get_page_prot(unsigned long vm_flags)
{
	bool exec = vm_flags & VM_EXEC;

	if (!(vm_flags & VM_ACCESS_FLAGS))
		return PAGE_NONE;
	if ((vm_flags & VM_WRITE) && (vm_flags & VM_SHARED))
		return exec ? PAGE_SHARED_EXEC : PAGE_SHARED;
	return exec ? PAGE_READONLY_EXEC : PAGE_READONLY;
}

void vma_set_page_prot(struct vm_area_struct *vma)
{
	vma->vm_page_prot = vm_get_page_prot(vma->vm_flags);
}

/* ---- where to map ---- */

static bool path_noexec(const struct path *path)
{
	return path->mnt && (path->mnt->mnt_flags & MNT_NOEXEC);
}

static unsigned long round_hint(unsigned long hint)
{
	hint &= PAGE_MASK;
	return hint && hint < mmap_min_addr ? PAGE_ALIGN(mmap_min_addr) : hint;
}

static bool hint_is_free(struct mm_struct *mm, unsigned long addr, unsigned long len)
{
	struct vm_area_struct *vma, *prev;

	if (addr > TASK_SIZE - len || addr < mmap_min_addr)
		return false;
	vma = find_vma_prev(mm, addr, &prev);
	return (!vma || addr + len <= vm_start_gap(vma)) && (!prev || addr >= prev->vm_end);
}

static unsigned long search_area(struct mm_struct *mm, unsigned long len, unsigned long flags)
{
	struct vm_unmapped_area_info info = { .length = len };
	unsigned long addr;

	if (flags & MAP_32BIT) {
		info.low_limit = 0x40000000UL;
		info.high_limit = 0x80000000UL;
		return vma_find_gap(mm, &info);
	}
	if (mm->mmap_topdown) {
		info.topdown = true;
		info.low_limit = max(PAGE_SIZE, mmap_min_addr);
		info.high_limit = mm->mmap_base;
		addr = vma_find_gap(mm, &info);
		if (!IS_ERR_VALUE(addr))
			return addr;
		info.topdown = false;
	}
	info.low_limit = mm->mmap_topdown ? PAGE_ALIGN(TASK_SIZE / 3) : mm->mmap_base;
	info.high_limit = TASK_SIZE;
	return vma_find_gap(mm, &info);
}

/**
 * get_unmapped_area() - choose or check the place of a new mapping of current
 *
 * Context: mmap_lock held.
 * Return: the address, -ENOMEM, or -EINVAL for an unaligned MAP_FIXED one.
 */
unsigned long get_unmapped_area(struct file *file, unsigned long addr, unsigned long len,
				unsigned long pgoff, unsigned long flags)
{
	struct mm_struct *mm = current->mm;

	if (len > TASK_SIZE)
		return -ENOMEM;
	if (flags & MAP_FIXED) {
		if (addr > TASK_SIZE - len)
			return -ENOMEM;
		return offset_in_page(addr) ? -EINVAL : addr;
	}
	addr = PAGE_ALIGN(addr);
	if (addr && !(flags & MAP_32BIT) && hint_is_free(mm, addr, len))
		return addr;
	return search_area(mm, len, flags);
}

/* ---- mmap ---- */

int can_do_mlock(void)
{
	return rlimit(RLIMIT_MEMLOCK) != 0 || capable(CAP_IPC_LOCK);
}

/* May @len more bytes be locked? 0 or -EAGAIN. */
int mlock_future_check(struct mm_struct *mm, unsigned long flags, unsigned long len)
{
	unsigned long locked = (len >> PAGE_SHIFT) + mm->locked_vm;

	if (likely(!(flags & VM_LOCKED)))
		return 0;
	if (should_fail_charge("memlock"))
		return -EAGAIN;
	if (locked > rlimit(RLIMIT_MEMLOCK) >> PAGE_SHIFT && !capable(CAP_IPC_LOCK))
		return -EAGAIN;
	return 0;
}

/* Do the offsets stay within what the file system can address? */
static bool offsets_fit(struct file *file, unsigned long pgoff, unsigned long len)
{
	struct inode *inode = file_inode(file);
	unsigned long max = S_ISREG(inode->i_mode) ? inode->i_sb->s_maxbytes : MAX_LFS_FILESIZE;

	if (S_ISCHR(inode->i_mode))
		return true;
	return len <= max && pgoff <= (max - len) >> PAGE_SHIFT;
}

static long shared_file_flags(struct file *file, unsigned long prot, unsigned long *vm_flags)
{
	if ((prot & PROT_WRITE) && !(file->f_mode & FMODE_WRITE))
		return -EACCES;
	if (IS_APPEND(file_inode(file)) && (file->f_mode & FMODE_WRITE))
		return -EACCES;
	*vm_flags |= VM_SHARED | VM_MAYSHARE;
	if (!(file->f_mode & FMODE_WRITE))
		*vm_flags &= ~(VM_MAYWRITE | VM_SHARED);
	return 0;
}

static long file_flags(struct file *file, unsigned long prot, unsigned long flags,
		       unsigned long *vm_flags)
{
	unsigned long known = MAP_SHARED | MAP_PRIVATE | MAP_FIXED | MAP_ANONYMOUS | MAP_DENYWRITE |
			      MAP_EXECUTABLE | MAP_GROWSDOWN | MAP_LOCKED | MAP_NORESERVE |
			      MAP_POPULATE | MAP_NONBLOCK | MAP_STACK | MAP_HUGETLB | MAP_32BIT;
	long err = 0;

	switch (flags & MAP_TYPE) {
	case MAP_SHARED_VALIDATE:
		if ((flags & ~MAP_TYPE) & ~(known | MAP_FIXED_NOREPLACE))
			return -EOPNOTSUPP;
		fallthrough;
	case MAP_SHARED:
		err = shared_file_flags(file, prot, vm_flags);
		if (err)
			return err;
		break;
	case MAP_PRIVATE:
		break;
	default:
		return -EINVAL;
	}
	if (!(file->f_mode & FMODE_READ))
		return -EACCES;
	if (path_noexec(&file->f_path)) {
		if (*vm_flags & VM_EXEC)
			return -EPERM;
		*vm_flags &= ~VM_MAYEXEC;
	}
	if (!file->f_op->mmap)
		return -ENODEV;
	return *vm_flags & VM_GROWSDOWN ? -EINVAL : 0;
}

static long anon_flags(unsigned long flags, unsigned long *vm_flags)
{
	switch (flags & MAP_TYPE) {
	case MAP_SHARED:
		if (*vm_flags & VM_GROWSDOWN)
			return -EINVAL;
		*vm_flags |= VM_SHARED | VM_MAYSHARE;
		return 0;
	case MAP_PRIVATE:
		return 0;
	default:
		return -EINVAL;
	}
}

unsigned long do_mmap(struct file *file, unsigned long addr, unsigned long len,
		      unsigned long prot, unsigned long flags, unsigned long vm_flags,
		      unsigned long pgoff, unsigned long *populate)
{
	struct mm_struct *mm = current->mm;
	long err;

	*populate = 0;
	if (!len)
		return -EINVAL;
	if ((prot & PROT_READ) && (current->personality & READ_IMPLIES_EXEC) &&
	    !(file && path_noexec(&file->f_path)))
		prot |= PROT_EXEC;
	if (flags & MAP_FIXED_NOREPLACE)
		flags |= MAP_FIXED;
	if (!(flags & MAP_FIXED))
		addr = round_hint(addr);
	len = PAGE_ALIGN(len);
	if (!len)
		return -ENOMEM;
	if (pgoff + (len >> PAGE_SHIFT) < pgoff)
		return -EOVERFLOW;
	if (mm->map_count > sysctl_max_map_count)
		return -ENOMEM;
	addr = get_unmapped_area(file, addr, len, pgoff, flags);
	if (IS_ERR_VALUE(addr))
		return addr;
	if (addr < mmap_min_addr && !capable(CAP_SYS_RAWIO))
		return -EPERM;
	if ((flags & MAP_FIXED_NOREPLACE) && find_vma_intersection(mm, addr, addr + len))
		return -EEXIST;
	vm_flags |= calc_vm_prot_bits(prot) | calc_vm_flag_bits(flags) | mm->def_flags |
		    VM_MAYREAD | VM_MAYWRITE | VM_MAYEXEC;
	if ((flags & MAP_LOCKED) && !can_do_mlock())
		return -EPERM;
	err = mlock_future_check(mm, vm_flags, len);
	if (!err && file && !offsets_fit(file, pgoff, len))
		err = -EOVERFLOW;
	if (!err)
		err = file ? file_flags(file, prot, flags, &vm_flags) :
			     anon_flags(flags, &vm_flags);
	if (err)
		return err;
	if ((flags & MAP_NORESERVE) && sysctl_overcommit_memory != OVERCOMMIT_NEVER)
		vm_flags |= VM_NORESERVE;
	addr = mmap_region(mm, file, addr, len, vm_flags, pgoff);
	if (!IS_ERR_VALUE(addr) && ((vm_flags & VM_LOCKED_MASK) == VM_LOCKED ||
				    (flags & (MAP_POPULATE | MAP_NONBLOCK)) == MAP_POPULATE))
		*populate = len;
	return addr;
}

/* Pages of [addr, addr + len) that are mapped already and would be replaced. */
static unsigned long count_pages(struct mm_struct *mm, unsigned long addr, unsigned long end)
{
	struct vm_area_struct *vma = find_vma_intersection(mm, addr, end);
	unsigned long pages = 0;

	for (; vma && vma->vm_start < end; vma = vma->vm_next)
		pages += (min(end, vma->vm_end) - max(addr, vma->vm_start)) >> PAGE_SHIFT;
	return pages;
}

/* The file's or the shared memory's part of a new area. */
static int back_vma(struct vm_area_struct *vma, struct file *file)
{
	int err;

	if (!file)
		return vma->vm_flags & VM_SHARED ? shmem_zero_setup(vma) : 0;
	vma->vm_file = get_file(file);
	err = file->f_op->mmap(file, vma);
	if (err) {
		fput(file);
		vma->vm_file = NULL;
	}
	return err;
}

/* A shared writable mapping of @file must not begin while a seal against it is being set. */
static bool may_map_writable(struct file *file, unsigned long vm_flags)
{
	atomic_t *writable = &file->f_mapping->i_mmap_writable;
	int v = atomic_read(writable);

	if (!(vm_flags & VM_SHARED))
		return true;
	while (v >= 0)
		if (atomic_try_cmpxchg(writable, &v, v + 1))
			return true;
	return false;
}

static void done_mapping_writable(struct file *file, unsigned long vm_flags)
{
	if (vm_flags & VM_SHARED)
		atomic_dec(&file->f_mapping->i_mmap_writable);
}

static struct vm_area_struct *new_region(struct mm_struct *mm, struct file *file,
					 unsigned long addr, unsigned long len,
					 unsigned long vm_flags, unsigned long pgoff)
{
	struct vm_area_struct *vma = vm_area_alloc(mm);
	int err;

	if (!vma)
		return ERR_PTR(-ENOMEM);
	vma->vm_start = addr;
	vma->vm_end = addr + len;
	vma->vm_flags = vm_flags;
	vma->vm_pgoff = pgoff;
	vma_set_page_prot(vma);
	err = back_vma(vma, file);
	if (err) {
		vm_area_free(vma);
		return ERR_PTR(err);
	}
	insert_vm_struct(mm, vma);
	return vma;
}

/* Only memory without a driver's say can grow a neighbour unseen. */
static struct vm_area_struct *merge_region(struct mm_struct *mm, struct file *file,
					   unsigned long addr, unsigned long len,
					   unsigned long vm_flags, unsigned long pgoff)
{
	struct vm_area_struct *prev;

	if (!file && (vm_flags & VM_SHARED))
		return NULL;
	if (file && file->f_op->mmap != generic_file_mmap)
		return NULL;
	find_vma_prev(mm, addr, &prev);
	return vma_merge_hole(mm, prev, addr, addr + len, vm_flags, file, pgoff);
}

/**
 * mmap_region() - map [addr, addr + len) with ready flags, replacing what is there
 *
 * Context: mmap_lock held for writing.
 * Return: @addr or -errno.
 */
unsigned long mmap_region(struct mm_struct *mm, struct file *file, unsigned long addr,
			  unsigned long len, unsigned long vm_flags, unsigned long pgoff)
{
	unsigned long pages = len >> PAGE_SHIFT, charged = 0;
	struct vm_area_struct *vma;
	int err;

	if (!may_expand_vm(mm, vm_flags, pages) &&
	    !may_expand_vm(mm, vm_flags, pages - count_pages(mm, addr, addr + len)))
		return -ENOMEM;
	err = do_munmap(mm, addr, len);
	if (err)
		return err;
	if (accountable_mapping(file, vm_flags)) {
		if (security_vm_enough_memory(mm, pages))
			return -ENOMEM;
		charged = pages;
		vm_flags |= VM_ACCOUNT;
	}
	if (file && !may_map_writable(file, vm_flags)) {
		vm_unacct_memory(charged);
		return -EPERM;
	}
	vma = merge_region(mm, file, addr, len, vm_flags, pgoff);
	if (!vma)
		vma = new_region(mm, file, addr, len, vm_flags, pgoff);
	if (file)
		done_mapping_writable(file, vm_flags);
	if (IS_ERR(vma)) {
		vm_unacct_memory(charged);
		return PTR_ERR(vma);
	}
	vm_stat_account(mm, vm_flags, pages);
	if (vma->vm_flags & VM_LOCKED) {
		if (vma->vm_flags & (VM_IO | VM_PFNMAP))
			vma->vm_flags &= ~VM_LOCKED_MASK;
		else
			mm_locked_add(mm, pages);
	}
	return addr;
}

unsigned long vm_mmap_pgoff(struct file *file, unsigned long addr, unsigned long len,
			    unsigned long prot, unsigned long flags, unsigned long pgoff)
{
	struct mm_struct *mm = current->mm;
	unsigned long ret, populate;

	if (mmap_write_lock_killable(mm))
		return -EINTR;
	ret = do_mmap(file, addr, len, prot, flags, 0, pgoff, &populate);
	mmap_write_unlock(mm);
	if (populate)
		mm_populate(ret, populate);
	return ret;
}

unsigned long vm_mmap(struct file *file, unsigned long addr, unsigned long len,
		      unsigned long prot, unsigned long flags, unsigned long offset)
{
	if (offset + PAGE_ALIGN(len) < offset || offset_in_page(offset))
		return -EINVAL;
	return vm_mmap_pgoff(file, addr, len, prot, flags, offset >> PAGE_SHIFT);
}

/* The pools of huge pages, of 2 MiB and of 1 GiB, are empty, and stay so. */
static long huge_mmap_error(unsigned long len, unsigned long flags)
{
	unsigned long log_size = flags >> MAP_HUGE_SHIFT & MAP_HUGE_MASK;

	if (!len || (log_size && log_size != 21 && log_size != 30))
		return -EINVAL;
	return -ENOMEM;
}

SYSCALL_DEFINE6(mmap, unsigned long, addr, unsigned long, len, unsigned long, prot,
		unsigned long, flags, unsigned long, fd, unsigned long, off)
{
	struct file *file = NULL;
	unsigned long ret;

	if (offset_in_page(off))
		return -EINVAL;
	if (!(flags & MAP_ANONYMOUS)) {
		file = fget(fd);
		if (!file)
			return -EBADF;
		if (flags & MAP_HUGETLB) {
			fput(file);
			return -EINVAL;
		}
	} else if (flags & MAP_HUGETLB) {
		return huge_mmap_error(len, flags);
	}
	ret = vm_mmap_pgoff(file, addr, len, prot, flags, off >> PAGE_SHIFT);
	if (file)
		fput(file);
	return ret;
}

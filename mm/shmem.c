// SPDX-License-Identifier: GPL-2.0-only
/*
 * tmpfs's memory: pages that exist only in the page cache, charged to the mount's size. The inode
 * lock guards sizes and seals; pages are made under the cache's own rules.
 */
#include <linux/falloc.h>
#include <linux/fcntl.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/mman.h>
#include <linux/pagemap.h>
#include <linux/shmem_fs.h>
#include "internal.h"

void shmem_init_mapping(struct inode *inode, struct shmem_info *info, struct shmem_limits *limits,
			unsigned long vm_flags)
{
	info->limits = limits;
	info->flags = vm_flags & VM_NORESERVE;
	atomic_long_set(&info->alloced, 0);
	inode->i_mapping->a_ops = &shmem_aops;
	inode->i_mapping->private_data = info;
}

/* ---- charging ---- */

/* Charge first, then compare: two writers cannot share the last page. */
static int charge_page(struct shmem_info *info)
{
	struct shmem_limits *limits = info->limits;

	if (limits && atomic_long_inc_return(&limits->used_blocks) > (long)limits->max_blocks &&
	    limits->max_blocks) {
		atomic_long_dec(&limits->used_blocks);
		return -ENOSPC;
	}
	/* Memory that was not promised when the file was made is promised page by page. */
	if ((info->flags & VM_NORESERVE) && security_vm_enough_memory(NULL, 1)) {
		if (limits)
			atomic_long_dec(&limits->used_blocks);
		return -ENOSPC;
	}
	atomic_long_inc(&info->alloced);
	return 0;
}

static void uncharge(struct shmem_info *info, long pages)
{
	if (info->limits)
		atomic_long_sub(pages, &info->limits->used_blocks);
	if (info->flags & VM_NORESERVE)
		vm_unacct_memory(pages);
	atomic_long_sub(pages, &info->alloced);
}

static void shmem_freepage(struct address_space *mapping, unsigned long nr)
{
	uncharge(mapping->private_data, nr);
}

/* ---- pages ---- */

static bool beyond_end(struct address_space *mapping, pgoff_t index)
{
	return index >= (pgoff_t)((i_size_read(mapping->host) + PAGE_SIZE - 1) >> PAGE_SHIFT);
}

static int make_page(struct address_space *mapping, pgoff_t index, struct page **pagep)
{
	struct shmem_info *info = mapping->private_data;
	struct page *page;
	int err = charge_page(info);

	if (err)
		return err;
	page = alloc_page(GFP_USER | __GFP_ZERO);
	if (!page) {
		uncharge(info, 1);
		return fatal_signal_pending(current) ? -EINTR : -ENOMEM;
	}
	page->flags = 1UL << PG_uptodate | 1UL << PG_swapbacked;
	err = add_to_page_cache(page, mapping, index, GFP_KERNEL);
	if (err) {
		put_page(page);
		uncharge(info, 1);
		return err;
	}
	*pagep = page;
	return 0;
}

static int shmem_getpage(struct address_space *mapping, pgoff_t index, enum getpage_mode mode,
			 struct page **pagep)
{
	int err;

	do {
		/* A page may be left behind the end by a fault that lost to truncation. */
		if (mode == GET_CACHE && beyond_end(mapping, index))
			return -EINVAL;
		*pagep = find_get_page(mapping, index);
		if (*pagep || mode == GET_READ)
			return 0;
		err = make_page(mapping, index, pagep);
	} while (err == -EEXIST);
	if (!err && mode == GET_CACHE && unlikely(beyond_end(mapping, index))) {
		/* Truncated while it was made. It is zero, so it may stay until the file goes. */
		put_page(*pagep);
		return -EINVAL;
	}
	return err;
}

/* Seals against writing, and against growing. */
static int shmem_may_write(struct address_space *mapping, loff_t pos, size_t len)
{
	struct shmem_info *info = mapping->private_data;

	if (likely(!(info->seals & (F_SEAL_WRITE | F_SEAL_FUTURE_WRITE | F_SEAL_GROW))))
		return 0;
	if (info->seals & (F_SEAL_WRITE | F_SEAL_FUTURE_WRITE))
		return -EPERM;
	return pos + (loff_t)len > i_size_read(mapping->host) ? -EPERM : 0;
}

const struct address_space_operations shmem_aops = {
	.getpage = shmem_getpage,
	.may_write = shmem_may_write,
	.freepage = shmem_freepage,
};

/* ---- sizes ---- */

/* Zero [from, to) of one page if it is there. */
static void zero_part(struct address_space *mapping, loff_t from, loff_t to)
{
	struct page *page = find_get_page(mapping, from >> PAGE_SHIFT);

	if (!page)
		return;
	memset((char *)page_address(page) + offset_in_page(from), 0, to - from);
	SetPageDirty(page);
	put_page(page);
}

int shmem_setsize(struct inode *inode, loff_t size)
{
	struct shmem_info *info = SHMEM_I(inode);
	loff_t old = i_size_read(inode);

	if ((size < old && (info->seals & F_SEAL_SHRINK)) ||
	    (size > old && (info->seals & F_SEAL_GROW)))
		return -EPERM;
	i_size_write(inode, size);
	if (size >= old)
		return 0;
	/* What lies behind the end within its page must read as zero when the file grows again. */
	if (offset_in_page(size))
		zero_part(inode->i_mapping, size, round_up(size, (loff_t)PAGE_SIZE));
	truncate_pagecache(inode, size);
	return 0;
}

void shmem_evict_inode(struct inode *inode)
{
	truncate_inode_pages_final(inode->i_mapping);
	vm_unacct_memory(SHMEM_I(inode)->promised);
	WARN_ON(atomic_long_read(&SHMEM_I(inode)->alloced));
}

/* ---- holes ---- */

static void punch_hole(struct inode *inode, loff_t offset, loff_t len)
{
	struct address_space *mapping = inode->i_mapping;
	loff_t end = offset + len, first = round_up(offset, (loff_t)PAGE_SIZE);
	loff_t behind = round_down(end, (loff_t)PAGE_SIZE);

	if (first > behind) {		/* within one page */
		zero_part(mapping, offset, end);
		return;
	}
	if (offset < first)
		zero_part(mapping, offset, first);
	if (behind < end)
		zero_part(mapping, behind, end);
	truncate_pagecache_range(inode, offset, end - 1);
}

/* All pages of the range now, or those made for this call go again. */
static int reserve(struct inode *inode, loff_t offset, loff_t end)
{
	struct address_space *mapping = inode->i_mapping;
	pgoff_t first = offset >> PAGE_SHIFT, last = (end - 1) >> PAGE_SHIFT, index;
	struct page *page;
	int err = 0;

	for (index = first; index <= last && !err; index++) {
		if (signal_pending(current))
			err = -EINTR;
		else
			err = mapping->a_ops->getpage(mapping, index, GET_WRITE, &page);
		if (!err)
			put_page(page);
		cond_resched();
	}
	return err;
}

long shmem_fallocate(struct file *file, int mode, loff_t offset, loff_t len)
{
	struct inode *inode = file_inode(file);
	struct shmem_info *info = SHMEM_I(inode);
	loff_t end = offset + len;
	long err = 0;

	if (mode & ~(FALLOC_FL_KEEP_SIZE | FALLOC_FL_PUNCH_HOLE))
		return -EOPNOTSUPP;
	inode_lock(inode);
	if (mode & FALLOC_FL_PUNCH_HOLE) {
		if (info->seals & (F_SEAL_WRITE | F_SEAL_FUTURE_WRITE))
			err = -EPERM;
		else
			punch_hole(inode, offset, len);
		goto out;
	}
	err = inode_newsize_ok(inode, end);
	if (!err && (info->seals & F_SEAL_GROW) && end > i_size_read(inode))
		err = -EPERM;
	if (!err && info->limits && info->limits->max_blocks &&
	    (u64)(len + PAGE_SIZE - 1) >> PAGE_SHIFT > info->limits->max_blocks)
		err = -ENOSPC;
	if (!err)
		err = reserve(inode, offset, end);
	if (!err && !(mode & FALLOC_FL_KEEP_SIZE) && end > i_size_read(inode))
		i_size_write(inode, end);
	if (!err)
		inode_touch(inode, S_CTIME);
out:
	inode_unlock(inode);
	return err;
}

/* The first byte at or behind @offset that is data (or a hole); the inode is locked. */
static loff_t seek_page(struct address_space *mapping, loff_t offset, loff_t size, bool data)
{
	pgoff_t index = offset >> PAGE_SHIFT, end = (size + PAGE_SIZE - 1) >> PAGE_SHIFT;

	if (data) {
		unsigned long at = index;

		if (!xa_find(&mapping->i_pages, &at, end - 1))
			return -ENXIO;
		index = at;
	} else {
		while (index < end && xa_load(&mapping->i_pages, index))
			index++;
	}
	return min(max(offset, (loff_t)index << PAGE_SHIFT), size);
}

loff_t shmem_file_llseek(struct file *file, loff_t offset, int whence)
{
	struct inode *inode = file_inode(file);
	loff_t size, to;

	if (whence != SEEK_DATA && whence != SEEK_HOLE)
		return generic_file_llseek(file, offset, whence);
	inode_lock(inode);
	size = i_size_read(inode);
	if (offset < 0 || offset >= size)
		to = -ENXIO;
	else
		to = seek_page(inode->i_mapping, offset, size, whence == SEEK_DATA);
	if (to >= 0)
		to = vfs_setpos(file, to, MAX_LFS_FILESIZE);
	inode_unlock(inode);
	return to;
}

/* ---- memory shared between processes ---- */

/* As any file's; the address of the table tells such areas from mapped files. */
static const struct vm_operations_struct shmem_anon_vm_ops = {
	.fault = filemap_fault,
	.map_pages = filemap_map_pages,
};

bool vma_is_anon_shmem(const struct vm_area_struct *vma)
{
	return vma->vm_ops == &shmem_anon_vm_ops;
}

struct file *shmem_promised_file(const char *name, loff_t size, unsigned long flags)
{
	unsigned long promise = flags & VM_NORESERVE ? 0 : PAGE_ALIGN(size) >> PAGE_SHIFT;
	struct file *file;

	if (promise && security_vm_enough_memory(current->mm, promise))
		return ERR_PTR(-ENOMEM);
	file = shmem_file_setup(name, size, flags & VM_NORESERVE);
	if (IS_ERR(file))
		vm_unacct_memory(promise);
	else
		SHMEM_I(file_inode(file))->promised = promise;
	return file;
}

int shmem_zero_setup(struct vm_area_struct *vma)
{
	struct file *file = shmem_promised_file("dev/zero", vma->vm_end - vma->vm_start,
						vma->vm_flags);

	if (IS_ERR(file))
		return PTR_ERR(file);
	if (vma->vm_file)
		fput(vma->vm_file);
	vma->vm_file = file;
	vma->vm_ops = &shmem_anon_vm_ops;
	return 0;
}

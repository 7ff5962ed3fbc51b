// SPDX-License-Identifier: GPL-2.0-only
/*
 * tmpfs: files, directories, links. Names are pinned dentries (fs/libfs.c), data is
 * the page cache (mm/shmem.c); what is here joins them. The inode's i_rwsem guards.
 */
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/err.h>
#include <linux/init.h>
#include <linux/mm.h>
#include <linux/mount.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uio.h>
#include "../internal.h"
#include "internal.h"

/* What a name adds to its directory's size: only to show that there is something. */
#define DIRENT_SIZE	20

static struct kmem_cache *tmpfs_inode_cache;

static const struct inode_operations tmpfs_dir_inode_operations;
static const struct inode_operations tmpfs_inode_operations;
static const struct inode_operations tmpfs_symlink_inode_operations;

/* ---- inodes ---- */

struct inode *tmpfs_alloc_inode(struct super_block *sb)
{
	struct tmpfs_inode *ti = kmem_cache_zalloc(tmpfs_inode_cache, GFP_KERNEL);

	if (!ti)
		return NULL;
	inode_init_once(&ti->vfs_inode);
	return &ti->vfs_inode;
}

void tmpfs_free_inode(struct inode *inode)
{
	kmem_cache_free(tmpfs_inode_cache, TMPFS_I(inode));
}

/* Charge first, then compare. */
static bool charge_inode(struct super_block *sb)
{
	struct tmpfs_sb *sbi = TMPFS_SB(sb);
	unsigned long used = atomic_long_inc_return(&sbi->used_inodes);

	if (likely(!sbi->max_inodes || used <= sbi->max_inodes))
		return true;
	atomic_long_dec(&sbi->used_inodes);
	return false;
}

static void uncharge_inode(struct super_block *sb)
{
	atomic_long_dec(&TMPFS_SB(sb)->used_inodes);
}

static void set_operations(struct inode *inode, umode_t mode, dev_t dev, unsigned long vm_flags)
{
	inode->i_op = &tmpfs_inode_operations;
	switch (mode & S_IFMT) {
	case S_IFREG:
		inode->i_fop = &tmpfs_file_operations;
		shmem_init_mapping(inode, &TMPFS_I(inode)->shmem,
				   &TMPFS_SB(inode->i_sb)->limits, vm_flags);
		TMPFS_I(inode)->shmem.seals = F_SEAL_SEAL;
		break;
	case S_IFDIR:
		inode->i_op = &tmpfs_dir_inode_operations;
		inode->i_fop = &simple_dir_operations;
		inode->i_size = 2 * DIRENT_SIZE;
		set_nlink(inode, 2);
		break;
	case S_IFLNK:
		inode->i_op = &tmpfs_symlink_inode_operations;
		break;
	default:
		init_special_inode(inode, inode->i_mode, dev);
	}
}

struct inode *tmpfs_get_inode(struct super_block *sb, const struct inode *dir, umode_t mode,
			      dev_t dev, unsigned long vm_flags)
{
	struct inode *inode;

	if (!charge_inode(sb))
		return NULL;
	inode = new_inode(sb);
	if (!inode) {
		uncharge_inode(sb);
		return NULL;
	}
	inode_init_owner(inode, dir, mode);
	set_operations(inode, mode, dev, vm_flags);
	return inode;
}

void tmpfs_evict_inode(struct inode *inode)
{
	if (S_ISREG(inode->i_mode))
		shmem_evict_inode(inode);
	else if (S_ISLNK(inode->i_mode))
		kfree(inode->i_link);
	uncharge_inode(inode->i_sb);
}

/* ---- names ---- */

static void grow_dir(struct inode *dir, int entries)
{
	dir->i_size += entries * DIRENT_SIZE;
	inode_touch(dir, S_CTIME | S_MTIME);
}

static int tmpfs_mknod(struct inode *dir, struct dentry *dentry, umode_t mode, dev_t dev)
{
	struct inode *inode = tmpfs_get_inode(dir->i_sb, dir, mode, dev, VM_NORESERVE);

	if (!inode)
		return -ENOSPC;
	grow_dir(dir, 1);
	simple_link_dentry(dentry, inode);
	return 0;
}

static int tmpfs_create(struct inode *dir, struct dentry *dentry, umode_t mode, bool excl)
{
	return tmpfs_mknod(dir, dentry, mode | S_IFREG, 0);
}

static int tmpfs_mkdir(struct inode *dir, struct dentry *dentry, umode_t mode)
{
	int err = tmpfs_mknod(dir, dentry, mode | S_IFDIR, 0);

	if (!err)
		inc_nlink(dir);
	return err;
}

static int tmpfs_symlink(struct inode *dir, struct dentry *dentry, const char *target)
{
	size_t len = strlen(target);
	struct inode *inode;
	char *copy;

	if (len + 1 > PAGE_SIZE)
		return -ENAMETOOLONG;
	copy = kmemdup(target, len + 1, GFP_KERNEL);
	if (!copy)
		return -ENOMEM;
	inode = tmpfs_get_inode(dir->i_sb, dir, S_IFLNK | S_IRWXUGO, 0, 0);
	if (!inode) {
		kfree(copy);
		return -ENOSPC;
	}
	inode->i_link = copy;
	inode->i_size = len;
	grow_dir(dir, 1);
	simple_link_dentry(dentry, inode);
	return 0;
}

/* O_TMPFILE: an inode without a name, which linkat() may give one. */
static int tmpfs_tmpfile(struct inode *dir, struct dentry *dentry, umode_t mode)
{
	struct inode *inode = tmpfs_get_inode(dir->i_sb, dir, mode | S_IFREG, 0, VM_NORESERVE);

	if (!inode)
		return -ENOSPC;
	clear_nlink(inode);
	inode->i_flags |= S_LINKABLE;
	d_instantiate(dentry, inode);
	return 0;
}

/* Each name costs an inode of the limit: links could fill memory otherwise. */
static int tmpfs_link(struct dentry *old, struct inode *dir, struct dentry *dentry)
{
	struct inode *inode = old->d_inode;

	if (inode->i_nlink && !charge_inode(dir->i_sb))
		return -ENOSPC;
	dir->i_size += DIRENT_SIZE;
	return simple_link(old, dir, dentry);
}

static int tmpfs_unlink(struct inode *dir, struct dentry *dentry)
{
	struct inode *inode = dentry->d_inode;

	if (inode->i_nlink > 1 && !S_ISDIR(inode->i_mode))
		uncharge_inode(inode->i_sb);
	dir->i_size -= DIRENT_SIZE;
	return simple_unlink(dir, dentry);
}

static int tmpfs_rmdir(struct inode *dir, struct dentry *dentry)
{
	int err = simple_rmdir(dir, dentry);

	if (!err)
		dir->i_size -= DIRENT_SIZE;
	return err;
}

static int tmpfs_rename(struct inode *old_dir, struct dentry *old, struct inode *new_dir,
			struct dentry *new, unsigned int flags)
{
	struct inode *target = new->d_inode;
	bool last_name = target && (S_ISDIR(target->i_mode) || target->i_nlink <= 1);
	int err = simple_rename(old_dir, old, new_dir, new, flags);

	if (err || (flags & RENAME_EXCHANGE))
		return err;
	if (target && !last_name)
		uncharge_inode(target->i_sb);
	old_dir->i_size -= DIRENT_SIZE;
	if (!target)
		new_dir->i_size += DIRENT_SIZE;
	return 0;
}

/* ---- attributes ---- */

static int tmpfs_setattr(struct dentry *dentry, struct iattr *attr)
{
	struct inode *inode = dentry->d_inode;
	int err = setattr_prepare(dentry, attr);

	if (err)
		return err;
	if (S_ISREG(inode->i_mode) && (attr->ia_valid & ATTR_SIZE)) {
		loff_t old = inode->i_size;

		err = shmem_setsize(inode, attr->ia_size);
		if (err)
			return err;
		if (attr->ia_size != old)
			inode_touch(inode, S_CTIME | S_MTIME);
	}
	setattr_copy(inode, attr);
	return 0;
}

static int tmpfs_getattr(const struct path *path, struct kstat *stat, u32 mask, unsigned int flags)
{
	struct inode *inode = path->dentry->d_inode;

	generic_fillattr(inode, stat);
	if (S_ISREG(inode->i_mode))
		stat->blocks = atomic_long_read(&TMPFS_I(inode)->shmem.alloced) * (PAGE_SIZE / 512);
	stat->btime = inode->i_btime;
	stat->result_mask |= STATX_BTIME;
	return 0;
}

/* ---- files ---- */

/* fcntl(2), sealing: no writing at all, or none that makes the file longer. */
static int check_seals(struct file *file, struct iov_iter *from, const loff_t *pos)
{
	struct inode *inode = file->f_inode;
	unsigned int seals = TMPFS_I(inode)->shmem.seals;
	loff_t at = file->f_flags & O_APPEND ? i_size_read(inode) : *pos;

	if (likely(!(seals & (F_SEAL_WRITE | F_SEAL_FUTURE_WRITE | F_SEAL_GROW))) ||
	    !iov_iter_count(from))
		return 0;
	if (seals & (F_SEAL_WRITE | F_SEAL_FUTURE_WRITE))
		return -EPERM;
	return at + (loff_t)iov_iter_count(from) > i_size_read(inode) ? -EPERM : 0;
}

static ssize_t tmpfs_write_iter(struct file *file, struct iov_iter *from, loff_t *pos)
{
	int err = check_seals(file, from, pos);

	return err ? err : generic_file_write_iter(file, from, pos);
}

static int tmpfs_mmap(struct file *file, struct vm_area_struct *vma)
{
	if ((vma->vm_flags & VM_SHARED) &&
	    (TMPFS_I(file->f_inode)->shmem.seals & F_SEAL_FUTURE_WRITE)) {
		if (vma->vm_flags & VM_WRITE)
			return -EPERM;
		vma->vm_flags &= ~VM_MAYWRITE;
	}
	return generic_file_mmap(file, vma);
}

const struct file_operations tmpfs_file_operations = {
	.llseek		= shmem_file_llseek,
	.read_iter	= generic_file_read_iter,
	.write_iter	= tmpfs_write_iter,
	.mmap		= tmpfs_mmap,
	.fsync		= noop_fsync,
	.fallocate	= shmem_fallocate,
};

static const struct inode_operations tmpfs_dir_inode_operations = {
	.lookup		= simple_lookup,
	.create		= tmpfs_create,
	.link		= tmpfs_link,
	.unlink		= tmpfs_unlink,
	.symlink	= tmpfs_symlink,
	.mkdir		= tmpfs_mkdir,
	.rmdir		= tmpfs_rmdir,
	.mknod		= tmpfs_mknod,
	.rename		= tmpfs_rename,
	.tmpfile	= tmpfs_tmpfile,
	.setattr	= tmpfs_setattr,
	.getattr	= tmpfs_getattr,
};

static const struct inode_operations tmpfs_inode_operations = {
	.setattr	= tmpfs_setattr,
	.getattr	= tmpfs_getattr,
};

static const struct inode_operations tmpfs_symlink_inode_operations = {
	.get_link	= simple_get_link,
	.setattr	= tmpfs_setattr,
	.getattr	= tmpfs_getattr,
};

void __init tmpfs_inode_cache_init(void)
{
	tmpfs_inode_cache = kmem_cache_create("shmem_inode_cache", sizeof(struct tmpfs_inode), 0,
					      SLAB_PANIC, NULL);
}

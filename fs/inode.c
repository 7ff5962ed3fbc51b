// SPDX-License-Identifier: GPL-2.0-only
/*
 * The life of inodes, their link counts and times. An inode is found only through
 * dentries and mounts, so there is no hash: the last iput() evicts and frees it.
 */
#include <linux/cred.h>
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/mm.h>
#include <linux/mount.h>
#include <linux/pagemap.h>
#include <linux/pipe_fs_i.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/timekeeping.h>
#include "internal.h"

static struct kmem_cache *inode_cache;
static atomic_long_t nr_inodes = ATOMIC64_INIT(0);

/* Prepare the generic part of an inode that a file system embeds in its own, zeroed. */
void inode_init_once(struct inode *inode)
{
	spin_lock_init(&inode->i_lock);
	init_rwsem(&inode->i_rwsem, LOCK_RANK_INODE);
	address_space_init_once(&inode->i_data);
}

static struct inode *alloc_inode(struct super_block *sb)
{
	struct inode *inode;

	if (sb->s_op->alloc_inode)
		return sb->s_op->alloc_inode(sb);
	inode = kmem_cache_zalloc(inode_cache, GFP_KERNEL);
	if (inode)
		inode_init_once(inode);
	return inode;
}

static void __free_inode(struct inode *inode)
{
	if (inode->i_sb->s_op->free_inode)
		inode->i_sb->s_op->free_inode(inode);
	else
		kmem_cache_free(inode_cache, inode);
}

static void free_inode_rcu(struct rcu_head *head)
{
	__free_inode(container_of(head, struct inode, i_rcu));
}

/* Walkers look at directories without references: those outlive a grace period. */
static void free_inode(struct inode *inode)
{
	if (S_ISDIR(inode->i_mode))
		call_rcu(&inode->i_rcu, free_inode_rcu);
	else
		__free_inode(inode);
}

static const struct inode_operations empty_iops;

static int no_open(struct inode *inode, struct file *file)
{
	return -ENXIO;
}

static const struct file_operations no_open_fops = { .open = no_open };

/**
 * new_inode - an inode of @sb with one reference, one link and a fresh number
 * @sb: its file system
 *
 * The caller sets mode, owner (inode_init_owner()) and operations.
 *
 * Context: sleeps.
 * Return: NULL without memory.
 */
struct inode *new_inode(struct super_block *sb)
{
	struct inode *inode = alloc_inode(sb);

	if (!inode)
		return NULL;
	inode->i_sb = sb;
	inode->i_op = &empty_iops;
	inode->i_fop = &no_open_fops;
	inode->i_mapping = &inode->i_data;
	inode->i_data.host = inode;
	inode->i_blkbits = sb->s_blocksize_bits;
	inode->i_nlink = 1;
	inode->i_ino = atomic_long_inc_return(&sb->s_next_ino);
	atomic_set(&inode->i_count, 1);
	inode->i_atime = inode->i_mtime = inode->i_ctime = inode->i_btime = current_time(inode);
	atomic_long_inc(&nr_inodes);
	return inode;
}

/* For ->evict_inode() of its own: the data must be gone by now. */
void clear_inode(struct inode *inode)
{
	ASSERT(inode->i_data.nrpages == 0);
}

static void evict(struct inode *inode)
{
	const struct super_operations *op = inode->i_sb->s_op;

	if (op->evict_inode)
		op->evict_inode(inode);
	else if (inode->i_data.nrpages)
		truncate_inode_pages_final(&inode->i_data);
	locks_free_lock_context(inode);
	clear_inode(inode);
	atomic_long_dec(&nr_inodes);
	free_inode(inode);
}

/* Drop a reference; the last one frees the inode and its data. Context: may sleep. */
void iput(struct inode *inode)
{
	if (inode && atomic_dec_and_test(&inode->i_count))
		evict(inode);
}

unsigned long get_nr_inodes(void)
{
	return atomic_long_read(&nr_inodes);
}

/* A number for an inode of a file system that does not count its own. */
unsigned long get_next_ino(void)
{
	static atomic_long_t last = ATOMIC64_INIT(0);

	return atomic_long_inc_return(&last);
}

void set_nlink(struct inode *inode, unsigned int nlink)
{
	inode->i_nlink = nlink;
}

void inc_nlink(struct inode *inode)
{
	inode->i_nlink++;
}

void drop_nlink(struct inode *inode)
{
	if (!WARN_ON(inode->i_nlink == 0))
		inode->i_nlink--;
}

void clear_nlink(struct inode *inode)
{
	inode->i_nlink = 0;
}

/**
 * inode_init_owner - owner, group and mode of a new inode, as open(2) and mkdir(2) say
 * @inode: new
 * @dir: where it is made, or NULL; a set-group-ID directory hands its group on
 * @mode: type and permissions
 */
void inode_init_owner(struct inode *inode, const struct inode *dir, umode_t mode)
{
	inode->i_uid = current_fsuid();
	inode->i_gid = current_fsgid();
	if (dir && (dir->i_mode & S_ISGID)) {
		inode->i_gid = dir->i_gid;
		if (S_ISDIR(mode))
			mode |= S_ISGID;
	}
	inode->i_mode = mode;
}

/* Set-group-ID survives creation only for members of the group that the file will get. */
umode_t mode_strip_sgid(const struct inode *dir, umode_t mode)
{
	if ((mode & (S_ISGID | S_IXGRP)) != (S_ISGID | S_IXGRP))
		return mode;
	if (S_ISDIR(mode) || !(dir->i_mode & S_ISGID))
		return mode;
	if (in_group_p(dir->i_gid) || capable_wrt_inode_uidgid(dir, CAP_FSETID))
		return mode;
	return mode & ~S_ISGID;
}

/* Operations of device nodes, FIFOs and sockets, the same on every file system. */
void init_special_inode(struct inode *inode, umode_t mode, dev_t rdev)
{
	inode->i_mode = mode;
	inode->i_rdev = rdev;
	if (S_ISCHR(mode))
		inode->i_fop = &def_chr_fops;
	else if (S_ISFIFO(mode))
		inode->i_fop = &pipefifo_fops;
	else
		inode->i_fop = &no_open_fops;	/* block devices: none; sockets: connect() only */
}

void inode_add_bytes(struct inode *inode, loff_t bytes)
{
	spin_lock(&inode->i_lock);
	inode->i_blocks += bytes >> 9;
	spin_unlock(&inode->i_lock);
}

void inode_sub_bytes(struct inode *inode, loff_t bytes)
{
	inode_add_bytes(inode, -bytes);
}

/* ---- times ---- */

/* Now, as file times are kept: the coarse clock, like Linux. */
struct timespec64 current_time(const struct inode *inode)
{
	return ns_to_timespec64(ktime_get_coarse_real());
}

void inode_touch(struct inode *inode, int what)
{
	struct timespec64 now = current_time(inode);

	if (what & S_ATIME)
		inode->i_atime = now;
	if (what & S_MTIME)
		inode->i_mtime = now;
	if (what & S_CTIME)
		inode->i_ctime = now;
}

static bool timespec64_before(const struct timespec64 *a, const struct timespec64 *b)
{
	return a->tv_sec < b->tv_sec || (a->tv_sec == b->tv_sec && a->tv_nsec < b->tv_nsec);
}

#define RELATIME_SECONDS	(24 * 3600)

/* mount(8) relatime: only when the last reading is older than the last change, or than a day */
static bool relatime_wants_update(const struct inode *inode, struct timespec64 now)
{
	if (!timespec64_before(&inode->i_mtime, &inode->i_atime) ||
	    !timespec64_before(&inode->i_ctime, &inode->i_atime))
		return true;
	return now.tv_sec - inode->i_atime.tv_sec >= RELATIME_SECONDS;
}

static bool atime_needs_update(const struct path *path, const struct inode *inode,
			       struct timespec64 now)
{
	int flags = path->mnt->mnt_flags;

	if ((inode->i_flags & S_NOATIME) || (inode->i_sb->s_flags & (SB_RDONLY | SB_NOATIME)))
		return false;
	if (flags & (MNT_NOATIME | MNT_READONLY))
		return false;
	if ((flags & MNT_NODIRATIME) && S_ISDIR(inode->i_mode))
		return false;
	if ((flags & MNT_RELATIME) && !relatime_wants_update(inode, now))
		return false;
	return now.tv_nsec != inode->i_atime.tv_nsec || now.tv_sec != inode->i_atime.tv_sec;
}

/* Something was read through @path. */
void touch_atime(const struct path *path)
{
	struct inode *inode = path->dentry->d_inode;
	struct timespec64 now = current_time(inode);

	if (atime_needs_update(path, inode, now))
		inode->i_atime = now;
}

void file_accessed(struct file *file)
{
	if (!(file->f_flags & O_NOATIME))
		touch_atime(&file->f_path);
}

/* Data is about to be written: modification and change time. Return: 0. */
int file_update_time(struct file *file)
{
	struct inode *inode = file->f_inode;

	if (!(inode->i_flags & S_NOCMTIME))
		inode_touch(inode, S_MTIME | S_CTIME);
	return 0;
}

void __init inode_init(void)
{
	inode_cache = kmem_cache_create("inode_cache", sizeof(struct inode), 0, SLAB_PANIC, NULL);
}

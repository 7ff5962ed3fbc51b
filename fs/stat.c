// SPDX-License-Identifier: GPL-2.0-only
/* stat(2) and its family, statx(2), readlink(2). */
#include <linux/cred.h>
#include <linux/err.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/mount.h>
#include <linux/namei.h>
#include <linux/stat.h>
#include <linux/string.h>
#include <linux/syscalls.h>
#include <linux/uaccess.h>
#include "internal.h"
#include "mount.h"

/* What every inode knows about itself. */
void generic_fillattr(struct inode *inode, struct kstat *stat)
{
	stat->dev = inode->i_sb->s_dev;
	stat->ino = inode->i_ino;
	stat->mode = inode->i_mode;
	stat->nlink = inode->i_nlink;
	stat->uid = inode->i_uid;
	stat->gid = inode->i_gid;
	stat->rdev = inode->i_rdev;
	stat->size = i_size_read(inode);
	stat->atime = inode->i_atime;
	stat->mtime = inode->i_mtime;
	stat->ctime = inode->i_ctime;
	stat->blksize = 1U << inode->i_blkbits;
	stat->blocks = inode->i_blocks;
}

/**
 * vfs_getattr - what stat(2) shows
 * @path: of what
 * @stat: filled
 * @mask: STATX_* that matter
 * @flags: AT_STATX_*
 *
 * Return: 0 or what the file system says.
 */
int vfs_getattr(const struct path *path, struct kstat *stat, u32 mask, unsigned int flags)
{
	struct inode *inode = path->dentry->d_inode;

	*stat = (struct kstat){ .result_mask = STATX_BASIC_STATS };
	stat->attributes_mask = STATX_ATTR_MOUNT_ROOT;
	if (inode->i_op->getattr)
		return inode->i_op->getattr(path, stat, mask, flags);
	generic_fillattr(inode, stat);
	return 0;
}

#define STAT_FLAGS	(AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT | AT_EMPTY_PATH | \
			 AT_STATX_SYNC_TYPE)

static int stat_path(const struct path *path, struct kstat *stat, u32 mask, unsigned int flags)
{
	int err = vfs_getattr(path, stat, mask, flags);

	stat->mnt_id = real_mount(path->mnt)->mnt_id;
	stat->result_mask |= STATX_MNT_ID;
	if (path_mounted(path))
		stat->attributes |= STATX_ATTR_MOUNT_ROOT;
	return err;
}

static int stat_fd(unsigned int fd, struct kstat *stat, u32 mask, unsigned int flags)
{
	struct fd f = fdget_raw(fd);
	int err;

	if (!f.file)
		return -EBADF;
	err = stat_path(&f.file->f_path, stat, mask, flags);
	fdput(f);
	return err;
}

/* fstat(fd) in the clothes of fstatat(fd, "", AT_EMPTY_PATH): glibc's fstat() is that. */
static bool is_empty_path(const char __user *name)
{
	char first;

	return !name || (!get_user(first, name) && !first);
}

static int do_stat(int dfd, const char __user *name, struct kstat *stat, u32 mask,
		   unsigned int flags)
{
	unsigned int how = 0;
	struct path path;
	int err;

	if (flags & ~STAT_FLAGS)
		return -EINVAL;
	if ((flags & AT_EMPTY_PATH) && dfd >= 0 && is_empty_path(name))
		return stat_fd(dfd, stat, mask, flags);
	if (!(flags & AT_SYMLINK_NOFOLLOW))
		how |= LOOKUP_FOLLOW;
	if (flags & AT_EMPTY_PATH)
		how |= LOOKUP_EMPTY;
	err = user_path_at(dfd, name, how, &path);
	if (err)
		return err;
	err = stat_path(&path, stat, mask, flags);
	path_put(&path);
	return err;
}

/* ---- the old form ---- */

static long put_stat(const struct kstat *k, struct stat __user *ustat)
{
	struct stat st = {
		.st_dev		= new_encode_dev(k->dev),
		.st_ino		= k->ino,
		.st_nlink	= k->nlink,
		.st_mode	= k->mode,
		.st_uid		= from_kuid_munged(current_user_ns(), k->uid),
		.st_gid		= from_kgid_munged(current_user_ns(), k->gid),
		.st_rdev	= new_encode_dev(k->rdev),
		.st_size	= k->size,
		.st_blksize	= k->blksize,
		.st_blocks	= k->blocks,
		.st_atime	= k->atime.tv_sec,
		.st_atime_nsec	= k->atime.tv_nsec,
		.st_mtime	= k->mtime.tv_sec,
		.st_mtime_nsec	= k->mtime.tv_nsec,
		.st_ctime	= k->ctime.tv_sec,
		.st_ctime_nsec	= k->ctime.tv_nsec,
	};

	return copy_to_user(ustat, &st, sizeof(st)) ? -EFAULT : 0;
}

static long stat_and_put(int dfd, const char __user *name, struct stat __user *ustat,
			 unsigned int flags)
{
	struct kstat stat;
	int err = do_stat(dfd, name, &stat, STATX_BASIC_STATS, flags);

	return err ? err : put_stat(&stat, ustat);
}

SYSCALL_DEFINE2(stat, const char __user *, name, struct stat __user *, ustat)
{
	return stat_and_put(AT_FDCWD, name, ustat, 0);
}

SYSCALL_DEFINE2(lstat, const char __user *, name, struct stat __user *, ustat)
{
	return stat_and_put(AT_FDCWD, name, ustat, AT_SYMLINK_NOFOLLOW);
}

SYSCALL_DEFINE4(newfstatat, int, dfd, const char __user *, name, struct stat __user *, ustat,
		int, flags)
{
	return stat_and_put(dfd, name, ustat, flags);
}

SYSCALL_DEFINE2(fstat, unsigned int, fd, struct stat __user *, ustat)
{
	struct kstat stat;
	int err = stat_fd(fd, &stat, STATX_BASIC_STATS, 0);

	return err ? err : put_stat(&stat, ustat);
}

/* ---- statx ---- */

static struct statx_timestamp statx_time(const struct timespec64 *ts)
{
	return (struct statx_timestamp){ .tv_sec = ts->tv_sec, .tv_nsec = ts->tv_nsec };
}

static long put_statx(const struct kstat *k, u32 mask, struct statx __user *ustat)
{
	struct statx sx = {
		.stx_mask		= k->result_mask & ~STATX_ATTR_MOUNT_ROOT,
		.stx_blksize		= k->blksize,
		.stx_attributes		= k->attributes & k->attributes_mask,
		.stx_attributes_mask	= k->attributes_mask,
		.stx_nlink		= k->nlink,
		.stx_uid		= from_kuid_munged(current_user_ns(), k->uid),
		.stx_gid		= from_kgid_munged(current_user_ns(), k->gid),
		.stx_mode		= k->mode,
		.stx_ino		= k->ino,
		.stx_size		= k->size,
		.stx_blocks		= k->blocks,
		.stx_atime		= statx_time(&k->atime),
		.stx_btime		= statx_time(&k->btime),
		.stx_ctime		= statx_time(&k->ctime),
		.stx_mtime		= statx_time(&k->mtime),
		.stx_rdev_major		= MAJOR(k->rdev),
		.stx_rdev_minor		= MINOR(k->rdev),
		.stx_dev_major		= MAJOR(k->dev),
		.stx_dev_minor		= MINOR(k->dev),
		.stx_mnt_id		= k->mnt_id,
	};

	return copy_to_user(ustat, &sx, sizeof(sx)) ? -EFAULT : 0;
}

SYSCALL_DEFINE5(statx, int, dfd, const char __user *, name, unsigned int, flags,
		unsigned int, mask, struct statx __user *, ustat)
{
	struct kstat stat;
	int err;

	if (mask & STATX__RESERVED)
		return -EINVAL;
	if ((flags & AT_STATX_SYNC_TYPE) == AT_STATX_SYNC_TYPE)
		return -EINVAL;
	err = do_stat(dfd, name, &stat, mask, flags);
	return err ? err : put_statx(&stat, mask, ustat);
}

/* ---- readlink ---- */

/* Copy what fits, unterminated. Return: bytes or -EFAULT. */
int readlink_copy(char __user *buf, int len, const char *link)
{
	int n = min_t(int, len, strlen(link));

	return copy_to_user(buf, link, n) ? -EFAULT : n;
}

static int read_link(struct dentry *dentry, char __user *buf, int len)
{
	struct inode *inode = dentry->d_inode;
	struct delayed_call done = {};
	const char *text;
	int ret;

	if (inode->i_op->readlink)
		return inode->i_op->readlink(dentry, buf, len);
	text = inode->i_op->get_link(dentry, inode, &done);
	ret = IS_ERR(text) ? PTR_ERR(text) : readlink_copy(buf, len, text);
	do_delayed_call(&done);
	return ret;
}

static long do_readlinkat(int dfd, const char __user *name, char __user *buf, int len)
{
	struct inode *inode;
	struct path path;
	char first = 1;
	int ret;

	if (len <= 0)
		return -EINVAL;
	get_user(first, name);
	ret = user_path_at(dfd, name, LOOKUP_EMPTY, &path);
	if (ret)
		return ret;
	inode = path.dentry->d_inode;
	if (inode->i_op->readlink || inode->i_op->get_link) {
		touch_atime(&path);
		ret = read_link(path.dentry, buf, len);
	} else {
		ret = first ? -EINVAL : -ENOENT;
	}
	path_put(&path);
	return ret;
}

SYSCALL_DEFINE4(readlinkat, int, dfd, const char __user *, name, char __user *, buf, int, len)
{
	return do_readlinkat(dfd, name, buf, len);
}

SYSCALL_DEFINE3(readlink, const char __user *, name, char __user *, buf, int, len)
{
	return do_readlinkat(AT_FDCWD, name, buf, len);
}

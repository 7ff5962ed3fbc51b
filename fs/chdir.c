// SPDX-License-Identifier: GPL-2.0-only
/* chdir(2), fchdir(2), chroot(2), umask(2), statfs(2), and the sync family. */
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/err.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/fs_struct.h>
#include <linux/kdev_t.h>
#include <linux/mount.h>
#include <linux/namei.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <linux/syscalls.h>
#include <linux/uaccess.h>
#include <asm/statfs.h>
#include "internal.h"

SYSCALL_DEFINE1(chdir, const char __user *, name)
{
	struct path path;
	int err = user_path_at(AT_FDCWD, name, LOOKUP_FOLLOW | LOOKUP_DIRECTORY, &path);

	if (err)
		return err;
	err = path_permission(&path, MAY_EXEC | MAY_CHDIR);
	if (!err)
		set_fs_pwd(current->fs, &path);
	path_put(&path);
	return err;
}

SYSCALL_DEFINE1(fchdir, unsigned int, fd)
{
	struct fd f = fdget_raw(fd);
	int err = -ENOTDIR;

	if (!f.file)
		return -EBADF;
	if (S_ISDIR(f.file->f_inode->i_mode)) {
		err = path_permission(&f.file->f_path, MAY_EXEC | MAY_CHDIR);
		if (!err)
			set_fs_pwd(current->fs, &f.file->f_path);
	}
	fdput(f);
	return err;
}

SYSCALL_DEFINE1(chroot, const char __user *, name)
{
	struct path path;
	int err = user_path_at(AT_FDCWD, name, LOOKUP_FOLLOW | LOOKUP_DIRECTORY, &path);

	if (err)
		return err;
	err = path_permission(&path, MAY_EXEC | MAY_CHDIR);
	if (!err && !ns_capable(current_user_ns(), CAP_SYS_CHROOT))
		err = -EPERM;
	if (!err)
		set_fs_root(current->fs, &path);
	path_put(&path);
	return err;
}

SYSCALL_DEFINE1(umask, int, mask)
{
	return xchg(&current->fs->umask, mask & S_IRWXUGO);
}

/* ---- statfs ---- */

/* f_flags: the ABI's, though no ABI header has them */
#define ST_RDONLY	0x0001
#define ST_NOSUID	0x0002
#define ST_NODEV	0x0004
#define ST_NOEXEC	0x0008
#define ST_VALID	0x0020
#define ST_NOATIME	0x0400
#define ST_NODIRATIME	0x0800
#define ST_RELATIME	0x1000
#define ST_NOSYMFOLLOW	0x2000

static long flags_of(const struct vfsmount *mnt)
{
	static const struct {
		int mnt, st;
	} map[] = {
		{ MNT_READONLY, ST_RDONLY }, { MNT_NOSUID, ST_NOSUID }, { MNT_NODEV, ST_NODEV },
		{ MNT_NOEXEC, ST_NOEXEC }, { MNT_NOATIME, ST_NOATIME },
		{ MNT_NODIRATIME, ST_NODIRATIME }, { MNT_RELATIME, ST_RELATIME },
		{ MNT_NOSYMFOLLOW, ST_NOSYMFOLLOW },
	};
	long flags = ST_VALID;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(map); i++) {
		if (mnt->mnt_flags & map[i].mnt)
			flags |= map[i].st;
	}
	if (mnt->mnt_sb->s_flags & SB_RDONLY)
		flags |= ST_RDONLY;
	return flags;
}

/**
 * vfs_statfs - what statfs(2) shows
 * @path: anywhere in the mount
 * @buf: filled
 *
 * Return: 0 or -ENOSYS.
 */
int vfs_statfs(const struct path *path, struct kstatfs *buf)
{
	struct super_block *sb = path->dentry->d_sb;
	int err;

	memset(buf, 0, sizeof(*buf));
	if (!sb->s_op->statfs)
		return -ENOSYS;
	err = sb->s_op->statfs(path->dentry, buf);
	if (!buf->f_frsize)
		buf->f_frsize = buf->f_bsize;
	buf->f_fsid.val[0] = new_encode_dev(sb->s_dev);
	buf->f_flags = flags_of(path->mnt);
	return err;
}

/* As ustat(2) has it. */
struct ustat {
	int f_tfree;			/* free blocks */
	unsigned long f_tinode;		/* free inodes */
	char f_fname[6], f_fpack[6];	/* empty */
};

BUILD_ASSERT(sizeof(struct ustat) == 32);

SYSCALL_DEFINE2(ustat, unsigned int, dev, struct ustat __user *, ubuf)
{
	struct super_block *sb = get_super_of_dev(new_decode_dev(dev));
	struct kstatfs k = { };
	struct ustat st = { };
	int err;

	if (!sb)
		return -EINVAL;
	err = sb->s_op->statfs ? sb->s_op->statfs(sb->s_root, &k) : -ENOSYS;
	deactivate_super(sb);
	if (err)
		return err;
	st.f_tfree = k.f_bfree;
	st.f_tinode = k.f_ffree;
	return copy_to_user(ubuf, &st, sizeof(st)) ? -EFAULT : 0;
}

static long put_statfs(const struct path *path, struct statfs __user *ubuf)
{
	struct kstatfs k;
	struct statfs st;
	int err = vfs_statfs(path, &k);

	if (err)
		return err;
	st = (struct statfs){
		.f_type = k.f_type, .f_bsize = k.f_bsize, .f_blocks = k.f_blocks,
		.f_bfree = k.f_bfree, .f_bavail = k.f_bavail, .f_files = k.f_files,
		.f_ffree = k.f_ffree, .f_fsid = k.f_fsid, .f_namelen = k.f_namelen,
		.f_frsize = k.f_frsize, .f_flags = k.f_flags,
	};
	return copy_to_user(ubuf, &st, sizeof(st)) ? -EFAULT : 0;
}

SYSCALL_DEFINE2(statfs, const char __user *, name, struct statfs __user *, buf)
{
	struct path path;
	long err = user_path_at(AT_FDCWD, name, LOOKUP_FOLLOW, &path);

	if (err)
		return err;
	err = put_statfs(&path, buf);
	path_put(&path);
	return err;
}

SYSCALL_DEFINE2(fstatfs, unsigned int, fd, struct statfs __user *, buf)
{
	struct fd f = fdget_raw(fd);
	long err;

	if (!f.file)
		return -EBADF;
	err = put_statfs(&f.file->f_path, buf);
	fdput(f);
	return err;
}

/* ---- sync: no file system here has anything below it to write to ---- */

SYSCALL_DEFINE0(sync)
{
	return 0;
}

SYSCALL_DEFINE1(syncfs, unsigned int, fd)
{
	struct fd f = fdget(fd);

	if (!f.file)
		return -EBADF;
	fdput(f);
	return 0;
}

/* fsync(2), fdatasync(2). Return: 0, -EINVAL: not such a file. */
int vfs_fsync(struct file *file, int datasync)
{
	if (!file->f_op->fsync)
		return -EINVAL;
	return file->f_op->fsync(file, 0, S64_MAX, datasync);
}

static long do_fsync(unsigned int fd, int datasync)
{
	struct fd f = fdget(fd);
	long err;

	if (!f.file)
		return -EBADF;
	err = vfs_fsync(f.file, datasync);
	fdput(f);
	return err;
}

SYSCALL_DEFINE1(fsync, unsigned int, fd)
{
	return do_fsync(fd, 0);
}

SYSCALL_DEFINE1(fdatasync, unsigned int, fd)
{
	return do_fsync(fd, 1);
}

#define VALID_SFR	(SYNC_FILE_RANGE_WAIT_BEFORE | SYNC_FILE_RANGE_WRITE | \
			 SYNC_FILE_RANGE_WAIT_AFTER)

SYSCALL_DEFINE4(sync_file_range, int, fd, loff_t, offset, loff_t, len, unsigned int, flags)
{
	struct fd f = fdget(fd);
	umode_t mode;

	if (!f.file)
		return -EBADF;
	mode = f.file->f_inode->i_mode;
	fdput(f);
	if ((flags & ~VALID_SFR) || offset < 0 || len < 0 || len > LLONG_MAX - offset)
		return -EINVAL;
	return S_ISREG(mode) || S_ISBLK(mode) || S_ISDIR(mode) || S_ISLNK(mode) ? 0 : -ESPIPE;
}

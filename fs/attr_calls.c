// SPDX-License-Identifier: GPL-2.0-only
/* chmod(2), chown(2), utimensat(2), truncate(2), fallocate(2), access(2) and their families. */
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/err.h>
#include <linux/file.h>
#include <linux/filelock.h>
#include <linux/fs.h>
#include <linux/fsnotify.h>
#include <linux/mount.h>
#include <linux/namei.h>
#include <linux/sched.h>
#include <linux/signal.h>
#include <linux/syscalls.h>
#include <linux/uaccess.h>
#include <uapi/linux/falloc.h>
#include <uapi/linux/securebits.h>
#include "internal.h"

/* Change attributes through @path, holding what that needs. */
static int change_attr(const struct path *path, struct iattr *attr)
{
	struct inode *inode = path->dentry->d_inode;
	int err = mnt_want_write(path->mnt);

	if (err)
		return err;
	inode_lock(inode);
	err = notify_change(path->dentry, attr);
	inode_unlock(inode);
	mnt_drop_write(path->mnt);
	return err;
}

/* ---- chmod ---- */

static int chmod_path(const struct path *path, umode_t mode)
{
	struct inode *inode = path->dentry->d_inode;
	struct iattr attr = { .ia_valid = ATTR_MODE };
	int err = mnt_want_write(path->mnt);

	if (err)
		return err;
	inode_lock(inode);
	attr.ia_mode = (mode & S_IALLUGO) | (inode->i_mode & ~S_IALLUGO);
	err = notify_change(path->dentry, &attr);
	inode_unlock(inode);
	mnt_drop_write(path->mnt);
	return err;
}

static long do_fchmodat(int dfd, const char __user *name, umode_t mode, unsigned int flags)
{
	unsigned int how = (flags & AT_SYMLINK_NOFOLLOW) ? 0 : LOOKUP_FOLLOW;
	struct path path;
	int err;

	if (flags & ~(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH))
		return -EINVAL;
	if (flags & AT_EMPTY_PATH)
		how |= LOOKUP_EMPTY;
	err = user_path_at(dfd, name, how, &path);
	if (err)
		return err;
	err = chmod_path(&path, mode);
	path_put(&path);
	return err;
}

SYSCALL_DEFINE2(chmod, const char __user *, name, umode_t, mode)
{
	return do_fchmodat(AT_FDCWD, name, mode, 0);
}

SYSCALL_DEFINE3(fchmodat, int, dfd, const char __user *, name, umode_t, mode)
{
	return do_fchmodat(dfd, name, mode, 0);
}

SYSCALL_DEFINE4(fchmodat2, int, dfd, const char __user *, name, umode_t, mode,
		unsigned int, flags)
{
	return do_fchmodat(dfd, name, mode, flags);
}

SYSCALL_DEFINE2(fchmod, unsigned int, fd, umode_t, mode)
{
	struct fd f = fdget(fd);
	int err;

	if (!f.file)
		return -EBADF;
	err = chmod_path(&f.file->f_path, mode);
	fdput(f);
	return err;
}

/* ---- chown ---- */

static int chown_path(const struct path *path, uid_t uid, gid_t gid)
{
	struct inode *inode = path->dentry->d_inode;
	struct iattr attr = { .ia_valid = ATTR_CTIME };

	if (uid != INVALID_UID) {
		uid = make_kuid(current_user_ns(), uid);
		if (uid == INVALID_UID)
			return -EINVAL;
		attr.ia_valid |= ATTR_UID;
		attr.ia_uid = uid;
	}
	if (gid != INVALID_GID) {
		gid = make_kgid(current_user_ns(), gid);
		if (gid == INVALID_GID)
			return -EINVAL;
		attr.ia_valid |= ATTR_GID;
		attr.ia_gid = gid;
	}
	if (!S_ISDIR(inode->i_mode))
		attr.ia_valid |= ATTR_KILL_SUID | ATTR_KILL_SGID | ATTR_KILL_PRIV;
	return change_attr(path, &attr);
}

static long do_fchownat(int dfd, const char __user *name, uid_t uid, gid_t gid, int flags)
{
	unsigned int how = (flags & AT_SYMLINK_NOFOLLOW) ? 0 : LOOKUP_FOLLOW;
	struct path path;
	int err;

	if (flags & ~(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH))
		return -EINVAL;
	if (flags & AT_EMPTY_PATH)
		how |= LOOKUP_EMPTY;
	err = user_path_at(dfd, name, how, &path);
	if (err)
		return err;
	err = chown_path(&path, uid, gid);
	path_put(&path);
	return err;
}

SYSCALL_DEFINE3(chown, const char __user *, name, uid_t, uid, gid_t, gid)
{
	return do_fchownat(AT_FDCWD, name, uid, gid, 0);
}

SYSCALL_DEFINE3(lchown, const char __user *, name, uid_t, uid, gid_t, gid)
{
	return do_fchownat(AT_FDCWD, name, uid, gid, AT_SYMLINK_NOFOLLOW);
}

SYSCALL_DEFINE5(fchownat, int, dfd, const char __user *, name, uid_t, uid, gid_t, gid, int, flags)
{
	return do_fchownat(dfd, name, uid, gid, flags);
}

SYSCALL_DEFINE3(fchown, unsigned int, fd, uid_t, uid, gid_t, gid)
{
	struct fd f = fdget(fd);
	int err;

	if (!f.file)
		return -EBADF;
	err = chown_path(&f.file->f_path, uid, gid);
	fdput(f);
	return err;
}

/* ---- times ---- */

static bool nsec_valid(long nsec)
{
	return nsec == UTIME_NOW || nsec == UTIME_OMIT || (nsec >= 0 && nsec < NSEC_PER_SEC);
}

/* utimensat(2): NULL and "both now" need only write permission. */
static void times_to_attr(const struct timespec64 *times, struct iattr *attr)
{
	attr->ia_valid = ATTR_CTIME | ATTR_ATIME | ATTR_MTIME;
	if (!times || (times[0].tv_nsec == UTIME_NOW && times[1].tv_nsec == UTIME_NOW)) {
		attr->ia_valid |= ATTR_TOUCH;
		return;
	}
	if (times[0].tv_nsec == UTIME_OMIT) {
		attr->ia_valid &= ~ATTR_ATIME;
	} else if (times[0].tv_nsec != UTIME_NOW) {
		attr->ia_valid |= ATTR_ATIME_SET;
		attr->ia_atime = times[0];
	}
	if (times[1].tv_nsec == UTIME_OMIT) {
		attr->ia_valid &= ~ATTR_MTIME;
	} else if (times[1].tv_nsec != UTIME_NOW) {
		attr->ia_valid |= ATTR_MTIME_SET;
		attr->ia_mtime = times[1];
	}
	attr->ia_valid |= ATTR_TIMES_SET;
}

static int set_times(const struct path *path, const struct timespec64 *times)
{
	struct iattr attr;

	if (times && !(nsec_valid(times[0].tv_nsec) && nsec_valid(times[1].tv_nsec)))
		return -EINVAL;
	times_to_attr(times, &attr);
	return change_attr(path, &attr);
}

static long do_utimes(int dfd, const char __user *name, const struct timespec64 *times, int flags)
{
	unsigned int how = (flags & AT_SYMLINK_NOFOLLOW) ? 0 : LOOKUP_FOLLOW;
	struct path path;
	struct fd f;
	int err;

	if (!name && dfd != AT_FDCWD) {
		if (flags)
			return -EINVAL;
		f = fdget(dfd);
		if (!f.file)
			return -EBADF;
		err = set_times(&f.file->f_path, times);
		fdput(f);
		return err;
	}
	if (flags & ~(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH))
		return -EINVAL;
	if (flags & AT_EMPTY_PATH)
		how |= LOOKUP_EMPTY;
	err = user_path_at(dfd, name, how, &path);
	if (err)
		return err;
	err = set_times(&path, times);
	path_put(&path);
	return err;
}

SYSCALL_DEFINE4(utimensat, int, dfd, const char __user *, name,
		struct __kernel_timespec __user *, utimes, int, flags)
{
	struct timespec64 times[2];

	if (utimes) {
		if (get_timespec64(&times[0], &utimes[0]) || get_timespec64(&times[1], &utimes[1]))
			return -EFAULT;
		if (times[0].tv_nsec == UTIME_OMIT && times[1].tv_nsec == UTIME_OMIT)
			return 0;
	}
	return do_utimes(dfd, name, utimes ? times : NULL, flags);
}

static long do_futimesat(int dfd, const char __user *name,
			 struct __kernel_old_timeval __user *utimes)
{
	struct __kernel_old_timeval tv[2];
	struct timespec64 times[2];
	int i;

	if (!utimes)
		return do_utimes(dfd, name, NULL, 0);
	if (copy_from_user(tv, utimes, sizeof(tv)))
		return -EFAULT;
	for (i = 0; i < 2; i++) {
		if (tv[i].tv_usec >= 1000000 || tv[i].tv_usec < 0)
			return -EINVAL;
		times[i].tv_sec = tv[i].tv_sec;
		times[i].tv_nsec = tv[i].tv_usec * 1000;
	}
	return do_utimes(dfd, name, times, 0);
}

SYSCALL_DEFINE3(futimesat, int, dfd, const char __user *, name,
		struct __kernel_old_timeval __user *, utimes)
{
	return do_futimesat(dfd, name, utimes);
}

SYSCALL_DEFINE2(utimes, const char __user *, name, struct __kernel_old_timeval __user *, utimes)
{
	return do_futimesat(AT_FDCWD, name, utimes);
}

struct utimbuf {
	__kernel_old_time_t actime, modtime;
};

SYSCALL_DEFINE2(utime, const char __user *, name, struct utimbuf __user *, utimes)
{
	struct timespec64 times[2] = {};
	struct utimbuf buf;

	if (!utimes)
		return do_utimes(AT_FDCWD, name, NULL, 0);
	if (copy_from_user(&buf, utimes, sizeof(buf)))
		return -EFAULT;
	times[0].tv_sec = buf.actime;
	times[1].tv_sec = buf.modtime;
	return do_utimes(AT_FDCWD, name, times, 0);
}

/* ---- truncate ---- */

/**
 * do_truncate - set a file's size
 * @dentry: of the file
 * @length: bytes
 * @time_attrs: further ATTR_*
 * @file: through which, or NULL
 *
 * Context: sleeps; takes the inode's lock.
 * Return: 0, -EINVAL, and notify_change()'s.
 */
long do_truncate(struct dentry *dentry, loff_t length, unsigned int time_attrs, struct file *file)
{
	struct inode *inode = dentry->d_inode;
	struct iattr attr = { .ia_size = length, .ia_valid = ATTR_SIZE | time_attrs };
	long err;

	if (length < 0)
		return -EINVAL;
	if (file) {
		attr.ia_file = file;
		attr.ia_valid |= ATTR_FILE;
	}
	inode_lock(inode);
	/* as a write would */
	attr.ia_valid |= should_remove_suid(inode);
	if (attr.ia_valid & (ATTR_KILL_SUID | ATTR_KILL_SGID))
		attr.ia_valid |= ATTR_FORCE;
	err = notify_change(dentry, &attr);
	inode_unlock(inode);
	return err;
}

/* truncate(2). Return: 0, -EISDIR, -EINVAL, -EROFS, -EACCES, -EPERM, -ETXTBSY, -EFBIG. */
long vfs_truncate(const struct path *path, loff_t length)
{
	struct inode *inode = path->dentry->d_inode;
	long err;

	if (S_ISDIR(inode->i_mode))
		return -EISDIR;
	if (!S_ISREG(inode->i_mode))
		return -EINVAL;
	err = mnt_want_write(path->mnt);
	if (err)
		return err;
	err = inode_permission(inode, MAY_WRITE);
	if (!err && IS_APPEND(inode))
		err = -EPERM;
	if (!err) {
		err = get_write_access(inode);
		if (!err) {
			err = break_lease(inode, O_WRONLY) ?:
				do_truncate(path->dentry, length, ATTR_MTIME | ATTR_CTIME, NULL);
			put_write_access(inode);
		}
	}
	mnt_drop_write(path->mnt);
	return err;
}

SYSCALL_DEFINE2(truncate, const char __user *, name, long, length)
{
	struct path path;
	long err;

	if (length < 0)
		return -EINVAL;
	err = user_path_at(AT_FDCWD, name, LOOKUP_FOLLOW, &path);
	if (err)
		return err;
	err = vfs_truncate(&path, length);
	path_put(&path);
	return err;
}

SYSCALL_DEFINE2(ftruncate, unsigned int, fd, long, length)
{
	long err = -EINVAL;
	struct fd f;

	if (length < 0)
		return -EINVAL;
	f = fdget(fd);
	if (!f.file)
		return -EBADF;
	if (S_ISREG(f.file->f_inode->i_mode) && (f.file->f_mode & FMODE_WRITE)) {
		err = IS_APPEND(f.file->f_inode) ? -EPERM :
			do_truncate(f.file->f_path.dentry, length, ATTR_MTIME | ATTR_CTIME, f.file);
	}
	fdput(f);
	return err;
}

/* ---- fallocate ---- */

#define FALLOC_KNOWN	(FALLOC_FL_KEEP_SIZE | FALLOC_FL_PUNCH_HOLE | FALLOC_FL_COLLAPSE_RANGE | \
			 FALLOC_FL_ZERO_RANGE | FALLOC_FL_INSERT_RANGE | FALLOC_FL_UNSHARE_RANGE)

static int check_falloc_mode(int mode)
{
	if (mode & ~FALLOC_KNOWN)
		return -EOPNOTSUPP;
	if ((mode & FALLOC_FL_PUNCH_HOLE) &&
	    (mode & ~FALLOC_FL_KEEP_SIZE) != FALLOC_FL_PUNCH_HOLE)
		return -EOPNOTSUPP;
	if ((mode & FALLOC_FL_PUNCH_HOLE) && !(mode & FALLOC_FL_KEEP_SIZE))
		return -EOPNOTSUPP;
	return 0;
}

/* fallocate(2). Return: 0 and its errnos. */
int vfs_fallocate(struct file *file, int mode, loff_t offset, loff_t len)
{
	struct inode *inode = file->f_inode;
	loff_t end;
	int err;

	if (offset < 0 || len <= 0)
		return -EINVAL;
	err = check_falloc_mode(mode);
	if (err)
		return err;
	if (!(file->f_mode & FMODE_WRITE))
		return -EBADF;
	if ((mode & ~FALLOC_FL_KEEP_SIZE) && IS_APPEND(inode))
		return -EPERM;
	if (S_ISFIFO(inode->i_mode))
		return -ESPIPE;
	if (S_ISDIR(inode->i_mode))
		return -EISDIR;
	if (!S_ISREG(inode->i_mode))
		return -ENODEV;
	if (check_add_overflow(offset, len, &end) || end > inode->i_sb->s_maxbytes)
		return -EFBIG;
	if (!file->f_op->fallocate)
		return -EOPNOTSUPP;
	err = file->f_op->fallocate(file, mode, offset, len);
	if (!err)
		fsnotify_file(file, IN_MODIFY);
	return err;
}

SYSCALL_DEFINE4(fallocate, int, fd, int, mode, loff_t, offset, loff_t, len)
{
	struct fd f = fdget(fd);
	int err;

	if (!f.file)
		return -EBADF;
	err = vfs_fallocate(f.file, mode, offset, len);
	fdput(f);
	return err;
}

/* ---- access ---- */

/* access(2) judges by the real ids, and by no capabilities unless the real id is root's. */
static const struct cred *real_ids(void)
{
	struct cred *cred = prepare_creds();

	if (!cred)
		return NULL;
	cred->fsuid = cred->uid;
	cred->fsgid = cred->gid;
	if (!(cred->securebits & SECBIT_NO_SETUID_FIXUP)) {
		if (cred->uid != make_kuid(cred->user_ns, 0))
			cred->cap_effective = CAP_EMPTY_SET;
		else
			cred->cap_effective = cred->cap_permitted;
	}
	return cred;
}

static int access_path(const struct path *path, int mode)
{
	struct inode *inode = path->dentry->d_inode;
	int err;

	if ((mode & MAY_EXEC) && S_ISREG(inode->i_mode) && path_noexec(path))
		return -EACCES;
	err = inode_permission(inode, mode | MAY_ACCESS);
	if (err || !(mode & MAY_WRITE))
		return err;
	if (S_ISCHR(inode->i_mode) || S_ISBLK(inode->i_mode) || S_ISFIFO(inode->i_mode) ||
	    S_ISSOCK(inode->i_mode))
		return 0;
	return __mnt_is_readonly(path->mnt) ? -EROFS : 0;
}

/* Would real_ids() be any different from what we are? Most often not. */
static bool needs_real_ids(const struct cred *cred)
{
	if (cred->fsuid != cred->uid || cred->fsgid != cred->gid)
		return true;
	if (cred->securebits & SECBIT_NO_SETUID_FIXUP)
		return false;
	return cred->cap_effective != (cred->uid != make_kuid(cred->user_ns, 0) ?
				       CAP_EMPTY_SET : cred->cap_permitted);
}

static long do_faccessat(int dfd, const char __user *name, int mode, int flags)
{
	unsigned int how = (flags & AT_SYMLINK_NOFOLLOW) ? 0 : LOOKUP_FOLLOW;
	const struct cred *real = NULL, *old = NULL;
	struct path path;
	int err;

	if (mode & ~(MAY_READ | MAY_WRITE | MAY_EXEC))
		return -EINVAL;
	if (flags & ~(AT_EACCESS | AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH))
		return -EINVAL;
	if (flags & AT_EMPTY_PATH)
		how |= LOOKUP_EMPTY;
	if (!(flags & AT_EACCESS) && needs_real_ids(current_cred())) {
		real = real_ids();
		if (!real)
			return -ENOMEM;
		old = override_creds(real);
	}
	err = user_path_at(dfd, name, how, &path);
	if (!err) {
		err = access_path(&path, mode);
		path_put(&path);
	}
	if (real) {
		revert_creds(old);
		put_cred(real);
	}
	return err;
}

SYSCALL_DEFINE2(access, const char __user *, name, int, mode)
{
	return do_faccessat(AT_FDCWD, name, mode, 0);
}

SYSCALL_DEFINE3(faccessat, int, dfd, const char __user *, name, int, mode)
{
	return do_faccessat(dfd, name, mode, 0);
}

SYSCALL_DEFINE4(faccessat2, int, dfd, const char __user *, name, int, mode, int, flags)
{
	return do_faccessat(dfd, name, mode, flags);
}

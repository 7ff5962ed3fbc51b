// SPDX-License-Identifier: GPL-2.0-only
/*
 * Extended attributes, which no file system here has: the calls check what they are
 * given, in Linux's order, and say so (xattr(7)).
 */
#include <linux/capability.h>
#include <linux/err.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/mount.h>
#include <linux/namei.h>
#include <linux/string.h>
#include <linux/syscalls.h>
#include <linux/uaccess.h>
#include <uapi/linux/xattr.h>
#include "internal.h"

/* Copy the name. Return: 0, -EFAULT, -ERANGE. */
static int get_name(char *kname, const char __user *name)
{
	long len = strncpy_from_user(kname, name, XATTR_NAME_MAX + 1);

	if (len < 0)
		return len;
	return len == 0 || len > XATTR_NAME_MAX ? -ERANGE : 0;
}

/* Which errno a namespace answers with before the file system is asked. */
static int check_namespace(const struct inode *inode, const char *name, bool write)
{
	if (!strncmp(name, "trusted.", 8) && !capable(CAP_SYS_ADMIN))
		return write ? -EPERM : -ENODATA;
	if (!strncmp(name, "user.", 5) && !S_ISREG(inode->i_mode) && !S_ISDIR(inode->i_mode))
		return write ? -EPERM : -ENODATA;
	return 0;
}

static int judge(const struct path *path, const char *name, bool write)
{
	struct inode *inode = path->dentry->d_inode;
	int err = check_namespace(inode, name, write);

	if (!err && !strncmp(name, "user.", 5))
		err = inode_permission(inode, write ? MAY_WRITE : MAY_READ);
	return err ? err : -EOPNOTSUPP;
}

static int change(const struct path *path, const char __user *uname)
{
	char name[XATTR_NAME_MAX + 1];
	int err = get_name(name, uname);

	if (!err)
		err = mnt_want_write(path->mnt);
	if (err)
		return err;
	err = judge(path, name, true);
	mnt_drop_write(path->mnt);
	return err;
}

static int check_set(size_t size, int flags)
{
	if (flags & ~(XATTR_CREATE | XATTR_REPLACE))
		return -EINVAL;
	return size > XATTR_SIZE_MAX ? -E2BIG : 0;
}

static int read_one(const struct path *path, const char __user *uname)
{
	char name[XATTR_NAME_MAX + 1];
	int err = get_name(name, uname);

	return err ? err : judge(path, name, false);
}

enum { XATTR_GET, XATTR_CHANGE, XATTR_LIST };

static int act(const struct path *path, const char __user *name, int what)
{
	switch (what) {
	case XATTR_GET:
		return read_one(path, name);
	case XATTR_CHANGE:
		return change(path, name);
	}
	return 0;	/* an empty list */
}

static long by_path(const char __user *pathname, unsigned int lookup, const char __user *name,
		    int what)
{
	struct path path;
	int err = user_path_at(AT_FDCWD, pathname, lookup, &path);

	if (err)
		return err;
	err = act(&path, name, what);
	path_put(&path);
	return err;
}

static long by_fd(int fd, const char __user *name, int what)
{
	struct fd f = fdget(fd);
	int err;

	if (!f.file)
		return -EBADF;
	err = act(&f.file->f_path, name, what);
	fdput(f);
	return err;
}

SYSCALL_DEFINE5(setxattr, const char __user *, path, const char __user *, name,
		const void __user *, value, size_t, size, int, flags)
{
	int err = check_set(size, flags);

	return err ? err : by_path(path, LOOKUP_FOLLOW, name, XATTR_CHANGE);
}

SYSCALL_DEFINE5(lsetxattr, const char __user *, path, const char __user *, name,
		const void __user *, value, size_t, size, int, flags)
{
	int err = check_set(size, flags);

	return err ? err : by_path(path, 0, name, XATTR_CHANGE);
}

SYSCALL_DEFINE5(fsetxattr, int, fd, const char __user *, name, const void __user *, value,
		size_t, size, int, flags)
{
	int err = check_set(size, flags);

	return err ? err : by_fd(fd, name, XATTR_CHANGE);
}

SYSCALL_DEFINE4(getxattr, const char __user *, path, const char __user *, name,
		void __user *, value, size_t, size)
{
	return by_path(path, LOOKUP_FOLLOW, name, XATTR_GET);
}

SYSCALL_DEFINE4(lgetxattr, const char __user *, path, const char __user *, name,
		void __user *, value, size_t, size)
{
	return by_path(path, 0, name, XATTR_GET);
}

SYSCALL_DEFINE4(fgetxattr, int, fd, const char __user *, name, void __user *, value, size_t, size)
{
	return by_fd(fd, name, XATTR_GET);
}

SYSCALL_DEFINE3(listxattr, const char __user *, path, char __user *, list, size_t, size)
{
	return by_path(path, LOOKUP_FOLLOW, NULL, XATTR_LIST);
}

SYSCALL_DEFINE3(llistxattr, const char __user *, path, char __user *, list, size_t, size)
{
	return by_path(path, 0, NULL, XATTR_LIST);
}

SYSCALL_DEFINE3(flistxattr, int, fd, char __user *, list, size_t, size)
{
	return by_fd(fd, NULL, XATTR_LIST);
}

SYSCALL_DEFINE2(removexattr, const char __user *, path, const char __user *, name)
{
	return by_path(path, LOOKUP_FOLLOW, name, XATTR_CHANGE);
}

SYSCALL_DEFINE2(lremovexattr, const char __user *, path, const char __user *, name)
{
	return by_path(path, 0, name, XATTR_CHANGE);
}

SYSCALL_DEFINE2(fremovexattr, int, fd, const char __user *, name)
{
	return by_fd(fd, name, XATTR_CHANGE);
}

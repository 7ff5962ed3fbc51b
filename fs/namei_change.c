// SPDX-License-Identifier: GPL-2.0-only
/*
 * Making and removing names: mkdir, mknod, symlink, link, unlink, rmdir. A change
 * holds the directory's i_rwsem for writing and mnt_want_write().
 */
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/fsnotify.h>
#include <linux/fs_struct.h>
#include <linux/mount.h>
#include <linux/namei.h>
#include <linux/sched.h>
#include <linux/syscalls.h>
#include <linux/uaccess.h>
#include "internal.h"
#include "mount.h"
#include "nameidata.h"

/* ---- the changes themselves; both the directory and the mount are held ---- */

int vfs_create(struct inode *dir, struct dentry *dentry, umode_t mode, bool excl)
{
	int err = may_create(dir, dentry);

	if (err)
		return err;
	if (!dir->i_op->create)
		return -EACCES;
	err = dir->i_op->create(dir, dentry, (mode & S_IALLUGO) | S_IFREG, excl);
	if (!err)
		fsnotify_name(dir, dentry, IN_CREATE, 0);
	return err;
}

/* mkdir(2). Return: 0, -EEXIST, -ENOENT, -EACCES, -EPERM, -EMLINK, ... */
int vfs_mkdir(struct inode *dir, struct dentry *dentry, umode_t mode)
{
	int err = may_create(dir, dentry);

	if (err)
		return err;
	if (!dir->i_op->mkdir)
		return -EPERM;
	err = dir->i_op->mkdir(dir, dentry, mode & (S_IRWXUGO | S_ISVTX));
	if (!err)
		fsnotify_name(dir, dentry, IN_CREATE, IN_ISDIR);
	return err;
}

int vfs_mknod(struct inode *dir, struct dentry *dentry, umode_t mode, dev_t dev)
{
	/* overlay file systems' whiteouts look like this, and anybody may make them */
	bool whiteout = S_ISCHR(mode) && dev == 0;
	int err = may_create(dir, dentry);

	if (err)
		return err;
	if ((S_ISCHR(mode) || S_ISBLK(mode)) && !whiteout && !capable(CAP_MKNOD))
		return -EPERM;
	if (!dir->i_op->mknod)
		return -EPERM;
	err = dir->i_op->mknod(dir, dentry, mode, dev);
	if (!err)
		fsnotify_name(dir, dentry, IN_CREATE, 0);
	return err;
}

int vfs_symlink(struct inode *dir, struct dentry *dentry, const char *target)
{
	int err = may_create(dir, dentry);

	if (err)
		return err;
	if (!dir->i_op->symlink)
		return -EPERM;
	err = dir->i_op->symlink(dir, dentry, target);
	if (!err)
		fsnotify_name(dir, dentry, IN_CREATE, 0);
	return err;
}

/* link(2), new name @new for @old's file. */
int vfs_link(struct dentry *old, struct inode *dir, struct dentry *new)
{
	struct inode *inode = old->d_inode;
	int err;

	if (!inode)
		return -ENOENT;
	err = may_create(dir, new);
	if (err)
		return err;
	if (dir->i_sb != inode->i_sb)
		return -EXDEV;
	if (IS_APPEND(inode) || IS_IMMUTABLE(inode))
		return -EPERM;
	if (!dir->i_op->link || S_ISDIR(inode->i_mode))
		return -EPERM;
	down_write_nested(&inode->i_rwsem, 1);
	/* a file without names may not get one, unless it was made to (O_TMPFILE) */
	if (inode->i_nlink == 0 && !(inode->i_flags & S_LINKABLE))
		err = -ENOENT;
	else
		err = dir->i_op->link(old, dir, new);
	if (!err)
		inode->i_flags &= ~S_LINKABLE;
	up_write(&inode->i_rwsem);
	if (!err) {
		fsnotify_inode(inode, IN_ATTRIB);
		fsnotify_name(dir, new, IN_CREATE, 0);
	}
	return err;
}

/* As on Linux, what nobody else holds tells of its own end before its directory does. */
static void tell_removed(struct inode *dir, struct dentry *dentry, u32 isdir)
{
	if (!dentry->d_inode->i_nlink && atomic_read(&dentry->d_count) == 1)
		fsnotify_inoderemove(dentry->d_inode);
	fsnotify_name(dir, dentry, IN_DELETE, isdir);
}

int vfs_unlink(struct inode *dir, struct dentry *dentry)
{
	struct inode *inode = dentry->d_inode;
	int err = may_delete(dir, dentry, false);

	if (err)
		return err;
	if (!dir->i_op->unlink)
		return -EPERM;
	down_write_nested(&inode->i_rwsem, 1);
	err = is_local_mountpoint(dentry) ? -EBUSY : dir->i_op->unlink(dir, dentry);
	up_write(&inode->i_rwsem);
	if (!err) {
		fsnotify_inode(inode, IN_ATTRIB);
		tell_removed(dir, dentry, 0);
	}
	return err;
}

int vfs_rmdir(struct inode *dir, struct dentry *dentry)
{
	struct inode *inode = dentry->d_inode;
	int err = may_delete(dir, dentry, true);

	if (err)
		return err;
	if (!dir->i_op->rmdir)
		return -EPERM;
	down_write_nested(&inode->i_rwsem, 1);
	err = is_local_mountpoint(dentry) ? -EBUSY : dir->i_op->rmdir(dir, dentry);
	if (!err)
		inode->i_flags |= S_DEAD;
	up_write(&inode->i_rwsem);
	if (!err)
		tell_removed(dir, dentry, IN_ISDIR);
	return err;
}

/* ---- from a path to a locked directory and an entry in it ---- */

/* Look the name up in the locked directory. Trailing slashes are for directories only. */
static struct dentry *entry_to_create(struct path *path, const struct qstr *last,
				      unsigned int flags)
{
	bool slash = last->name[last->len];
	struct dentry *dentry = lookup_locked(path->dentry, last, LOOKUP_CREATE | LOOKUP_EXCL);
	int err = 0;

	if (IS_ERR(dentry))
		return dentry;
	if (d_is_positive(dentry))
		err = -EEXIST;
	else if (slash && !(flags & LOOKUP_DIRECTORY))
		err = -ENOENT;
	if (!err)
		return dentry;
	dput(dentry);
	return ERR_PTR(err);
}

static struct dentry *filename_create(int dfd, struct filename *name, struct path *path,
				      unsigned int flags)
{
	struct dentry *dentry = ERR_PTR(-EEXIST);
	enum last_type type;
	struct qstr last;
	int err, ro;

	err = filename_parentat(dfd, name, 0, path, &last, &type);
	if (err)
		return ERR_PTR(err);
	if (type != LAST_NORM)
		goto out_path;
	if (!S_ISDIR(path->dentry->d_inode->i_mode)) {
		dentry = ERR_PTR(-ENOTDIR);
		goto out_path;
	}
	/* a name that exists is EEXIST even where nothing may be written */
	ro = mnt_want_write(path->mnt);
	down_write_nested(&path->dentry->d_inode->i_rwsem, 0);
	dentry = entry_to_create(path, &last, flags);
	if (!IS_ERR(dentry) && !ro)
		return dentry;
	inode_unlock(path->dentry->d_inode);
	if (!ro)
		mnt_drop_write(path->mnt);
	if (!IS_ERR(dentry)) {
		dput(dentry);
		dentry = ERR_PTR(ro);
	}
out_path:
	path_put(path);
	return dentry;
}

struct dentry *user_path_create(int dfd, const char __user *uname, struct path *path,
				unsigned int flags)
{
	struct filename *name = getname(uname);
	struct dentry *dentry = IS_ERR(name) ? ERR_CAST(name) :
				filename_create(dfd, name, path, flags);

	putname(name);
	return dentry;
}

/**
 * kern_path_create - the place for a new name, locked
 * @dfd: where a relative path begins
 * @text: the path
 * @path: receives the directory
 * @flags: LOOKUP_DIRECTORY: trailing slashes are fine
 *
 * Return: a negative entry, for done_path_create(); ERR_PTR(-EEXIST, -EROFS, ...).
 */
struct dentry *kern_path_create(int dfd, const char *text, struct path *path, unsigned int flags)
{
	struct filename *name = getname_kernel(text);
	struct dentry *dentry = IS_ERR(name) ? ERR_CAST(name) :
				filename_create(dfd, name, path, flags);

	putname(name);
	return dentry;
}

void done_path_create(struct path *path, struct dentry *dentry)
{
	dput(dentry);
	inode_unlock(path->dentry->d_inode);
	mnt_drop_write(path->mnt);
	path_put(path);
}

/* ---- system calls ---- */

static long do_mkdirat(int dfd, const char __user *name, umode_t mode)
{
	struct path path;
	struct dentry *dentry = user_path_create(dfd, name, &path, LOOKUP_DIRECTORY);
	struct inode *dir;
	int err;

	if (IS_ERR(dentry))
		return PTR_ERR(dentry);
	dir = path.dentry->d_inode;
	err = vfs_mkdir(dir, dentry, mode & ~current_umask());
	done_path_create(&path, dentry);
	return err;
}

SYSCALL_DEFINE2(mkdir, const char __user *, name, umode_t, mode)
{
	return do_mkdirat(AT_FDCWD, name, mode);
}

SYSCALL_DEFINE3(mkdirat, int, dfd, const char __user *, name, umode_t, mode)
{
	return do_mkdirat(dfd, name, mode);
}

static int check_mknod_mode(umode_t mode)
{
	switch (mode & S_IFMT) {
	case 0:
	case S_IFREG:
	case S_IFCHR:
	case S_IFBLK:
	case S_IFIFO:
	case S_IFSOCK:
		return 0;
	case S_IFDIR:
		return -EPERM;
	}
	return -EINVAL;
}

static long do_mknodat(int dfd, const char __user *name, umode_t mode, unsigned int dev)
{
	int err = check_mknod_mode(mode);
	struct dentry *dentry;
	struct inode *dir;
	struct path path;

	if (err)
		return err;
	dentry = user_path_create(dfd, name, &path, 0);
	if (IS_ERR(dentry))
		return PTR_ERR(dentry);
	dir = path.dentry->d_inode;
	mode = mode_strip_sgid(dir, mode) & ~current_umask();
	if ((mode & S_IFMT) == 0 || S_ISREG(mode))
		err = vfs_create(dir, dentry, mode, true);
	else if (S_ISCHR(mode) || S_ISBLK(mode))
		err = vfs_mknod(dir, dentry, mode, new_decode_dev(dev));
	else
		err = vfs_mknod(dir, dentry, mode, 0);
	done_path_create(&path, dentry);
	return err;
}

SYSCALL_DEFINE3(mknod, const char __user *, name, umode_t, mode, unsigned int, dev)
{
	return do_mknodat(AT_FDCWD, name, mode, dev);
}

SYSCALL_DEFINE4(mknodat, int, dfd, const char __user *, name, umode_t, mode, unsigned int, dev)
{
	return do_mknodat(dfd, name, mode, dev);
}

static long do_symlinkat(const char __user *utarget, int dfd, const char __user *name)
{
	struct filename *target = getname(utarget);
	struct dentry *dentry;
	struct path path;
	int err;

	if (IS_ERR(target))
		return PTR_ERR(target);
	dentry = user_path_create(dfd, name, &path, 0);
	err = PTR_ERR_OR_ZERO(dentry);
	if (!err) {
		err = vfs_symlink(path.dentry->d_inode, dentry, target->name);
		done_path_create(&path, dentry);
	}
	putname(target);
	return err;
}

SYSCALL_DEFINE2(symlink, const char __user *, target, const char __user *, name)
{
	return do_symlinkat(target, AT_FDCWD, name);
}

SYSCALL_DEFINE3(symlinkat, const char __user *, target, int, dfd, const char __user *, name)
{
	return do_symlinkat(target, dfd, name);
}

static long do_linkat(int olddfd, const char __user *oldname, int newdfd,
		      const char __user *newname, int flags)
{
	unsigned int how = (flags & AT_SYMLINK_FOLLOW) ? LOOKUP_FOLLOW : 0;
	struct path old, path;
	struct dentry *dentry;
	int err;

	if (flags & ~(AT_SYMLINK_FOLLOW | AT_EMPTY_PATH))
		return -EINVAL;
	if (flags & AT_EMPTY_PATH) {
		if (!capable(CAP_DAC_READ_SEARCH))
			return -ENOENT;
		how |= LOOKUP_EMPTY;
	}
	err = user_path_at(olddfd, oldname, how, &old);
	if (err)
		return err;
	dentry = user_path_create(newdfd, newname, &path, 0);
	err = PTR_ERR_OR_ZERO(dentry);
	if (!err) {
		err = old.mnt == path.mnt ? may_link_source(old.dentry->d_inode) : -EXDEV;
		if (!err)
			err = vfs_link(old.dentry, path.dentry->d_inode, dentry);
		done_path_create(&path, dentry);
	}
	path_put(&old);
	return err;
}

SYSCALL_DEFINE2(link, const char __user *, oldname, const char __user *, newname)
{
	return do_linkat(AT_FDCWD, oldname, AT_FDCWD, newname, 0);
}

SYSCALL_DEFINE5(linkat, int, olddfd, const char __user *, oldname, int, newdfd,
		const char __user *, newname, int, flags)
{
	return do_linkat(olddfd, oldname, newdfd, newname, flags);
}

/* unlink(2): "foo/" names a directory, or nothing. */
static int slash_errno(const struct dentry *dentry)
{
	if (d_is_negative(dentry))
		return -ENOENT;
	return S_ISDIR(dentry->d_inode->i_mode) ? -EISDIR : -ENOTDIR;
}

/* A name is gone that other namespaces had mounted something on: they lose that. No lock held. */
static void drop_foreign_mounts(struct dentry *victim)
{
	if (likely(!victim))
		return;
	detach_mounts(victim);
	dput(victim);
}

/* @dentry with a reference if drop_foreign_mounts() has anything to do. */
static struct dentry *foreign_mountpoint(struct dentry *dentry, int err)
{
	return unlikely(!err && d_mountpoint(dentry)) ? dget(dentry) : NULL;
}

static int unlink_last(struct path *dir, const struct qstr *last)
{
	struct dentry *victim = NULL;
	struct inode *inode = NULL;
	struct dentry *dentry;
	int err = mnt_want_write(dir->mnt);

	if (err)
		return err;
	down_write_nested(&dir->dentry->d_inode->i_rwsem, 0);
	dentry = lookup_locked(dir->dentry, last, 0);
	if (IS_ERR(dentry)) {
		err = PTR_ERR(dentry);
	} else {
		if (last->name[last->len])
			err = slash_errno(dentry);
		else if (d_is_negative(dentry))
			err = -ENOENT;
		else {
			inode = dentry->d_inode;
			ihold(inode);
			err = vfs_unlink(dir->dentry->d_inode, dentry);
			victim = foreign_mountpoint(dentry, err);
		}
		dput(dentry);
	}
	inode_unlock(dir->dentry->d_inode);
	drop_foreign_mounts(victim);
	iput(inode);	/* truncation may take its time: not under the directory's lock */
	mnt_drop_write(dir->mnt);
	return err;
}

static int rmdir_last(struct path *dir, const struct qstr *last)
{
	struct dentry *dentry, *victim = NULL;
	int err = mnt_want_write(dir->mnt);

	if (err)
		return err;
	down_write_nested(&dir->dentry->d_inode->i_rwsem, 0);
	dentry = lookup_locked(dir->dentry, last, 0);
	if (IS_ERR(dentry)) {
		err = PTR_ERR(dentry);
	} else {
		err = d_is_negative(dentry) ? -ENOENT : vfs_rmdir(dir->dentry->d_inode, dentry);
		victim = foreign_mountpoint(dentry, err);
		dput(dentry);
	}
	inode_unlock(dir->dentry->d_inode);
	drop_foreign_mounts(victim);
	mnt_drop_write(dir->mnt);
	return err;
}

/* What removing "/", "." or ".." answers. */
static int rmdir_special(enum last_type type)
{
	if (type == LAST_DOTDOT)
		return -ENOTEMPTY;
	return type == LAST_DOT ? -EINVAL : -EBUSY;
}

/* Consumes @name. */
static long do_remove(int dfd, struct filename *name, bool is_dir)
{
	enum last_type type;
	struct qstr last;
	struct path dir;
	int err;

	err = filename_parentat(dfd, name, 0, &dir, &last, &type);
	if (!err) {
		if (!S_ISDIR(dir.dentry->d_inode->i_mode))
			err = -ENOTDIR;
		else if (type != LAST_NORM)
			err = is_dir ? rmdir_special(type) : -EISDIR;
		else
			err = is_dir ? rmdir_last(&dir, &last) : unlink_last(&dir, &last);
		path_put(&dir);
	}
	putname(name);
	return err;
}

/* unlink(2) from the kernel, with current's root and directory. */
int kern_unlink(const char *text)
{
	return do_remove(AT_FDCWD, getname_kernel(text), false);
}

SYSCALL_DEFINE1(unlink, const char __user *, name)
{
	return do_remove(AT_FDCWD, getname(name), false);
}

SYSCALL_DEFINE3(unlinkat, int, dfd, const char __user *, name, int, flags)
{
	if (flags & ~AT_REMOVEDIR)
		return -EINVAL;
	return do_remove(dfd, getname(name), flags & AT_REMOVEDIR);
}

SYSCALL_DEFINE1(rmdir, const char __user *, name)
{
	return do_remove(AT_FDCWD, getname(name), true);
}

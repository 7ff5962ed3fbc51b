// SPDX-License-Identifier: GPL-2.0-only
/*
 * rename(2), renameat2(2). Two directories are locked ancestor first, under the file
 * system's rename mutex, which keeps "is it an ancestor" true meanwhile.
 */
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/fsnotify.h>
#include <linux/mount.h>
#include <linux/namei.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <linux/syscalls.h>
#include "internal.h"
#include "mount.h"
#include "nameidata.h"

/* The child of @top through which @dentry is reached, or NULL; the rename mutex is held. */
static struct dentry *d_ancestor(struct dentry *top, struct dentry *dentry)
{
	for (; !IS_ROOT(dentry); dentry = dentry->d_parent) {
		if (dentry->d_parent == top)
			return dentry;
	}
	return NULL;
}

/**
 * lock_rename - lock two directories of one file system
 * @a: one
 * @b: the other, or the same
 *
 * Return: the child of one that leads to the other, or NULL when neither is above.
 */
struct dentry *lock_rename(struct dentry *a, struct dentry *b)
{
	struct dentry *between;

	if (a == b) {
		down_write_nested(&a->d_inode->i_rwsem, 0);
		return NULL;
	}
	mutex_lock(&a->d_sb->s_vfs_rename_mutex);
	between = d_ancestor(b, a);
	if (between) {
		inode_lock(b->d_inode);
		down_write_nested(&a->d_inode->i_rwsem, 1);
		return between;
	}
	between = d_ancestor(a, b);
	inode_lock(a->d_inode);
	down_write_nested(&b->d_inode->i_rwsem, 1);
	return between;
}

void unlock_rename(struct dentry *a, struct dentry *b)
{
	inode_unlock(a->d_inode);
	if (a != b) {
		inode_unlock(b->d_inode);
		mutex_unlock(&a->d_sb->s_vfs_rename_mutex);
	}
}

/* A directory that moves gets another "..": its own write permission is asked for. */
static int may_move_dir(struct inode *old_dir, struct inode *new_dir, struct inode *moved)
{
	if (old_dir == new_dir || !S_ISDIR(moved->i_mode))
		return 0;
	return inode_permission(moved, MAY_WRITE);
}

static int may_rename(struct inode *old_dir, struct dentry *old, struct inode *new_dir,
		      struct dentry *new, unsigned int flags)
{
	bool is_dir = S_ISDIR(old->d_inode->i_mode);
	int err = may_delete(old_dir, old, is_dir);

	if (err)
		return err;
	if (!new->d_inode)
		err = may_create(new_dir, new);
	else if (flags & RENAME_EXCHANGE)
		err = may_delete(new_dir, new, S_ISDIR(new->d_inode->i_mode));
	else
		err = may_delete(new_dir, new, is_dir);
	if (err)
		return err;
	if (!old_dir->i_op->rename)
		return -EPERM;
	err = may_move_dir(old_dir, new_dir, old->d_inode);
	if (!err && (flags & RENAME_EXCHANGE))
		err = may_move_dir(new_dir, old_dir, new->d_inode);
	return err;
}

/* Lock the inodes that are not directories, by address: their link counts and times change. */
static void lock_files(struct inode *a, struct inode *b)
{
	if (b && (S_ISDIR(b->i_mode) || a == b))
		b = NULL;
	if (S_ISDIR(a->i_mode))
		a = NULL;
	if (a && b && a > b)
		swap(a, b);
	if (a)
		down_write_nested(&a->i_rwsem, 2);
	if (b)
		down_write_nested(&b->i_rwsem, 3);
}

static void unlock_files(struct inode *a, struct inode *b)
{
	if (!S_ISDIR(a->i_mode))
		up_write(&a->i_rwsem);
	if (b && b != a && !S_ISDIR(b->i_mode))
		up_write(&b->i_rwsem);
}

static int __vfs_rename(struct inode *old_dir, struct dentry *old, struct inode *new_dir,
			struct dentry *new, unsigned int flags)
{
	struct inode *source = old->d_inode, *target = new->d_inode;
	int err;

	if (source == target)
		return 0;
	err = may_rename(old_dir, old, new_dir, new, flags);
	if (err)
		return err;
	dget(new);
	lock_files(source, target);
	if (is_local_mountpoint(old) || is_local_mountpoint(new))
		err = -EBUSY;
	else
		err = old_dir->i_op->rename(old_dir, old, new_dir, new, flags);
	if (!err && target && !(flags & RENAME_EXCHANGE) && S_ISDIR(target->i_mode))
		target->i_flags |= S_DEAD;
	if (!err) {
		if (flags & RENAME_EXCHANGE)
			d_exchange(old, new);
		else
			d_move(old, new);
	}
	unlock_files(source, target);
	dput(new);
	return err;
}

/* The same, and tell those who watch; the names change places meanwhile, so keep the old one. */
static int rename_watched(struct inode *old_dir, struct dentry *old, struct inode *new_dir,
			  struct dentry *new, unsigned int flags)
{
	struct inode *target = new->d_inode;
	char *copy = __getname();
	struct qstr name;
	int err;

	if (!copy)
		return -ENOMEM;
	name = (struct qstr)QSTR_INIT(copy, old->d_name.len);
	memcpy(copy, old->d_name.name, name.len);
	err = old->d_inode == target ? 0 : __vfs_rename(old_dir, old, new_dir, new, flags);
	if (!err && old->d_inode != target) {
		__fsnotify_rename(old_dir, &name, new_dir, old);
		if (flags & RENAME_EXCHANGE) {
			name = (struct qstr)QSTR_INIT(copy, old->d_name.len);
			memcpy(copy, old->d_name.name, name.len);
			__fsnotify_rename(new_dir, &name, old_dir, new);
		} else if (target) {
			fsnotify_inode(target, IN_ATTRIB);
		}
	}
	__putname(copy);
	return err;
}

/**
 * vfs_rename - give @old the name @new
 * @old_dir: directory of @old
 * @old: positive
 * @new_dir: directory of @new; both are locked by lock_rename()
 * @new: what it replaces, or a negative entry
 * @flags: RENAME_NOREPLACE, RENAME_EXCHANGE
 *
 * Return: 0, -EBUSY (a mount point), rename(2)'s errnos.
 */
int vfs_rename(struct inode *old_dir, struct dentry *old, struct inode *new_dir,
	       struct dentry *new, unsigned int flags)
{
	if (fsnotify_watched())
		return rename_watched(old_dir, old, new_dir, new, flags);
	return __vfs_rename(old_dir, old, new_dir, new, flags);
}

/* Both directories are locked. @victim: to be given to detach_mounts() and dput() afterwards. */
static int rename_locked(struct path *from, const struct qstr *old_last, struct path *to,
			 const struct qstr *new_last, struct dentry *between, unsigned int flags,
			 struct dentry **victim)
{
	struct dentry *old, *new;
	int err;

	old = lookup_locked(from->dentry, old_last, 0);
	if (IS_ERR(old))
		return PTR_ERR(old);
	if (d_is_negative(old)) {
		dput(old);
		return -ENOENT;
	}
	new = lookup_locked(to->dentry, new_last, LOOKUP_RENAME_TARGET);
	if (IS_ERR(new)) {
		dput(old);
		return PTR_ERR(new);
	}
	if ((flags & RENAME_NOREPLACE) && d_is_positive(new))
		err = -EEXIST;
	else if ((flags & RENAME_EXCHANGE) && d_is_negative(new))
		err = -ENOENT;
	else if ((flags & RENAME_EXCHANGE) && !S_ISDIR(new->d_inode->i_mode) &&
		 new_last->name[new_last->len])
		err = -ENOTDIR;
	else if (!S_ISDIR(old->d_inode->i_mode) &&
		 (old_last->name[old_last->len] ||
		  (!(flags & RENAME_EXCHANGE) && new_last->name[new_last->len])))
		err = -ENOTDIR;
	else if (old == between)
		err = -EINVAL;		/* into itself */
	else if (new == between)
		err = flags & RENAME_EXCHANGE ? -EINVAL : -ENOTEMPTY;
	else
		err = vfs_rename(from->dentry->d_inode, old, to->dentry->d_inode, new, flags);
	/* replaced, and a mount point in another namespace */
	if (!err && old->d_inode != new->d_inode && !(flags & RENAME_EXCHANGE) &&
	    unlikely(d_mountpoint(new)))
		*victim = dget(new);
	dput(new);
	dput(old);
	return err;
}

static int rename_paths(struct path *from, const struct qstr *old_last, enum last_type old_type,
			struct path *to, const struct qstr *new_last, enum last_type new_type,
			unsigned int flags)
{
	struct dentry *between, *victim = NULL;
	int err;

	if (from->mnt != to->mnt)
		return -EXDEV;
	if (old_type != LAST_NORM)
		return -EBUSY;
	if (new_type != LAST_NORM)
		return flags & RENAME_NOREPLACE ? -EEXIST : -EBUSY;
	if (!S_ISDIR(from->dentry->d_inode->i_mode) || !S_ISDIR(to->dentry->d_inode->i_mode))
		return -ENOTDIR;
	err = mnt_want_write(from->mnt);
	if (err)
		return err;
	between = lock_rename(from->dentry, to->dentry);
	err = rename_locked(from, old_last, to, new_last, between, flags, &victim);
	unlock_rename(from->dentry, to->dentry);
	if (victim) {
		detach_mounts(victim);
		dput(victim);
	}
	mnt_drop_write(from->mnt);
	return err;
}

static long do_renameat2(int olddfd, const char __user *oldname, int newdfd,
			 const char __user *newname, unsigned int flags)
{
	struct filename *old_fn, *new_fn;
	enum last_type old_type, new_type;
	struct qstr old_last, new_last;
	struct path from, to;
	int err;

	if (flags & ~(RENAME_NOREPLACE | RENAME_EXCHANGE | RENAME_WHITEOUT))
		return -EINVAL;
	if ((flags & (RENAME_NOREPLACE | RENAME_WHITEOUT)) && (flags & RENAME_EXCHANGE))
		return -EINVAL;
	old_fn = getname(oldname);
	new_fn = getname(newname);
	err = filename_parentat(olddfd, old_fn, 0, &from, &old_last, &old_type);
	if (!err) {
		err = filename_parentat(newdfd, new_fn, 0, &to, &new_last, &new_type);
		if (!err) {
			err = rename_paths(&from, &old_last, old_type, &to, &new_last, new_type,
					   flags);
			path_put(&to);
		}
		path_put(&from);
	}
	putname(new_fn);
	putname(old_fn);
	return err;
}

SYSCALL_DEFINE2(rename, const char __user *, oldname, const char __user *, newname)
{
	return do_renameat2(AT_FDCWD, oldname, AT_FDCWD, newname, 0);
}

SYSCALL_DEFINE4(renameat, int, olddfd, const char __user *, oldname, int, newdfd,
		const char __user *, newname)
{
	return do_renameat2(olddfd, oldname, newdfd, newname, 0);
}

SYSCALL_DEFINE5(renameat2, int, olddfd, const char __user *, oldname, int, newdfd,
		const char __user *, newname, unsigned int, flags)
{
	return do_renameat2(olddfd, oldname, newdfd, newname, flags);
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who may do what to an inode: mode bits, groups, capabilities (path_resolution(7),
 * capabilities(7)), and the count that keeps writers and execution apart.
 */
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/fs.h>
#include <linux/mount.h>
#include <linux/sched.h>
#include "internal.h"

/* A capability holds for the inodes whose owner and group its namespace knows. */
bool capable_wrt_inode_uidgid(const struct inode *inode, int cap)
{
	const struct user_namespace *ns = current_user_ns();

	return kuid_has_mapping(ns, inode->i_uid) && kgid_has_mapping(ns, inode->i_gid) &&
	       ns_capable(ns, cap);
}

/* Owner, or CAP_FOWNER: chmod, utimes, sticky directories. */
bool inode_owner_or_capable(const struct inode *inode)
{
	const struct user_namespace *ns = current_user_ns();

	if (inode->i_uid == current_fsuid())
		return true;
	return kuid_has_mapping(ns, inode->i_uid) && ns_capable(ns, CAP_FOWNER);
}

int sysctl_protected_hardlinks = 1, sysctl_protected_symlinks = 1;
int sysctl_protected_fifos, sysctl_protected_regular;

/* May whoever is not its owner give @inode another name? */
static bool is_safe_to_link(struct inode *inode)
{
	umode_t mode = inode->i_mode;

	if (!S_ISREG(mode) || (mode & S_ISUID) ||
	    (mode & (S_ISGID | S_IXGRP)) == (S_ISGID | S_IXGRP))
		return false;
	return !inode_permission(inode, MAY_READ | MAY_WRITE);
}

/* link(2), protected_hardlinks of proc(5): 0 or -EPERM. */
int may_link_source(struct inode *inode)
{
	if (!sysctl_protected_hardlinks || is_safe_to_link(inode) || inode_owner_or_capable(inode))
		return 0;
	return -EPERM;
}

/* @link is the last component, in @dir. protected_symlinks of proc(5): 0 or -EACCES. */
int may_follow_last(const struct inode *dir, const struct inode *link)
{
	if (!sysctl_protected_symlinks || link->i_uid == current_fsuid())
		return 0;
	if ((dir->i_mode & (S_ISVTX | S_IWOTH)) != (S_ISVTX | S_IWOTH))
		return 0;
	return dir->i_uid == link->i_uid ? 0 : -EACCES;
}

/* open(2) with O_CREAT found @inode in @dir. protected_fifos, protected_regular: 0 or -EACCES. */
int may_open_created(const struct inode *dir, const struct inode *inode)
{
	int level = S_ISFIFO(inode->i_mode) ? sysctl_protected_fifos :
		    S_ISREG(inode->i_mode) ? sysctl_protected_regular : 0;

	if (likely(!level) || !(dir->i_mode & S_ISVTX) || inode->i_uid == dir->i_uid ||
	    inode->i_uid == current_fsuid())
		return 0;
	if ((dir->i_mode & S_IWOTH) || (level >= 2 && (dir->i_mode & S_IWGRP)))
		return -EACCES;
	return 0;
}

/* Do the permission bits of the class that we are in grant @mask (MAY_RWX)? */
static bool mode_bits_grant(const struct inode *inode, int mask)
{
	unsigned int mode = inode->i_mode;

	/* the same for all classes: no need to know ours */
	if (!((mask & 7) * 0111 & ~mode))
		return true;
	if (inode->i_uid == current_fsuid())
		mode >>= 6;
	else if (in_group_p(inode->i_gid))
		mode >>= 3;
	return !(mask & 7 & ~mode);
}

/**
 * generic_permission - may current access @inode?
 * @inode: any
 * @mask: MAY_READ | MAY_WRITE | MAY_EXEC
 *
 * Return: 0 or -EACCES.
 */
int generic_permission(struct inode *inode, int mask)
{
	mask &= MAY_READ | MAY_WRITE | MAY_EXEC;
	if (likely(mode_bits_grant(inode, mask)))
		return 0;
	if (S_ISDIR(inode->i_mode)) {
		if (!(mask & MAY_WRITE) && capable_wrt_inode_uidgid(inode, CAP_DAC_READ_SEARCH))
			return 0;
		return capable_wrt_inode_uidgid(inode, CAP_DAC_OVERRIDE) ? 0 : -EACCES;
	}
	if (mask == MAY_READ && capable_wrt_inode_uidgid(inode, CAP_DAC_READ_SEARCH))
		return 0;
	/* even root executes only what somebody may execute */
	if ((!(mask & MAY_EXEC) || (inode->i_mode & S_IXUGO)) &&
	    capable_wrt_inode_uidgid(inode, CAP_DAC_OVERRIDE))
		return 0;
	return -EACCES;
}

/**
 * inode_permission - generic_permission() and what stands above modes
 * @inode: any
 * @mask: MAY_*
 *
 * Return: 0, -EACCES, -EROFS (read-only file system), -EPERM (immutable).
 */
int inode_permission(struct inode *inode, int mask)
{
	if (unlikely(mask & MAY_WRITE)) {
		umode_t mode = inode->i_mode;

		if (IS_RDONLY(inode) && (S_ISREG(mode) || S_ISDIR(mode) || S_ISLNK(mode)))
			return -EROFS;
		if (IS_IMMUTABLE(inode))
			return -EPERM;
	}
	if (unlikely(inode->i_op->permission))
		return inode->i_op->permission(inode, mask);
	return generic_permission(inode, mask);
}

int path_permission(const struct path *path, int mask)
{
	return inode_permission(path->dentry->d_inode, mask);
}

/* In a sticky directory only owners (of it, or of the file) remove: unlink(2). */
bool sticky_refuses(const struct inode *dir, const struct inode *inode)
{
	if (likely(!(dir->i_mode & S_ISVTX)))
		return false;
	if (inode->i_uid == current_fsuid() || dir->i_uid == current_fsuid())
		return false;
	return !capable_wrt_inode_uidgid(inode, CAP_FOWNER);
}

/**
 * may_delete - may current remove the name @victim from @dir?
 * @dir: its directory; i_rwsem held
 * @victim: a positive or negative entry
 * @isdir: the caller wants a directory to go
 *
 * Return: 0, -ENOENT, -EACCES, -EPERM, -ENOTDIR, -EISDIR, -EBUSY.
 */
int may_delete(struct inode *dir, struct dentry *victim, bool isdir)
{
	struct inode *inode = victim->d_inode;
	int err;

	if (!inode)
		return -ENOENT;
	err = inode_permission(dir, MAY_WRITE | MAY_EXEC);
	if (err)
		return err;
	if (IS_APPEND(dir))
		return -EPERM;
	if (sticky_refuses(dir, inode) || IS_APPEND(inode) || IS_IMMUTABLE(inode))
		return -EPERM;
	if (isdir) {
		if (!S_ISDIR(inode->i_mode))
			return -ENOTDIR;
		if (IS_ROOT(victim))
			return -EBUSY;
	} else if (S_ISDIR(inode->i_mode)) {
		return -EISDIR;
	}
	return IS_DEADDIR(dir) ? -ENOENT : 0;
}

/* May current make the name @child in @dir? Return: 0, -EEXIST, -ENOENT, -EACCES, -EROFS. */
int may_create(struct inode *dir, struct dentry *child)
{
	if (child->d_inode)
		return -EEXIST;
	if (IS_DEADDIR(dir))
		return -ENOENT;
	return inode_permission(dir, MAY_WRITE | MAY_EXEC);
}

/* ---- i_writecount: positive counts writers, negative counts executions ---- */

/* Return: 0, or -ETXTBSY while the file is being executed. */
int get_write_access(struct inode *inode)
{
	int count = atomic_read(&inode->i_writecount);

	do {
		if (count < 0)
			return -ETXTBSY;
	} while (!atomic_try_cmpxchg(&inode->i_writecount, &count, count + 1));
	return 0;
}

void put_write_access(struct inode *inode)
{
	atomic_dec(&inode->i_writecount);
}

/* Return: 0, or -ETXTBSY while the file is open for writing. */
int deny_write_access(struct file *file)
{
	struct inode *inode = file->f_inode;
	int count = atomic_read(&inode->i_writecount);

	do {
		if (count > 0)
			return -ETXTBSY;
	} while (!atomic_try_cmpxchg(&inode->i_writecount, &count, count - 1));
	return 0;
}

void allow_write_access(struct file *file)
{
	if (file)
		atomic_inc(&file->f_inode->i_writecount);
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * mount(2): what its flags mean and who may. namespace_sem is taken here; what happens to
 * the trees of mounts is mount_tree.c's.
 */
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/fs_struct.h>
#include <linux/init.h>
#include <linux/mm.h>
#include <linux/mount.h>
#include <linux/namei.h>
#include <linux/ns_common.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/syscalls.h>
#include <linux/uaccess.h>
#include <linux/user_namespace.h>
#include "internal.h"
#include "namespace.h"

#define PROPAGATION	(MS_SHARED | MS_PRIVATE | MS_SLAVE | MS_UNBINDABLE)
#define SB_FLAGS	(SB_RDONLY | SB_SYNCHRONOUS | SB_MANDLOCK | SB_DIRSYNC | SB_SILENT | \
			 SB_LAZYTIME)

bool may_mount(void)
{
	return ns_capable(current_mnt_ns()->user_ns, CAP_SYS_ADMIN);
}

static int flags_to_mnt(unsigned long flags)
{
	static const struct {
		unsigned long ms;
		int mnt;
	} map[] = {
		{ MS_NOSUID, MNT_NOSUID }, { MS_NODEV, MNT_NODEV }, { MS_NOEXEC, MNT_NOEXEC },
		{ MS_NOATIME, MNT_NOATIME }, { MS_NODIRATIME, MNT_NODIRATIME },
		{ MS_RDONLY, MNT_READONLY }, { MS_NOSYMFOLLOW, MNT_NOSYMFOLLOW },
	};
	int mnt = flags & MS_NOATIME ? 0 : MNT_RELATIME;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(map); i++) {
		if (flags & map[i].ms)
			mnt |= map[i].mnt;
	}
	if (flags & MS_STRICTATIME)
		mnt &= ~(MNT_RELATIME | MNT_NOATIME);
	return mnt;
}

/* ---- attaching ---- */

/* Attach @m at the locked place. Return: 0, -ENOTDIR, -EINVAL, -ENOSPC, -ENOMEM. */
static int graft(struct mount *m, const struct path *at)
{
	bool tree_dir = S_ISDIR(m->mnt.mnt_root->d_inode->i_mode);

	if (!our_mnt(at->mnt))
		return -EINVAL;
	if (tree_dir != S_ISDIR(at->dentry->d_inode->i_mode))
		return -ENOTDIR;
	return graft_tree(m, at, NULL);
}

/* ---- new mounts ---- */

static int do_new_mount(const struct path *path, const char *type_name, unsigned long flags,
			const char *dev_name, void *data)
{
	struct file_system_type *type;
	struct vfsmount *mnt;
	struct path at;
	int err;

	if (!type_name)
		return -EINVAL;
	type = get_fs_type(type_name);
	if (!type)
		return -ENODEV;
	if (type->fs_flags & FS_NO_USER_MOUNT)
		return -EINVAL;
	if (!(type->fs_flags & FS_USERNS_MOUNT) && !capable(CAP_SYS_ADMIN))
		return -EPERM;
	mnt = vfs_kern_mount(type, flags & SB_FLAGS, dev_name, data);
	if (IS_ERR(mnt))
		return PTR_ERR(mnt);
	mnt->mnt_flags = flags_to_mnt(flags);
	err = lock_mount(path, &at);
	if (err) {
		mntput(mnt);
		return err;
	}
	/* the same file system twice at the same place is refused */
	if (at.mnt->mnt_sb == mnt->mnt_sb && path_mounted(&at))
		err = -EBUSY;
	else
		err = graft(real_mount(mnt), &at);
	unlock_mount(&at);
	if (err)
		mntput(mnt);
	return err;
}

/* ---- bind ---- */

/* Would the bind without what is mounted below show what a locked mount covers? */
static bool uncovers_locked(const struct mount *m, struct dentry *root)
{
	struct mount *child;

	list_for_each_entry(child, &m->mnt_mounts, mnt_child) {
		if ((child->mnt.mnt_flags & MNT_LOCKED) && is_subdir(child->mnt_mountpoint, root))
			return true;
	}
	return false;
}

/* The copy that a bind mounts. Return: it, or ERR_PTR(-EINVAL, -EPERM, -ENOMEM). */
static struct mount *copy_for_bind(const struct path *old, bool recurse)
{
	struct mount *m = real_mount(old->mnt), *copy;

	if ((m->mnt.mnt_flags & MNT_UNBINDABLE) || (!our_mnt(old->mnt) && !path_is_ns(old)))
		return ERR_PTR(-EINVAL);
	if (!recurse && uncovers_locked(m, old->dentry))
		return ERR_PTR(-EINVAL);
	copy = recurse ? copy_tree(m, old->dentry, 0) : clone_mnt(m, old->dentry, 0);
	if (!IS_ERR(copy))
		copy->mnt.mnt_flags &= ~MNT_LOCKED;
	return copy;
}

static int do_bind(const struct path *path, const char *old_name, bool recurse)
{
	struct path old, at;
	struct mount *m;
	int err;

	if (!old_name || !*old_name)
		return -EINVAL;
	err = kern_path(old_name, LOOKUP_FOLLOW, &old);
	if (err)
		return err;
	err = lock_mount(path, &at);
	if (err)
		goto out;
	m = our_mnt(at.mnt) ? copy_for_bind(&old, recurse) : ERR_PTR(-EINVAL);
	err = PTR_ERR_OR_ZERO(m);
	if (!err) {
		err = graft(m, &at);
		if (err)
			drop_tree(m);
	}
	unlock_mount(&at);
out:
	path_put(&old);
	return err;
}

/* ---- move ---- */

static bool has_unbindable(struct mount *m)
{
	struct mount *p;

	for (p = m; p; p = next_mnt(p, m)) {
		if (p->mnt.mnt_flags & MNT_UNBINDABLE)
			return true;
	}
	return false;
}

/* In Linux's order. */
static int may_move(const struct path *old, const struct path *at)
{
	struct mount *m = real_mount(old->mnt), *dest = real_mount(at->mnt);

	if (!our_mnt(at->mnt) || !our_mnt(old->mnt) || (m->mnt.mnt_flags & MNT_LOCKED))
		return -EINVAL;
	if (!path_mounted(old) || !mnt_has_parent(m))
		return -EINVAL;
	if (S_ISDIR(at->dentry->d_inode->i_mode) != S_ISDIR(old->dentry->d_inode->i_mode))
		return -EINVAL;
	/* whoever sees it below the parent could not be told */
	if (m->mnt_parent->mnt_group)
		return -EINVAL;
	if (dest->mnt_group && has_unbindable(m))
		return -EINVAL;
	return is_above(m, dest) ? -ELOOP : 0;
}

static int do_move(const struct path *path, const char *old_name)
{
	struct path old, at, left = {};
	int err;

	if (!old_name || !*old_name)
		return -EINVAL;
	err = kern_path(old_name, LOOKUP_FOLLOW, &old);
	if (err)
		return err;
	err = lock_mount(path, &at);
	if (err)
		goto out;
	err = may_move(&old, &at);
	if (!err)
		err = graft_tree(real_mount(old.mnt), &at, &left);
	unlock_mount(&at);
	if (left.dentry)
		path_put(&left);
out:
	path_put(&old);
	return err;
}

/* ---- remount, propagation ---- */

/* May @m's flags become these, or did a more privileged namespace fix them? */
static bool flags_are_free(const struct mount *m, int flags)
{
	static const struct {
		int lock, flag;
	} map[] = {
		{ MNT_LOCK_READONLY, MNT_READONLY }, { MNT_LOCK_NODEV, MNT_NODEV },
		{ MNT_LOCK_NOSUID, MNT_NOSUID }, { MNT_LOCK_NOEXEC, MNT_NOEXEC },
	};
	int old = m->mnt.mnt_flags;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(map); i++) {
		if ((old & map[i].lock) && !(flags & map[i].flag))
			return false;
	}
	return !(old & MNT_LOCK_ATIME) || !((old ^ flags) & MNT_ATIME_MASK);
}

/* Return: 0, -EPERM (locked flags), -EBUSY (to be read-only, and somebody writes). */
int set_mnt_flags(struct mount *m, int mnt_flags)
{
	int err = 0;

	if (!flags_are_free(m, mnt_flags))
		return -EPERM;
	if ((mnt_flags & MNT_READONLY) && !(m->mnt.mnt_flags & MNT_READONLY))
		err = mnt_make_readonly(m);
	if (!err)
		m->mnt.mnt_flags = (m->mnt.mnt_flags & ~MNT_USER_FLAGS) | mnt_flags;
	return err;
}

/* May the whole file system become read-only? Looks at each mount of it. */
static bool has_writers(const struct super_block *sb)
{
	bool found = false;
	struct mount *m;

	spin_lock(&mount_lock.lock);
	list_for_each_entry(m, &sb->s_mounts, mnt_of_sb) {
		if (atomic_read(&m->mnt_writers) > 0)
			found = true;
	}
	spin_unlock(&mount_lock.lock);
	return found;
}

int remount_sb(struct super_block *sb, unsigned long flags, void *data)
{
	unsigned long old = sb->s_flags;
	int sb_flags = flags & SB_FLAGS, err = 0;

	if ((sb_flags & SB_RDONLY) && !(old & SB_RDONLY)) {
		sb->s_flags |= SB_RDONLY;
		smp_mb();
		if (has_writers(sb))
			err = -EBUSY;
	}
	if (!err && sb->s_op->remount_fs)
		err = sb->s_op->remount_fs(sb, &sb_flags, data);
	if (err)
		sb->s_flags = old;
	else
		sb->s_flags = (old & ~(unsigned long)(SB_FLAGS & ~SB_SILENT)) |
			      (sb_flags & ~SB_SILENT);
	return err;
}

/* What is not said about access times stays. */
static int remount_flags(const struct mount *m, unsigned long flags)
{
	int mnt = flags_to_mnt(flags);

	if (flags & (MS_NOATIME | MS_NODIRATIME | MS_RELATIME | MS_STRICTATIME))
		return mnt;
	return (mnt & ~MNT_ATIME_MASK) | (m->mnt.mnt_flags & MNT_ATIME_MASK);
}

static int do_remount(const struct path *path, unsigned long flags, void *data)
{
	struct super_block *sb = path->mnt->mnt_sb;
	struct mount *m = real_mount(path->mnt);
	int mnt_flags, err = 0;

	if (!our_mnt(path->mnt) || !path_mounted(path))
		return -EINVAL;
	down_write(&namespace_sem);
	down_write(&sb->s_umount);
	mnt_flags = remount_flags(m, flags);
	if (!flags_are_free(m, mnt_flags) || (!(flags & MS_BIND) && !capable(CAP_SYS_ADMIN)))
		err = -EPERM;
	if (!err && !(flags & MS_BIND))
		err = remount_sb(sb, flags, data);
	if (!err)
		err = set_mnt_flags(m, mnt_flags);
	if (!err)
		touch_mnt_namespace(m->mnt_ns);
	up_write(&sb->s_umount);
	up_write(&namespace_sem);
	return err;
}

/* mount_namespaces(7): exactly one type, and nothing else but MS_REC and MS_SILENT. */
static int do_propagation(const struct path *path, unsigned long flags)
{
	unsigned long type = flags & PROPAGATION;
	struct mount *m = real_mount(path->mnt);
	int err = -EINVAL;

	if (flags & ~(PROPAGATION | MS_REC | MS_SILENT))
		return -EINVAL;
	if ((type & (type - 1)) || !path_mounted(path))
		return -EINVAL;
	down_write(&namespace_sem);
	if (our_mnt(path->mnt))
		err = change_propagation(m, type, flags & MS_REC);
	if (!err)
		touch_mnt_namespace(m->mnt_ns);
	up_write(&namespace_sem);
	return err;
}

/**
 * do_mount - mount(2) on a place that was looked up
 * @dev_name: device, or the source of a bind or move; may be NULL
 * @path: where
 * @type: file system; may be NULL where none is needed
 * @flags: MS_*
 * @data: options, changed while they are read; may be NULL
 *
 * Context: sleeps.
 * Return: 0 and mount(2)'s errnos.
 */
int do_mount(const char *dev_name, const struct path *path, const char *type,
	     unsigned long flags, void *data)
{
	if ((flags & MS_MGC_MSK) == MS_MGC_VAL)
		flags &= ~MS_MGC_MSK;
	if (flags & MS_NOUSER)
		return -EINVAL;
	if (!may_mount())
		return -EPERM;
	if (flags & MS_REMOUNT)
		return do_remount(path, flags, data);
	if (flags & MS_BIND)
		return do_bind(path, dev_name, flags & MS_REC);
	if (flags & PROPAGATION)
		return do_propagation(path, flags);
	if (flags & MS_MOVE)
		return do_move(path, dev_name);
	return do_new_mount(path, type, flags, dev_name, data);
}

int __init init_mount(const char *dev_name, const char *dir, const char *type,
		      unsigned long flags, void *data)
{
	struct path path;
	int err = kern_path(dir, LOOKUP_FOLLOW, &path);

	if (err)
		return err;
	err = do_mount(dev_name, &path, type, flags, data);
	path_put(&path);
	return err;
}

/* Options may be binary, so a whole page is taken, or what there is of it. */
static char *copy_mount_options(const void __user *data)
{
	unsigned long left;
	char *copy;

	if (!data)
		return NULL;
	copy = kzalloc(PAGE_SIZE, GFP_KERNEL);
	if (!copy)
		return ERR_PTR(-ENOMEM);
	left = copy_from_user(copy, data, PAGE_SIZE);
	if (left == PAGE_SIZE) {
		kfree(copy);
		return ERR_PTR(-EFAULT);
	}
	memset(copy + PAGE_SIZE - left, 0, left);
	copy[PAGE_SIZE - 1] = '\0';
	return copy;
}

static char *copy_mount_string(const char __user *text)
{
	return text ? strndup_user(text, PATH_MAX) : NULL;
}

SYSCALL_DEFINE5(mount, const char __user *, udev, const char __user *, dir,
		const char __user *, utype, unsigned long, flags, void __user *, udata)
{
	char *type = copy_mount_string(utype), *dev = NULL, *data = NULL;
	struct path path;
	long err;

	if (IS_ERR(type))
		return PTR_ERR(type);
	dev = copy_mount_string(udev);
	err = PTR_ERR_OR_ZERO(dev);
	if (err)
		goto out_type;
	data = copy_mount_options(udata);
	err = PTR_ERR_OR_ZERO(data);
	if (err)
		goto out_dev;
	err = user_path_at(AT_FDCWD, dir, LOOKUP_FOLLOW, &path);
	if (!err) {
		err = do_mount(dev, &path, type, flags, data);
		path_put(&path);
	}
	kfree(data);
out_dev:
	kfree(dev);
out_type:
	kfree(type);
	return err;
}

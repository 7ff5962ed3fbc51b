// SPDX-License-Identifier: GPL-2.0-only
/*
 * mount(2), umount2(2), pivot_root(2): what their flags mean and who may. There is
 * one namespace, so propagation types are taken and have nothing to propagate to.
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
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/syscalls.h>
#include <linux/uaccess.h>
#include "internal.h"
#include "mount.h"
#include "namespace.h"

#define PROPAGATION	(MS_SHARED | MS_PRIVATE | MS_SLAVE | MS_UNBINDABLE)
#define SB_FLAGS	(SB_RDONLY | SB_SYNCHRONOUS | SB_MANDLOCK | SB_DIRSYNC | SB_SILENT | \
			 SB_LAZYTIME)

static bool may_mount(void)
{
	return capable(CAP_SYS_ADMIN);
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

/*
 * Take the tree for a change and the place in it. On success namespace_sem is held for
 * writing and *@at is the top of what is mounted there, with references.
 * Return: 0, -ENOENT (removed meanwhile).
 */
static int lock_mount(const struct path *path, struct path *at)
{
	*at = *path;
	path_get(at);
	down_write(&namespace_sem);
	follow_down(at);
	inode_lock(at->dentry->d_inode);
	if (IS_DEADDIR(at->dentry->d_inode) ||
	    (READ_ONCE(at->dentry->d_flags) & DCACHE_DELETED)) {
		inode_unlock(at->dentry->d_inode);
		up_write(&namespace_sem);
		path_put(at);
		return -ENOENT;
	}
	return 0;
}

static void unlock_mount(struct path *at)
{
	inode_unlock(at->dentry->d_inode);
	up_write(&namespace_sem);
	path_put(at);
}

/* Attach @m at the locked place. Return: 0, -ENOTDIR, -EINVAL. */
static int graft(struct mount *m, const struct path *at)
{
	bool tree_dir = S_ISDIR(m->mnt.mnt_root->d_inode->i_mode);

	if (!our_mnt(at->mnt))
		return -EINVAL;
	if (tree_dir != S_ISDIR(at->dentry->d_inode->i_mode))
		return -ENOTDIR;
	attach_tree(m, at);
	return 0;
}

/* A mount that found no place: drop it and all below. */
static void drop_tree(struct mount *m)
{
	LIST_HEAD(gone);

	umount_tree(m, &gone);
	release_mounts(&gone);
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

/* Copies of @old and of what is mounted below @root in it. Return: the top, or ERR_PTR. */
static struct mount *copy_tree(struct mount *old, struct dentry *root)
{
	struct mount *top = clone_mnt(old, root), *m, *copy, *parent;
	struct path at;

	if (IS_ERR(top))
		return top;
	/* attach_tree() goes parents first, so a child's parent has its copy already */
	old->mnt_copy = top;
	for (m = next_mnt(old, old); m; m = next_mnt(m, old)) {
		m->mnt_copy = NULL;
		parent = m->mnt_parent->mnt_copy;
		if (!parent || (m->mnt_parent == old && !is_subdir(m->mnt_mountpoint, root)))
			continue;
		copy = clone_mnt(m, m->mnt.mnt_root);
		if (IS_ERR(copy)) {
			drop_tree(top);
			return copy;
		}
		m->mnt_copy = copy;
		at = (struct path){ .mnt = &parent->mnt, .dentry = m->mnt_mountpoint };
		attach_detached(copy, &at);
	}
	return top;
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
	if (!our_mnt(old.mnt)) {
		err = -EINVAL;
	} else {
		m = recurse ? copy_tree(real_mount(old.mnt), old.dentry) :
			      clone_mnt(real_mount(old.mnt), old.dentry);
		err = PTR_ERR_OR_ZERO(m);
		if (!err) {
			err = graft(m, &at);
			if (err)
				drop_tree(m);
		}
	}
	unlock_mount(&at);
out:
	path_put(&old);
	return err;
}

/* ---- move ---- */

static bool is_above(const struct mount *above, const struct mount *m)
{
	while (m != above && mnt_has_parent(m))
		m = m->mnt_parent;
	return m == above;
}

static int do_move(const struct path *path, const char *old_name)
{
	struct path old, at, left = {};
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
	m = real_mount(old.mnt);
	if (!our_mnt(old.mnt) || !our_mnt(at.mnt) || !path_mounted(&old) || !mnt_has_parent(m))
		err = -EINVAL;
	else if (S_ISDIR(at.dentry->d_inode->i_mode) != S_ISDIR(old.dentry->d_inode->i_mode))
		err = -EINVAL;
	else if (is_above(m, real_mount(at.mnt)))
		err = -ELOOP;
	if (!err) {
		detach_mnt(m, &left);
		attach_tree(m, &at);
	}
	unlock_mount(&at);
	if (left.dentry)
		path_put(&left);
out:
	path_put(&old);
	return err;
}

/* ---- remount, propagation ---- */

static int set_mnt_flags(struct mount *m, int mnt_flags)
{
	int err = 0;

	if ((mnt_flags & MNT_READONLY) && !(m->mnt.mnt_flags & MNT_READONLY))
		err = mnt_make_readonly(m);
	if (!err)
		m->mnt.mnt_flags = (m->mnt.mnt_flags & MNT_INTERNAL) | mnt_flags;
	return err;
}

/* May the whole file system become read-only? Looks at each mount of it. */
static bool has_writers(const struct super_block *sb)
{
	struct mount *m;

	list_for_each_entry(m, &init_mnt_ns.list, mnt_list) {
		if (m->mnt.mnt_sb == sb && atomic_read(&m->mnt_writers) > 0)
			return true;
	}
	return false;
}

static int remount_sb(struct super_block *sb, unsigned long flags, void *data)
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

static int do_remount(const struct path *path, unsigned long flags, void *data)
{
	struct mount *m = real_mount(path->mnt);
	int err = 0;

	if (!our_mnt(path->mnt) || !path_mounted(path))
		return -EINVAL;
	down_write(&namespace_sem);
	down_write(&path->mnt->mnt_sb->s_umount);
	if (!(flags & MS_BIND))
		err = remount_sb(path->mnt->mnt_sb, flags, data);
	if (!err)
		err = set_mnt_flags(m, flags_to_mnt(flags & MS_BIND ? flags : flags & ~MS_RDONLY));
	if (!err)
		touch_mnt_namespace();
	up_write(&path->mnt->mnt_sb->s_umount);
	up_write(&namespace_sem);
	return err;
}

/* mount_namespaces(7): exactly one type, and nothing else but MS_REC and MS_SILENT. */
static int do_propagation(const struct path *path, unsigned long flags)
{
	unsigned long type = flags & PROPAGATION;

	if (flags & ~(PROPAGATION | MS_REC | MS_SILENT))
		return -EINVAL;
	if (type & (type - 1))
		return -EINVAL;
	return path_mounted(path) && our_mnt(path->mnt) ? 0 : -EINVAL;
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

/* ---- umount ---- */

#define UMOUNT_KNOWN	(MNT_FORCE | MNT_DETACH | MNT_EXPIRE | UMOUNT_NOFOLLOW)

/* References of the namespace and of our own path: more means somebody is inside. */
static bool is_busy(const struct mount *m)
{
	return atomic_read(&m->mnt_count) > 2 || !list_empty(&m->mnt_mounts);
}

static int do_umount(struct mount *m, int flags)
{
	struct super_block *sb = m->mnt.mnt_sb;
	LIST_HEAD(gone);
	int err = 0;

	if (flags & MNT_EXPIRE) {
		/* a mount that nobody used since the last such call; umount2(2) */
		if (&m->mnt == current->fs->root.mnt || (flags & (MNT_FORCE | MNT_DETACH)))
			return -EINVAL;
		if (is_busy(m))
			return -EBUSY;
		if (!(m->mnt.mnt_flags & MNT_EXPIRABLE)) {
			m->mnt.mnt_flags |= MNT_EXPIRABLE;
			return -EAGAIN;
		}
	}
	/* umount of the root remounts it read-only, as a system going down wants */
	if (&m->mnt == current->fs->root.mnt && !(flags & MNT_DETACH)) {
		down_write(&namespace_sem);
		down_write(&sb->s_umount);
		err = sb->s_flags & SB_RDONLY ? 0 : remount_sb(sb, SB_RDONLY, NULL);
		up_write(&sb->s_umount);
		up_write(&namespace_sem);
		return err;
	}
	down_write(&namespace_sem);
	if (!our_mnt(&m->mnt) || !mnt_has_parent(m))
		err = -EINVAL;
	else if (!(flags & MNT_DETACH))
		err = hide_idle_mount(m);
	if (!err)
		umount_tree(m, &gone);
	release_mounts(&gone);
	up_write(&namespace_sem);
	return err;
}

SYSCALL_DEFINE2(umount2, const char __user *, name, int, flags)
{
	unsigned int how = flags & UMOUNT_NOFOLLOW ? 0 : LOOKUP_FOLLOW;
	struct path path;
	int err;

	if (flags & ~UMOUNT_KNOWN)
		return -EINVAL;
	err = user_path_at(AT_FDCWD, name, how, &path);
	if (err)
		return err;
	if (!may_mount())
		err = -EPERM;
	else if (!path_mounted(&path) || !our_mnt(path.mnt))
		err = -EINVAL;
	else if ((flags & MNT_FORCE) && !capable(CAP_SYS_ADMIN))
		err = -EPERM;
	/* the dentry's reference goes first: it would keep the file system busy */
	dput(path.dentry);
	if (!err)
		err = do_umount(real_mount(path.mnt), flags);
	mntput(path.mnt);
	return err;
}

/* ---- pivot_root ---- */

/* pivot_root(2)'s conditions, under namespace_sem. */
static int may_pivot(const struct path *new, const struct path *put_old, const struct path *root)
{
	struct mount *new_mnt = real_mount(new->mnt), *root_mnt = real_mount(root->mnt);
	struct mount *old_mnt = real_mount(put_old->mnt);

	if (!our_mnt(new->mnt) || !our_mnt(root->mnt))
		return -EINVAL;
	if (new_mnt == root_mnt || old_mnt == root_mnt)
		return -EBUSY;
	if (!path_mounted(root) || !mnt_has_parent(root_mnt))
		return -EINVAL;
	if (!path_mounted(new) || !mnt_has_parent(new_mnt))
		return -EINVAL;
	/* put_old must be reachable from the new root, and that from the present one */
	if (!is_above(new_mnt, old_mnt) || !is_above(root_mnt, new_mnt))
		return -EINVAL;
	if (old_mnt == new_mnt && !is_subdir(put_old->dentry, new->dentry))
		return -EINVAL;
	return 0;
}

static int do_pivot_root(const struct path *new, const struct path *put_old)
{
	struct path root, at, root_at, new_at;
	int err;

	get_fs_root(current->fs, &root);
	err = lock_mount(put_old, &at);
	if (err)
		goto out;
	err = may_pivot(new, &at, &root);
	if (!err) {
		detach_mnt(real_mount(new->mnt), &new_at);
		detach_mnt(real_mount(root.mnt), &root_at);
		attach_tree(real_mount(root.mnt), &at);
		attach_tree(real_mount(new->mnt), &root_at);
	}
	unlock_mount(&at);
	if (!err) {
		chroot_fs_refs(&root, new);
		path_put(&root_at);
		path_put(&new_at);
	}
out:
	path_put(&root);
	return err;
}

SYSCALL_DEFINE2(pivot_root, const char __user *, new_root, const char __user *, put_old)
{
	struct path new, old;
	int err;

	if (!may_mount())
		return -EPERM;
	err = user_path_at(AT_FDCWD, new_root, LOOKUP_FOLLOW | LOOKUP_DIRECTORY, &new);
	if (err)
		return err;
	err = user_path_at(AT_FDCWD, put_old, LOOKUP_FOLLOW | LOOKUP_DIRECTORY, &old);
	if (!err) {
		err = do_pivot_root(&new, &old);
		path_put(&old);
	}
	path_put(&new);
	return err;
}

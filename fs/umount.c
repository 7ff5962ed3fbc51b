// SPDX-License-Identifier: GPL-2.0-only
/* umount2(2) and pivot_root(2). */
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/fs_struct.h>
#include <linux/mount.h>
#include <linux/namei.h>
#include <linux/sched.h>
#include <linux/syscalls.h>
#include <linux/user_namespace.h>
#include "internal.h"
#include "namespace.h"

#define UMOUNT_KNOWN	(MNT_FORCE | MNT_DETACH | MNT_EXPIRE | UMOUNT_NOFOLLOW)

/* A mount that nobody used since the last such call; umount2(2). */
static int expire(struct mount *m, int flags)
{
	if (&m->mnt == current->fs->root.mnt || (flags & (MNT_FORCE | MNT_DETACH)))
		return -EINVAL;
	/* the namespace's reference and the caller's */
	if (atomic_read(&m->mnt_count) != 2)
		return -EBUSY;
	if (m->mnt.mnt_flags & MNT_EXPIRABLE)
		return 0;
	m->mnt.mnt_flags |= MNT_EXPIRABLE;
	return -EAGAIN;
}

/* The root is remounted read-only instead, as a system going down wants. */
static int umount_root(struct super_block *sb)
{
	int err;

	if (!capable(CAP_SYS_ADMIN))
		return -EPERM;
	down_write(&namespace_sem);
	down_write(&sb->s_umount);
	err = sb->s_flags & SB_RDONLY ? 0 : remount_sb(sb, SB_RDONLY, NULL);
	up_write(&sb->s_umount);
	up_write(&namespace_sem);
	return err;
}

static int do_umount(struct mount *m, int flags)
{
	LIST_HEAD(gone);
	int err = 0;

	if (flags & MNT_EXPIRE) {
		err = expire(m, flags);
		if (err)
			return err;
	}
	if (&m->mnt == current->fs->root.mnt && !(flags & MNT_DETACH))
		return umount_root(m->mnt.mnt_sb);
	down_write(&namespace_sem);
	write_seqlock(&mount_lock);
	if (!our_mnt(&m->mnt) || !mnt_has_parent(m) || (m->mnt.mnt_flags & MNT_LOCKED))
		err = -EINVAL;
	else if (!(flags & MNT_DETACH) && propagate_busy(m))
		err = -EBUSY;
	else
		umount_tree(m, true, &gone);
	write_sequnlock(&mount_lock);
	up_write(&namespace_sem);
	release_mounts(&gone);
	return err;
}

/* In Linux's order. */
static int may_umount(const struct path *path, int flags)
{
	if (!may_mount())
		return -EPERM;
	if (!path_mounted(path) || !our_mnt(path->mnt))
		return -EINVAL;
	if (path->mnt->mnt_flags & MNT_LOCKED)
		return -EINVAL;
	return (flags & MNT_FORCE) && !capable(CAP_SYS_ADMIN) ? -EPERM : 0;
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
	follow_down(&path);	/* "." stands below what was mounted on it since */
	err = may_umount(&path, flags);
	/* the dentry's reference goes first: it would keep the file system busy */
	dput(path.dentry);
	if (!err)
		err = do_umount(real_mount(path.mnt), flags);
	mntput(path.mnt);
	return err;
}

/* ---- pivot_root ---- */

static bool hangs_on_shared(const struct mount *m)
{
	return m->mnt_parent->mnt_group;
}

/* pivot_root(2)'s conditions in Linux's order, under namespace_sem. */
static int may_pivot(const struct path *new, const struct path *put_old, const struct path *root)
{
	struct mount *new_mnt = real_mount(new->mnt), *root_mnt = real_mount(root->mnt);
	struct mount *old_mnt = real_mount(put_old->mnt);

	/* nothing of this may be seen elsewhere */
	if (old_mnt->mnt_group || hangs_on_shared(new_mnt) || hangs_on_shared(root_mnt))
		return -EINVAL;
	if (!our_mnt(root->mnt) || !our_mnt(new->mnt) || (new->mnt->mnt_flags & MNT_LOCKED))
		return -EINVAL;
	if (READ_ONCE(new->dentry->d_flags) & DCACHE_DELETED)
		return -ENOENT;
	if (new_mnt == root_mnt || old_mnt == root_mnt)
		return -EBUSY;
	if (!path_mounted(root) || !mnt_has_parent(root_mnt))
		return -EINVAL;
	if (!path_mounted(new) || !mnt_has_parent(new_mnt))
		return -EINVAL;
	/* put_old must be reachable from the new root, and that from the present one */
	if (!path_reachable(old_mnt, put_old->dentry, new) ||
	    !path_reachable(new_mnt, new->dentry, root))
		return -EINVAL;
	return 0;
}

/* @left: the places that the two roots left, with references. */
static void swap_roots(struct mount *new, struct mount *root, const struct path *put_old,
		       struct path left[2])
{
	write_seqlock(&mount_lock);
	unlink_mnt(new, &left[0]);
	unlink_mnt(root, &left[1]);
	if (root->mnt.mnt_flags & MNT_LOCKED) {
		new->mnt.mnt_flags |= MNT_LOCKED;
		root->mnt.mnt_flags &= ~MNT_LOCKED;
	}
	attach_mnt(root, real_mount(put_old->mnt), put_old->dentry);
	attach_mnt(new, real_mount(left[1].mnt), left[1].dentry);
	touch_mnt_namespace(current_mnt_ns());
	new->mnt.mnt_flags &= ~MNT_EXPIRABLE;
	write_sequnlock(&mount_lock);
}

static int do_pivot_root(const struct path *new, const struct path *put_old)
{
	struct path root, at, left[2];
	int err;

	get_fs_root(current->fs, &root);
	err = lock_mount(put_old, &at);
	if (err)
		goto out;
	err = may_pivot(new, &at, &root);
	if (!err)
		swap_roots(real_mount(new->mnt), real_mount(root.mnt), &at, left);
	unlock_mount(&at);
	if (!err) {
		chroot_fs_refs(&root, new);
		path_put(&left[0]);
		path_put(&left[1]);
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

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Trees of mounts: copying, grafting and unmounting them as a whole, with what the
 * propagation of mount_namespaces(7) makes of it elsewhere. namespace_sem is held for
 * writing throughout, but where a function says otherwise.
 */
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/mount.h>
#include <linux/slab.h>
#include <linux/user_namespace.h>
#include "internal.h"
#include "namespace.h"

/* ---- questions ---- */

bool is_above(const struct mount *above, const struct mount *m)
{
	while (m != above && mnt_has_parent(m))
		m = m->mnt_parent;
	return m == above;
}

/* Does one come from @root to @dentry of @m by going down? */
bool path_reachable(struct mount *m, struct dentry *dentry, const struct path *root)
{
	while (&m->mnt != root->mnt && mnt_has_parent(m)) {
		dentry = m->mnt_mountpoint;
		m = m->mnt_parent;
	}
	return &m->mnt == root->mnt && is_subdir(dentry, root->dentry);
}

/* ---- the place for a change ---- */

/*
 * Take the trees for a change and the place in it. On success namespace_sem is held for
 * writing and *@at is the top of what is mounted there, with references.
 * Return: 0, -ENOENT (removed meanwhile).
 */
int lock_mount(const struct path *path, struct path *at)
{
	*at = *path;
	path_get(at);
	down_write(&namespace_sem);
	follow_down(at);
	inode_lock(at->dentry->d_inode);
	if (IS_DEADDIR(at->dentry->d_inode) ||
	    (READ_ONCE(at->dentry->d_flags) & DCACHE_DELETED)) {
		unlock_mount(at);
		return -ENOENT;
	}
	return 0;
}

void unlock_mount(struct path *at)
{
	inode_unlock(at->dentry->d_inode);
	up_write(&namespace_sem);
	path_put(at);
}

/* ---- copying ---- */

/* Is @m left out of a copy? Return: 0 no, 1 yes, -EPERM: it must neither be copied nor left out. */
static int leave_out(const struct mount *m, int how)
{
	if ((how & COPY_UNBINDABLE) || !(m->mnt.mnt_flags & MNT_UNBINDABLE))
		return 0;
	return m->mnt.mnt_flags & MNT_LOCKED ? -EPERM : 1;
}

/* Parents come first, so a child's parent has its copy already. */
static int copy_below(struct mount *old, struct dentry *root, int how)
{
	struct mount *m, *copy, *parent;
	int skip;

	for (m = next_mnt(old, old); m; m = next_mnt(m, old)) {
		m->mnt_copy = NULL;
		parent = m->mnt_parent->mnt_copy;
		if (!parent || (m->mnt_parent == old && !is_subdir(m->mnt_mountpoint, root)))
			continue;
		skip = leave_out(m, how);
		if (skip < 0)
			return skip;
		if (skip)
			continue;
		copy = clone_mnt(m, m->mnt.mnt_root, how);
		if (IS_ERR(copy))
			return PTR_ERR(copy);
		m->mnt_copy = copy;
		write_seqlock(&mount_lock);
		attach_mnt(copy, parent, m->mnt_mountpoint);
		write_sequnlock(&mount_lock);
	}
	return 0;
}

/**
 * copy_tree - copies of a mount and of what is mounted below a directory of it
 * @old: the mount; ->mnt_copy of each copied mount is its copy afterwards
 * @root: the directory
 * @how: COPY_*
 *
 * Return: the top, in no namespace; ERR_PTR(-EINVAL: unbindable, -EPERM, -ENOMEM).
 */
struct mount *copy_tree(struct mount *old, struct dentry *root, int how)
{
	struct mount *top;
	int err;

	if (!(how & COPY_UNBINDABLE) && (old->mnt.mnt_flags & MNT_UNBINDABLE))
		return ERR_PTR(-EINVAL);
	top = clone_mnt(old, root, how);
	if (IS_ERR(top))
		return top;
	old->mnt_copy = top;
	err = copy_below(old, root, how);
	if (!err)
		return top;
	drop_tree(top);
	return ERR_PTR(err);
}

static void lock_flags(struct mount *m)
{
	static const struct {
		int flag, lock;
	} map[] = {
		{ MNT_READONLY, MNT_LOCK_READONLY }, { MNT_NODEV, MNT_LOCK_NODEV },
		{ MNT_NOSUID, MNT_LOCK_NOSUID }, { MNT_NOEXEC, MNT_LOCK_NOEXEC },
	};
	int flags = MNT_LOCK_ATIME;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(map); i++)
		if (m->mnt.mnt_flags & map[i].flag)
			flags |= map[i].lock;
	m->mnt.mnt_flags |= flags;
}

/* A less privileged namespace gets @m: it may neither loosen it nor look below its children. */
void lock_mnt_tree(struct mount *m)
{
	struct mount *p;

	for (p = m; p; p = next_mnt(p, m)) {
		lock_flags(p);
		if (p != m)
			p->mnt.mnt_flags |= MNT_LOCKED;
	}
}

/* ---- grafting ---- */

/* All of the tree of @m is the namespace's from now on. */
static void enter_namespace(struct mount *m, struct mnt_namespace *ns)
{
	struct mount *p;

	for (p = m; p; p = next_mnt(p, m)) {
		if (p->mnt_ns)
			continue;
		p->mnt_ns = ns;
		list_add_tail(&p->mnt_list, &ns->list);
		ns->mounts++;
		ns->pending--;
	}
	touch_mnt_namespace(ns);
}

/* Put a propagated copy where it belongs, under what is mounted there already. */
static void attach_copy(struct mount *copy, struct dentry *at, const struct user_namespace *from)
{
	struct mount *dest = copy->mnt_dest, *topper = __lookup_mnt(&dest->mnt, at);

	list_del_init(&copy->mnt_list);
	/* before the topper's tree, which was there already, is below it */
	if (dest->mnt_ns->user_ns != from)
		lock_mnt_tree(copy);
	copy->mnt.mnt_flags &= ~MNT_LOCKED;
	enter_namespace(copy, dest->mnt_ns);
	if (topper) {
		/* its references on the place become the copy's */
		__unlink_mnt(topper);
		__link_mnt(copy, dest, at);
		attach_mnt(topper, copy, copy->mnt.mnt_root);
	} else {
		attach_mnt(copy, dest, at);
	}
}

static void drop_copies(struct list_head *copies)
{
	struct mount *copy;

	while (!list_empty(copies)) {
		copy = list_entry(copies->next, struct mount, mnt_list);
		list_del_init(&copy->mnt_list);
		copy->mnt_dest->mnt_ns->pending = 0;
		drop_tree(copy);
	}
}

/* What has to be made before anything is seen to change. */
static int prepare_graft(struct mount *m, const struct path *at, bool move,
			 struct list_head *copies)
{
	struct mount *parent = real_mount(at->mnt);
	int err = move ? 0 : count_mounts(parent->mnt_ns, m);

	if (err || !parent->mnt_group)
		return err;
	err = share_tree(m);
	if (!err)
		err = propagate_mount(parent, at->dentry, m, copies);
	if (err) {
		drop_copies(copies);
		settle_groups(m, false);
	}
	return err;
}

/**
 * graft_tree - attach the tree of @m at the locked place, and wherever that propagates to
 * @m: in no namespace: the caller's reference becomes the namespace's; or one that moves
 * @at: where, from lock_mount()
 * @left: NULL, or @m moves: receives the place that it left, with references
 *
 * Return: 0, -ENOSPC (sysctl fs.mount-max), -ENOMEM; nothing has changed then.
 */
int graft_tree(struct mount *m, const struct path *at, struct path *left)
{
	struct mount *parent = real_mount(at->mnt), *copy, *next;
	LIST_HEAD(copies);
	int err = prepare_graft(m, at, left, &copies);

	if (err) {
		parent->mnt_ns->pending = 0;
		return err;
	}
	write_seqlock(&mount_lock);
	if (left)
		unlink_mnt(m, left);
	attach_mnt(m, parent, at->dentry);
	enter_namespace(m, parent->mnt_ns);
	settle_groups(m, true);
	list_for_each_entry_safe(copy, next, &copies, mnt_list)
		attach_copy(copy, at->dentry, parent->mnt_ns->user_ns);
	write_sequnlock(&mount_lock);
	return 0;
}

/* ---- unmounting ---- */

static void leave_namespace(struct mount *m)
{
	struct mnt_namespace *ns = m->mnt_ns;

	m->mnt_ns = NULL;
	if (!ns)
		return;
	ns->mounts--;
	touch_mnt_namespace(ns);
}

/* Off its parent; but a locked mount stays on one that goes as well, hiding what it covers. */
static void part(struct mount *m)
{
	if (!mnt_has_parent(m))
		return;
	if ((m->mnt.mnt_flags & MNT_LOCKED) && m->mnt_parent->mnt_gone) {
		m->mnt_was = (struct path){ .mnt = &m->mnt_parent->mnt };
		mntget(&m->mnt);	/* what the parent drops with it */
		return;
	}
	unlink_mnt(m, &m->mnt_was);
}

/*
 * Take the whole tree of @m out of its namespace, and with @propagate what corresponds to it
 * elsewhere, onto the list @gone, for release_mounts(). mount_lock is held for writing.
 */
void umount_tree(struct mount *m, bool propagate, struct list_head *gone)
{
	LIST_HEAD(set);
	struct mount *p;

	for (p = m; p; p = next_mnt(p, m)) {
		p->mnt_gone = true;
		list_move_tail(&p->mnt_list, &set);
	}
	if (propagate)
		propagate_umount(&set);
	list_for_each_entry(p, &set, mnt_list) {
		leave_namespace(p);
		leave_groups(p);
		part(p);
	}
	list_splice_tail_init(&set, gone);
}

/* Drop what umount_tree() collected. Context: sleeps; no lock is needed, none of ours held. */
void release_mounts(struct list_head *gone)
{
	struct mount *m;
	struct path was;

	while (!list_empty(gone)) {
		m = list_entry(gone->next, struct mount, mnt_list);
		list_del_init(&m->mnt_list);
		was = m->mnt_was;
		m->mnt_was = (struct path){};
		if (was.dentry)
			dput(was.dentry);
		mntput(&m->mnt);
		mntput(was.mnt);
	}
}

/* A tree that found no place. */
void drop_tree(struct mount *m)
{
	LIST_HEAD(gone);

	write_seqlock(&mount_lock);
	umount_tree(m, false, &gone);
	write_sequnlock(&mount_lock);
	release_mounts(&gone);
}

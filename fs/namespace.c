// SPDX-License-Identifier: GPL-2.0-only
/*
 * One mount: references, writers, finding, linking. namespace_sem serialises changes;
 * mount_lock guards the hashes and links, so that walkers cross mounts without the
 * semaphore. Trees are mount_tree.c, propagation pnode.c, namespaces mnt_ns.c.
 */
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/fs_struct.h>
#include <linux/idr.h>
#include <linux/init.h>
#include <linux/mount.h>
#include <linux/poll.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "internal.h"
#include "mount.h"
#include "namespace.h"

DECLARE_RWSEM(namespace_sem, LOCK_RANK_MOUNT);
DEFINE_SEQLOCK(mount_lock);

#define MOUNT_CHAINS	64
static struct hlist_head mount_hashtable[MOUNT_CHAINS];	/* mount_lock */
static struct hlist_head mountpoints[MOUNT_CHAINS];	/* mount_lock */
static struct kmem_cache *mnt_cache;
static DEFINE_IDA(mnt_ids);

static struct hlist_head *m_chain(const struct vfsmount *mnt, const struct dentry *dentry)
{
	unsigned long key = (unsigned long)mnt / 64 + (unsigned long)dentry / 64;

	return &mount_hashtable[(key + (key >> 6)) % MOUNT_CHAINS];
}

static struct hlist_head *mp_chain(const struct dentry *dentry)
{
	unsigned long key = (unsigned long)dentry / 64;

	return &mountpoints[(key + (key >> 6)) % MOUNT_CHAINS];
}

/* ---- one mount ---- */

struct mount *alloc_mount(const char *devname)
{
	struct mount *m = kmem_cache_zalloc(mnt_cache, GFP_KERNEL);

	if (!m)
		return NULL;
	m->mnt_devname = kstrdup(devname ? devname : "none", GFP_KERNEL);
	m->mnt_id = m->mnt_devname ? ida_alloc(&mnt_ids, GFP_KERNEL) : -ENOMEM;
	if (m->mnt_id < 0) {
		kfree(m->mnt_devname);
		kmem_cache_free(mnt_cache, m);
		return NULL;
	}
	atomic_set(&m->mnt_count, 1);
	m->mnt_parent = m;
	INIT_LIST_HEAD(&m->mnt_mounts);
	INIT_LIST_HEAD(&m->mnt_child);
	INIT_LIST_HEAD(&m->mnt_list);
	INIT_LIST_HEAD(&m->mnt_of_sb);
	INIT_LIST_HEAD(&m->mnt_peers);
	INIT_LIST_HEAD(&m->mnt_slave);
	return m;
}

static void free_mount_rcu(struct rcu_head *head)
{
	kmem_cache_free(mnt_cache, container_of(head, struct mount, rcu));
}

/* Locked mounts stayed on it when it was detached, lest what they cover be seen. */
static void drop_stuck_children(struct mount *m)
{
	LIST_HEAD(gone);

	write_seqlock(&mount_lock);
	while (!list_empty(&m->mnt_mounts)) {
		struct mount *child = list_entry(m->mnt_mounts.next, struct mount, mnt_child);

		/* the reference on us went when it was stuck */
		child->mnt_was = (struct path){ .dentry = child->mnt_mountpoint };
		__unlink_mnt(child);
		list_add_tail(&child->mnt_list, &gone);
	}
	list_del_init(&m->mnt_of_sb);
	write_sequnlock(&mount_lock);
	release_mounts(&gone);
}

static void free_mount(struct mount *m)
{
	ASSERT(!mnt_has_parent(m) && !m->mnt_group && !m->mnt_master);
	drop_stuck_children(m);
	dput(m->mnt.mnt_root);
	deactivate_super(m->mnt.mnt_sb);
	ida_free(&mnt_ids, m->mnt_id);
	kfree(m->mnt_devname);
	call_rcu(&m->rcu, free_mount_rcu);
}

struct vfsmount *mntget(struct vfsmount *mnt)
{
	if (mnt)
		atomic_inc(&real_mount(mnt)->mnt_count);
	return mnt;
}

/* Drop a reference; the last one lets the file system go. Context: may sleep. */
void mntput(struct vfsmount *mnt)
{
	if (mnt && atomic_dec_and_test(&real_mount(mnt)->mnt_count))
		free_mount(real_mount(mnt));
}

void path_get(const struct path *path)
{
	mntget(path->mnt);
	dget(path->dentry);
}

void path_put(const struct path *path)
{
	dput(path->dentry);
	mntput(path->mnt);
}

/* ---- writers ---- */

bool __mnt_is_readonly(const struct vfsmount *mnt)
{
	return (mnt->mnt_flags & MNT_READONLY) || (mnt->mnt_sb->s_flags & SB_RDONLY);
}

/**
 * mnt_want_write - about to change something through @mnt
 * @mnt: the mount
 *
 * Until mnt_drop_write(), it cannot become read-only.
 *
 * Return: 0 or -EROFS.
 */
int mnt_want_write(struct vfsmount *mnt)
{
	struct mount *m = real_mount(mnt);

	/* count, then look; remounting looks at the count after setting the flag */
	atomic_inc(&m->mnt_writers);
	smp_mb();
	if (likely(!__mnt_is_readonly(mnt)))
		return 0;
	atomic_dec(&m->mnt_writers);
	return -EROFS;
}

int mnt_want_write_file(struct file *file)
{
	return mnt_want_write(file->f_path.mnt);
}

void mnt_drop_write(struct vfsmount *mnt)
{
	atomic_dec(&real_mount(mnt)->mnt_writers);
}

void mnt_drop_write_file(struct file *file)
{
	mnt_drop_write(file->f_path.mnt);
}

/* Make one mount read-only. Return: 0, or -EBUSY while somebody writes through it. */
int mnt_make_readonly(struct mount *m)
{
	int err = 0;

	write_seqlock(&mount_lock);
	m->mnt.mnt_flags |= MNT_READONLY;
	smp_mb();
	if (atomic_read(&m->mnt_writers) > 0) {
		m->mnt.mnt_flags &= ~MNT_READONLY;
		err = -EBUSY;
	}
	write_sequnlock(&mount_lock);
	return err;
}

/* ---- finding ---- */

/* mount_lock or namespace_sem is held. The one mounted last wins. */
struct mount *__lookup_mnt(const struct vfsmount *mnt, const struct dentry *dentry)
{
	struct mount *m;

	hlist_for_each_entry(m, m_chain(mnt, dentry), mnt_hash) {
		if (&m->mnt_parent->mnt == mnt && m->mnt_mountpoint == dentry)
			return m;
	}
	return NULL;
}

struct vfsmount *lookup_mnt(const struct path *path)
{
	struct vfsmount *found = NULL;
	struct mount *m;

	spin_lock(&mount_lock.lock);
	m = __lookup_mnt(path->mnt, path->dentry);
	if (m)
		found = mntget(&m->mnt);
	spin_unlock(&mount_lock.lock);
	return found;
}

bool follow_down(struct path *path)
{
	struct vfsmount *mnt;
	bool crossed = false;

	while (d_mountpoint(path->dentry) && (mnt = lookup_mnt(path))) {
		path_put(path);
		path->mnt = mnt;
		path->dentry = dget(mnt->mnt_root);
		crossed = true;
	}
	return crossed;
}

bool follow_up(struct path *path)
{
	struct mount *m = real_mount(path->mnt);
	struct path up;

	spin_lock(&mount_lock.lock);
	/* what a stuck child hangs on may be on its way out */
	if (!mnt_has_parent(m) || !atomic_inc_not_zero(&m->mnt_parent->mnt_count)) {
		spin_unlock(&mount_lock.lock);
		return false;
	}
	up.mnt = &m->mnt_parent->mnt;
	up.dentry = dget(m->mnt_mountpoint);
	spin_unlock(&mount_lock.lock);
	path_put(path);
	*path = up;
	return true;
}

bool is_local_mountpoint(struct dentry *dentry)
{
	struct mnt_namespace *ns = current_mnt_ns();
	bool found = false;
	struct mount *m;

	if (likely(!d_mountpoint(dentry)))
		return false;
	spin_lock(&mount_lock.lock);
	hlist_for_each_entry(m, mp_chain(dentry), mnt_mp_hash) {
		if (m->mnt_mountpoint == dentry && m->mnt_ns == ns)
			found = true;
	}
	spin_unlock(&mount_lock.lock);
	return found;
}

static struct mount *mount_at(const struct dentry *dentry)
{
	struct mount *m;

	hlist_for_each_entry(m, mp_chain(dentry), mnt_mp_hash) {
		if (m->mnt_mountpoint == dentry && !m->mnt_gone)
			return m;
	}
	return NULL;
}

void __detach_mounts(struct dentry *dentry)
{
	struct mount *m;
	LIST_HEAD(gone);

	down_write(&namespace_sem);
	write_seqlock(&mount_lock);
	while ((m = mount_at(dentry)))
		umount_tree(m, false, &gone);
	write_sequnlock(&mount_lock);
	up_write(&namespace_sem);
	release_mounts(&gone);
}

bool path_mounted(const struct path *path)
{
	return path->mnt->mnt_root == path->dentry;
}

/* Is current's root anywhere but on top of the first mount of all? Context: may sleep. */
bool current_chrooted(void)
{
	struct path top = { .mnt = mntget(&current_mnt_ns()->root->mnt) }, root;
	bool chrooted;

	top.dentry = dget(top.mnt->mnt_root);
	follow_down(&top);
	get_fs_root(current->fs, &root);
	chrooted = !path_equal(&root, &top);
	path_put(&root);
	path_put(&top);
	return chrooted;
}

/* Is it in our tree, neither detached nor the kernel's own? */
bool our_mnt(const struct vfsmount *mnt)
{
	return READ_ONCE(real_mount(mnt)->mnt_ns) == current_mnt_ns();
}

/* The next mount of the tree below @root, parents first; namespace_sem is held. */
struct mount *next_mnt(struct mount *m, const struct mount *root)
{
	struct list_head *next = m->mnt_mounts.next;

	while (next == &m->mnt_mounts) {
		if (m == root)
			return NULL;
		next = m->mnt_child.next;
		m = m->mnt_parent;
	}
	return list_entry(next, struct mount, mnt_child);
}

/* ---- linking: namespace_sem is held for writing, and mount_lock ---- */

static void mark_mountpoint(struct dentry *dentry)
{
	spin_lock(&dentry->d_lock);
	dentry->d_flags |= DCACHE_MOUNTED;
	spin_unlock(&dentry->d_lock);
}

/* Another mount may cover the same entry, seen through another mount or in another namespace. */
static void unmark_mountpoint(struct dentry *dentry)
{
	struct mount *m;

	hlist_for_each_entry(m, mp_chain(dentry), mnt_mp_hash) {
		if (m->mnt_mountpoint == dentry)
			return;
	}
	spin_lock(&dentry->d_lock);
	dentry->d_flags &= ~DCACHE_MOUNTED;
	spin_unlock(&dentry->d_lock);
}

void __link_mnt(struct mount *m, struct mount *parent, struct dentry *at)
{
	m->mnt_parent = parent;
	m->mnt_mountpoint = at;
	hlist_add_head(&m->mnt_hash, m_chain(&parent->mnt, at));
	hlist_add_head(&m->mnt_mp_hash, mp_chain(at));
	list_add_tail(&m->mnt_child, &parent->mnt_mounts);
	mark_mountpoint(at);
}

void __unlink_mnt(struct mount *m)
{
	struct dentry *at = m->mnt_mountpoint;

	hlist_del_init(&m->mnt_hash);
	hlist_del_init(&m->mnt_mp_hash);
	list_del_init(&m->mnt_child);
	m->mnt_parent = m;
	m->mnt_mountpoint = m->mnt.mnt_root;
	unmark_mountpoint(at);
}

/* @m holds a reference on the parent mount and one on the mountpoint. */
void attach_mnt(struct mount *m, struct mount *parent, struct dentry *at)
{
	mntget(&parent->mnt);
	dget(at);
	__link_mnt(m, parent, at);
}

/* Take @m off its mountpoint; @was gets the references that it held there. */
void unlink_mnt(struct mount *m, struct path *was)
{
	was->mnt = &m->mnt_parent->mnt;
	was->dentry = m->mnt_mountpoint;
	__unlink_mnt(m);
}

void touch_mnt_namespace(struct mnt_namespace *ns)
{
	if (!ns)
		return;
	ns->event++;
	wake_up_interruptible_poll(&ns->poll, EPOLLERR | EPOLLPRI);
}

/* ---- making mounts ---- */

/* What @m shows; the reference to @root becomes its. */
static void place_mnt(struct mount *m, struct dentry *root)
{
	m->mnt.mnt_root = root;
	m->mnt.mnt_sb = root->d_sb;
	m->mnt_mountpoint = root;
	write_seqlock(&mount_lock);
	list_add_tail(&m->mnt_of_sb, &root->d_sb->s_mounts);
	write_sequnlock(&mount_lock);
}

/**
 * vfs_kern_mount - a new mount of @type, mounted nowhere
 * @type: file system
 * @flags: SB_*
 * @name: device name, for /proc/mounts
 * @data: options, or NULL
 *
 * Context: sleeps.
 * Return: the mount, or ERR_PTR with ->mount()'s errno.
 */
struct vfsmount *vfs_kern_mount(struct file_system_type *type, int flags, const char *name,
				void *data)
{
	struct mount *m = alloc_mount(name);
	struct dentry *root;

	if (!m)
		return ERR_PTR(-ENOMEM);
	root = type->mount(type, flags, name, data);
	if (IS_ERR(root)) {
		ida_free(&mnt_ids, m->mnt_id);
		kfree(m->mnt_devname);
		kmem_cache_free(mnt_cache, m);
		return ERR_CAST(root);
	}
	place_mnt(m, root);
	return &m->mnt;
}

struct vfsmount *kern_mount(struct file_system_type *type)
{
	struct vfsmount *mnt = vfs_kern_mount(type, SB_KERNMOUNT, type->name, NULL);

	if (!IS_ERR(mnt))
		mnt->mnt_flags |= MNT_INTERNAL;
	return mnt;
}

/* In which groups a copy of @old stands. Return: 0 or -ENOMEM. */
static int inherit_groups(struct mount *m, struct mount *old, int how)
{
	struct peer_group *group;

	if (old->mnt_group && (how & (COPY_SLAVE | COPY_SHARED_TO_SLAVE))) {
		join_master(m, old->mnt_group);
	} else {
		if (old->mnt_group)
			join_group(m, old->mnt_group);
		if (old->mnt_master)
			join_master(m, old->mnt_master);
	}
	if (!(how & COPY_SHARED))
		return 0;
	group = alloc_group();
	if (!group)
		return -ENOMEM;
	join_group(m, group);
	return 0;
}

/* Another mount of a part of the same file system. Return: it or ERR_PTR(-ENOMEM). */
struct mount *clone_mnt(struct mount *old, struct dentry *root, int how)
{
	struct mount *m = alloc_mount(old->mnt_devname);

	if (!m)
		return ERR_PTR(-ENOMEM);
	m->mnt.mnt_flags = old->mnt.mnt_flags & ~(MNT_INTERNAL | MNT_EXPIRABLE);
	atomic_inc(&old->mnt.mnt_sb->s_active);
	place_mnt(m, dget(root));
	if (inherit_groups(m, old, how)) {
		leave_groups(m);
		mntput(&m->mnt);
		return ERR_PTR(-ENOMEM);
	}
	return m;
}

/* The root tmpfs becomes the namespace's root and everybody's root and working directory. */
static void __init init_mount_tree(void)
{
	struct vfsmount *mnt = vfs_kern_mount(get_fs_type("rootfs"), 0, "rootfs", NULL);
	struct path root;
	struct mount *m;

	if (IS_ERR(mnt))
		panic("Cannot make the root file system (error %ld)", PTR_ERR(mnt));
	m = real_mount(mnt);
	m->mnt_ns = &init_mnt_ns;
	list_add(&m->mnt_list, &init_mnt_ns.list);
	init_mnt_ns.root = m;
	init_mnt_ns.mounts = 1;
	root = (struct path){ .mnt = mnt, .dentry = mnt->mnt_root };
	set_fs_pwd(current->fs, &root);
	set_fs_root(current->fs, &root);
}

void __init mnt_init(void)
{
	mnt_cache = kmem_cache_create("mnt_cache", sizeof(struct mount), 0, SLAB_PANIC, NULL);
	init_rootfs();
	init_mount_tree();
}

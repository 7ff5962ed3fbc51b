// SPDX-License-Identifier: GPL-2.0-only
/*
 * The tree of mounts: references, writers, finding, attaching and detaching.
 * namespace_sem serialises changes; mount_lock guards the hash and links, so that
 * walkers cross mounts without the semaphore. mount(2) itself is in mount_calls.c.
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

struct mnt_namespace init_mnt_ns = {
	.list	= LIST_HEAD_INIT(init_mnt_ns.list),
	.poll	= __WAIT_QUEUE_HEAD_INITIALIZER(init_mnt_ns.poll),
};

#define MOUNT_CHAINS	64
static struct hlist_head mount_hashtable[MOUNT_CHAINS];	/* mount_lock */
static struct kmem_cache *mnt_cache;
static DEFINE_IDA(mnt_ids);

static struct hlist_head *m_chain(const struct vfsmount *mnt, const struct dentry *dentry)
{
	unsigned long key = (unsigned long)mnt / 64 + (unsigned long)dentry / 64;

	return &mount_hashtable[(key + (key >> 6)) % MOUNT_CHAINS];
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
	return m;
}

static void free_mount(struct mount *m)
{
	ASSERT(!mnt_has_parent(m) && list_empty(&m->mnt_mounts));
	dput(m->mnt.mnt_root);
	deactivate_super(m->mnt.mnt_sb);
	ida_free(&mnt_ids, m->mnt_id);
	kfree(m->mnt_devname);
	kmem_cache_free(mnt_cache, m);
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
	if (!mnt_has_parent(m)) {
		spin_unlock(&mount_lock.lock);
		return false;
	}
	up.mnt = &m->mnt_parent->mnt;
	up.dentry = m->mnt_mountpoint;
	path_get(&up);
	spin_unlock(&mount_lock.lock);
	path_put(path);
	*path = up;
	return true;
}

bool is_local_mountpoint(struct dentry *dentry)
{
	return d_mountpoint(dentry);
}

bool path_mounted(const struct path *path)
{
	return path->mnt->mnt_root == path->dentry;
}

/* Is current's root anywhere but on top of the first mount of all? Context: may sleep. */
bool current_chrooted(void)
{
	struct path top = { .mnt = mntget(&init_mnt_ns.root->mnt) }, root;
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
	return READ_ONCE(real_mount(mnt)->mnt_ns) == &init_mnt_ns;
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

/* ---- attaching and detaching: namespace_sem is held for writing ---- */

static void set_mountpoint(struct dentry *dentry)
{
	spin_lock(&dentry->d_lock);
	dentry->d_flags |= DCACHE_MOUNTED;
	spin_unlock(&dentry->d_lock);
}

static void clear_mountpoint(struct dentry *dentry)
{
	struct mount *m;

	/* another mount may cover the same entry, seen through another mount (bind) */
	list_for_each_entry(m, &init_mnt_ns.list, mnt_list) {
		if (mnt_has_parent(m) && m->mnt_mountpoint == dentry)
			return;
	}
	spin_lock(&dentry->d_lock);
	dentry->d_flags &= ~DCACHE_MOUNTED;
	spin_unlock(&dentry->d_lock);
}

void touch_mnt_namespace(void)
{
	init_mnt_ns.event++;
	wake_up_interruptible_poll(&init_mnt_ns.poll, EPOLLERR | EPOLLPRI);
}

/*
 * Put the tree of @m on @path. The caller's reference to @m becomes the namespace's;
 * @m holds one on the parent mount and on the mountpoint.
 */
void attach_tree(struct mount *m, const struct path *path)
{
	struct mount *p;

	attach_detached(m, path);
	for (p = m; p; p = next_mnt(p, m)) {
		if (p->mnt_ns)
			continue;
		p->mnt_ns = &init_mnt_ns;
		list_add_tail(&p->mnt_list, &init_mnt_ns.list);
		init_mnt_ns.mounts++;
	}
	touch_mnt_namespace();
}

void attach_detached(struct mount *m, const struct path *path)
{
	struct mount *parent = real_mount(path->mnt);

	path_get(path);
	set_mountpoint(path->dentry);
	write_seqlock(&mount_lock);
	m->mnt_parent = parent;
	m->mnt_mountpoint = path->dentry;
	hlist_add_head(&m->mnt_hash, m_chain(path->mnt, path->dentry));
	list_add_tail(&m->mnt_child, &parent->mnt_mounts);
	write_sequnlock(&mount_lock);
}

/* Take @m off its mountpoint; @old gets the references that it held there. */
void detach_mnt(struct mount *m, struct path *old)
{
	old->mnt = &m->mnt_parent->mnt;
	old->dentry = m->mnt_mountpoint;
	write_seqlock(&mount_lock);
	hlist_del_init(&m->mnt_hash);
	list_del_init(&m->mnt_child);
	m->mnt_parent = m;
	m->mnt_mountpoint = m->mnt.mnt_root;
	write_sequnlock(&mount_lock);
	clear_mountpoint(old->dentry);
}

/*
 * Nobody finds @m any more, if nobody uses it now: the namespace has a reference and the
 * caller has one. Walkers take theirs under mount_lock. Return: 0 or -EBUSY.
 */
int hide_idle_mount(struct mount *m)
{
	int err = 0;

	write_seqlock(&mount_lock);
	if (atomic_read(&m->mnt_count) > 2 || !list_empty(&m->mnt_mounts))
		err = -EBUSY;
	else
		hlist_del_init(&m->mnt_hash);
	write_sequnlock(&mount_lock);
	return err;
}

/*
 * Take the whole tree of @m out of the namespace, onto the list @gone (by mnt_list),
 * for release_mounts() after the semaphore. Children are parted from their parents too.
 */
void umount_tree(struct mount *m, struct list_head *gone)
{
	struct mount *p;

	for (p = m; p; p = next_mnt(p, m)) {
		if (p->mnt_ns)
			init_mnt_ns.mounts--;
		p->mnt_ns = NULL;
		list_move_tail(&p->mnt_list, gone);
	}
	touch_mnt_namespace();
}

/* Drop what umount_tree() collected. Context: sleeps, namespace_sem is held for writing. */
void release_mounts(struct list_head *gone)
{
	struct mount *m;
	struct path at;

	/* last first: children leave before their parents */
	while (!list_empty(gone)) {
		m = list_entry(gone->prev, struct mount, mnt_list);
		list_del_init(&m->mnt_list);
		if (mnt_has_parent(m)) {
			detach_mnt(m, &at);
			path_put(&at);
		}
		mntput(&m->mnt);
	}
}

/* ---- making mounts ---- */

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
	m->mnt.mnt_root = root;
	m->mnt.mnt_sb = root->d_sb;
	m->mnt_mountpoint = root;
	return &m->mnt;
}

struct vfsmount *kern_mount(struct file_system_type *type)
{
	struct vfsmount *mnt = vfs_kern_mount(type, SB_KERNMOUNT, type->name, NULL);

	if (!IS_ERR(mnt))
		mnt->mnt_flags |= MNT_INTERNAL;
	return mnt;
}

/* Another mount of a part of the same file system: bind. Return: it or ERR_PTR(-ENOMEM). */
struct mount *clone_mnt(struct mount *old, struct dentry *root)
{
	struct mount *m = alloc_mount(old->mnt_devname);

	if (!m)
		return ERR_PTR(-ENOMEM);
	m->mnt.mnt_flags = old->mnt.mnt_flags & ~MNT_INTERNAL;
	m->mnt.mnt_sb = old->mnt.mnt_sb;
	atomic_inc(&m->mnt.mnt_sb->s_active);
	m->mnt.mnt_root = dget(root);
	m->mnt_mountpoint = m->mnt.mnt_root;
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

/* SPDX-License-Identifier: GPL-2.0-only */
/* The inside of a mount, for the files of fs/ that arrange or show the tree of them. */
#ifndef _FS_MOUNT_H
#define _FS_MOUNT_H

#include <linux/fs.h>
#include <linux/mount.h>
#include <linux/seqlock.h>
#include <linux/wait.h>

/*
 * Locks: [a] atomic   [I] immutable   [M] mount_lock to write; namespace_sem or it to read
 *        [N] namespace_sem
 */
struct mount {
	struct hlist_node mnt_hash;	/* [M] by (parent, mountpoint) */
	struct mount *mnt_parent;	/* [M] itself: mounted nowhere */
	struct dentry *mnt_mountpoint;	/* [M] holds a reference */
	struct vfsmount mnt;
	atomic_t mnt_count;		/* [a] references */
	atomic_t mnt_writers;		/* [a] mnt_want_write() minus mnt_drop_write() */
	struct list_head mnt_mounts;	/* [M] children */
	struct list_head mnt_child;	/* [M] in mnt_parent->mnt_mounts */
	struct list_head mnt_list;	/* [N] in the namespace, in order of mounting */
	struct mnt_namespace *mnt_ns;	/* [M] NULL: detached or internal */
	struct mount *mnt_copy;		/* [N] while a tree is being copied */
	const char *mnt_devname;	/* [I] */
	int mnt_id;			/* [I] */
};

/*
 * Locks: [N] namespace_sem
 */
struct mnt_namespace {
	struct mount *root;		/* [N] */
	struct list_head list;		/* [N] mount.mnt_list */
	wait_queue_head_t poll;		/* woken with each change */
	u64 event;			/* [N] counts changes */
	unsigned int mounts;		/* [N] */
};

extern struct rw_semaphore namespace_sem;
extern seqlock_t mount_lock;
extern struct mnt_namespace init_mnt_ns;

static inline struct mount *real_mount(const struct vfsmount *mnt)
{
	return container_of(mnt, struct mount, mnt);
}

static inline bool mnt_has_parent(const struct mount *mnt)
{
	return mnt != mnt->mnt_parent;
}

/* The mount on top of @path, with a reference, or NULL. Any task context. */
struct vfsmount *lookup_mnt(const struct path *path);
/* From the root of a mount to where it is mounted; false at the top. Swaps references. */
bool follow_up(struct path *path);
/* @path may be covered, several times: go to the top. Swaps references. */
bool follow_down(struct path *path);
/* Is anything mounted on @dentry, wherever? unlink and rename refuse then. */
bool is_local_mountpoint(struct dentry *dentry);

#endif /* _FS_MOUNT_H */

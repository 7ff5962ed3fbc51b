/* SPDX-License-Identifier: GPL-2.0-only */
/* The inside of a mount, for the files of fs/ that arrange or show the tree of them. */
#ifndef _FS_MOUNT_H
#define _FS_MOUNT_H

#include <linux/fs.h>
#include <linux/mnt_namespace.h>
#include <linux/mount.h>
#include <linux/rcupdate.h>
#include <linux/seqlock.h>
#include <linux/wait.h>

struct mount;

/*
 * Mounts that are each other's peers (mount_namespaces(7)): what is mounted below one appears
 * below all of them, and below their slaves. It goes with its last member.
 * Locks: [I] immutable   [N] namespace_sem
 */
struct peer_group {
	int id;				/* [I] shared:N of mountinfo */
	bool fresh;			/* [N] made for a change that may still fail */
	struct list_head members;	/* [N] mount.mnt_peers; all have the same master */
	struct list_head slaves;	/* [N] mount.mnt_slave */
	struct list_head work;		/* [N] in the walk over who receives */
	struct mount *source;		/* [N] what was copied for it in that walk */
};

/*
 * Locks: [a] atomic   [I] immutable   [M] mount_lock to write; namespace_sem or it to read
 *        [N] namespace_sem
 */
struct mount {
	struct hlist_node mnt_hash;	/* [M] by (parent, mountpoint) */
	struct hlist_node mnt_mp_hash;	/* [M] by mountpoint */
	struct mount *mnt_parent;	/* [M] itself: mounted nowhere */
	struct dentry *mnt_mountpoint;	/* [M] holds a reference */
	struct vfsmount mnt;
	atomic_t mnt_count;		/* [a] references */
	atomic_t mnt_writers;		/* [a] mnt_want_write() minus mnt_drop_write() */
	struct list_head mnt_mounts;	/* [M] children */
	struct list_head mnt_child;	/* [M] in mnt_parent->mnt_mounts */
	struct list_head mnt_list;	/* [N] in the namespace, in order of mounting */
	struct list_head mnt_of_sb;	/* [M] in mnt_sb->s_mounts */
	struct list_head mnt_peers;	/* [N] in mnt_group->members */
	struct list_head mnt_slave;	/* [N] in mnt_master->slaves */
	struct peer_group *mnt_group;	/* [N] NULL: not shared */
	struct peer_group *mnt_master;	/* [N] NULL: no slave */
	struct mnt_namespace *mnt_ns;	/* [M] NULL: detached or internal */
	struct mount *mnt_copy;		/* [N] while a tree is being copied */
	struct mount *mnt_dest;		/* [N] where a propagated copy will go */
	struct path mnt_was;		/* [N] the place it left, until release_mounts() */
	bool mnt_gone;			/* [N] being unmounted */
	bool mnt_covered;		/* [N] ... and its place was looked at in all receivers */
	const char *mnt_devname;	/* [I] */
	int mnt_id;			/* [I] */
	struct rcu_head rcu;		/* d_path() climbs under RCU */
};

extern struct rw_semaphore namespace_sem;
extern seqlock_t mount_lock;

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
/* Is anything of current's namespace mounted on @dentry? unlink and rename refuse then. */
bool is_local_mountpoint(struct dentry *dentry);
/* @dentry lost its name: unmount what other namespaces have there. No lock is held. */
void __detach_mounts(struct dentry *dentry);

static inline void detach_mounts(struct dentry *dentry)
{
	if (unlikely(d_mountpoint(dentry)))
		__detach_mounts(dentry);
}

#endif /* _FS_MOUNT_H */

/* SPDX-License-Identifier: GPL-2.0-only */
/* Between the files that keep the trees of mounts and those that are system calls. */
#ifndef _FS_NAMESPACE_H
#define _FS_NAMESPACE_H

#include "mount.h"

/* clone_mnt(), copy_tree() */
#define COPY_SLAVE		0x1	/* the copy is a slave of the original's group */
#define COPY_SHARED		0x2	/* and begins a group of its own */
#define COPY_SHARED_TO_SLAVE	0x4	/* only copies of shared mounts become slaves */
#define COPY_UNBINDABLE		0x8	/* take them along: a whole namespace is copied */

extern unsigned int sysctl_mount_max;

/* namespace.c */
struct mount *alloc_mount(const char *devname);
struct mount *clone_mnt(struct mount *old, struct dentry *root, int how);
struct mount *__lookup_mnt(const struct vfsmount *mnt, const struct dentry *dentry);
struct mount *next_mnt(struct mount *m, const struct mount *root);
int mnt_make_readonly(struct mount *m);
void touch_mnt_namespace(struct mnt_namespace *ns);
/* mount_lock is held for writing; the first two leave references alone */
void __link_mnt(struct mount *m, struct mount *parent, struct dentry *at);
void __unlink_mnt(struct mount *m);
void attach_mnt(struct mount *m, struct mount *parent, struct dentry *at);
void unlink_mnt(struct mount *m, struct path *was);

/* mount_tree.c */
struct mount *copy_tree(struct mount *old, struct dentry *root, int how);
int graft_tree(struct mount *m, const struct path *at, struct path *left);
void umount_tree(struct mount *m, bool propagate, struct list_head *gone);
void release_mounts(struct list_head *gone);
void drop_tree(struct mount *m);
void lock_mnt_tree(struct mount *m);
bool is_above(const struct mount *above, const struct mount *m);
bool path_reachable(struct mount *m, struct dentry *dentry, const struct path *root);
int lock_mount(const struct path *path, struct path *at);
void unlock_mount(struct path *at);

/* pnode.c: namespace_sem is held for writing */
struct peer_group *alloc_group(void);
void join_group(struct mount *m, struct peer_group *group);
void join_master(struct mount *m, struct peer_group *master);
void leave_groups(struct mount *m);
int change_propagation(struct mount *m, unsigned long type, bool recurse);
int share_tree(struct mount *m);
void settle_groups(struct mount *m, bool keep);
int count_mounts(struct mnt_namespace *ns, struct mount *m);
int propagate_mount(struct mount *parent, struct dentry *at, struct mount *m,
		    struct list_head *copies);
bool propagate_busy(struct mount *m);
void propagate_umount(struct list_head *gone);
int dominating_group(struct mount *m, const struct path *root);

/* mount_calls.c */
bool may_mount(void);
int set_mnt_flags(struct mount *m, int mnt_flags);
int remount_sb(struct super_block *sb, unsigned long flags, void *data);

#endif /* _FS_NAMESPACE_H */

/* SPDX-License-Identifier: GPL-2.0-only */
/* Between namespace.c, which keeps the tree of mounts, and mount_calls.c, which changes it. */
#ifndef _FS_NAMESPACE_H
#define _FS_NAMESPACE_H

#include "mount.h"

struct mount *alloc_mount(const char *devname);
struct mount *clone_mnt(struct mount *old, struct dentry *root);
struct mount *__lookup_mnt(const struct vfsmount *mnt, const struct dentry *dentry);
struct mount *next_mnt(struct mount *m, const struct mount *root);
int mnt_make_readonly(struct mount *m);
void attach_tree(struct mount *m, const struct path *path);
/* The same in a tree that is not in the namespace. */
void attach_detached(struct mount *m, const struct path *path);
void detach_mnt(struct mount *m, struct path *old);
int hide_idle_mount(struct mount *m);
void umount_tree(struct mount *m, struct list_head *gone);
void release_mounts(struct list_head *gone);
void touch_mnt_namespace(void);

#endif /* _FS_NAMESPACE_H */

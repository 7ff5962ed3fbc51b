/* SPDX-License-Identifier: GPL-2.0-only */
/* Walking paths and changing directories by name (fs/namei.c). */
#ifndef _LINUX_NAMEI_H
#define _LINUX_NAMEI_H

#include <linux/dcache.h>
#include <linux/fs.h>
#include <linux/path.h>

#define MAXSYMLINKS	40

/* How to walk */
#define LOOKUP_FOLLOW		0x0001	/* follow a link at the end */
#define LOOKUP_DIRECTORY	0x0002	/* the end must be a directory */
#define LOOKUP_EMPTY		0x0004	/* "" is the starting point itself */
#define LOOKUP_PARENT		0x0008	/* internal: stop before the last component */
#define LOOKUP_OPEN		0x0010	/* about to open */
#define LOOKUP_CREATE		0x0020	/* about to create */
#define LOOKUP_EXCL		0x0040	/* ... which must not exist */
#define LOOKUP_RENAME_TARGET	0x0080
#define LOOKUP_REVAL		0x0100
#define LOOKUP_NO_SYMLINKS	0x1000	/* openat2's RESOLVE_* */
#define LOOKUP_NO_MAGICLINKS	0x2000
#define LOOKUP_NO_XDEV		0x4000
#define LOOKUP_BENEATH		0x8000
#define LOOKUP_IN_ROOT		0x10000

struct filename;

int user_path_at(int dfd, const char __user *name, unsigned int flags, struct path *path);
int filename_lookup(int dfd, struct filename *name, unsigned int flags, struct path *path,
		    const struct path *root);
int kern_path(const char *name, unsigned int flags, struct path *path);
int vfs_path_lookup(struct dentry *dentry, struct vfsmount *mnt, const char *name,
		    unsigned int flags, struct path *path);

/*
 * Look up the parent of a name that is to be made; on success its i_rwsem is held,
 * the mount is held for writing, and done_path_create() undoes both.
 */
struct dentry *kern_path_create(int dfd, const char *name, struct path *path, unsigned int flags);
struct dentry *user_path_create(int dfd, const char __user *name, struct path *path,
				unsigned int flags);
void done_path_create(struct path *path, struct dentry *dentry);

struct dentry *lookup_one_len(const char *name, struct dentry *base, int len);
struct dentry *lookup_one_len_unlocked(const char *name, struct dentry *base, int len);

/* From ->get_link() of a magic link (/proc/PID/fd/N): go to @path; consumes its references. */
int nd_jump_link(const struct path *path);

struct dentry *lock_rename(struct dentry *a, struct dentry *b);
void unlock_rename(struct dentry *a, struct dentry *b);

#endif /* _LINUX_NAMEI_H */

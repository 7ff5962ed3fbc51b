/* SPDX-License-Identifier: GPL-2.0-only */
/* Mounted file systems as the rest of the kernel sees them (fs/namespace.c). */
#ifndef _LINUX_MOUNT_H_K
#define _LINUX_MOUNT_H_K

#include <linux/path.h>
#include <linux/types.h>
#include <uapi/linux/mount.h>

struct dentry;
struct file;
struct file_system_type;
struct inode;
struct task_struct;
struct mnt_namespace;
struct super_block;

/* umount2(2) */
#define MNT_FORCE	0x01
#define MNT_DETACH	0x02
#define MNT_EXPIRE	0x04
#define UMOUNT_NOFOLLOW	0x08

/* vfsmount.mnt_flags */
#define MNT_NOSUID	0x01
#define MNT_NODEV	0x02
#define MNT_NOEXEC	0x04
#define MNT_NOATIME	0x08
#define MNT_NODIRATIME	0x10
#define MNT_RELATIME	0x20
#define MNT_READONLY	0x40
#define MNT_NOSYMFOLLOW	0x80
#define MNT_EXPIRABLE	0x100	/* unused since the last umount2(MNT_EXPIRE) */
#define MNT_UNBINDABLE	0x200	/* bind mounts leave it out */
#define MNT_LOCKED	0x400	/* covers what a less privileged namespace may not see */
#define MNT_LOCK_ATIME	0x800	/* such a namespace may not change these flags either */
#define MNT_LOCK_READONLY	0x1000
#define MNT_LOCK_NODEV	0x2000
#define MNT_INTERNAL	0x4000	/* kern_mount(): in no namespace */
#define MNT_LOCK_NOSUID	0x8000
#define MNT_LOCK_NOEXEC	0x10000
#define MNT_ATIME_MASK	(MNT_NOATIME | MNT_NODIRATIME | MNT_RELATIME)
#define MNT_USER_FLAGS	(MNT_NOSUID | MNT_NODEV | MNT_NOEXEC | MNT_ATIME_MASK | MNT_READONLY | \
			 MNT_NOSYMFOLLOW)

/*
 * Locks: [I] immutable   [M] mount_lock to write, read freely
 */
struct vfsmount {
	struct dentry *mnt_root;	/* [I] */
	struct super_block *mnt_sb;	/* [I] */
	int mnt_flags;			/* [M] MNT_* */
};

struct vfsmount *mntget(struct vfsmount *mnt);
void mntput(struct vfsmount *mnt);

/* Refuse (-EROFS) or permit changing files through @mnt until mnt_drop_write(). */
int mnt_want_write(struct vfsmount *mnt);
int mnt_want_write_file(struct file *file);
void mnt_drop_write(struct vfsmount *mnt);
void mnt_drop_write_file(struct file *file);
bool __mnt_is_readonly(const struct vfsmount *mnt);

struct vfsmount *kern_mount(struct file_system_type *type);
struct vfsmount *vfs_kern_mount(struct file_system_type *type, int flags, const char *name,
				void *data);
int do_mount(const char *dev_name, const struct path *path, const char *type,
	     unsigned long flags, void *data);
/* boot: mount @type at @dir of the first namespace */
int init_mount(const char *dev_name, const char *dir, const char *type, unsigned long flags,
	       void *data);

int mnt_id_of(const struct vfsmount *mnt);	/* the number in mountinfo and fdinfo */
bool path_mounted(const struct path *path);
bool our_mnt(const struct vfsmount *mnt);
void mnt_init(void);

/* The text of /proc/PID/{mounts,mountinfo,mountstats}: a seq_file over the namespace. */
int mounts_open(struct file *file, struct task_struct *tsk, int which);
int mounts_release(struct inode *inode, struct file *file);
struct poll_table_struct;
__poll_t mounts_poll(struct file *file, struct poll_table_struct *pt);

#define MOUNTS_MOUNTS		0
#define MOUNTS_MOUNTINFO	1
#define MOUNTS_MOUNTSTATS	2

#endif /* _LINUX_MOUNT_H_K */

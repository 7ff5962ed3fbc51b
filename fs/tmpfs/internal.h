/* SPDX-License-Identifier: GPL-2.0-only */
/* tmpfs inside: super.c has mounts and options, inode.c files and names, memfd.c nameless files. */
#ifndef _TMPFS_INTERNAL_H
#define _TMPFS_INTERNAL_H

#include <linux/fs.h>
#include <linux/shmem_fs.h>

/*
 * Locks: [u] s_umount   [a] atomic
 */
struct tmpfs_sb {
	struct shmem_limits limits;	/* pages */
	unsigned long max_inodes;	/* [u] 0: no limit */
	atomic_long_t used_inodes;	/* [a] */
	umode_t mode;			/* of the root, for show_options */
	uid_t uid;
	gid_t gid;
};

struct tmpfs_inode {
	struct inode vfs_inode;
	struct shmem_info shmem;
};

static inline struct tmpfs_sb *TMPFS_SB(const struct super_block *sb)
{
	return sb->s_fs_info;
}

static inline struct tmpfs_inode *TMPFS_I(struct inode *inode)
{
	return container_of(inode, struct tmpfs_inode, vfs_inode);
}

extern const struct file_operations tmpfs_file_operations;

/* NULL without memory or inodes left (then -ENOSPC is the errno). */
struct inode *tmpfs_get_inode(struct super_block *sb, const struct inode *dir, umode_t mode,
			      dev_t dev, unsigned long vm_flags);
struct inode *tmpfs_alloc_inode(struct super_block *sb);
void tmpfs_free_inode(struct inode *inode);
void tmpfs_evict_inode(struct inode *inode);
void tmpfs_inode_cache_init(void);
void memfd_init(void);

#endif /* _TMPFS_INTERNAL_H */

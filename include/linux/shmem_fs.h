/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The memory side of tmpfs (mm/shmem.c): a_ops, sizes, holes. fs/tmpfs owns names and inodes: it
 * embeds shmem_info in its inodes, shmem_limits in its superblock, and makes nameless files.
 */
#ifndef _LINUX_SHMEM_FS_H
#define _LINUX_SHMEM_FS_H

#include <linux/pagemap.h>

/* Locks: [a] atomic   [I] at mount or remount under s_umount */
struct shmem_limits {
	unsigned long max_blocks;	/* [I] pages; 0: no limit */
	atomic_long_t used_blocks;	/* [a] pages */
};

/* Found from inode->i_mapping->private_data. */
struct shmem_info {
	struct shmem_limits *limits;	/* [I] NULL: none (kernel-internal files) */
	atomic_long_t alloced;		/* [a] pages; st_blocks / 8 */
	unsigned long flags;		/* [I] VM_NORESERVE: charge page by page */
	unsigned long promised;		/* [I] pages charged when the file was made */
	unsigned int seals;		/* inode lock: F_SEAL_* */
};

extern const struct address_space_operations shmem_aops;

/**
 * shmem_init_mapping() - make @inode's page cache a tmpfs file's
 * @info: embedded in the file system's inode, zeroed
 * @limits: of the superblock, or NULL
 */
void shmem_init_mapping(struct inode *inode, struct shmem_info *info, struct shmem_limits *limits,
			unsigned long vm_flags);

static inline struct shmem_info *SHMEM_I(struct inode *inode)
{
	return inode->i_mapping->private_data;
}

/* truncate(2) and friends; inode lock held. Sets i_size, zeroes the tail. 0, -EPERM, -ENOMEM. */
int shmem_setsize(struct inode *inode, loff_t size);
/* fallocate(2): FALLOC_FL_KEEP_SIZE, PUNCH_HOLE. Takes the inode lock. */
long shmem_fallocate(struct file *file, int mode, loff_t offset, loff_t len);
/* lseek: SEEK_DATA, SEEK_HOLE. -ENXIO beyond the end. */
loff_t shmem_file_llseek(struct file *file, loff_t offset, int whence);
/* The last reference to @inode is gone. */
void shmem_evict_inode(struct inode *inode);

/*
 * fs/tmpfs: a file without a name on the kernel's own tmpfs mount.
 * @flags: VM_NORESERVE or 0. The file or ERR_PTR(-errno).
 */
struct file *shmem_file_setup(const char *name, loff_t size, unsigned long flags);
/* The same, and unless VM_NORESERVE all its memory is promised now. Also ERR_PTR(-ENOMEM). */
struct file *shmem_promised_file(const char *name, loff_t size, unsigned long flags);

#endif

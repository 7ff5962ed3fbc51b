/* SPDX-License-Identifier: GPL-2.0-only */
/* Between the file systems (cgroupfs.c) and what is in a directory of theirs (dir.c). */
#ifndef _KERNEL_CGROUP_DIR_H
#define _KERNEL_CGROUP_DIR_H

#include <linux/fs.h>

struct inode *cgroup_inode(struct super_block *sb, umode_t mode);
void cgroup_evict_file(struct inode *inode);
int cgroup_readdir(struct file *file, struct dir_context *ctx);

#endif /* _KERNEL_CGROUP_DIR_H */

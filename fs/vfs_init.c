// SPDX-License-Identifier: GPL-2.0-only
/* The order in which fs/ comes up. */
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/mount.h>
#include "internal.h"

/**
 * vfs_caches_init - make files possible
 *
 * Caches, the root tmpfs, and the file systems that only the kernel mounts.
 *
 * Context: boot, slab and locks work, one CPU.
 */
void __init vfs_caches_init(void)
{
	dcache_init();
	inode_init();
	files_init();
	fdtable_init();
	fs_struct_init();
	locks_init();
	mnt_init();
	pipe_init();
	anon_inode_init();
	devtmpfs_init();
}

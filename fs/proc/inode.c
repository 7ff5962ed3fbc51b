// SPDX-License-Identifier: GPL-2.0-only
/*
 * The proc file system itself: its inodes, its one super block, its root directory.
 */
#include <linux/fork.h>
#include <linux/init.h>
#include <linux/magic.h>
#include <linux/mount.h>
#include <linux/pid_namespace.h>
#include <linux/slab.h>
#include "internal.h"

static struct kmem_cache *proc_inode_cachep;

static struct inode *proc_alloc_inode(struct super_block *sb)
{
	struct proc_inode *pi = kmem_cache_zalloc(proc_inode_cachep, GFP_KERNEL);

	if (!pi)
		return NULL;
	inode_init_once(&pi->vfs_inode);
	return &pi->vfs_inode;
}

static void proc_free_inode(struct inode *inode)
{
	kmem_cache_free(proc_inode_cachep, PROC_I(inode));
}

static void proc_evict_inode(struct inode *inode)
{
	clear_inode(inode);
	put_pid(PROC_I(inode)->pid);
	PROC_I(inode)->pid = NULL;
}

static int proc_show_options(struct seq_file *m, struct dentry *root)
{
	return 0;
}

static const struct super_operations proc_sops = {
	.alloc_inode	= proc_alloc_inode,
	.free_inode	= proc_free_inode,
	.evict_inode	= proc_evict_inode,
	.statfs		= simple_statfs,
	.show_options	= proc_show_options,
};

/* A fresh inode of @mode, owned by root, of this moment. */
struct inode *proc_new_inode(struct super_block *sb, umode_t mode)
{
	struct inode *inode = new_inode(sb);

	if (!inode)
		return NULL;
	inode->i_ino = get_next_ino();
	inode->i_mode = mode;
	inode->i_mtime = inode->i_atime = inode->i_ctime = current_time(inode);
	return inode;
}

static struct dentry *root_lookup(struct inode *dir, struct dentry *dentry, unsigned int flags)
{
	struct dentry *found = proc_pid_lookup(dir, dentry);

	if (found != ERR_PTR(-ENOENT))
		return found;
	return proc_lookup_fixed(&proc_root, dir, dentry);
}

/* The fixed entries first, then a directory for each process. */
static int root_readdir(struct file *file, struct dir_context *ctx)
{
	loff_t pids = 2 + proc_count_fixed(&proc_root);

	if (!dir_emit_dots(file, ctx))
		return 0;
	if (ctx->pos < pids)
		proc_readdir_fixed(file, ctx, &proc_root, 2);
	if (ctx->pos < pids)
		return 0;
	return proc_pid_readdir(file, ctx, pids);
}

/* One link for each process, as on Linux. */
static int root_getattr(const struct path *path, struct kstat *stat, u32 request_mask,
			unsigned int query_flags)
{
	generic_fillattr(d_inode(path->dentry), stat);
	stat->nlink = proc_root.nlink + READ_ONCE(nr_threads);
	return 0;
}

static const struct inode_operations root_iops = {
	.lookup		= root_lookup,
	.getattr	= root_getattr,
};

static const struct file_operations root_fops = {
	.iterate_shared	= root_readdir,
	.llseek		= generic_file_llseek,
};

static int proc_fill_super(struct super_block *sb, void *data, int silent)
{
	struct inode *root;

	get_pid_ns(sb->s_fs_info);

	sb->s_blocksize = 1024;
	sb->s_blocksize_bits = 10;
	sb->s_magic = PROC_SUPER_MAGIC;
	sb->s_op = &proc_sops;
	sb->s_time_gran = 1;
	sb->s_d_op = &pid_dentry_ops;
	root = proc_get_inode(sb, &proc_root);
	if (!root)
		return -ENOMEM;
	root->i_ino = 1;
	root->i_op = &root_iops;
	root->i_fop = &root_fops;
	sb->s_root = d_make_root(root);
	return sb->s_root ? 0 : -ENOMEM;
}

static struct dentry *proc_mount(struct file_system_type *type, int flags, const char *dev_name,
				 void *data)
{
	return mount_keyed(type, flags, data, current_pid_ns(), proc_fill_super);
}

static void proc_kill_sb(struct super_block *sb)
{
	kill_anon_super(sb);
	put_pid_ns(sb->s_fs_info);
}

static struct file_system_type proc_fs_type = {
	.name		= "proc",
	.fs_flags	= FS_USERNS_MOUNT,
	.mount		= proc_mount,
	.kill_sb	= proc_kill_sb,
};

static int __init proc_fs_init(void)
{
	proc_inode_cachep = kmem_cache_create("proc_inode_cache", sizeof(struct proc_inode), 0,
					      SLAB_PANIC, NULL);
	return register_filesystem(&proc_fs_type);
}
fs_initcall(proc_fs_init);

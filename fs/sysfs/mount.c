// SPDX-License-Identifier: GPL-2.0-only
/*
 * sysfs: one tree of directories, links and read-only files of text. It is built by the first
 * mount and does not change, so it needs no lock but those of the file system layer.
 */
#include <linux/err.h>
#include <linux/init.h>
#include <linux/magic.h>
#include <linux/mount.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "sysfs.h"

/* Behind a file's inode. [I] */
struct sysfs_file {
	sysfs_show_t show;
	long arg;
};

/* ---- files ---- */

static int file_show(struct seq_file *m, void *v)
{
	const struct sysfs_file *file = m->private;

	return file->show(m, file->arg);
}

static int file_open(struct inode *inode, struct file *file)
{
	if ((file->f_mode & FMODE_WRITE) || !inode->i_private)
		return -EACCES;
	return single_open(file, file_show, inode->i_private);
}

static const struct file_operations sysfs_file_fops = {
	.open		= file_open,
	.read_iter	= seq_read_iter,
	.llseek		= seq_lseek,
	.release	= single_release,
};

static const struct inode_operations sysfs_file_iops = { .setattr = simple_setattr };

/* ---- making the tree ---- */

static struct inode *sysfs_inode(struct super_block *sb, umode_t mode)
{
	struct inode *inode = new_inode(sb);

	if (!inode)
		return NULL;
	inode->i_ino = get_next_ino();
	inode->i_mode = mode;
	inode->i_mtime = inode->i_atime = inode->i_ctime = current_time(inode);
	set_nlink(inode, S_ISDIR(mode) ? 2 : 1);
	return inode;
}

/* As a directory of a tmpfs, but one may seek to its end. */
static const struct file_operations sysfs_dir_fops = {
	.llseek		= generic_file_llseek,
	.read_iter	= generic_read_dir,
	.iterate_shared	= simple_readdir,
	.fsync		= noop_fsync,
};

static struct inode *dir_inode(struct super_block *sb)
{
	struct inode *inode = sysfs_inode(sb, S_IFDIR | 0755);

	if (inode) {
		inode->i_op = &simple_dir_inode_operations;
		inode->i_fop = &sysfs_dir_fops;
	}
	return inode;
}

/* Consumes @inode. Return: its entry, pinned by the tree, or NULL. */
static struct dentry *link_in(struct dentry *parent, const char *name, struct inode *inode)
{
	struct dentry *dentry;

	if (!inode)
		return NULL;
	dentry = d_alloc_name(parent, name);
	if (!dentry) {
		iput(inode);
		return NULL;
	}
	simple_link_dentry(dentry, inode);
	dput(dentry);
	return dentry;
}

struct dentry *sysfs_dir(struct dentry *parent, const char *name)
{
	struct dentry *dentry;

	if (!parent)
		return NULL;
	dentry = link_in(parent, name, dir_inode(parent->d_sb));
	if (dentry)
		inc_nlink(d_inode(parent));
	return dentry;
}

bool sysfs_link(struct dentry *dir, const char *name, const char *target)
{
	struct inode *inode = dir ? sysfs_inode(dir->d_sb, S_IFLNK | 0777) : NULL;

	if (!inode)
		return false;
	inode->i_op = &simple_symlink_inode_operations;
	inode->i_link = kstrdup(target, GFP_KERNEL);
	if (!inode->i_link) {
		iput(inode);
		return false;
	}
	inode->i_size = strlen(target);
	return link_in(dir, name, inode);
}

static bool sysfs_one_file(struct dentry *dir, const struct sysfs_attr *attr, long arg)
{
	struct inode *inode = sysfs_inode(dir->d_sb, S_IFREG | 0444);
	struct sysfs_file *file;

	if (!inode)
		return false;
	file = kmalloc(sizeof(*file), GFP_KERNEL);
	if (!file) {
		iput(inode);
		return false;
	}
	file->show = attr->show;
	file->arg = arg;
	inode->i_private = file;
	inode->i_op = &sysfs_file_iops;
	inode->i_fop = &sysfs_file_fops;
	inode->i_size = PAGE_SIZE;	/* as on Linux: so much at most */
	return link_in(dir, attr->name, inode);
}

bool sysfs_files(struct dentry *dir, const struct sysfs_attr *attrs, unsigned int n, long arg)
{
	unsigned int i;

	for (i = 0; dir && i < n; i++)
		if (!sysfs_one_file(dir, &attrs[i], arg))
			return false;
	return dir;
}

/* ---- the file system ---- */

static void sysfs_evict(struct inode *inode)
{
	clear_inode(inode);
	if (S_ISREG(inode->i_mode))
		kfree(inode->i_private);
	else if (S_ISLNK(inode->i_mode))
		kfree(inode->i_link);
}

static const struct super_operations sysfs_sops = {
	.statfs		= simple_statfs,
	.evict_inode	= sysfs_evict,
};

static int sysfs_fill_super(struct super_block *sb, void *data, int silent)
{
	struct inode *root;

	sb->s_blocksize = PAGE_SIZE;
	sb->s_blocksize_bits = PAGE_SHIFT;
	sb->s_magic = SYSFS_MAGIC;
	sb->s_op = &sysfs_sops;
	sb->s_time_gran = 1;
	sb->s_flags |= SB_ALL_CACHED;
	root = dir_inode(sb);
	if (!root)
		return -ENOMEM;
	root->i_mode = S_IFDIR | 0555;
	sb->s_root = d_make_root(root);
	return sb->s_root ? sysfs_populate(sb->s_root) : -ENOMEM;
}

static struct dentry *sysfs_mount(struct file_system_type *type, int flags, const char *dev_name,
				  void *data)
{
	return mount_single(type, flags, data, sysfs_fill_super);
}

static struct file_system_type sysfs_fs_type = {
	.name		= "sysfs",
	.fs_flags	= FS_USERNS_MOUNT,
	.mount		= sysfs_mount,
	.kill_sb	= kill_litter_super,
};

static int __init sysfs_init(void)
{
	return register_filesystem(&sysfs_fs_type);
}
fs_initcall(sysfs_init);

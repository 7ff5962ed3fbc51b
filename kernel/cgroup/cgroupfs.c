// SPDX-License-Identifier: GPL-2.0-only
/*
 * The file systems "cgroup2", "cgroup" and "cpuset": a tree of directories for each hierarchy, made
 * and removed with mkdir and rmdir, and mounting. A tree with groups in it outlives its mounts.
 */
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/magic.h>
#include <linux/mount.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "dir.h"
#include "hierarchy.h"
#include "internal.h"

static struct file_operations cgroup_dir_fops;
static const struct inode_operations cgroup_dir_iops;

/* ---- directories ---- */

static struct inode *dir_inode(struct super_block *sb, struct cgroup *cg, umode_t mode)
{
	struct inode *inode = cgroup_inode(sb, S_IFDIR | mode);

	if (!inode)
		return NULL;
	inode->i_op = &cgroup_dir_iops;
	inode->i_fop = &cgroup_dir_fops;
	inode->i_private = get_cgroup(cg);
	return inode;
}

/* What may act in a new group: in version 1 all that is bound, in cgroup2 all that ever may be. */
static unsigned int controls_for(const struct cgroup *cg)
{
	return is_v2(cg) ? CONTROL_V2 : cg->hier->controllers;
}

/* The first group of a tree keeps its super block, the last one lets it go; both are made and
 * removed under the root directory's lock. A mount is in use, so it is not the last reference. */
static void pin_tree(struct super_block *sb, const struct cgroup *cg)
{
	if (!cg->parent->parent && cg->hier->root.descendants == 1 && !is_v2(cg))
		atomic_inc(&sb->s_active);
}

static void unpin_tree(struct super_block *sb, const struct cgroup *cg)
{
	if (!cg->parent->parent && !cg->hier->root.descendants && !is_v2(cg))
		deactivate_super(sb);
}

static int kill_dir(struct cgroup *cg)
{
	int err;

	mutex_lock(&cgroup_mutex);
	err = kill_cgroup_dir(cg);
	mutex_unlock(&cgroup_mutex);
	return err;
}

/* Nobody can have entered: the directory's lock keeps its name from being found. */
static void undo_mkdir(struct inode *dir, struct dentry *dentry, struct cgroup *cg, bool linked)
{
	kill_dir(cg);
	if (!linked)
		return;
	cgroup_remove_files(dentry, cg, CONTROL_ALL, true);
	drop_nlink(dir);
	simple_unlink_dentry(dentry);
}

static int cgroup_mkdir(struct inode *dir, struct dentry *dentry, umode_t mode)
{
	struct inode *inode;
	struct cgroup *cg;
	int err = -ENOMEM;

	/* /proc/<pid>/cgroup has a line for a name */
	if (strchr(dentry->d_name.name, '\n'))
		return -EINVAL;
	mutex_lock(&cgroup_mutex);
	cg = make_cgroup(dir->i_private, dentry->d_name.name);
	mutex_unlock(&cgroup_mutex);
	if (IS_ERR(cg))
		return PTR_ERR(cg);
	inode = dir_inode(dir->i_sb, cg, mode);
	if (inode) {
		simple_link_dentry(dentry, inode);
		inc_nlink(dir);
		err = cgroup_fill_dir(dentry, cg, controls_for(cg), true);
	}
	if (err)
		undo_mkdir(dir, dentry, cg, inode);
	else
		pin_tree(dir->i_sb, cg);
	put_cgroup(cg);
	return err;
}

static int cgroup_rmdir(struct inode *dir, struct dentry *dentry)
{
	struct cgroup *cg = dentry->d_inode->i_private;
	int err = kill_dir(cg);

	if (err)
		return err;
	cgroup_remove_files(dentry, cg, CONTROL_ALL, true);
	unpin_tree(dir->i_sb, cg);
	return simple_rmdir(dir, dentry);
}

/* Version 1: a directory may get another name where it is. */
static int cgroup_rename(struct inode *old_dir, struct dentry *old, struct inode *new_dir,
			 struct dentry *new, unsigned int flags)
{
	struct cgroup *cg = old->d_inode->i_private;
	char *name;
	int err;

	if (flags || is_v2(old_dir->i_private))
		return flags ? -EINVAL : -EPERM;
	if (strchr(new->d_name.name, '\n'))
		return -EINVAL;
	if (!S_ISDIR(old->d_inode->i_mode))
		return -ENOTDIR;
	if (old_dir != new_dir)
		return -EIO;
	if (new->d_inode)
		return -EEXIST;
	name = kstrdup(new->d_name.name, GFP_KERNEL);
	if (!name)
		return -ENOMEM;
	err = simple_rename(old_dir, old, new_dir, new, 0);
	mutex_lock(&cgroup_mutex);
	if (!err)
		swap(cg->name, name);
	mutex_unlock(&cgroup_mutex);
	kfree(name);
	return err;
}

static const struct inode_operations cgroup_dir_iops = {
	.lookup		= simple_lookup,
	.mkdir		= cgroup_mkdir,
	.rmdir		= cgroup_rmdir,
	.rename		= cgroup_rename,
	.getattr	= simple_getattr,
	.setattr	= simple_setattr,
};

struct cgroup *cgroup_of_dir(const struct file *file)
{
	struct inode *inode = file_inode(file);
	struct cgroup *cg;

	if (inode->i_op != &cgroup_dir_iops)
		return ERR_PTR(-EBADF);
	cg = inode->i_private;
	if (!is_v2(cg))
		return ERR_PTR(-EBADF);
	return cg->dead ? ERR_PTR(-ENOENT) : get_cgroup(cg);
}

/* ---- super blocks ---- */

static void cgroup_evict(struct inode *inode)
{
	clear_inode(inode);
	if (S_ISDIR(inode->i_mode))
		put_cgroup(inode->i_private);
	else
		cgroup_evict_file(inode);
}

static int fill_super(struct super_block *sb, struct cgroup *root, unsigned long magic,
		      const struct super_operations *ops)
{
	struct inode *inode;

	sb->s_blocksize = PAGE_SIZE;
	sb->s_blocksize_bits = PAGE_SHIFT;
	sb->s_magic = magic;
	sb->s_op = ops;
	sb->s_time_gran = 1;
	inode = dir_inode(sb, root, 0555);
	if (!inode)
		return -ENOMEM;
	sb->s_root = d_make_root(inode);
	return sb->s_root ? cgroup_fill_dir(sb->s_root, root, controls_for(root), true) : -ENOMEM;
}

/* ---- cgroup2 ---- */

static const char *const cgroup2_options[] = {
	"nsdelegate", "favordynmods", "memory_localevents", "memory_recursiveprot",
};

/* They concern what there is one of, or none: cgroup namespaces and the memory controller. */
static unsigned int cgroup2_flags;

static int parse_cgroup2(const char *data, unsigned int *flags)
{
	char *text = kstrdup(data ?: "", GFP_KERNEL), *rest = text, *word;
	int i, err = text ? 0 : -ENOMEM;

	*flags = 0;
	while (!err && (word = strsep(&rest, ","))) {
		if (!*word)
			continue;
		i = match_string(cgroup2_options, ARRAY_SIZE(cgroup2_options), word);
		if (i < 0)
			err = -EINVAL;
		else
			*flags |= 1u << i;
	}
	kfree(text);
	return err;
}

static int cgroup2_remount(struct super_block *sb, int *sb_flags, char *data)
{
	unsigned int flags;
	int err = parse_cgroup2(data, &flags);

	if (!err)
		WRITE_ONCE(cgroup2_flags, flags);
	return err;
}

static int cgroup2_show_options(struct seq_file *m, struct dentry *root)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(cgroup2_options); i++) {
		if (READ_ONCE(cgroup2_flags) & 1u << i)
			seq_printf(m, ",%s", cgroup2_options[i]);
	}
	return 0;
}

static const struct super_operations cgroup2_sops = {
	.statfs		= simple_statfs,
	.evict_inode	= cgroup_evict,
	.remount_fs	= cgroup2_remount,
	.show_options	= cgroup2_show_options,
};

static int cgroup2_fill_super(struct super_block *sb, void *data, int silent)
{
	return fill_super(sb, &default_hierarchy.root, CGROUP2_SUPER_MAGIC, &cgroup2_sops);
}

/* The tree outlives its mounts: the first mount is for ever. */
static struct dentry *cgroup2_mount(struct file_system_type *type, int flags, const char *dev_name,
				    void *data)
{
	unsigned int options;
	struct dentry *root;
	int err = parse_cgroup2(data, &options);

	if (err)
		return ERR_PTR(err);
	root = mount_single(type, flags, data, cgroup2_fill_super);
	if (IS_ERR(root))
		return root;
	if (!__atomic_exchange_n(&cgroup2_was_mounted, true, __ATOMIC_SEQ_CST))
		atomic_inc(&root->d_sb->s_active);
	WRITE_ONCE(cgroup2_flags, options);
	return root;
}

static struct file_system_type cgroup2_fs_type = {
	.name		= "cgroup2",
	.mount		= cgroup2_mount,
	.kill_sb	= kill_litter_super,
};

/* ---- version 1 ---- */

/* New files first, which are hidden until their controllers act here; nobody else has any. */
static int change_mount(struct super_block *sb, const struct cgroup_options *opts)
{
	struct hierarchy *hier = sb->s_fs_info;
	struct inode *dir = sb->s_root->d_inode;
	unsigned int added, gone;
	int err;

	inode_lock(dir);
	added = opts->controllers & ~hier->controllers;
	gone = hier->controllers & ~opts->controllers;
	err = cgroup_fill_dir(sb->s_root, &hier->root, added, false);
	if (!err) {
		mutex_lock(&cgroup_mutex);
		err = change_hierarchy(hier, opts);
		mutex_unlock(&cgroup_mutex);
	}
	cgroup_remove_files(sb->s_root, &hier->root, err ? added : gone, false);
	inode_unlock(dir);
	return err;
}

static int cgroup1_remount(struct super_block *sb, int *flags, char *data)
{
	struct cgroup_options opts;
	char *text = kstrdup(data ?: "", GFP_KERNEL);
	int err;

	if (!text)
		return -ENOMEM;
	err = cgroup_parse_options(&opts, text);
	if (!err)
		err = change_mount(sb, &opts);
	kfree(text);
	return err;
}

static int cgroup1_show_options(struct seq_file *m, struct dentry *root)
{
	show_hierarchy_options(m, root->d_sb->s_fs_info);
	return 0;
}

static const struct super_operations cgroup1_sops = {
	.statfs		= simple_statfs,
	.evict_inode	= cgroup_evict,
	.remount_fs	= cgroup1_remount,
	.show_options	= cgroup1_show_options,
};

static int cgroup1_fill_super(struct super_block *sb, void *data, int silent)
{
	struct hierarchy *hier = sb->s_fs_info;

	mutex_lock(&cgroup_mutex);
	hier->users++;
	mutex_unlock(&cgroup_mutex);
	return fill_super(sb, &hier->root, CGROUP_SUPER_MAGIC, &cgroup1_sops);
}

static void cgroup1_kill_sb(struct super_block *sb)
{
	struct hierarchy *hier = sb->s_fs_info;

	kill_litter_super(sb);
	unuse_hierarchy(hier);
}

static struct dentry *mount_hierarchy(struct file_system_type *type, int flags, char *text)
{
	struct cgroup_options opts;
	struct hierarchy *hier;
	struct dentry *root;
	int err = cgroup_parse_options(&opts, text);

	if (err)
		return ERR_PTR(err);
	hier = use_hierarchy(&opts);
	if (IS_ERR(hier))
		return ERR_CAST(hier);
	root = mount_keyed(type, flags, NULL, hier, cgroup1_fill_super);
	unuse_hierarchy(hier);
	return root;
}

static struct dentry *cgroup1_mount(struct file_system_type *type, int flags, const char *dev_name,
				    void *data)
{
	char *text = kstrdup(data ?: "", GFP_KERNEL);
	struct dentry *root;

	if (!text)
		return ERR_PTR(-ENOMEM);
	root = mount_hierarchy(type, flags, text);
	kfree(text);
	return root;
}

static struct file_system_type cgroup1_fs_type = {
	.name		= "cgroup",
	.mount		= cgroup1_mount,
	.kill_sb	= cgroup1_kill_sb,
};

/* The name of before there were control groups. Its files have no prefix. */
static struct dentry *cpuset_mount(struct file_system_type *type, int flags, const char *dev_name,
				   void *data)
{
	char text[] = "cpuset,noprefix,release_agent=/sbin/cpuset_release_agent";

	return mount_hierarchy(&cgroup1_fs_type, flags, text);
}

static struct file_system_type cpuset_fs_type = {
	.name		= "cpuset",
	.mount		= cpuset_mount,
};

static int __init cgroupfs_init(void)
{
	cgroup_dir_fops = simple_dir_operations;
	cgroup_dir_fops.llseek = generic_file_llseek;
	cgroup_dir_fops.iterate_shared = cgroup_readdir;
	return register_filesystem(&cgroup2_fs_type) ?: register_filesystem(&cgroup1_fs_type) ?:
	       register_filesystem(&cpuset_fs_type);
}
fs_initcall(cgroupfs_init);

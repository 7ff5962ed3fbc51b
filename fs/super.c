// SPDX-License-Identifier: GPL-2.0-only
/*
 * Super blocks and the list of file system types. sb_lock guards the list of super
 * blocks and each type's; types are registered at boot and never go.
 */
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/fsnotify.h>
#include <linux/idr.h>
#include <linux/init.h>
#include <linux/mount.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/syscalls.h>
#include <linux/uaccess.h>
#include "internal.h"

static LIST_HEAD(super_blocks);
static DEFINE_SPINLOCK(sb_lock);
static struct file_system_type *file_systems;
static DEFINE_RWLOCK(file_systems_lock);
static DEFINE_IDA(anon_minors);

/**
 * register_filesystem - make a type known to mount(2)
 * @type: stays for ever
 *
 * Return: 0 or -EBUSY (the name is taken).
 */
int register_filesystem(struct file_system_type *type)
{
	struct file_system_type **p;
	int err = 0;

	write_lock(&file_systems_lock);
	for (p = &file_systems; *p && strcmp((*p)->name, type->name); p = &(*p)->next)
		;
	if (*p)
		err = -EBUSY;
	else
		*p = type;
	write_unlock(&file_systems_lock);
	return err;
}

struct file_system_type *get_fs_type(const char *name)
{
	struct file_system_type *type;

	read_lock(&file_systems_lock);
	for (type = file_systems; type && strcmp(type->name, name); type = type->next)
		;
	read_unlock(&file_systems_lock);
	return type;
}

/* The lines of /proc/filesystems. */
void filesystems_show(struct seq_file *m)
{
	struct file_system_type *type;

	read_lock(&file_systems_lock);
	for (type = file_systems; type; type = type->next)
		seq_printf(m, "%s\t%s\n", (type->fs_flags & FS_REQUIRES_DEV) ? "" : "nodev",
			   type->name);
	read_unlock(&file_systems_lock);
}

/* ---- sysfs(2): the same list by numbers, from 0 on ---- */

/* Return: the number, or -EINVAL (no such type) or what getname() says. */
static long index_of_type(const char __user *uname)
{
	struct filename *name = getname(uname);
	struct file_system_type *type;
	long index = 0;

	if (IS_ERR(name))
		return PTR_ERR(name);
	read_lock(&file_systems_lock);
	for (type = file_systems; type && strcmp(type->name, name->name); type = type->next)
		index++;
	read_unlock(&file_systems_lock);
	putname(name);
	return type ? index : -EINVAL;
}

static long name_of_type(unsigned int index, char __user *buf)
{
	struct file_system_type *type;

	read_lock(&file_systems_lock);
	for (type = file_systems; type && index; type = type->next)
		index--;
	read_unlock(&file_systems_lock);
	if (!type)
		return -EINVAL;
	return copy_to_user(buf, type->name, strlen(type->name) + 1) ? -EFAULT : 0;
}

static long number_of_types(void)
{
	struct file_system_type *type;
	long n = 0;

	read_lock(&file_systems_lock);
	for (type = file_systems; type; type = type->next)
		n++;
	read_unlock(&file_systems_lock);
	return n;
}

SYSCALL_DEFINE3(sysfs, int, option, unsigned long, arg1, unsigned long, arg2)
{
	switch (option) {
	case 1:
		return index_of_type((const char __user *)arg1);
	case 2:
		return name_of_type(arg1, (char __user *)arg2);
	case 3:
		return number_of_types();
	}
	return -EINVAL;
}

/* ---- super blocks ---- */

/* A minor of the anonymous major 0, which is all the device that these have. */
int get_anon_bdev(dev_t *dev)
{
	int minor = ida_alloc_range(&anon_minors, 1, MINORMASK, GFP_KERNEL);

	if (minor < 0)
		return minor == -ENOSPC ? -EMFILE : minor;
	*dev = MKDEV(0, minor);
	return 0;
}

void free_anon_bdev(dev_t dev)
{
	ida_free(&anon_minors, MINOR(dev));
}

static const struct super_operations default_sops;

/**
 * alloc_super - a super block with one active reference, on the lists
 * @type: its file system
 * @flags: SB_*
 *
 * Return: it, or ERR_PTR(-ENOMEM, -EMFILE).
 */
struct super_block *alloc_super(struct file_system_type *type, int flags)
{
	struct super_block *sb = kzalloc(sizeof(*sb), GFP_KERNEL);
	int err;

	if (!sb)
		return ERR_PTR(-ENOMEM);
	err = get_anon_bdev(&sb->s_dev);
	if (err) {
		kfree(sb);
		return ERR_PTR(err);
	}
	sb->s_type = type;
	sb->s_flags = flags;
	sb->s_op = &default_sops;
	sb->s_blocksize = PAGE_SIZE;
	sb->s_blocksize_bits = PAGE_SHIFT;
	sb->s_maxbytes = MAX_LFS_FILESIZE;
	sb->s_time_gran = 1;
	strscpy(sb->s_id, type->name, sizeof(sb->s_id));
	init_rwsem(&sb->s_umount);
	INIT_LIST_HEAD(&sb->s_mounts);
	mutex_init(&sb->s_vfs_rename_mutex, LOCK_RANK_RENAME);
	atomic_set(&sb->s_active, 1);
	spin_lock(&sb_lock);
	list_add_tail(&sb->s_list, &super_blocks);
	hlist_add_head(&sb->s_instances, &type->fs_supers);
	spin_unlock(&sb_lock);
	return sb;
}

static void free_super(struct super_block *sb)
{
	spin_lock(&sb_lock);
	list_del(&sb->s_list);
	if (!hlist_unhashed(&sb->s_instances))
		hlist_del_init(&sb->s_instances);
	spin_unlock(&sb_lock);
	free_anon_bdev(sb->s_dev);
	kfree(sb);
}

/* Drop an active reference; the last one shuts the file system down. Context: sleeps. */
void deactivate_super(struct super_block *sb)
{
	if (!atomic_dec_and_test(&sb->s_active))
		return;
	spin_lock(&sb_lock);
	hlist_del_init(&sb->s_instances);	/* mount_single() does not find it any more */
	spin_unlock(&sb_lock);
	if (sb->s_type->kill_sb)
		sb->s_type->kill_sb(sb);
	else
		kill_anon_super(sb);
	free_super(sb);
}

/**
 * get_super_of_dev - the mounted file system with this device number
 * @dev: as stat(2) shows it, decoded
 *
 * Return: it, with an active reference for deactivate_super(), or NULL.
 */
struct super_block *get_super_of_dev(dev_t dev)
{
	struct super_block *sb, *found = NULL;

	spin_lock(&sb_lock);
	list_for_each_entry(sb, &super_blocks, s_list) {
		if (sb->s_dev == dev && atomic_inc_not_zero(&sb->s_active)) {
			found = sb;
			break;
		}
	}
	spin_unlock(&sb_lock);
	if (found && !READ_ONCE(found->s_root)) {	/* it is just being made */
		deactivate_super(found);
		found = NULL;
	}
	return found;
}

void generic_shutdown_super(struct super_block *sb)
{
	struct dentry *root = sb->s_root;

	fsnotify_unmount(sb);
	sb->s_root = NULL;
	dput(root);
	rcu_barrier();		/* inodes that wait to be freed still point here */
	if (sb->s_op->put_super)
		sb->s_op->put_super(sb);
}

void kill_anon_super(struct super_block *sb)
{
	generic_shutdown_super(sb);
}

/* Every name is pinned: let them all go, deepest first. Nobody else uses the tree any more. */
static void unpin_tree(struct dentry *root)
{
	struct dentry *dir = root, *parent;
	struct rb_node *node;

	while (dir) {
		node = rb_first(&dir->d_children);
		if (node) {
			dir = rb_entry(node, struct dentry, d_node);
			continue;
		}
		if (dir == root)
			return;
		parent = dir->d_parent;
		simple_unlink_dentry(dir);	/* the last reference: it is gone */
		dir = parent;
	}
}

void kill_litter_super(struct super_block *sb)
{
	if (sb->s_root)
		unpin_tree(sb->s_root);
	kill_anon_super(sb);
}

static struct dentry *fill_new_super(struct super_block *sb, void *data, int flags,
				     int (*fill)(struct super_block *, void *, int))
{
	int err = fill(sb, data, flags & SB_SILENT);

	if (err) {
		deactivate_super(sb);
		return ERR_PTR(err);
	}
	return dget(sb->s_root);
}

struct dentry *mount_nodev(struct file_system_type *type, int flags, void *data,
			   int (*fill)(struct super_block *, void *, int))
{
	struct super_block *sb = alloc_super(type, flags);

	return IS_ERR(sb) ? ERR_CAST(sb) : fill_new_super(sb, data, flags, fill);
}

static DEFINE_MUTEX(mount_single_mutex);

/* The instance that shows @key, the first when that is NULL; with an active reference. */
static struct super_block *grab_instance(struct file_system_type *type, const void *key)
{
	struct super_block *sb, *found = NULL;

	spin_lock(&sb_lock);
	hlist_for_each_entry(sb, &type->fs_supers, s_instances) {
		if ((!key || sb->s_fs_info == key) && atomic_inc_not_zero(&sb->s_active)) {
			found = sb;
			break;
		}
	}
	spin_unlock(&sb_lock);
	return found;
}

/**
 * mount_keyed - mount the one instance of a file system that shows something
 * @type: the file system
 * @flags: SB_*
 * @data: for @fill
 * @key: what it shows; in s_fs_info when @fill is called for a new instance
 * @fill: makes the root; kill_sb() is called also when it fails
 *
 * Context: sleeps. Return: the root, with a reference, or ERR_PTR.
 */
struct dentry *mount_keyed(struct file_system_type *type, int flags, void *data, void *key,
			   int (*fill)(struct super_block *, void *, int))
{
	struct super_block *sb;
	struct dentry *root;

	mutex_lock(&mount_single_mutex);
	sb = grab_instance(type, key);
	if (sb) {
		root = dget(sb->s_root);
	} else {
		sb = alloc_super(type, flags);
		if (!IS_ERR(sb))
			sb->s_fs_info = key;
		root = IS_ERR(sb) ? ERR_CAST(sb) : fill_new_super(sb, data, flags, fill);
	}
	mutex_unlock(&mount_single_mutex);
	return root;
}

struct dentry *mount_single(struct file_system_type *type, int flags, void *data,
			    int (*fill)(struct super_block *, void *, int))
{
	struct super_block *sb;
	struct dentry *root;

	mutex_lock(&mount_single_mutex);
	sb = grab_instance(type, NULL);
	root = sb ? dget(sb->s_root) : mount_nodev(type, flags, data, fill);
	mutex_unlock(&mount_single_mutex);
	return root;
}

struct dentry *mount_pseudo(struct file_system_type *type, const char *name,
			    const struct super_operations *ops,
			    const struct dentry_operations *dops, unsigned long magic)
{
	struct super_block *sb = alloc_super(type, SB_KERNMOUNT | SB_NOUSER);
	struct inode *root;

	if (IS_ERR(sb))
		return ERR_CAST(sb);
	sb->s_op = ops ? ops : &simple_super_operations;
	sb->s_magic = magic;
	root = new_inode(sb);
	if (root)
		root->i_mode = S_IFDIR | S_IRUSR | S_IWUSR;
	sb->s_root = d_make_root(root);
	sb->s_d_op = dops;
	if (!sb->s_root) {
		deactivate_super(sb);
		return ERR_PTR(-ENOMEM);
	}
	return dget(sb->s_root);
}

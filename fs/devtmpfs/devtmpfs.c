// SPDX-License-Identifier: GPL-2.0-only
/*
 * devtmpfs: one tmpfs for all mounts of this type, which drivers fill with nodes as
 * they register. It exists from boot on, mounted or not. Its directories' i_rwsem guard.
 */
#include <linux/cred.h>
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/mount.h>
#include <linux/namei.h>
#include <linux/string.h>
#include "../internal.h"
#include "../nameidata.h"

static struct vfsmount *dev_mnt;

static struct dentry *devtmpfs_do_mount(struct file_system_type *type, int flags, const char *dev,
					void *data)
{
	char mode[] = "mode=755";

	return mount_single(type, flags & ~SB_KERNMOUNT, mode, tmpfs_fill_super);
}

static struct file_system_type devtmpfs_type = {
	.name	= "devtmpfs",
	.mount	= devtmpfs_do_mount,
	.kill_sb = kill_litter_super,
};

/* What to make at the end of a name. */
struct node {
	umode_t mode;		/* type and permissions; S_IFLNK: @target */
	uid_t uid;
	gid_t gid;
	dev_t dev;
	const char *target;
};

static int make_node(struct inode *dir, struct dentry *dentry, const struct node *node)
{
	if (S_ISLNK(node->mode))
		return dir->i_op->symlink(dir, dentry, node->target);
	if (S_ISDIR(node->mode))
		return dir->i_op->mkdir(dir, dentry, node->mode);
	return dir->i_op->mknod(dir, dentry, node->mode, node->dev);
}

/*
 * The entry @name (of @len bytes) of @dir; made if it is not there. Permissions play no part:
 * this is the kernel's doing, whoever runs. Return: it with a reference, ERR_PTR.
 */
static struct dentry *get_or_make(struct dentry *dir, const char *name, size_t len,
				  const struct node *node, bool must_be_new)
{
	struct qstr q = QSTR_INIT(name, len);
	struct inode *inode = dir->d_inode;
	struct dentry *dentry;
	int err = 0;

	q.hash = full_name_hash(dir, name, len);
	inode_lock(inode);
	dentry = lookup_locked(dir, &q, LOOKUP_CREATE);
	if (!IS_ERR(dentry) && d_is_negative(dentry)) {
		err = make_node(inode, dentry, node);
		if (!err) {
			dentry->d_inode->i_uid = node->uid;
			dentry->d_inode->i_gid = node->gid;
		}
	} else if (!IS_ERR(dentry) && must_be_new) {
		err = -EEXIST;
	}
	inode_unlock(inode);
	if (err) {
		dput(dentry);
		return ERR_PTR(err);
	}
	return dentry;
}

/* Make all directories on the way, then the node. */
static int make_path(const char *name, const struct node *node)
{
	static const struct node dir_node = { .mode = S_IFDIR | 0755 };
	struct dentry *dir, *next;
	const char *slash;

	if (!dev_mnt)
		return -ENODEV;
	dir = dget(dev_mnt->mnt_root);
	while ((slash = strchr(name, '/'))) {
		next = get_or_make(dir, name, slash - name, &dir_node, false);
		dput(dir);
		if (IS_ERR(next))
			return PTR_ERR(next);
		dir = next;
		name = slash + 1;
	}
	next = get_or_make(dir, name, strlen(name), node, true);
	dput(dir);
	if (IS_ERR(next))
		return PTR_ERR(next);
	dput(next);
	return 0;
}

int devtmpfs_create_owned_node(const char *name, umode_t mode, uid_t uid, gid_t gid, dev_t dev)
{
	struct node node = { .mode = mode, .uid = uid, .gid = gid, .dev = dev };

	if (!(node.mode & S_IFMT))
		node.mode |= S_IFCHR;
	return make_path(name, &node);
}

/**
 * devtmpfs_create_node - a device node in /dev
 * @name: relative to /dev; directories on the way are made
 * @mode: permissions; a character device unless it says S_IFBLK
 * @dev: the number
 *
 * Context: sleeps.
 * Return: 0, -EEXIST, -ENOMEM, -ENODEV (too early in boot).
 */
int devtmpfs_create_node(const char *name, umode_t mode, dev_t dev)
{
	return devtmpfs_create_owned_node(name, mode, 0, 0, dev);
}

int devtmpfs_create_link(const char *name, const char *target)
{
	struct node node = { .mode = S_IFLNK, .target = target };

	return make_path(name, &node);
}

int devtmpfs_create_dir(const char *name, umode_t mode)
{
	struct node node = { .mode = S_IFDIR | mode };

	return make_path(name, &node);
}

/* The reverse of devtmpfs_create_node(). Return: 0 or -ENOENT. */
int devtmpfs_delete_node(const char *name)
{
	struct path path;
	struct inode *dir;
	struct dentry *parent;
	int err;

	err = vfs_path_lookup(dev_mnt->mnt_root, dev_mnt, name, 0, &path);
	if (err)
		return err;
	parent = dget_parent(path.dentry);
	dir = parent->d_inode;
	inode_lock(dir);
	err = d_unhashed(path.dentry) ? -ENOENT : dir->i_op->unlink(dir, path.dentry);
	inode_unlock(dir);
	dput(parent);
	path_put(&path);
	return err;
}

/**
 * devtmpfs_mount - mount it over a directory of the first root
 * @mountpoint: made if it does not exist
 *
 * Context: boot, after the initramfs was unpacked.
 * Return: 0 or -errno.
 */
int devtmpfs_mount(const char *mountpoint)
{
	struct dentry *dentry;
	struct path dir;

	dentry = kern_path_create(AT_FDCWD, mountpoint, &dir, LOOKUP_DIRECTORY);
	if (!IS_ERR(dentry)) {
		vfs_mkdir(dir.dentry->d_inode, dentry, 0755);
		done_path_create(&dir, dentry);
	}
	return init_mount("devtmpfs", mountpoint, "devtmpfs", MS_SILENT, NULL);
}

static const struct {
	const char *name, *target;
} links[] = {
	{ "fd", "/proc/self/fd" },
	{ "stdin", "/proc/self/fd/0" },
	{ "stdout", "/proc/self/fd/1" },
	{ "stderr", "/proc/self/fd/2" },
};

void __init devtmpfs_init(void)
{
	unsigned int i;

	register_filesystem(&devtmpfs_type);
	dev_mnt = kern_mount(&devtmpfs_type);
	if (IS_ERR(dev_mnt))
		panic("No memory for /dev");
	for (i = 0; i < ARRAY_SIZE(links); i++)
		devtmpfs_create_link(links[i].name, links[i].target);
	devtmpfs_create_dir("pts", 0755);
	devtmpfs_create_dir("shm", 01777);
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * nsfs: namespaces as files. A file (or a bind mount of it) keeps its namespace alive, whoever
 * has left it. The inode holds the reference; ioctl_ns(2) asks about relations.
 */
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/err.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/magic.h>
#include <linux/mount.h>
#include <linux/ns_common.h>
#include <linux/seq_file.h>
#include <linux/uaccess.h>
#include <linux/user_namespace.h>
#include <uapi/linux/nsfs.h>
#include "internal.h"

static struct vfsmount *nsfs_mnt;
static const struct file_operations nsfs_fops;

static struct ns_common *ns_of_inode(const struct inode *inode)
{
	return inode->i_private;
}

static char *nsfs_dname(struct dentry *dentry, char *buf, int len)
{
	struct ns_common *ns = ns_of_inode(d_inode(dentry));

	return dynamic_dname(buf, len, "%s:[%u]", ns->ops->kind, ns->inum);
}

static const struct dentry_operations nsfs_dentry_operations = { .d_dname = nsfs_dname };

static void nsfs_evict(struct inode *inode)
{
	struct ns_common *ns = ns_of_inode(inode);

	clear_inode(inode);
	if (ns)
		ns->ops->put(ns);
}

static const struct super_operations nsfs_sops = {
	.statfs		= simple_statfs,
	.evict_inode	= nsfs_evict,
};

static struct dentry *nsfs_mount(struct file_system_type *type, int flags, const char *dev,
				 void *data)
{
	return mount_pseudo(type, "nsfs:", &nsfs_sops, &nsfs_dentry_operations, NSFS_MAGIC);
}

static struct file_system_type nsfs_type = {
	.name		= "nsfs",
	.fs_flags	= FS_NO_USER_MOUNT,
	.mount		= nsfs_mount,
};

static struct inode *nsfs_inode(struct ns_common *ns)
{
	struct inode *inode = new_inode(nsfs_mnt->mnt_sb);

	if (!inode)
		return NULL;
	inode->i_ino = ns->inum;
	inode->i_mode = S_IFREG | 0444;
	inode->i_mtime = inode->i_atime = inode->i_ctime = current_time(inode);
	inode->i_fop = &nsfs_fops;
	inode->i_private = ns;
	return inode;
}

int ns_get_path(struct path *path, struct ns_common *ns)
{
	struct qstr name = QSTR_INIT(ns->ops->kind, strlen(ns->ops->kind));
	struct inode *inode = nsfs_inode(ns);

	if (!inode) {
		ns->ops->put(ns);
		return -ENOMEM;
	}
	path->dentry = d_alloc_pseudo(nsfs_mnt->mnt_sb, &name);
	if (!path->dentry) {
		iput(inode);
		return -ENOMEM;
	}
	d_instantiate(path->dentry, inode);
	path->mnt = mntget(nsfs_mnt);
	return 0;
}

struct ns_common *ns_of_file(const struct file *file)
{
	return file->f_op == &nsfs_fops ? ns_of_inode(file_inode(file)) : ERR_PTR(-EINVAL);
}

bool path_is_ns(const struct path *path)
{
	return path->dentry->d_sb == nsfs_mnt->mnt_sb;
}

/* ---- ioctl_ns(2) ---- */

/* A descriptor for @ns, whose reference is taken over. Context: may sleep. */
int open_ns(struct ns_common *ns)
{
	int fd = get_unused_fd_flags(O_CLOEXEC), err;
	struct file *file;
	struct path path;

	if (fd < 0) {
		ns->ops->put(ns);
		return fd;
	}
	err = ns_get_path(&path, ns);
	if (!err) {
		file = dentry_open(&path, O_RDONLY, current_cred());
		path_put(&path);
		err = PTR_ERR_OR_ZERO(file);
	}
	if (err) {
		put_unused_fd(fd);
		return err;
	}
	fd_install(fd, file);
	return fd;
}

/**
 * user_ns_visible - the user namespace that owns something, for one who asks
 * @owner: that namespace, NULL above the first
 *
 * Return: its ns_common with a reference, or ERR_PTR(-EPERM) when it is not current's own nor
 * below it.
 */
struct ns_common *user_ns_visible(struct user_namespace *owner)
{
	if (!owner || !in_userns(current_user_ns(), owner))
		return ERR_PTR(-EPERM);
	return &get_user_ns(owner)->ns;
}

static long open_relative(struct ns_common *ns)
{
	return IS_ERR(ns) ? PTR_ERR(ns) : open_ns(ns);
}

static long owner_uid(struct ns_common *ns, uid_t __user *arg)
{
	struct user_namespace *user_ns = container_of(ns, struct user_namespace, ns);

	if (ns->ops->type != CLONE_NEWUSER)
		return -EINVAL;
	return put_user(from_kuid_munged(current_user_ns(), user_ns->owner), arg);
}

static long nsfs_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct ns_common *ns = ns_of_inode(file_inode(file));

	switch (cmd) {
	case NS_GET_USERNS:
		return open_relative(user_ns_visible(ns->ops->owner(ns)));
	case NS_GET_PARENT:
		if (!ns->ops->get_parent)
			return -EINVAL;
		return open_relative(ns->ops->get_parent(ns));
	case NS_GET_NSTYPE:
		return ns->ops->type;
	case NS_GET_OWNER_UID:
		return owner_uid(ns, (uid_t __user *)arg);
	}
	return -ENOTTY;
}

static const struct file_operations nsfs_fops = {
	.ioctl		= nsfs_ioctl,
	.llseek		= noop_llseek,
};

static int __init nsfs_init(void)
{
	nsfs_mnt = kern_mount(&nsfs_type);
	if (IS_ERR(nsfs_mnt))
		panic("No memory for namespaces as files");
	return 0;
}
fs_initcall(nsfs_init);

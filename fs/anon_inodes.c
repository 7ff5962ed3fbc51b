// SPDX-License-Identifier: GPL-2.0-only
/*
 * Files without a name: eventfd, epoll, timerfd, signalfd, pidfd. They share one
 * inode; the dentry's name is what /proc/PID/fd shows.
 */
#include <linux/err.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/magic.h>
#include <linux/mount.h>
#include "internal.h"

static struct vfsmount *anon_inode_mnt;
static struct inode *anon_inode_inode;

static char *anon_dname(struct dentry *dentry, char *buf, int len)
{
	return dynamic_dname(buf, len, "anon_inode:%s", dentry->d_name.name);
}

static const struct dentry_operations anon_dentry_operations = { .d_dname = anon_dname };

static struct dentry *anon_mount(struct file_system_type *type, int flags, const char *dev,
				 void *data)
{
	return mount_pseudo(type, "anon_inode:", NULL, &anon_dentry_operations,
			    ANON_INODE_FS_MAGIC);
}

static struct file_system_type anon_inode_fs_type = {
	.name		= "anon_inodefs",
	.fs_flags	= FS_NO_USER_MOUNT,
	.mount		= anon_mount,
};

/* An inode like the shared one, for those who need their own. NULL without memory. */
struct inode *alloc_anon_inode(struct super_block *sb)
{
	struct inode *inode = new_inode(sb);

	if (!inode)
		return NULL;
	inode->i_mode = S_IRUSR | S_IWUSR;
	inode->i_flags |= S_PRIVATE | S_NOATIME;
	return inode;
}

/* No more than a descriptor: what it gives and takes are records, which nobody splices. */
bool is_anon_inode_file(const struct file *file)
{
	return file->f_inode->i_sb == anon_inode_mnt->mnt_sb;
}

/**
 * anon_inode_getfile - a file of @fops without a name
 * @name: with its brackets: "[eventfd]"
 * @fops: its operations; ->open is not called
 * @priv: private_data
 * @flags: O_RDWR and friends, O_NONBLOCK
 *
 * Context: sleeps.
 * Return: the file, or ERR_PTR(-ENFILE, -ENOMEM).
 */
struct file *anon_inode_getfile(const char *name, const struct file_operations *fops,
				void *priv, int flags)
{
	struct file *file;

	ihold(anon_inode_inode);
	file = alloc_file_pseudo(anon_inode_inode, anon_inode_mnt, name,
				 flags & (O_ACCMODE | O_NONBLOCK), fops);
	if (IS_ERR(file)) {
		iput(anon_inode_inode);
		return file;
	}
	/* lseek(2) may do nothing; but nothing is at a place that pread(2) could name. */
	file->f_mode &= ~(FMODE_PREAD | FMODE_PWRITE);
	file->private_data = priv;
	return file;
}

/* The same, with a descriptor (O_CLOEXEC from @flags). Return: it, or -EMFILE and the above. */
int anon_inode_getfd(const char *name, const struct file_operations *fops, void *priv, int flags)
{
	int fd = get_unused_fd_flags(flags);
	struct file *file;

	if (fd < 0)
		return fd;
	file = anon_inode_getfile(name, fops, priv, flags);
	if (IS_ERR(file)) {
		put_unused_fd(fd);
		return PTR_ERR(file);
	}
	fd_install(fd, file);
	return fd;
}

void __init anon_inode_init(void)
{
	anon_inode_mnt = kern_mount(&anon_inode_fs_type);
	if (IS_ERR(anon_inode_mnt))
		panic("No memory for anonymous inodes");
	anon_inode_inode = alloc_anon_inode(anon_inode_mnt->mnt_sb);
	if (!anon_inode_inode)
		panic("No memory for anonymous inodes");
}

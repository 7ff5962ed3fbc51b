// SPDX-License-Identifier: GPL-2.0-only
/*
 * Files without a name on a tmpfs of the kernel's own: memory shared between
 * processes (mmap), and memfd_create(2) with its seals, which i_rwsem guards.
 */
#include <linux/err.h>
#include <linux/file.h>
#include <linux/init.h>
#include <linux/mm.h>
#include <linux/mount.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/syscalls.h>
#include <linux/uaccess.h>
#include <uapi/linux/memfd.h>
#include "../internal.h"
#include "../locks.h"
#include "internal.h"

static struct vfsmount *shm_mnt;

static char *shmem_dname(struct dentry *dentry, char *buf, int len)
{
	/* the name may be longer than dynamic_dname() takes */
	int n = dentry->d_name.len, tail = sizeof(" (deleted)");

	if (n + 1 + tail > len)
		return ERR_PTR(-ENAMETOOLONG);
	buf += len - tail;
	memcpy(buf, " (deleted)", tail);
	buf -= n;
	memcpy(buf, dentry->d_name.name, n);
	*--buf = '/';
	return buf;
}

static const struct dentry_operations shmem_dentry_operations = { .d_dname = shmem_dname };

/**
 * shmem_file_setup - a file of @size zeroes without a name
 * @name: what /proc/PID/maps shows
 * @size: bytes
 * @flags: VM_NORESERVE or 0
 *
 * Context: sleeps.
 * Return: the file, or ERR_PTR(-EINVAL, -ENOMEM, -ENFILE).
 */
struct file *shmem_file_setup(const char *name, loff_t size, unsigned long flags)
{
	struct inode *inode;
	struct file *file;

	if (size < 0)
		return ERR_PTR(-EINVAL);
	inode = tmpfs_get_inode(shm_mnt->mnt_sb, NULL, S_IFREG | S_IRWXUGO, 0, flags);
	if (!inode)
		return ERR_PTR(-ENOMEM);
	i_size_write(inode, size);
	clear_nlink(inode);
	file = alloc_file_pseudo(inode, shm_mnt, name, O_RDWR, &tmpfs_file_operations);
	if (IS_ERR(file))
		iput(inode);
	return file;
}

/* ---- memfd_create(2) ---- */

#define MFD_NAME_PREFIX		"memfd:"
#define MFD_NAME_PREFIX_LEN	(sizeof(MFD_NAME_PREFIX) - 1)
#define MFD_NAME_MAX		(NAME_MAX - MFD_NAME_PREFIX_LEN)

static char *memfd_name(const char __user *uname)
{
	char *name = kmalloc(NAME_MAX + 1, GFP_KERNEL);
	long len;

	if (!name)
		return ERR_PTR(-ENOMEM);
	memcpy(name, MFD_NAME_PREFIX, MFD_NAME_PREFIX_LEN);
	len = strncpy_from_user(name + MFD_NAME_PREFIX_LEN, uname, MFD_NAME_MAX + 1);
	if (len < 0 || len > MFD_NAME_MAX) {
		kfree(name);
		return ERR_PTR(len < 0 ? len : -EINVAL);
	}
	return name;
}

SYSCALL_DEFINE2(memfd_create, const char __user *, uname, unsigned int, flags)
{
	struct file *file;
	char *name;
	int fd;

	/* MFD_HUGETLB: there are no huge pages to give */
	if (flags & ~(MFD_CLOEXEC | MFD_ALLOW_SEALING))
		return -EINVAL;
	name = memfd_name(uname);
	if (IS_ERR(name))
		return PTR_ERR(name);
	fd = get_unused_fd_flags(flags & MFD_CLOEXEC ? O_CLOEXEC : 0);
	if (fd < 0)
		goto out;
	file = shmem_file_setup(name, 0, VM_NORESERVE);
	if (IS_ERR(file)) {
		put_unused_fd(fd);
		fd = PTR_ERR(file);
		goto out;
	}
	file->f_mode |= FMODE_LSEEK | FMODE_PREAD | FMODE_PWRITE | FMODE_ATOMIC_POS;
	file->f_flags |= O_LARGEFILE;
	if (flags & MFD_ALLOW_SEALING)
		SHMEM_I(file->f_inode)->seals &= ~F_SEAL_SEAL;
	fd_install(fd, file);
out:
	kfree(name);
	return fd;
}

#define F_ALL_SEALS	(F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | \
			 F_SEAL_FUTURE_WRITE)

static long add_seals(struct file *file, unsigned int seals)
{
	struct inode *inode = file->f_inode;
	struct shmem_info *info = SHMEM_I(inode);
	long err = 0;

	if (!(file->f_mode & FMODE_WRITE))
		return -EPERM;
	if (seals & ~F_ALL_SEALS)
		return -EINVAL;
	inode_lock(inode);
	if (info->seals & F_SEAL_SEAL)
		err = -EPERM;
	else if ((seals & F_SEAL_WRITE) && !(info->seals & F_SEAL_WRITE))
		err = mapping_deny_writable(inode->i_mapping);
	if (!err)
		info->seals |= seals;
	inode_unlock(inode);
	return err;
}

/* F_ADD_SEALS, F_GET_SEALS. Return: 0 or the seals, -EINVAL (not such a file), -EPERM, -EBUSY. */
long memfd_fcntl(struct file *file, unsigned int cmd, unsigned long arg)
{
	if (!S_ISREG(file->f_inode->i_mode) || file->f_mapping->a_ops != &shmem_aops)
		return -EINVAL;
	if (cmd == F_GET_SEALS)
		return SHMEM_I(file->f_inode)->seals;
	return arg > UINT_MAX ? -EINVAL : add_seals(file, arg);
}

void __init memfd_init(void)
{
	shm_mnt = kern_mount(get_fs_type("tmpfs"));
	if (IS_ERR(shm_mnt))
		panic("No memory for shared memory");
	shm_mnt->mnt_sb->s_d_op = &shmem_dentry_operations;
}

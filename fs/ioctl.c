// SPDX-License-Identifier: GPL-2.0-only
/* ioctl(2): the requests that every file understands, then the file's own. */
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/sched.h>
#include <linux/syscalls.h>
#include <linux/uaccess.h>
#include <uapi/asm-generic/ioctls.h>
#include "internal.h"

/* Return: what the file says, -ENOTTY when it does not know @cmd. */
int vfs_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	long err;

	if (!file->f_op->ioctl)
		return -ENOTTY;
	err = file->f_op->ioctl(file, cmd, arg);
	return err == -ENOIOCTLCMD ? -ENOTTY : err;
}

static int set_nonblock(struct file *file, int __user *uon)
{
	int on;

	if (get_user(on, uon))
		return -EFAULT;
	spin_lock(&file->f_lock);
	if (on)
		file->f_flags |= O_NONBLOCK;
	else
		file->f_flags &= ~O_NONBLOCK;
	spin_unlock(&file->f_lock);
	return 0;
}

static int set_async(unsigned int fd, struct file *file, int __user *uon)
{
	unsigned int flag;
	int on, err;

	if (get_user(on, uon))
		return -EFAULT;
	flag = on ? FASYNC : 0;
	if (!((flag ^ file->f_flags) & FASYNC))
		return 0;
	if (!file->f_op->fasync)
		return -ENOTTY;
	err = file->f_op->fasync(fd, file, on);
	return min(err, 0);
}

static int regular_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct inode *inode = file->f_inode;

	switch (cmd) {
	case FIONREAD:
		return put_user((int)(i_size_read(inode) - file->f_pos), (int __user *)arg);
	case FIGETBSZ:
		return put_user((int)inode->i_sb->s_blocksize, (int __user *)arg);
	}
	return vfs_ioctl(file, cmd, arg);
}

static long do_ioctl(unsigned int fd, struct file *file, unsigned int cmd, unsigned long arg)
{
	umode_t mode = file->f_inode->i_mode;

	switch (cmd) {
	case FIOCLEX:
		set_close_on_exec(fd, 1);
		return 0;
	case FIONCLEX:
		set_close_on_exec(fd, 0);
		return 0;
	case FIONBIO:
		return set_nonblock(file, (int __user *)arg);
	case FIOASYNC:
		return set_async(fd, file, (int __user *)arg);
	case FIOQSIZE:
		if (S_ISDIR(mode) || S_ISREG(mode) || S_ISLNK(mode))
			return put_user(i_size_read(file->f_inode), (loff_t __user *)arg);
		return -ENOTTY;
	case FICLONE:
	case FICLONERANGE:
		return -EOPNOTSUPP;
	}
	if (S_ISREG(mode))
		return regular_ioctl(file, cmd, arg);
	return vfs_ioctl(file, cmd, arg);
}

SYSCALL_DEFINE3(ioctl, unsigned int, fd, unsigned int, cmd, unsigned long, arg)
{
	struct fd f = fdget(fd);
	long err;

	if (!f.file)
		return -EBADF;
	err = do_ioctl(fd, f.file, cmd, arg);
	fdput(f);
	return err;
}

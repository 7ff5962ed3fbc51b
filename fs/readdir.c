// SPDX-License-Identifier: GPL-2.0-only
/* getdents64(2) and the older getdents(2): directories as packed records. */
#include <linux/err.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/fsnotify.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <linux/syscalls.h>
#include <linux/uaccess.h>
#include "internal.h"

struct linux_dirent64 {
	u64 d_ino;
	s64 d_off;
	unsigned short d_reclen;
	unsigned char d_type;
	char d_name[];
};

struct linux_dirent {
	unsigned long d_ino;
	unsigned long d_off;
	unsigned short d_reclen;
	char d_name[];		/* then, in the record's last byte, the type */
};

/* One call's output. A record's d_off is known when the next one comes, or at the end. */
struct getdents {
	struct dir_context ctx;
	char __user *at;
	s64 __user *last_off;	/* of the record before; both forms have it as 8 bytes */
	int left;
	int error;
};

static int iterate_dir(struct file *file, struct dir_context *ctx)
{
	struct inode *inode = file->f_inode;
	int err;

	if (!file->f_op->iterate_shared)
		return -ENOTDIR;
	inode_lock_shared(inode);
	if (IS_DEADDIR(inode)) {
		err = -ENOENT;
	} else {
		ctx->pos = file->f_pos;
		err = file->f_op->iterate_shared(file, ctx);
		file->f_pos = ctx->pos;
		file_accessed(file);
	}
	inode_unlock_shared(inode);
	if (!err)
		fsnotify_file(file, IN_ACCESS);
	return err;
}

/* Close the record before; take room for the next. */
static bool begin_record(struct getdents *g, int reclen, loff_t off)
{
	g->error = -EINVAL;	/* if not even one fits */
	if (reclen > g->left)
		return false;
	if (g->last_off && signal_pending(current)) {
		g->error = -EINTR;
		return false;
	}
	g->error = -EFAULT;
	return !g->last_off || !put_user(off, g->last_off);
}

static bool end_record(struct getdents *g, s64 __user *off, int reclen)
{
	g->last_off = off;
	g->at += reclen;
	g->left -= reclen;
	g->error = 0;
	return true;
}

static bool fill64(struct dir_context *ctx, const char *name, int namelen, loff_t off, u64 ino,
		   unsigned int type)
{
	struct getdents *g = container_of(ctx, struct getdents, ctx);
	struct linux_dirent64 __user *ent = (void __user *)g->at;
	int reclen = ALIGN(offsetof(struct linux_dirent64, d_name) + namelen + 1, sizeof(u64));
	struct linux_dirent64 head = { .d_ino = ino, .d_reclen = reclen, .d_type = type };

	if (!begin_record(g, reclen, off))
		return false;
	if (copy_to_user(ent, &head, offsetof(struct linux_dirent64, d_name)) ||
	    copy_to_user(ent->d_name, name, namelen) || put_user('\0', ent->d_name + namelen))
		return false;
	return end_record(g, &ent->d_off, reclen);
}

static bool fill_old(struct dir_context *ctx, const char *name, int namelen, loff_t off, u64 ino,
		     unsigned int type)
{
	struct getdents *g = container_of(ctx, struct getdents, ctx);
	struct linux_dirent __user *ent = (void __user *)g->at;
	int reclen = ALIGN(offsetof(struct linux_dirent, d_name) + namelen + 2, sizeof(long));

	if (!begin_record(g, reclen, off))
		return false;
	if (put_user(ino, &ent->d_ino) || put_user((unsigned short)reclen, &ent->d_reclen) ||
	    copy_to_user(ent->d_name, name, namelen) || put_user('\0', ent->d_name + namelen) ||
	    put_user((char)type, (char __user *)ent + reclen - 1))
		return false;
	return end_record(g, (s64 __user *)&ent->d_off, reclen);
}

static long do_getdents(unsigned int fd, void __user *buf, unsigned int count, filldir_t actor)
{
	struct getdents g = { .ctx.actor = actor, .at = buf, .left = count };
	struct fd f = fdget_pos(fd);
	long ret;

	if (!f.file)
		return -EBADF;
	ret = iterate_dir(f.file, &g.ctx);
	if (ret >= 0)
		ret = g.error;
	if (g.last_off) {
		ret = count - g.left;
		if (put_user((s64)g.ctx.pos, g.last_off))
			ret = -EFAULT;
	}
	fdput_pos(f);
	return ret;
}

SYSCALL_DEFINE3(getdents64, unsigned int, fd, struct linux_dirent64 __user *, dirent,
		unsigned int, count)
{
	return do_getdents(fd, dirent, count, fill64);
}

SYSCALL_DEFINE3(getdents, unsigned int, fd, struct linux_dirent __user *, dirent,
		unsigned int, count)
{
	return do_getdents(fd, dirent, count, fill_old);
}

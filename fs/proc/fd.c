// SPDX-License-Identifier: GPL-2.0-only
/*
 * /proc/<pid>/fd and fdinfo: the open files of a process.
 * Locks: task_lock() keeps the table while it is looked at; the table itself is read under RCU.
 */
#include <linux/cred.h>
#include <linux/fdtable.h>
#include <linux/file.h>
#include <linux/fs_struct.h>
#include <linux/mount.h>
#include <linux/namei.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include "internal.h"

unsigned int proc_fd_size(struct task_struct *tsk)
{
	unsigned int n = 0;

	task_lock(tsk);
	rcu_read_lock();
	if (tsk->files)
		n = files_fdtable(tsk->files)->max_fds;
	rcu_read_unlock();
	task_unlock(tsk);
	return n;
}

int proc_umask(struct task_struct *tsk)
{
	int umask = 0;

	task_lock(tsk);
	if (tsk->fs)
		umask = tsk->fs->umask;
	task_unlock(tsk);
	return umask;
}

/* Descriptor @fd of @tsk with a reference, or the first open one above it when @next. */
static struct file *get_task_file(struct task_struct *tsk, unsigned int *fd, bool next)
{
	struct file *file = NULL;
	struct fdtable *fdt;

	task_lock(tsk);
	rcu_read_lock();
	if (tsk->files) {
		fdt = files_fdtable(tsk->files);
		for (; *fd < fdt->max_fds; ++*fd) {
			file = rcu_dereference(fdt->fd[*fd]);
			if (file && !get_file_rcu(file))
				file = NULL;
			if (file || !next)
				break;
		}
	}
	rcu_read_unlock();
	task_unlock(tsk);
	return file;
}

/* ---- fd/N ---- */

static int fd_path(struct inode *inode, struct path *path)
{
	struct task_struct *tsk = get_proc_task(inode);
	unsigned int fd = PROC_I(inode)->fd;
	struct file *file = NULL;

	if (!tsk)
		return -ENOENT;
	if (!proc_may_access(tsk)) {
		put_task_struct(tsk);
		return -EACCES;
	}
	file = get_task_file(tsk, &fd, false);
	put_task_struct(tsk);
	if (!file)
		return -ENOENT;
	*path = file->f_path;
	path_get(path);
	fput(file);
	return 0;
}

static const char *fd_get_link(struct dentry *dentry, struct inode *inode,
			       struct delayed_call *done)
{
	struct path path;
	int err = fd_path(inode, &path);

	if (!err)
		err = nd_jump_link(&path);
	return ERR_PTR(err);
}

static int fd_readlink(struct dentry *dentry, char __user *buf, int len)
{
	struct path path;
	int err = fd_path(d_inode(dentry), &path);

	if (!err) {
		err = proc_readlink_path(&path, buf, len);
		path_put(&path);
	}
	return err;
}

static const struct inode_operations fd_link_iops = {
	.get_link	= fd_get_link,
	.readlink	= fd_readlink,
};

/* ---- fdinfo/N ---- */

static int fdinfo_show(struct seq_file *m, void *v)
{
	struct inode *inode = m->private;
	struct task_struct *tsk = get_proc_task(inode);
	unsigned int fd = PROC_I(inode)->fd, flags;
	struct file *file = NULL;

	if (!tsk)
		return -ENOENT;
	if (proc_may_access(tsk))
		file = get_task_file(tsk, &fd, false);
	if (!file) {
		put_task_struct(tsk);
		return -ENOENT;
	}
	flags = file->f_flags & ~O_CLOEXEC;
	task_lock(tsk);
	rcu_read_lock();
	if (tsk->files && close_on_exec(fd, files_fdtable(tsk->files)))
		flags |= O_CLOEXEC;
	rcu_read_unlock();
	task_unlock(tsk);
	seq_printf(m, "pos:\t%lli\nflags:\t0%o\nmnt_id:\t%i\nino:\t%lu\n",
		   (long long)file->f_pos, flags, mnt_id_of(file->f_path.mnt),
		   file_inode(file)->i_ino);
	if (file->f_op->show_fdinfo)
		file->f_op->show_fdinfo(m, file);
	fput(file);
	put_task_struct(tsk);
	return 0;
}

static int fdinfo_open(struct inode *inode, struct file *file)
{
	return single_open(file, fdinfo_show, inode);
}

static const struct file_operations fdinfo_file_fops = {
	.open		= fdinfo_open,
	.read_iter	= seq_read_iter,
	.llseek		= seq_lseek,
	.release	= single_release,
};

/* ---- the directories ---- */

static struct inode *make_fd_inode(struct super_block *sb, struct task_struct *tsk,
				   unsigned int fd, const struct file *file, bool info)
{
	umode_t mode = S_IFREG | 0444;
	struct inode *inode;

	/* The link's own permissions say how the file is open. */
	if (!info)
		mode = S_IFLNK | (file->f_mode & FMODE_READ ? 0500 : 0) |
		       (file->f_mode & FMODE_WRITE ? 0300 : 0);
	inode = proc_pid_make_inode(sb, tsk, mode);
	if (!inode)
		return NULL;
	PROC_I(inode)->fd = fd;
	if (info) {
		inode->i_fop = &fdinfo_file_fops;
	} else {
		inode->i_op = &fd_link_iops;
		i_size_write(inode, 64);
	}
	return inode;
}

static struct dentry *fd_dir_lookup(struct inode *dir, struct dentry *dentry, bool info)
{
	int nr = proc_name_to_number(&dentry->d_name);
	struct task_struct *tsk = get_proc_task(dir);
	struct inode *inode = NULL;
	unsigned int fd = nr;
	struct file *file;

	if (tsk && nr >= 0 && proc_may_access(tsk)) {
		file = get_task_file(tsk, &fd, false);
		if (file) {
			inode = make_fd_inode(dir->i_sb, tsk, fd, file, info);
			fput(file);
		}
	}
	if (tsk)
		put_task_struct(tsk);
	if (!inode)
		return ERR_PTR(-ENOENT);
	/* Not cached: the number may mean another file the next time. */
	dentry->d_time = 1;
	d_add(dentry, inode);
	return NULL;
}

static int fd_dir_readdir(struct file *dir, struct dir_context *ctx, unsigned char type)
{
	struct task_struct *tsk = get_proc_task(file_inode(dir));
	bool room = tsk != NULL;
	char name[12];
	int len;

	if (!tsk)
		return -ENOENT;
	if (!proc_may_access(tsk)) {
		put_task_struct(tsk);
		return -EACCES;
	}
	if (!dir_emit_dots(dir, ctx))
		room = false;
	while (room) {
		unsigned int fd = ctx->pos - 2;
		struct file *file = get_task_file(tsk, &fd, true);

		if (!file)
			break;
		fput(file);
		ctx->pos = fd + 2;
		len = snprintf(name, sizeof(name), "%u", fd);
		room = dir_emit(ctx, name, len, file_inode(dir)->i_ino * 4096 + fd, type);
		if (room)
			ctx->pos++;
		cond_resched();
	}
	put_task_struct(tsk);
	return 0;
}

static struct dentry *fd_lookup(struct inode *dir, struct dentry *dentry, unsigned int flags)
{
	return fd_dir_lookup(dir, dentry, false);
}

static struct dentry *fdinfo_lookup(struct inode *dir, struct dentry *dentry,
				    unsigned int flags)
{
	return fd_dir_lookup(dir, dentry, true);
}

static int fd_readdir(struct file *file, struct dir_context *ctx)
{
	return fd_dir_readdir(file, ctx, DT_LNK);
}

static int fdinfo_readdir(struct file *file, struct dir_context *ctx)
{
	return fd_dir_readdir(file, ctx, DT_REG);
}

/* A process may always list its own files, whatever it has become by set-uid. */
static int fd_permission(struct inode *inode, int mask)
{
	struct task_struct *tsk;
	int err = generic_permission(inode, mask);

	if (!err)
		return 0;
	tsk = get_proc_task(inode);
	if (tsk && same_thread_group(tsk, current))
		err = 0;
	if (tsk)
		put_task_struct(tsk);
	return err;
}

const struct inode_operations proc_fd_iops = {
	.lookup		= fd_lookup,
	.permission	= fd_permission,
};
const struct inode_operations proc_fdinfo_iops = { .lookup = fdinfo_lookup };
const struct file_operations proc_fd_fops = {
	.iterate_shared	= fd_readdir,
	.llseek		= generic_file_llseek,
};
const struct file_operations proc_fdinfo_fops = {
	.iterate_shared	= fdinfo_readdir,
	.llseek		= generic_file_llseek,
};

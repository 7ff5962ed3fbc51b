// SPDX-License-Identifier: GPL-2.0-only
/*
 * fcntl(2), dup(2) and its kind, and who is told by SIGIO: owners of files and the
 * lists that drivers keep of files in FASYNC mode (fasync_lock guards their changes).
 */
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/err.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/pid.h>
#include <linux/pipe_fs_i.h>
#include <linux/poll.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/signal.h>
#include <linux/slab.h>
#include <linux/syscalls.h>
#include <linux/uaccess.h>
#include "internal.h"
#include "locks.h"

/* ---- dup ---- */

SYSCALL_DEFINE1(dup, unsigned int, fd)
{
	struct file *file = fget_raw(fd);
	int ret;

	if (!file)
		return -EBADF;
	ret = f_dupfd(0, file, 0);
	fput(file);
	return ret == -EINVAL ? -EMFILE : ret;
}

SYSCALL_DEFINE2(dup2, unsigned int, oldfd, unsigned int, newfd)
{
	if (oldfd == newfd) {
		struct fd f = fdget_raw(oldfd);

		if (!f.file)
			return -EBADF;
		fdput(f);
		return oldfd;
	}
	return ksys_dup3(oldfd, newfd, 0);
}

SYSCALL_DEFINE3(dup3, unsigned int, oldfd, unsigned int, newfd, int, flags)
{
	if (flags & ~O_CLOEXEC)
		return -EINVAL;
	if (oldfd == newfd)
		return -EINVAL;
	return ksys_dup3(oldfd, newfd, flags);
}

/* ---- F_SETFL ---- */

static int setfl(int fd, struct file *file, unsigned int arg)
{
	struct inode *inode = file->f_inode;
	int err = 0;

	if (((arg ^ file->f_flags) & O_APPEND) && IS_APPEND(inode))
		return -EPERM;
	if ((arg & O_NOATIME) && !(file->f_flags & O_NOATIME) && !inode_owner_or_capable(inode))
		return -EPERM;
	if ((arg & O_DIRECT) && !(file->f_mode & FMODE_CAN_ODIRECT) && !get_pipe_info(file))
		return -EINVAL;
	if (((arg ^ file->f_flags) & FASYNC) && file->f_op->fasync) {
		err = file->f_op->fasync(fd, file, (arg & FASYNC) != 0);
		if (err < 0)
			return err;
	}
	spin_lock(&file->f_lock);
	file->f_flags = (arg & SETFL_MASK) | (file->f_flags & ~SETFL_MASK);
	spin_unlock(&file->f_lock);
	return 0;
}

/* ---- owners ---- */

static void f_modown(struct file *file, struct pid *pid, int type, int force)
{
	struct fown_struct *own = &file->f_owner;

	write_lock_irq(&own->lock);
	if (force || !own->pid) {
		put_pid(own->pid);
		own->pid = get_pid(pid);
		own->pid_type = type;
		if (pid) {
			own->uid = current_uid();
			own->euid = current_euid();
		}
	}
	write_unlock_irq(&own->lock);
}

void __f_setown(struct file *file, struct pid *pid, int type, int force)
{
	f_modown(file, pid, type, force);
}

/* fcntl(2), F_SETOWN: a process, or a group if negative. Return: 0, -EINVAL, -ESRCH. */
int f_setown(struct file *file, unsigned long arg, int force)
{
	enum pid_type type = PIDTYPE_TGID;
	struct pid *pid = NULL;
	int who = arg, err = 0;

	if (who == INT_MIN)
		return -EINVAL;
	if (who < 0) {
		type = PIDTYPE_PGID;
		who = -who;
	}
	rcu_read_lock();
	if (who) {
		pid = find_vpid(who);
		if (!pid)
			err = -ESRCH;
	}
	if (!err)
		f_modown(file, pid, type, force);
	rcu_read_unlock();
	return err;
}

pid_t f_getown(struct file *file)
{
	struct fown_struct *own = &file->f_owner;
	pid_t pid = 0;

	read_lock_irq(&own->lock);
	rcu_read_lock();
	if (own->pid && pid_task(own->pid, own->pid_type)) {
		pid = pid_vnr(own->pid);
		if (own->pid_type == PIDTYPE_PGID)
			pid = -pid;
	}
	rcu_read_unlock();
	read_unlock_irq(&own->lock);
	return pid;
}

static int own_type_to_pid_type(int type)
{
	switch (type) {
	case F_OWNER_TID:
		return PIDTYPE_PID;
	case F_OWNER_PID:
		return PIDTYPE_TGID;
	case F_OWNER_PGRP:
		return PIDTYPE_PGID;
	}
	return -EINVAL;
}

static int setown_ex(struct file *file, struct f_owner_ex __user *uown)
{
	struct f_owner_ex own;
	struct pid *pid;
	int type;

	if (copy_from_user(&own, uown, sizeof(own)))
		return -EFAULT;
	type = own_type_to_pid_type(own.type);
	if (type < 0)
		return type;
	rcu_read_lock();
	pid = find_vpid(own.pid);
	if (own.pid && !pid) {
		rcu_read_unlock();
		return -ESRCH;
	}
	f_modown(file, pid, type, 1);
	rcu_read_unlock();
	return 0;
}

static int getown_ex(struct file *file, struct f_owner_ex __user *uown)
{
	struct fown_struct *fown = &file->f_owner;
	struct f_owner_ex own = {};

	read_lock_irq(&fown->lock);
	rcu_read_lock();
	if (fown->pid && pid_task(fown->pid, fown->pid_type))
		own.pid = pid_vnr(fown->pid);
	rcu_read_unlock();
	switch (fown->pid_type) {
	case PIDTYPE_PID:
		own.type = F_OWNER_TID;
		break;
	case PIDTYPE_PGID:
		own.type = F_OWNER_PGRP;
		break;
	default:
		own.type = F_OWNER_PID;
	}
	read_unlock_irq(&fown->lock);
	return copy_to_user(uown, &own, sizeof(own)) ? -EFAULT : 0;
}

/* ---- sending the signal ---- */

static const long band_events[NSIGPOLL] = {
	EPOLLIN | EPOLLRDNORM,				/* POLL_IN */
	EPOLLOUT | EPOLLWRNORM | EPOLLWRBAND,		/* POLL_OUT */
	EPOLLIN | EPOLLRDNORM | EPOLLMSG,		/* POLL_MSG */
	EPOLLERR,					/* POLL_ERR */
	EPOLLPRI | EPOLLRDBAND,				/* POLL_PRI */
	EPOLLHUP | EPOLLERR				/* POLL_HUP */
};

/* The rule of kill(2), with the identity of the one who called F_SETOWN. */
static bool sigio_perm(struct task_struct *tsk, const struct fown_struct *fown)
{
	const struct cred *cred = __task_cred(tsk);

	return fown->euid == 0 || fown->euid == cred->suid || fown->euid == cred->uid ||
	       fown->uid == cred->suid || fown->uid == cred->uid;
}

static void sigio_to_task(struct task_struct *tsk, struct fown_struct *fown, int fd, int band,
			  enum pid_type type)
{
	struct kernel_siginfo info;

	if (!sigio_perm(tsk, fown))
		return;
	if (fown->signum) {
		clear_siginfo(&info);
		info.si_signo = fown->signum;
		info.si_code = band;
		info.si_band = band_events[band - POLL_IN];
		info.si_fd = fd;
		if (!do_send_sig_info(fown->signum, &info, tsk, type))
			return;
		/* the queue is full: at least say that something happened */
	}
	do_send_sig_info(SIGIO, SEND_SIG_PRIV, tsk, type);
}

/* Tell the owner. Context: any, rcu. @band: POLL_IN, ... */
void send_sigio(struct fown_struct *fown, int fd, int band)
{
	enum pid_type type;
	struct task_struct *p;
	unsigned long flags;
	struct pid *pid;

	read_lock_irqsave(&fown->lock, flags);
	type = fown->pid_type;
	pid = fown->pid;
	rcu_read_lock();
	if (pid && type <= PIDTYPE_TGID) {
		p = pid_task(pid, PIDTYPE_PID);
		if (p)
			sigio_to_task(p, fown, fd, band, type);
	} else if (pid) {
		do_each_pid_task(pid, type, p) {
			sigio_to_task(p, fown, fd, band, type);
		} while_each_pid_task(pid, type, p);
	}
	rcu_read_unlock();
	read_unlock_irqrestore(&fown->lock, flags);
}

/* Urgent data came. Return: 1 when there is an owner. */
int send_sigurg(struct fown_struct *fown)
{
	struct task_struct *p;
	unsigned long flags;
	int owned;

	read_lock_irqsave(&fown->lock, flags);
	owned = fown->pid != NULL;
	rcu_read_lock();
	if (owned) {
		do_each_pid_task(fown->pid, fown->pid_type, p) {
			if (sigio_perm(p, fown))
				do_send_sig_info(SIGURG, SEND_SIG_PRIV, p, fown->pid_type);
		} while_each_pid_task(fown->pid, fown->pid_type, p);
	}
	rcu_read_unlock();
	read_unlock_irqrestore(&fown->lock, flags);
	return owned;
}

static DEFINE_SPINLOCK(fasync_lock);

static void fasync_free_rcu(struct rcu_head *head)
{
	kfree(container_of(head, struct fasync_struct, fa_rcu));
}

/* Show O_ASYNC, or not. */
void file_set_fasync(struct file *file, bool on)
{
	spin_lock(&file->f_lock);
	if (on)
		file->f_flags |= FASYNC;
	else
		file->f_flags &= ~FASYNC;
	spin_unlock(&file->f_lock);
}

static int fasync_remove(struct file *file, struct fasync_struct **fapp)
{
	struct fasync_struct *fa;
	unsigned long flags;

	spin_lock_irqsave(&fasync_lock, flags);
	for (; (fa = *fapp); fapp = &fa->fa_next) {
		if (fa->fa_file == file) {
			fa->fa_file = NULL;
			rcu_assign_pointer(*fapp, fa->fa_next);
			break;
		}
	}
	spin_unlock_irqrestore(&fasync_lock, flags);
	file_set_fasync(file, false);
	if (!fa)
		return 0;
	call_rcu(&fa->fa_rcu, fasync_free_rcu);
	return 1;
}

static int fasync_add(int fd, struct file *file, struct fasync_struct **fapp)
{
	struct fasync_struct *new = kzalloc(sizeof(*new), GFP_KERNEL), *fa;
	unsigned long flags;

	if (!new)
		return -ENOMEM;
	spin_lock_irqsave(&fasync_lock, flags);
	for (fa = *fapp; fa && fa->fa_file != file; fa = fa->fa_next)
		;
	if (fa) {
		fa->fa_fd = fd;
	} else {
		new->fa_file = file;
		new->fa_fd = fd;
		new->fa_next = *fapp;
		rcu_assign_pointer(*fapp, new);
	}
	spin_unlock_irqrestore(&fasync_lock, flags);
	if (fa)
		kfree(new);
	else
		file_set_fasync(file, true);
	return !fa;
}

/**
 * fasync_helper - for a driver's ->fasync
 * @fd: descriptor, shown in si_fd
 * @file: the file
 * @on: whether it wants signals from now on
 * @fapp: the driver's list
 *
 * Context: sleeps.
 * Return: 1 when the list changed, 0 when not, -ENOMEM.
 */
int fasync_helper(int fd, struct file *file, int on, struct fasync_struct **fapp)
{
	return on ? fasync_add(fd, file, fapp) : fasync_remove(file, fapp);
}

/* Tell everybody on the list. Context: any, interrupts included. */
void kill_fasync(struct fasync_struct **fapp, int sig, int band)
{
	struct fasync_struct *fa;
	unsigned long flags;

	if (likely(!READ_ONCE(*fapp)))
		return;
	rcu_read_lock();
	spin_lock_irqsave(&fasync_lock, flags);
	for (fa = *fapp; fa; fa = fa->fa_next) {
		struct fown_struct *fown = &fa->fa_file->f_owner;

		/* SIGURG has its own way, through send_sigurg() */
		if (!(sig == SIGURG && fown->signum == 0))
			send_sigio(fown, fa->fa_fd, band);
	}
	spin_unlock_irqrestore(&fasync_lock, flags);
	rcu_read_unlock();
}

/* ---- fcntl(2) ---- */

static long fcntl_signal(struct file *file, unsigned long sig)
{
	if (!valid_signal(sig))
		return -EINVAL;
	file->f_owner.signum = sig;
	return 0;
}

static long do_fcntl(int fd, unsigned int cmd, unsigned long arg, struct file *file)
{
	void __user *argp = (void __user *)arg;

	switch (cmd) {
	case F_DUPFD:
		return f_dupfd(arg, file, 0);
	case F_DUPFD_CLOEXEC:
		return f_dupfd(arg, file, O_CLOEXEC);
	case F_GETFD:
		return get_close_on_exec(fd) ? FD_CLOEXEC : 0;
	case F_SETFD:
		set_close_on_exec(fd, arg & FD_CLOEXEC);
		return 0;
	case F_GETFL:
		return file->f_flags & ~O_CLOEXEC;
	case F_SETFL:
		return setfl(fd, file, arg);
	case F_OFD_GETLK:
	case F_GETLK:
		return fcntl_getlk(file, cmd, argp);
	case F_OFD_SETLK:
	case F_OFD_SETLKW:
	case F_SETLK:
	case F_SETLKW:
		return fcntl_setlk(fd, file, cmd, argp);
	case F_GETOWN:
		return f_getown(file);
	case F_SETOWN:
		return f_setown(file, arg, 1);
	case F_GETOWN_EX:
		return getown_ex(file, argp);
	case F_SETOWN_EX:
		return setown_ex(file, argp);
	case F_GETSIG:
		return file->f_owner.signum;
	case F_SETSIG:
		return fcntl_signal(file, arg);
	case F_GETLEASE:
		return fcntl_getlease(file);
	case F_SETLEASE:
		return fcntl_setlease(fd, file, arg);
	case F_SETPIPE_SZ:
	case F_GETPIPE_SZ:
		return pipe_fcntl(file, cmd, arg);
	case F_ADD_SEALS:
	case F_GET_SEALS:
		return memfd_fcntl(file, cmd, arg);
	}
	return -EINVAL;
}

static bool allowed_on_path(unsigned int cmd)
{
	switch (cmd) {
	case F_DUPFD:
	case F_DUPFD_CLOEXEC:
	case F_GETFD:
	case F_SETFD:
	case F_GETFL:
		return true;
	}
	return false;
}

SYSCALL_DEFINE3(fcntl, unsigned int, fd, unsigned int, cmd, unsigned long, arg)
{
	struct fd f = fdget_raw(fd);
	long err = -EBADF;

	if (!f.file)
		return -EBADF;
	if (!(f.file->f_mode & FMODE_PATH) || allowed_on_path(cmd))
		err = do_fcntl(fd, cmd, arg, f.file);
	fdput(f);
	return err;
}

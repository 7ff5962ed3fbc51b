// SPDX-License-Identifier: GPL-2.0-only
/*
 * signalfd: signals that are read from a descriptor instead of being delivered. It takes them
 * from whoever reads, so it holds nothing but a mask; readers sleep beside the handlers of their
 * process (sighand->signalfd_wqh). Queues are guarded by siglock.
 */
#include <linux/err.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/poll.h>
#include <linux/sched.h>
#include <linux/seq_file.h>
#include <linux/signal.h>
#include <linux/slab.h>
#include <linux/syscalls.h>
#include <linux/uaccess.h>
#include <linux/uio.h>
#include <uapi/linux/signalfd.h>

struct signalfd {
	sigset_t leave;			/* what it does not take; changed under siglock */
};

/* Which members a signal's information has follows from its code and number (sigaction(2)). */
static void fill_by_number(struct signalfd_siginfo *out, const struct kernel_siginfo *info)
{
	if (info->si_signo == SIGCHLD) {
		out->ssi_pid = info->si_pid;
		out->ssi_uid = info->si_uid;
		out->ssi_status = info->si_status;
		out->ssi_utime = info->si_utime;
		out->ssi_stime = info->si_stime;
	} else if (info->si_signo == SIGPOLL) {
		out->ssi_band = info->si_band;
		out->ssi_fd = info->si_fd;
	} else if (siginmask(info->si_signo, SIG_SYNCHRONOUS_MASK)) {
		out->ssi_addr = (unsigned long)info->si_addr;
	}
}

static struct signalfd_siginfo convert(const struct kernel_siginfo *info)
{
	struct signalfd_siginfo out = {
		.ssi_signo = info->si_signo,
		.ssi_errno = info->si_errno,
		.ssi_code = info->si_code,
	};

	if (info->si_code == SI_TIMER) {
		out.ssi_tid = info->si_tid;
		out.ssi_overrun = info->si_overrun;
	} else if (info->si_code <= 0) {
		out.ssi_pid = info->si_pid;
		out.ssi_uid = info->si_uid;
	} else if (info->si_code != SI_KERNEL) {
		fill_by_number(&out, info);
	}
	if (info->si_code < 0 && info->si_code != SI_TKILL) {
		out.ssi_ptr = (unsigned long)info->si_ptr;
		out.ssi_int = info->si_int;
	}
	return out;
}

/* Take one signal, sleeping for it unless @nonblock. Return: it, or -EAGAIN, -ERESTARTSYS. */
static int take_signal(struct signalfd *ctx, struct kernel_siginfo *info, bool nonblock)
{
	struct sighand_struct *sighand = current->sighand;
	DECLARE_WAITQUEUE(wait, current);
	int sig;

	add_wait_queue(&sighand->signalfd_wqh, &wait);
	spin_lock_irq(&sighand->siglock);
	for (;;) {
		set_current_state(TASK_INTERRUPTIBLE);
		sig = dequeue_signal(current, &ctx->leave, info);
		if (sig)
			break;
		sig = nonblock ? -EAGAIN : signal_pending(current) ? -ERESTARTSYS : 0;
		if (sig)
			break;
		spin_unlock_irq(&sighand->siglock);
		schedule();
		spin_lock_irq(&sighand->siglock);
	}
	__set_current_state(TASK_RUNNING);
	spin_unlock_irq(&sighand->siglock);
	remove_wait_queue(&sighand->signalfd_wqh, &wait);
	return sig;
}

/* As many whole records as fit and are there; sleeps only for the first. */
static ssize_t signalfd_read(struct file *file, struct iov_iter *to, loff_t *pos)
{
	bool nonblock = file->f_flags & O_NONBLOCK;
	struct signalfd_siginfo record;
	struct kernel_siginfo info;
	ssize_t done = 0;
	int sig;

	if (iov_iter_count(to) < sizeof(record))
		return -EINVAL;
	while (iov_iter_count(to) >= sizeof(record)) {
		sig = take_signal(file->private_data, &info, nonblock || done);
		if (sig < 0)
			return done ? done : sig;
		record = convert(&info);
		if (copy_to_iter(&record, sizeof(record), to) != sizeof(record))
			return done ? done : -EFAULT;
		done += sizeof(record);
	}
	return done;
}

static __poll_t signalfd_poll(struct file *file, poll_table *pt)
{
	struct signalfd *ctx = file->private_data;
	sigset_t pending;

	poll_wait(file, &current->sighand->signalfd_wqh, pt);
	spin_lock_irq(&current->sighand->siglock);
	pending = current->pending.signal | current->signal->shared_pending.signal;
	pending &= ~ctx->leave;
	spin_unlock_irq(&current->sighand->siglock);
	return pending ? EPOLLIN : 0;
}

static int signalfd_release(struct inode *inode, struct file *file)
{
	kfree(file->private_data);
	return 0;
}

static void signalfd_show_fdinfo(struct seq_file *m, struct file *file)
{
	struct signalfd *ctx = file->private_data;

	seq_printf(m, "sigmask:\t%016lx\n", ~ctx->leave);
}

static const struct file_operations signalfd_fops = {
	.read_iter	= signalfd_read,
	.poll		= signalfd_poll,
	.release	= signalfd_release,
	.show_fdinfo	= signalfd_show_fdinfo,
	.llseek		= noop_llseek,
};

static int new_signalfd(sigset_t leave, int flags)
{
	struct signalfd *ctx = kmalloc(sizeof(*ctx), GFP_KERNEL);
	int fd;

	if (!ctx)
		return -ENOMEM;
	ctx->leave = leave;
	fd = anon_inode_getfd("[signalfd]", &signalfd_fops, ctx,
			      O_RDWR | (flags & (O_CLOEXEC | O_NONBLOCK)));
	if (fd < 0)
		kfree(ctx);
	return fd;
}

/* Give an existing one another mask; sleepers look again. */
static int change_signalfd(int fd, sigset_t leave)
{
	struct fd f = fdget(fd);
	struct signalfd *ctx;

	if (!f.file)
		return -EBADF;
	if (f.file->f_op != &signalfd_fops) {
		fdput(f);
		return -EINVAL;
	}
	ctx = f.file->private_data;
	spin_lock_irq(&current->sighand->siglock);
	ctx->leave = leave;
	spin_unlock_irq(&current->sighand->siglock);
	wake_up(&current->sighand->signalfd_wqh);
	fdput(f);
	return fd;
}

static int do_signalfd(int fd, const sigset_t __user *umask, size_t size, int flags)
{
	sigset_t mask;

	if (size != sizeof(mask))
		return -EINVAL;
	if (copy_from_user(&mask, umask, sizeof(mask)))
		return -EFAULT;
	if (flags & ~(SFD_CLOEXEC | SFD_NONBLOCK))
		return -EINVAL;
	sigdelsetmask(&mask, SIG_KERNEL_ONLY_MASK);
	return fd == -1 ? new_signalfd(~mask, flags) : change_signalfd(fd, ~mask);
}

SYSCALL_DEFINE4(signalfd4, int, fd, const sigset_t __user *, mask, size_t, size, int, flags)
{
	return do_signalfd(fd, mask, size, flags);
}

SYSCALL_DEFINE3(signalfd, int, fd, const sigset_t __user *, mask, size_t, size)
{
	return do_signalfd(fd, mask, size, 0);
}

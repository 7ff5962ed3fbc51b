// SPDX-License-Identifier: GPL-2.0-only
/*
 * eventfd: a 64-bit counter behind a descriptor. Reads take it down (or by one, EFD_SEMAPHORE),
 * writes add to it, both wait when they must.
 * Locks: the wait queue's own lock guards the counter.
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
#include <linux/uio.h>
#include <uapi/linux/fcntl.h>

#define EFD_SEMAPHORE	1
#define EFD_CLOEXEC	O_CLOEXEC
#define EFD_NONBLOCK	O_NONBLOCK
#define EFD_FLAGS	(EFD_CLOEXEC | EFD_NONBLOCK | EFD_SEMAPHORE)

struct eventfd {
	wait_queue_head_t wq;
	u64 count;			/* under wq.lock; never ~0 by writes */
	bool semaphore;			/* immutable */
};

/* Sleep until @ready(ctx, add). Context: wq.lock held, dropped while asleep. */
static int wait_until(struct eventfd *ctx, struct file *file,
		      bool (*ready)(const struct eventfd *ctx, u64 add), u64 add)
{
	DECLARE_WAITQUEUE(wait, current);
	int err = 0;

	if (ready(ctx, add))
		return 0;
	if (file->f_flags & O_NONBLOCK)
		return -EAGAIN;
	__add_wait_queue(&ctx->wq, &wait);
	for (;;) {
		set_current_state(TASK_INTERRUPTIBLE);
		if (ready(ctx, add))
			break;
		if (signal_pending(current)) {
			err = -ERESTARTSYS;
			break;
		}
		spin_unlock_irq(&ctx->wq.lock);
		schedule();
		spin_lock_irq(&ctx->wq.lock);
	}
	__remove_wait_queue(&ctx->wq, &wait);
	__set_current_state(TASK_RUNNING);
	return err;
}

static bool can_read(const struct eventfd *ctx, u64 unused)
{
	return ctx->count > 0;
}

static bool can_write(const struct eventfd *ctx, u64 add)
{
	return U64_MAX - ctx->count > add;
}

static ssize_t eventfd_read(struct file *file, struct iov_iter *to, loff_t *pos)
{
	struct eventfd *ctx = file->private_data;
	u64 taken = 0;
	int err;

	if (iov_iter_count(to) < sizeof(taken))
		return -EINVAL;
	spin_lock_irq(&ctx->wq.lock);
	err = wait_until(ctx, file, can_read, 0);
	if (!err) {
		taken = ctx->semaphore ? 1 : ctx->count;
		ctx->count -= taken;
		wake_up_locked_poll(&ctx->wq, EPOLLOUT);
	}
	spin_unlock_irq(&ctx->wq.lock);
	if (err)
		return err;
	return copy_to_iter(&taken, sizeof(taken), to) == sizeof(taken) ?
	       (ssize_t)sizeof(taken) : -EFAULT;
}

static ssize_t eventfd_write(struct file *file, struct iov_iter *from, loff_t *pos)
{
	struct eventfd *ctx = file->private_data;
	u64 add;
	int err;

	if (iov_iter_count(from) < sizeof(add))
		return -EINVAL;
	if (copy_from_iter(&add, sizeof(add), from) != sizeof(add))
		return -EFAULT;
	if (add == U64_MAX)
		return -EINVAL;
	spin_lock_irq(&ctx->wq.lock);
	err = wait_until(ctx, file, can_write, add);
	if (!err) {
		ctx->count += add;
		wake_up_locked_poll(&ctx->wq, EPOLLIN);
	}
	spin_unlock_irq(&ctx->wq.lock);
	return err ?: (ssize_t)sizeof(add);
}

static __poll_t eventfd_poll(struct file *file, poll_table *pt)
{
	struct eventfd *ctx = file->private_data;
	__poll_t events = 0;
	u64 count;

	poll_wait(file, &ctx->wq, pt);
	count = READ_ONCE(ctx->count);
	if (count > 0)
		events |= EPOLLIN;
	if (count == U64_MAX)
		events |= EPOLLERR;
	if (count < U64_MAX - 1)
		events |= EPOLLOUT;
	return events;
}

static int eventfd_release(struct inode *inode, struct file *file)
{
	kfree(file->private_data);
	return 0;
}

static void eventfd_show_fdinfo(struct seq_file *m, struct file *file)
{
	struct eventfd *ctx = file->private_data;

	seq_printf(m, "eventfd-count: %16llx\n", READ_ONCE(ctx->count));
}

static const struct file_operations eventfd_fops = {
	.read_iter	= eventfd_read,
	.write_iter	= eventfd_write,
	.poll		= eventfd_poll,
	.release	= eventfd_release,
	.show_fdinfo	= eventfd_show_fdinfo,
	.llseek		= noop_llseek,
};

/* Return: the file with a reference; ERR_PTR(-EBADF), ERR_PTR(-EINVAL) when it is no eventfd. */
struct file *eventfd_fget(int fd)
{
	struct file *file = fget(fd);

	if (!file)
		return ERR_PTR(-EBADF);
	if (file->f_op == &eventfd_fops)
		return file;
	fput(file);
	return ERR_PTR(-EINVAL);
}

/**
 * eventfd_signal - the kernel adds to an eventfd
 * @file: of eventfd_fget()
 * @n: how much; at U64_MAX the counter stays, and poll says EPOLLERR
 *
 * Context: any.
 */
void eventfd_signal(struct file *file, u64 n)
{
	struct eventfd *ctx = file->private_data;
	unsigned long flags;

	spin_lock_irqsave(&ctx->wq.lock, flags);
	ctx->count += min(n, U64_MAX - ctx->count);
	wake_up_locked_poll(&ctx->wq, EPOLLIN);
	spin_unlock_irqrestore(&ctx->wq.lock, flags);
}

static int do_eventfd(unsigned int count, int flags)
{
	struct eventfd *ctx;
	int fd;

	if (flags & ~EFD_FLAGS)
		return -EINVAL;
	ctx = kmalloc(sizeof(*ctx), GFP_KERNEL);
	if (!ctx)
		return -ENOMEM;
	/* epoll is woken inside this queue's lock. */
	init_waitqueue_head_nested(&ctx->wq);
	ctx->count = count;
	ctx->semaphore = flags & EFD_SEMAPHORE;
	fd = anon_inode_getfd("[eventfd]", &eventfd_fops, ctx,
			      O_RDWR | (flags & (O_CLOEXEC | O_NONBLOCK)));
	if (fd < 0)
		kfree(ctx);
	return fd;
}

SYSCALL_DEFINE2(eventfd2, unsigned int, count, int, flags)
{
	return do_eventfd(count, flags);
}

SYSCALL_DEFINE1(eventfd, unsigned int, count)
{
	return do_eventfd(count, 0);
}

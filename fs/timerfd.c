// SPDX-License-Identifier: GPL-2.0-only
/*
 * timerfd: a timer whose expirations are read as a count.
 * Locks: the wait queue's own lock guards the state; the timer's function takes it in interrupts.
 */
#include <linux/capability.h>
#include <linux/err.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/hrtimer.h>
#include <linux/poll.h>
#include <linux/sched.h>
#include <linux/seq_file.h>
#include <linux/signal.h>
#include <linux/slab.h>
#include <linux/syscalls.h>
#include <linux/uaccess.h>
#include <linux/uio.h>
#include <uapi/linux/timerfd.h>

#define TFD_CREATE_FLAGS	(TFD_CLOEXEC | TFD_NONBLOCK)
#define TFD_SETTIME_FLAGS	(TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET)

/* Timers that want to know when the wall clock is set. Its lock comes before a timer's wq.lock. */
static LIST_HEAD(cancel_list);
static DEFINE_SPINLOCK(cancel_lock);

/*
 * Locks: [w] wq.lock   [I] immutable   [c] cancel_lock
 */
struct timerfd {
	wait_queue_head_t wq;
	struct hrtimer timer;
	ktime_t interval;		/* [w] 0: one shot */
	u64 ticks;			/* [w] expirations not yet read */
	clockid_t clockid;		/* [I] */
	int settime_flags;		/* [w] */
	bool expired;			/* [w] the timer has stopped until it is read */
	struct list_head cancel_link;	/* [c] on cancel_list */
	unsigned int set_count;		/* [w] clock_set_count, when it was looked at last */
};

/* Has the clock been set since the timer was, or since this was asked? Context: wq.lock. */
static bool canceled(struct timerfd *ctx)
{
	unsigned int count = READ_ONCE(clock_set_count);

	if (list_empty(&ctx->cancel_link) || ctx->set_count == count)
		return false;
	ctx->set_count = count;
	return true;
}

/* The wall clock was set: readers of timers that asked for it return. Context: may sleep. */
void timerfd_clock_was_set(void)
{
	struct timerfd *ctx;

	spin_lock_irq(&cancel_lock);
	list_for_each_entry(ctx, &cancel_list, cancel_link) {
		spin_lock(&ctx->wq.lock);
		ctx->ticks++;
		wake_up_locked_poll(&ctx->wq, EPOLLIN);
		spin_unlock(&ctx->wq.lock);
	}
	spin_unlock_irq(&cancel_lock);
}

/* Put @ctx on the list or take it off. Context: no lock held. */
static void want_cancel(struct timerfd *ctx, bool want)
{
	spin_lock_irq(&cancel_lock);
	list_del_init(&ctx->cancel_link);
	if (want)
		list_add_tail(&ctx->cancel_link, &cancel_list);
	spin_unlock_irq(&cancel_lock);
}

static enum hrtimer_restart timerfd_expire(struct hrtimer *timer)
{
	struct timerfd *ctx = container_of(timer, struct timerfd, timer);
	unsigned long flags;

	spin_lock_irqsave(&ctx->wq.lock, flags);
	ctx->expired = true;
	ctx->ticks++;
	wake_up_locked_poll(&ctx->wq, EPOLLIN);
	spin_unlock_irqrestore(&ctx->wq.lock, flags);
	return HRTIMER_NORESTART;
}

/*
 * An interval timer stops until it is looked at: count what passed meanwhile, and move the expiry
 * on. Context: wq.lock. Return: has it to be started again?
 */
static bool catch_up(struct timerfd *ctx)
{
	if (!ctx->expired || !ctx->interval)
		return false;
	ctx->expired = false;
	ctx->ticks += hrtimer_forward_now(&ctx->timer, ctx->interval) - 1;
	return true;
}

static ktime_t remaining(struct timerfd *ctx)
{
	ktime_t left = hrtimer_get_remaining(&ctx->timer);

	return max(left, (ktime_t)0);
}

/* Return: the expirations since the last call, 0 if there was none, or -ECANCELED. */
static s64 take_ticks(struct timerfd *ctx)
{
	s64 ticks = -ECANCELED;

	spin_lock_irq(&ctx->wq.lock);
	if (ctx->ticks && canceled(ctx)) {
		ctx->expired = false;
	} else {
		if (catch_up(ctx))
			hrtimer_restart(&ctx->timer);
		ticks = ctx->ticks;
	}
	ctx->ticks = 0;
	spin_unlock_irq(&ctx->wq.lock);
	return ticks;
}

static ssize_t timerfd_read(struct file *file, struct iov_iter *to, loff_t *pos)
{
	struct timerfd *ctx = file->private_data;
	s64 ticks;
	int err;

	if (iov_iter_count(to) < sizeof(ticks))
		return -EINVAL;
	/* Another reader may be faster. */
	while ((ticks = take_ticks(ctx)) == 0) {
		if (file->f_flags & O_NONBLOCK)
			return -EAGAIN;
		err = wait_event_interruptible(ctx->wq, READ_ONCE(ctx->ticks));
		if (err)
			return err;
	}
	if (ticks < 0)
		return ticks;
	return copy_to_iter(&ticks, sizeof(ticks), to) == sizeof(ticks) ?
	       (ssize_t)sizeof(ticks) : -EFAULT;
}

static __poll_t timerfd_poll(struct file *file, poll_table *pt)
{
	struct timerfd *ctx = file->private_data;

	poll_wait(file, &ctx->wq, pt);
	return READ_ONCE(ctx->ticks) ? EPOLLIN : 0;
}

static int timerfd_release(struct inode *inode, struct file *file)
{
	struct timerfd *ctx = file->private_data;

	want_cancel(ctx, false);
	hrtimer_cancel(&ctx->timer);
	kfree(ctx);
	return 0;
}

static void timerfd_show_fdinfo(struct seq_file *m, struct file *file)
{
	struct timerfd *ctx = file->private_data;
	struct timespec64 value, interval;
	u64 ticks;

	spin_lock_irq(&ctx->wq.lock);
	value = ktime_to_timespec64(remaining(ctx));
	interval = ktime_to_timespec64(ctx->interval);
	ticks = ctx->ticks;
	spin_unlock_irq(&ctx->wq.lock);
	seq_printf(m, "clockid: %d\nticks: %llu\nsettime flags: 0%o\n", ctx->clockid, ticks,
		   ctx->settime_flags);
	seq_printf(m, "it_value: (%llu, %llu)\nit_interval: (%llu, %llu)\n",
		   (unsigned long long)value.tv_sec, (unsigned long long)value.tv_nsec,
		   (unsigned long long)interval.tv_sec, (unsigned long long)interval.tv_nsec);
}

static const struct file_operations timerfd_fops = {
	.read_iter	= timerfd_read,
	.poll		= timerfd_poll,
	.release	= timerfd_release,
	.show_fdinfo	= timerfd_show_fdinfo,
	.llseek		= noop_llseek,
};

static int check_clock(int clockid)
{
	switch (clockid) {
	case CLOCK_REALTIME:
	case CLOCK_MONOTONIC:
	case CLOCK_BOOTTIME:
		return 0;
	case CLOCK_REALTIME_ALARM:
	case CLOCK_BOOTTIME_ALARM:
		return capable(CAP_WAKE_ALARM) ? 0 : -EPERM;
	default:
		return -EINVAL;
	}
}

/* The machine never suspends, so an alarm clock is its plain sibling. */
static clockid_t plain_clock(int clockid)
{
	if (clockid == CLOCK_REALTIME_ALARM)
		return CLOCK_REALTIME;
	return clockid == CLOCK_BOOTTIME_ALARM ? CLOCK_BOOTTIME : clockid;
}

SYSCALL_DEFINE2(timerfd_create, int, clockid, int, flags)
{
	struct timerfd *ctx;
	int fd, err;

	if (flags & ~TFD_CREATE_FLAGS)
		return -EINVAL;
	err = check_clock(clockid);
	if (err)
		return err;
	ctx = kzalloc(sizeof(*ctx), GFP_KERNEL);
	if (!ctx)
		return -ENOMEM;
	init_waitqueue_head_nested(&ctx->wq);
	ctx->clockid = clockid;
	INIT_LIST_HEAD(&ctx->cancel_link);
	hrtimer_setup(&ctx->timer, timerfd_expire, plain_clock(clockid), HRTIMER_MODE_ABS);
	fd = anon_inode_getfd("[timerfd]", &timerfd_fops, ctx,
			      O_RDWR | (flags & TFD_CREATE_FLAGS));
	if (fd < 0)
		kfree(ctx);
	return fd;
}

/* Context: wq.lock, after catch_up(). */
static void get_setting(struct timerfd *ctx, struct itimerspec64 *out)
{
	out->it_value = ktime_to_timespec64(remaining(ctx));
	out->it_interval = ktime_to_timespec64(ctx->interval);
}

static void arm(struct timerfd *ctx, const struct itimerspec64 *new, int flags)
{
	ktime_t value = timespec64_to_ktime(new->it_value);

	ctx->interval = timespec64_to_ktime(new->it_interval);
	ctx->expired = false;
	ctx->ticks = 0;
	ctx->settime_flags = flags & TFD_SETTIME_FLAGS;
	ctx->set_count = READ_ONCE(clock_set_count);
	if (value)
		hrtimer_start(&ctx->timer, value,
			      flags & TFD_TIMER_ABSTIME ? HRTIMER_MODE_ABS : HRTIMER_MODE_REL);
	else
		hrtimer_set_expires(&ctx->timer, 0);	/* nothing remains */
}

static int get_spec(struct itimerspec64 *out, const struct __kernel_itimerspec __user *from)
{
	struct __kernel_itimerspec spec;

	if (copy_from_user(&spec, from, sizeof(spec)))
		return -EFAULT;
	out->it_value = (struct timespec64){ spec.it_value.tv_sec, spec.it_value.tv_nsec };
	out->it_interval = (struct timespec64){ spec.it_interval.tv_sec,
						spec.it_interval.tv_nsec };
	return 0;
}

static int put_spec(struct __kernel_itimerspec __user *to, const struct itimerspec64 *from)
{
	struct __kernel_itimerspec spec = {
		.it_value = { from->it_value.tv_sec, from->it_value.tv_nsec },
		.it_interval = { from->it_interval.tv_sec, from->it_interval.tv_nsec },
	};

	return copy_to_user(to, &spec, sizeof(spec)) ? -EFAULT : 0;
}

/* Return: the file as fdget() gives it, file NULL with *@err set when it is not a timer. */
static struct fd timerfd_fdget(int ufd, int *err)
{
	struct fd f = fdget(ufd);

	*err = f.file ? 0 : -EBADF;
	if (f.file && f.file->f_op != &timerfd_fops) {
		fdput(f);
		f.file = NULL;
		*err = -EINVAL;
	}
	return f;
}

SYSCALL_DEFINE4(timerfd_settime, int, ufd, int, flags,
		const struct __kernel_itimerspec __user *, utmr,
		struct __kernel_itimerspec __user *, otmr)
{
	struct itimerspec64 new, old;
	struct timerfd *ctx;
	struct fd f;
	int err;

	if (get_spec(&new, utmr))
		return -EFAULT;
	if ((flags & ~TFD_SETTIME_FLAGS) || !timespec64_valid(&new.it_value) ||
	    !timespec64_valid(&new.it_interval))
		return -EINVAL;
	f = timerfd_fdget(ufd, &err);
	if (!f.file)
		return err;
	ctx = f.file->private_data;
	want_cancel(ctx, plain_clock(ctx->clockid) == CLOCK_REALTIME &&
		    flags == (TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET));
	spin_lock_irq(&ctx->wq.lock);
	/* The timer's function takes the lock: let it finish. */
	while (hrtimer_try_to_cancel(&ctx->timer) < 0) {
		spin_unlock_irq(&ctx->wq.lock);
		cpu_relax();
		spin_lock_irq(&ctx->wq.lock);
	}
	(void)catch_up(ctx);
	get_setting(ctx, &old);
	arm(ctx, &new, flags);
	spin_unlock_irq(&ctx->wq.lock);
	fdput(f);
	return otmr ? put_spec(otmr, &old) : 0;
}

SYSCALL_DEFINE2(timerfd_gettime, int, ufd, struct __kernel_itimerspec __user *, otmr)
{
	struct itimerspec64 now;
	struct timerfd *ctx;
	struct fd f;
	int err;

	f = timerfd_fdget(ufd, &err);
	if (!f.file)
		return err;
	ctx = f.file->private_data;
	spin_lock_irq(&ctx->wq.lock);
	if (catch_up(ctx))
		hrtimer_restart(&ctx->timer);
	get_setting(ctx, &now);
	spin_unlock_irq(&ctx->wq.lock);
	fdput(f);
	return put_spec(otmr, &now);
}

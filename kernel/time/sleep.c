// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sleeping for a time: schedule() with a timer on the stack, and nanosleep(2).
 */
#include <linux/hrtimer.h>
#include <linux/sched.h>
#include <linux/syscalls.h>
#include <linux/delay.h>
#include "internal.h"

struct sleeper {
	struct hrtimer timer;
	struct task_struct *task;	/* NULL once the time is over */
};

static enum hrtimer_restart wake_sleeper(struct hrtimer *timer)
{
	struct sleeper *sleeper = container_of(timer, struct sleeper, timer);
	struct task_struct *task = sleeper->task;

	WRITE_ONCE(sleeper->task, NULL);
	if (task)
		wake_up_process(task);
	return HRTIMER_NORESTART;
}

/**
 * schedule_hrtimeout_clock - sleep until a time or a wake-up
 * @expires: when or how long, by @mode; NULL: no limit
 * @mode: HRTIMER_MODE_ABS or HRTIMER_MODE_REL
 * @clock_id: the clock @expires is on
 *
 * The caller has set the task's state; on return it is TASK_RUNNING.
 *
 * Context: sleeps.
 * Return: 0 when the time is over, -EINTR when something else woke the task.
 */
int schedule_hrtimeout_clock(const ktime_t *expires, enum hrtimer_mode mode, clockid_t clock_id)
{
	struct sleeper sleeper = { .task = current };

	if (!expires) {
		schedule();
		return -EINTR;
	}
	if (*expires <= 0) {
		__set_current_state(TASK_RUNNING);
		return 0;
	}
	hrtimer_setup(&sleeper.timer, wake_sleeper, clock_id, mode);
	hrtimer_start(&sleeper.timer, *expires, mode);
	if (likely(READ_ONCE(sleeper.task)))
		schedule();
	hrtimer_cancel(&sleeper.timer);
	__set_current_state(TASK_RUNNING);
	return READ_ONCE(sleeper.task) ? -EINTR : 0;
}

int schedule_hrtimeout(const ktime_t *expires, enum hrtimer_mode mode)
{
	return schedule_hrtimeout_clock(expires, mode, CLOCK_MONOTONIC);
}

/**
 * schedule_timeout_ns - sleep for a time or until a wake-up
 * @ns: how long; MAX_SCHEDULE_TIMEOUT: no limit
 *
 * The caller has set the task's state; on return it is TASK_RUNNING.
 *
 * Context: sleeps.
 * Return: the nanoseconds that are left, at least 1 after an early wake-up; 0 when they are over.
 */
long schedule_timeout_ns(long ns)
{
	ktime_t end;

	if (ns == MAX_SCHEDULE_TIMEOUT) {
		schedule();
		return ns;
	}
	end = ktime_add_safe(ktime_get(), max(ns, 0L));
	if (!schedule_hrtimeout(&end, HRTIMER_MODE_ABS))
		return 0;
	return max(end - ktime_get(), (ktime_t)1);
}

long schedule_timeout_interruptible_ns(long ns)
{
	__set_current_state(TASK_INTERRUPTIBLE);
	return schedule_timeout_ns(ns);
}

long schedule_timeout_killable_ns(long ns)
{
	__set_current_state(TASK_KILLABLE);
	return schedule_timeout_ns(ns);
}

long schedule_timeout_uninterruptible_ns(long ns)
{
	__set_current_state(TASK_UNINTERRUPTIBLE);
	return schedule_timeout_ns(ns);
}

/* Sleep at least @ms milliseconds, whatever comes. */
void msleep(unsigned int ms)
{
	long left = ms * NSEC_PER_MSEC;

	while (left)
		left = schedule_timeout_uninterruptible_ns(left);
}

/* ---- nanosleep ---- */

/* Sleep until @expires on @clock or a signal. Return: true when the time is over. */
static bool sleep_until(clockid_t clock, ktime_t expires)
{
	int ret;

	do {
		set_current_state(TASK_INTERRUPTIBLE);
		ret = schedule_hrtimeout_clock(&expires, HRTIMER_MODE_ABS, clock);
	} while (ret && !signal_pending(current));
	return !ret;
}

/* Tell the user how much of a relative sleep is left. */
static int report_left(struct __kernel_timespec __user *rmtp, ktime_t left)
{
	struct timespec64 ts = ns_to_timespec64(max(left, (ktime_t)0));

	if (rmtp && put_timespec64(&ts, rmtp))
		return -EFAULT;
	return 0;
}

/*
 * A relative sleep, up to a fixed end, on the monotonic clock: setting the time does not move it.
 */
static long sleep_relative(struct restart_block *block)
{
	ktime_t expires = block->nanosleep.expires;

	if (sleep_until(CLOCK_MONOTONIC, expires))
		return 0;
	if (report_left(block->nanosleep.rmtp, expires - ktime_get()))
		return -EFAULT;
	block->fn = sleep_relative;
	return -ERESTART_RESTARTBLOCK;
}

static long nanosleep_relative(const struct timespec64 *rqtp, struct __kernel_timespec __user *rmtp)
{
	struct restart_block *block = &current->restart_block;

	block->nanosleep.rmtp = rmtp;
	block->nanosleep.expires = ktime_add_safe(ktime_get(), timespec64_to_ktime(*rqtp));
	return sleep_relative(block);
}

SYSCALL_DEFINE2(nanosleep, struct __kernel_timespec __user *, rqtp,
		struct __kernel_timespec __user *, rmtp)
{
	struct timespec64 ts;

	if (get_timespec64(&ts, rqtp))
		return -EFAULT;
	if (!timespec64_valid(&ts))
		return -EINVAL;
	return nanosleep_relative(&ts, rmtp);
}

/* Which clocks one can sleep on. Return: 0, -EINVAL (no such clock) or -EOPNOTSUPP. */
static int clock_can_sleep(clockid_t clock)
{
	switch (clock) {
	case CLOCK_REALTIME:
	case CLOCK_MONOTONIC:
	case CLOCK_BOOTTIME:
	case CLOCK_TAI:
	case CLOCK_PROCESS_CPUTIME_ID:
		return 0;
	case CLOCK_MONOTONIC_RAW:
	case CLOCK_REALTIME_COARSE:
	case CLOCK_MONOTONIC_COARSE:
	case CLOCK_REALTIME_ALARM:
	case CLOCK_BOOTTIME_ALARM:
	case CLOCK_THREAD_CPUTIME_ID:
		return -EOPNOTSUPP;
	default:
		return clock < 0 ? cpu_clock_check(clock) : -EINVAL;
	}
}

SYSCALL_DEFINE4(clock_nanosleep, clockid_t, clock, int, flags,
		const struct __kernel_timespec __user *, rqtp,
		struct __kernel_timespec __user *, rmtp)
{
	struct timespec64 ts;
	int err = clock_can_sleep(clock);

	if (err)
		return err;
	if (get_timespec64(&ts, rqtp))
		return -EFAULT;
	if (!timespec64_valid(&ts))
		return -EINVAL;
	if (clock < 0 || clock == CLOCK_PROCESS_CPUTIME_ID)
		return cpu_clock_sleep(clock, flags, &ts, rmtp);
	if (!(flags & TIMER_ABSTIME))
		return nanosleep_relative(&ts, rmtp);
	return sleep_until(clock, timespec64_to_ktime(ts)) ? 0 : -ERESTARTNOHAND;
}

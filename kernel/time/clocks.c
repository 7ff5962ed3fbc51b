// SPDX-License-Identifier: GPL-2.0-only
/*
 * clock_gettime(2), clock_settime(2), clock_getres(2). Identifiers from 0 up are the fixed clocks
 * of the table; negative ones name a task's CPU time (cpuclock.c).
 */
#include <linux/capability.h>
#include <linux/kernel.h>
#include <linux/posix-clock.h>
#include <linux/syscalls.h>
#include <linux/uaccess.h>
#include "internal.h"

#define NR_CLOCKS	(CLOCK_TAI + 1)

/* A fixed clock: how it is read, and its resolution in nanoseconds. */
struct fixed_clock {
	ktime_t (*read)(void);
	u32 resolution;
};

static const struct fixed_clock fixed_clocks[NR_CLOCKS] = {
	[CLOCK_REALTIME] = { ktime_get_real, 1 },
	[CLOCK_MONOTONIC] = { ktime_get, 1 },
	[CLOCK_MONOTONIC_RAW] = { ktime_get_raw, 1 },
	[CLOCK_REALTIME_COARSE] = { ktime_get_coarse_real, TICK_NSEC },
	[CLOCK_MONOTONIC_COARSE] = { ktime_get_coarse, TICK_NSEC },
	[CLOCK_BOOTTIME] = { ktime_get_boottime, 1 },
	[CLOCK_TAI] = { ktime_get_clocktai, 1 },
};

static const struct fixed_clock *fixed_clock(clockid_t clock)
{
	if (clock < 0 || clock >= NR_CLOCKS || !fixed_clocks[clock].read)
		return NULL;
	return &fixed_clocks[clock];
}

static bool is_cpu_clock(clockid_t clock)
{
	return clock < 0 || clock == CLOCK_PROCESS_CPUTIME_ID || clock == CLOCK_THREAD_CPUTIME_ID;
}

/**
 * clock_read - what a clock shows
 * @clock: any identifier that clock_gettime(2) takes
 * @ts: where to put it
 *
 * Context: task.
 * Return: 0, or -EINVAL when there is no such clock.
 */
int clock_read(clockid_t clock, struct timespec64 *ts)
{
	const struct fixed_clock *fixed = fixed_clock(clock);

	if (fixed) {
		*ts = ns_to_timespec64(fixed->read());
		return 0;
	}
	return is_cpu_clock(clock) ? cpu_clock_get(clock, ts) : -EINVAL;
}

SYSCALL_DEFINE2(clock_gettime, clockid_t, clock, struct __kernel_timespec __user *, tp)
{
	struct timespec64 ts;
	int err = clock_read(clock, &ts);

	if (err)
		return err;
	return put_timespec64(&ts, tp) ? -EFAULT : 0;
}

SYSCALL_DEFINE2(clock_getres, clockid_t, clock, struct __kernel_timespec __user *, tp)
{
	const struct fixed_clock *fixed = fixed_clock(clock);
	struct timespec64 ts = { .tv_nsec = 1 };
	int err;

	if (fixed) {
		ts.tv_nsec = fixed->resolution;
	} else {
		err = is_cpu_clock(clock) ? cpu_clock_check(clock) : -EINVAL;
		if (err)
			return err;
		ts.tv_nsec = cpu_clock_resolution(clock);
	}
	if (!tp)
		return 0;
	return put_timespec64(&ts, tp) ? -EFAULT : 0;
}

/* The checks in the order in which Linux makes them visible: range, privilege, then the rest. */
static int set_wall_clock(const struct timespec64 *ts)
{
	if (!timespec64_valid(ts) || ts->tv_sec >= TIME_SETTOD_SEC_MAX)
		return -EINVAL;
	if (!capable(CAP_SYS_TIME))
		return -EPERM;
	return do_settimeofday64(ts);
}

SYSCALL_DEFINE2(clock_settime, clockid_t, clock, const struct __kernel_timespec __user *, tp)
{
	struct timespec64 ts;
	int err;

	if (clock != CLOCK_REALTIME && !is_cpu_clock(clock))
		return -EINVAL;
	if (clock == CLOCK_THREAD_CPUTIME_ID || clock == CLOCK_PROCESS_CPUTIME_ID)
		return -EINVAL;
	if (get_timespec64(&ts, tp))
		return -EFAULT;
	if (clock == CLOCK_REALTIME)
		return set_wall_clock(&ts);
	/* A CPU clock that exists may not be set by anybody. */
	err = cpu_clock_check(clock);
	return err ? err : -EPERM;
}

/* ---- the older calls ---- */

/* What settimeofday(2) was told; nothing here goes by it. */
static struct timezone sys_tz;

SYSCALL_DEFINE2(gettimeofday, struct __kernel_old_timeval __user *, tv,
		struct timezone __user *, tz)
{
	if (tv) {
		struct __kernel_old_timeval now = ns_to_kernel_old_timeval(ktime_get_real());

		if (copy_to_user(tv, &now, sizeof(now)))
			return -EFAULT;
	}
	if (tz && copy_to_user(tz, &sys_tz, sizeof(sys_tz)))
		return -EFAULT;
	return 0;
}

static int set_timezone(const struct timezone *tz)
{
	if (!capable(CAP_SYS_TIME))
		return -EPERM;
	if (tz->tz_minuteswest > 15 * 60 || tz->tz_minuteswest < -15 * 60)
		return -EINVAL;
	sys_tz = *tz;
	return 0;
}

SYSCALL_DEFINE2(settimeofday, struct __kernel_old_timeval __user *, utv,
		struct timezone __user *, utz)
{
	struct __kernel_old_timeval tv;
	struct timespec64 ts;
	struct timezone tz;
	int err = 0;

	if (utv) {
		if (copy_from_user(&tv, utv, sizeof(tv)))
			return -EFAULT;
		if (tv.tv_usec < 0 || tv.tv_usec >= USEC_PER_SEC)
			return -EINVAL;
		ts.tv_sec = tv.tv_sec;
		ts.tv_nsec = tv.tv_usec * NSEC_PER_USEC;
	}
	if (utz && copy_from_user(&tz, utz, sizeof(tz)))
		return -EFAULT;
	if (utv && !timespec64_valid(&ts))
		return -EINVAL;
	if (utz)
		err = set_timezone(&tz);
	if (!err && utv)
		err = set_wall_clock(&ts);
	return err;
}

SYSCALL_DEFINE1(time, __kernel_old_time_t __user *, tloc)
{
	__kernel_old_time_t now = ktime_get_real_seconds();

	if (tloc && put_user(now, tloc))
		return -EFAULT;
	return now;
}

/* ---- times to and from user space ---- */

/* Return: 0 or -EFAULT. */
int get_timespec64(struct timespec64 *ts, const struct __kernel_timespec __user *uts)
{
	struct __kernel_timespec kts;

	if (copy_from_user(&kts, uts, sizeof(kts)))
		return -EFAULT;
	ts->tv_sec = kts.tv_sec;
	ts->tv_nsec = kts.tv_nsec;
	return 0;
}

int put_timespec64(const struct timespec64 *ts, struct __kernel_timespec __user *uts)
{
	struct __kernel_timespec kts = { .tv_sec = ts->tv_sec, .tv_nsec = ts->tv_nsec };

	return copy_to_user(uts, &kts, sizeof(kts)) ? -EFAULT : 0;
}

int get_itimerspec64(struct itimerspec64 *it, const struct __kernel_itimerspec __user *uit)
{
	if (get_timespec64(&it->it_interval, &uit->it_interval))
		return -EFAULT;
	return get_timespec64(&it->it_value, &uit->it_value);
}

int put_itimerspec64(const struct itimerspec64 *it, struct __kernel_itimerspec __user *uit)
{
	if (put_timespec64(&it->it_interval, &uit->it_interval))
		return -EFAULT;
	return put_timespec64(&it->it_value, &uit->it_value);
}

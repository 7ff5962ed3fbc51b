/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Seconds and nanoseconds inside the kernel, and how they come from and go to user space.
 */
#ifndef _LINUX_TIME64_H
#define _LINUX_TIME64_H

#include <linux/types.h>
#include <linux/compiler.h>
#include <uapi/linux/time.h>
#include <uapi/linux/time_types.h>

#define MSEC_PER_SEC	1000L
#define USEC_PER_MSEC	1000L
#define NSEC_PER_USEC	1000L
#define USEC_PER_SEC	1000000L
#define NSEC_PER_MSEC	1000000L
#define NSEC_PER_SEC	1000000000L

#define HZ		CONFIG_HZ
#define USER_HZ		100
#define TICK_NSEC	(NSEC_PER_SEC / HZ)

#define TIME64_MAX		((s64)~((u64)1 << 63))
#define TIME_SETTOD_SEC_MAX	(TIME64_MAX / NSEC_PER_SEC - 30LL * 365 * 24 * 3600)

struct timespec64 {
	s64	tv_sec;
	long	tv_nsec;
};

struct itimerspec64 {
	struct timespec64 it_interval;
	struct timespec64 it_value;
};

/*
 * Is @ts a span or an instant that the interface accepts: not negative, nanoseconds below a
 * second?
 */
static inline bool timespec64_valid(const struct timespec64 *ts)
{
	return ts->tv_sec >= 0 && (unsigned long)ts->tv_nsec < NSEC_PER_SEC;
}

static inline s64 timespec64_to_ns(const struct timespec64 *ts)
{
	if (ts->tv_sec >= TIME64_MAX / NSEC_PER_SEC)
		return TIME64_MAX;
	return ts->tv_sec * NSEC_PER_SEC + ts->tv_nsec;
}

static inline struct timespec64 ns_to_timespec64(s64 ns)
{
	struct timespec64 ts = { .tv_sec = ns / NSEC_PER_SEC, .tv_nsec = ns % NSEC_PER_SEC };

	if (unlikely(ts.tv_nsec < 0)) {
		ts.tv_sec--;
		ts.tv_nsec += NSEC_PER_SEC;
	}
	return ts;
}

static inline struct __kernel_old_timeval ns_to_kernel_old_timeval(s64 ns)
{
	struct timespec64 ts = ns_to_timespec64(ns);

	return (struct __kernel_old_timeval){
		.tv_sec = ts.tv_sec,
		.tv_usec = ts.tv_nsec / NSEC_PER_USEC,
	};
}

static inline u64 nsec_to_clock_t(u64 ns)
{
	return ns / (NSEC_PER_SEC / USER_HZ);
}

int get_timespec64(struct timespec64 *ts, const struct __kernel_timespec __user *uts);
int put_timespec64(const struct timespec64 *ts, struct __kernel_timespec __user *uts);
int get_itimerspec64(struct itimerspec64 *it, const struct __kernel_itimerspec __user *uit);
int put_itimerspec64(const struct itimerspec64 *it, struct __kernel_itimerspec __user *uit);

#endif /* _LINUX_TIME64_H */

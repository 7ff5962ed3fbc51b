/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ktime_t: signed nanoseconds, of an instant on some clock or of a span. Additions that can leave
 * the range saturate.
 */
#ifndef _LINUX_KTIME_H
#define _LINUX_KTIME_H

#include <linux/types.h>
#include <linux/time64.h>

#define KTIME_MAX	((s64)~((u64)1 << 63))
#define KTIME_SEC_MAX	(KTIME_MAX / NSEC_PER_SEC)

#define ktime_add(a, b)		((a) + (b))
#define ktime_sub(a, b)		((a) - (b))
#define ktime_add_ns(a, n)	((a) + (n))
#define ktime_sub_ns(a, n)	((a) - (n))
#define ktime_to_ns(kt)		(kt)
#define ns_to_ktime(ns)		((ktime_t)(ns))

static inline ktime_t ms_to_ktime(u64 ms)
{
	return ms * NSEC_PER_MSEC;
}

static inline ktime_t us_to_ktime(u64 us)
{
	return us * NSEC_PER_USEC;
}

static inline s64 ktime_to_us(ktime_t kt)
{
	return kt / NSEC_PER_USEC;
}

static inline s64 ktime_to_ms(ktime_t kt)
{
	return kt / NSEC_PER_MSEC;
}

/* A normalised pair of seconds and nanoseconds, saturated at KTIME_MAX. */
static inline ktime_t ktime_set(s64 secs, unsigned long nsecs)
{
	if (secs >= KTIME_SEC_MAX)
		return KTIME_MAX;
	return secs * NSEC_PER_SEC + (s64)nsecs;
}

/* @lhs + @rhs for non-negative spans, saturated at KTIME_MAX. */
static inline ktime_t ktime_add_safe(ktime_t lhs, ktime_t rhs)
{
	ktime_t sum;

	return __builtin_add_overflow(lhs, rhs, &sum) || sum < 0 ? KTIME_MAX : sum;
}

static inline int ktime_compare(ktime_t a, ktime_t b)
{
	return a < b ? -1 : a > b;
}

static inline bool ktime_after(ktime_t a, ktime_t b)
{
	return a > b;
}

static inline bool ktime_before(ktime_t a, ktime_t b)
{
	return a < b;
}

static inline ktime_t timespec64_to_ktime(struct timespec64 ts)
{
	return ktime_set(ts.tv_sec, ts.tv_nsec);
}

static inline struct timespec64 ktime_to_timespec64(ktime_t kt)
{
	return ns_to_timespec64(kt);
}

#endif /* _LINUX_KTIME_H */

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reading the clocks. All may be called from any context, interrupts included.
 */
#ifndef _LINUX_TIMEKEEPING_H
#define _LINUX_TIMEKEEPING_H

#include <linux/ktime.h>

ktime_t ktime_get(void);		/* CLOCK_MONOTONIC */
ktime_t ktime_get_raw(void);		/* CLOCK_MONOTONIC_RAW */
ktime_t ktime_get_real(void);		/* CLOCK_REALTIME */
ktime_t ktime_get_boottime(void);	/* CLOCK_BOOTTIME */
ktime_t ktime_get_clocktai(void);	/* CLOCK_TAI */
ktime_t ktime_get_coarse_real(void);	/* at most a tick old */
ktime_t ktime_get_coarse(void);

#define ktime_get_ns()		((u64)ktime_get())
#define ktime_get_real_ns()	((u64)ktime_get_real())
#define ktime_get_boottime_ns()	((u64)ktime_get_boottime())
#define ktime_get_real_seconds() ((s64)(ktime_get_real() / NSEC_PER_SEC))
#define ktime_get_seconds()	((s64)(ktime_get() / NSEC_PER_SEC))

static inline void ktime_get_ts64(struct timespec64 *ts)
{
	*ts = ns_to_timespec64(ktime_get());
}

static inline void ktime_get_real_ts64(struct timespec64 *ts)
{
	*ts = ns_to_timespec64(ktime_get_real());
}

static inline void ktime_get_coarse_real_ts64(struct timespec64 *ts)
{
	*ts = ns_to_timespec64(ktime_get_coarse_real());
}

static inline void ktime_get_boottime_ts64(struct timespec64 *ts)
{
	*ts = ns_to_timespec64(ktime_get_boottime());
}

/* What the wall clock showed when the machine started. */
void getboottime64(struct timespec64 *ts);

/* Nanoseconds of this CPU's clock, for accounting: never goes back on one CPU. */
u64 sched_clock(void);

void timekeeping_init(void);
int do_settimeofday64(const struct timespec64 *ts);
/*
 * The architecture's: put the wall clocks' distances from CLOCK_MONOTONIC (ns) where the vDSO reads
 * them. Context: interrupts off, one caller at a time.
 */
void update_vsyscall(s64 offs_real, s64 offs_tai);

#endif /* _LINUX_TIMEKEEPING_H */

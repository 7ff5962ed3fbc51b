/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the files of kernel/time share.
 */
#ifndef _KERNEL_TIME_INTERNAL_H
#define _KERNEL_TIME_INTERNAL_H

#include <linux/hrtimer.h>
#include <linux/time64.h>
#include <linux/timekeeping.h>

/* What is to be added to CLOCK_MONOTONIC to get the clock of @base. */
ktime_t timekeeping_offset(enum hrtimer_base base);
int timekeeping_inject(s64 delta);
void timekeeping_set_tai(int seconds);
int timekeeping_tai(void);

/* cpuclock.c */
int cpu_clock_check(clockid_t clock);
int cpu_clock_get(clockid_t clock, struct timespec64 *ts);
u32 cpu_clock_resolution(clockid_t clock);
long cpu_clock_sleep(clockid_t clock, int flags, const struct timespec64 *rqtp,
		     struct __kernel_timespec __user *rmtp);

#endif /* _KERNEL_TIME_INTERNAL_H */

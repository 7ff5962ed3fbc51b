// SPDX-License-Identifier: GPL-2.0-only
/*
 * The clocks. The architecture gives nanoseconds since boot that never go back; CLOCK_MONOTONIC is
 * that, and the wall clocks are that plus an offset each. time_lock guards changes of the offsets;
 * each is one word, so reading takes no lock.
 */
#include <linux/errno.h>
#include <linux/hrtimer.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/spinlock.h>
#include <linux/timekeeping.h>
#include <asm/tsc.h>
#include "internal.h"

static DEFINE_SPINLOCK(time_lock);
static s64 offs_real;		/* [time_lock r] CLOCK_REALTIME - CLOCK_MONOTONIC */
static s64 offs_tai;		/* [time_lock r] CLOCK_TAI - CLOCK_MONOTONIC */
static int tai_seconds;		/* [time_lock r] CLOCK_TAI - CLOCK_REALTIME, seconds */

u64 sched_clock(void)
{
	return arch_clock_ns();
}

ktime_t ktime_get(void)
{
	return arch_clock_ns();
}

ktime_t ktime_get_raw(void)
{
	return arch_clock_ns();
}

/* The machine never suspends. */
ktime_t ktime_get_boottime(void)
{
	return arch_clock_ns();
}

ktime_t ktime_get_real(void)
{
	return arch_clock_ns() + READ_ONCE(offs_real);
}

ktime_t ktime_get_clocktai(void)
{
	return arch_clock_ns() + READ_ONCE(offs_tai);
}

/* The coarse clocks stand still between two ticks, as programs expect of them. */
static u64 last_tick(void)
{
	u64 now = arch_clock_ns();

	return now - now % TICK_NSEC;
}

ktime_t ktime_get_coarse(void)
{
	return last_tick();
}

ktime_t ktime_get_coarse_real(void)
{
	return last_tick() + READ_ONCE(offs_real);
}

void getboottime64(struct timespec64 *ts)
{
	*ts = ns_to_timespec64(READ_ONCE(offs_real));
}

ktime_t timekeeping_offset(enum hrtimer_base base)
{
	switch (base) {
	case HRTIMER_BASE_REALTIME:
		return READ_ONCE(offs_real);
	case HRTIMER_BASE_TAI:
		return READ_ONCE(offs_tai);
	default:
		return 0;
	}
}

int timekeeping_tai(void)
{
	return READ_ONCE(tai_seconds);
}

/* Context: time_lock held. */
static void set_offsets(s64 real, int tai)
{
	tai_seconds = tai;
	WRITE_ONCE(offs_real, real);
	WRITE_ONCE(offs_tai, real + tai * NSEC_PER_SEC);
	update_vsyscall(offs_real, offs_tai);
}

/* Until the architecture maps a page with the offsets, there is nobody to tell. */
void __weak update_vsyscall(s64 real, s64 tai)
{
}

/**
 * do_settimeofday64 - set the wall clock
 * @ts: normalised
 *
 * Context: task or boot; may wait for other CPUs.
 * Return: 0; -EINVAL when @ts is not normalised, beyond the range, or before the machine's start.
 */
int do_settimeofday64(const struct timespec64 *ts)
{
	s64 real;

	if (!timespec64_valid(ts) || ts->tv_sec >= TIME_SETTOD_SEC_MAX)
		return -EINVAL;
	real = timespec64_to_ns(ts) - ktime_get();
	if (real < 0)
		return -EINVAL;
	spin_lock_irq(&time_lock);
	set_offsets(real, tai_seconds);
	spin_unlock_irq(&time_lock);
	clock_was_set();
	return 0;
}

/**
 * timekeeping_inject - step the wall clock by some nanoseconds
 * @delta: may be negative
 *
 * Return: 0; -EINVAL when the clock would stand before the machine's start.
 */
int timekeeping_inject(s64 delta)
{
	int err = 0;

	spin_lock_irq(&time_lock);
	if (offs_real + delta < 0)
		err = -EINVAL;
	else
		set_offsets(offs_real + delta, tai_seconds);
	spin_unlock_irq(&time_lock);
	if (!err)
		clock_was_set();
	return err;
}

void timekeeping_set_tai(int seconds)
{
	spin_lock_irq(&time_lock);
	set_offsets(offs_real, seconds);
	spin_unlock_irq(&time_lock);
	clock_was_set();
}

/**
 * timekeeping_init - set the wall clock from the machine's
 *
 * Context: boot, with the clock source calibrated.
 */
void __init timekeeping_init(void)
{
	unsigned long flags;
	s64 now = arch_read_rtc() * NSEC_PER_SEC - ktime_get();

	spin_lock_irqsave(&time_lock, flags);
	set_offsets(max(now, (s64)0), 0);
	spin_unlock_irqrestore(&time_lock, flags);
}

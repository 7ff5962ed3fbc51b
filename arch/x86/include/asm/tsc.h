/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The clock: nanoseconds since boot from the time-stamp counter, with one multiplication. Fixed
 * after calibration, the same on every CPU.
 */
#ifndef _ASM_X86_TSC_H
#define _ASM_X86_TSC_H

#include <asm/msr.h>

#define TSC_SHIFT	32

/*
 * Locks: [I] immutable after tsc_init()
 */
struct tsc_clock {
	u64 base;	/* [I] counter value at nanosecond 0 */
	u64 mult;	/* [I] nanoseconds per tick, times 2^TSC_SHIFT */
	u64 ticks_per_ns;	/* [I] the inverse, times 2^TSC_SHIFT */
	u64 khz;	/* [I] ticks per millisecond */
};

extern struct tsc_clock tsc_clock;

void tsc_init(void);
u64 tsc_ns_to_ticks(u64 ns);

static inline u64 tsc_to_ns(u64 tsc)
{
	return (u64)(((unsigned __int128)(tsc - tsc_clock.base) * tsc_clock.mult) >> TSC_SHIFT);
}

/**
 * arch_clock_ns - monotonic nanoseconds since boot
 * Context: Any. Before tsc_init() it stands at 0.
 */
static inline u64 arch_clock_ns(void)
{
	return tsc_to_ns(rdtsc());
}

/* Spin. For device delays of microseconds only. */
void udelay(unsigned long usecs);
void ndelay(unsigned long nsecs);
void mdelay(unsigned long msecs);

/**
 * arch_read_rtc - seconds since 1970 from the CMOS clock (read as UTC)
 * Context: boot.
 */
s64 arch_read_rtc(void);

#endif

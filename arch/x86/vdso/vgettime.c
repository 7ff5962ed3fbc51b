// SPDX-License-Identifier: GPL-2.0-only
/*
 * The vDSO's functions: user mode runs them, in any process, with nothing but the page that the
 * kernel fills. No calls out of this file, no writable data, no absolute addresses.
 */
#include <linux/types.h>
#include <asm/segment.h>
#include <asm/vdso.h>
#include <uapi/asm/unistd_64.h>
#include <uapi/linux/time.h>
#include <uapi/linux/time_types.h>

#define NSEC_PER_SEC	1000000000UL
#define TSC_SHIFT	32
#define VDSO_CODE	__attribute__((section(".vdso.text"), used))

struct getcpu_cache;

int __vdso_clock_gettime(clockid_t clock, struct __kernel_timespec *ts);
int __vdso_gettimeofday(struct __kernel_old_timeval *tv, struct timezone *tz);
__kernel_old_time_t __vdso_time(__kernel_old_time_t *t);
int __vdso_clock_getres(clockid_t clock, struct __kernel_timespec *res);
int __vdso_getcpu(unsigned int *cpu, unsigned int *node, struct getcpu_cache *unused);

static __always_inline long ask_kernel(long nr, long a, long b)
{
	long ret;

	asm volatile("syscall" : "=a" (ret) : "0" (nr), "D" (a), "S" (b) : "rcx", "r11", "memory");
	return ret;
}

static __always_inline u64 read_counter(void)
{
	u32 lo, hi;

	asm volatile("lfence; rdtsc" : "=a" (lo), "=d" (hi) : : "memory");
	return ((u64)hi << 32) | lo;
}

enum offset { OFFSET_NONE, OFFSET_REAL, OFFSET_TAI };

/* Nanoseconds of a clock; false when only the kernel knows. */
static __always_inline bool clock_ns(enum offset which, u64 *ns)
{
	u32 seq;

	do {
		u64 delta;

		while ((seq = __atomic_load_n(&vdso_data.seq, __ATOMIC_ACQUIRE)) & 1)
			;
		if (!vdso_data.mult)
			return false;
		delta = read_counter() - vdso_data.base;
		*ns = (u64)(((unsigned __int128)delta * vdso_data.mult) >> TSC_SHIFT);
		if (which == OFFSET_REAL)
			*ns += vdso_data.offs_real;
		else if (which == OFFSET_TAI)
			*ns += vdso_data.offs_tai;
		__atomic_thread_fence(__ATOMIC_ACQUIRE);
	} while (__atomic_load_n(&vdso_data.seq, __ATOMIC_RELAXED) != seq);
	return true;
}

/* Clocks that run from the counter alone; -1 for the others. */
static __always_inline int offset_of(clockid_t clock)
{
	if (clock == CLOCK_REALTIME)
		return OFFSET_REAL;
	if (clock == CLOCK_MONOTONIC || clock == CLOCK_BOOTTIME || clock == CLOCK_MONOTONIC_RAW)
		return OFFSET_NONE;
	return clock == CLOCK_TAI ? OFFSET_TAI : -1;
}

VDSO_CODE int __vdso_clock_gettime(clockid_t clock, struct __kernel_timespec *ts)
{
	int which = offset_of(clock);
	u64 ns;

	if (which < 0 || !clock_ns(which, &ns))
		return ask_kernel(__NR_clock_gettime, clock, (long)ts);
	ts->tv_sec = ns / NSEC_PER_SEC;
	ts->tv_nsec = ns % NSEC_PER_SEC;
	return 0;
}

VDSO_CODE int __vdso_gettimeofday(struct __kernel_old_timeval *tv, struct timezone *tz)
{
	u64 ns;

	if (tz || !clock_ns(OFFSET_REAL, &ns))
		return ask_kernel(__NR_gettimeofday, (long)tv, (long)tz);
	if (tv) {
		tv->tv_sec = ns / NSEC_PER_SEC;
		tv->tv_usec = ns % NSEC_PER_SEC / 1000;
	}
	return 0;
}

VDSO_CODE __kernel_old_time_t __vdso_time(__kernel_old_time_t *t)
{
	u64 ns;
	__kernel_old_time_t seconds;

	if (!clock_ns(OFFSET_REAL, &ns))
		return ask_kernel(__NR_time, (long)t, 0);
	seconds = ns / NSEC_PER_SEC;
	if (t)
		*t = seconds;
	return seconds;
}

VDSO_CODE int __vdso_clock_getres(clockid_t clock, struct __kernel_timespec *res)
{
	if (offset_of(clock) < 0)
		return ask_kernel(__NR_clock_getres, clock, (long)res);
	if (res) {
		res->tv_sec = 0;
		res->tv_nsec = 1;
	}
	return 0;
}

/* The limit of a segment that each CPU has for this purpose is the CPU's number. */
VDSO_CODE int __vdso_getcpu(unsigned int *cpu, unsigned int *node, struct getcpu_cache *unused)
{
	unsigned int limit;

	asm volatile("lsl %1, %0" : "=r" (limit) : "r" (__CPUNODE_SEG));
	if (cpu)
		*cpu = limit & 0xfff;
	if (node)
		*node = limit >> 12;
	return 0;
}

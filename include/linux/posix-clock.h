/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Clock identifiers as user space forms them, and the CPU clocks behind the negative ones:
 * kernel/time/clocks.c and cpuclock.c.
 */
#ifndef _LINUX_POSIX_CLOCK_H
#define _LINUX_POSIX_CLOCK_H

#include <linux/time64.h>
#include <linux/types.h>

struct task_struct;

#define CPUCLOCK_PROF	0	/* user and system time */
#define CPUCLOCK_VIRT	1	/* user time */
#define CPUCLOCK_SCHED	2	/* run time */
#define CPUCLOCK_KINDS	3

#define CPUCLOCK_PID(clock)		((pid_t)~((clock) >> 3))
#define CPUCLOCK_PERTHREAD(clock)	(((clock) & 4) != 0)
#define CPUCLOCK_WHAT(clock)		((clock) & 3)
#define MAKE_CPU_CLOCK(pid, what, thread) \
	((clockid_t)((unsigned int)~(pid) << 3 | (what) | ((thread) ? 4 : 0)))

int clock_read(clockid_t clock, struct timespec64 *ts);
struct task_struct *cpu_clock_task(clockid_t clock, bool for_timer);
u64 cpu_clock_sample(clockid_t clock, struct task_struct *p);

#endif /* _LINUX_POSIX_CLOCK_H */

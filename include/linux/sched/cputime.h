/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Who used the CPUs: per task, per thread group, per CPU.
 */
#ifndef _LINUX_SCHED_CPUTIME_H
#define _LINUX_SCHED_CPUTIME_H

#include <linux/sched.h>

/* What a CPU's time went to, in nanoseconds; the columns of /proc/stat. */
enum cpu_usage_stat {
	CPUTIME_USER,
	CPUTIME_NICE,
	CPUTIME_SYSTEM,
	CPUTIME_SOFTIRQ,
	CPUTIME_IRQ,
	CPUTIME_IDLE,
	CPUTIME_IOWAIT,
	NR_CPU_STATS,
};

void cpu_stat_read(int cpu, u64 stat[NR_CPU_STATS]);
void prev_cputime_init(struct prev_cputime *prev);
u64 get_idle_time(void);
unsigned int nr_iowait(void);

/* signal's CPU-time timers: called from the tick, interrupts off, for the running task. */
void run_posix_cpu_timers(struct task_struct *tsk);

#endif /* _LINUX_SCHED_CPUTIME_H */

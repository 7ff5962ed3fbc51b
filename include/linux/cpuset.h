/* SPDX-License-Identifier: GPL-2.0-only */
/* Which CPUs a task's cpuset leaves it (kernel/cgroup/cpuset.c), cpuset(7). */
#ifndef _LINUX_CPUSET_H
#define _LINUX_CPUSET_H

#include <linux/cpumask.h>
#include <linux/sched.h>

void __cpuset_cpus_allowed(struct task_struct *tsk, struct cpumask *mask);

/**
 * cpuset_cpus_allowed - the CPUs of a task's cpuset
 * @tsk: a task; a reference or RCU keeps it
 * @mask: the answer, never empty
 *
 * Context: any, no lock of the scheduler held.
 */
static inline void cpuset_cpus_allowed(struct task_struct *tsk, struct cpumask *mask)
{
	if (likely(!READ_ONCE(tsk->cgroups)))
		*mask = *cpu_possible_mask;
	else
		__cpuset_cpus_allowed(tsk, mask);
}

#endif /* _LINUX_CPUSET_H */

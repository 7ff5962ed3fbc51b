// SPDX-License-Identifier: GPL-2.0-only
/*
 * membarrier(2): a full memory barrier on every CPU that runs the process (or any that registered),
 * so that the fast side of an algorithm needs none. No lock; registrations are atomic bits.
 */
#include <linux/rcupdate.h>
#include <linux/rseq.h>
#include <linux/smp.h>
#include <linux/syscalls.h>
#include <uapi/linux/membarrier.h>
#include "internal.h"

#define PRIVATE_RSEQ	(IS_ENABLED(CONFIG_RSEQ) ? MEMBARRIER_CMD_PRIVATE_EXPEDITED_RSEQ |	\
			 MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED_RSEQ : 0)
#define REGISTRATIONS	(MEMBARRIER_CMD_REGISTER_GLOBAL_EXPEDITED |		\
			 MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED |		\
			 MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED_SYNC_CORE)
#define COMMANDS	(MEMBARRIER_CMD_GLOBAL | MEMBARRIER_CMD_GLOBAL_EXPEDITED |	\
			 MEMBARRIER_CMD_PRIVATE_EXPEDITED |			\
			 MEMBARRIER_CMD_PRIVATE_EXPEDITED_SYNC_CORE | REGISTRATIONS |	\
			 PRIVATE_RSEQ)

/* Coming back from the interrupt also serialises the instruction stream (SDM vol. 3, 9.3). */
static void barrier_here(void *unused)
{
	smp_mb();
}

/* Coming back from the interrupt also ends the restartable sequence that it came into. */
static void restart_here(void *mm)
{
	smp_mb();
	if (current->mm == mm)
		rseq_preempt(current);
}

/* The register command of an expedited one is the next bit up. */
static int private_expedited(struct mm_struct *mm, int cmd)
{
	if (!(atomic_read(&mm->membarrier_state) & (cmd << 1)))
		return -EPERM;
	smp_mb();
	if (atomic_read(&mm->mm_users) > 1)
		smp_call_function_many(mm_cpumask(mm), barrier_here, NULL, true);
	smp_mb();
	return 0;
}

/* @cpu: the only one whose sequence is to end, or -1. The caller, in a system call, is in none. */
static int private_rseq(struct mm_struct *mm, int cpu)
{
	if (!(atomic_read(&mm->membarrier_state) & MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED_RSEQ))
		return -EPERM;
	smp_mb();
	if (atomic_read(&mm->mm_users) > 1 && cpu < 0)
		smp_call_function_many(mm_cpumask(mm), restart_here, mm, true);
	else if (atomic_read(&mm->mm_users) > 1 && cpu < (int)nr_cpu_ids && cpu_online(cpu) &&
		 cpumask_test_cpu(cpu, mm_cpumask(mm)))
		smp_call_function_single(cpu, restart_here, mm, 1);
	smp_mb();
	return 0;
}

static int rseq_command(struct mm_struct *mm, int cmd, unsigned int flags, int cpu)
{
	if (!IS_ENABLED(CONFIG_RSEQ))
		return -EINVAL;
	if (cmd == MEMBARRIER_CMD_PRIVATE_EXPEDITED_RSEQ)
		return private_rseq(mm, flags ? cpu : -1);
	atomic_fetch_or(cmd, &mm->membarrier_state);
	return 0;
}

SYSCALL_DEFINE3(membarrier, int, cmd, unsigned int, flags, int, cpu_id)
{
	struct mm_struct *mm = current->mm;

	if (flags && (cmd != MEMBARRIER_CMD_PRIVATE_EXPEDITED_RSEQ ||
		      flags != MEMBARRIER_CMD_FLAG_CPU))
		return -EINVAL;
	switch (cmd) {
	case MEMBARRIER_CMD_QUERY:
		return COMMANDS;
	case MEMBARRIER_CMD_GLOBAL:
		synchronize_rcu();
		return 0;
	case MEMBARRIER_CMD_GLOBAL_EXPEDITED:
		smp_mb();
		on_each_cpu(barrier_here, NULL, 1);
		return 0;
	case MEMBARRIER_CMD_PRIVATE_EXPEDITED:
	case MEMBARRIER_CMD_PRIVATE_EXPEDITED_SYNC_CORE:
		return private_expedited(mm, cmd);
	case MEMBARRIER_CMD_REGISTER_GLOBAL_EXPEDITED:
	case MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED:
	case MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED_SYNC_CORE:
		atomic_fetch_or(cmd, &mm->membarrier_state);
		return 0;
	case MEMBARRIER_CMD_PRIVATE_EXPEDITED_RSEQ:
	case MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED_RSEQ:
		return rseq_command(mm, cmd, flags, cpu_id);
	default:
		return -EINVAL;
	}
}

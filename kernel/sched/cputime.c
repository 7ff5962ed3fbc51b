// SPDX-License-Identifier: GPL-2.0-only
/*
 * Accounting of CPU time. How long a task ran is measured at each switch; the tick samples where it
 * ran, in user mode or in the kernel. What is reported divides the measured time in the ratio of
 * the samples, and never goes back (prev_cputime, under its lock).
 */
#include <linux/kernel.h>
#include <linux/math64.h>
#include <linux/rculist.h>
#include "internal.h"

static DEFINE_PER_CPU(u64[NR_CPU_STATS], cpu_stat);

DECLARE_PER_CPU(u64, idle_ns);
DECLARE_PER_CPU(u64, idle_since);
DECLARE_PER_CPU(seqcount_t, idle_seq);

/* One tick for the running task. Context: the timer interrupt. */
void account_tick(struct task_struct *p, bool user, u64 ns)
{
	u64 *stat = *this_cpu_ptr(&cpu_stat);

	if (user) {
		p->utime += ns;
		stat[task_nice(p) > 0 ? CPUTIME_NICE : CPUTIME_USER] += ns;
	} else {
		p->stime += ns;
		stat[CPUTIME_SYSTEM] += ns;
	}
}

static u64 cpu_idle_ns(int cpu)
{
	const seqcount_t *seq = per_cpu_ptr(&idle_seq, cpu);
	u64 since, sum, now;
	unsigned int start;

	do {
		start = read_seqcount_begin(seq);
		since = READ_ONCE(per_cpu(idle_since, cpu));
		sum = READ_ONCE(per_cpu(idle_ns, cpu));
		now = sched_clock();
	} while (read_seqcount_retry(seq, start));
	return since && now > since ? sum + now - since : sum;
}

/**
 * cpu_stat_read - what a CPU's time went to
 * @cpu: the CPU
 * @stat: nanoseconds by enum cpu_usage_stat
 */
void cpu_stat_read(int cpu, u64 stat[NR_CPU_STATS])
{
	u64 *from = per_cpu(cpu_stat, cpu);
	int i;

	for (i = 0; i < NR_CPU_STATS; i++)
		stat[i] = READ_ONCE(from[i]);
	stat[CPUTIME_IDLE] = cpu_idle_ns(cpu);
}

/* Tasks that sleep for a device. */
unsigned int nr_iowait(void)
{
	struct task_struct *p, *t;
	unsigned int n = 0;

	rcu_read_lock();
	for_each_process_thread(p, t)
		n += t->in_iowait && READ_ONCE(t->state) != TASK_RUNNING;
	rcu_read_unlock();
	return n;
}

/* All CPUs' idle time, ns. */
u64 get_idle_time(void)
{
	u64 sum = 0;
	unsigned int cpu;

	for_each_online_cpu(cpu)
		sum += cpu_idle_ns(cpu);
	return sum;
}

unsigned long long nr_context_switches(void)
{
	unsigned long long sum = 0;
	unsigned int cpu;

	for_each_possible_cpu(cpu)
		sum += READ_ONCE(cpu_rq(cpu)->nr_switches);
	return sum;
}

/**
 * task_sched_runtime - how long a task has run, up to this moment
 * @tsk: any task
 *
 * Return: nanoseconds.
 */
u64 task_sched_runtime(struct task_struct *tsk)
{
	unsigned long flags;
	struct rq *rq;
	u64 ns;

	/* Not on a CPU: nothing changes, and no lock is needed. */
	if (!READ_ONCE(tsk->on_cpu))
		return READ_ONCE(tsk->se.sum_exec_runtime);
	rq = task_rq_lock(tsk, &flags);
	if (rq->curr == tsk && tsk->on_rq)
		tsk->sched_class->update_curr(rq);
	ns = tsk->se.sum_exec_runtime;
	task_rq_unlock(rq, tsk, flags);
	return ns;
}

/* Divide @total in the ratio of the samples; without any, all of it is user time. */
static void divide(u64 total, u64 *utime, u64 *stime)
{
	u64 sum = *utime + *stime;

	if (!*stime)
		*stime = 0;
	else if (!*utime)
		*stime = total;
	else
		*stime = mul_u64_u64_div_u64(total, *stime, sum);
	*utime = total - *stime;
}

void prev_cputime_init(struct prev_cputime *prev)
{
	spin_lock_init(&prev->lock);
	prev->utime = 0;
	prev->stime = 0;
}

/* Neither part may be less than last time; their sum is @total, or what it was last time. */
static void adjust(u64 total, struct prev_cputime *prev, u64 *utime, u64 *stime)
{
	unsigned long flags;

	spin_lock_irqsave(&prev->lock, flags);
	if (prev->utime + prev->stime < total) {
		divide(total, utime, stime);
		if (*stime < prev->stime)
			*stime = prev->stime;
		*utime = total - *stime;
		if (*utime < prev->utime) {
			*utime = prev->utime;
			*stime = total - *utime;
		}
		prev->utime = *utime;
		prev->stime = *stime;
	}
	*utime = prev->utime;
	*stime = prev->stime;
	spin_unlock_irqrestore(&prev->lock, flags);
}

/**
 * task_cputime - a thread's user and system time
 * @tsk: the thread
 * @utime: nanoseconds
 * @stime: nanoseconds
 */
void task_cputime(struct task_struct *tsk, u64 *utime, u64 *stime)
{
	*utime = READ_ONCE(tsk->utime);
	*stime = READ_ONCE(tsk->stime);
	adjust(task_sched_runtime(tsk), &tsk->prev_cputime, utime, stime);
}

/**
 * thread_group_cputime - what all threads of a process used, the dead ones included
 * @tsk: any of its threads
 * @times: the sums
 *
 * Context: any; takes no siglock.
 */
void thread_group_cputime(struct task_struct *tsk, struct task_cputime *times)
{
	struct signal_struct *sig = tsk->signal;
	struct task_struct *t;
	unsigned int seq;
	u64 utime, stime;

	rcu_read_lock();
	do {
		seq = read_seqbegin(&sig->stats_lock);
		times->utime = sig->utime;
		times->stime = sig->stime;
		times->sum_exec_runtime = sig->sum_sched_runtime;
		__for_each_thread(sig, t) {
			task_cputime(t, &utime, &stime);
			times->utime += utime;
			times->stime += stime;
			times->sum_exec_runtime += task_sched_runtime(t);
		}
	} while (read_seqretry(&sig->stats_lock, seq));
	rcu_read_unlock();
}

/* User and system time of a process, neither of which ever goes back. */
void thread_group_cputime_adjusted(struct task_struct *tsk, u64 *ut, u64 *st)
{
	struct task_cputime times;

	thread_group_cputime(tsk, &times);
	*ut = times.utime;
	*st = times.stime;
	adjust(times.sum_exec_runtime, &tsk->signal->prev_cputime, ut, st);
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * The clocks that show CPU time: of the calling process or thread, and, with negative identifiers
 * (clock_getcpuclockid(3)), of others. Bits 0-1 say what is counted, bit 2 that it is a thread's,
 * the rest is the complement of the pid, 0 for the caller. Tasks are looked up under RCU.
 */
#include <linux/pid.h>
#include <linux/posix-clock.h>
#include <linux/sched/cputime.h>
#include <linux/sched.h>
#include "internal.h"

/* The fixed identifiers in the general form. */
static clockid_t normalise(clockid_t clock)
{
	if (clock == CLOCK_PROCESS_CPUTIME_ID)
		return MAKE_CPU_CLOCK(0, CPUCLOCK_SCHED, false);
	if (clock == CLOCK_THREAD_CPUTIME_ID)
		return MAKE_CPU_CLOCK(0, CPUCLOCK_SCHED, true);
	return clock;
}

/**
 * cpu_clock_task - whom a CPU clock counts
 * @clock: in the general form, or one of the two fixed ones
 * @for_timer: a timer is to follow it: other processes' clocks are refused
 *
 * A thread's clock is visible in its own process only.
 *
 * Context: rcu_read_lock(), under which the result stays.
 * Return: the task (the leader, for a process), or NULL when there is no such clock.
 */
struct task_struct *cpu_clock_task(clockid_t clock, bool for_timer)
{
	struct task_struct *p;
	pid_t nr;

	clock = normalise(clock);
	if (CPUCLOCK_WHAT(clock) >= CPUCLOCK_KINDS)
		return NULL;
	nr = CPUCLOCK_PID(clock);
	if (!nr)
		return CPUCLOCK_PERTHREAD(clock) ? current : current->group_leader;
	p = find_task_by_vpid(nr);
	if (!p)
		return NULL;
	if (CPUCLOCK_PERTHREAD(clock))
		return same_thread_group(p, current) ? p : NULL;
	/* Reading one's own process's clock works through any of one's own thread ids. */
	if (p == current && !for_timer)
		return p->group_leader;
	return thread_group_leader(p) ? p : NULL;
}

static u64 pick_sample(clockid_t clock, const struct task_cputime *t)
{
	switch (CPUCLOCK_WHAT(clock)) {
	case CPUCLOCK_PROF:
		return t->utime + t->stime;
	case CPUCLOCK_VIRT:
		return t->utime;
	default:
		return t->sum_exec_runtime;
	}
}

/**
 * cpu_clock_sample - what a CPU clock shows for a task
 * @clock: in the general form, or one of the two fixed ones
 * @p: from cpu_clock_task()
 *
 * Return: nanoseconds.
 */
u64 cpu_clock_sample(clockid_t clock, struct task_struct *p)
{
	struct task_cputime t = { };

	clock = normalise(clock);
	if (!CPUCLOCK_PERTHREAD(clock)) {
		thread_group_cputime(p, &t);
	} else if (CPUCLOCK_WHAT(clock) == CPUCLOCK_SCHED) {
		t.sum_exec_runtime = task_sched_runtime(p);
	} else {
		task_cputime(p, &t.utime, &t.stime);
	}
	return pick_sample(clock, &t);
}

int cpu_clock_check(clockid_t clock)
{
	struct task_struct *p;

	rcu_read_lock();
	p = cpu_clock_task(clock, false);
	rcu_read_unlock();
	return p ? 0 : -EINVAL;
}

static int sample(clockid_t clock, u64 *ns)
{
	struct task_struct *p;

	rcu_read_lock();
	p = cpu_clock_task(clock, false);
	if (p)
		*ns = cpu_clock_sample(clock, p);
	rcu_read_unlock();
	return p ? 0 : -EINVAL;
}

int cpu_clock_get(clockid_t clock, struct timespec64 *ts)
{
	u64 ns;
	int err = sample(clock, &ns);

	if (!err)
		*ts = ns_to_timespec64(ns);
	return err;
}

/* User and system time are counted in ticks, run time exactly. */
u32 cpu_clock_resolution(clockid_t clock)
{
	return CPUCLOCK_WHAT(normalise(clock)) == CPUCLOCK_SCHED ? 1 : TICK_NSEC;
}

/* ---- sleeping on one ---- */

/*
 * A process's CPU time grows at most as fast as all CPUs together: sleep so long that it cannot be
 * over before, look, and sleep again.
 */
static ktime_t sleep_step(u64 left)
{
	return max_t(u64, left / num_online_cpus(), TICK_NSEC / 4);
}

/* Return: 0 when the clock got to @expires, 1 when a signal came first, -EINVAL: no such clock. */
static int sleep_on_cpu_clock(clockid_t clock, u64 expires, u64 *now)
{
	int err;

	for (;;) {
		ktime_t step;

		err = sample(clock, now);
		if (err)
			return err;
		if (*now >= expires)
			return 0;
		if (signal_pending(current))
			return 1;
		step = sleep_step(expires - *now);
		set_current_state(TASK_INTERRUPTIBLE);
		schedule_hrtimeout(&step, HRTIMER_MODE_REL);
	}
}

static long cpu_sleep_relative(struct restart_block *block)
{
	u64 now, expires = block->nanosleep.expires;
	struct timespec64 left;
	int ret;

	ret = sleep_on_cpu_clock(block->nanosleep.clockid, expires, &now);
	if (ret <= 0)
		return ret;
	left = ns_to_timespec64(expires - now);
	if (block->nanosleep.rmtp && put_timespec64(&left, block->nanosleep.rmtp))
		return -EFAULT;
	block->fn = cpu_sleep_relative;
	return -ERESTART_RESTARTBLOCK;
}

/**
 * cpu_clock_sleep - clock_nanosleep(2) on a CPU clock
 *
 * Return: 0; -EINVAL for the caller's own thread clock, which would stand still; -ERESTART*.
 */
long cpu_clock_sleep(clockid_t clock, int flags, const struct timespec64 *rqtp,
		     struct __kernel_timespec __user *rmtp)
{
	struct restart_block *block = &current->restart_block;
	u64 now, expires = timespec64_to_ns(rqtp);
	int ret;

	if (clock < 0 && CPUCLOCK_PERTHREAD(clock) &&
	    (!CPUCLOCK_PID(clock) || CPUCLOCK_PID(clock) == task_pid_vnr(current)))
		return -EINVAL;
	if (flags & TIMER_ABSTIME) {
		ret = sleep_on_cpu_clock(clock, expires, &now);
		return ret > 0 ? -ERESTARTNOHAND : ret;
	}
	ret = sample(clock, &now);
	if (ret)
		return ret;
	block->nanosleep.clockid = clock;
	block->nanosleep.rmtp = rmtp;
	block->nanosleep.expires = ktime_add_safe(now, expires);
	return cpu_sleep_relative(block);
}

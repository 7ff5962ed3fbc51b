// SPDX-License-Identifier: GPL-2.0-only
/*
 * Priorities: nice weights, and changing a task's policy, priority or set of CPUs while it may be
 * queued or running. pi_lock and the queue's lock together keep the task where it is meanwhile.
 */
#include <linux/futex.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/sched.h>
#include "internal.h"

/* Weight by nice + 20: each step is a quarter more or a fifth less, 1024 in the middle. */
unsigned int nice_weight[NICE_WIDTH];

void __init sched_prio_init(void)
{
	u64 up = NICE_0_WEIGHT << 20, down = up;
	int step;

	nice_weight[-MIN_NICE] = NICE_0_WEIGHT;
	for (step = 1; step <= -MIN_NICE; step++) {
		up = up * 5 / 4;
		down = down * 4 / 5;
		nice_weight[-MIN_NICE - step] = (up + (1 << 19)) >> 20;
		if (step <= MAX_NICE)
			nice_weight[-MIN_NICE + step] = (down + (1 << 19)) >> 20;
	}
}

/**
 * set_task_policy - write down a policy and what follows from it
 * @p: on no queue, and either new or locked by task_rq_lock()
 * @policy: SCHED_*
 * @rt_priority: 1 to 99 for the real-time policies, else 0
 * @nice: kept also while a real-time policy makes it meaningless
 */
void set_task_policy(struct task_struct *p, unsigned int policy, unsigned int rt_priority,
		     int nice)
{
	p->policy = policy;
	p->rt_priority = rt_priority;
	p->static_prio = NICE_TO_PRIO(nice);
	p->normal_prio = rt_policy(policy) ? MAX_RT_PRIO - 1 - (int)rt_priority : p->static_prio;
	p->prio = min(p->normal_prio, MAX_PRIO - (int)p->boost);
	p->se.weight = policy == SCHED_IDLE ? WEIGHT_IDLEPRIO : nice_weight[nice - MIN_NICE];
	p->sched_class = p->prio < MAX_RT_PRIO ? &rt_sched_class : &fair_sched_class;
}

/* Take a task off its queue for a change, and put it back. Context: task_rq_lock() */
static void change_queued(struct rq *rq, struct task_struct *p, unsigned int policy,
			  unsigned int rt_priority, int nice)
{
	bool queued = p->on_rq == TASK_ON_RQ_QUEUED, running = rq->curr == p;

	if (queued)
		p->sched_class->dequeue(rq, p, 0);
	set_task_policy(p, policy, rt_priority, nice);
	p->rt.time_slice = 0;
	if (!queued)
		return;
	p->sched_class->enqueue(rq, p, 0);
	if (running) {
		p->sched_class->set_curr(rq, p);
		resched_curr(rq);
	} else {
		check_preempt(rq, p);
	}
}

/**
 * sched_change_policy - give a task another policy
 * @p: the task
 * @policy: SCHED_*
 * @rt_priority: for the real-time policies, else 0
 * @nice: for the others; the real-time ones keep it for later
 * @reset_on_fork: children begin with the default policy
 *
 * Context: any; the caller has checked the values and permissions.
 */
void sched_change_policy(struct task_struct *p, unsigned int policy, unsigned int rt_priority,
			 int nice, bool reset_on_fork)
{
	unsigned long flags;
	struct rq *rq = task_rq_lock(p, &flags);

	p->sched_reset_on_fork = reset_on_fork;
	change_queued(rq, p, policy, rt_priority, nice);
	task_rq_unlock(rq, p, flags);
	if (unlikely(READ_ONCE(p->pi_waiter)))
		futex_pi_prio_changed(p);
}

/**
 * sched_set_boost - lend a task a priority, or take it back
 * @p: the task
 * @prio: the best one that waits for it; MAX_PRIO: none
 *
 * Policy, nice value and what sched_getparam(2) tells stay the task's own.
 * Context: spinlocks up to LOCK_RANK_FUTEX_PI may be held.
 */
void sched_set_boost(struct task_struct *p, int prio)
{
	unsigned int boost = MAX_PRIO - prio;
	unsigned long flags;
	struct rq *rq;

	if (p->boost == boost)
		return;
	rq = task_rq_lock(p, &flags);
	p->boost = boost;
	if (p->prio != min(p->normal_prio, prio))
		change_queued(rq, p, p->policy, p->rt_priority, task_nice(p));
	task_rq_unlock(rq, p, flags);
}

void set_user_nice(struct task_struct *p, long nice)
{
	unsigned long flags;
	struct rq *rq;

	nice = clamp(nice, (long)MIN_NICE, (long)MAX_NICE);
	rq = task_rq_lock(p, &flags);
	if (task_nice(p) != nice)
		change_queued(rq, p, p->policy, p->rt_priority, nice);
	task_rq_unlock(rq, p, flags);
}

/* Is it where it may be, or asleep, so that its wake-up will see to that? */
static bool cpu_is_right(struct task_struct *p)
{
	return cpumask_test_cpu(task_cpu(p), &p->cpus_mask) || !READ_ONCE(p->on_rq);
}

/*
 * Move a waiting task at once; a running one goes when it next enters the scheduler. Context:
 * task_rq_lock(). Return: the queue that it is on and whose lock is held now. Were that one let go
 * in between, another CPU could pull the task on, to a queue that is not locked by us.
 */
static struct rq *leave_wrong_cpu(struct rq *rq, struct task_struct *p)
{
	int cpu;

	if (cpu_is_right(p) || p->on_rq != TASK_ON_RQ_QUEUED)
		return rq;
	if (task_running(rq, p)) {
		resched_curr(rq);
		return rq;
	}
	cpu = any_allowed_cpu(p);
	deactivate_task(rq, p, 0);
	set_task_cpu(p, cpu);
	spin_unlock(&rq->lock);
	rq = cpu_rq(cpu);
	spin_lock(&rq->lock);
	update_rq_clock(rq);
	activate_task(rq, p, 0);
	check_preempt(rq, p);
	return rq;
}

/* Context: task_rq_lock() */
static void set_mask(struct task_struct *p, const cpumask_t *mask)
{
	p->cpus_mask = *mask;
	p->nr_cpus_allowed = cpumask_weight(mask);
}

/**
 * sched_set_allowed - a task's cpuset leaves it other CPUs than before
 * @p: the task; it cannot go away
 * @allowed: the cpuset's
 *
 * What was wished for with sched_setaffinity(2) is kept as far as the cpuset has it. @p may be
 * running elsewhere still: sched_leave_wrong_cpu() sees to that.
 * Context: any; tasklist_lock may be held.
 */
void sched_set_allowed(struct task_struct *p, const cpumask_t *allowed)
{
	cpumask_t mask;
	unsigned long flags;
	struct rq *rq = task_rq_lock(p, &flags);

	if (!cpumask_and(&mask, allowed, &p->user_cpus))
		mask = *allowed;
	set_mask(p, &mask);
	task_rq_unlock(rq, p, flags);
}

/**
 * sched_leave_wrong_cpu - move a task that is where it may not be, or make it go
 * @p: a task other than current; it cannot go away
 *
 * Context: any; tasklist_lock may be held.
 * Return: true when it is still there: look again a little later.
 */
bool sched_leave_wrong_cpu(struct task_struct *p)
{
	unsigned long flags;
	struct rq *rq;

	if (cpu_is_right(p))
		return false;
	rq = leave_wrong_cpu(task_rq_lock(p, &flags), p);
	task_rq_unlock(rq, p, flags);
	return !cpu_is_right(p);
}

/**
 * set_user_cpus - set_cpus_allowed_ptr(), and remember what was wished for
 * @wish: kept for when the cpuset changes; NULL: as before
 */
int set_user_cpus(struct task_struct *p, const cpumask_t *mask, const cpumask_t *wish)
{
	unsigned long flags;
	struct rq *rq;

	if (!cpumask_intersects(mask, cpu_online_mask))
		return -EINVAL;
	rq = task_rq_lock(p, &flags);
	set_mask(p, mask);
	if (wish)
		p->user_cpus = *wish;
	task_rq_unlock(rq, p, flags);
	if (p == current) {
		if (!cpu_is_right(p))
			schedule();
		return 0;
	}
	while (sched_leave_wrong_cpu(p))
		schedule_timeout_uninterruptible_ns(100 * NSEC_PER_USEC);
	return 0;
}

/**
 * set_cpus_allowed_ptr - change the set of CPUs that a task may use
 * @p: the task; the caller holds a reference
 * @mask: the new set
 *
 * When this returns, @p does not run outside of @mask.
 *
 * Context: sleeps.
 * Return: 0, or -EINVAL when no CPU of @mask is online.
 */
int set_cpus_allowed_ptr(struct task_struct *p, const cpumask_t *mask)
{
	return set_user_cpus(p, mask, NULL);
}

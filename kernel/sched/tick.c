// SPDX-License-Identifier: GPL-2.0-only
/*
 * The tick: HZ times a second on each CPU that has something to do. It accounts time, lets the
 * running task's class decide whether its turn is over, and looks after balance and RCU. A halted
 * CPU has none; it is started with the first task and ends with the first tick that finds none.
 */
#include <linux/kernel.h>
#include <linux/posix-timers.h>
#include <linux/rcupdate.h>
#include <linux/sched/cputime.h>
#include <asm/irq_regs.h>
#include <asm/ptrace.h>
#include "internal.h"

DEFINE_PER_CPU(struct pt_regs *, irq_regs);

/* On the multiples of a tick, each CPU a little later, so that they do not all want one lock. */
static ktime_t next_tick(struct rq *rq)
{
	u64 skew = rq->cpu * (TICK_NSEC / 32);
	u64 now = sched_clock() - skew;

	return now - now % TICK_NSEC + TICK_NSEC + skew;
}

static void tick_running(struct rq *rq, struct task_struct *curr)
{
	spin_lock(&rq->lock);
	update_rq_clock(rq);
	curr->sched_class->tick(rq, curr);
	if (unlikely(rq->rt.throttled))
		rt_tick_throttled(rq);
	balance_tick(rq);
	spin_unlock(&rq->lock);
}

static enum hrtimer_restart tick(struct hrtimer *timer)
{
	struct rq *rq = container_of(timer, struct rq, tick);
	struct task_struct *curr = current;
	bool user = user_mode(get_irq_regs());

	rcu_tick(user);
	loadavg_update(sched_clock());
	if (curr == rq->idle) {
		if (!rcu_needs_cpu()) {
			rq->ticking = false;
			return HRTIMER_NORESTART;
		}
	} else {
		account_tick(curr, user, TICK_NSEC);
		tick_running(rq, curr);
		run_posix_cpu_timers(curr);
	}
	timer->expires = next_tick(rq);
	return HRTIMER_RESTART;
}

/* Context: interrupts off, this CPU. */
void tick_start(struct rq *rq)
{
	rq->ticking = true;
	hrtimer_start(&rq->tick, next_tick(rq), HRTIMER_MODE_ABS_PINNED);
}

void tick_init_cpu(struct rq *rq)
{
	hrtimer_setup(&rq->tick, tick, CLOCK_MONOTONIC, HRTIMER_MODE_ABS_PINNED);
}

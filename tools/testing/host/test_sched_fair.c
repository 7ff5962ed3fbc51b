// SPDX-License-Identifier: GPL-2.0-only
/*
 * When a turn ends (kernel/sched/fair.c itself): one task runs, on a queue whose clock is set by
 * hand, and others wake up or wait.
 */
#include <host.h>
#include <linux/kernel.h>
#include <linux/selftest.h>
#include <linux/string.h>

#define resched_curr		model_resched_curr
#define head_start_limit	model_head_start_limit
#define fair_sched_class	model_fair_sched_class

#include "../../../kernel/sched/internal.h"
#include "../../../kernel/sched/fair.c"

#define USEC	NSEC_PER_USEC
#define MSEC	NSEC_PER_MSEC

static struct rq rq;
static struct task_struct runner, sleeper, waiter;
static bool ends;

void resched_curr(struct rq *which)
{
	ends = true;
}

void head_start_limit(struct rq *which, struct task_struct *p)
{
}

static void runnable(struct task_struct *p, int flags)
{
	p->se.weight = NICE_0_WEIGHT;
	p->policy = SCHED_NORMAL;
	enqueue_fair(&rq, p, flags);
}

/* Is the turn of the running task over, after so long and then what @event does? */
static bool over(u64 ns, void (*event)(void))
{
	rq.clock += ns;
	ends = false;
	event();
	return ends;
}

static void tick_comes(void)
{
	tick_fair(&rq, rq.curr);
}

static void sleeper_wakes(void)
{
	runnable(&sleeper, ENQUEUE_WAKEUP);
	check_preempt_fair(&rq, &sleeper);
}

static void switch_to_next(void)
{
	if (rq.fair.curr)
		put_prev_fair(&rq, rq.curr);
	rq.curr = pick_fair(&rq);
}

/* @runner has computed for long, while the others slept; it has just been picked once more. */
static void a_new_turn(void)
{
	memset(&rq, 0, sizeof(rq));
	memset(&runner, 0, sizeof(runner));
	memset(&sleeper, 0, sizeof(sleeper));
	memset(&waiter, 0, sizeof(waiter));
	init_fair_rq(&rq.fair);
	runnable(&runner, ENQUEUE_NEW);
	sleeper.se.vruntime = waiter.se.vruntime = runner.se.vruntime;
	switch_to_next();
	rq.clock += 100 * MSEC;
	update_curr_fair(&rq);
	switch_to_next();
}

SELFTEST(sched_fair, a_woken_task_preempts_one_that_has_run)
{
	a_new_turn();
	KT_EXPECT(over(2 * MSEC, sleeper_wakes));
	switch_to_next();
	KT_EXPECT(rq.curr == &sleeper);
}

/* Else a writer with many readers is put aside at each message. */
SELFTEST(sched_fair, a_turn_that_has_just_begun_goes_on_until_the_tick)
{
	a_new_turn();
	KT_EXPECT(!over(100 * USEC, sleeper_wakes));
	KT_EXPECT(over(2 * MSEC, tick_comes));
	switch_to_next();
	KT_EXPECT(rq.curr == &sleeper);
}

/* Who was held off may run elsewhere by now. Those who wait have their turn later. */
SELFTEST(sched_fair, nobody_is_left_to_hurry_for)
{
	a_new_turn();
	runnable(&waiter, ENQUEUE_NEW);
	KT_EXPECT(!over(100 * USEC, sleeper_wakes));
	dequeue_fair(&rq, &sleeper, 0);
	KT_EXPECT(!over(400 * USEC, tick_comes));
}

/* What happened in one turn is forgotten in the next. */
SELFTEST(sched_fair, the_next_turn_is_a_whole_one)
{
	a_new_turn();
	KT_EXPECT(!over(100 * USEC, sleeper_wakes));
	switch_to_next();
	KT_EXPECT(rq.curr == &sleeper);
	rq.clock += 4 * MSEC;
	runnable(&waiter, ENQUEUE_WAKEUP);
	KT_EXPECT(far_behind(&waiter.se, &sleeper.se));
	KT_EXPECT(!over(100 * USEC, tick_comes));
}

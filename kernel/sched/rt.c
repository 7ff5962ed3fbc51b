// SPDX-License-Identifier: GPL-2.0-only
/*
 * The real-time class: SCHED_FIFO and SCHED_RR, the best priority first, in order of arrival within
 * one (sched(7)). Of each second, 50 ms are left to the fair class if it wants them, so that a
 * runaway can be stopped. Everything here runs under the queue's lock.
 */
#include <linux/bitops.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/kstrtox.h>
#include <linux/sysctl.h>
#include "internal.h"

#define RR_SLICE_MS	100
#define RT_PERIOD_NS	NSEC_PER_SEC
#define RT_RUNTIME_NS	(950 * NSEC_PER_MSEC)

/* sysctl kernel.sched_rr_timeslice_ms; read without a lock, one reading is as good as another */
static int rr_slice_ms = RR_SLICE_MS;

static u64 rr_slice_ns(void)
{
	return (u64)READ_ONCE(rr_slice_ms) * NSEC_PER_MSEC;
}

static unsigned int rr_slice_ticks(void)
{
	return max_t(u64, rr_slice_ns() / TICK_NSEC, 1);
}

static void update_curr_rt(struct rq *rq)
{
	struct task_struct *curr = rq->curr;
	s64 delta = rq->clock - curr->se.exec_start;

	if (curr->sched_class != &rt_sched_class || delta <= 0)
		return;
	curr->se.exec_start = rq->clock;
	curr->se.sum_exec_runtime += delta;
	rq->rt.period_time += delta;
}

static void add_to_list(struct rt_rq *rt, struct task_struct *p, bool head)
{
	struct list_head *queue = &rt->queue[p->prio];

	if (head)
		list_add(&p->rt.run_list, queue);
	else
		list_add_tail(&p->rt.run_list, queue);
	__set_bit(p->prio, rt->bitmap);
}

static void enqueue_rt(struct rq *rq, struct task_struct *p, int flags)
{
	if (!p->rt.time_slice)
		p->rt.time_slice = rr_slice_ticks();
	if (flags & ENQUEUE_WAKEUP)
		p->rt.timeout = 0;
	add_to_list(&rq->rt, p, false);
	rq->rt.nr++;
}

static void dequeue_rt(struct rq *rq, struct task_struct *p, int flags)
{
	update_curr_rt(rq);
	list_del_init(&p->rt.run_list);
	if (list_empty(&rq->rt.queue[p->prio]))
		__clear_bit(p->prio, rq->rt.bitmap);
	rq->rt.nr--;
}

static void set_curr_rt(struct rq *rq, struct task_struct *p)
{
	p->se.exec_start = rq->clock;
	p->se.prev_sum_exec_runtime = p->se.sum_exec_runtime;
}

/* A new period begins: real-time tasks have all of their share again. */
static void renew_period(struct rq *rq)
{
	struct rt_rq *rt = &rq->rt;

	if (rq->clock - rt->period_start < RT_PERIOD_NS)
		return;
	rt->period_start = rq->clock;
	rt->period_time = 0;
	rt->throttled = false;
}

/* A fair task runs in the real-time tasks' stead: until the period is over. */
void rt_tick_throttled(struct rq *rq)
{
	renew_period(rq);
	if (!rq->rt.throttled)
		resched_curr(rq);
}

/* The running task stays on its list, at the head, so that a preempted one goes on first. */
static struct task_struct *pick_rt(struct rq *rq)
{
	struct rt_rq *rt = &rq->rt;
	struct task_struct *p;
	unsigned int prio;

	renew_period(rq);
	if (unlikely(rt->throttled) && rq->fair.nr)
		return NULL;
	prio = find_first_bit(rt->bitmap, MAX_RT_PRIO);
	p = list_first_entry(&rt->queue[prio], struct task_struct, rt.run_list);
	set_curr_rt(rq, p);
	return p;
}

static void put_prev_rt(struct rq *rq, struct task_struct *p)
{
}

static void check_preempt_rt(struct rq *rq, struct task_struct *p)
{
	if (p->prio < rq->curr->prio)
		resched_curr(rq);
}

static void to_tail(struct rt_rq *rt, struct task_struct *p)
{
	list_move_tail(&p->rt.run_list, &rt->queue[p->prio]);
}

static void tick_rt(struct rq *rq, struct task_struct *curr)
{
	struct rt_rq *rt = &rq->rt;

	update_curr_rt(rq);
	renew_period(rq);
	if (rt_policy(curr->policy))	/* and not only lent the priority */
		curr->rt.timeout++;
	if (rt->period_time >= RT_RUNTIME_NS && rq->fair.nr) {
		rt->throttled = true;
		resched_curr(rq);
	}
	if (curr->policy != SCHED_RR || --curr->rt.time_slice)
		return;
	curr->rt.time_slice = rr_slice_ticks();
	if (rt->queue[curr->prio].next != rt->queue[curr->prio].prev) {
		to_tail(rt, curr);
		resched_curr(rq);
	}
}

static void yield_rt(struct rq *rq)
{
	to_tail(&rq->rt, rq->curr);
}

static u64 rr_interval_rt(struct rq *rq, struct task_struct *p)
{
	return p->policy == SCHED_RR ? rr_slice_ns() : 0;
}

void init_rt_rq(struct rt_rq *rt)
{
	int prio;

	for (prio = 0; prio < MAX_RT_PRIO; prio++)
		INIT_LIST_HEAD(&rt->queue[prio]);
}

const struct sched_class rt_sched_class = {
	.rank = 2,
	.enqueue = enqueue_rt,
	.dequeue = dequeue_rt,
	.pick = pick_rt,
	.set_curr = set_curr_rt,
	.put_prev = put_prev_rt,
	.update_curr = update_curr_rt,
	.check_preempt = check_preempt_rt,
	.tick = tick_rt,
	.yield = yield_rt,
	.rr_interval = rr_interval_rt,
};

static int get_rr_slice(char *buf, size_t size)
{
	return scnprintf(buf, size, "%d", rr_slice_ms);
}

/* Nothing or less is the default again: sched(7). */
static int set_rr_slice(char *text)
{
	int ms;

	if (kstrtoint(text, 10, &ms))
		return -EINVAL;
	WRITE_ONCE(rr_slice_ms, ms > 0 ? ms : RR_SLICE_MS);
	return 0;
}

static const struct ctl_table rt_table[] = {
	{ .name = "sched_rr_timeslice_ms", .mode = 0644, .kind = CTL_CALL,
	  .get = get_rr_slice, .set = set_rr_slice },
};

static int __init rt_sysctl_init(void)
{
	return register_sysctl("kernel", rt_table, ARRAY_SIZE(rt_table));
}
fs_initcall(rt_sysctl_init);

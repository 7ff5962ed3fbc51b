// SPDX-License-Identifier: GPL-2.0-only
/*
 * The fair class: whoever has had the least CPU time for its weight runs next. Virtual run time is
 * real run time scaled by NICE_0_WEIGHT / weight. Everything here runs under the queue's lock.
 */
#include <linux/kernel.h>
#include "internal.h"

/* All runnable tasks run once in this time, as long as each then gets MIN_SLICE. */
#define LATENCY_NS	(20 * NSEC_PER_MSEC)
#define MIN_SLICE_NS	(5 * NSEC_PER_MSEC)
/* A woken task preempts only one that is ahead of it by more than this, and has run for as long. */
#define WAKEUP_GRAN_NS	NSEC_PER_MSEC

#define task_of(se)	container_of(se, struct task_struct, se)

static inline bool before(u64 a, u64 b)
{
	return (s64)(a - b) < 0;
}

/* @delta real nanoseconds in virtual ones. */
static inline u64 to_virtual(u64 delta, const struct sched_entity *se)
{
	if (likely(se->weight == NICE_0_WEIGHT))
		return delta;
	return delta * NICE_0_WEIGHT / se->weight;
}

static inline struct sched_entity *first_waiting(struct fair_rq *fair)
{
	return rb_entry_safe(rb_first_cached(&fair->tasks), struct sched_entity, run_node);
}

static bool entity_less(struct rb_node *a, const struct rb_node *b)
{
	return before(rb_entry(a, struct sched_entity, run_node)->vruntime,
		      rb_entry(b, struct sched_entity, run_node)->vruntime);
}

/* min_vruntime follows the task that is furthest behind, and never goes back. */
static void update_min_vruntime(struct fair_rq *fair)
{
	struct sched_entity *first = first_waiting(fair), *curr = fair->curr;
	u64 least;

	if (curr)
		least = first && before(first->vruntime, curr->vruntime) ? first->vruntime :
									  curr->vruntime;
	else if (first)
		least = first->vruntime;
	else
		return;
	if (before(fair->min_vruntime, least))
		fair->min_vruntime = least;
}

static void update_curr_fair(struct rq *rq)
{
	struct sched_entity *curr = rq->fair.curr;
	s64 delta;

	if (!curr)
		return;
	delta = rq->clock - curr->exec_start;
	if (delta <= 0)
		return;
	curr->exec_start = rq->clock;
	curr->sum_exec_runtime += delta;
	curr->vruntime += to_virtual(delta, curr);
	update_min_vruntime(&rq->fair);
}

/* A sleeper may not claim all the time it slept, nor a new task be ahead of the others. */
static void place_entity(struct fair_rq *fair, struct sched_entity *se, int flags)
{
	u64 least = fair->min_vruntime;

	if (flags & ENQUEUE_WAKEUP)
		least -= LATENCY_NS / 2;
	if (before(se->vruntime, least))
		se->vruntime = least;
}

static void enqueue_fair(struct rq *rq, struct task_struct *p, int flags)
{
	struct fair_rq *fair = &rq->fair;
	struct sched_entity *se = &p->se;

	update_curr_fair(rq);
	if (flags & ENQUEUE_NEW)
		se->vruntime = fair->curr ? fair->curr->vruntime : fair->min_vruntime;
	place_entity(fair, se, flags);
	fair->weight += se->weight;
	fair->nr++;
	rb_add_cached(&se->run_node, &fair->tasks, entity_less);
}

static void forget_hints(struct fair_rq *fair, struct sched_entity *se)
{
	if (fair->next == se)
		fair->next = NULL;
	if (fair->skip == se)
		fair->skip = NULL;
}

static void dequeue_fair(struct rq *rq, struct task_struct *p, int flags)
{
	struct fair_rq *fair = &rq->fair;
	struct sched_entity *se = &p->se;

	update_curr_fair(rq);
	if (fair->curr == se)
		fair->curr = NULL;
	else
		rb_erase_cached(&se->run_node, &fair->tasks);
	fair->weight -= se->weight;
	fair->nr--;
	forget_hints(fair, se);
	update_min_vruntime(fair);
}

static void set_curr_fair(struct rq *rq, struct task_struct *p)
{
	struct fair_rq *fair = &rq->fair;

	rb_erase_cached(&p->se.run_node, &fair->tasks);
	p->se.exec_start = rq->clock;
	p->se.prev_sum_exec_runtime = p->se.sum_exec_runtime;
	fair->curr = &p->se;
	fair->held_off = false;
}

static void put_prev_fair(struct rq *rq, struct task_struct *p)
{
	rb_add_cached(&p->se.run_node, &rq->fair.tasks, entity_less);
	rq->fair.curr = NULL;
}

/*
 * A new child goes first, but not for ever: in a chain of children, each of which forks at once, no
 * slice ever ends, and the tick would find nobody who had his share.
 */
static bool next_is_fair(const struct sched_entity *next, const struct sched_entity *first)
{
	return (s64)(next->vruntime - first->vruntime) <= (s64)WAKEUP_GRAN_NS;
}

static struct sched_entity *choose(struct fair_rq *fair)
{
	struct sched_entity *se = first_waiting(fair);
	struct rb_node *second;

	if (fair->next && next_is_fair(fair->next, se))
		return fair->next;
	if (likely(se != fair->skip) || !se)
		return se;
	second = rb_next(&se->run_node);
	return second ? rb_entry(second, struct sched_entity, run_node) : se;
}

static struct task_struct *pick_fair(struct rq *rq)
{
	struct sched_entity *se = choose(&rq->fair);

	if (!se)
		return NULL;
	rq->fair.next = NULL;
	rq->fair.skip = NULL;
	set_curr_fair(rq, task_of(se));
	return task_of(se);
}

/* How long the task has run since it was picked, in real nanoseconds. */
static u64 turn(const struct sched_entity *se)
{
	return se->sum_exec_runtime - se->prev_sum_exec_runtime;
}

static bool far_behind(const struct sched_entity *woken, const struct sched_entity *curr)
{
	return (s64)(curr->vruntime - woken->vruntime) > (s64)to_virtual(WAKEUP_GRAN_NS, woken);
}

/*
 * Preempt when the woken task is behind by more than the granularity, so that tasks that wake each
 * other in turn get some work done between two switches. A turn that has just begun goes on until
 * the tick: else a writer with many readers, all of them behind, is put aside at each message.
 */
static void check_preempt_fair(struct rq *rq, struct task_struct *p)
{
	struct task_struct *curr = rq->curr;

	if (rq->fair.next == &p->se) {
		resched_curr(rq);
		return;
	}
	if (unlikely(curr->policy == SCHED_IDLE && p->policy != SCHED_IDLE)) {
		resched_curr(rq);
		return;
	}
	if (p->policy != SCHED_NORMAL)
		return;
	update_curr_fair(rq);
	if (!far_behind(&p->se, &curr->se))
		return;
	if (turn(&curr->se) > WAKEUP_GRAN_NS)
		resched_curr(rq);
	else
		rq->fair.held_off = true;
}

/* The part of a round that @se is entitled to, in real nanoseconds. */
static u64 slice(struct fair_rq *fair, struct sched_entity *se)
{
	u64 round = max((u64)LATENCY_NS, fair->nr * (u64)MIN_SLICE_NS);

	return max(round * se->weight / max(fair->weight, 1UL), (u64)MIN_SLICE_NS);
}

static void tick_fair(struct rq *rq, struct task_struct *curr)
{
	struct sched_entity *se = &curr->se, *first = first_waiting(&rq->fair);

	update_curr_fair(rq);
	if (!first)
		return;
	if (turn(se) >= slice(&rq->fair, se) ? before(first->vruntime, se->vruntime) :
					       rq->fair.held_off && far_behind(first, se))
		resched_curr(rq);
}

static void yield_fair(struct rq *rq)
{
	update_curr_fair(rq);
	rq->fair.skip = rq->fair.curr;
}

static u64 rr_interval_fair(struct rq *rq, struct task_struct *p)
{
	return rq->fair.weight ? slice(&rq->fair, &p->se) : 0;
}

/* The child of the running task goes before it: see wake_up_new_task(). */
void fair_task_forked(struct rq *rq, struct task_struct *p)
{
	rq->fair.next = &p->se;
	head_start_limit(rq, p);
}

/* As if the running task had yielded. */
void fair_let_another_run(struct rq *rq)
{
	rq->fair.skip = rq->fair.curr;
	resched_curr(rq);
}

void init_fair_rq(struct fair_rq *fair)
{
	fair->tasks = RB_ROOT_CACHED;
	/*
	 * Near the end of the range, so that wrapping is met in the first minute, not after years.
	 */
	fair->min_vruntime = (u64)(-(1LL << 34));
}

const struct sched_class fair_sched_class = {
	.rank = 1,
	.enqueue = enqueue_fair,
	.dequeue = dequeue_fair,
	.pick = pick_fair,
	.set_curr = set_curr_fair,
	.put_prev = put_prev_fair,
	.update_curr = update_curr_fair,
	.check_preempt = check_preempt_fair,
	.tick = tick_fair,
	.yield = yield_fair,
	.rr_interval = rr_interval_fair,
};

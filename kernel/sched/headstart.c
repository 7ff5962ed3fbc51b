// SPDX-License-Identifier: GPL-2.0-only
/*
 * How long a child may run before its parent's fork() returns. It goes first (wake_up_new_task()),
 * but one that neither execs nor ends would keep a single CPU for its whole slice meanwhile: the
 * snapshot of a big server, whose clients wait. Locks: the queue's. Only the fair class calls it.
 */
#include <linux/kernel.h>
#include <linux/mm.h>
#include "internal.h"

/* Long enough to exec. */
#define HEAD_START_NS		(200 * NSEC_PER_USEC)
/* Below this a timer would be a large part of what fork costs. */
#define HEAD_START_PAGES	(16 * 1024 * 1024 / PAGE_SIZE)

static enum hrtimer_restart head_start_over(struct hrtimer *timer)
{
	struct rq *rq = container_of(timer, struct rq, head_start);

	spin_lock(&rq->lock);
	if (rq->curr == rq->first_child)
		fair_let_another_run(rq);
	spin_unlock(&rq->lock);
	return HRTIMER_NORESTART;
}

/* @p, a new task, is about to run before its parent, the current one. Context: @rq locked. */
void head_start_limit(struct rq *rq, struct task_struct *p)
{
	if (likely(get_mm_counter(p->mm, MM_ANONPAGES) < HEAD_START_PAGES))
		return;
	rq->first_child = p;
	hrtimer_start(&rq->head_start, rq->clock + HEAD_START_NS, HRTIMER_MODE_ABS_PINNED);
}

void head_start_init_cpu(struct rq *rq)
{
	hrtimer_setup(&rq->head_start, head_start_over, CLOCK_MONOTONIC, HRTIMER_MODE_ABS_PINNED);
}

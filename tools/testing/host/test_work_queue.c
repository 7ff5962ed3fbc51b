// SPDX-License-Identifier: GPL-2.0-only
/* The work queue itself (kernel/workqueue.c), under the model of scheduling. */
#include <host.h>
#include <linux/kernel.h>
#include <linux/selftest.h>
#include "model_tasks.h"

#include "../../../kernel/workqueue.c"

#define OPERATIONS	6	/* of each task */
#define SEEDS		400

void model_step(void);

void run_model_worker(void)
{
	worker(NULL);
}

void reset_model_worker(void)
{
	INIT_LIST_HEAD(&work_list);
	INIT_LIST_HEAD(&more_work.head);
	INIT_LIST_HEAD(&work_done.head);
}

static struct work_struct item, endless, shared;
static DECLARE_WAIT_QUEUE_HEAD(end_wait);
static bool end;

static void do_item(struct work_struct *work)
{
	model_step();
}

static void do_endless(struct work_struct *work)
{
	wait_event(end_wait, READ_ONCE(end));
}

/* The item behind ours ends only when we have seen the end of ours. */
static void flush_first_of_two(void)
{
	WRITE_ONCE(end, false);
	schedule_work(&item);
	schedule_work(&endless);
	flush_work(&item);
	wrong += work_busy(&item);
	WRITE_ONCE(end, true);
	wake_up_all(&end_wait);
	flush_work(&endless);
}

/* Task 0 is the queue's thread. Two flush what they queue; the last takes it off again. */
static void use_work_queue(void)
{
	switch (model_self()) {
	case 0:
		run_model_worker();
		break;
	case 1:
		flush_first_of_two();
		break;
	case 2:
		schedule_work(&shared);
		flush_work(&shared);
		break;
	default:
		cancel_work_sync(&shared);
	}
}

/* Nothing else is queued, whose end would wake who waits. */
static void cancel_what_is_flushed(void)
{
	switch (model_self()) {
	case 0:
		run_model_worker();
		break;
	case 1:
		schedule_work(&shared);
		flush_work(&shared);
		break;
	case 2:
		cancel_work_sync(&shared);
	}
}

/* In the end only the queue's thread is left, and sleeps. */
static bool run_work_queue(unsigned long seed, void (*operation)(void), unsigned int operations)
{
	reset_model_worker();
	INIT_LIST_HEAD(&end_wait.head);
	INIT_WORK(&item, do_item);
	INIT_WORK(&endless, do_endless);
	INIT_WORK(&shared, do_item);
	return !run_tasks(seed, operation, operations) && tasks[1].done && tasks[2].done &&
	       tasks[3].done;
}

SELFTEST(work_queue, flush_waits_for_its_item_alone)
{
	unsigned long seed;

	wrong = 0;
	for (seed = 1; seed <= SEEDS; seed++) {
		if (!run_work_queue(seed, use_work_queue, OPERATIONS))
			selftest_fail(t, __FILE__, __LINE__, "seed %lu: who flushes sleeps", seed);
		KT_ASSERT(!t->failed && !wrong);
	}
}

SELFTEST(work_queue, who_flushes_a_cancelled_item_goes_on)
{
	unsigned long seed;

	wrong = 0;
	for (seed = 1; seed <= SEEDS; seed++) {
		if (!run_work_queue(seed, cancel_what_is_flushed, 1))
			selftest_fail(t, __FILE__, __LINE__, "seed %lu: who flushes sleeps", seed);
		KT_ASSERT(!t->failed && !wrong);
	}
}

/* Its user counts one reference for each time that it is on its way. */
SELFTEST(work_queue, what_is_queued_is_on_its_way)
{
	struct delayed_work dwork;

	reset_model_worker();
	INIT_DELAYED_WORK(&dwork, do_item);
	KT_EXPECT(schedule_delayed_work(&dwork, NSEC_PER_SEC));
	/* The time is over, and the thread has yet to run it. */
	KT_EXPECT(schedule_work(&dwork.work));
	KT_EXPECT(!schedule_delayed_work(&dwork, NSEC_PER_SEC));
	KT_EXPECT(cancel_delayed_work_sync(&dwork));
	KT_EXPECT(schedule_delayed_work(&dwork, NSEC_PER_SEC));
}

/* ---- what else the work queue calls ---- */

void hrtimer_setup(struct hrtimer *timer, enum hrtimer_restart (*function)(struct hrtimer *timer),
		   clockid_t clock_id, enum hrtimer_mode mode)
{
}

void hrtimer_start(struct hrtimer *timer, ktime_t tim, enum hrtimer_mode mode)
{
}

bool hrtimer_active(struct hrtimer *timer)
{
	return false;
}

int hrtimer_cancel(struct hrtimer *timer)
{
	return 0;
}

struct task_struct *kthread_create(int (*threadfn)(void *data), void *data, const char *namefmt,
				   ...)
{
	return NULL;
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Work items, run in order by one kernel thread that may sleep. work_lock guards the queue and who
 * is being run; it is taken with interrupts off.
 */
#include <linux/err.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

static DEFINE_SPINLOCK(work_lock);
static LIST_HEAD(work_list);			/* [work_lock] */
static struct work_struct *running;		/* [work_lock] */
/* Work is also scheduled by wake functions, inside other queues' locks: this one has no rank. */
static struct wait_queue_head more_work = {
	.lock = __SPIN_LOCK_UNLOCKED(more_work.lock),
	.head = LIST_HEAD_INIT(more_work.head),
};
static DECLARE_WAIT_QUEUE_HEAD(work_done);

/**
 * schedule_work - have an item run soon
 * @work: may be queued already; then nothing is done
 *
 * Context: any.
 * Return: true when it was queued now.
 */
bool schedule_work(struct work_struct *work)
{
	unsigned long flags;
	bool queued;

	spin_lock_irqsave(&work_lock, flags);
	queued = !work->pending;
	if (queued) {
		work->pending = true;
		list_add_tail(&work->entry, &work_list);
	}
	spin_unlock_irqrestore(&work_lock, flags);
	if (queued)
		wake_up(&more_work);
	return queued;
}

static struct work_struct *take_work(void)
{
	struct work_struct *work = NULL;

	spin_lock_irq(&work_lock);
	if (!list_empty(&work_list)) {
		work = list_first_entry(&work_list, struct work_struct, entry);
		list_del_init(&work->entry);
		work->pending = false;
	}
	running = work;
	spin_unlock_irq(&work_lock);
	return work;
}

/* Nobody waits for it any more. It is said before they look: they are woken for it only once. */
static void work_ended(void)
{
	spin_lock_irq(&work_lock);
	running = NULL;
	spin_unlock_irq(&work_lock);
	wake_up_all(&work_done);
}

static int worker(void *unused)
{
	struct work_struct *work;

	for (;;) {
		wait_event_idle(more_work, !list_empty_careful(&work_list));
		while ((work = take_work()) != NULL) {
			/* The item may be freed by its function. */
			work->func(work);
			work_ended();
		}
	}
	return 0;
}

static bool work_busy(struct work_struct *work)
{
	unsigned long flags;
	bool busy;

	spin_lock_irqsave(&work_lock, flags);
	busy = work->pending || running == work;
	spin_unlock_irqrestore(&work_lock, flags);
	return busy;
}

/**
 * flush_work - wait until an item has run
 *
 * Context: sleeps; not from a work item.
 * Return: true when there was something to wait for.
 */
bool flush_work(struct work_struct *work)
{
	if (!work_busy(work))
		return false;
	wait_event(work_done, !work_busy(work));
	return true;
}

/**
 * cancel_work_sync - take an item off the queue, or wait until it has run
 *
 * Context: sleeps; not from the item itself.
 * Return: true when it was queued.
 */
bool cancel_work_sync(struct work_struct *work)
{
	bool was_pending;

	spin_lock_irq(&work_lock);
	was_pending = work->pending;
	if (was_pending) {
		list_del_init(&work->entry);
		work->pending = false;
	}
	spin_unlock_irq(&work_lock);
	/* It will not run, so this is its end for those who wait for that. */
	if (was_pending)
		wake_up_all(&work_done);
	flush_work(work);
	return was_pending;
}

static enum hrtimer_restart delayed_work_timer(struct hrtimer *timer)
{
	schedule_work(&container_of(timer, struct delayed_work, timer)->work);
	return HRTIMER_NORESTART;
}

void INIT_DELAYED_WORK(struct delayed_work *dwork, work_func_t func)
{
	INIT_WORK(&dwork->work, func);
	hrtimer_setup(&dwork->timer, delayed_work_timer, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
}

/* Return: true unless it was on its way already: its time has yet to come, or it has yet to run. */
bool schedule_delayed_work(struct delayed_work *dwork, u64 delay_ns)
{
	/* In this order: the timer's function queues it before it is over. */
	if (hrtimer_active(&dwork->timer) || READ_ONCE(dwork->work.pending))
		return false;
	if (!delay_ns)
		return schedule_work(&dwork->work);
	hrtimer_start(&dwork->timer, delay_ns, HRTIMER_MODE_REL);
	return true;
}

/* As schedule_delayed_work(), but one that is on its way comes after @delay_ns from now instead. */
void mod_delayed_work(struct delayed_work *dwork, u64 delay_ns)
{
	hrtimer_start(&dwork->timer, delay_ns, HRTIMER_MODE_REL);
}

bool cancel_delayed_work_sync(struct delayed_work *dwork)
{
	bool was_waiting = hrtimer_cancel(&dwork->timer);

	return cancel_work_sync(&dwork->work) || was_waiting;
}

static int __init workqueue_init(void)
{
	struct task_struct *task = kthread_run(worker, NULL, "kworker");

	if (IS_ERR(task))
		panic("no memory for the work queue's thread");
	return 0;
}
core_initcall(workqueue_init);

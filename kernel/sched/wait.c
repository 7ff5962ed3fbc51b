// SPDX-License-Identifier: GPL-2.0-only
/*
 * Wait queues. The head's lock guards the list, taken with interrupts off. A sleeper queues itself,
 * sets its state, looks at its condition and calls schedule(); a waker changes the condition and
 * walks the list.
 */
#include <linux/wait.h>
#include <linux/sched.h>
#include "internal.h"

static void queue_locked(struct wait_queue_head *wq_head, struct wait_queue_entry *wq_entry)
{
	if (wq_entry->flags & WQ_FLAG_EXCLUSIVE)
		__add_wait_queue_entry_tail(wq_head, wq_entry);
	else
		__add_wait_queue(wq_head, wq_entry);
}

static void queue(struct wait_queue_head *wq_head, struct wait_queue_entry *wq_entry)
{
	unsigned long flags;

	spin_lock_irqsave(&wq_head->lock, flags);
	queue_locked(wq_head, wq_entry);
	spin_unlock_irqrestore(&wq_head->lock, flags);
}

void add_wait_queue(struct wait_queue_head *wq_head, struct wait_queue_entry *wq_entry)
{
	wq_entry->flags &= ~WQ_FLAG_EXCLUSIVE;
	queue(wq_head, wq_entry);
}

void add_wait_queue_exclusive(struct wait_queue_head *wq_head, struct wait_queue_entry *wq_entry)
{
	wq_entry->flags |= WQ_FLAG_EXCLUSIVE;
	queue(wq_head, wq_entry);
}

void remove_wait_queue(struct wait_queue_head *wq_head, struct wait_queue_entry *wq_entry)
{
	unsigned long flags;

	spin_lock_irqsave(&wq_head->lock, flags);
	__remove_wait_queue(wq_head, wq_entry);
	spin_unlock_irqrestore(&wq_head->lock, flags);
}

/**
 * __wake_up_locked - wake sleepers of a queue whose lock the caller holds
 * @wq_head: the queue
 * @mode: mask of task states to wake
 * @nr_exclusive: how many exclusive ones, 0 for all
 * @wake_flags: handed to the wake functions (WF_SYNC)
 * @key: likewise (poll events)
 *
 * Return: how many exclusive sleepers were woken.
 */
int __wake_up_locked(struct wait_queue_head *wq_head, unsigned int mode, int nr_exclusive,
		     int wake_flags, void *key)
{
	struct wait_queue_entry *curr, *next;
	int woken = 0;

	list_for_each_entry_safe(curr, next, &wq_head->head, entry) {
		bool exclusive = curr->flags & WQ_FLAG_EXCLUSIVE;
		int ret = curr->func(curr, mode, wake_flags, key);

		if (ret < 0)
			break;
		if (ret && exclusive && ++woken == nr_exclusive)
			break;
	}
	return woken;
}

/**
 * __wake_up - wake sleepers of a queue
 *
 * See __wake_up_locked() for the parameters. The caller changed the condition before; a sleeper
 * that was not yet queued sees the change, one that was is woken.
 *
 * Context: any.
 * Return: how many exclusive sleepers were woken.
 */
int __wake_up(struct wait_queue_head *wq_head, unsigned int mode, int nr_exclusive, int wake_flags,
	      void *key)
{
	unsigned long flags;
	int woken;

	spin_lock_irqsave(&wq_head->lock, flags);
	woken = __wake_up_locked(wq_head, mode, nr_exclusive, wake_flags, key);
	spin_unlock_irqrestore(&wq_head->lock, flags);
	return woken;
}

int default_wake_function(struct wait_queue_entry *wq_entry, unsigned int mode, int flags,
			  void *key)
{
	return try_to_wake_up(wq_entry->private, mode, flags);
}

int autoremove_wake_function(struct wait_queue_entry *wq_entry, unsigned int mode, int flags,
			     void *key)
{
	int ret = default_wake_function(wq_entry, mode, flags, key);

	/* Pairs with list_empty_careful() in finish_wait(). */
	if (ret)
		list_del_init(&wq_entry->entry);
	return ret;
}

void init_wait_entry(struct wait_queue_entry *wq_entry, unsigned int flags)
{
	wq_entry->flags = flags;
	wq_entry->private = current;
	wq_entry->func = autoremove_wake_function;
	INIT_LIST_HEAD(&wq_entry->entry);
}

/**
 * prepare_to_wait - queue, unless queued already, and set the state to sleep in
 * @wq_head: the queue
 * @wq_entry: from DEFINE_WAIT() or init_wait_entry()
 * @state: TASK_*
 *
 * The condition is to be tested after this and before schedule().
 */
void prepare_to_wait(struct wait_queue_head *wq_head, struct wait_queue_entry *wq_entry,
		     unsigned int state)
{
	unsigned long flags;

	spin_lock_irqsave(&wq_head->lock, flags);
	if (list_empty(&wq_entry->entry))
		queue_locked(wq_head, wq_entry);
	set_current_state(state);
	spin_unlock_irqrestore(&wq_head->lock, flags);
}

void prepare_to_wait_exclusive(struct wait_queue_head *wq_head, struct wait_queue_entry *wq_entry,
			       unsigned int state)
{
	wq_entry->flags |= WQ_FLAG_EXCLUSIVE;
	prepare_to_wait(wq_head, wq_entry, state);
}

/**
 * prepare_to_wait_event - prepare_to_wait() for the wait_event() loops
 *
 * On a signal the entry is taken off the queue, so that no exclusive wake-up is spent on it.
 *
 * Return: 0, or -ERESTARTSYS when a signal that @state admits is pending.
 */
long prepare_to_wait_event(struct wait_queue_head *wq_head, struct wait_queue_entry *wq_entry,
			   unsigned int state)
{
	unsigned long flags;
	long ret = 0;

	spin_lock_irqsave(&wq_head->lock, flags);
	if (unlikely(signal_pending_state(state, current))) {
		list_del_init(&wq_entry->entry);
		ret = -ERESTARTSYS;
	} else {
		if (list_empty(&wq_entry->entry))
			queue_locked(wq_head, wq_entry);
		set_current_state(state);
	}
	spin_unlock_irqrestore(&wq_head->lock, flags);
	return ret;
}

/**
 * finish_wait - run on: set the state and leave the queue
 * @wq_head: the queue
 * @wq_entry: may be dead after this
 *
 * A waker that took the entry off holds the lock until it is done with it, except for
 * autoremove_wake_function(), which touches it last when it makes the list empty.
 */
void finish_wait(struct wait_queue_head *wq_head, struct wait_queue_entry *wq_entry)
{
	unsigned long flags;

	__set_current_state(TASK_RUNNING);
	if (list_empty_careful(&wq_entry->entry))
		return;
	spin_lock_irqsave(&wq_head->lock, flags);
	list_del_init(&wq_entry->entry);
	spin_unlock_irqrestore(&wq_head->lock, flags);
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Completions over wait queues. ->done counts what was completed and not yet consumed, under the
 * queue's lock. A waiter returns only after the waker has let go of that lock, so the object may
 * live on the waiter's stack.
 */
#include <linux/completion.h>
#include <linux/kernel.h>
#include <linux/sched.h>

/* complete_all() was called: no wait consumes anything any more. */
#define DONE_FOR_EVER	UINT_MAX

void init_completion(struct completion *x)
{
	x->done = 0;
	init_waitqueue_head(&x->wait);
}

/* Make it usable again after complete_all(); no waiter may be left. */
void reinit_completion(struct completion *x)
{
	x->done = 0;
}

/**
 * complete - let one waiter go on, now or when it comes
 * @x: the completion
 *
 * Context: any.
 */
void complete(struct completion *x)
{
	unsigned long flags;

	spin_lock_irqsave(&x->wait.lock, flags);
	if (x->done != DONE_FOR_EVER)
		x->done++;
	wake_up_locked(&x->wait);
	spin_unlock_irqrestore(&x->wait.lock, flags);
}

/**
 * complete_all - let all present and future waiters go on
 * @x: the completion
 *
 * Context: any.
 */
void complete_all(struct completion *x)
{
	unsigned long flags;

	spin_lock_irqsave(&x->wait.lock, flags);
	x->done = DONE_FOR_EVER;
	wake_up_all_locked(&x->wait);
	spin_unlock_irqrestore(&x->wait.lock, flags);
}

static bool consume(struct completion *x)
{
	if (!x->done)
		return false;
	if (x->done != DONE_FOR_EVER)
		x->done--;
	return true;
}

/*
 * Sleep until something is to be consumed. Context: x->wait.lock held, which is dropped to sleep.
 */
static long wait_locked(struct completion *x, unsigned int state, long timeout)
{
	DEFINE_WAIT_FUNC(wait, default_wake_function);

	wait.flags = WQ_FLAG_EXCLUSIVE;
	__add_wait_queue_entry_tail(&x->wait, &wait);
	do {
		if (signal_pending_state(state, current)) {
			timeout = -ERESTARTSYS;
			break;
		}
		__set_current_state(state);
		spin_unlock_irq(&x->wait.lock);
		timeout = schedule_timeout_ns(timeout);
		spin_lock_irq(&x->wait.lock);
	} while (!x->done && timeout);
	__remove_wait_queue(&x->wait, &wait);
	return timeout;
}

static long wait_common(struct completion *x, unsigned int state, long timeout)
{
	might_sleep();
	spin_lock_irq(&x->wait.lock);
	if (!x->done)
		timeout = wait_locked(x, state, timeout);
	if (timeout >= 0 && consume(x))
		timeout = timeout ?: 1;
	spin_unlock_irq(&x->wait.lock);
	return timeout;
}

/**
 * wait_for_completion - wait, whatever comes
 * @x: the completion
 *
 * Context: sleeps.
 */
void wait_for_completion(struct completion *x)
{
	wait_common(x, TASK_UNINTERRUPTIBLE, MAX_SCHEDULE_TIMEOUT);
}

/* Return: 0, or -ERESTARTSYS for a signal. */
int wait_for_completion_interruptible(struct completion *x)
{
	long ret = wait_common(x, TASK_INTERRUPTIBLE, MAX_SCHEDULE_TIMEOUT);

	return ret < 0 ? ret : 0;
}

/* Return: 0, or -ERESTARTSYS for a fatal signal. */
int wait_for_completion_killable(struct completion *x)
{
	long ret = wait_common(x, TASK_KILLABLE, MAX_SCHEDULE_TIMEOUT);

	return ret < 0 ? ret : 0;
}

/* Return: what is left of @ns (at least 1), or 0 when they ran out. */
long wait_for_completion_timeout(struct completion *x, long ns)
{
	return wait_common(x, TASK_UNINTERRUPTIBLE, ns);
}

bool try_wait_for_completion(struct completion *x)
{
	unsigned long flags;
	bool got;

	spin_lock_irqsave(&x->wait.lock, flags);
	got = consume(x);
	spin_unlock_irqrestore(&x->wait.lock, flags);
	return got;
}

/* Is nobody going to wait? The lock makes sure that complete() is through with the object. */
bool completion_done(struct completion *x)
{
	unsigned long flags;
	bool done;

	spin_lock_irqsave(&x->wait.lock, flags);
	done = x->done;
	spin_unlock_irqrestore(&x->wait.lock, flags);
	return done;
}

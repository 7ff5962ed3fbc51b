// SPDX-License-Identifier: GPL-2.0-only
/*
 * From a plain futex to a lock with priority inheritance: FUTEX_WAIT_REQUEUE_PI and
 * FUTEX_CMP_REQUEUE_PI (futex(2)). Whoever requeues takes the lock for the first waiter, or puts it
 * into the lock's queue; the waiter wakes as its owner. Locks: both buckets, then pi_graph.
 */
#include <linux/sched.h>
#include <linux/signal.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include "futex.h"

/**
 * futex_wait_requeue_pi - wait on one word until we are given a lock
 * @uaddr: the word to wait on, which must hold @val
 * @flags: FLAGS_*
 * @val: see there
 * @abs_time: when to give up, or NULL
 * @uaddr2: the lock; another word
 *
 * Context: task, may sleep.
 * Return: 0, the lock is ours; -EAGAIN when the word differs, or when a signal came while we were in
 * the lock's queue; -EINVAL, -EFAULT, -ETIMEDOUT, -ERESTARTNOINTR. Source: futex(2).
 */
long futex_wait_requeue_pi(u32 __user *uaddr, unsigned int flags, u32 val, const ktime_t *abs_time,
			   u32 __user *uaddr2)
{
	struct pi_waiter waiter = { .task = current };
	struct futex_q q = {
		.task = current, .bitset = FUTEX_BITSET_MATCH_ANY, .requeue_pi = &waiter,
	};
	int ret, timed_out;

	if (uaddr == uaddr2)
		return -EINVAL;
	ret = futex_get_key(uaddr2, flags, &q.pi_key);
	if (ret)
		return ret;
	for (;;) {
		ret = futex_wait_setup(uaddr, val, flags, &q);
		if (ret)
			return ret;
		timed_out = futex_sleep(&q, flags, abs_time);
		if (!futex_unqueue(&q))
			break;
		if (timed_out)
			return timed_out;
		if (signal_pending(current))
			return -ERESTARTNOINTR;
	}
	ret = futex_pi_wait(&waiter, uaddr2, flags, abs_time);
	/* The word that we waited on is no longer what it was: the caller must look. */
	return ret == -ERESTARTNOINTR ? -EAGAIN : ret;
}

/* @q is off its bucket, and its task goes by its pi_waiter from here on. Context: bucket's lock. */
static void leave_bucket(struct futex_q *q)
{
	list_del(&q->list);
	futex_unannounce(q->bucket);
	smp_store_release(&q->bucket, NULL);
}

/*
 * The lock for @q's task, or a place in its queue. Context: both buckets, pi_graph.
 * Return: 0 done, else as futex_pi_lock_once().
 */
static int requeue_one(struct futex_q *q, struct pi_call *call)
{
	struct pi_waiter *w = q->requeue_pi;
	struct task_struct *tsk = q->task;
	int ret;

	if (!w || !futex_match(&q->pi_key, &call->key))
		return -EINVAL;
	call->waiter = w;
	ret = futex_pi_lock_once(call);
	if (ret && ret != PI_QUEUED)
		return ret;
	if (!ret)
		WRITE_ONCE(w->granted, true);
	leave_bucket(q);
	if (!ret)
		wake_up_state(tsk, TASK_NORMAL);
	return 0;
}

/* Context: both buckets. *@count: how many are done, over all attempts. */
static int requeue_all(struct futex_bucket *from, const struct futex_key *key, struct pi_call *call,
		       int limit, int *count)
{
	struct futex_q *q, *next;
	int ret = 0;

	spin_lock(&pi_graph);
	list_for_each_entry_safe(q, next, &from->chain, list) {
		if (*count >= limit)
			break;
		if (!futex_match(&q->key, key))
			continue;
		ret = requeue_one(q, call);
		if (ret)
			break;
		++*count;
	}
	spin_unlock(&pi_graph);
	return ret;
}

/* One attempt. @cmpval: what the first word must hold, until the first waiter was moved. */
static int requeue_once(u32 __user *uaddr1, struct pi_call *call, u32 cmpval, int limit, int *count)
{
	struct futex_bucket *from, *to;
	struct futex_key keys[2];
	u32 val;
	int ret = futex_get_two_keys(uaddr1, call->uaddr, call->flags, keys);

	if (ret)
		return ret;
	if (futex_match(&keys[0], &keys[1]))
		return -EINVAL;
	call->key = keys[1];
	from = futex_hash(&keys[0]);
	to = futex_hash(&keys[1]);
	futex_lock_two(from, to);
	if (futex_read_nofault(&val, uaddr1))
		ret = PI_RETRY;
	else if (!*count && val != cmpval)
		ret = -EAGAIN;
	else
		ret = requeue_all(from, &keys[0], call, limit, count);
	futex_unlock_two(from, to);
	return ret;
}

/**
 * futex_cmp_requeue_pi - give waiters of a word a lock, or places in its queue
 * @uaddr1: the word they wait on with FUTEX_WAIT_REQUEUE_PI
 * @flags: FLAGS_*
 * @uaddr2: the lock that they named
 * @nr_wake: must be 1: only one can have the lock
 * @nr_requeue: how many more
 * @cmpval: what the first word must hold
 *
 * Context: task, may sleep.
 * Return: how many it was, -EAGAIN when the word differs, -EINVAL also when waiters named another
 * lock or none, and what futex_lock_pi() returns. Source: futex(2).
 */
long futex_cmp_requeue_pi(u32 __user *uaddr1, unsigned int flags, u32 __user *uaddr2, int nr_wake,
			  int nr_requeue, u32 cmpval)
{
	struct pi_call call = { .uaddr = uaddr2, .flags = flags };
	int ret, count = 0;
	u32 val, lock;

	if (nr_wake != 1 || nr_requeue < 0 || uaddr1 == uaddr2)
		return -EINVAL;
	do {
		/* What an earlier attempt used may be gone by now, with all who waited. */
		if (!call.fresh)
			call.fresh = futex_pi_alloc_state();
		if (!call.fresh) {
			ret = -ENOMEM;
			break;
		}
		if (get_user(val, uaddr1) || get_user(lock, uaddr2)) {
			ret = -EFAULT;
			break;
		}
		ret = requeue_once(uaddr1, &call, cmpval, min(nr_requeue, INT_MAX - 1) + 1, &count);
	} while (futex_pi_again(&call, lock, &ret));
	kfree(call.fresh);
	return ret ?: count;
}

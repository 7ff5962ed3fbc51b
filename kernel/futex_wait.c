// SPDX-License-Identifier: GPL-2.0-only
/*
 * Waiting on futexes: FUTEX_WAIT, FUTEX_WAIT_BITSET and futex_waitv. A waiter is on its bucket's
 * list from before it lets go of the lock until it is woken or takes itself off.
 */
#include <linux/hrtimer.h>
#include <linux/sched.h>
#include <linux/signal.h>
#include <linux/slab.h>
#include <linux/syscalls.h>
#include <linux/uaccess.h>
#include "futex.h"

/**
 * futex_wait_setup - queue current if the word still holds @val
 * @uaddr: the word
 * @val: what it must hold
 * @flags: FLAGS_*
 * @q: to be queued; its task and bitset are set
 *
 * Context: may sleep. Return: 0 queued, -EAGAIN if the word differs, -EFAULT, -EINVAL.
 */
int futex_wait_setup(u32 __user *uaddr, u32 val, unsigned int flags, struct futex_q *q)
{
	struct futex_bucket *bucket;
	u32 now;
	int ret;

	for (;;) {
		ret = futex_get_key(uaddr, flags, &q->key);
		if (unlikely(ret))
			return ret;
		bucket = futex_hash(&q->key);
		futex_announce(bucket);
		spin_lock(&bucket->lock);
		ret = futex_read_nofault(&now, uaddr);
		if (likely(!ret && now == val)) {
			futex_queue(q, bucket);
			spin_unlock(&bucket->lock);
			return 0;
		}
		spin_unlock(&bucket->lock);
		futex_unannounce(bucket);
		if (!ret)
			return -EAGAIN;
		if (get_user(now, uaddr))
			return -EFAULT;
	}
}

/* Sleep unless woken already. Return: 0, or -ETIMEDOUT when the time was over. */
int futex_sleep(struct futex_q *q, unsigned int flags, const ktime_t *abs_time)
{
	int ret = 0;

	set_current_state(TASK_INTERRUPTIBLE);
	if (READ_ONCE(q->bucket) && !signal_pending(current)) {
		if (!abs_time)
			schedule();
		else if (!schedule_hrtimeout_clock(abs_time, HRTIMER_MODE_ABS,
						   flags & FLAGS_CLOCKRT ? CLOCK_REALTIME :
						   CLOCK_MONOTONIC))
			ret = -ETIMEDOUT;
	}
	__set_current_state(TASK_RUNNING);
	return ret;
}

static long futex_wait_restart(struct restart_block *block)
{
	ktime_t t = block->futex.time;

	return futex_wait(block->futex.uaddr, block->futex.flags, block->futex.val,
			  block->futex.flags & FLAGS_TIMEOUT ? &t : NULL, block->futex.bitset);
}

static long interrupted(u32 __user *uaddr, unsigned int flags, u32 val, const ktime_t *abs_time,
			u32 bitset)
{
	struct restart_block *block = &current->restart_block;

	if (!abs_time)
		return -ERESTARTSYS;
	block->fn = futex_wait_restart;
	block->futex.uaddr = uaddr;
	block->futex.val = val;
	block->futex.time = *abs_time;
	block->futex.bitset = bitset;
	block->futex.flags = flags | FLAGS_TIMEOUT;
	return -ERESTART_RESTARTBLOCK;
}

/**
 * futex_wait - sleep until woken, if the word holds @val
 * @uaddr: the word
 * @flags: FLAGS_*
 * @val: expected value
 * @abs_time: when to give up, or NULL
 * @bitset: which wake-ups count
 *
 * Return: 0 woken, -EAGAIN, -ETIMEDOUT, -EINVAL, -EFAULT, or a restart code for a signal.
 */
long futex_wait(u32 __user *uaddr, unsigned int flags, u32 val, const ktime_t *abs_time,
		u32 bitset)
{
	struct futex_q q = { .task = current, .bitset = bitset };
	int ret, timed_out;

	if (!bitset)
		return -EINVAL;
	for (;;) {
		ret = futex_wait_setup(uaddr, val, flags, &q);
		if (ret)
			return ret;
		timed_out = futex_sleep(&q, flags, abs_time);
		if (!futex_unqueue(&q))
			return 0;
		if (timed_out)
			return timed_out;
		if (signal_pending(current))
			return interrupted(uaddr, flags, val, abs_time, bitset);
	}
}

/* ---- futex_waitv: wait on several words at once ---- */

struct futex_vector {
	struct futex_q q;
	u32 __user *uaddr;
	u32 val;
	unsigned int flags;
};

static int vector_from_user(struct futex_vector *v, const struct futex_waitv __user *waiters,
			    unsigned int nr)
{
	struct futex_waitv w;

	for (unsigned int i = 0; i < nr; i++) {
		if (copy_from_user(&w, &waiters[i], sizeof(w)))
			return -EFAULT;
		if ((w.flags & ~(FUTEX_32 | FUTEX_PRIVATE_FLAG)) || w.__reserved)
			return -EINVAL;
		if (!(w.flags & FUTEX_32))
			return -EINVAL;
		v[i] = (struct futex_vector){
			.q = { .task = current, .bitset = FUTEX_BITSET_MATCH_ANY },
			.uaddr = u64_to_user_ptr(w.uaddr),
			.val = w.val,
			.flags = w.flags & FUTEX_PRIVATE_FLAG ? 0 : FLAGS_SHARED,
		};
	}
	return 0;
}

/* Take the first @nr off. Return: the highest index that somebody has woken, or -1. */
static int unqueue_vector(struct futex_vector *v, int nr)
{
	int woken = -1;

	for (int i = 0; i < nr; i++)
		if (!futex_unqueue(&v[i].q))
			woken = i;
	return woken;
}

/* Return: -1 when all are queued, the index of one that was woken meanwhile, or -errno below -1. */
static int setup_vector(struct futex_vector *v, unsigned int nr, int *err)
{
	*err = 0;
	for (unsigned int i = 0; i < nr; i++) {
		*err = futex_wait_setup(v[i].uaddr, v[i].val, v[i].flags, &v[i].q);
		if (*err)
			return unqueue_vector(v, i);
	}
	return -1;
}

static bool vector_woken(const struct futex_vector *v, unsigned int nr)
{
	for (unsigned int i = 0; i < nr; i++)
		if (!READ_ONCE(v[i].q.bucket))
			return true;
	return false;
}

static int sleep_vector(struct futex_vector *v, unsigned int nr, const ktime_t *abs_time,
			clockid_t clock)
{
	int ret = 0;

	set_current_state(TASK_INTERRUPTIBLE);
	if (!vector_woken(v, nr) && !signal_pending(current)) {
		if (!abs_time)
			schedule();
		else if (!schedule_hrtimeout_clock(abs_time, HRTIMER_MODE_ABS, clock))
			ret = -ETIMEDOUT;
	}
	__set_current_state(TASK_RUNNING);
	return ret;
}

static int wait_vector(struct futex_vector *v, unsigned int nr, const ktime_t *abs_time,
		       clockid_t clock)
{
	int err, woken, timed_out;

	for (;;) {
		woken = setup_vector(v, nr, &err);
		if (err)
			return woken >= 0 ? woken : err;
		timed_out = sleep_vector(v, nr, abs_time, clock);
		woken = unqueue_vector(v, nr);
		if (woken >= 0)
			return woken;
		if (timed_out)
			return timed_out;
		if (signal_pending(current))
			return -ERESTARTSYS;
	}
}

static int waitv_timeout(const struct __kernel_timespec __user *utime, clockid_t clock, ktime_t *t)
{
	struct timespec64 ts;

	if (clock != CLOCK_REALTIME && clock != CLOCK_MONOTONIC)
		return -EINVAL;
	if (get_timespec64(&ts, utime))
		return -EFAULT;
	if (!timespec64_valid(&ts))
		return -EINVAL;
	*t = timespec64_to_ktime(ts);
	return 0;
}

SYSCALL_DEFINE5(futex_waitv, struct futex_waitv __user *, waiters, unsigned int, nr,
		unsigned int, flags, struct __kernel_timespec __user *, utime, clockid_t, clock)
{
	struct futex_vector *v;
	ktime_t t;
	int ret;

	if (flags || !nr || nr > FUTEX_WAITV_MAX || !waiters)
		return -EINVAL;
	if (utime) {
		ret = waitv_timeout(utime, clock, &t);
		if (ret)
			return ret;
	}
	v = kcalloc(nr, sizeof(*v), GFP_KERNEL);
	if (!v)
		return -ENOMEM;
	ret = vector_from_user(v, waiters, nr);
	if (!ret)
		ret = wait_vector(v, nr, utime ? &t : NULL, clock);
	kfree(v);
	return ret;
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Futexes: keys, hash buckets, waking, and the system call. A waiter reads the word and queues
 * itself under its bucket's lock; a waker changes the word first and then takes that lock, so no
 * wake-up gets lost. Bucket locks nest in the order of their addresses.
 */
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/syscalls.h>
#include <linux/timekeeping.h>
#include <linux/uaccess.h>
#include "futex.h"

#define FUTEX_HASH_BITS	8
/* Set in the offset of a private word: FUTEX_PRIVATE_FLAG wakes nobody who waits without it. */
#define KEY_ASKED_SHARED	1

static struct futex_bucket futex_table[1 << FUTEX_HASH_BITS];

struct futex_bucket *futex_hash(const struct futex_key *key)
{
	u64 mix = ((unsigned long)key->object >> 6) ^ (key->offset >> 2);

	return &futex_table[mix * 0x9e3779b97f4a7c15ULL >> (64 - FUTEX_HASH_BITS)];
}

/* The inode behind a shared mapping of current's mm, or the mm itself for private memory. */
static int get_shared_key(unsigned long addr, struct futex_key *key)
{
	struct mm_struct *mm = current->mm;
	struct vm_area_struct *vma;

	mmap_read_lock(mm);
	vma = vma_lookup(mm, addr);
	if (vma && (vma->vm_flags & VM_MAYSHARE) && vma->vm_file) {
		key->object = file_inode(vma->vm_file);
		key->offset = addr - vma->vm_start + (vma->vm_pgoff << PAGE_SHIFT);
	} else {
		key->offset |= KEY_ASKED_SHARED;
	}
	mmap_read_unlock(mm);
	return vma ? 0 : -EFAULT;
}

/* A word that cannot be read has no identity beyond its own process. */
static int check_readable(u32 __user *uaddr)
{
	u32 val;

	return get_user(val, uaddr);
}

/**
 * futex_get_key - what a futex word is known by
 * @uaddr: the word, in current's mm
 * @flags: FLAGS_SHARED when another process may see it
 * @key: filled
 *
 * Context: may sleep if shared. Return: 0, -EINVAL if not aligned, -EFAULT.
 */
int futex_get_key(u32 __user *uaddr, unsigned int flags, struct futex_key *key)
{
	unsigned long addr = (unsigned long)uaddr;

	if (unlikely(addr % sizeof(u32)))
		return -EINVAL;
	if (unlikely(!access_ok(uaddr, sizeof(u32))))
		return -EFAULT;
	key->object = current->mm;
	key->offset = addr;
	if (!(flags & FLAGS_SHARED))
		return 0;
	return check_readable(uaddr) ? -EFAULT : get_shared_key(addr, key);
}

/* Context: a bucket's lock held. Return: 0, or -EFAULT when the page must be brought in first. */
int futex_read_nofault(u32 *val, u32 __user *uaddr)
{
	int ret;

	pagefault_disable();
	ret = __get_user(*val, uaddr);
	pagefault_enable();
	return ret;
}

/*
 * The longest-waiting of the most urgent is woken first. Among ordinary tasks that is the order
 * of arrival, whatever their nice value. Context: bucket's lock held.
 */
void futex_insert(struct futex_q *q, struct futex_bucket *bucket)
{
	struct list_head *at = bucket->chain.prev;

	while (at != &bucket->chain && list_entry(at, struct futex_q, list)->prio > q->prio)
		at = at->prev;
	list_add(&q->list, at);
}

/* Context: bucket's lock held, and the waiter announced. */
void futex_queue(struct futex_q *q, struct futex_bucket *bucket)
{
	q->bucket = bucket;
	q->prio = min(q->task->normal_prio, MAX_RT_PRIO);
	futex_insert(q, bucket);
}

/**
 * futex_unqueue - stop waiting
 * @q: a waiter that was queued
 *
 * Return: true if it was still queued, false if somebody has woken it.
 */
bool futex_unqueue(struct futex_q *q)
{
	struct futex_bucket *bucket;

	for (;;) {
		bucket = smp_load_acquire(&q->bucket);
		if (!bucket)
			return false;
		spin_lock(&bucket->lock);
		if (likely(bucket == READ_ONCE(q->bucket)))
			break;
		spin_unlock(&bucket->lock);	/* requeued or woken meanwhile */
	}
	list_del(&q->list);
	spin_unlock(&bucket->lock);
	futex_unannounce(bucket);
	return true;
}

/*
 * Take @q off its bucket, whose lock is held, and wake its task. @q is gone once its bucket is
 * NULL; the task cannot be freed before this CPU lets go of the lock (RCU).
 */
void futex_wake_one(struct futex_q *q)
{
	struct task_struct *tsk = q->task;

	list_del(&q->list);
	futex_unannounce(q->bucket);
	smp_store_release(&q->bucket, NULL);
	wake_up_state(tsk, TASK_NORMAL);
}

/**
 * futex_wake - wake waiters
 * @uaddr: the word
 * @flags: FLAGS_*
 * @nr_wake: at most so many
 * @bitset: only those whose own set has a bit of it
 *
 * Context: may sleep if shared. Return: number woken, -EINVAL, -EFAULT.
 */
int futex_wake(u32 __user *uaddr, unsigned int flags, int nr_wake, u32 bitset)
{
	struct futex_bucket *bucket;
	struct futex_q *q, *next;
	struct futex_key key;
	int ret;

	if (!bitset)
		return -EINVAL;
	ret = futex_get_key(uaddr, flags, &key);
	if (unlikely(ret))
		return ret;
	bucket = futex_hash(&key);
	if (unlikely(futex_is_pi(&key)))
		return -EINVAL;		/* such a lock is handed on, not woken */
	if (!futex_has_waiters(bucket))
		return 0;
	spin_lock(&bucket->lock);
	list_for_each_entry_safe(q, next, &bucket->chain, list) {
		if (!futex_match(&q->key, &key) || !(q->bitset & bitset))
			continue;
		if (unlikely(q->requeue_pi)) {
			ret = -EINVAL;
			break;
		}
		futex_wake_one(q);
		if (++ret >= nr_wake)
			break;
	}
	spin_unlock(&bucket->lock);
	return ret;
}

int futex_wake_user(u32 __user *uaddr, int nr)
{
	return futex_wake(uaddr, FLAGS_SHARED, nr, FUTEX_BITSET_MATCH_ANY);
}

static int get_timeout(int cmd, const struct __kernel_timespec __user *utime, ktime_t *t)
{
	struct timespec64 ts;

	if (get_timespec64(&ts, utime))
		return -EFAULT;
	if (!timespec64_valid(&ts))
		return -EINVAL;
	*t = timespec64_to_ktime(ts);
	if (cmd == FUTEX_WAIT)		/* the others' are points in time */
		*t = ktime_add_safe(ktime_get(), *t);
	return 0;
}

/* Which operations sleep until a time that they are given. */
static bool has_timeout(int cmd)
{
	return cmd == FUTEX_WAIT || cmd == FUTEX_WAIT_BITSET || cmd == FUTEX_LOCK_PI ||
	       cmd == FUTEX_LOCK_PI2 || cmd == FUTEX_WAIT_REQUEUE_PI;
}

/* val2 stands where the timeout would. */
static long do_futex(u32 __user *uaddr, int op, u32 val, const ktime_t *timeout,
		     u32 __user *uaddr2, u32 val2, u32 val3)
{
	int cmd = op & FUTEX_CMD_MASK;
	unsigned int flags = op & FUTEX_PRIVATE_FLAG ? 0 : FLAGS_SHARED;

	if (op & FUTEX_CLOCK_REALTIME) {
		flags |= FLAGS_CLOCKRT;
		if (cmd != FUTEX_WAIT_BITSET && cmd != FUTEX_LOCK_PI2 &&
		    cmd != FUTEX_WAIT_REQUEUE_PI)
			return -ENOSYS;
	}
	switch (cmd) {
	case FUTEX_WAIT:
		return futex_wait(uaddr, flags, val, timeout, FUTEX_BITSET_MATCH_ANY);
	case FUTEX_WAIT_BITSET:
		return futex_wait(uaddr, flags, val, timeout, val3);
	case FUTEX_WAKE:
		return futex_wake(uaddr, flags, val, FUTEX_BITSET_MATCH_ANY);
	case FUTEX_WAKE_BITSET:
		return futex_wake(uaddr, flags, val, val3);
	case FUTEX_REQUEUE:
		return futex_requeue(uaddr, flags, uaddr2, val, val2, NULL);
	case FUTEX_CMP_REQUEUE:
		return futex_requeue(uaddr, flags, uaddr2, val, val2, &val3);
	case FUTEX_WAKE_OP:
		return futex_wake_op(uaddr, flags, uaddr2, val, val2, val3);
	case FUTEX_LOCK_PI:
		return futex_lock_pi(uaddr, flags | FLAGS_CLOCKRT, timeout, false);
	case FUTEX_LOCK_PI2:
		return futex_lock_pi(uaddr, flags, timeout, false);
	case FUTEX_TRYLOCK_PI:
		return futex_lock_pi(uaddr, flags, NULL, true);
	case FUTEX_UNLOCK_PI:
		return futex_unlock_pi(uaddr, flags);
	case FUTEX_WAIT_REQUEUE_PI:
		return futex_wait_requeue_pi(uaddr, flags, val, timeout, uaddr2);
	case FUTEX_CMP_REQUEUE_PI:
		return futex_cmp_requeue_pi(uaddr, flags, uaddr2, val, val2, val3);
	default:
		return -ENOSYS;
	}
}

SYSCALL_DEFINE6(futex, u32 __user *, uaddr, int, op, u32, val,
		const struct __kernel_timespec __user *, utime, u32 __user *, uaddr2, u32, val3)
{
	int cmd = op & FUTEX_CMD_MASK, ret;
	ktime_t t;

	if (utime && has_timeout(cmd)) {
		ret = get_timeout(cmd, utime, &t);
		if (ret)
			return ret;
		return do_futex(uaddr, op, val, &t, uaddr2, 0, val3);
	}
	return do_futex(uaddr, op, val, NULL, uaddr2, (u32)(unsigned long)utime, val3);
}

static int __init futex_init(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(futex_table); i++) {
		spin_lock_init(&futex_table[i].lock, LOCK_RANK_FUTEX);
		INIT_LIST_HEAD(&futex_table[i].chain);
	}
	return 0;
}
core_initcall(futex_init);

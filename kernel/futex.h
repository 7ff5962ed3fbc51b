/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Private to kernel/futex*.c: keys, hash buckets, and what a waiter leaves in them.
 */
#ifndef _KERNEL_FUTEX_H
#define _KERNEL_FUTEX_H

#include <linux/atomic.h>
#include <linux/futex.h>
#include <linux/list.h>
#include <linux/spinlock.h>
#include <linux/types.h>

struct task_struct;

#define FLAGS_SHARED	0x01		/* the word may be in memory shared between processes */
#define FLAGS_CLOCKRT	0x02		/* the timeout is on CLOCK_REALTIME */
#define FLAGS_TIMEOUT	0x04		/* there is one (restart block) */

/*
 * The identity of a futex word: its mm and address, or for shared mappings its inode and offset.
 * Neither is referenced: the waiter's own mapping keeps them, and a stale key can only cause a
 * wake-up too many, which futex(2) allows.
 */
struct futex_key {
	const void *object;		/* mm_struct or inode */
	unsigned long offset;		/* address, or byte in the file; bit 0: see futex.c */
};

/*
 * Locks: [B] lock   [a] atomic
 */
struct futex_bucket {
	spinlock_t lock;
	atomic_t waiters;		/* [a] queued or about to be: wakers skip the lock at 0 */
	struct list_head chain;		/* [B] futex_q.list, by priority, then by time */
} __cacheline_aligned;

/*
 * One waiter, on its stack.
 * Locks: [B] bucket->lock
 */
struct futex_q {
	struct list_head list;		/* [B] */
	struct task_struct *task;
	struct futex_key key;		/* [B] changed by requeue */
	struct futex_bucket *bucket;	/* [B] NULL once it was taken off to be woken */
	u32 bitset;
	struct pi_waiter *requeue_pi;	/* [I] FUTEX_WAIT_REQUEUE_PI: its place at the other word */
	struct futex_key pi_key;	/* [I] of that word */
	int prio;			/* [B] as when it queued; real-time waiters come first */
};

/*
 * Who waits for a lock with priority inheritance, on its own stack.
 * Locks: [G] pi_graph (futex_pi.c)
 */
struct pi_waiter {
	struct list_head list;		/* [G] in state->waiters */
	struct pi_lock_state *state;	/* [G] */
	struct task_struct *task;
	int prio;			/* [G] its place in the list goes by it */
	bool granted;			/* [G] to set: the lock is ours */
	bool owner_died;		/* [G] and its last owner left it by dying */
};

/* One attempt to lock, or several. */
struct pi_call {
	u32 __user *uaddr;
	unsigned int flags;
	bool trylock;
	struct futex_key key;
	struct pi_lock_state *fresh;	/* for the first who waits; NULL once it is used */
	struct pi_waiter *waiter;
};

#define PI_RETRY	1		/* the word changed under our hands: look again */
#define PI_QUEUED	2
#define PI_OWNER_EXITS	3		/* what it leaves behind is not known yet */

static inline bool futex_match(const struct futex_key *a, const struct futex_key *b)
{
	return a->object == b->object && a->offset == b->offset;
}

int futex_get_key(u32 __user *uaddr, unsigned int flags, struct futex_key *key);
struct futex_bucket *futex_hash(const struct futex_key *key);
void futex_insert(struct futex_q *q, struct futex_bucket *bucket);
void futex_queue(struct futex_q *q, struct futex_bucket *bucket);
bool futex_unqueue(struct futex_q *q);
void futex_wake_one(struct futex_q *q);
int futex_read_nofault(u32 *val, u32 __user *uaddr);

/* A waiter announces itself before it reads the word; the full barrier is in the increment. */
static inline void futex_announce(struct futex_bucket *bucket)
{
	atomic_inc_return(&bucket->waiters);
}

static inline void futex_unannounce(struct futex_bucket *bucket)
{
	atomic_dec(&bucket->waiters);
}

/* The waker's half: the word was changed before the count is read. */
static inline bool futex_has_waiters(struct futex_bucket *bucket)
{
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	return atomic_read(&bucket->waiters) > 0;
}

int futex_wait_setup(u32 __user *uaddr, u32 val, unsigned int flags, struct futex_q *q);
int futex_sleep(struct futex_q *q, unsigned int flags, const ktime_t *abs_time);
void futex_lock_two(struct futex_bucket *a, struct futex_bucket *b);
void futex_unlock_two(struct futex_bucket *a, struct futex_bucket *b);
int futex_get_two_keys(u32 __user *uaddr1, u32 __user *uaddr2, unsigned int flags,
		       struct futex_key keys[2]);
int futex_wake(u32 __user *uaddr, unsigned int flags, int nr_wake, u32 bitset);
int futex_wake_op(u32 __user *uaddr1, unsigned int flags, u32 __user *uaddr2, int nr_wake,
		  int nr_wake2, u32 op);
int futex_requeue(u32 __user *uaddr1, unsigned int flags, u32 __user *uaddr2, int nr_wake,
		  int nr_requeue, const u32 *cmpval);
long futex_lock_pi(u32 __user *uaddr, unsigned int flags, const ktime_t *abs_time, bool trylock);
long futex_wait_requeue_pi(u32 __user *uaddr, unsigned int flags, u32 val, const ktime_t *abs_time,
			   u32 __user *uaddr2);
long futex_cmp_requeue_pi(u32 __user *uaddr1, unsigned int flags, u32 __user *uaddr2, int nr_wake,
			  int nr_requeue, u32 cmpval);
long futex_unlock_pi(u32 __user *uaddr, unsigned int flags);
bool futex_is_pi(const struct futex_key *key);
extern spinlock_t pi_graph;
struct pi_lock_state *futex_pi_alloc_state(void);
int futex_pi_lock_once(struct pi_call *call);
bool futex_pi_again(struct pi_call *call, u32 val, int *ret);
int futex_pi_wait(struct pi_waiter *w, u32 __user *uaddr, unsigned int flags,
		  const ktime_t *abs_time);
void futex_pi_exit(struct task_struct *tsk);
long futex_wait(u32 __user *uaddr, unsigned int flags, u32 val, const ktime_t *abs_time,
		u32 bitset);

#endif /* _KERNEL_FUTEX_H */

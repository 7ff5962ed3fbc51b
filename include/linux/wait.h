/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Wait queues: lists of sleepers with a wake function each. The head's lock guards the list; it
 * may be taken in interrupts, so every user takes it with interrupts off. Timeouts are
 * nanoseconds.
 */
#ifndef _LINUX_WAIT_H_K
#define _LINUX_WAIT_H_K

#include <linux/types.h>
#include <linux/list.h>
#include <linux/preempt.h>
#include <asm/barrier.h>
#include <linux/spinlock.h>

struct task_struct;
struct wait_queue_entry;

/**
 * typedef wait_queue_func_t - what a wake-up does to one entry
 *
 * @mode is the mask of task states that may be woken, @flags is reserved, @key is what the waker
 * passed (poll events).
 *
 * Context: the head's lock is held, interrupts are off.
 * Return: positive when somebody was woken (counts against the exclusive budget), 0 when not,
 * negative to stop the walk.
 */
typedef int (*wait_queue_func_t)(struct wait_queue_entry *wq_entry, unsigned int mode, int flags,
				 void *key);

#define WQ_FLAG_EXCLUSIVE	0x01	/* only so many of these are woken; at the tail */

/*
 * Locks: [q] wait_queue_head.lock   [o] owner of the entry, before it is queued
 */
struct wait_queue_entry {
	unsigned int		flags;		/* [o] WQ_FLAG_* */
	void			*private;	/* [o] the task, or whatever @func wants */
	wait_queue_func_t	func;		/* [o] */
	struct list_head	entry;		/* [q] */
};

struct wait_queue_head {
	spinlock_t		lock;
	struct list_head	head;		/* [q] */
};

typedef struct wait_queue_head wait_queue_head_t;
typedef struct wait_queue_entry wait_queue_entry_t;

int default_wake_function(struct wait_queue_entry *wq_entry, unsigned int mode, int flags,
			  void *key);
int autoremove_wake_function(struct wait_queue_entry *wq_entry, unsigned int mode, int flags,
			     void *key);

static inline void init_waitqueue_head(struct wait_queue_head *wq_head)
{
	spin_lock_init(&wq_head->lock, LOCK_RANK_WAITQ);
	INIT_LIST_HEAD(&wq_head->head);
}

/*
 * For a queue that is woken from another queue's wake function (epoll): its lock takes no part in
 * the order.
 */
static inline void init_waitqueue_head_nested(struct wait_queue_head *wq_head)
{
	spin_lock_init(&wq_head->lock);
	INIT_LIST_HEAD(&wq_head->head);
}

#define __WAIT_QUEUE_HEAD_INITIALIZER(name) {			\
	.lock = __SPIN_LOCK_UNLOCKED((name).lock, LOCK_RANK_WAITQ),		\
	.head = LIST_HEAD_INIT((name).head) }

#define DECLARE_WAIT_QUEUE_HEAD(name) \
	struct wait_queue_head name = __WAIT_QUEUE_HEAD_INITIALIZER(name)
#define DECLARE_WAIT_QUEUE_HEAD_ONSTACK(name) DECLARE_WAIT_QUEUE_HEAD(name)

#define DECLARE_WAITQUEUE(name, tsk)				\
	struct wait_queue_entry name = {			\
		.private = (tsk),				\
		.func = default_wake_function,			\
		.entry = LIST_HEAD_INIT((name).entry) }

#define DEFINE_WAIT_FUNC(name, function)			\
	struct wait_queue_entry name = {			\
		.private = current,				\
		.func = (function),				\
		.entry = LIST_HEAD_INIT((name).entry) }

#define DEFINE_WAIT(name) DEFINE_WAIT_FUNC(name, autoremove_wake_function)

static inline void init_waitqueue_entry(struct wait_queue_entry *wq_entry, struct task_struct *tsk)
{
	wq_entry->flags = 0;
	wq_entry->private = tsk;
	wq_entry->func = default_wake_function;
	INIT_LIST_HEAD(&wq_entry->entry);
}

static inline void init_waitqueue_func_entry(struct wait_queue_entry *wq_entry,
					     wait_queue_func_t func)
{
	wq_entry->flags = 0;
	wq_entry->private = NULL;
	wq_entry->func = func;
	INIT_LIST_HEAD(&wq_entry->entry);
}

/**
 * waitqueue_active - is anybody queued, without the lock?
 * @wq_head: the queue
 *
 * The caller needs a barrier between changing the condition and this test, or the lock; else use
 * wq_has_sleeper().
 */
static inline bool waitqueue_active(struct wait_queue_head *wq_head)
{
	return !list_empty(&wq_head->head);
}

/* The waker's half of the barrier pair with set_current_state(). */
static inline bool wq_has_sleeper(struct wait_queue_head *wq_head)
{
	smp_mb();
	return waitqueue_active(wq_head);
}

void add_wait_queue(struct wait_queue_head *wq_head, struct wait_queue_entry *wq_entry);
void add_wait_queue_exclusive(struct wait_queue_head *wq_head, struct wait_queue_entry *wq_entry);
void remove_wait_queue(struct wait_queue_head *wq_head, struct wait_queue_entry *wq_entry);

/* The caller holds wq_head->lock with interrupts off. */
static inline void __add_wait_queue(struct wait_queue_head *wq_head,
				    struct wait_queue_entry *wq_entry)
{
	list_add(&wq_entry->entry, &wq_head->head);
}

static inline void __add_wait_queue_entry_tail(struct wait_queue_head *wq_head,
					       struct wait_queue_entry *wq_entry)
{
	list_add_tail(&wq_entry->entry, &wq_head->head);
}

static inline void __remove_wait_queue(struct wait_queue_head *wq_head,
				       struct wait_queue_entry *wq_entry)
{
	list_del_init(&wq_entry->entry);
}

int __wake_up(struct wait_queue_head *wq_head, unsigned int mode, int nr_exclusive, int wake_flags,
	      void *key);
int __wake_up_locked(struct wait_queue_head *wq_head, unsigned int mode, int nr_exclusive,
		     int wake_flags, void *key);

/* The waker is about to sleep or to die: the woken task may have its CPU. */
#define WF_SYNC		0x01

#define wake_up(q)			__wake_up(q, TASK_NORMAL, 1, 0, NULL)
#define wake_up_nr(q, nr)		__wake_up(q, TASK_NORMAL, nr, 0, NULL)
#define wake_up_all(q)			__wake_up(q, TASK_NORMAL, 0, 0, NULL)
#define wake_up_locked(q)		__wake_up_locked(q, TASK_NORMAL, 1, 0, NULL)
#define wake_up_all_locked(q)		__wake_up_locked(q, TASK_NORMAL, 0, 0, NULL)
#define wake_up_interruptible(q)	__wake_up(q, TASK_INTERRUPTIBLE, 1, 0, NULL)
#define wake_up_interruptible_nr(q, nr)	__wake_up(q, TASK_INTERRUPTIBLE, nr, 0, NULL)
#define wake_up_interruptible_all(q)	__wake_up(q, TASK_INTERRUPTIBLE, 0, 0, NULL)
#define wake_up_interruptible_sync(q)	__wake_up(q, TASK_INTERRUPTIBLE, 1, WF_SYNC, NULL)

/* The poll events travel as the key. */
#define poll_to_key(m)			((void *)(unsigned long)(m))
#define key_to_poll(m)			((unsigned int)(unsigned long)(m))
#define wake_up_poll(q, m)		__wake_up(q, TASK_NORMAL, 1, 0, poll_to_key(m))
#define wake_up_locked_poll(q, m)	__wake_up_locked(q, TASK_NORMAL, 1, 0, poll_to_key(m))
#define wake_up_interruptible_poll(q, m) \
	__wake_up(q, TASK_INTERRUPTIBLE, 1, 0, poll_to_key(m))
#define wake_up_interruptible_sync_poll(q, m) \
	__wake_up(q, TASK_INTERRUPTIBLE, 1, WF_SYNC, poll_to_key(m))

void init_wait_entry(struct wait_queue_entry *wq_entry, unsigned int flags);
void prepare_to_wait(struct wait_queue_head *wq_head, struct wait_queue_entry *wq_entry,
		     unsigned int state);
void prepare_to_wait_exclusive(struct wait_queue_head *wq_head, struct wait_queue_entry *wq_entry,
			       unsigned int state);
long prepare_to_wait_event(struct wait_queue_head *wq_head, struct wait_queue_entry *wq_entry,
			   unsigned int state);
void finish_wait(struct wait_queue_head *wq_head, struct wait_queue_entry *wq_entry);

void schedule(void);
long schedule_timeout_ns(long ns);

/*
 * The loop under every wait_event*(): queue and set the state, look, sleep. @cmd is the sleep. A
 * signal that @state admits ends it with -ERESTARTSYS, but only after the condition was looked at
 * once more.
 */
#define ___wait_event(wq_head, condition, state, wflags, init, cmd)		\
({										\
	struct wait_queue_entry __we_entry;					\
	long __we_ret = (init), __we_sig;					\
	init_wait_entry(&__we_entry, wflags);					\
	for (;;) {								\
		__we_sig = prepare_to_wait_event(&(wq_head), &__we_entry, state); \
		if (condition)							\
			break;							\
		if (__we_sig) {							\
			__we_ret = __we_sig;					\
			break;							\
		}								\
		cmd;								\
	}									\
	finish_wait(&(wq_head), &__we_entry);					\
	__we_ret;								\
})

/*
 * For the timed loops: true also when the time is over; if the condition came true, at least 1
 * remains in @left.
 */
#define ___wait_cond_timeout(condition, left)					\
({										\
	bool __we_cond = (condition);						\
	if (__we_cond && !(left))						\
		(left) = 1;							\
	__we_cond || !(left);							\
})

#define ___wait_event_timeout(wq_head, condition, state, timeout)		\
({										\
	long __we_left = (timeout);						\
	might_sleep();								\
	if (!___wait_cond_timeout(condition, __we_left))			\
		__we_left = ___wait_event(wq_head, ___wait_cond_timeout(condition, __we_ret), \
					  state, 0, __we_left,			\
					  __we_ret = schedule_timeout_ns(__we_ret)); \
	__we_left;								\
})

/**
 * wait_event - sleep (TASK_UNINTERRUPTIBLE) until @condition holds
 * @wq_head: the queue, by name, not by address
 * @condition: an expression, evaluated any number of times, with the task state possibly not
 * running: it must not sleep
 *
 * Context: sleeps, no spinlock held.
 */
#define wait_event(wq_head, condition)						\
do {										\
	might_sleep();								\
	if (!(condition))							\
		(void)___wait_event(wq_head, condition, TASK_UNINTERRUPTIBLE, 0, 0, schedule()); \
} while (0)

/* As wait_event(), for a kernel thread without work: not counted in the load. */
#define wait_event_idle(wq_head, condition)					\
do {										\
	might_sleep();								\
	if (!(condition))							\
		(void)___wait_event(wq_head, condition, TASK_IDLE, 0, 0, schedule()); \
} while (0)

/* As wait_event(), but a signal ends it. Return: 0 or -ERESTARTSYS. */
#define wait_event_interruptible(wq_head, condition)				\
({										\
	int __we_iret = 0;								\
	might_sleep();								\
	if (!(condition))							\
		__we_iret = ___wait_event(wq_head, condition, TASK_INTERRUPTIBLE, 0, 0,	\
					  schedule());				\
	__we_iret;									\
})

/* As wait_event(), but a fatal signal ends it. Return: 0 or -ERESTARTSYS. */
#define wait_event_killable(wq_head, condition)					\
({										\
	int __we_iret = 0;								\
	might_sleep();								\
	if (!(condition))							\
		__we_iret = ___wait_event(wq_head, condition, TASK_KILLABLE, 0, 0, schedule()); \
	__we_iret;									\
})

#define wait_event_interruptible_exclusive(wq_head, condition)			\
({										\
	int __we_iret = 0;								\
	might_sleep();								\
	if (!(condition))							\
		__we_iret = ___wait_event(wq_head, condition, TASK_INTERRUPTIBLE,	\
				       WQ_FLAG_EXCLUSIVE, 0, schedule());	\
	__we_iret;									\
})

#define wait_event_killable_exclusive(wq_head, condition)			\
({										\
	int __we_iret = 0;								\
	might_sleep();								\
	if (!(condition))							\
		__we_iret = ___wait_event(wq_head, condition, TASK_KILLABLE,	\
				       WQ_FLAG_EXCLUSIVE, 0, schedule());	\
	__we_iret;									\
})

/*
 * The timed ones: @timeout in nanoseconds (MAX_SCHEDULE_TIMEOUT: for ever). Return: 0 when it ran
 * out and the condition is still false, what is left (at least 1) when it came true, -ERESTARTSYS
 * for a signal.
 */
#define wait_event_timeout(wq_head, condition, timeout)				\
	___wait_event_timeout(wq_head, condition, TASK_UNINTERRUPTIBLE, timeout)
#define wait_event_interruptible_timeout(wq_head, condition, timeout)		\
	___wait_event_timeout(wq_head, condition, TASK_INTERRUPTIBLE, timeout)
#define wait_event_killable_timeout(wq_head, condition, timeout)		\
	___wait_event_timeout(wq_head, condition, TASK_KILLABLE, timeout)

#endif /* _LINUX_WAIT_H_K */

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Mutexes: one owner, which is the only one who may unlock; sleepers wait in order. Never in
 * interrupts.
 */
#ifndef _LINUX_MUTEX_H
#define _LINUX_MUTEX_H

#include <linux/types.h>
#include <linux/atomic.h>
#include <linux/list.h>
#include <linux/spinlock.h>
#include <linux/lockrank.h>

/* Flags in the low bits of the owner word. */
#define MUTEX_WAITERS	1UL	/* unlock must look at the list */
#define MUTEX_HANDOFF	2UL	/* the first waiter was overtaken once: hand it over */
#define MUTEX_FLAGS	3UL

/*
 * Locks: [a] atomic   [w] wait_lock
 */
struct mutex {
	atomic_long_t		owner;		/* [a] task_struct pointer | MUTEX_* */
	spinlock_t		wait_lock;
	struct list_head	wait_list;	/* [w] mutex_waiter.list, oldest first */
	__LOCK_DEBUG_FIELD
};

#define DEFINE_MUTEX(name, ...)						\
	struct mutex name = {						\
		.owner = ATOMIC64_INIT(0),				\
		.wait_lock = __SPIN_LOCK_UNLOCKED((name).wait_lock),	\
		.wait_list = LIST_HEAD_INIT((name).wait_list),		\
		__LOCK_DEBUG_INIT(name, __LOCK_RANK(__VA_ARGS__), 1) }

/* mutex_init(lock) or mutex_init(lock, rank) */
#define mutex_init(m, ...) do {						\
	__mutex_init(m);						\
	lock_debug_init(m, __LOCK_RANK(__VA_ARGS__), 1, #m);		\
} while (0)

void __mutex_init(struct mutex *lock);
void mutex_lock(struct mutex *lock);
/* A second mutex of the same rank, in an order that the caller guarantees. */
void mutex_lock_nested(struct mutex *lock, unsigned int subclass);
int mutex_lock_interruptible(struct mutex *lock);
int mutex_lock_killable(struct mutex *lock);
bool mutex_trylock(struct mutex *lock);
void mutex_unlock(struct mutex *lock);

static inline bool mutex_is_locked(struct mutex *lock)
{
	return (atomic_long_read(&lock->owner) & ~MUTEX_FLAGS) != 0;
}

#endif /* _LINUX_MUTEX_H */

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reader-writer semaphores: many readers or one writer, sleeping, in order of arrival. Readers may
 * not nest: a writer that waits between the two would block both. Never in interrupts.
 */
#ifndef _LINUX_RWSEM_H
#define _LINUX_RWSEM_H

#include <linux/types.h>
#include <linux/atomic.h>
#include <linux/list.h>
#include <linux/preempt.h>
#include <linux/spinlock.h>

#define RWSEM_WRITER	1L	/* a writer has it */
#define RWSEM_WAITERS	2L	/* the list is not empty: newcomers queue, releases look */
#define RWSEM_READER	256L	/* each reader adds this */

/*
 * Locks: [a] atomic   [w] wait_lock
 */
struct rw_semaphore {
	atomic_long_t		count;		/* [a] RWSEM_* */
	spinlock_t		wait_lock;
	struct list_head	wait_list;	/* [w] rwsem_waiter.list, oldest first */
	__LOCK_DEBUG_FIELD
};

#define DECLARE_RWSEM(name, ...)					\
	struct rw_semaphore name = {					\
		.count = ATOMIC64_INIT(0),				\
		.wait_lock = __SPIN_LOCK_UNLOCKED((name).wait_lock),	\
		.wait_list = LIST_HEAD_INIT((name).wait_list),		\
		__LOCK_DEBUG_INIT(name, __LOCK_RANK(__VA_ARGS__), 1) }

/* init_rwsem(sem) or init_rwsem(sem, rank) */
#define init_rwsem(sem, ...) do {					\
	__init_rwsem(sem);						\
	lock_debug_init(sem, __LOCK_RANK(__VA_ARGS__), 1, #sem);	\
} while (0)

static inline void __init_rwsem(struct rw_semaphore *sem)
{
	atomic_long_set(&sem->count, 0);
	spin_lock_init(&sem->wait_lock);
	INIT_LIST_HEAD(&sem->wait_list);
}

void __rwsem_wake(struct rw_semaphore *sem);

static __always_inline bool __rwsem_read_fast(struct rw_semaphore *sem)
{
	long old = __atomic_fetch_add(&sem->count.counter, RWSEM_READER, __ATOMIC_ACQUIRE);

	return likely(!(old & (RWSEM_WRITER | RWSEM_WAITERS)));
}

static __always_inline bool __rwsem_write_fast(struct rw_semaphore *sem)
{
	s64 free = 0;

	return likely(atomic64_try_cmpxchg(&sem->count, &free, RWSEM_WRITER));
}

/* The slow paths: kernel/locking/rwsem.c */
void __down_read(struct rw_semaphore *sem);
int __down_read_killable(struct rw_semaphore *sem);
int __down_read_interruptible(struct rw_semaphore *sem);
void __down_write(struct rw_semaphore *sem);
int __down_write_killable(struct rw_semaphore *sem);

/**
 * down_read - take for reading
 * @sem: the semaphore
 *
 * Context: sleeps.
 */
static __always_inline void down_read(struct rw_semaphore *sem)
{
	might_sleep();
	lock_debug_acquire(sem, true, false);
	if (!__rwsem_read_fast(sem))
		__down_read(sem);
}

/* Return: 0, or -EINTR when a fatal signal came first. */
static __always_inline int down_read_killable(struct rw_semaphore *sem)
{
	int err = 0;

	might_sleep();
	if (!__rwsem_read_fast(sem))
		err = __down_read_killable(sem);
	if (!err)
		lock_debug_acquire(sem, true, false);
	return err;
}

/* Return: 0, or -EINTR when any signal came first. */
static __always_inline int down_read_interruptible(struct rw_semaphore *sem)
{
	int err = 0;

	might_sleep();
	if (!__rwsem_read_fast(sem))
		err = __down_read_interruptible(sem);
	if (!err)
		lock_debug_acquire(sem, true, false);
	return err;
}

/* May be called in any context. Return: true when taken. */
static inline bool down_read_trylock(struct rw_semaphore *sem)
{
	s64 count = atomic64_read(&sem->count);

	do {
		if (count & (RWSEM_WRITER | RWSEM_WAITERS))
			return false;
	} while (!atomic64_try_cmpxchg(&sem->count, &count, count + RWSEM_READER));
	lock_debug_acquire(sem, true, true);
	return true;
}

static __always_inline void up_read(struct rw_semaphore *sem)
{
	long left;

	lock_debug_release(sem);
	left = __atomic_sub_fetch(&sem->count.counter, RWSEM_READER, __ATOMIC_RELEASE);
	ASSERT(left >= 0);
	if (unlikely(left & RWSEM_WAITERS) && left < RWSEM_READER)
		__rwsem_wake(sem);
}

/**
 * down_write - take for writing
 * @sem: the semaphore
 *
 * Context: sleeps.
 */
static __always_inline void down_write(struct rw_semaphore *sem)
{
	might_sleep();
	lock_debug_acquire(sem, false, false);
	if (!__rwsem_write_fast(sem))
		__down_write(sem);
}

/* Return: 0, or -EINTR when a fatal signal came first. */
static __always_inline int down_write_killable(struct rw_semaphore *sem)
{
	int err = 0;

	might_sleep();
	if (!__rwsem_write_fast(sem))
		err = __down_write_killable(sem);
	if (!err)
		lock_debug_acquire(sem, false, false);
	return err;
}

/* May be called in any context. Return: true when taken. */
static inline bool down_write_trylock(struct rw_semaphore *sem)
{
	if (!__rwsem_write_fast(sem))
		return false;
	lock_debug_acquire(sem, false, true);
	return true;
}

/* A second semaphore of the same rank, in an order that the caller guarantees. */
static inline void down_write_nested(struct rw_semaphore *sem, unsigned int subclass)
{
	might_sleep();
	lock_debug_acquire(sem, false, true);
	if (!__rwsem_write_fast(sem))
		__down_write(sem);
}

static inline void down_read_nested(struct rw_semaphore *sem, unsigned int subclass)
{
	might_sleep();
	lock_debug_acquire(sem, true, true);
	if (!__rwsem_read_fast(sem))
		__down_read(sem);
}

static __always_inline void up_write(struct rw_semaphore *sem)
{
	long left;

	lock_debug_release(sem);
	left = __atomic_sub_fetch(&sem->count.counter, RWSEM_WRITER, __ATOMIC_RELEASE);
	ASSERT(!(left & RWSEM_WRITER));
	if (unlikely(left & RWSEM_WAITERS))
		__rwsem_wake(sem);
}

/* The writer becomes a reader without letting another writer in. */
static inline void downgrade_write(struct rw_semaphore *sem)
{
	long now = __atomic_add_fetch(&sem->count.counter, RWSEM_READER - RWSEM_WRITER,
				      __ATOMIC_RELEASE);

	if (unlikely(now & RWSEM_WAITERS))
		__rwsem_wake(sem);
}

static inline bool rwsem_is_locked(struct rw_semaphore *sem)
{
	return atomic_long_read(&sem->count) & ~RWSEM_WAITERS;
}

static inline bool rwsem_is_write_locked(struct rw_semaphore *sem)
{
	return atomic_long_read(&sem->count) & RWSEM_WRITER;
}

static inline bool rwsem_is_contended(struct rw_semaphore *sem)
{
	return atomic_long_read(&sem->count) & RWSEM_WAITERS;
}

#endif /* _LINUX_RWSEM_H */

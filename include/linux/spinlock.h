/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Spinning locks. Test-and-set with a pause rather than tickets: a virtual CPU that holds the
 * next ticket may not be running, and then everybody waits for the host's scheduler.
 * rwlock_t prefers readers, because interrupts read where tasks write (tasklist_lock).
 */
#ifndef _LINUX_SPINLOCK_H
#define _LINUX_SPINLOCK_H

#include <linux/atomic.h>
#include <linux/bug.h>
#include <linux/lockrank.h>
#include <linux/preempt.h>
#include <asm/irqflags.h>
#include <asm/processor.h>

typedef struct spinlock {
	unsigned int locked;
	__LOCK_DEBUG_FIELD
} spinlock_t;

typedef struct rwlock {
	atomic_t cnts;			/* readers, or RWLOCK_WRITER */
	__LOCK_DEBUG_FIELD
} rwlock_t;

#define RWLOCK_WRITER	(-0x40000000)

#define __SPIN_LOCK_UNLOCKED(name, ...)						\
	(spinlock_t){ .locked = 0, __LOCK_DEBUG_INIT(name, __LOCK_RANK(__VA_ARGS__), 0) }
#define DEFINE_SPINLOCK(name, ...)						\
	spinlock_t name = { .locked = 0, __LOCK_DEBUG_INIT(name, __LOCK_RANK(__VA_ARGS__), 0) }
#define DEFINE_RWLOCK(name, ...)						\
	rwlock_t name = { .cnts = ATOMIC_INIT(0),				\
			  __LOCK_DEBUG_INIT(name, __LOCK_RANK(__VA_ARGS__), 0) }
#define spin_lock_init(l, ...) do {						\
	(l)->locked = 0;							\
	lock_debug_init(l, __LOCK_RANK(__VA_ARGS__), 0, #l);			\
} while (0)
#define rwlock_init(l, ...) do {						\
	atomic_set(&(l)->cnts, 0);						\
	lock_debug_init(l, __LOCK_RANK(__VA_ARGS__), 0, #l);			\
} while (0)

static __always_inline void __raw_spin_lock(spinlock_t *lock)
{
	while (unlikely(__atomic_exchange_n(&lock->locked, 1, __ATOMIC_ACQUIRE))) {
		while (READ_ONCE(lock->locked))
			cpu_relax();
	}
}

static __always_inline void spin_lock(spinlock_t *lock)
{
	preempt_disable();
	lock_debug_acquire(lock, false, false);
	__raw_spin_lock(lock);
}

/* A second lock of the same rank, taken in an order that the caller guarantees. */
#define spin_lock_nested(lock, subclass) do {					\
	preempt_disable();							\
	lock_debug_acquire(lock, false, true);					\
	__raw_spin_lock(lock);							\
} while (0)

static __always_inline bool spin_trylock(spinlock_t *lock)
{
	preempt_disable();
	if (READ_ONCE(lock->locked) ||
	    __atomic_exchange_n(&lock->locked, 1, __ATOMIC_ACQUIRE)) {
		preempt_enable();
		return false;
	}
	lock_debug_acquire(lock, false, true);
	return true;
}

static __always_inline void spin_unlock(spinlock_t *lock)
{
	ASSERT(lock->locked);
	lock_debug_release(lock);
	__atomic_store_n(&lock->locked, 0, __ATOMIC_RELEASE);
	preempt_enable();
}

static __always_inline bool spin_is_locked(const spinlock_t *lock)
{
	return READ_ONCE(lock->locked);
}

static __always_inline void __raw_read_lock(rwlock_t *lock)
{
	while (unlikely(atomic_inc_return(&lock->cnts) < 0)) {
		atomic_dec(&lock->cnts);
		while (atomic_read(&lock->cnts) < 0)
			cpu_relax();
	}
}

static __always_inline void __raw_write_lock(rwlock_t *lock)
{
	while (unlikely(atomic_cmpxchg(&lock->cnts, 0, RWLOCK_WRITER) != 0)) {
		while (atomic_read(&lock->cnts) != 0)
			cpu_relax();
	}
}

static __always_inline void read_lock(rwlock_t *lock)
{
	preempt_disable();
	lock_debug_acquire(lock, true, false);
	__raw_read_lock(lock);
}

static __always_inline void read_unlock(rwlock_t *lock)
{
	lock_debug_release(lock);
	__atomic_fetch_sub(&lock->cnts.counter, 1, __ATOMIC_RELEASE);
	preempt_enable();
}

static __always_inline void write_lock(rwlock_t *lock)
{
	preempt_disable();
	lock_debug_acquire(lock, false, false);
	__raw_write_lock(lock);
}

static __always_inline void write_unlock(rwlock_t *lock)
{
	lock_debug_release(lock);
	/* Readers may have counted themselves in for a moment: subtract, never store. */
	__atomic_fetch_sub(&lock->cnts.counter, RWLOCK_WRITER, __ATOMIC_RELEASE);
	preempt_enable();
}

static __always_inline bool rwlock_is_write_locked(const rwlock_t *lock)
{
	return atomic_read(&lock->cnts) < 0;
}

static __always_inline bool rwlock_is_locked(const rwlock_t *lock)
{
	return atomic_read(&lock->cnts) != 0;
}

#define __LOCK_IRQ_VARIANTS(op, type)						\
static __always_inline void op##_lock_irq(type *lock)				\
{ local_irq_disable(); op##_lock(lock); }					\
static __always_inline void op##_unlock_irq(type *lock)				\
{ op##_unlock(lock); local_irq_enable(); }					\
static __always_inline unsigned long __##op##_lock_irqsave(type *lock)		\
{ unsigned long flags; local_irq_save(flags); op##_lock(lock); return flags; }	\
static __always_inline void op##_unlock_irqrestore(type *lock, unsigned long flags) \
{ op##_unlock(lock); local_irq_restore(flags); }

__LOCK_IRQ_VARIANTS(spin, spinlock_t)
__LOCK_IRQ_VARIANTS(read, rwlock_t)
__LOCK_IRQ_VARIANTS(write, rwlock_t)

#define spin_lock_irqsave(lock, flags)	((flags) = __spin_lock_irqsave(lock))
#define read_lock_irqsave(lock, flags)	((flags) = __read_lock_irqsave(lock))
#define write_lock_irqsave(lock, flags)	((flags) = __write_lock_irqsave(lock))
#define spin_trylock_irqsave(lock, flags) __extension__ ({			\
	local_irq_save(flags);							\
	bool __got = spin_trylock(lock);					\
	if (!__got)								\
		local_irq_restore(flags);					\
	__got; })

#define assert_spin_locked(lock)	ASSERT(spin_is_locked(lock) && lock_debug_held(lock))
#define lockdep_assert_held(lock)	ASSERT(lock_debug_held(lock))

#endif

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Locks on the host: real enough for threads, and they notice a second lock or unlock.
 */
#ifndef _LINUX_SPINLOCK_H
#define _LINUX_SPINLOCK_H

#include <linux/bug.h>
#include <linux/lockrank.h>
#include <linux/types.h>

typedef struct spinlock {
	unsigned int locked;
} spinlock_t;

#define __SPIN_LOCK_UNLOCKED(name, ...)	{ .locked = 0 }
#define DEFINE_SPINLOCK(name, ...)	spinlock_t name = { .locked = 0 }
#define spin_lock_init(l, ...)		((l)->locked = 0)

static inline void spin_lock(spinlock_t *lock)
{
	while (__atomic_exchange_n(&lock->locked, 1, __ATOMIC_ACQUIRE))
		__builtin_ia32_pause();
}

static inline void spin_unlock(spinlock_t *lock)
{
	VERIFY(__atomic_exchange_n(&lock->locked, 0, __ATOMIC_RELEASE));
}

#define spin_lock_irqsave(lock, flags)		do { (flags) = 0; spin_lock(lock); } while (0)
#define spin_unlock_irqrestore(lock, flags)	do { (void)(flags); spin_unlock(lock); } while (0)
#define spin_lock_irq(lock)			spin_lock(lock)
#define spin_unlock_irq(lock)			spin_unlock(lock)
#define spin_is_locked(lock)			(READ_ONCE((lock)->locked) != 0)
#define assert_spin_locked(lock)		VERIFY(spin_is_locked(lock))
#define lockdep_assert_held(lock)		VERIFY(spin_is_locked(lock))

#endif

/* SPDX-License-Identifier: GPL-2.0-only */
/* The host's locks, and tasklist_lock's kind. */
#ifndef _HOST_FORK_SPINLOCK_H
#define _HOST_FORK_SPINLOCK_H

#include <asm/percpu.h>
#include <asm/processor.h>
#include_next <linux/spinlock.h>

typedef struct rwlock {
	spinlock_t lock;
} rwlock_t;

#define DEFINE_RWLOCK(name, ...)	rwlock_t name = { { .locked = 0 } }

static inline void write_lock_irq(rwlock_t *rw)
{
	spin_lock(&rw->lock);
}

static inline void write_unlock_irq(rwlock_t *rw)
{
	spin_unlock(&rw->lock);
}

static inline bool rwlock_is_write_locked(const rwlock_t *rw)
{
	return spin_is_locked(&rw->lock);
}

#endif

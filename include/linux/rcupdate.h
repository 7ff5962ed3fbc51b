/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Read-copy update. The kernel is not preemptible, so a reader is any stretch without a context switch: a grace period
 * is over when each CPU has switched, idled or been in user mode. Readers cost nothing in release builds.
 */
#ifndef _LINUX_RCUPDATE_H
#define _LINUX_RCUPDATE_H

#include <linux/types.h>
#include <linux/compiler.h>
#include <linux/atomic.h>
#include <linux/bug.h>
#include <linux/preempt.h>

static __always_inline void rcu_read_lock(void)
{
	preempt_disable();
}

static __always_inline void rcu_read_unlock(void)
{
	preempt_enable();
}

/* x86 orders dependent loads; only the compiler must be held back. */
#define rcu_dereference(p)		READ_ONCE(p)
#define rcu_dereference_raw(p)		READ_ONCE(p)
#define rcu_dereference_check(p, c)	READ_ONCE(p)
/* The caller holds the lock that writers take. */
#define rcu_dereference_protected(p, c)	(p)
#define rcu_access_pointer(p)		READ_ONCE(p)
#define rcu_assign_pointer(p, v)	smp_store_release(&(p), v)
#define RCU_INIT_POINTER(p, v)		WRITE_ONCE(p, v)
#define rcu_replace_pointer(p, v, c) __extension__ ({	\
	__typeof__(p) __rcu_old = (p);			\
	rcu_assign_pointer(p, v);			\
	__rcu_old; })

typedef void (*rcu_callback_t)(struct rcu_head *head);

/* Functions below this are offsets: kfree_rcu() stores where the head stands in its object. */
#define RCU_KFREE_MAX	4096UL

void call_rcu(struct rcu_head *head, rcu_callback_t func);
void synchronize_rcu(void);
void rcu_barrier(void);

/* kfree() @ptr, whose member @field is a struct rcu_head, after a grace period. */
#define kfree_rcu(ptr, field) do {						\
	__typeof__(ptr) __rcu_p = (ptr);					\
	BUILD_ASSERT(offsetof(__typeof__(*(ptr)), field) < RCU_KFREE_MAX);	\
	if (__rcu_p)								\
		call_rcu(&__rcu_p->field,					\
			 (rcu_callback_t)offsetof(__typeof__(*(ptr)), field));	\
} while (0)

/* The scheduler and the tick. */
void rcu_init(void);
void rcu_note_context_switch(void);	/* this CPU runs no reader now */
void rcu_sched_clock_irq(bool user);	/* from the tick, interrupts off */
void rcu_idle_enter(void);		/* interrupts off; until rcu_idle_exit() this CPU counts as quiet */
void rcu_idle_exit(void);
bool rcu_needs_cpu(void);		/* has this CPU callbacks that wait? it must keep its tick */
void rcu_run_callbacks(void);		/* run those whose grace period is over. Context: task, no locks */

#endif /* _LINUX_RCUPDATE_H */

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Read-copy update. The kernel is not preemptible, so a reader is any stretch without a context
 * switch: a grace period is over when each CPU has switched, idled or been in user mode. Readers
 * cost nothing in release builds.
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

/*
 * What a CPU knows about grace periods and its own callbacks, oldest list first. Only this CPU
 * touches it, with interrupts off; @idle is read by others.
 */
struct rcu_cpu {
	struct rcu_head *done, **done_tail;	/* may be run */
	struct rcu_head *wait, **wait_tail;	/* wait for grace period @wait_gp */
	struct rcu_head *next, **next_tail;	/* not yet assigned to one */
	unsigned long wait_gp;
	unsigned long qs_gp;		/* this CPU was quiet since this grace period began */
	unsigned int nr_next;
	bool check;			/* look at the lists at the next context switch */
	bool idle;			/* halted: quiet until further notice */
};

DECLARE_PER_CPU(struct rcu_cpu, rcu_cpu);
extern unsigned long rcu_gp;		/* the latest grace period that has begun */

/* For the scheduler, the tick and the idle loop; interrupts off. */
void rcu_init(void);
void __rcu_quiet(void);
void __rcu_idle_exit(void);
void __rcu_run_callbacks(void);
void rcu_tick(bool user);
bool rcu_idle_enter(void);

/* This CPU switches tasks, so it is in no read section. */
static __always_inline void rcu_note_context_switch(void)
{
	if (unlikely(this_cpu_read(rcu_cpu.qs_gp) != READ_ONCE(rcu_gp) ||
		     this_cpu_read(rcu_cpu.check)))
		__rcu_quiet();
}

static __always_inline void rcu_idle_exit(void)
{
	if (this_cpu_read(rcu_cpu.idle))
		__rcu_idle_exit();
}

/* Each interrupt's entry: its handlers may read although the CPU was halted. */
#define rcu_irq_enter()	rcu_idle_exit()

/* Has this CPU callbacks that are not yet run? Then it must keep its tick. */
static __always_inline bool rcu_needs_cpu(void)
{
	return this_cpu_read(rcu_cpu.next) || this_cpu_read(rcu_cpu.wait) ||
	       this_cpu_read(rcu_cpu.done);
}

/* Run what may be run. Context: task, no spinlock, interrupts on. */
static __always_inline void rcu_run_callbacks(void)
{
	if (unlikely(this_cpu_read(rcu_cpu.done)))
		__rcu_run_callbacks();
}

#endif /* _LINUX_RCUPDATE_H */

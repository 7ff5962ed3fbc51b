/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where are we? A per-CPU count tells interrupts from tasks. The kernel is not preemptible, so
 * release builds count interrupts only; CONFIG_DEBUG_ATOMIC_SLEEP also counts held spinlocks and
 * RCU readers, and schedule() and might_sleep() panic when that count is not zero.
 */
#ifndef _LINUX_PREEMPT_H
#define _LINUX_PREEMPT_H

#include <linux/types.h>
#include <asm/percpu.h>

#define PREEMPT_MASK	0x0000ffffU	/* spinlocks and RCU readers (debug) */
#define HARDIRQ_OFFSET	0x00010000U
#define HARDIRQ_MASK	0x00ff0000U
#define NMI_OFFSET	0x01000000U
#define NMI_MASK	0x0f000000U

DECLARE_PER_CPU(unsigned int, __preempt_count);

static __always_inline unsigned int preempt_count(void)
{
	return this_cpu_read(__preempt_count);
}

#define in_interrupt()	((preempt_count() & (HARDIRQ_MASK | NMI_MASK)) != 0)
#define in_irq()	in_interrupt()
#define in_hardirq()	in_interrupt()
#define in_nmi()	((preempt_count() & NMI_MASK) != 0)
#define in_task()	(!in_interrupt())

#ifdef CONFIG_DEBUG_ATOMIC_SLEEP
# define preempt_disable()	do { this_cpu_add(__preempt_count, 1U); barrier(); } while (0)
# define preempt_enable()	do { barrier(); this_cpu_add(__preempt_count, -1U); } while (0)
void __might_sleep(const char *file, int line);
# define might_sleep()		__might_sleep(__FILE__, __LINE__)
# define in_atomic()		(preempt_count() != 0)
#else
# define preempt_disable()	barrier()
# define preempt_enable()	barrier()
# define might_sleep()		do { } while (0)
# define in_atomic()		in_interrupt()
#endif

/* In long loops: let others run when it is time, run RCU callbacks. Context: task, no locks. */
void __cond_resched(void);
#define cond_resched()		__cond_resched()

#endif

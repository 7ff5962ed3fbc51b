/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * This CPU's one-shot timer. When it fires, hrtimer_interrupt() of kernel/time runs in hard
 * interrupt context.
 */
#ifndef _ASM_X86_CLOCKEVENT_H
#define _ASM_X86_CLOCKEVENT_H

#include <linux/types.h>

/**
 * arch_timer_set_next_event - fire once
 * @delta_ns: from now; at least one tick of the timer is waited, at most what it can count (then it
 *	fires early and the caller arms it again)
 * Context: interrupts off; this CPU.
 */
void arch_timer_set_next_event(u64 delta_ns);

/* Do not fire at all until armed again. */
void arch_timer_stop(void);

/* Called by the CPU's interrupt; written by kernel/time. */
void hrtimer_interrupt(void);

#endif

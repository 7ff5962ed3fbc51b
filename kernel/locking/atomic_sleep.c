// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sleeping where one must not: under a spinlock, in an RCU read section, with interrupts off or in
 * an interrupt. Debug builds count those in __preempt_count and look here before each sleep.
 */
#include <linux/bug.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/lockrank.h>
#include <linux/preempt.h>
#include <linux/sched.h>
#include <asm/irqflags.h>
#include "../sched/internal.h"

static bool is_atomic(void)
{
	return preempt_count() || irqs_disabled();
}

void __might_sleep(const char *file, int line)
{
	if (likely(!is_atomic()) || system_state != SYSTEM_RUNNING)
		return;
	show_held_locks(current);
	panic("%s:%d may sleep, but must not here: preempt count %#x, interrupts %s", file, line,
	      preempt_count(), irqs_disabled() ? "off" : "on");
}

void schedule_debug(void)
{
	if (likely(!is_atomic()))
		return;
	show_held_locks(current);
	panic("schedule() where one must not sleep: preempt count %#x, interrupts %s",
	      preempt_count(), irqs_disabled() ? "off" : "on");
}

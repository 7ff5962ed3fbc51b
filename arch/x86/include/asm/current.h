/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The running task: one per-CPU load. Not volatile, so that the compiler may keep it in a register;
 * within one task's flow it never changes.
 */
#ifndef _ASM_X86_CURRENT_H
#define _ASM_X86_CURRENT_H

#ifndef __ASSEMBLY__

#include <asm/percpu.h>

struct task_struct;

DECLARE_PER_CPU(struct task_struct *, current_task);
DECLARE_PER_CPU(unsigned long, cpu_top_of_stack);

static inline __attribute__((always_inline)) struct task_struct *get_current(void)
{
	struct task_struct *tsk;

	asm("movq %%gs:%1, %0" : "=r" (tsk) : "m" (current_task));
	return tsk;
}

#define current get_current()

#endif

#endif

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Changing the task this CPU runs: stacks, segments, FPU. The scheduler calls it with the run-queue
 * lock held and interrupts off; it returns on the next task's stack, with the task that ran before.
 */
#ifndef _ASM_X86_SWITCH_TO_H
#define _ASM_X86_SWITCH_TO_H

struct task_struct;

struct task_struct *__switch_to_asm(struct task_struct *prev, struct task_struct *next,
				    unsigned long *prev_sp, unsigned long next_sp);

#define switch_to(prev, next, last)						\
do {										\
	(last) = __switch_to_asm((prev), (next), &(prev)->thread.sp, (next)->thread.sp); \
} while (0)

#endif

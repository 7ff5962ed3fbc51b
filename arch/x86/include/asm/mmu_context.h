/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Changing the address space this CPU walks. A kernel thread keeps the last user space loaded
 * ("lazy"): a shoot-down that reaches a lazy CPU makes it drop to the kernel's own tables.
 */
#ifndef _ASM_X86_MMU_CONTEXT_H
#define _ASM_X86_MMU_CONTEXT_H

struct mm_struct;
struct task_struct;

void switch_mm(struct mm_struct *prev, struct mm_struct *next, struct task_struct *tsk);
void switch_mm_irqs_off(struct mm_struct *prev, struct mm_struct *next, struct task_struct *tsk);
void enter_lazy_tlb(struct mm_struct *mm, struct task_struct *tsk);

#define activate_mm(prev, next)		switch_mm((prev), (next), NULL)
#define deactivate_mm(tsk, mm)		do { } while (0)

#endif

/* SPDX-License-Identifier: GPL-2.0-only */
/* Debug registers: bits of the status register, and the per-thread copies. */
#ifndef _ASM_X86_DEBUGREG_H
#define _ASM_X86_DEBUGREG_H

#define DR6_SLOTS	0xfUL		/* which of the four addresses was met */
#define DR6_STEP	0x4000UL	/* RFLAGS.TF */
#define DR6_FIXED	0xffff0ff0UL	/* reads as ones */
#define DR7_FIXED	0x400UL

struct task_struct;

void switch_debug_registers(const struct task_struct *next);
void note_watched_words(struct task_struct *child);
unsigned long changed_watched_words(void);
void flush_debug_registers(void);
unsigned long get_debugreg(const struct task_struct *tsk, unsigned int n);
int set_debugreg(struct task_struct *tsk, unsigned int n, unsigned long value);

#endif

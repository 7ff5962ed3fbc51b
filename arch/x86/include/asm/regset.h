/* SPDX-License-Identifier: GPL-2.0-only */
/* Registers of a stopped task, word by word as in struct user_regs_struct. */
#ifndef _ASM_X86_REGSET_H
#define _ASM_X86_REGSET_H

#include <linux/types.h>
#include <asm/user_regs.h>

#define USER_REGS_WORDS	(sizeof(struct user_regs_struct) / sizeof(long))

struct task_struct;

unsigned long get_user_reg(struct task_struct *tsk, unsigned int n);
int set_user_reg(struct task_struct *tsk, unsigned int n, unsigned long value);
void save_user_segments(struct task_struct *tsk);
void get_user_regs(struct task_struct *tsk, unsigned long *to, unsigned int words);

#endif

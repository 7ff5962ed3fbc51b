/* SPDX-License-Identifier: GPL-2.0-only */
/* The model's task whose turn it is. */
#ifndef _ASM_X86_CURRENT_H
#define _ASM_X86_CURRENT_H

struct task_struct;

extern struct task_struct *model_running;

#define current model_running

#endif

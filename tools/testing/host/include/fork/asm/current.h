/* SPDX-License-Identifier: GPL-2.0-only */
/* The task that forks, which the test makes. */
#ifndef _ASM_X86_CURRENT_H
#define _ASM_X86_CURRENT_H

struct task_struct;

extern struct task_struct *model_parent;

#define current model_parent

#endif

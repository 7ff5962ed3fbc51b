/* SPDX-License-Identifier: GPL-2.0-only */
/* Process accounting, acct(2). Owner: kernel/acct.c. */
#ifndef _LINUX_ACCT_H_K
#define _LINUX_ACCT_H_K

#include <linux/sched.h>

struct file;

extern struct file *acct_file;

void __acct_process(struct task_struct *tsk, long code);

/* The last thread of @tsk's process exits with @code. Context: task, no locks; may sleep. */
static inline void acct_process(struct task_struct *tsk, long code)
{
	if (unlikely(acct_file) && tsk->mm)
		__acct_process(tsk, code);
}

#endif

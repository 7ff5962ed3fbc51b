/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Between fork.c, exit.c and wait.c: the releases that fork_rows.h generates in fork.c.
 */
#ifndef _KERNEL_EXIT_H
#define _KERNEL_EXIT_H

struct task_struct;

void exit_rows(struct task_struct *tsk);
void reap_rows(struct task_struct *tsk);

#endif

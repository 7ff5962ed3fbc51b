/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Between fork.c, exit.c, wait.c and the tests of fork: the steps that fork_rows.h generates.
 */
#ifndef _KERNEL_INTERNAL_H
#define _KERNEL_INTERNAL_H

struct fork_ctx;
struct task_struct;

/* The releases of a task's rows, at exit and when it is reaped. */
void exit_rows(struct task_struct *tsk);
void reap_rows(struct task_struct *tsk);

/* Default limits from the size of memory; at boot. */
void nproc_init(void);

/* An embryo: zero but for the inherited group; NULL without memory. */
struct task_struct *dup_task(struct fork_ctx *fc);
/* ... with all its rows, seen by nobody; ERR_PTR(-errno). */
struct task_struct *build_task(struct fork_ctx *fc);
/* Everything an embryo has got goes back. */
void discard_embryo(struct task_struct *tsk);

#endif

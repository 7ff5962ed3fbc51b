/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Out of memory (mm/oom.c): whom to kill, and the words that say so.
 */
#ifndef _LINUX_OOM_H_K
#define _LINUX_OOM_H_K

#include <linux/types.h>
#include <linux/gfp.h>
#include <uapi/linux/oom.h>

struct task_struct;

/**
 * oom_badness() - how much would be won by killing @tsk
 * @totalpages: what 1000 points of oom_score_adj mean
 *
 * Context: RCU read side or tasklist_lock.
 * Return: pages, LONG_MIN when it must not be killed.
 */
long oom_badness(struct task_struct *tsk, unsigned long totalpages);
/* /proc/<pid>/oom_score: 0 .. 2000. */
unsigned long oom_score(struct task_struct *tsk);

/* No page of 2^order was found. True: try again. Sleeps. */
bool out_of_memory(gfp_t gfp, unsigned int order);
/* A page fault found no memory: wait for the killer, or kill. */
void pagefault_out_of_memory(void);
/* The dying task has given its address space back. */
void exit_oom_victim(struct task_struct *tsk);

/* Has the OOM killer marked @tsk? It may use the reserve. */
bool tsk_is_oom_victim(struct task_struct *tsk);

#endif

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A model of scheduling: a few tasks take turns, and whose turn comes next is drawn before each
 * atomic operation and each wake-up; now and then one is stopped for some turns. What takes a processor
 * that its host stops at the wrong place is here one seed of a few hundred. A wake-up that is lost shows as tasks that are left and nobody
 * who can run.
 */
#ifndef _HOST_MODEL_TASKS_H
#define _HOST_MODEL_TASKS_H

#include <linux/sched.h>

#define NR_TASKS	4

/* One at a time runs, whoever has the turn, so that all of this needs no lock. */
struct model_task {
	struct task_struct task;
	void *turn, *thread;
	bool asleep, done;
	unsigned int stopped;	/* its processor is, for so many turns of others */
};

extern struct model_task tasks[NR_TASKS];
extern unsigned int wrong;	/* somebody was where he must not be */

/* Which of them has the turn. */
unsigned int model_self(void);

/* Let each do @operation so often. Return: false when some are left and nobody can run. */
bool run_tasks(unsigned long seed, void (*operation)(void), unsigned int operations);

/* A signal for @m, which an interruptible sleep is ended by. */
void signal_model_task(struct model_task *m);

/* One of the tasks can be the thread of the work queue, which begins anew. */
void run_model_worker(void);
void reset_model_worker(void);

#endif

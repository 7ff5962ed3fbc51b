// SPDX-License-Identifier: GPL-2.0-only
/* The model of scheduling, and the wait queues (kernel/sched/wait.c itself) on top of it. */
#include <host.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include "model_tasks.h"

/* Of the scheduler, wait queues want only this. */
#define _KERNEL_SCHED_INTERNAL_H
int try_to_wake_up(struct task_struct *p, unsigned int state, int wake_flags);

#include "../../../kernel/sched/wait.c"

struct model_task tasks[NR_TASKS];
struct task_struct *model_running;
unsigned int wrong;

static bool stuck;		/* nobody can run; all give up */
static void (*operation)(void);
static unsigned int operations;

static struct model_task *running(void)
{
	return container_of(model_running, struct model_task, task);
}

unsigned int model_self(void)
{
	return running() - tasks;
}

/* Somebody whose turn it can be; who is stopped, only when there is nobody else. */
static struct model_task *draw_runnable(void)
{
	unsigned int first = host_random() % NR_TASKS, i;
	struct model_task *found = NULL;

	for (i = 0; i < NR_TASKS; i++) {
		struct model_task *m = &tasks[(first + i) % NR_TASKS];

		if (m->done || m->asleep)
			continue;
		if (!m->stopped)
			return m;
		m->stopped--;
		found = m;
	}
	return found;
}

static void give_turn(struct model_task *to)
{
	model_running = &to->task;
	host_post(to->turn);
}

/* Let another one go on, and wait for the turn to come back unless we are done. */
static void switch_to(struct model_task *to)
{
	struct model_task *self = running();

	if (to == self)
		return;
	give_turn(to);
	if (self->done)
		return;
	host_wait(self->turn);
	if (stuck)
		host_thread_exit();
}

void model_step(void)
{
	if (!model_running)
		return;
	if (host_random() % 16 == 0)
		running()->stopped = 1 + host_random() % 32;
	if (running()->stopped || host_random() % 2)
		switch_to(draw_runnable());
}

static void give_up(void)
{
	unsigned int i;

	stuck = true;
	for (i = 0; i < NR_TASKS; i++)
		host_post(tasks[i].turn);
	host_thread_exit();
}

/* A fatal signal for one who sleeps and can be killed. */
static void kill_somebody(void)
{
	struct model_task *m = &tasks[host_random() % NR_TASKS];

	if (m->done || !m->asleep || !(m->task.state & TASK_WAKEKILL))
		return;
	m->task.thread_info.flags |= 1UL << TIF_SIGPENDING;
	m->task.pending.signal |= 1UL << (SIGKILL - 1);
	m->task.state = TASK_RUNNING;
	m->asleep = false;
}

void signal_model_task(struct model_task *m)
{
	m->task.thread_info.flags |= 1UL << TIF_SIGPENDING;
	try_to_wake_up(&m->task, TASK_INTERRUPTIBLE, 0);
}

void schedule(void)
{
	struct model_task *self = running(), *next;

	if (signal_pending_state(self->task.state, &self->task))
		self->task.state = TASK_RUNNING;
	self->asleep = self->task.state != TASK_RUNNING;
	if (host_random() % 8 == 0)
		kill_somebody();
	next = draw_runnable();
	if (!next)
		give_up();
	switch_to(next);
}

int wake_up_process(struct task_struct *tsk)
{
	struct model_task *m = container_of(tsk, struct model_task, task);

	m->task.state = TASK_RUNNING;
	m->asleep = false;
	model_step();
	return 1;
}

int try_to_wake_up(struct task_struct *p, unsigned int state, int wake_flags)
{
	return p->state & state ? wake_up_process(p) : 0;
}

static void *task_main(void *arg)
{
	struct model_task *self = arg, *next;
	unsigned int i;

	host_wait(self->turn);
	if (stuck)
		return NULL;
	for (i = 0; i < operations; i++)
		operation();
	self->done = true;
	next = draw_runnable();
	if (next) {
		switch_to(next);
		return NULL;
	}
	for (i = 0; i < NR_TASKS; i++)
		if (!tasks[i].done)
			give_up();
	return NULL;
}

bool run_tasks(unsigned long seed, void (*op)(void), unsigned int nr)
{
	unsigned int i;

	host_seed(seed);
	memset(tasks, 0, sizeof(tasks));
	model_running = NULL;
	stuck = false;
	operation = op;
	operations = nr;
	for (i = 0; i < NR_TASKS; i++) {
		refcount_set(&tasks[i].task.usage, 1);
		tasks[i].turn = host_turn();
		tasks[i].thread = host_thread(task_main, &tasks[i]);
	}
	give_turn(draw_runnable());
	for (i = 0; i < NR_TASKS; i++) {
		host_join(tasks[i].thread);
		host_turn_free(tasks[i].turn);
	}
	model_running = NULL;
	return !stuck;
}

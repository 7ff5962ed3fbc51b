// SPDX-License-Identifier: GPL-2.0-only
/*
 * Mutexes and reader-writer semaphores themselves, under a model of scheduling: a few tasks take
 * turns, and whose turn comes next is drawn before each atomic operation and each wake-up. What
 * takes a processor that its host stops at the wrong place is here one seed of a few hundred. A
 * wake-up that is lost shows as tasks that are left and nobody who can run.
 */
#include <host.h>
#include <linux/cpumask.h>
#include <linux/kernel.h>
#include <linux/selftest.h>
#include <linux/string.h>

/* kernel/fork.c is linked in here too. */
#define __put_task_struct	model_put_task_struct

#include "../../../kernel/locking/mutex.c"
#include "../../../kernel/locking/rwsem.c"

#define NR_TASKS	4
#define OPERATIONS	6	/* of each task */
#define SEEDS		1000

/* One at a time runs, whoever has the turn, so that all of this needs no lock. */
static struct model_task {
	struct task_struct task;
	void *turn, *thread;
	bool asleep, done;
	unsigned int stopped;	/* its processor is, for so many turns of others */
} tasks[NR_TASKS];

struct task_struct *model_running;
static bool stuck;		/* nobody can run; all give up */
static unsigned int wrong;	/* somebody was where he must not be */
static unsigned int killed;	/* waits that a signal ended */

static struct model_task *running(void)
{
	return container_of(model_running, struct model_task, task);
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

void schedule(void)
{
	struct model_task *self = running(), *next;

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

void __put_task_struct(struct task_struct *tsk)
{
	wrong++;	/* the test has a reference to each */
}

/* ---- what the tasks do ---- */

static struct mutex mutex;
static struct rw_semaphore sem;
static int readers, writers;
static void (*operation)(void);

static void look(void)
{
	wrong += writers > 1 || (writers && readers);
}

static void stay(int *inside)
{
	++*inside;
	look();
	model_step();
	model_step();
	look();
	--*inside;
}

/* Did we get it? The signal that ended the wait has been seen. */
static bool got(int err)
{
	wrong += err && err != -EINTR;
	killed += err != 0;
	current->thread_info.flags = 0;
	current->pending.signal = 0;
	return !err;
}

static void read_or_write(void)
{
	bool killable = host_random() % 4 == 0;

	if (host_random() % 2) {
		if (!killable)
			down_read(&sem);
		else if (!got(down_read_killable(&sem)))
			return;
		stay(&readers);
		up_read(&sem);
		return;
	}
	if (!killable)
		down_write(&sem);
	else if (!got(down_write_killable(&sem)))
		return;
	stay(&writers);
	if (host_random() % 4) {
		up_write(&sem);
		return;
	}
	downgrade_write(&sem);
	stay(&readers);
	up_read(&sem);
}

static void lock_mutex(void)
{
	if (host_random() % 4)
		mutex_lock(&mutex);
	else if (!got(mutex_lock_killable(&mutex)))
		return;
	stay(&writers);
	mutex_unlock(&mutex);
}

static void *task_main(void *arg)
{
	struct model_task *self = arg, *next;
	unsigned int i;

	host_wait(self->turn);
	if (stuck)
		return NULL;
	for (i = 0; i < OPERATIONS; i++)
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

/* Returns whether all tasks have come to their end. On one CPU nobody looks on before he sleeps. */
static bool run_tasks(unsigned long seed)
{
	unsigned int cpus = nr_cpu_ids, i;

	host_seed(seed);
	memset(tasks, 0, sizeof(tasks));
	model_running = NULL;
	stuck = false;
	readers = writers = 0;
	nr_cpu_ids = seed % 2 ? 1 : NR_TASKS;
	mutex_init(&mutex);
	init_rwsem(&sem);
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
	nr_cpu_ids = cpus;
	return !stuck;
}

SELFTEST(sleeping_locks, rwsem_loses_no_wake_up)
{
	unsigned long seed;

	operation = read_or_write;
	wrong = killed = 0;
	for (seed = 1; seed <= SEEDS; seed++) {
		if (!run_tasks(seed))
			selftest_fail(t, __FILE__, __LINE__, "seed %lu: all sleep", seed);
		KT_ASSERT(!t->failed && !wrong);
		KT_ASSERT(!atomic_long_read(&sem.count) && list_empty(&sem.wait_list));
	}
	KT_EXPECT(killed);
}

SELFTEST(sleeping_locks, mutex_loses_no_wake_up)
{
	unsigned long seed;

	operation = lock_mutex;
	wrong = killed = 0;
	for (seed = 1; seed <= SEEDS; seed++) {
		if (!run_tasks(seed))
			selftest_fail(t, __FILE__, __LINE__, "seed %lu: all sleep", seed);
		KT_ASSERT(!t->failed && !wrong);
		KT_ASSERT(!atomic_long_read(&mutex.owner) && list_empty(&mutex.wait_list));
	}
	KT_EXPECT(killed);
}

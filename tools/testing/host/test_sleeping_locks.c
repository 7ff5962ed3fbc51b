// SPDX-License-Identifier: GPL-2.0-only
/* Mutexes and reader-writer semaphores themselves, under the model of scheduling. */
#include <host.h>
#include <linux/cpumask.h>
#include <linux/kernel.h>
#include <linux/selftest.h>
#include "model_tasks.h"

/* kernel/fork.c is linked in here too. */
#define __put_task_struct	model_put_task_struct

#include "../../../kernel/locking/mutex.c"
#include "../../../kernel/locking/rwsem.c"

#define OPERATIONS	6	/* of each task */
#define SEEDS		400

void __put_task_struct(struct task_struct *tsk)
{
	wrong++;	/* the test has a reference to each */
}

/* ---- what the tasks do ---- */

static struct mutex mutex;
static struct rw_semaphore sem;
static int readers, writers;
static unsigned int killed;	/* waits that a signal ended */

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

/* On one CPU nobody looks on before he sleeps. */
static bool run_locks(unsigned long seed, void (*operation)(void))
{
	unsigned int cpus = nr_cpu_ids;
	bool ended;

	readers = writers = 0;
	mutex_init(&mutex);
	init_rwsem(&sem);
	nr_cpu_ids = seed % 2 ? 1 : NR_TASKS;
	ended = run_tasks(seed, operation, OPERATIONS);
	nr_cpu_ids = cpus;
	return ended;
}

/* By each seed all come to their end, nobody was where he must not be, and the locks are free. */
static void try_seeds(struct selftest_ctx *t, void (*operation)(void))
{
	unsigned long seed;

	wrong = killed = 0;
	for (seed = 1; seed <= SEEDS; seed++) {
		if (!run_locks(seed, operation))
			selftest_fail(t, __FILE__, __LINE__, "seed %lu: all sleep", seed);
		KT_ASSERT(!t->failed && !wrong);
		KT_ASSERT(!atomic_long_read(&sem.count) && list_empty(&sem.wait_list));
		KT_ASSERT(!atomic_long_read(&mutex.owner) && list_empty(&mutex.wait_list));
	}
	KT_EXPECT(killed);
}

SELFTEST(sleeping_locks, rwsem_loses_no_wake_up)
{
	try_seeds(t, read_or_write);
}

SELFTEST(sleeping_locks, mutex_loses_no_wake_up)
{
	try_seeds(t, lock_mutex);
}

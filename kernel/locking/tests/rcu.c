// SPDX-License-Identifier: GPL-2.0-only
/*
 * In-kernel tests of RCU: readers on all CPUs look at objects that a writer replaces; none may see
 * one whose grace period is over. Callbacks run once each, in task context.
 */
#include <linux/hrtimer.h>
#include <linux/kthread.h>
#include <linux/preempt.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/selftest.h>
#include <linux/slab.h>

#define NR_READERS	4
#define NR_UPDATES	200
#define ALIVE		0x600d600dU
#define DEAD		0xdeaddeadU

struct victim {
	unsigned int state;
	struct rcu_head rcu;
};

static struct victim *shared;
static atomic_t freed, seen_dead, in_interrupts;
static bool stop_readers;

static int reader(void *unused)
{
	unsigned int n = 0;

	while (!READ_ONCE(stop_readers)) {
		struct victim *v;
		int i;

		rcu_read_lock();
		v = rcu_dereference(shared);
		for (i = 0; i < 50; i++) {
			if (READ_ONCE(v->state) != ALIVE)
				atomic_inc(&seen_dead);
			cpu_relax();
		}
		rcu_read_unlock();
		if (!(++n & 15))
			cond_resched();
	}
	while (!kthread_should_stop())
		schedule_timeout_uninterruptible_ns(NSEC_PER_MSEC);
	return 0;
}

static void bury(struct rcu_head *head)
{
	struct victim *v = container_of(head, struct victim, rcu);

	if (in_interrupt() || irqs_disabled())
		atomic_inc(&in_interrupts);
	WRITE_ONCE(v->state, DEAD);
	atomic_inc(&freed);
	kfree(v);
}

static struct victim *new_victim(void)
{
	struct victim *v = kmalloc(sizeof(*v), GFP_KERNEL);

	if (v)
		v->state = ALIVE;
	return v;
}

static void reset(void)
{
	atomic_set(&freed, 0);
	atomic_set(&seen_dead, 0);
	atomic_set(&in_interrupts, 0);
	stop_readers = false;
}

/* Replace the object again and again, freeing the old one in one of the two ways. */
static int update_all(void)
{
	int i;

	for (i = 0; i < NR_UPDATES; i++) {
		struct victim *old = shared, *v = new_victim();

		if (!v)
			return i;
		rcu_assign_pointer(shared, v);
		if (i & 7) {
			call_rcu(&old->rcu, bury);
		} else {
			synchronize_rcu();
			bury(&old->rcu);
		}
		cond_resched();
	}
	return i;
}

SELFTEST(rcu, readers_never_see_the_dead)
{
	struct task_struct *task[NR_READERS];
	int i, updates;

	reset();
	shared = new_victim();
	KT_ASSERT(shared);
	for (i = 0; i < NR_READERS; i++) {
		task[i] = kthread_run(reader, NULL, "reader/%d", i);
		KT_ASSERT(!IS_ERR(task[i]));
	}
	updates = update_all();
	WRITE_ONCE(stop_readers, true);
	for (i = 0; i < NR_READERS; i++)
		kthread_stop(task[i]);
	rcu_barrier();
	KT_EXPECT_EQ(updates, NR_UPDATES);
	KT_EXPECT_EQ(atomic_read(&freed), NR_UPDATES);
	KT_EXPECT_EQ(atomic_read(&seen_dead), 0);
	KT_EXPECT_EQ(atomic_read(&in_interrupts), 0);
	kfree(shared);
}

SELFTEST(rcu, barrier_waits_for_all)
{
	int i;

	reset();
	for (i = 0; i < 100; i++) {
		struct victim *v = new_victim();

		KT_ASSERT(v);
		call_rcu(&v->rcu, bury);
	}
	rcu_barrier();
	KT_EXPECT_EQ(atomic_read(&freed), 100);
}

/* Nobody asks for it: the idle loop and the tick have to see to the callbacks. */
SELFTEST(rcu, callbacks_run_when_all_is_quiet)
{
	struct victim *v = new_victim();
	int i;

	KT_ASSERT(v);
	reset();
	call_rcu(&v->rcu, bury);
	for (i = 0; i < 100 && !atomic_read(&freed); i++)
		msleep(2);
	KT_EXPECT_EQ(atomic_read(&freed), 1);
}

SELFTEST(rcu, kfree_rcu)
{
	struct victim *v = new_victim();

	KT_ASSERT(v);
	kfree_rcu(v, rcu);
	v = NULL;
	kfree_rcu(v, rcu);
	rcu_barrier();
}

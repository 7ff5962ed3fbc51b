// SPDX-License-Identifier: GPL-2.0-only
/*
 * In-kernel tests of the scheduler: fairness, policies, affinity, wait queues, completions, death.
 */
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/fork.h>
#include <linux/hrtimer.h>
#include <linux/kthread.h>
#include <linux/sched.h>
#include <linux/selftest.h>
#include <linux/wait.h>
#include "../internal.h"

/* Spin for CPU time until told to stop, and say how much was had. */
struct spinner {
	struct task_struct *task;
	u64 start, used;
	bool stop;
};

static int spin(void *arg)
{
	struct spinner *s = arg;

	s->start = task_sched_runtime(current);
	while (!READ_ONCE(s->stop)) {
		cpu_relax();
		cond_resched();
	}
	s->used = task_sched_runtime(current) - s->start;
	while (!kthread_should_stop())
		schedule_timeout_uninterruptible_ns(NSEC_PER_MSEC);
	return 0;
}

static bool spinner_start(struct spinner *s, int cpu, long nice)
{
	*s = (struct spinner){ };
	s->task = kthread_create(spin, s, "spin/%d", cpu);
	if (IS_ERR(s->task))
		return false;
	kthread_bind(s->task, cpu);
	set_user_nice(s->task, nice);
	wake_up_process(s->task);
	return true;
}

static void spinner_stop(struct spinner *s)
{
	WRITE_ONCE(s->stop, true);
	kthread_stop(s->task);
}

SELFTEST(sched, equal_shares)
{
	struct spinner s[3];
	u64 had[3], least, most;
	bool even = false;
	int i, waits;

	for (i = 0; i < 3; i++)
		KT_ASSERT(spinner_start(&s[i], 0, 0));
	/* Run time includes what the host took from the virtual CPU, until that has been made good. */
	for (waits = 0; waits < 10 && !even; waits++) {
		msleep(300);
		for (i = 0; i < 3; i++)
			had[i] = task_sched_runtime(s[i].task);
		least = min(had[0], min(had[1], had[2]));
		most = max(had[0], max(had[1], had[2]));
		even = least > 0 && most < 2 * least + 60 * NSEC_PER_MSEC;
	}
	KT_EXPECT(even);
	for (i = 0; i < 3; i++)
		WRITE_ONCE(s[i].stop, true);
	for (i = 0; i < 3; i++)
		spinner_stop(&s[i]);
}

SELFTEST(sched, nice_shares)
{
	struct spinner favoured, other;

	KT_ASSERT(spinner_start(&favoured, 0, -5));
	KT_ASSERT(spinner_start(&other, 0, 5));
	/* Long enough for what the host takes away in between to be made good. */
	msleep(2000);
	WRITE_ONCE(favoured.stop, true);
	WRITE_ONCE(other.stop, true);
	spinner_stop(&favoured);
	spinner_stop(&other);
	/* Ten steps are a factor of 9.3. */
	KT_EXPECT(favoured.used > 4 * other.used);
	KT_EXPECT(other.used > 0);
}

SELFTEST(sched, weights)
{
	int nice;

	KT_EXPECT_EQ(nice_weight[20], NICE_0_WEIGHT);
	for (nice = 0; nice < NICE_WIDTH - 1; nice++) {
		unsigned int heavy = nice_weight[nice] * 4, light = nice_weight[nice + 1] * 5;

		KT_EXPECT(heavy < light + 8 && light < heavy + 8);
	}
}

static int note_cpu(void *arg)
{
	WRITE_ONCE(*(int *)arg, smp_processor_id());
	while (!kthread_should_stop())
		schedule_timeout_uninterruptible_ns(NSEC_PER_MSEC);
	return 7;
}

SELFTEST(sched, bound_thread_runs_where_it_was_bound)
{
	unsigned int cpu;

	for_each_online_cpu(cpu) {
		int seen = -1;
		struct task_struct *task = kthread_create(note_cpu, &seen, "bound/%u", cpu);

		KT_ASSERT(!IS_ERR(task));
		kthread_bind(task, cpu);
		wake_up_process(task);
		msleep(20);
		KT_EXPECT_EQ(READ_ONCE(seen), cpu);
		KT_EXPECT_EQ(kthread_stop(task), 7);
	}
}

SELFTEST(sched, running_task_moves)
{
	struct spinner s;
	unsigned int cpu;

	if (num_online_cpus() < 2)
		KT_SKIP("one CPU");
	KT_ASSERT(spinner_start(&s, 0, 0));
	for (cpu = 0; cpu < 40; cpu++) {
		unsigned int to = cpu % num_online_cpus();

		KT_EXPECT_EQ(set_cpus_allowed_ptr(s.task, cpumask_of(to)), 0);
		KT_EXPECT_EQ(task_cpu(s.task), to);
	}
	spinner_stop(&s);
}

SELFTEST(sched, idle_cpus_pull)
{
	struct spinner s[2];
	unsigned int i, waits;
	bool apart = false;

	if (num_online_cpus() < 2)
		KT_SKIP("one CPU");
	for (i = 0; i < 2; i++) {
		KT_ASSERT(spinner_start(&s[i], 0, 0));
		set_cpus_allowed_ptr(s[i].task, cpu_online_mask);
	}
	/* A virtual CPU pulls only when the host lets it run. */
	for (waits = 0; waits < 15 && !apart; waits++) {
		msleep(200);
		apart = task_cpu(s[0].task) != task_cpu(s[1].task);
	}
	KT_EXPECT(apart);
	for (i = 0; i < 2; i++)
		spinner_stop(&s[i]);
}

SELFTEST(sched, never_started_thread_stops)
{
	int seen = -1;
	struct task_struct *task = kthread_create(note_cpu, &seen, "unborn");

	KT_ASSERT(!IS_ERR(task));
	KT_EXPECT_EQ(kthread_stop(task), -EINTR);
	KT_EXPECT_EQ(seen, -1);
}

/* ---- wait queues ---- */

struct sleeper_test {
	wait_queue_head_t queue;
	int ready;			/* tokens to take */
	atomic_t woken;
};

static bool take_token(struct sleeper_test *w)
{
	int have = READ_ONCE(w->ready);

	return have > 0 && cmpxchg(&w->ready, have, have - 1) == have;
}

static int sleep_exclusive(void *arg)
{
	struct sleeper_test *w = arg;

	wait_event_killable_exclusive(w->queue, take_token(w));
	atomic_inc(&w->woken);
	while (!kthread_should_stop())
		schedule_timeout_uninterruptible_ns(NSEC_PER_MSEC);
	return 0;
}

SELFTEST(sched, exclusive_sleepers_wake_one_by_one)
{
	struct sleeper_test w = { .ready = 0 };
	struct task_struct *task[4];
	int i;

	init_waitqueue_head(&w.queue);
	atomic_set(&w.woken, 0);
	for (i = 0; i < 4; i++) {
		task[i] = kthread_run(sleep_exclusive, &w, "excl/%d", i);
		KT_ASSERT(!IS_ERR(task[i]));
	}
	msleep(20);
	for (i = 1; i <= 4; i++) {
		__atomic_fetch_add(&w.ready, 1, __ATOMIC_SEQ_CST);
		wake_up(&w.queue);
		msleep(10);
		KT_EXPECT_EQ(atomic_read(&w.woken), i);
	}
	KT_EXPECT(!waitqueue_active(&w.queue));
	for (i = 0; i < 4; i++)
		kthread_stop(task[i]);
}

SELFTEST(sched, timed_wait)
{
	DECLARE_WAIT_QUEUE_HEAD(queue);
	bool condition = false;
	ktime_t start = ktime_get();

	KT_EXPECT_EQ(wait_event_timeout(queue, READ_ONCE(condition), 30 * NSEC_PER_MSEC), 0);
	KT_EXPECT(ktime_get() - start >= 30 * NSEC_PER_MSEC);
	condition = true;
	KT_EXPECT(wait_event_timeout(queue, READ_ONCE(condition), 0L) == 1);
	KT_EXPECT(!waitqueue_active(&queue));
}

static int note_key(struct wait_queue_entry *entry, unsigned int mode, int flags, void *key)
{
	*(unsigned int *)entry->private = key_to_poll(key);
	return 0;
}

SELFTEST(sched, custom_wake_function_gets_the_key)
{
	DECLARE_WAIT_QUEUE_HEAD(queue);
	struct wait_queue_entry entry;
	unsigned int seen = 0;

	init_waitqueue_func_entry(&entry, note_key);
	entry.private = &seen;
	add_wait_queue(&queue, &entry);
	wake_up_poll(&queue, 0x41);
	KT_EXPECT_EQ(seen, 0x41);
	remove_wait_queue(&queue, &entry);
	KT_EXPECT(!waitqueue_active(&queue));
}

static int complete_later(void *arg)
{
	msleep(10);
	complete(arg);
	while (!kthread_should_stop())
		schedule_timeout_uninterruptible_ns(NSEC_PER_MSEC);
	return 0;
}

SELFTEST(sched, completion)
{
	DECLARE_COMPLETION_ONSTACK(done);
	struct task_struct *task;

	KT_EXPECT(!try_wait_for_completion(&done));
	KT_EXPECT_EQ(wait_for_completion_timeout(&done, NSEC_PER_MSEC), 0);
	task = kthread_run(complete_later, &done, "completer");
	KT_ASSERT(!IS_ERR(task));
	wait_for_completion(&done);
	KT_EXPECT(!completion_done(&done));
	complete_all(&done);
	KT_EXPECT(try_wait_for_completion(&done));
	KT_EXPECT(try_wait_for_completion(&done));
	kthread_stop(task);
}

SELFTEST(sched, a_sleep_counts_as_a_switch)
{
	unsigned long before = current->nvcsw;
	int sleeps;

	/* The host may take the CPU away for the whole of one: that one ends before it begins. */
	for (sleeps = 0; sleeps < 20 && current->nvcsw == before; sleeps++)
		msleep(5);
	KT_EXPECT(current->nvcsw > before);
}

/* A FIFO thread on our CPU runs before us as soon as it can. */
static int fifo_thread(void *arg)
{
	WRITE_ONCE(*(bool *)arg, true);
	while (!kthread_should_stop())
		schedule_timeout_uninterruptible_ns(NSEC_PER_MSEC);
	return 0;
}

SELFTEST(sched, fifo_preempts_at_once)
{
	struct task_struct *task;
	struct cpumask all = current->cpus_mask;
	bool ran = false;

	set_cpus_allowed_ptr(current, cpumask_of(0));
	task = kthread_create(fifo_thread, &ran, "fifo");
	KT_ASSERT(!IS_ERR(task));
	kthread_bind(task, 0);
	sched_change_policy(task, SCHED_FIFO, 50, 0, false);
	wake_up_process(task);
	KT_EXPECT(need_resched());
	cond_resched();
	KT_EXPECT(READ_ONCE(ran));
	sched_change_policy(task, SCHED_NORMAL, 0, 0, false);
	kthread_stop(task);
	set_cpus_allowed_ptr(current, &all);
}

/* ---- death ---- */

/* A task that is woken late: when it sees that it need not sleep, its waker has seen it asleep. */
struct late_wake_up {
	struct task_struct *task;
	wait_queue_head_t queue;
	atomic_t left;			/* threads that are there yet */
	bool asleep, wake, go, leave;
};

/* A second thread, so that the first one's end is told to nobody: that would take its pi_lock. */
static int second_thread(void *arg)
{
	struct late_wake_up *l = arg;

	wait_event(l->queue, READ_ONCE(l->leave));
	atomic_dec(&l->left);
	do_exit(0);
}

static int late_sleeper(void *arg)
{
	struct kernel_clone_args args = {
		.flags = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD |
			 CLONE_UNTRACED,
		.fn = second_thread,
		.fn_arg = arg,
		.name = "second",
	};
	struct late_wake_up *l = arg;

	if (do_fork(&args) < 0)
		return 0;
	atomic_inc(&l->left);
	schedule_timeout_uninterruptible_ns(5 * NSEC_PER_MSEC);
	set_current_state(TASK_INTERRUPTIBLE);
	WRITE_ONCE(l->asleep, true);
	while (!READ_ONCE(l->go))
		cpu_relax();
	__set_current_state(TASK_RUNNING);
	atomic_dec(&l->left);
	return 0;
}

static int late_waker(void *arg)
{
	struct late_wake_up *l = arg;

	while (!READ_ONCE(l->wake))
		cpu_relax();
	wake_up_process(l->task);
	while (!kthread_should_stop())
		schedule_timeout_uninterruptible_ns(NSEC_PER_MSEC);
	return 0;
}

static bool wait_until_true(const bool *what)
{
	ktime_t end = ktime_get() + NSEC_PER_SEC;

	while (!READ_ONCE(*what) && ktime_get() < end)
		cpu_relax();
	return READ_ONCE(*what);
}

/*
 * Keep the waker between its look at the state and its change of it while the task dies: both want
 * the queue's lock. In vain when the tick comes in between, which wants it too.
 */
static void wake_while_it_dies(struct late_wake_up *l)
{
	struct rq *rq = cpu_rq(1);
	ktime_t end;

	local_irq_disable();
	spin_lock(&rq->lock);
	WRITE_ONCE(l->wake, true);
	while (!spin_is_locked(&l->task->pi_lock))
		cpu_relax();
	udelay(50);
	WRITE_ONCE(l->go, true);
	end = ktime_get() + 50 * NSEC_PER_MSEC;
	while (READ_ONCE(l->task->state) != TASK_DEAD && ktime_get() < end)
		cpu_relax();
	spin_unlock(&rq->lock);
	local_irq_enable();
}

static struct task_struct *start_on(int (*fn)(void *), void *arg, unsigned int cpu)
{
	struct task_struct *task = kthread_create(fn, arg, "late/%u", cpu);

	if (IS_ERR(task))
		return NULL;
	kthread_bind(task, cpu);
	get_task_struct(task);
	return task;
}

static void die_woken_late(struct selftest_ctx *t)
{
	struct late_wake_up l = { };
	struct task_struct *waker;
	int waits;

	init_waitqueue_head(&l.queue);
	atomic_set(&l.left, 1);
	l.task = start_on(late_sleeper, &l, 1);
	waker = start_on(late_waker, &l, 2);
	KT_ASSERT(l.task && waker);
	wake_up_process(l.task);
	if (wait_until_true(&l.asleep)) {
		wake_up_process(waker);
		msleep(5);
		wake_while_it_dies(&l);
	}
	KT_EXPECT(l.asleep);
	WRITE_ONCE(l.wake, true);
	kthread_stop(waker);
	for (waits = 0; waits < 100 && READ_ONCE(l.task->on_cpu); waits++)
		msleep(1);
	KT_EXPECT(!l.task->on_cpu && !l.task->on_rq);
	KT_EXPECT_EQ(l.task->state, TASK_DEAD);
	WRITE_ONCE(l.leave, true);
	wake_up_all(&l.queue);
	for (waits = 0; waits < 1000 && atomic_read(&l.left); waits++)
		msleep(1);
	KT_EXPECT_EQ(atomic_read(&l.left), 0);
	put_task_struct(waker);
	put_task_struct(l.task);
}

SELFTEST(sched, a_late_wake_up_leaves_the_dead_alone)
{
	struct cpumask all = current->cpus_mask;
	int i;

	if (num_online_cpus() < 3)
		KT_SKIP("less than three CPUs");
	set_cpus_allowed_ptr(current, cpumask_of(0));
	for (i = 0; i < 5 && !t->failed; i++)
		die_woken_late(t);
	set_cpus_allowed_ptr(current, &all);
}

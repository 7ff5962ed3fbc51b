// SPDX-License-Identifier: GPL-2.0-only
/*
 * Read-copy update. Grace periods are numbered; one runs at a time, and is over when each CPU that
 * was not halted at its start has been quiet once. rcu_lock guards the numbers and the set of CPUs
 * still to be heard of; a CPU's callback lists are its own, with interrupts off.
 */
#include <linux/rcupdate.h>
#include <linux/completion.h>
#include <linux/cpumask.h>
#include <linux/init.h>
#include <linux/mutex.h>
#include <linux/kernel.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/wait.h>
#include <asm/smp.h>

/* So many new callbacks make a CPU ask for a grace period before the tick does. */
#define RCU_BATCH	32

DEFINE_PER_CPU_ALIGNED(struct rcu_cpu, rcu_cpu);

static DEFINE_SPINLOCK(rcu_lock);
unsigned long rcu_gp;			/* [rcu_lock] the latest that has begun */
static unsigned long rcu_gp_done;	/* [rcu_lock] the latest that is over */
static unsigned long rcu_gp_wanted;	/* [rcu_lock] somebody waits for this one */
static struct cpumask rcu_pending;	/* [rcu_lock] CPUs that have yet to be quiet */
static DECLARE_WAIT_QUEUE_HEAD(rcu_waiters);	/* synchronize_rcu() */

/*
 * Begin the next grace period, if one is wanted and none runs. A halted CPU has no reader; when it
 * goes on, its full barrier lets it see all that was unlinked before this point.
 */
static void start_grace_period(void)
{
	unsigned int cpu;

	while (rcu_gp == rcu_gp_done && rcu_gp_wanted != rcu_gp_done) {
		WRITE_ONCE(rcu_gp, rcu_gp + 1);
		smp_mb();
		cpumask_clear(&rcu_pending);
		for_each_online_cpu(cpu) {
			if (!READ_ONCE(per_cpu(rcu_cpu, cpu).idle))
				__cpumask_set_cpu(cpu, &rcu_pending);
		}
		if (cpumask_empty(&rcu_pending))
			WRITE_ONCE(rcu_gp_done, rcu_gp);
	}
}

/* @cpu is quiet now. Context: rcu_lock held. */
static void report_quiet(int cpu)
{
	struct rcu_cpu *rc = &per_cpu(rcu_cpu, cpu);

	if (rc->qs_gp == rcu_gp)
		return;
	rc->qs_gp = rcu_gp;
	if (rcu_gp == rcu_gp_done || !cpumask_test_cpu(cpu, &rcu_pending))
		return;
	__cpumask_clear_cpu(cpu, &rcu_pending);
	if (cpumask_empty(&rcu_pending))
		WRITE_ONCE(rcu_gp_done, rcu_gp);
}

/* Move callbacks whose grace period is over to the list of those to run. */
static void harvest(struct rcu_cpu *rc)
{
	if (!rc->wait || (long)(rcu_gp_done - rc->wait_gp) < 0)
		return;
	*rc->done_tail = rc->wait;
	rc->done_tail = rc->wait_tail;
	rc->wait = NULL;
	rc->wait_tail = &rc->wait;
}

/* Let the new callbacks wait for the grace period after the one that may be running. */
static void assign(struct rcu_cpu *rc)
{
	if (rc->wait || !rc->next)
		return;
	rc->wait = rc->next;
	rc->wait_tail = rc->next_tail;
	rc->next = NULL;
	rc->next_tail = &rc->next;
	rc->nr_next = 0;
	rc->wait_gp = rcu_gp + 1;
	if ((long)(rc->wait_gp - rcu_gp_wanted) > 0)
		rcu_gp_wanted = rc->wait_gp;
}

/**
 * __rcu_quiet - this CPU is in no read section: tell, and see to its callbacks
 *
 * Alone, or with the other CPUs halted, a CPU gets its callbacks through in this one call.
 *
 * Context: interrupts off, no run queue lock.
 */
void __rcu_quiet(void)
{
	struct rcu_cpu *rc = this_cpu_ptr(&rcu_cpu);
	int cpu = smp_processor_id();
	unsigned long done;

	spin_lock(&rcu_lock);
	done = rcu_gp_done;
	rc->check = false;
	harvest(rc);
	assign(rc);
	do {
		start_grace_period();
		report_quiet(cpu);
	} while (rcu_gp == rcu_gp_done && rcu_gp_wanted != rcu_gp);
	harvest(rc);
	done = rcu_gp_done - done;
	spin_unlock(&rcu_lock);
	if (done && wq_has_sleeper(&rcu_waiters))
		wake_up_all(&rcu_waiters);
}

/**
 * rcu_tick - the tick's look at RCU
 * @user: the tick interrupted user mode
 *
 * Context: the timer interrupt.
 */
void rcu_tick(bool user)
{
	struct rcu_cpu *rc = this_cpu_ptr(&rcu_cpu);

	if (user || (current->flags & PF_IDLE)) {
		if (rc->qs_gp != READ_ONCE(rcu_gp) || rc->next || rc->wait)
			__rcu_quiet();
	} else if (rc->next || rc->wait) {
		rc->check = true;
	}
	/*
	 * A switch lets callbacks run, and is a quiet moment for a CPU that is always in the
	 * kernel.
	 */
	if (rc->done || rc->check || rc->qs_gp != READ_ONCE(rcu_gp))
		set_thread_flag(TIF_NEED_RESCHED);
}

/**
 * rcu_idle_enter - the CPU is about to halt
 *
 * Context: idle task, interrupts off.
 * Return: true when callbacks are to be run before it does.
 */
bool rcu_idle_enter(void)
{
	struct rcu_cpu *rc = this_cpu_ptr(&rcu_cpu);

	/* Whatever was read before is behind us when others see that the CPU is halted. */
	__atomic_store_n(&rc->idle, true, __ATOMIC_SEQ_CST);
	if (rc->qs_gp != READ_ONCE(rcu_gp) || rc->next || rc->wait)
		__rcu_quiet();
	return rc->done;
}

void __rcu_idle_exit(void)
{
	__atomic_store_n(&this_cpu_ptr(&rcu_cpu)->idle, false, __ATOMIC_SEQ_CST);
}

static void run_callback(struct rcu_head *head)
{
	unsigned long func = (unsigned long)head->func;

	if (func < RCU_KFREE_MAX)
		kfree((char *)head - func);
	else
		head->func(head);
}

void __rcu_run_callbacks(void)
{
	struct rcu_cpu *rc;
	struct rcu_head *head, *next;

	local_irq_disable();
	rc = this_cpu_ptr(&rcu_cpu);
	head = rc->done;
	rc->done = NULL;
	rc->done_tail = &rc->done;
	local_irq_enable();
	for (; head; head = next) {
		next = head->next;
		run_callback(head);
	}
}

/**
 * call_rcu - run a function after all present readers are done
 * @head: inside the object; the caller does not touch it again
 * @func: gets @head; runs in task context with no lock held, and may not sleep
 *
 * Context: any.
 */
void call_rcu(struct rcu_head *head, rcu_callback_t func)
{
	struct rcu_cpu *rc;
	unsigned long flags;

	head->next = NULL;
	head->func = func;
	local_irq_save(flags);
	rc = this_cpu_ptr(&rcu_cpu);
	*rc->next_tail = head;
	rc->next_tail = &head->next;
	if (++rc->nr_next >= RCU_BATCH)
		rc->check = true;
	local_irq_restore(flags);
}

/* Ask the CPUs that are still to be heard of to switch soon. */
static void hurry(void)
{
	struct cpumask mask;
	unsigned int cpu;

	spin_lock_irq(&rcu_lock);
	mask = rcu_pending;
	spin_unlock_irq(&rcu_lock);
	for_each_cpu(cpu, &mask)
		resched_cpu(cpu);
}

/**
 * synchronize_rcu - wait until all present readers are done
 *
 * Context: sleeps; not in a read section.
 */
void synchronize_rcu(void)
{
	unsigned long target;

	might_sleep();
	/* The caller is this CPU's only task in the kernel, and does not read. */
	if (num_online_cpus() == 1)
		return;
	spin_lock_irq(&rcu_lock);
	target = rcu_gp + 1;
	if ((long)(target - rcu_gp_wanted) > 0)
		rcu_gp_wanted = target;
	start_grace_period();
	spin_unlock_irq(&rcu_lock);
	do {
		hurry();
	} while (!wait_event_timeout(rcu_waiters, (long)(READ_ONCE(rcu_gp_done) - target) >= 0,
				     TICK_NSEC));
}

struct rcu_barrier_wait {
	struct rcu_head head;
	struct completion *done;
	atomic_t *left;
};

static DEFINE_PER_CPU(struct rcu_barrier_wait, barrier_wait);

static void barrier_callback(struct rcu_head *head)
{
	struct rcu_barrier_wait *wait = container_of(head, struct rcu_barrier_wait, head);

	if (atomic_dec_and_test(wait->left))
		complete(wait->done);
}

/* On each CPU, with interrupts off: behind all callbacks that are there already. */
static void barrier_on_cpu(void *unused)
{
	call_rcu(&this_cpu_ptr(&barrier_wait)->head, barrier_callback);
	this_cpu_write(rcu_cpu.check, true);
	set_thread_flag(TIF_NEED_RESCHED);
}

/**
 * rcu_barrier - wait until every callback queued so far has run
 *
 * Context: sleeps.
 */
void rcu_barrier(void)
{
	static DEFINE_MUTEX(one_at_a_time);
	DECLARE_COMPLETION_ONSTACK(done);
	atomic_t left = ATOMIC_INIT(num_online_cpus());
	unsigned int cpu;

	mutex_lock(&one_at_a_time);
	for_each_online_cpu(cpu) {
		per_cpu(barrier_wait, cpu).left = &left;
		per_cpu(barrier_wait, cpu).done = &done;
	}
	on_each_cpu(barrier_on_cpu, NULL, 1);
	wait_for_completion(&done);
	mutex_unlock(&one_at_a_time);
}

void __init rcu_init(void)
{
	unsigned int cpu;

	for_each_possible_cpu(cpu) {
		struct rcu_cpu *rc = &per_cpu(rcu_cpu, cpu);

		rc->done_tail = &rc->done;
		rc->wait_tail = &rc->wait;
		rc->next_tail = &rc->next;
	}
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * The scheduler's core: run queues, switching, waking. A task's state is changed to sleep by the
 * task itself, to wake under its pi_lock; its place on a queue under that queue's lock. pi_lock
 * comes before the queue's. Callers: everybody, through schedule() and the wake_up family.
 */
#include <linux/sched.h>
#include <linux/completion.h>
#include <linux/fork.h>
#include <linux/init.h>
#include <linux/rcupdate.h>
#include <linux/rseq.h>
#include <linux/signal.h>
#include <linux/uaccess.h>
#include <linux/mm.h>
#include <asm/mmu_context.h>
#include <asm/switch_to.h>
#include "../fork_rows.h"
#include "internal.h"

DEFINE_PER_CPU_ALIGNED(struct rq, runqueues);
struct cpumask sched_idle_mask;

/* Make the task that @rq runs call schedule() soon. Context: @rq locked. */
void resched_curr(struct rq *rq)
{
	struct task_struct *curr = rq->curr;

	if (test_tsk_thread_flag(curr, TIF_NEED_RESCHED))
		return;
	set_tsk_thread_flag(curr, TIF_NEED_RESCHED);
	if (rq->cpu != smp_processor_id())
		smp_send_reschedule(rq->cpu);
}

/* Lock @p's pi_lock and the queue it belongs to; neither its CPU nor its policy changes then. */
struct rq *task_rq_lock(struct task_struct *p, unsigned long *flags)
{
	struct rq *rq;

	spin_lock_irqsave(&p->pi_lock, *flags);
	for (;;) {
		rq = task_rq(p);
		spin_lock(&rq->lock);
		if (likely(rq == task_rq(p)))
			break;
		spin_unlock(&rq->lock);
	}
	update_rq_clock(rq);
	return rq;
}

void task_rq_unlock(struct rq *rq, struct task_struct *p, unsigned long flags)
{
	spin_unlock(&rq->lock);
	spin_unlock_irqrestore(&p->pi_lock, flags);
}

void activate_task(struct rq *rq, struct task_struct *p, int flags)
{
	p->sched_class->enqueue(rq, p, flags);
	rq->nr_running++;
	p->on_rq = TASK_ON_RQ_QUEUED;
}

void deactivate_task(struct rq *rq, struct task_struct *p, int flags)
{
	p->sched_class->dequeue(rq, p, flags);
	rq->nr_running--;
	/* Pairs with the load in try_to_wake_up(): the state was read before this. */
	smp_store_release(&p->on_rq, flags & DEQUEUE_SLEEP ? 0 : TASK_ON_RQ_MIGRATING);
}

/*
 * Context: @p is on no queue; its pi_lock, or the lock of the queue it was just taken from, is
 * held. Virtual run time is relative to a queue, so it moves by the difference.
 */
void set_task_cpu(struct task_struct *p, unsigned int cpu)
{
	unsigned int old = task_cpu(p);

	ASSERT(p->on_rq != TASK_ON_RQ_QUEUED);
	if (old == cpu)
		return;
	p->se.vruntime += READ_ONCE(cpu_rq(cpu)->fair.min_vruntime) -
			  READ_ONCE(cpu_rq(old)->fair.min_vruntime);
	p->se.nr_migrations++;
	rseq_migrate(p, cpu);
	/* Whoever sees the new CPU and locks its queue must see all of the above. */
	smp_store_release(&p->cpu, cpu);
}

/* @p became runnable on @rq: should it run at once? */
void check_preempt(struct rq *rq, struct task_struct *p)
{
	const struct sched_class *class = rq->curr->sched_class;

	if (p->sched_class == class)
		class->check_preempt(rq, p);
	else if (p->sched_class->rank > class->rank)
		resched_curr(rq);
}

/* ---- switching ---- */

/*
 * The classes in order of rank. A throttled real-time class gives way only to a waiting fair one.
 */
static struct task_struct *pick_next_task(struct rq *rq)
{
	struct task_struct *p;

	if (!rq->nr_running && !idle_pull(rq))
		return idle_sched_class.pick(rq);
	if (unlikely(rq->rt.nr)) {
		p = rt_sched_class.pick(rq);
		if (p)
			return p;
	}
	return fair_sched_class.pick(rq);
}

/* @prev must go on elsewhere: it left the queue, is off the CPU now, and nobody else moves it. */
static noinline void push_task(struct task_struct *prev)
{
	unsigned long flags;
	struct rq *rq;
	int cpu;

	spin_lock_irqsave(&prev->pi_lock, flags);
	cpu = prev->sched_dest_cpu - 1;
	prev->sched_dest_cpu = 0;
	if (cpu < 0 || !cpumask_test_cpu(cpu, &prev->cpus_mask))
		cpu = any_allowed_cpu(prev);
	set_task_cpu(prev, cpu);
	rq = cpu_rq(cpu);
	spin_lock(&rq->lock);
	update_rq_clock(rq);
	activate_task(rq, prev, 0);
	check_preempt(rq, prev);
	spin_unlock(&rq->lock);
	spin_unlock_irqrestore(&prev->pi_lock, flags);
}

/*
 * The second half of a switch, on the new task's stack. Until on_cpu is cleared here, @prev may
 * not run anywhere else: its stack and registers are still being left.
 */
static void finish_task_switch(struct task_struct *prev)
{
	struct rq *rq = this_rq();
	struct mm_struct *mm = rq->prev_mm;
	bool dead = prev->state == TASK_DEAD;
	bool push = prev->on_rq == TASK_ON_RQ_MIGRATING;

	rq->prev_mm = NULL;
	if (unlikely(push))
		get_task_struct(prev);
	smp_store_release(&prev->on_cpu, 0);
	lock_debug_acquire(&rq->lock, false, true);
	spin_unlock_irq(&rq->lock);

	if (unlikely(push)) {
		push_task(prev);
		put_task_struct(prev);
	}
	if (mm)
		mmdrop(mm);
	if (unlikely(dead))
		put_task_struct(prev);
}

/* Change the address space, then the stack. Kernel threads borrow the one that is loaded. */
static void context_switch(struct rq *rq, struct task_struct *prev, struct task_struct *next)
{
	struct mm_struct *oldmm = prev->active_mm;

	if (!next->mm) {
		next->active_mm = oldmm;
		mmgrab(oldmm);
		enter_lazy_tlb(oldmm, next);
	} else {
		switch_mm_irqs_off(oldmm, next->mm, next);
	}
	if (!prev->mm) {
		prev->active_mm = NULL;
		rq->prev_mm = oldmm;
	}
	/* The queue's lock passes from one task to the other. */
	lock_debug_release(&rq->lock);
	switch_to(prev, next, prev);
	finish_task_switch(prev);
}

/* Take @prev off the queue, if it sleeps or must move. */
static void leave_queue(struct rq *rq, struct task_struct *prev)
{
	unsigned int state = READ_ONCE(prev->state);

	if (state) {
		if (unlikely(signal_pending_state(state, prev))) {
			WRITE_ONCE(prev->state, TASK_RUNNING);
			return;
		}
		prev->sched_contributes_to_load = (state & TASK_UNINTERRUPTIBLE) &&
						  !(state & TASK_NOLOAD);
		if (prev->sched_contributes_to_load)
			rq->nr_uninterruptible++;
		deactivate_task(rq, prev, DEQUEUE_SLEEP);
		return;
	}
	if (unlikely(prev->sched_dest_cpu || !cpumask_test_cpu(rq->cpu, &prev->cpus_mask)))
		deactivate_task(rq, prev, 0);
}

static void __schedule(void)
{
	struct task_struct *prev = current, *next;
	struct rq *rq;

	local_irq_disable();
	rq = this_rq();
	rcu_note_context_switch();
	spin_lock(&rq->lock);
	update_rq_clock(rq);
	clear_tsk_thread_flag(prev, TIF_NEED_RESCHED);
	if (prev != rq->idle) {
		prev->sched_class->update_curr(rq);
		leave_queue(rq, prev);
	}
	if (prev->on_rq == TASK_ON_RQ_QUEUED)
		prev->sched_class->put_prev(rq, prev);
	next = pick_next_task(rq);
	if (unlikely(prev == next)) {
		spin_unlock_irq(&rq->lock);
		return;
	}
	if (prev->on_rq)
		prev->nivcsw++;
	else
		prev->nvcsw++;
	rseq_preempt(prev);
	rq->nr_switches++;
	rq->curr = next;
	next->on_cpu = 1;
	if (!rq->ticking && next != rq->idle)
		tick_start(rq);
	context_switch(rq, prev, next);
}

/**
 * schedule - let others run; sleep, if the task's state says so
 *
 * With a state other than TASK_RUNNING the task sleeps until a wake-up, unless a signal that the
 * state admits is pending. A wake-up between setting the state and this call is not lost.
 *
 * Context: task, interrupts on, no spinlock, not in an RCU read section.
 */
void schedule(void)
{
	schedule_debug();
	__schedule();
	rcu_run_callbacks();
}

void __cond_resched(void)
{
	might_sleep();
	if (need_resched() && current->state == TASK_RUNNING)
		schedule();
	else
		rcu_run_callbacks();
}

/* RCU wants @cpu to switch soon. Context: any. */
void resched_cpu(int cpu)
{
	struct rq *rq = cpu_rq(cpu);
	unsigned long flags;

	spin_lock_irqsave(&rq->lock, flags);
	resched_curr(rq);
	spin_unlock_irqrestore(&rq->lock, flags);
}

/**
 * schedule_tail - a new task's first steps, from ret_from_fork
 * @prev: the task that ran before on this CPU
 *
 * Context: interrupts off; on return they are on.
 */
void schedule_tail(struct task_struct *prev)
{
	finish_task_switch(prev);
	if (current->set_child_tid)
		put_user(task_pid_vnr(current), current->set_child_tid);
	calculate_sigpending();
}

/*
 * The last step of do_exit(): whoever runs next drops this task's own reference. A late wake-up for
 * an earlier sleep, which has seen that sleep's state, must not undo this one: it holds pi_lock.
 */
void __noreturn do_task_dead(void)
{
	spin_lock_irq(&current->pi_lock);
	WRITE_ONCE(current->state, TASK_DEAD);
	spin_unlock_irq(&current->pi_lock);
	for (;;) {
		__schedule();
		BUG();
	}
}

/* ---- waking ---- */

/* The task is still on a queue (it runs, or was about to sleep): only its state changes. */
static bool wake_queued(struct task_struct *p)
{
	struct rq *rq;
	bool queued;

	for (;;) {
		rq = task_rq(p);
		spin_lock(&rq->lock);
		if (likely(rq == task_rq(p)))
			break;
		spin_unlock(&rq->lock);
	}
	queued = p->on_rq;
	if (queued) {
		WRITE_ONCE(p->state, TASK_RUNNING);
		if (!task_running(rq, p) && p->on_rq == TASK_ON_RQ_QUEUED) {
			update_rq_clock(rq);
			check_preempt(rq, p);
		}
	}
	spin_unlock(&rq->lock);
	return queued;
}

static void wake_sleeping(struct task_struct *p, int wake_flags)
{
	struct rq *rq;
	int cpu;

	cpu = select_task_rq(p, task_cpu(p), wake_flags);
	set_task_cpu(p, cpu);
	rq = cpu_rq(cpu);
	spin_lock(&rq->lock);
	update_rq_clock(rq);
	if (p->sched_contributes_to_load)
		rq->nr_uninterruptible--;
	WRITE_ONCE(p->state, TASK_RUNNING);
	activate_task(rq, p, ENQUEUE_WAKEUP);
	check_preempt(rq, p);
	spin_unlock(&rq->lock);
}

/**
 * try_to_wake_up - make a sleeping task runnable
 * @p: the task; the caller makes sure that it stays
 * @state: wake it only out of one of these states
 * @wake_flags: WF_*
 *
 * All that the caller wrote before is visible to the task once it runs.
 *
 * Context: any, interrupts included; no run queue lock held.
 * Return: 1 when it was woken, 0 when its state was another.
 */
int try_to_wake_up(struct task_struct *p, unsigned int state, int wake_flags)
{
	unsigned long flags;
	int success = 0;

	spin_lock_irqsave(&p->pi_lock, flags);
	/* Pairs with set_current_state(): our condition, then its state. */
	smp_mb();
	if (!(READ_ONCE(p->state) & state))
		goto out;
	success = 1;
	smp_rmb();
	if (READ_ONCE(p->on_rq) && wake_queued(p))
		goto out;
	/* It left its queue; wait until the other CPU has left its stack too. */
	while (unlikely(smp_load_acquire(&p->on_cpu)))
		cpu_relax();
	wake_sleeping(p, wake_flags);
out:
	spin_unlock_irqrestore(&p->pi_lock, flags);
	return success;
}

int wake_up_process(struct task_struct *p)
{
	return try_to_wake_up(p, TASK_NORMAL, 0);
}

int wake_up_state(struct task_struct *p, unsigned int state)
{
	return try_to_wake_up(p, state, 0);
}

/**
 * wake_up_new_task - let a new task run for the first time
 * @p: a task that copy_process() published
 *
 * It stays on its parent's CPU, where its memory is warm, and runs first there: if it execs or
 * exits soon, the parent then copies no page and finds it already dead; headstart.c limits how long
 * a big parent waits for that. Other CPUs take it from there when they have nothing to do.
 *
 * Context: task.
 */
void wake_up_new_task(struct task_struct *p)
{
	unsigned long flags;
	struct rq *rq;
	int cpu;

	spin_lock_irqsave(&p->pi_lock, flags);
	cpu = smp_processor_id();
	if (unlikely(!cpumask_test_cpu(cpu, &p->cpus_mask)))
		cpu = any_allowed_cpu(p);
	p->cpu = cpu;
	rseq_migrate(p, cpu);
	rq = cpu_rq(cpu);
	spin_lock(&rq->lock);
	update_rq_clock(rq);
	WRITE_ONCE(p->state, TASK_RUNNING);
	activate_task(rq, p, ENQUEUE_NEW);
	if (fair_policy(p->policy) && rq->curr == current && current->mm)
		fair_task_forked(rq, p);
	check_preempt(rq, p);
	spin_unlock(&rq->lock);
	spin_unlock_irqrestore(&p->pi_lock, flags);
}

/* A signal for a task that may be in user mode on another CPU: make it enter the kernel. */
void kick_process(struct task_struct *p)
{
	int cpu = task_cpu(p);

	if (p->on_cpu && cpu != smp_processor_id())
		smp_send_reschedule(cpu);
}

/**
 * wait_task_inactive - wait until a stopped task has really left the CPU
 * @p: a task that is asleep or about to be
 *
 * Context: task; returns with @p off its CPU and off the queues, if it is still asleep.
 */
void wait_task_inactive(struct task_struct *p)
{
	while (READ_ONCE(p->state) && (READ_ONCE(p->on_rq) || smp_load_acquire(&p->on_cpu)))
		cpu_relax();
}

/**
 * sched_exec - a good moment to go to another CPU
 *
 * At exec a task has no memory worth keeping warm. If more than its parent, which mostly is about to
 * wait for it, wants this CPU while another one idles, go there.
 *
 * Context: task, no locks.
 */
void sched_exec(void)
{
	struct task_struct *p = current;
	struct rq *rq;
	unsigned int cpu;

	if (READ_ONCE(this_rq()->nr_running) <= 2 || p->sched_class != &fair_sched_class)
		return;
	cpu = cpumask_first_and(&sched_idle_mask, &p->cpus_mask);
	if (cpu >= nr_cpu_ids)
		return;
	local_irq_disable();
	rq = this_rq();
	spin_lock(&rq->lock);
	p->sched_dest_cpu = cpu + 1;
	spin_unlock_irq(&rq->lock);
	schedule();
}

/* ---- fork's row ---- */

/**
 * copy_sched - what a child gets from the scheduler
 * @fc: the fork; policy and mask were inherited already
 *
 * Context: fork's build phase; nobody else sees the child.
 * Return: 0.
 */
int copy_sched(struct fork_ctx *fc)
{
	struct task_struct *p = fc->child;
	int nice = PRIO_TO_NICE(p->static_prio);

	p->state = TASK_NEW;
	p->cpu = task_cpu(fc->parent);
	prev_cputime_init(&p->prev_cputime);
	INIT_LIST_HEAD(&p->rt.run_list);
	p->nr_cpus_allowed = cpumask_weight(&p->cpus_mask);
	if (unlikely(p->sched_reset_on_fork)) {
		p->sched_reset_on_fork = false;
		if (rt_policy(p->policy))
			set_task_policy(p, SCHED_NORMAL, 0, 0);
		else
			set_task_policy(p, p->policy, 0, max(nice, 0));
		return 0;
	}
	set_task_policy(p, p->policy, p->rt_priority, nice);
	return 0;
}

/* The scheduler owns nothing of a task that would have to be given back. */
void exit_sched(struct task_struct *tsk)
{
	ASSERT(!tsk->on_rq && !tsk->on_cpu);
}

/* ---- start ---- */

/**
 * init_idle - make a task the idle task of a CPU
 * @idle: the task, which nobody else can see
 * @cpu: the CPU
 *
 * Context: boot, before @cpu schedules.
 */
void init_idle(struct task_struct *idle, int cpu)
{
	struct rq *rq = cpu_rq(cpu);

	idle->flags |= PF_IDLE | PF_KTHREAD;
	idle->state = TASK_RUNNING;
	idle->sched_class = &idle_sched_class;
	idle->active_mm = &init_mm;
	mmgrab(&init_mm);
	idle->prio = MAX_PRIO;
	idle->cpu = cpu;
	idle->cpus_mask = *cpumask_of(cpu);
	idle->nr_cpus_allowed = 1;
	idle->on_cpu = 1;
	idle->active_mm = &init_mm;
	mmgrab(&init_mm);
	idle->se.exec_start = sched_clock();
	rq->idle = idle;
	rq->curr = idle;
}

static void init_rq(struct rq *rq, int cpu)
{
	spin_lock_init(&rq->lock, LOCK_RANK_RQ);
	rq->cpu = cpu;
	init_fair_rq(&rq->fair);
	init_rt_rq(&rq->rt);
	tick_init_cpu(rq);
	head_start_init_cpu(rq);
}

/**
 * sched_init - make the run queues; the boot task becomes CPU 0's idle task
 *
 * Context: boot, once, after the per-CPU areas exist.
 */
void __init sched_init(void)
{
	int cpu;

	sched_prio_init();
	for_each_possible_cpu(cpu)
		init_rq(cpu_rq(cpu), cpu);
	spin_lock_init(&init_task.pi_lock, LOCK_RANK_PI);
	prev_cputime_init(&init_task.prev_cputime);
	INIT_LIST_HEAD(&init_task.rt.run_list);
	init_idle(&init_task, smp_processor_id());
	/* What init's children inherit, which the idle class does not look at. */
	init_task.policy = SCHED_NORMAL;
	init_task.static_prio = DEFAULT_PRIO;
	init_task.normal_prio = DEFAULT_PRIO;
	cpumask_copy(&init_task.cpus_mask, cpu_possible_mask);
	rcu_init();
}

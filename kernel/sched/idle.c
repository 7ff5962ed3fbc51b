// SPDX-License-Identifier: GPL-2.0-only
/*
 * The idle tasks: one a CPU, on no queue, run when nothing else is there. They halt the CPU and, on
 * the way, do what is better done then: RCU callbacks and pulling work from busy CPUs.
 */
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/rcupdate.h>
#include <linux/seqlock.h>
#include <asm/irqflags.h>
#include <asm/mmu_context.h>
#include "internal.h"

DEFINE_PER_CPU(u64, idle_ns);		/* time spent halted, without the present halt */
DEFINE_PER_CPU(u64, idle_since);	/* start of the present halt, 0 when not halted */
DEFINE_PER_CPU(seqcount_t, idle_seq);	/* both as of one moment, for other CPUs */

static void note_idle_end(u64 start)
{
	seqcount_t *seq = this_cpu_ptr(&idle_seq);

	write_seqcount_begin(seq);
	this_cpu_write(idle_since, 0UL);
	this_cpu_add(idle_ns, sched_clock() - start);
	write_seqcount_end(seq);
}

static struct task_struct *pick_idle(struct rq *rq)
{
	return rq->idle;
}

static void update_curr_idle(struct rq *rq)
{
}

static void check_preempt_idle(struct rq *rq, struct task_struct *p)
{
	resched_curr(rq);
}

static void tick_idle(struct rq *rq, struct task_struct *curr)
{
}

const struct sched_class idle_sched_class = {
	.rank = 0,
	.pick = pick_idle,
	.update_curr = update_curr_idle,
	.check_preempt = check_preempt_idle,
	.tick = tick_idle,
};

/*
 * The address space that this CPU kept loaded may have lost its last user meanwhile; taking its
 * tables away woke us. Give it back now, not when something else runs here.
 */
static bool drop_dead_mm(void)
{
	struct mm_struct *mm = current->active_mm;

	if (likely(mm == &init_mm || atomic_read(&mm->mm_users)))
		return false;
	switch_mm_irqs_off(mm, &init_mm, current);
	mmgrab(&init_mm);
	current->active_mm = &init_mm;
	local_irq_enable();
	mmdrop(mm);
	local_irq_disable();
	return true;
}

/*
 * Interrupts are off on entry, so that a wake-up between the test and the halt ends the halt. RCU
 * callbacks that wait need the tick, to see when their grace period is over.
 */
static void halt_once(struct rq *rq)
{
	u64 start = sched_clock();

	if (unlikely(drop_dead_mm()))
		return;
	if (rcu_idle_enter()) {
		rcu_idle_exit();
		set_tsk_thread_flag(current, TIF_NEED_RESCHED);
		return;
	}
	if (rcu_needs_cpu() && !rq->ticking)
		tick_start(rq);
	this_cpu_write(idle_since, start);
	safe_halt();
	local_irq_disable();
	rcu_idle_exit();
	note_idle_end(start);
}

/**
 * cpu_idle_loop - what a CPU does for the rest of its life when nobody wants it
 *
 * Context: the CPU's idle task; interrupts are turned on here.
 */
void __noreturn cpu_idle_loop(void)
{
	struct rq *rq = this_rq();

	local_irq_disable();
	rq->online = true;
	for (;;) {
		if (nr_cpu_ids > 1)
			cpumask_set_cpu(rq->cpu, &sched_idle_mask);
		while (!need_resched())
			halt_once(rq);
		if (nr_cpu_ids > 1)
			cpumask_clear_cpu(rq->cpu, &sched_idle_mask);
		local_irq_enable();
		schedule();
		local_irq_disable();
	}
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where tasks run: the CPU for a woken task, and moving waiting tasks from busy CPUs to idle ones.
 * A second run queue is only tried, never waited for, so two CPUs can pull from each other.
 */
#include <linux/kernel.h>
#include "internal.h"

#define BALANCE_NS	(50 * NSEC_PER_MSEC)

/* Some online CPU that @p may use. Affinity calls see to it that there is one. */
int any_allowed_cpu(const struct task_struct *p)
{
	unsigned int cpu = task_cpu(p);

	if (cpumask_test_cpu(cpu, &p->cpus_mask) && cpu_online(cpu))
		return cpu;
	cpu = cpumask_first_and(&sched_idle_mask, &p->cpus_mask);
	if (cpu < nr_cpu_ids)
		return cpu;
	cpu = cpumask_first_and(cpu_online_mask, &p->cpus_mask);
	return cpu < nr_cpu_ids ? cpu : cpumask_first(cpu_online_mask);
}

static inline bool cpu_is_free(int cpu, const struct task_struct *p)
{
	return cpumask_test_cpu(cpu, &sched_idle_mask) && cpumask_test_cpu(cpu, &p->cpus_mask);
}

/* How much what @cpu runs matters: less is better. A hint: the task may be gone by now. */
static int running_prio(int cpu)
{
	int prio;

	rcu_read_lock();
	prio = READ_ONCE(cpu_rq(cpu)->curr)->prio;
	rcu_read_unlock();
	return min(prio, MAX_RT_PRIO);
}

/* For a real-time task: the CPU that runs what matters least; its last one, if that is as good. */
static int least_important_cpu(struct task_struct *p, int prev_cpu)
{
	bool may = cpumask_test_cpu(prev_cpu, &p->cpus_mask) && cpu_online(prev_cpu);
	int worst = may ? running_prio(prev_cpu) : -1;
	int best = may ? prev_cpu : any_allowed_cpu(p);
	unsigned int cpu;

	for_each_cpu_and(cpu, cpu_online_mask, &p->cpus_mask) {
		if (running_prio(cpu) > worst) {
			worst = running_prio(cpu);
			best = cpu;
		}
	}
	return best;
}

/**
 * select_task_rq - the CPU to run a woken task on
 * @p: the task, asleep
 * @prev_cpu: where it ran last
 * @wake_flags: WF_SYNC: the waker is about to leave its CPU
 *
 * Its last CPU if that idles, else any that idles, else its last one. A waker that sleeps or dies
 * at once leaves its own CPU to the task.
 *
 * Context: pi_lock held.
 */
int select_task_rq(struct task_struct *p, int prev_cpu, int wake_flags)
{
	int this_cpu;
	unsigned int cpu;

	if (nr_cpu_ids == 1)
		return 0;
	if (cpu_is_free(prev_cpu, p))
		return prev_cpu;
	this_cpu = smp_processor_id();
	if ((wake_flags & WF_SYNC) && this_rq()->nr_running <= 1 &&
	    cpumask_test_cpu(this_cpu, &p->cpus_mask))
		return this_cpu;
	cpu = cpumask_first_and(&sched_idle_mask, &p->cpus_mask);
	if (cpu < nr_cpu_ids)
		return cpu;
	if (unlikely(p->sched_class == &rt_sched_class))
		return least_important_cpu(p, prev_cpu);
	if (unlikely(!cpumask_test_cpu(prev_cpu, &p->cpus_mask) || !cpu_online(prev_cpu)))
		return any_allowed_cpu(p);
	return prev_cpu;
}

static void move_task(struct rq *from, struct rq *to, struct task_struct *p)
{
	deactivate_task(from, p, 0);
	set_task_cpu(p, to->cpu);
	activate_task(to, p, 0);
}

static bool may_move(struct task_struct *p, struct rq *from, struct rq *to)
{
	return !task_running(from, p) && cpumask_test_cpu(to->cpu, &p->cpus_mask);
}

/* Up to @max waiting tasks of the fair class; those that would run last are moved first. */
static unsigned int pull_fair(struct rq *from, struct rq *to, unsigned int max)
{
	struct rb_node *node = rb_last(&from->fair.tasks.rb_root), *prev;
	unsigned int moved = 0;

	for (; node && moved < max; node = prev) {
		struct task_struct *p = rb_entry(node, struct task_struct, se.run_node);

		prev = rb_prev(node);
		if (!may_move(p, from, to))
			continue;
		move_task(from, to, p);
		moved++;
	}
	return moved;
}

/* One waiting real-time task, the best that may move. */
static unsigned int pull_rt(struct rq *from, struct rq *to)
{
	unsigned int prio = find_first_bit(from->rt.bitmap, MAX_RT_PRIO);
	struct task_struct *p;

	for (; prio < MAX_RT_PRIO; prio = find_next_bit(from->rt.bitmap, MAX_RT_PRIO, prio + 1)) {
		list_for_each_entry(p, &from->rt.queue[prio], rt.run_list) {
			if (!may_move(p, from, to))
				continue;
			move_task(from, to, p);
			return 1;
		}
	}
	return 0;
}

/* The queue with the most tasks, if it has at least @least of them. */
static struct rq *find_busiest(struct rq *this_rq, unsigned int least)
{
	struct rq *rq, *busiest = NULL;
	unsigned int most = least - 1;
	unsigned int cpu;

	for_each_online_cpu(cpu) {
		rq = cpu_rq(cpu);
		if (rq != this_rq && READ_ONCE(rq->nr_running) > most) {
			most = READ_ONCE(rq->nr_running);
			busiest = rq;
		}
	}
	return busiest;
}

static unsigned int pull_from(struct rq *busiest, struct rq *this_rq)
{
	unsigned int moved = 0, mine = this_rq->nr_running;

	if (!spin_trylock(&busiest->lock))
		return 0;
	update_rq_clock(busiest);
	if (busiest->rt.nr)
		moved = pull_rt(busiest, this_rq);
	if (!moved && busiest->nr_running > mine + 1)
		moved = pull_fair(busiest, this_rq, (busiest->nr_running - mine) / 2);
	spin_unlock(&busiest->lock);
	return moved;
}

/**
 * idle_pull - this CPU has nothing to do: fetch something
 * @this_rq: its queue, locked
 *
 * Return: true when there is something to run now.
 */
bool idle_pull(struct rq *this_rq)
{
	struct rq *busiest;

	if (nr_cpu_ids == 1 || !this_rq->online)
		return false;
	busiest = find_busiest(this_rq, 2);
	return busiest && pull_from(busiest, this_rq);
}

/* Two wait here while another CPU idles: it does not look by itself, since it has no tick. */
static void kick_idle_cpu(struct rq *this_rq)
{
	unsigned int cpu = cpumask_first(&sched_idle_mask);

	if (cpu >= nr_cpu_ids || cpu == this_rq->cpu)
		return;
	set_tsk_thread_flag(cpu_rq(cpu)->idle, TIF_NEED_RESCHED);
	smp_send_reschedule(cpu);
}

/**
 * balance_tick - the periodic look at the other CPUs' load
 * @this_rq: this CPU's queue, locked
 */
void balance_tick(struct rq *this_rq)
{
	struct rq *busiest;

	if (nr_cpu_ids == 1)
		return;
	if (this_rq->nr_running > 1)
		kick_idle_cpu(this_rq);
	if (this_rq->clock < this_rq->next_balance)
		return;
	this_rq->next_balance = this_rq->clock + BALANCE_NS;
	busiest = find_busiest(this_rq, this_rq->nr_running + 2);
	if (busiest && pull_from(busiest, this_rq) && this_rq->rt.nr)
		resched_curr(this_rq);
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Changing a task's set of CPUs (kernel/sched/prio.c itself), while other CPUs pull the task to
 * themselves whenever they can get at it: before any lock that the one who changes it waits for.
 */
#include <host.h>
#include <linux/kernel.h>
#include <linux/selftest.h>
#include <linux/spinlock.h>
#include <linux/string.h>

static void others_go(void);

static inline void model_spin_lock(spinlock_t *lock)
{
	others_go();
	spin_lock(lock);
}

#define spin_lock(lock)		model_spin_lock(lock)

#include "../../../kernel/sched/internal.h"

#define NR_MODEL_CPUS	4
#define MOVES		20000

static struct rq model_rq[NR_MODEL_CPUS];

#undef cpu_rq
#define cpu_rq(cpu)	(&model_rq[cpu])
#undef task_rq
#define task_rq(p)	cpu_rq((p)->cpu)

#include "../../../kernel/sched/prio.c"

static struct task_struct moved;
static unsigned int pulls, wrong;
struct cpumask sched_idle_mask;

/* One CPU, maybe, does what pull_from() does: the queue that it pulls from is locked meanwhile. */
static void others_go(void)
{
	unsigned int to = host_random() % NR_MODEL_CPUS;

	if (host_random() % 2 || moved.on_rq != TASK_ON_RQ_QUEUED ||
	    spin_is_locked(&task_rq(&moved)->lock) || spin_is_locked(&model_rq[to].lock) ||
	    to == moved.cpu || !cpumask_test_cpu(to, &moved.cpus_mask))
		return;
	moved.cpu = to;
	pulls++;
}

/* ---- what prio.c calls ---- */

u64 sched_clock(void)
{
	return 0;
}

struct rq *task_rq_lock(struct task_struct *p, unsigned long *flags)
{
	struct rq *rq;

	spin_lock_irqsave(&p->pi_lock, *flags);
	for (;;) {
		rq = task_rq(p);
		spin_lock(&rq->lock);
		if (rq == task_rq(p))
			return rq;
		spin_unlock(&rq->lock);
	}
}

/* The caller says which queue he has locked; that it is this one is what is tested. */
void task_rq_unlock(struct rq *rq, struct task_struct *p, unsigned long flags)
{
	wrong += !spin_is_locked(&rq->lock);
	rq->lock.locked = 0;
	spin_unlock_irqrestore(&p->pi_lock, flags);
}

void activate_task(struct rq *rq, struct task_struct *p, int flags)
{
	wrong += !spin_is_locked(&rq->lock) || rq != task_rq(p) || p->on_rq == TASK_ON_RQ_QUEUED;
	p->on_rq = TASK_ON_RQ_QUEUED;
}

void deactivate_task(struct rq *rq, struct task_struct *p, int flags)
{
	wrong += !spin_is_locked(&rq->lock) || rq != task_rq(p);
	p->on_rq = TASK_ON_RQ_MIGRATING;
}

void set_task_cpu(struct task_struct *p, unsigned int cpu)
{
	wrong += p->on_rq == TASK_ON_RQ_QUEUED;
	p->cpu = cpu;
}

int any_allowed_cpu(const struct task_struct *p)
{
	return cpumask_first(&p->cpus_mask);
}

void resched_curr(struct rq *rq)
{
}

void check_preempt(struct rq *rq, struct task_struct *p)
{
}

void futex_pi_prio_changed(struct task_struct *p)
{
}

long schedule_timeout_uninterruptible_ns(long ns)
{
	return 0;
}

const struct sched_class fair_sched_class, rt_sched_class;

/* ---- */

static unsigned int locked_queues(void)
{
	unsigned int cpu, n = 0;

	for (cpu = 0; cpu < NR_MODEL_CPUS; cpu++)
		n += spin_is_locked(&model_rq[cpu].lock);
	return n;
}

/* The last CPU that it may use is where it has to go: others pull it on from there. */
SELFTEST(sched_move, a_task_is_pulled_on_while_it_is_moved)
{
	cpumask_t mask;
	int i;

	memset(&moved, 0, sizeof(moved));
	moved.on_rq = TASK_ON_RQ_QUEUED;
	cpumask_clear(&sched_idle_mask);
	for (i = 0; i < NR_MODEL_CPUS; i++)
		cpumask_set_cpu(i, &moved.cpus_mask);
	pulls = wrong = 0;
	host_seed(1);
	for (i = 0; i < MOVES && !wrong; i++) {
		cpumask_clear(&mask);
		cpumask_set_cpu(host_random() % NR_MODEL_CPUS, &mask);
		cpumask_set_cpu(host_random() % NR_MODEL_CPUS, &mask);
		sched_set_allowed(&moved, &mask);
		sched_leave_wrong_cpu(&moved);
		KT_ASSERT(!locked_queues() && !spin_is_locked(&moved.pi_lock));
		KT_ASSERT(cpumask_test_cpu(moved.cpu, &mask) && moved.on_rq == TASK_ON_RQ_QUEUED);
	}
	KT_EXPECT(!wrong);
	KT_EXPECT(pulls > MOVES / 10);
}

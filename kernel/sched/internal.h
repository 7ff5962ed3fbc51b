/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The run queues and what the scheduler's files share. One queue a CPU, under its own lock, taken
 * with interrupts off; two at once only by trylock on the second, so there is no order to keep.
 */
#ifndef _KERNEL_SCHED_INTERNAL_H
#define _KERNEL_SCHED_INTERNAL_H

#include <linux/sched.h>
#include <linux/hrtimer.h>
#include <linux/rbtree.h>
#include <linux/sched/cputime.h>
#include <linux/timekeeping.h>
#include <asm/percpu.h>
#include <asm/smp.h>

#define NICE_0_WEIGHT		1024UL
#define WEIGHT_IDLEPRIO		3UL

/* task_struct.on_rq */
#define TASK_ON_RQ_QUEUED	1
#define TASK_ON_RQ_MIGRATING	2	/* off one queue, not yet on the other */

#define ENQUEUE_WAKEUP		0x01	/* it slept: it may claim a bounded credit */
#define ENQUEUE_NEW		0x02	/* its first time */
#define DEQUEUE_SLEEP		0x10	/* it goes to sleep, as against being moved */

struct rq;

/*
 * A scheduling class: a policy over its own queue inside struct rq. All functions run with the
 * run queue locked and its clock fresh.
 */
struct sched_class {
	int rank;		/* a higher one always runs first */
	void (*enqueue)(struct rq *rq, struct task_struct *p, int flags);
	void (*dequeue)(struct rq *rq, struct task_struct *p, int flags);
	struct task_struct *(*pick)(struct rq *rq);	/* and take it as current; NULL: none */
	void (*set_curr)(struct rq *rq, struct task_struct *p);	/* queued p is running already */
	void (*put_prev)(struct rq *rq, struct task_struct *p);	/* still runnable, loses the CPU */
	void (*update_curr)(struct rq *rq);
	void (*check_preempt)(struct rq *rq, struct task_struct *p);
	void (*tick)(struct rq *rq, struct task_struct *curr);
	void (*yield)(struct rq *rq);
	u64 (*rr_interval)(struct rq *rq, struct task_struct *p);	/* ns */
};

/* Tasks by virtual run time. [q] all */
struct fair_rq {
	struct rb_root_cached tasks;	/* waiting ones; the running one is not in it */
	struct sched_entity *curr;	/* the running one, if it is of this class */
	struct sched_entity *next;	/* to be picked before all others, once */
	struct sched_entity *skip;	/* yielded: to be passed over, once */
	u64 min_vruntime;		/* never goes back */
	unsigned long weight;		/* of all, the running one included */
	unsigned int nr;		/* of all */
	bool held_off;			/* one woke too early in this turn to preempt */
};

/* A list for each priority, the best first. [q] all */
struct rt_rq {
	unsigned long bitmap[2];	/* which lists are not empty */
	struct list_head queue[MAX_RT_PRIO];
	unsigned int nr;
	u64 period_start;		/* ns */
	u64 period_time;		/* ns of real-time run time in this period */
	bool throttled;			/* it had its share while others waited */
};

/*
 * Locks: [q] lock   [q r] read without it as a hint   [c] only its CPU   [I] immutable
 */
struct rq {
	spinlock_t lock;
	int cpu;			/* [I] */
	unsigned int nr_running;	/* [q r] runnable tasks, without the idle task */
	struct task_struct *curr;	/* [q r] */
	struct task_struct *idle;	/* [I] */
	struct mm_struct *prev_mm;	/* [c] to drop after the switch */
	u64 clock;			/* [q] ns, at the last update_rq_clock() */
	struct fair_rq fair;
	struct rt_rq rt;
	unsigned long nr_switches;	/* [q r] */
	long nr_uninterruptible;	/* [q r] may be negative; only the sum over CPUs counts */
	u64 next_balance;		/* [c] ns */
	struct hrtimer tick;		/* [c] */
	bool ticking;			/* [c] */
	struct hrtimer head_start;	/* [c] */
	struct task_struct *first_child;	/* [q] only compared: it may be gone */
	bool online;			/* [q] */
};

DECLARE_PER_CPU(struct rq, runqueues);

#define this_rq()	this_cpu_ptr(&runqueues)
#define cpu_rq(cpu)	(&per_cpu(runqueues, cpu))
#define task_rq(p)	cpu_rq(task_cpu(p))

extern const struct sched_class fair_sched_class, rt_sched_class, idle_sched_class;
extern struct cpumask sched_idle_mask;	/* CPUs that run their idle task; bits are atomic */

int set_user_cpus(struct task_struct *p, const cpumask_t *mask, const cpumask_t *wish);

static inline void update_rq_clock(struct rq *rq)
{
	rq->clock = sched_clock();
}

static inline bool task_running(struct rq *rq, struct task_struct *p)
{
	return p->on_cpu;
}

static inline bool fair_policy(unsigned int policy)
{
	return policy == SCHED_NORMAL || policy == SCHED_BATCH || policy == SCHED_IDLE;
}

static inline bool rt_policy(unsigned int policy)
{
	return policy == SCHED_FIFO || policy == SCHED_RR;
}

/* Nothing may be held, and interrupts be on, when a task gives up the CPU. */
#ifdef CONFIG_DEBUG_ATOMIC_SLEEP
void schedule_debug(void);
#else
static inline void schedule_debug(void)
{
}
#endif

/* core.c */
void resched_curr(struct rq *rq);
struct rq *task_rq_lock(struct task_struct *p, unsigned long *flags);
void task_rq_unlock(struct rq *rq, struct task_struct *p, unsigned long flags);
void activate_task(struct rq *rq, struct task_struct *p, int flags);
void deactivate_task(struct rq *rq, struct task_struct *p, int flags);
void set_task_cpu(struct task_struct *p, unsigned int cpu);
void check_preempt(struct rq *rq, struct task_struct *p);
int try_to_wake_up(struct task_struct *p, unsigned int state, int wake_flags);

/* prio.c */
extern unsigned int nice_weight[NICE_WIDTH];
void set_task_policy(struct task_struct *p, unsigned int policy, unsigned int rt_priority,
		     int nice);
void sched_prio_init(void);
void sched_change_policy(struct task_struct *p, unsigned int policy, unsigned int rt_priority,
			 int nice, bool reset_on_fork);

/* fair.c, rt.c */
void fair_task_forked(struct rq *rq, struct task_struct *p);
void fair_let_another_run(struct rq *rq);
void init_fair_rq(struct fair_rq *fair);
void init_rt_rq(struct rt_rq *rt);
void rt_tick_throttled(struct rq *rq);

/* balance.c */
int select_task_rq(struct task_struct *p, int prev_cpu, int wake_flags);
bool idle_pull(struct rq *this_rq);
void balance_tick(struct rq *rq);
int any_allowed_cpu(const struct task_struct *p);

/* tick.c */
void tick_start(struct rq *rq);
void tick_init_cpu(struct rq *rq);

/* headstart.c */
void head_start_limit(struct rq *rq, struct task_struct *p);
void head_start_init_cpu(struct rq *rq);

/* loadavg.c */
void loadavg_update(u64 now);

/* cputime.c */
void account_tick(struct task_struct *p, bool user, u64 ns);

#endif /* _KERNEL_SCHED_INTERNAL_H */

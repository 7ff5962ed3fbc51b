// SPDX-License-Identifier: GPL-2.0-only
/*
 * Timers on CPU clocks (kernel/time/posix-cpu-timers.c itself), with the tick of another CPU that
 * looks whenever a siglock is let go.
 */
#include <host.h>
#include <linux/kernel.h>
#include <linux/selftest.h>
#include <linux/spinlock.h>
#include <linux/string.h>

static void others_go(void);

static inline void model_spin_unlock(spinlock_t *lock)
{
	spin_unlock(lock);
	others_go();
}

#define spin_unlock(lock)	model_spin_unlock(lock)

/* kernel/fork.c is linked in here too, with its model's functions. */
#define posix_cpu_timers_exit		model_cpu_timers_exit
#define posix_cpu_timers_exit_group	model_cpu_timers_exit_group

#include "../../../kernel/time/posix-cpu-timers.c"

static struct task_struct task;
static struct signal_struct group;
static struct sighand_struct sighand;
static struct k_itimer timer;
static struct list_head seen_by_other;	/* what the other CPU's tick found */
static bool other_ticks, in_other;
static u64 clock_now;
static unsigned int sent;

/* The other CPU's tick, once, as soon as there is something for it. */
static void others_go(void)
{
	if (!other_ticks || in_other || hlist_empty(&group.cpu_timers))
		return;
	in_other = true;
	spin_lock(&sighand.siglock);
	collect_due(&task, &group.cpu_timers, &seen_by_other);
	spin_unlock(&sighand.siglock);
	in_other = false;
	other_ticks = list_empty(&seen_by_other);
}

/* ---- what the timers call ---- */

struct sighand_struct *lock_task_sighand(struct task_struct *tsk, unsigned long *flags)
{
	spin_lock_irqsave(&tsk->sighand->siglock, *flags);
	return tsk->sighand;
}

struct task_struct *pid_task(struct pid *pid, enum pid_type type)
{
	return &task;
}

struct task_struct *cpu_clock_task(clockid_t clock, bool for_timer)
{
	return &task;
}

/* It goes on between any two looks. */
u64 cpu_clock_sample(clockid_t clock, struct task_struct *p)
{
	return clock_now += 10;
}

void thread_group_cputime(struct task_struct *tsk, struct task_cputime *times)
{
	*times = (struct task_cputime){ };
}

int send_signal_locked(int sig, struct kernel_siginfo *info, struct task_struct *tsk,
		       enum pid_type type)
{
	return 0;
}

/* The signal is ignored: an interval timer goes on at once. */
bool posix_timer_event(struct k_itimer *t, int sequence)
{
	sent++;
	return true;
}

/* ---- */

SELFTEST(cpu_timers, a_tick_does_not_forget_that_another_fires_it)
{
	struct itimerspec64 now = { .it_value.tv_nsec = 1, .it_interval.tv_nsec = 1 };
	struct itimerspec64 late = { .it_value.tv_sec = 1000 };
	LIST_HEAD(due);

	memset(&timer, 0, sizeof(timer));
	memset(&group, 0, sizeof(group));
	INIT_LIST_HEAD(&seen_by_other);
	task.sighand = &sighand;
	task.signal = &group;
	timer.clock = CLOCK_PROCESS_CPUTIME_ID;
	timer.owner = &group;
	sent = 0;
	clock_now = 0;
	KT_EXPECT_EQ(cpu_set(&timer, 0, &now, NULL), 0);
	collect_due(&task, &group.cpu_timers, &due);
	KT_ASSERT(!list_empty(&due));
	other_ticks = true;
	fire_due(&due);
	KT_EXPECT_EQ(sent, 1);
	KT_ASSERT(!list_empty(&seen_by_other));
	/* Set anew while the other CPU waits for it_lock, it would expire 1000 seconds too early. */
	KT_EXPECT_EQ(cpu_set(&timer, 0, &late, NULL), -EAGAIN);
	fire_due(&seen_by_other);
	KT_EXPECT_EQ(sent, 2);
	KT_EXPECT_EQ(cpu_set(&timer, 0, &late, NULL), 0);
	KT_EXPECT_EQ(sent, 2);
}

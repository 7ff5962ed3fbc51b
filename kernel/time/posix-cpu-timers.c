// SPDX-License-Identifier: GPL-2.0-only
/*
 * Timers that follow CPU time: POSIX timers on CPU clocks, ITIMER_VIRTUAL and ITIMER_PROF,
 * RLIMIT_CPU. Armed timers hang on their thread or group under its siglock; the tick compares
 * them while one of the threads runs. Order: it_lock, then siglock; the tick therefore collects
 * what has expired under siglock and fires it afterwards.
 */
#include <linux/pid.h>
#include <linux/posix-clock.h>
#include <linux/posix-timers.h>
#include <linux/sched.h>
#include <linux/signal.h>
#include "internal.h"
#include "posix-timers.h"

static bool is_thread_clock(clockid_t clock)
{
	return clock < 0 ? CPUCLOCK_PERTHREAD(clock) : clock == CLOCK_THREAD_CPUTIME_ID;
}

/* The clock's task with its siglock held, or NULL when it is gone. Interrupts are off. */
static struct task_struct *lock_clock_task(struct k_itimer *timer, unsigned long *flags)
{
	enum pid_type type = is_thread_clock(timer->clock) ? PIDTYPE_PID : PIDTYPE_TGID;
	struct task_struct *tsk;

	rcu_read_lock();
	tsk = pid_task(timer->cpu.pid, type);
	if (tsk && !lock_task_sighand(tsk, flags))
		tsk = NULL;
	rcu_read_unlock();
	return tsk;
}

static int cpu_create(struct k_itimer *timer)
{
	struct task_struct *tsk;

	INIT_HLIST_NODE(&timer->cpu.node);
	INIT_LIST_HEAD(&timer->cpu.firing_node);
	rcu_read_lock();
	tsk = cpu_clock_task(timer->clock, true);
	if (tsk)
		timer->cpu.pid = get_pid(is_thread_clock(timer->clock) ? task_pid(tsk) :
									 task_tgid(tsk));
	rcu_read_unlock();
	return timer->cpu.pid ? 0 : -EINVAL;
}

static void cpu_release(struct k_itimer *timer)
{
	put_pid(timer->cpu.pid);
}

/* Context: siglock held. */
static void arm(struct k_itimer *timer, struct task_struct *tsk)
{
	if (is_thread_clock(timer->clock)) {
		hlist_add_head(&timer->cpu.node, &tsk->cpu_timers);
		return;
	}
	hlist_add_head(&timer->cpu.node, &tsk->signal->cpu_timers);
	tsk->signal->cpu_timers_active = true;
}

static int cpu_stop(struct k_itimer *timer)
{
	unsigned long flags;
	struct task_struct *tsk = lock_clock_task(timer, &flags);
	int ret = 0;

	if (!tsk)
		return READ_ONCE(timer->cpu.firing) ? -EAGAIN : 0;
	if (timer->cpu.firing) {
		ret = -EAGAIN;
	} else {
		hlist_del_init(&timer->cpu.node);
		timer->cpu.expires = 0;
		timer->active = false;
	}
	unlock_task_sighand(tsk, &flags);
	return ret;
}

/* Move the expiry past @now, counting the periods left out. */
static void forward(struct k_itimer *timer, u64 now)
{
	u64 periods;

	if (now < timer->cpu.expires || !timer->interval)
		return;
	periods = (now - timer->cpu.expires) / timer->interval + 1;
	timer->cpu.expires += periods * timer->interval;
	timer->overrun += periods;
}

static void cpu_get(struct k_itimer *timer, struct itimerspec64 *setting)
{
	unsigned long flags;
	struct task_struct *tsk;
	u64 now;

	*setting = (struct itimerspec64){ .it_interval = ktime_to_timespec64(timer->interval) };
	tsk = lock_clock_task(timer, &flags);
	if (!tsk)
		return;
	now = cpu_clock_sample(timer->clock, tsk);
	if (timer->cpu.expires) {
		if (timer->interval && ((timer->sequence & 1) || timer_is_silent(timer)))
			forward(timer, now);
		if (timer->cpu.expires > now)
			setting->it_value = ns_to_timespec64(timer->cpu.expires - now);
		else if (!timer_is_silent(timer))
			setting->it_value.tv_nsec = 1;
	}
	unlock_task_sighand(tsk, &flags);
}

static void cpu_rearm(struct k_itimer *timer)
{
	unsigned long flags;
	struct task_struct *tsk = lock_clock_task(timer, &flags);

	if (!tsk)
		return;
	forward(timer, cpu_clock_sample(timer->clock, tsk));
	if (hlist_unhashed(&timer->cpu.node))
		arm(timer, tsk);
	timer->active = true;
	unlock_task_sighand(tsk, &flags);
}

/* It has expired. Context: it_lock held, siglock not. */
static void fire(struct k_itimer *timer)
{
	timer->active = false;
	if (timer_is_silent(timer)) {
		timer->cpu.expires = 0;
	} else if (!timer->interval) {
		timer->cpu.expires = 0;
		posix_timer_event(timer, 0);
	} else if (posix_timer_event(timer, ++timer->sequence)) {
		timer->sequence++;
		cpu_rearm(timer);
	}
}

static int cpu_set(struct k_itimer *timer, int flags, const struct itimerspec64 *new,
		   struct itimerspec64 *old)
{
	u64 value = timespec64_to_ns(&new->it_value), now;
	unsigned long irq_flags;
	struct task_struct *tsk;
	bool due = false;

	if (old)
		cpu_get(timer, old);
	if (cpu_stop(timer))
		return -EAGAIN;
	timer->interval = timespec64_to_ktime(new->it_interval);
	timer->sequence = (timer->sequence + 2) & ~1;
	timer->overrun_last = 0;
	timer->overrun = -1;
	tsk = lock_clock_task(timer, &irq_flags);
	if (!tsk)
		return -ESRCH;
	if (value) {
		now = cpu_clock_sample(timer->clock, tsk);
		timer->cpu.expires = flags & TIMER_ABSTIME ? value : now + value;
		due = !timer_is_silent(timer) && now >= timer->cpu.expires;
		timer->active = true;
		if (!due && !timer_is_silent(timer))
			arm(timer, tsk);
	}
	unlock_task_sighand(tsk, &irq_flags);
	if (due)
		fire(timer);
	return 0;
}

const struct timer_kind cpu_timer_kind = {
	.create = cpu_create,
	.set = cpu_set,
	.stop = cpu_stop,
	.get = cpu_get,
	.rearm = cpu_rearm,
	.release = cpu_release,
};

/* ---- the tick ---- */

/* Move the timers that are due from @armed to @due. Context: siglock held. */
static void collect_due(struct task_struct *tsk, struct hlist_head *armed,
			struct list_head *due)
{
	struct k_itimer *timer;
	struct hlist_node *next;

	hlist_for_each_entry_safe(timer, next, armed, cpu.node) {
		if (cpu_clock_sample(timer->clock, tsk) < timer->cpu.expires)
			continue;
		hlist_del_init(&timer->cpu.node);
		timer->cpu.firing = true;
		list_add_tail(&timer->cpu.firing_node, due);
	}
}

static void fire_due(struct list_head *due)
{
	struct k_itimer *timer, *next;

	list_for_each_entry_safe(timer, next, due, cpu.firing_node) {
		spin_lock(&timer->it_lock);
		list_del_init(&timer->cpu.firing_node);
		/*
		 * Who waits to set or delete it waits for it_lock as well. Not later: it may be armed
		 * again below, and another CPU's tick be about to fire it.
		 */
		WRITE_ONCE(timer->cpu.firing, false);
		if (timer->owner)
			fire(timer);
		spin_unlock(&timer->it_lock);
	}
}

static void check_itimer(struct task_struct *tsk, struct cpu_itimer *it, u64 now, int sig)
{
	if (!it->expires || now < it->expires)
		return;
	if (it->incr)
		it->expires += it->incr * ((now - it->expires) / it->incr + 1);
	else
		it->expires = 0;
	send_signal_locked(sig, SEND_SIG_PRIV, tsk, PIDTYPE_TGID);
}

/* SIGXCPU at the soft limit and each second after it, SIGKILL at the hard one (setrlimit(2)). */
static void check_rlimit_cpu(struct task_struct *tsk, u64 used)
{
	struct rlimit *rlim = &tsk->signal->rlim[RLIMIT_CPU];
	unsigned long soft = READ_ONCE(rlim->rlim_cur), hard = READ_ONCE(rlim->rlim_max);
	u64 seconds = used / NSEC_PER_SEC;

	if (soft == RLIM_INFINITY)
		return;
	if (hard != RLIM_INFINITY && seconds >= hard) {
		send_signal_locked(SIGKILL, SEND_SIG_PRIV, tsk, PIDTYPE_TGID);
		return;
	}
	if (seconds >= soft) {
		send_signal_locked(SIGXCPU, SEND_SIG_PRIV, tsk, PIDTYPE_TGID);
		WRITE_ONCE(rlim->rlim_cur, seconds + 1);
	}
}

static void check_group(struct task_struct *tsk, struct list_head *due)
{
	struct signal_struct *signal = tsk->signal;
	struct task_cputime times;

	thread_group_cputime(tsk, &times);
	collect_due(tsk, &signal->cpu_timers, due);
	check_itimer(tsk, &signal->it[0], times.utime + times.stime, SIGPROF);
	check_itimer(tsk, &signal->it[1], times.utime, SIGVTALRM);
	check_rlimit_cpu(tsk, times.utime + times.stime);
	signal->cpu_timers_active = !hlist_empty(&signal->cpu_timers) ||
				    signal->it[0].expires || signal->it[1].expires ||
				    signal->rlim[RLIMIT_CPU].rlim_cur != RLIM_INFINITY;
}

/* RLIMIT_RTTIME: microseconds that a real-time thread may run without sleeping. */
static void check_rlimit_rttime(struct task_struct *tsk)
{
	struct rlimit *rlim = &tsk->signal->rlim[RLIMIT_RTTIME];
	unsigned long soft = READ_ONCE(rlim->rlim_cur), hard = READ_ONCE(rlim->rlim_max);
	unsigned long used = tsk->rt.timeout * (TICK_NSEC / NSEC_PER_USEC);

	if (hard != RLIM_INFINITY && used >= hard) {
		send_signal_locked(SIGKILL, SEND_SIG_PRIV, tsk, PIDTYPE_TGID);
		return;
	}
	if (used >= soft) {
		send_signal_locked(SIGXCPU, SEND_SIG_PRIV, tsk, PIDTYPE_TGID);
		WRITE_ONCE(rlim->rlim_cur, soft + USEC_PER_SEC);
	}
}

static bool rttime_is_limited(struct task_struct *tsk)
{
	return unlikely(tsk->rt.timeout) && task_rlimit(tsk, RLIMIT_RTTIME) != RLIM_INFINITY;
}

/**
 * run_posix_cpu_timers - compare CPU time with what was asked for
 * @tsk: current
 *
 * Context: the tick's interrupt, interrupts off, no run-queue lock.
 */
void run_posix_cpu_timers(struct task_struct *tsk)
{
	struct sighand_struct *sighand;
	unsigned long flags;
	LIST_HEAD(due);

	if (likely(!READ_ONCE(tsk->signal->cpu_timers_active) && hlist_empty(&tsk->cpu_timers) &&
		   !rttime_is_limited(tsk)))
		return;
	sighand = lock_task_sighand(tsk, &flags);
	if (!sighand)
		return;
	collect_due(tsk, &tsk->cpu_timers, &due);
	if (tsk->signal->cpu_timers_active)
		check_group(tsk, &due);
	if (rttime_is_limited(tsk))
		check_rlimit_rttime(tsk);
	unlock_task_sighand(tsk, &flags);
	fire_due(&due);
}

/* ---- limits and death ---- */

/* RLIMIT_CPU was set: the tick must look. */
void update_rlimit_cpu(struct task_struct *tsk, unsigned long seconds)
{
	unsigned long flags;

	if (!lock_task_sighand(tsk, &flags))
		return;
	tsk->signal->cpu_timers_active = true;
	unlock_task_sighand(tsk, &flags);
}

static void unlink_all(struct hlist_head *armed)
{
	struct k_itimer *timer;
	struct hlist_node *next;

	hlist_for_each_entry_safe(timer, next, armed, cpu.node)
		hlist_del_init(&timer->cpu.node);
}

/* Timers, perhaps of other processes, that follow a dead thread's or group's clock never expire. */
void posix_cpu_timers_exit(struct task_struct *tsk)
{
	unlink_all(&tsk->cpu_timers);
}

void posix_cpu_timers_exit_group(struct task_struct *tsk)
{
	unlink_all(&tsk->signal->cpu_timers);
}

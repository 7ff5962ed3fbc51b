// SPDX-License-Identifier: GPL-2.0-only
/*
 * Interval timers: setitimer, getitimer, alarm. ITIMER_REAL is an hrtimer, the other two are
 * looked at by the tick (posix-cpu-timers.c). All settings are guarded by siglock. They are not
 * inherited by fork and survive exec.
 */
#include <linux/hrtimer.h>
#include <linux/posix-timers.h>
#include <linux/sched.h>
#include <linux/signal.h>
#include <linux/syscalls.h>
#include <linux/uaccess.h>
#include "posix-timers.h"

/* What is left and the interval, in nanoseconds. */
struct itimer_setting {
	u64 value, interval;
};

static enum hrtimer_restart it_real_fn(struct hrtimer *timer)
{
	struct signal_struct *signal = container_of(timer, struct signal_struct, real_timer);

	kill_pid_info(SIGALRM, SEND_SIG_PRIV, signal->pids[PIDTYPE_TGID]);
	return HRTIMER_NORESTART;
}

/**
 * posix_timers_init - the timers of a new thread group: none
 * @signal: not yet visible to others
 */
void posix_timers_init(struct signal_struct *signal)
{
	INIT_LIST_HEAD(&signal->posix_timers);
	hrtimer_setup(&signal->real_timer, it_real_fn, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
	signal->cpu_timers_active = signal->rlim[RLIMIT_CPU].rlim_cur != RLIM_INFINITY;
}

/**
 * itimer_real_rearm - SIGALRM was taken: start the next period
 * @signal: of current; siglock held
 *
 * Not when the timer fires: a short interval would keep the CPU busy with unhandled signals.
 */
void itimer_real_rearm(struct signal_struct *signal)
{
	struct hrtimer *timer = &signal->real_timer;

	if (!signal->it_real_incr || hrtimer_is_queued(timer))
		return;
	hrtimer_forward_now(timer, signal->it_real_incr);
	hrtimer_restart(timer);
}

static void get_real(struct signal_struct *signal, struct itimer_setting *out)
{
	ktime_t left = 0;

	if (hrtimer_active(&signal->real_timer)) {
		left = hrtimer_get_remaining(&signal->real_timer);
		if (left <= 0)
			left = NSEC_PER_USEC;
	}
	out->value = left;
	out->interval = signal->it_real_incr;
}

/* Context: siglock held. Return: -EAGAIN when it is just firing and wants the lock. */
static int set_real(struct signal_struct *signal, const struct itimer_setting *new,
		    struct itimer_setting *old)
{
	get_real(signal, old);
	if (hrtimer_try_to_cancel(&signal->real_timer) < 0)
		return -EAGAIN;
	signal->it_real_incr = new->value ? new->interval : 0;
	if (new->value)
		hrtimer_start(&signal->real_timer, new->value, HRTIMER_MODE_REL);
	return 0;
}

static u64 cpu_clock_of(int which)
{
	struct task_cputime times;

	thread_group_cputime(current, &times);
	return which == ITIMER_PROF ? times.utime + times.stime : times.utime;
}

static struct cpu_itimer *cpu_itimer_of(struct signal_struct *signal, int which)
{
	return &signal->it[which == ITIMER_VIRTUAL];
}

static void get_cpu(struct cpu_itimer *it, u64 now, struct itimer_setting *out)
{
	out->interval = it->incr;
	out->value = 0;
	if (it->expires)
		out->value = it->expires > now ? it->expires - now : TICK_NSEC;
}

/* Context: siglock held. */
static int get_itimer(int which, struct itimer_setting *out)
{
	struct signal_struct *signal = current->signal;

	switch (which) {
	case ITIMER_REAL:
		get_real(signal, out);
		return 0;
	case ITIMER_VIRTUAL:
	case ITIMER_PROF:
		get_cpu(cpu_itimer_of(signal, which), cpu_clock_of(which), out);
		return 0;
	default:
		return -EINVAL;
	}
}

/* Context: siglock held. */
static int set_itimer(int which, const struct itimer_setting *new, struct itimer_setting *old)
{
	struct signal_struct *signal = current->signal;
	struct cpu_itimer *it;
	u64 now;

	if (which == ITIMER_REAL)
		return set_real(signal, new, old);
	if (which != ITIMER_VIRTUAL && which != ITIMER_PROF)
		return -EINVAL;
	it = cpu_itimer_of(signal, which);
	now = cpu_clock_of(which);
	get_cpu(it, now, old);
	it->expires = new->value ? now + new->value : 0;
	it->incr = new->value ? new->interval : 0;
	if (it->expires)
		signal->cpu_timers_active = true;
	return 0;
}

static int do_setitimer(int which, const struct itimer_setting *new, struct itimer_setting *old)
{
	int ret;

	do {
		spin_lock_irq(&current->sighand->siglock);
		ret = set_itimer(which, new, old);
		spin_unlock_irq(&current->sighand->siglock);
	} while (ret == -EAGAIN);
	return ret;
}

static int setting_from_user(struct itimer_setting *setting,
			     const struct __kernel_old_itimerval __user *user)
{
	struct __kernel_old_itimerval it;

	if (copy_from_user(&it, user, sizeof(it)))
		return -EFAULT;
	if (it.it_value.tv_sec < 0 || (unsigned long)it.it_value.tv_usec >= USEC_PER_SEC ||
	    it.it_interval.tv_sec < 0 || (unsigned long)it.it_interval.tv_usec >= USEC_PER_SEC)
		return -EINVAL;
	setting->value = ktime_set(it.it_value.tv_sec, it.it_value.tv_usec * NSEC_PER_USEC);
	setting->interval = ktime_set(it.it_interval.tv_sec,
				      it.it_interval.tv_usec * NSEC_PER_USEC);
	return 0;
}

static int setting_to_user(const struct itimer_setting *setting,
			   struct __kernel_old_itimerval __user *user)
{
	struct __kernel_old_itimerval it = {
		.it_value = ns_to_kernel_old_timeval(setting->value),
		.it_interval = ns_to_kernel_old_timeval(setting->interval),
	};

	/* Armed timers never read as 0. */
	if (setting->value && setting->value < NSEC_PER_USEC)
		it.it_value.tv_usec = 1;
	return copy_to_user(user, &it, sizeof(it)) ? -EFAULT : 0;
}

SYSCALL_DEFINE2(getitimer, int, which, struct __kernel_old_itimerval __user *, value)
{
	struct itimer_setting setting;
	int ret;

	spin_lock_irq(&current->sighand->siglock);
	ret = get_itimer(which, &setting);
	spin_unlock_irq(&current->sighand->siglock);
	return ret ? ret : setting_to_user(&setting, value);
}

/* Without a new value the timer is stopped: a relic that Linux keeps. */
SYSCALL_DEFINE3(setitimer, int, which, const struct __kernel_old_itimerval __user *, value,
		struct __kernel_old_itimerval __user *, ovalue)
{
	struct itimer_setting new = { }, old;
	int ret;

	if (value) {
		ret = setting_from_user(&new, value);
		if (ret)
			return ret;
	}
	ret = do_setitimer(which, &new, &old);
	if (!ret && ovalue)
		ret = setting_to_user(&old, ovalue);
	return ret;
}

/* The answer is in whole seconds, never 0 when an alarm was set (alarm(2)). */
SYSCALL_DEFINE1(alarm, unsigned int, seconds)
{
	struct itimer_setting new = { }, old;
	u64 left;

	new.value = (u64)min_t(unsigned int, seconds, INT_MAX) * NSEC_PER_SEC;
	do_setitimer(ITIMER_REAL, &new, &old);
	left = old.value / NSEC_PER_SEC;
	if (old.value % NSEC_PER_SEC >= NSEC_PER_SEC / 2 || (!left && old.value))
		left++;
	return left;
}

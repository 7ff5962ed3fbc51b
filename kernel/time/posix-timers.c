// SPDX-License-Identifier: GPL-2.0-only
/*
 * POSIX timers: timer_create and its family, over hrtimers here and over CPU clocks in
 * posix-cpu-timers.c. A periodic timer stops when it fires and is armed again when its signal is
 * taken (posix_timer_rearm), so signals never pile up; what passed meanwhile counts as overruns.
 */
#include <linux/hrtimer.h>
#include <linux/init.h>
#include <linux/pid.h>
#include <linux/posix-timers.h>
#include <linux/rculist.h>
#include <linux/sched.h>
#include <linux/signal.h>
#include <linux/slab.h>
#include <linux/syscalls.h>
#include <linux/time64.h>
#include <linux/uaccess.h>
#include "posix-timers.h"

#define DELAYTIMER_MAX	INT_MAX

static struct kmem_cache *timer_cache;

/* ---- firing ---- */

/* Send the timer's signal. Return: true if nobody wants it. Context: it_lock held. */
bool posix_timer_event(struct k_itimer *timer, int sequence)
{
	enum pid_type type = timer->notify & SIGEV_THREAD_ID ? PIDTYPE_PID : PIDTYPE_TGID;

	timer->sigq->info.si_sys_private = sequence;
	return send_sigqueue(timer->sigq, timer->target, type) > 0;
}

/* An ignored signal must not stop the timer, nor may a tiny interval keep the CPU busy. */
static enum hrtimer_restart go_on_ignored(struct k_itimer *timer)
{
	ktime_t now = hrtimer_cb_get_time(&timer->hrtimer);

	if (timer->interval < TICK_NSEC)
		now = ktime_add(now, TICK_NSEC);
	timer->overrun += hrtimer_forward(&timer->hrtimer, now, timer->interval);
	timer->sequence++;
	return HRTIMER_RESTART;
}

static enum hrtimer_restart posix_timer_fn(struct hrtimer *hrtimer)
{
	struct k_itimer *timer = container_of(hrtimer, struct k_itimer, hrtimer);
	enum hrtimer_restart ret = HRTIMER_NORESTART;
	unsigned long flags;

	spin_lock_irqsave(&timer->it_lock, flags);
	timer->active = false;
	if (timer->interval)
		timer->sequence++;
	if (posix_timer_event(timer, timer->interval ? timer->sequence : 0) && timer->interval) {
		ret = go_on_ignored(timer);
		timer->active = true;
	}
	spin_unlock_irqrestore(&timer->it_lock, flags);
	return ret;
}

/* ---- timers on the system's clocks ---- */

static int hr_create(struct k_itimer *timer)
{
	hrtimer_setup(&timer->hrtimer, posix_timer_fn, timer->clock, HRTIMER_MODE_ABS);
	return 0;
}

static ktime_t hr_now(struct k_itimer *timer)
{
	return hrtimer_cb_get_time(&timer->hrtimer);
}

static void hr_get(struct k_itimer *timer, struct itimerspec64 *setting)
{
	bool signal_out = timer->interval && (timer->sequence & 1);
	ktime_t now = hr_now(timer), left;

	*setting = (struct itimerspec64){ };
	if (timer->interval)
		setting->it_interval = ktime_to_timespec64(timer->interval);
	else if (!timer->active && !timer_is_silent(timer))
		return;
	/* The next expiry of a timer that waits for its signal to be taken. */
	if (timer->interval && (signal_out || timer_is_silent(timer)))
		timer->overrun += hrtimer_forward(&timer->hrtimer, now, timer->interval);
	left = ktime_sub(hrtimer_get_expires(&timer->hrtimer), now);
	if (left > 0)
		setting->it_value = ktime_to_timespec64(left);
	else if (!timer_is_silent(timer))
		setting->it_value.tv_nsec = 1;
}

static int hr_stop(struct k_itimer *timer)
{
	if (hrtimer_try_to_cancel(&timer->hrtimer) < 0)
		return -EAGAIN;
	timer->active = false;
	return 0;
}

/* A relative setting does not follow the wall clock when that is set. */
static void hr_start(struct k_itimer *timer, ktime_t value, bool absolute)
{
	clockid_t clock = timer->clock;

	if (!absolute && clock == CLOCK_REALTIME)
		clock = CLOCK_MONOTONIC;
	hrtimer_setup(&timer->hrtimer, posix_timer_fn, clock, HRTIMER_MODE_ABS);
	if (!absolute)
		value = ktime_add_safe(value, hr_now(timer));
	hrtimer_set_expires(&timer->hrtimer, value);
	if (timer_is_silent(timer))
		return;
	timer->active = true;
	hrtimer_start(&timer->hrtimer, value, HRTIMER_MODE_ABS);
}

static int hr_set(struct k_itimer *timer, int flags, const struct itimerspec64 *new,
		  struct itimerspec64 *old)
{
	ktime_t value = timespec64_to_ktime(new->it_value);

	if (old)
		hr_get(timer, old);
	if (hr_stop(timer))
		return -EAGAIN;
	timer->interval = 0;
	timer->sequence = (timer->sequence + 2) & ~1;
	timer->overrun_last = 0;
	timer->overrun = -1;
	if (!value) {
		hrtimer_set_expires(&timer->hrtimer, 0);
		return 0;
	}
	timer->interval = timespec64_to_ktime(new->it_interval);
	hr_start(timer, value, flags & TIMER_ABSTIME);
	return 0;
}

static void hr_rearm(struct k_itimer *timer)
{
	timer->overrun += hrtimer_forward(&timer->hrtimer, hr_now(timer), timer->interval);
	timer->active = true;
	hrtimer_restart(&timer->hrtimer);
}

static void hr_release(struct k_itimer *timer)
{
}

static const struct timer_kind hr_timer_kind = {
	.create = hr_create,
	.set = hr_set,
	.stop = hr_stop,
	.get = hr_get,
	.rearm = hr_rearm,
	.release = hr_release,
};

/* ---- finding and making them ---- */

static int kind_of_clock(clockid_t clock, const struct timer_kind **kind)
{
	if (clock < 0 || clock == CLOCK_PROCESS_CPUTIME_ID || clock == CLOCK_THREAD_CPUTIME_ID) {
		*kind = &cpu_timer_kind;
		return 0;
	}
	switch (clock) {
	case CLOCK_REALTIME:
	case CLOCK_MONOTONIC:
	case CLOCK_BOOTTIME:
	case CLOCK_TAI:
		*kind = &hr_timer_kind;
		return 0;
	case CLOCK_MONOTONIC_RAW:
	case CLOCK_REALTIME_COARSE:
	case CLOCK_MONOTONIC_COARSE:
	case CLOCK_REALTIME_ALARM:
	case CLOCK_BOOTTIME_ALARM:
		return -EOPNOTSUPP;
	default:
		return -EINVAL;
	}
}

/* Return: the timer with it_lock held and interrupts off, or NULL. */
static struct k_itimer *lock_timer(timer_t id, unsigned long *flags)
{
	struct k_itimer *timer;

	rcu_read_lock();
	list_for_each_entry_rcu(timer, &current->signal->posix_timers, list) {
		if (timer->id != id)
			continue;
		spin_lock_irqsave(&timer->it_lock, *flags);
		if (likely(timer->owner == current->signal)) {
			rcu_read_unlock();
			return timer;
		}
		spin_unlock_irqrestore(&timer->it_lock, *flags);
	}
	rcu_read_unlock();
	return NULL;
}

static void unlock_timer(struct k_itimer *timer, unsigned long flags)
{
	spin_unlock_irqrestore(&timer->it_lock, flags);
}

static int overrun_to_int(s64 overrun)
{
	return min_t(s64, overrun, DELAYTIMER_MAX);
}

/**
 * posix_timer_rearm - the signal of a periodic timer was taken: start its next period
 * @info: of the signal; gets si_overrun
 *
 * Context: task, no locks, interrupts off.
 */
void posix_timer_rearm(struct kernel_siginfo *info)
{
	unsigned long flags;
	struct k_itimer *timer = lock_timer(info->si_tid, &flags);

	if (!timer)
		return;
	if (timer->interval && timer->sequence == info->si_sys_private) {
		timer->kind->rearm(timer);
		timer->overrun_last = timer->overrun;
		timer->overrun = -1;
		timer->sequence++;
		info->si_overrun = overrun_to_int(timer->overrun_last + info->si_overrun);
	}
	unlock_timer(timer, flags);
}

/* Whom to signal, from a sigevent. Return: NULL if it makes no sense. */
static struct pid *target_of(const struct sigevent *event)
{
	struct pid *pid = task_tgid(current);
	struct task_struct *tsk;

	switch (event->sigev_notify) {
	case SIGEV_SIGNAL | SIGEV_THREAD_ID:
		pid = find_vpid(event->sigev_notify_thread_id);
		tsk = pid ? pid_task(pid, PIDTYPE_PID) : NULL;
		if (!tsk || !same_thread_group(tsk, current))
			return NULL;
		fallthrough;
	case SIGEV_SIGNAL:
	case SIGEV_THREAD:
		if (event->sigev_signo <= 0 || event->sigev_signo > _NSIG)
			return NULL;
		fallthrough;
	case SIGEV_NONE:
		return pid;
	default:
		return NULL;
	}
}

static void free_timer_rcu(struct rcu_head *rcu)
{
	kmem_cache_free(timer_cache, container_of(rcu, struct k_itimer, rcu));
}

/* Tolerates a half-built timer. */
static void release_timer(struct k_itimer *timer)
{
	if (timer->target)
		timer->kind->release(timer);
	put_pid(timer->target);
	if (timer->sigq)
		sigqueue_free(timer->sigq);
	call_rcu(&timer->rcu, free_timer_rcu);
}

static int set_event(struct k_itimer *timer, const struct sigevent *event)
{
	struct kernel_siginfo *info = &timer->sigq->info;
	struct pid *target;

	rcu_read_lock();
	target = get_pid(target_of(event));
	rcu_read_unlock();
	if (!target)
		return -EINVAL;
	timer->notify = event->sigev_notify;
	timer->target = target;
	clear_siginfo(info);
	info->si_signo = event->sigev_signo;
	info->si_code = SI_TIMER;
	info->si_tid = timer->id;
	info->si_value = event->sigev_value;
	return 0;
}

/* Numbers go up; after a full turn, one that is still in use is left out. Context: siglock. */
static timer_t next_id(struct signal_struct *signal)
{
	struct k_itimer *timer;
	bool used;

	do {
		if (signal->next_posix_timer_id < 0)
			signal->next_posix_timer_id = 0;
		used = false;
		list_for_each_entry(timer, &signal->posix_timers, list)
			used |= timer->id == signal->next_posix_timer_id;
		if (used)
			signal->next_posix_timer_id =
				(signal->next_posix_timer_id + 1) & INT_MAX;
	} while (used);
	return signal->next_posix_timer_id;
}

/* Give it a number, and let others find it. It cannot be used before its owner is set. */
static void link_timer(struct k_itimer *timer)
{
	struct signal_struct *signal = current->signal;

	spin_lock_irq(&current->sighand->siglock);
	timer->id = next_id(signal);
	signal->next_posix_timer_id = (timer->id + 1) & INT_MAX;
	list_add_rcu(&timer->list, &signal->posix_timers);
	spin_unlock_irq(&current->sighand->siglock);
}

static void unlink_timer(struct k_itimer *timer)
{
	spin_lock_irq(&current->sighand->siglock);
	list_del_rcu(&timer->list);
	spin_unlock_irq(&current->sighand->siglock);
}

static struct k_itimer *new_timer(clockid_t clock, const struct timer_kind *kind)
{
	struct k_itimer *timer = kmem_cache_zalloc(timer_cache, GFP_KERNEL);

	if (!timer)
		return NULL;
	timer->sigq = sigqueue_alloc();
	if (!timer->sigq) {
		kmem_cache_free(timer_cache, timer);
		return NULL;
	}
	spin_lock_init(&timer->it_lock);
	timer->kind = kind;
	timer->clock = clock;
	timer->overrun = -1;
	link_timer(timer);
	return timer;
}

static int finish_timer(struct k_itimer *timer, const struct sigevent *event, timer_t __user *id)
{
	int ret = set_event(timer, event);

	if (ret)
		return ret;
	if (copy_to_user(id, &timer->id, sizeof(timer->id)))
		return -EFAULT;
	return timer->kind->create(timer);
}

SYSCALL_DEFINE3(timer_create, clockid_t, clock, struct sigevent __user *, uevent,
		timer_t __user *, id)
{
	struct sigevent event = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGALRM };
	const struct timer_kind *kind;
	struct k_itimer *timer;
	int ret;

	if (uevent && copy_from_user(&event, uevent, sizeof(event)))
		return -EFAULT;
	ret = kind_of_clock(clock, &kind);
	if (ret)
		return ret;
	timer = new_timer(clock, kind);
	if (!timer)
		return -EAGAIN;
	if (!uevent)
		event.sigev_value.sival_int = timer->id;
	ret = finish_timer(timer, &event, id);
	if (ret) {
		unlink_timer(timer);
		release_timer(timer);
		return ret;
	}
	spin_lock_irq(&timer->it_lock);
	timer->owner = current->signal;
	spin_unlock_irq(&timer->it_lock);
	return 0;
}

/* ---- using them ---- */

static bool itimerspec64_valid(const struct itimerspec64 *setting)
{
	return timespec64_valid(&setting->it_interval) && timespec64_valid(&setting->it_value);
}

static int do_timer_settime(timer_t id, int flags, const struct itimerspec64 *new,
			    struct itimerspec64 *old)
{
	unsigned long irq_flags;
	struct k_itimer *timer;
	int ret;

	do {
		timer = lock_timer(id, &irq_flags);
		if (!timer)
			return -EINVAL;
		ret = timer->kind->set(timer, flags, new, old);
		unlock_timer(timer, irq_flags);
		cpu_relax();
	} while (ret == -EAGAIN);
	return ret;
}

SYSCALL_DEFINE4(timer_settime, timer_t, id, int, flags,
		const struct __kernel_itimerspec __user *, unew,
		struct __kernel_itimerspec __user *, uold)
{
	struct itimerspec64 new, old;
	int ret;

	if (!unew)
		return -EINVAL;
	if (get_itimerspec64(&new, unew))
		return -EFAULT;
	if (!itimerspec64_valid(&new))
		return -EINVAL;
	ret = do_timer_settime(id, flags, &new, uold ? &old : NULL);
	if (!ret && uold && put_itimerspec64(&old, uold))
		return -EFAULT;
	return ret;
}

SYSCALL_DEFINE2(timer_gettime, timer_t, id, struct __kernel_itimerspec __user *, usetting)
{
	struct itimerspec64 setting;
	struct k_itimer *timer;
	unsigned long flags;

	timer = lock_timer(id, &flags);
	if (!timer)
		return -EINVAL;
	timer->kind->get(timer, &setting);
	unlock_timer(timer, flags);
	return put_itimerspec64(&setting, usetting) ? -EFAULT : 0;
}

SYSCALL_DEFINE1(timer_getoverrun, timer_t, id)
{
	struct k_itimer *timer;
	unsigned long flags;
	int overrun;

	timer = lock_timer(id, &flags);
	if (!timer)
		return -EINVAL;
	overrun = overrun_to_int(timer->overrun_last);
	unlock_timer(timer, flags);
	return overrun;
}

/* Nobody can find or arm it afterwards. Context: it_lock held, dropped. Return: 0 or -EAGAIN. */
static int retire_timer(struct k_itimer *timer, unsigned long flags)
{
	int ret = timer->kind->stop(timer);

	if (!ret) {
		timer->interval = 0;
		timer->owner = NULL;
	}
	unlock_timer(timer, flags);
	return ret;
}

SYSCALL_DEFINE1(timer_delete, timer_t, id)
{
	struct k_itimer *timer;
	unsigned long flags;

	do {
		cpu_relax();
		timer = lock_timer(id, &flags);
		if (!timer)
			return -EINVAL;
	} while (retire_timer(timer, flags));
	unlink_timer(timer);
	release_timer(timer);
	return 0;
}

/**
 * exit_itimers - exec and exit delete all POSIX timers
 * @signal: of current, whose other threads are gone
 */
void exit_itimers(struct signal_struct *signal)
{
	struct k_itimer *timer;
	unsigned long flags;

	while (!list_empty(&signal->posix_timers)) {
		timer = list_first_entry(&signal->posix_timers, struct k_itimer, list);
		do {
			cpu_relax();
			spin_lock_irqsave(&timer->it_lock, flags);
		} while (retire_timer(timer, flags));
		unlink_timer(timer);
		release_timer(timer);
	}
}

static int __init posix_timers_cache_init(void)
{
	timer_cache = kmem_cache_create("posix_timers_cache", sizeof(struct k_itimer), 0,
					SLAB_PANIC, NULL);
	return 0;
}
core_initcall(posix_timers_cache_init);

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Private to the POSIX timers: the timer, and what a kind of clock can do with it.
 */
#ifndef _KERNEL_TIME_POSIX_TIMERS_H
#define _KERNEL_TIME_POSIX_TIMERS_H

#include <linux/hrtimer.h>
#include <linux/list.h>
#include <linux/pid.h>
#include <linux/rcupdate.h>
#include <linux/signal_types.h>
#include <linux/spinlock.h>
#include <linux/time64.h>

struct k_itimer;

/* How timers of one kind of clock are set, read, stopped and armed again. Context: it_lock held. */
struct timer_kind {
	int (*create)(struct k_itimer *timer);
	/* Return: 0, or -EAGAIN when it is just firing: drop the lock and try again. */
	int (*set)(struct k_itimer *timer, int flags, const struct itimerspec64 *new,
		   struct itimerspec64 *old);
	int (*stop)(struct k_itimer *timer);
	void (*get)(struct k_itimer *timer, struct itimerspec64 *setting);
	void (*rearm)(struct k_itimer *timer);
	void (*release)(struct k_itimer *timer);
};

/*
 * Locks: [I] immutable after creation   [t] it_lock   [S] siglock of the group whose CPU clock it
 *        follows   [r] RCU to read, siglock of the owner to write
 */
struct k_itimer {
	struct list_head list;		/* [r] signal_struct.posix_timers */
	spinlock_t it_lock;		/* taken before siglock */
	const struct timer_kind *kind;	/* [I] */
	timer_t id;			/* [I] */
	clockid_t clock;		/* [I] */
	int notify;			/* [I] SIGEV_* */
	struct signal_struct *owner;	/* [t] NULL once deleted */
	struct pid *target;		/* [I] thread or group to signal; holds a reference */
	struct sigqueue *sigq;		/* [I] */
	ktime_t interval;		/* [t] */
	s64 overrun;			/* [t] since the last delivery, -1 at first */
	s64 overrun_last;		/* [t] of the last delivery */
	int sequence;			/* [t] odd: a signal is out, and rearms the timer */
	bool active;			/* [t] armed, or its signal is out */
	union {
		struct hrtimer hrtimer;
		struct {
			struct hlist_node node;	/* [S] among the armed ones of its clock */
			struct list_head firing_node;	/* private to the tick while firing */
			struct pid *pid;	/* [I] whose clock; holds a reference */
			u64 expires;		/* [S] ns of the clock, 0 when off */
			bool firing;		/* [S] to set, [t] to clear: a tick waits for it_lock */
		} cpu;
	};
	struct rcu_head rcu;
};

extern const struct timer_kind cpu_timer_kind;

bool posix_timer_event(struct k_itimer *timer, int sequence);

static inline bool timer_is_silent(const struct k_itimer *timer)
{
	return timer->notify == SIGEV_NONE;
}

#endif /* _KERNEL_TIME_POSIX_TIMERS_H */

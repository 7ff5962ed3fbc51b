/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * High-resolution timers: the kernel's only timers. Per-CPU trees ordered by expiry; functions run
 * in the timer interrupt with interrupts off and no lock of the timer code held. Never early.
 */
#ifndef _LINUX_HRTIMER_H
#define _LINUX_HRTIMER_H

#include <linux/types.h>
#include <linux/rbtree.h>
#include <linux/ktime.h>
#include <linux/timekeeping.h>

enum hrtimer_mode {
	HRTIMER_MODE_ABS	= 0x00,
	HRTIMER_MODE_REL	= 0x01,
	HRTIMER_MODE_PINNED	= 0x02,	/* they always stay on their CPU */
	HRTIMER_MODE_ABS_PINNED	= HRTIMER_MODE_ABS | HRTIMER_MODE_PINNED,
	HRTIMER_MODE_REL_PINNED	= HRTIMER_MODE_REL | HRTIMER_MODE_PINNED,
};

enum hrtimer_restart {
	HRTIMER_NORESTART,
	HRTIMER_RESTART,	/* the function moved the expiry forward; queue it again */
};

/*
 * The clocks a timer can follow; CLOCK_BOOTTIME counts as monotonic, since the machine never
 * suspends.
 */
enum hrtimer_base {
	HRTIMER_BASE_MONOTONIC,
	HRTIMER_BASE_REALTIME,
	HRTIMER_BASE_TAI,
	HRTIMER_NR_BASES,
};

struct hrtimer_cpu_base;

/*
 * Locks: [b] hrtimer_cpu_base.lock of ->cpu_base   [o] owner, before it is started
 */
struct hrtimer {
	struct rb_node		node;		/* [b] */
	ktime_t			expires;	/* [b] on the timer's own clock */
	enum hrtimer_restart	(*function)(struct hrtimer *timer);	/* [o] */
	struct hrtimer_cpu_base	*cpu_base;	/* [b] where it is or was last queued */
	u8			base;		/* [o] enum hrtimer_base */
	bool			queued;		/* [b] */
};

void hrtimer_init(struct hrtimer *timer, clockid_t clock_id, enum hrtimer_mode mode);
void hrtimer_setup(struct hrtimer *timer, enum hrtimer_restart (*function)(struct hrtimer *timer),
		   clockid_t clock_id, enum hrtimer_mode mode);
void hrtimer_start(struct hrtimer *timer, ktime_t tim, enum hrtimer_mode mode);
int hrtimer_cancel(struct hrtimer *timer);
int hrtimer_try_to_cancel(struct hrtimer *timer);
bool hrtimer_active(struct hrtimer *timer);
u64 hrtimer_forward(struct hrtimer *timer, ktime_t now, ktime_t interval);
ktime_t hrtimer_get_remaining(struct hrtimer *timer);
ktime_t hrtimer_cb_get_time(const struct hrtimer *timer);

static inline bool hrtimer_is_queued(struct hrtimer *timer)
{
	return READ_ONCE(timer->queued);
}

static inline ktime_t hrtimer_get_expires(const struct hrtimer *timer)
{
	return timer->expires;
}

static inline void hrtimer_set_expires(struct hrtimer *timer, ktime_t tim)
{
	timer->expires = tim;
}

static inline u64 hrtimer_forward_now(struct hrtimer *timer, ktime_t interval)
{
	return hrtimer_forward(timer, hrtimer_cb_get_time(timer), interval);
}

static inline void hrtimer_restart(struct hrtimer *timer)
{
	hrtimer_start(timer, timer->expires, HRTIMER_MODE_ABS);
}

/* Called by the architecture's timer interrupt, interrupts off. */
void hrtimer_interrupt(void);
/*
 * The wall clock was set: timers that follow it may be due now. Any context that may take a
 * spinlock.
 */
void clock_was_set(void);
extern unsigned int clock_set_count;
void timerfd_clock_was_set(void);

#define MAX_SCHEDULE_TIMEOUT	LONG_MAX

int schedule_hrtimeout(const ktime_t *expires, enum hrtimer_mode mode);
int schedule_hrtimeout_clock(const ktime_t *expires, enum hrtimer_mode mode, clockid_t clock_id);
long schedule_timeout_ns(long ns);
long schedule_timeout_interruptible_ns(long ns);
long schedule_timeout_killable_ns(long ns);
long schedule_timeout_uninterruptible_ns(long ns);
void msleep(unsigned int ms);

#endif /* _LINUX_HRTIMER_H */

// SPDX-License-Identifier: GPL-2.0-only
/*
 * High-resolution timers. Each CPU has a tree a clock, under one lock, and its one-shot hardware
 * timer set to the earliest of them. A timer is queued on the CPU that starts it. Functions run
 * from hrtimer_interrupt(), interrupts off, without the lock.
 */
#include <linux/hrtimer.h>
#include <linux/kernel.h>
#include <linux/percpu.h>
#include <linux/spinlock.h>
#include <asm/clockevent.h>
#include <asm/smp.h>
#include "internal.h"

/* So often the interrupt looks again for timers that came due while it ran others. */
#define MAX_ROUNDS	3

/*
 * Locks: [b] lock   [c] only its CPU, with interrupts off
 */
struct hrtimer_cpu_base {
	spinlock_t lock;
	struct rb_root_cached tree[HRTIMER_NR_BASES];	/* [b] by expiry */
	struct hrtimer *running;	/* [b] whose function is being run */
	ktime_t programmed;		/* [c] monotonic, what the hardware is set to; 0 is never */
	bool in_interrupt;		/* [c] it will be set at the end */
};

static DEFINE_PER_CPU_ALIGNED(struct hrtimer_cpu_base, hrtimer_bases);

static bool expires_before(struct rb_node *a, const struct rb_node *b)
{
	return rb_entry(a, struct hrtimer, node)->expires <
	       rb_entry(b, struct hrtimer, node)->expires;
}

static enum hrtimer_base clock_to_base(clockid_t clock)
{
	switch (clock) {
	case CLOCK_REALTIME:
	case CLOCK_REALTIME_ALARM:
		return HRTIMER_BASE_REALTIME;
	case CLOCK_TAI:
		return HRTIMER_BASE_TAI;
	default:
		return HRTIMER_BASE_MONOTONIC;
	}
}

/* ---- the hardware ---- */

/* The earliest expiry, monotonic; KTIME_MAX when nothing is queued. Context: [b] */
static ktime_t earliest(struct hrtimer_cpu_base *cb)
{
	ktime_t first = KTIME_MAX;
	int i;

	for (i = 0; i < HRTIMER_NR_BASES; i++) {
		struct rb_node *node = rb_first_cached(&cb->tree[i]);
		ktime_t t;

		if (!node)
			continue;
		t = rb_entry(node, struct hrtimer, node)->expires - timekeeping_offset(i);
		first = min(first, t);
	}
	return first;
}

static void program(struct hrtimer_cpu_base *cb, ktime_t expires)
{
	ktime_t now = ktime_get();

	cb->programmed = expires;
	arch_timer_set_next_event(expires > now ? expires - now : 0);
}

/*
 * A timer was queued on this CPU: does the hardware have to fire earlier? When a timer goes, it is
 * left as it is: firing for nothing once costs less than setting it twice. Context: [b]
 */
static void program_if_earlier(struct hrtimer_cpu_base *cb, struct hrtimer *timer)
{
	ktime_t expires = timer->expires - timekeeping_offset(timer->base);

	if (cb->in_interrupt || (cb->programmed && cb->programmed <= expires))
		return;
	/* 0 stands for never. */
	program(cb, max(expires, (ktime_t)1));
}

/* ---- the trees ---- */

/* Context: [b]. Return: true when it is now its clock's first. */
static bool enqueue(struct hrtimer_cpu_base *cb, struct hrtimer *timer)
{
	timer->cpu_base = cb;
	WRITE_ONCE(timer->queued, true);
	return rb_add_cached(&timer->node, &cb->tree[timer->base], expires_before);
}

/* Context: [b] */
static void dequeue(struct hrtimer_cpu_base *cb, struct hrtimer *timer)
{
	rb_erase_cached(&timer->node, &cb->tree[timer->base]);
	WRITE_ONCE(timer->queued, false);
}

/* Lock the CPU that the timer belongs to. */
static struct hrtimer_cpu_base *lock_base(struct hrtimer *timer, unsigned long *flags)
{
	struct hrtimer_cpu_base *cb;

	local_irq_save(*flags);
	for (;;) {
		cb = READ_ONCE(timer->cpu_base);
		spin_lock(&cb->lock);
		if (likely(cb == timer->cpu_base))
			return cb;
		spin_unlock(&cb->lock);
	}
}

/*
 * Take the timer off its queue, and make it belong to this CPU, unless its function runs on another
 * just now. Return: the locked CPU that it belongs to.
 */
static struct hrtimer_cpu_base *bring_here(struct hrtimer *timer, unsigned long *flags)
{
	struct hrtimer_cpu_base *cb, *here;

	for (;;) {
		cb = lock_base(timer, flags);
		here = this_cpu_ptr(&hrtimer_bases);
		if (timer->queued)
			dequeue(cb, timer);
		if (likely(cb == here) || cb->running == timer)
			return cb;
		WRITE_ONCE(timer->cpu_base, here);
		/* Somebody else may start it in between: then it is dequeued again. */
		spin_unlock_irqrestore(&cb->lock, *flags);
	}
}

/**
 * hrtimer_init - prepare a timer
 * @timer: what to prepare; set its @function before starting it
 * @clock_id: the clock its expiry is on; one that it cannot follow counts as monotonic
 * @mode: without meaning here
 */
void hrtimer_init(struct hrtimer *timer, clockid_t clock_id, enum hrtimer_mode mode)
{
	timer->function = NULL;
	timer->expires = 0;
	timer->cpu_base = per_cpu_ptr(&hrtimer_bases, raw_smp_processor_id());
	timer->base = clock_to_base(clock_id);
	timer->queued = false;
}

void hrtimer_setup(struct hrtimer *timer, enum hrtimer_restart (*function)(struct hrtimer *timer),
		   clockid_t clock_id, enum hrtimer_mode mode)
{
	hrtimer_init(timer, clock_id, mode);
	timer->function = function;
}

ktime_t hrtimer_cb_get_time(const struct hrtimer *timer)
{
	return ktime_get() + timekeeping_offset(timer->base);
}

/**
 * hrtimer_start - start or restart a timer
 * @timer: the timer
 * @tim: when, on the timer's clock, or how long from now
 * @mode: HRTIMER_MODE_ABS or HRTIMER_MODE_REL
 *
 * Context: any, under any lock that the function does not take.
 */
void hrtimer_start(struct hrtimer *timer, ktime_t tim, enum hrtimer_mode mode)
{
	struct hrtimer_cpu_base *cb;
	unsigned long flags;
	bool first;

	cb = bring_here(timer, &flags);
	if (mode & HRTIMER_MODE_REL)
		tim = ktime_add_safe(hrtimer_cb_get_time(timer), max(tim, (ktime_t)0));
	timer->expires = tim;
	first = enqueue(cb, timer);
	/* On another CPU it is its own running function that is being restarted: that one looks. */
	if (first && cb == this_cpu_ptr(&hrtimer_bases))
		program_if_earlier(cb, timer);
	spin_unlock_irqrestore(&cb->lock, flags);
}

/**
 * hrtimer_try_to_cancel - stop a timer, but do not wait for its function
 *
 * Return: 1 when it was queued, 0 when it was not, -1 when its function is running.
 */
int hrtimer_try_to_cancel(struct hrtimer *timer)
{
	struct hrtimer_cpu_base *cb;
	unsigned long flags;
	int ret = 0;

	cb = lock_base(timer, &flags);
	if (cb->running == timer) {
		ret = -1;
	} else if (timer->queued) {
		dequeue(cb, timer);
		ret = 1;
	}
	spin_unlock_irqrestore(&cb->lock, flags);
	return ret;
}

/**
 * hrtimer_cancel - stop a timer; when this returns, its function does not run
 *
 * Context: any but the function itself; no lock that the function takes.
 * Return: 1 when it was queued, 0 when not.
 */
int hrtimer_cancel(struct hrtimer *timer)
{
	int ret;

	while ((ret = hrtimer_try_to_cancel(timer)) < 0)
		cpu_relax();
	return ret;
}

/* Is it queued, or is its function running? */
bool hrtimer_active(struct hrtimer *timer)
{
	struct hrtimer_cpu_base *cb;
	unsigned long flags;
	bool active;

	cb = lock_base(timer, &flags);
	active = timer->queued || cb->running == timer;
	spin_unlock_irqrestore(&cb->lock, flags);
	return active;
}

/**
 * hrtimer_forward - move the expiry past @now by whole intervals
 * @timer: not queued: from its function, or stopped
 * @now: on the timer's clock
 * @interval: ns, more than 0
 *
 * Return: how many intervals it was moved by; 0 when it expires after @now anyway.
 */
u64 hrtimer_forward(struct hrtimer *timer, ktime_t now, ktime_t interval)
{
	ktime_t late = now - timer->expires;
	u64 steps;

	if (late < 0 || interval <= 0)
		return 0;
	steps = late / interval + 1;
	timer->expires = ktime_add_safe(timer->expires, steps * interval);
	return steps;
}

/* Nanoseconds to go on the timer's clock, negative when it is late. */
ktime_t hrtimer_get_remaining(struct hrtimer *timer)
{
	struct hrtimer_cpu_base *cb;
	unsigned long flags;
	ktime_t left;

	cb = lock_base(timer, &flags);
	left = timer->expires - hrtimer_cb_get_time(timer);
	spin_unlock_irqrestore(&cb->lock, flags);
	return left;
}

/* ---- running them ---- */

/* Context: [b], which is dropped around the function. */
static void run_timer(struct hrtimer_cpu_base *cb, struct hrtimer *timer)
{
	enum hrtimer_restart restart;

	dequeue(cb, timer);
	cb->running = timer;
	spin_unlock(&cb->lock);
	restart = timer->function(timer);
	spin_lock(&cb->lock);
	/* Unless it asks for it, the timer may be gone by now. Somebody may have restarted it. */
	if (restart == HRTIMER_RESTART && !timer->queued)
		enqueue(cb, timer);
	cb->running = NULL;
}

static void run_expired(struct hrtimer_cpu_base *cb, ktime_t now)
{
	int i;

	for (i = 0; i < HRTIMER_NR_BASES; i++) {
		struct rb_node *node;

		while ((node = rb_first_cached(&cb->tree[i]))) {
			struct hrtimer *timer = rb_entry(node, struct hrtimer, node);

			if (timer->expires > now + timekeeping_offset(i))
				break;
			run_timer(cb, timer);
		}
	}
}

/**
 * hrtimer_interrupt - the one-shot timer fired: run what is due and set it anew
 *
 * Context: this CPU's timer interrupt.
 */
void hrtimer_interrupt(void)
{
	struct hrtimer_cpu_base *cb = this_cpu_ptr(&hrtimer_bases);
	int round = 0;
	ktime_t next;

	spin_lock(&cb->lock);
	cb->in_interrupt = true;
	do {
		run_expired(cb, ktime_get());
		next = earliest(cb);
	} while (next <= ktime_get() && ++round < MAX_ROUNDS);
	cb->in_interrupt = false;
	if (next == KTIME_MAX)
		cb->programmed = 0;
	else
		program(cb, max(next, (ktime_t)1));
	spin_unlock(&cb->lock);
}

/* The offsets changed: what is first may be due earlier now. */
static void reprogram_this_cpu(void *unused)
{
	struct hrtimer_cpu_base *cb = this_cpu_ptr(&hrtimer_bases);
	unsigned long flags;
	ktime_t next;

	spin_lock_irqsave(&cb->lock, flags);
	next = earliest(cb);
	if (next != KTIME_MAX && !cb->in_interrupt)
		program(cb, max(next, (ktime_t)1));
	spin_unlock_irqrestore(&cb->lock, flags);
}

/* So often the wall clock was set; a timerfd can ask to be told. */
unsigned int clock_set_count;

void clock_was_set(void)
{
	WRITE_ONCE(clock_set_count, clock_set_count + 1);
	on_each_cpu(reprogram_this_cpu, NULL, 1);
	timerfd_clock_was_set();
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * In-kernel tests of the clocks and timers: never early, in order, cancelled ones stay quiet.
 */
#include <linux/hrtimer.h>
#include <linux/kernel.h>
#include <linux/sched.h>
#include <linux/selftest.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>
#include "../internal.h"

#define NR_TIMERS	20

static DEFINE_SPINLOCK(order_lock);
static int order[NR_TIMERS], nr_fired, nr_early;

struct test_timer {
	struct hrtimer timer;
	int id;
	int again;
};

static enum hrtimer_restart note_order(struct hrtimer *timer)
{
	struct test_timer *tt = container_of(timer, struct test_timer, timer);

	spin_lock(&order_lock);
	if (hrtimer_cb_get_time(timer) < timer->expires)
		nr_early++;
	if (nr_fired < NR_TIMERS)
		order[nr_fired] = tt->id;
	nr_fired++;
	spin_unlock(&order_lock);
	return HRTIMER_NORESTART;
}

static int fired(void)
{
	return READ_ONCE(nr_fired);
}

static void reset(void)
{
	nr_fired = 0;
	nr_early = 0;
}

/* Wait up to a second. */
static void wait_until_fired(int n)
{
	int i;

	for (i = 0; i < 500 && fired() < n; i++)
		msleep(2);
}

SELFTEST(time, timers_fire_in_order)
{
	struct test_timer tt[NR_TIMERS];
	ktime_t now;
	int i;

	reset();
	for (i = 0; i < NR_TIMERS; i++) {
		tt[i].id = i;
		hrtimer_setup(&tt[i].timer, note_order, CLOCK_MONOTONIC, HRTIMER_MODE_ABS);
	}
	now = ktime_get() + 20 * NSEC_PER_MSEC;
	/* Started in another order than they expire, all on one CPU. */
	for (i = 0; i < NR_TIMERS; i++) {
		int j = (i * 7) % NR_TIMERS;

		hrtimer_start(&tt[j].timer, now + j * NSEC_PER_MSEC, HRTIMER_MODE_ABS);
	}
	wait_until_fired(NR_TIMERS);
	for (i = 0; i < NR_TIMERS; i++) {
		hrtimer_cancel(&tt[i].timer);
		KT_EXPECT_EQ(order[i], i);
	}
	KT_EXPECT_EQ(nr_fired, NR_TIMERS);
	KT_EXPECT_EQ(nr_early, 0);
}

SELFTEST(time, cancelled_timer_is_quiet)
{
	struct test_timer tt = { .id = 1 };

	reset();
	hrtimer_setup(&tt.timer, note_order, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
	KT_EXPECT_EQ(hrtimer_cancel(&tt.timer), 0);
	hrtimer_start(&tt.timer, 5 * NSEC_PER_MSEC, HRTIMER_MODE_REL);
	KT_EXPECT(hrtimer_active(&tt.timer));
	KT_EXPECT(hrtimer_get_remaining(&tt.timer) > 0);
	KT_EXPECT_EQ(hrtimer_cancel(&tt.timer), 1);
	KT_EXPECT(!hrtimer_active(&tt.timer));
	msleep(20);
	KT_EXPECT_EQ(fired(), 0);
}

static enum hrtimer_restart repeat(struct hrtimer *timer)
{
	struct test_timer *tt = container_of(timer, struct test_timer, timer);

	WRITE_ONCE(nr_fired, nr_fired + 1);
	if (!--tt->again)
		return HRTIMER_NORESTART;
	hrtimer_forward_now(timer, NSEC_PER_MSEC);
	return HRTIMER_RESTART;
}

SELFTEST(time, repeating_timer)
{
	struct test_timer tt = { .again = 5 };
	ktime_t start = ktime_get();

	reset();
	hrtimer_setup(&tt.timer, repeat, CLOCK_REALTIME, HRTIMER_MODE_REL);
	hrtimer_start(&tt.timer, NSEC_PER_MSEC, HRTIMER_MODE_REL);
	wait_until_fired(5);
	hrtimer_cancel(&tt.timer);
	KT_EXPECT_EQ(fired(), 5);
	KT_EXPECT(ktime_get() - start >= 5 * NSEC_PER_MSEC);
}

SELFTEST(time, forward)
{
	struct hrtimer timer;

	hrtimer_init(&timer, CLOCK_MONOTONIC, HRTIMER_MODE_ABS);
	hrtimer_set_expires(&timer, 100);
	KT_EXPECT_EQ(hrtimer_forward(&timer, 99, 10), 0);
	KT_EXPECT_EQ(hrtimer_forward(&timer, 100, 10), 1);
	KT_EXPECT_EQ(hrtimer_get_expires(&timer), 110);
	KT_EXPECT_EQ(hrtimer_forward(&timer, 149, 10), 4);
	KT_EXPECT_EQ(hrtimer_get_expires(&timer), 150);
}

SELFTEST(time, sleep_is_never_short)
{
	int i;

	for (i = 0; i < 20; i++) {
		ktime_t start = ktime_get(), want = (i + 1) * 100 * NSEC_PER_USEC;

		KT_EXPECT_EQ(schedule_timeout_uninterruptible_ns(want), 0);
		KT_EXPECT(ktime_get() - start >= want);
	}
}

SELFTEST(time, clocks_go_forward_together)
{
	ktime_t mono = ktime_get(), real = ktime_get_real(), tai = ktime_get_clocktai();
	int i;

	KT_EXPECT(real > mono);
	KT_EXPECT_EQ((tai - ktime_get_real() + NSEC_PER_SEC / 2) / NSEC_PER_SEC,
		     timekeeping_tai());
	for (i = 0; i < 1000; i++) {
		ktime_t next = ktime_get();

		KT_EXPECT(next >= mono);
		KT_EXPECT(ktime_get_coarse() <= ktime_get());
		mono = next;
	}
}

SELFTEST(time, a_step_of_the_wall_clock_fires_its_timers)
{
	struct test_timer tt = { .id = 3 };

	reset();
	hrtimer_setup(&tt.timer, note_order, CLOCK_REALTIME, HRTIMER_MODE_ABS);
	hrtimer_start(&tt.timer, ktime_get_real() + 1000 * NSEC_PER_SEC, HRTIMER_MODE_ABS);
	KT_EXPECT_EQ(timekeeping_inject(1001 * NSEC_PER_SEC), 0);
	wait_until_fired(1);
	KT_EXPECT_EQ(fired(), 1);
	hrtimer_cancel(&tt.timer);
	KT_EXPECT_EQ(timekeeping_inject(-1001 * NSEC_PER_SEC), 0);
}

SELFTEST(time, arithmetic)
{
	struct timespec64 ts = ns_to_timespec64(-1);

	KT_EXPECT_EQ(ts.tv_sec, -1);
	KT_EXPECT_EQ(ts.tv_nsec, NSEC_PER_SEC - 1);
	KT_EXPECT_EQ(ktime_set(KTIME_SEC_MAX + 5, 0), KTIME_MAX);
	KT_EXPECT_EQ(ktime_add_safe(KTIME_MAX - 1, 2), KTIME_MAX);
	KT_EXPECT_EQ(ktime_add_safe(1, 2), 3);
}

static int work_runs;

static void count_work(struct work_struct *work)
{
	WRITE_ONCE(work_runs, work_runs + 1);
}

SELFTEST(time, work_queue)
{
	struct delayed_work dwork;
	struct work_struct work;

	work_runs = 0;
	INIT_WORK(&work, count_work);
	KT_EXPECT(schedule_work(&work));
	flush_work(&work);
	KT_EXPECT_EQ(work_runs, 1);
	KT_EXPECT(!cancel_work_sync(&work));

	INIT_DELAYED_WORK(&dwork, count_work);
	KT_EXPECT(schedule_delayed_work(&dwork, 5 * NSEC_PER_MSEC));
	KT_EXPECT(!schedule_delayed_work(&dwork, 5 * NSEC_PER_MSEC));
	msleep(30);
	flush_work(&dwork.work);
	KT_EXPECT_EQ(work_runs, 2);
	KT_EXPECT(schedule_delayed_work(&dwork, NSEC_PER_SEC));
	KT_EXPECT(cancel_delayed_work_sync(&dwork));
	KT_EXPECT_EQ(work_runs, 2);
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * The load averages: how many tasks ran or slept uninterruptibly, averaged over 1, 5 and 15
 * minutes with exponential decay, sampled every five seconds. Whichever CPU ticks first after a
 * sample is due takes it; when all halt, the samples they missed are made up as idle ones.
 */
#include <linux/kernel.h>
#include "internal.h"

#define SAMPLE_NS	(5 * NSEC_PER_SEC)
#define FSHIFT		11	/* the fixed point that /proc/loadavg and sysinfo() expect */
#define FIXED_1		(1UL << FSHIFT)

/* FIXED_1 / e^(5 s / span) */
static const unsigned long decay[3] = { 1884, 2014, 2037 };

static unsigned long average[3];	/* [due] fixed point */
static u64 due = SAMPLE_NS;		/* [a] monotonic ns; whoever moves it on takes the sample */

unsigned long nr_running(void)
{
	unsigned long sum = 0;
	unsigned int cpu;

	for_each_online_cpu(cpu)
		sum += READ_ONCE(cpu_rq(cpu)->nr_running);
	return sum;
}

static unsigned long nr_active(void)
{
	long sum = nr_running();
	unsigned int cpu;

	for_each_possible_cpu(cpu)
		sum += READ_ONCE(cpu_rq(cpu)->nr_uninterruptible);
	return max(sum, 0L);
}

/* Rounds towards the goal, so that a constant load is reached. */
static unsigned long mix(unsigned long old, unsigned long factor, unsigned long active)
{
	unsigned long now = old * factor + active * (FIXED_1 - factor);

	if (active >= old)
		now += FIXED_1 - 1;
	return now / FIXED_1;
}

static void sample(unsigned long active)
{
	int i;

	for (i = 0; i < 3; i++)
		average[i] = mix(average[i], decay[i], active);
}

/* Context: any. */
void loadavg_update(u64 now)
{
	u64 expected = READ_ONCE(due);
	u64 missed;

	if (likely((s64)(now - expected) < 0))
		return;
	missed = (now - expected) / SAMPLE_NS;
	if (!try_cmpxchg(&due, &expected, expected + (missed + 1) * SAMPLE_NS))
		return;
	/* After an hour of nothing the averages are 0 anyway. */
	for (missed = min(missed, (u64)720); missed; missed--)
		sample(0);
	sample(nr_active() * FIXED_1);
}

/* The three averages, 1.0 being 1 << 11. */
void get_avenrun(unsigned long loads[3])
{
	int i;

	loadavg_update(sched_clock());
	for (i = 0; i < 3; i++)
		loads[i] = READ_ONCE(average[i]);
}

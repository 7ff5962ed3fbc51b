// SPDX-License-Identifier: GPL-2.0-only
/*
 * The global CPU sets. Written while CPUs come up, one at a time; read everywhere.
 */
#include <linux/cpumask.h>

unsigned int nr_cpu_ids = NR_CPUS;
struct cpumask __cpu_possible_mask;
struct cpumask __cpu_present_mask;
struct cpumask __cpu_online_mask;
struct cpumask __cpu_active_mask;

#define ONE_BIT(n)		[n] = { { [(n) / BITS_PER_LONG] = 1UL << ((n) % BITS_PER_LONG) } }
#define FOUR_BITS(n)		ONE_BIT(n), ONE_BIT((n) + 1), ONE_BIT((n) + 2), ONE_BIT((n) + 3)
#define SIXTEEN_BITS(n) \
	FOUR_BITS(n), FOUR_BITS((n) + 4), FOUR_BITS((n) + 8), FOUR_BITS((n) + 12)

/* Sets of one CPU each; the table is as long as the configuration allows. */
static const struct cpumask single[] = {
	SIXTEEN_BITS(0),
#if NR_CPUS > 16
	SIXTEEN_BITS(16), SIXTEEN_BITS(32), SIXTEEN_BITS(48),
#endif
};

_Static_assert(NR_CPUS <= sizeof(single) / sizeof(single[0]), "more CPUs than single sets");

const struct cpumask *cpumask_of(unsigned int cpu)
{
	return &single[cpu];
}

unsigned int cpumask_next_wrap(int cpu, const struct cpumask *mask)
{
	unsigned int next = cpumask_next(cpu, mask);

	return next < nr_cpu_ids ? next : cpumask_first(mask);
}

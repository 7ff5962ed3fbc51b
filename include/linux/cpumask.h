/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Sets of CPUs, and the global ones: possible (may ever exist; fixed at boot), present, online
 * (runs tasks), active. Bits at and above nr_cpu_ids are zero. Set single bits atomically;
 * whole-set operations need the owner's lock.
 */
#ifndef _LINUX_CPUMASK_H
#define _LINUX_CPUMASK_H

#include <linux/bitmap.h>
#include <linux/threads.h>

typedef struct cpumask {
	DECLARE_BITMAP(bits, NR_CPUS);
} cpumask_t;

/* Sets are small here: "var" is an array of one, as programs of the field expect. */
typedef struct cpumask cpumask_var_t[1];

#define cpumask_bits(mask)	((mask)->bits)

#define CPU_BITS_NONE		{ 0UL }
#define CPU_MASK_NONE		((struct cpumask) { { 0UL } })
#define CPU_MASK_ALL \
	((struct cpumask) { { [0 ... BITS_TO_LONGS(NR_CPUS) - 1] = ~0UL } })

extern unsigned int nr_cpu_ids;
extern struct cpumask __cpu_possible_mask;
extern struct cpumask __cpu_present_mask;
extern struct cpumask __cpu_online_mask;
extern struct cpumask __cpu_active_mask;

#define cpu_possible_mask	((const struct cpumask *)&__cpu_possible_mask)
#define cpu_present_mask	((const struct cpumask *)&__cpu_present_mask)
#define cpu_online_mask		((const struct cpumask *)&__cpu_online_mask)
#define cpu_active_mask		((const struct cpumask *)&__cpu_active_mask)

const struct cpumask *cpumask_of(unsigned int cpu);

#define cpumask_set_cpu(cpu, mask)		set_bit(cpu, cpumask_bits(mask))
#define cpumask_clear_cpu(cpu, mask)		clear_bit(cpu, cpumask_bits(mask))
#define __cpumask_set_cpu(cpu, mask)		__set_bit(cpu, cpumask_bits(mask))
#define __cpumask_clear_cpu(cpu, mask)		__clear_bit(cpu, cpumask_bits(mask))
#define cpumask_test_cpu(cpu, mask)		test_bit(cpu, cpumask_bits(mask))
#define cpumask_test_and_set_cpu(cpu, mask)	test_and_set_bit(cpu, cpumask_bits(mask))
#define cpumask_test_and_clear_cpu(cpu, mask)	test_and_clear_bit(cpu, cpumask_bits(mask))

static inline void cpumask_clear(struct cpumask *dst)
{
	bitmap_zero(dst->bits, NR_CPUS);
}

static inline void cpumask_copy(struct cpumask *dst, const struct cpumask *src)
{
	*dst = *src;
}

static inline void cpumask_setall(struct cpumask *dst)
{
	cpumask_clear(dst);
	bitmap_set(dst->bits, 0, nr_cpu_ids);
}

static inline bool cpumask_and(struct cpumask *dst, const struct cpumask *a,
			       const struct cpumask *b)
{
	return bitmap_and(dst->bits, a->bits, b->bits, NR_CPUS);
}

static inline void cpumask_or(struct cpumask *dst, const struct cpumask *a,
			      const struct cpumask *b)
{
	bitmap_or(dst->bits, a->bits, b->bits, NR_CPUS);
}

static inline void cpumask_xor(struct cpumask *dst, const struct cpumask *a,
			       const struct cpumask *b)
{
	bitmap_xor(dst->bits, a->bits, b->bits, NR_CPUS);
}

static inline bool cpumask_andnot(struct cpumask *dst, const struct cpumask *a,
				  const struct cpumask *b)
{
	return bitmap_andnot(dst->bits, a->bits, b->bits, NR_CPUS);
}

static inline bool cpumask_equal(const struct cpumask *a, const struct cpumask *b)
{
	return bitmap_equal(a->bits, b->bits, NR_CPUS);
}

static inline bool cpumask_intersects(const struct cpumask *a, const struct cpumask *b)
{
	return bitmap_intersects(a->bits, b->bits, NR_CPUS);
}

static inline bool cpumask_subset(const struct cpumask *a, const struct cpumask *b)
{
	return bitmap_subset(a->bits, b->bits, NR_CPUS);
}

static inline bool cpumask_empty(const struct cpumask *mask)
{
	return bitmap_empty(mask->bits, NR_CPUS);
}

static inline unsigned int cpumask_weight(const struct cpumask *mask)
{
	return bitmap_weight(mask->bits, NR_CPUS);
}

/* The searches return at least nr_cpu_ids when there is none. */
static inline unsigned int cpumask_first(const struct cpumask *mask)
{
	return find_first_bit(mask->bits, NR_CPUS);
}

static inline unsigned int cpumask_first_zero(const struct cpumask *mask)
{
	return find_first_zero_bit(mask->bits, NR_CPUS);
}

static inline unsigned int cpumask_last(const struct cpumask *mask)
{
	return find_last_bit(mask->bits, NR_CPUS);
}

/* The next after @cpu; begin with -1. */
static inline unsigned int cpumask_next(int cpu, const struct cpumask *mask)
{
	return find_next_bit(mask->bits, NR_CPUS, cpu + 1);
}

static inline unsigned int cpumask_next_and(int cpu, const struct cpumask *a,
					    const struct cpumask *b)
{
	return find_next_and_bit(a->bits, b->bits, NR_CPUS, cpu + 1);
}

static inline unsigned int cpumask_first_and(const struct cpumask *a, const struct cpumask *b)
{
	return cpumask_next_and(-1, a, b);
}

#define cpumask_any(mask)	cpumask_first(mask)
#define cpumask_any_and(a, b)	cpumask_first_and(a, b)

/* The next after @cpu, going round; @cpu itself comes last. */
unsigned int cpumask_next_wrap(int cpu, const struct cpumask *mask);

static inline unsigned int cpumask_any_but(const struct cpumask *mask, unsigned int cpu)
{
	unsigned int i = cpumask_first(mask);

	return i == cpu ? cpumask_next(i, mask) : i;
}

#define for_each_cpu(cpu, mask)					\
	for ((cpu) = cpumask_first(mask); (cpu) < nr_cpu_ids;	\
	     (cpu) = cpumask_next(cpu, mask))

#define for_each_cpu_and(cpu, a, b)					\
	for ((cpu) = cpumask_first_and(a, b); (cpu) < nr_cpu_ids;	\
	     (cpu) = cpumask_next_and(cpu, a, b))

#define for_each_possible_cpu(cpu)	for_each_cpu(cpu, cpu_possible_mask)
#define for_each_present_cpu(cpu)	for_each_cpu(cpu, cpu_present_mask)
#define for_each_online_cpu(cpu)	for_each_cpu(cpu, cpu_online_mask)

#define num_possible_cpus()	cpumask_weight(cpu_possible_mask)
#define num_present_cpus()	cpumask_weight(cpu_present_mask)
#define num_online_cpus()	cpumask_weight(cpu_online_mask)
#define cpu_possible(cpu)	cpumask_test_cpu(cpu, cpu_possible_mask)
#define cpu_present(cpu)	cpumask_test_cpu(cpu, cpu_present_mask)
#define cpu_online(cpu)		cpumask_test_cpu(cpu, cpu_online_mask)
#define cpu_active(cpu)		cpumask_test_cpu(cpu, cpu_active_mask)

static inline void set_cpu_possible(unsigned int cpu, bool value)
{
	assign_bit(cpu, __cpu_possible_mask.bits, value);
}

static inline void set_cpu_present(unsigned int cpu, bool value)
{
	assign_bit(cpu, __cpu_present_mask.bits, value);
}

static inline void set_cpu_online(unsigned int cpu, bool value)
{
	assign_bit(cpu, __cpu_online_mask.bits, value);
}

static inline void set_cpu_active(unsigned int cpu, bool value)
{
	assign_bit(cpu, __cpu_active_mask.bits, value);
}

static inline size_t cpumask_size(void)
{
	return sizeof(struct cpumask);
}

/* printk arguments for "%*pbl" (list) and "%*pb" (mask). */
#define cpumask_pr_args(mask)	(int)nr_cpu_ids, cpumask_bits(mask)

/* "0-3,5": -EINVAL on bad syntax, -ERANGE on a CPU at or above nr_cpu_ids. */
static inline int cpumask_parse_list(const char *buf, struct cpumask *dst)
{
	return bitmap_parselist(buf, dst->bits, nr_cpu_ids);
}

#define cpulist_parse(buf, dst)	cpumask_parse_list(buf, dst)

static inline int cpumask_print_list(char *buf, size_t size, const struct cpumask *mask)
{
	return bitmap_print_list(buf, size, mask->bits, nr_cpu_ids);
}

#endif

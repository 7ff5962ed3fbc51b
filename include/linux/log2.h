/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Powers of two and binary logarithms; constant arguments give constant expressions.
 */
#ifndef _LINUX_LOG2_H
#define _LINUX_LOG2_H

#include <linux/types.h>

/* Floor of log2; @n must not be zero. */
#define ilog2(n)		(63 - __builtin_clzll((unsigned long long)(n)))

/* Ceiling of log2; order_base_2(0) and order_base_2(1) are 0. */
#define order_base_2(n)		((n) > 1 ? ilog2((unsigned long long)(n) - 1) + 1 : 0)

#define roundup_pow_of_two(n)	(1UL << order_base_2(n))
#define rounddown_pow_of_two(n)	(1UL << ilog2(n))

static inline bool is_power_of_2(unsigned long n)
{
	return n && !(n & (n - 1));
}

#endif

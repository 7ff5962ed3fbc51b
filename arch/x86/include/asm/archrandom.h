/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The processor's random numbers: RDSEED where there is one, else RDRAND. SDM volume 1, 7.3.17.
 */
#ifndef _ASM_X86_ARCHRANDOM_H
#define _ASM_X86_ARCHRANDOM_H

#include <linux/types.h>
#include <asm/cpufeature.h>

#define ARCH_RANDOM_RETRIES	10	/* as the SDM advises: then it is broken */

static inline bool __rdseed(u64 *value)
{
	bool ok;

	asm volatile("rdseed %0" : "=r" (*value), "=@ccc" (ok));
	return ok;
}

static inline bool __rdrand(u64 *value)
{
	bool ok;

	asm volatile("rdrand %0" : "=r" (*value), "=@ccc" (ok));
	return ok;
}

/**
 * arch_get_random_seed - 64 bits from the processor
 * Context: any.
 * Return: false when it has no generator, or that gives nothing.
 */
static inline bool arch_get_random_seed(u64 *value)
{
	for (int i = 0; i < ARCH_RANDOM_RETRIES; i++) {
		if (boot_cpu_has(X86_FEATURE_RDSEED) && __rdseed(value))
			return true;
		if (boot_cpu_has(X86_FEATURE_RDRAND) && __rdrand(value))
			return true;
	}
	return false;
}

#endif

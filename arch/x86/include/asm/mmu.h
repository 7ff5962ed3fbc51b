/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What an address space holds for the CPU: mm_struct's member "context".
 */
#ifndef _ASM_X86_MMU_H
#define _ASM_X86_MMU_H

#include <linux/cpumask.h>

/*
 * Locks: [a] atomic bits, set by the CPU that loads the tables, cleared by the CPU that leaves them
 *        [M] mmap_lock
 */
typedef struct {
	cpumask_t cpumask;	/* [a] CPUs whose TLB may hold entries of this space */
	void *vdso;		/* [M] user address of the vDSO image, NULL if none */
} mm_context_t;

#define mm_cpumask(mm)	(&(mm)->context.cpumask)

#endif

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Model-specific registers (SDM vol. 4).
 */
#ifndef _ASM_X86_MSR_H
#define _ASM_X86_MSR_H

#include <uapi/linux/const.h>

#define MSR_IA32_TSC		0x00000010
#define MSR_IA32_APICBASE	0x0000001b
#define MSR_IA32_MISC_ENABLE	0x000001a0
#define MSR_IA32_PAT		0x00000277
#define MSR_IA32_TSC_DEADLINE	0x000006e0
#define MSR_EFER		0xc0000080
#define MSR_STAR		0xc0000081
#define MSR_LSTAR		0xc0000082
#define MSR_CSTAR		0xc0000083
#define MSR_SYSCALL_MASK	0xc0000084
#define MSR_FS_BASE		0xc0000100
#define MSR_GS_BASE		0xc0000101
#define MSR_KERNEL_GS_BASE	0xc0000102
#define MSR_TSC_AUX		0xc0000103

#define EFER_SCE		_BITUL(0)
#define EFER_LME		_BITUL(8)
#define EFER_LMA		_BITUL(10)
#define EFER_NX			_BITUL(11)

#define APICBASE_BSP		_BITUL(8)
#define APICBASE_ENABLE		_BITUL(11)

#ifndef __ASSEMBLY__

#include <linux/types.h>

static inline u64 rdmsrl_val(u32 msr)
{
	u32 lo, hi;

	asm volatile("rdmsr" : "=a" (lo), "=d" (hi) : "c" (msr));
	return ((u64)hi << 32) | lo;
}

static inline void wrmsrl(u32 msr, u64 val)
{
	asm volatile("wrmsr" : : "c" (msr), "a" ((u32)val), "d" ((u32)(val >> 32)) : "memory");
}

#define rdmsrl(msr, val)	((val) = rdmsrl_val(msr))

static inline __attribute__((always_inline)) u64 rdtsc(void)
{
	u32 lo, hi;

	asm volatile("rdtsc" : "=a" (lo), "=d" (hi));
	return ((u64)hi << 32) | lo;
}

/* Not executed before earlier loads: for clocks that two CPUs compare. */
static inline __attribute__((always_inline)) u64 rdtsc_ordered(void)
{
	asm volatile("lfence" : : : "memory");
	return rdtsc();
}

#endif /* __ASSEMBLY__ */

#endif

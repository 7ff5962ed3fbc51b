/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What this CPU can do. A feature is word * 32 + bit; the words are filled by identify_cpu() on the
 * boot CPU and, for what must agree, checked on the others.
 */
#ifndef _ASM_X86_CPUFEATURE_H
#define _ASM_X86_CPUFEATURE_H

/* Word 0: CPUID 1 EDX */
#define X86_FEATURE_FPU		(0 * 32 + 0)
#define X86_FEATURE_PSE		(0 * 32 + 3)
#define X86_FEATURE_TSC		(0 * 32 + 4)
#define X86_FEATURE_MSR		(0 * 32 + 5)
#define X86_FEATURE_PAE		(0 * 32 + 6)
#define X86_FEATURE_APIC	(0 * 32 + 9)
#define X86_FEATURE_PGE		(0 * 32 + 13)
#define X86_FEATURE_PAT		(0 * 32 + 16)
#define X86_FEATURE_FXSR	(0 * 32 + 24)
#define X86_FEATURE_XMM		(0 * 32 + 25)
#define X86_FEATURE_XMM2	(0 * 32 + 26)
/* Word 1: CPUID 1 ECX */
#define X86_FEATURE_PCID	(1 * 32 + 17)
#define X86_FEATURE_X2APIC	(1 * 32 + 21)
#define X86_FEATURE_TSC_DEADLINE (1 * 32 + 24)
#define X86_FEATURE_XSAVE	(1 * 32 + 26)
#define X86_FEATURE_AVX		(1 * 32 + 28)
#define X86_FEATURE_RDRAND	(1 * 32 + 30)
#define X86_FEATURE_HYPERVISOR	(1 * 32 + 31)
/* Word 2: CPUID 0x80000001 EDX */
#define X86_FEATURE_SYSCALL	(2 * 32 + 11)
#define X86_FEATURE_NX		(2 * 32 + 20)
#define X86_FEATURE_GBPAGES	(2 * 32 + 26)
#define X86_FEATURE_RDTSCP	(2 * 32 + 27)
#define X86_FEATURE_LM		(2 * 32 + 29)
/* Word 3: CPUID 0x80000001 ECX */
/* Word 4: CPUID 7.0 EBX */
#define X86_FEATURE_SMEP	(4 * 32 + 7)
#define X86_FEATURE_ERMS	(4 * 32 + 9)
#define X86_FEATURE_RDSEED	(4 * 32 + 18)
#define X86_FEATURE_SMAP	(4 * 32 + 20)
/* Word 5: CPUID 7.0 ECX */
#define X86_FEATURE_UMIP	(5 * 32 + 2)
#define X86_FEATURE_RDPID	(5 * 32 + 22)
/* Word 6: CPUID 0xd.1 EAX */
#define X86_FEATURE_XSAVEOPT	(6 * 32 + 0)
/* Word 7: CPUID 0x80000007 EDX */
#define X86_FEATURE_CONSTANT_TSC (7 * 32 + 8)

#define NCAPINTS		8

#ifndef __ASSEMBLY__

#include <linux/types.h>

/*
 * Locks: [I] immutable after boot (filled once by each CPU before it is online)
 */
struct cpuinfo_x86 {
	u8 family;			/* [I] */
	u8 model;			/* [I] */
	u8 stepping;			/* [I] */
	u8 phys_bits;			/* [I] */
	u8 virt_bits;			/* [I] */
	u32 apicid;			/* [I] */
	u32 cpuid_level;		/* [I] */
	u32 cache_line_size;		/* [I] bytes, from CLFLUSH */
	u32 cache_size;			/* [I] KiB, 0 if unknown */
	u32 capability[NCAPINTS];	/* [I] */
	char vendor_id[16];		/* [I] */
	char model_id[64];		/* [I] */
};

extern struct cpuinfo_x86 boot_cpu_data;

static inline bool boot_cpu_has(int feature)
{
	return (boot_cpu_data.capability[feature / 32] >> (feature % 32)) & 1;
}

#define cpu_has(c, feature)	(((c)->capability[(feature) / 32] >> ((feature) % 32)) & 1)

struct cpuinfo_x86 *cpu_data_of(int cpu);
#define cpu_data(cpu)		(*cpu_data_of(cpu))

void identify_cpu(struct cpuinfo_x86 *c);
void cpu_init_protection(void);
/* For /proc/cpuinfo's "flags" line: the name of a feature, or NULL when it has none. */
const char *x86_feature_name(int feature);

#endif /* __ASSEMBLY__ */

#endif

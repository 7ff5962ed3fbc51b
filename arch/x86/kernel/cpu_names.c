// SPDX-License-Identifier: GPL-2.0-only
/*
 * Names of CPU features as /proc/cpuinfo prints them: those that user mode may use or ask about,
 * under the names that programs look for. Read-only.
 */
#include <linux/kernel.h>
#include <asm/cpufeature.h>

#define WORD(n, bit)	[(n) * 32 + (bit)]

static const char *const names[NCAPINTS * 32] = {
	/* CPUID 1 EDX */
	WORD(0, 0) = "fpu", WORD(0, 1) = "vme", WORD(0, 2) = "de", WORD(0, 3) = "pse",
	WORD(0, 4) = "tsc", WORD(0, 5) = "msr", WORD(0, 6) = "pae", WORD(0, 7) = "mce",
	WORD(0, 8) = "cx8", WORD(0, 9) = "apic", WORD(0, 11) = "sep", WORD(0, 12) = "mtrr",
	WORD(0, 13) = "pge", WORD(0, 14) = "mca", WORD(0, 15) = "cmov", WORD(0, 16) = "pat",
	WORD(0, 17) = "pse36", WORD(0, 19) = "clflush", WORD(0, 23) = "mmx", WORD(0, 24) = "fxsr",
	WORD(0, 25) = "sse", WORD(0, 26) = "sse2", WORD(0, 27) = "ss", WORD(0, 28) = "ht",
	/* CPUID 1 ECX */
	WORD(1, 0) = "pni", WORD(1, 1) = "pclmulqdq", WORD(1, 3) = "monitor", WORD(1, 9) = "ssse3",
	WORD(1, 12) = "fma", WORD(1, 13) = "cx16", WORD(1, 17) = "pcid", WORD(1, 19) = "sse4_1",
	WORD(1, 20) = "sse4_2", WORD(1, 21) = "x2apic", WORD(1, 22) = "movbe",
	WORD(1, 23) = "popcnt", WORD(1, 24) = "tsc_deadline_timer", WORD(1, 25) = "aes",
	WORD(1, 26) = "xsave", WORD(1, 28) = "avx", WORD(1, 29) = "f16c", WORD(1, 30) = "rdrand",
	WORD(1, 31) = "hypervisor",
	/* CPUID 0x80000001 EDX */
	WORD(2, 11) = "syscall", WORD(2, 20) = "nx", WORD(2, 22) = "mmxext",
	WORD(2, 25) = "fxsr_opt", WORD(2, 26) = "pdpe1gb", WORD(2, 27) = "rdtscp",
	WORD(2, 29) = "lm", WORD(2, 30) = "3dnowext", WORD(2, 31) = "3dnow",
	/* CPUID 0x80000001 ECX */
	WORD(3, 0) = "lahf_lm", WORD(3, 2) = "svm", WORD(3, 4) = "cr8_legacy", WORD(3, 5) = "abm",
	WORD(3, 6) = "sse4a", WORD(3, 7) = "misalignsse", WORD(3, 8) = "3dnowprefetch",
	/* CPUID 7.0 EBX; FSGSBASE is left out, since it is not enabled */
	WORD(4, 3) = "bmi1", WORD(4, 5) = "avx2", WORD(4, 7) = "smep", WORD(4, 8) = "bmi2",
	WORD(4, 9) = "erms", WORD(4, 16) = "avx512f", WORD(4, 17) = "avx512dq",
	WORD(4, 18) = "rdseed", WORD(4, 19) = "adx", WORD(4, 20) = "smap",
	WORD(4, 23) = "clflushopt", WORD(4, 24) = "clwb", WORD(4, 28) = "avx512cd",
	WORD(4, 29) = "sha_ni", WORD(4, 30) = "avx512bw", WORD(4, 31) = "avx512vl",
	/* CPUID 7.0 ECX */
	WORD(5, 2) = "umip", WORD(5, 8) = "gfni", WORD(5, 9) = "vaes", WORD(5, 10) = "vpclmulqdq",
	WORD(5, 22) = "rdpid",
	/* CPUID 0xd.1 EAX */
	WORD(6, 0) = "xsaveopt", WORD(6, 1) = "xsavec", WORD(6, 2) = "xgetbv1",
	/* CPUID 0x80000007 EDX */
	WORD(7, 8) = "constant_tsc",
};

/**
 * x86_feature_name - what /proc/cpuinfo calls a feature
 * @feature: word * 32 + bit, below NCAPINTS * 32
 * Return: the name, or NULL when it is not shown.
 */
const char *x86_feature_name(int feature)
{
	return names[feature];
}

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The CPU: control registers, CPUID, waiting hints, the TSS, and the part of a task that only the
 * CPU knows (struct thread_struct).
 */
#ifndef _ASM_X86_PROCESSOR_H
#define _ASM_X86_PROCESSOR_H

#include <uapi/linux/const.h>

#include <asm/page.h>
#include <asm/segment.h>

#define X86_CR0_PE	_BITUL(0)
#define X86_CR0_MP	_BITUL(1)
#define X86_CR0_EM	_BITUL(2)
#define X86_CR0_TS	_BITUL(3)
#define X86_CR0_ET	_BITUL(4)
#define X86_CR0_NE	_BITUL(5)
#define X86_CR0_WP	_BITUL(16)
#define X86_CR0_AM	_BITUL(18)
#define X86_CR0_PG	_BITUL(31)
#define CR0_STATE	(X86_CR0_PE | X86_CR0_MP | X86_CR0_ET | X86_CR0_NE | X86_CR0_WP | \
			 X86_CR0_AM | X86_CR0_PG)

#define X86_CR4_TSD	_BITUL(2)
#define X86_CR4_PAE	_BITUL(5)
#define X86_CR4_PGE	_BITUL(7)
#define X86_CR4_OSFXSR	_BITUL(9)
#define X86_CR4_OSXMMEXCPT _BITUL(10)
#define X86_CR4_UMIP	_BITUL(11)
#define X86_CR4_OSXSAVE	_BITUL(18)
#define X86_CR4_SMEP	_BITUL(20)
#define X86_CR4_SMAP	_BITUL(21)

#define L1_CACHE_SHIFT	6
#define L1_CACHE_BYTES	(1 << L1_CACHE_SHIFT)
#define SMP_CACHE_BYTES	L1_CACHE_BYTES

#ifndef __ASSEMBLY__

#include <asm/barrier.h>
#include <asm/cpufeature.h>
#include <asm/current.h>
#include <asm/fpu.h>
#include <asm/ptrace.h>

struct task_struct;

static inline __attribute__((always_inline)) void cpu_relax(void)
{
	asm volatile("pause" : : : "memory");
}

static inline void cpuid_count(u32 leaf, u32 sub, u32 *a, u32 *b, u32 *c, u32 *d)
{
	asm volatile("cpuid" : "=a" (*a), "=b" (*b), "=c" (*c), "=d" (*d) : "a" (leaf), "c" (sub));
}

static inline void cpuid(u32 leaf, u32 *a, u32 *b, u32 *c, u32 *d)
{
	cpuid_count(leaf, 0, a, b, c, d);
}

#define __CR_ACCESSORS(name)						\
static inline unsigned long read_##name(void)				\
{									\
	unsigned long val;						\
									\
	asm volatile("mov %%" #name ", %0" : "=r" (val) : : "memory");	\
	return val;							\
}									\
static inline void write_##name(unsigned long val)			\
{									\
	asm volatile("mov %0, %%" #name : : "r" (val) : "memory");	\
}
__CR_ACCESSORS(cr0)
__CR_ACCESSORS(cr2)
__CR_ACCESSORS(cr3)
__CR_ACCESSORS(cr4)

static inline void prefetch(const void *p)
{
	__builtin_prefetch(p);
}

static inline void prefetchw(const void *p)
{
	__builtin_prefetch(p, 1);
}

struct x86_tss {
	u32 reserved1;
	u64 sp0;
	u64 sp1;
	u64 sp2;
	u64 reserved2;
	u64 ist[7];
	u64 reserved3;
	u16 reserved4;
	u16 io_bitmap_base;
} __attribute__((packed, aligned(64)));

DECLARE_PER_CPU(struct x86_tss, cpu_tss);


/*
 * A task's part that only the CPU knows. The FPU image follows task_struct, see below.
 * Locks: [c] only current, or the CPU that switches it, or its creator before it runs
 */
struct thread_struct {
	unsigned long sp;		/* [c] kernel stack pointer while not running */
	unsigned long stack_canary;	/* [c] what the compiler's stack check compares with */
	unsigned long fsbase;		/* [c] user FS base (TLS) */
	unsigned long gsbase;		/* [c] user GS base */
	u16 fsindex;			/* [c] user selectors, seldom other than 0 */
	u16 gsindex;
	u16 es;
	u16 ds;
	unsigned long cr2;		/* [c] of the last user fault, for signal frames */
	unsigned long trap_nr;		/* [c] likewise */
	unsigned long error_code;	/* [c] likewise */
	unsigned long debugreg[4];	/* [c], or the tracer while it is stopped */
	unsigned long dr6, dr7;		/* likewise; dr7 is 0 when none is in use */
	unsigned long watched[4];	/* likewise: what a watched word held before a single step */
	struct fpu fpu;			/* [c] */
};

/* Where its thread-local storage is, as far as calls have set it. */
#define user_thread_pointer(tsk)	((tsk)->thread.fsbase)

#define INIT_THREAD	{ .fpu = { .last_cpu = -1 } }

/*
 * Bytes that kmem_cache_create("task_struct", arch_task_struct_size, 64, …) must give: the struct
 * and the FPU image behind it. copy_thread() finds the image there; it need not be zeroed.
 */
extern unsigned int arch_task_struct_size;

#define task_top_of_stack(tsk)	((unsigned long)(task_pt_regs(tsk) + 1))
#define KSTK_EIP(tsk)		(task_pt_regs(tsk)->ip)
#define KSTK_ESP(tsk)		(task_pt_regs(tsk)->sp)

void start_thread(struct pt_regs *regs, unsigned long new_ip, unsigned long new_sp);
void flush_thread(void);
unsigned long get_wchan(struct task_struct *tsk);
long do_arch_prctl_64(struct task_struct *tsk, int option, unsigned long arg);
void set_tsc_disabled(bool disabled);
unsigned long arch_align_stack(unsigned long sp);

/* Is this an address user mode may have in an instruction or segment base? */
static inline bool is_user_canonical(unsigned long addr)
{
	return addr < TASK_SIZE_MAX;
}

#endif /* __ASSEMBLY__ */

#endif

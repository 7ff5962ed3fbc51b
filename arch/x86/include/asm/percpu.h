/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Per-CPU variables. Each CPU has a copy of the .data..percpu section; GS base holds the distance
 * from the linked address to this CPU's copy, so %gs:sym(%rip) is this CPU's variable.
 * CPU 0 lives in the linked section itself (distance 0).
 */
#ifndef _ASM_X86_PERCPU_H
#define _ASM_X86_PERCPU_H

#ifdef __ASSEMBLY__

#define PER_CPU_VAR(var)	%gs:var(%rip)

#else

#include <linux/types.h>

#define __percpu

#define PER_CPU_SECTION(type) \
	__attribute__((section(".data..percpu"))) __typeof__(type)

#define DEFINE_PER_CPU(type, name)	PER_CPU_SECTION(type) name
#define DECLARE_PER_CPU(type, name)	extern PER_CPU_SECTION(type) name

/* Variables that other CPUs write often keep a cache line to themselves. */
#define DEFINE_PER_CPU_ALIGNED(type, name) \
	PER_CPU_SECTION(type) name __attribute__((aligned(64)))

extern unsigned long __per_cpu_offset[];

DECLARE_PER_CPU(unsigned long, this_cpu_off);
DECLARE_PER_CPU(unsigned int, cpu_number);

#define per_cpu_offset(cpu)	(__per_cpu_offset[cpu])

#define __shift_percpu_ptr(ptr, off) \
	((__typeof__(ptr))((unsigned long)(ptr) + (off)))

#define per_cpu_ptr(ptr, cpu)	__shift_percpu_ptr(ptr, per_cpu_offset(cpu))
#define per_cpu(var, cpu)	(*per_cpu_ptr(&(var), cpu))

/* The caller must not migrate while it uses the pointer (the kernel never preempts itself). */
#define this_cpu_ptr(ptr)						\
({									\
	unsigned long __tcp = (unsigned long)(ptr);			\
	asm volatile("addq %%gs:%1, %0" : "+r" (__tcp) : "m" (this_cpu_off) : "cc"); \
	(__typeof__(ptr))__tcp;						\
})

#define raw_cpu_ptr(ptr)	this_cpu_ptr(ptr)
#define get_cpu_ptr(ptr)	this_cpu_ptr(ptr)
#define put_cpu_ptr(ptr)	((void)(ptr))
#define get_cpu_var(var)	(*this_cpu_ptr(&(var)))
#define put_cpu_var(var)	((void)&(var))

extern void __bad_percpu_size(void);

#define this_cpu_read(var)						\
({									\
	__typeof__(var) __tcr;						\
	switch (sizeof(var)) {						\
	case 1: asm volatile("movb %%gs:%1, %0" : "=q" (__tcr) : "m" (var)); break;	\
	case 2: asm volatile("movw %%gs:%1, %0" : "=r" (__tcr) : "m" (var)); break;	\
	case 4: asm volatile("movl %%gs:%1, %0" : "=r" (__tcr) : "m" (var)); break;	\
	case 8: asm volatile("movq %%gs:%1, %0" : "=r" (__tcr) : "m" (var)); break;	\
	default: __bad_percpu_size();					\
	}								\
	__tcr;								\
})

#define __this_cpu_op(op, var, val)					\
do {									\
	__typeof__(var) __tco = (__typeof__(var))(val);			\
	switch (sizeof(var)) {						\
	case 1: asm volatile(op "b %1, %%gs:%0" : "+m" (var) : "qi" (__tco) : "cc"); break;	\
	case 2: asm volatile(op "w %1, %%gs:%0" : "+m" (var) : "ri" (__tco) : "cc"); break;	\
	case 4: asm volatile(op "l %1, %%gs:%0" : "+m" (var) : "ri" (__tco) : "cc"); break;	\
	case 8: asm volatile(op "q %1, %%gs:%0" : "+m" (var) : "re" (__tco) : "cc"); break;	\
	default: __bad_percpu_size();					\
	}								\
} while (0)

#define this_cpu_write(var, val)	__this_cpu_op("mov", var, val)
#define this_cpu_add(var, val)		__this_cpu_op("add", var, val)
#define this_cpu_sub(var, val)		__this_cpu_op("sub", var, val)
#define this_cpu_and(var, val)		__this_cpu_op("and", var, val)
#define this_cpu_or(var, val)		__this_cpu_op("or", var, val)
#define this_cpu_inc(var)		this_cpu_add(var, 1)
#define this_cpu_dec(var)		this_cpu_sub(var, 1)

#define this_cpu_add_return(var, val)					\
({									\
	__typeof__(var) __tca = (__typeof__(var))(val);			\
	__typeof__(var) __tcd = __tca;					\
	switch (sizeof(var)) {						\
	case 4: asm volatile("xaddl %0, %%gs:%1" : "+r" (__tca), "+m" (var) : : "cc"); break;	\
	case 8: asm volatile("xaddq %0, %%gs:%1" : "+r" (__tca), "+m" (var) : : "cc"); break;	\
	default: __bad_percpu_size();					\
	}								\
	(__typeof__(var))(__tca + __tcd);				\
})
#define this_cpu_inc_return(var)	this_cpu_add_return(var, 1)
#define this_cpu_dec_return(var)	this_cpu_add_return(var, -1)

#define this_cpu_xchg(var, val)						\
({									\
	__typeof__(var) __tcx = (__typeof__(var))(val);			\
	switch (sizeof(var)) {						\
	case 4: asm volatile("xchgl %0, %%gs:%1" : "+r" (__tcx), "+m" (var)); break;	\
	case 8: asm volatile("xchgq %0, %%gs:%1" : "+r" (__tcx), "+m" (var)); break;	\
	default: __bad_percpu_size();					\
	}								\
	__tcx;								\
})

#define raw_cpu_read(var)	this_cpu_read(var)
#define raw_cpu_write(var, val)	this_cpu_write(var, val)
#define __this_cpu_read(var)	this_cpu_read(var)
#define __this_cpu_write(var, val) this_cpu_write(var, val)
#define __this_cpu_inc(var)	this_cpu_inc(var)
#define __this_cpu_dec(var)	this_cpu_dec(var)

void setup_per_cpu_areas(void);

#endif /* __ASSEMBLY__ */

#endif

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Memory ordering. x86 only reorders a store with a later load (SDM vol. 3, 9.2), so all but the
 * full barrier are compiler barriers.
 */
#ifndef _ASM_X86_BARRIER_H
#define _ASM_X86_BARRIER_H

#ifndef barrier
#define barrier()	asm volatile("" : : : "memory")
#endif

#define mb()		asm volatile("mfence" : : : "memory")
#define rmb()		asm volatile("lfence" : : : "memory")
#define wmb()		asm volatile("sfence" : : : "memory")

/* A locked operation orders like MFENCE for ordinary memory and is cheaper. */
#define smp_mb()	asm volatile("lock; addl $0, -4(%%rsp)" : : : "memory", "cc")
#define smp_rmb()	barrier()
#define smp_wmb()	barrier()

#define smp_mb__before_atomic()	barrier()
#define smp_mb__after_atomic()	barrier()
#define smp_mb__after_spinlock() barrier()

#define smp_store_release(p, v)	__atomic_store_n((p), (v), __ATOMIC_RELEASE)
#define smp_load_acquire(p)	__atomic_load_n((p), __ATOMIC_ACQUIRE)
#define smp_store_mb(var, value) \
	do { __atomic_store_n(&(var), (value), __ATOMIC_SEQ_CST); } while (0)

#endif

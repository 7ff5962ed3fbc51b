/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Atomic counters over the compiler's builtins. An operation that returns a value is a full
 * barrier; one that does not promises only atomicity.
 */
#ifndef _LINUX_ATOMIC_H
#define _LINUX_ATOMIC_H

#include <linux/types.h>
#include <asm/barrier.h>

#define ATOMIC_INIT(i)		{ (i) }
#define ATOMIC64_INIT(i)	{ (i) }

#define __ATOMIC_OPS(pfx, type, itype)						\
static __always_inline itype pfx##_read(const type *v)				\
{ return __atomic_load_n(&v->counter, __ATOMIC_RELAXED); }			\
static __always_inline void pfx##_set(type *v, itype i)				\
{ __atomic_store_n(&v->counter, i, __ATOMIC_RELAXED); }				\
static __always_inline itype pfx##_read_acquire(const type *v)			\
{ return __atomic_load_n(&v->counter, __ATOMIC_ACQUIRE); }			\
static __always_inline void pfx##_set_release(type *v, itype i)			\
{ __atomic_store_n(&v->counter, i, __ATOMIC_RELEASE); }				\
static __always_inline void pfx##_add(itype i, type *v)				\
{ __atomic_fetch_add(&v->counter, i, __ATOMIC_RELAXED); }			\
static __always_inline void pfx##_sub(itype i, type *v)				\
{ __atomic_fetch_sub(&v->counter, i, __ATOMIC_RELAXED); }			\
static __always_inline void pfx##_inc(type *v) { pfx##_add(1, v); }		\
static __always_inline void pfx##_dec(type *v) { pfx##_sub(1, v); }		\
static __always_inline itype pfx##_add_return(itype i, type *v)			\
{ return __atomic_add_fetch(&v->counter, i, __ATOMIC_SEQ_CST); }		\
static __always_inline itype pfx##_sub_return(itype i, type *v)			\
{ return __atomic_sub_fetch(&v->counter, i, __ATOMIC_SEQ_CST); }		\
static __always_inline itype pfx##_inc_return(type *v)				\
{ return pfx##_add_return(1, v); }						\
static __always_inline itype pfx##_dec_return(type *v)				\
{ return pfx##_sub_return(1, v); }						\
static __always_inline itype pfx##_fetch_add(itype i, type *v)			\
{ return __atomic_fetch_add(&v->counter, i, __ATOMIC_SEQ_CST); }		\
static __always_inline itype pfx##_fetch_or(itype i, type *v)			\
{ return __atomic_fetch_or(&v->counter, i, __ATOMIC_SEQ_CST); }			\
static __always_inline itype pfx##_fetch_and(itype i, type *v)			\
{ return __atomic_fetch_and(&v->counter, i, __ATOMIC_SEQ_CST); }		\
static __always_inline bool pfx##_dec_and_test(type *v)				\
{ return __atomic_sub_fetch(&v->counter, 1, __ATOMIC_SEQ_CST) == 0; }		\
static __always_inline bool pfx##_sub_and_test(itype i, type *v)		\
{ return __atomic_sub_fetch(&v->counter, i, __ATOMIC_SEQ_CST) == 0; }		\
static __always_inline bool pfx##_inc_and_test(type *v)				\
{ return __atomic_add_fetch(&v->counter, 1, __ATOMIC_SEQ_CST) == 0; }		\
static __always_inline itype pfx##_xchg(type *v, itype i)			\
{ return __atomic_exchange_n(&v->counter, i, __ATOMIC_SEQ_CST); }		\
static __always_inline itype pfx##_cmpxchg(type *v, itype old, itype new)	\
{ __atomic_compare_exchange_n(&v->counter, &old, new, false,			\
			      __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST); return old; }\
static __always_inline bool pfx##_try_cmpxchg(type *v, itype *old, itype new)	\
{ return __atomic_compare_exchange_n(&v->counter, old, new, false,		\
				     __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST); }	\
static __always_inline bool pfx##_add_unless(type *v, itype a, itype u)		\
{										\
	itype c = pfx##_read(v);						\
	do {									\
		if (c == u)							\
			return false;						\
	} while (!pfx##_try_cmpxchg(v, &c, c + a));				\
	return true;								\
}										\
static __always_inline bool pfx##_inc_not_zero(type *v)				\
{ return pfx##_add_unless(v, 1, 0); }

__ATOMIC_OPS(atomic, atomic_t, int)
__ATOMIC_OPS(atomic64, atomic64_t, s64)

#define atomic_long_read(v)		atomic64_read(v)
#define atomic_long_set(v, i)		atomic64_set(v, i)
#define atomic_long_add(i, v)		atomic64_add(i, v)
#define atomic_long_sub(i, v)		atomic64_sub(i, v)
#define atomic_long_inc(v)		atomic64_inc(v)
#define atomic_long_dec(v)		atomic64_dec(v)
#define atomic_long_add_return(i, v)	atomic64_add_return(i, v)
#define atomic_long_sub_return(i, v)	atomic64_sub_return(i, v)
#define atomic_long_inc_return(v)	atomic64_inc_return(v)
#define atomic_long_dec_return(v)	atomic64_dec_return(v)
#define atomic_long_cmpxchg(v, o, n)	atomic64_cmpxchg(v, o, n)
#define atomic_long_try_cmpxchg(v, o, n) atomic64_try_cmpxchg(v, o, n)
#define atomic_long_inc_not_zero(v)	atomic64_inc_not_zero(v)
#define atomic_long_xchg(v, n)		atomic64_xchg(v, n)
#define atomic_long_inc_not_zero(v)	atomic64_inc_not_zero(v)
#define atomic_long_dec_and_test(v)	atomic64_dec_and_test(v)

#define xchg(ptr, val)		__atomic_exchange_n(ptr, val, __ATOMIC_SEQ_CST)
#define cmpxchg(ptr, old, new) __extension__ ({					\
	__typeof__(*(ptr)) __cmpxchg_old = (old);				\
	__atomic_compare_exchange_n(ptr, &__cmpxchg_old, new, false,		\
				    __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);	\
	__cmpxchg_old; })
#define try_cmpxchg(ptr, oldp, new)						\
	__atomic_compare_exchange_n(ptr, oldp, new, false,			\
				    __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST)

#endif

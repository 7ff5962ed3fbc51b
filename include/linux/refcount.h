/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The one reference count. It saturates instead of wrapping, and warns when a dead object is
 * taken up again, so that a lost or doubled put is a leak and a report, never a use after free.
 */
#ifndef _LINUX_REFCOUNT_H
#define _LINUX_REFCOUNT_H

#include <linux/atomic.h>
#include <linux/bug.h>

#define REFCOUNT_SATURATED	(-0x40000000)

typedef struct {
	atomic_t refs;
} refcount_t;

#define REFCOUNT_INIT(n)	{ .refs = ATOMIC_INIT(n) }

static inline void refcount_set(refcount_t *r, int n)
{
	atomic_set(&r->refs, n);
}

static inline unsigned int refcount_read(const refcount_t *r)
{
	return atomic_read(&r->refs);
}

void refcount_report(refcount_t *r, const char *what);

static __always_inline void refcount_inc(refcount_t *r)
{
	int old = __atomic_fetch_add(&r->refs.counter, 1, __ATOMIC_RELAXED);

	if (unlikely(old <= 0))
		refcount_report(r, "taken up after its last put");
}

static __always_inline bool __must_check refcount_inc_not_zero(refcount_t *r)
{
	return atomic_inc_not_zero(&r->refs);
}

static __always_inline bool __must_check refcount_dec_and_test(refcount_t *r)
{
	int old = __atomic_fetch_sub(&r->refs.counter, 1, __ATOMIC_SEQ_CST);

	if (unlikely(old <= 0))
		refcount_report(r, "put once too often");
	return old == 1;
}

static __always_inline void refcount_dec(refcount_t *r)
{
	if (unlikely(refcount_dec_and_test(r)))
		refcount_report(r, "dropped to zero where a reference must remain");
}

#endif

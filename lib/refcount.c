// SPDX-License-Identifier: GPL-2.0-only
/*
 * The slow side of <linux/refcount.h>: a count that went wrong is pinned far from
 * zero, so that its object is leaked rather than freed under somebody, and reported.
 */
#include <linux/bug.h>
#include <linux/refcount.h>

/**
 * refcount_report() - pin a reference count that went wrong, and say so
 * @r: the count
 * @what: what happened to it
 *
 * Context: Any.
 */
void refcount_report(refcount_t *r, const char *what)
{
	refcount_set(r, REFCOUNT_SATURATED);
	WARN(1, "refcount %px %s; its object is leaked\n", r, what);
}

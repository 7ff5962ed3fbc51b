/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Allocating whole pages. One zone; per-CPU lists in front of a buddy allocator (mm/page_alloc.c).
 * GFP_ATOMIC may be used with interrupts off and from interrupts; GFP_KERNEL may sleep and may end
 * in the OOM killer.
 */
#ifndef _LINUX_GFP_H
#define _LINUX_GFP_H

#include <linux/types.h>
#include <linux/mm_types.h>

#define ___GFP_HIGH		0x01u	/* may use the emergency reserve */
#define ___GFP_WAIT		0x02u	/* may sleep */
#define ___GFP_ZERO		0x04u	/* the memory comes zeroed */
#define ___GFP_NOWARN		0x08u	/* the caller copes with NULL in silence */
#define ___GFP_NORETRY		0x10u	/* NULL rather than the OOM killer */
#define ___GFP_NOFAIL		0x20u	/* wait for ever; needs ___GFP_WAIT */
#define ___GFP_USER		0x40u	/* for user space: dying tasks are refused early */
#define ___GFP_COMP		0x80u	/* compound: get_page()/put_page() work on any part */

#define __GFP_HIGH		((gfp_t)___GFP_HIGH)
#define __GFP_WAIT		((gfp_t)___GFP_WAIT)
#define __GFP_ZERO		((gfp_t)___GFP_ZERO)
#define __GFP_NOWARN		((gfp_t)___GFP_NOWARN)
#define __GFP_NORETRY		((gfp_t)___GFP_NORETRY)
#define __GFP_NOFAIL		((gfp_t)___GFP_NOFAIL)
#define __GFP_USER		((gfp_t)___GFP_USER)
#define __GFP_COMP		((gfp_t)___GFP_COMP)

#define GFP_NOWAIT		((gfp_t)0)
#define GFP_ATOMIC		(__GFP_HIGH)
#define GFP_KERNEL		(__GFP_WAIT)
#define GFP_NOFS		(__GFP_WAIT)
#define GFP_NOIO		(__GFP_WAIT)
#define GFP_KERNEL_ACCOUNT	(__GFP_WAIT)
#define GFP_USER		(__GFP_WAIT | __GFP_USER)
#define GFP_HIGHUSER		GFP_USER
#define GFP_HIGHUSER_MOVABLE	GFP_USER

#define MAX_ORDER		11	/* orders 0..10: blocks up to 4 MiB */

static inline bool gfpflags_allow_blocking(gfp_t gfp)
{
	return gfp & __GFP_WAIT;
}

/**
 * alloc_pages() - allocate 2^order pages next to each other
 * @gfp: GFP_KERNEL, GFP_ATOMIC, ... with __GFP_ZERO and friends
 * @order: 0 .. MAX_ORDER - 1
 *
 * Context: any, as @gfp says; may sleep with __GFP_WAIT.
 * Return: the first page with one reference, or NULL.
 */
struct page *alloc_pages(gfp_t gfp, unsigned int order);
struct page *alloc_page_slow(gfp_t gfp, unsigned int order);

/* Free what alloc_pages() gave; the last reference must be the caller's. */
void __free_pages(struct page *page, unsigned int order);
void free_pages(unsigned long addr, unsigned int order);

#define alloc_page(gfp)		alloc_pages(gfp, 0)
#define __free_page(page)	__free_pages(page, 0)
#define free_page(addr)		free_pages(addr, 0)

/* The same by direct-map address; 0 when there is no memory. */
unsigned long __get_free_pages(gfp_t gfp, unsigned int order);
unsigned long get_zeroed_page(gfp_t gfp);
#define __get_free_page(gfp)	__get_free_pages(gfp, 0)

/* @size bytes of whole pages; what exceeds @size in the power of two is given back. */
void *alloc_pages_exact(size_t size, gfp_t gfp);
void free_pages_exact(void *addr, size_t size);

/* Free @nr pages whose counts have reached zero; cheaper than one by one. */
void free_page_batch(struct page **pages, unsigned int nr);

/* Give every CPU's (or this one's) cached pages back to the buddy lists. */
void drain_all_pages(void);
void drain_local_pages(void);

#endif

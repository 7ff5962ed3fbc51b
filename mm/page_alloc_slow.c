// SPDX-License-Identifier: GPL-2.0-only
/*
 * When the free lists refuse: collect what is cached, use the reserve if the caller may, ask the
 * OOM killer, or give up. No lock of its own; page_alloc.c calls it.
 */
#include <linux/oom.h>
#include "internal.h"
#include "page_alloc.h"

/* Orders above it are given up rather than killing for them. */
#define COSTLY_ORDER	3

/* How deep into the reserve may this caller go? In pages that must remain. */
static unsigned long reserve_for(gfp_t gfp)
{
	if (in_task() && tsk_is_oom_victim(current))
		return 0;
	/* Who dies gives memory back: let it get through. */
	if (in_task() && (fatal_signal_pending(current) || (current->flags & PF_EXITING)))
		return min_free_pages / 4;
	if (gfp & __GFP_HIGH)
		return min_free_pages / 2;
	return min_free_pages;
}

static void complain(gfp_t gfp, unsigned int order)
{
	static unsigned int said;

	if ((gfp & __GFP_NOWARN) || said >= 10)
		return;
	said++;
	pr_warn("%s: page allocation failure: order:%u, mode:0x%x\n",
		in_task() ? current->comm : "interrupt", order, gfp);
}

/* Everything that lies about unused, in our own caches. Sleeps. */
static void collect_cached(void)
{
	slab_shrink_all();
	kernel_stacks_shrink();
	pt_caches_shrink();
	drain_all_pages();
}

/**
 * drain_cached_memory - give back all that the allocators keep for speed
 *
 * For tests that compare counts. Context: sleeps, no locks.
 */
void drain_cached_memory(void)
{
	slab_drain();
	collect_cached();
}

static bool may_retry(gfp_t gfp, unsigned int order)
{
	if (gfp & __GFP_NOFAIL)
		return true;
	if ((gfp & __GFP_NORETRY) || order > COSTLY_ORDER)
		return false;
	/* A task that is to die need not wait for others to do so. */
	return !(gfp & __GFP_USER) || !fatal_signal_pending(current);
}

struct page *alloc_page_slow(gfp_t gfp, unsigned int order)
{
	struct page *page = buddy_alloc(order, reserve_for(gfp));

	if (page)
		return page;
	if (!(gfp & __GFP_WAIT)) {
		complain(gfp, order);
		return NULL;
	}
	for (;;) {
		collect_cached();
		page = buddy_alloc(order, reserve_for(gfp));
		if (page)
			return page;
		if (!may_retry(gfp, order) || !out_of_memory(gfp, order))
			break;
		cond_resched();		/* the killer does not wait when it is us who are dying */
	}
	complain(gfp, order);
	return NULL;
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Gathering what an unmap frees: first every TLB forgets it, then it may be used again. A gather
 * belongs to one task; the caller holds what keeps the mm's tables stable.
 */
#include "internal.h"

#define MAX_BATCHES	20
#define PAGES_PER_BATCH	((PAGE_SIZE - sizeof(struct gather_batch)) / sizeof(struct page *))

/* @dead: the mm's last user is gone and no CPU has it loaded: nothing needs flushing. */
void tlb_gather_mmu(struct mmu_gather *tlb, struct mm_struct *mm, bool dead)
{
	tlb->mm = mm;
	tlb->start = ULONG_MAX;
	tlb->end = 0;
	tlb->dead = dead;
	tlb->need_flush = false;
	tlb->tables = false;
	tlb->batches = 0;
	tlb->active = &tlb->first;
	tlb->first.next = NULL;
	tlb->first.nr = 0;
	tlb->first.max = GATHER_INLINE;
}

/* The active batch is full. With a dead mm there is no flush to save, so small batches do. */
bool tlb_more_room(struct mmu_gather *tlb)
{
	struct gather_batch *batch = tlb->active->next;

	if (!batch) {
		if (tlb->dead || tlb->batches >= MAX_BATCHES)
			return false;
		batch = (void *)__get_free_page(GFP_NOWAIT | __GFP_NOWARN);
		if (!batch)
			return false;
		tlb->batches++;
		batch->next = NULL;
		batch->nr = 0;
		batch->max = PAGES_PER_BATCH;
		tlb->active->next = batch;
	}
	tlb->active = batch;
	return true;
}

static void release_batch(struct gather_batch *batch)
{
	unsigned int i, free = 0;

	/* Those whose last reference this is move to the front, to be freed together. */
	for (i = 0; i < batch->nr; i++) {
		struct page *page = batch->pages[i];

		if (unlikely(PageTable(page))) {
			pt_put_table(page);
			continue;
		}
		if (!put_page_testzero(compound_head(page)))
			continue;
		if (unlikely(PageHead(page) || PageTail(page)))
			__put_page(compound_head(page));
		else
			batch->pages[free++] = page;
	}
	free_page_batch(batch->pages, free);
	batch->nr = 0;
}

/* Flush, then free all that was gathered; the gather can be used on. No spinlock held. */
void tlb_flush_mmu(struct mmu_gather *tlb)
{
	struct gather_batch *batch;

	if (tlb->need_flush && !tlb->dead) {
		if (tlb->tables)
			flush_tlb_mm(tlb->mm);
		else
			flush_tlb_range(tlb->mm, tlb->start, tlb->end);
	}
	tlb->need_flush = false;
	tlb->start = ULONG_MAX;
	tlb->end = 0;
	for (batch = &tlb->first; batch && batch->nr; batch = batch->next)
		release_batch(batch);
	tlb->active = &tlb->first;
	tlb->tables = false;
}

void tlb_finish_mmu(struct mmu_gather *tlb)
{
	struct gather_batch *batch, *next;

	tlb_flush_mmu(tlb);
	for (batch = tlb->first.next; batch; batch = next) {
		next = batch->next;
		free_page((unsigned long)batch);
	}
}

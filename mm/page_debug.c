// SPDX-License-Identifier: GPL-2.0-only
/*
 * CONFIG_DEBUG_PAGE_REF: what is known about a page when it is freed and when it is given out.
 * The allocator's caller owns the page alone at both moments.
 */
#include "internal.h"
#include "page_alloc.h"

#define PAGE_POISON	0xaaaaaaaaaaaaaaaaULL

static void bad_page(struct page *page, const char *why)
{
	pr_emerg("bad page: pfn %lx: %s: flags %lx count %d mapping %px index %lx\n",
		 page_to_pfn(page), why, page->flags, atomic_read(&page->_refcount),
		 page->mapping, page->index);
	WARN_ON(1);
}

/* The first and the last words are enough to catch most writers, and cheap. */
static void poison(struct page *page)
{
	u64 *word = page_address(page);

	word[0] = word[1] = PAGE_POISON;
	word[PAGE_SIZE / 8 - 1] = PAGE_POISON;
}

static bool poisoned(struct page *page)
{
	u64 *word = page_address(page);

	return word[0] == PAGE_POISON && word[1] == PAGE_POISON &&
	       word[PAGE_SIZE / 8 - 1] == PAGE_POISON;
}

void page_debug_free(struct page *page, unsigned int order)
{
	if (atomic_read(&page->_refcount))
		bad_page(page, "freed with references");
	if (page->flags & (1UL << PG_locked | 1UL << PG_slab | 1UL << PG_table | 1UL << PG_buddy |
			   1UL << PG_reserved | 1UL << PG_free))
		bad_page(page, "freed in this state");
	if (!PageHead(page) && !order && page->mapping)
		bad_page(page, "freed from the page cache");
}

void page_debug_mark_free(struct page *page, unsigned int order)
{
	unsigned int i;

	for (i = 0; i < 1U << order; i++) {
		poison(page + i);
		page[i].flags = 1UL << PG_free;
	}
}

void page_debug_alloc(struct page *page, unsigned int order)
{
	unsigned int i;

	if (atomic_read(&page->_refcount))
		bad_page(page, "free page has references");
	for (i = 0; i < 1U << order; i++) {
		if ((page[i].flags & (1UL << PG_free)) && !poisoned(page + i))
			bad_page(page + i, "written while it was free");
		page[i].flags = 0;
	}
}

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Private to the page allocator's files.
 */
#ifndef _MM_PAGE_ALLOC_H
#define _MM_PAGE_ALLOC_H

#include <linux/mm.h>

struct page *buddy_alloc(unsigned int order, unsigned long reserve);
unsigned long buddy_free_pages(void);

#ifdef CONFIG_DEBUG_PAGE_REF
void page_debug_alloc(struct page *page, unsigned int order);
void page_debug_free(struct page *page, unsigned int order);
void page_debug_mark_free(struct page *page, unsigned int order);
#else
static inline void page_debug_alloc(struct page *page, unsigned int order)
{
}

static inline void page_debug_free(struct page *page, unsigned int order)
{
}
static inline void page_debug_mark_free(struct page *page, unsigned int order)
{
}
#endif

#endif

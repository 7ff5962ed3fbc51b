// SPDX-License-Identifier: GPL-2.0-only
/*
 * The frames of RAM: a buddy allocator under zone.lock with a stack of single pages per CPU in
 * front. Called from any context; page_alloc_slow.c decides what happens when there is none.
 */
#include <linux/fault-inject.h>
#include <linux/memblock.h>
#include <linux/pagemap.h>
#include <linux/rcupdate.h>
#include <linux/smp.h>
#include "internal.h"
#include "page_alloc.h"

#define PCP_MAX		64

/*
 * Free blocks. A free block's first page has PG_buddy and its order.
 * Locks: [z] lock   [I] set at boot
 */
static struct {
	spinlock_t lock;
	unsigned long free;		/* [z] pages */
	struct list_head list[MAX_ORDER];	/* [z] page.buddy */
	unsigned long nr[MAX_ORDER];	/* [z] blocks */
} zone;

/* Single pages at hand. Locks: [c] this CPU with interrupts off */
struct pcp {
	unsigned int count;		/* [c] */
	struct page *pages[PCP_MAX];	/* [c] last in, first out */
};
static DEFINE_PER_CPU_ALIGNED(struct pcp, pcp_lists);

static unsigned int pcp_high = PCP_MAX;		/* [I] */
static unsigned int pcp_batch = PCP_MAX / 2;	/* [I] */

struct page *mem_map;
unsigned long max_pfn;
atomic_long_t _totalram_pages;
struct page *zero_page;
unsigned long min_free_pages;

/* ---- buddies, zone.lock held ---- */

static void block_add(struct page *page, unsigned int order)
{
	page->order = order;
	__SetPageBuddy(page);
	list_add(&page->buddy, &zone.list[order]);
	zone.nr[order]++;
}

static void block_del(struct page *page)
{
	list_del(&page->buddy);
	__ClearPageBuddy(page);
	zone.nr[page->order]--;
}

static void free_block(struct page *page, unsigned int order)
{
	unsigned long pfn = page_to_pfn(page);

	zone.free += 1UL << order;
	while (order < MAX_ORDER - 1) {
		unsigned long buddy_pfn = pfn ^ (1UL << order);
		struct page *buddy = pfn_to_page(buddy_pfn);

		if (!pfn_valid(buddy_pfn) || !PageBuddy(buddy) || buddy->order != order)
			break;
		block_del(buddy);
		pfn &= buddy_pfn;
		order++;
	}
	block_add(pfn_to_page(pfn), order);
}

static struct page *take_block(unsigned int order)
{
	struct page *page;
	unsigned int o;

	for (o = order; o < MAX_ORDER; o++)
		if (zone.nr[o])
			goto found;
	return NULL;
found:
	page = list_first_entry(&zone.list[o], struct page, buddy);
	block_del(page);
	while (o > order) {
		o--;
		block_add(page + (1UL << o), o);
	}
	zone.free -= 1UL << order;
	return page;
}

/* Take a block as long as @reserve pages remain. */
struct page *buddy_alloc(unsigned int order, unsigned long reserve)
{
	struct page *page = NULL;
	unsigned long flags;

	spin_lock_irqsave(&zone.lock, flags);
	if (zone.free >= reserve + (1UL << order))
		page = take_block(order);
	spin_unlock_irqrestore(&zone.lock, flags);
	return page;
}

static void buddy_free(struct page *page, unsigned int order)
{
	unsigned long flags;

	spin_lock_irqsave(&zone.lock, flags);
	free_block(page, order);
	spin_unlock_irqrestore(&zone.lock, flags);
}

/* ---- per-CPU pages, interrupts off ---- */

static bool pcp_refill(struct pcp *pcp)
{
	unsigned int want = pcp_batch;

	spin_lock(&zone.lock);
	while (want-- && zone.free > min_free_pages) {
		struct page *page = take_block(0);

		if (!page)
			break;
		pcp->pages[pcp->count++] = page;
	}
	spin_unlock(&zone.lock);
	return pcp->count != 0;
}

static void pcp_spill(struct pcp *pcp, unsigned int keep)
{
	spin_lock(&zone.lock);
	while (pcp->count > keep)
		free_block(pcp->pages[--pcp->count], 0);
	spin_unlock(&zone.lock);
}

static inline struct page *pcp_alloc(void)
{
	struct page *page = NULL;
	unsigned long flags;
	struct pcp *pcp;

	local_irq_save(flags);
	pcp = this_cpu_ptr(&pcp_lists);
	if (likely(pcp->count) || pcp_refill(pcp))
		page = pcp->pages[--pcp->count];
	local_irq_restore(flags);
	return page;
}

static inline void pcp_free(struct page *page)
{
	unsigned long flags;
	struct pcp *pcp;

	local_irq_save(flags);
	pcp = this_cpu_ptr(&pcp_lists);
	if (unlikely(pcp->count >= pcp_high))
		pcp_spill(pcp, pcp_high - pcp_batch);
	pcp->pages[pcp->count++] = page;
	local_irq_restore(flags);
}

/**
 * drain_local_pages() - give this CPU's single pages back to the buddies
 *
 * Context: any.
 */
void drain_local_pages(void)
{
	unsigned long flags;

	local_irq_save(flags);
	pcp_spill(this_cpu_ptr(&pcp_lists), 0);
	local_irq_restore(flags);
}

static void drain_one_cpu(void *unused)
{
	drain_local_pages();
}

/**
 * drain_all_pages() - give every CPU's single pages back to the buddies
 *
 * Context: interrupts on, no spinlock held.
 */
void drain_all_pages(void)
{
	on_each_cpu(drain_one_cpu, NULL, 1);
}

unsigned long pcp_cached_pages(void)
{
	unsigned long sum = 0;
	unsigned int cpu;

	for_each_possible_cpu(cpu)
		sum += READ_ONCE(per_cpu(pcp_lists, cpu).count);
	return sum;
}

/* ---- the state of a page in use ---- */

static void page_becomes_used(struct page *page, gfp_t gfp, unsigned int order)
{
	unsigned int i;

	page_debug_alloc(page, order);
	page->order = order;
	page->mapping = NULL;
	atomic_set(&page->_refcount, 1);
	if (gfp & __GFP_ZERO)
		for (i = 0; i < 1U << order; i++)
			clear_page(page_address(page + i));
	if (!(gfp & __GFP_COMP) || !order)
		return;
	page->flags = 1UL << PG_head;
	for (i = 1; i < 1U << order; i++) {
		page[i].flags = 1UL << PG_tail;
		page[i].compound_head = page;
	}
}

/* Free pages have no flags but PG_buddy (and the debug build's mark). */
static void clear_flags(struct page *page, unsigned int order)
{
	unsigned int i;

	for (i = 0; i < 1U << order; i++)
		page[i].flags = 0;
}

/* Nobody refers to the block any more. */
static void free_unreferenced(struct page *page, unsigned int order)
{
	page_debug_free(page, order);
	vm_stat_add(PGFREE, 1L << order);
	clear_flags(page, order);
	page_debug_mark_free(page, order);
	if (likely(!order))
		pcp_free(page);
	else
		buddy_free(page, order);
}

struct page *alloc_pages(gfp_t gfp, unsigned int order)
{
	struct page *page;

	ASSERT(order < MAX_ORDER);
	if (gfp & __GFP_WAIT)
		might_sleep();
	if (!(gfp & __GFP_NOFAIL) && should_fail("page", order ? "block" : "one"))
		return NULL;
	page = likely(!order) ? pcp_alloc() : buddy_alloc(order, min_free_pages);
	if (unlikely(!page)) {
		page = alloc_page_slow(gfp, order);
		if (!page)
			return NULL;
	}
	vm_stat_add(PGALLOC, 1L << order);
	page_becomes_used(page, gfp, order);
	return page;
}

void __put_page(struct page *page)
{
	ASSERT(!PageTail(page) && !PageReserved(page) && !PageTable(page));
	free_unreferenced(page, PageHead(page) ? page->order : 0);
}

/*
 * A lookup in the page cache may hold a reference for a moment to a page that has left it. It frees
 * what it can know of, the first page or a compound whole; the rest of a plain block is ours.
 */
void __free_pages(struct page *page, unsigned int order)
{
	if (likely(put_page_testzero(page)))
		free_unreferenced(page, order);
	else if (order && !PageHead(page))
		while (order--)
			free_unreferenced(page + (1UL << order), order);
}

void free_pages(unsigned long addr, unsigned int order)
{
	if (addr)
		__free_pages(virt_to_page(addr), order);
}

void free_page_batch(struct page **pages, unsigned int nr)
{
	unsigned long flags;
	struct pcp *pcp;
	unsigned int i;

	if (!nr)
		return;
	vm_stat_add(PGFREE, nr);
	local_irq_save(flags);
	pcp = this_cpu_ptr(&pcp_lists);
	for (i = 0; i < nr; i++) {
		page_debug_free(pages[i], 0);
		pages[i]->flags = 0;
		page_debug_mark_free(pages[i], 0);
		if (unlikely(pcp->count >= pcp_high))
			pcp_spill(pcp, pcp_high - pcp_batch);
		pcp->pages[pcp->count++] = pages[i];
	}
	local_irq_restore(flags);
}

unsigned long __get_free_pages(gfp_t gfp, unsigned int order)
{
	struct page *page = alloc_pages(gfp, order);

	return page ? (unsigned long)page_address(page) : 0;
}

unsigned long get_zeroed_page(gfp_t gfp)
{
	return __get_free_pages(gfp | __GFP_ZERO, 0);
}

void *alloc_pages_exact(size_t size, gfp_t gfp)
{
	unsigned int order = get_order(size);
	unsigned long nr = PAGE_ALIGN(size) >> PAGE_SHIFT, i;
	struct page *page = alloc_pages(gfp & ~__GFP_COMP, order);

	if (!page)
		return NULL;
	page->order = 0;
	for (i = 1; i < 1UL << order; i++) {
		page[i].order = 0;
		page[i].mapping = NULL;
		atomic_set(&page[i]._refcount, 1);
	}
	for (i = nr; i < 1UL << order; i++)
		__free_page(page + i);
	return page_address(page);
}

void free_pages_exact(void *addr, size_t size)
{
	unsigned long nr = PAGE_ALIGN(size) >> PAGE_SHIFT;
	struct page *page = virt_to_page(addr);

	while (nr--)
		__free_page(page++);
}

/* ---- figures ---- */

unsigned long buddy_free_pages(void)
{
	return READ_ONCE(zone.free);
}

unsigned long nr_free_pages(void)
{
	return READ_ONCE(zone.free) + pcp_cached_pages();
}

void page_alloc_free_blocks(unsigned long nr[MAX_ORDER])
{
	unsigned long flags;

	spin_lock_irqsave(&zone.lock, flags);
	memcpy(nr, zone.nr, sizeof(zone.nr));
	spin_unlock_irqrestore(&zone.lock, flags);
}

/* ---- boot ---- */

/* Floor of the square root, bit by bit. */
static unsigned long int_root(unsigned long n)
{
	unsigned long root = 0, bit;

	for (bit = 1UL << 31; bit; bit >>= 1)
		if ((root + bit) * (root + bit) <= n)
			root += bit;
	return root;
}

static void __init size_reserves(void)
{
	unsigned long total = totalram_pages(), cpus = nr_cpu_ids ? nr_cpu_ids : 1;

	/* 4 * sqrt(KiB) KiB, as users of Linux expect; half of it where memory is tiny. */
	min_free_pages = int_root(total * 4 * 16) / 4;
	if (total < 16384)
		min_free_pages /= 2;
	min_free_pages = clamp(min_free_pages, 32UL, 16384UL);
	pcp_high = clamp(total / 512 / cpus, 8UL, (unsigned long)PCP_MAX);
	pcp_batch = pcp_high / 2;
}

static void __init release_range(unsigned long pfn, unsigned long end)
{
	atomic_long_add(end - pfn, &_totalram_pages);
	while (pfn < end) {
		unsigned int order = MAX_ORDER - 1;

		while ((pfn & ((1UL << order) - 1)) || pfn + (1UL << order) > end)
			order--;
		free_block(pfn_to_page(pfn), order);
		pfn += 1UL << order;
	}
}

static void __init mark_reserved(phys_addr_t base, phys_addr_t size)
{
	unsigned long pfn = PFN_DOWN(base), end = min(PFN_UP(base + size), max_pfn);

	for (; pfn < end; pfn++) {
		__SetPageReserved(pfn_to_page(pfn));
		atomic_set(&pfn_to_page(pfn)->_refcount, 1);
	}
}

void __init page_alloc_init(void)
{
	phys_addr_t start, end;
	unsigned int i;
	u64 cursor;

	spin_lock_init(&zone.lock, LOCK_RANK_ZONE);
	for (i = 0; i < MAX_ORDER; i++)
		INIT_LIST_HEAD(&zone.list[i]);
	max_pfn = PFN_DOWN(memblock_end_of_RAM());
	mem_map = memblock_alloc(max_pfn * sizeof(struct page), PAGE_SIZE);
	for (i = 0; i < memblock.reserved.count; i++)
		mark_reserved(memblock.reserved.regions[i].base, memblock.reserved.regions[i].size);
	for_each_free_mem_range(cursor, start, end)
		if (PFN_UP(start) < PFN_DOWN(end))
			release_range(PFN_UP(start), PFN_DOWN(end));
	size_reserves();
	zero_page = alloc_page(GFP_NOWAIT | __GFP_ZERO);
	VERIFY(zero_page);
	__SetPageReserved(zero_page);
}

unsigned long free_reserved_area(void *start, void *end, const char *what)
{
	unsigned long addr = PAGE_ALIGN((unsigned long)start), pages = 0;

	for (; addr + PAGE_SIZE <= (unsigned long)end; addr += PAGE_SIZE, pages++) {
		struct page *page = virt_to_page(addr);

		page->flags = 0;
		atomic_set(&page->_refcount, 1);
		__free_page(page);
	}
	atomic_long_add(pages, &_totalram_pages);
	if (pages && what)
		pr_debug("mm: %s freed, %lu KiB\n", what, pages * (PAGE_SIZE / 1024));
	return pages;
}

/* ---- tests ---- */

SELFTEST(buddy, split_and_merge)
{
	unsigned long before[MAX_ORDER], after[MAX_ORDER];
	struct page *page[MAX_ORDER];
	unsigned int order, i;

	drain_all_pages();
	page_alloc_free_blocks(before);
	for (order = 0; order < MAX_ORDER; order++) {
		page[order] = buddy_alloc(order, min_free_pages);
		if (page[order])
			KT_EXPECT(IS_ALIGNED(page_to_pfn(page[order]), 1UL << order));
	}
	for (order = 0; order < MAX_ORDER; order++)
		if (page[order])
			buddy_free(page[order], order);
	page_alloc_free_blocks(after);
	for (i = 0, order = 0; order < MAX_ORDER; order++)
		i += (before[order] << order) - (after[order] << order);
	KT_EXPECT_EQ(i, 0);
}

SELFTEST(buddy, compound_and_exact)
{
	struct page *page = alloc_pages(GFP_KERNEL | __GFP_COMP | __GFP_ZERO, 2);
	void *exact;

	KT_ASSERT(page);
	KT_EXPECT(compound_head(page + 3) == page);
	get_page(page + 2);
	KT_EXPECT_EQ(page_count(page), 2);
	put_page(page + 1);
	put_page(page);
	exact = alloc_pages_exact(3 * PAGE_SIZE, GFP_KERNEL);
	KT_ASSERT(exact);
	KT_EXPECT_EQ(page_count(virt_to_page(exact) + 2), 1);
	free_pages_exact(exact, 3 * PAGE_SIZE);
}

SELFTEST(buddy, per_cpu_pages)
{
	struct page *pages[PCP_MAX * 2];
	unsigned long free;
	unsigned int i;

	drain_local_pages();
	free = nr_free_pages();
	for (i = 0; i < ARRAY_SIZE(pages); i++) {
		pages[i] = alloc_page(GFP_KERNEL);
		KT_ASSERT(pages[i]);
		pages[i]->index = i;
	}
	for (i = 0; i < ARRAY_SIZE(pages); i++)
		KT_EXPECT_EQ(pages[i]->index, i);
	for (i = 0; i < ARRAY_SIZE(pages); i++)
		__free_page(pages[i]);
	/* Other CPUs may allocate meanwhile: only a gross loss is ours. */
	KT_EXPECT(nr_free_pages() + PCP_MAX >= free);
}

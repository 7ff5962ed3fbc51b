// SPDX-License-Identifier: GPL-2.0-only
/*
 * Kernel stacks: mapped pages with a hole below each, in fixed slots at the top of the vmalloc
 * range. Freed ones stay mapped in a small cache per CPU, then in a common pool under stack_lock.
 */
#include <linux/bitmap.h>
#include <linux/fault-inject.h>
#include "internal.h"

#define STACK_PAGES	(THREAD_SIZE >> PAGE_SHIFT)
#define SLOT_SIZE	(THREAD_SIZE + PAGE_SIZE)	/* the hole comes first */
#define STACKS_START	(VMALLOC_END + 1 - (1UL << 32))
#define NR_SLOTS	65536U
#define CPU_STACKS	4
#define POOL_STACKS	32
#define DOOMED_STACKS	32	/* that many share one flush */

BUILD_ASSERT((unsigned long)NR_SLOTS * SLOT_SIZE <= 1UL << 32);

/* Locks: [c] this CPU, interrupts off */
struct stack_cache {
	unsigned int nr;		/* [c] */
	void *stack[CPU_STACKS];	/* [c] */
};
static DEFINE_PER_CPU(struct stack_cache, stack_cache);

static DEFINE_SPINLOCK(stack_lock);		/* all below */
static DECLARE_BITMAP(slots, NR_SLOTS);		/* used */
static unsigned int next_slot;			/* where to search */
static void *pool[POOL_STACKS];
static unsigned int pool_nr;
static unsigned int doomed_nr;
static void *doomed;				/* to be unmapped; linked by their lowest word */

static unsigned long slot_stack(unsigned int slot)
{
	return STACKS_START + (unsigned long)slot * SLOT_SIZE + PAGE_SIZE;
}

static int take_slot(void)
{
	unsigned long flags;
	unsigned int slot;

	spin_lock_irqsave(&stack_lock, flags);
	slot = find_next_zero_bit(slots, NR_SLOTS, next_slot);
	if (slot >= NR_SLOTS)
		slot = find_next_zero_bit(slots, NR_SLOTS, 0);
	if (slot < NR_SLOTS) {
		__set_bit(slot, slots);
		next_slot = slot + 1;
	}
	spin_unlock_irqrestore(&stack_lock, flags);
	return slot < NR_SLOTS ? (int)slot : -1;
}

static void release_slot(unsigned long stack)
{
	unsigned int slot = (stack - STACKS_START) / SLOT_SIZE;
	unsigned long flags;

	spin_lock_irqsave(&stack_lock, flags);
	__clear_bit(slot, slots);
	next_slot = min(next_slot, slot);
	spin_unlock_irqrestore(&stack_lock, flags);
}

static void *map_new_stack(void)
{
	struct page *pages[STACK_PAGES];
	unsigned int i;
	int slot = take_slot();

	if (slot < 0)
		return NULL;
	for (i = 0; i < STACK_PAGES; i++) {
		pages[i] = alloc_page(GFP_KERNEL);
		if (!pages[i])
			goto fail;
	}
	if (pt_map_kernel(slot_stack(slot), pages, STACK_PAGES, PAGE_KERNEL))
		goto fail;
	vm_stat_add(NR_KERNEL_STACK, STACK_PAGES);
	return (void *)slot_stack(slot);
fail:
	while (i--)
		__free_page(pages[i]);
	release_slot(slot_stack(slot));
	return NULL;
}

static void *pooled_stack(void)
{
	void *stack = NULL;
	unsigned long flags;

	spin_lock_irqsave(&stack_lock, flags);
	if (pool_nr) {
		stack = pool[--pool_nr];
	} else if (doomed) {
		stack = doomed;
		doomed = *(void **)stack;
		doomed_nr--;
	}
	spin_unlock_irqrestore(&stack_lock, flags);
	return stack;
}

/**
 * alloc_kernel_stack() - THREAD_SIZE bytes with a guard page below
 *
 * Context: sleeps.
 * Return: the lowest address, or NULL. The contents are arbitrary.
 */
void *alloc_kernel_stack(void)
{
	struct stack_cache *cache;
	void *stack = NULL;
	unsigned long flags;

	if (should_fail("stack", "kernel"))
		return NULL;
	local_irq_save(flags);
	cache = this_cpu_ptr(&stack_cache);
	if (likely(cache->nr))
		stack = cache->stack[--cache->nr];
	local_irq_restore(flags);
	if (likely(stack))
		return stack;
	stack = pooled_stack();
	return stack ? stack : map_new_stack();
}

/* Take the frames from under @stack; they are linked to @pages. */
static void unmap_stack(unsigned long stack, struct list_head *pages)
{
	unsigned int i;

	for (i = 0; i < STACK_PAGES; i++) {
		struct page *page = pt_kernel_page(stack + i * PAGE_SIZE);

		page->index = i ? 0 : stack;
		list_add(&page->lru, pages);
	}
	pt_unmap_kernel(stack, STACK_PAGES);
}

/* Unmap the doomed, with one flush for all. Interrupts on, no spinlock held. */
static void unmap_doomed(void)
{
	unsigned long flags, start = ULONG_MAX, end = 0;
	struct page *page, *next;
	LIST_HEAD(pages);
	void *list, *stack;

	spin_lock_irqsave(&stack_lock, flags);
	list = doomed;
	doomed = NULL;
	doomed_nr = 0;
	spin_unlock_irqrestore(&stack_lock, flags);
	if (!list)
		return;
	while ((stack = list)) {
		list = *(void **)stack;
		start = min(start, (unsigned long)stack);
		end = max(end, (unsigned long)stack + THREAD_SIZE);
		unmap_stack((unsigned long)stack, &pages);
	}
	flush_tlb_kernel_range(start, end);
	list_for_each_entry_safe(page, next, &pages, lru) {
		if (page->index)
			release_slot(page->index);
		page->mapping = NULL;
		__free_page(page);
		vm_stat_dec(NR_KERNEL_STACK);
	}
}

static void free_to_pool(void *stack)
{
	unsigned long flags;

	spin_lock_irqsave(&stack_lock, flags);
	if (pool_nr < POOL_STACKS) {
		pool[pool_nr++] = stack;
	} else {
		*(void **)stack = doomed;
		doomed = stack;
		doomed_nr++;
	}
	spin_unlock_irqrestore(&stack_lock, flags);
}

/**
 * free_kernel_stack() - give a stack back
 * @stack: of alloc_kernel_stack(), or NULL; nobody runs on it any more
 *
 * Context: any. Surplus stacks are unmapped when the caller may wait for other CPUs, else later.
 */
void free_kernel_stack(void *stack)
{
	struct stack_cache *cache;
	unsigned long flags;

	if (!stack)
		return;
	local_irq_save(flags);
	cache = this_cpu_ptr(&stack_cache);
	if (likely(cache->nr < CPU_STACKS)) {
		cache->stack[cache->nr++] = stack;
		stack = NULL;
	}
	local_irq_restore(flags);
	if (likely(!stack))
		return;
	free_to_pool(stack);
	if (unlikely(READ_ONCE(doomed_nr) >= DOOMED_STACKS) && !irqs_disabled() && !in_atomic())
		unmap_doomed();
}

/* Memory is short: unmap what nobody uses. Sleeps. */
void kernel_stacks_shrink(void)
{
	unsigned long flags;

	spin_lock_irqsave(&stack_lock, flags);
	while (pool_nr) {
		void *stack = pool[--pool_nr];

		*(void **)stack = doomed;
		doomed = stack;
	}
	spin_unlock_irqrestore(&stack_lock, flags);
	unmap_doomed();
}

bool is_kernel_stack_guard(unsigned long addr)
{
	unsigned long offset = addr - STACKS_START;

	return addr >= STACKS_START && offset < (unsigned long)NR_SLOTS * SLOT_SIZE &&
	       offset % SLOT_SIZE < PAGE_SIZE;
}

/* ---- tests ---- */

SELFTEST(vmalloc, kernel_stacks)
{
	void *stack[CPU_STACKS + POOL_STACKS + 4];
	unsigned int i, j;

	for (i = 0; i < ARRAY_SIZE(stack); i++) {
		stack[i] = alloc_kernel_stack();
		KT_ASSERT(stack[i]);
		memset(stack[i], i, THREAD_SIZE);
		KT_EXPECT(is_kernel_stack_guard((unsigned long)stack[i] - 1));
		KT_EXPECT(!is_kernel_stack_guard((unsigned long)stack[i] + THREAD_SIZE - 1));
		KT_EXPECT(!vmalloc_to_page((char *)stack[i] - 1));
	}
	for (i = 0; i < ARRAY_SIZE(stack); i++)
		for (j = 0; j < i; j++)
			KT_EXPECT(stack[i] != stack[j]);
	for (i = 0; i < ARRAY_SIZE(stack); i++)
		free_kernel_stack(stack[i]);
}

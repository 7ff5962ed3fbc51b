/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Memory before the page allocator: which ranges are RAM and which of them are taken. Filled by the
 * boot code, used until mm/ takes over; one CPU, no lock.
 */
#ifndef _LINUX_MEMBLOCK_H
#define _LINUX_MEMBLOCK_H

#include <linux/types.h>

#define MEMBLOCK_REGIONS	64

struct memblock_region {
	phys_addr_t base;
	phys_addr_t size;
};

struct memblock_type {
	unsigned int count;
	struct memblock_region regions[MEMBLOCK_REGIONS];	/* sorted, disjoint, not adjacent */
};

struct memblock {
	struct memblock_type memory;	/* usable RAM */
	struct memblock_type reserved;	/* kernel image, initrd, early allocations, first page */
};

extern struct memblock memblock;

/* Nothing is allocated at or above it: the direct map may not reach further yet. */
extern phys_addr_t memblock_limit;

void memblock_add(phys_addr_t base, phys_addr_t size);
void memblock_reserve(phys_addr_t base, phys_addr_t size);
void memblock_free(phys_addr_t base, phys_addr_t size);
bool memblock_is_reserved(phys_addr_t base, phys_addr_t size);
phys_addr_t memblock_end_of_RAM(void);
phys_addr_t memblock_total(void);

/* Zeroed, from the top down, as a direct-map address; ends the boot when RAM is short. */
void *memblock_alloc(size_t size, size_t align);

/*
 * The free ranges, in ascending order: start with *cursor = 0; false at the end.
 */
bool memblock_next_free(u64 *cursor, phys_addr_t *start, phys_addr_t *end);

#define for_each_free_mem_range(cursor, start, end) \
	for ((cursor) = 0; memblock_next_free(&(cursor), &(start), &(end)); )

#endif

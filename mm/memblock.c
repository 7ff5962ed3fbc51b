// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory before the page allocator: sorted tables of RAM and of what is taken of it. One CPU, no
 * lock, until mm_init() has taken everything over.
 */
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/memblock.h>
#include <linux/panic.h>
#include <linux/selftest.h>
#include <linux/string.h>
#include <asm/page.h>

struct memblock memblock;
phys_addr_t memblock_limit = ~0UL;

static phys_addr_t region_end(const struct memblock_region *r)
{
	return r->base + r->size;
}

static void remove_region(struct memblock_type *type, unsigned int i)
{
	type->count--;
	memmove(&type->regions[i], &type->regions[i + 1],
		(type->count - i) * sizeof(type->regions[0]));
}

static void insert_region(struct memblock_type *type, unsigned int i, phys_addr_t base,
			  phys_addr_t end)
{
	if (type->count == MEMBLOCK_REGIONS)
		panic("the memory map has more than %d pieces", MEMBLOCK_REGIONS);
	memmove(&type->regions[i + 1], &type->regions[i],
		(type->count - i) * sizeof(type->regions[0]));
	type->count++;
	type->regions[i] = (struct memblock_region){ base, end - base };
}

/* Everything that overlaps or touches the new range melts into it. */
static void add_range(struct memblock_type *type, phys_addr_t base, phys_addr_t end)
{
	unsigned int i = 0;

	while (i < type->count && region_end(&type->regions[i]) < base)
		i++;
	while (i < type->count && type->regions[i].base <= end) {
		base = min(base, type->regions[i].base);
		end = max(end, region_end(&type->regions[i]));
		remove_region(type, i);
	}
	insert_region(type, i, base, end);
}

static void remove_range(struct memblock_type *type, phys_addr_t base, phys_addr_t end)
{
	for (unsigned int i = 0; i < type->count; i++) {
		struct memblock_region *r = &type->regions[i];
		phys_addr_t old_base = r->base, old_end = region_end(r);

		if (old_end <= base || old_base >= end)
			continue;
		remove_region(type, i);
		if (old_end > end)
			insert_region(type, i, end, old_end);
		if (old_base < base)
			insert_region(type, i, old_base, base);
		else
			i--;
	}
}

/**
 * memblock_add - there is RAM
 * @base, @size: bytes; parts of pages at the ends do not count
 */
void __init memblock_add(phys_addr_t base, phys_addr_t size)
{
	phys_addr_t end = (base + size) & PAGE_MASK;

	base = PAGE_ALIGN(base);
	if (base < end)
		add_range(&memblock.memory, base, end);
}

/**
 * memblock_reserve - a range is taken; whole pages that it touches
 */
void __init memblock_reserve(phys_addr_t base, phys_addr_t size)
{
	if (size)
		add_range(&memblock.reserved, base & PAGE_MASK, PAGE_ALIGN(base + size));
}

/**
 * memblock_free - a range is free again; whole pages inside it
 */
void memblock_free(phys_addr_t base, phys_addr_t size)
{
	phys_addr_t end = (base + size) & PAGE_MASK;

	base = PAGE_ALIGN(base);
	if (base < end)
		remove_range(&memblock.reserved, base, end);
}

bool __init memblock_is_reserved(phys_addr_t base, phys_addr_t size)
{
	for (unsigned int i = 0; i < memblock.reserved.count; i++) {
		const struct memblock_region *r = &memblock.reserved.regions[i];

		if (base < region_end(r) && r->base < base + size)
			return true;
	}
	return false;
}

phys_addr_t memblock_end_of_RAM(void)
{
	unsigned int n = memblock.memory.count;

	return n ? region_end(&memblock.memory.regions[n - 1]) : 0;
}

phys_addr_t memblock_total(void)
{
	phys_addr_t total = 0;

	for (unsigned int i = 0; i < memblock.memory.count; i++)
		total += memblock.memory.regions[i].size;
	return total;
}

/* The lowest reserved range that begins before @end and ends after @start. */
static const struct memblock_region *first_reserved(phys_addr_t start, phys_addr_t end)
{
	for (unsigned int i = 0; i < memblock.reserved.count; i++) {
		const struct memblock_region *r = &memblock.reserved.regions[i];

		if (r->base < end && region_end(r) > start)
			return r;
	}
	return NULL;
}

/* The first free range inside [*start, end) of one piece of RAM. */
static bool free_range_within(phys_addr_t *start, phys_addr_t *end)
{
	const struct memblock_region *r;

	while (*start < *end) {
		r = first_reserved(*start, *end);
		if (!r)
			return true;
		if (r->base > *start) {
			*end = r->base;
			return true;
		}
		*start = region_end(r);
	}
	return false;
}

bool memblock_next_free(u64 *cursor, phys_addr_t *start, phys_addr_t *end)
{
	for (unsigned int i = 0; i < memblock.memory.count; i++) {
		const struct memblock_region *r = &memblock.memory.regions[i];

		*start = max_t(u64, r->base, *cursor);
		*end = region_end(r);
		if (*start < *end && free_range_within(start, end)) {
			*cursor = *end;
			return true;
		}
	}
	return false;
}

/* The highest place for @size bytes, or 0. */
static phys_addr_t find_place(size_t size, size_t align)
{
	phys_addr_t start, end, found = 0;
	u64 cursor;

	for_each_free_mem_range(cursor, start, end) {
		phys_addr_t at;

		end = min(end, memblock_limit);
		if (end < size)
			continue;
		at = ALIGN_DOWN(end - size, align);
		if (at >= start && start < end && at)
			found = at;
	}
	return found;
}

void *__init memblock_alloc(size_t size, size_t align)
{
	phys_addr_t at;

	size = ALIGN(size, 64UL);
	at = find_place(size, max(align, (size_t)64));
	if (!at)
		panic_user("too little memory: %lu MiB; start the machine with -m 16M or more",
			   (unsigned long)(memblock_total() >> 20));
	add_range(&memblock.reserved, at, at + size);
	return memset(__va(at), 0, size);
}

SELFTEST(memblock, ranges_melt_and_split)
{
	static struct memblock_type type;

	type.count = 0;
	add_range(&type, 0x3000, 0x5000);
	add_range(&type, 0x8000, 0x9000);
	add_range(&type, 0x1000, 0x2000);
	KT_EXPECT_EQ(type.count, 3);
	KT_EXPECT_EQ(type.regions[0].base, 0x1000);
	add_range(&type, 0x2000, 0x3000);		/* closes a gap */
	KT_EXPECT_EQ(type.count, 2);
	KT_EXPECT_EQ(region_end(&type.regions[0]), 0x5000);
	add_range(&type, 0x4000, 0xa000);		/* swallows one */
	KT_EXPECT_EQ(type.count, 1);
	KT_EXPECT_EQ(region_end(&type.regions[0]), 0xa000);
	remove_range(&type, 0x4000, 0x6000);		/* cuts a hole */
	KT_EXPECT_EQ(type.count, 2);
	KT_EXPECT_EQ(region_end(&type.regions[0]), 0x4000);
	KT_EXPECT_EQ(type.regions[1].base, 0x6000);
	remove_range(&type, 0, 0x10000);
	KT_EXPECT_EQ(type.count, 0);
}

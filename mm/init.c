// SPDX-License-Identifier: GPL-2.0-only
/*
 * Bringing memory management up, in two steps: frames and objects from the boot memory map, then
 * the caches whose users come later. Boot CPU.
 */
#include "internal.h"

void __init mm_init(void)
{
	page_alloc_init();
	kmem_cache_init();
	mm_caches_init();
	pr_debug("Memory: %lu KiB, %lu KiB free\n", totalram_pages() * (PAGE_SIZE / 1024),
		 nr_free_pages() * (PAGE_SIZE / 1024));
}

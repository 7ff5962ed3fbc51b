/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Pages on the host: a structure around the bytes.
 */
#ifndef _LINUX_MM_H
#define _LINUX_MM_H

#include <linux/types.h>

#define PAGE_SHIFT	12
#define PAGE_SIZE	4096UL
#define PAGE_MASK	(~(PAGE_SIZE - 1))

struct page {
	char bytes[4096];
};

#define page_address(page)	((void *)(page)->bytes)

#endif

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Memory that is contiguous in kernel addresses only, each area followed by a guard page.
 * Sleeps; not from interrupts.
 */
#ifndef _LINUX_VMALLOC_H
#define _LINUX_VMALLOC_H

#include <linux/types.h>
#include <linux/mm_types.h>
#include <asm/pgtable.h>

void *vmalloc(unsigned long size);
void *vzalloc(unsigned long size);
void *__vmalloc(unsigned long size, gfp_t gfp, pgprot_t prot);
void vfree(const void *addr);

/* Map given frames; vunmap() leaves them to the caller. */
void *vmap(struct page **pages, unsigned int count, unsigned long flags, pgprot_t prot);
void vunmap(const void *addr);

/* Device memory, uncached. */
void *ioremap(phys_addr_t phys, size_t size);
void iounmap(volatile void *addr);

struct page *vmalloc_to_page(const void *addr);
bool is_vmalloc_addr(const void *addr);

static inline void *vmalloc_array(size_t n, size_t size)
{
	size_t bytes;

	return __builtin_mul_overflow(n, size, &bytes) ? NULL : vmalloc(bytes);
}

/* For each area: start, size, caller; stops when @fn returns non-zero. */
int vmalloc_for_each(int (*fn)(unsigned long start, unsigned long size, const void *caller,
			       void *arg), void *arg);

#endif

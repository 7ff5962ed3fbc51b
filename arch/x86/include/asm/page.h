/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Page size, the address-space layout, and the ways between virtual address, physical address,
 * page frame number and struct page.
 */
#ifndef _ASM_X86_PAGE_H
#define _ASM_X86_PAGE_H

#ifdef __ASSEMBLY__
#define _PG_UL(x)	x
#else
#define _PG_UL(x)	x##UL
#endif

#define PAGE_SHIFT		12
#define PAGE_SIZE		(_PG_UL(1) << PAGE_SHIFT)
#define PAGE_MASK		(~(PAGE_SIZE - 1))

#define __START_KERNEL_map	_PG_UL(0xffffffff80000000)
#define KERNEL_LOAD_PHYS	_PG_UL(0x100000)
#define PAGE_OFFSET		_PG_UL(0xffff888000000000)
#define VMALLOC_START		_PG_UL(0xffffc90000000000)
/* One top-level slot: its table is made at boot, so no address space ever lacks a vmalloc entry. */
#define VMALLOC_END		_PG_UL(0xffffc97fffffffff)

#define TASK_SIZE_MAX		_PG_UL(0x00007ffffffff000)
#define TASK_SIZE		TASK_SIZE_MAX
#define STACK_TOP		TASK_SIZE_MAX
#define STACK_TOP_MAX		TASK_SIZE_MAX

#define PHYS_ADDR_BITS		46
#define PHYSICAL_PAGE_MASK	_PG_UL(0x000ffffffffff000)

#define THREAD_SIZE_ORDER	CONFIG_THREAD_SIZE_ORDER
#define THREAD_SIZE		(PAGE_SIZE << THREAD_SIZE_ORDER)

#define IRQ_STACK_SIZE		(PAGE_SIZE * 2)
#define EXCEPTION_STACK_SIZE	PAGE_SIZE

#ifndef __ASSEMBLY__

#include <linux/types.h>

#define PAGE_ALIGN(addr)	(((addr) + PAGE_SIZE - 1) & PAGE_MASK)
#define PAGE_ALIGN_DOWN(addr)	((addr) & PAGE_MASK)
#define PAGE_ALIGNED(addr)	(((unsigned long)(addr) & ~PAGE_MASK) == 0)
#define offset_in_page(p)	((unsigned long)(p) & ~PAGE_MASK)

#define PFN_UP(x)		(((x) + PAGE_SIZE - 1) >> PAGE_SHIFT)
#define PFN_DOWN(x)		((x) >> PAGE_SHIFT)
#define PFN_PHYS(x)		((phys_addr_t)(x) << PAGE_SHIFT)

/* Kernel image addresses and direct-map addresses both have a physical address. */
static inline unsigned long __phys_addr(unsigned long addr)
{
	return addr >= __START_KERNEL_map ? addr - __START_KERNEL_map : addr - PAGE_OFFSET;
}

#define __pa(x)			__phys_addr((unsigned long)(x))
#define __pa_symbol(x)		((unsigned long)(x) - __START_KERNEL_map)
#define __va(x)			((void *)((unsigned long)(x) + PAGE_OFFSET))

struct page;
extern struct page *mem_map;	/* indexed by page frame number, in the direct map */
extern unsigned long max_pfn;	/* one past the last frame of RAM */

#define pfn_to_page(pfn)	(mem_map + (pfn))
#define page_to_pfn(page)	((unsigned long)((page) - mem_map))
#define pfn_valid(pfn)		((unsigned long)(pfn) < max_pfn)

#define virt_to_pfn(addr)	(__pa(addr) >> PAGE_SHIFT)
#define pfn_to_kaddr(pfn)	__va((unsigned long)(pfn) << PAGE_SHIFT)
#define virt_to_page(addr)	pfn_to_page(virt_to_pfn(addr))
#define page_to_phys(page)	((phys_addr_t)page_to_pfn(page) << PAGE_SHIFT)
#define phys_to_page(phys)	pfn_to_page((phys) >> PAGE_SHIFT)
#define page_to_virt(page)	__va(page_to_phys(page))
#define page_address(page)	page_to_virt(page)
#define virt_to_phys(addr)	__pa(addr)
#define phys_to_virt(addr)	__va(addr)
#define kmap(page)		page_address(page)
#define kmap_local_page(page)	page_address(page)
#define kunmap(page)		((void)(page))
#define kunmap_local(addr)	((void)(addr))

/**
 * virt_addr_valid - is this an address of the direct map with RAM (or a hole below max_pfn) behind?
 */
static inline bool virt_addr_valid(const void *addr)
{
	unsigned long va = (unsigned long)addr;

	return va >= PAGE_OFFSET && va < VMALLOC_START &&
	       pfn_valid((va - PAGE_OFFSET) >> PAGE_SHIFT);
}

void clear_page(void *page);
void copy_page(void *to, const void *from);

#endif /* __ASSEMBLY__ */

#endif

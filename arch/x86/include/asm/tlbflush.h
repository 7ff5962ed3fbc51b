/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Forgetting cached translations on every CPU that may hold them. Call after the entry was changed
 * and before the page is reused. All but the local ones may wait for other CPUs: interrupts on.
 */
#ifndef _ASM_X86_TLBFLUSH_H
#define _ASM_X86_TLBFLUSH_H

#include <linux/types.h>

struct mm_struct;
struct vm_area_struct;

void flush_tlb_mm(struct mm_struct *mm);
void flush_tlb_mm_range(struct mm_struct *mm, unsigned long start, unsigned long end);
void flush_tlb_kernel_range(unsigned long start, unsigned long end);
void flush_tlb_all(void);
void flush_tlb_local(void);
void flush_tlb_one_local(unsigned long addr);

#define flush_tlb_range(mm, start, end)	flush_tlb_mm_range((mm), (start), (end))
#define flush_tlb_page(mm, addr) \
	flush_tlb_mm_range((mm), (addr) & PAGE_MASK, ((addr) & PAGE_MASK) + PAGE_SIZE)

#endif

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Page tables of the kernel's own range (vmalloc). Their tables are made once and stay, so every
 * address space sees them through the top-level entry it was born with. One lock for all.
 */
#include "pgtable.h"

static DEFINE_SPINLOCK(kernel_table_lock);	/* filling upper entries */

/* An upper entry's table, made if it is missing; NULL when there is no memory. */
static void *kernel_table(u64 *entry)
{
	u64 old = READ_ONCE(*entry);
	struct page *page;

	if (!old) {
		page = alloc_page(GFP_KERNEL | __GFP_ZERO);
		if (!page)
			return NULL;
		spin_lock(&kernel_table_lock);
		old = *entry;
		if (!old) {
			old = page_to_phys(page) | _KERNPG_TABLE;
			set_pmd((pmd_t *)entry, __pmd(old));
			page = NULL;
		}
		spin_unlock(&kernel_table_lock);
		if (page)
			__free_page(page);
	}
	return __va(old & PHYSICAL_PAGE_MASK);
}

static pte_t *kernel_pte(unsigned long addr, bool create)
{
	u64 *entry = (u64 *)pgd_offset_k(addr);
	unsigned int shift;

	for (shift = PUD_SHIFT; shift >= PAGE_SHIFT; shift -= 9) {
		u64 *table;

		if (!create && !READ_ONCE(*entry))
			return NULL;
		table = kernel_table(entry);
		if (!table)
			return NULL;
		entry = table + ((addr >> shift) & (PTRS_PER_PTE - 1));
	}
	return (pte_t *)entry;
}

/*
 * Map single frames at @addr on. The range is the caller's alone, so its entries need no lock.
 * Sleeps. 0, or -ENOMEM with nothing mapped.
 */
int pt_map_kernel(unsigned long addr, struct page **pages, unsigned int nr, pgprot_t prot)
{
	unsigned int i;

	for (i = 0; i < nr; i++, addr += PAGE_SIZE) {
		pte_t *pte = kernel_pte(addr, true);

		if (!pte) {
			pt_unmap_kernel(addr - i * PAGE_SIZE, i);
			return -ENOMEM;
		}
		ASSERT(pte_none(*pte));
		set_pte(pte, mk_pte(pages[i], prot));
	}
	return 0;
}

int pt_map_kernel_phys(unsigned long addr, phys_addr_t phys, unsigned int nr, pgprot_t prot)
{
	unsigned int i;

	for (i = 0; i < nr; i++, addr += PAGE_SIZE, phys += PAGE_SIZE) {
		pte_t *pte = kernel_pte(addr, true);

		if (!pte) {
			pt_unmap_kernel(addr - i * PAGE_SIZE, i);
			return -ENOMEM;
		}
		set_pte(pte, pfn_pte(phys >> PAGE_SHIFT, prot));
	}
	return 0;
}

/* The caller flushes before the frames or the addresses are used again. */
void pt_unmap_kernel(unsigned long addr, unsigned int nr)
{
	for (; nr; nr--, addr += PAGE_SIZE) {
		pte_t *pte = kernel_pte(addr, false);

		if (pte)
			set_pte(pte, __pte(0));
	}
}

struct page *pt_kernel_page(unsigned long addr)
{
	pte_t *pte = kernel_pte(addr, false);

	return pte && pte_present(*pte) ? pte_page(*pte) : NULL;
}

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Page-table entries: constructors and readers, all pure, and the four writers set_pte, set_pmd,
 * set_pud and set_pgd. Only mm/ (and the boot mapping in arch/x86/mm/init.c) calls a writer, under
 * the lock of the table page.
 */
#ifndef _ASM_X86_PGTABLE_H
#define _ASM_X86_PGTABLE_H

#include <asm/pgtable_types.h>

#ifndef __ASSEMBLY__

extern pgd_t swapper_pg_dir[PTRS_PER_PGD];
extern pteval_t __supported_pte_mask;	/* without _PAGE_NX when the CPU has none */

/* ---- pte ---- */

static inline pte_t pfn_pte(unsigned long pfn, pgprot_t prot)
{
	return __pte(((pteval_t)pfn << PAGE_SHIFT) | (pgprot_val(prot) & __supported_pte_mask));
}

#define mk_pte(page, prot)	pfn_pte(page_to_pfn(page), prot)
#define pte_page(pte)		pfn_to_page(pte_pfn(pte))

static inline unsigned long pte_pfn(pte_t pte)
{
	return (pte_val(pte) & PHYSICAL_PAGE_MASK) >> PAGE_SHIFT;
}

static inline pgprot_t pte_pgprot(pte_t pte)
{
	return __pgprot(pte_val(pte) & ~PHYSICAL_PAGE_MASK);
}

static inline bool pte_none(pte_t pte)
{
	return pte_val(pte) == 0;
}

/* In the sense of "a page is there": PROT_NONE pages count, though the CPU faults on them. */
static inline bool pte_present(pte_t pte)
{
	return (pte_val(pte) & (_PAGE_PRESENT | _PAGE_PROTNONE)) != 0;
}

static inline bool pte_protnone(pte_t pte)
{
	return (pte_val(pte) & (_PAGE_PRESENT | _PAGE_PROTNONE)) == _PAGE_PROTNONE;
}

static inline bool pte_write(pte_t pte)
{
	return (pte_val(pte) & _PAGE_RW) != 0;
}

static inline bool pte_exec(pte_t pte)
{
	return (pte_val(pte) & _PAGE_NX) == 0;
}

static inline bool pte_dirty(pte_t pte)
{
	return (pte_val(pte) & _PAGE_DIRTY) != 0;
}

static inline bool pte_young(pte_t pte)
{
	return (pte_val(pte) & _PAGE_ACCESSED) != 0;
}

static inline bool pte_special(pte_t pte)
{
	return (pte_val(pte) & _PAGE_SPECIAL) != 0;
}

static inline bool pte_same(pte_t a, pte_t b)
{
	return pte_val(a) == pte_val(b);
}

static inline pte_t pte_mkwrite(pte_t pte)
{
	return __pte(pte_val(pte) | _PAGE_RW);
}

static inline pte_t pte_wrprotect(pte_t pte)
{
	return __pte(pte_val(pte) & ~_PAGE_RW);
}

static inline pte_t pte_mkdirty(pte_t pte)
{
	return __pte(pte_val(pte) | _PAGE_DIRTY);
}

static inline pte_t pte_mkclean(pte_t pte)
{
	return __pte(pte_val(pte) & ~_PAGE_DIRTY);
}

static inline pte_t pte_mkyoung(pte_t pte)
{
	return __pte(pte_val(pte) | _PAGE_ACCESSED);
}

static inline pte_t pte_mkold(pte_t pte)
{
	return __pte(pte_val(pte) & ~_PAGE_ACCESSED);
}

static inline pte_t pte_mkspecial(pte_t pte)
{
	return __pte(pte_val(pte) | _PAGE_SPECIAL);
}

static inline pte_t pte_modify(pte_t pte, pgprot_t prot)
{
	return __pte((pte_val(pte) & _PAGE_CHG_MASK) |
		     (pgprot_val(prot) & ~_PAGE_CHG_MASK & __supported_pte_mask));
}

/* ---- pmd ---- */

static inline bool pmd_none(pmd_t pmd)
{
	return pmd_val(pmd) == 0;
}

static inline bool pmd_present(pmd_t pmd)
{
	return (pmd_val(pmd) & _PAGE_PRESENT) != 0;
}

static inline bool pmd_large(pmd_t pmd)
{
	return (pmd_val(pmd) & (_PAGE_PRESENT | _PAGE_PSE)) == (_PAGE_PRESENT | _PAGE_PSE);
}

static inline bool pmd_write(pmd_t pmd)
{
	return (pmd_val(pmd) & _PAGE_RW) != 0;
}

static inline pmd_t pmd_mkwrite(pmd_t pmd)
{
	return __pmd(pmd_val(pmd) | _PAGE_RW);
}

static inline pmd_t pmd_wrprotect(pmd_t pmd)
{
	return __pmd(pmd_val(pmd) & ~_PAGE_RW);
}

static inline bool pmd_same(pmd_t a, pmd_t b)
{
	return pmd_val(a) == pmd_val(b);
}

static inline unsigned long pmd_pfn(pmd_t pmd)
{
	return (pmd_val(pmd) & PHYSICAL_PAGE_MASK) >> PAGE_SHIFT;
}

/* ---- pud ---- */

static inline bool pud_none(pud_t pud)
{
	return pud_val(pud) == 0;
}

static inline bool pud_present(pud_t pud)
{
	return (pud_val(pud) & _PAGE_PRESENT) != 0;
}

static inline bool pud_large(pud_t pud)
{
	return (pud_val(pud) & (_PAGE_PRESENT | _PAGE_PSE)) == (_PAGE_PRESENT | _PAGE_PSE);
}

static inline bool pud_write(pud_t pud)
{
	return (pud_val(pud) & _PAGE_RW) != 0;
}

static inline pud_t pud_mkwrite(pud_t pud)
{
	return __pud(pud_val(pud) | _PAGE_RW);
}

static inline pud_t pud_wrprotect(pud_t pud)
{
	return __pud(pud_val(pud) & ~_PAGE_RW);
}

static inline bool pud_same(pud_t a, pud_t b)
{
	return pud_val(a) == pud_val(b);
}

static inline unsigned long pud_pfn(pud_t pud)
{
	return (pud_val(pud) & PHYSICAL_PAGE_MASK) >> PAGE_SHIFT;
}

/* ---- pgd ---- */

static inline bool pgd_none(pgd_t pgd)
{
	return pgd_val(pgd) == 0;
}

static inline bool pgd_present(pgd_t pgd)
{
	return (pgd_val(pgd) & _PAGE_PRESENT) != 0;
}

static inline bool pgd_write(pgd_t pgd)
{
	return (pgd_val(pgd) & _PAGE_RW) != 0;
}

static inline pgd_t pgd_mkwrite(pgd_t pgd)
{
	return __pgd(pgd_val(pgd) | _PAGE_RW);
}

static inline pgd_t pgd_wrprotect(pgd_t pgd)
{
	return __pgd(pgd_val(pgd) & ~_PAGE_RW);
}

static inline bool pgd_same(pgd_t a, pgd_t b)
{
	return pgd_val(a) == pgd_val(b);
}

static inline unsigned long pgd_pfn(pgd_t pgd)
{
	return (pgd_val(pgd) & PHYSICAL_PAGE_MASK) >> PAGE_SHIFT;
}

/* ---- walking ---- */

static inline unsigned long pte_index(unsigned long addr)
{
	return (addr >> PAGE_SHIFT) & (PTRS_PER_PTE - 1);
}

static inline unsigned long pmd_index(unsigned long addr)
{
	return (addr >> PMD_SHIFT) & (PTRS_PER_PMD - 1);
}

static inline unsigned long pud_index(unsigned long addr)
{
	return (addr >> PUD_SHIFT) & (PTRS_PER_PUD - 1);
}

static inline unsigned long pgd_index(unsigned long addr)
{
	return (addr >> PGDIR_SHIFT) & (PTRS_PER_PGD - 1);
}

/* The table an entry points at, as a direct-map address. */
static inline pud_t *pgd_table(pgd_t pgd)
{
	return (pud_t *)__va(pgd_val(pgd) & PHYSICAL_PAGE_MASK);
}

static inline pmd_t *pud_table(pud_t pud)
{
	return (pmd_t *)__va(pud_val(pud) & PHYSICAL_PAGE_MASK);
}

static inline pte_t *pmd_table(pmd_t pmd)
{
	return (pte_t *)__va(pmd_val(pmd) & PHYSICAL_PAGE_MASK);
}

#define pgd_page(pgd)	pfn_to_page(pgd_pfn(pgd))
#define pud_page(pud)	pfn_to_page(pud_pfn(pud))
#define pmd_page(pmd)	pfn_to_page(pmd_pfn(pmd))

static inline pgd_t *pgd_offset_pgd(pgd_t *pgd, unsigned long addr)
{
	return pgd + pgd_index(addr);
}

#define pgd_offset(mm, addr)	pgd_offset_pgd((mm)->pgd, (addr))
#define pgd_offset_k(addr)	pgd_offset_pgd(swapper_pg_dir, (addr))

static inline pud_t *pud_offset(pgd_t *pgd, unsigned long addr)
{
	return pgd_table(*pgd) + pud_index(addr);
}

static inline pmd_t *pmd_offset(pud_t *pud, unsigned long addr)
{
	return pud_table(*pud) + pmd_index(addr);
}

static inline pte_t *pte_offset_kernel(pmd_t *pmd, unsigned long addr)
{
	return pmd_table(*pmd) + pte_index(addr);
}

#define __pxd_addr_end(addr, end, size)					\
({									\
	unsigned long __pae = ((addr) + (size)) & ~((size) - 1);	\
	(__pae - 1 < (end) - 1) ? __pae : (end);			\
})
#define pgd_addr_end(addr, end)	__pxd_addr_end(addr, end, PGDIR_SIZE)
#define pud_addr_end(addr, end)	__pxd_addr_end(addr, end, PUD_SIZE)
#define pmd_addr_end(addr, end)	__pxd_addr_end(addr, end, PMD_SIZE)

/* ---- writing: one store each, never torn; the caller flushes the TLB ---- */

static inline void set_pte(pte_t *ptep, pte_t pte)
{
	__atomic_store_n(&ptep->pte, pte.pte, __ATOMIC_RELAXED);
}

static inline void set_pmd(pmd_t *pmdp, pmd_t pmd)
{
	__atomic_store_n(&pmdp->pmd, pmd.pmd, __ATOMIC_RELEASE);
}

static inline void set_pud(pud_t *pudp, pud_t pud)
{
	__atomic_store_n(&pudp->pud, pud.pud, __ATOMIC_RELEASE);
}

static inline void set_pgd(pgd_t *pgdp, pgd_t pgd)
{
	__atomic_store_n(&pgdp->pgd, pgd.pgd, __ATOMIC_RELEASE);
}

/* The CPU may set accessed and dirty behind our back: these never lose such a bit. */
static inline pte_t ptep_get_and_clear(pte_t *ptep)
{
	return __pte(__atomic_exchange_n(&ptep->pte, 0, __ATOMIC_ACQ_REL));
}

static inline bool ptep_cmpxchg(pte_t *ptep, pte_t old, pte_t new)
{
	return __atomic_compare_exchange_n(&ptep->pte, &old.pte, new.pte, false,
					   __ATOMIC_ACQ_REL, __ATOMIC_RELAXED);
}

static inline pte_t ptep_get(const pte_t *ptep)
{
	return __pte(__atomic_load_n(&ptep->pte, __ATOMIC_RELAXED));
}

static inline pmd_t pmdp_get(const pmd_t *pmdp)
{
	return __pmd(__atomic_load_n(&pmdp->pmd, __ATOMIC_ACQUIRE));
}

static inline pud_t pudp_get(const pud_t *pudp)
{
	return __pud(__atomic_load_n(&pudp->pud, __ATOMIC_ACQUIRE));
}

static inline pgd_t pgdp_get(const pgd_t *pgdp)
{
	return __pgd(__atomic_load_n(&pgdp->pgd, __ATOMIC_ACQUIRE));
}

#endif /* __ASSEMBLY__ */

#endif

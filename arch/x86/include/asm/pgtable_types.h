/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a page-table entry looks like (SDM vol. 3, 4.5): types, bits and protections.
 */
#ifndef _ASM_X86_PGTABLE_TYPES_H
#define _ASM_X86_PGTABLE_TYPES_H

#include <asm/page.h>

#define PTE_SHIFT	12
#define PMD_SHIFT	21
#define PUD_SHIFT	30
#define PGDIR_SHIFT	39

#define PMD_SIZE	(_PG_UL(1) << PMD_SHIFT)
#define PMD_MASK	(~(PMD_SIZE - 1))
#define PUD_SIZE	(_PG_UL(1) << PUD_SHIFT)
#define PUD_MASK	(~(PUD_SIZE - 1))
#define PGDIR_SIZE	(_PG_UL(1) << PGDIR_SHIFT)
#define PGDIR_MASK	(~(PGDIR_SIZE - 1))

#define PTRS_PER_PTE	512
#define PTRS_PER_PMD	512
#define PTRS_PER_PUD	512
#define PTRS_PER_PGD	512
#define USER_PTRS_PER_PGD	256
#define KERNEL_PGD_BOUNDARY	256

#define _PAGE_PRESENT	(_PG_UL(1) << 0)
#define _PAGE_RW	(_PG_UL(1) << 1)
#define _PAGE_USER	(_PG_UL(1) << 2)
#define _PAGE_PWT	(_PG_UL(1) << 3)
#define _PAGE_PCD	(_PG_UL(1) << 4)
#define _PAGE_ACCESSED	(_PG_UL(1) << 5)
#define _PAGE_DIRTY	(_PG_UL(1) << 6)
#define _PAGE_PSE	(_PG_UL(1) << 7)
#define _PAGE_GLOBAL	(_PG_UL(1) << 8)
#define _PAGE_SPECIAL	(_PG_UL(1) << 9)	/* software: no struct page reference behind it */
#define _PAGE_SOFTW2	(_PG_UL(1) << 10)
#define _PAGE_SOFTW3	(_PG_UL(1) << 11)
/* Software, only with PRESENT clear: PROT_NONE. The hardware's GLOBAL bit is free then. */
#define _PAGE_PROTNONE	_PAGE_GLOBAL
#define _PAGE_NX	(_PG_UL(1) << 63)

#define _PAGE_TABLE	(_PAGE_PRESENT | _PAGE_RW | _PAGE_USER | _PAGE_ACCESSED)
#define _KERNPG_TABLE	(_PAGE_PRESENT | _PAGE_RW | _PAGE_ACCESSED)
/* What pte_modify() keeps of the old entry. */
#define _PAGE_CHG_MASK	(PHYSICAL_PAGE_MASK | _PAGE_PCD | _PAGE_PWT | _PAGE_SPECIAL | \
			 _PAGE_ACCESSED | _PAGE_DIRTY)

#ifndef __ASSEMBLY__

#include <linux/types.h>

typedef u64 pteval_t;
typedef u64 pmdval_t;
typedef u64 pudval_t;
typedef u64 pgdval_t;
typedef u64 pgprotval_t;

typedef struct { pteval_t pte; } pte_t;
typedef struct { pmdval_t pmd; } pmd_t;
typedef struct { pudval_t pud; } pud_t;
typedef struct { pgdval_t pgd; } pgd_t;
typedef struct { pgprotval_t pgprot; } pgprot_t;

#define __pte(x)	((pte_t){ (x) })
#define __pmd(x)	((pmd_t){ (x) })
#define __pud(x)	((pud_t){ (x) })
#define __pgd(x)	((pgd_t){ (x) })
#define __pgprot(x)	((pgprot_t){ (x) })
#define pte_val(x)	((x).pte)
#define pmd_val(x)	((x).pmd)
#define pud_val(x)	((x).pud)
#define pgd_val(x)	((x).pgd)
#define pgprot_val(x)	((x).pgprot)

#define PAGE_NONE	__pgprot(_PAGE_PROTNONE | _PAGE_ACCESSED)
#define PAGE_READONLY	__pgprot(_PAGE_PRESENT | _PAGE_USER | _PAGE_ACCESSED | _PAGE_NX)
#define PAGE_READONLY_EXEC __pgprot(_PAGE_PRESENT | _PAGE_USER | _PAGE_ACCESSED)
#define PAGE_SHARED	__pgprot(_PAGE_PRESENT | _PAGE_RW | _PAGE_USER | _PAGE_ACCESSED | _PAGE_NX)
#define PAGE_SHARED_EXEC __pgprot(_PAGE_PRESENT | _PAGE_RW | _PAGE_USER | _PAGE_ACCESSED)
#define PAGE_COPY	PAGE_READONLY
#define PAGE_COPY_EXEC	PAGE_READONLY_EXEC

#define __KERNEL_BITS	(_PAGE_PRESENT | _PAGE_ACCESSED | _PAGE_DIRTY | _PAGE_GLOBAL)
#define PAGE_KERNEL	__pgprot(__KERNEL_BITS | _PAGE_RW | _PAGE_NX)
#define PAGE_KERNEL_RO	__pgprot((__KERNEL_BITS & ~_PAGE_DIRTY) | _PAGE_NX)
#define PAGE_KERNEL_ROX	__pgprot(__KERNEL_BITS & ~_PAGE_DIRTY)
#define PAGE_KERNEL_NOCACHE \
	__pgprot(__KERNEL_BITS | _PAGE_RW | _PAGE_NX | _PAGE_PCD | _PAGE_PWT)

#endif /* __ASSEMBLY__ */

#endif

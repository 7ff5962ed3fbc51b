// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kernel's own page tables: all RAM in the direct map, writable and never executable; the image
 * at __START_KERNEL_map with each part's protection; no page both writable and executable.
 * Boot CPU, before the page allocator; afterwards only protections of the image change.
 */
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/memblock.h>
#include <linux/mm.h>
#include <linux/panic.h>
#include <linux/selftest.h>
#include <asm/cpufeature.h>
#include <asm/desc.h>
#include <asm/io.h>
#include <asm/pgtable.h>
#include <asm/processor.h>
#include <asm/sections.h>
#include <asm/tlbflush.h>
#include <asm/vdso.h>

#define EARLY_MAPPED	(1UL << 30)	/* what head.S has mapped */

pteval_t __supported_pte_mask = ~0UL;

static u64 prot_bits(pgprot_t prot)
{
	return pgprot_val(prot) & __supported_pte_mask;
}

static void *alloc_table(void)
{
	return memblock_alloc(PAGE_SIZE, PAGE_SIZE);
}

static pud_t *get_pud(unsigned long va)
{
	pgd_t *pgd = pgd_offset_k(va);

	if (pgd_none(*pgd))
		set_pgd(pgd, __pgd(__pa(alloc_table()) | _KERNPG_TABLE));
	return pud_offset(pgd, va);
}

static pmd_t *get_pmd(unsigned long va)
{
	pud_t *pud = get_pud(va);

	if (pud_none(*pud))
		set_pud(pud, __pud(__pa(alloc_table()) | _KERNPG_TABLE));
	return pmd_offset(pud, va);
}

static pte_t *get_pte(unsigned long va)
{
	pmd_t *pmd = get_pmd(va);

	if (pmd_none(*pmd))
		set_pmd(pmd, __pmd(__pa(alloc_table()) | _KERNPG_TABLE));
	return pte_offset_kernel(pmd, va);
}

static bool overlaps_image(phys_addr_t base, phys_addr_t size)
{
	return base < __pa_symbol(_end) && base + size > KERNEL_LOAD_PHYS;
}

/* Text and read-only data must not be writable through the direct map either. */
static pgprot_t direct_map_prot(phys_addr_t phys)
{
	if (phys >= __pa_symbol(_text) && phys < __pa_symbol(__init_data_begin))
		return PAGE_KERNEL_RO;
	return PAGE_KERNEL;
}

static phys_addr_t map_direct_step(phys_addr_t phys, phys_addr_t end)
{
	unsigned long va = (unsigned long)__va(phys);

	if (IS_ALIGNED(phys, PUD_SIZE) && phys + PUD_SIZE <= end &&
	    boot_cpu_has(X86_FEATURE_GBPAGES) && !overlaps_image(phys, PUD_SIZE)) {
		set_pud(get_pud(va), __pud(phys | prot_bits(PAGE_KERNEL) | _PAGE_PSE));
		return PUD_SIZE;
	}
	if (IS_ALIGNED(phys, PMD_SIZE) && phys + PMD_SIZE <= end &&
	    !overlaps_image(phys, PMD_SIZE)) {
		set_pmd(get_pmd(va), __pmd(phys | prot_bits(PAGE_KERNEL) | _PAGE_PSE));
		return PMD_SIZE;
	}
	set_pte(get_pte(va), __pte(phys | prot_bits(direct_map_prot(phys))));
	return PAGE_SIZE;
}

static void map_direct(phys_addr_t start, phys_addr_t end)
{
	while (start < end)
		start += map_direct_step(start, end);
}

static void map_image(const char *start, const char *end, pgprot_t prot)
{
	for (unsigned long va = (unsigned long)start; va < (unsigned long)end; va += PAGE_SIZE)
		set_pte(get_pte(va), __pte(__pa_symbol(va) | prot_bits(prot)));
}

static void map_all_ram(void)
{
	for (unsigned int i = 0; i < memblock.memory.count; i++) {
		const struct memblock_region *r = &memblock.memory.regions[i];

		map_direct(r->base, r->base + r->size);
	}
}

/* The BIOS area, where ACPI's first table is. */
#define BIOS_START	0x000a0000UL
#define BIOS_END	0x00100000UL

/* Device registers have a top-level slot of their own. */
#define EARLY_IOREMAP_START	0xffffff0000000000UL

static unsigned long early_ioremap_next = EARLY_IOREMAP_START;

/**
 * early_ioremap - map device registers or firmware tables for good
 * @phys: need not be aligned   @size: bytes
 *
 * Context: boot, boot CPU.
 * Return: the kernel address, uncached.
 */
void *__init early_ioremap(phys_addr_t phys, size_t size)
{
	phys_addr_t start = phys & PAGE_MASK, end = PAGE_ALIGN(phys + size);
	unsigned long va = early_ioremap_next;

	for (; start < end; start += PAGE_SIZE, early_ioremap_next += PAGE_SIZE)
		set_pte(get_pte(early_ioremap_next), __pte(start | prot_bits(PAGE_KERNEL_NOCACHE)));
	early_ioremap_next += PAGE_SIZE;
	return (void *)(va + offset_in_page(phys));
}

/**
 * kernel_mapping_init - build swapper_pg_dir and use it
 *
 * Context: boot CPU, once, with memblock filled.
 */
void __init kernel_mapping_init(void)
{
	if (!boot_cpu_has(X86_FEATURE_NX)) {
		__supported_pte_mask = ~_PAGE_NX;
		pr_warn("This CPU cannot protect data from execution (no NX)\n");
	}
	memblock_limit = EARLY_MAPPED;
	map_all_ram();
	map_direct(BIOS_START, BIOS_END);
	map_image(_text, __start_rodata, PAGE_KERNEL_ROX);
	/* Writable until mark_rodata_ro(): boot sorts tables in it. */
	map_image(__start_rodata, __end_rodata, PAGE_KERNEL);
	map_image(__init_begin, __init_data_begin, PAGE_KERNEL_ROX);
	map_image(__init_data_begin, _end, PAGE_KERNEL);
	/* Each kernel half slot that may be filled later exists now: no mm lacks it. */
	get_pud(VMALLOC_START);
	get_pud(EARLY_IOREMAP_START);
	write_cr3(__pa_symbol(swapper_pg_dir));
	memblock_limit = ~0UL;
}

/**
 * mark_rodata_ro - from now on nothing changes text or constants
 */
void __init mark_rodata_ro(void)
{
	map_image(__start_rodata, __end_rodata, PAGE_KERNEL_RO);
	map_image((const char *)idt, (const char *)(idt + 256), PAGE_KERNEL_RO);
	map_image(vdso_image, vdso_image + PAGE_SIZE, PAGE_KERNEL_RO);
	flush_tlb_all();
}

/**
 * free_initmem - boot code and data are not needed any more
 *
 * The code is overwritten with breakpoints: who calls it late through the direct map stops there,
 * and an emulator that keeps translations by page forgets those of a page that becomes data (QEMU
 * took every write to a task there for code that changes itself).
 *
 * Context: task; all CPUs are up and no __init function is running.
 */
void free_initmem(void)
{
	for (char *p = __init_begin; p < __init_end; p += PAGE_SIZE) {
		set_pte(get_pte((unsigned long)p), __pte(0));
		set_pte(get_pte((unsigned long)__va(__pa(p))),
			__pte(__pa(p) | prot_bits(PAGE_KERNEL)));
	}
	flush_tlb_all();
	memset(__va(__pa(__init_begin)), 0xcc, __init_end - __init_begin);
	free_reserved_area(__va(__pa(__init_begin)), __va(__pa(__init_end)), "boot code");
}

/* ---- proof: no page is both writable and executable, and user bits are nowhere ---- */

struct walk {
	unsigned long pages, writable_executable, user;
};

static void note_leaf(struct walk *w, u64 entry, u64 above)
{
	u64 bits = entry & above;

	w->pages++;
	if ((bits & _PAGE_RW) && !(entry & _PAGE_NX) && __supported_pte_mask == ~0UL)
		w->writable_executable++;
	if (bits & _PAGE_USER)
		w->user++;
}

static void walk_pmd(struct walk *w, const pmd_t *table, u64 above)
{
	for (int i = 0; i < PTRS_PER_PMD; i++) {
		pmd_t pmd = table[i];

		if (!pmd_present(pmd))
			continue;
		if (pmd_large(pmd)) {
			note_leaf(w, pmd_val(pmd), above);
			continue;
		}
		for (int k = 0; k < PTRS_PER_PTE; k++) {
			pte_t pte = pmd_table(pmd)[k];

			if (pte_val(pte) & _PAGE_PRESENT)
				note_leaf(w, pte_val(pte), above & pmd_val(pmd));
		}
	}
}

static void walk_pud(struct walk *w, const pud_t *table, u64 above)
{
	for (int i = 0; i < PTRS_PER_PUD; i++) {
		pud_t pud = table[i];

		if (!pud_present(pud))
			continue;
		if (pud_large(pud))
			note_leaf(w, pud_val(pud), above);
		else
			walk_pmd(w, pud_table(pud), above & pud_val(pud));
	}
}

SELFTEST(arch, no_page_writable_and_executable)
{
	struct walk w = { };

	for (int i = KERNEL_PGD_BOUNDARY; i < PTRS_PER_PGD; i++)
		if (pgd_present(swapper_pg_dir[i]))
			walk_pud(&w, pgd_table(swapper_pg_dir[i]), pgd_val(swapper_pg_dir[i]));
	KT_EXPECT(w.pages > 0);
	KT_EXPECT_EQ(w.writable_executable, 0);
	KT_EXPECT_EQ(w.user, 0);
}

SELFTEST(arch, text_and_constants_are_read_only)
{
	static const int constant = 1;
	u64 text = pte_val(*get_pte((unsigned long)_text));
	u64 alias = pte_val(*get_pte((unsigned long)__va(__pa(_text))));
	u64 rodata = pte_val(*get_pte((unsigned long)&constant));

	KT_EXPECT(!(text & _PAGE_RW) && !(text & _PAGE_NX));
	KT_EXPECT(!(alias & _PAGE_RW));
	KT_EXPECT(!(pte_val(*get_pte((unsigned long)idt)) & _PAGE_RW));
	KT_EXPECT(!(pte_val(*get_pte((unsigned long)vdso_image)) & _PAGE_RW));
	KT_EXPECT(!(rodata & _PAGE_RW));
	KT_EXPECT(__supported_pte_mask != ~0UL || ((rodata & _PAGE_NX) && (alias & _PAGE_NX)));
}

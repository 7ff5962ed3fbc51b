// SPDX-License-Identifier: GPL-2.0-only
/*
 * The interrupt descriptor table: one for all CPUs, filled once at boot and then read-only.
 */
#include <linux/init.h>
#include <linux/kernel.h>
#include <asm/desc.h>
#include <asm/entry.h>
#include <asm/irq_vectors.h>

/* A page of its own: mark_rodata_ro() makes it read-only. */
struct idt_gate idt[256] __aligned(4096) __section(".data.page_aligned");

static u8 ist_of(int vector)
{
	switch (vector) {
	case X86_TRAP_DF:
		return IST_INDEX_DF;
	case X86_TRAP_NMI:
		return IST_INDEX_NMI;
	case X86_TRAP_MC:
		return IST_INDEX_MCE;
	case X86_TRAP_DB:
		return IST_INDEX_DB;
	default:
		return 0;
	}
}

static void set_gate(int vector, const void *entry)
{
	unsigned long addr = (unsigned long)entry;

	idt[vector] = (struct idt_gate){
		.offset_low = (u16)addr,
		.selector = __KERNEL_CS,
		.ist = ist_of(vector),
		.type = vector == X86_TRAP_BP || vector == X86_TRAP_OF ? GATE_USER : GATE_INTERRUPT,
		.offset_middle = (u16)(addr >> 16),
		.offset_high = (u32)(addr >> 32),
	};
}

/* Use the table on this CPU. */
void idt_load(void)
{
	struct desc_ptr ptr = { sizeof(idt) - 1, (unsigned long)idt };

	asm volatile("lidt %0" : : "m" (ptr));
}

void __init idt_init(void)
{
	for (int i = 0; i < FIRST_EXTERNAL_VECTOR; i++)
		set_gate(i, exception_stubs[i]);
	for (int i = FIRST_EXTERNAL_VECTOR; i < 256; i++)
		set_gate(i, interrupt_stubs[i - FIRST_EXTERNAL_VECTOR]);
	idt_load();
}

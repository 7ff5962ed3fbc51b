/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Descriptor tables in the format of SDM vol. 3, chapters 3 and 6.
 */
#ifndef _ASM_X86_DESC_H
#define _ASM_X86_DESC_H

#include <linux/compiler.h>
#include <linux/types.h>
#include <asm/segment.h>

struct desc_ptr {
	u16 size;	/* bytes - 1 */
	u64 address;
} __packed;

struct idt_gate {
	u16 offset_low;
	u16 selector;
	u8 ist;
	u8 type;	/* present, privilege, gate type */
	u16 offset_middle;
	u32 offset_high;
	u32 reserved;
};

extern struct idt_gate idt[256];	/* one page */

struct gdt_page {
	u64 entries[GDT_ENTRIES];
} __aligned(64);

#define GATE_INTERRUPT	0x8e	/* present, ring 0, interrupts off on entry */
#define GATE_USER	0xee	/* the same, and user mode may use INT */

#endif

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Segment selectors. The order is fixed by SYSCALL/SYSRET (SDM vol. 2, SYSRET): kernel code, kernel
 * data; then user 32-bit code, user data, user 64-bit code.
 */
#ifndef _ASM_X86_SEGMENT_H
#define _ASM_X86_SEGMENT_H

#define GDT_ENTRY_KERNEL32_CS	1
#define GDT_ENTRY_KERNEL_CS	2
#define GDT_ENTRY_KERNEL_DS	3
#define GDT_ENTRY_USER32_CS	4
#define GDT_ENTRY_USER_DS	5
#define GDT_ENTRY_USER_CS	6
#define GDT_ENTRY_TSS		8	/* takes two slots */
#define GDT_ENTRY_TLS_MIN	12
#define GDT_ENTRY_TLS_MAX	14
#define GDT_ENTRY_CPUNODE	15
#define GDT_ENTRIES		16

#define __KERNEL32_CS	(GDT_ENTRY_KERNEL32_CS * 8)
#define __KERNEL_CS	(GDT_ENTRY_KERNEL_CS * 8)
#define __KERNEL_DS	(GDT_ENTRY_KERNEL_DS * 8)
#define __USER32_CS	(GDT_ENTRY_USER32_CS * 8 + 3)
#define __USER_DS	(GDT_ENTRY_USER_DS * 8 + 3)
#define __USER_CS	(GDT_ENTRY_USER_CS * 8 + 3)
#define __CPUNODE_SEG	(GDT_ENTRY_CPUNODE * 8 + 3)

#endif

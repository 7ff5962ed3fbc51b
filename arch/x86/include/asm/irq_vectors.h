/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The 256 interrupt vectors: 0-31 exceptions, 32-47 ISA interrupts through the IOAPIC, then the
 * local ones. A higher number is a higher priority for the local APIC.
 */
#ifndef _ASM_X86_IRQ_VECTORS_H
#define _ASM_X86_IRQ_VECTORS_H

#define X86_TRAP_DE	0
#define X86_TRAP_DB	1
#define X86_TRAP_NMI	2
#define X86_TRAP_BP	3
#define X86_TRAP_OF	4
#define X86_TRAP_BR	5
#define X86_TRAP_UD	6
#define X86_TRAP_NM	7
#define X86_TRAP_DF	8
#define X86_TRAP_TS	10
#define X86_TRAP_NP	11
#define X86_TRAP_SS	12
#define X86_TRAP_GP	13
#define X86_TRAP_PF	14
#define X86_TRAP_MF	16
#define X86_TRAP_AC	17
#define X86_TRAP_MC	18
#define X86_TRAP_XF	19

#define FIRST_EXTERNAL_VECTOR	32
#define NR_IRQS			24
#define IRQ_VECTOR(irq)		(FIRST_EXTERNAL_VECTOR + (irq))

#define CALL_FUNCTION_VECTOR	0xfb
#define RESCHEDULE_VECTOR	0xfc
#define LOCAL_TIMER_VECTOR	0xec
#define REBOOT_VECTOR		0xf8
#define ERROR_APIC_VECTOR	0xfe
#define SPURIOUS_APIC_VECTOR	0xff

#define IST_INDEX_DF		1
#define IST_INDEX_NMI		2
#define IST_INDEX_MCE		3
#define IST_INDEX_DB		4
#define IST_STACKS		4

#endif

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The interrupt flag of this CPU.
 */
#ifndef _ASM_X86_IRQFLAGS_H
#define _ASM_X86_IRQFLAGS_H

#include <uapi/linux/const.h>

#define X86_EFLAGS_CF	_AC(0x00000001, UL)
#define X86_EFLAGS_PF	_AC(0x00000004, UL)
#define X86_EFLAGS_AF	_AC(0x00000010, UL)
#define X86_EFLAGS_ZF	_AC(0x00000040, UL)
#define X86_EFLAGS_SF	_AC(0x00000080, UL)
#define X86_EFLAGS_TF	_AC(0x00000100, UL)
#define X86_EFLAGS_IF	_AC(0x00000200, UL)
#define X86_EFLAGS_DF	_AC(0x00000400, UL)
#define X86_EFLAGS_OF	_AC(0x00000800, UL)
#define X86_EFLAGS_IOPL	_AC(0x00003000, UL)
#define X86_EFLAGS_NT	_AC(0x00004000, UL)
#define X86_EFLAGS_RF	_AC(0x00010000, UL)
#define X86_EFLAGS_AC	_AC(0x00040000, UL)
#define X86_EFLAGS_ID	_AC(0x00200000, UL)
#define X86_EFLAGS_FIXED _AC(0x00000002, UL)

#ifndef __ASSEMBLY__

static inline __attribute__((always_inline)) unsigned long native_save_fl(void)
{
	unsigned long flags;

	asm volatile("pushfq; popq %0" : "=rm" (flags) : : "memory");
	return flags;
}

static inline __attribute__((always_inline)) void arch_local_irq_disable(void)
{
	asm volatile("cli" : : : "memory");
}

static inline __attribute__((always_inline)) void arch_local_irq_enable(void)
{
	asm volatile("sti" : : : "memory");
}

static inline __attribute__((always_inline)) unsigned long arch_local_irq_save(void)
{
	unsigned long flags = native_save_fl();

	arch_local_irq_disable();
	return flags;
}

static inline __attribute__((always_inline)) void arch_local_irq_restore(unsigned long flags)
{
	if (flags & X86_EFLAGS_IF)
		arch_local_irq_enable();
}

/* Enable interrupts and halt with no window between: STI waits for the next instruction. */
static inline __attribute__((always_inline)) void arch_safe_halt(void)
{
	asm volatile("sti; hlt" : : : "memory");
}

#define local_irq_disable()	arch_local_irq_disable()
#define local_irq_enable()	arch_local_irq_enable()
#define local_irq_save(flags)	do { (flags) = arch_local_irq_save(); } while (0)
#define local_irq_restore(flags) arch_local_irq_restore(flags)
#define local_save_flags(flags)	do { (flags) = native_save_fl(); } while (0)
#define irqs_disabled_flags(flags) (!((flags) & X86_EFLAGS_IF))
#define irqs_disabled()		irqs_disabled_flags(native_save_fl())
#define safe_halt()		arch_safe_halt()

#endif /* __ASSEMBLY__ */

#endif

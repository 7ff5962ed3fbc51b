/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The registers that the current interrupt saved; NULL outside of interrupts. The entry code sets
 * them for the tick, which wants to know whether it hit user mode.
 */
#ifndef _ASM_X86_IRQ_REGS_H
#define _ASM_X86_IRQ_REGS_H

#include <asm/percpu.h>

struct pt_regs;

DECLARE_PER_CPU(struct pt_regs *, irq_regs);

static inline struct pt_regs *get_irq_regs(void)
{
	return this_cpu_read(irq_regs);
}

/* Return: what to set again when the interrupt is over. */
static inline struct pt_regs *set_irq_regs(struct pt_regs *regs)
{
	struct pt_regs *old = this_cpu_read(irq_regs);

	this_cpu_write(irq_regs, regs);
	return old;
}

#endif

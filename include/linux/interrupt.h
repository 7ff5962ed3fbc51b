/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Device interrupts (ISA numbers 0-15 and the IOAPIC's others up to NR_IRQS). A handler runs with
 * interrupts off in hard interrupt context and does not sleep.
 */
#ifndef _LINUX_INTERRUPT_H
#define _LINUX_INTERRUPT_H

#include <linux/types.h>
#include <asm/irqflags.h>
#include <asm/irq_vectors.h>

struct pt_regs;
struct seq_file;

typedef enum {
	IRQ_NONE = 0,
	IRQ_HANDLED = 1,
	IRQ_WAKE_THREAD = 2,
} irqreturn_t;

typedef irqreturn_t (*irq_handler_t)(int irq, void *dev);

#define IRQF_SHARED	0x00000080

/**
 * request_irq - connect a handler and open the line
 * @name: shown in /proc/interrupts; not copied
 * Context: may sleep.
 * Return: 0, -EINVAL (no such line, no handler), -EBUSY (taken and not shared by both).
 */
int request_irq(unsigned int irq, irq_handler_t handler, unsigned long flags, const char *name,
		void *dev);
/* Disconnect; on return the handler is not running on any CPU. */
void free_irq(unsigned int irq, void *dev);
void disable_irq(unsigned int irq);
void enable_irq(unsigned int irq);

/* /proc/interrupts and the "intr" line of /proc/stat. */
int show_interrupts(struct seq_file *m);
u64 irq_count_total(void);
u64 irq_count(unsigned int irq);

#endif

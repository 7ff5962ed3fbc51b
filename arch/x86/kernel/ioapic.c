// SPDX-License-Identifier: GPL-2.0-only
/*
 * The IOAPICs: which pin a device interrupt arrives at and which CPU gets it. ioapic_lock guards
 * the index/data register pairs.
 */
#include <linux/init.h>
#include <linux/interrupt.h>
#include <linux/kernel.h>
#include <linux/spinlock.h>
#include <asm/apic.h>
#include <asm/io.h>

#define MAX_IOAPICS	4
#define IOAPIC_VERSION	1
#define IOAPIC_REDIRECT	0x10
#define REDIR_LEVEL	(1U << 15)
#define REDIR_LOW	(1U << 13)
#define REDIR_MASKED	(1U << 16)

/* ACPI's flags of an override: polarity in bits 0-1, trigger in bits 2-3; 3 is low or level. */
#define OVERRIDE_POLARITY(f)	((f) & 3)
#define OVERRIDE_TRIGGER(f)	(((f) >> 2) & 3)

/*
 * Locks: [I] immutable after boot   [l] ioapic_lock for the registers
 */
struct ioapic {
	volatile char *base;	/* [I] registers [l] */
	u32 gsi_base, pins;	/* [I] */
};

static DEFINE_SPINLOCK(ioapic_lock);
static struct ioapic ioapics[MAX_IOAPICS];
static int nr_ioapics;
static u32 irq_gsi[NR_IRQS];	/* [I] global interrupt of each ISA number */
static u16 irq_flags[NR_IRQS];	/* [I] OVERRIDE_ bits */
static u32 irq_redirect[NR_IRQS];	/* [l] low word last written */

static u32 ioapic_read(const struct ioapic *io, u32 reg)
{
	writel(reg, io->base);
	return readl(io->base + 0x10);
}

static void ioapic_write(const struct ioapic *io, u32 reg, u32 value)
{
	writel(reg, io->base);
	writel(value, io->base + 0x10);
}

/* Boot: a controller that ACPI names. All its pins are closed. */
void __init ioapic_add(u64 phys, u32 gsi_base)
{
	struct ioapic *io = &ioapics[nr_ioapics];

	if (nr_ioapics == MAX_IOAPICS)
		return;
	if (!nr_ioapics)
		for (u32 i = 0; i < NR_IRQS; i++)
			irq_gsi[i] = irq_gsi[i] ?: i;
	nr_ioapics++;
	io->base = early_ioremap(phys, PAGE_SIZE);
	io->gsi_base = gsi_base;
	io->pins = ((ioapic_read(io, IOAPIC_VERSION) >> 16) & 255) + 1;
	for (u32 pin = 0; pin < io->pins; pin++)
		ioapic_write(io, IOAPIC_REDIRECT + 2 * pin, REDIR_MASKED);
}

/* Boot: ISA number @isa_irq arrives at another pin or in another manner than the standard says. */
void __init ioapic_override(u8 isa_irq, u32 gsi, u16 flags)
{
	if (isa_irq >= NR_IRQS)
		return;
	irq_gsi[isa_irq] = gsi;
	irq_flags[isa_irq] = flags;
}

static const struct ioapic *ioapic_of(u32 gsi)
{
	for (int i = 0; i < nr_ioapics; i++)
		if (gsi >= ioapics[i].gsi_base && gsi - ioapics[i].gsi_base < ioapics[i].pins)
			return &ioapics[i];
	return NULL;
}

static void write_redirect(int irq, u32 low)
{
	const struct ioapic *io = ioapic_of(irq_gsi[irq]);

	if (!io)
		return;
	irq_redirect[irq] = low;
	ioapic_write(io, IOAPIC_REDIRECT + 2 * (irq_gsi[irq] - io->gsi_base), low);
}

/**
 * ioapic_enable_irq - route an ISA interrupt to a CPU and open its pin
 */
void ioapic_enable_irq(int irq, u32 apicid)
{
	const struct ioapic *io = ioapic_of(irq_gsi[irq]);
	u32 low = IRQ_VECTOR(irq);
	unsigned long flags;

	if (!io)
		return;
	if (OVERRIDE_POLARITY(irq_flags[irq]) == 3)
		low |= REDIR_LOW;
	if (OVERRIDE_TRIGGER(irq_flags[irq]) == 3)
		low |= REDIR_LEVEL;
	spin_lock_irqsave(&ioapic_lock, flags);
	ioapic_write(io, IOAPIC_REDIRECT + 2 * (irq_gsi[irq] - io->gsi_base) + 1, apicid << 24);
	write_redirect(irq, low);
	spin_unlock_irqrestore(&ioapic_lock, flags);
}

void ioapic_mask_irq(int irq)
{
	unsigned long flags;

	spin_lock_irqsave(&ioapic_lock, flags);
	write_redirect(irq, irq_redirect[irq] | REDIR_MASKED);
	spin_unlock_irqrestore(&ioapic_lock, flags);
}

void ioapic_unmask_irq(int irq)
{
	unsigned long flags;

	spin_lock_irqsave(&ioapic_lock, flags);
	write_redirect(irq, irq_redirect[irq] & ~REDIR_MASKED);
	spin_unlock_irqrestore(&ioapic_lock, flags);
}

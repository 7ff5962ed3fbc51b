/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The local APIC and the IOAPIC, as found by ACPI.
 */
#ifndef _ASM_X86_APIC_H
#define _ASM_X86_APIC_H

#include <linux/types.h>

struct cpumask;

void lapic_init_boot(u64 phys);
void lapic_init_cpu(void);
void lapic_calibrate_begin(void);
u32 lapic_calibrate_end(void);
void lapic_timer_set_frequency(unsigned long long ticks_per_second);
void lapic_timer_init_cpu(void);
void lapic_eoi(void);
u32 lapic_id(void);
bool lapic_present(void);
void lapic_send_ipi(u32 apicid, u8 vector);
void lapic_send_init(u32 apicid);
void lapic_send_startup(u32 apicid, u8 page);
void lapic_send_nmi(u32 apicid);

void ioapic_add(u64 phys, u32 gsi_base);
void ioapic_override(u8 isa_irq, u32 gsi, u16 flags);
void ioapic_enable_irq(int irq, u32 apicid);
void ioapic_mask_irq(int irq);
void ioapic_unmask_irq(int irq);

#endif

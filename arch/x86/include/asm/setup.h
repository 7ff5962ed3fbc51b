/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Taking the machine over from the loader.
 */
#ifndef _ASM_X86_SETUP_H
#define _ASM_X86_SETUP_H

#include <linux/types.h>

#define COMMAND_LINE_SIZE	2048

extern char boot_command_line[COMMAND_LINE_SIZE];
extern phys_addr_t boot_rsdp;		/* what the loader says; 0: look for it */
extern phys_addr_t trampoline_phys;	/* a page below 1 MiB for other CPUs to start in, or 0 */

void early_serial_init(void);
void setup_arch(void);
void cpu_init(int cpu);
void reserve_exception_stacks(int cpu);

/* Once start_kernel() may run device interrupts and the clock. */
void init_IRQ(void);
void time_init(void);

/**
 * acpi_boot_init - read the tables: CPUs, interrupt controllers, how to power off
 * Context: boot, with RAM mapped.
 */
void acpi_boot_init(void);
/* Add a CPU that may be started; the boot CPU's own id is ignored. */
void smp_add_cpu(u32 apicid);
/* Without ACPI: as many as possible_cpus= says, numbered from 0. */
void smp_assume_cpus(void);
/* Power the machine off through ACPI; returns when that cannot be done. */
void acpi_power_off(void);
/* Restart through ACPI's reset register; returns when there is none. */
void acpi_restart(void);

#endif

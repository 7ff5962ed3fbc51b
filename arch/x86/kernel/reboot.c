// SPDX-License-Identifier: GPL-2.0-only
/*
 * Switching the machine off, restarting it, stopping it: every way there is, one after the other.
 */
#include <linux/panic.h>
#include <linux/printk.h>
#include <linux/reboot.h>
#include <linux/smp.h>
#include <asm/desc.h>
#include <asm/io.h>
#include <asm/irqflags.h>
#include <asm/setup.h>
#include <asm/tsc.h>

#define QEMU_EXIT_PORT	0xf4

void qemu_exit(int code)
{
	outl((u32)code, QEMU_EXIT_PORT);
}

static void __noreturn stop_cpu(void)
{
	local_irq_disable();
	for (;;)
		asm volatile("hlt");
}

/* An exception with no table to look it up in, nor for the next: the CPU resets. */
static void triple_fault(void)
{
	struct desc_ptr none = { 0, 0 };

	asm volatile("lidt %0; int3" : : "m" (none));
}

static void keyboard_reset(void)
{
	for (int i = 0; i < 1000 && (inb(0x64) & 2); i++)
		udelay(2);
	outb(0xfe, 0x64);
	mdelay(1);
}

void machine_restart_now(void)
{
	local_irq_disable();
	acpi_restart();
	mdelay(1);
	outb(0x02, 0xcf9);
	outb(0x06, 0xcf9);
	mdelay(1);
	keyboard_reset();
	triple_fault();
	stop_cpu();
}

void machine_restart(void)
{
	smp_send_stop();
	machine_restart_now();
}

void machine_power_off(void)
{
	local_irq_disable();
	smp_send_stop();
	acpi_power_off();
	mdelay(10);
	pr_emerg("This machine cannot switch itself off: stopped.\n");
	stop_cpu();
}

void machine_halt(void)
{
	local_irq_disable();
	smp_send_stop();
	stop_cpu();
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * The local APIC: interrupts between CPUs, end of interrupt, and this CPU's one-shot timer. Each
 * CPU touches only its own; no lock, but a command to another CPU is two writes with interrupts
 * off.
 */
#include <linux/init.h>
#include <linux/kernel.h>
#include <asm/apic.h>
#include <asm/clockevent.h>
#include <asm/cpufeature.h>
#include <asm/io.h>
#include <asm/irq_vectors.h>
#include <asm/irqflags.h>
#include <asm/msr.h>
#include <asm/processor.h>
#include <asm/tsc.h>

/* Registers, by byte offset: SDM vol. 3, table 11-1 */
#define APIC_ID		0x020
#define APIC_TPR	0x080
#define APIC_EOI	0x0b0
#define APIC_SPIV	0x0f0
#define APIC_ICR	0x300
#define APIC_ICR2	0x310
#define APIC_LVTT	0x320
#define APIC_LVT0	0x350
#define APIC_LVT1	0x360
#define APIC_LVTERR	0x370
#define APIC_TMICT	0x380
#define APIC_TMCCT	0x390
#define APIC_TDCR	0x3e0

#define SPIV_ENABLE	0x100
#define LVT_MASKED	0x10000
#define LVT_NMI		0x400
#define LVTT_DEADLINE	0x40000
#define TDCR_BY_1	0xb
#define ICR_BUSY	0x1000
#define ICR_INIT	0x4500
#define ICR_STARTUP	0x4600
#define ICR_NMI		0x4400
#define ICR_FIXED	0x4000

static volatile char *lapic;	/* NULL: no local APIC */
static u64 timer_mult;		/* timer ticks per nanosecond, times 2^32 */
static bool use_deadline;

static u32 lapic_read(unsigned int reg)
{
	return readl(lapic + reg);
}

static void lapic_write(unsigned int reg, u32 value)
{
	writel(value, lapic + reg);
}

bool lapic_present(void)
{
	return lapic != NULL;
}

u32 lapic_id(void)
{
	return lapic ? lapic_read(APIC_ID) >> 24 : 0;
}

void lapic_eoi(void)
{
	lapic_write(APIC_EOI, 0);
}

/* This CPU's: accept everything, route the legacy pins only on the boot CPU's own account. */
void lapic_init_cpu(void)
{
	if (!lapic)
		return;
	wrmsrl(MSR_IA32_APICBASE, rdmsrl_val(MSR_IA32_APICBASE) | APICBASE_ENABLE);
	lapic_write(APIC_TPR, 0);
	lapic_write(APIC_SPIV, SPIV_ENABLE | SPURIOUS_APIC_VECTOR);
	lapic_write(APIC_LVT0, LVT_MASKED);
	lapic_write(APIC_LVT1, LVT_NMI);
	lapic_write(APIC_LVTERR, ERROR_APIC_VECTOR);
	lapic_write(APIC_LVTT, LVT_MASKED | LOCAL_TIMER_VECTOR);
	lapic_write(APIC_TDCR, TDCR_BY_1);
	lapic_eoi();
}

/**
 * lapic_init_boot - map the registers
 * @phys: from ACPI, or 0 to ask the CPU
 *
 * Context: boot, page tables built.
 */
void __init lapic_init_boot(u64 phys)
{
	if (!boot_cpu_has(X86_FEATURE_APIC))
		return;
	if (!phys)
		phys = rdmsrl_val(MSR_IA32_APICBASE) & PHYSICAL_PAGE_MASK;
	lapic = early_ioremap(phys, PAGE_SIZE);
}

/* ---- to other CPUs ---- */

static void wait_icr(void)
{
	while (lapic_read(APIC_ICR) & ICR_BUSY)
		cpu_relax();
}

static void send_command(u32 apicid, u32 command)
{
	unsigned long flags;

	local_irq_save(flags);
	wait_icr();
	lapic_write(APIC_ICR2, apicid << 24);
	lapic_write(APIC_ICR, command);
	local_irq_restore(flags);
}

void lapic_send_ipi(u32 apicid, u8 vector)
{
	send_command(apicid, ICR_FIXED | vector);
}

void lapic_send_init(u32 apicid)
{
	send_command(apicid, ICR_INIT);
}

/* @page: frame number below 256 where the CPU starts in real mode. */
void lapic_send_startup(u32 apicid, u8 page)
{
	send_command(apicid, ICR_STARTUP | page);
}

void lapic_send_nmi(u32 apicid)
{
	send_command(apicid, ICR_NMI);
}

/* ---- the timer ---- */

/* Let the counter run from its top; lapic_calibrate_end() tells how far it came. */
void __init lapic_calibrate_begin(void)
{
	if (!lapic)
		return;
	lapic_write(APIC_TDCR, TDCR_BY_1);
	lapic_write(APIC_TMICT, ~0U);
}

u32 __init lapic_calibrate_end(void)
{
	u32 ticks;

	if (!lapic)
		return 0;
	ticks = ~0U - lapic_read(APIC_TMCCT);
	lapic_write(APIC_TMICT, 0);
	return ticks;
}

void __init lapic_timer_set_frequency(unsigned long long ticks_per_second)
{
	use_deadline = boot_cpu_has(X86_FEATURE_TSC_DEADLINE);
	timer_mult = (min(ticks_per_second, 0xffffffffULL) << 32) / 1000000000;
}

void lapic_timer_init_cpu(void)
{
	if (lapic)
		lapic_write(APIC_LVTT, LOCAL_TIMER_VECTOR | (use_deadline ? LVTT_DEADLINE : 0));
}

void arch_timer_set_next_event(u64 delta_ns)
{
	u64 ticks;

	if (use_deadline) {
		delta_ns = min(delta_ns, 1ULL << 40);
		wrmsrl(MSR_IA32_TSC_DEADLINE, rdtsc() + max(tsc_ns_to_ticks(delta_ns), 1ULL));
		return;
	}
	delta_ns = min(delta_ns, 1ULL << 32);
	ticks = (u64)(((unsigned __int128)delta_ns * timer_mult) >> 32);
	lapic_write(APIC_TMICT, (u32)clamp(ticks + 1, 1ULL, 0xffffffffULL));
}

void arch_timer_stop(void)
{
	if (use_deadline)
		wrmsrl(MSR_IA32_TSC_DEADLINE, 0);
	else
		lapic_write(APIC_TMICT, 0);
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * The other CPUs: finding their numbers, starting them one after the other, running functions on
 * them. Each CPU has a list of calls that others push to without a lock; a call's slot belongs to
 * the CPU that asks until its "busy" word is clear again.
 */
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/fork.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/kstrtox.h>
#include <linux/mm.h>
#include <linux/panic.h>
#include <linux/sched.h>
#include <linux/smp.h>
#include <linux/string.h>
#include <asm/apic.h>
#include <asm/entry.h>
#include <asm/ipi.h>
#include <asm/irq_vectors.h>
#include <asm/msr.h>
#include <asm/setup.h>
#include <asm/trampoline.h>
#include <asm/tsc.h>

/*
 * Locks: [s] the sending CPU while busy is 0, the called CPU while it is 1
 */
struct call_slot {
	struct call_slot *next;	/* [s] */
	smp_call_func_t func;	/* [s] */
	void *info;		/* [s] */
	unsigned int busy;	/* set by the sender, cleared by the called CPU */
};

static DEFINE_PER_CPU(struct call_slot[NR_CPUS], call_slots);	/* one for each CPU to call */
static DEFINE_PER_CPU(struct call_slot *, call_queue);

u32 cpu_to_apicid[NR_CPUS];
static unsigned int max_cpus = NR_CPUS;
static unsigned int told_cpus;
static unsigned int assumed_cpus = 1;	/* possible_cpus= */

/* ---- calling ---- */

/* Wait for a slot's last call to be over. */
static void wait_slot(const struct call_slot *slot)
{
	while (__atomic_load_n(&slot->busy, __ATOMIC_ACQUIRE))
		cpu_relax();
}

static void queue_call(int cpu, smp_call_func_t func, void *info)
{
	struct call_slot *slot = &(*this_cpu_ptr(&call_slots))[cpu];
	struct call_slot **queue = per_cpu_ptr(&call_queue, cpu), *first;

	wait_slot(slot);
	slot->func = func;
	slot->info = info;
	slot->busy = 1;
	first = __atomic_load_n(queue, __ATOMIC_RELAXED);
	do
		slot->next = first;
	while (!__atomic_compare_exchange_n(queue, &first, slot, true, __ATOMIC_ACQ_REL,
					    __ATOMIC_RELAXED));
	if (!first)
		lapic_send_ipi(cpu_to_apicid[cpu], CALL_FUNCTION_VECTOR);
}

void smp_run_calls(void)
{
	struct call_slot *slot;

	slot = __atomic_exchange_n(this_cpu_ptr(&call_queue), NULL, __ATOMIC_ACQ_REL);
	while (slot) {
		struct call_slot *next = slot->next;

		slot->func(slot->info);
		__atomic_store_n(&slot->busy, 0, __ATOMIC_RELEASE);
		slot = next;
	}
}

/**
 * smp_call_function_many - run @func on every online CPU of @mask but this one
 * @wait: return only when all have run it
 *
 * Context: interrupts on (two CPUs that wait for each other with interrupts off never end); not
 * from an interrupt. @func runs in hard interrupt context.
 */
void smp_call_function_many(const struct cpumask *mask, smp_call_func_t func, void *info, bool wait)
{
	int me = smp_processor_id(), cpu;
	struct cpumask called;

	cpumask_clear(&called);
	for_each_cpu_and(cpu, mask, cpu_online_mask) {
		if (cpu == me)
			continue;
		__cpumask_set_cpu(cpu, &called);
		queue_call(cpu, func, info);
	}
	if (!wait)
		return;
	for_each_cpu(cpu, &called)
		wait_slot(&(*this_cpu_ptr(&call_slots))[cpu]);
}

void smp_call_function(smp_call_func_t func, void *info, int wait)
{
	smp_call_function_many(cpu_online_mask, func, info, wait);
}

/**
 * smp_call_function_single - run @func on one CPU, this one included
 * Return: 0, -ENXIO when the CPU is not online.
 */
int smp_call_function_single(int cpu, smp_call_func_t func, void *info, int wait)
{
	unsigned long flags;

	if ((unsigned int)cpu >= nr_cpu_ids || !cpu_online(cpu))
		return -ENXIO;
	if (cpu == smp_processor_id()) {
		local_irq_save(flags);
		func(info);
		local_irq_restore(flags);
		return 0;
	}
	queue_call(cpu, func, info);
	if (wait)
		wait_slot(&(*this_cpu_ptr(&call_slots))[cpu]);
	return 0;
}

void on_each_cpu_mask(const struct cpumask *mask, smp_call_func_t func, void *info, bool wait)
{
	unsigned long flags;

	smp_call_function_many(mask, func, info, wait);
	if (!cpumask_test_cpu(smp_processor_id(), mask))
		return;
	local_irq_save(flags);
	func(info);
	local_irq_restore(flags);
}

void on_each_cpu(smp_call_func_t func, void *info, int wait)
{
	on_each_cpu_mask(cpu_online_mask, func, info, wait);
}

/* Make @cpu look at its need_resched flag. */
void smp_send_reschedule(int cpu)
{
	lapic_send_ipi(cpu_to_apicid[cpu], RESCHEDULE_VECTOR);
}

/* The machine is ending: every other CPU stops in its NMI handler, whatever it was doing. */
void smp_send_stop(void)
{
	int me = smp_processor_id(), cpu;

	oops_in_progress = true;
	for_each_online_cpu(cpu)
		if (cpu != me)
			lapic_send_nmi(cpu_to_apicid[cpu]);
	if (num_online_cpus() > 1)
		udelay(100);
}

/* ---- starting ---- */

void __init smp_add_cpu(u32 apicid)
{
	if (apicid == lapic_id())
		return;
	if (nr_cpu_ids >= min((unsigned int)NR_CPUS, max_cpus)) {
		told_cpus++;
		return;
	}
	cpu_to_apicid[nr_cpu_ids] = apicid;
	set_cpu_possible(nr_cpu_ids, true);
	set_cpu_present(nr_cpu_ids, true);
	nr_cpu_ids++;
}

void __init smp_assume_cpus(void)
{
	for (unsigned int id = 0; id < assumed_cpus; id++)
		smp_add_cpu(id);
}

/* The CPU that boots is number 0 whatever its APIC id. Before ACPI names the others. */
void __init smp_count_boot_cpu(void)
{
	set_cpu_possible(0, true);
	set_cpu_present(0, true);
	nr_cpu_ids = 1;
}

void __init smp_prepare_boot_cpu(void)
{
	cpu_to_apicid[0] = lapic_id();
	set_cpu_online(0, true);
	set_cpu_active(0, true);
	current->cpu = 0;
}

void start_secondary(void);

/* A secondary CPU's first C function, on its idle task's stack, with its own per-CPU area. */
__attribute__((__optimize__("no-stack-protector")))
void start_secondary(void)
{
	int cpu = smp_processor_id();

	cpu_init(cpu);
	lapic_init_cpu();
	lapic_timer_init_cpu();
	set_cpu_active(cpu, true);
	set_cpu_online(cpu, true);
	local_irq_enable();
	cpu_idle_loop();
}

static void __init copy_trampoline(void)
{
	char *page = __va(trampoline_phys);
	u32 efer = rdmsrl_val(MSR_EFER) & ~EFER_LMA;

	memcpy(page, trampoline_start, trampoline_end - trampoline_start);
	memcpy(page + ((const char *)&trampoline_efer - trampoline_start), &efer, sizeof(efer));
}

static bool __init wait_online(int cpu, unsigned int msecs)
{
	for (unsigned int i = 0; i < msecs * 100; i++) {
		if (cpu_online(cpu))
			return true;
		udelay(10);
	}
	return false;
}

static void __init prepare_secondary(int cpu, struct task_struct *idle)
{
	idle->cpu = cpu;
	per_cpu(current_task, cpu) = idle;
	per_cpu(cpu_top_of_stack, cpu) = task_top_of_stack(idle);
	secondary_gs_base = per_cpu_offset(cpu);
	secondary_stack = (unsigned long)task_pt_regs(idle);
	smp_mb();
}

/* INIT and two startup interrupts (SDM vol. 3, 8.4.4.1); QEMU needs none of the long delays. */
static void __init start_cpu(int cpu)
{
	struct task_struct *idle = fork_idle(cpu);
	u32 apicid = cpu_to_apicid[cpu];

	if (IS_ERR(idle)) {
		pr_err("CPU %d stays off: no memory for its idle task\n", cpu);
		return;
	}
	prepare_secondary(cpu, idle);
	lapic_send_init(apicid);
	udelay(10);
	lapic_send_startup(apicid, trampoline_phys >> PAGE_SHIFT);
	if (wait_online(cpu, 20))
		return;
	lapic_send_startup(apicid, trampoline_phys >> PAGE_SHIFT);
	if (!wait_online(cpu, 2000))
		pr_err("CPU %d (APIC id %u) does not answer\n", cpu, apicid);
}

/**
 * smp_init - start every CPU that was found
 *
 * Context: task (init), interrupts on, scheduler running.
 */
void __init smp_init(void)
{
	int cpu;

	if (told_cpus)
		pr_info("smp: %u more CPUs are not used\n", told_cpus);
	if (nr_cpu_ids > 1 && !trampoline_phys) {
		pr_err("smp: no free memory below 1 MiB to start other CPUs from\n");
		return;
	}
	if (nr_cpu_ids > 1)
		copy_trampoline();
	for_each_present_cpu(cpu)
		if (!cpu_online(cpu))
			start_cpu(cpu);
	pr_info("smp: %u CPUs online\n", num_online_cpus());
}

/* ---- boot options ---- */

static int __init parse_maxcpus(char *val)
{
	if (!val || kstrtouint(val, 0, &max_cpus))
		return -EINVAL;
	max_cpus = max(max_cpus, 1U);
	return 0;
}
early_param("maxcpus", parse_maxcpus, "how many CPUs to use at most");

static int __init parse_possible_cpus(char *val)
{
	if (!val || kstrtouint(val, 0, &assumed_cpus) || assumed_cpus > NR_CPUS)
		return -EINVAL;
	return 0;
}
early_param("possible_cpus", parse_possible_cpus, "how many CPUs there are, when ACPI is missing");

static int __init parse_nosmp(char *val)
{
	max_cpus = 1;
	return val ? -EINVAL : 0;
}
early_param("nosmp", parse_nosmp, "no value");

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which address space this CPU has loaded, and making all CPUs forget translations.
 * mm_cpumask holds every CPU whose TLB may hold entries of an mm, lazy ones included. A CPU sets
 * its bit before it loads the tables; a flusher changes entries before it reads the mask.
 */
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/smp.h>
#include <asm/barrier.h>
#include <asm/mmu_context.h>
#include <asm/processor.h>
#include <asm/tlbflush.h>

#define FULL_FLUSH_PAGES	33	/* above this, one full flush costs less than single ones */

/*
 * Locks: [c] this CPU only, interrupts off to change
 */
struct tlb_state {
	struct mm_struct *loaded_mm;	/* [c] what CR3 points at; NULL is init_mm, at boot */
	bool lazy;			/* [c] a kernel thread runs on somebody's tables */
};

static DEFINE_PER_CPU(struct tlb_state, tlb_state);

/**
 * switch_mm_irqs_off - load another address space
 * @next: never NULL
 *
 * Context: interrupts off. A lazy CPU that comes back to the mm it kept costs nothing.
 */
void switch_mm_irqs_off(struct mm_struct *prev, struct mm_struct *next, struct task_struct *tsk)
{
	struct tlb_state *tlb = this_cpu_ptr(&tlb_state);
	struct mm_struct *loaded = tlb->loaded_mm;
	int cpu = smp_processor_id();

	tlb->lazy = false;
	if (loaded == next)
		return;
	if (next != &init_mm)
		cpumask_set_cpu(cpu, mm_cpumask(next));
	tlb->loaded_mm = next;
	/* After the bit in the mask: see detach_root() of mm/pgtable_fold.c. */
	write_cr3(__pa(READ_ONCE(next->pgd)));
	if (loaded && loaded != &init_mm)
		cpumask_clear_cpu(cpu, mm_cpumask(loaded));
}

void switch_mm(struct mm_struct *prev, struct mm_struct *next, struct task_struct *tsk)
{
	unsigned long flags;

	local_irq_save(flags);
	switch_mm_irqs_off(prev, next, tsk);
	local_irq_restore(flags);
}

/* A kernel thread goes on with the tables that are loaded; a shoot-down will take them away. */
void enter_lazy_tlb(struct mm_struct *mm, struct task_struct *tsk)
{
	this_cpu_ptr(&tlb_state)->lazy = true;
}

void flush_tlb_local(void)
{
	write_cr3(read_cr3());
}

void flush_tlb_one_local(unsigned long addr)
{
	asm volatile("invlpg (%0)" : : "r" (addr) : "memory");
}

/* Global entries too: they survive a CR3 load. */
static void flush_everything_local(void *unused)
{
	unsigned long cr4 = read_cr4();

	if (cr4 & X86_CR4_PGE) {
		write_cr4(cr4 & ~X86_CR4_PGE);
		write_cr4(cr4);
	} else {
		flush_tlb_local();
	}
}

struct flush_info {
	struct mm_struct *mm;
	unsigned long start, end;
};

static void flush_pages_local(unsigned long start, unsigned long end)
{
	for (; start < end; start += PAGE_SIZE)
		flush_tlb_one_local(start);
}

/* On a CPU in mm_cpumask, interrupts off. */
static void flush_mm_here(void *data)
{
	struct flush_info *info = data;
	struct tlb_state *tlb = this_cpu_ptr(&tlb_state);

	if (tlb->loaded_mm != info->mm)
		return;
	if (tlb->lazy)
		switch_mm_irqs_off(info->mm, &init_mm, NULL);
	else if (info->end - info->start < FULL_FLUSH_PAGES * PAGE_SIZE)
		flush_pages_local(info->start, info->end);
	else
		write_cr3(__pa(READ_ONCE(info->mm->pgd)));	/* it may be another one by now */
}

static bool others_use(struct mm_struct *mm, int cpu)
{
	const struct cpumask *mask = mm_cpumask(mm);

	for (int i = 0; i < BITS_TO_LONGS(NR_CPUS); i++) {
		unsigned long word = READ_ONCE(mask->bits[i]);

		if (i == cpu / BITS_PER_LONG)
			word &= ~(1UL << (cpu % BITS_PER_LONG));
		if (word)
			return true;
	}
	return false;
}

/**
 * flush_tlb_mm_range - forget user translations of [start, end)
 * @end: exclusive; ~0UL with @start 0 means all
 *
 * Context: interrupts on when another CPU may use @mm; spinlocks that are not taken in interrupts
 * may be held.
 */
void flush_tlb_mm_range(struct mm_struct *mm, unsigned long start, unsigned long end)
{
	struct flush_info info = { mm, start, end };
	unsigned long flags;

	smp_mb();	/* entries before the mask; pairs with the CR3 load of switch_mm_irqs_off */
	local_irq_save(flags);
	flush_mm_here(&info);
	local_irq_restore(flags);
	if (unlikely(others_use(mm, smp_processor_id())))
		smp_call_function_many(mm_cpumask(mm), flush_mm_here, &info, true);
}

void flush_tlb_mm(struct mm_struct *mm)
{
	flush_tlb_mm_range(mm, 0, ~0UL);
}

static void flush_kernel_here(void *data)
{
	struct flush_info *info = data;

	if (info->end - info->start < FULL_FLUSH_PAGES * PAGE_SIZE)
		flush_pages_local(info->start, info->end);
	else
		flush_everything_local(NULL);
}

/**
 * flush_tlb_kernel_range - forget kernel translations of [start, end) everywhere
 * Context: interrupts on once other CPUs run.
 */
void flush_tlb_kernel_range(unsigned long start, unsigned long end)
{
	struct flush_info info = { NULL, start, end };

	on_each_cpu(flush_kernel_here, &info, 1);
}

void flush_tlb_all(void)
{
	on_each_cpu(flush_everything_local, NULL, 1);
}

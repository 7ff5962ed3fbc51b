// SPDX-License-Identifier: GPL-2.0-only
/*
 * Device and local interrupts: handlers by line, counts for /proc/interrupts. irq_desc.lock guards
 * a line's handlers against changes; the handlers themselves run with interrupts off, one line at a
 * time on the CPU it is routed to.
 */
#include <linux/errno.h>
#include <linux/init.h>
#include <linux/interrupt.h>
#include <linux/kernel.h>
#include <linux/preempt.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/smp.h>
#include <linux/spinlock.h>
#include <asm/apic.h>
#include <asm/clockevent.h>
#include <asm/entry.h>
#include <asm/io.h>
#include <asm/ipi.h>
#include <asm/irq_regs.h>
#include <asm/irq_vectors.h>
#include <asm/setup.h>

/*
 * Locks: [I] immutable   [d] irq_desc.lock
 */
struct irqaction {
	irq_handler_t handler;		/* [I] */
	void *dev;			/* [I] */
	const char *name;		/* [I] */
	unsigned long flags;		/* [I] IRQF_* */
	struct irqaction *next;		/* [d] */
};

struct irq_desc {
	spinlock_t lock;
	struct irqaction *actions;	/* [d] */
	int disabled;			/* [d] disable_irq() not yet undone */
};

enum local_count {
	COUNT_TIMER, COUNT_RESCHEDULE, COUNT_CALL, COUNT_SPURIOUS, COUNT_ERROR, NR_LOCAL_COUNTS
};

static const struct {
	const char *label, *text;
} local_names[NR_LOCAL_COUNTS] = {
	[COUNT_TIMER] = { "LOC", "Local timer interrupts" },
	[COUNT_RESCHEDULE] = { "RES", "Rescheduling interrupts" },
	[COUNT_CALL] = { "CAL", "Function call interrupts" },
	[COUNT_SPURIOUS] = { "SPU", "Spurious interrupts" },
	[COUNT_ERROR] = { "ERR", "APIC errors" },
};

static struct irq_desc irqs[NR_IRQS];
static DEFINE_PER_CPU(u64[NR_IRQS], irq_counts);
static DEFINE_PER_CPU(u64[NR_LOCAL_COUNTS], local_counts);

/* ---- handlers ---- */

static bool valid_irq(unsigned int irq)
{
	return irq < NR_IRQS;
}

static int add_action(struct irq_desc *desc, unsigned int irq, struct irqaction *new)
{
	unsigned long flags;
	int ret = 0;

	spin_lock_irqsave(&desc->lock, flags);
	if (desc->actions && !(desc->actions->flags & new->flags & IRQF_SHARED)) {
		ret = -EBUSY;
	} else {
		new->next = desc->actions;
		desc->actions = new;
		if (!new->next)
			ioapic_enable_irq(irq, cpu_to_apicid[0]);
	}
	spin_unlock_irqrestore(&desc->lock, flags);
	return ret;
}

int request_irq(unsigned int irq, irq_handler_t handler, unsigned long flags, const char *name,
		void *dev)
{
	struct irqaction *action;
	int ret;

	if (!valid_irq(irq) || !handler)
		return -EINVAL;
	action = kmalloc(sizeof(*action), GFP_KERNEL);
	if (!action)
		return -ENOMEM;
	*action = (struct irqaction){ handler, dev, name, flags, NULL };
	ret = add_action(&irqs[irq], irq, action);
	if (ret)
		kfree(action);
	return ret;
}

/* The lock is held while handlers run, so after this nobody is in the removed one. */
void free_irq(unsigned int irq, void *dev)
{
	struct irqaction **link, *action = NULL;
	unsigned long flags;

	if (!valid_irq(irq))
		return;
	spin_lock_irqsave(&irqs[irq].lock, flags);
	for (link = &irqs[irq].actions; *link; link = &(*link)->next) {
		if ((*link)->dev == dev) {
			action = *link;
			*link = action->next;
			break;
		}
	}
	if (!irqs[irq].actions)
		ioapic_mask_irq(irq);
	spin_unlock_irqrestore(&irqs[irq].lock, flags);
	kfree(action);
}

void disable_irq(unsigned int irq)
{
	unsigned long flags;

	if (!valid_irq(irq))
		return;
	spin_lock_irqsave(&irqs[irq].lock, flags);
	if (!irqs[irq].disabled++)
		ioapic_mask_irq(irq);
	spin_unlock_irqrestore(&irqs[irq].lock, flags);
}

void enable_irq(unsigned int irq)
{
	unsigned long flags;

	if (!valid_irq(irq))
		return;
	spin_lock_irqsave(&irqs[irq].lock, flags);
	if (!WARN_ON(!irqs[irq].disabled) && !--irqs[irq].disabled)
		ioapic_unmask_irq(irq);
	spin_unlock_irqrestore(&irqs[irq].lock, flags);
}

/* ---- arrival ---- */

static void handle_device_irq(int irq)
{
	(*this_cpu_ptr(&irq_counts))[irq]++;
	spin_lock(&irqs[irq].lock);
	for (struct irqaction *a = irqs[irq].actions; a; a = a->next)
		a->handler(irq, a->dev);
	spin_unlock(&irqs[irq].lock);
	lapic_eoi();
}

static void count_local(enum local_count which)
{
	(*this_cpu_ptr(&local_counts))[which]++;
}

static void handle_vector(int vector)
{
	switch (vector) {
	case LOCAL_TIMER_VECTOR:
		count_local(COUNT_TIMER);
		lapic_eoi();
		hrtimer_interrupt();
		break;
	case RESCHEDULE_VECTOR:
		count_local(COUNT_RESCHEDULE);
		lapic_eoi();
		break;
	case CALL_FUNCTION_VECTOR:
		count_local(COUNT_CALL);
		lapic_eoi();
		smp_run_calls();
		break;
	case ERROR_APIC_VECTOR:
		count_local(COUNT_ERROR);
		lapic_eoi();
		break;
	case IRQ_VECTOR(0) ... IRQ_VECTOR(NR_IRQS - 1):
		handle_device_irq(vector - FIRST_EXTERNAL_VECTOR);
		break;
	default:
		/* A spurious interrupt takes no end-of-interrupt (SDM vol. 3, 11.9). */
		count_local(COUNT_SPURIOUS);
		break;
	}
}

/* From user mode: on the task's own stack, which is empty. */
void handle_user_interrupt(struct pt_regs *regs, int vector)
{
	handle_kernel_interrupt(regs, vector);
	exit_to_user_mode(regs);
}

void handle_kernel_interrupt(struct pt_regs *regs, int vector)
{
	struct pt_regs *old = set_irq_regs(regs);

	this_cpu_add(__preempt_count, HARDIRQ_OFFSET);
	rcu_irq_enter();
	handle_vector(vector);
	this_cpu_sub(__preempt_count, HARDIRQ_OFFSET);
	set_irq_regs(old);
	printk_wake_readers();
}

/* ---- boot ---- */

/* The two 8259s are there on a PC whether one wants them or not: off, and out of the way. */
static void __init mask_8259(void)
{
	outb(0xff, 0x21);
	outb(0xff, 0xa1);
}

void __init init_IRQ(void)
{
	for (int i = 0; i < NR_IRQS; i++)
		spin_lock_init(&irqs[i].lock);
	mask_8259();
	lapic_init_cpu();
}

/* ---- /proc ---- */

u64 irq_count(unsigned int irq)
{
	u64 sum = 0;
	int cpu;

	for_each_online_cpu(cpu)
		sum += per_cpu(irq_counts, cpu)[irq];
	return sum;
}

u64 irq_count_total(void)
{
	u64 sum = 0;
	int cpu;

	for (unsigned int irq = 0; irq < NR_IRQS; irq++)
		sum += irq_count(irq);
	for_each_online_cpu(cpu)
		for (int i = 0; i < NR_LOCAL_COUNTS; i++)
			sum += per_cpu(local_counts, cpu)[i];
	return sum;
}

static void show_device_line(struct seq_file *m, int irq)
{
	struct irqaction *a;
	int cpu;

	seq_printf(m, "%3d:", irq);
	for_each_online_cpu(cpu)
		seq_printf(m, " %10llu", (unsigned long long)per_cpu(irq_counts, cpu)[irq]);
	seq_printf(m, "   IO-APIC %4d-edge     ", irq);
	spin_lock_irq(&irqs[irq].lock);
	for (a = irqs[irq].actions; a; a = a->next)
		seq_printf(m, " %s%s", a->name, a->next ? "," : "");
	spin_unlock_irq(&irqs[irq].lock);
	seq_puts(m, "\n");
}

/* The whole of /proc/interrupts. Return: 0. */
int show_interrupts(struct seq_file *m)
{
	int cpu;

	seq_puts(m, "    ");
	for_each_online_cpu(cpu)
		seq_printf(m, "       CPU%-1d", cpu);
	seq_puts(m, "\n");
	for (int irq = 0; irq < NR_IRQS; irq++)
		if (READ_ONCE(irqs[irq].actions))
			show_device_line(m, irq);
	for (int i = 0; i < NR_LOCAL_COUNTS; i++) {
		seq_printf(m, "%s:", local_names[i].label);
		for_each_online_cpu(cpu)
			seq_printf(m, " %10llu", (unsigned long long)per_cpu(local_counts, cpu)[i]);
		seq_printf(m, "   %s\n", local_names[i].text);
	}
	return 0;
}

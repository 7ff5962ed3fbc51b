// SPDX-License-Identifier: GPL-2.0-only
/*
 * The debug registers as a tracer sees them: four addresses, a control and a status register, kept
 * per thread and loaded when it runs (SDM vol. 3, 17.2). They hold user addresses only.
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/sched.h>
#include <asm/debugreg.h>
#include <asm/processor.h>

#define DR_SLOTS	4
/* The control bits of a slot: enabled (two bits), what for, and how many bytes. */
#define SLOT_ENABLED(dr7, i)	(((dr7) >> ((i) * 2)) & 3)
#define SLOT_TYPE(dr7, i)	(((dr7) >> (16 + (i) * 4)) & 3)
#define SLOT_LENGTH(dr7, i)	(((dr7) >> (18 + (i) * 4)) & 3)
#define TYPE_EXECUTE	0
#define TYPE_IO		2
#define DR7_RESERVED	0xffffffff0000fc00UL

static void load_slot(int i, unsigned long addr)
{
	switch (i) {
	case 0:
		asm volatile("mov %0, %%db0" : : "r" (addr));
		break;
	case 1:
		asm volatile("mov %0, %%db1" : : "r" (addr));
		break;
	case 2:
		asm volatile("mov %0, %%db2" : : "r" (addr));
		break;
	default:
		asm volatile("mov %0, %%db3" : : "r" (addr));
		break;
	}
}

/* From __switch_to(), when the one or the other has any. Context: interrupts off. */
void switch_debug_registers(const struct thread_struct *next)
{
	/* Off first: an address of the one must not meet the other's control bits. */
	asm volatile("mov %0, %%db7" : : "r" (DR7_FIXED));
	if (!next->dr7)
		return;
	for (int i = 0; i < DR_SLOTS; i++)
		load_slot(i, next->debugreg[i]);
	asm volatile("mov %0, %%db7" : : "r" (next->dr7 | DR7_FIXED));
}

/* exec: addresses of the old program mean nothing in the new one. Context: current. */
void flush_debug_registers(void)
{
	struct thread_struct *t = &current->thread;

	if (likely(!t->dr7))
		return;
	local_irq_disable();
	t->dr7 = 0;
	switch_debug_registers(t);
	local_irq_enable();
	for (int i = 0; i < DR_SLOTS; i++)
		t->debugreg[i] = 0;
	t->dr6 = 0;
}

/* May the CPU have this slot? Code is one byte, data aligned, and no I/O ports. */
static bool slot_is_valid(unsigned long dr7, int i, unsigned long addr)
{
	static const u8 lengths[4] = { 1, 2, 8, 4 };
	unsigned int length = lengths[SLOT_LENGTH(dr7, i)];

	if (!SLOT_ENABLED(dr7, i))
		return true;
	if (SLOT_TYPE(dr7, i) == TYPE_IO || (SLOT_TYPE(dr7, i) == TYPE_EXECUTE && length != 1))
		return false;
	return !(addr & (length - 1)) && addr <= TASK_SIZE_MAX - length;
}

/**
 * get_debugreg - what PTRACE_PEEKUSER shows of u_debugreg
 * @tsk: stopped   @n: 0 to 7
 */
unsigned long get_debugreg(const struct task_struct *tsk, unsigned int n)
{
	const struct thread_struct *t = &tsk->thread;

	if (n < DR_SLOTS)
		return t->debugreg[n];
	if (n == 6)
		return t->dr6;
	return n == 7 ? t->dr7 : 0;
}

/**
 * set_debugreg - PTRACE_POKEUSER on u_debugreg
 * @tsk: stopped   @n: 0 to 7
 *
 * Return: 0, -EINVAL for what the CPU may not have, -EIO for registers that are not there.
 */
int set_debugreg(struct task_struct *tsk, unsigned int n, unsigned long value)
{
	struct thread_struct *t = &tsk->thread;

	if (n < DR_SLOTS) {
		if (!slot_is_valid(t->dr7, n, value))
			return -EINVAL;
		t->debugreg[n] = value;
		return 0;
	}
	if (n == 6) {
		t->dr6 = value;
		return 0;
	}
	if (n != 7)
		return -EIO;
	value &= ~DR7_RESERVED;
	for (int i = 0; i < DR_SLOTS; i++)
		if (!slot_is_valid(value, i, t->debugreg[i]))
			return -EINVAL;
	t->dr7 = value;
	return 0;
}

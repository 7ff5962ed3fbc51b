// SPDX-License-Identifier: GPL-2.0-only
/*
 * The debug registers as a tracer sees them: four addresses, a control and a status register, kept
 * per thread and loaded when it runs (SDM vol. 3, 17.2). They hold user addresses only.
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/uaccess.h>
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

static unsigned int slot_length(unsigned long dr7, int i)
{
	static const u8 lengths[4] = { 1, 2, 8, 4 };

	return lengths[SLOT_LENGTH(dr7, i)];
}

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

/* The control bits while single-stepping: without the slots that watch data. */
static unsigned long step_control(unsigned long dr7)
{
	for (int i = 0; i < DR_SLOTS; i++)
		if (SLOT_TYPE(dr7, i) != TYPE_EXECUTE)
			dr7 &= ~(3UL << (i * 2));
	return dr7;
}

/*
 * From __switch_to(), when the one or the other has any. Context: interrupts off.
 * An instruction that is stepped and writes a watched word makes one debug exception on a CPU, but
 * emulators deliver a second one inside the first, on the same stack. So a step watches by value.
 */
void switch_debug_registers(const struct task_struct *next)
{
	const struct thread_struct *t = &next->thread;
	unsigned long control = t->dr7;

	/* Off first: an address of the one must not meet the other's control bits. */
	asm volatile("mov %0, %%db7" : : "r" (DR7_FIXED));
	if (test_tsk_thread_flag(next, TIF_SINGLESTEP))
		control = step_control(control);
	if (!control)
		return;
	for (int i = 0; i < DR_SLOTS; i++)
		load_slot(i, t->debugreg[i]);
	asm volatile("mov %0, %%db7" : : "r" (control | DR7_FIXED));
}

static bool watches_data(const struct thread_struct *t, int i)
{
	return SLOT_ENABLED(t->dr7, i) && SLOT_TYPE(t->dr7, i) != TYPE_EXECUTE;
}

/* The tracer is about to step @child. Context: it is stopped. */
void note_watched_words(struct task_struct *child)
{
	struct thread_struct *t = &child->thread;

	for (int i = 0; i < DR_SLOTS; i++)
		if (watches_data(t, i))
			access_process_vm(child, t->debugreg[i], &t->watched[i],
					  slot_length(t->dr7, i), FOLL_FORCE);
}

/* Current was stepped. Return: the slots whose word is another now, as bits of the status. */
unsigned long changed_watched_words(void)
{
	struct thread_struct *t = &current->thread;
	unsigned long slots = 0, now;

	for (int i = 0; i < DR_SLOTS; i++) {
		now = t->watched[i];
		if (watches_data(t, i) &&
		    !copy_from_user(&now, (void __user *)t->debugreg[i], slot_length(t->dr7, i)) &&
		    now != t->watched[i])
			slots |= 1UL << i;
	}
	return slots;
}

/* exec: addresses of the old program mean nothing in the new one. Context: current. */
void flush_debug_registers(void)
{
	struct thread_struct *t = &current->thread;

	if (likely(!t->dr7))
		return;
	local_irq_disable();
	t->dr7 = 0;
	switch_debug_registers(current);
	local_irq_enable();
	for (int i = 0; i < DR_SLOTS; i++)
		t->debugreg[i] = 0;
	t->dr6 = 0;
}

/* May the CPU have this slot? Code is one byte, data aligned, and no I/O ports. */
static bool slot_is_valid(unsigned long dr7, int i, unsigned long addr)
{
	unsigned int length = slot_length(dr7, i);

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
		return t->dr6 ^ DR6_FIXED;
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
		t->dr6 = value ^ DR6_FIXED;
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

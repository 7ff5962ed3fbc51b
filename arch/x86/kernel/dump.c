// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the kernel prints when it faults: registers, code bytes, and the calls that led there. Reads
 * memory only through copy_from_kernel_nofault, takes no lock.
 */
#include <linux/console.h>
#include <linux/kallsyms.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/panic.h>
#include <linux/preempt.h>
#include <linux/sched.h>
#include <linux/smp.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <linux/utsname.h>
#include <asm/entry.h>
#include <asm/processor.h>

#define MAX_FRAMES	24

static void print_call(unsigned long addr)
{
	unsigned long size, offset;
	/* A call that never returns may be a function's last instruction. */
	const char *name = kallsyms_lookup(addr - 1, &size, &offset);

	if (name)
		pr_warn(" [<%016lx>] %s+0x%lx/0x%lx\n", addr, name, offset + 1, size);
	else
		pr_warn(" [<%016lx>]\n", addr);
}

/**
 * show_stack - print the chain of calls
 * @tsk: a task that does not run, or NULL
 * @frame: a frame pointer to start from when @tsk is NULL
 */
void show_stack(struct task_struct *tsk, unsigned long frame)
{
	unsigned long pair[2];

	/* __switch_to_asm pushed RBP first, below the return address. */
	if (tsk && tsk != current)
		frame = tsk->thread.sp + 5 * sizeof(long);
	pr_warn("Call trace:\n");
	for (int i = 0; i < MAX_FRAMES && frame >= PAGE_OFFSET; i++) {
		if (copy_from_kernel_nofault(pair, (const void *)frame, sizeof(pair)) || !pair[1])
			return;
		print_call(pair[1]);
		if (pair[1] < PAGE_OFFSET)
			return;
		frame = pair[0];
	}
}

/**
 * get_wchan - where a sleeping task waits: the first caller outside the scheduler and wait code
 * Return: an address, 0 when it runs or nothing is known.
 */
unsigned long get_wchan(struct task_struct *tsk)
{
	unsigned long frame = tsk->thread.sp + 5 * sizeof(long), pair[2], last = 0;

	if (tsk == current || READ_ONCE(tsk->state) == TASK_RUNNING)
		return 0;
	for (int i = 0; i < 16; i++) {
		const char *name;

		if (copy_from_kernel_nofault(pair, (const void *)frame, sizeof(pair)))
			return 0;
		name = kallsyms_lookup(pair[1], NULL, NULL);
		if (!name)
			return 0;
		if (!strcmp(name, "do_syscall_64"))
			return last;	/* a call whose own name speaks of waiting */
		last = pair[1];
		if (!strstr(name, "schedule") && !strstr(name, "wait") && !strstr(name, "context"))
			return pair[1];
		frame = pair[0];
	}
	return 0;
}

static void show_code(unsigned long ip)
{
	u8 code[16];

	if (copy_from_kernel_nofault(code, (const void *)ip, sizeof(code))) {
		pr_emerg("Code: not readable\n");
		return;
	}
	pr_emerg("Code:");
	for (int i = 0; i < sizeof(code); i++)
		pr_cont(" %02x", code[i]);
	pr_cont("\n");
}

/* A function that faults before it has a frame left its caller's address on top of the stack. */
static void show_frameless_caller(const struct pt_regs *regs)
{
	unsigned long word;

	if (!copy_from_kernel_nofault(&word, (const void *)regs->sp, sizeof(word)) &&
	    kallsyms_lookup(word, NULL, NULL)) {
		pr_warn("Top of stack:\n");
		print_call(word);
	}
}

/**
 * show_regs - print saved registers and, for kernel mode, the calls that led there
 */
void show_regs(const struct pt_regs *regs)
{
	const char *name;
	unsigned long offset = 0;

	name = user_mode(regs) ? NULL : kallsyms_lookup(regs->ip, NULL, &offset);
	pr_emerg("CPU: %d PID: %d Comm: %.16s %s\n", smp_processor_id(), current->pid,
		 current->comm, utsname()->release);
	pr_emerg("RIP: %04lx:%016lx %s+0x%lx\n", regs->cs, regs->ip, name ?: "?", offset);
	pr_emerg("RSP: %04lx:%016lx EFLAGS: %08lx\n", regs->ss, regs->sp, regs->flags);
	pr_emerg("RAX: %016lx RBX: %016lx RCX: %016lx\n", regs->ax, regs->bx, regs->cx);
	pr_emerg("RDX: %016lx RSI: %016lx RDI: %016lx\n", regs->dx, regs->si, regs->di);
	pr_emerg("RBP: %016lx R08: %016lx R09: %016lx\n", regs->bp, regs->r8, regs->r9);
	pr_emerg("R10: %016lx R11: %016lx R12: %016lx\n", regs->r10, regs->r11, regs->r12);
	pr_emerg("R13: %016lx R14: %016lx R15: %016lx\n", regs->r13, regs->r14, regs->r15);
	pr_emerg("CR2: %016lx CR3: %016lx CR4: %08lx\n", read_cr2(), read_cr3(), read_cr4());
	if (user_mode(regs))
		return;
	show_code(regs->ip);
	show_frameless_caller(regs);
	show_stack(NULL, regs->bp);
}

/*
 * Only a task in its own context, holding no CPU-wide state, can be killed without taking the
 * machine down.
 */
static bool can_kill_current(const struct pt_regs *regs)
{
	return !panic_on_oops && !in_interrupt() && current->mm && !is_global_init(current) &&
	       !(current->flags & (PF_KTHREAD | PF_IDLE | PF_EXITING)) && !regs_irqs_disabled(regs);
}

void die(const char *what, struct pt_regs *regs, long error_code)
{
	static int oopses;
	int count = __atomic_add_fetch(&oopses, 1, __ATOMIC_RELAXED);

	local_irq_disable();
	console_loglevel = 10;
	__atomic_fetch_or(&tainted_mask, TAINT_DIE, __ATOMIC_RELAXED);
	if (is_kernel_stack_guard(read_cr2()) && regs->sp - read_cr2() < PAGE_SIZE)
		pr_emerg("BUG: kernel stack overflow\n");
	pr_emerg("Oops: %s, error code %04lx [#%d]\n", what, error_code, count);
	show_regs(regs);
	show_held_locks(current);
	if (!can_kill_current(regs)) {
		oops_in_progress = true;
		panic(in_interrupt() ? "fatal exception in interrupt" : "fatal exception");
	}
	local_irq_enable();
	do_exit(SIGSEGV);
}

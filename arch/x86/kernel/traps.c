// SPDX-License-Identifier: GPL-2.0-only
/*
 * Exceptions: those of user mode become signals, those of the kernel are mended by the exception
 * table or end in an oops. Called by entry.S with interrupts off.
 */
#include <linux/kernel.h>
#include <linux/panic.h>
#include <linux/preempt.h>
#include <linux/ptrace.h>
#include <linux/sched.h>
#include <linux/signal.h>
#include <linux/smp.h>
#include <linux/string.h>
#include <asm/debugreg.h>
#include <asm/entry.h>
#include <asm/extable.h>
#include <asm/irq_vectors.h>
#include <asm/processor.h>

/*
 * What a user task gets for an exception; code 0 means SI_KERNEL without an address, as Linux does.
 */
static const struct {
	const char *name;
	int signal, code;
} exceptions[FIRST_EXTERNAL_VECTOR] = {
	[X86_TRAP_DE] = { "divide error", SIGFPE, FPE_INTDIV },
	[X86_TRAP_DB] = { "debug", SIGTRAP, TRAP_TRACE },
	[X86_TRAP_NMI] = { "non-maskable interrupt", 0, 0 },
	[X86_TRAP_BP] = { "int3", SIGTRAP, 0 },
	[X86_TRAP_OF] = { "overflow", SIGSEGV, 0 },
	[X86_TRAP_BR] = { "bound range exceeded", SIGSEGV, 0 },
	[X86_TRAP_UD] = { "invalid opcode", SIGILL, ILL_ILLOPN },
	[X86_TRAP_NM] = { "device not available", SIGSEGV, 0 },
	[X86_TRAP_DF] = { "double fault", 0, 0 },
	[9] = { "coprocessor segment overrun", SIGFPE, 0 },
	[X86_TRAP_TS] = { "invalid TSS", SIGSEGV, 0 },
	[X86_TRAP_NP] = { "segment not present", SIGBUS, 0 },
	[X86_TRAP_SS] = { "stack segment", SIGBUS, 0 },
	[X86_TRAP_GP] = { "general protection fault", SIGSEGV, 0 },
	[X86_TRAP_PF] = { "page fault", SIGSEGV, 0 },
	[X86_TRAP_MF] = { "x87 floating-point exception", SIGFPE, 0 },
	[X86_TRAP_AC] = { "alignment check", SIGBUS, BUS_ADRALN },
	[X86_TRAP_MC] = { "machine check", 0, 0 },
	[X86_TRAP_XF] = { "SIMD floating-point exception", SIGFPE, 0 },
};

static const char *exception_name(int vector)
{
	return exceptions[vector].name ?: "unknown exception";
}

/* The signal code of pending unmasked floating-point exceptions (SDM vol. 1, 8.1.3 and 10.2.3). */
static int fpe_code(unsigned int pending)
{
	if (pending & 0x01)
		return FPE_FLTINV;
	if (pending & 0x04)
		return FPE_FLTDIV;
	if (pending & 0x08)
		return FPE_FLTOVF;
	if (pending & 0x12)
		return FPE_FLTUND;
	if (pending & 0x20)
		return FPE_FLTRES;
	return 0;
}

static int fpe_code_of(int vector)
{
	u16 control, status;
	u32 mxcsr;

	if (vector == X86_TRAP_MF) {
		asm volatile("fnstcw %0; fnstsw %1" : "=m" (control), "=m" (status));
		return fpe_code(status & ~control & 0x3f);
	}
	asm volatile("stmxcsr %0" : "=m" (mxcsr));
	return fpe_code(~(mxcsr >> 7) & mxcsr & 0x3f);
}

/* The debug status register is never cleared by the CPU. Return: what it was. */
static unsigned long take_debug_status(void)
{
	unsigned long status;

	asm volatile("mov %%db6, %0" : "=r" (status));
	asm volatile("mov %0, %%db6" : : "r" (DR6_FIXED));
	return status;
}

/* A single step, or an address in a debug register was met; the status stays for the tracer. */
static void user_debug(struct pt_regs *regs)
{
	unsigned long status = take_debug_status() & (DR6_STEP | DR6_SLOTS);
	struct thread_struct *t = &current->thread;
	int code = TRAP_BRKPT;

	if (status & DR6_STEP)
		code = TRAP_TRACE;
	else if (status & DR6_SLOTS)
		code = TRAP_HWBKPT;
	local_irq_enable();
	if ((status & DR6_STEP) && unlikely(t->dr7) && test_thread_flag(TIF_SINGLESTEP))
		status |= changed_watched_words();
	t->dr6 = status;	/* with the polarity of a program: ones where something was */
	send_step_trap(regs, code);
	local_irq_disable();
}

static void user_exception(struct pt_regs *regs, int vector, long error_code)
{
	int sig = exceptions[vector].signal ?: SIGSEGV, code = exceptions[vector].code;

	if (vector == X86_TRAP_DB) {
		user_debug(regs);
		return;
	}
	if (vector == X86_TRAP_MC || vector == X86_TRAP_DF)
		die(exception_name(vector), regs, error_code);
	if (vector == X86_TRAP_MF || vector == X86_TRAP_XF) {
		code = fpe_code_of(vector);
		if (!code)
			return;
	}
	local_irq_enable();
	current->thread.trap_nr = vector;
	current->thread.error_code = error_code;
	if (code)
		force_sig_fault(sig, code, vector == X86_TRAP_AC ? NULL : (void __user *)regs->ip);
	else
		force_sig(sig);
	local_irq_disable();
}

static void kernel_exception(struct pt_regs *regs, int vector, long error_code)
{
	if (fixup_exception(regs))
		return;
	die(exception_name(vector), regs, error_code);
}

/* Everything that uses the task's own stack. */
void handle_exception(struct pt_regs *regs, int vector)
{
	unsigned long addr = vector == X86_TRAP_PF ? read_cr2() : 0;
	long error_code = (long)regs->orig_ax;

	regs->orig_ax = ~0UL;
	if (vector == X86_TRAP_PF)
		do_page_fault(regs, error_code, addr);
	else if (user_mode(regs))
		user_exception(regs, vector, error_code);
	else
		kernel_exception(regs, vector, error_code);
	if (user_mode(regs))
		exit_to_user_mode(regs);
}

static void handle_nmi(struct pt_regs *regs)
{
	this_cpu_add(__preempt_count, NMI_OFFSET);
	if (oops_in_progress)
		for (;;)
			asm volatile("hlt");
	pr_emerg("NMI on CPU %d\n", smp_processor_id());
	show_regs(regs);
	this_cpu_sub(__preempt_count, NMI_OFFSET);
}

/*
 * A trap flag that user mode set may fire on the first instruction of an entry: ignore it there.
 * A watched address that the kernel touches for the program is not reported.
 */
static void handle_kernel_debug(struct pt_regs *regs)
{
	take_debug_status();
	regs->flags &= ~X86_EFLAGS_TF;
}

/* On an IST stack, interrupted mode unknown: must not sleep, and leaves by the way it came. */
void handle_paranoid(struct pt_regs *regs, int vector)
{
	long error_code = (long)regs->orig_ax;

	regs->orig_ax = ~0UL;
	if (vector == X86_TRAP_NMI)
		handle_nmi(regs);
	else if (vector == X86_TRAP_DB)
		handle_kernel_debug(regs);
	else
		die(exception_name(vector), regs, error_code);
}

/*
 * IRET to user mode faulted because the frame was bad (a signal handler's work, say): make it look
 * as if user mode itself had faulted. @bad lies right below the words that IRET read.
 */
struct pt_regs *fixup_bad_iret(const struct pt_regs *bad)
{
	const unsigned long *frame = (const unsigned long *)bad->sp;
	struct pt_regs *regs = task_pt_regs(current);
	struct pt_regs copy = *bad;

	copy.ip = frame[0];
	copy.cs = frame[1] | 3;
	copy.flags = frame[2];
	copy.sp = frame[3];
	copy.ss = frame[4];
	memcpy(regs, &copy, sizeof(copy));
	return regs;
}

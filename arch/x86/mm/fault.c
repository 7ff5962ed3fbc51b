// SPDX-License-Identifier: GPL-2.0-only
/*
 * Page faults: which of them user mode caused, which the kernel may cause while it reads user
 * memory, and which are errors. The work on the address space is mm's do_user_fault().
 */
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/panic.h>
#include <linux/preempt.h>
#include <linux/sched.h>
#include <linux/signal.h>
#include <linux/uaccess.h>
#include <asm/entry.h>
#include <asm/irq_vectors.h>
#include <asm/processor.h>

/* Bits of the error code: SDM vol. 3, 4.7 */
#define X86_PF_PROT	(1UL << 0)	/* 0: no page, 1: not allowed */
#define X86_PF_WRITE	(1UL << 1)
#define X86_PF_USER	(1UL << 2)
#define X86_PF_RSVD	(1UL << 3)
#define X86_PF_INSTR	(1UL << 4)

static void set_fault_info(unsigned long error_code, unsigned long addr)
{
	current->thread.trap_nr = X86_TRAP_PF;
	/* User mode must not learn what is mapped in the kernel. */
	current->thread.error_code = addr >= TASK_SIZE_MAX ? error_code | X86_PF_PROT : error_code;
	current->thread.cr2 = addr;
}

static void user_segv(unsigned long error_code, unsigned long addr, int sig, int code)
{
	set_fault_info(error_code | X86_PF_USER, addr);
	force_sig_fault(sig, code, (void __user *)addr);
}

static const char *access_name(unsigned long error_code)
{
	if (error_code & X86_PF_INSTR)
		return "execute";
	return error_code & X86_PF_WRITE ? "write" : "read";
}

static void __noreturn kernel_fault(struct pt_regs *regs, unsigned long error_code,
				    unsigned long addr)
{
	const char *what;

	if (addr < PAGE_SIZE)
		what = "NULL pointer dereference";
	else if (addr < TASK_SIZE_MAX && (error_code & X86_PF_INSTR))
		what = "execution of user memory (SMEP)";
	else if (addr < TASK_SIZE_MAX)
		what = "user memory touched without the user copy routines";
	else if (is_kernel_stack_guard(addr))
		what = "kernel stack overflow";
	else
		what = "unable to handle page fault";
	pr_emerg("BUG: %s at %016lx (%s)\n", what, addr, access_name(error_code));
	die("page fault", regs, error_code);
}

static unsigned int fault_flags(const struct pt_regs *regs, unsigned long error_code)
{
	unsigned int flags = 0;

	if (user_mode(regs))
		flags |= FAULT_FLAG_USER;
	if (error_code & X86_PF_WRITE)
		flags |= FAULT_FLAG_WRITE;
	if (error_code & X86_PF_INSTR)
		flags |= FAULT_FLAG_INSTRUCTION;
	return flags;
}

/*
 * The kernel touches user memory: only with SMAP open (the AC flag, when there is SMAP) and where
 * the exception table can go on if the page is not to be had.
 */
static bool kernel_may_touch_user(const struct pt_regs *regs, unsigned long error_code)
{
	if (error_code & (X86_PF_RSVD | X86_PF_INSTR))
		return false;
	if (boot_cpu_has(X86_FEATURE_SMAP) && !(regs->flags & X86_EFLAGS_AC))
		return false;
	return current->mm && !pagefault_disabled() && !in_interrupt();
}

static void user_address_fault(struct pt_regs *regs, unsigned long error_code, unsigned long addr)
{
	int code = SEGV_MAPERR, sig;

	if (!user_mode(regs) && !kernel_may_touch_user(regs, error_code)) {
		if (!fixup_exception(regs))
			kernel_fault(regs, error_code, addr);
		return;
	}
	if (user_mode(regs) || !regs_irqs_disabled(regs))
		local_irq_enable();
	sig = do_user_fault(current->mm, addr, fault_flags(regs, error_code), &code);
	if (unlikely(sig)) {
		if (user_mode(regs) && sig != SIGKILL)
			user_segv(error_code, addr, sig, code);
		else if (!user_mode(regs) && !fixup_exception(regs))
			kernel_fault(regs, error_code, addr);
	}
	local_irq_disable();
}

/**
 * do_page_fault - vector 14
 * @error_code: X86_PF_ bits   @addr: CR2
 *
 * Context: interrupts off on entry and return.
 */
void do_page_fault(struct pt_regs *regs, unsigned long error_code, unsigned long addr)
{
	if (likely(addr < TASK_SIZE_MAX)) {
		user_address_fault(regs, error_code, addr);
	} else if (user_mode(regs)) {
		local_irq_enable();
		user_segv(error_code, addr, SIGSEGV, SEGV_MAPERR);
		local_irq_disable();
	} else if (!fixup_exception(regs)) {
		kernel_fault(regs, error_code, addr);
	}
}

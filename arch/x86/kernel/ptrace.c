// SPDX-License-Identifier: GPL-2.0-only
/*
 * ptrace's requests that know the CPU: registers one by one and in sets, the user area, debug
 * registers, single steps. The tracee is stopped and off the CPU.
 */
#include <linux/elf.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/ptrace.h>
#include <linux/sched.h>
#include <linux/signal.h>
#include <linux/uaccess.h>
#include <asm/debugreg.h>
#include <asm/irq_vectors.h>
#include <asm/ptrace-abi.h>
#include <asm/regset.h>

BUILD_ASSERT(sizeof(struct user_regs_struct) == 27 * 8);
BUILD_ASSERT(offsetof(struct user_regs_struct, ss) == offsetof(struct pt_regs, ss));
BUILD_ASSERT(sizeof(struct user_i387_struct) == 512);
BUILD_ASSERT(offsetof(struct user, u_debugreg) == 848);

#define DEBUGREG_FIRST	offsetof(struct user, u_debugreg)
#define DEBUGREG_END	(DEBUGREG_FIRST + 8 * sizeof(long))

/* ---- single steps ---- */

void user_enable_single_step(struct task_struct *child)
{
	struct pt_regs *regs = task_pt_regs(child);

	if (unlikely(child->thread.dr7))
		note_watched_words(child);
	set_tsk_thread_flag(child, TIF_SINGLESTEP);
	set_tsk_thread_flag(child, TIF_REGS_CHANGED);
	/* A program that traps itself keeps its own flag afterwards. */
	if (!(regs->flags & X86_EFLAGS_TF))
		set_tsk_thread_flag(child, TIF_FORCED_TF);
	regs->flags |= X86_EFLAGS_TF;
}

void user_disable_single_step(struct task_struct *child)
{
	clear_tsk_thread_flag(child, TIF_SINGLESTEP);
	if (test_and_clear_tsk_thread_flag(child, TIF_FORCED_TF)) {
		set_tsk_thread_flag(child, TIF_REGS_CHANGED);
		task_pt_regs(child)->flags &= ~X86_EFLAGS_TF;
	}
}

/* The tracer leaves: nothing of its doing stays. */
void ptrace_disable(struct task_struct *child)
{
	user_disable_single_step(child);
}

/**
 * send_step_trap - SIGTRAP for an instruction that was single-stepped or met a debug register
 * @regs: current's   @code: TRAP_*
 */
void send_step_trap(struct pt_regs *regs, int code)
{
	current->thread.trap_nr = X86_TRAP_DB;
	current->thread.error_code = 0;
	force_sig_fault(SIGTRAP, code, (void __user *)regs->ip);
}

/* ---- the user area ---- */

static long peek_user(struct task_struct *child, unsigned long addr, unsigned long __user *to)
{
	unsigned long word = 0;

	if (addr % sizeof(long) || addr >= sizeof(struct user))
		return -EIO;
	if (addr < sizeof(struct user_regs_struct))
		word = get_user_reg(child, addr / sizeof(long));
	else if (addr >= DEBUGREG_FIRST && addr < DEBUGREG_END)
		word = get_debugreg(child, (addr - DEBUGREG_FIRST) / sizeof(long));
	return put_user(word, to);
}

static long poke_user(struct task_struct *child, unsigned long addr, unsigned long word)
{
	if (addr % sizeof(long) || addr >= sizeof(struct user))
		return -EIO;
	if (addr < sizeof(struct user_regs_struct))
		return set_user_reg(child, addr / sizeof(long), word);
	if (addr >= DEBUGREG_FIRST && addr < DEBUGREG_END)
		return set_debugreg(child, (addr - DEBUGREG_FIRST) / sizeof(long), word);
	return -EIO;
}

/* The whole of one set, as the requests older than PTRACE_GETREGSET want it. */
static long whole_set(struct task_struct *child, bool set, unsigned int type, size_t len,
		      unsigned long data)
{
	return ptrace_regset(child, set ? PTRACE_SETREGSET : PTRACE_GETREGSET, type,
			     (void __user *)data, &len);
}

/**
 * arch_ptrace - a request to a stopped tracee
 *
 * Return: 0 or -errno, see ptrace_request() for what is not of this CPU.
 */
long arch_ptrace(struct task_struct *child, long request, unsigned long addr, unsigned long data)
{
	switch (request) {
	case PTRACE_PEEKUSR:
		return peek_user(child, addr, (unsigned long __user *)data);
	case PTRACE_POKEUSR:
		return poke_user(child, addr, data);
	case PTRACE_GETREGS:
	case PTRACE_SETREGS:
		return whole_set(child, request == PTRACE_SETREGS, NT_PRSTATUS,
				 sizeof(struct user_regs_struct), data);
	case PTRACE_GETFPREGS:
	case PTRACE_SETFPREGS:
		return whole_set(child, request == PTRACE_SETFPREGS, NT_PRFPREG,
				 sizeof(struct user_i387_struct), data);
	case PTRACE_ARCH_PRCTL:
		return do_arch_prctl_64(child, data, addr);
	default:
		return ptrace_request(child, request, addr, data);
	}
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * The C half of system calls, and what must be done before user mode runs again. Called by entry.S
 * with interrupts off; returns with interrupts off and no work left.
 */
#include <linux/bitops.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/ptrace.h>
#include <linux/rseq.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <linux/uaccess.h>
#include <asm/entry.h>
#include <asm/irqflags.h>
#include <asm/signal_frame.h>
#include <asm/syscall.h>
#define SYSCALL(nr, name, entry)
#include <generated/syscall_table.h>

BUILD_ASSERT(sizeof(struct pt_regs) == PT_REGS_SIZE);
BUILD_ASSERT(offsetof(struct task_struct, thread_info) == 0);

/* SYSRET refuses or mishandles these; IRET restores them exactly. */
#define SYSRET_BAD_FLAGS	(X86_EFLAGS_RF | X86_EFLAGS_TF)

static noinline void exit_to_user_mode_loop(struct pt_regs *regs, unsigned long work)
{
	do {
		local_irq_enable();
		if (work & _TIF_NEED_RESCHED)
			schedule();
		if (work & _TIF_NOTIFY_RESUME) {
			clear_thread_flag(TIF_NOTIFY_RESUME);
			task_work_run();
			rseq_notify_resume(regs);
		}
		if (work & (_TIF_SIGPENDING | _TIF_NOTIFY_SIGNAL))
			arch_do_signal(regs);
		local_irq_disable();
		work = READ_ONCE(current_thread_info()->flags) & _TIF_EXIT_WORK;
	} while (work);
}

/**
 * exit_to_user_mode - do what was asked for before user mode runs again
 * @regs: what user mode will see
 *
 * Context: interrupts off on entry and on return, no locks held; may sleep in between.
 */
void exit_to_user_mode(struct pt_regs *regs)
{
	unsigned long work = READ_ONCE(current_thread_info()->flags) & _TIF_EXIT_WORK;

	if (unlikely(work))
		exit_to_user_mode_loop(regs, work);
}

/* SYSRET takes RIP from RCX and RFLAGS from R11, and faults in ring 0 on a strange RIP. */
static bool may_sysret(const struct pt_regs *regs)
{
	return likely(regs->cx == regs->ip && regs->r11 == regs->flags &&
		      regs->ip < TASK_SIZE_MAX && !(regs->flags & SYSRET_BAD_FLAGS) &&
		      regs->cs == __USER_CS && regs->ss == __USER_DS);
}

static __always_inline void call_syscall(struct pt_regs *regs)
{
	unsigned long nr = regs->orig_ax;

	if (likely((u32)nr < NR_SYSCALLS))
		regs->ax = (unsigned long)sys_call_table[(u32)nr](regs);
	else
		regs->ax = (unsigned long)sys_ni_syscall(regs);
}

/* Return: whether the call is to be made. RAX is -ENOSYS already, or what the tracer wrote. */
static bool syscall_enter_work(struct pt_regs *regs, unsigned long work)
{
	if (work & (_TIF_SYSCALL_TRACE | _TIF_SYSCALL_EMU)) {
		if (ptrace_report_syscall_entry(regs) || (work & _TIF_SYSCALL_EMU))
			return false;
	}
	/* After the tracer: what it made of the call counts. */
	if ((work & _TIF_SECCOMP) && !secure_computing(regs))
		return false;
	return (int)regs->orig_ax != -1;
}

static noinline void syscall_with_work(struct pt_regs *regs, unsigned long work)
{
	if (syscall_enter_work(regs, work))
		call_syscall(regs);
}

/* Context: interrupts off, on return as well. Return: as do_syscall_64(). */
static noinline bool syscall_exit_work(struct pt_regs *regs, unsigned long work)
{
	local_irq_enable();
	if (work & _TIF_SYSCALL_EXIT_WORK)
		ptrace_report_syscall_exit(regs, (work & _TIF_SINGLESTEP) &&
					   !test_thread_flag(TIF_SYSCALL_EMU));
	local_irq_disable();
	exit_to_user_mode(regs);
	if (test_thread_flag(TIF_REGS_CHANGED))
		clear_thread_flag(TIF_REGS_CHANGED);
	return may_sysret(regs);
}

/*
 * Return: whether SYSRET can restore @regs. It can restore what SYSCALL saved; whoever changes that
 * has work on the way out, or sets TIF_REGS_CHANGED.
 */
bool do_syscall_64(struct pt_regs *regs)
{
	unsigned long work = READ_ONCE(current_thread_info()->flags);

	local_irq_enable();
	if (likely(!(work & _TIF_SYSCALL_ENTRY_WORK)))
		call_syscall(regs);
	else
		syscall_with_work(regs, work);
	local_irq_disable();
	work = READ_ONCE(current_thread_info()->flags);
	if (unlikely(work & (_TIF_EXIT_WORK | _TIF_SYSCALL_EXIT_WORK | _TIF_REGS_CHANGED)))
		return syscall_exit_work(regs, work);
	ASSERT(may_sysret(regs) || (regs->flags & X86_EFLAGS_TF));
	return !(regs->flags & X86_EFLAGS_TF);
}

/* The way of a new task into user mode, and of a kernel thread that became a program. */
void return_from_fork(struct pt_regs *regs)
{
	local_irq_disable();
	exit_to_user_mode(regs);
}

/* Tell about a call that is not there, once per number. */
static void note_missing(unsigned long nr)
{
	static unsigned long seen[512 / BITS_PER_LONG];

	if (nr >= 512 || __atomic_fetch_or(&seen[nr / BITS_PER_LONG], 1UL << (nr % BITS_PER_LONG),
					   __ATOMIC_RELAXED) & (1UL << (nr % BITS_PER_LONG)))
		return;
	pr_debug("%s asked for system call %lu, which is not there\n", current->comm, nr);
}

/**
 * sys_ni_syscall - every number that the table does not name
 * Return: -ENOSYS
 */
long sys_ni_syscall(const struct pt_regs *regs)
{
	note_missing((u32)regs->orig_ax);
	return -ENOSYS;
}

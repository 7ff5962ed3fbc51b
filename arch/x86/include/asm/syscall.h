/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * System calls as others see them: number, arguments and result in a task's saved registers, and
 * the table from arch/x86/entry/syscalls.tbl.
 */
#ifndef _ASM_X86_SYSCALL_H
#define _ASM_X86_SYSCALL_H

#include <linux/errno.h>
#include <asm/ptrace.h>

struct task_struct;

typedef long (*sys_call_ptr_t)(const struct pt_regs *regs);

extern const sys_call_ptr_t sys_call_table[];

long sys_ni_syscall(const struct pt_regs *regs);

/* The number, or -1 when the task is not in a system call. */
static inline long syscall_get_nr(const struct task_struct *tsk, const struct pt_regs *regs)
{
	return (long)regs->orig_ax;
}

static inline void syscall_get_arguments(const struct pt_regs *regs, unsigned long args[6])
{
	args[0] = regs->di;
	args[1] = regs->si;
	args[2] = regs->dx;
	args[3] = regs->r10;
	args[4] = regs->r8;
	args[5] = regs->r9;
}

static inline long syscall_get_return_value(const struct pt_regs *regs)
{
	return (long)regs->ax;
}

static inline void syscall_set_return_value(struct pt_regs *regs, long error, long val)
{
	regs->ax = (unsigned long)(error ? error : val);
}

/* After a finished or restarted call: the registers no longer ask for a restart. */
static inline void syscall_forget(struct pt_regs *regs)
{
	regs->orig_ax = ~0UL;
}

#endif

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The registers an entry saves, in the order of the x86-64 ABI (user_regs_struct's first 21 words),
 * so that ptrace, core notes and signal frames read them without a map.
 */
#ifndef _ASM_X86_PTRACE_H
#define _ASM_X86_PTRACE_H

#include <asm/irqflags.h>

#ifndef __ASSEMBLY__

#include <linux/types.h>

struct pt_regs {
	unsigned long r15;
	unsigned long r14;
	unsigned long r13;
	unsigned long r12;
	unsigned long bp;
	unsigned long bx;
	unsigned long r11;
	unsigned long r10;
	unsigned long r9;
	unsigned long r8;
	unsigned long ax;
	unsigned long cx;
	unsigned long dx;
	unsigned long si;
	unsigned long di;
	unsigned long orig_ax;	/* system call number; -1 (or an error code) for anything else */
	unsigned long ip;
	unsigned long cs;
	unsigned long flags;
	unsigned long sp;
	unsigned long ss;
};

static inline bool user_mode(const struct pt_regs *regs)
{
	return (regs->cs & 3) != 0;
}

static inline unsigned long user_stack_pointer(const struct pt_regs *regs)
{
	return regs->sp;
}

static inline unsigned long instruction_pointer(const struct pt_regs *regs)
{
	return regs->ip;
}

static inline long regs_return_value(const struct pt_regs *regs)
{
	return (long)regs->ax;
}

static inline bool regs_irqs_disabled(const struct pt_regs *regs)
{
	return !(regs->flags & X86_EFLAGS_IF);
}

void show_regs(const struct pt_regs *regs);

struct task_struct;

#define current_pt_regs()	task_pt_regs(current)

#else /* __ASSEMBLY__ */

#define PT_R15		(0 * 8)
#define PT_R14		(1 * 8)
#define PT_R13		(2 * 8)
#define PT_R12		(3 * 8)
#define PT_RBP		(4 * 8)
#define PT_RBX		(5 * 8)
#define PT_R11		(6 * 8)
#define PT_R10		(7 * 8)
#define PT_R9		(8 * 8)
#define PT_R8		(9 * 8)
#define PT_RAX		(10 * 8)
#define PT_RCX		(11 * 8)
#define PT_RDX		(12 * 8)
#define PT_RSI		(13 * 8)
#define PT_RDI		(14 * 8)
#define PT_ORIG_RAX	(15 * 8)
#define PT_RIP		(16 * 8)
#define PT_CS		(17 * 8)
#define PT_EFLAGS	(18 * 8)
#define PT_RSP		(19 * 8)
#define PT_SS		(20 * 8)

#endif

#define PT_REGS_SIZE	(21 * 8)

#endif

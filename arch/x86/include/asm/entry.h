/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Between entry.S and C.
 */
#ifndef _ASM_X86_ENTRY_H
#define _ASM_X86_ENTRY_H

#include <linux/compiler.h>
#include <linux/types.h>
#include <asm/percpu.h>
#include <asm/ptrace.h>

struct task_struct;

/* Code, entered by the CPU or by switch_to; never called. */
extern const char entry_syscall[], ret_from_fork[], iret_to_user[];
extern const char exception_stubs[][16], interrupt_stubs[][16];

bool do_syscall_64(struct pt_regs *regs);
void return_from_fork(struct pt_regs *regs);
void handle_exception(struct pt_regs *regs, int vector);
void handle_paranoid(struct pt_regs *regs, int vector);
void handle_user_interrupt(struct pt_regs *regs, int vector);
void handle_kernel_interrupt(struct pt_regs *regs, int vector);
struct pt_regs *fixup_bad_iret(const struct pt_regs *bad);
struct task_struct *__switch_to(struct task_struct *prev, struct task_struct *next);

void exit_to_user_mode(struct pt_regs *regs);

void idt_init(void);
void idt_load(void);
void gdt_tss_init_cpu(int cpu);
void syscall_init_cpu(void);

/* The fault that @regs tells of in kernel mode cannot be mended: say so, end the task or panic. */
void __noreturn die(const char *what, struct pt_regs *regs, long error_code);

void do_page_fault(struct pt_regs *regs, unsigned long error_code, unsigned long addr);

DECLARE_PER_CPU(unsigned long, user_rsp_scratch);
DECLARE_PER_CPU(unsigned long, hardirq_stack_top);

#endif

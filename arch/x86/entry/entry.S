/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Every way into the kernel and out of it. Entries save struct pt_regs; from user mode that is at
 * the top of the task's kernel stack. User GS is swapped on the way in, and back last of all.
 */
#include <linux/errno.h>
#include <asm/extable.h>
#include <asm/irq_vectors.h>
#include <asm/linkage.h>
#include <asm/msr.h>
#include <asm/percpu.h>
#include <asm/ptrace.h>
#include <asm/segment.h>
#include <asm/smap.h>

/* After orig_ax (and, with \di=0, di) is on the stack. */
.macro PUSH_REGS di=1 ax=%rax
	.if \di
	pushq	%rdi
	.endif
	pushq	%rsi
	pushq	%rdx
	pushq	%rcx
	pushq	\ax
	pushq	%r8
	pushq	%r9
	pushq	%r10
	pushq	%r11
	pushq	%rbx
	pushq	%rbp
	pushq	%r12
	pushq	%r13
	pushq	%r14
	pushq	%r15
.endm

.macro POP_REGS
	popq	%r15
	popq	%r14
	popq	%r13
	popq	%r12
	popq	%rbp
	popq	%rbx
	popq	%r11
	popq	%r10
	popq	%r9
	popq	%r8
	popq	%rax
	popq	%rcx
	popq	%rdx
	popq	%rsi
	popq	%rdi
.endm

	.section .text

/* SYSCALL: RCX holds the user's RIP, R11 its RFLAGS; interrupts are off (MSR_SYSCALL_MASK). */
SYM_CODE_START(entry_syscall)
	swapgs
	movq	%rsp, PER_CPU_VAR(user_rsp_scratch)
	movq	PER_CPU_VAR(cpu_top_of_stack), %rsp
	pushq	$__USER_DS
	pushq	PER_CPU_VAR(user_rsp_scratch)
	pushq	%r11
	pushq	$__USER_CS
	pushq	%rcx
	pushq	%rax
	PUSH_REGS ax=$-ENOSYS
	xorl	%ebp, %ebp
	movq	%rsp, %rdi
	call	do_syscall_64
	testb	%al, %al		/* a bool: what else is in EAX says nothing */
	jz	return_by_iret

	popq	%r15
	popq	%r14
	popq	%r13
	popq	%r12
	popq	%rbp
	popq	%rbx
	popq	%r11
	popq	%r10
	popq	%r9
	popq	%r8
	popq	%rax
	popq	%rcx
	popq	%rdx
	popq	%rsi
	popq	%rdi
	movq	(PT_RSP - PT_ORIG_RAX)(%rsp), %rsp
	swapgs
	sysretq
SYM_CODE_END(entry_syscall)

/* A new task begins here: RAX is the task that ran before, RBX a kernel thread's function. */
SYM_CODE_START(ret_from_fork)
	movq	%rax, %rdi
	call	schedule_tail
	testq	%rbx, %rbx
	jnz	1f
2:	movq	%rsp, %rdi
	call	return_from_fork
	jmp	return_by_iret
1:	movq	%r12, %rdi
	call	*%rbx
	movq	$0, PT_RAX(%rsp)
	jmp	2b
SYM_CODE_END(ret_from_fork)

/* To the interrupted context, user or kernel. Interrupts are off and all exit work is done. */
SYM_CODE_START(return_by_iret)
	testb	$3, PT_CS(%rsp)
	jz	1f
	POP_REGS
	addq	$8, %rsp
	swapgs
	.globl	iret_to_user
iret_to_user:
	iretq
1:	POP_REGS
	addq	$8, %rsp
	iretq
SYM_CODE_END(return_by_iret)

/* Exceptions that push an error code do it themselves; the others get 0. */
	.balign 16
SYM_DATA_START(exception_stubs)
	.set vector, 0
	.rept FIRST_EXTERNAL_VECTOR
	.balign 16
	.if !(vector == 8 || (vector >= 10 && vector <= 14) || vector == 17 || vector == 21 || \
	      vector == 29 || vector == 30)
	pushq	$0
	.endif
	pushq	$vector
	.if vector == X86_TRAP_DB || vector == X86_TRAP_NMI || vector == X86_TRAP_DF || \
	    vector == X86_TRAP_MC
	jmp	paranoid_entry
	.else
	jmp	exception_entry
	.endif
	.set vector, vector + 1
	.endr
SYM_DATA_END(exception_stubs)

	.balign 16
SYM_DATA_START(interrupt_stubs)
	.set vector, FIRST_EXTERNAL_VECTOR
	.rept 256 - FIRST_EXTERNAL_VECTOR
	.balign 16
	pushq	$-1
	pushq	$vector
	jmp	interrupt_entry
	.set vector, vector + 1
	.endr
SYM_DATA_END(interrupt_stubs)

SYM_CODE_START(exception_entry)
	ASM_CLAC
	cld
	xchgq	%rdi, (%rsp)		/* the vector's place is di's */
	PUSH_REGS di=0
	movl	%edi, %r12d
	testb	$3, PT_CS(%rsp)
	jz	1f
	swapgs
2:	movq	%rsp, %rdi
	movl	%r12d, %esi
	xorl	%ebp, %ebp
	call	handle_exception
	jmp	return_by_iret

	/* From the kernel: user GS is still in place if the IRET to user mode itself failed. */
1:	leaq	iret_to_user(%rip), %rcx
	cmpq	%rcx, PT_RIP(%rsp)
	je	3f
	movq	%rsp, %rdi
	movl	%r12d, %esi
	call	handle_exception
	jmp	return_by_iret
3:	swapgs
	movq	%rsp, %rdi
	call	fixup_bad_iret
	movq	%rax, %rsp
	jmp	2b
SYM_CODE_END(exception_entry)

SYM_CODE_START(interrupt_entry)
	ASM_CLAC
	cld
	xchgq	%rdi, (%rsp)
	PUSH_REGS di=0
	movl	%edi, %esi
	movq	%rsp, %rdi
	testb	$3, PT_CS(%rsp)
	jz	1f
	swapgs
	xorl	%ebp, %ebp
	call	handle_user_interrupt
	jmp	return_by_iret

	/* From the kernel: its stack may be nearly full, so run on this CPU's interrupt stack. */
1:	movq	%rsp, %rbp
	movq	PER_CPU_VAR(hardirq_stack_top), %rsp
	pushq	PT_RIP(%rdi)		/* a frame for backtraces */
	pushq	PT_RBP(%rdi)
	movq	%rsp, %rax
	xchgq	%rbp, %rax
	pushq	%rax
	call	handle_kernel_interrupt
	popq	%rsp
	jmp	return_by_iret
SYM_CODE_END(interrupt_entry)

/*
 * Exceptions with a stack of their own, that may hit between any two instructions of the other
 * entries: whether GS is the kernel's is read from its base. The kernel's is in the upper half.
 */
SYM_CODE_START(paranoid_entry)
	ASM_CLAC
	cld
	xchgq	%rdi, (%rsp)
	PUSH_REGS di=0
	movl	%edi, %r12d
	cmpl	$X86_TRAP_NMI, %edi	/* must not sleep: NMIs are off until its IRET */
	je	3f
	testb	$3, PT_CS(%rsp)
	jnz	4f
3:	movl	%r12d, %esi
	movl	$1, %ebx
	movl	$MSR_GS_BASE, %ecx
	rdmsr
	testl	%edx, %edx
	js	1f
	swapgs
	xorl	%ebx, %ebx
1:	movq	%rsp, %rdi
	xorl	%ebp, %ebp
	call	handle_paranoid
	testl	%ebx, %ebx
	jnz	2f
	swapgs
2:	POP_REGS
	addq	$8, %rsp
	iretq

	/* From user mode it is an exception like any other: go on on the task's own stack. */
4:	swapgs
	movq	%rsp, %rsi
	movq	PER_CPU_VAR(cpu_top_of_stack), %rsp
	subq	$PT_REGS_SIZE, %rsp
	movq	%rsp, %rdi
	movl	$(PT_REGS_SIZE / 8), %ecx
	rep movsq
	movq	%rsp, %rdi
	movl	%r12d, %esi
	xorl	%ebp, %ebp
	call	handle_exception
	jmp	return_by_iret
SYM_CODE_END(paranoid_entry)

/* struct task_struct *__switch_to_asm(prev, next, unsigned long *prev_sp, unsigned long next_sp) */
SYM_FUNC_START(__switch_to_asm)
	pushq	%rbp
	pushq	%rbx
	pushq	%r12
	pushq	%r13
	pushq	%r14
	pushq	%r15
	movq	%rsp, (%rdx)
	movq	%rcx, %rsp
	popq	%r15
	popq	%r14
	popq	%r13
	popq	%r12
	popq	%rbx
	popq	%rbp
	jmp	__switch_to
SYM_FUNC_END(__switch_to_asm)

	.section .note.GNU-stack, "", @progbits

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The first instructions of every CPU but the first: copied to TRAMPOLINE_PHYS, entered there in
 * real mode by the startup interrupt. Straight to long mode on the early tables, then to
 * secondary_start.
 */
#include <asm/linkage.h>
#include <asm/msr.h>
#include <asm/page.h>
#include <asm/processor.h>
#include <asm/trampoline.h>

#define HERE(sym)	((sym) - trampoline_start + TRAMPOLINE_PHYS)

	.section .init.rodata, "a"
	.balign 16
	.code16
SYM_DATA_START(trampoline_start)
	cli
	cld
	xorl	%eax, %eax
	movw	%ax, %ds
	lgdtl	HERE(trampoline_gdt_ptr)
	movl	$X86_CR4_PAE, %eax
	movl	%eax, %cr4
	movl	$(early_top_pgt - __START_KERNEL_map), %eax
	movl	%eax, %cr3
	movl	$MSR_EFER, %ecx
	movl	HERE(trampoline_efer), %eax
	xorl	%edx, %edx
	wrmsr
	movl	$CR0_STATE, %eax
	movl	%eax, %cr0
	ljmpl	$__KERNEL_CS, $HERE(trampoline_64)

	.code64
trampoline_64:
	movabs	$secondary_start, %rax
	jmp	*%rax

	.balign 8
trampoline_gdt:
	.quad 0
	.quad 0x00cf9b000000ffff
	.quad 0x00af9b000000ffff
	.quad 0x00cf93000000ffff
trampoline_gdt_ptr:
	.word . - trampoline_gdt - 1
	.long HERE(trampoline_gdt)
	.balign 4
SYM_DATA_START(trampoline_efer)
	.long 0
SYM_DATA_END(trampoline_efer)
SYM_DATA_END(trampoline_start)
	.globl trampoline_end
trampoline_end:

	.section .note.GNU-stack, "", @progbits

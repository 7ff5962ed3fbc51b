/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The first instructions. A PVH loader enters pvh_start in 32-bit protected mode without paging,
 * with EBX holding the physical address of hvm_start_info. Other CPUs arrive at secondary_start
 * from the trampoline, already in long mode on the early tables.
 */
#include <asm/linkage.h>
#include <asm/msr.h>
#include <asm/pgtable_types.h>
#include <asm/processor.h>
#include <asm/ptrace.h>
#include <asm/segment.h>

#define PHYS(sym)	((sym) - __START_KERNEL_map)
#define XEN_ELFNOTE_PHYS32_ENTRY 18
#define EARLY_BITS	(_PAGE_PRESENT | _PAGE_RW | _PAGE_ACCESSED | _PAGE_DIRTY)

	.section .note.pvh, "a", @note
	.balign 4
	.long 4				/* name size */
	.long 8				/* value size */
	.long XEN_ELFNOTE_PHYS32_ENTRY
	.asciz "Xen"
	.quad PHYS(pvh_start)

	.section .init.text, "ax"
	.code32
SYM_CODE_START(pvh_start)
	cld
	cli
	mov	$PHYS(early_stack_end), %esp
	mov	%ebx, %ebp		/* CPUID clobbers EBX */

	mov	$0x80000000, %eax
	cpuid
	cmp	$0x80000001, %eax
	jb	no_long_mode
	mov	$0x80000001, %eax
	cpuid
	bt	$29, %edx		/* LM */
	jnc	no_long_mode
	mov	%edx, %edi		/* bit 20: NX */

	/* One gigabyte of 2 MiB pages, seen at 0, at PAGE_OFFSET and at __START_KERNEL_map. */
	mov	$PHYS(early_pmd), %ecx
	mov	$(EARLY_BITS | _PAGE_PSE), %eax
1:	mov	%eax, (%ecx)
	movl	$0, 4(%ecx)
	add	$PMD_SIZE, %eax
	add	$8, %ecx
	cmp	$PHYS(early_pmd) + PAGE_SIZE, %ecx
	jb	1b

	mov	$(PHYS(early_pmd) + EARLY_BITS), %eax
	mov	%eax, PHYS(early_pud)
	mov	%eax, PHYS(early_pud) + 510 * 8
	mov	$(PHYS(early_pud) + EARLY_BITS), %eax
	mov	%eax, PHYS(early_top_pgt)
	mov	%eax, PHYS(early_top_pgt) + ((PAGE_OFFSET >> PGDIR_SHIFT) & 511) * 8
	mov	%eax, PHYS(early_top_pgt) + 511 * 8

	mov	$X86_CR4_PAE, %eax
	mov	%eax, %cr4
	mov	$PHYS(early_top_pgt), %eax
	mov	%eax, %cr3

	mov	$MSR_EFER, %ecx
	rdmsr
	or	$(EFER_LME | EFER_SCE), %eax
	bt	$20, %edi
	jnc	2f
	or	$EFER_NX, %eax
2:	wrmsr
	mov	$CR0_STATE, %eax
	mov	%eax, %cr0

	lgdt	PHYS(early_gdt_ptr)
	ljmp	$__KERNEL_CS, $PHYS(start64)

no_long_mode:
	mov	$PHYS(no_long_mode_text), %esi
	mov	$0x3f8, %dx
3:	lodsb
	test	%al, %al
	jz	4f
	outb	%al, %dx
	jmp	3b
4:	mov	$1, %al
	outb	%al, $0xf4		/* isa-debug-exit, if there */
5:	hlt
	jmp	5b
SYM_CODE_END(pvh_start)

	.code64
start64:
	movabs	$start_high, %rax
	jmp	*%rax

SYM_CODE_START(start_high)
	mov	$__KERNEL_DS, %eax
	mov	%eax, %ds
	mov	%eax, %es
	mov	%eax, %ss
	xor	%eax, %eax
	mov	%eax, %fs
	mov	%eax, %gs

	/* CPU 0's per-CPU data is the linked section itself: GS base 0. */
	mov	$MSR_GS_BASE, %ecx
	xor	%edx, %edx
	wrmsr

	lea	init_stack_end(%rip), %rsp
	sub	$PT_REGS_SIZE, %rsp
	mov	%ebp, %edi
	xor	%ebp, %ebp
	call	x86_64_start_kernel
	ud2
SYM_CODE_END(start_high)

/* A secondary CPU, on the trampoline's stackless long mode: take what the boot CPU prepared. */
SYM_CODE_START(secondary_start)
	mov	$__KERNEL_DS, %eax
	mov	%eax, %ds
	mov	%eax, %es
	mov	%eax, %ss
	xor	%eax, %eax
	mov	%eax, %fs
	mov	%eax, %gs

	mov	$PHYS(swapper_pg_dir), %rax
	mov	%rax, %cr3

	mov	secondary_gs_base(%rip), %rax
	mov	%rax, %rdx
	shr	$32, %rdx
	mov	$MSR_GS_BASE, %ecx
	wrmsr

	mov	secondary_stack(%rip), %rsp
	xor	%ebp, %ebp
	call	start_secondary
	ud2
SYM_CODE_END(secondary_start)

	.section .init.data, "aw"
no_long_mode_text:
	.asciz "Tine needs a 64-bit processor: run qemu-system-x86_64, or choose another -cpu.\r\n"

	.balign 8
SYM_DATA_START(early_gdt)
	.quad 0
	.quad 0x00cf9b000000ffff	/* 32-bit kernel code */
	.quad 0x00af9b000000ffff	/* 64-bit kernel code */
	.quad 0x00cf93000000ffff	/* kernel data */
SYM_DATA_END(early_gdt)
early_gdt_end:
early_gdt_ptr:
	.word early_gdt_end - early_gdt - 1
	.quad PHYS(early_gdt)

	.balign 8
SYM_DATA_START(secondary_gs_base)
	.quad 0
SYM_DATA_END(secondary_gs_base)
SYM_DATA_START(secondary_stack)
	.quad 0
SYM_DATA_END(secondary_stack)

	.balign 16
	.skip 64
early_stack_end:

	.balign 4096
SYM_DATA_START(early_top_pgt)
	.skip 4096
SYM_DATA_END(early_top_pgt)
early_pud:
	.skip 4096
early_pmd:
	.skip 4096

	.section .bss.page_aligned, "aw", @nobits
	.balign 4096
SYM_DATA_START(swapper_pg_dir)
	.skip 4096
SYM_DATA_END(swapper_pg_dir)
	.balign THREAD_SIZE
SYM_DATA_START(init_stack)
	.skip THREAD_SIZE
SYM_DATA_END(init_stack)
init_stack_end:

	.section .note.GNU-stack, "", @progbits

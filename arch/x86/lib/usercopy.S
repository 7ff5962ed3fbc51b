/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Copies that touch user memory: eight bytes an instruction, the rest byte by byte. A fault in the
 * long part is tried again byte by byte, so that what is there is copied to the last byte.
 * unsigned long __copy_user(to, from, n), __clear_user(to, n): bytes that were not done.
 */
#include <asm/extable.h>
#include <asm/linkage.h>
#include <asm/smap.h>

	.section .text

SYM_FUNC_START(__copy_user)
	ASM_STAC
	movq	%rdx, %rcx
	shrq	$3, %rcx
	andl	$7, %edx
1:	rep movsq
	movl	%edx, %ecx
2:	rep movsb
	xorl	%eax, %eax
	ASM_CLAC
	ret

3:	leaq	(%rdx, %rcx, 8), %rcx	/* quadwords left, and the tail */
4:	rep movsb
5:	movq	%rcx, %rax
	ASM_CLAC
	ret

	_ASM_EXTABLE(1b, 3b)
	_ASM_EXTABLE(2b, 5b)
	_ASM_EXTABLE(4b, 5b)
SYM_FUNC_END(__copy_user)

SYM_FUNC_START(__clear_user)
	ASM_STAC
	xorl	%eax, %eax
	movq	%rsi, %rcx
	movl	%esi, %edx
	shrq	$3, %rcx
	andl	$7, %edx
1:	rep stosq
	movl	%edx, %ecx
2:	rep stosb
	ASM_CLAC
	ret

3:	leaq	(%rdx, %rcx, 8), %rcx
4:	rep stosb
5:	movq	%rcx, %rax
	ASM_CLAC
	ret

	_ASM_EXTABLE(1b, 3b)
	_ASM_EXTABLE(2b, 5b)
	_ASM_EXTABLE(4b, 5b)
SYM_FUNC_END(__clear_user)

	.section .note.GNU-stack, "", @progbits

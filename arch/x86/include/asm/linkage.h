/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Marks for functions written in assembly, so that symbol sizes and types are right in
 * backtraces and in kallsyms.
 */
#ifndef _ASM_X86_LINKAGE_H
#define _ASM_X86_LINKAGE_H

#ifdef __ASSEMBLY__

#define SYM_CODE_START(name)	\
	.globl name;		\
	.p2align 4;		\
	.type name, @function;	\
	name:

#define SYM_CODE_END(name)	.size name, . - name

#define SYM_FUNC_START(name)	SYM_CODE_START(name)
#define SYM_FUNC_END(name)	SYM_CODE_END(name)

#define SYM_DATA_START(name)	\
	.globl name;		\
	.type name, @object;	\
	name:

#define SYM_DATA_END(name)	.size name, . - name

#endif /* __ASSEMBLY__ */

#endif

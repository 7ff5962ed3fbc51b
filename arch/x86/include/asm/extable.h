/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Instructions of the kernel that may fault, and where to go on when they do.
 */
#ifndef _ASM_X86_EXTABLE_H
#define _ASM_X86_EXTABLE_H

#ifdef __ASSEMBLY__

#define _ASM_EXTABLE(from, to)			\
	.pushsection __ex_table, "a";		\
	.balign 4;				\
	.long (from) - .;			\
	.long (to) - .;				\
	.popsection

#else

#include <linux/types.h>

#define _ASM_EXTABLE(from, to)			\
	".pushsection __ex_table, \"a\"\n"	\
	".balign 4\n"				\
	".long (" #from ") - .\n"		\
	".long (" #to ") - .\n"			\
	".popsection\n"

struct exception_table_entry {
	s32 insn;	/* both relative to the field's own address */
	s32 fixup;
};

struct pt_regs;

void sort_main_extable(void);
bool fixup_exception(struct pt_regs *regs);

#endif

#endif

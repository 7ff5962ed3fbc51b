/* SPDX-License-Identifier: GPL-2.0-only */
/* The page below 1 MiB where other CPUs start; setup_arch() reserves it. */
#ifndef _ASM_X86_TRAMPOLINE_H
#define _ASM_X86_TRAMPOLINE_H

#define TRAMPOLINE_PHYS	0x8000

#ifndef __ASSEMBLY__

#include <linux/types.h>

extern const char trampoline_start[], trampoline_end[];
extern u32 trampoline_efer;	/* patch the copy, not this */
extern unsigned long secondary_gs_base, secondary_stack;

#endif

#endif

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * STAC and CLAC around user access. They are three-byte NOPs in the image; cpu_init_protection()
 * patches them in at boot, before the text becomes read-only, when the CPU has SMAP.
 */
#ifndef _ASM_X86_SMAP_H
#define _ASM_X86_SMAP_H

#ifdef __ASSEMBLY__

#define __SMAP_SITE(third)			\
	771: .byte 0x0f, 0x1f, 0x00;		\
	.pushsection .smap_sites, "a";		\
	.balign 4;				\
	.long 771b - .;				\
	.long third;				\
	.popsection

#define ASM_STAC	__SMAP_SITE(0xcb)
#define ASM_CLAC	__SMAP_SITE(0xca)

#else

#define __SMAP_SITE(third)			\
	"771: .byte 0x0f, 0x1f, 0x00\n"		\
	".pushsection .smap_sites, \"a\"\n"	\
	".balign 4\n"				\
	".long 771b - .\n"			\
	".long " #third "\n"			\
	".popsection\n"

#define ASM_STAC	__SMAP_SITE(0xcb)
#define ASM_CLAC	__SMAP_SITE(0xca)

static inline __attribute__((always_inline)) void stac(void)
{
	asm volatile(ASM_STAC : : : "memory");
}

static inline __attribute__((always_inline)) void clac(void)
{
	asm volatile(ASM_CLAC : : : "memory");
}

#endif

#endif

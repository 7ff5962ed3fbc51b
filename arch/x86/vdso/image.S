/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The vDSO as an ELF shared object, laid out by hand in one page: header, program headers, dynamic
 * section, symbols, versions; the linker script puts the code of vgettime.c right behind, and the
 * page with the data right in front.
 */
#include <asm/linkage.h>
#include <asm/page.h>

#define ET_DYN		3
#define EM_X86_64	62
#define PT_LOAD		1
#define PT_DYNAMIC	2
#define PF_X		1
#define PF_R		4
#define DT_NULL		0
#define DT_HASH		4
#define DT_STRTAB	5
#define DT_SYMTAB	6
#define DT_STRSZ	10
#define DT_SYMENT	11
#define DT_SONAME	14
#define DT_VERSYM	0x6ffffff0
#define DT_VERDEF	0x6ffffffc
#define DT_VERDEFNUM	0x6ffffffd
#define STB_GLOBAL_FUNC	0x12
#define STB_WEAK_FUNC	0x22
#define NR_SYMBOLS	11	/* the null symbol included */

#define AT(label)	((label) - vdso_image)

/* An address in another file, relative to the image: from here, and how far here is from it. */
.macro IMAGE_QUAD target
	.quad	\target - . + (. - vdso_image)
.endm

.macro SYM name target info
	.long	\name - strings
	.byte	\info, 0
	.short	1
	IMAGE_QUAD \target
	.quad	0
.endm

	.section .vdso.head, "a"
	.balign 4096
	.globl vdso_image
vdso_image:
	.byte	0x7f, 'E', 'L', 'F', 2, 1, 1, 0
	.quad	0
	.short	ET_DYN, EM_X86_64
	.long	1
	.quad	0			/* entry */
	.quad	AT(program_headers)
	.quad	0			/* no sections */
	.long	0
	.short	64, 56, 2, 64, 0, 0

program_headers:
	.long	PT_LOAD, PF_R | PF_X
	.quad	0, 0, 0
	IMAGE_QUAD vdso_image_end
	IMAGE_QUAD vdso_image_end
	.quad	4096
	.long	PT_DYNAMIC, PF_R
	.quad	AT(dynamic), AT(dynamic), AT(dynamic)
	.quad	dynamic_end - dynamic, dynamic_end - dynamic
	.quad	8

dynamic:
	.quad	DT_SONAME, soname - strings
	.quad	DT_HASH, AT(hash)
	.quad	DT_STRTAB, AT(strings)
	.quad	DT_SYMTAB, AT(symbols)
	.quad	DT_STRSZ, strings_end - strings
	.quad	DT_SYMENT, 24
	.quad	DT_VERSYM, AT(versions)
	.quad	DT_VERDEF, AT(version_defs)
	.quad	DT_VERDEFNUM, 2
	.quad	DT_NULL, 0
dynamic_end:

symbols:
	.skip	24
	SYM	name1, __vdso_clock_gettime, STB_GLOBAL_FUNC
	SYM	name2, __vdso_gettimeofday, STB_GLOBAL_FUNC
	SYM	name3, __vdso_time, STB_GLOBAL_FUNC
	SYM	name4, __vdso_clock_getres, STB_GLOBAL_FUNC
	SYM	name5, __vdso_getcpu, STB_GLOBAL_FUNC
	SYM	name1+7, __vdso_clock_gettime, STB_WEAK_FUNC
	SYM	name2+7, __vdso_gettimeofday, STB_WEAK_FUNC
	SYM	name3+7, __vdso_time, STB_WEAK_FUNC
	SYM	name4+7, __vdso_clock_getres, STB_WEAK_FUNC
	SYM	name5+7, __vdso_getcpu, STB_WEAK_FUNC

/* One bucket: every look-up walks the ten names, which costs a few hundred instructions once. */
hash:
	.long	1, NR_SYMBOLS
	.long	1
	.long	0, 2, 3, 4, 5, 6, 7, 8, 9, 10, 0

versions:
	.short	0
	.rept	NR_SYMBOLS - 1
	.short	2
	.endr

	.balign	8
version_defs:
	/* version 1, VER_FLG_BASE, index 1, one name, hash of the soname */
	.short	1, 1, 1, 1
	.long	0xdeebfa1, 20, 28
	.long	soname - strings, 0
	/* index 2: LINUX_2.6 */
	.short	1, 0, 2, 1
	.long	0x3ae75f6, 20, 0
	.long	version_name - strings, 0

strings:
	.byte	0
soname:
	.asciz	"linux-vdso.so.1"
version_name:
	.asciz	"LINUX_2.6"
name1:	.asciz	"__vdso_clock_gettime"
name2:	.asciz	"__vdso_gettimeofday"
name3:	.asciz	"__vdso_time"
name4:	.asciz	"__vdso_clock_getres"
name5:	.asciz	"__vdso_getcpu"
strings_end:

	.section .note.GNU-stack, "", @progbits

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The borders of the image's parts, from vmlinux.lds.S.
 */
#ifndef _ASM_X86_SECTIONS_H
#define _ASM_X86_SECTIONS_H

extern char _text[], _stext[], _etext[];
extern char __start_rodata[], __end_rodata[];
extern char __init_begin[], __init_data_begin[], __init_end[];
extern char _sinittext[], _einittext[];
extern char _sdata[], _edata[];
extern char __bss_start[], __bss_stop[], _end[];
extern char __per_cpu_start[], __per_cpu_end[];
extern char init_stack[];

void kernel_mapping_init(void);
void mark_rodata_ro(void);
void free_initmem(void);
void crash_if_asked(void);	/* crash= */

#endif

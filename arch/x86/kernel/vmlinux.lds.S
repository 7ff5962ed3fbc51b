/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel's image: linked at __START_KERNEL_map, loaded at KERNEL_LOAD_PHYS. One segment per
 * protection, page aligned: text R-X, read-only data R--, boot text R-X, data RW-.
 */
#include <asm/page.h>

OUTPUT_FORMAT("elf64-x86-64")
OUTPUT_ARCH(i386:x86-64)
ENTRY(phys_start)

PHDRS
{
	text PT_LOAD FLAGS(5);
	rodata PT_LOAD FLAGS(4);
	init PT_LOAD FLAGS(5);
	data PT_LOAD FLAGS(6);
	note PT_NOTE FLAGS(4);
}

SECTIONS
{
	phys_start = pvh_start - __START_KERNEL_map;
	. = __START_KERNEL_map + KERNEL_LOAD_PHYS;

	.text : AT(ADDR(.text) - __START_KERNEL_map) {
		_text = .;
		_stext = .;
		*(.text .text.hot .text.hot.* .text.unlikely .text.unlikely.* .text.*)
		_etext = .;
	} :text = 0xcccccccc

	. = ALIGN(PAGE_SIZE);
	__start_rodata = .;
	.rodata : AT(ADDR(.rodata) - __START_KERNEL_map) {
		*(.rodata .rodata.*)
		. = ALIGN(8);
		__start___ex_table = .;
		KEEP(*(__ex_table))
		__stop___ex_table = .;
		. = ALIGN(8);
		__start_smap_sites = .;
		KEEP(*(.smap_sites))
		__stop_smap_sites = .;
		. = ALIGN(8);
		__selftests_start = .;
		KEEP(*(.selftests))
		__selftests_end = .;
	} :rodata
	.notes : AT(ADDR(.notes) - __START_KERNEL_map) {
		KEEP(*(.note.pvh))
	} :rodata :note
	. = ALIGN(PAGE_SIZE);
	__end_rodata = .;

	__init_begin = .;
	.init.text : AT(ADDR(.init.text) - __START_KERNEL_map) {
		_sinittext = .;
		*(.init.text .init.text.*)
		_einittext = .;
	} :init = 0xcccccccc
	. = ALIGN(PAGE_SIZE);
	__init_data_begin = .;
	.init.data : AT(ADDR(.init.data) - __START_KERNEL_map) {
		*(.init.data .init.data.*)
		*(.init.rodata .init.rodata.*)
		. = ALIGN(8);
		__boot_params_start = .;
		KEEP(*(.boot_params))
		__boot_params_end = .;
		. = ALIGN(8);
		__initcall_start = .;
		KEEP(*(.initcall1.init))
		KEEP(*(.initcall2.init))
		KEEP(*(.initcall3.init))
		KEEP(*(.initcall4.init))
		__initcall_end = .;
	} :data
	. = ALIGN(PAGE_SIZE);
	__init_end = .;

	/* The vDSO's data and, in the next page, its image: side by side in user mode too. */
	.vdso_data : AT(ADDR(.vdso_data) - __START_KERNEL_map) {
		*(.vdso.data)
		. = ALIGN(PAGE_SIZE);
	} :data
	.vdso_image : AT(ADDR(.vdso_image) - __START_KERNEL_map) {
		*(.vdso.head)
		. = ALIGN(16);
		*(.vdso.text)
		vdso_image_end = .;
		. = ALIGN(PAGE_SIZE);
	} :data

	_sdata = .;
	.data : AT(ADDR(.data) - __START_KERNEL_map) {
		*(.data.page_aligned)
		*(.data .data.[!.]*)
		. = ALIGN(64);
		__per_cpu_start = .;
		*(.data..percpu)
		. = ALIGN(64);
		__per_cpu_end = .;
	} :data
	_edata = .;

	. = ALIGN(PAGE_SIZE);
	.bss : AT(ADDR(.bss) - __START_KERNEL_map) {
		__bss_start = .;
		*(.bss.page_aligned)
		*(.bss .bss.*)
		*(COMMON)
		. = ALIGN(PAGE_SIZE);
		__bss_stop = .;
	} :data
	_end = .;

	/DISCARD/ : {
		*(.note.GNU-stack .note.gnu.property .comment .eh_frame)
	}
	.debug_info 0 : { *(.debug_info) } :NONE
	.debug_abbrev 0 : { *(.debug_abbrev) }
	.debug_line 0 : { *(.debug_line) }
	.debug_line_str 0 : { *(.debug_line_str) }
	.debug_str 0 : { *(.debug_str) }
	.debug_str_offsets 0 : { *(.debug_str_offsets) }
	.debug_addr 0 : { *(.debug_addr) }
	.debug_aranges 0 : { *(.debug_aranges) }
	.debug_ranges 0 : { *(.debug_ranges) }
	.debug_rnglists 0 : { *(.debug_rnglists) }
	.debug_loclists 0 : { *(.debug_loclists) }
	.debug_loc 0 : { *(.debug_loc) }
	.debug_frame 0 : { *(.debug_frame) }
}

ASSERT(_end - _text < 0x4000000, "the image must fit the 64 MiB that early page tables map")

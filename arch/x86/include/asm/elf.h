/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the ELF loader must know about this machine.
 */
#ifndef _ASM_X86_ELF_H
#define _ASM_X86_ELF_H

#include <asm/processor.h>

#define ELF_CLASS	ELFCLASS64
#define ELF_DATA	ELFDATA2LSB
#define ELF_ARCH	EM_X86_64
#define ELF_EXEC_PAGESIZE 4096
#define ELF_PLATFORM	"x86_64"
#define ELF_NGREG	27

/* Where a static-pie or an interpreter goes when nothing else says. */
#define ELF_ET_DYN_BASE	(TASK_SIZE / 3 * 2)

#define elf_check_arch(x)	((x)->e_machine == EM_X86_64)

/* AT_HWCAP is CPUID 1 EDX; AT_HWCAP2 bit 1 would promise FSGSBASE, which is not enabled. */
#define ELF_HWCAP	(boot_cpu_data.capability[0])
#define ELF_HWCAP2	0

/* AT_MINSIGSTKSZ: the largest signal frame. */
extern unsigned long arch_sigframe_size;

struct linux_binprm;
struct mm_struct;

/* Map the vDSO; sets mm->context.vdso. Return: 0 or -ENOMEM and the like. */
int arch_setup_additional_pages(struct linux_binprm *bprm, int uses_interp);

#endif

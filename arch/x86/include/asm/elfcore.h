/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The notes of a core file, as <sys/procfs.h> has them for x86-64.
 */
#ifndef _ASM_X86_ELFCORE_H
#define _ASM_X86_ELFCORE_H

#include <linux/bug.h>
#include <linux/time64.h>
#include <linux/types.h>
#include <asm/user_regs.h>

struct elf_prstatus {
	int pr_signo, pr_code, pr_errno;
	short pr_cursig;
	unsigned long pr_sigpend, pr_sighold;
	int pr_pid, pr_ppid, pr_pgrp, pr_sid;
	struct __kernel_old_timeval pr_utime, pr_stime, pr_cutime, pr_cstime;
	struct user_regs_struct pr_reg;
	int pr_fpvalid;
};
BUILD_ASSERT(sizeof(struct elf_prstatus) == 336);

struct elf_prpsinfo {
	char pr_state, pr_sname, pr_zomb, pr_nice;
	unsigned long pr_flag;
	unsigned int pr_uid, pr_gid;
	int pr_pid, pr_ppid, pr_pgrp, pr_sid;
	char pr_fname[16];
	char pr_psargs[80];
};
BUILD_ASSERT(sizeof(struct elf_prpsinfo) == 136);

#endif

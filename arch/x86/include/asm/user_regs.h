/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * struct user, as <sys/user.h> has it: what PTRACE_PEEKUSER addresses. The kernel's exported
 * headers do not carry it.
 */
#ifndef _ASM_X86_USER_REGS_H
#define _ASM_X86_USER_REGS_H

#include <linux/types.h>

struct user_regs_struct {
	unsigned long r15, r14, r13, r12, bp, bx, r11, r10, r9, r8;
	unsigned long ax, cx, dx, si, di, orig_ax, ip, cs, eflags, sp, ss;
	unsigned long fs_base, gs_base, ds, es, fs, gs;
};

/* FXSAVE's image. */
struct user_i387_struct {
	u16 cwd, swd, twd, fop;
	u64 rip, rdp;
	u32 mxcsr, mxcsr_mask;
	u32 st_space[32], xmm_space[64], padding[24];
};

struct user {
	struct user_regs_struct regs;
	int u_fpvalid, pad0;
	struct user_i387_struct i387;
	unsigned long u_tsize, u_dsize, u_ssize, start_code, start_stack;
	long signal;
	int reserved, pad1;
	unsigned long u_ar0, u_fpstate, magic;
	char u_comm[32];
	unsigned long u_debugreg[8];
	unsigned long error_code, fault_address;
};

#endif

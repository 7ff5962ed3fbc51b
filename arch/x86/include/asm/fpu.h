/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The floating-point and vector registers of user tasks. The kernel itself never uses them, so they
 * stay in the CPU until another user task needs it; the memory image is at task_struct's tail.
 */
#ifndef _ASM_X86_FPU_H
#define _ASM_X86_FPU_H

#include <linux/compiler.h>
#include <linux/types.h>

#define XFEATURE_MASK_FP	(1UL << 0)
#define XFEATURE_MASK_SSE	(1UL << 1)
#define XFEATURE_MASK_YMM	(1UL << 2)
#define XFEATURE_MASK_OPMASK	(1UL << 5)
#define XFEATURE_MASK_ZMM_Hi256	(1UL << 6)
#define XFEATURE_MASK_Hi16_ZMM	(1UL << 7)
#define XFEATURE_MASK_AVX512	(XFEATURE_MASK_OPMASK | XFEATURE_MASK_ZMM_Hi256 | \
				 XFEATURE_MASK_Hi16_ZMM)
#define XFEATURE_MASK_FPSSE	(XFEATURE_MASK_FP | XFEATURE_MASK_SSE)

#define MXCSR_DEFAULT		0x1f80
#define FCW_DEFAULT		0x037f

/* FXSAVE's image, then XSAVE's header (SDM vol. 1, 10.5 and 13.4). */
struct xregs_state {
	u16 cwd;
	u16 swd;
	u16 twd;
	u16 fop;
	u64 rip;
	u64 rdp;
	u32 mxcsr;
	u32 mxcsr_mask;
	u32 st_space[32];
	u32 xmm_space[64];
	u8 padding[48];
	u8 sw_reserved[48];		/* signal frames describe themselves here */
	u64 xfeatures;
	u64 xcomp_bv;
	u64 reserved[6];
	u8 extended[];
} __attribute__((aligned(64)));

/*
 * Locks: [c] only current, or the CPU that switches it, or its creator before it runs
 */
struct fpu {
	bool used;			/* [c] a user task: registers are saved and restored */
	int last_cpu;			/* [c] the CPU whose registers may still be this image */
	struct xregs_state *state;	/* [c] behind task_struct, fpu_state_size bytes */
};

struct task_struct;

extern unsigned int fpu_state_size;	/* bytes of the memory image */
extern u64 fpu_xfeatures;		/* XCR0; 0 when only FXSAVE is there */

void fpu_init_cpu(void);
void fpu_init_system(void);
void fpu_switch(struct task_struct *prev, struct task_struct *next, int cpu);
void fpu_clone(struct task_struct *child, bool user);
void fpu_start_user(void);
void fpu_start_handler(void);

/* Signal frames: where the image goes below @sp, writing it, and reading it back. */
unsigned long fpu_sigframe_reserve(unsigned long sp, unsigned long *image);
int fpu_save_sigframe(void __user *image);
int fpu_restore_sigframe(const void __user *image);
unsigned int fpu_sigframe_size(void);
void fpu_forget(struct task_struct *tsk);

/* A stopped task's registers, for its tracer and for core files. */
void fpu_save_current(void);
void fpu_get_xstate(struct task_struct *tsk, struct xregs_state *to);
int fpu_set_fxregs(struct task_struct *tsk, const void __user *from, size_t len);
int fpu_set_xstate(struct task_struct *tsk, const void __user *from);

#endif

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Handing signals to user mode.
 */
#ifndef _ASM_X86_SIGNAL_FRAME_H
#define _ASM_X86_SIGNAL_FRAME_H

struct pt_regs;

/**
 * arch_do_signal - deliver what is pending: build frames, restart or fail the system call
 * @regs: what user mode will see
 *
 * Context: current, on its way to user mode; may sleep, may not return (fatal signal).
 */
void arch_do_signal(struct pt_regs *regs);

/* Boot: once the size of the FPU image is known. */
void signal_frame_init(void);

#endif

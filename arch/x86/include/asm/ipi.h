/* SPDX-License-Identifier: GPL-2.0-only */
/* Interrupts from other CPUs, between irq.c and smp.c. */
#ifndef _ASM_X86_IPI_H
#define _ASM_X86_IPI_H

/* Run what other CPUs have queued for this one. Context: hard interrupt. */
void smp_run_calls(void);

#endif

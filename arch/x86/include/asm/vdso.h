/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the kernel and the vDSO's code share: one page that user space reads.
 */
#ifndef _ASM_X86_VDSO_H
#define _ASM_X86_VDSO_H

#include <linux/types.h>

/*
 * Locks: written under the time keeper's lock; read between two equal, even values of seq
 */
struct vdso_data {
	u32 seq;
	u32 unused;
	u64 base, mult;		/* struct tsc_clock's; mult 0: not yet known, ask the kernel */
	s64 offs_real;		/* ns from monotonic to wall clock */
	s64 offs_tai;
};

extern struct vdso_data vdso_data __attribute__((visibility("hidden")));
extern const char vdso_image[], vdso_image_end[];

#endif

/* SPDX-License-Identifier: GPL-2.0-only */
/* From the architecture's first C to the kernel's: init/main.c. */
#ifndef _LINUX_START_KERNEL_H
#define _LINUX_START_KERNEL_H

#include <linux/compiler.h>

void __noreturn start_kernel(void);

/* The initial ram disk in the direct map, NULL without one; freed by who unpacked it. */
const void *initrd_start(unsigned long *size);
void free_initrd(void);

#endif

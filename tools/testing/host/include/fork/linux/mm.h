/* SPDX-License-Identifier: GPL-2.0-only */
/* As much of mm as fork.c itself looks at. */
#ifndef _LINUX_MM_H
#define _LINUX_MM_H

#include <linux/atomic.h>
#include <linux/types.h>

struct mm_struct {
	atomic_t mm_users;
};

void *alloc_kernel_stack(void);
void free_kernel_stack(void *stack);

#endif

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * User memory: copies, single values, strings, and the switch that makes a missing user page an
 * error instead of a fault to be served.
 */
#ifndef _LINUX_UACCESS_H
#define _LINUX_UACCESS_H

#include <linux/compiler.h>
#include <linux/types.h>
#include <asm/current.h>
#include <asm/thread_info.h>
#include <asm/uaccess.h>

/* Between these, a user access that would need handle_mm_fault() fails. They nest. */
static inline void pagefault_disable(void)
{
	current_thread_info()->pagefault_disabled++;
	barrier();
}

static inline void pagefault_enable(void)
{
	barrier();
	current_thread_info()->pagefault_disabled--;
}

static inline bool pagefault_disabled(void)
{
	return current_thread_info()->pagefault_disabled != 0;
}

/* A user's structure whose size may differ from ours: zero-fill, or refuse unknown tails. */
int copy_struct_from_user(void *dst, size_t ksize, const void __user *src, size_t usize);
/* Is the range all zero? Return: 1, 0 or -EFAULT. */
int check_zeroed_user(const void __user *from, size_t size);

#endif

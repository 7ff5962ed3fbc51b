/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * User memory on the host: the arena host_user, in which single pages can be made to fault.
 */
#ifndef _LINUX_UACCESS_H
#define _LINUX_UACCESS_H

#include <linux/types.h>

#define HOST_USER_PAGES	16

extern char host_user[HOST_USER_PAGES * 4096];
extern bool host_user_bad[HOST_USER_PAGES];

bool access_ok(const void __user *addr, size_t size);
unsigned long copy_from_user(void *to, const void __user *from, unsigned long n);
unsigned long copy_to_user(void __user *to, const void *from, unsigned long n);
unsigned long clear_user(void __user *to, unsigned long n);
#define copy_from_user_nofault(to, from, n)	copy_from_user(to, from, n)

int user_atomic_add(u32 *old, u32 __user *ptr, u32 val);
#define get_user(x, ptr)	(copy_from_user(&(x), ptr, sizeof(*(ptr))) ? -14 : 0)

#endif

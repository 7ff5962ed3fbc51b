/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What -fstack-protector calls when a function's canary has changed.
 */
#ifndef _LINUX_STACKPROTECTOR_H
#define _LINUX_STACKPROTECTOR_H

#include <linux/compiler.h>

void __noreturn __stack_chk_fail(void);

#endif

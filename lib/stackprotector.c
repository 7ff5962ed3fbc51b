// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where the compiler's check of a stack canary ends up. The canary is arch's __stack_chk_guard.
 */
#include <linux/bug.h>
#include <linux/stackprotector.h>

void __noreturn __stack_chk_fail(void)
{
	panic("stack overflow: the canary of the function at %pS was overwritten",
	      __builtin_return_address(0));
}

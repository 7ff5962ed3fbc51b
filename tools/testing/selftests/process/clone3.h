/* SPDX-License-Identifier: GPL-2.0-only */
/* clone3() for tests. Include after ktest.h. */
#ifndef CLONE3_H
#define CLONE3_H

#include <linux/sched.h>
#include <stdint.h>
#include <sys/syscall.h>

#ifndef CLONE_NEWTIME
#define CLONE_NEWTIME	0x00000080
#endif

__attribute__((unused)) static long clone3(struct clone_args *args, size_t size)
{
	return syscall(SYS_clone3, args, size);
}

/* The child ends at once; its status in the parent. Without a child: -1. */
__attribute__((unused)) static int reap(long pid)
{
	if (!pid)
		_exit(0);
	return pid < 0 ? -1 : wait_exit(pid);
}

/* The child stores its stack pointer below itself and leaves with status 7. */
__attribute__((unused)) static long clone3_on_stack(struct clone_args *args, size_t size)
{
	long ret;

	__asm__ volatile("syscall\n\t"
			 "test %%rax, %%rax\n\t"
			 "jnz 1f\n\t"
			 "push %%rsp\n\t"
			 "mov $60, %%eax\n\t"
			 "mov $7, %%edi\n\t"
			 "syscall\n"
			 "1:"
			 : "=a" (ret)
			 : "0" (SYS_clone3), "D" (args), "S" (size)
			 : "rcx", "r11", "memory");
	return ret;
}

#endif

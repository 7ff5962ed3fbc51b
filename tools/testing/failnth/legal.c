// SPDX-License-Identifier: GPL-2.0-only
/* Which sets of flags are legal: asks the kernel's own table. Built with the kernel's headers. */
#include <linux/fork.h>
#include <linux/types.h>
#include <uapi/linux/sched.h>

int failnth_legal(unsigned long long flags, unsigned long long exit_signal, int clone3);

int failnth_legal(unsigned long long flags, unsigned long long exit_signal, int clone3)
{
	static int pidfd, parent_tid;
	struct kernel_clone_args args = {
		.flags = flags,
		.exit_signal = exit_signal,
		.pidfd = &pidfd,
		.parent_tid = &parent_tid,
	};

	return (!clone3 || !clone3_args_check(&args)) && !clone_args_check(&args);
}

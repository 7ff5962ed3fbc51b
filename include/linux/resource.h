/* SPDX-License-Identifier: GPL-2.0-only */
/* Resource limits and usage: see kernel/rlimit.c and kernel/sys.c. */
#ifndef _LINUX_RESOURCE_H_K
#define _LINUX_RESOURCE_H_K

#include <uapi/linux/resource.h>

#define RUSAGE_MAX_WHO	RUSAGE_THREAD

struct task_struct;

void getrusage(struct task_struct *tsk, int who, struct rusage *ru);
int do_prlimit(struct task_struct *tsk, unsigned int resource, struct rlimit *new_rlim,
	       struct rlimit *old_rlim);

#endif /* _LINUX_RESOURCE_H_K */

/* SPDX-License-Identifier: GPL-2.0-only */
/* task_struct::jobctl, a thread's part in a group stop; guarded by siglock. */
#ifndef _LINUX_JOBCTL_H
#define _LINUX_JOBCTL_H

#define JOBCTL_STOP_SIGMASK	0xffffUL	/* the signal that began the stop */
#define JOBCTL_STOP_DEQUEUED	(1UL << 16)	/* a stop signal was taken; SIGCONT annuls it */
#define JOBCTL_STOP_PENDING	(1UL << 17)	/* stop before returning to user space */
#define JOBCTL_STOP_CONSUME	(1UL << 18)	/* counted in signal->group_stop_count */
#define JOBCTL_PENDING_MASK	JOBCTL_STOP_PENDING

#endif /* _LINUX_JOBCTL_H */

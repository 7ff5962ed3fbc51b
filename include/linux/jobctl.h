/* SPDX-License-Identifier: GPL-2.0-only */
/* task_struct::jobctl, a thread's part in a group stop; guarded by siglock. */
#ifndef _LINUX_JOBCTL_H
#define _LINUX_JOBCTL_H

#define JOBCTL_STOP_SIGMASK	0xffffUL	/* the signal that began the stop */
#define JOBCTL_STOP_DEQUEUED	(1UL << 16)	/* a stop signal was taken; SIGCONT annuls it */
#define JOBCTL_STOP_PENDING	(1UL << 17)	/* stop before returning to user space */
#define JOBCTL_STOP_CONSUME	(1UL << 18)	/* counted in signal->group_stop_count */
#define JOBCTL_TRAP_STOP	(1UL << 19)	/* stop for the tracer: PTRACE_EVENT_STOP or a group stop */
#define JOBCTL_TRAP_NOTIFY	(1UL << 20)	/* tell a seizing tracer that a group stop began or ended */
#define JOBCTL_TRAPPING		(1UL << 21)	/* the tracer waits for the change from stopped to traced */
#define JOBCTL_LISTENING	(1UL << 22)	/* PTRACE_LISTEN: stopped, but wait() does not see it */
#define JOBCTL_TRAP_FREEZE	(1UL << 23)	/* its cgroup is to be frozen; a fatal signal goes first */
#define JOBCTL_FREEZE		(1UL << 24)	/* the same by version 1, where nothing goes first */
#define JOBCTL_FREEZE_MASK	(JOBCTL_TRAP_FREEZE | JOBCTL_FREEZE)
#define JOBCTL_TRAP_MASK	(JOBCTL_TRAP_STOP | JOBCTL_TRAP_NOTIFY)
#define JOBCTL_PENDING_MASK	(JOBCTL_STOP_PENDING | JOBCTL_TRAP_MASK)

#endif /* _LINUX_JOBCTL_H */

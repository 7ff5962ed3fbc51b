/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The process-events connector: what happens to processes, told to programs that listen on
 * NETLINK_CONNECTOR. With no listener each call is one load. Owner: net/netlink/connector.c.
 */
#ifndef _LINUX_CN_PROC_H_K
#define _LINUX_CN_PROC_H_K

#include <uapi/linux/cn_proc.h>
#include <linux/atomic.h>
#include <linux/types.h>

struct task_struct;

extern atomic_t proc_event_listeners;

void __proc_fork_event(struct task_struct *child);
void __proc_exec_event(struct task_struct *tsk);
void __proc_id_event(struct task_struct *tsk, int which);
void __proc_sid_event(struct task_struct *tsk);
void __proc_ptrace_event(struct task_struct *tsk, struct task_struct *tracer);
void __proc_comm_event(struct task_struct *tsk);
void __proc_coredump_event(struct task_struct *tsk);
void __proc_exit_event(struct task_struct *tsk);

#define proc_event_wanted()	unlikely(atomic_read(&proc_event_listeners) > 0)

/* Context of all: task, no lock that is taken after sock locks; they do not sleep. */
static inline void proc_fork_connector(struct task_struct *child)
{
	if (proc_event_wanted())
		__proc_fork_event(child);
}

static inline void proc_exec_connector(struct task_struct *tsk)
{
	if (proc_event_wanted())
		__proc_exec_event(tsk);
}

/* @which: PROC_EVENT_UID or PROC_EVENT_GID */
static inline void proc_id_connector(struct task_struct *tsk, int which)
{
	if (proc_event_wanted())
		__proc_id_event(tsk, which);
}

static inline void proc_sid_connector(struct task_struct *tsk)
{
	if (proc_event_wanted())
		__proc_sid_event(tsk);
}

/* @tracer: NULL when it lets go */
static inline void proc_ptrace_connector(struct task_struct *tsk, struct task_struct *tracer)
{
	if (proc_event_wanted())
		__proc_ptrace_event(tsk, tracer);
}

static inline void proc_comm_connector(struct task_struct *tsk)
{
	if (proc_event_wanted())
		__proc_comm_event(tsk);
}

static inline void proc_coredump_connector(struct task_struct *tsk)
{
	if (proc_event_wanted())
		__proc_coredump_event(tsk);
}

static inline void proc_exit_connector(struct task_struct *tsk)
{
	if (proc_event_wanted())
		__proc_exit_event(tsk);
}

#endif

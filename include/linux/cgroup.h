/* SPDX-License-Identifier: GPL-2.0-only */
/* Control groups, version 2: where each process is, and the pids controller (kernel/cgroup/). */
#ifndef _LINUX_CGROUP_H
#define _LINUX_CGROUP_H

#include <linux/types.h>

struct cgroup;
struct file;
struct fork_ctx;
struct pid;
struct seq_file;
struct task_struct;

/* the row of fork; task_struct.cgroup is NULL in the root */
int copy_cgroup(struct fork_ctx *fc);
void exit_cgroup(struct task_struct *tsk);

/* do_exit(): it runs no more, though it is still charged. tasklist_lock is not held. */
void __cgroup_leave(struct task_struct *tsk);
/* publishing a thread whose process was moved meanwhile. tasklist_lock is held for writing. */
void __cgroup_follow(struct task_struct *thread, struct task_struct *leader);

#define cgroup_leave(tsk) do {							\
	if (unlikely((tsk)->cgroup))						\
		__cgroup_leave(tsk);						\
} while (0)
#define cgroup_follow(thread, leader) do {					\
	if (unlikely((thread)->cgroup != (leader)->cgroup))			\
		__cgroup_follow(thread, leader);				\
} while (0)

/* the cgroup whose directory @file is, with a reference; ERR_PTR(-EBADF, -ENODEV) */
struct cgroup *cgroup_of_dir(const struct file *file);
int proc_pid_cgroup(struct seq_file *m, struct pid *pid, struct task_struct *tsk);

#endif /* _LINUX_CGROUP_H */

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Control groups: in which group of each hierarchy a task is, and what that means for fork, for
 * the CPUs it may use and for being frozen (kernel/cgroup/). A task that is in the root of every
 * hierarchy has task_struct.cgroups NULL, and pays for nothing here.
 */
#ifndef _LINUX_CGROUP_H
#define _LINUX_CGROUP_H

#include <linux/sched.h>

struct cgroup;
struct file;
struct fork_ctx;
struct pid;
struct seq_file;

/* the row of fork */
int copy_cgroup(struct fork_ctx *fc);
void exit_cgroup(struct task_struct *tsk);

void __cgroup_leave(struct task_struct *tsk);
void __cgroup_publish(struct task_struct *child, const struct fork_ctx *fc);
void __cgroup_count_frozen(struct task_struct *tsk);
void __cgroup_uncount_frozen(struct task_struct *tsk);

/* do_exit(): it runs no more, though it is still charged. tasklist_lock is not held. */
static inline void cgroup_leave(struct task_struct *tsk)
{
	if (unlikely(tsk->cgroups))
		__cgroup_leave(tsk);
}

/*
 * The child is about to be seen: where its parent was moved while it was built, it follows, and
 * it is given the CPUs and the freezing of its groups. tasklist_lock is held for writing.
 */
static inline void cgroup_publish(struct task_struct *child, struct task_struct *parent,
				  const struct fork_ctx *fc)
{
	if (unlikely(child->cgroups || parent->cgroups))
		__cgroup_publish(child, fc);
}

/*
 * Current is going to sleep where it does as little as a frozen task: stopped, traced, waiting
 * for a vfork child, or in the freezer's own trap. The store and the look at cgroups pair with a
 * mover's store to cgroups and its look at freeze_ready: one of the two counts the task.
 */
static inline void cgroup_enter_frozen(void)
{
	WRITE_ONCE(current->freeze_ready, true);
	smp_mb();
	if (unlikely(READ_ONCE(current->cgroups)))
		__cgroup_count_frozen(current);
}

static inline void cgroup_leave_frozen(void)
{
	WRITE_ONCE(current->freeze_ready, false);
	smp_mb();
	if (unlikely(READ_ONCE(current->cgroups)))
		__cgroup_uncount_frozen(current);
}

/* As above, after a wait in the kernel: who is to freeze goes on to the trap, and stays counted. */
static inline void cgroup_leave_frozen_unless_asked(void)
{
	if (likely(!(READ_ONCE(current->jobctl) & JOBCTL_FREEZE_MASK)))
		cgroup_leave_frozen();
}

/* get_signal(): JOBCTL_FREEZE or JOBCTL_TRAP_FREEZE is set. siglock is held, and dropped. */
void cgroup_refrigerate(spinlock_t *siglock);
void cgroup_freeze_trap(spinlock_t *siglock);

/* the cgroup2 group whose directory @file is, with a reference; ERR_PTR(-EBADF, -ENODEV) */
struct cgroup *cgroup_of_dir(const struct file *file);
int proc_pid_cgroup(struct seq_file *m, struct pid *pid, struct task_struct *tsk);
int proc_pid_cpuset(struct seq_file *m, struct pid *pid, struct task_struct *tsk);

#endif /* _LINUX_CGROUP_H */

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How a task is made: one argument record, one context that the rows work on, one entry.
 * kernel/fork_rows.h lists the rows; each row's copy_x, share_x and exit_x live with its subject.
 */
#ifndef _LINUX_FORK_H
#define _LINUX_FORK_H

#include <linux/types.h>

struct task_struct;
struct pid;
struct file;
struct user_struct;

/* What fork, vfork, clone, clone3, kernel threads and idle tasks ask for. */
struct kernel_clone_args {
	u64 flags;			/* CLONE_*, without the exit signal */
	int exit_signal;		/* what the parent gets when the child dies, 0 for nothing */
	unsigned long stack;		/* user: lowest address with a size, else the initial sp */
	unsigned long stack_size;	/* 0: @stack is the initial stack pointer itself */
	unsigned long tls;		/* CLONE_SETTLS: the FS base */
	int __user *pidfd;
	int __user *child_tid;
	int __user *parent_tid;
	const pid_t *set_tid;		/* kernel copy */
	size_t set_tid_size;		/* how many; @set_tid[0] is the innermost level's */
	int cgroup;			/* CLONE_INTO_CGROUP: a descriptor of its directory */
	int (*fn)(void *arg);		/* kernel threads: what to run */
	void *fn_arg;
	const char *name;		/* kernel threads: their comm */
	bool idle;			/* an idle task: never published, no pid */
	bool legacy;			/* came through clone(): upper 32 flag bits are absent */
};

/*
 * One fork on its way. Rows read @args and @parent and attach what they make to @child.
 * Nobody else can see @child before it is published, so the rows take no lock on it.
 */
struct fork_ctx {
	const struct kernel_clone_args *args;
	u64 flags;
	struct task_struct *parent;	/* current, but rows never say so */
	struct task_struct *child;
	int trace;			/* PTRACE_EVENT_* that this fork is to a tracer, or 0 */
	struct file *pidfd_file;	/* CLONE_PIDFD: reserved, not yet installed */
	int pidfd;
	unsigned long cgroup_kills;	/* CLONE_INTO_CGROUP: of its groups, when it was counted */
};

pid_t do_fork(const struct kernel_clone_args *args);
pid_t kernel_thread(int (*fn)(void *arg), void *arg, const char *name, u64 flags);
struct task_struct *fork_idle(int cpu);

/* The row "thread": arch/x86/kernel/process.c */
int copy_thread(struct fork_ctx *fc);
void exit_thread(struct task_struct *tsk);

/* kernel/fork_check.c: NULL when the combination is allowed, else why it is not. */
const char *clone_args_check(const struct kernel_clone_args *args);
const char *clone3_args_check(const struct kernel_clone_args *args);
/* Tell the debugging reader of the log why, and return -EINVAL; kernel/fork.c */
int clone_refused(const struct kernel_clone_args *args, const char *why);

struct mm_struct;

/* The mm is being left (exec, exit): robust lists, clear_child_tid, and the vfork parent. */
void mm_release(struct task_struct *tsk, struct mm_struct *mm);

/* Charge current to @user, whose uid it is taking; kernel/cred.c calls it in commit_creds(). */
void nproc_move(struct task_struct *tsk, struct user_struct *user);

void fork_init(void);

extern unsigned long total_forks;
extern int nr_threads;
extern int max_threads;

#endif

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Security hooks: places where a module may refuse what the kernel itself would allow. Modules
 * are chosen by Kconfig and listed in security/security.c; a hook asks them in that order.
 */
#ifndef _LINUX_SECURITY_H_K
#define _LINUX_SECURITY_H_K

#include <linux/types.h>

struct fork_ctx;
struct task_struct;

/* What a module may define; NULL: no opinion. Each returns 0 or the -errno to refuse with. */
struct security_operations {
	const char *name;
	/* current wants to make a task; nothing is built yet. May sleep. */
	int (*task_create)(u64 clone_flags);
	/* @child has its credentials and no number yet; it may get ->security. May sleep. */
	int (*task_alloc)(struct task_struct *child, u64 clone_flags);
	/* The last reference goes, or the fork failed: give ->security back. */
	void (*task_free)(struct task_struct *tsk);
	/* current wants to look into @child, or (@attach) to control it. */
	int (*ptrace_access_check)(struct task_struct *child, bool attach);
	/* current wants @parent to trace it. */
	int (*ptrace_traceme)(struct task_struct *parent);
	/* prctl() with an option that the kernel does not know; -ENOSYS: nor do I. */
	int (*task_prctl)(int option, unsigned long arg2);
};

/* security/security.c */
int security_task_create(u64 clone_flags);
int security_ptrace_access_check(struct task_struct *child, bool attach);
int security_ptrace_traceme(struct task_struct *parent);
int security_task_prctl(int option, unsigned long arg2);

/* The row "security" of fork: task_alloc and task_free. */
int copy_security(struct fork_ctx *fc);
void exit_security(struct task_struct *tsk);

#endif

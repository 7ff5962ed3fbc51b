// SPDX-License-Identifier: GPL-2.0-only
/*
 * The security hooks: each asks every module in turn, and the first refusal counts.
 * Locks: none; the list of modules is fixed when the kernel is built.
 */
#include <linux/errno.h>
#include <linux/fork.h>
#include <linux/kernel.h>
#include <linux/sched.h>
#include <linux/security.h>
#include "modules.h"

#define for_each_module(m)	for (m = security_modules; *m; m++)

/* Call @hook of every module that has it, until one refuses. */
#define ASK_ALL(hook, ...) ({							\
	const struct security_operations *const *__m;				\
	int __err = 0;								\
										\
	for_each_module(__m)							\
		if ((*__m)->hook && (__err = (*__m)->hook(__VA_ARGS__)))	\
			break;							\
	__err;									\
})

/**
 * security_task_create - may current make a task?
 * @clone_flags: CLONE_*
 *
 * Context: task, may sleep. Return: 0 or the -errno that fork fails with.
 */
int security_task_create(u64 clone_flags)
{
	return ASK_ALL(task_create, clone_flags);
}

/* Context: as all rows. A refusal leaves the rest to exit_security(). */
int copy_security(struct fork_ctx *fc)
{
	return ASK_ALL(task_alloc, fc->child, fc->flags);
}

void exit_security(struct task_struct *tsk)
{
	const struct security_operations *const *m;

	for_each_module(m)
		if ((*m)->task_free)
			(*m)->task_free(tsk);
}

/**
 * security_ptrace_access_check - may current see or control another task?
 * @child: the other
 * @attach: it is about control (PTRACE_ATTACH), not only about reading
 *
 * Asked after the kernel's own check by ids has passed. Context: task, may hold locks.
 * Return: 0 or -EPERM.
 */
int security_ptrace_access_check(struct task_struct *child, bool attach)
{
	return ASK_ALL(ptrace_access_check, child, attach);
}

/**
 * security_ptrace_traceme - may @parent become the tracer of current?
 *
 * Context: tasklist_lock. Return: 0 or -EPERM.
 */
int security_ptrace_traceme(struct task_struct *parent)
{
	return ASK_ALL(ptrace_traceme, parent);
}

/**
 * security_task_prctl - a prctl() that only a module may know
 *
 * Return: its result, or -ENOSYS when no module knows it.
 */
int security_task_prctl(int option, unsigned long arg2)
{
	const struct security_operations *const *m;
	int ret;

	for_each_module(m) {
		if (!(*m)->task_prctl)
			continue;
		ret = (*m)->task_prctl(option, arg2);
		if (ret != -ENOSYS)
			return ret;
	}
	return -ENOSYS;
}

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Audit: who logged in, what became of the processes of that login, and a record of each fork,
 * exec and exit while auditing is on. Owner: kernel/audit.c.
 */
#ifndef _LINUX_AUDIT_H_K
#define _LINUX_AUDIT_H_K

#include <uapi/linux/audit.h>
#include <linux/types.h>

struct fork_ctx;
struct task_struct;

#define AUDIT_UNSET	((u32)-1)	/* loginuid and sessionid before anybody logged in */

extern int audit_enabled;		/* 0 off, 1 on, 2 on until the next boot */

/* The row "audit" of fork. */
int copy_audit(struct fork_ctx *fc);
void exit_audit(struct task_struct *tsk);

void __audit_fork(struct task_struct *child);
void __audit_exec(const char *filename);
void __audit_exit(struct task_struct *tsk, long code);
int audit_set_loginuid(uid_t loginuid);

/* Context of all: task, no locks; may sleep. */
static inline void audit_fork(struct task_struct *child)
{
	if (unlikely(audit_enabled))
		__audit_fork(child);
}

static inline void audit_exec(const char *filename)
{
	if (unlikely(audit_enabled))
		__audit_exec(filename);
}

static inline void audit_exit(struct task_struct *tsk, long code)
{
	if (unlikely(audit_enabled))
		__audit_exit(tsk, code);
}

#endif

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * PID namespaces: a tree of number spaces. A task has a number in its own and in each above, and
 * sees those of its own and below. The first task of one is its init: it gets the orphans, and
 * when it dies all others are killed. See pid_namespaces(7); owner: kernel/pid_namespace.c.
 */
#ifndef _LINUX_PID_NAMESPACE_H
#define _LINUX_PID_NAMESPACE_H

#include <linux/ns_common.h>
#include <linux/pid.h>
#include <linux/sched.h>

struct ucounts;

#define PIDS_PER_PAGE		(PAGE_SIZE * 8)
#define PIDMAP_PAGES		(PID_MAX_LIMIT / PIDS_PER_PAGE)

/*
 * Locks: [I] immutable   [T] tasklist_lock   [M] pidmap_lock
 */
struct pid_namespace {
	struct ns_common ns;		/* not counted for init_pid_ns */
	struct pid_namespace *parent;	/* [I] holds a reference; NULL above the first */
	unsigned int level;		/* [I] 0 for init_pid_ns */
	struct user_namespace *user_ns;	/* [I] holds a reference */
	struct ucounts *ucounts;	/* [I] charged for it */
	struct task_struct *child_reaper;	/* [T] a thread of init; NULL before there is one */
	int last_pid;			/* [M] the search goes on after it */
	unsigned int nr_pids;		/* [M] numbers in use */
	bool dying;			/* [M] init is gone: no more numbers */
	struct task_struct *zap_waiter;	/* [M] init, waiting to be the last */
	unsigned long *pidmap[PIDMAP_PAGES];	/* [M] pages appear when first reached */
};

struct pid_namespace *copy_pid_ns(struct user_namespace *owner, struct pid_namespace *old);
void __put_pid_ns(struct pid_namespace *ns);
void zap_pid_ns_processes(struct pid_namespace *ns);

static inline struct pid_namespace *get_pid_ns(struct pid_namespace *ns)
{
	if (unlikely(ns != &init_pid_ns))
		refcount_inc(&ns->ns.count);
	return ns;
}

static inline void put_pid_ns(struct pid_namespace *ns)
{
	if (unlikely(ns && ns != &init_pid_ns) && refcount_dec_and_test(&ns->ns.count))
		__put_pid_ns(ns);
}

#endif /* _LINUX_PID_NAMESPACE_H */

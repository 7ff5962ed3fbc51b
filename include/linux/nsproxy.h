/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The namespaces of a task, but for the user namespace, which belongs to its credentials. Tasks
 * share one struct until a flag asks for another namespace; the struct itself never changes.
 */
#ifndef _LINUX_NSPROXY_H
#define _LINUX_NSPROXY_H

#include <linux/ns_common.h>
#include <linux/refcount.h>
#include <linux/sched.h>

struct cgroup_namespace;
struct fs_struct;
struct ipc_namespace;
struct mnt_namespace;
struct net;
struct pid_namespace;
struct user_namespace;
struct uts_namespace;

#define CLONE_NS_FLAGS	(CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC |		\
			 CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWTIME)

/*
 * task_struct.nsproxy is current's to read without a lock, others' under task_lock(); it is NULL
 * once a task has given it up in do_exit(), and what runs after that must not need it.
 * Locks: [a] atomic   [I] immutable once a task has it
 */
struct nsproxy {
	refcount_t count;			/* [a] but of init_nsproxy, which nobody counts */
	struct uts_namespace *uts_ns;		/* [I] each holds a reference */
	struct ipc_namespace *ipc_ns;		/* [I] */
	struct mnt_namespace *mnt_ns;		/* [I] */
	struct pid_namespace *pid_ns_for_children;	/* [I] task_active_pid_ns() is its own */
	struct net *net_ns;			/* [I] */
	struct cgroup_namespace *cgroup_ns;	/* [I] */
};

extern struct nsproxy init_nsproxy;

void __put_nsproxy(struct nsproxy *ns);

/* The first is for ever: forks on all CPUs must not fight for its count. */
static inline struct nsproxy *get_nsproxy(struct nsproxy *ns)
{
	if (unlikely(ns != &init_nsproxy))
		refcount_inc(&ns->count);
	return ns;
}

static inline void put_nsproxy(struct nsproxy *ns)
{
	if (unlikely(ns != &init_nsproxy) && refcount_dec_and_test(&ns->count))
		__put_nsproxy(ns);
}

/* A copy of @old with new namespaces of the kinds in @flags; ERR_PTR(-errno). */
struct nsproxy *create_namespaces(u64 flags, struct nsproxy *old, struct user_namespace *owner,
				  struct fs_struct *fs);
/* unshare(): NULL when no flag asks for one */
struct nsproxy *unshare_namespaces(u64 flags, struct user_namespace *owner);
/* @tsk is current or cannot be seen; takes over the reference to @new */
void switch_namespaces(struct task_struct *tsk, struct nsproxy *new);

#endif /* _LINUX_NSPROXY_H */

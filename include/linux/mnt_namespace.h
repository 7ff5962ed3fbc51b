/* SPDX-License-Identifier: GPL-2.0-only */
/* Mount namespaces: which tree of mounts a task sees (fs/mnt_ns.c, mount_namespaces(7)). */
#ifndef _LINUX_MNT_NAMESPACE_H
#define _LINUX_MNT_NAMESPACE_H

#include <linux/ns_common.h>
#include <linux/nsproxy.h>
#include <linux/sched.h>
#include <linux/wait.h>

struct fs_struct;
struct mount;
struct ucounts;
struct user_namespace;

/*
 * Locks: [I] immutable   [N] namespace_sem
 */
struct mnt_namespace {
	struct ns_common ns;
	struct user_namespace *user_ns;	/* [I] who may change it */
	struct ucounts *ucounts;	/* [I] charged for it */
	u64 seq;			/* [I] age: a namespace may not hold itself */
	struct mount *root;		/* [N] */
	struct list_head list;		/* [N] mount.mnt_list */
	wait_queue_head_t poll;		/* woken with each change */
	u64 event;			/* [N] counts changes */
	unsigned int mounts;		/* [N] */
	unsigned int pending;		/* [N] mounts on their way in */
};

extern struct mnt_namespace init_mnt_ns;

static inline struct mnt_namespace *get_mnt_ns(struct mnt_namespace *ns)
{
	refcount_inc(&ns->ns.count);
	return ns;
}

void put_mnt_ns(struct mnt_namespace *ns);
struct mnt_namespace *copy_mnt_ns(struct user_namespace *owner, struct mnt_namespace *old,
				  struct fs_struct *fs);
/* with a reference; NULL when the task is exiting */
struct mnt_namespace *task_mnt_ns(struct task_struct *tsk);

static inline struct mnt_namespace *current_mnt_ns(void)
{
	return current->nsproxy->mnt_ns;
}

#endif /* _LINUX_MNT_NAMESPACE_H */

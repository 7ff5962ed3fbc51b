/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What processes that see each other's System V objects and message queues share: the three sets
 * of objects and the limits that /proc/sys shows. See ipc/util.h for an object.
 */
#ifndef _LINUX_IPC_NAMESPACE_H
#define _LINUX_IPC_NAMESPACE_H

#include <linux/atomic.h>
#include <linux/idr.h>
#include <linux/list.h>
#include <linux/ns_common.h>
#include <linux/nsproxy.h>
#include <linux/refcount.h>
#include <linux/rwsem.h>
#include <linux/sched.h>
#include <linux/types.h>

struct task_struct;
struct ucounts;
struct user_namespace;
struct vfsmount;

#define IPC_KEY_CHAINS	64

/* Locks: [w] rwsem, for writing to change   [r] RCU read, [w] write */
struct ipc_ids {
	struct rw_semaphore rwsem;
	struct idr objects;		/* [r] by index */
	struct hlist_head by_key[IPC_KEY_CHAINS];	/* [w] */
	int in_use;			/* [w] */
	int max_index;			/* [w] highest index in use, -1: none */
	int last_index;			/* [w] of the newest object */
	unsigned short seq;		/* [w] goes up each time the indices begin anew */
	int next_id;			/* [w] /proc/sys/kernel/..._next_id; -1: none */
};

enum { IPC_SEM_IDS, IPC_MSG_IDS, IPC_SHM_IDS, IPC_NR_IDS };

/*
 * Locks: [a] atomic   [I] immutable   [A] written by sysctl, read without a lock   [w] rwsem of the set
 */
struct ipc_namespace {
	struct ns_common ns;
	struct user_namespace *user_ns;	/* [I] holds a reference */
	struct ucounts *ucounts;	/* [I] NULL: init_ipc_ns */
	struct ipc_ids ids[IPC_NR_IDS];

	/* [A] /proc/sys/kernel/sem, in its order */
	int sem_msl, sem_mns, sem_opm, sem_mni;
	int used_sems;			/* [w] semaphores of all sets */

	unsigned int msg_max;		/* [A] bytes of a message */
	unsigned int msg_mnb;		/* [A] bytes of a new queue */
	unsigned int msg_mni;		/* [A] queues */
	atomic_long_t msg_bytes;	/* [a] in all queues */
	atomic_long_t msg_count;	/* [a] */

	unsigned long shm_max;		/* [A] bytes of a segment */
	unsigned long shm_all;		/* [A] pages of all */
	int shm_mni;			/* [A] segments */
	int shm_rmid_forced;		/* [A] a segment goes with its last user, marked or not */
	unsigned long shm_total;	/* [w] pages of all */

	struct rcu_head rcu;
	struct vfsmount *mq_mnt;	/* NULL until used, then fixed: POSIX message queues */
	atomic_t mq_queues;		/* [a] */
	int mq_queues_max;		/* [A] /proc/sys/fs/mqueue */
	int mq_msg_max, mq_msgsize_max;	/* [A] */
	int mq_msg_default, mq_msgsize_default;	/* [A] */
};

extern struct ipc_namespace init_ipc_ns;

static inline struct ipc_namespace *task_ipc_ns(const struct task_struct *tsk)
{
	return tsk->nsproxy->ipc_ns;
}

#define current_ipc_ns()	task_ipc_ns(current)

static inline struct ipc_namespace *get_ipc_ns(struct ipc_namespace *ns)
{
	refcount_inc(&ns->ns.count);
	return ns;
}

void put_ipc_ns(struct ipc_namespace *ns);
/* A new, empty one; ERR_PTR(-ENOSPC, -ENOMEM). */
struct ipc_namespace *copy_ipcs(struct user_namespace *owner, struct ipc_namespace *old);

/* The creator dies or leaves the namespace: its segments are nobody's. NULL test: nothing. */
void exit_sysvshm(struct task_struct *tsk);
/* Give up the undo list; the last sharer applies it. */
void exit_semundo(struct task_struct *tsk);

#endif

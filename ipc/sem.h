/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * System V semaphores: sem.c makes and describes sets, semop.c operates on them, sem_undo.c takes
 * back what a dead process did.
 */
#ifndef _IPC_SEM_H
#define _IPC_SEM_H

#include <linux/ipc_namespace.h>
#include <linux/list.h>
#include <linux/types.h>
#include <uapi/linux/sem.h>
#include "util.h"

struct pid;

/* Locks: [l] the set's lock */
struct sem {
	int val;			/* [l] 0 .. SEMVMX */
	struct pid *pid;		/* [l] who changed it last; holds a reference */
};

/*
 * Locks: [l] perm.lock   [I] immutable
 */
struct sem_array {
	struct kern_ipc_perm perm;
	int nsems;			/* [I] */
	struct sem *sems;		/* [I] */
	time64_t otime, ctime;		/* [l] */
	struct list_head waiting_zero;	/* [l] sem_queue.list: operations that change nothing */
	struct list_head waiting;	/* [l] sem_queue.list: all others, oldest first */
	struct list_head undos;		/* [l] sem_undo.of_array */
};

#define QUEUED	1			/* sem_queue.status: not yet decided */

/* A semop() that waits, on its caller's stack. Locks: [l] the set's lock   [I] immutable */
struct sem_queue {
	struct list_head list;		/* [l] */
	struct task_struct *sleeper;	/* [I] */
	struct sem_undo *undo;		/* [I] NULL: none asked for */
	struct pid *pid;		/* [I] */
	const struct sembuf *sops;	/* [I] */
	unsigned int nsops;		/* [I] */
	const struct sembuf *blocking;	/* [l] the one that could not be done */
	bool alter;			/* [I] */
	int status;			/* [l] QUEUED, 0 or -errno */
};

/* What is to be added to a set when the process dies. Locks: [l] the set's   [u] the list's */
struct sem_undo {
	struct list_head of_list;	/* [u] sem_undo_list.undos */
	struct list_head of_array;	/* [l] sem_array.undos */
	struct sem_array *array;	/* [I] alive as long as this is on its list */
	struct sem_undo_list *owner;	/* [I] */
	short adjust[];			/* [l] one per semaphore */
};

/* Shared by CLONE_SYSVSEM. Its lock nests inside a set's. */
struct sem_undo_list {
	refcount_t refs;
	spinlock_t lock;
	struct list_head undos;		/* [u] */
};

static inline struct sem_array *to_sem_array(struct kern_ipc_perm *perm)
{
	return container_of(perm, struct sem_array, perm);
}

static inline struct ipc_ids *sem_ids(struct ipc_namespace *ns)
{
	return &ns->ids[IPC_SEM_IDS];
}

/* All with the set locked. */
void sem_set_pid(struct sem *sem, struct pid *pid);
void sem_wake_waiters(struct sem_array *sma);
void sem_fail_waiters(struct sem_array *sma, int err);
int sem_count_waiters(struct sem_array *sma, int num, bool for_zero);
void sem_forget_undo(struct sem_array *sma, int num);
void sem_take_undos(struct sem_array *sma, struct list_head *dead);

void sem_free_undos(struct list_head *dead);	/* no lock held */

/*
 * The caller's undo of @sma, made when there is none. Return: 0 with the set locked and the undo in
 * @undo, -ENOMEM, -EIDRM.
 */
int sem_lock_with_undo(struct sem_array *sma, struct sem_undo **undo);

#endif

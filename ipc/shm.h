/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * System V shared memory: shm.c makes and describes segments, shm_attach.c maps them.
 */
#ifndef _IPC_SHM_H
#define _IPC_SHM_H

#include <linux/ipc_namespace.h>
#include <linux/list.h>
#include <linux/types.h>
#include <uapi/linux/shm.h>
#include "util.h"

struct file;
struct pid;
struct task_struct;
struct user_struct;

#define SHM_DEST	01000		/* perm.mode: goes with the last detach */
#define SHM_LOCKED	02000

/*
 * Locks: [l] perm.lock   [I] immutable   [w] rwsem of the set for writing
 */
struct shmid_kernel {
	struct kern_ipc_perm perm;
	struct file *file;		/* [I] tmpfs; holds a reference until removed */
	unsigned long nattch;		/* [l] areas that map it, and attaches on their way */
	size_t size;			/* [I] bytes */
	time64_t atime, dtime, ctime;	/* [l] */
	struct pid *cpid, *lpid;	/* [l] hold references */
	struct user_struct *locker;	/* [l] who was charged for SHM_LOCK; holds a reference */
	struct task_struct *creator;	/* [w] NULL: dead */
	struct hlist_node of_creator;	/* [w] task_struct.shm_created */
};

static inline struct shmid_kernel *to_shm(struct kern_ipc_perm *perm)
{
	return container_of(perm, struct shmid_kernel, perm);
}

static inline struct ipc_ids *shm_ids(struct ipc_namespace *ns)
{
	return &ns->ids[IPC_SHM_IDS];
}

static inline unsigned long shm_pages(const struct shmid_kernel *shp)
{
	return (shp->size + PAGE_SIZE - 1) >> PAGE_SHIFT;
}

/* Nobody has it attached, and that was all that kept it. Context: the segment is locked. */
static inline bool shm_may_destroy(struct ipc_namespace *ns, const struct shmid_kernel *shp)
{
	return !shp->nattch && !shp->perm.deleted &&
	       (ns->shm_rmid_forced || (shp->perm.mode & SHM_DEST));
}

/* Context: rwsem held for writing; the segment is locked, and unlocked here. */
void shm_destroy(struct ipc_namespace *ns, struct shmid_kernel *shp);

#endif

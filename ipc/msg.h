/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * System V message queues: msg.c makes and describes queues, msg_transfer.c sends and receives.
 */
#ifndef _IPC_MSG_H
#define _IPC_MSG_H

#include <linux/ipc_namespace.h>
#include <linux/list.h>
#include <linux/types.h>
#include <uapi/linux/msg.h>
#include "util.h"

struct pid;

/*
 * Locks: [l] perm.lock
 */
struct msg_queue {
	struct kern_ipc_perm perm;
	time64_t stime, rtime, ctime;	/* [l] */
	unsigned long cbytes;		/* [l] bytes in it */
	unsigned long qnum;		/* [l] messages in it */
	unsigned long qbytes;		/* [l] limit of both */
	struct pid *lspid, *lrpid;	/* [l] last sender and receiver; hold references */
	struct list_head messages;	/* [l] oldest first */
	struct list_head receivers;	/* [l] msg_receiver.list */
	struct list_head senders;	/* [l] msg_sender.list */
};

static inline struct msg_queue *to_msg_queue(struct kern_ipc_perm *perm)
{
	return container_of(perm, struct msg_queue, perm);
}

static inline struct ipc_ids *msg_ids(struct ipc_namespace *ns)
{
	return &ns->ids[IPC_MSG_IDS];
}

/* Receivers get @err, or look again (-EAGAIN); senders look again. Context: the queue is locked. */
void msg_wake_all(struct msg_queue *msq, int err);
/* Context: the queue has no user left. */
void msg_free_messages(struct ipc_namespace *ns, struct list_head *messages);

#endif

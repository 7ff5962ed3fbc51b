/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * POSIX message queues: mqueue.c is their file system, mq_transfer.c sends and receives. A queue is
 * an inode; its name goes with mq_unlink(), it itself with the last descriptor.
 */
#ifndef _IPC_MQUEUE_H
#define _IPC_MQUEUE_H

#include <linux/fs.h>
#include <linux/rbtree.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/wait.h>
#include <uapi/linux/mqueue.h>

struct cred;
struct ipc_namespace;
struct pid;
struct sock;
struct user_struct;

/* Locks: the queue's */
struct mq_msg {
	struct rb_node node;
	unsigned int prio;
	size_t size;
	char text[];
};

/* A sender or receiver that waits, on its stack; the highest priority first. Locks: the queue's */
struct mq_waiter {
	struct list_head list;
	struct task_struct *task;
	struct mq_msg *msg;		/* what it sends; what it got */
	bool done;
};

/* Who wants to know that a message has come. Locks: the queue's */
struct mq_notification {
	struct pid *owner;		/* NULL: nobody; holds a reference */
	int how;			/* SIGEV_* */
	int signo;
	sigval_t value;
	struct sock *sock;		/* SIGEV_THREAD: a netlink socket; holds a reference */
	char cookie[NOTIFY_COOKIE_LEN];	/* ... and what is sent to it */
};

/*
 * inode->i_private. Locks: [l] lock   [I] immutable
 */
struct mqueue {
	spinlock_t lock;
	struct mq_attr attr;		/* mq_maxmsg, mq_msgsize [I]; mq_curmsgs [l] */
	struct rb_root messages;	/* [l] by priority, then by age */
	unsigned long bytes;		/* [l] in the queue */
	struct list_head senders;	/* [l] mq_waiter.list */
	struct list_head receivers;	/* [l] mq_waiter.list */
	struct mq_notification notify;	/* [l] */
	wait_queue_head_t pollers;
	struct user_struct *user;	/* [I] charged; holds a reference */
	unsigned long charge;		/* [I] bytes against RLIMIT_MSGQUEUE */
};

extern const struct file_operations mqueue_file_operations;

static inline struct mqueue *mqueue_of(const struct inode *inode)
{
	return inode->i_private;
}

/* The queue has no user left: who waited for a message is told that none will come. */
void mq_drop_notification(struct mqueue *mq);
/* The queue has no user left. */
void mq_free_messages(struct mqueue *mq);

#endif

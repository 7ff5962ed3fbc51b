/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Asynchronous I/O: aio.c keeps contexts and their rings, aio_submit.c does what is asked.
 */
#ifndef _FS_AIO_H
#define _FS_AIO_H

#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/refcount.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/wait.h>
#include <linux/workqueue.h>
#include <uapi/linux/aio_abi.h>

struct file;
struct mm_struct;
struct page;

/*
 * A context. Its ring is a nameless tmpfs file that user space maps and may read, and even consume
 * from, without asking: what is read back from it is never trusted.
 * Locks: [I] immutable   [l] lock   [r] ring_mutex   [L] context_lock of aio.c
 */
struct kioctx {
	refcount_t refs;
	struct hlist_node of_mm;	/* [L] mm->aio_contexts */
	unsigned long user_id;		/* [L] address of the ring: what user space calls us */
	unsigned int max_reqs;		/* [I] as asked for; counted in aio-nr */
	unsigned int nr;		/* [I] events that the ring holds */
	unsigned int nr_pages;		/* [I] */
	struct page **pages;		/* [I] with references */
	spinlock_t lock;
	unsigned int tail;		/* [l] where the next event goes */
	unsigned int in_flight;		/* [l] requests that are not complete */
	bool dead;			/* [l] */
	struct list_head active;	/* [l] aio_req.active: what can be cancelled */
	struct mutex ring_mutex;	/* one reader at a time */
	wait_queue_head_t wait;		/* for events, and for the last request to end */
};

/*
 * One request. Only those that wait (IOCB_CMD_POLL) live longer than io_submit().
 * Locks: [I] immutable   [l] ctx->lock   [q] the lock of the queue
 */
struct aio_req {
	refcount_t refs;
	struct kioctx *ctx;		/* [I] */
	struct file *file;		/* [I] holds a reference */
	struct file *eventfd;		/* [I] IOCB_FLAG_RESFD; holds a reference */
	u64 data, user_iocb;		/* [I] */
	struct list_head active;	/* [l] */
	bool done;			/* [l] */
	wait_queue_head_t *queue;	/* [q] NULL: none, or it is gone */
	struct wait_queue_entry wait;	/* [q] */
	bool cancelled;			/* [q] */
	u32 events;			/* [I] polled for */
	int error;			/* while it is being queued */
	struct work_struct work;
	struct rcu_head rcu;		/* its waker may have it a little longer */
};

struct kioctx *aio_lookup(unsigned long user_id);
void aio_put(struct kioctx *ctx);
/* A place in the ring for one more. 0 or -EAGAIN. */
int aio_reserve(struct kioctx *ctx);
void aio_unreserve(struct kioctx *ctx);
/* The reserved place gets its event. */
void aio_post(struct kioctx *ctx, u64 data, u64 obj, s64 res, struct file *eventfd);
/* There will be no more, and those that wait end now. After this nobody but referrers touches @ctx. */
void aio_end_requests(struct kioctx *ctx);

#endif

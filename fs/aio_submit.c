// SPDX-License-Identifier: GPL-2.0-only
/*
 * io_submit and io_cancel. Files live in memory, so reads, writes and syncs are done by the time
 * io_submit() returns; only IOCB_CMD_POLL waits, on the file's own queue.
 * Locks: the queue's guards what its waker sees; ctx->lock who may end a request.
 */
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/poll.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/syscalls.h>
#include <linux/uaccess.h>
#include <linux/uio.h>
#include "aio.h"
#include "internal.h"

#define KIOCB_KEY	0
#define FAST_IOV	8

/* ---- reading and writing ---- */

static ssize_t import_buffer(const struct iocb *iocb, bool write, bool vector, struct iovec **iov,
			     struct iov_iter *iter)
{
	void __user *buf = (void __user *)(uintptr_t)iocb->aio_buf;
	bool source = write ? ITER_SOURCE : ITER_DEST;

	if (vector)
		return import_iovec(source, buf, iocb->aio_nbytes, FAST_IOV, iov, iter);
	*iov = NULL;
	return import_single_range(source, buf, iocb->aio_nbytes, NULL, iter);
}

/* Return: what io_submit() says; then *@res is the event's. */
static int read_or_write(struct file *file, const struct iocb *iocb, bool write, bool vector,
			 s64 *res)
{
	struct iovec fast[FAST_IOV], *iov = fast;
	loff_t pos = iocb->aio_offset;
	struct iov_iter iter;
	ssize_t ret;

	if (!(file->f_mode & (write ? FMODE_WRITE : FMODE_READ)))
		return -EBADF;
	ret = check_rwf(file, iocb->aio_rw_flags);
	if (ret)
		return ret;
	if (write ? !file->f_op->write_iter : !file->f_op->read_iter)
		return -EINVAL;
	ret = import_buffer(iocb, write, vector, &iov, &iter);
	if (ret < 0)
		return ret;
	if (write && (iocb->aio_rw_flags & RWF_APPEND))
		pos = i_size_read(file_inode(file));
	ret = rw_verify_area(file, pos, iov_iter_count(&iter));
	if (ret) {
		kfree(iov);
		return ret;
	}
	ret = write ? vfs_iter_write(file, &iter, &pos) : vfs_iter_read(file, &iter, &pos);
	kfree(iov);
	/* A request is not restarted: the event says that it was interrupted. */
	if (ret == -ERESTARTSYS || ret == -ERESTARTNOINTR || ret == -ERESTARTNOHAND)
		ret = -EINTR;
	*res = ret;
	return 0;
}

static int sync_file(struct file *file, const struct iocb *iocb, bool datasync, s64 *res)
{
	if (iocb->aio_buf || iocb->aio_offset || iocb->aio_nbytes || iocb->aio_rw_flags)
		return -EINVAL;
	if (!file->f_op->fsync)
		return -EINVAL;
	*res = vfs_fsync(file, datasync);
	return 0;
}

/* ---- ends ---- */

/* Who waits for the last one may free @ctx as soon as it gets the lock. */
void aio_unreserve(struct kioctx *ctx)
{
	spin_lock(&ctx->lock);
	ctx->in_flight--;
	wake_up_all(&ctx->wait);
	spin_unlock(&ctx->lock);
}

/* ---- waiting for a file: IOCB_CMD_POLL ---- */

static void put_req(struct aio_req *req)
{
	if (!refcount_dec_and_test(&req->refs))
		return;
	fput(req->file);
	if (req->eventfd)
		fput(req->eventfd);
	kfree_rcu(req, rcu);
}

/* Whoever comes first ends it, with its event. */
static void end_req(struct aio_req *req, s64 res)
{
	struct kioctx *ctx = req->ctx;
	bool first;

	spin_lock(&ctx->lock);
	first = !req->done;
	if (first) {
		req->done = true;
		list_del_init(&req->active);
	}
	spin_unlock(&ctx->lock);
	if (!first)
		return;
	aio_post(ctx, req->data, req->user_iocb, res, req->eventfd);
	put_req(req);
}

/* Context: the queue's lock. */
static int aio_wake(struct wait_queue_entry *wait, unsigned int mode, int flags, void *key)
{
	struct aio_req *req = container_of(wait, struct aio_req, wait);
	__poll_t events = key_to_poll(key);

	if (events && !(events & (req->events | POLLFREE)))
		return 0;
	list_del_init(&wait->entry);
	if (events & POLLFREE)
		req->cancelled = true;
	schedule_work(&req->work);
	/* Who sees NULL does not wait for us: it must find the work queued, and free it after RCU. */
	if (events & POLLFREE)
		smp_store_release(&req->queue, NULL);
	return 1;
}

/*
 * Leave the queue, or go back into it unless cancelled. POLLFREE may take the queue away, but frees
 * it after RCU only. Return: did it change?
 */
static bool requeue(struct aio_req *req, bool in)
{
	wait_queue_head_t *queue;
	bool changed = false;
	unsigned long irq;

	rcu_read_lock();
	queue = smp_load_acquire(&req->queue);
	if (queue) {
		spin_lock_irqsave(&queue->lock, irq);
		changed = list_empty(&req->wait.entry) == in && !(in && req->cancelled);
		if (changed && in)
			__add_wait_queue(queue, &req->wait);
		else if (changed)
			__remove_wait_queue(queue, &req->wait);
		spin_unlock_irqrestore(&queue->lock, irq);
	}
	rcu_read_unlock();
	return changed;
}

/* The file was woken: is there what was asked for? If not, wait on. */
static void poll_work(struct work_struct *work)
{
	struct aio_req *req = container_of(work, struct aio_req, work);
	__poll_t events = 0;

	if (!READ_ONCE(req->cancelled)) {
		events = vfs_poll(req->file, NULL) & req->events;
		if (!events && requeue(req, true)) {
			/* Look once more: it may have come just before. Pairs as in poll_wait(). */
			smp_mb();
			events = vfs_poll(req->file, NULL) & req->events;
			if (!events || !requeue(req, false))
				return;
		}
	}
	end_req(req, events);
}

struct aio_poll_table {
	poll_table pt;
	struct aio_req *req;
	bool queued;
};

static void aio_queue(struct file *file, wait_queue_head_t *queue, poll_table *pt)
{
	struct aio_poll_table *table = container_of(pt, struct aio_poll_table, pt);
	struct aio_req *req = table->req;

	if (table->queued) {
		req->error = -EINVAL;	/* one queue only, as on Linux */
		return;
	}
	table->queued = true;
	req->error = 0;
	req->queue = queue;
	add_wait_queue(queue, &req->wait);
}

static struct aio_req *alloc_req(struct kioctx *ctx, struct file *file, const struct iocb *iocb,
				 u64 user_iocb, struct file *eventfd)
{
	struct aio_req *req = kzalloc(sizeof(*req), GFP_KERNEL);

	if (!req)
		return NULL;
	/* One for whoever ends it, one for us. */
	refcount_set(&req->refs, 2);
	req->ctx = ctx;
	req->file = get_file(file);
	req->eventfd = eventfd ? get_file(eventfd) : NULL;
	req->data = iocb->aio_data;
	req->user_iocb = user_iocb;
	req->events = (u16)iocb->aio_buf | EPOLLERR | EPOLLHUP;
	req->error = -EINVAL;		/* a file that never queues anybody cannot be waited for */
	INIT_LIST_HEAD(&req->active);
	INIT_WORK(&req->work, poll_work);
	init_waitqueue_func_entry(&req->wait, aio_wake);
	return req;
}

/* Return: 0, or -EINVAL when the file cannot be waited for. */
static int start_poll(struct aio_req *req)
{
	struct aio_poll_table table = { .req = req };
	__poll_t events;

	init_poll_funcptr(&table.pt, aio_queue);
	table.pt._key = req->events;
	events = vfs_poll(req->file, &table.pt) & req->events;
	if (!events)
		return req->error;
	/* Woken meanwhile it is on the work queue, and the work ends it. */
	if (table.queued && !requeue(req, false))
		return 0;
	/* The work may have been there, and be about to look once more. */
	cancel_work_sync(&req->work);
	end_req(req, events);
	return 0;
}

/* A request that could not even wait. Return: false: too late, its event has come. */
static bool abandon(struct aio_req *req)
{
	bool first;

	/* With the mark set, the work does not go back into the queue. */
	WRITE_ONCE(req->cancelled, true);
	requeue(req, false);
	cancel_work_sync(&req->work);
	spin_lock(&req->ctx->lock);
	first = !req->done;
	if (first) {
		req->done = true;
		list_del_init(&req->active);
	}
	spin_unlock(&req->ctx->lock);
	if (first)
		put_req(req);
	return first;
}

/* The caller holds a reference. */
static void cancel_req(struct aio_req *req)
{
	/* With the mark set, the work does not go back into the queue. */
	WRITE_ONCE(req->cancelled, true);
	requeue(req, false);
	cancel_work_sync(&req->work);
	end_req(req, 0);
}

/*
 * It waits, and is found by those who cancel. Not before: what is cancelled while it is being queued
 * would be queued after its end. All of a context that has ended meanwhile were cancelled already.
 */
static void let_cancel(struct aio_req *req)
{
	struct kioctx *ctx = req->ctx;
	bool dead;

	spin_lock(&ctx->lock);
	if (!req->done)
		list_add_tail(&req->active, &ctx->active);
	dead = ctx->dead;
	spin_unlock(&ctx->lock);
	if (dead)
		cancel_req(req);
}

/* Return: 0: an event has come or will; else -errno, and none will. */
static int submit_poll(struct kioctx *ctx, struct file *file, const struct iocb *iocb,
		       u64 user_iocb, struct file *eventfd)
{
	struct aio_req *req;
	int err;

	if ((u16)iocb->aio_buf != iocb->aio_buf || iocb->aio_offset || iocb->aio_nbytes ||
	    iocb->aio_rw_flags)
		return -EINVAL;
	req = alloc_req(ctx, file, iocb, user_iocb, eventfd);
	if (!req)
		return -ENOMEM;
	err = start_poll(req);
	if (!err)
		let_cancel(req);
	else if (!abandon(req))
		err = 0;
	put_req(req);
	return err;
}

/* ---- cancelling ---- */

static struct aio_req *find_active(struct kioctx *ctx, u64 user_iocb, bool any)
{
	struct aio_req *req;

	spin_lock(&ctx->lock);
	list_for_each_entry(req, &ctx->active, active) {
		if (any || req->user_iocb == user_iocb) {
			refcount_inc(&req->refs);
			spin_unlock(&ctx->lock);
			return req;
		}
	}
	spin_unlock(&ctx->lock);
	return NULL;
}

void aio_end_requests(struct kioctx *ctx)
{
	struct aio_req *req;

	spin_lock(&ctx->lock);
	ctx->dead = true;
	spin_unlock(&ctx->lock);
	wake_up_all(&ctx->wait);
	while ((req = find_active(ctx, 0, true))) {
		cancel_req(req);
		put_req(req);
	}
	wait_event(ctx->wait, !READ_ONCE(ctx->in_flight));
	/* See aio_unreserve(). */
	spin_lock(&ctx->lock);
	spin_unlock(&ctx->lock);
}

SYSCALL_DEFINE3(io_cancel, aio_context_t, ctx_id, struct iocb __user *, iocb,
		struct io_event __user *, result)
{
	struct kioctx *ctx;
	struct aio_req *req;
	u32 key;

	if (get_user(key, &iocb->aio_key))
		return -EFAULT;
	if (key != KIOCB_KEY)
		return -EINVAL;
	ctx = aio_lookup(ctx_id);
	if (!ctx)
		return -EINVAL;
	req = find_active(ctx, (u64)(uintptr_t)iocb, false);
	if (req) {
		cancel_req(req);
		put_req(req);
	}
	aio_put(ctx);
	/* The event tells; @result has not been used since Linux 3.11. */
	return req ? -EINPROGRESS : -EINVAL;
}

/* ---- submitting ---- */

static int do_op(struct kioctx *ctx, struct file *file, const struct iocb *iocb, u64 user_iocb,
		 struct file *eventfd)
{
	s64 res = 0;
	int err;

	switch (iocb->aio_lio_opcode) {
	case IOCB_CMD_PREAD:
		err = read_or_write(file, iocb, false, false, &res);
		break;
	case IOCB_CMD_PWRITE:
		err = read_or_write(file, iocb, true, false, &res);
		break;
	case IOCB_CMD_PREADV:
		err = read_or_write(file, iocb, false, true, &res);
		break;
	case IOCB_CMD_PWRITEV:
		err = read_or_write(file, iocb, true, true, &res);
		break;
	case IOCB_CMD_FSYNC:
		err = sync_file(file, iocb, false, &res);
		break;
	case IOCB_CMD_FDSYNC:
		err = sync_file(file, iocb, true, &res);
		break;
	case IOCB_CMD_POLL:
		return submit_poll(ctx, file, iocb, user_iocb, eventfd);
	default:
		return -EINVAL;
	}
	if (!err)
		aio_post(ctx, iocb->aio_data, user_iocb, res, eventfd);
	return err;
}

static int with_eventfd(struct kioctx *ctx, struct file *file, const struct iocb *iocb,
			struct iocb __user *user)
{
	struct file *eventfd = NULL;
	int err;

	if (iocb->aio_flags & IOCB_FLAG_RESFD) {
		eventfd = eventfd_fget(iocb->aio_resfd);
		if (IS_ERR(eventfd))
			return PTR_ERR(eventfd);
	}
	if (put_user(KIOCB_KEY, &user->aio_key))
		err = -EFAULT;
	else
		err = do_op(ctx, file, iocb, (u64)(uintptr_t)user, eventfd);
	if (eventfd)
		fput(eventfd);
	return err;
}

static int submit_one(struct kioctx *ctx, struct iocb __user *user)
{
	struct iocb iocb;
	struct file *file;
	int err;

	if (copy_from_user(&iocb, user, sizeof(iocb)))
		return -EFAULT;
	if (iocb.aio_reserved2 || (ssize_t)iocb.aio_nbytes < 0)
		return -EINVAL;
	err = aio_reserve(ctx);
	if (err)
		return err;
	file = fget(iocb.aio_fildes);
	if (file) {
		err = with_eventfd(ctx, file, &iocb, user);
		fput(file);
	} else {
		err = -EBADF;
	}
	if (err)
		aio_unreserve(ctx);
	return err;
}

SYSCALL_DEFINE3(io_submit, aio_context_t, ctx_id, long, nr, struct iocb __user * __user *, iocbs)
{
	struct iocb __user *one;
	struct kioctx *ctx;
	long i, err = 0;

	if (nr < 0)
		return -EINVAL;
	ctx = aio_lookup(ctx_id);
	if (!ctx)
		return -EINVAL;
	nr = min(nr, (long)ctx->nr);
	for (i = 0; i < nr; i++) {
		err = get_user(one, iocbs + i) ? -EFAULT : submit_one(ctx, one);
		if (err)
			break;
		cond_resched();
	}
	aio_put(ctx);
	return i ?: err;
}

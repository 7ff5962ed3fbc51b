// SPDX-License-Identifier: GPL-2.0-only
/*
 * Waiting for a file with io_submit(2) (fs/aio_submit.c itself), under the model of scheduling: it
 * is woken at any moment while it is being submitted.
 */
#include <host.h>
#include <linux/kernel.h>
#include <linux/selftest.h>
#include <linux/uaccess.h>
#include "model_tasks.h"

void model_step(void);

/* No user memory is met. */
unsigned long copy_from_user(void *to, const void __user *from, unsigned long n);
#define get_user(value, from)	((value) = 0)
#define put_user(value, to)	0
/* The file table's test has its own. */
#define fput(file)		model_fput(file)
#define fget(fd)		model_fget(fd)

struct file;
static void model_fput(struct file *file);
static struct file *model_fget(unsigned int fd);

#include "../../../fs/aio_submit.c"

#define REQUESTS	6
#define SEEDS		400

static struct kioctx *ctx;
static struct file source;
static DECLARE_WAIT_QUEUE_HEAD(source_wait);
static DECLARE_WAIT_QUEUE_HEAD(posted_wait);
static bool ready, cancels;
static unsigned int posted, submitted;

static void model_fput(struct file *file)
{
}

static struct file *model_fget(unsigned int fd)
{
	return NULL;
}

static __poll_t poll_source(struct file *file, poll_table *pt)
{
	bool seen;

	if (pt)
		poll_wait(file, &source_wait, pt);
	model_step();
	seen = READ_ONCE(ready);
	model_step();
	return seen ? EPOLLIN : 0;
}

static const struct file_operations source_fops = { .poll = poll_source };

void aio_post(struct kioctx *to, u64 data, u64 obj, s64 res, struct file *eventfd)
{
	wrong += !((res & EPOLLIN) || (cancels && !res));	/* 0: cancelled */
	posted++;
	wake_up_all(&posted_wait);
	aio_unreserve(to);
}

/* Each request is submitted while the file is about to be ready. */
static void submit_all(void)
{
	struct iocb iocb = { .aio_lio_opcode = IOCB_CMD_POLL, .aio_buf = EPOLLIN };

	for (submitted = 0; submitted < REQUESTS; ) {
		WRITE_ONCE(ready, false);
		submitted++;
		aio_reserve(ctx);
		wrong += submit_poll(ctx, &source, &iocb, 0, NULL) != 0;
		wait_event(posted_wait, READ_ONCE(posted) >= submitted);
	}
}

static void make_ready(void)
{
	while (READ_ONCE(submitted) < REQUESTS || READ_ONCE(posted) < REQUESTS) {
		WRITE_ONCE(ready, true);
		wake_up_poll(&source_wait, EPOLLIN);
		model_step();
	}
}

static void cancel_some(void)
{
	while (cancels && READ_ONCE(submitted) < REQUESTS) {
		struct aio_req *req = find_active(ctx, 0, true);

		if (req) {
			cancel_req(req);
			put_req(req);
		}
		model_step();
	}
}

static void use_aio(void)
{
	switch (model_self()) {
	case 0:
		run_model_worker();
		break;
	case 1:
		submit_all();
		break;
	case 2:
		make_ready();
		break;
	default:
		cancel_some();
	}
}

/* One request, and the end of its context as soon as that was submitted. */
static void use_and_end(void)
{
	struct iocb iocb = { .aio_lio_opcode = IOCB_CMD_POLL, .aio_buf = EPOLLIN };

	switch (model_self()) {
	case 0:
		run_model_worker();
		break;
	case 1:
		aio_reserve(ctx);
		wrong += submit_poll(ctx, &source, &iocb, 0, NULL) != 0;
		submitted = 1;
		wake_up_all(&posted_wait);
		break;
	case 2:
		WRITE_ONCE(ready, true);
		wake_up_poll(&source_wait, EPOLLIN);
		break;
	default:
		wait_event(posted_wait, READ_ONCE(submitted));
		aio_end_requests(ctx);
		kfree(ctx);
		ctx = NULL;
	}
}

/* The queue goes away while the request is cancelled. */
static void lose_queue(void)
{
	if (model_self() != 2) {
		use_and_end();
		return;
	}
	wait_event(posted_wait, READ_ONCE(submitted));
	wake_up_poll(&source_wait, EPOLLHUP | POLLFREE);
}

static void run_aio(struct selftest_ctx *t, void (*operation)(void), unsigned int requests,
		    unsigned int seeds)
{
	unsigned long seed;

	wrong = 0;
	source.f_op = &source_fops;
	for (seed = 1; seed <= seeds; seed++) {
		ctx = kzalloc(sizeof(*ctx), GFP_KERNEL);
		KT_ASSERT(ctx);
		INIT_LIST_HEAD(&ctx->active);
		init_waitqueue_head(&ctx->wait);
		init_waitqueue_head(&source_wait);
		init_waitqueue_head(&posted_wait);
		posted = submitted = 0;
		ready = false;
		reset_model_worker();
		run_tasks(seed, operation, 1);
		KT_ASSERT(tasks[1].done && tasks[2].done && tasks[3].done && !wrong);
		KT_ASSERT(posted == requests && (!ctx || list_empty(&ctx->active)));
		kfree(ctx);
		synchronize_rcu();
	}
}

SELFTEST(aio, a_request_that_is_woken_early_ends_once)
{
	cancels = false;
	run_aio(t, use_aio, REQUESTS, SEEDS);
}

SELFTEST(aio, a_cancelled_request_ends_once)
{
	cancels = true;
	run_aio(t, use_aio, REQUESTS, SEEDS);
}

SELFTEST(aio, the_last_request_leaves_its_context_alone)
{
	cancels = true;
	run_aio(t, use_and_end, 1, SEEDS);
}

SELFTEST(aio, a_queue_that_goes_leaves_a_cancelled_request_alone)
{
	cancels = true;
	run_aio(t, lose_queue, 1, 10 * SEEDS);
}

/* ---- what else it calls ---- */

int check_rwf(const struct file *file, int flags)
{
	return 0;
}

int rw_verify_area(const struct file *file, loff_t pos, size_t count)
{
	return 0;
}

ssize_t vfs_iter_read(struct file *file, struct iov_iter *iter, loff_t *pos)
{
	return 0;
}

ssize_t vfs_iter_write(struct file *file, struct iov_iter *iter, loff_t *pos)
{
	return 0;
}

int vfs_fsync(struct file *file, int datasync)
{
	return 0;
}

struct file *eventfd_fget(int fd)
{
	return ERR_PTR(-EBADF);
}

struct kioctx *aio_lookup(unsigned long user_id)
{
	return NULL;
}

void aio_put(struct kioctx *c)
{
}

int aio_reserve(struct kioctx *c)
{
	c->in_flight++;
	return 0;
}

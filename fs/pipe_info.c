// SPDX-License-Identifier: GPL-2.0-only
/*
 * The ring of a pipe: its size, who is charged for it, and fcntl(2)'s F_SETPIPE_SZ.
 * The mutex guards a ring that is in use.
 */
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/poll.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "internal.h"
#include "pipe.h"

unsigned int pipe_max_size = 1024 * 1024;
unsigned long pipe_user_pages_soft = PIPE_DEF_BUFFERS * 1024;
unsigned long pipe_user_pages_hard;		/* 0: no limit */

#define PIPE_MIN_BUFFERS	2		/* what users over the soft limit get */

static bool privileged(void)
{
	return capable(CAP_SYS_RESOURCE) || capable(CAP_SYS_ADMIN);
}

static bool over(unsigned long pages, unsigned long limit)
{
	return limit && pages > limit && !privileged();
}

/* Charge first, then compare. Returns the slots granted, 0 when even the least is too much. */
static unsigned int charge_slots(struct user_struct *user, unsigned int slots)
{
	unsigned long pages = atomic_long_add_return(slots, &user->pipe_pages);

	if (over(pages, READ_ONCE(pipe_user_pages_soft))) {
		pages = atomic_long_sub_return(slots - PIPE_MIN_BUFFERS, &user->pipe_pages);
		slots = PIPE_MIN_BUFFERS;
	}
	if (over(pages, READ_ONCE(pipe_user_pages_hard))) {
		atomic_long_sub(slots, &user->pipe_pages);
		return 0;
	}
	return slots;
}

static unsigned int default_slots(void)
{
	if (PIPE_DEF_BUFFERS * PAGE_SIZE > pipe_max_size && !capable(CAP_SYS_RESOURCE))
		return pipe_max_size >> PAGE_SHIFT;
	return PIPE_DEF_BUFFERS;
}

struct pipe_inode_info *alloc_pipe_info(void)
{
	struct pipe_inode_info *pipe = kzalloc(sizeof(*pipe), GFP_KERNEL);

	if (!pipe)
		return NULL;
	pipe->user = get_current_user();
	pipe->ring_size = charge_slots(pipe->user, default_slots());
	pipe->nr_accounted = pipe->ring_size;
	if (pipe->ring_size)
		pipe->bufs = kvcalloc(pipe->ring_size, sizeof(*pipe->bufs), GFP_KERNEL);
	if (!pipe->bufs) {
		bool limit = !pipe->ring_size;

		free_pipe_info(pipe);
		return limit ? ERR_PTR(-ENFILE) : NULL;
	}
	mutex_init(&pipe->mutex, LOCK_RANK_PIPE);
	init_waitqueue_head(&pipe->rd_wait);
	init_waitqueue_head(&pipe->wr_wait);
	return pipe;
}

void free_pipe_info(struct pipe_inode_info *pipe)
{
	unsigned int i;

	for (; pipe->tail != pipe->head; pipe->tail++)
		put_page(pipe_slot(pipe, pipe->tail)->page);
	for (i = 0; i < ARRAY_SIZE(pipe->tmp_page); i++) {
		if (pipe->tmp_page[i])
			put_page(pipe->tmp_page[i]);
	}
	atomic_long_sub(pipe->nr_accounted, &pipe->user->pipe_pages);
	free_uid(pipe->user);
	kvfree(pipe->bufs);
	kfree(pipe);
}

unsigned int round_pipe_size(unsigned long size)
{
	if (size > 1U << 31)
		return 0;
	return size < PAGE_SIZE ? PAGE_SIZE : roundup_pow_of_two(size);
}

/* Move to a ring of @slots. The mutex is held. Return: 0, -EBUSY (would not fit), -ENOMEM. */
static int resize_ring(struct pipe_inode_info *pipe, unsigned int slots)
{
	unsigned int n = pipe_occupancy(pipe), i;
	struct pipe_buffer *bufs;

	if (slots < n + pipe->reserved)
		return -EBUSY;
	bufs = kvcalloc(slots, sizeof(*bufs), GFP_KERNEL | __GFP_NOWARN);
	if (!bufs)
		return -ENOMEM;
	for (i = 0; i < n; i++)
		bufs[i] = *pipe_slot(pipe, pipe->tail + i);
	kvfree(pipe->bufs);
	pipe->bufs = bufs;
	pipe->tail = 0;
	pipe->head = n;
	WRITE_ONCE(pipe->ring_size, slots);
	wake_up_interruptible(&pipe->wr_wait);
	return 0;
}

/* fcntl(2), F_SETPIPE_SZ. Return: the new size in bytes, -EINVAL, -EPERM, -EBUSY, -ENOMEM. */
static long set_size(struct pipe_inode_info *pipe, unsigned int bytes)
{
	unsigned int size = round_pipe_size(bytes), slots = size >> PAGE_SHIFT;
	bool grows = slots > pipe->ring_size;
	unsigned long pages;
	long err = 0;

	if (!size)
		return -EINVAL;
	if (grows && size > pipe_max_size && !capable(CAP_SYS_RESOURCE))
		return -EPERM;
	pages = atomic_long_add_return((long)slots - (long)pipe->nr_accounted,
				       &pipe->user->pipe_pages);
	if (grows && (over(pages, READ_ONCE(pipe_user_pages_soft)) ||
		      over(pages, READ_ONCE(pipe_user_pages_hard))))
		err = -EPERM;
	if (!err)
		err = resize_ring(pipe, slots);
	if (err) {
		atomic_long_add((long)pipe->nr_accounted - (long)slots, &pipe->user->pipe_pages);
		return err;
	}
	pipe->nr_accounted = slots;
	return (long)slots << PAGE_SHIFT;
}

/* F_SETPIPE_SZ, F_GETPIPE_SZ. Return: bytes, -EBADF (no pipe), and set_size()'s. */
long pipe_fcntl(struct file *file, unsigned int cmd, unsigned int arg)
{
	struct pipe_inode_info *pipe = get_pipe_info(file);
	long ret;

	if (!pipe)
		return -EBADF;
	mutex_lock(&pipe->mutex);
	if (cmd == F_SETPIPE_SZ)
		ret = set_size(pipe, arg);
	else
		ret = (long)pipe->ring_size << PAGE_SHIFT;
	mutex_unlock(&pipe->mutex);
	return ret;
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * FIFOs: a pipe that is found by name. Opening one side waits for the other, as
 * fifo(7) says. The pipe hangs on the inode while it is open, under i_lock.
 */
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/magic.h>
#include <linux/pipe_fs_i.h>
#include <linux/sched.h>
#include <linux/wait.h>
#include "internal.h"
#include "pipe.h"

/* The inode's pipe, made on first use; one more file. NULL without memory. */
static struct pipe_inode_info *fifo_pipe(struct inode *inode)
{
	struct pipe_inode_info *pipe, *new;

	spin_lock(&inode->i_lock);
	pipe = inode->i_pipe;
	if (pipe)
		pipe->files++;
	spin_unlock(&inode->i_lock);
	if (pipe)
		return pipe;
	new = alloc_pipe_info();
	if (IS_ERR_OR_NULL(new))
		return new;
	spin_lock(&inode->i_lock);
	pipe = inode->i_pipe;
	if (!pipe)
		pipe = inode->i_pipe = new;
	pipe->files++;
	spin_unlock(&inode->i_lock);
	if (pipe != new)
		free_pipe_info(new);
	return pipe;
}

/* Sleep until @counter moves. The mutex is dropped meanwhile. Return: 0 or -ERESTARTSYS. */
static int wait_for_partner(struct pipe_inode_info *pipe, struct wait_queue_head *wq,
			    unsigned int *counter)
{
	unsigned int seen = *counter;
	int err;

	mutex_unlock(&pipe->mutex);
	err = wait_event_interruptible(*wq, READ_ONCE(*counter) != seen);
	mutex_lock(&pipe->mutex);
	return seen != *counter ? 0 : err;
}

static void add_reader(struct pipe_inode_info *pipe)
{
	pipe->r_counter++;
	if (!pipe->readers++)
		wake_up_all(&pipe->wr_wait);
}

static void add_writer(struct pipe_inode_info *pipe)
{
	pipe->w_counter++;
	if (!pipe->writers++)
		wake_up_all(&pipe->rd_wait);
}

/* Opening a pipe of pipe(2) again, through /proc/<pid>/fd, waits for nobody. */
static bool is_fifo(const struct file *file)
{
	return file_inode(file)->i_sb->s_magic != PIPEFS_MAGIC;
}

static int fifo_open_read(struct file *file, struct pipe_inode_info *pipe)
{
	int err = 0;

	add_reader(pipe);
	if (pipe->writers || !is_fifo(file))
		return 0;
	if (file->f_flags & O_NONBLOCK) {
		file->f_version = pipe->w_counter;	/* no EPOLLHUP before somebody wrote */
		return 0;
	}
	err = wait_for_partner(pipe, &pipe->rd_wait, &pipe->w_counter);
	if (err && !--pipe->readers)
		wake_up_all(&pipe->wr_wait);
	return err;
}

static int fifo_open_write(struct file *file, struct pipe_inode_info *pipe)
{
	int err;

	if ((file->f_flags & O_NONBLOCK) && !pipe->readers && is_fifo(file))
		return -ENXIO;
	add_writer(pipe);
	if (pipe->readers || !is_fifo(file))
		return 0;
	err = wait_for_partner(pipe, &pipe->wr_wait, &pipe->r_counter);
	if (err && !--pipe->writers)
		wake_up_all(&pipe->rd_wait);
	return err;
}

int fifo_open(struct inode *inode, struct file *file)
{
	struct pipe_inode_info *pipe = fifo_pipe(inode);
	int err = 0;

	if (IS_ERR_OR_NULL(pipe))
		return pipe ? PTR_ERR(pipe) : -ENOMEM;
	stream_open(inode, file);
	file->private_data = pipe;
	mutex_lock(&pipe->mutex);
	switch (file->f_mode & (FMODE_READ | FMODE_WRITE)) {
	case FMODE_READ:
		err = fifo_open_read(file, pipe);
		break;
	case FMODE_WRITE:
		err = fifo_open_write(file, pipe);
		break;
	case FMODE_READ | FMODE_WRITE:
		add_reader(pipe);
		add_writer(pipe);
		break;
	default:
		err = -EINVAL;
	}
	mutex_unlock(&pipe->mutex);
	if (!err && (file->f_flags & O_DIRECT))
		file->f_mode |= FMODE_CAN_ODIRECT;
	if (err)
		put_pipe_info(inode, pipe);
	return err;
}

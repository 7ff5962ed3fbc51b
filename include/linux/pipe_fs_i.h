/* SPDX-License-Identifier: GPL-2.0-only */
/* Pipes and FIFOs: a ring of pages between readers and writers (fs/pipe.c). */
#ifndef _LINUX_PIPE_FS_I_H
#define _LINUX_PIPE_FS_I_H

#include <linux/mutex.h>
#include <linux/types.h>
#include <linux/wait.h>

struct fasync_struct;
struct file;
struct page;
struct user_struct;

#define PIPE_DEF_BUFFERS	16

#define PIPE_BUF_FLAG_PACKET	0x01	/* O_DIRECT: one read takes no more than this */
#define PIPE_BUF_FLAG_CAN_MERGE	0x02	/* a small write may be added */

struct pipe_buffer {
	struct page *page;
	unsigned int offset, len;
	unsigned int flags;
};

/*
 * Locks: [p] mutex   [P] mutex to write, read freely for hints   [i] inode's i_lock
 */
struct pipe_inode_info {
	struct mutex mutex;
	wait_queue_head_t rd_wait, wr_wait;
	unsigned int head;		/* [P] next slot to fill */
	unsigned int tail;		/* [P] next slot to take from */
	unsigned int ring_size;		/* [p] slots, a power of two */
	unsigned int reserved;		/* [P] slots whose buffer splice took and may bring back */
	unsigned int nr_accounted;	/* [p] pages charged to user */
	unsigned int readers;		/* [P] open ends */
	unsigned int writers;		/* [P] */
	unsigned int files;		/* [i] open files, which keep this alive */
	unsigned int r_counter;		/* [P] readers so far: a FIFO's opener waits for change */
	unsigned int w_counter;		/* [P] */
	bool poll_usage;		/* [P] somebody polls: tell of each write */
	struct page *tmp_page[2];	/* [p] spare pages */
	struct fasync_struct *fasync_readers;	/* [p] */
	struct fasync_struct *fasync_writers;	/* [p] */
	struct pipe_buffer *bufs;	/* [p] */
	struct user_struct *user;	/* who is charged */
};

extern unsigned int pipe_max_size;
extern unsigned long pipe_user_pages_soft, pipe_user_pages_hard;
extern const struct file_operations pipefifo_fops;

static inline unsigned int pipe_occupancy(const struct pipe_inode_info *pipe)
{
	return READ_ONCE(pipe->head) - READ_ONCE(pipe->tail);
}

static inline bool pipe_empty(const struct pipe_inode_info *pipe)
{
	return pipe_occupancy(pipe) == 0;
}

static inline bool pipe_full(const struct pipe_inode_info *pipe)
{
	return pipe_occupancy(pipe) + READ_ONCE(pipe->reserved) >= READ_ONCE(pipe->ring_size);
}

static inline struct pipe_buffer *pipe_slot(const struct pipe_inode_info *pipe, unsigned int n)
{
	return &pipe->bufs[n & (pipe->ring_size - 1)];
}

int create_pipe_files(struct file **files, int flags);
/* @file's pipe if it is one, else NULL. */
struct pipe_inode_info *get_pipe_info(struct file *file);
long pipe_fcntl(struct file *file, unsigned int cmd, unsigned int arg);
/* For /proc/sys/fs/pipe-max-size: what @size is rounded to; 0: out of range. */
unsigned int round_pipe_size(unsigned long size);

#endif /* _LINUX_PIPE_FS_I_H */

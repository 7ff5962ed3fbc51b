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
	unsigned int max_usage;		/* [p] slots that may be in use */
	unsigned int nr_accounted;	/* [p] pages charged to user */
	unsigned int readers;		/* [P] open ends */
	unsigned int writers;		/* [P] */
	unsigned int files;		/* [i] open files, which keep this alive */
	unsigned int r_counter;		/* [P] readers so far: a FIFO's opener waits for change */
	unsigned int w_counter;		/* [P] */
	struct page *tmp_page[2];	/* [p] spare pages */
	struct fasync_struct *fasync_readers;	/* [p] */
	struct fasync_struct *fasync_writers;	/* [p] */
	struct pipe_buffer *bufs;	/* [p] */
	struct user_struct *user;	/* who is charged */
};

extern unsigned int pipe_max_size;
extern const struct file_operations pipefifo_fops;

int create_pipe_files(struct file **files, int flags);
struct pipe_inode_info *get_pipe_info(struct file *file);
long pipe_fcntl(struct file *file, unsigned int cmd, unsigned int arg);
int pipe_proc_fn_max_size(unsigned int size);

#endif /* _LINUX_PIPE_FS_I_H */

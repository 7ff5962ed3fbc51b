/* SPDX-License-Identifier: GPL-2.0-only */
/* Between pipe.c, which moves data, pipe_info.c, which sizes rings, and splice.c. */
#ifndef _FS_PIPE_H
#define _FS_PIPE_H

#include <linux/pipe_fs_i.h>

/* Nobody's pipe yet. NULL without memory, ERR_PTR(-ENFILE) over the user's limit. */
struct pipe_inode_info *alloc_pipe_info(void);
void free_pipe_info(struct pipe_inode_info *pipe);
/* A file of @inode's pipe is gone; the last one takes the pipe along. */
void put_pipe_info(struct inode *inode, struct pipe_inode_info *pipe);
int fifo_open(struct inode *inode, struct file *file);
void put_pipe_page(struct pipe_inode_info *pipe, struct page *page);
struct page *get_pipe_page(struct pipe_inode_info *pipe);
void wake_readers(struct pipe_inode_info *pipe);
void wake_writers(struct pipe_inode_info *pipe);
/*
 * Until something can be read (or written). The mutex is held, and dropped while asleep.
 * Return: 0 (also when the other side is gone), -EAGAIN (@nonblock), -ERESTARTSYS.
 */
int pipe_wait_readable(struct pipe_inode_info *pipe, bool nonblock);
int pipe_wait_writable(struct pipe_inode_info *pipe, bool nonblock);

#endif /* _FS_PIPE_H */

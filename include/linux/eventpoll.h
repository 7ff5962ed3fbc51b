/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * epoll's side of a file's end: see fs/eventpoll.c.
 */
#ifndef _LINUX_EVENTPOLL_H_K
#define _LINUX_EVENTPOLL_H_K

#include <linux/fs.h>
#include <linux/list.h>
#include <uapi/linux/eventpoll.h>

void eventpoll_release_file(struct file *file);

/* The last reference to @file is gone: nobody can begin to watch it any more. */
static inline void eventpoll_release(struct file *file)
{
	if (unlikely(!list_empty(&file->f_ep_links)))
		eventpoll_release_file(file);
}

#endif

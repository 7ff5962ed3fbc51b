/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a driver's ->poll() needs: it calls poll_wait() for each wait queue whose
 * wake-up may change its answer, then returns the events that are true now.
 */
#ifndef _LINUX_POLL_H
#define _LINUX_POLL_H

#include <linux/fs.h>
#include <linux/wait.h>
#include <uapi/linux/poll.h>
#include <uapi/linux/eventpoll.h>

#define DEFAULT_POLLMASK	(EPOLLIN | EPOLLOUT | EPOLLRDNORM | EPOLLWRNORM)

struct poll_table_struct;

typedef void (*poll_queue_proc)(struct file *file, wait_queue_head_t *wq,
				struct poll_table_struct *pt);

/* The caller's request; _qproc NULL: do not queue, only answer. Private to the caller. */
typedef struct poll_table_struct {
	poll_queue_proc _qproc;
	__poll_t _key;			/* events of interest */
} poll_table;

/*
 * The caller looks at its state after this. The barrier pairs with wq_has_sleeper(): a waker that
 * does not see us in the queue has changed what we look at.
 */
static inline void poll_wait(struct file *file, wait_queue_head_t *wq, poll_table *pt)
{
	if (pt && pt->_qproc && wq) {
		pt->_qproc(file, wq, pt);
		smp_mb();
	}
}

static inline bool poll_does_not_wait(const poll_table *pt)
{
	return !pt || !pt->_qproc;
}

static inline __poll_t poll_requested_events(const poll_table *pt)
{
	return pt ? pt->_key : ~(__poll_t)0;
}

static inline void init_poll_funcptr(poll_table *pt, poll_queue_proc qproc)
{
	pt->_qproc = qproc;
	pt->_key = ~(__poll_t)0;
}

static inline bool file_can_poll(const struct file *file)
{
	return file->f_op->poll;
}

static inline __poll_t vfs_poll(struct file *file, poll_table *pt)
{
	if (unlikely(!file->f_op->poll))
		return DEFAULT_POLLMASK;
	return file->f_op->poll(file, pt);
}

#endif /* _LINUX_POLL_H */

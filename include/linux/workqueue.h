/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Work items: functions that an interrupt or a lock holder wants run soon, in a kernel thread that
 * may sleep. One queue, one thread a CPU that had work; an item runs on one thread at a time.
 */
#ifndef _LINUX_WORKQUEUE_H
#define _LINUX_WORKQUEUE_H

#include <linux/types.h>
#include <linux/list.h>
#include <linux/hrtimer.h>

struct work_struct;
typedef void (*work_func_t)(struct work_struct *work);

/*
 * Locks: [w] the queue's lock   [o] owner, before it is queued
 */
struct work_struct {
	struct list_head	entry;	/* [w] */
	work_func_t		func;	/* [o] */
	bool			pending; /* [w] queued and not yet taken by a thread */
};

struct delayed_work {
	struct work_struct	work;
	struct hrtimer		timer;
};

#define __WORK_INITIALIZER(n, f) { .entry = LIST_HEAD_INIT((n).entry), .func = (f) }
#define DECLARE_WORK(n, f) struct work_struct n = __WORK_INITIALIZER(n, f)

static inline void INIT_WORK(struct work_struct *work, work_func_t func)
{
	INIT_LIST_HEAD(&work->entry);
	work->func = func;
	work->pending = false;
}

void INIT_DELAYED_WORK(struct delayed_work *dwork, work_func_t func);

#define to_delayed_work(w) container_of(w, struct delayed_work, work)

bool schedule_work(struct work_struct *work);
bool schedule_delayed_work(struct delayed_work *dwork, u64 delay_ns);
void mod_delayed_work(struct delayed_work *dwork, u64 delay_ns);
bool flush_work(struct work_struct *work);
bool cancel_work_sync(struct work_struct *work);
bool cancel_delayed_work_sync(struct delayed_work *dwork);

#endif /* _LINUX_WORKQUEUE_H */

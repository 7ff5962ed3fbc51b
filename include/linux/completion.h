/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Completions: "this has happened" as a counter with sleepers. The wait queue's lock guards the
 * counter. complete() may be called anywhere, interrupts included; the object may be freed as soon
 * as the waiter returns.
 */
#ifndef _LINUX_COMPLETION_H
#define _LINUX_COMPLETION_H

#include <linux/wait.h>

/*
 * Locks: [w] wait.lock
 */
struct completion {
	unsigned int		done;	/* [w] not yet consumed; UINT_MAX after complete_all() */
	struct wait_queue_head	wait;
};

#define COMPLETION_INITIALIZER(work) { 0, __WAIT_QUEUE_HEAD_INITIALIZER((work).wait) }
#define DECLARE_COMPLETION(work) struct completion work = COMPLETION_INITIALIZER(work)
#define DECLARE_COMPLETION_ONSTACK(work) DECLARE_COMPLETION(work)

void init_completion(struct completion *x);
void reinit_completion(struct completion *x);
void complete(struct completion *x);
void complete_all(struct completion *x);
void wait_for_completion(struct completion *x);
int wait_for_completion_interruptible(struct completion *x);
int wait_for_completion_killable(struct completion *x);
long wait_for_completion_timeout(struct completion *x, long ns);
bool try_wait_for_completion(struct completion *x);
bool completion_done(struct completion *x);

#endif /* _LINUX_COMPLETION_H */

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Kernel threads: children of kthreadd (pid 2) that run one function and stop when told.
 */
#ifndef _LINUX_KTHREAD_H
#define _LINUX_KTHREAD_H

#include <linux/err.h>
#include <linux/sched.h>

__printf(3, 4)
struct task_struct *kthread_create(int (*threadfn)(void *data), void *data, const char *namefmt,
				   ...);
void kthread_bind(struct task_struct *k, unsigned int cpu);
int kthread_stop(struct task_struct *k);
bool kthread_should_stop(void);
int kthreadd(void *unused);

#define kthread_run(threadfn, data, namefmt, ...)					\
({											\
	struct task_struct *__k = kthread_create(threadfn, data, namefmt, ##__VA_ARGS__); \
	if (!IS_ERR(__k))								\
		wake_up_process(__k);							\
	__k;										\
})

#endif /* _LINUX_KTHREAD_H */

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Running a program of user space on the kernel's behalf: kernel/umh.c.
 */
#ifndef _LINUX_UMH_H
#define _LINUX_UMH_H

#include <linux/completion.h>
#include <linux/refcount.h>

/*
 * One run, embedded in what its user needs for it. Who asked may be killed meanwhile: the last of
 * the two to leave frees it. Locks: none; the completions order what the helper writes.
 */
struct umh_call {
	refcount_t users;
	const char *name;		/* of its parent, a kernel thread */
	const char *path;
	const char *const *argv;	/* NULL-terminated */
	int (*init)(struct umh_call *call);	/* in the helper, before it execs; or NULL */
	void (*free)(struct umh_call *call);	/* at the last umh_put() */
	struct completion started;	/* it runs, or never will: error */
	struct completion ended;
	int error;			/* 0, or why it could not be started */
};

void umh_prepare(struct umh_call *call);
int umh_start(struct umh_call *call);
int umh_wait(struct umh_call *call);
void umh_put(struct umh_call *call);

#endif /* _LINUX_UMH_H */

/* SPDX-License-Identifier: GPL-2.0-only */
/* Descriptors that name a process: pidfd_open(2), CLONE_PIDFD. Owner: kernel/pidfd.c. */
#ifndef _LINUX_PIDFD_H_K
#define _LINUX_PIDFD_H_K

#include <linux/types.h>

struct file;
struct fork_ctx;
struct pid;
struct task_struct;

/* The pid that @file names, borrowed from it, or ERR_PTR(-EBADF). */
struct pid *pidfd_pid(const struct file *file);
/* With a reference, or ERR_PTR(-EBADF); @flags, if given, gets the file's f_flags. */
struct pid *pidfd_get_pid(unsigned int fd, unsigned int *flags);
/* The process itself, with a reference, or ERR_PTR(-EBADF, -ESRCH). */
struct task_struct *pidfd_get_task(unsigned int fd);
/* A new descriptor for @pid; @flags: O_NONBLOCK or 0. */
int pidfd_create(struct pid *pid, unsigned int flags);

/* CLONE_PIDFD: reserve while fork may fail, then install or give back (kernel/fork.c). */
int pidfd_reserve(struct fork_ctx *fc);
void pidfd_install(struct fork_ctx *fc);
void pidfd_unreserve(struct fork_ctx *fc);

/* Somebody's poll may have a new answer. Context: tasklist_lock. */
void pidfd_notify(struct task_struct *tsk);

#endif

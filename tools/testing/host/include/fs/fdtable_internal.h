/* SPDX-License-Identifier: GPL-2.0-only */
/* fs/file.c's surroundings on the host: tasks, files and waiting reduced to what it uses. */
#ifndef _HOST_FDTABLE_INTERNAL_H
#define _HOST_FDTABLE_INTERNAL_H

/* in place of the real headers */
#define _LINUX_SCHED_H_K
#define _LINUX_WAIT_H_K
#define _LINUX_PREEMPT_H

#include <host.h>
#include <linux/atomic.h>
#include <linux/bitops.h>
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/log2.h>
#include <linux/rcupdate.h>
#include <linux/refcount.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <uapi/linux/close_range.h>
#include <uapi/linux/fcntl.h>
#include <uapi/linux/resource.h>

#define __init
#ifndef put_user
# define put_user(x, ptr) __extension__ ({ __typeof__(*(ptr)) __pu = (x);	\
	copy_to_user(ptr, &__pu, sizeof(__pu)) ? -EFAULT : 0; })
#endif
#define cond_resched()		do { } while (0)
#define might_sleep()		do { } while (0)

typedef struct {
	int unused;
} wait_queue_head_t;

#define __WAIT_QUEUE_HEAD_INITIALIZER(name)	{ 0 }
#define init_waitqueue_head(wq)			((wq)->unused = 0)
#define wake_up_all(wq)				do { } while (0)
#define wait_event(wq, cond)			do { } while (!(cond))

struct mutex {
	int unused;
};

#define mutex_lock(m)		((m)->unused++)
#define mutex_unlock(m)		((m)->unused--)

struct files_struct;

struct task_struct {
	struct files_struct *files;
	spinlock_t alloc_lock;
};

extern __thread struct task_struct *host_current;
#define current			host_current
#define task_lock(tsk)		spin_lock(&(tsk)->alloc_lock)
#define task_unlock(tsk)	spin_unlock(&(tsk)->alloc_lock)

extern unsigned long host_nofile;
#define rlimit(which)		host_nofile

struct fork_ctx {
	struct task_struct *parent, *child;
};

#define FMODE_PATH		0x1000
#define FMODE_ATOMIC_POS	0x0040

typedef void *fl_owner_t;

struct file {
	atomic_long_t f_count;
	fmode_t f_mode;
	struct mutex f_pos_lock;
};

static inline struct file *get_file(struct file *file)
{
	atomic_long_inc(&file->f_count);
	return file;
}

#define get_file_rcu(f)		atomic64_inc_not_zero(&(f)->f_count)
#define file_count(f)		atomic_long_read(&(f)->f_count)

int filp_close(struct file *file, fl_owner_t id);

#include <linux/fdtable.h>
#include <linux/file.h>

int ksys_dup3(unsigned int oldfd, unsigned int newfd, unsigned int flags);
void fdtable_init(void);

#endif

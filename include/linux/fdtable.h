/* SPDX-License-Identifier: GPL-2.0-only */
/* Descriptor tables; the "files" row of fork (fs/file.c). */
#ifndef _LINUX_FDTABLE_H
#define _LINUX_FDTABLE_H

#include <linux/atomic.h>
#include <linux/bitmap.h>
#include <linux/rcupdate.h>
#include <linux/refcount.h>
#include <linux/sched.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/wait.h>

struct file;
struct fork_ctx;

#define NR_OPEN_DEFAULT		64	/* descriptors inside files_struct itself */

/*
 * One generation of a table; growing makes a bigger one and frees this after RCU.
 * Locks: [I] immutable   [f] files->file_lock to write, RCU to read
 */
struct fdtable {
	unsigned int max_fds;			/* [I] a multiple of BITS_PER_LONG */
	struct file __rcu **fd;			/* [f] */
	unsigned long *close_on_exec;		/* [f] */
	unsigned long *open_fds;		/* [f] includes reserved, not yet installed */
	unsigned long *full_fds_bits;		/* [f] a bit a word of open_fds: all taken */
	struct rcu_head rcu;
};

/*
 * Locks: [a] atomic   [f] file_lock to write, RCU to read   [l] file_lock
 */
struct files_struct {
	refcount_t count;			/* [a] tasks, plus lookers by /proc */
	bool resize_in_progress;		/* [l] */
	wait_queue_head_t resize_wait;
	struct fdtable __rcu *fdt;		/* [f] */
	struct fdtable fdtab;			/* the first generation */
	spinlock_t file_lock;
	unsigned int next_fd;			/* [l] nothing free below */
	unsigned long close_on_exec_init[1];
	unsigned long open_fds_init[1];
	unsigned long full_fds_bits_init[1];
	struct file __rcu *fd_array[NR_OPEN_DEFAULT];
};

extern struct files_struct init_files;
extern unsigned int sysctl_nr_open;
extern unsigned int sysctl_nr_open_min, sysctl_nr_open_max;

#define files_fdtable(files)	rcu_dereference((files)->fdt)

static inline bool close_on_exec(unsigned int fd, const struct fdtable *fdt)
{
	return test_bit(fd, fdt->close_on_exec);
}

static inline bool fd_is_open(unsigned int fd, const struct fdtable *fdt)
{
	return test_bit(fd, fdt->open_fds);
}

/* Caller: rcu_read_lock(); the answer is only a hint unless get_file_rcu() succeeds on it. */
static inline struct file *files_lookup_fd_rcu(struct files_struct *files, unsigned int fd)
{
	struct fdtable *fdt = rcu_dereference(files->fdt);

	return fd < fdt->max_fds ? rcu_dereference(fdt->fd[fd]) : NULL;
}

void put_files_struct(struct files_struct *files);
int unshare_files(void);
struct files_struct *get_files_struct(struct task_struct *tsk);
void do_close_on_exec(struct files_struct *files);
/* call @fn for each open file until it answers non-zero; @fn runs under file_lock */
int iterate_fd(struct files_struct *files, unsigned int n,
	       int (*fn)(const void *p, struct file *file, unsigned int fd), const void *p);
/* the next open file of @tsk at *@ret_fd or above, with a reference; NULL at the end */
struct file *task_lookup_next_fd(struct task_struct *tsk, unsigned int *ret_fd);
struct file *fget_task(struct task_struct *tsk, unsigned int fd);
int close_fd(unsigned int fd);
int __close_range(unsigned int fd, unsigned int max_fd, unsigned int flags);

int copy_files(struct fork_ctx *fc);
int share_files(struct fork_ctx *fc);
void exit_files(struct task_struct *tsk);

#endif /* _LINUX_FDTABLE_H */

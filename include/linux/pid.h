/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * struct pid: a number that outlives the task it named. Tasks hang on it by use (thread, thread
 * group, process group, session). Reference counted; lookups are under RCU; links change under
 * tasklist_lock. Owner: kernel/pid.c.
 */
#ifndef _LINUX_PID_H
#define _LINUX_PID_H

#include <linux/list.h>
#include <linux/refcount.h>
#include <linux/rcupdate.h>
#include <linux/spinlock.h>
#include <linux/wait.h>

enum pid_type {
	PIDTYPE_PID,
	PIDTYPE_TGID,
	PIDTYPE_PGID,
	PIDTYPE_SID,
	PIDTYPE_MAX
};

#define RESERVED_PIDS	300		/* the numbers below stay free after the first turn */
#define PID_MAX_DEFAULT	32768
#define PID_MAX_LIMIT	4194304		/* as on 64-bit Linux */

/*
 * Locks: [I] immutable   [r] RCU to read, [T] tasklist_lock to write   [R] reference count
 */
struct pid {
	refcount_t count;			/* [R] */
	int nr;					/* [I] */
	struct hlist_node hash_node;		/* [r] of the numbers in use; kernel/pid.c */
	struct hlist_head tasks[PIDTYPE_MAX];	/* [r] task_struct.pid_links[type] */
	wait_queue_head_t wait_pidfd;		/* pollers of a pidfd, woken at exit */
	struct rcu_head rcu;
};

struct task_struct;

extern struct pid init_struct_pid;

struct pid *alloc_pid(const pid_t *set_tid, size_t set_tid_size);
void free_pid(struct pid *pid);
void put_pid(struct pid *pid);
struct pid *find_pid(int nr);
struct pid *find_get_pid(int nr);
struct pid *get_task_pid(struct task_struct *tsk, enum pid_type type);
struct task_struct *pid_task(struct pid *pid, enum pid_type type);
struct task_struct *get_pid_task(struct pid *pid, enum pid_type type);
struct task_struct *find_task_by_pid(int nr);
struct task_struct *find_get_task_by_pid(int nr);
struct pid *find_ge_pid(int nr);
void attach_pid(struct task_struct *tsk, enum pid_type type);
void detach_pid(struct task_struct *tsk, enum pid_type type);
void change_pid(struct task_struct *tsk, enum pid_type type, struct pid *pid);
void exchange_tids(struct task_struct *a, struct task_struct *b);
int pid_last_allocated(void);
void pid_init(void);

extern int pid_max;

#define find_vpid(nr)		find_pid(nr)
#define find_task_by_vpid(nr)	find_task_by_pid(nr)

static inline struct pid *get_pid(struct pid *pid)
{
	if (pid)
		refcount_inc(&pid->count);
	return pid;
}

static inline int pid_nr(const struct pid *pid)
{
	return pid ? pid->nr : 0;
}
#define pid_vnr(pid)		pid_nr(pid)

/* Every task on @pid's list of @type. Context: rcu_read_lock or tasklist_lock. */
#define do_each_pid_task(pid, type, task) do {					\
	if (pid)								\
		hlist_for_each_entry_rcu(task, &(pid)->tasks[type], pid_links[type]) {
#define while_each_pid_task(pid, type, task)					\
		}								\
} while (0)

#endif

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

struct pid_namespace;

/* A number in one namespace. Locks: as struct pid */
struct upid {
	int nr;					/* [I] */
	struct pid_namespace *ns;		/* [I] the deepest holds a reference */
	struct hlist_node hash_node;		/* [r] of the numbers in use; kernel/pid.c */
};

/*
 * Locks: [I] immutable   [r] RCU to read, [T] tasklist_lock to write   [R] reference count
 */
struct pid {
	refcount_t count;			/* [R] */
	unsigned int level;			/* [I] how deep the namespace it was made in is */
	struct hlist_head tasks[PIDTYPE_MAX];	/* [r] task_struct.pid_links[type] */
	wait_queue_head_t wait_pidfd;		/* pollers of a pidfd, woken at exit */
	struct rcu_head rcu;
	struct upid numbers[];			/* [I] one for each level, the first first */
};

struct task_struct;

extern struct pid init_struct_pid;
extern struct pid_namespace init_pid_ns;

struct pid *alloc_pid(struct pid_namespace *ns, const pid_t *set_tid, size_t set_tid_size);
void free_pid(struct pid *pid);
void put_pid(struct pid *pid);
struct pid *find_pid_ns(int nr, struct pid_namespace *ns);
struct pid *find_vpid(int nr);
struct pid *find_get_pid(int nr);
struct pid *get_task_pid(struct task_struct *tsk, enum pid_type type);
struct task_struct *pid_task(struct pid *pid, enum pid_type type);
struct task_struct *get_pid_task(struct pid *pid, enum pid_type type);
struct task_struct *find_task_by_pid_ns(int nr, struct pid_namespace *ns);
struct task_struct *find_task_by_vpid(int nr);
struct task_struct *find_get_task_by_pid_ns(int nr, struct pid_namespace *ns);
struct pid *find_get_pid_ns(int nr, struct pid_namespace *ns);
struct pid *find_ge_pid(int nr, struct pid_namespace *ns);
void attach_pid(struct task_struct *tsk, enum pid_type type);
void detach_pid(struct task_struct *tsk, enum pid_type type);
void change_pid(struct task_struct *tsk, enum pid_type type, struct pid *pid);
void exchange_tids(struct task_struct *a, struct task_struct *b);
int pid_last_allocated(struct pid_namespace *ns);
void pid_set_last_allocated(struct pid_namespace *ns, int nr);
/* What the death of an init needs: no new numbers, and whether only @own are left. */
void pid_ns_set_dying(struct pid_namespace *ns);
bool pid_ns_is_empty(struct pid_namespace *ns, unsigned int own);
void pid_init(void);

extern int pid_max;

static inline struct pid *get_pid(struct pid *pid)
{
	if (pid)
		refcount_inc(&pid->count);
	return pid;
}

static inline int pid_nr(const struct pid *pid)
{
	return pid ? pid->numbers[0].nr : 0;
}

/* As a namespace sees it: 0 when it does not. */
int pid_nr_ns(const struct pid *pid, const struct pid_namespace *ns);
/* As current sees it. */
int pid_vnr(const struct pid *pid);

static inline struct pid_namespace *ns_of_pid(const struct pid *pid)
{
	return pid ? pid->numbers[pid->level].ns : NULL;
}

/* Does it name the init of its namespace? */
static inline bool is_child_reaper(const struct pid *pid)
{
	return pid->numbers[pid->level].nr == 1;
}

/* Every task on @pid's list of @type. Context: rcu_read_lock or tasklist_lock. */
#define do_each_pid_task(pid, type, task) do {					\
	if (pid)								\
		hlist_for_each_entry_rcu(task, &(pid)->tasks[type], pid_links[type]) {
#define while_each_pid_task(pid, type, task)					\
		}								\
} while (0)

#endif

/* SPDX-License-Identifier: GPL-2.0-only */
/* What cgroup.c (groups and their tasks) and cgroupfs.c (their files) share. */
#ifndef _KERNEL_CGROUP_INTERNAL_H
#define _KERNEL_CGROUP_INTERNAL_H

#include <linux/atomic.h>
#include <linux/cgroup.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/refcount.h>
#include <linux/spinlock.h>
#include <linux/wait.h>

#define CONTROL_PIDS	0x1	/* the controllers that there are */
#define CONTROL_ALL	CONTROL_PIDS
#define NO_LIMIT	(-1L)

/*
 * Locks: [I] immutable   [a] atomic   [C] cgroup_mutex   [L] cgroup_lock
 */
struct cgroup {
	refcount_t refs;		/* [a] its directory, its tasks, its children, open files */
	struct cgroup *parent;		/* [I] holds a reference; NULL: the root */
	char *name;			/* [I] */
	struct list_head children;	/* [C] */
	struct list_head sibling;	/* [C] */
	unsigned int depth;		/* [I] */
	unsigned int descendants;	/* [C] */
	unsigned int control;		/* [C] controllers handed to the children */
	long max_depth, max_descendants;	/* [C] NO_LIMIT */
	bool dead;			/* [C L] its directory is gone */
	unsigned int tasks;		/* [L] that run in it, in the root nobody counts */
	unsigned int populated;		/* [L] 1 for own tasks and one for each populated child */
	u64 event;			/* [L] changes of "populated" */
	wait_queue_head_t poll;		/* cgroup.events */
	atomic_long_t pids;		/* [a] charged here and below, zombies included */
	long pids_max;			/* [C] NO_LIMIT */
	atomic_long_t pids_failed;	/* [a] forks that were refused by this limit */
};

extern struct cgroup root_cgroup;
extern struct mutex cgroup_mutex;

void put_cgroup(struct cgroup *cg);
struct cgroup *make_cgroup(struct cgroup *parent, const char *name);
int kill_cgroup_dir(struct cgroup *cg);
int move_process(struct cgroup *to, struct task_struct *tsk);
void signal_cgroup(struct cgroup *cg);
bool has_tasks(struct cgroup *cg);
bool in_cgroup(const struct task_struct *tsk, const struct cgroup *cg);

static inline struct cgroup *get_cgroup(struct cgroup *cg)
{
	refcount_inc(&cg->refs);
	return cg;
}

/* Is the pids controller at work in it? */
static inline bool pids_enabled(const struct cgroup *cg)
{
	return cg->parent && (cg->parent->control & CONTROL_PIDS);
}

#endif /* _KERNEL_CGROUP_INTERNAL_H */

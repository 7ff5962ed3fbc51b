/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the files of kernel/cgroup share: groups, hierarchies of them, and the set of groups that a
 * task is in. cgroup_mutex guards the trees, cgroup_lock (taken inside tasklist_lock and siglock;
 * wake-ups happen under it) a task's set and the counts of tasks.
 */
#ifndef _KERNEL_CGROUP_INTERNAL_H
#define _KERNEL_CGROUP_INTERNAL_H

#include <linux/atomic.h>
#include <linux/cgroup.h>
#include <linux/cpumask.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/refcount.h>
#include <linux/spinlock.h>
#include <linux/wait.h>

struct cred;
struct dentry;
struct inode;
struct super_block;

/* The controllers there are, in the order in which Linux lists them. */
enum { CONTROLLER_CPUSET, CONTROLLER_FREEZER, CONTROLLER_PIDS, NR_CONTROLLERS };
#define CONTROL_CPUSET	(1u << CONTROLLER_CPUSET)
#define CONTROL_FREEZER	(1u << CONTROLLER_FREEZER)
#define CONTROL_PIDS	(1u << CONTROLLER_PIDS)
#define CONTROL_ALL	(CONTROL_CPUSET | CONTROL_FREEZER | CONTROL_PIDS)
#define CONTROL_V2	(CONTROL_CPUSET | CONTROL_PIDS)	/* cgroup2 freezes without one */

#define NO_LIMIT	(-1L)

/* hierarchy.flags, and what a mount asks for */
#define HIERARCHY_NOPREFIX	0x1	/* files have no "cpuset." before their names */
#define HIERARCHY_XATTR		0x2	/* accepted, and shown */
#define HIERARCHY_CPUSET_V2	0x4	/* cpuset_v2_mode: masks as in cgroup2 */

/* cpuset.flags */
#define CS_CPU_EXCLUSIVE	0x01
#define CS_MEM_EXCLUSIVE	0x02
#define CS_MEM_HARDWALL		0x04
#define CS_MEMORY_MIGRATE	0x08
#define CS_SCHED_LOAD_BALANCE	0x10
#define CS_SPREAD_PAGE		0x20
#define CS_SPREAD_SLAB		0x40

/* What the cpuset controller keeps in each group. Locks as in struct cgroup. */
struct cpuset {
	struct cpumask cpus;		/* [C] as written */
	struct cpumask effective_cpus;	/* [C L] what its tasks may use */
	unsigned long mems;		/* [C] nodes as written */
	unsigned long effective_mems;	/* [C] */
	unsigned int flags;		/* [C] CS_* */
};

/*
 * Locks: [I] immutable   [a] atomic   [C] cgroup_mutex   [L] cgroup_lock; both: either to read
 */
struct cgroup {
	refcount_t refs;		/* [a] its directory, its sets, its children, open files */
	struct hierarchy *hier;		/* [I] */
	struct cgroup *parent;		/* [I] holds a reference; NULL: the root */
	char *name;			/* [C] */
	struct list_head children;	/* [C] */
	struct list_head sibling;	/* [C] */
	unsigned int depth;		/* [I] */
	unsigned int descendants;	/* [C L] */
	unsigned int control;		/* [C] cgroup2: controllers handed to the children */
	long max_depth, max_descendants;	/* [C] NO_LIMIT */
	bool dead;			/* [C L] its directory is gone */
	bool threaded;			/* [C] cgroup2: threads of a process above are in it */
	bool notify_on_release;		/* [C] */
	bool clone_children;		/* [C] new children's cpusets begin as copies */
	unsigned int tasks;		/* [L] that run in it; in the root nobody counts */
	unsigned long kills;		/* [L] writes to its cgroup.kill */
	unsigned int populated;		/* [L] 1 for own tasks and one for each populated child */

	bool freeze;			/* [C] asked for here */
	unsigned int freezing;		/* [C L] groups that ask for it, from here to the root */
	unsigned int frozen_tasks;	/* [L] of tasks */
	unsigned int frozen_below;	/* [L] of descendants */
	bool frozen;			/* [L] it and everything below */

	u64 event;			/* [L] changes of populated and frozen */
	wait_queue_head_t poll;		/* cgroup.events */
	struct list_head notify;	/* [L] it waits to have its watchers told */
	struct dentry *events_file;	/* [C] NULL: none, or the directory is gone */
	struct inode *procs_file;	/* [C] likewise: who may move processes */
	struct list_head release;	/* [L] it waits for the release agent */

	atomic_long_t pids;		/* [a] charged here and below, zombies included */
	long pids_peak;			/* most that there were; exact but for races of forks */
	long pids_max;			/* [C] NO_LIMIT */
	atomic_long_t pids_failed;	/* [a] forks from here that a limit refused */
	struct cpuset cpuset;
};

/* A tree of groups with the controllers that act in it. Locks as above. */
struct hierarchy {
	struct cgroup root;		/* its last reference frees the hierarchy */
	struct list_head list;		/* [C] hierarchies, newest first */
	int id;				/* [I] 0: cgroup2 */
	unsigned int controllers;	/* [C] */
	unsigned int flags;		/* [I] HIERARCHY_* */
	char *name;			/* [I] NULL: none */
	char *release_agent;		/* [C] NULL: none */
	unsigned int users;		/* [C] its super block, and mounts on their way */
};

/*
 * The groups of a task that are no roots, one at most of a hierarchy. It never changes: a task
 * that moves gets another. Found under RCU; holds a reference to each group.
 */
struct css_set {
	refcount_t refs;
	struct rcu_head rcu;
	unsigned int nr;
	struct cgroup *at[];
};

extern struct hierarchy default_hierarchy;	/* cgroup2's */
extern struct list_head hierarchies;
extern struct hierarchy *controller_home[NR_CONTROLLERS];	/* [C L] where each acts */
extern struct mutex cgroup_mutex;
extern spinlock_t cgroup_lock;

static inline bool is_v2(const struct cgroup *cg)
{
	return cg->hier == &default_hierarchy;
}

static inline struct cgroup *get_cgroup(struct cgroup *cg)
{
	refcount_inc(&cg->refs);
	return cg;
}

/* cgroup.c: groups */
void put_cgroup(struct cgroup *cg);
void init_cgroup(struct cgroup *cg, struct hierarchy *hier);
struct cgroup *make_cgroup(struct cgroup *parent, const char *name);
int kill_cgroup_dir(struct cgroup *cg);
bool is_below(const struct cgroup *cg, const struct cgroup *above);
struct cgroup *next_descendant(struct cgroup *cg, const struct cgroup *top);
void add_task(struct cgroup *cg);
void remove_task(struct cgroup *cg);
void update_frozen(struct cgroup *cg);
void tell_events(struct cgroup *cg);
void show_cgroup_path(struct seq_file *m, const struct cgroup *cg);

#define for_each_descendant(cg, top)						\
	for ((cg) = (top); (cg); (cg) = next_descendant(cg, top))

/* set.c: sets, and moving tasks */
struct cgroup *cgroup_in(const struct css_set *set, struct hierarchy *hier);
struct css_set *get_task_set(struct task_struct *tsk);
void put_set(struct css_set *set);
bool in_cgroup(const struct task_struct *tsk, const struct cgroup *cg);
bool is_in_tree(const struct task_struct *tsk, const struct cgroup *top);
int move_tasks(struct cgroup *to, struct task_struct *tsk, bool whole_process);
void signal_cgroup(struct cgroup *cg);

/* pids.c */
void charge_pid(struct cgroup *cg, long by);
int try_charge_pid(struct cgroup *cg);
void reset_pids(struct cgroup *cg);

/* freezer.c */
void set_freeze(struct cgroup *cg, bool freeze);
void refreeze_task(struct task_struct *tsk);

/* cpuset.c */
void init_cpuset(struct cgroup *cg);
void reset_cpuset(struct cgroup *cg);
int cpuset_may_enter(const struct cgroup *to);
void cpuset_apply(struct cgroup *top);
void cpuset_apply_to_process(struct task_struct *tsk);
void cpuset_publish(struct task_struct *child);
void update_effective(struct cgroup *top);
const struct cgroup *cpuset_cgroup(const struct css_set *set);
bool cpuset_follows_v2(const struct cgroup *cg);

/* control.c: which controllers act where; cgroup2's threaded groups */
extern const char *const controller_names[NR_CONTROLLERS];
bool control_enabled(const struct cgroup *cg, unsigned int control);
unsigned int enabled_controls(const struct cgroup *cg);
int change_control(struct cgroup *cg, unsigned int on, unsigned int off);
bool is_thread_root(const struct cgroup *cg);
bool is_valid_domain(const struct cgroup *cg);
const struct cgroup *domain_of(const struct cgroup *cg);
int make_threaded(struct cgroup *cg);
int check_destination(const struct cgroup *to);

/* hierarchy.c: mounts */
int bind_controllers(struct hierarchy *hier, unsigned int wanted);

/* release.c */
void check_release(struct cgroup *cg);

/*
 * A file of a group's directory. text is without white space around it; opener is who opened the
 * file. Context of write: may sleep, no lock held.
 */
struct cgroup_file {
	const char *name;
	unsigned int flags;
	int (*show)(struct seq_file *m, struct cgroup *cg);
	int (*write)(struct cgroup *cg, char *text, const struct cred *opener);
};

#define FILE_IN_ROOT	0x1	/* the root has it too */
#define FILE_ONLY_ROOT	0x2	/* and nobody else */
#define FILE_V1		0x4	/* in hierarchies of version 1; */
#define FILE_V2		0x8	/* in cgroup2; neither bit: in both */

/* The files of the core (control 0) and of each controller. */
struct cgroup_file_table {
	unsigned int control;
	unsigned int nr;
	const struct cgroup_file *files;
};

extern const struct cgroup_file_table core_file_table, v1_file_table, freeze_file_table,
	pids_file_table,
	freezer_file_table, cpuset_file_table;

int cgroup_fill_dir(struct dentry *dentry, struct cgroup *cg, unsigned int controls, bool core);
void cgroup_remove_files(struct dentry *dir, struct cgroup *cg, unsigned int controls, bool core);


#endif /* _KERNEL_CGROUP_INTERNAL_H */

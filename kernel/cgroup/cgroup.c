// SPDX-License-Identifier: GPL-2.0-only
/*
 * Control groups: the tree, the processes in it, and what is charged for them (cgroups(7)).
 * cgroup_mutex guards the tree, cgroup_lock (a leaf) a task's place and the counts of tasks.
 * A task of the root has task_struct.cgroup NULL, and costs nothing.
 */
#include <linux/cgroup.h>
#include <linux/cred.h>
#include <linux/err.h>
#include <linux/file.h>
#include <linux/fork.h>
#include <linux/fs.h>
#include <linux/poll.h>
#include <linux/sched.h>
#include <linux/seq_file.h>
#include <linux/signal.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "internal.h"

DEFINE_MUTEX(cgroup_mutex);
static DEFINE_SPINLOCK(cgroup_lock);

struct cgroup root_cgroup = {
	.refs = REFCOUNT_INIT(1),
	.children = LIST_HEAD_INIT(root_cgroup.children),
	.sibling = LIST_HEAD_INIT(root_cgroup.sibling),
	.name = "",
	.max_depth = NO_LIMIT,
	.max_descendants = NO_LIMIT,
	.pids_max = NO_LIMIT,
	.poll = __WAIT_QUEUE_HEAD_INITIALIZER(root_cgroup.poll),
};

/* ---- life of a group ---- */

void put_cgroup(struct cgroup *cg)
{
	struct cgroup *parent;

	for (; cg && refcount_dec_and_test(&cg->refs); cg = parent) {
		parent = cg->parent;
		kfree(cg->name);
		kfree(cg);
	}
}

/* May @parent have one more below it? cgroup_mutex is held. Return: 0 or -EAGAIN. */
static int check_limits(const struct cgroup *parent)
{
	const struct cgroup *cg;
	unsigned int level = 1;

	for (cg = parent; cg; cg = cg->parent, level++) {
		if (cg->max_depth != NO_LIMIT && level > cg->max_depth)
			return -EAGAIN;
		if (cg->max_descendants != NO_LIMIT && cg->descendants >= cg->max_descendants)
			return -EAGAIN;
	}
	return 0;
}

static void count_descendant(struct cgroup *cg, int by)
{
	while ((cg = cg->parent))
		cg->descendants += by;
}

/* cgroup_mutex is held. Return: it, or ERR_PTR(-ENODEV, -EAGAIN, -ENOMEM). */
struct cgroup *make_cgroup(struct cgroup *parent, const char *name)
{
	struct cgroup *cg;
	int err = parent->dead ? -ENODEV : check_limits(parent);

	if (err)
		return ERR_PTR(err);
	cg = kzalloc(sizeof(*cg), GFP_KERNEL);
	if (!cg)
		return ERR_PTR(-ENOMEM);
	cg->name = kstrdup(name, GFP_KERNEL);
	if (!cg->name) {
		kfree(cg);
		return ERR_PTR(-ENOMEM);
	}
	refcount_set(&cg->refs, 1);
	cg->parent = get_cgroup(parent);
	cg->depth = parent->depth + 1;
	cg->max_depth = cg->max_descendants = cg->pids_max = NO_LIMIT;
	INIT_LIST_HEAD(&cg->children);
	init_waitqueue_head(&cg->poll);
	list_add_tail(&cg->sibling, &parent->children);
	count_descendant(cg, 1);
	return cg;
}

/* rmdir: no task may enter from now on. cgroup_mutex is held. Return: 0 or -EBUSY. */
int kill_cgroup_dir(struct cgroup *cg)
{
	unsigned long flags;
	int err = 0;

	if (!list_empty(&cg->children))
		return -EBUSY;
	spin_lock_irqsave(&cgroup_lock, flags);
	if (cg->tasks)
		err = -EBUSY;
	else
		cg->dead = true;
	spin_unlock_irqrestore(&cgroup_lock, flags);
	if (err)
		return err;
	list_del_init(&cg->sibling);
	count_descendant(cg, -1);
	return 0;
}

/* ---- populated: cgroup_lock is held ---- */

static void populate(struct cgroup *cg, int by)
{
	for (; cg; cg = cg->parent) {
		unsigned int before = cg->populated;

		cg->populated += by;
		if (!before == !cg->populated)
			return;
		cg->event++;
		wake_up_interruptible_poll(&cg->poll, EPOLLERR | EPOLLPRI);
	}
}

static void add_task(struct cgroup *cg)
{
	if (cg->tasks++ == 0)
		populate(cg, 1);
}

static void remove_task(struct cgroup *cg)
{
	if (--cg->tasks == 0)
		populate(cg, -1);
}

/* ---- the pids controller ---- */

static void charge_pid(struct cgroup *cg, long by)
{
	for (; cg && cg->parent; cg = cg->parent)
		atomic_long_add(by, &cg->pids);
}

/* Charge, then compare: two forks cannot share the last place. Return: 0 or -EAGAIN. */
static int try_charge_pid(struct cgroup *cg)
{
	struct cgroup *p, *q;

	for (p = cg; p->parent; p = p->parent) {
		long max = pids_enabled(p) ? READ_ONCE(p->pids_max) : NO_LIMIT;

		if (atomic_long_add_return(1, &p->pids) <= max || max == NO_LIMIT)
			continue;
		atomic_long_inc(&p->pids_failed);
		for (q = cg; q != p->parent; q = q->parent)
			atomic_long_dec(&q->pids);
		return -EAGAIN;
	}
	return 0;
}

/* ---- the row of fork ---- */

/* CLONE_INTO_CGROUP: may the child begin there? Return: the group with a reference, or ERR_PTR. */
static struct cgroup *named_cgroup(int fd)
{
	struct fd f = fdget_raw(fd);
	struct cgroup *cg;

	if (!f.file)
		return ERR_PTR(-EBADF);
	cg = cgroup_of_dir(f.file);
	if (!IS_ERR(cg) && inode_permission(file_inode(f.file), MAY_WRITE)) {
		put_cgroup(cg);
		cg = ERR_PTR(-EACCES);
	} else if (!IS_ERR(cg) && cg->parent && READ_ONCE(cg->control)) {
		/* processes live in leaves */
		put_cgroup(cg);
		cg = ERR_PTR(-EBUSY);
	}
	fdput(f);
	return cg;
}

static struct cgroup *cgroup_for(struct fork_ctx *fc)
{
	struct cgroup *cg;
	unsigned long flags;

	if (fc->flags & CLONE_INTO_CGROUP)
		return named_cgroup(fc->args->cgroup);
	spin_lock_irqsave(&cgroup_lock, flags);
	cg = get_cgroup(fc->parent->cgroup ?: &root_cgroup);
	spin_unlock_irqrestore(&cgroup_lock, flags);
	return cg;
}

/* @cg's reference becomes @tsk's. Return: 0 or -ENODEV. */
static int enter_cgroup(struct task_struct *tsk, struct cgroup *cg)
{
	unsigned long flags;
	int err = 0;

	spin_lock_irqsave(&cgroup_lock, flags);
	if (cg->dead) {
		err = -ENODEV;
	} else {
		add_task(cg);
		tsk->cgroup = cg;
		tsk->cgroup_runs = true;
	}
	spin_unlock_irqrestore(&cgroup_lock, flags);
	return err;
}

int copy_cgroup(struct fork_ctx *fc)
{
	struct cgroup *cg;
	int err;

	if (likely(!fc->parent->cgroup && !(fc->flags & CLONE_INTO_CGROUP)))
		return 0;
	cg = cgroup_for(fc);
	if (IS_ERR(cg))
		return PTR_ERR(cg);
	if (cg == &root_cgroup) {
		put_cgroup(cg);
		return 0;
	}
	err = try_charge_pid(cg);
	if (!err) {
		err = enter_cgroup(fc->child, cg);
		if (err)
			charge_pid(cg, -1);
	}
	if (err)
		put_cgroup(cg);
	return err;
}

/* It counts as running no more; a zombie neither keeps a group from rmdir nor populates it. */
void __cgroup_leave(struct task_struct *tsk)
{
	unsigned long flags;

	spin_lock_irqsave(&cgroup_lock, flags);
	if (tsk->cgroup && tsk->cgroup_runs) {
		tsk->cgroup_runs = false;
		remove_task(tsk->cgroup);
	}
	spin_unlock_irqrestore(&cgroup_lock, flags);
}

void exit_cgroup(struct task_struct *tsk)
{
	struct cgroup *cg = tsk->cgroup;

	if (likely(!cg))
		return;
	__cgroup_leave(tsk);
	charge_pid(cg, -1);
	tsk->cgroup = NULL;
	put_cgroup(cg);
}

/* ---- moving ---- */

/* Put one task elsewhere; limits are for forks only. Returns the group whose reference is free. */
static struct cgroup *move_task(struct task_struct *tsk, struct cgroup *to)
{
	struct cgroup *from = tsk->cgroup, *place = to == &root_cgroup ? NULL : to;

	if (from == place || tsk->exit_state)
		return NULL;
	if (from && tsk->cgroup_runs)
		remove_task(from);
	charge_pid(from, -1);
	tsk->cgroup_runs = place && !(tsk->flags & PF_EXITING);
	if (tsk->cgroup_runs)
		add_task(to);
	charge_pid(place, 1);
	tsk->cgroup = place ? get_cgroup(place) : NULL;
	return from;
}

/* All threads of @tsk's process, at once. cgroup_mutex is held. Return: 0 or -ENODEV. */
int move_process(struct cgroup *to, struct task_struct *tsk)
{
	struct cgroup *left;
	struct task_struct *t;
	int err = 0;

	write_lock_irq(&tasklist_lock);
	spin_lock(&cgroup_lock);
	if (to->dead)
		err = -ENODEV;
	else if (!tsk->exit_state || !thread_group_empty(tsk)) {
		for_each_thread(tsk, t) {
			left = move_task(t, to);
			/* never the last: its directory or the caller has one */
			put_cgroup(left);
		}
	}
	spin_unlock(&cgroup_lock);
	write_unlock_irq(&tasklist_lock);
	return err;
}

void __cgroup_follow(struct task_struct *thread, struct task_struct *leader)
{
	struct cgroup *left;

	spin_lock(&cgroup_lock);
	left = move_task(thread, leader->cgroup ?: &root_cgroup);
	spin_unlock(&cgroup_lock);
	put_cgroup(left);
}

/* ---- all tasks of a group ---- */

bool in_cgroup(const struct task_struct *tsk, const struct cgroup *cg)
{
	const struct cgroup *in = READ_ONCE(tsk->cgroup);

	return (in ?: &root_cgroup) == cg;
}

bool has_tasks(struct cgroup *cg)
{
	return READ_ONCE(cg->tasks);
}

static bool is_below(const struct cgroup *cg, const struct cgroup *above)
{
	while (cg && cg != above)
		cg = cg->parent;
	return cg;
}

/* cgroup.kill: SIGKILL for everybody in the group and below. */
void signal_cgroup(struct cgroup *cg)
{
	struct task_struct *p;
	unsigned long flags;

	read_lock_irqsave(&tasklist_lock, flags);
	for_each_process(p) {
		if (!(p->flags & PF_KTHREAD) && p->cgroup && is_below(p->cgroup, cg))
			do_send_sig_info(SIGKILL, SEND_SIG_PRIV, p, PIDTYPE_TGID);
	}
	read_unlock_irqrestore(&tasklist_lock, flags);
}

/* ---- /proc/<pid>/cgroup ---- */

static void show_path(struct seq_file *m, const struct cgroup *cg)
{
	const struct cgroup *chain[64];
	int n = 0;

	for (; cg->parent && n < (int)ARRAY_SIZE(chain); cg = cg->parent)
		chain[n++] = cg;
	if (!n)
		seq_putc(m, '/');
	while (n) {
		seq_putc(m, '/');
		seq_puts(m, chain[--n]->name);
	}
}

int proc_pid_cgroup(struct seq_file *m, struct pid *pid, struct task_struct *tsk)
{
	struct cgroup *cg;
	unsigned long flags;

	spin_lock_irqsave(&cgroup_lock, flags);
	cg = get_cgroup(tsk->cgroup ?: &root_cgroup);
	spin_unlock_irqrestore(&cgroup_lock, flags);
	seq_puts(m, "0::");
	show_path(m, cg);
	seq_puts(m, cg->dead ? " (deleted)\n" : "\n");
	put_cgroup(cg);
	return 0;
}

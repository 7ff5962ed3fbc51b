// SPDX-License-Identifier: GPL-2.0-only
/*
 * Control groups (cgroups(7)): one group, its place in its tree, and what is counted in it: tasks,
 * populated children, frozen tasks. cgroup_mutex guards the tree, cgroup_lock the counts.
 */
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/fsnotify.h>
#include <linux/poll.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/workqueue.h>
#include "internal.h"

DEFINE_MUTEX(cgroup_mutex);
DEFINE_SPINLOCK(cgroup_lock);

struct hierarchy default_hierarchy = {
	.root = {
		.refs = REFCOUNT_INIT(1),
		.hier = &default_hierarchy,
		.name = "",
		.children = LIST_HEAD_INIT(default_hierarchy.root.children),
		.sibling = LIST_HEAD_INIT(default_hierarchy.root.sibling),
		.notify = LIST_HEAD_INIT(default_hierarchy.root.notify),
		.release = LIST_HEAD_INIT(default_hierarchy.root.release),
		.poll = __WAIT_QUEUE_HEAD_INITIALIZER(default_hierarchy.root.poll),
		.max_depth = NO_LIMIT,
		.max_descendants = NO_LIMIT,
		.pids_max = NO_LIMIT,
	},
	.list = LIST_HEAD_INIT(default_hierarchy.list),
	.controllers = CONTROL_ALL,
};

/* ---- life of a group ---- */

static void free_hierarchy(struct hierarchy *hier)
{
	kfree(hier->name);
	kfree(hier->release_agent);
	kfree(hier);
}

void put_cgroup(struct cgroup *cg)
{
	struct cgroup *parent;

	for (; cg && refcount_dec_and_test(&cg->refs); cg = parent) {
		parent = cg->parent;
		if (!parent) {
			free_hierarchy(cg->hier);
			return;
		}
		kfree(cg->name);
		kfree(cg);
	}
}

/* Fields of a zeroed group; one reference is the caller's. */
void init_cgroup(struct cgroup *cg, struct hierarchy *hier)
{
	refcount_set(&cg->refs, 1);
	cg->hier = hier;
	cg->max_depth = cg->max_descendants = cg->pids_max = NO_LIMIT;
	INIT_LIST_HEAD(&cg->children);
	INIT_LIST_HEAD(&cg->sibling);
	INIT_LIST_HEAD(&cg->notify);
	INIT_LIST_HEAD(&cg->release);
	init_waitqueue_head(&cg->poll);
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

/* @cg appears below its parents, or disappears, with its part in who is frozen. */
static void count_descendant(struct cgroup *cg, int by)
{
	struct cgroup *p;

	spin_lock_irq(&cgroup_lock);
	for (p = cg->parent; p; p = p->parent) {
		p->descendants += by;
		if (by < 0)
			p->frozen_below -= cg->frozen;
	}
	if (by > 0) {
		cg->freezing = cg->parent->freezing;
		update_frozen(cg);
	} else {
		update_frozen(cg->parent);
	}
	spin_unlock_irq(&cgroup_lock);
}

static struct cgroup *alloc_cgroup(struct cgroup *parent, const char *name)
{
	struct cgroup *cg = kzalloc(sizeof(*cg), GFP_KERNEL);

	if (!cg)
		return NULL;
	cg->name = kstrdup(name, GFP_KERNEL);
	if (!cg->name) {
		kfree(cg);
		return NULL;
	}
	init_cgroup(cg, parent->hier);
	cg->parent = get_cgroup(parent);
	cg->depth = parent->depth + 1;
	cg->notify_on_release = parent->notify_on_release;
	cg->clone_children = parent->clone_children;
	return cg;
}

/* cgroup_mutex is held. Return: it, or ERR_PTR(-ENODEV, -EAGAIN, -ENOMEM). */
struct cgroup *make_cgroup(struct cgroup *parent, const char *name)
{
	struct cgroup *cg;
	int err = parent->dead ? -ENODEV : check_limits(parent);

	if (err)
		return ERR_PTR(err);
	cg = alloc_cgroup(parent, name);
	if (!cg)
		return ERR_PTR(-ENOMEM);
	init_cpuset(cg);
	list_add_tail(&cg->sibling, &parent->children);
	count_descendant(cg, 1);
	return cg;
}

/* rmdir: no task may enter from now on. cgroup_mutex is held. Return: 0 or -EBUSY. */
int kill_cgroup_dir(struct cgroup *cg)
{
	int err = 0;

	if (!list_empty(&cg->children))
		return -EBUSY;
	spin_lock_irq(&cgroup_lock);
	if (cg->tasks)
		err = -EBUSY;
	else
		cg->dead = true;
	spin_unlock_irq(&cgroup_lock);
	if (err)
		return err;
	list_del_init(&cg->sibling);
	count_descendant(cg, -1);
	check_release(cg->parent);
	return 0;
}

/* ---- the tree ---- */

bool is_below(const struct cgroup *cg, const struct cgroup *above)
{
	while (cg && cg != above)
		cg = cg->parent;
	return cg;
}

/* Parents before their children; start with @top. cgroup_mutex is held. NULL: that was all. */
struct cgroup *next_descendant(struct cgroup *cg, const struct cgroup *top)
{
	if (!list_empty(&cg->children))
		return list_first_entry(&cg->children, struct cgroup, sibling);
	for (; cg != top; cg = cg->parent) {
		if (!list_is_last(&cg->sibling, &cg->parent->children))
			return list_next_entry(cg, sibling);
	}
	return NULL;
}

/* As a path from its root. cgroup_mutex is held. */
void show_cgroup_path(struct seq_file *m, const struct cgroup *cg)
{
	const struct cgroup *p, *below = NULL;

	if (!cg->parent)
		seq_putc(m, '/');
	/* a walk down for each level: deep trees are rare, and need no memory this way */
	while (below != cg) {
		for (p = cg; p->parent && p->parent != below; p = p->parent)
			;
		if (p->parent) {
			seq_putc(m, '/');
			seq_puts(m, p->name);
		}
		below = p;
	}
}

/* ---- telling who watches cgroup.events ---- */

static LIST_HEAD(notify_list);		/* cgroup_lock; each with a reference */

static struct cgroup *next_to_notify(void)
{
	struct cgroup *cg;

	spin_lock_irq(&cgroup_lock);
	cg = list_first_entry_or_null(&notify_list, struct cgroup, notify);
	if (cg)
		list_del_init(&cg->notify);
	spin_unlock_irq(&cgroup_lock);
	return cg;
}

static void notify_watchers(struct work_struct *work)
{
	struct cgroup *cg;

	while ((cg = next_to_notify())) {
		struct dentry *dentry;

		mutex_lock(&cgroup_mutex);
		dentry = cg->events_file ? dget(cg->events_file) : NULL;
		mutex_unlock(&cgroup_mutex);
		if (dentry) {
			fsnotify_dentry(dentry, IN_MODIFY);
			dput(dentry);
		}
		put_cgroup(cg);
	}
}

static DECLARE_WORK(notify_work, notify_watchers);

/* cgroup.events says something else now: for poll() at once, for inotify soon. cgroup_lock held. */
void tell_events(struct cgroup *cg)
{
	cg->event++;
	wake_up_interruptible_poll(&cg->poll, EPOLLERR | EPOLLPRI);
	if (!fsnotify_watched() || !list_empty(&cg->notify))
		return;
	list_add_tail(&cg->notify, &notify_list);
	get_cgroup(cg);
	schedule_work(&notify_work);
}

/* ---- counts: cgroup_lock is held ---- */

static void populate(struct cgroup *cg, int by)
{
	for (; cg; cg = cg->parent) {
		unsigned int before = cg->populated;

		cg->populated += by;
		if (!before == !cg->populated)
			return;
		if (by < 0)
			check_release(cg);
		tell_events(cg);
	}
}

void add_task(struct cgroup *cg)
{
	if (cg->tasks++ == 0)
		populate(cg, 1);
}

void remove_task(struct cgroup *cg)
{
	if (--cg->tasks == 0)
		populate(cg, -1);
}

/* The counts of @cg changed: are it, and those above, frozen now? The root never is. */
void update_frozen(struct cgroup *cg)
{
	int change = 0;

	for (; cg->parent; cg = cg->parent) {
		bool now;

		cg->frozen_below += change;
		now = cg->freezing && cg->frozen_tasks == cg->tasks &&
		      cg->frozen_below == cg->descendants;
		if (now == cg->frozen && !change)
			return;
		if (now != cg->frozen) {
			cg->frozen = now;
			change += now ? 1 : -1;
			tell_events(cg);
		}
	}
	cg->frozen_below += change;
}

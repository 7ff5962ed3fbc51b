// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which groups a task is in: the row of fork, and moving. A set changes for a task under
 * tasklist_lock, held for writing, and cgroup_lock; so who holds the former sees each task in one
 * set, and a child that is being built is either in its parent's old place or follows it.
 */
#include <linux/cred.h>
#include <linux/err.h>
#include <linux/file.h>
#include <linux/fork.h>
#include <linux/fs.h>
#include <linux/sched.h>
#include <linux/signal.h>
#include <linux/slab.h>
#include "internal.h"

/* ---- sets ---- */

/* Context: RCU, or @set is held. */
struct cgroup *cgroup_in(const struct css_set *set, struct hierarchy *hier)
{
	unsigned int i;

	for (i = 0; set && i < set->nr; i++) {
		if (set->at[i]->hier == hier)
			return set->at[i];
	}
	return &hier->root;
}

static void free_set(struct rcu_head *head)
{
	struct css_set *set = container_of(head, struct css_set, rcu);
	unsigned int i;

	for (i = 0; i < set->nr; i++)
		put_cgroup(set->at[i]);
	kfree(set);
}

void put_set(struct css_set *set)
{
	if (set && refcount_dec_and_test(&set->refs))
		call_rcu(&set->rcu, free_set);
}

static struct css_set *get_set(struct css_set *set)
{
	if (set)
		refcount_inc(&set->refs);
	return set;
}

struct css_set *get_task_set(struct task_struct *tsk)
{
	struct css_set *set;
	unsigned long flags;

	spin_lock_irqsave(&cgroup_lock, flags);
	set = get_set(tsk->cgroups);
	spin_unlock_irqrestore(&cgroup_lock, flags);
	return set;
}

/* @old, but @cg in its hierarchy. Return: it, NULL for roots only, or ERR_PTR(-ENOMEM). */
static struct css_set *set_with(const struct css_set *old, struct cgroup *cg)
{
	unsigned int i, nr = old ? old->nr : 0;
	struct css_set *set;

	if (!cg->parent && (!nr || (nr == 1 && old->at[0]->hier == cg->hier)))
		return NULL;
	set = kmalloc(sizeof(*set) + (nr + 1) * sizeof(set->at[0]), GFP_KERNEL);
	if (!set)
		return ERR_PTR(-ENOMEM);
	refcount_set(&set->refs, 1);
	set->nr = 0;
	for (i = 0; i < nr; i++) {
		if (old->at[i]->hier != cg->hier)
			set->at[set->nr++] = get_cgroup(old->at[i]);
	}
	if (cg->parent)
		set->at[set->nr++] = get_cgroup(cg);
	return set;
}

/* ---- who is where: tasklist_lock or RCU ---- */

bool in_cgroup(const struct task_struct *tsk, const struct cgroup *cg)
{
	return cgroup_in(rcu_dereference(tsk->cgroups), cg->hier) == cg;
}

bool is_in_tree(const struct task_struct *tsk, const struct cgroup *top)
{
	return !top->parent || is_below(cgroup_in(rcu_dereference(tsk->cgroups), top->hier), top);
}

/* ---- counting a task in its groups: cgroup_lock is held ---- */

static void count_in(struct task_struct *tsk, struct cgroup *cg)
{
	add_task(cg);
	cg->frozen_tasks += tsk->frozen;
	update_frozen(cg);
}

static void count_out(struct task_struct *tsk, struct cgroup *cg)
{
	cg->frozen_tasks -= tsk->frozen;
	remove_task(cg);
	update_frozen(cg);
}

static void count_frozen(struct task_struct *tsk, int by)
{
	unsigned int i;

	for (i = 0; i < tsk->cgroups->nr; i++) {
		tsk->cgroups->at[i]->frozen_tasks += by;
		update_frozen(tsk->cgroups->at[i]);
	}
	tsk->frozen = by > 0;
}

void __cgroup_count_frozen(struct task_struct *tsk)
{
	unsigned long flags;

	spin_lock_irqsave(&cgroup_lock, flags);
	if (tsk->cgroups && tsk->cgroup_runs && tsk->freeze_ready && !tsk->frozen)
		count_frozen(tsk, 1);
	spin_unlock_irqrestore(&cgroup_lock, flags);
}

void __cgroup_uncount_frozen(struct task_struct *tsk)
{
	unsigned long flags;

	spin_lock_irqsave(&cgroup_lock, flags);
	if (tsk->cgroups && tsk->frozen)
		count_frozen(tsk, -1);
	spin_unlock_irqrestore(&cgroup_lock, flags);
}

/* ---- the row of fork ---- */

static struct cgroup *dir_to_start_in(const struct file *file)
{
	struct cgroup *cg = cgroup_of_dir(file);
	int err;

	if (IS_ERR(cg))
		return cg;
	err = inode_permission(file_inode(file), MAY_WRITE) ? -EACCES : 0;
	mutex_lock(&cgroup_mutex);
	if (!err && cg->dead)
		err = -ENODEV;
	if (!err)
		err = check_destination(cg);
	mutex_unlock(&cgroup_mutex);
	if (!err)
		return cg;
	put_cgroup(cg);
	return ERR_PTR(err);
}

/* CLONE_INTO_CGROUP: the parent's set, but that group in cgroup2. With a reference, or ERR_PTR. */
static struct css_set *chosen_set(struct fork_ctx *fc)
{
	struct fd f = fdget_raw(fc->args->cgroup);
	struct css_set *old, *set;
	struct cgroup *cg;

	if (!f.file)
		return ERR_PTR(-EBADF);
	cg = dir_to_start_in(f.file);
	fdput(f);
	if (IS_ERR(cg))
		return ERR_CAST(cg);
	old = get_task_set(fc->parent);
	set = set_with(old, cg);
	put_set(old);
	put_cgroup(cg);
	return set;
}

/* Charge, then compare: two forks cannot share the last place. Return: 0 or -EAGAIN. */
static int charge_set(struct css_set *set)
{
	unsigned int i;

	for (i = 0; i < set->nr; i++) {
		if (!try_charge_pid(set->at[i]))
			continue;
		while (i--)
			charge_pid(set->at[i], -1);
		return -EAGAIN;
	}
	return 0;
}

static void uncharge_set(struct css_set *set)
{
	unsigned int i;

	for (i = 0; i < set->nr; i++)
		charge_pid(set->at[i], -1);
}

static bool has_dead(const struct css_set *set)
{
	unsigned int i;

	for (i = 0; i < set->nr && !set->at[i]->dead; i++)
		;
	return i < set->nr;
}

/* How often its groups were killed so far, each with all below it. cgroup_lock is held. */
static unsigned long kills_of(const struct css_set *set)
{
	const struct cgroup *cg;
	unsigned long kills = 0;
	unsigned int i;

	for (i = 0; set && i < set->nr; i++) {
		for (cg = set->at[i]; cg; cg = cg->parent)
			kills += cg->kills;
	}
	return kills;
}

/* @set's reference becomes the child's: who is counted keeps a group from dying. 0, -ENODEV */
static int enter_set(struct fork_ctx *fc, struct css_set *set)
{
	struct task_struct *tsk = fc->child;
	unsigned int i;
	int err = 0;

	spin_lock_irq(&cgroup_lock);
	if (has_dead(set)) {
		err = -ENODEV;
	} else {
		for (i = 0; i < set->nr; i++)
			count_in(tsk, set->at[i]);
		tsk->cgroups = set;
		tsk->cgroup_runs = true;
		fc->cgroup_kills = kills_of(set);
	}
	spin_unlock_irq(&cgroup_lock);
	return err;
}

int copy_cgroup(struct fork_ctx *fc)
{
	struct css_set *set;
	int err;

	if (likely(!fc->parent->cgroups && !(fc->flags & CLONE_INTO_CGROUP)))
		return 0;
	set = fc->flags & CLONE_INTO_CGROUP ? chosen_set(fc) : get_task_set(fc->parent);
	if (IS_ERR_OR_NULL(set))
		return PTR_ERR_OR_ZERO(set);
	err = charge_set(set);
	if (!err) {
		err = enter_set(fc, set);
		if (err)
			uncharge_set(set);
	}
	if (err)
		put_set(set);
	return err;
}

/* It counts as running no more; a zombie neither keeps a group from rmdir nor populates it. */
void __cgroup_leave(struct task_struct *tsk)
{
	unsigned long flags;
	unsigned int i;

	spin_lock_irqsave(&cgroup_lock, flags);
	if (tsk->cgroups && tsk->cgroup_runs) {
		for (i = 0; i < tsk->cgroups->nr; i++)
			count_out(tsk, tsk->cgroups->at[i]);
		tsk->cgroup_runs = false;
		tsk->frozen = false;
	}
	spin_unlock_irqrestore(&cgroup_lock, flags);
}

void exit_cgroup(struct task_struct *tsk)
{
	struct css_set *set = tsk->cgroups;
	unsigned long flags;

	if (likely(!set))
		return;
	__cgroup_leave(tsk);
	uncharge_set(set);
	/* who found the task earlier may be about to take a reference */
	spin_lock_irqsave(&cgroup_lock, flags);
	tsk->cgroups = NULL;
	spin_unlock_irqrestore(&cgroup_lock, flags);
	put_set(set);
}

/* ---- moving ---- */

/*
 * Give @tsk the set @new, which it shares or differs from in one hierarchy or in more.
 * tasklist_lock is held for writing, cgroup_lock too. In the new groups first, so that a group
 * above both does not seem empty meanwhile. Return: the set whose reference is free now.
 */
static struct css_set *put_in_set(struct task_struct *tsk, struct css_set *new)
{
	struct css_set *old = tsk->cgroups;
	bool runs = !(tsk->flags & PF_EXITING);
	unsigned int i;

	for (i = 0; new && i < new->nr; i++) {
		charge_pid(new->at[i], 1);
		if (runs)
			count_in(tsk, new->at[i]);
	}
	for (i = 0; old && i < old->nr; i++) {
		if (tsk->cgroup_runs)
			count_out(tsk, old->at[i]);
		charge_pid(old->at[i], -1);
	}
	WRITE_ONCE(tsk->cgroups, get_set(new));
	tsk->cgroup_runs = new && runs;
	if (!tsk->cgroup_runs)
		tsk->frozen = false;
	/* with cgroup_enter_frozen(): it slept already when it was moved here */
	smp_mb();
	if (tsk->cgroup_runs && READ_ONCE(tsk->freeze_ready) && !tsk->frozen)
		count_frozen(tsk, 1);
	return old;
}

static void move_task(struct task_struct *tsk, struct css_set *new)
{
	struct css_set *old;
	unsigned long flags;

	if (tsk->exit_state || !lock_task_sighand(tsk, &flags))
		return;
	spin_lock(&cgroup_lock);
	old = put_in_set(tsk, new);
	spin_unlock(&cgroup_lock);
	refreeze_task(tsk);
	unlock_task_sighand(tsk, &flags);
	put_set(old);
}

/*
 * The group that was chosen for it was killed while it was built, and its parent need not be in it.
 * One that begins where its parent is needs no such look: the parent was killed, and forks no more.
 */
static void die_with_group(struct task_struct *child)
{
	sigaddset(&child->pending.signal, SIGKILL);
	set_tsk_thread_flag(child, TIF_SIGPENDING);
}

void __cgroup_publish(struct task_struct *child, const struct fork_ctx *fc)
{
	struct css_set *left = NULL;

	spin_lock(&cgroup_lock);
	if (fc->flags & CLONE_INTO_CGROUP) {
		if (kills_of(child->cgroups) != fc->cgroup_kills)
			die_with_group(child);
	} else if (child->cgroups != fc->parent->cgroups) {
		left = put_in_set(child, fc->parent->cgroups);
	}
	spin_unlock(&cgroup_lock);
	put_set(left);
	cpuset_publish(child);
	refreeze_task(child);
}

/* Sets that the move of a process needs, made before the locks that allow no allocation. */
struct new_set {
	struct list_head list;
	struct css_set *old, *new;	/* references, each may be NULL */
};

static struct new_set *find_new_set(struct list_head *sets, const struct css_set *old)
{
	struct new_set *s;

	list_for_each_entry(s, sets, list) {
		if (s->old == old)
			return s;
	}
	return NULL;
}

static int add_new_set(struct list_head *sets, struct css_set *old, struct cgroup *to)
{
	struct new_set *s = kmalloc(sizeof(*s), GFP_KERNEL);

	if (!s)
		return -ENOMEM;
	s->old = get_set(old);
	s->new = set_with(old, to);
	if (IS_ERR(s->new)) {
		put_set(old);
		kfree(s);
		return -ENOMEM;
	}
	list_add(&s->list, sets);
	return 0;
}

static void free_new_sets(struct list_head *sets)
{
	struct new_set *s, *next;

	list_for_each_entry_safe(s, next, sets, list) {
		put_set(s->old);
		put_set(s->new);
		kfree(s);
	}
}

static bool is_meant(const struct task_struct *t, const struct task_struct *tsk, bool process)
{
	return t == tsk || process;
}

/* A thread whose new set is still to be made: its set, with a reference. false: there is none. */
static bool find_missing(struct list_head *sets, struct cgroup *to, struct task_struct *tsk,
			 bool process, struct css_set **missing)
{
	struct task_struct *t;
	bool found = false;

	read_lock(&tasklist_lock);
	for_each_thread(tsk, t) {
		if (!is_meant(t, tsk, process) || in_cgroup(t, to) ||
		    find_new_set(sets, t->cgroups))
			continue;
		*missing = get_set(t->cgroups);
		found = true;
		break;
	}
	read_unlock(&tasklist_lock);
	return found;
}

static int prepare_sets(struct list_head *sets, struct cgroup *to, struct task_struct *tsk,
			bool process)
{
	struct css_set *old;
	int err = 0;

	while (!err && find_missing(sets, to, tsk, process, &old)) {
		err = add_new_set(sets, old, to);
		put_set(old);
	}
	return err;
}

/* Nothing here can fail. Threads born since have a set that one of @sets replaces. */
static void commit_move(struct list_head *sets, struct cgroup *to, struct task_struct *tsk,
			bool process)
{
	struct task_struct *t;

	write_lock_irq(&tasklist_lock);
	for_each_thread(tsk, t) {
		struct new_set *s;

		if (!is_meant(t, tsk, process) || in_cgroup(t, to))
			continue;
		s = find_new_set(sets, t->cgroups);
		VERIFY(s);
		move_task(t, s->new);
	}
	write_unlock_irq(&tasklist_lock);
}

/**
 * move_tasks - put a thread, or all threads of its process at once, into a group
 * @to: the group
 * @tsk: the thread; the caller holds a reference
 * @process: all of them
 *
 * Limits are for forks only. A child that one of them is just making follows.
 * Context: cgroup_mutex held; sleeps. Return: 0, -ENODEV, -ENOMEM.
 */
int move_tasks(struct cgroup *to, struct task_struct *tsk, bool process)
{
	LIST_HEAD(sets);
	int err;

	if (to->dead)
		return -ENODEV;
	err = prepare_sets(&sets, to, tsk, process);
	if (!err)
		commit_move(&sets, to, tsk, process);
	free_new_sets(&sets);
	return err;
}

/* cgroup.kill: SIGKILL for everybody in the group and below, and who is being forked there. */
void signal_cgroup(struct cgroup *cg)
{
	struct task_struct *p, *t;

	read_lock_irq(&tasklist_lock);
	spin_lock(&cgroup_lock);
	cg->kills++;
	spin_unlock(&cgroup_lock);
	for_each_process_thread(p, t) {
		if ((t->flags & PF_KTHREAD) || !is_in_tree(t, cg))
			continue;
		do_send_sig_info(SIGKILL, SEND_SIG_PRIV, t, PIDTYPE_TGID);
		break;
	}
	read_unlock_irq(&tasklist_lock);
}

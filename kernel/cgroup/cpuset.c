// SPDX-License-Identifier: GPL-2.0-only
/*
 * Cpusets (cpuset(7)): the CPUs that a group's tasks may use, and what follows for the tasks. A
 * task's mask is its cpuset's CPUs that it wished for with sched_setaffinity(), or all of them
 * when it wished for none of those. There is one memory node, so memory has nowhere to move.
 * Locks: cgroup_mutex for what is set, cgroup_lock for the effective CPUs as well.
 */
#include <linux/cpuset.h>
#include <linux/hrtimer.h>
#include <linux/sched.h>
#include "internal.h"

#define NODES_ONLINE	1UL

bool cpuset_follows_v2(const struct cgroup *cg)
{
	return is_v2(cg) || (cg->hier->flags & HIERARCHY_CPUSET_V2);
}

/* ---- what a group has ---- */

static void set_effective(struct cgroup *cg)
{
	struct cpuset *cs = &cg->cpuset;
	const struct cpuset *above = cg->parent ? &cg->parent->cpuset : NULL;
	struct cpumask cpus = *cpu_possible_mask;
	unsigned long mems = NODES_ONLINE;

	if (above && !control_enabled(cg, CONTROL_CPUSET)) {
		cpus = above->effective_cpus;
		mems = above->effective_mems;
	} else if (above && cpuset_follows_v2(cg)) {
		if (!cpumask_and(&cpus, &cs->cpus, &above->effective_cpus))
			cpus = above->effective_cpus;
		mems = (cs->mems & above->effective_mems) ?: above->effective_mems;
	} else if (above) {
		cpumask_and(&cpus, &cs->cpus, cpu_possible_mask);
		mems = cs->mems;
	}
	spin_lock_irq(&cgroup_lock);
	cs->effective_cpus = cpus;
	cs->effective_mems = mems;
	spin_unlock_irq(&cgroup_lock);
}

/* After a change in @top: what is effective there and below. cgroup_mutex is held. */
void update_effective(struct cgroup *top)
{
	struct cgroup *cg;

	for_each_descendant(cg, top)
		set_effective(cg);
}

static bool has_exclusive_child(const struct cgroup *cg)
{
	const struct cgroup *child;

	list_for_each_entry(child, &cg->children, sibling) {
		if (child->cpuset.flags & (CS_CPU_EXCLUSIVE | CS_MEM_EXCLUSIVE))
			return true;
	}
	return false;
}

static void init_root_cpuset(struct cgroup *root)
{
	root->cpuset.cpus = *cpu_possible_mask;
	root->cpuset.mems = NODES_ONLINE;
	root->cpuset.flags = CS_CPU_EXCLUSIVE | CS_MEM_EXCLUSIVE | CS_SCHED_LOAD_BALANCE;
}

/* A new group, not yet among its parent's children. cgroup_mutex is held. */
void init_cpuset(struct cgroup *cg)
{
	if (!cg->parent) {
		init_root_cpuset(cg);
	} else {
		reset_cpuset(cg);
		if (!is_v2(cg) && cg->clone_children && !has_exclusive_child(cg->parent)) {
			cg->cpuset.cpus = cg->parent->cpuset.cpus;
			cg->cpuset.mems = cg->parent->cpuset.mems;
		}
	}
	set_effective(cg);
}

/* As it was born. */
void reset_cpuset(struct cgroup *cg)
{
	struct cpuset *cs = &cg->cpuset;

	cpumask_clear(&cs->cpus);
	cs->mems = 0;
	cs->flags = CS_SCHED_LOAD_BALANCE |
		    (cg->parent->cpuset.flags & (CS_SPREAD_PAGE | CS_SPREAD_SLAB));
}

/* Return: 0, or -ENOSPC for a cpuset in which nothing could run. */
int cpuset_may_enter(const struct cgroup *to)
{
	if (!to->parent || cpuset_follows_v2(to) || !control_enabled(to, CONTROL_CPUSET))
		return 0;
	return cpumask_empty(&to->cpuset.cpus) || !to->cpuset.mems ? -ENOSPC : 0;
}

/* ---- what a task gets from it ---- */

/* The group whose cpuset holds for tasks with @set. */
const struct cgroup *cpuset_cgroup(const struct css_set *set)
{
	const struct cgroup *cg = cgroup_in(set, controller_home[CONTROLLER_CPUSET]);

	while (cg->parent && !control_enabled(cg, CONTROL_CPUSET))
		cg = cg->parent;
	return cg;
}

void __cpuset_cpus_allowed(struct task_struct *tsk, struct cpumask *mask)
{
	unsigned long flags;

	spin_lock_irqsave(&cgroup_lock, flags);
	*mask = cpuset_cgroup(tsk->cgroups)->cpuset.effective_cpus;
	spin_unlock_irqrestore(&cgroup_lock, flags);
}

/* A child that nobody sees yet; its parent's cpuset may have changed while it was made. */
void cpuset_publish(struct task_struct *child)
{
	struct cpumask allowed;

	if (child->flags & PF_KTHREAD)
		return;
	__cpuset_cpus_allowed(child, &allowed);
	if (!cpumask_and(&child->cpus_mask, &allowed, &child->user_cpus))
		child->cpus_mask = allowed;
	child->nr_cpus_allowed = cpumask_weight(&child->cpus_mask);
}

/* Whose masks are to follow: everybody's in a tree, or a process's. */
struct whom {
	const struct cgroup *top;
	const struct signal_struct *signal;
};

static bool is_concerned(const struct task_struct *t, const struct whom *whom)
{
	if ((t->flags & PF_KTHREAD) && t->nr_cpus_allowed == 1)
		return false;
	if (whom->signal)
		return t->signal == whom->signal;
	return t->cgroups && is_in_tree(t, whom->top);
}

static void set_masks(const struct whom *whom)
{
	struct task_struct *p, *t;
	struct cpumask allowed;

	read_lock(&tasklist_lock);
	for_each_process_thread(p, t) {
		if (!is_concerned(t, whom))
			continue;
		__cpuset_cpus_allowed(t, &allowed);
		sched_set_allowed(t, &allowed);
	}
	read_unlock(&tasklist_lock);
}

/* Is one still running where it may not? It is told to go. */
static bool somebody_lingers(const struct whom *whom)
{
	struct task_struct *p, *t;
	bool lingers = false;

	read_lock(&tasklist_lock);
	for_each_process_thread(p, t) {
		if (t != current && is_concerned(t, whom) && sched_leave_wrong_cpu(t))
			lingers = true;
	}
	read_unlock(&tasklist_lock);
	return lingers;
}

/* When this returns, nobody concerned runs outside of its cpuset. */
static void apply(const struct whom *whom)
{
	set_masks(whom);
	if (!cpumask_test_cpu(task_cpu(current), &current->cpus_mask))
		schedule();
	while (somebody_lingers(whom))
		schedule_timeout_uninterruptible_ns(100 * NSEC_PER_USEC);
}

/* The tasks of @top and below get the CPUs that are effective now. cgroup_mutex is held. */
void cpuset_apply(struct cgroup *top)
{
	struct whom whom = { .top = top };

	apply(&whom);
}

void cpuset_apply_to_process(struct task_struct *tsk)
{
	struct whom whom = { .signal = tsk->signal };

	apply(&whom);
}

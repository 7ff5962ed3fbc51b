// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which controllers act in a group, and the rules of cgroup2 about where processes and threads may
 * be (the kernel's Documentation/admin-guide/cgroup-v2). Both controllers of cgroup2 here know
 * threads, so none insists on processes in leaves. Everything under cgroup_mutex.
 */
#include "internal.h"

const char *const controller_names[NR_CONTROLLERS] = {
	[CONTROLLER_CPUSET] = "cpuset",
	[CONTROLLER_FREEZER] = "freezer",
	[CONTROLLER_PIDS] = "pids",
};

struct hierarchy *controller_home[NR_CONTROLLERS] = {
	[0 ... NR_CONTROLLERS - 1] = &default_hierarchy,
};

/* Context: any; the answer may be old without cgroup_mutex. */
unsigned int enabled_controls(const struct cgroup *cg)
{
	unsigned int bound = READ_ONCE(cg->hier->controllers);

	if (!is_v2(cg))
		return bound;
	bound &= CONTROL_V2;
	return cg->parent ? bound & READ_ONCE(cg->parent->control) : bound;
}

bool control_enabled(const struct cgroup *cg, unsigned int control)
{
	return enabled_controls(cg) & control;
}

/* ---- threads in cgroup2 ---- */

/* The group whose processes the threads in @cg belong to. */
const struct cgroup *domain_of(const struct cgroup *cg)
{
	while (cg->threaded)
		cg = cg->parent;
	return cg;
}

static bool has_threaded_child(const struct cgroup *cg)
{
	const struct cgroup *child;

	list_for_each_entry(child, &cg->children, sibling) {
		if (child->threaded)
			return true;
	}
	return false;
}

static bool has_populated_domain_child(const struct cgroup *cg)
{
	const struct cgroup *child;

	list_for_each_entry(child, &cg->children, sibling) {
		if (!child->threaded && READ_ONCE(child->populated))
			return true;
	}
	return false;
}

/* A process lives here whose threads may be in groups below: "domain threaded". */
bool is_thread_root(const struct cgroup *cg)
{
	if (cg->threaded)
		return false;
	return has_threaded_child(cg) || (READ_ONCE(cg->tasks) && cg->control);
}

static bool can_be_thread_root(const struct cgroup *cg)
{
	return !cg->parent || (!cg->threaded && !has_populated_domain_child(cg));
}

/* May processes be here? Not below a group whose threads are spread over its children. */
bool is_valid_domain(const struct cgroup *cg)
{
	if (cg->threaded)
		return false;
	while ((cg = cg->parent)) {
		if (cg->threaded || (cg->parent && is_thread_root(cg)))
			return false;
	}
	return true;
}

/* cgroup.type becomes "threaded". Return: 0, -ENODEV, -EOPNOTSUPP. */
int make_threaded(struct cgroup *cg)
{
	const struct cgroup *domain = domain_of(cg->parent);

	if (cg->dead)
		return -ENODEV;
	if (cg->threaded)
		return 0;
	if (READ_ONCE(cg->populated))
		return -EOPNOTSUPP;
	if (!is_valid_domain(domain) || !can_be_thread_root(domain))
		return -EOPNOTSUPP;
	cg->threaded = true;
	return 0;
}

/* May a task come to @to at all? Return: 0, -EOPNOTSUPP, -EBUSY. */
int check_destination(const struct cgroup *to)
{
	if (!is_v2(to) || !to->parent)
		return 0;
	if (!is_valid_domain(domain_of(to)))
		return -EOPNOTSUPP;
	if (to->threaded || can_be_thread_root(to))
		return 0;
	return to->control ? -EBUSY : 0;
}

/* ---- cgroup.subtree_control ---- */

static int check_enable(const struct cgroup *cg, unsigned int on)
{
	if (on & ~enabled_controls(cg))
		return -ENOENT;
	if (!on || !cg->parent)
		return 0;
	if (!is_valid_domain(domain_of(cg)))
		return -EOPNOTSUPP;
	if (cg->threaded || can_be_thread_root(cg))
		return 0;
	return READ_ONCE(cg->tasks) ? -EBUSY : 0;
}

static void forget_settings(struct cgroup *cg, unsigned int off)
{
	struct cgroup *child;

	list_for_each_entry(child, &cg->children, sibling) {
		if (off & CONTROL_PIDS)
			reset_pids(child);
		if (off & CONTROL_CPUSET)
			reset_cpuset(child);
	}
}

/* Hand controllers to the children of @cg, or no longer. Return: 0, -ENODEV, -ENOENT, -EBUSY. */
int change_control(struct cgroup *cg, unsigned int on, unsigned int off)
{
	struct cgroup *child;
	int err;

	if (cg->dead)
		return -ENODEV;
	on &= ~cg->control;
	off &= cg->control;
	list_for_each_entry(child, &cg->children, sibling) {
		if (off & child->control)
			return -EBUSY;
	}
	err = check_enable(cg, on);
	if (err)
		return err;
	forget_settings(cg, off);
	WRITE_ONCE(cg->control, (cg->control | on) & ~off);
	if ((on | off) & CONTROL_CPUSET) {
		update_effective(cg);
		cpuset_apply(cg);
	}
	return 0;
}

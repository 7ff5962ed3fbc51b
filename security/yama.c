// SPDX-License-Identifier: GPL-2.0-only
/*
 * Yama: restrictions of ptrace beyond the ids (Linux's admin-guide/LSM/Yama describes the rules).
 * Locks: relations_lock for who named whom; the family is read under RCU.
 */
#define pr_fmt(fmt) "yama: " fmt
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/err.h>
#include <linux/init.h>
#include <linux/kstrtox.h>
#include <linux/pid.h>
#include <linux/prctl.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/sysctl.h>
#include <linux/user_namespace.h>
#include "modules.h"

enum {
	SCOPE_CLASSIC,
	SCOPE_RELATIONAL,
	SCOPE_CAPABILITY,
	SCOPE_NO_ATTACH,
};

static int ptrace_scope;

/*
 * PR_SET_PTRACER: @tracee allows @tracer (and its descendants), or anybody when that is NULL.
 * No references: both ends leave the list when they are freed. Locks: [r] relations_lock
 */
struct relation {
	struct list_head link;		/* [r] */
	const struct task_struct *tracee;	/* [r] a group leader */
	const struct task_struct *tracer;	/* [r] a group leader */
};

static LIST_HEAD(relations);
static DEFINE_SPINLOCK(relations_lock);

/* ---- who named whom ---- */

/* Drop the relations that @match says. Context: relations_lock. */
static void drop_relations(const struct task_struct *tracee, const struct task_struct *tracer)
{
	struct relation *r, *next;

	list_for_each_entry_safe(r, next, &relations, link) {
		if (r->tracee != tracee && (!tracer || r->tracer != tracer))
			continue;
		list_del(&r->link);
		kfree(r);
	}
}

static int add_relation(const struct task_struct *tracee, const struct task_struct *tracer)
{
	struct relation *new = kmalloc(sizeof(*new), GFP_KERNEL);

	if (!new)
		return -ENOMEM;
	new->tracee = tracee;
	new->tracer = tracer;
	spin_lock(&relations_lock);
	drop_relations(tracee, NULL);
	list_add(&new->link, &relations);
	spin_unlock(&relations_lock);
	return 0;
}

static void yama_task_free(struct task_struct *tsk)
{
	if (likely(list_empty_careful(&relations)))
		return;
	spin_lock(&relations_lock);
	drop_relations(tsk, tsk);
	spin_unlock(&relations_lock);
}

static int yama_task_prctl(int option, unsigned long arg2)
{
	struct task_struct *me = current->group_leader, *tracer;
	int err;

	if (option != PR_SET_PTRACER)
		return -ENOSYS;
	if (!arg2) {
		spin_lock(&relations_lock);
		drop_relations(me, NULL);
		spin_unlock(&relations_lock);
		return 0;
	}
	if (arg2 == PR_SET_PTRACER_ANY)
		return add_relation(me, NULL);
	tracer = find_get_task_by_pid_ns(arg2, current_pid_ns());
	if (!tracer)
		return -EINVAL;
	/* While we hold it, it is not freed: its relations are complete before it goes. */
	err = add_relation(me, tracer->group_leader);
	put_task_struct(tracer);
	return err;
}

/* ---- the checks ---- */

/* Context: rcu_read_lock. */
static bool is_descendant(const struct task_struct *ancestor, const struct task_struct *tsk)
{
	const struct task_struct *leader = ancestor->group_leader;
	const struct task_struct *walk = tsk->group_leader;

	for (; walk->pid; walk = rcu_dereference(walk->real_parent)->group_leader)
		if (walk == leader)
			return true;
	return false;
}

/* Context: rcu_read_lock. */
static bool is_named(const struct task_struct *tracer, const struct task_struct *tracee)
{
	const struct task_struct *leader = tracee->group_leader;
	const struct relation *r;
	bool named = false;

	spin_lock(&relations_lock);
	list_for_each_entry(r, &relations, link)
		if (r->tracee == leader)
			named = !r->tracer || is_descendant(r->tracer, tracer);
	spin_unlock(&relations_lock);
	return named;
}

static int related(struct task_struct *child)
{
	bool ok;

	rcu_read_lock();
	ok = is_descendant(current, child) || is_named(current, child) ||
	     ns_capable(child->real_cred->user_ns, CAP_SYS_PTRACE);
	rcu_read_unlock();
	return ok ? 0 : -EPERM;
}

static int privileged(struct task_struct *child)
{
	bool ok;

	rcu_read_lock();
	ok = ns_capable(child->real_cred->user_ns, CAP_SYS_PTRACE);
	rcu_read_unlock();
	return ok ? 0 : -EPERM;
}

static int yama_ptrace_access_check(struct task_struct *child, bool attach)
{
	int err;

	if (!attach)
		return 0;
	switch (READ_ONCE(ptrace_scope)) {
	case SCOPE_CLASSIC:
		return 0;
	case SCOPE_RELATIONAL:
		err = related(child);
		break;
	case SCOPE_CAPABILITY:
		err = privileged(child);
		break;
	default:
		err = -EPERM;
	}
	if (err)
		pr_debug("%s[%d] may not trace %s[%d]\n", current->comm, current->pid,
			 child->comm, child->pid);
	return err;
}

static int yama_ptrace_traceme(struct task_struct *parent)
{
	switch (READ_ONCE(ptrace_scope)) {
	case SCOPE_CLASSIC:
	case SCOPE_RELATIONAL:
		return 0;
	case SCOPE_CAPABILITY:
		return has_ns_capability(parent, current_user_ns(), CAP_SYS_PTRACE) ? 0 : -EPERM;
	default:
		return -EPERM;
	}
}

/* ---- /proc/sys/kernel/yama ---- */

static int get_scope(char *buf, size_t size)
{
	return scnprintf(buf, size, "%d", READ_ONCE(ptrace_scope));
}

/* Once nobody may attach, only the next boot changes it. */
static int set_scope(char *text)
{
	int scope;

	if (!capable(CAP_SYS_PTRACE))
		return -EPERM;
	if (kstrtoint(text, 10, &scope) || scope < SCOPE_CLASSIC || scope > SCOPE_NO_ATTACH)
		return -EINVAL;
	if (ptrace_scope == SCOPE_NO_ATTACH && scope != SCOPE_NO_ATTACH)
		return -EINVAL;
	WRITE_ONCE(ptrace_scope, scope);
	return 0;
}

static const struct ctl_table yama_table[] = {
	{ .name = "ptrace_scope", .mode = 0644, .kind = CTL_CALL, .get = get_scope,
	  .set = set_scope },
};

static int __init yama_init(void)
{
	return register_sysctl("kernel/yama", yama_table, ARRAY_SIZE(yama_table));
}
late_initcall(yama_init);

const struct security_operations yama_ops = {
	.name			= "yama",
	.task_free		= yama_task_free,
	.ptrace_access_check	= yama_ptrace_access_check,
	.ptrace_traceme		= yama_ptrace_traceme,
	.task_prctl		= yama_task_prctl,
};

// SPDX-License-Identifier: GPL-2.0-only
/*
 * PID namespaces: making one, the end of one, /proc/<pid>/ns/pid and ns_last_pid. The numbers
 * themselves are in pid.c.
 * Locks: tasklist_lock for child_reaper, pidmap_lock (pid.c) for the numbers.
 */
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/err.h>
#include <linux/init.h>
#include <linux/kstrtox.h>
#include <linux/mm.h>
#include <linux/nsproxy.h>
#include <linux/pid_namespace.h>
#include <linux/signal.h>
#include <linux/slab.h>
#include <linux/sysctl.h>
#include <linux/user_namespace.h>
#include <uapi/linux/wait.h>

#define MAX_PID_NS_LEVEL	32

struct pid_namespace init_pid_ns = {
	.ns = NS_COMMON_INIT(NS_INUM_PID, &pidns_operations),
	.user_ns = &init_user_ns,
	.child_reaper = &init_task,
};

static struct pid_namespace *alloc_pid_ns(struct user_namespace *owner,
					  struct pid_namespace *parent)
{
	struct pid_namespace *ns = kzalloc(sizeof(*ns), GFP_KERNEL);
	int err;

	if (!ns)
		return ERR_PTR(-ENOMEM);
	err = ns_common_init(&ns->ns, &pidns_operations);
	if (err) {
		kfree(ns);
		return ERR_PTR(err);
	}
	ns->parent = get_pid_ns(parent);
	ns->level = parent->level + 1;
	ns->user_ns = get_user_ns(owner);
	return ns;
}

/**
 * copy_pid_ns - a new pid namespace below current's
 * @owner: the user namespace whose capabilities count in it
 * @old: where current's children would be born
 *
 * Context: may sleep.
 * Return: it, with one reference; ERR_PTR(-EINVAL) when current's children are born in another
 * than its own already, or @owner is not below the parent's; -ENOSPC beyond 32 levels or the
 * limit; -ENOMEM. Source: pid_namespaces(7).
 */
struct pid_namespace *copy_pid_ns(struct user_namespace *owner, struct pid_namespace *old)
{
	struct pid_namespace *ns;
	struct ucounts *ucounts;

	if (current_pid_ns() != old || !in_userns(old->user_ns, owner))
		return ERR_PTR(-EINVAL);
	if (old->level >= MAX_PID_NS_LEVEL)
		return ERR_PTR(-ENOSPC);
	ucounts = inc_ucount(owner, current_euid(), UCOUNT_PID_NAMESPACES);
	if (!ucounts)
		return ERR_PTR(-ENOSPC);
	ns = alloc_pid_ns(owner, old);
	if (IS_ERR(ns))
		dec_ucount(ucounts, UCOUNT_PID_NAMESPACES);
	else
		ns->ucounts = ucounts;
	return ns;
}

/* No task has a number in it any more. It may have been its parent's last user. */
void __put_pid_ns(struct pid_namespace *ns)
{
	struct pid_namespace *parent;
	unsigned int i;

	do {
		parent = ns->parent;
		for (i = 0; i < PIDMAP_PAGES; i++)
			free_page((unsigned long)ns->pidmap[i]);
		dec_ucount(ns->ucounts, UCOUNT_PID_NAMESPACES);
		put_user_ns(ns->user_ns);
		ns_common_free(&ns->ns);
		kfree(ns);
		ns = parent;
	} while (ns != &init_pid_ns && refcount_dec_and_test(&ns->ns.count));
}

/* ---- init is dead ---- */

static void kill_all_in(struct pid_namespace *ns)
{
	struct task_struct *tsk;
	struct pid *pid;
	int nr = 2;

	read_lock(&tasklist_lock);
	while ((pid = find_ge_pid(nr, ns)) != NULL) {
		nr = pid_nr_ns(pid, ns) + 1;
		tsk = pid_task(pid, PIDTYPE_PID);
		if (tsk && !same_thread_group(tsk, current) && !__fatal_signal_pending(tsk))
			group_send_sig_info(SIGKILL, SEND_SIG_PRIV, tsk, PIDTYPE_MAX);
	}
	read_unlock(&tasklist_lock);
}

/* What died among our children before SIGCHLD was ignored waits for us. */
static void reap_all(void)
{
	long ret;

	do {
		clear_thread_flag(TIF_SIGPENDING);
		ret = kernel_wait4(-1, NULL, __WALL, NULL);
	} while (ret != -ECHILD);
}

/**
 * zap_pid_ns_processes - the last thread of a namespace's init dies: so do all others in it
 * @ns: current's own
 *
 * Returns when nobody else has a number in @ns. Some may have parents outside, who must reap
 * them first.
 * Context: do_exit(), no locks; sleeps.
 */
void zap_pid_ns_processes(struct pid_namespace *ns)
{
	struct sighand_struct *sighand = current->sighand;
	/* A leader that died before this thread stays a zombie until its parent reaps it. */
	unsigned int own = thread_group_leader(current) ? 1 : 2;

	pid_ns_set_dying(ns);
	spin_lock_irq(&sighand->siglock);
	sighand->action[SIGCHLD - 1].sa.sa_handler = SIG_IGN;
	spin_unlock_irq(&sighand->siglock);
	kill_all_in(ns);
	reap_all();
	for (;;) {
		set_current_state(TASK_IDLE);
		if (pid_ns_is_empty(ns, own))
			break;
		schedule();
	}
	__set_current_state(TASK_RUNNING);
}

/* ---- /proc/<pid>/ns/pid, pid_for_children, setns ---- */

static struct pid_namespace *to_pid_ns(struct ns_common *ns)
{
	return container_of(ns, struct pid_namespace, ns);
}

static struct ns_common *pidns_get(struct task_struct *tsk)
{
	struct pid_namespace *ns;

	rcu_read_lock();
	ns = task_active_pid_ns(tsk);
	if (ns)
		get_pid_ns(ns);
	rcu_read_unlock();
	return ns ? &ns->ns : NULL;
}

/* Nobody may be born before the init. */
static struct ns_common *pidns_for_children_get(struct task_struct *tsk)
{
	struct pid_namespace *ns = NULL;
	bool has_init;

	task_lock(tsk);
	if (tsk->nsproxy)
		ns = get_pid_ns(tsk->nsproxy->pid_ns_for_children);
	task_unlock(tsk);
	if (!ns)
		return NULL;
	read_lock(&tasklist_lock);
	has_init = ns->child_reaper;
	read_unlock(&tasklist_lock);
	if (has_init)
		return &ns->ns;
	put_pid_ns(ns);
	return NULL;
}

static void pidns_put(struct ns_common *ns)
{
	put_pid_ns(to_pid_ns(ns));
}

static bool pid_ns_is_below(const struct pid_namespace *ns, const struct pid_namespace *top)
{
	while (ns && ns->level > top->level)
		ns = ns->parent;
	return ns == top;
}

/* Only children are moved, and only downwards: numbers are for life. */
static int pidns_install(struct nsset *nsset, struct ns_common *new)
{
	struct pid_namespace *ns = to_pid_ns(new);

	if (!ns_capable(ns->user_ns, CAP_SYS_ADMIN) ||
	    !ns_capable(nsset_user_ns(nsset), CAP_SYS_ADMIN))
		return -EPERM;
	if (!pid_ns_is_below(ns, current_pid_ns()))
		return -EINVAL;
	put_pid_ns(nsset->nsproxy->pid_ns_for_children);
	nsset->nsproxy->pid_ns_for_children = get_pid_ns(ns);
	return 0;
}

static struct user_namespace *pidns_owner(struct ns_common *ns)
{
	return to_pid_ns(ns)->user_ns;
}

static struct ns_common *pidns_parent(struct ns_common *ns)
{
	struct pid_namespace *parent = to_pid_ns(ns)->parent;

	if (!parent || !pid_ns_is_below(parent, current_pid_ns()))
		return ERR_PTR(-EPERM);
	return &get_pid_ns(parent)->ns;
}

const struct ns_operations pidns_operations = {
	.name		= "pid",
	.kind		= "pid",
	.type		= CLONE_NEWPID,
	.get		= pidns_get,
	.put		= pidns_put,
	.install	= pidns_install,
	.owner		= pidns_owner,
	.get_parent	= pidns_parent,
};

const struct ns_operations pidns_for_children_operations = {
	.name		= "pid_for_children",
	.kind		= "pid",
	.type		= CLONE_NEWPID,
	.get		= pidns_for_children_get,
	.put		= pidns_put,
	.install	= pidns_install,
	.owner		= pidns_owner,
	.get_parent	= pidns_parent,
};

/* ---- /proc/sys/kernel/ns_last_pid: of the reader's namespace ---- */

static int get_ns_last_pid(char *buf, size_t size)
{
	return scnprintf(buf, size, "%d", pid_last_allocated(current_pid_ns()));
}

static int set_ns_last_pid(char *text)
{
	struct pid_namespace *ns = current_pid_ns();
	int nr;

	if (!ns_capable(ns->user_ns, CAP_CHECKPOINT_RESTORE) &&
	    !ns_capable(ns->user_ns, CAP_SYS_ADMIN))
		return -EPERM;
	if (kstrtoint(text, 0, &nr) || nr < 0 || nr > pid_max)
		return -EINVAL;
	pid_set_last_allocated(ns, nr);
	return 0;
}

static const struct ctl_table pidns_table[] = {
	{ .name = "ns_last_pid", .mode = 0666, .kind = CTL_CALL, .get = get_ns_last_pid,
	  .set = set_ns_last_pid },
};

static int __init pidns_sysctl_init(void)
{
	return register_sysctl("kernel", pidns_table, ARRAY_SIZE(pidns_table));
}
fs_initcall(pidns_sysctl_init);

// SPDX-License-Identifier: GPL-2.0-only
/*
 * IPC namespaces: who shares which System V objects.
 */
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/err.h>
#include <linux/init.h>
#include <linux/ipc_namespace.h>
#include <linux/slab.h>
#include <linux/user_namespace.h>
#include "util.h"

struct ipc_namespace init_ipc_ns = {
	.ns = NS_COMMON_INIT(NS_INUM_IPC, &ipcns_operations),
	.user_ns = &init_user_ns,
};

static void init_ids(struct ipc_ids *ids)
{
	init_rwsem(&ids->rwsem, LOCK_RANK_IPC_IDS);
	idr_init(&ids->objects);
	ids->max_index = -1;
	ids->last_index = -1;
	ids->next_id = -1;
}

static void init_ns(struct ipc_namespace *ns)
{
	int i;

	for (i = 0; i < IPC_NR_IDS; i++)
		init_ids(&ns->ids[i]);
	sem_init_ns(ns);
	msg_init_ns(ns);
	shm_init_ns(ns);
	mq_init_ns(ns);
}

/**
 * copy_ipcs - a new IPC namespace, with nothing in it and the limits of a fresh boot
 * @owner: the user namespace whose capabilities count in it
 *
 * Context: may sleep.
 * Return: it, with one reference, or ERR_PTR(-ENOSPC, -ENOMEM).
 */
struct ipc_namespace *copy_ipcs(struct user_namespace *owner, struct ipc_namespace *old)
{
	struct ucounts *ucounts = inc_ucount(owner, current_euid(), UCOUNT_IPC_NAMESPACES);
	struct ipc_namespace *ns;
	int err;

	if (!ucounts)
		return ERR_PTR(-ENOSPC);
	ns = kzalloc(sizeof(*ns), GFP_KERNEL);
	err = ns ? ns_common_init(&ns->ns, &ipcns_operations) : -ENOMEM;
	if (err) {
		kfree(ns);
		dec_ucount(ucounts, UCOUNT_IPC_NAMESPACES);
		return ERR_PTR(err);
	}
	ns->ucounts = ucounts;
	ns->user_ns = get_user_ns(owner);
	init_ns(ns);
	return ns;
}

/* Context: sleeps. */
void put_ipc_ns(struct ipc_namespace *ns)
{
	if (!refcount_dec_and_test(&ns->ns.count))
		return;
	mq_exit_ns(ns);
	sem_exit_ns(ns);
	msg_exit_ns(ns);
	shm_exit_ns(ns);
	dec_ucount(ns->ucounts, UCOUNT_IPC_NAMESPACES);
	put_user_ns(ns->user_ns);
	ns_common_free(&ns->ns);
	kfree_rcu(ns, rcu);
}

/* ---- /proc/<pid>/ns/ipc and setns ---- */

static struct ipc_namespace *to_ipc(struct ns_common *ns)
{
	return container_of(ns, struct ipc_namespace, ns);
}

static struct ns_common *ipcns_get(struct task_struct *tsk)
{
	struct ns_common *ns = NULL;

	task_lock(tsk);
	if (tsk->nsproxy)
		ns = &get_ipc_ns(tsk->nsproxy->ipc_ns)->ns;
	task_unlock(tsk);
	return ns;
}

static void ipcns_put(struct ns_common *ns)
{
	put_ipc_ns(to_ipc(ns));
}

static int ipcns_install(struct nsset *nsset, struct ns_common *new)
{
	struct ipc_namespace *ns = to_ipc(new);

	if (!ns_capable(ns->user_ns, CAP_SYS_ADMIN) ||
	    !ns_capable(nsset_user_ns(nsset), CAP_SYS_ADMIN))
		return -EPERM;
	get_ipc_ns(ns);
	put_ipc_ns(nsset->nsproxy->ipc_ns);
	nsset->nsproxy->ipc_ns = ns;
	return 0;
}

static struct user_namespace *ipcns_owner(struct ns_common *ns)
{
	return to_ipc(ns)->user_ns;
}

const struct ns_operations ipcns_operations = {
	.name		= "ipc",
	.kind		= "ipc",
	.type		= CLONE_NEWIPC,
	.get		= ipcns_get,
	.put		= ipcns_put,
	.install	= ipcns_install,
	.owner		= ipcns_owner,
};

static int __init ipc_init(void)
{
	init_ns(&init_ipc_ns);
	return 0;
}
core_initcall(ipc_init);

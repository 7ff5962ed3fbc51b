// SPDX-License-Identifier: GPL-2.0-only
/*
 * uts namespaces: a host name and a domain name for those who live in them (uts_namespaces(7)).
 * uts_sem guards the names; system calls on them are in sys.c.
 */
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/err.h>
#include <linux/rwsem.h>
#include <linux/slab.h>
#include <linux/sysctl.h>
#include <linux/user_namespace.h>
#include <linux/utsname.h>
#include <generated/utsrelease.h>

DECLARE_RWSEM(uts_sem);
DEFINE_CTL_WATCH(hostname_watch);
DEFINE_CTL_WATCH(domainname_watch);

struct uts_namespace init_uts_ns = {
	.name = {
		.sysname = "Linux",
		.nodename = "(none)",
		.release = UTS_RELEASE,
		.version = UTS_VERSION,
		.machine = "x86_64",
		.domainname = "(none)",
	},
	.user_ns = &init_user_ns,
	.ns = NS_COMMON_INIT(NS_INUM_UTS, &utsns_operations),
};

/**
 * copy_utsname - a new uts namespace with the names of another
 * @owner: the user namespace whose capabilities count in it
 * @old: whose names it gets
 *
 * Context: may sleep.
 * Return: it, with one reference, or ERR_PTR(-ENOSPC, -ENOMEM).
 */
struct uts_namespace *copy_utsname(struct user_namespace *owner, struct uts_namespace *old)
{
	struct ucounts *ucounts = inc_ucount(owner, current_euid(), UCOUNT_UTS_NAMESPACES);
	struct uts_namespace *ns;
	int err;

	if (!ucounts)
		return ERR_PTR(-ENOSPC);
	ns = kzalloc(sizeof(*ns), GFP_KERNEL);
	err = ns ? ns_common_init(&ns->ns, &utsns_operations) : -ENOMEM;
	if (err) {
		kfree(ns);
		dec_ucount(ucounts, UCOUNT_UTS_NAMESPACES);
		return ERR_PTR(err);
	}
	ns->ucounts = ucounts;
	ns->user_ns = get_user_ns(owner);
	down_read(&uts_sem);
	ns->name = old->name;
	up_read(&uts_sem);
	return ns;
}

void put_uts_ns(struct uts_namespace *ns)
{
	if (!refcount_dec_and_test(&ns->ns.count))
		return;
	dec_ucount(ns->ucounts, UCOUNT_UTS_NAMESPACES);
	put_user_ns(ns->user_ns);
	ns_common_free(&ns->ns);
	kfree(ns);
}

/* ---- /proc/<pid>/ns/uts and setns ---- */

static struct uts_namespace *to_uts(struct ns_common *ns)
{
	return container_of(ns, struct uts_namespace, ns);
}

static struct ns_common *uts_get(struct task_struct *tsk)
{
	struct ns_common *ns = NULL;

	task_lock(tsk);
	if (tsk->nsproxy)
		ns = &get_uts_ns(tsk->nsproxy->uts_ns)->ns;
	task_unlock(tsk);
	return ns;
}

static void uts_put(struct ns_common *ns)
{
	put_uts_ns(to_uts(ns));
}

static int uts_install(struct nsset *nsset, struct ns_common *new)
{
	struct uts_namespace *ns = to_uts(new);

	if (!ns_capable(ns->user_ns, CAP_SYS_ADMIN) ||
	    !ns_capable(nsset_user_ns(nsset), CAP_SYS_ADMIN))
		return -EPERM;
	get_uts_ns(ns);
	put_uts_ns(nsset->nsproxy->uts_ns);
	nsset->nsproxy->uts_ns = ns;
	return 0;
}

static struct user_namespace *uts_owner(struct ns_common *ns)
{
	return to_uts(ns)->user_ns;
}

const struct ns_operations utsns_operations = {
	.name		= "uts",
	.kind		= "uts",
	.type		= CLONE_NEWUTS,
	.get		= uts_get,
	.put		= uts_put,
	.install	= uts_install,
	.owner		= uts_owner,
};

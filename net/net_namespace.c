// SPDX-License-Identifier: GPL-2.0-only
/*
 * Network namespaces: life, /proc/<pid>/ns/net, setns(2). What is in one lives with its subject.
 * Locks: none; the count decides.
 */
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/err.h>
#include <linux/init.h>
#include <linux/slab.h>
#include <linux/user_namespace.h>
#include <net/net_namespace.h>
#include <net/sock.h>

static struct kmem_cache *net_cachep;

struct net init_net = {
	.ns = NS_COMMON_INIT(NS_INUM_NET, &netns_operations),
	.user_ns = &init_user_ns,
	.somaxconn = SOMAXCONN,
	.unix_max_dgram_qlen = UNIX_MAX_DGRAM_QLEN,
	.ipv4_port_low = IPV4_PORT_LOW,
	.ipv4_port_high = IPV4_PORT_HIGH,
	.ipv4_unprivileged_port = IPV4_UNPRIVILEGED_PORT,
};

/* ---- life ---- */

static void free_net(struct work_struct *work)
{
	struct net *net = container_of(work, struct net, free_work);

	loopback_free(&net->lo);
	dec_ucount(net->ucounts, UCOUNT_NET_NAMESPACES);
	put_user_ns(net->user_ns);
	ns_common_free(&net->ns);
	kmem_cache_free(net_cachep, net);
}

/* The last reference is gone: there is no socket, no task and no file any more. */
void __put_net(struct net *net)
{
	schedule_work(&net->free_work);
}

static void init_values(struct net *net)
{
	net->somaxconn = SOMAXCONN;
	net->unix_max_dgram_qlen = UNIX_MAX_DGRAM_QLEN;
	net->ipv4_port_low = IPV4_PORT_LOW;
	net->ipv4_port_high = IPV4_PORT_HIGH;
	net->ipv4_unprivileged_port = IPV4_UNPRIVILEGED_PORT;
	ipv4_conf_init(net);
	loopback_init(&net->lo);
}

/**
 * copy_net_ns - a new network namespace: no names, and a loopback device that is down
 * @owner: the user namespace whose capabilities count in it
 *
 * Context: may sleep.
 * Return: it, with one reference, or ERR_PTR(-ENOSPC, -ENOMEM).
 */
struct net *copy_net_ns(struct user_namespace *owner)
{
	struct ucounts *ucounts = inc_ucount(owner, current_euid(), UCOUNT_NET_NAMESPACES);
	struct net *net;
	int err;

	if (!ucounts)
		return ERR_PTR(-ENOSPC);
	net = kmem_cache_zalloc(net_cachep, GFP_KERNEL);
	err = net ? ns_common_init(&net->ns, &netns_operations) : -ENOMEM;
	if (err) {
		if (net)
			kmem_cache_free(net_cachep, net);
		dec_ucount(ucounts, UCOUNT_NET_NAMESPACES);
		return ERR_PTR(err);
	}
	net->ucounts = ucounts;
	net->user_ns = get_user_ns(owner);
	INIT_WORK(&net->free_work, free_net);
	init_values(net);
	return net;
}

struct net *get_task_net(struct task_struct *tsk)
{
	struct net *net = NULL;

	task_lock(tsk);
	if (tsk->nsproxy)
		net = get_net(tsk->nsproxy->net_ns);
	task_unlock(tsk);
	return net;
}

void *locate_in_net(void *offset)
{
	return (char *)current_net() + (size_t)offset;
}

/* ---- /proc/<pid>/ns/net and setns ---- */

static struct net *to_net(struct ns_common *ns)
{
	return container_of(ns, struct net, ns);
}

static struct ns_common *netns_get(struct task_struct *tsk)
{
	struct net *net = get_task_net(tsk);

	return net ? &net->ns : NULL;
}

static void netns_put(struct ns_common *ns)
{
	put_net(to_net(ns));
}

static int netns_install(struct nsset *nsset, struct ns_common *new)
{
	struct net *net = to_net(new);

	if (!ns_capable(net->user_ns, CAP_SYS_ADMIN) ||
	    !ns_capable(nsset_user_ns(nsset), CAP_SYS_ADMIN))
		return -EPERM;
	get_net(net);
	put_net(nsset->nsproxy->net_ns);
	nsset->nsproxy->net_ns = net;
	return 0;
}

static struct user_namespace *netns_owner(struct ns_common *ns)
{
	return to_net(ns)->user_ns;
}

const struct ns_operations netns_operations = {
	.name		= "net",
	.kind		= "net",
	.type		= CLONE_NEWNET,
	.get		= netns_get,
	.put		= netns_put,
	.install	= netns_install,
	.owner		= netns_owner,
};

static int __init net_ns_init(void)
{
	net_cachep = kmem_cache_create("net_namespace", sizeof(struct net), 0, SLAB_PANIC, NULL);
	loopback_init(&init_net.lo);
	return 0;
}
core_initcall(net_ns_init);

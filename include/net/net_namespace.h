/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Network namespaces (network_namespaces(7)): the names, numbers and devices that a socket can
 * reach. Whoever can still make a socket in one holds a reference, and so does each socket; with
 * the last one it goes, in a work item, since that may happen anywhere.
 */
#ifndef _NET_NET_NAMESPACE_H
#define _NET_NET_NAMESPACE_H

#include <linux/list.h>
#include <linux/ns_common.h>
#include <linux/nsproxy.h>
#include <linux/workqueue.h>
#include <net/loopback.h>

#define UNIX_MAX_DGRAM_QLEN	10
#define IPV4_PORT_LOW		32768
#define IPV4_PORT_HIGH		60999
#define IPV4_UNPRIVILEGED_PORT	1024

struct ucounts;
struct user_namespace;

/* One directory of /proc/sys/net/ipv4/conf. */
enum ipv4_conf_dir {
	IPV4_CONF_ALL,
	IPV4_CONF_DEFAULT,
	IPV4_CONF_LO,
	NR_IPV4_CONF_DIRS
};

/*
 * Locks: [I] immutable   [o] one word, written whole, read without   [c] conf_lock to write
 */
struct net {
	struct ns_common ns;
	struct user_namespace *user_ns;	/* [I] holds a reference */
	struct ucounts *ucounts;	/* [I] charged for it; NULL for init_net */
	struct work_struct free_work;	/* scheduled by the last put */
	struct loopback lo;
	int somaxconn;			/* [o] longest queue of a listener */
	int unix_max_dgram_qlen;	/* [o] */
	int ipv4_port_low, ipv4_port_high;	/* [o] that connect() and bind(0) choose from */
	int ipv4_unprivileged_port;	/* [o] the first for everybody */
	int ipv4_tag[NR_IPV4_CONF_DIRS];	/* [c] */
	bool ipv4_lo_tag_set;		/* [c] it does not follow the default any more */
};

extern struct net init_net;

/* Context: may sleep. Return: a new one with one reference, or ERR_PTR(-ENOSPC, -ENOMEM). */
struct net *copy_net_ns(struct user_namespace *owner);
void __put_net(struct net *net);

/* The first is for ever: its sockets must not fight for one count. */
static inline struct net *get_net(struct net *net)
{
	if (unlikely(net != &init_net))
		refcount_inc(&net->ns.count);
	return net;
}

/* Context: any. */
static inline void put_net(struct net *net)
{
	if (unlikely(net != &init_net) && refcount_dec_and_test(&net->ns.count))
		__put_net(net);
}

/* Current's, borrowed; the first when it is past giving up its own. */
static inline struct net *current_net(void)
{
	return current->nsproxy ? current->nsproxy->net_ns : &init_net;
}

/* @tsk's with a reference; NULL: it has none any more. */
struct net *get_task_net(struct task_struct *tsk);

/* net/sysctl.c: the values of a new one. */
void ipv4_conf_init(struct net *net);
/* For ctl_table.locate: the field at @offset in current's namespace. */
void *locate_in_net(void *offset);

#endif

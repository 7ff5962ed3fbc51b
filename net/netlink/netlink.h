/* SPDX-License-Identifier: GPL-2.0-only */
/* Shared by the files of net/netlink/ only. */
#ifndef _NETLINK_INTERNAL_H
#define _NETLINK_INTERNAL_H

#include <linux/bitmap.h>
#include <linux/list.h>
#include <linux/netlink.h>
#include <linux/refcount.h>
#include <net/sock.h>

#define NETLINK_MAX_GROUP	64

/* A message, shared by all the queues that it stands in. */
struct netlink_msg {
	refcount_t refs;
	u32 portid;			/* the sender's, 0: the kernel */
	u32 group;			/* it was sent to, 0: to the socket alone */
	pid_t pid;			/* the sender's credentials */
	uid_t uid;
	gid_t gid;
	size_t len;
	char data[];
};

/* One place in a queue. */
struct netlink_slot {
	struct list_head link;
	struct netlink_msg *msg;
};

/*
 * Locks: [s] sk.lock   [t] netlink_table_lock   [I] immutable   [a] atomic
 */
struct netlink_sock {
	struct sock sk;			/* first */
	const struct netlink_protocol *proto;	/* [I] */
	struct hlist_node node;		/* [t] */
	u32 portid;			/* [t] 0: not bound */
	u32 dst_portid, dst_group;	/* [s] connect() */
	DECLARE_BITMAP(groups, NETLINK_MAX_GROUP + 1);	/* [t] bit n: member of group n */
	struct list_head queue;		/* [s] struct netlink_slot */
	size_t queued;			/* [s] bytes */
	unsigned int drops;		/* [s] messages that found no room */
	bool congested;			/* [s] a message was lost: drop until it is read empty */
	bool no_enobufs, pktinfo, cap_ack, ext_ack, strict;	/* [s] options */
	const char *ext_text;		/* [s] why the last request is refused, or NULL */
	atomic_t cookie;		/* [a] of the protocol */
};

static inline struct netlink_sock *netlink_sk(const struct sock *sk)
{
	return container_of(sk, struct netlink_sock, sk);
}

/* call @fn for each socket of @net under netlink_table_lock */
void netlink_for_each(struct net *net, void (*fn)(struct netlink_sock *nls, void *arg), void *arg);
struct netlink_msg *netlink_msg_alloc(size_t len, gfp_t gfp);
void netlink_msg_put(struct netlink_msg *msg);
int netlink_enqueue(struct netlink_sock *nls, struct netlink_msg *msg);
void netlink_purge(struct netlink_sock *nls);
ssize_t netlink_recvmsg(struct socket *sock, struct msghdr *msg, size_t size, int flags);

#endif

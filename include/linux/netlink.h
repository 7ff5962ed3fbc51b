/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * AF_NETLINK inside the kernel: a protocol registers once and gets what users send to it; it
 * sends to one socket or to a group. Owner: net/netlink/.
 */
#ifndef _LINUX_NETLINK_H_K
#define _LINUX_NETLINK_H_K

#include <uapi/linux/netlink.h>
#include <linux/atomic.h>
#include <linux/types.h>

struct net;
struct netlink_sock;
struct sock;

struct netlink_protocol {
	int protocol;			/* NETLINK_* */
	u32 groups;			/* highest group */
	bool anyone_listens;		/* joining a group needs no CAP_NET_ADMIN */
	bool anyone_sends;		/* so does sending to others */
	bool first_ns_only;		/* in other network namespaces nobody listens in the kernel */
	/*
	 * A whole message from a user: @nlh->nlmsg_len bytes are there. NULL: nobody listens in
	 * the kernel. Context: the sender's task. Return: 0 or -errno, for the acknowledgement; or
	 * NETLINK_NO_ACK.
	 */
	int (*input)(struct netlink_sock *from, const struct nlmsghdr *nlh);
	void (*release)(struct netlink_sock *nls);	/* a socket goes; or NULL */
};

void netlink_register(const struct netlink_protocol *proto);
bool netlink_has_listeners(struct net *net, int protocol, u32 group);
void netlink_broadcast(struct net *net, int protocol, u32 group, const void *data, size_t len);
int netlink_reply(struct netlink_sock *to, const void *data, size_t len);
int netlink_unicast(const struct net *net, int protocol, u32 portid, const void *data, size_t len);
int netlink_sock_send(struct sock *sk, const void *data, size_t len);
/* From input(): the dump went out, and its end is all the answer. */
#define NETLINK_NO_ACK	1
/* From input(): words that explain the error, for those who asked for them. @text is constant. */
void netlink_ext_ack(struct netlink_sock *from, const char *text);
u32 netlink_portid(const struct netlink_sock *nls);
struct net *netlink_net(const struct netlink_sock *nls);
/* A counter of the protocol's own for each socket. */
atomic_t *netlink_cookie(struct netlink_sock *nls);

#endif

// SPDX-License-Identifier: GPL-2.0-only
/*
 * AF_NETLINK: sockets that talk to the kernel, and to each other, in messages (netlink(7)).
 * Locks: netlink_table_lock for who is bound where; it is taken before a sock->lock.
 */
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/err.h>
#include <linux/init.h>
#include <linux/pid.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/uio.h>
#include <net/net_namespace.h>
#include <net/scm.h>
#include "netlink.h"

#define EXT_ACK_ROOM	64	/* for the words of an error, with their header */

static DEFINE_SPINLOCK(netlink_table_lock);
static const struct netlink_protocol *protocols[MAX_LINKS];
static HLIST_HEAD(netlink_socks);	/* [t] */
static const struct proto_ops netlink_ops;

/* Boot only. */
void netlink_register(const struct netlink_protocol *proto)
{
	ASSERT(proto->groups <= NETLINK_MAX_GROUP);
	protocols[proto->protocol] = proto;
}

u32 netlink_portid(const struct netlink_sock *nls)
{
	return nls->portid;
}

/* Borrowed from the socket. */
struct net *netlink_net(const struct netlink_sock *nls)
{
	return nls->sk.net;
}

atomic_t *netlink_cookie(struct netlink_sock *nls)
{
	return &nls->cookie;
}

/* ---- finding ---- */

static bool is_of(const struct netlink_sock *nls, const struct net *net, int protocol)
{
	return nls->proto->protocol == protocol && nls->sk.net == net;
}

/* Context: netlink_table_lock. */
static struct netlink_sock *__lookup(const struct net *net, int protocol, u32 portid)
{
	struct netlink_sock *nls;

	hlist_for_each_entry(nls, &netlink_socks, node)
		if (is_of(nls, net, protocol) && nls->portid == portid && portid)
			return nls;
	return NULL;
}

/* Return: the socket with a reference, or NULL. */
static struct netlink_sock *lookup(const struct net *net, int protocol, u32 portid)
{
	struct netlink_sock *nls;

	spin_lock(&netlink_table_lock);
	nls = __lookup(net, protocol, portid);
	if (nls)
		sock_hold(&nls->sk);
	spin_unlock(&netlink_table_lock);
	return nls;
}

/**
 * netlink_has_listeners - is anybody a member of a group?
 *
 * Context: any.
 */
bool netlink_has_listeners(struct net *net, int protocol, u32 group)
{
	struct netlink_sock *nls;
	bool found = false;

	spin_lock(&netlink_table_lock);
	hlist_for_each_entry(nls, &netlink_socks, node)
		if (is_of(nls, net, protocol) && test_bit(group, nls->groups))
			found = true;
	spin_unlock(&netlink_table_lock);
	return found;
}

void netlink_for_each(struct net *net, void (*fn)(struct netlink_sock *nls, void *arg), void *arg)
{
	struct netlink_sock *nls;

	spin_lock(&netlink_table_lock);
	hlist_for_each_entry(nls, &netlink_socks, node)
		if (nls->sk.net == net)
			fn(nls, arg);
	spin_unlock(&netlink_table_lock);
}

/* ---- sending, from the kernel ---- */

static struct netlink_msg *kernel_msg(const void *data, size_t len, u32 group)
{
	struct netlink_msg *msg = netlink_msg_alloc(len, GFP_ATOMIC);

	if (msg) {
		memcpy(msg->data, data, len);
		msg->group = group;
	}
	return msg;
}

/* @except: does not get it (the sender), or NULL. Return: how many got it. */
static int broadcast(const struct net *net, int protocol, u32 group, struct netlink_msg *msg,
		     struct netlink_sock *except)
{
	struct netlink_sock *nls;
	int sent = 0;

	spin_lock(&netlink_table_lock);
	hlist_for_each_entry(nls, &netlink_socks, node)
		if (is_of(nls, net, protocol) && nls != except && test_bit(group, nls->groups))
			sent += !netlink_enqueue(nls, msg);
	spin_unlock(&netlink_table_lock);
	return sent;
}

/**
 * netlink_broadcast - send a message to all members of a group
 * @net: whose members
 * @data: whole messages, each with its struct nlmsghdr
 * @len: in bytes
 *
 * A member without room reads ENOBUFS next. Context: task, may hold spinlocks that are taken
 * before sock locks; does not sleep.
 */
void netlink_broadcast(struct net *net, int protocol, u32 group, const void *data, size_t len)
{
	struct netlink_msg *msg = kernel_msg(data, len, group);

	if (!msg)
		return;
	broadcast(net, protocol, group, msg, NULL);
	netlink_msg_put(msg);
}

/**
 * netlink_reply - send to one socket
 *
 * Context: as netlink_broadcast().
 * Return: 0, -ENOMEM, -EAGAIN (no room), -ECONNREFUSED (closed).
 */
int netlink_reply(struct netlink_sock *to, const void *data, size_t len)
{
	struct netlink_msg *msg = kernel_msg(data, len, 0);
	int err;

	if (!msg)
		return -ENOMEM;
	err = netlink_enqueue(to, msg);
	netlink_msg_put(msg);
	return err;
}

/**
 * netlink_unicast - send to the socket that is bound to @portid
 * @net: compared only, may be gone
 *
 * Context: as netlink_broadcast().
 * Return: as netlink_reply(); -ECONNREFUSED also when nobody is bound there.
 */
int netlink_unicast(const struct net *net, int protocol, u32 portid, const void *data, size_t len)
{
	struct netlink_sock *nls = lookup(net, protocol, portid);
	int err;

	if (!nls)
		return -ECONNREFUSED;
	err = netlink_reply(nls, data, len);
	sock_put(&nls->sk);
	return err;
}

/**
 * netlink_sock_send - send to a socket that the caller holds
 * @sk: of AF_NETLINK, else -EINVAL
 *
 * Context: as netlink_broadcast(). Return: as netlink_reply().
 */
int netlink_sock_send(struct sock *sk, const void *data, size_t len)
{
	return sk->family == AF_NETLINK ? netlink_reply(netlink_sk(sk), data, len) : -EINVAL;
}

/* ---- life ---- */

static void netlink_destruct(struct sock *sk)
{
	netlink_purge(netlink_sk(sk));
	kfree(netlink_sk(sk));
}

static int netlink_create(struct net *net, struct socket *sock, int protocol)
{
	struct netlink_sock *nls;

	if (sock->type != SOCK_RAW && sock->type != SOCK_DGRAM)
		return -ESOCKTNOSUPPORT;
	if (protocol < 0 || protocol >= MAX_LINKS || !protocols[protocol])
		return -EPROTONOSUPPORT;
	nls = kzalloc(sizeof(*nls), GFP_KERNEL);
	if (!nls)
		return -ENOMEM;
	sock_init(net, &nls->sk, sock, AF_NETLINK, sock->type, protocol);
	nls->sk.destruct = netlink_destruct;
	nls->proto = protocols[protocol];
	INIT_LIST_HEAD(&nls->queue);
	sock->ops = &netlink_ops;
	sock->sk = &nls->sk;
	spin_lock(&netlink_table_lock);
	hlist_add_head(&nls->node, &netlink_socks);
	spin_unlock(&netlink_table_lock);
	return 0;
}

static void netlink_release(struct socket *sock)
{
	struct netlink_sock *nls = netlink_sk(sock->sk);

	sock->sk = NULL;
	spin_lock(&netlink_table_lock);
	hlist_del(&nls->node);
	spin_unlock(&netlink_table_lock);
	spin_lock(&nls->sk.lock);
	nls->sk.dead = true;
	nls->sk.socket = NULL;
	spin_unlock(&nls->sk.lock);
	if (nls->proto->release)
		nls->proto->release(nls);
	sock_put(&nls->sk);
}

/* ---- names ---- */

static int try_portid(struct netlink_sock *nls, u32 portid)
{
	int err = 0;

	spin_lock(&netlink_table_lock);
	if (nls->portid)
		err = nls->portid == portid ? 0 : -EINVAL;
	else if (__lookup(nls->sk.net, nls->proto->protocol, portid))
		err = -EADDRINUSE;
	else
		nls->portid = portid;
	spin_unlock(&netlink_table_lock);
	return err;
}

/* A port of its own: the process id when it is free, else one that no pid looks like. */
static int autobind(struct netlink_sock *nls)
{
	static atomic_t rover = ATOMIC_INIT(-4096);
	u32 portid = task_tgid_vnr(current);
	int err;

	while ((err = try_portid(nls, portid)) == -EADDRINUSE)
		portid = atomic_dec_return(&rover);
	return err == -EINVAL ? 0 : err;	/* somebody else bound it meanwhile */
}

static bool may_join(const struct netlink_sock *nls)
{
	return nls->proto->anyone_listens || ns_capable(nls->sk.net->user_ns, CAP_NET_ADMIN);
}

static bool may_send(const struct netlink_sock *nls)
{
	return nls->proto->anyone_sends || ns_capable(nls->sk.net->user_ns, CAP_NET_ADMIN);
}

/* The first 32 groups as bits. Context: netlink_table_lock. */
static u32 low_groups(const struct netlink_sock *nls)
{
	return nls->groups[0] >> 1;
}

static int netlink_bind(struct socket *sock, struct sockaddr_storage *addr, int len)
{
	struct netlink_sock *nls = netlink_sk(sock->sk);
	const struct sockaddr_nl *name = (struct sockaddr_nl *)addr;
	u64 groups;
	int err;

	if (len < sizeof(*name) || name->nl_family != AF_NETLINK)
		return -EINVAL;
	groups = name->nl_groups;
	if (groups && !may_join(nls))
		return -EPERM;
	if (nls->proto->groups < 32)
		groups &= (1ull << nls->proto->groups) - 1;
	err = name->nl_pid ? try_portid(nls, name->nl_pid) :
	      nls->portid ? 0 : autobind(nls);
	if (err)
		return err;
	spin_lock(&netlink_table_lock);
	nls->groups[0] = (nls->groups[0] & ~(0xffffffffull << 1)) | groups << 1;
	spin_unlock(&netlink_table_lock);
	return 0;
}

static int netlink_connect(struct socket *sock, struct sockaddr_storage *addr, int len, int flags)
{
	struct netlink_sock *nls = netlink_sk(sock->sk);
	const struct sockaddr_nl *name = (struct sockaddr_nl *)addr;
	int err = 0;

	if (len < (int)sizeof(addr->ss_family))
		return -EINVAL;
	if (addr->ss_family == AF_UNSPEC) {
		nls->dst_portid = 0;
		nls->dst_group = 0;
		return 0;
	}
	if (addr->ss_family != AF_NETLINK || len < (int)sizeof(*name))
		return -EINVAL;
	if ((name->nl_groups || name->nl_pid) && !may_send(nls))
		return -EPERM;
	if (!nls->portid)
		err = autobind(nls);
	if (!err) {
		nls->dst_portid = name->nl_pid;
		nls->dst_group = name->nl_groups ? __builtin_ffs(name->nl_groups) : 0;
	}
	return err;
}

static int netlink_getname(struct socket *sock, struct sockaddr_storage *addr, int peer)
{
	struct netlink_sock *nls = netlink_sk(sock->sk);
	struct sockaddr_nl *name = (struct sockaddr_nl *)addr;

	*name = (struct sockaddr_nl){ .nl_family = AF_NETLINK };
	spin_lock(&netlink_table_lock);
	if (peer) {
		name->nl_pid = nls->dst_portid;
		name->nl_groups = nls->dst_group ? 1u << (nls->dst_group - 1) : 0;
	} else {
		name->nl_pid = nls->portid;
		name->nl_groups = low_groups(nls);
	}
	spin_unlock(&netlink_table_lock);
	return sizeof(*name);
}

/* ---- sending, from users ---- */

void netlink_ext_ack(struct netlink_sock *from, const char *text)
{
	from->ext_text = text;
}

/* The words behind an acknowledgement. Return: its length with them. */
static size_t put_ext_ack(struct nlmsghdr *reply, size_t len, const char *text)
{
	struct nlattr *attr = (struct nlattr *)((char *)reply + NLMSG_ALIGN(len));

	attr->nla_type = NLMSGERR_ATTR_MSG;
	attr->nla_len = NLA_HDRLEN + strlen(text) + 1;
	strcpy((char *)(attr + 1), text);
	reply->nlmsg_flags |= NLM_F_ACK_TLVS;
	return NLMSG_ALIGN(len) + NLA_ALIGN(attr->nla_len);
}

/* NLMSG_ERROR with the header of what it answers, and its body when it failed. */
static void acknowledge(struct netlink_sock *to, const struct nlmsghdr *nlh, int err,
			const char *text)
{
	size_t body = err && !to->cap_ack ? nlh->nlmsg_len : sizeof(*nlh);
	size_t len = NLMSG_HDRLEN + sizeof(int) + body;
	struct nlmsghdr *reply = kzalloc(NLMSG_ALIGN(len) + EXT_ACK_ROOM, GFP_KERNEL);
	struct nlmsgerr *e;

	if (!reply)
		return;
	reply->nlmsg_type = NLMSG_ERROR;
	reply->nlmsg_flags = body == sizeof(*nlh) && to->cap_ack ? NLM_F_CAPPED : 0;
	reply->nlmsg_seq = nlh->nlmsg_seq;
	reply->nlmsg_pid = to->portid;
	e = NLMSG_DATA(reply);
	e->error = err;
	memcpy(&e->msg, nlh, body);
	if (text)
		len = put_ext_ack(reply, len, text);
	reply->nlmsg_len = len;
	netlink_reply(to, reply, len);
	kfree(reply);
}

/* Each whole message in @data goes to the protocol; requests are acknowledged as they ask. */
static void to_kernel(struct netlink_sock *from, const char *data, size_t len)
{
	const struct nlmsghdr *nlh;
	size_t step;
	int err;

	for (; len >= sizeof(*nlh); data += step, len -= step) {
		nlh = (const struct nlmsghdr *)data;
		if (nlh->nlmsg_len < sizeof(*nlh) || nlh->nlmsg_len > len)
			return;
		from->ext_text = NULL;
		err = from->proto->input(from, nlh);
		if (err < 0 || (!err && (nlh->nlmsg_flags & NLM_F_ACK) &&
				(nlh->nlmsg_flags & NLM_F_REQUEST)))
			acknowledge(from, nlh, err, from->ext_ack ? from->ext_text : NULL);
		step = min((size_t)NLMSG_ALIGN(nlh->nlmsg_len), len);
	}
}

static bool kernel_listens(const struct netlink_sock *nls)
{
	return nls->proto->input && (!nls->proto->first_ns_only || nls->sk.net == &init_net);
}

static int to_user(struct netlink_sock *from, struct netlink_msg *msg, u32 portid, u32 group)
{
	struct netlink_sock *to;
	int err;

	if (group) {
		msg->group = group;
		broadcast(from->sk.net, from->proto->protocol, group, msg, from);
		if (!portid && !kernel_listens(from))
			return 0;
	}
	to = lookup(from->sk.net, from->proto->protocol, portid);
	if (!to)
		return -ECONNREFUSED;
	err = netlink_enqueue(to, msg);
	sock_put(&to->sk);
	return err;
}

static int destination(struct netlink_sock *nls, struct msghdr *msg, u32 *portid, u32 *group)
{
	const struct sockaddr_nl *name = (struct sockaddr_nl *)msg->msg_name;

	*portid = nls->dst_portid;
	*group = nls->dst_group;
	if (!msg->msg_namelen)
		return 0;
	if (msg->msg_namelen < (int)sizeof(*name) || name->nl_family != AF_NETLINK)
		return -EINVAL;
	*portid = name->nl_pid;
	*group = name->nl_groups ? __builtin_ffs(name->nl_groups) : 0;
	if ((*portid || *group) && !may_send(nls))
		return -EPERM;
	return 0;
}

static int send_one(struct netlink_sock *nls, struct msghdr *msg, size_t len, u32 portid,
		    u32 group)
{
	struct netlink_msg *m = netlink_msg_alloc(len, GFP_KERNEL);
	int err = 0;

	if (!m)
		return -ENOBUFS;
	m->portid = nls->portid;
	m->pid = current->tgid;
	m->uid = current_uid();
	m->gid = current_gid();
	if (!copy_from_iter_full(m->data, len, &msg->msg_iter))
		err = -EFAULT;
	else if (portid || group)
		err = to_user(nls, m, portid, group);
	else if (kernel_listens(nls))
		to_kernel(nls, m->data, len);
	else
		err = -ECONNREFUSED;
	netlink_msg_put(m);
	return err;
}

static ssize_t netlink_sendmsg(struct socket *sock, struct msghdr *msg, size_t len)
{
	struct netlink_sock *nls = netlink_sk(sock->sk);
	struct scm_cookie scm;
	u32 portid, group;
	int err;

	if (msg->msg_flags & MSG_OOB)
		return -EOPNOTSUPP;
	err = scm_send(msg, &scm, false);
	if (err)
		return err;
	err = destination(nls, msg, &portid, &group);
	if (!err && !nls->portid)
		err = autobind(nls);
	if (!err && len > (size_t)READ_ONCE(nls->sk.sndbuf) - 32)
		err = -EMSGSIZE;
	if (!err)
		err = send_one(nls, msg, len, portid, group);
	scm_destroy(&scm);
	return err ?: (ssize_t)len;
}

/* ---- options ---- */

static int change_membership(struct netlink_sock *nls, unsigned int group, bool join)
{
	if (!may_join(nls))
		return -EPERM;
	if (!group || group - 1 >= nls->proto->groups)
		return -EINVAL;
	spin_lock(&netlink_table_lock);
	assign_bit(group, nls->groups, join);
	spin_unlock(&netlink_table_lock);
	return 0;
}

static bool *option_flag(struct netlink_sock *nls, int name)
{
	switch (name) {
	case NETLINK_PKTINFO:
		return &nls->pktinfo;
	case NETLINK_NO_ENOBUFS:
		return &nls->no_enobufs;
	case NETLINK_CAP_ACK:
		return &nls->cap_ack;
	case NETLINK_EXT_ACK:
		return &nls->ext_ack;
	case NETLINK_GET_STRICT_CHK:
		return &nls->strict;
	default:
		return NULL;
	}
}

static int netlink_setsockopt(struct socket *sock, int level, int name, const void __user *val,
			      int len)
{
	struct netlink_sock *nls = netlink_sk(sock->sk);
	unsigned int number = 0;
	bool *flag;

	if (level != SOL_NETLINK)
		return -ENOPROTOOPT;
	if (len >= (int)sizeof(number) && copy_from_user(&number, val, sizeof(number)))
		return -EFAULT;
	if (name == NETLINK_ADD_MEMBERSHIP || name == NETLINK_DROP_MEMBERSHIP)
		return change_membership(nls, number, name == NETLINK_ADD_MEMBERSHIP);
	flag = option_flag(nls, name);
	if (!flag)
		return -ENOPROTOOPT;
	*flag = number;
	return 0;
}

static int netlink_getsockopt(struct socket *sock, int level, int name, void __user *val,
			      int __user *ulen)
{
	bool *flag;
	int len;

	if (level != SOL_NETLINK)
		return -ENOPROTOOPT;
	if (get_user(len, ulen))
		return -EFAULT;
	if (len < 0)
		return -EINVAL;
	flag = option_flag(netlink_sk(sock->sk), name);
	if (!flag)
		return -ENOPROTOOPT;
	if (len < (int)sizeof(int))
		return -EINVAL;
	if (put_user((int)*flag, (int __user *)val) || put_user((int)sizeof(int), ulen))
		return -EFAULT;
	return 0;
}

static __poll_t netlink_poll(struct file *file, struct socket *sock, poll_table *pt)
{
	struct netlink_sock *nls = netlink_sk(sock->sk);
	__poll_t events = EPOLLOUT | EPOLLWRNORM | EPOLLWRBAND;

	poll_wait(file, &nls->sk.wait, pt);
	if (READ_ONCE(nls->sk.err))
		events |= EPOLLERR;
	if (!list_empty_careful(&nls->queue))
		events |= EPOLLIN | EPOLLRDNORM;
	return events;
}

static int netlink_ioctl(struct socket *sock, unsigned int cmd, unsigned long arg)
{
	return -ENOIOCTLCMD;
}

static int no_pair(struct socket *a, struct socket *b)
{
	return -EOPNOTSUPP;
}

static int no_accept(struct socket *sock, struct socket *newsock, int flags)
{
	return -EOPNOTSUPP;
}

static int no_listen(struct socket *sock, int backlog)
{
	return -EOPNOTSUPP;
}

static int no_shutdown(struct socket *sock, int how)
{
	return -EOPNOTSUPP;
}

static const struct proto_ops netlink_ops = {
	.family		= AF_NETLINK,
	.release	= netlink_release,
	.bind		= netlink_bind,
	.connect	= netlink_connect,
	.socketpair	= no_pair,
	.accept		= no_accept,
	.listen		= no_listen,
	.shutdown	= no_shutdown,
	.getname	= netlink_getname,
	.poll		= netlink_poll,
	.ioctl		= netlink_ioctl,
	.sendmsg	= netlink_sendmsg,
	.recvmsg	= netlink_recvmsg,
	.setsockopt	= netlink_setsockopt,
	.getsockopt	= netlink_getsockopt,
};

static const struct net_proto_family netlink_family = {
	.family		= AF_NETLINK,
	.create		= netlink_create,
};

/* For users among themselves only. */
static const struct netlink_protocol usersock_protocol = {
	.protocol	= NETLINK_USERSOCK,
	.groups		= 32,
	.anyone_sends	= true,
};

static int __init netlink_init(void)
{
	sock_register(&netlink_family);
	netlink_register(&usersock_protocol);
	return 0;
}
fs_initcall(netlink_init);

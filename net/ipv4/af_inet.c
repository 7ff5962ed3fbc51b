// SPDX-License-Identifier: GPL-2.0-only
/*
 * AF_INET: making sockets, names, and what UDP and TCP have in common (ip(7)).
 * Locks: see inet.h.
 */
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/err.h>
#include <linux/init.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <uapi/asm-generic/ioctls.h>
#include <uapi/linux/sockios.h>
#include "inet.h"

#define TCP_SNDBUF	16384		/* net.ipv4.tcp_wmem, tcp_rmem: before it is connected */
#define TCP_RCVBUF	131072

static struct kmem_cache *inet_cachep[2];	/* of UDP, of TCP */

/* ---- life ---- */

static void inet_destruct(struct sock *sk)
{
	ASSERT(list_empty(&sk->queue) && hlist_unhashed(&inet_sk(sk)->node));
	ASSERT(!inet_sk(sk)->peer && !inet_sk(sk)->waiting_at);
	kmem_cache_free(inet_cachep[is_tcp(sk)], sk);
}

/**
 * inet_create_sock - a socket without port and peer
 * @sock: what it belongs to; NULL for a connection that was not accepted yet
 *
 * Return: it, with one reference, or NULL without memory.
 */
struct sock *inet_create_sock(struct net *net, struct socket *sock, int type, int protocol)
{
	struct inet_sock *inet = kmem_cache_zalloc(inet_cachep[type == SOCK_STREAM], GFP_KERNEL);

	if (!inet)
		return NULL;
	sock_init(net, &inet->sk, sock, AF_INET, type, protocol);
	inet->sk.destruct = inet_destruct;
	if (type == SOCK_STREAM) {
		inet->sk.sndbuf = TCP_SNDBUF;
		inet->sk.rcvbuf = TCP_RCVBUF;
	}
	inet->uid = current_uid();
	mutex_init(&inet->connect_mutex);
	mutex_init(&inet->cork_mutex);
	tcp_init_cork(inet);
	INIT_LIST_HEAD(&inet->waiting);
	INIT_LIST_HEAD(&inet->waiting_link);
	inet_init_options(inet);
	return &inet->sk;
}

static int check_protocol(int type, int protocol)
{
	int own = type == SOCK_STREAM ? IPPROTO_TCP : IPPROTO_UDP;

	if (protocol < 0 || protocol >= IPPROTO_MAX)
		return -EINVAL;
	if (type == SOCK_RAW)
		return -EPROTONOSUPPORT;
	if (type != SOCK_STREAM && type != SOCK_DGRAM)
		return -ESOCKTNOSUPPORT;
	return protocol && protocol != own ? -EPROTONOSUPPORT : own;
}

static int inet_create(struct net *net, struct socket *sock, int protocol)
{
	int proto = check_protocol(sock->type, protocol);

	if (proto < 0)
		return proto;
	sock->ops = sock->type == SOCK_STREAM ? &inet_stream_ops : &inet_dgram_ops;
	sock->sk = inet_create_sock(net, sock, sock->type, proto);
	return sock->sk ? 0 : -ENOBUFS;
}

/* ---- names ---- */

struct sockaddr_in inet_sockaddr(u32 addr, u16 port)
{
	return (struct sockaddr_in){
		.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(addr),
	};
}

/* Return: 0, -EINVAL (too short), -EAFNOSUPPORT. */
int inet_check_addr(const struct sockaddr_storage *addr, int len)
{
	if (len < (int)sizeof(struct sockaddr_in))
		return -EINVAL;
	return addr->ss_family == AF_INET ? 0 : -EAFNOSUPPORT;
}

/*
 * An address that something can be received for. Before the device was ever up there are no
 * routes that could tell, and every address is taken.
 */
static bool may_bind(struct inet_sock *inet, u32 addr)
{
	struct net *net = inet->sk.net;

	return !addr || inet->freebind || addr == INADDR_BROADCAST || addr >> 28 == 0xe ||
	       !READ_ONCE(net->lo.was_up) || loopback_is_local(net, addr) ||
	       loopback_is_broadcast(net, addr);
}

int inet_bind(struct socket *sock, struct sockaddr_storage *addr, int len)
{
	const struct sockaddr_in *sin = (struct sockaddr_in *)addr;
	struct inet_sock *inet = inet_sk(sock->sk);
	struct net *net = sock->sk->net;
	u16 port;

	if (len < (int)sizeof(*sin))
		return -EINVAL;
	if (sin->sin_family != AF_INET && (sin->sin_family != AF_UNSPEC || sin->sin_addr.s_addr))
		return -EAFNOSUPPORT;
	if (!may_bind(inet, ntohl(sin->sin_addr.s_addr)))
		return -EADDRNOTAVAIL;
	port = ntohs(sin->sin_port);
	if (port && port < READ_ONCE(net->ipv4_unprivileged_port) &&
	    !ns_capable(net->user_ns, CAP_NET_BIND_SERVICE))
		return -EACCES;
	return inet_get_port(inet, ntohl(sin->sin_addr.s_addr), port);
}

/* @peer 2: of a connection that is being accepted, whatever has become of it. */
int inet_getname(struct socket *sock, struct sockaddr_storage *addr, int peer)
{
	struct inet_sock *inet = inet_sk(sock->sk);
	struct sock *sk = sock->sk;
	struct sockaddr_in name;
	int err = 0;

	spin_lock(&sk->lock);
	if (!peer)
		name = inet_sockaddr(inet->rcv_saddr ?: inet->saddr, inet->sport);
	else if (!inet->dport || (peer == 1 && (sk->state == TCP_CLOSE ||
						sk->state == TCP_SYN_SENT)))
		err = -ENOTCONN;
	else
		name = inet_sockaddr(inet->daddr, inet->dport);
	spin_unlock(&sk->lock);
	if (err)
		return err;
	memcpy(addr, &name, sizeof(name));
	return sizeof(name);
}

/* Where to, and from where. Any address means this machine. Return: 0 or -ENETUNREACH. */
int inet_route(struct inet_sock *inet, u32 *daddr, u32 *saddr)
{
	if (!*daddr)
		*daddr = inet->saddr ?: INADDR_LOOPBACK;
	else if (!loopback_route(inet->sk.net, *daddr, saddr))
		return -ENETUNREACH;
	else if (!inet->saddr)
		return 0;
	*saddr = inet->saddr ?: *daddr;
	return 0;
}

/* ---- ioctl ---- */

int inet_ioctl(struct socket *sock, unsigned int cmd, unsigned long arg)
{
	int __user *uarg = (int __user *)arg;
	struct sock *sk = sock->sk;
	int val;

	switch (cmd) {
	case SIOCINQ:
		val = sock_bytes_to_read(sk);
		return val < 0 ? val : put_user(val, uarg);
	case SIOCOUTQ:
		if (is_tcp(sk) && READ_ONCE(sk->state) == TCP_LISTEN)
			return -EINVAL;
		return put_user(atomic_read(&sk->wmem), uarg);
	case SIOCATMARK:
		return is_tcp(sk) ? put_user(0, uarg) : -ENOIOCTLCMD;
	case SIOCGIFADDR:
	case SIOCGIFBRDADDR:
	case SIOCGIFNETMASK:
	case SIOCGIFDSTADDR:
	case SIOCSIFADDR:
	case SIOCSIFNETMASK:
		return dev_addr_ioctl(sk->net, cmd, uarg);
	default:
		return -ENOIOCTLCMD;
	}
}

int inet_no_pair(struct socket *a, struct socket *b)
{
	return -EOPNOTSUPP;
}

/* ---- the family ---- */

static int no_accept(struct socket *sock, struct socket *newsock, int flags)
{
	return -EOPNOTSUPP;
}

static int no_listen(struct socket *sock, int backlog)
{
	return -EOPNOTSUPP;
}

const struct proto_ops inet_stream_ops = {
	.family		= AF_INET,
	.release	= tcp_release,
	.bind		= inet_bind,
	.connect	= tcp_connect,
	.socketpair	= inet_no_pair,
	.accept		= tcp_accept,
	.listen		= tcp_listen,
	.shutdown	= tcp_shutdown,
	.getname	= inet_getname,
	.poll		= tcp_poll,
	.ioctl		= inet_ioctl,
	.sendmsg	= tcp_sendmsg,
	.recvmsg	= tcp_recvmsg,
	.setsockopt	= inet_setsockopt,
	.getsockopt	= inet_getsockopt,
};

const struct proto_ops inet_dgram_ops = {
	.family		= AF_INET,
	.release	= udp_release,
	.bind		= inet_bind,
	.connect	= udp_connect,
	.socketpair	= inet_no_pair,
	.accept		= no_accept,
	.listen		= no_listen,
	.shutdown	= udp_shutdown,
	.getname	= inet_getname,
	.poll		= udp_poll,
	.ioctl		= inet_ioctl,
	.sendmsg	= udp_sendmsg,
	.recvmsg	= udp_recvmsg,
	.setsockopt	= inet_setsockopt,
	.getsockopt	= inet_getsockopt,
};

static const struct net_proto_family inet_family = {
	.family	= AF_INET,
	.create	= inet_create,
};

static int __init inet_init(void)
{
	inet_cachep[0] = kmem_cache_create("UDP", sizeof(struct inet_sock), 0, SLAB_PANIC, NULL);
	inet_cachep[1] = kmem_cache_create("TCP", sizeof(struct inet_sock), 0, SLAB_PANIC, NULL);
	sock_register(&inet_family);
	return 0;
}
fs_initcall(inet_init);

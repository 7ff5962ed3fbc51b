/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * AF_INET, shared by the files of net/ipv4/ only. All traffic stays in the machine: a datagram or
 * a piece of a stream is handed to the receiving socket, there are no packets. Addresses and ports
 * are in host byte order. Order of locks: iolock, cork_mutex (sleeping); inet_lock, sock->lock (two:
 * net/sock.c), sock->wait.lock.
 */
#ifndef _NET_INET_H
#define _NET_INET_H

#include <linux/in.h>
#include <linux/ktime.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/workqueue.h>
#include <net/loopback.h>
#include <net/msg.h>
#include <net/net_namespace.h>
#include <net/sock.h>

/* More states of <net/sock.h>'s. */
#define TCP_SYN_SENT	2
#define TCP_FIN_WAIT2	5
#define TCP_CLOSE_WAIT	8

#define UDP_MAX_LEN	65507		/* bytes in a datagram */
#define SKB_OVERHEAD	832		/* what a small packet costs on Linux besides its bytes */

/* How far connect() is, which tells its second call from the first. */
enum inet_progress {
	INET_UNCONNECTED,
	INET_CONNECTING,
	INET_CONNECTED
};

/* Values that are kept for getsockopt(); there is nothing here that they could change. */
struct tcp_options {
	int keepidle, keepintvl, keepcnt, syncnt, linger2, user_timeout, maxseg, window_clamp;
	int notsent_lowat;
	u8 defer_accept;		/* in retransmissions */
	bool nodelay, cork, quickack;
};

/* Where a datagram goes, and from which address. */
struct udp_destination {
	u32 daddr, saddr;
	u16 dport;
};

/*
 * Locks: [l] sk.lock   [t] inet_lock, and [l] to write   [o] words of options, written whole
 *        [I] immutable   [c] connect_mutex   [k] cork_mutex
 */
struct inet_sock {
	struct sock sk;			/* first */
	struct hlist_node node;		/* [t] */
	u32 rcv_saddr;			/* [t] bound to, 0: any */
	u32 saddr;			/* [t] what it sends from */
	u32 daddr;			/* [t] connected to */
	u16 sport, dport;		/* [t] 0: none */
	bool addr_bound, port_bound;	/* [t] by bind(): they survive a disconnect */
	uid_t uid;			/* [I] the maker's */

	u8 tos, mtu_discover;		/* [o] */
	short ttl;			/* [o] */
	bool pktinfo, freebind;		/* [o] */

	struct mutex cork_mutex;	/* what is to be sent with more; sleeping, before sk.lock */

	/* UDP only */
	struct sock_msg *corked;	/* [k] a datagram that more comes to, or NULL */
	struct udp_destination corked_to;	/* [k] */
	bool cork;			/* [o] UDP_CORK */

	/* TCP only */
	struct mutex connect_mutex;	/* one connect() at a time */
	enum inet_progress progress;	/* [c] */
	struct sock *peer;		/* [l] the other end, with a reference */
	bool got_fin;			/* [l] the other end will not send any more */
	struct list_head waiting;	/* [l] a listener's: those its queue has no room for */
	struct list_head waiting_link;	/* [waiting_at's l] */
	struct sock *waiting_at;	/* [l] that listener, with a reference, or NULL */
	bool sndbuf_set;		/* [o] by the user */
	struct list_head held;		/* [k] messages that wait for more */
	unsigned int held_bytes;	/* [k] in them; 0 is looked for without */
	ktime_t held_since;		/* [k] the first of them, or of those before */
	struct delayed_work held_work;	/* sends them; pending: it has a reference */
	struct tcp_options opt;		/* [o] */
};

static inline struct inet_sock *inet_sk(const struct sock *sk)
{
	return (struct inet_sock *)sk;
}

static inline bool is_tcp(const struct sock *sk)
{
	return sk->type == SOCK_STREAM;
}

/* af_inet.c */
extern const struct proto_ops inet_stream_ops, inet_dgram_ops;
struct sock *inet_create_sock(struct net *net, struct socket *sock, int type, int protocol);
int inet_bind(struct socket *sock, struct sockaddr_storage *addr, int len);
int inet_getname(struct socket *sock, struct sockaddr_storage *addr, int peer);
int inet_ioctl(struct socket *sock, unsigned int cmd, unsigned long arg);
int inet_no_pair(struct socket *a, struct socket *b);
int inet_check_addr(const struct sockaddr_storage *addr, int len);
struct sockaddr_in inet_sockaddr(u32 addr, u16 port);
/* Where to, and from where. Return: 0 or -ENETUNREACH. */
int inet_route(struct inet_sock *inet, u32 *daddr, u32 *saddr);

/* port.c */
int inet_get_port(struct inet_sock *inet, u32 addr, u16 port);
int inet_autobind(struct inet_sock *inet);
int inet_start_listening(struct inet_sock *inet, int backlog);
void inet_put_port(struct inet_sock *inet);
void inet_adopt_port(struct inet_sock *inet);
void inet_set_peer(struct inet_sock *inet, u32 saddr, u32 daddr, u16 dport);
bool inet_pair_exists(struct inet_sock *inet, u32 saddr, u32 daddr, u16 dport);
/* the socket that a datagram or a connection is for, with a reference, or NULL */
struct sock *inet_lookup(struct net *net, int type, u32 saddr, u16 sport, u32 daddr, u16 dport);
/* call @fn for each socket of @net and @type that has a port, under inet_lock */
void inet_for_each(struct net *net, int type, void (*fn)(struct inet_sock *inet, void *arg),
		   void *arg);

/* options.c */
int inet_setsockopt(struct socket *sock, int level, int name, const void __user *val, int len);
int inet_getsockopt(struct socket *sock, int level, int name, void __user *val, int __user *ulen);
void inet_init_options(struct inet_sock *inet);

/* udp.c */
int udp_connect(struct socket *sock, struct sockaddr_storage *addr, int len, int flags);
int udp_shutdown(struct socket *sock, int how);
void udp_release(struct socket *sock);
ssize_t udp_sendmsg(struct socket *sock, struct msghdr *msg, size_t len);
ssize_t udp_recvmsg(struct socket *sock, struct msghdr *msg, size_t size, int flags);
void udp_set_cork(struct sock *sk, bool on);
__poll_t udp_poll(struct file *file, struct socket *sock, poll_table *pt);

/* tcp_connect.c */
int tcp_connect(struct socket *sock, struct sockaddr_storage *addr, int len, int flags);
int tcp_listen(struct socket *sock, int backlog);
int tcp_accept(struct socket *sock, struct socket *newsock, int flags);
void tcp_stop_listening(struct sock *sk);
void tcp_stop_waiting(struct sock *sk);

/* tcp.c */
void tcp_release(struct socket *sock);
void tcp_close(struct sock *sk, bool reset);
int tcp_shutdown(struct socket *sock, int how);
void tcp_disconnect(struct sock *sk);
void tcp_got_reset(struct sock *sk, int err);
struct sock *tcp_peer_get(struct sock *sk);

/* tcp_cork.c */
void tcp_init_cork(struct inet_sock *inet);
void tcp_hold(struct sock *sk, struct sock_msg *m);
void tcp_push(struct sock *sk);
void tcp_end_cork(struct sock *sk, bool send);

/* tcp_io.c */
void tcp_hand_over(struct sock *sk, struct sock_msg *m);
ssize_t tcp_sendmsg(struct socket *sock, struct msghdr *msg, size_t len);
ssize_t tcp_recvmsg(struct socket *sock, struct msghdr *msg, size_t size, int flags);
__poll_t tcp_poll(struct file *file, struct socket *sock, poll_table *pt);

#endif

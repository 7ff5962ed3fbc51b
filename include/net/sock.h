/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * struct sock: the protocol's half of a socket, which may live without a descriptor (a connection
 * that nobody accepted yet, a peer's reference). Protocols embed it first in their own structure.
 */
#ifndef _NET_SOCK_H
#define _NET_SOCK_H

#include <linux/atomic.h>
#include <linux/err.h>
#include <linux/hrtimer.h>
#include <linux/net.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/poll.h>
#include <linux/refcount.h>
#include <linux/spinlock.h>
#include <linux/wait.h>

struct cred;
struct net;
struct pid;

/* state: numbers that /proc/net shows */
#define TCP_ESTABLISHED	1
#define TCP_CLOSE	7
#define TCP_LISTEN	10

/* shutdown */
#define RCV_SHUTDOWN	1
#define SEND_SHUTDOWN	2
#define SHUTDOWN_MASK	3

#define SOCK_MIN_SNDBUF	4608
#define SOCK_MIN_RCVBUF	2304

/* flags: plain options that getsockopt() gives back */
enum sock_flag {
	SOCK_F_DEBUG,
	SOCK_F_REUSEADDR,
	SOCK_F_REUSEPORT,
	SOCK_F_KEEPALIVE,
	SOCK_F_BROADCAST,
	SOCK_F_DONTROUTE,
	SOCK_F_OOBINLINE,
	SOCK_F_PASSCRED,
	SOCK_F_NO_CHECK,
	SOCK_F_TIMESTAMP,
	SOCK_F_TIMESTAMPNS,
	SOCK_F_SNDBUF_SET,		/* by the user: it does not grow by itself */
};

/*
 * Locks: [I] immutable   [a] atomic   [l] lock   [o] own caller's, word-sized reads are free
 */
struct sock {
	refcount_t refs;		/* [a] the socket, messages it sent, peers */
	struct net *net;		/* [I] holds a reference */
	spinlock_t lock;		/* two: the lower address first */
	short family;			/* [I] */
	short type;			/* [I] */
	short protocol;			/* [I] */
	u8 state;			/* [l] TCP_* */
	u8 shutdown;			/* [l] RCV_SHUTDOWN | SEND_SHUTDOWN */
	bool dead;			/* [l] released by its last descriptor */
	struct socket *socket;		/* [l] NULL: not accepted yet, or dead */
	wait_queue_head_t wait;		/* readers, writers, pollers */
	struct fasync_struct *fasync;	/* fs/fcntl.c's lock */
	int err;			/* [a] reported once */
	unsigned long flags;		/* [a] bits of enum sock_flag */
	int sndbuf, rcvbuf;		/* [o] */
	int rcvlowat;			/* [o] */
	long rcvtimeo, sndtimeo;	/* [o] ns; MAX_SCHEDULE_TIMEOUT: for ever */
	struct linger linger;		/* [o] */
	int priority;			/* [o] */
	int mark;			/* [o] */
	struct list_head queue;		/* [l] struct sock_msg; a listener's: embryos */
	unsigned int qlen;		/* [l] messages in it */
	unsigned int qcharge;		/* [l] and what they are charged */
	struct mutex iolock;		/* of a stream: one reader at a time */
	atomic_t wmem;			/* [a] bytes sent and not yet received */
	unsigned int max_backlog;	/* [l] */
	struct pid *peer_pid;		/* [l] SO_PEERCRED; holds a reference */
	const struct cred *peer_cred;	/* [l] the same */
	void (*destruct)(struct sock *sk);	/* [I] frees the embedding structure */
};

void sock_init(struct net *net, struct sock *sk, struct socket *sock, int family, int type,
	       int protocol);
void sock_free(struct sock *sk);
/* Put the accepted @sk behind @sock. Context: sk->lock. */
void sock_graft(struct sock *sk, struct socket *sock);
/* Wake who waits for @events and send SIGIO. Any context. */
void sock_wake(struct sock *sk, __poll_t events);
/* The options of level SOL_SOCKET (net/sockopt.c). */
int sock_setsockopt(struct socket *sock, int name, const void __user *val, int len);
int sock_getsockopt(struct socket *sock, int name, void __user *val, int __user *ulen);
unsigned long sock_i_ino(struct sock *sk);
bool lock_two_socks(struct sock *a, struct sock *b);
void unlock_two_socks(struct sock *a, struct sock *b);

extern unsigned int sysctl_wmem_max, sysctl_rmem_max, sysctl_wmem_default, sysctl_rmem_default;

static inline struct sock *sock_hold(struct sock *sk)
{
	refcount_inc(&sk->refs);
	return sk;
}

static inline void sock_put(struct sock *sk)
{
	if (refcount_dec_and_test(&sk->refs))
		sock_free(sk);
}

static inline bool sock_flag(const struct sock *sk, enum sock_flag flag)
{
	return (READ_ONCE(sk->flags) >> flag) & 1;
}

/* Take the pending error, negative, or 0. */
static inline int sock_error(struct sock *sk)
{
	return READ_ONCE(sk->err) ? -xchg(&sk->err, 0) : 0;
}

static inline long sock_rcvtimeo(const struct sock *sk, bool noblock)
{
	return noblock ? 0 : READ_ONCE(sk->rcvtimeo);
}

static inline long sock_sndtimeo(const struct sock *sk, bool noblock)
{
	return noblock ? 0 : READ_ONCE(sk->sndtimeo);
}

/* A wait that a signal ended: with a timeout it cannot be restarted. */
static inline int sock_intr_errno(long timeo)
{
	return timeo == MAX_SCHEDULE_TIMEOUT ? -ERESTARTSYS : -EINTR;
}

#endif

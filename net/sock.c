// SPDX-License-Identifier: GPL-2.0-only
/*
 * struct sock: life, wake-ups, and taking two locks.
 * Locks: sock->lock; of two, the one at the lower address first.
 */
#include <linux/cred.h>
#include <linux/hrtimer.h>
#include <linux/pid.h>
#include <linux/sched.h>
#include <linux/signal.h>
#include <linux/slab.h>
#include <net/net_namespace.h>
#include <net/sock.h>

unsigned int sysctl_wmem_max = 212992, sysctl_rmem_max = 212992;
unsigned int sysctl_wmem_default = 212992, sysctl_rmem_default = 212992;

/* @sock may be NULL. The one reference is the caller's. */
void sock_init(struct net *net, struct sock *sk, struct socket *sock, int family, int type,
	       int protocol)
{
	sk->net = get_net(net);
	refcount_set(&sk->refs, 1);
	spin_lock_init(&sk->lock);
	mutex_init(&sk->iolock);
	INIT_LIST_HEAD(&sk->queue);
	/* Wakes epoll sets and, for datagrams, sockets that wait for this one. */
	init_waitqueue_head_nested(&sk->wait);
	sk->family = family;
	sk->type = type;
	sk->protocol = protocol;
	sk->state = TCP_CLOSE;
	sk->socket = sock;
	sk->sndbuf = sysctl_wmem_default;
	sk->rcvbuf = sysctl_rmem_default;
	sk->rcvlowat = 1;
	sk->rcvtimeo = MAX_SCHEDULE_TIMEOUT;
	sk->sndtimeo = MAX_SCHEDULE_TIMEOUT;
}

/* The last reference is gone. */
void sock_free(struct sock *sk)
{
	struct net *net = sk->net;

	put_pid(sk->peer_pid);
	put_cred(sk->peer_cred);
	sk->destruct(sk);
	put_net(net);
}

void sock_graft(struct sock *sk, struct socket *sock)
{
	sk->socket = sock;
	sock->sk = sk;
}

void sock_wake(struct sock *sk, __poll_t events)
{
	if (wq_has_sleeper(&sk->wait))
		wake_up_interruptible_poll(&sk->wait, events);
	if (unlikely(READ_ONCE(sk->fasync)))
		kill_fasync(&sk->fasync, SIGIO, events & EPOLLIN ? POLL_IN : POLL_OUT);
}

/* The inode number that names a socket in /proc; 0 before accept(). */
unsigned long sock_i_ino(struct sock *sk)
{
	struct socket *sock;
	unsigned long ino = 0;

	spin_lock(&sk->lock);
	sock = sk->socket;
	if (sock && sock->inode)
		ino = sock->inode->i_ino;
	spin_unlock(&sk->lock);
	return ino;
}

/* Return: false when they are the same, with that one locked once. */
bool lock_two_socks(struct sock *a, struct sock *b)
{
	if (a == b) {
		spin_lock(&a->lock);
		return false;
	}
	spin_lock(a < b ? &a->lock : &b->lock);
	spin_lock_nested(a < b ? &b->lock : &a->lock, 1);
	return true;
}

void unlock_two_socks(struct sock *a, struct sock *b)
{
	spin_unlock(&a->lock);
	if (a != b)
		spin_unlock(&b->lock);
}

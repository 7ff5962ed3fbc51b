// SPDX-License-Identifier: GPL-2.0-only
/*
 * TCP within the machine: the ends of connections. A connection is two sockets that refer to each
 * other; what would be a FIN or a RST is a change to the other end's state (tcp(7), RFC 9293).
 * Locks: sock->lock of the one that changes, never both here.
 */
#include <linux/err.h>
#include <linux/slab.h>
#include "inet.h"

#define WAKE_ALL	(EPOLLIN | EPOLLOUT | EPOLLHUP | EPOLLRDHUP | EPOLLRDNORM | EPOLLWRNORM)

/* Return: the other end with a reference, or NULL. */
struct sock *tcp_peer_get(struct sock *sk)
{
	struct sock *peer;

	spin_lock(&sk->lock);
	peer = inet_sk(sk)->peer;
	if (peer)
		sock_hold(peer);
	spin_unlock(&sk->lock);
	return peer;
}

/* The other end will not send any more. */
static void got_fin(struct sock *sk)
{
	spin_lock(&sk->lock);
	if (sk->state == TCP_ESTABLISHED)
		sk->state = TCP_CLOSE_WAIT;
	if (sk->state == TCP_FIN_WAIT2) {
		sk->state = TCP_CLOSE;
		sk->shutdown = SHUTDOWN_MASK;
	}
	sk->shutdown |= RCV_SHUTDOWN;
	inet_sk(sk)->got_fin = true;
	spin_unlock(&sk->lock);
	sock_wake(sk, WAKE_ALL);
}

static int reset_errno(const struct sock *sk)
{
	switch (sk->state) {
	case TCP_SYN_SENT:
		return ECONNREFUSED;
	case TCP_CLOSE_WAIT:
		return EPIPE;
	default:
		return ECONNRESET;
	}
}

/**
 * tcp_got_reset - the connection of @sk is gone
 * @err: for the next call, positive; 0: what the state says
 *
 * What was received before can still be read. Context: no lock held.
 */
void tcp_got_reset(struct sock *sk, int err)
{
	struct sock *peer = NULL;

	spin_lock(&sk->lock);
	if (sk->state != TCP_CLOSE) {
		WRITE_ONCE(sk->err, err ?: reset_errno(sk));
		sk->state = TCP_CLOSE;
		sk->shutdown = SHUTDOWN_MASK;
		peer = inet_sk(sk)->peer;
		inet_sk(sk)->peer = NULL;
	}
	spin_unlock(&sk->lock);
	sock_wake(sk, WAKE_ALL | EPOLLERR);
	if (peer)
		sock_put(peer);
}

static void purge(struct list_head *msgs)
{
	struct sock_msg *msg, *next;

	list_for_each_entry_safe(msg, next, msgs, link) {
		list_del_init(&msg->link);
		sock_msg_put(msg);
	}
}

/* Part @sk from its peer and its queue. Return: the peer; *@unread: something was in the queue. */
static struct sock *take_apart(struct sock *sk, bool *unread)
{
	struct sock *peer;
	LIST_HEAD(msgs);

	spin_lock(&sk->lock);
	peer = inet_sk(sk)->peer;
	inet_sk(sk)->peer = NULL;
	sk->state = TCP_CLOSE;
	list_splice_init(&sk->queue, &msgs);
	WRITE_ONCE(sk->qlen, 0);
	WRITE_ONCE(sk->qcharge, 0);
	spin_unlock(&sk->lock);
	*unread = !list_empty(&msgs);
	purge(&msgs);
	return peer;
}

/**
 * tcp_close - the end of a socket as far as users see
 * @reset: tell the other end that what it sent is lost, even if it is not
 *
 * Drops the creator's reference. Context: no lock held; it does not listen or wait any more.
 */
void tcp_close(struct sock *sk, bool reset)
{
	struct sock *peer;
	bool unread;

	/* a reset loses what is on its way */
	tcp_end_cork(sk, !reset && list_empty_careful(&sk->queue));
	inet_put_port(inet_sk(sk));
	spin_lock(&sk->lock);
	sk->dead = true;
	sk->socket = NULL;
	sk->shutdown = SHUTDOWN_MASK;
	spin_unlock(&sk->lock);
	peer = take_apart(sk, &unread);
	if (peer) {
		if (reset || unread)
			tcp_got_reset(peer, 0);
		else
			got_fin(peer);
		sock_put(peer);
	}
	sock_put(sk);
}

void tcp_release(struct socket *sock)
{
	struct sock *sk = sock->sk;

	sock->sk = NULL;
	tcp_stop_waiting(sk);
	tcp_stop_listening(sk);
	tcp_close(sk, sk->linger.l_onoff && !sk->linger.l_linger);
}

/**
 * tcp_disconnect - make @sk as it was before connect() or listen()
 *
 * Context: no lock held.
 */
void tcp_disconnect(struct sock *sk)
{
	struct inet_sock *inet = inet_sk(sk);
	struct sock *peer;
	bool unread;

	tcp_stop_waiting(sk);
	tcp_stop_listening(sk);
	tcp_end_cork(sk, false);
	/* A reader may be at the messages. */
	mutex_lock(&sk->iolock);
	peer = take_apart(sk, &unread);
	mutex_unlock(&sk->iolock);
	if (peer) {
		tcp_got_reset(peer, 0);
		sock_put(peer);
		WRITE_ONCE(sk->err, ECONNRESET);
	}
	inet_set_peer(inet, 0, 0, 0);
	if (!inet->port_bound)
		inet_put_port(inet);
	spin_lock(&sk->lock);
	sk->shutdown = 0;
	inet->got_fin = false;
	spin_unlock(&sk->lock);
	sock_wake(sk, WAKE_ALL);
}

/* Context: sk->lock. Return: the other end is to be told. */
static bool stop_sending(struct sock *sk)
{
	switch (sk->state) {
	case TCP_ESTABLISHED:
		sk->state = TCP_FIN_WAIT2;
		return true;
	case TCP_CLOSE_WAIT:
		sk->state = TCP_CLOSE;
		sk->shutdown = SHUTDOWN_MASK;
		return true;
	default:
		return false;
	}
}

int tcp_shutdown(struct socket *sock, int how)
{
	struct sock *sk = sock->sk, *peer = NULL;
	int mode = how + 1, err = 0;	/* SHUT_RD, SHUT_WR, SHUT_RDWR as bits */
	u8 state;

	if (how < SHUT_RD || how > SHUT_RDWR)
		return -EINVAL;
	state = READ_ONCE(sk->state);
	if (state == TCP_LISTEN && !(mode & RCV_SHUTDOWN))
		return 0;
	if (state == TCP_LISTEN || state == TCP_SYN_SENT) {
		tcp_disconnect(sk);
		WRITE_ONCE(inet_sk(sk)->progress, INET_UNCONNECTED);
		return 0;
	}
	if (mode & SEND_SHUTDOWN)
		tcp_push(sk);
	spin_lock(&sk->lock);
	if (sk->state == TCP_CLOSE)
		err = -ENOTCONN;
	sk->shutdown |= mode;
	if ((mode & SEND_SHUTDOWN) && stop_sending(sk) && inet_sk(sk)->peer)
		peer = sock_hold(inet_sk(sk)->peer);
	spin_unlock(&sk->lock);
	if (peer) {
		got_fin(peer);
		sock_put(peer);
	}
	sock_wake(sk, WAKE_ALL);
	return err;
}

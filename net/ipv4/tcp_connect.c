// SPDX-License-Identifier: GPL-2.0-only
/*
 * TCP within the machine: how a connection comes about. connect() makes the other end itself and
 * puts it into the listener's queue; when that is full it waits there, and accept() lets it in.
 * Locks: connect_mutex for progress; sock->lock of both.
 */
#include <linux/err.h>
#include <linux/hrtimer.h>
#include <linux/sched.h>
#include <linux/signal.h>
#include <linux/slab.h>
#include "inet.h"

#define SNDBUF_CONNECTED	2626560	/* what Linux allows a connection within the machine */

/* ---- the handshake ---- */

/* What an accepted connection has from its listener. */
static void inherit(struct inet_sock *child, const struct inet_sock *from)
{
	child->sk.flags = from->sk.flags;
	child->sk.sndbuf = from->sk.sndbuf;
	child->sk.rcvbuf = from->sk.rcvbuf;
	child->sk.rcvlowat = from->sk.rcvlowat;
	child->sk.rcvtimeo = from->sk.rcvtimeo;
	child->sk.sndtimeo = from->sk.sndtimeo;
	child->sk.linger = from->sk.linger;
	child->sk.priority = from->sk.priority;
	child->sk.mark = from->sk.mark;
	child->uid = from->uid;
	child->tos = from->tos;
	child->ttl = from->ttl;
	child->mtu_discover = from->mtu_discover;
	child->pktinfo = from->pktinfo;
	child->opt = from->opt;
}

static void widen_sndbuf(struct sock *sk)
{
	if (!sock_flag(sk, SOCK_F_SNDBUF_SET))
		WRITE_ONCE(sk->sndbuf, SNDBUF_CONNECTED);
}

/* The other end of @inet's connection, in its message for the listener; NULL without memory. */
static struct sock_msg *make_child(const struct inet_sock *listener, const struct inet_sock *inet)
{
	struct sock *sk = inet_create_sock(listener->sk.net, NULL, SOCK_STREAM, IPPROTO_TCP);
	struct inet_sock *child = inet_sk(sk);
	struct sock_msg *msg;

	if (!sk)
		return NULL;
	msg = sock_msg_embryo(sk);
	if (!msg) {
		sock_put(sk);
		return NULL;
	}
	inherit(child, listener);
	widen_sndbuf(sk);
	child->rcv_saddr = inet->daddr;
	child->saddr = inet->daddr;
	child->daddr = inet->saddr;
	child->sport = inet->dport;
	child->dport = inet->sport;
	child->progress = INET_CONNECTED;
	sk->state = TCP_ESTABLISHED;
	inet_adopt_port(child);
	return msg;
}

/* Context: both locks. Return: 0; -EAGAIN: @sk waits now; -ECONNREFUSED; -ECANCELED: no more. */
static int tie(struct sock *sk, struct sock *listener, struct sock_msg *msg)
{
	struct inet_sock *inet = inet_sk(sk);

	if (sk->state != TCP_SYN_SENT || inet->waiting_at)
		return -ECANCELED;
	if (listener->state != TCP_LISTEN)
		return -ECONNREFUSED;
	if (sock_queue_full(listener)) {
		inet->waiting_at = sock_hold(listener);
		sock_hold(sk);
		list_add_tail(&inet->waiting_link, &inet_sk(listener)->waiting);
		return -EAGAIN;
	}
	inet_sk(msg->embryo)->peer = sock_hold(sk);
	inet->peer = sock_hold(msg->embryo);
	widen_sndbuf(sk);
	sk->state = TCP_ESTABLISHED;
	__sock_enqueue(listener, msg);
	return 0;
}

/* @sk wants the connection that its addresses say. Return: as tie(), or -ENOBUFS. */
static int handshake(struct sock *sk)
{
	struct inet_sock *inet = inet_sk(sk);
	struct sock *listener;
	struct sock_msg *msg;
	int err;

	if (!loopback_is_up(&sk->net->lo))
		return -EAGAIN;
	loopback_count(&sk->net->lo, 60);
	listener = inet_lookup(sk->net, SOCK_STREAM, inet->saddr, inet->sport, inet->daddr,
			       inet->dport);
	if (!listener)
		return -ECONNREFUSED;
	msg = make_child(inet_sk(listener), inet);
	if (!msg) {
		sock_put(listener);
		return -ENOBUFS;
	}
	lock_two_socks(sk, listener);
	err = tie(sk, listener, msg);
	unlock_two_socks(sk, listener);
	if (err) {
		tcp_close(msg->embryo, false);
		sock_msg_put(msg);
	} else {
		sock_wake(listener, EPOLLIN | EPOLLRDNORM);
	}
	sock_put(listener);
	return err;
}

/* The same for one that may be waited for. */
static void try_handshake(struct sock *sk)
{
	int err = handshake(sk);

	if (!err)
		sock_wake(sk, EPOLLOUT | EPOLLWRNORM | EPOLLWRBAND);
	else if (err != -EAGAIN && err != -ECANCELED)
		tcp_got_reset(sk, -err);
}

/* ---- those who wait for room ---- */

/*
 * @sk was taken off @listener's list. Return: false when it gave up meanwhile. It may even have come
 * back; then it is on the list again, with another reference.
 */
static bool waits_no_more(struct sock *sk, struct sock *listener)
{
	bool waited;

	lock_two_socks(sk, listener);
	waited = inet_sk(sk)->waiting_at == listener && list_empty(&inet_sk(sk)->waiting_link);
	if (waited)
		inet_sk(sk)->waiting_at = NULL;
	unlock_two_socks(sk, listener);
	if (waited)
		sock_put(listener);
	return waited;
}

/* The first of the list, off it, or NULL. @any: though there is no room. */
static struct sock *take_waiting(struct sock *listener, bool any)
{
	struct inet_sock *inet = NULL;

	spin_lock(&listener->lock);
	if (!list_empty(&inet_sk(listener)->waiting) && (any || !sock_queue_full(listener))) {
		inet = list_first_entry(&inet_sk(listener)->waiting, struct inet_sock,
					waiting_link);
		list_del_init(&inet->waiting_link);
	}
	spin_unlock(&listener->lock);
	return inet ? &inet->sk : NULL;
}

/* The first who still waits, with the list's reference to it, or NULL. */
static struct sock *next_waiting(struct sock *listener, bool any)
{
	struct sock *sk;

	while ((sk = take_waiting(listener, any)) != NULL && !waits_no_more(sk, listener))
		sock_put(sk);
	return sk;
}

/* Nobody will let @sk in: it gives up, or is closed. */
void tcp_stop_waiting(struct sock *sk)
{
	struct inet_sock *inet = inet_sk(sk);
	struct sock *listener;
	bool listed;

	spin_lock(&sk->lock);
	listener = inet->waiting_at;
	inet->waiting_at = NULL;
	spin_unlock(&sk->lock);
	if (!listener)
		return;
	spin_lock(&listener->lock);
	listed = !list_empty(&inet->waiting_link);
	list_del_init(&inet->waiting_link);
	spin_unlock(&listener->lock);
	if (listed)
		sock_put(sk);
	sock_put(listener);
}

/* ---- listening ---- */

int tcp_listen(struct socket *sock, int backlog)
{
	struct inet_sock *inet = inet_sk(sock->sk);
	int err = -EINVAL;

	mutex_lock(&inet->connect_mutex);
	if (inet->progress == INET_UNCONNECTED)
		err = inet_autobind(inet) ? -EADDRINUSE : inet_start_listening(inet, backlog);
	mutex_unlock(&inet->connect_mutex);
	return err;
}

/* Those in the queue are reset, those who wait are refused. */
void tcp_stop_listening(struct sock *sk)
{
	struct sock_msg *msg, *next;
	struct sock *waiting;
	LIST_HEAD(msgs);

	spin_lock(&sk->lock);
	if (sk->state != TCP_LISTEN) {
		spin_unlock(&sk->lock);
		return;
	}
	sk->state = TCP_CLOSE;
	list_splice_init(&sk->queue, &msgs);
	WRITE_ONCE(sk->qlen, 0);
	WRITE_ONCE(sk->qcharge, 0);
	spin_unlock(&sk->lock);
	while ((waiting = next_waiting(sk, true)) != NULL) {
		tcp_got_reset(waiting, 0);
		sock_put(waiting);
	}
	list_for_each_entry_safe(msg, next, &msgs, link) {
		list_del_init(&msg->link);
		tcp_close(msg->embryo, true);
		sock_msg_put(msg);
	}
}

int tcp_accept(struct socket *sock, struct socket *newsock, int flags)
{
	struct sock_msg *msg = sock_wait_embryo(sock->sk, flags & O_NONBLOCK);
	struct sock *sk, *waiting;

	if (IS_ERR(msg))
		return PTR_ERR(msg);
	sk = msg->embryo;
	spin_lock(&sk->lock);
	sock_graft(sk, newsock);
	spin_unlock(&sk->lock);
	sock_msg_put(msg);
	while ((waiting = next_waiting(sock->sk, false)) != NULL) {
		try_handshake(waiting);
		sock_put(waiting);
	}
	return 0;
}

/* ---- connect ---- */

/* Return: 0 or what is wrong with the address or the state. Context: connect_mutex. */
static int choose_addresses(struct inet_sock *inet, const struct sockaddr_in *sin)
{
	u32 daddr = ntohl(sin->sin_addr.s_addr), saddr;
	struct net *net = inet->sk.net;
	u16 dport = ntohs(sin->sin_port);

	if (!READ_ONCE(net->lo.was_up) || inet_route(inet, &daddr, &saddr) ||
	    loopback_is_broadcast(net, daddr))
		return -ENETUNREACH;
	if (inet_autobind(inet))
		return -EADDRNOTAVAIL;
	if ((saddr == daddr && inet->sport == dport) ||
	    inet_pair_exists(inet, saddr, daddr, dport))
		return -EADDRNOTAVAIL;
	inet_set_peer(inet, saddr, daddr, dport);
	return 0;
}

/* Context: connect_mutex. Return: -EINPROGRESS: it is on its way, or has come to an end. */
static int start(struct sock *sk, const struct sockaddr_storage *addr, int len)
{
	struct inet_sock *inet = inet_sk(sk);
	int err;

	if (sk->state != TCP_CLOSE)
		return -EISCONN;
	err = inet_check_addr(addr, len) ?:
	      choose_addresses(inet, (const struct sockaddr_in *)addr);
	if (err)
		return err;
	spin_lock(&sk->lock);
	sk->state = TCP_SYN_SENT;
	spin_unlock(&sk->lock);
	inet->progress = INET_CONNECTING;
	try_handshake(sk);
	return -EINPROGRESS;
}

/* The outcome, once the state tells it. */
static int finish(struct sock *sk)
{
	struct inet_sock *inet = inet_sk(sk);
	int err = 0;

	mutex_lock(&inet->connect_mutex);
	if (READ_ONCE(sk->state) != TCP_CLOSE) {
		inet->progress = INET_CONNECTED;
	} else {
		err = sock_error(sk) ?: -ECONNABORTED;
		inet->progress = INET_UNCONNECTED;
		tcp_disconnect(sk);
	}
	mutex_unlock(&inet->connect_mutex);
	return err;
}

/* Context: connect_mutex. Return: -EINPROGRESS, -EALREADY: see how it went; or the answer. */
static int begin(struct sock *sk, const struct sockaddr_storage *addr, int len)
{
	struct inet_sock *inet = inet_sk(sk);

	if (addr->ss_family == AF_UNSPEC) {
		tcp_disconnect(sk);
		inet->progress = INET_UNCONNECTED;
		return 0;
	}
	switch (inet->progress) {
	case INET_CONNECTED:
		return -EISCONN;
	case INET_CONNECTING:
		return -EALREADY;
	default:
		return start(sk, addr, len);
	}
}

int tcp_connect(struct socket *sock, struct sockaddr_storage *addr, int len, int flags)
{
	struct sock *sk = sock->sk;
	long timeo = sock_sndtimeo(sk, flags & O_NONBLOCK), left;
	int err;

	if (len < (int)offsetofend(struct sockaddr, sa_family))
		return -EINVAL;
	mutex_lock(&inet_sk(sk)->connect_mutex);
	err = begin(sk, addr, len);
	mutex_unlock(&inet_sk(sk)->connect_mutex);
	if (err != -EINPROGRESS && err != -EALREADY)
		return err;
	/* On Linux the answer never comes before connect() is over. */
	if (!timeo && err == -EINPROGRESS)
		return err;
	if (READ_ONCE(sk->state) == TCP_SYN_SENT) {
		if (!timeo)
			return err;
		left = wait_event_interruptible_timeout(sk->wait,
				READ_ONCE(sk->state) != TCP_SYN_SENT, timeo);
		if (left < 0)
			return sock_intr_errno(timeo);
		if (!left)
			return err;
	}
	return finish(sk);
}

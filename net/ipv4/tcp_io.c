// SPDX-License-Identifier: GPL-2.0-only
/*
 * TCP within the machine: bytes. They are copied once, into a message in the other end's queue,
 * charged to the sender until they are read.
 * Locks: sock->lock of the receiver for its queue.
 */
#include <linux/err.h>
#include <linux/hrtimer.h>
#include <linux/sched.h>
#include <linux/signal.h>
#include <linux/uio.h>
#include "inet.h"

/* ---- sending ---- */

/* A call before the connection stands waits for it. *@timeo is updated. */
static int wait_connected(struct sock *sk, long *timeo)
{
	long left;
	int err;

	while (READ_ONCE(sk->state) == TCP_SYN_SENT) {
		err = sock_error(sk);
		if (err)
			return err;
		if (!*timeo)
			return -EAGAIN;
		left = wait_event_interruptible_timeout(sk->wait,
				READ_ONCE(sk->state) != TCP_SYN_SENT, *timeo);
		if (left < 0)
			return sock_intr_errno(*timeo);
		*timeo = left;
	}
	err = sock_error(sk);
	if (err)
		return err;
	return sk->state == TCP_ESTABLISHED || sk->state == TCP_CLOSE_WAIT ? 0 : -EPIPE;
}

/*
 * Hand @m to the other end. One that was closed answers with a reset, which the next call tells:
 * this one has sent.
 */
void tcp_hand_over(struct sock *sk, struct sock_msg *m)
{
	struct sock *peer = tcp_peer_get(sk);
	bool taken = false;

	if (peer) {
		spin_lock(&peer->lock);
		taken = !peer->dead && inet_sk(peer)->peer == sk;
		if (taken)
			__sock_enqueue(peer, m);
		spin_unlock(&peer->lock);
	}
	loopback_count(&sk->net->lo, m->len + 52);
	if (taken) {
		sock_wake(peer, EPOLLIN | EPOLLRDNORM | EPOLLRDBAND);
	} else {
		sock_msg_put(m);
		tcp_got_reset(sk, 0);
	}
	if (peer)
		sock_put(peer);
}

/* Who waits for room waits for the receiver, which needs to have what is held. */
static struct sock_msg *alloc_chunk(struct sock *sk, size_t len, long *timeo)
{
	struct sock_msg *m;
	long none = 0;

	if (!READ_ONCE(inet_sk(sk)->held_bytes))
		return sock_msg_alloc(sk, len, timeo);
	m = sock_msg_alloc(sk, len, &none);
	if (PTR_ERR(m) != -EAGAIN)
		return m;
	tcp_push(sk);
	return sock_msg_alloc(sk, len, timeo);
}

static int send_chunk(struct sock *sk, struct msghdr *msg, size_t len, long *timeo, bool hold)
{
	struct sock_msg *m = alloc_chunk(sk, len, timeo);

	if (IS_ERR(m))
		return PTR_ERR(m);
	if (!copy_from_iter_full(m->data, len, &msg->msg_iter)) {
		sock_msg_put(m);
		return -EFAULT;
	}
	if (hold || READ_ONCE(inet_sk(sk)->held_bytes))
		tcp_hold(sk, m);
	else
		tcp_hand_over(sk, m);
	return 0;
}

ssize_t tcp_sendmsg(struct socket *sock, struct msghdr *msg, size_t len)
{
	struct sock *sk = sock->sk;
	long timeo = sock_sndtimeo(sk, msg->msg_flags & MSG_DONTWAIT);
	bool more = (msg->msg_flags & MSG_MORE) || READ_ONCE(inet_sk(sk)->opt.cork);
	size_t sent = 0, n;
	int err;

	if (msg->msg_flags & MSG_OOB)
		return -EOPNOTSUPP;
	err = wait_connected(sk, &timeo);
	if (!err && (READ_ONCE(sk->shutdown) & SEND_SHUTDOWN))
		err = -EPIPE;
	while (!err && sent < len) {
		/* Two pieces at least fit: one is read while the other is written. */
		n = min(min(len - sent, (size_t)SOCK_CHUNK),
			(size_t)(READ_ONCE(sk->sndbuf) / 2 - 64));
		err = send_chunk(sk, msg, n, &timeo, more);
		if (!err)
			sent += n;
	}
	if (sent && !more)
		tcp_push(sk);
	if (sent)
		return sent;
	if (err == -EPIPE)
		err = sock_error(sk) ?: -EPIPE;
	if (err == -EPIPE && !(msg->msg_flags & MSG_NOSIGNAL))
		send_sig(SIGPIPE, current, 0);
	return err;
}

/* ---- receiving ---- */

static int nothing_there(struct sock *sk)
{
	int err;

	if (READ_ONCE(inet_sk(sk)->got_fin))
		return 0;
	err = sock_error(sk);
	if (err)
		return err;
	if (READ_ONCE(sk->shutdown) & RCV_SHUTDOWN)
		return 0;
	return READ_ONCE(sk->state) == TCP_CLOSE ? -ENOTCONN : 1;
}

ssize_t tcp_recvmsg(struct socket *sock, struct msghdr *msg, size_t size, int flags)
{
	struct sock *sk = sock->sk;
	struct stream_read r = {
		.sock = sock, .msg = msg, .size = size, .flags = flags,
		.timeo = sock_rcvtimeo(sk, flags & MSG_DONTWAIT),
		.empty = nothing_there,
	};

	if (flags & MSG_ERRQUEUE)
		return -EAGAIN;
	if (READ_ONCE(sk->state) == TCP_LISTEN)
		return -ENOTCONN;
	if (flags & MSG_OOB)
		return -EINVAL;		/* nothing is urgent */
	return sock_stream_read(&r);
}

/* ---- poll ---- */

__poll_t tcp_poll(struct file *file, struct socket *sock, poll_table *pt)
{
	struct sock *sk = sock->sk;
	__poll_t events = 0;
	u8 state, down;

	poll_wait(file, &sk->wait, pt);
	state = READ_ONCE(sk->state);
	down = READ_ONCE(sk->shutdown);
	if (state == TCP_LISTEN)
		return list_empty_careful(&sk->queue) ? 0 : EPOLLIN | EPOLLRDNORM;
	if (down == SHUTDOWN_MASK || state == TCP_CLOSE)
		events |= EPOLLHUP;
	if (down & RCV_SHUTDOWN)
		events |= EPOLLIN | EPOLLRDNORM | EPOLLRDHUP;
	if (state != TCP_SYN_SENT) {
		if (!list_empty_careful(&sk->queue))
			events |= EPOLLIN | EPOLLRDNORM;
		if ((down & SEND_SHUTDOWN) || sock_writable(sk))
			events |= EPOLLOUT | EPOLLWRNORM;
	}
	if (READ_ONCE(sk->err))
		events |= EPOLLERR;
	return events;
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Messages between sockets: memory, charge, queues, and waiting for them.
 * Locks: the receiver's sock->lock for its queue.
 */
#include <linux/err.h>
#include <linux/hrtimer.h>
#include <linux/sched.h>
#include <linux/signal.h>
#include <linux/slab.h>
#include <net/msg.h>

/* ---- memory and charge ---- */

static bool may_charge(struct sock *sk)
{
	return READ_ONCE(sk->err) || (READ_ONCE(sk->shutdown) & SEND_SHUTDOWN) ||
	       atomic_read(&sk->wmem) < READ_ONCE(sk->sndbuf);
}

/* Wait until @sk may send more. *@timeo: in ns, what is left of it comes back. */
static int wait_for_room(struct sock *sk, long *timeo)
{
	long left;
	int err;

	for (;;) {
		err = sock_error(sk);
		if (err)
			return err;
		if (READ_ONCE(sk->shutdown) & SEND_SHUTDOWN)
			return -EPIPE;
		if (atomic_read(&sk->wmem) < READ_ONCE(sk->sndbuf))
			return 0;
		if (!*timeo)
			return -EAGAIN;
		left = wait_event_interruptible_timeout(sk->wait, may_charge(sk), *timeo);
		if (left < 0)
			return sock_intr_errno(*timeo);
		*timeo = left;
	}
}

/**
 * sock_msg_alloc - a message of @len bytes from @sk, charged to it
 * @timeo: how long to wait for room, ns; updated
 *
 * Return: the message, or ERR_PTR(-EAGAIN, -EPIPE, -ENOBUFS, the socket's error, a signal's).
 */
struct sock_msg *sock_msg_alloc(struct sock *sk, size_t len, long *timeo)
{
	struct sock_msg *msg;
	int err = wait_for_room(sk, timeo);

	if (err)
		return ERR_PTR(err);
	msg = kvmalloc(sizeof(*msg) + len, GFP_KERNEL);
	if (!msg)
		return ERR_PTR(-ENOBUFS);
	*msg = (struct sock_msg){
		.link = LIST_HEAD_INIT(msg->link),
		.refs = REFCOUNT_INIT(1),
		.sender = sock_hold(sk),
		.len = len,
		.charge = sizeof(*msg) + len,
	};
	atomic_add(msg->charge, &sk->wmem);
	return msg;
}

/* What a listener queues. NULL without memory. */
struct sock_msg *sock_msg_embryo(struct sock *embryo)
{
	struct sock_msg *msg = kzalloc(sizeof(*msg), GFP_KERNEL);

	if (!msg)
		return NULL;
	INIT_LIST_HEAD(&msg->link);
	refcount_set(&msg->refs, 1);
	msg->embryo = embryo;
	return msg;
}

/* The sender is done with @msg. Context: the only user; no lock held. */
void sock_msg_uncharge(struct sock_msg *msg)
{
	struct sock *sk = msg->sender;

	msg->sender = NULL;
	atomic_sub(msg->charge, &sk->wmem);
	if (sock_writable(sk))
		sock_wake(sk, EPOLLOUT | EPOLLWRNORM | EPOLLWRBAND);
	sock_put(sk);
}

/* Context: no lock held. */
void sock_msg_put(struct sock_msg *msg)
{
	if (!refcount_dec_and_test(&msg->refs))
		return;
	if (msg->release)
		msg->release(msg);
	if (msg->sender)
		sock_msg_uncharge(msg);
	kvfree(msg);
}

/* ---- queues ---- */

/* Context: sk->lock. */
void __sock_enqueue(struct sock *sk, struct sock_msg *msg)
{
	list_add_tail(&msg->link, &sk->queue);
	WRITE_ONCE(sk->qlen, sk->qlen + 1);
	WRITE_ONCE(sk->qcharge, sk->qcharge + msg->charge);
}

/* Context: sk->lock. */
void __sock_dequeue(struct sock *sk, struct sock_msg *msg)
{
	list_del_init(&msg->link);
	WRITE_ONCE(sk->qlen, sk->qlen - 1);
	WRITE_ONCE(sk->qcharge, sk->qcharge - msg->charge);
}

/* The next message, with a reference; off the queue unless @peek. NULL: none. */
struct sock_msg *sock_take_msg(struct sock *sk, bool peek)
{
	struct sock_msg *m = NULL;

	spin_lock(&sk->lock);
	if (!list_empty(&sk->queue)) {
		m = list_first_entry(&sk->queue, struct sock_msg, link);
		if (peek)
			refcount_inc(&m->refs);
		else
			__sock_dequeue(sk, m);
	}
	spin_unlock(&sk->lock);
	return m;
}

/* What a read would find: all of a stream, the next datagram. A listener: -EINVAL. */
int sock_bytes_to_read(struct sock *sk)
{
	struct sock_msg *msg;
	int bytes = 0;

	spin_lock(&sk->lock);
	if (sk->state == TCP_LISTEN)
		bytes = -EINVAL;
	else
		list_for_each_entry(msg, &sk->queue, link) {
			bytes += msg->len - READ_ONCE(msg->done);
			if (sk->type == SOCK_DGRAM)
				break;
		}
	spin_unlock(&sk->lock);
	return bytes;
}

/* ---- waiting ---- */

/* A stream that is closed has ended, whoever was told its error and made it as new meanwhile. */
static bool data_or_end(struct sock *sk)
{
	return !list_empty_careful(&sk->queue) || READ_ONCE(sk->err) ||
	       (READ_ONCE(sk->shutdown) & RCV_SHUTDOWN) ||
	       (sk->type == SOCK_STREAM && READ_ONCE(sk->state) == TCP_CLOSE);
}

/* Return: what is left of @timeo (ns), at least 1 if something came; 0, or a signal's error. */
long sock_wait_data(struct sock *sk, long timeo)
{
	long left = wait_event_interruptible_timeout(sk->wait, data_or_end(sk), timeo);

	return left < 0 ? sock_intr_errno(timeo) : left;
}

/* Return: a connection's message taken off the queue, NULL if there is none, or ERR_PTR. */
static struct sock_msg *next_embryo(struct sock *sk)
{
	struct sock_msg *msg = NULL;

	spin_lock(&sk->lock);
	if (sk->state != TCP_LISTEN) {
		msg = ERR_PTR(-EINVAL);
	} else if (!list_empty(&sk->queue)) {
		msg = list_first_entry(&sk->queue, struct sock_msg, link);
		__sock_dequeue(sk, msg);
	}
	spin_unlock(&sk->lock);
	return msg;
}

static bool embryo_or_end(struct sock *sk)
{
	return data_or_end(sk) || READ_ONCE(sk->state) != TCP_LISTEN;
}

/**
 * sock_wait_embryo - the next connection of a listener
 * @noblock: do not wait
 *
 * Return: its message, off the queue, or ERR_PTR(-EINVAL (does not listen), -EAGAIN, the socket's
 * error, a signal's).
 */
struct sock_msg *sock_wait_embryo(struct sock *sk, bool noblock)
{
	long timeo = sock_rcvtimeo(sk, noblock), left;
	struct sock_msg *msg;
	int err;

	for (;;) {
		err = sock_error(sk);
		if (err)
			return ERR_PTR(err);
		msg = next_embryo(sk);
		if (msg)
			return msg;
		if (!timeo)
			return ERR_PTR(-EAGAIN);
		if (READ_ONCE(sk->shutdown) & RCV_SHUTDOWN)
			return ERR_PTR(-EINVAL);
		left = wait_event_interruptible_timeout(sk->wait, embryo_or_end(sk), timeo);
		if (left < 0)
			return ERR_PTR(sock_intr_errno(timeo));
		timeo = left;
	}
}

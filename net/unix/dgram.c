// SPDX-License-Identifier: GPL-2.0-only
/*
 * AF_UNIX datagrams, and the messages of SOCK_SEQPACKET.
 * Locks: sock->lock for peer and queue; peer_wait.lock of a receiver for who waits for it.
 */
#include <linux/err.h>
#include <linux/hrtimer.h>
#include <linux/pid.h>
#include <linux/sched.h>
#include <linux/signal.h>
#include <linux/uio.h>
#include "unix.h"

/* ---- waiting for the receiver's queue, in poll ---- */

/* Stop passing @other's wake-ups on to @sk. */
void unix_peer_wake_disconnect(struct sock *sk, struct sock *other)
{
	struct unix_sock *u = unix_sk(sk), *uother = unix_sk(other);
	unsigned long flags;

	spin_lock_irqsave(&uother->peer_wait.lock, flags);
	if (u->waiting_on == other) {
		list_del_init(&u->peer_wake.entry);
		u->waiting_on = NULL;
	}
	spin_unlock_irqrestore(&uother->peer_wait.lock, flags);
}

/*
 * Have @sk's pollers woken when its peer @other has room. Context: sk->lock, which keeps the peer.
 * Return: false when there is room already (or never will be).
 */
static bool wake_me_later(struct sock *sk, struct sock *other)
{
	struct unix_sock *u = unix_sk(sk), *uother = unix_sk(other);
	unsigned long flags;

	spin_lock_irqsave(&uother->peer_wait.lock, flags);
	if (!u->waiting_on) {
		u->waiting_on = other;
		__add_wait_queue(&uother->peer_wait, &u->peer_wake);
	}
	spin_unlock_irqrestore(&uother->peer_wait.lock, flags);
	/* A reader that makes room from here on wakes us. */
	smp_mb();
	if (sock_queue_full(other) && !READ_ONCE(other->dead))
		return true;
	unix_peer_wake_disconnect(sk, other);
	return false;
}

static bool limited_by(const struct sock *sk, const struct sock *other)
{
	return other != sk && READ_ONCE(unix_sk(other)->peer) != sk && sock_queue_full(other);
}

/* ---- connect ---- */

/*
 * @sk no longer has the peer @old: what it sent is lost, and it learns so if it was bound to us.
 * Drops the reference to @old.
 */
static void lose_peer(struct sock *sk, struct sock *old)
{
	LIST_HEAD(msgs);
	bool tell = false;

	spin_lock(&sk->lock);
	list_splice_init(&sk->queue, &msgs);
	WRITE_ONCE(sk->qlen, 0);
	WRITE_ONCE(sk->qcharge, 0);
	spin_unlock(&sk->lock);
	if (!list_empty(&msgs)) {
		wake_up_interruptible_all(&unix_sk(sk)->peer_wait);
		spin_lock(&old->lock);
		tell = !old->dead && unix_sk(old)->peer == sk;
		if (tell)
			WRITE_ONCE(old->err, ECONNRESET);
		spin_unlock(&old->lock);
		if (tell)
			sock_wake(old, EPOLLERR);
		unix_purge(sk, &msgs);
	}
	sock_put(old);
}

/* @other may be NULL: no peer any more. Takes over the reference to it. */
static void set_peer(struct sock *sk, struct sock *other)
{
	struct unix_sock *u = unix_sk(sk);
	struct sock *old;

	spin_lock(&sk->lock);
	old = u->peer;
	u->peer = other;
	sk->state = other ? TCP_ESTABLISHED : TCP_CLOSE;
	if (old)
		unix_peer_wake_disconnect(sk, old);
	spin_unlock(&sk->lock);
	sock_wake(sk, EPOLLOUT | EPOLLWRNORM);
	if (old && old != other)
		lose_peer(sk, old);
	else if (old)
		sock_put(old);
}

/* Only to those who talk to nobody else. */
static bool may_send(const struct sock *sk, const struct sock *other)
{
	const struct sock *peer = READ_ONCE(unix_sk(other)->peer);

	return !peer || peer == sk;
}

static int unix_dgram_connect(struct socket *sock, struct sockaddr_storage *addr, int len,
			      int flags)
{
	struct sock *sk = sock->sk, *other;
	int err;

	if (len < (int)offsetofend(struct sockaddr, sa_family))
		return -EINVAL;
	if (addr->ss_family == AF_UNSPEC) {
		set_peer(sk, NULL);
		return 0;
	}
	err = unix_check_addr(addr, len);
	if (!err && sock_flag(sk, SOCK_F_PASSCRED) && !unix_sk(sk)->addr)
		err = unix_autobind(sk);
	if (err)
		return err;
	do {
		other = unix_find_other(sk->net, addr, len, sk->type);
		if (IS_ERR(other))
			return PTR_ERR(other);
		err = READ_ONCE(other->dead) ? 1 : may_send(sk, other) ? 0 : -EPERM;
		if (err)
			sock_put(other);
	} while (err > 0);
	if (!err)
		set_peer(sk, other);
	return err;
}

/* ---- sending ---- */

/* The connected peer is gone for good. Return: the error for the sender. */
static int peer_died(struct sock *sk, struct sock *other)
{
	struct unix_sock *u = unix_sk(sk);
	bool ours = false;

	if (sk->type == SOCK_SEQPACKET)
		return -EPIPE;
	spin_lock(&sk->lock);
	if (u->peer == other) {
		u->peer = NULL;
		sk->state = TCP_CLOSE;
		unix_peer_wake_disconnect(sk, other);
		ours = true;
	}
	spin_unlock(&sk->lock);
	if (!ours)
		return 1;
	lose_peer(sk, other);
	return -ECONNREFUSED;
}

/*
 * Context: both locks. Return: 0: queued; 1: @other is dead; -EAGAIN: its queue is full;
 * -EPERM, -EPIPE.
 */
static int deliver(struct sock *sk, struct sock *other, struct sock_msg *m, bool noblock)
{
	if (!may_send(sk, other))
		return -EPERM;
	if (other->dead)
		return 1;
	if (other->shutdown & RCV_SHUTDOWN)
		return -EPIPE;
	if (limited_by(sk, other) &&
	    !(noblock && unix_sk(sk)->peer == other && !wake_me_later(sk, other)))
		return -EAGAIN;
	__sock_enqueue(other, m);
	return 0;
}

/* Return: 0 (@m is the receiver's now), 1: look @other up again, or an error. */
static int try_send(struct sock *sk, struct sock *other, struct sock_msg *m, long *timeo)
{
	int err;

	lock_two_socks(sk, other);
	err = deliver(sk, other, m, !*timeo);
	unlock_two_socks(sk, other);
	if (!err)
		sock_wake(other, EPOLLIN | EPOLLRDNORM | EPOLLRDBAND);
	if (err == 1)
		return peer_died(sk, other);
	if (err == -EAGAIN && *timeo) {
		*timeo = unix_wait_for_peer(other, *timeo);
		return *timeo < 0 ? *timeo : 1;
	}
	return err;
}

/* Where @msg goes to, with a reference, or ERR_PTR. */
static struct sock *destination(struct sock *sk, struct msghdr *msg)
{
	struct sock *other;

	if (msg->msg_namelen)
		return unix_find_other(sk->net, msg->msg_name, msg->msg_namelen, sk->type);
	other = unix_peer_get(sk);
	return other ?: ERR_PTR(-ENOTCONN);
}

static int check_send(struct sock *sk, struct msghdr *msg, size_t len)
{
	int err = 0;

	if (msg->msg_flags & MSG_OOB)
		return -EOPNOTSUPP;
	if (msg->msg_namelen)
		err = unix_check_addr(msg->msg_name, msg->msg_namelen);
	else if (!READ_ONCE(unix_sk(sk)->peer))
		err = -ENOTCONN;
	if (!err && sock_flag(sk, SOCK_F_PASSCRED) && !unix_sk(sk)->addr)
		err = unix_autobind(sk);
	if (!err && len > (size_t)READ_ONCE(sk->sndbuf) - 32)
		err = -EMSGSIZE;
	return err;
}

static int send_one(struct sock *sk, struct msghdr *msg, size_t len, struct scm_cookie *scm)
{
	long timeo = sock_sndtimeo(sk, msg->msg_flags & MSG_DONTWAIT);
	struct sock_msg *m = sock_msg_alloc(sk, len, &timeo);
	struct sock *other;
	bool attached = false;
	int err;

	if (IS_ERR(m))
		return PTR_ERR(m);
	err = copy_from_iter_full(m->data, len, &msg->msg_iter) ? 1 : -EFAULT;
	while (err > 0) {
		other = destination(sk, msg);
		if (IS_ERR(other)) {
			err = PTR_ERR(other);
			break;
		}
		err = attached ? 0 : unix_attach(m, scm, sk, other);
		attached = !err;
		if (!err)
			err = try_send(sk, other, m, &timeo);
		sock_put(other);
	}
	if (err)
		sock_msg_put(m);
	return err;
}

static ssize_t unix_dgram_sendmsg(struct socket *sock, struct msghdr *msg, size_t len)
{
	struct scm_cookie scm;
	int err = scm_send(msg, &scm, false);

	if (err)
		return err;
	err = check_send(sock->sk, msg, len) ?: send_one(sock->sk, msg, len, &scm);
	scm_destroy(&scm);
	return err ?: (ssize_t)len;
}

static ssize_t unix_seqpacket_sendmsg(struct socket *sock, struct msghdr *msg, size_t len)
{
	int err = sock_error(sock->sk);

	if (err)
		return err;
	if (READ_ONCE(sock->sk->state) != TCP_ESTABLISHED)
		return -ENOTCONN;
	msg->msg_namelen = 0;
	return unix_dgram_sendmsg(sock, msg, len);
}

/* ---- receiving ---- */

/* Return: the next message, NULL at the end of file, or ERR_PTR. */
static struct sock_msg *wait_msg(struct sock *sk, int flags)
{
	long timeo = sock_rcvtimeo(sk, flags & MSG_DONTWAIT);
	struct sock_msg *m;
	bool end;
	int err;

	for (;;) {
		err = sock_error(sk);
		if (err)
			return ERR_PTR(err);
		/* Before the queue: what came in front of the end is found there. */
		end = smp_load_acquire(&sk->shutdown) & RCV_SHUTDOWN;
		m = sock_take_msg(sk, flags & MSG_PEEK);
		if (m)
			return m;
		if (end)
			return timeo || sk->type == SOCK_SEQPACKET ? NULL : ERR_PTR(-EAGAIN);
		if (!timeo)
			return ERR_PTR(-EAGAIN);
		timeo = sock_wait_data(sk, timeo);
		if (timeo < 0)
			return ERR_PTR(timeo);
	}
}

static ssize_t unix_dgram_recvmsg(struct socket *sock, struct msghdr *msg, size_t size, int flags)
{
	struct sock *sk = sock->sk;
	struct scm_cookie scm = { };
	struct sock_msg *m;
	ssize_t ret;

	if (flags & MSG_OOB)
		return -EOPNOTSUPP;
	m = wait_msg(sk, flags);
	if (IS_ERR_OR_NULL(m))
		return PTR_ERR_OR_ZERO(m);
	if (wq_has_sleeper(&unix_sk(sk)->peer_wait))
		wake_up_interruptible_poll(&unix_sk(sk)->peer_wait,
					   EPOLLOUT | EPOLLWRNORM | EPOLLWRBAND);
	if (msg->msg_name)
		unix_put_name(msg, m->sender);
	if (size < m->len)
		msg->msg_flags |= MSG_TRUNC;
	size = min(size, (size_t)m->len);
	ret = copy_to_iter_full(m->data, size, &msg->msg_iter) ? 0 : -EFAULT;
	if (!ret)
		ret = unix_take_scm(sk, m, &scm, flags & MSG_PEEK);
	if (!ret) {
		scm_recv(sock, msg, &scm, flags);
		ret = flags & MSG_TRUNC ? m->len : size;
	} else {
		scm_destroy(&scm);
	}
	sock_msg_put(m);
	return ret;
}

static ssize_t unix_seqpacket_recvmsg(struct socket *sock, struct msghdr *msg, size_t size,
				      int flags)
{
	if (READ_ONCE(sock->sk->state) != TCP_ESTABLISHED)
		return -ENOTCONN;
	return unix_dgram_recvmsg(sock, msg, size, flags);
}

/* ---- poll ---- */

static bool may_write_now(struct sock *sk)
{
	struct sock *peer;
	bool may = sock_writable(sk);

	if (!may)
		return false;
	spin_lock(&sk->lock);
	peer = unix_sk(sk)->peer;
	if (peer && limited_by(sk, peer) && wake_me_later(sk, peer))
		may = false;
	spin_unlock(&sk->lock);
	return may;
}

static __poll_t unix_dgram_poll(struct file *file, struct socket *sock, poll_table *pt)
{
	struct sock *sk = sock->sk;
	__poll_t events = 0;
	u8 down;

	poll_wait(file, &sk->wait, pt);
	down = READ_ONCE(sk->shutdown);
	if (READ_ONCE(sk->err))
		events |= EPOLLERR;
	if (down & RCV_SHUTDOWN)
		events |= EPOLLRDHUP | EPOLLIN | EPOLLRDNORM;
	if (down == SHUTDOWN_MASK)
		events |= EPOLLHUP;
	if (!list_empty_careful(&sk->queue))
		events |= EPOLLIN | EPOLLRDNORM;
	if (unix_connected_type(sk) && READ_ONCE(sk->state) == TCP_CLOSE)
		events |= EPOLLHUP;
	/* Asking costs a place on the peer's queue: only for those who want to know. */
	if ((poll_requested_events(pt) & (EPOLLOUT | EPOLLWRNORM | EPOLLWRBAND)) &&
	    may_write_now(sk))
		events |= EPOLLOUT | EPOLLWRNORM | EPOLLWRBAND;
	return events;
}

static int no_accept(struct socket *sock, struct socket *newsock, int flags)
{
	return -EOPNOTSUPP;
}

static int no_listen(struct socket *sock, int backlog)
{
	return -EOPNOTSUPP;
}

const struct proto_ops unix_dgram_ops = {
	.family		= AF_UNIX,
	.release	= unix_release,
	.bind		= unix_bind,
	.connect	= unix_dgram_connect,
	.socketpair	= unix_socketpair,
	.accept		= no_accept,
	.listen		= no_listen,
	.shutdown	= unix_shutdown,
	.getname	= unix_getname,
	.poll		= unix_dgram_poll,
	.ioctl		= unix_ioctl,
	.sendmsg	= unix_dgram_sendmsg,
	.recvmsg	= unix_dgram_recvmsg,
};

const struct proto_ops unix_seqpacket_ops = {
	.family		= AF_UNIX,
	.release	= unix_release,
	.bind		= unix_bind,
	.connect	= unix_stream_connect,
	.socketpair	= unix_socketpair,
	.accept		= unix_accept,
	.listen		= unix_listen,
	.shutdown	= unix_shutdown,
	.getname	= unix_getname,
	.poll		= unix_dgram_poll,
	.ioctl		= unix_ioctl,
	.sendmsg	= unix_seqpacket_sendmsg,
	.recvmsg	= unix_seqpacket_recvmsg,
};

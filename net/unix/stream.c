// SPDX-License-Identifier: GPL-2.0-only
/*
 * AF_UNIX streams, and how connections are made for SOCK_SEQPACKET too.
 * Locks: sock->lock for state and queue; iolock lets one reader at a time take bytes.
 */
#include <linux/err.h>
#include <linux/hrtimer.h>
#include <linux/pid.h>
#include <linux/sched.h>
#include <linux/signal.h>
#include <linux/slab.h>
#include <linux/uio.h>
#include "unix.h"

/* ---- listen and accept ---- */

int unix_listen(struct socket *sock, int backlog)
{
	struct sock *sk = sock->sk;
	int err = -EINVAL;

	if (!smp_load_acquire(&unix_sk(sk)->addr))
		return -EINVAL;
	spin_lock(&sk->lock);
	if (sk->state == TCP_CLOSE || sk->state == TCP_LISTEN) {
		sk->max_backlog = backlog;
		sk->state = TCP_LISTEN;
		err = 0;
	}
	spin_unlock(&sk->lock);
	if (!err) {
		unix_set_peercred(sk);
		wake_up_interruptible_all(&unix_sk(sk)->peer_wait);
	}
	return err;
}

int unix_accept(struct socket *sock, struct socket *newsock, int flags)
{
	struct sock_msg *msg = sock_wait_embryo(sock->sk, flags & O_NONBLOCK);
	struct sock *sk;

	if (IS_ERR(msg))
		return PTR_ERR(msg);
	wake_up_interruptible(&unix_sk(sock->sk)->peer_wait);
	sk = msg->embryo;
	spin_lock(&sk->lock);
	if (sock_flag(sock->sk, SOCK_F_PASSCRED))
		set_bit(SOCK_F_PASSCRED, &sk->flags);
	sock_graft(sk, newsock);
	spin_unlock(&sk->lock);
	sock_msg_put(msg);
	return 0;
}

/* ---- connect ---- */

/* Sleep until @other's queue has room, or it is dead. Return: what is left of @timeo (ns). */
long unix_wait_for_peer(struct sock *other, long timeo)
{
	struct unix_sock *u = unix_sk(other);
	long left = wait_event_interruptible_timeout(u->peer_wait,
			!sock_queue_full(other) || READ_ONCE(other->dead) ||
			(READ_ONCE(other->shutdown) & RCV_SHUTDOWN), timeo);

	return left < 0 ? sock_intr_errno(timeo) : left;
}

/* May @sk connect to the listener? -EAGAIN: its queue is full. Context: both locks. */
static int may_connect(const struct sock *sk, const struct sock *other)
{
	if (other->state != TCP_LISTEN || (other->shutdown & RCV_SHUTDOWN))
		return -ECONNREFUSED;
	if (sock_queue_full(other))
		return -EAGAIN;
	if (sk->state == TCP_ESTABLISHED)
		return -EISCONN;
	return sk->state == TCP_CLOSE ? 0 : -EINVAL;
}

/* Tie @sk to the new end @end, which waits at @other to be accepted. Context: both locks. */
static void make_connection(struct sock *sk, struct sock *other, struct sock_msg *msg)
{
	struct sock *end = msg->embryo;
	struct unix_sock *uend = unix_sk(end), *uother = unix_sk(other);

	/* Before the name: others may be looking through the table for its owner. */
	WRITE_ONCE(uend->accepted, true);
	smp_wmb();
	uend->peer = sock_hold(sk);
	end->state = TCP_ESTABLISHED;
	uend->path = uother->path;
	if (uend->path.dentry)
		path_get(&uend->path);
	uend->addr = unix_addr_get(uother->addr);
	/* What the listener said of itself is what this end learns. */
	sk->peer_pid = get_pid(other->peer_pid);
	sk->peer_cred = get_cred(other->peer_cred);
	sk->state = TCP_ESTABLISHED;
	unix_sk(sk)->peer = sock_hold(end);
	__sock_enqueue(other, msg);
}

/* Return: 0; 1: start again; or an error. *@timeo is updated. */
static int try_connect(struct sock *sk, struct sock *other, struct sock_msg *msg, long *timeo)
{
	int err;

	lock_two_socks(sk, other);
	err = other->dead ? 1 : may_connect(sk, other);
	if (!err)
		make_connection(sk, other, msg);
	unlock_two_socks(sk, other);
	if (!err)
		sock_wake(other, EPOLLIN | EPOLLRDNORM);
	if (err == -EAGAIN && *timeo) {
		*timeo = unix_wait_for_peer(other, *timeo);
		err = *timeo < 0 ? *timeo : 1;
	}
	return err;
}

int unix_stream_connect(struct socket *sock, struct sockaddr_storage *addr, int len, int flags)
{
	struct sock *sk = sock->sk, *other, *end;
	long timeo = sock_sndtimeo(sk, flags & O_NONBLOCK);
	struct sock_msg *msg;
	int err = unix_check_addr(addr, len);

	if (err)
		return err;
	if (sock_flag(sk, SOCK_F_PASSCRED) && !unix_sk(sk)->addr) {
		err = unix_autobind(sk);
		if (err)
			return err;
	}
	end = unix_create_sock(sk->net, NULL, sk->type);
	if (IS_ERR(end))
		return PTR_ERR(end);
	unix_set_peercred(end);
	msg = sock_msg_embryo(end);
	if (!msg) {
		unix_release_sock(end, false);
		return -ENOMEM;
	}
	do {
		other = unix_find_other(sk->net, addr, len, sk->type);
		if (IS_ERR(other)) {
			err = PTR_ERR(other);
			break;
		}
		err = try_connect(sk, other, msg, &timeo);
		sock_put(other);
	} while (err > 0);
	if (err) {
		unix_release_sock(end, false);
		sock_msg_put(msg);
	}
	return err;
}

/* ---- sending ---- */

/* One piece of @len bytes. Return: 0; -EPIPE with *@pipe: the other end does not read any more. */
static int send_chunk(struct sock *sk, struct sock *other, struct msghdr *msg, size_t len,
		      struct scm_cookie *scm, bool *pipe)
{
	long timeo = sock_sndtimeo(sk, msg->msg_flags & MSG_DONTWAIT);
	struct sock_msg *m = sock_msg_alloc(sk, len, &timeo);
	int err = 0;

	if (IS_ERR(m))
		return PTR_ERR(m);
	if (!copy_from_iter_full(m->data, len, &msg->msg_iter))
		err = -EFAULT;
	else
		err = unix_attach(m, scm, sk, other);
	if (err) {
		sock_msg_put(m);
		return err;
	}
	spin_lock(&other->lock);
	*pipe = other->dead || (other->shutdown & RCV_SHUTDOWN);
	if (!*pipe)
		__sock_enqueue(other, m);
	spin_unlock(&other->lock);
	if (*pipe) {
		sock_msg_put(m);
		return -EPIPE;
	}
	sock_wake(other, EPOLLIN | EPOLLRDNORM | EPOLLRDBAND);
	return 0;
}

static ssize_t send_all(struct sock *sk, struct sock *other, struct msghdr *msg, size_t len,
			struct scm_cookie *scm)
{
	size_t sent = 0, n;
	bool pipe = READ_ONCE(sk->shutdown) & SEND_SHUTDOWN;
	int err = pipe ? -EPIPE : 0;

	while (!err && sent < len) {
		/* Two pieces at least fit: one is read while the other is written. */
		n = min(min(len - sent, (size_t)SOCK_CHUNK),
			(size_t)(READ_ONCE(sk->sndbuf) / 2 - 64));
		err = send_chunk(sk, other, msg, n, scm, &pipe);
		if (!err)
			sent += n;
	}
	if (pipe && !sent && !(msg->msg_flags & MSG_NOSIGNAL))
		send_sig(SIGPIPE, current, 0);
	return sent ? (ssize_t)sent : err;
}

static ssize_t unix_stream_sendmsg(struct socket *sock, struct msghdr *msg, size_t len)
{
	struct sock *sk = sock->sk, *other;
	struct scm_cookie scm;
	ssize_t ret = scm_send(msg, &scm, false);

	if (ret)
		return ret;
	if (msg->msg_flags & MSG_OOB) {
		ret = -EOPNOTSUPP;
	} else if (msg->msg_namelen) {
		ret = READ_ONCE(sk->state) == TCP_ESTABLISHED ? -EISCONN : -EOPNOTSUPP;
	} else {
		other = unix_peer_get(sk);
		ret = -ENOTCONN;
		if (other) {
			ret = send_all(sk, other, msg, len, &scm);
			sock_put(other);
		}
	}
	scm_destroy(&scm);
	return ret;
}

/* ---- receiving ---- */

/* One recvmsg() on its way. */
struct unix_read {
	struct stream_read r;
	struct scm_cookie scm;
	bool named, checked;
};

static struct unix_read *to_unix(struct stream_read *r)
{
	return container_of(r, struct unix_read, r);
}

/* Credentials that a reader asked for are those of all bytes it gets. */
static bool same_writer(const struct unix_read *u, const struct sock_msg *m)
{
	return m->scm.pid == u->scm.pid && m->scm.uid == u->scm.uid && m->scm.gid == u->scm.gid;
}

static int begin_msg(struct stream_read *r, struct sock_msg *m)
{
	struct unix_read *u = to_unix(r);

	if (u->checked && !same_writer(u, m))
		return 0;
	if (r->msg->msg_name && !u->named) {
		unix_put_name(r->msg, m->sender);
		u->named = true;
	}
	return 1;
}

static int end_msg(struct stream_read *r, struct sock_msg *m)
{
	struct unix_read *u = to_unix(r);
	int err = unix_take_scm(r->sock->sk, m, &u->scm, r->flags & MSG_PEEK);

	if (err)
		return err;
	u->checked = sock_flag(r->sock->sk, SOCK_F_PASSCRED);
	return !u->scm.files;
}

static int nothing_there(struct sock *sk)
{
	int err = sock_error(sk);

	return err ?: !(READ_ONCE(sk->shutdown) & RCV_SHUTDOWN);
}

static ssize_t unix_stream_recvmsg(struct socket *sock, struct msghdr *msg, size_t size,
				   int flags)
{
	struct sock *sk = sock->sk;
	struct unix_read u = { .r = {
		.sock = sock, .msg = msg, .size = size, .flags = flags,
		.timeo = sock_rcvtimeo(sk, flags & MSG_DONTWAIT),
		.begin = begin_msg, .end = end_msg, .empty = nothing_there,
	} };
	ssize_t ret;

	if (flags & MSG_OOB)
		return -EOPNOTSUPP;
	if (READ_ONCE(sk->state) != TCP_ESTABLISHED)
		return -EINVAL;
	ret = sock_stream_read(&u.r);
	scm_recv(sock, msg, &u.scm, flags);
	return ret;
}

/* ---- poll ---- */

static __poll_t unix_stream_poll(struct file *file, struct socket *sock, poll_table *pt)
{
	struct sock *sk = sock->sk;
	__poll_t events = 0;
	u8 down;

	poll_wait(file, &sk->wait, pt);
	down = READ_ONCE(sk->shutdown);
	if (READ_ONCE(sk->err))
		events |= EPOLLERR;
	if (down == SHUTDOWN_MASK)
		events |= EPOLLHUP;
	if (down & RCV_SHUTDOWN)
		events |= EPOLLRDHUP | EPOLLIN | EPOLLRDNORM;
	if (!list_empty_careful(&sk->queue))
		events |= EPOLLIN | EPOLLRDNORM;
	if (READ_ONCE(sk->state) == TCP_CLOSE)
		events |= EPOLLHUP;
	if (sock_writable(sk))
		events |= EPOLLOUT | EPOLLWRNORM | EPOLLWRBAND;
	return events;
}

const struct proto_ops unix_stream_ops = {
	.family		= AF_UNIX,
	.release	= unix_release,
	.bind		= unix_bind,
	.connect	= unix_stream_connect,
	.socketpair	= unix_socketpair,
	.accept		= unix_accept,
	.listen		= unix_listen,
	.shutdown	= unix_shutdown,
	.getname	= unix_getname,
	.poll		= unix_stream_poll,
	.ioctl		= unix_ioctl,
	.sendmsg	= unix_stream_sendmsg,
	.recvmsg	= unix_stream_recvmsg,
};

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

#define CHUNK	(KMALLOC_MAX_CACHE_SIZE - sizeof(struct unix_msg))

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

/* Return: a connection's message taken off the queue, NULL if there is none, or ERR_PTR. */
static struct unix_msg *next_embryo(struct sock *sk)
{
	struct unix_msg *msg = NULL;

	spin_lock(&sk->lock);
	if (sk->state != TCP_LISTEN) {
		msg = ERR_PTR(-EINVAL);
	} else if (!list_empty(&unix_sk(sk)->queue)) {
		msg = list_first_entry(&unix_sk(sk)->queue, struct unix_msg, link);
		__unix_dequeue(sk, msg);
	}
	spin_unlock(&sk->lock);
	return msg;
}

static struct unix_msg *wait_embryo(struct sock *sk, bool noblock)
{
	long timeo = sock_rcvtimeo(sk, noblock);
	struct unix_msg *msg;
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
		timeo = unix_wait_data(sk, timeo);
		if (timeo < 0)
			return ERR_PTR(timeo);
	}
}

int unix_accept(struct socket *sock, struct socket *newsock, int flags)
{
	struct unix_msg *msg = wait_embryo(sock->sk, flags & O_NONBLOCK);
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
	unix_msg_put(msg);
	return 0;
}

/* ---- connect ---- */

/* Sleep until @other's queue has room, or it is dead. Return: what is left of @timeo (ns). */
long unix_wait_for_peer(struct sock *other, long timeo)
{
	struct unix_sock *u = unix_sk(other);
	long left = wait_event_interruptible_timeout(u->peer_wait,
			!unix_queue_full(other) || READ_ONCE(other->dead) ||
			(READ_ONCE(other->shutdown) & RCV_SHUTDOWN), timeo);

	return left < 0 ? sock_intr_errno(timeo) : left;
}

/* May @sk connect to the listener? -EAGAIN: its queue is full. Context: both locks. */
static int may_connect(const struct sock *sk, const struct sock *other)
{
	if (other->state != TCP_LISTEN || (other->shutdown & RCV_SHUTDOWN))
		return -ECONNREFUSED;
	if (unix_queue_full(other))
		return -EAGAIN;
	if (sk->state == TCP_ESTABLISHED)
		return -EISCONN;
	return sk->state == TCP_CLOSE ? 0 : -EINVAL;
}

/* Tie @sk to the new end @end, which waits at @other to be accepted. Context: both locks. */
static void make_connection(struct sock *sk, struct sock *other, struct unix_msg *msg)
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
	__unix_enqueue(other, msg);
}

/* Return: 0; 1: start again; or an error. *@timeo is updated. */
static int try_connect(struct sock *sk, struct sock *other, struct unix_msg *msg, long *timeo)
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
	struct unix_msg *msg;
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
	msg = unix_msg_embryo(end);
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
		unix_msg_put(msg);
	}
	return err;
}

/* ---- sending ---- */

/* One piece of @len bytes. Return: 0; -EPIPE with *@pipe: the other end does not read any more. */
static int send_chunk(struct sock *sk, struct sock *other, struct msghdr *msg, size_t len,
		      struct scm_cookie *scm, bool *pipe)
{
	long timeo = sock_sndtimeo(sk, msg->msg_flags & MSG_DONTWAIT);
	struct unix_msg *m = unix_msg_alloc(sk, len, &timeo);
	int err = 0;

	if (IS_ERR(m))
		return PTR_ERR(m);
	if (!copy_from_iter_full(m->data, len, &msg->msg_iter))
		err = -EFAULT;
	else
		err = unix_attach(m, scm, sk, other);
	if (err) {
		unix_msg_put(m);
		return err;
	}
	spin_lock(&other->lock);
	*pipe = other->dead || (other->shutdown & RCV_SHUTDOWN);
	if (!*pipe)
		__unix_enqueue(other, m);
	spin_unlock(&other->lock);
	if (*pipe) {
		unix_msg_put(m);
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
		n = min(min(len - sent, (size_t)CHUNK), (size_t)(READ_ONCE(sk->sndbuf) / 2 - 64));
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

/* The message after @last, or the first. */
static struct unix_msg *next_msg(struct sock *sk, struct unix_msg *last)
{
	struct list_head *queue = &unix_sk(sk)->queue, *next;

	spin_lock(&sk->lock);
	next = last ? last->link.next : queue->next;
	spin_unlock(&sk->lock);
	return next == queue ? NULL : list_entry(next, struct unix_msg, link);
}

/* One recvmsg() on its way. */
struct stream_read {
	struct socket *sock;
	struct msghdr *msg;
	size_t size, target, copied;
	int flags;
	long timeo;
	struct unix_msg *last;		/* peeked at */
	struct scm_cookie scm;
	bool named, checked;
};

/* Credentials that a reader asked for are those of all bytes it gets. */
static bool same_writer(const struct stream_read *r, const struct unix_msg *m)
{
	return m->scm.pid == r->scm.pid && m->scm.uid == r->scm.uid && m->scm.gid == r->scm.gid;
}

/* Context: iolock. Return: 1: go on; 0: enough; or an error. */
static int read_msg(struct stream_read *r, struct unix_msg *m)
{
	struct sock *sk = r->sock->sk;
	bool peek = r->flags & MSG_PEEK;
	size_t n = min(r->size, (size_t)(m->len - m->done));
	int err;

	if (r->checked && !same_writer(r, m))
		return 0;
	if (r->msg->msg_name && !r->named) {
		unix_put_name(r->msg, m->sender);
		r->named = true;
	}
	if (!copy_to_iter_full(m->data + m->done, n, &r->msg->msg_iter))
		return -EFAULT;
	err = unix_take_scm(sk, m, &r->scm, peek);
	if (err)
		return err;
	r->checked = sock_flag(sk, SOCK_F_PASSCRED);
	r->copied += n;
	r->size -= n;
	if (peek) {
		r->last = m;
		return r->size && !r->scm.files;
	}
	WRITE_ONCE(m->done, m->done + n);
	if (m->done < m->len)
		return 0;
	spin_lock(&sk->lock);
	__unix_dequeue(sk, m);
	spin_unlock(&sk->lock);
	unix_msg_put(m);
	return r->size && !r->scm.files;
}

/* Nothing is left to read. Context: iolock, dropped while asleep. Return: as read_msg(). */
static int read_wait(struct stream_read *r)
{
	struct sock *sk = r->sock->sk;
	int err;

	if (r->copied >= r->target || r->last)
		return 0;
	err = sock_error(sk);
	if (err || (READ_ONCE(sk->shutdown) & RCV_SHUTDOWN))
		return err;
	if (!r->timeo)
		return -EAGAIN;
	mutex_unlock(&unix_sk(sk)->iolock);
	r->timeo = unix_wait_data(sk, r->timeo);
	mutex_lock(&unix_sk(sk)->iolock);
	return r->timeo < 0 ? r->timeo : 1;
}

static ssize_t unix_stream_recvmsg(struct socket *sock, struct msghdr *msg, size_t size,
				   int flags)
{
	struct sock *sk = sock->sk;
	struct stream_read r = {
		.sock = sock, .msg = msg, .size = size, .flags = flags,
		.timeo = sock_rcvtimeo(sk, flags & MSG_DONTWAIT),
	};
	struct unix_msg *m;
	int more;

	if (flags & MSG_OOB)
		return -EOPNOTSUPP;
	if (READ_ONCE(sk->state) != TCP_ESTABLISHED)
		return -EINVAL;
	r.target = flags & MSG_WAITALL ? size : min(size, (size_t)READ_ONCE(sk->rcvlowat));
	r.target = r.target ?: 1;
	mutex_lock(&unix_sk(sk)->iolock);
	do {
		m = next_msg(sk, r.last);
		more = m ? read_msg(&r, m) : read_wait(&r);
	} while (more > 0);
	mutex_unlock(&unix_sk(sk)->iolock);
	scm_recv(sock, msg, &r.scm, flags);
	return r.copied ? (ssize_t)r.copied : more;
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
	if (!list_empty_careful(&unix_sk(sk)->queue))
		events |= EPOLLIN | EPOLLRDNORM;
	if (READ_ONCE(sk->state) == TCP_CLOSE)
		events |= EPOLLHUP;
	if (unix_writable(sk))
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

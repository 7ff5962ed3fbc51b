// SPDX-License-Identifier: GPL-2.0-only
/*
 * UDP within the machine: a datagram is charged to its sender while it is made, and to its
 * receiver while it waits (udp(7)).
 * Locks: sock->lock for the queue; see inet.h.
 */
#include <linux/err.h>
#include <linux/hrtimer.h>
#include <linux/sched.h>
#include <linux/uio.h>
#include "inet.h"

/* ---- names ---- */

static void disconnect(struct sock *sk)
{
	struct inet_sock *inet = inet_sk(sk);

	inet_set_peer(inet, 0, 0, 0);
	spin_lock(&sk->lock);
	sk->state = TCP_CLOSE;
	spin_unlock(&sk->lock);
	if (!inet->port_bound)
		inet_put_port(inet);
}

int udp_connect(struct socket *sock, struct sockaddr_storage *addr, int len, int flags)
{
	const struct sockaddr_in *sin = (struct sockaddr_in *)addr;
	struct inet_sock *inet = inet_sk(sock->sk);
	struct sock *sk = sock->sk;
	u32 daddr, saddr;
	int err;

	if (len < (int)offsetofend(struct sockaddr, sa_family))
		return -EINVAL;
	if (addr->ss_family == AF_UNSPEC) {
		disconnect(sk);
		return 0;
	}
	err = inet_autobind(inet) ?: inet_check_addr(addr, len);
	if (err)
		return err;
	daddr = ntohl(sin->sin_addr.s_addr);
	err = inet_route(inet, &daddr, &saddr);
	if (err)
		return err;
	if (loopback_is_broadcast(sk->net, daddr) && !sock_flag(sk, SOCK_F_BROADCAST))
		return -EACCES;
	inet_set_peer(inet, saddr, daddr, ntohs(sin->sin_port));
	spin_lock(&sk->lock);
	sk->state = TCP_ESTABLISHED;
	spin_unlock(&sk->lock);
	return 0;
}

int udp_shutdown(struct socket *sock, int how)
{
	struct sock *sk = sock->sk;
	int err = 0;

	if (how < SHUT_RD || how > SHUT_RDWR)
		return -EINVAL;
	spin_lock(&sk->lock);
	if (sk->state == TCP_CLOSE)
		err = -ENOTCONN;
	sk->shutdown |= how + 1;
	spin_unlock(&sk->lock);
	sock_wake(sk, EPOLLIN | EPOLLOUT | EPOLLHUP | EPOLLRDHUP | EPOLLRDNORM | EPOLLWRNORM);
	return err;
}

/* Context: cork_mutex, or nobody else has the socket. */
static void drop_corked(struct inet_sock *inet)
{
	if (inet->corked)
		sock_msg_put(inet->corked);
	WRITE_ONCE(inet->corked, NULL);
}

void udp_release(struct socket *sock)
{
	struct sock *sk = sock->sk;
	struct sock_msg *msg, *next;
	LIST_HEAD(msgs);

	sock->sk = NULL;
	inet_put_port(inet_sk(sk));
	spin_lock(&sk->lock);
	sk->dead = true;
	sk->socket = NULL;
	list_splice_init(&sk->queue, &msgs);
	spin_unlock(&sk->lock);
	list_for_each_entry_safe(msg, next, &msgs, link)
		sock_msg_put(msg);
	drop_corked(inet_sk(sk));
	sock_put(sk);
}

/* ---- sending ---- */

/* Return: 0, -EINVAL, -EAFNOSUPPORT, -EDESTADDRREQ, -ENETUNREACH, -EACCES. */
static int find_destination(struct sock *sk, struct msghdr *msg,
			    struct udp_destination *to)
{
	const struct sockaddr_in *sin = msg->msg_name;
	struct inet_sock *inet = inet_sk(sk);
	int err;

	if (msg->msg_namelen) {
		if (msg->msg_namelen < (int)sizeof(*sin))
			return -EINVAL;
		if (sin->sin_family != AF_INET && sin->sin_family != AF_UNSPEC)
			return -EAFNOSUPPORT;
		to->daddr = ntohl(sin->sin_addr.s_addr);
		to->dport = ntohs(sin->sin_port);
		if (!to->dport)
			return -EINVAL;
	} else {
		if (READ_ONCE(sk->state) != TCP_ESTABLISHED)
			return -EDESTADDRREQ;
		to->daddr = READ_ONCE(inet->daddr);
		to->dport = READ_ONCE(inet->dport);
	}
	err = inet_route(inet, &to->daddr, &to->saddr);
	if (err)
		return err;
	if (loopback_is_broadcast(sk->net, to->daddr) && !sock_flag(sk, SOCK_F_BROADCAST))
		return -EACCES;
	return 0;
}

/* What the receiver has no room for is lost. Return: whether @m was taken. */
static bool deliver(struct sock *to, struct sock_msg *m)
{
	bool room;

	spin_lock(&to->lock);
	room = !to->dead && (!to->qlen || to->qcharge + m->charge <=
			     (unsigned int)READ_ONCE(to->rcvbuf));
	if (room)
		__sock_enqueue(to, m);
	spin_unlock(&to->lock);
	if (room)
		sock_wake(to, EPOLLIN | EPOLLRDNORM | EPOLLRDBAND);
	return room;
}

/* Nobody is there: who is connected learns it with the next call. */
static void refused(struct sock *sk)
{
	if (READ_ONCE(sk->state) != TCP_ESTABLISHED)
		return;
	WRITE_ONCE(sk->err, ECONNREFUSED);
	sock_wake(sk, EPOLLERR);
}

static void transmit(struct sock *sk, const struct udp_destination *to, struct sock_msg *m)
{
	struct sock *other;

	sock_msg_uncharge(m);
	m->charge = m->len + SKB_OVERHEAD;
	m->from.saddr = to->saddr;
	m->from.daddr = to->daddr;
	m->from.sport = inet_sk(sk)->sport;
	if (!loopback_is_up(&sk->net->lo)) {
		sock_msg_put(m);
		return;
	}
	loopback_count(&sk->net->lo, m->len + 28);
	other = inet_lookup(sk->net, SOCK_DGRAM, to->saddr, m->from.sport, to->daddr, to->dport);
	if (!other)
		refused(sk);
	if (!other || !deliver(other, m))
		sock_msg_put(m);
	if (other)
		sock_put(other);
}

/* Context: cork_mutex. Who has a datagram begun does not wait for room for the rest of it. */
static int append(struct inet_sock *inet, struct msghdr *msg, size_t len)
{
	struct sock_msg *m, *old = inet->corked;
	long timeo = sock_sndtimeo(&inet->sk, old || (msg->msg_flags & MSG_DONTWAIT));
	size_t had = old ? old->len : 0;

	if (had + len > UDP_MAX_LEN)
		return -EMSGSIZE;
	m = sock_msg_alloc(&inet->sk, had + len, &timeo);
	if (IS_ERR(m))
		return old && PTR_ERR(m) == -EAGAIN ? -ENOBUFS : PTR_ERR(m);
	if (old)
		memcpy(m->data, old->data, had);
	if (!copy_from_iter_full(m->data + had, len, &msg->msg_iter)) {
		sock_msg_put(m);
		return -EFAULT;
	}
	if (old)
		sock_msg_put(old);
	WRITE_ONCE(inet->corked, m);
	return 0;
}

/* Context: cork_mutex. */
static void push_corked(struct inet_sock *inet)
{
	struct sock_msg *m = inet->corked;

	if (!m)
		return;
	WRITE_ONCE(inet->corked, NULL);
	transmit(&inet->sk, &inet->corked_to, m);
}

/*
 * A part of a datagram, which goes where its first part was sent to. What cannot be added takes
 * all of it along.
 */
static ssize_t send_part(struct inet_sock *inet, struct msghdr *msg, size_t len)
{
	int err = 0;

	if (mutex_lock_interruptible(&inet->cork_mutex))
		return -ERESTARTSYS;
	if (!inet->corked)
		err = find_destination(&inet->sk, msg, &inet->corked_to);
	if (!err)
		err = append(inet, msg, len);
	if (err)
		drop_corked(inet);
	else if (!(msg->msg_flags & MSG_MORE) && !READ_ONCE(inet->cork))
		push_corked(inet);
	mutex_unlock(&inet->cork_mutex);
	return err ?: (ssize_t)len;
}

/* UDP_CORK; off: what was collected goes. */
void udp_set_cork(struct sock *sk, bool on)
{
	struct inet_sock *inet = inet_sk(sk);

	mutex_lock(&inet->cork_mutex);
	WRITE_ONCE(inet->cork, on);
	if (!on)
		push_corked(inet);
	mutex_unlock(&inet->cork_mutex);
}

ssize_t udp_sendmsg(struct socket *sock, struct msghdr *msg, size_t len)
{
	struct sock *sk = sock->sk;
	long timeo = sock_sndtimeo(sk, msg->msg_flags & MSG_DONTWAIT);
	struct udp_destination to;
	struct sock_msg *m;
	int err = inet_autobind(inet_sk(sk));

	if (err)
		return err;
	if (len > 0xffff)
		return -EMSGSIZE;
	if (msg->msg_flags & MSG_OOB)
		return -EOPNOTSUPP;
	if ((msg->msg_flags & MSG_MORE) || READ_ONCE(inet_sk(sk)->cork) ||
	    READ_ONCE(inet_sk(sk)->corked))
		return send_part(inet_sk(sk), msg, len);
	err = find_destination(sk, msg, &to);
	if (err)
		return err;
	if (len > UDP_MAX_LEN)
		return -EMSGSIZE;
	m = sock_msg_alloc(sk, len, &timeo);
	if (IS_ERR(m))
		return PTR_ERR(m);
	if (!copy_from_iter_full(m->data, len, &msg->msg_iter)) {
		sock_msg_put(m);
		return -EFAULT;
	}
	transmit(sk, &to, m);
	return len;
}

/* ---- receiving ---- */

/* Return: the next datagram, NULL after shutdown(), or ERR_PTR. */
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
		if (!timeo)
			return ERR_PTR(-EAGAIN);
		if (end)
			return NULL;
		timeo = sock_wait_data(sk, timeo);
		if (timeo < 0)
			return ERR_PTR(timeo);
	}
}

static void put_name(struct msghdr *msg, const struct sock_msg *m)
{
	struct sockaddr_in name = inet_sockaddr(m->from.saddr, m->from.sport);

	memcpy(msg->msg_name, &name, sizeof(name));
	msg->msg_namelen = sizeof(name);
}

static void put_pktinfo(struct msghdr *msg, const struct sock_msg *m)
{
	struct in_pktinfo info = {
		.ipi_ifindex = LOOPBACK_INDEX,
		.ipi_spec_dst.s_addr = htonl(m->from.daddr),
		.ipi_addr.s_addr = htonl(m->from.daddr),
	};

	put_cmsg(msg, IPPROTO_IP, IP_PKTINFO, sizeof(info), &info);
}

ssize_t udp_recvmsg(struct socket *sock, struct msghdr *msg, size_t size, int flags)
{
	struct sock *sk = sock->sk;
	struct sock_msg *m;
	ssize_t ret;

	/* Errors come with the calls; none is kept apart. */
	if (flags & MSG_ERRQUEUE)
		return -EAGAIN;
	m = wait_msg(sk, flags);
	if (IS_ERR_OR_NULL(m))
		return PTR_ERR_OR_ZERO(m);
	if (msg->msg_name)
		put_name(msg, m);
	if (size < m->len)
		msg->msg_flags |= MSG_TRUNC;
	size = min(size, (size_t)m->len);
	ret = copy_to_iter_full(m->data, size, &msg->msg_iter) ? 0 : -EFAULT;
	if (!ret) {
		if (READ_ONCE(inet_sk(sk)->pktinfo))
			put_pktinfo(msg, m);
		ret = flags & MSG_TRUNC ? m->len : size;
	}
	sock_msg_put(m);
	return ret;
}

__poll_t udp_poll(struct file *file, struct socket *sock, poll_table *pt)
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
	if (sock_writable(sk))
		events |= EPOLLOUT | EPOLLWRNORM | EPOLLWRBAND;
	return events;
}

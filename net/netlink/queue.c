// SPDX-License-Identifier: GPL-2.0-only
/*
 * The receiving half of a netlink socket: its queue, and reading from it.
 * Locks: sk->lock for the queue. Messages are shared and counted.
 */
#include <linux/cred.h>
#include <linux/err.h>
#include <linux/pid.h>
#include <linux/sched.h>
#include <linux/signal.h>
#include <linux/slab.h>
#include <linux/uio.h>
#include <net/scm.h>
#include "netlink.h"

struct netlink_msg *netlink_msg_alloc(size_t len, gfp_t gfp)
{
	struct netlink_msg *msg = kmalloc(sizeof(*msg) + len, gfp);

	if (!msg)
		return NULL;
	*msg = (struct netlink_msg){ .len = len };
	refcount_set(&msg->refs, 1);
	return msg;
}

void netlink_msg_put(struct netlink_msg *msg)
{
	if (refcount_dec_and_test(&msg->refs))
		kfree(msg);
}

/* There was no room: the reader learns that it lost something. Context: sk->lock. */
static void overrun(struct netlink_sock *nls)
{
	nls->drops++;
	if (nls->no_enobufs)
		return;
	if (!nls->congested)
		WRITE_ONCE(nls->sk.err, ENOBUFS);
	nls->congested = true;
}

/**
 * netlink_enqueue - put a message into a socket's queue
 * @nls: the receiver
 * @msg: gets one more reference
 *
 * Context: any but interrupts; does not sleep.
 * Return: 0, -EAGAIN (full), -ENOMEM, -ECONNREFUSED (closed).
 */
int netlink_enqueue(struct netlink_sock *nls, struct netlink_msg *msg)
{
	struct netlink_slot *slot = kmalloc(sizeof(*slot), GFP_ATOMIC);
	size_t charge = msg->len + sizeof(*msg) + sizeof(*slot);
	int err = slot ? 0 : -ENOMEM;

	spin_lock(&nls->sk.lock);
	if (nls->sk.dead)
		err = -ECONNREFUSED;
	else if (!err && nls->queued && nls->queued + charge > (size_t)READ_ONCE(nls->sk.rcvbuf))
		err = -EAGAIN;
	if (!err) {
		slot->msg = msg;
		refcount_inc(&msg->refs);
		list_add_tail(&slot->link, &nls->queue);
		nls->queued += charge;
	} else if (!nls->sk.dead) {
		overrun(nls);
	}
	spin_unlock(&nls->sk.lock);
	if (err)
		kfree(slot);
	sock_wake(&nls->sk, err ? EPOLLERR : EPOLLIN | EPOLLRDNORM);
	return err;
}

void netlink_purge(struct netlink_sock *nls)
{
	struct netlink_slot *slot, *next;

	list_for_each_entry_safe(slot, next, &nls->queue, link) {
		netlink_msg_put(slot->msg);
		kfree(slot);
	}
	INIT_LIST_HEAD(&nls->queue);
	nls->queued = 0;
}

/* The next message with a reference, or NULL. It stays in the queue for a @peek. */
static struct netlink_msg *take_msg(struct netlink_sock *nls, bool peek)
{
	struct netlink_slot *slot = NULL;
	struct netlink_msg *msg = NULL;

	spin_lock(&nls->sk.lock);
	if (!list_empty(&nls->queue)) {
		slot = list_first_entry(&nls->queue, struct netlink_slot, link);
		msg = slot->msg;
		if (peek) {
			refcount_inc(&msg->refs);
			slot = NULL;
		} else {
			list_del(&slot->link);
			nls->queued -= msg->len + sizeof(*msg) + sizeof(*slot);
		}
	}
	if (list_empty(&nls->queue))
		nls->congested = false;
	spin_unlock(&nls->sk.lock);
	kfree(slot);
	return msg;
}

static bool has_news(struct netlink_sock *nls)
{
	return !list_empty_careful(&nls->queue) || READ_ONCE(nls->sk.err) ||
	       (READ_ONCE(nls->sk.shutdown) & RCV_SHUTDOWN);
}

/* Return: the next message, or ERR_PTR. */
static struct netlink_msg *wait_msg(struct netlink_sock *nls, int flags)
{
	long timeo = sock_rcvtimeo(&nls->sk, flags & MSG_DONTWAIT), left;
	struct netlink_msg *msg;
	int err;

	for (;;) {
		err = sock_error(&nls->sk);
		if (err)
			return ERR_PTR(err);
		msg = take_msg(nls, flags & MSG_PEEK);
		if (msg)
			return msg;
		if (!timeo)
			return ERR_PTR(-EAGAIN);
		left = wait_event_interruptible_timeout(nls->sk.wait, has_news(nls), timeo);
		if (left < 0)
			return ERR_PTR(sock_intr_errno(timeo));
		timeo = left;
	}
}

static void put_name(struct msghdr *msg, const struct netlink_msg *m)
{
	struct sockaddr_nl *addr = (struct sockaddr_nl *)msg->msg_name;

	*addr = (struct sockaddr_nl){
		.nl_family = AF_NETLINK,
		.nl_pid = m->portid,
		.nl_groups = m->group && m->group <= 32 ? 1u << (m->group - 1) : 0,
	};
	msg->msg_namelen = sizeof(*addr);
}

static void put_control(struct socket *sock, struct msghdr *msg, const struct netlink_msg *m,
			int flags)
{
	struct nl_pktinfo info = { .group = m->group };
	struct scm_cookie scm = {
		.pid = m->pid ? find_get_pid_ns(m->pid, &init_pid_ns) : NULL, .uid = m->uid, .gid = m->gid,
	};

	if (netlink_sk(sock->sk)->pktinfo)
		put_cmsg(msg, SOL_NETLINK, NETLINK_PKTINFO, sizeof(info), &info);
	scm_recv(sock, msg, &scm, flags);
}

ssize_t netlink_recvmsg(struct socket *sock, struct msghdr *msg, size_t size, int flags)
{
	struct netlink_msg *m;
	ssize_t ret;

	if (flags & MSG_OOB)
		return -EOPNOTSUPP;
	m = wait_msg(netlink_sk(sock->sk), flags);
	if (IS_ERR(m))
		return PTR_ERR(m);
	if (msg->msg_name)
		put_name(msg, m);
	if (size < m->len)
		msg->msg_flags |= MSG_TRUNC;
	size = min(size, m->len);
	ret = copy_to_iter_full(m->data, size, &msg->msg_iter) ? size : -EFAULT;
	if (ret >= 0) {
		put_control(sock, msg, m, flags);
		ret = flags & MSG_TRUNC ? m->len : ret;
	}
	netlink_msg_put(m);
	return ret;
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reading a stream: bytes out of a queue of messages, for every family that has one.
 * Locks: iolock, so that one reader at a time takes bytes; sock->lock for the queue.
 */
#include <linux/err.h>
#include <linux/sched.h>
#include <linux/uio.h>
#include <net/msg.h>

/* The message after @last, or the first. */
static struct sock_msg *next_msg(struct sock *sk, struct sock_msg *last)
{
	struct list_head *next;

	spin_lock(&sk->lock);
	next = last ? last->link.next : sk->queue.next;
	spin_unlock(&sk->lock);
	return next == &sk->queue ? NULL : list_entry(next, struct sock_msg, link);
}

/* Of SOCK_STREAM of AF_INET, MSG_TRUNC throws the bytes away. */
static bool deliver(struct stream_read *r, struct sock_msg *m, size_t n)
{
	if (unlikely(r->flags & MSG_TRUNC) && r->sock->sk->family == AF_INET)
		return true;
	return copy_to_iter_full(m->data + m->done, n, &r->msg->msg_iter);
}

/* Context: iolock. Return: 1: go on; 0: enough; or an error. */
static int read_msg(struct stream_read *r, struct sock_msg *m)
{
	size_t n = min(r->size, (size_t)(m->len - m->done));
	struct sock *sk = r->sock->sk;
	bool peek = r->flags & MSG_PEEK;
	int more = r->begin ? r->begin(r, m) : 1;

	if (more <= 0)
		return more;
	if (!deliver(r, m, n))
		return -EFAULT;
	if (r->end)
		more = r->end(r, m);
	if (more < 0)
		return more;
	r->copied += n;
	r->size -= n;
	if (peek) {
		r->last = m;
		return r->size && more;
	}
	WRITE_ONCE(m->done, m->done + n);
	if (m->done < m->len)
		return 0;
	spin_lock(&sk->lock);
	__sock_dequeue(sk, m);
	spin_unlock(&sk->lock);
	sock_msg_put(m);
	return r->size && more;
}

/* Nothing is left to read. Context: iolock, dropped while asleep. Return: as read_msg(). */
static int read_wait(struct stream_read *r)
{
	struct sock *sk = r->sock->sk;
	int err;

	if (r->copied >= r->target || r->last)
		return 0;
	/* The last bytes and the end may both have come since the queue was found empty. */
	if (READ_ONCE(sk->err) && next_msg(sk, r->last))
		return 1;
	err = r->empty(sk);
	if (!err && next_msg(sk, r->last))
		return 1;
	if (err <= 0)
		return err;
	if (!r->timeo)
		return -EAGAIN;
	mutex_unlock(&sk->iolock);
	r->timeo = sock_wait_data(sk, r->timeo);
	mutex_lock(&sk->iolock);
	return r->timeo < 0 ? r->timeo : 1;
}

/**
 * sock_stream_read - read bytes out of a socket's queue
 * @r: sock, msg, size, flags, timeo and the family's functions are set
 *
 * Context: task, may sleep.
 * Return: bytes, 0 at the end of file, -EFAULT, -EAGAIN, a signal's error, what @r->empty says.
 */
ssize_t sock_stream_read(struct stream_read *r)
{
	struct sock *sk = r->sock->sk;
	struct sock_msg *m;
	int more;

	r->target = r->flags & MSG_WAITALL ? r->size :
		    min(r->size, (size_t)READ_ONCE(sk->rcvlowat));
	r->target = r->target ?: 1;
	mutex_lock(&sk->iolock);
	do {
		m = next_msg(sk, r->last);
		more = m ? read_msg(r, m) : read_wait(r);
	} while (more > 0);
	mutex_unlock(&sk->iolock);
	return r->copied ? (ssize_t)r->copied : more;
}

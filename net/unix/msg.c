// SPDX-License-Identifier: GPL-2.0-only
/*
 * Messages of AF_UNIX: memory, charge, queues, what travels along.
 * Locks: the receiver's sock->lock for queues; unix_gc_lock for descriptors in flight.
 */
#include <linux/err.h>
#include <linux/hrtimer.h>
#include <linux/pid.h>
#include <linux/sched.h>
#include <linux/signal.h>
#include <linux/slab.h>
#include "unix.h"

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
 * unix_msg_alloc - a message of @len bytes from @sk, charged to it
 * @timeo: how long to wait for room, ns; updated
 *
 * Return: the message, or ERR_PTR(-EAGAIN, -EPIPE, -ENOBUFS, the socket's error, a signal's).
 */
struct unix_msg *unix_msg_alloc(struct sock *sk, size_t len, long *timeo)
{
	struct unix_msg *msg;
	int err = wait_for_room(sk, timeo);

	if (err)
		return ERR_PTR(err);
	msg = kvmalloc(sizeof(*msg) + len, GFP_KERNEL);
	if (!msg)
		return ERR_PTR(-ENOBUFS);
	INIT_LIST_HEAD(&msg->link);
	refcount_set(&msg->refs, 1);
	msg->sender = sock_hold(sk);
	msg->embryo = NULL;
	msg->scm = (struct scm_cookie){ .uid = INVALID_UID, .gid = INVALID_GID };
	msg->len = len;
	msg->done = 0;
	msg->charge = sizeof(*msg) + len;
	atomic_add(msg->charge, &sk->wmem);
	return msg;
}

/* What a listener queues. NULL without memory. */
struct unix_msg *unix_msg_embryo(struct sock *embryo)
{
	struct unix_msg *msg = kzalloc(sizeof(*msg), GFP_KERNEL);

	if (!msg)
		return NULL;
	INIT_LIST_HEAD(&msg->link);
	refcount_set(&msg->refs, 1);
	msg->embryo = embryo;
	return msg;
}

static void uncharge(struct unix_msg *msg)
{
	struct sock *sk = msg->sender;

	atomic_sub(msg->charge, &sk->wmem);
	if (unix_writable(sk))
		sock_wake(sk, EPOLLOUT | EPOLLWRNORM | EPOLLWRBAND);
	sock_put(sk);
}

/* Context: no lock held. */
void unix_msg_put(struct unix_msg *msg)
{
	if (!refcount_dec_and_test(&msg->refs))
		return;
	if (msg->scm.files)
		unix_notinflight(msg->scm.files);
	scm_destroy(&msg->scm);
	if (msg->sender)
		uncharge(msg);
	kvfree(msg);
}

/* ---- queues. Context: sk->lock ---- */

void __unix_enqueue(struct sock *sk, struct unix_msg *msg)
{
	struct unix_sock *u = unix_sk(sk);

	list_add_tail(&msg->link, &u->queue);
	WRITE_ONCE(u->qlen, u->qlen + 1);
}

void __unix_dequeue(struct sock *sk, struct unix_msg *msg)
{
	struct unix_sock *u = unix_sk(sk);

	list_del_init(&msg->link);
	WRITE_ONCE(u->qlen, u->qlen - 1);
}

/* Free messages that were taken off @sk's queue. Context: no lock held. */
void unix_purge(struct sock *sk, struct list_head *msgs)
{
	struct unix_msg *msg, *next;

	list_for_each_entry_safe(msg, next, msgs, link) {
		list_del_init(&msg->link);
		if (msg->embryo)
			unix_release_sock(msg->embryo, true);
		unix_msg_put(msg);
	}
}

/* ---- what travels along ---- */

/**
 * unix_attach - hand @scm over to @msg
 * @from, @to: if either wants credentials, the sender's are added
 *
 * Return: 0 or -ETOOMANYREFS (then @scm keeps the files).
 */
int unix_attach(struct unix_msg *msg, struct scm_cookie *scm, struct sock *from,
		struct sock *to)
{
	int err;

	if (scm->files) {
		err = unix_charge_files(scm->files);
		if (err)
			return err;
		unix_inflight(scm->files);
		msg->scm.files = scm->files;
		scm->files = NULL;
	}
	msg->scm.pid = get_pid(scm->pid);
	msg->scm.uid = scm->uid;
	msg->scm.gid = scm->gid;
	if (!msg->scm.pid && (sock_flag(from, SOCK_F_PASSCRED) ||
			      !to || sock_flag(to, SOCK_F_PASSCRED) || !to->socket)) {
		msg->scm.pid = get_pid(task_tgid(current));
		msg->scm.uid = current_uid();
		msg->scm.gid = current_gid();
	}
	return 0;
}

/**
 * unix_take_scm - what came with @msg, for the reader
 * @peek: the message keeps its own
 *
 * Files leave the message, so that only the first reader of its bytes gets them.
 *
 * Return: 0 or -ENOMEM.
 */
int unix_take_scm(struct sock *sk, struct unix_msg *msg, struct scm_cookie *scm, bool peek)
{
	struct scm_files *files = NULL;

	if (!scm->pid) {
		scm->pid = get_pid(msg->scm.pid);
		scm->uid = msg->scm.uid;
		scm->gid = msg->scm.gid;
	}
	if (!READ_ONCE(msg->scm.files))
		return 0;
	if (peek) {
		/* The collector must not see half of the new references. */
		files = scm_files_dup(msg->scm.files);
		if (!files)
			return -ENOMEM;
		spin_lock(&unix_gc_lock);
		spin_unlock(&unix_gc_lock);
	} else {
		spin_lock(&sk->lock);
		files = msg->scm.files;
		msg->scm.files = NULL;
		spin_unlock(&sk->lock);
		unix_notinflight(files);
	}
	scm->files = files;
	return 0;
}

/* ---- waiting for data ---- */

static bool data_or_end(struct sock *sk)
{
	return !list_empty_careful(&unix_sk(sk)->queue) || READ_ONCE(sk->err) ||
	       (READ_ONCE(sk->shutdown) & RCV_SHUTDOWN);
}

/* Return: what is left of @timeo (ns), at least 1 if something came; 0, or a signal's error. */
long unix_wait_data(struct sock *sk, long timeo)
{
	long left = wait_event_interruptible_timeout(sk->wait, data_or_end(sk), timeo);

	return left < 0 ? sock_intr_errno(timeo) : left;
}

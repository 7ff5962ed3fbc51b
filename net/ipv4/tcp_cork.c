// SPDX-License-Identifier: GPL-2.0-only
/*
 * TCP within the machine: bytes that are held back because more was announced (MSG_MORE,
 * TCP_CORK). They stay with the sender until it sends without, until they are many, or until a
 * timer finds that nothing more came (tcp(7)).
 * Locks: cork_mutex for what is held. held_bytes is 0 again only after all of it is with the
 * receiver, so that who sees 0 without the lock overtakes nothing.
 */
#include <linux/err.h>
#include <linux/hrtimer.h>
#include <linux/uio.h>
#include "inet.h"

#define HELD_MAX	32768			/* that much is sent at once, as Linux does */
#define HELD_NS		(200 * NSEC_PER_MSEC)	/* that long it is held */

/* Context: cork_mutex. */
static void push(struct inet_sock *inet)
{
	struct sock_msg *m, *next;

	list_for_each_entry_safe(m, next, &inet->held, link) {
		list_del_init(&m->link);
		tcp_hand_over(&inet->sk, m);
	}
	smp_store_release(&inet->held_bytes, 0);
}

/* Time is up, unless something else is held by now. Drops the timer's reference. */
static void held_too_long(struct work_struct *work)
{
	struct delayed_work *dwork = to_delayed_work(work);
	struct inet_sock *inet = container_of(dwork, struct inet_sock, held_work);
	s64 left = 0;

	mutex_lock(&inet->cork_mutex);
	if (inet->held_bytes) {
		left = inet->held_since + HELD_NS - ktime_get();
		if (left <= 0)
			push(inet);
	}
	if (left > 0)
		sock_hold(&inet->sk);
	if (left > 0 && !schedule_delayed_work(&inet->held_work, left))
		sock_put(&inet->sk);
	mutex_unlock(&inet->cork_mutex);
	sock_put(&inet->sk);
}

void tcp_init_cork(struct inet_sock *inet)
{
	INIT_LIST_HEAD(&inet->held);
	INIT_DELAYED_WORK(&inet->held_work, held_too_long);
}

/**
 * tcp_hold - keep @m back, the next bytes of the stream
 *
 * Context: sleeps, no lock held.
 */
void tcp_hold(struct sock *sk, struct sock_msg *m)
{
	struct inet_sock *inet = inet_sk(sk);

	mutex_lock(&inet->cork_mutex);
	if (!inet->held_bytes) {
		inet->held_since = ktime_get();
		sock_hold(sk);
		if (!schedule_delayed_work(&inet->held_work, HELD_NS))
			sock_put(sk);
	}
	list_add_tail(&m->link, &inet->held);
	WRITE_ONCE(inet->held_bytes, inet->held_bytes + m->len);
	if (inet->held_bytes >= HELD_MAX)
		push(inet);
	mutex_unlock(&inet->cork_mutex);
}

/* Send what is held. Context: sleeps, no lock held. */
void tcp_push(struct sock *sk)
{
	struct inet_sock *inet = inet_sk(sk);

	if (!READ_ONCE(inet->held_bytes))
		return;
	mutex_lock(&inet->cork_mutex);
	push(inet);
	mutex_unlock(&inet->cork_mutex);
}

/**
 * tcp_end_cork - the connection ends
 * @send: what is held is still sent, or else is lost
 *
 * Context: sleeps, no lock held.
 */
void tcp_end_cork(struct sock *sk, bool send)
{
	struct inet_sock *inet = inet_sk(sk);
	struct sock_msg *m, *next;

	if (!READ_ONCE(inet->held_since))
		return;
	mutex_lock(&inet->cork_mutex);
	if (send)
		push(inet);
	list_for_each_entry_safe(m, next, &inet->held, link) {
		list_del_init(&m->link);
		sock_msg_put(m);
	}
	WRITE_ONCE(inet->held_bytes, 0);
	mutex_unlock(&inet->cork_mutex);
	if (cancel_delayed_work_sync(&inet->held_work))
		sock_put(sk);
}

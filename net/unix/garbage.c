// SPDX-License-Identifier: GPL-2.0-only
/*
 * Descriptors in flight: their count per user, and collecting sockets that only messages in
 * sockets' own queues refer to, which no close() would ever end.
 * Locks: unix_gc_lock, before any sock->lock.
 */
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/resource.h>
#include <linux/sched.h>
#include <linux/signal.h>
#include <linux/slab.h>
#include "unix.h"

DEFINE_SPINLOCK(unix_gc_lock);

static LIST_HEAD(inflight_list);	/* [g] sockets with sent_refs > 0 */
static bool collecting;			/* [g] */

static struct unix_sock *unix_of_file(struct file *file)
{
	struct socket *sock = sock_from_file(file);

	return sock && sock->ops->family == AF_UNIX ? unix_sk(sock->sk) : NULL;
}

/* ---- accounts ---- */

/**
 * unix_charge_files - put @files on the caller's account
 *
 * Return: 0 or -ETOOMANYREFS: more than RLIMIT_NOFILE are in flight already.
 */
int unix_charge_files(struct scm_files *files)
{
	struct user_struct *user = current_user();
	long total = atomic_long_add_return(files->count, &user->unix_inflight);

	if (total - (long)files->count > (long)rlimit(RLIMIT_NOFILE) &&
	    !capable(CAP_SYS_RESOURCE) && !capable(CAP_SYS_ADMIN)) {
		atomic_long_sub(files->count, &user->unix_inflight);
		return -ETOOMANYREFS;
	}
	files->user = get_uid(user);
	return 0;
}

/* They are about to be queued. */
void unix_inflight(struct scm_files *files)
{
	unsigned int i;

	spin_lock(&unix_gc_lock);
	for (i = 0; i < files->count; i++) {
		struct unix_sock *u = unix_of_file(files->file[i]);

		if (u && !u->sent_refs++)
			list_add_tail(&u->gc_link, &inflight_list);
	}
	spin_unlock(&unix_gc_lock);
}

/* They arrived, or nobody will read them. */
void unix_notinflight(struct scm_files *files)
{
	unsigned int i;

	spin_lock(&unix_gc_lock);
	for (i = 0; i < files->count; i++) {
		struct unix_sock *u = unix_of_file(files->file[i]);

		if (u && !--u->sent_refs)
			list_del_init(&u->gc_link);
	}
	spin_unlock(&unix_gc_lock);
	if (files->user) {
		atomic_long_sub(files->count, &files->user->unix_inflight);
		free_uid(files->user);
		files->user = NULL;
	}
}

/* ---- collecting ---- */

typedef void (*visit_t)(struct unix_sock *u, struct list_head *list);

/* Call @visit for each candidate that @sk's queue refers to. Context: unix_gc_lock, sk->lock. */
static void visit_queue(struct sock *sk, visit_t visit, struct list_head *list)
{
	struct sock_msg *msg;
	unsigned int i;

	list_for_each_entry(msg, &sk->queue, link) {
		for (i = 0; msg->scm.files && i < msg->scm.files->count; i++) {
			struct unix_sock *u = unix_of_file(msg->scm.files->file[i]);

			if (u && u->gc_candidate)
				visit(u, list);
		}
	}
}

/* The same for all that can be received through @sk: a listener's are in its embryos' queues. */
static void visit_children(struct sock *sk, visit_t visit, struct list_head *list)
{
	struct sock_msg *msg;

	spin_lock(&sk->lock);
	visit_queue(sk, visit, list);
	if (sk->state == TCP_LISTEN) {
		list_for_each_entry(msg, &sk->queue, link) {
			spin_lock_nested(&msg->embryo->lock, 1);
			visit_queue(msg->embryo, visit, list);
			spin_unlock(&msg->embryo->lock);
		}
	}
	spin_unlock(&sk->lock);
}

static void forget_ref(struct unix_sock *u, struct list_head *unused)
{
	u->gc_refs--;
}

static void mark_reachable(struct unix_sock *u, struct list_head *reachable)
{
	u->gc_candidate = false;
	list_move_tail(&u->gc_link, reachable);
}

/* Leave on @candidates only what no task can reach. Context: unix_gc_lock. */
static void find_garbage(struct list_head *candidates)
{
	struct unix_sock *u, *next;
	LIST_HEAD(reachable);

	list_for_each_entry_safe(u, next, &inflight_list, gc_link) {
		if (file_count(u->sk.socket->file) != u->sent_refs)
			continue;
		u->gc_candidate = true;
		u->gc_refs = u->sent_refs;
		list_move_tail(&u->gc_link, candidates);
	}
	list_for_each_entry(u, candidates, gc_link)
		visit_children(&u->sk, forget_ref, NULL);
	list_for_each_entry_safe(u, next, candidates, gc_link)
		if (u->gc_refs)
			mark_reachable(u, &reachable);
	/* The list grows while it is walked. */
	list_for_each_entry(u, &reachable, gc_link)
		visit_children(&u->sk, mark_reachable, &reachable);
	list_splice(&reachable, &inflight_list);
}

/* Take the messages with descriptors off @sk's queue. Context: sk->lock. */
static void steal_messages(struct sock *sk, struct list_head *doomed)
{
	struct sock_msg *msg, *next;

	list_for_each_entry_safe(msg, next, &sk->queue, link) {
		if (msg->scm.files) {
			__sock_dequeue(sk, msg);
			list_add_tail(&msg->link, doomed);
		}
	}
}

static void steal_all(struct sock *sk, struct list_head *doomed)
{
	struct sock_msg *msg;

	spin_lock(&sk->lock);
	if (sk->state != TCP_LISTEN) {
		steal_messages(sk, doomed);
	} else {
		list_for_each_entry(msg, &sk->queue, link) {
			spin_lock_nested(&msg->embryo->lock, 1);
			steal_messages(msg->embryo, doomed);
			spin_unlock(&msg->embryo->lock);
		}
	}
	spin_unlock(&sk->lock);
}

/**
 * unix_gc - end sockets that only refer to each other
 *
 * Called when a socket was closed. Context: no lock held.
 */
void unix_gc(void)
{
	struct sock_msg *msg, *next;
	struct unix_sock *u;
	LIST_HEAD(candidates);
	LIST_HEAD(doomed);

	if (list_empty_careful(&inflight_list))
		return;
	spin_lock(&unix_gc_lock);
	if (collecting) {
		spin_unlock(&unix_gc_lock);
		return;
	}
	collecting = true;
	find_garbage(&candidates);
	list_for_each_entry(u, &candidates, gc_link) {
		u->gc_candidate = false;
		steal_all(&u->sk, &doomed);
	}
	list_splice(&candidates, &inflight_list);
	collecting = false;
	spin_unlock(&unix_gc_lock);
	/* Letting the descriptors go closes the sockets. */
	list_for_each_entry_safe(msg, next, &doomed, link) {
		list_del_init(&msg->link);
		sock_msg_put(msg);
	}
}

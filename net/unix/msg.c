// SPDX-License-Identifier: GPL-2.0-only
/*
 * Messages of AF_UNIX: what travels along with them.
 * Locks: the receiver's sock->lock; unix_gc_lock for descriptors in flight.
 */
#include <linux/err.h>
#include <linux/hrtimer.h>
#include <linux/pid.h>
#include <linux/sched.h>
#include <linux/signal.h>
#include <linux/slab.h>
#include "unix.h"

/* ---- the end ---- */

/* Free messages that were taken off @sk's queue. Context: no lock held. */
void unix_purge(struct sock *sk, struct list_head *msgs)
{
	struct sock_msg *msg, *next;

	list_for_each_entry_safe(msg, next, msgs, link) {
		list_del_init(&msg->link);
		if (msg->embryo)
			unix_release_sock(msg->embryo, true);
		sock_msg_put(msg);
	}
}

/* ---- what travels along ---- */

static void release_scm(struct sock_msg *msg)
{
	if (msg->scm.files)
		unix_notinflight(msg->scm.files);
	scm_destroy(&msg->scm);
}

/**
 * unix_attach - hand @scm over to @msg
 * @from, @to: if either wants credentials, the sender's are added
 *
 * Return: 0 or -ETOOMANYREFS (then @scm keeps the files).
 */
int unix_attach(struct sock_msg *msg, struct scm_cookie *scm, struct sock *from,
		struct sock *to)
{
	int err;

	msg->scm = (struct scm_cookie){ .uid = scm->uid, .gid = scm->gid };
	if (scm->files) {
		err = unix_charge_files(scm->files);
		if (err)
			return err;
		unix_inflight(scm->files);
		msg->scm.files = scm->files;
		scm->files = NULL;
	}
	msg->release = release_scm;
	msg->scm.pid = get_pid(scm->pid);
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
int unix_take_scm(struct sock *sk, struct sock_msg *msg, struct scm_cookie *scm, bool peek)
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

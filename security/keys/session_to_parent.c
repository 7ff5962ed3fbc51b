// SPDX-License-Identifier: GPL-2.0-only
/*
 * keyctl_session_to_parent(3): a command in a shell gives the shell its session keyring. The
 * parent puts it in place itself, on its way to user space: nobody else may change its credentials.
 */
#include <linux/cred.h>
#include <linux/err.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include "keyctl.h"

struct session_gift {
	struct callback_head work;
	struct key *session;
};

static void free_gift(struct session_gift *gift)
{
	key_put(gift->session);
	kfree(gift);
}

/* Runs in the parent. One that is dying, or short of memory, keeps what it has. */
static void take_session(struct callback_head *work)
{
	struct session_gift *gift = container_of(work, struct session_gift, work);
	struct cred *new = current->flags & PF_EXITING ? NULL : prepare_creds();

	if (new) {
		key_put(new->keys.session);
		new->keys.session = key_get(gift->session);
		commit_creds(new);
	}
	free_gift(gift);
}

static bool same_ids(const struct cred *a, const struct cred *b)
{
	return a->uid == b->euid && a->euid == b->euid && a->suid == b->euid &&
	       a->gid == b->egid && a->egid == b->egid && a->sgid == b->egid;
}

/* Context: tasklist_lock and RCU. Return: 1 to go on, 0 when it has it already, -EPERM. */
static int parent_permitted(struct task_struct *parent, const struct key *session)
{
	const struct cred *mine = current_cred(), *theirs = __task_cred(parent);
	const struct key *old = theirs->keys.session;

	if (parent->pid <= 1 || !parent->mm || !thread_group_empty(parent))
		return -EPERM;
	if (theirs == mine || old == session)
		return 0;
	if (!same_ids(theirs, mine) || theirs->user_ns != mine->user_ns)
		return -EPERM;
	if ((old && old->uid != mine->euid) || session->uid != mine->euid)
		return -EPERM;
	return 1;
}

static long give(struct session_gift *gift)
{
	struct task_struct *parent;
	long ret;

	read_lock(&tasklist_lock);
	rcu_read_lock();
	parent = current->real_parent;
	ret = parent_permitted(parent, gift->session);
	if (ret == 1)
		ret = task_work_add(parent, &gift->work) ?: 1;
	rcu_read_unlock();
	read_unlock(&tasklist_lock);
	return ret;
}

long keyctl_session_to_parent(const struct keyctl_args *args)
{
	struct session_gift *gift = kzalloc(sizeof(*gift), GFP_KERNEL);
	struct key_ref ref;
	long ret;

	if (!gift)
		return -ENOMEM;
	mutex_lock(&key_mutex);
	ret = lookup_user_key(KEY_SPEC_SESSION_KEYRING, 0, KEY_LINK, &ref);
	mutex_unlock(&key_mutex);
	if (ret) {
		kfree(gift);
		return ret;
	}
	gift->session = ref.key;
	gift->work.func = take_session;
	ret = give(gift);
	if (ret == 1)
		return 0;
	free_gift(gift);
	return ret;
}

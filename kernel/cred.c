// SPDX-License-Identifier: GPL-2.0-only
/*
 * Credentials and per-uid accounts. task->real_cred owns one reference; task->cred equals it, or
 * is borrowed from whoever called override_creds(). The cred row of fork is here.
 * uidhash_lock guards the table of user_structs and nests inside everything.
 */
#include <linux/cn_proc.h>
#include <linux/coredump.h>
#include <linux/cred.h>
#include <linux/init.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/securebits.h>
#include <linux/selftest.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include "fork_rows.h"

#define UIDHASH_BITS	6

static struct hlist_head uidhash_table[1 << UIDHASH_BITS];
static DEFINE_SPINLOCK(uidhash_lock);
static struct kmem_cache *cred_cache;
static struct kmem_cache *uid_cache;

struct user_struct root_user = {
	.refs = REFCOUNT_INIT(2),
	.processes = ATOMIC64_INIT(1),
};

struct group_info init_groups = { .usage = REFCOUNT_INIT(2) };

struct cred init_cred = {
	.usage = REFCOUNT_INIT(2),
	.securebits = SECUREBITS_DEFAULT,
	.cap_permitted = CAP_FULL_SET,
	.cap_effective = CAP_FULL_SET,
	.cap_bset = CAP_FULL_SET,
	.user = &root_user,
	.user_ns = &init_user_ns,
	.group_info = &init_groups,
};

static struct hlist_head *uidhash(uid_t uid)
{
	return &uidhash_table[(uid ^ uid >> UIDHASH_BITS) & ((1u << UIDHASH_BITS) - 1)];
}

/* Caller holds uidhash_lock. One whose last reference just went is as good as absent. */
static struct user_struct *uid_lookup(uid_t uid)
{
	struct user_struct *up;

	hlist_for_each_entry(up, uidhash(uid), hash)
		if (up->uid == uid && refcount_inc_not_zero(&up->refs))
			return up;
	return NULL;
}

/**
 * find_user - the account of a uid, if it has one
 * @uid: the uid
 *
 * Return: the account with a reference, or NULL when nothing of this uid exists.
 */
struct user_struct *find_user(uid_t uid)
{
	struct user_struct *up;
	unsigned long flags;

	spin_lock_irqsave(&uidhash_lock, flags);
	up = uid_lookup(uid);
	spin_unlock_irqrestore(&uidhash_lock, flags);
	return up;
}

/* What stays charged to an account nobody has any more was lost by somebody. */
static bool charges_left(const struct user_struct *up)
{
	return atomic_long_read(&up->processes) || atomic_long_read(&up->sigpending) ||
	       atomic_long_read(&up->locked_shm) || atomic_long_read(&up->mq_bytes) ||
	       atomic_long_read(&up->inotify_watches) ||
	       atomic_long_read(&up->inotify_instances) ||
	       atomic_long_read(&up->unix_inflight) || atomic_long_read(&up->pipe_pages);
}

/**
 * free_uid - drop a reference to an account
 * @up: the account, or NULL
 *
 * Context: any; siglock may be held.
 */
void free_uid(struct user_struct *up)
{
	unsigned long flags;

	if (!up || !refcount_dec_and_test(&up->refs))
		return;
	spin_lock_irqsave(&uidhash_lock, flags);
	hlist_del(&up->hash);
	spin_unlock_irqrestore(&uidhash_lock, flags);
	WARN_ON(charges_left(up));
	kmem_cache_free(uid_cache, up);
}

/**
 * alloc_uid - find or make the account of a uid
 * @uid: the uid
 *
 * Context: may sleep. Return: the account with a reference, or NULL without memory.
 */
struct user_struct *alloc_uid(uid_t uid)
{
	struct user_struct *up = find_user(uid), *new;

	if (up)
		return up;
	new = kmem_cache_zalloc(uid_cache, GFP_KERNEL);
	if (!new)
		return NULL;
	new->uid = uid;
	refcount_set(&new->refs, 1);
	spin_lock_irq(&uidhash_lock);
	up = uid_lookup(uid);
	if (!up)
		hlist_add_head(&new->hash, uidhash(uid));
	spin_unlock_irq(&uidhash_lock);
	if (!up)
		return new;
	kmem_cache_free(uid_cache, new);
	return up;
}

static void put_cred_rcu(struct rcu_head *rcu)
{
	struct cred *cred = container_of(rcu, struct cred, rcu);

	if (unlikely(cred_has_keys(&cred->keys)))
		put_cred_keys(&cred->keys);
	put_group_info(cred->group_info);
	free_uid(cred->user);
	put_user_ns(cred->user_ns);
	kmem_cache_free(cred_cache, cred);
}

/* The last reference is gone; readers of __task_cred() may still look at it. */
void __put_cred(struct cred *cred)
{
	ASSERT(cred != &init_cred);
	call_rcu(&cred->rcu, put_cred_rcu);
}

static struct cred *copy_cred(const struct cred *old)
{
	struct cred *new = kmem_cache_alloc(cred_cache, GFP_KERNEL);

	if (!new)
		return NULL;
	*new = *old;
	refcount_set(&new->usage, 1);
	get_group_info(new->group_info);
	get_uid(new->user);
	get_user_ns(new->user_ns);
	if (unlikely(cred_has_keys(&new->keys)))
		get_cred_keys(&new->keys);
	return new;
}

/**
 * prepare_creds - a private copy of current's own credentials, to modify
 *
 * Context: may sleep. Return: the copy, for commit_creds() or abort_creds(); NULL without memory.
 */
struct cred *prepare_creds(void)
{
	return copy_cred(current_cred());
}

/**
 * prepare_kernel_cred - a copy of a kernel task's credentials
 * @tsk: whose, or NULL for init's
 *
 * Context: may sleep. Return: the copy, or NULL without memory.
 */
struct cred *prepare_kernel_cred(struct task_struct *tsk)
{
	const struct cred *old = tsk ? get_task_cred(tsk) : get_cred(&init_cred);
	struct cred *new = copy_cred(old);

	put_cred(old);
	return new;
}

/**
 * get_task_cred - another task's objective credentials
 * @tsk: a task the caller keeps alive
 *
 * Return: the credentials with a reference.
 */
const struct cred *get_task_cred(struct task_struct *tsk)
{
	const struct cred *cred;

	rcu_read_lock();
	do {
		cred = __task_cred(tsk);
	} while (!refcount_inc_not_zero(&((struct cred *)cred)->usage));
	rcu_read_unlock();
	return cred;
}

/* All power in a namespace that one has made oneself is no more than one had before. */
static bool owns_from_above(const struct cred *old, const struct user_namespace *ns)
{
	for (; ns->level > old->user_ns->level; ns = ns->parent)
		if (ns->parent == old->user_ns && ns->owner == old->euid)
			return true;
	return false;
}

static bool gains_power(const struct cred *old, const struct cred *new)
{
	if (likely(old->user_ns == new->user_ns))
		return !cap_issubset(new->cap_permitted, old->cap_permitted);
	return !owns_from_above(old, new->user_ns);
}

/* Did the change give the task another identity, or more power than it had? */
static bool identity_changed(const struct cred *old, const struct cred *new)
{
	return old->euid != new->euid || old->egid != new->egid ||
	       old->fsuid != new->fsuid || old->fsgid != new->fsgid || gains_power(old, new);
}

/**
 * commit_creds - put prepared credentials into force for current
 * @new: from prepare_creds(); the reference is taken over
 *
 * Moves the process charge to the new real uid's account. A changed identity makes the
 * process undumpable and forgets its parent-death signal (see prctl(2)).
 * Context: task, credentials not overridden. Return: 0.
 */
int commit_creds(struct cred *new)
{
	struct task_struct *tsk = current;
	const struct cred *old = tsk->real_cred;
	bool new_uid = old->uid != new->uid || old->euid != new->euid || old->suid != new->suid ||
		       old->fsuid != new->fsuid;
	bool new_gid = old->gid != new->gid || old->egid != new->egid || old->sgid != new->sgid ||
		       old->fsgid != new->fsgid;

	ASSERT(tsk->cred == old);
	if (identity_changed(old, new)) {
		if (tsk->mm)
			set_dumpable(tsk->mm, suid_dumpable);
		tsk->pdeath_signal = 0;
	}
	if (unlikely(new->keys.thread))
		keys_follow_fsids(new, old);
	nproc_move(tsk, new->user);
	rcu_assign_pointer(tsk->real_cred, new);
	rcu_assign_pointer(tsk->cred, new);
	if (new_uid)
		proc_id_connector(tsk, PROC_EVENT_UID);
	if (new_gid)
		proc_id_connector(tsk, PROC_EVENT_GID);
	put_cred(old);
	return 0;
}

/**
 * abort_creds - throw prepared credentials away
 * @new: from prepare_creds()
 */
void abort_creds(struct cred *new)
{
	put_cred(new);
}

/**
 * override_creds - act with other credentials for a while
 * @new: the caller keeps its reference until revert_creds()
 *
 * Return: what to hand to revert_creds().
 */
const struct cred *override_creds(const struct cred *new)
{
	const struct cred *old = current->cred;

	rcu_assign_pointer(current->cred, new);
	return old;
}

void revert_creds(const struct cred *old)
{
	rcu_assign_pointer(current->cred, old);
}

/* ---- the row of fork ---- */

int copy_creds(struct fork_ctx *fc)
{
	struct cred *new = copy_cred(fc->parent->real_cred);

	if (!new)
		return -ENOMEM;
	fc->child->real_cred = new;
	fc->child->cred = new;
	if (unlikely(cred_has_keys(&new->keys)))
		drop_process_keys(&new->keys);
	/* Before all other namespaces: the new one owns them. */
	return unlikely(fc->flags & CLONE_NEWUSER) ? create_user_ns(new) : 0;
}

/* Threads share all but the keyring that is one thread's own: the new one begins with one too. */
static int share_all_but_thread_keys(struct fork_ctx *fc)
{
	struct cred *new = copy_cred(fc->parent->real_cred);

	if (!new)
		return -ENOMEM;
	fc->child->real_cred = new;
	fc->child->cred = new;
	drop_thread_keys(&new->keys);
	return install_thread_keyring(new);
}

int share_creds(struct fork_ctx *fc)
{
	if (unlikely(fc->parent->real_cred->keys.thread))
		return share_all_but_thread_keys(fc);
	fc->child->real_cred = get_cred(fc->parent->real_cred);
	fc->child->cred = fc->child->real_cred;
	return 0;
}

void exit_creds(struct task_struct *tsk)
{
	const struct cred *cred = tsk->real_cred;

	tsk->cred = NULL;
	tsk->real_cred = NULL;
	put_cred(cred);
}

void __init cred_init(void)
{
	cred_cache = kmem_cache_create("cred_jar", sizeof(struct cred), 0, SLAB_PANIC, NULL);
	uid_cache = kmem_cache_create("uid_cache", sizeof(struct user_struct), 0, SLAB_PANIC, NULL);
	hlist_add_head(&root_user.hash, uidhash(0));
}

/* ---- tests ---- */

SELFTEST(cred, one_account_per_uid)
{
	struct user_struct *a = alloc_uid(4000000), *b = alloc_uid(4000000);

	KT_ASSERT(a && b);
	KT_EXPECT(a == b);
	KT_EXPECT_EQ(refcount_read(&a->refs), 2);
	free_uid(a);
	free_uid(b);
	KT_EXPECT(!find_user(4000000));
}

SELFTEST(cred, a_copy_is_private_and_counted)
{
	unsigned int users = refcount_read(&current_user()->refs);
	struct cred *new = prepare_creds();

	KT_ASSERT(new);
	KT_EXPECT(new != current_cred());
	KT_EXPECT(new->user == current_user());
	KT_EXPECT_EQ(refcount_read(&current_user()->refs), users + 1);
	KT_EXPECT_EQ(refcount_read(&new->usage), 1);
	abort_creds(new);
	rcu_barrier();
	KT_EXPECT_EQ(refcount_read(&current_user()->refs), users);
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * The rows "sighand" and "signal" of fork: the handlers, and what the threads of a process share.
 * Linking a thread into its group, and counting it, is the business of publishing it
 * (kernel/fork.c); a reference to the objects is taken and dropped here.
 */
#include <linux/init.h>
#include <linux/posix-timers.h>
#include <linux/sched.h>
#include <linux/sched/cputime.h>
#include <linux/signal.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "fork_rows.h"

static struct kmem_cache *sighand_cache;
static struct kmem_cache *signal_cache;

static struct sighand_struct *alloc_sighand(void)
{
	struct sighand_struct *sighand = kmem_cache_alloc(sighand_cache, GFP_KERNEL);

	if (!sighand)
		return NULL;
	refcount_set(&sighand->count, 1);
	spin_lock_init(&sighand->siglock, LOCK_RANK_SIGHAND);
	/* epoll is woken inside this queue's lock. */
	init_waitqueue_head_nested(&sighand->signalfd_wqh);
	return sighand;
}

static void copy_actions(struct sighand_struct *to, struct sighand_struct *from)
{
	spin_lock_irq(&from->siglock);
	memcpy(to->action, from->action, sizeof(to->action));
	spin_unlock_irq(&from->siglock);
}

int copy_sighand(struct fork_ctx *fc)
{
	struct sighand_struct *sighand = alloc_sighand();

	if (!sighand)
		return -ENOMEM;
	copy_actions(sighand, fc->parent->sighand);
	fc->child->sighand = sighand;
	if (fc->flags & CLONE_CLEAR_SIGHAND)
		flush_signal_handlers(fc->child, false);
	return 0;
}

int share_sighand(struct fork_ctx *fc)
{
	refcount_inc(&fc->parent->sighand->count);
	fc->child->sighand = fc->parent->sighand;
	return 0;
}

static void put_sighand_rcu(struct rcu_head *rcu)
{
	kmem_cache_free(sighand_cache, container_of(rcu, struct sighand_struct, rcu));
}

static void put_sighand(struct sighand_struct *sighand)
{
	if (!refcount_dec_and_test(&sighand->count))
		return;
	signalfd_cleanup(sighand);
	call_rcu(&sighand->rcu, put_sighand_rcu);
}

/**
 * exit_sighand - from here on nobody can send to @tsk
 * @tsk: a dead task, or a child that will not be
 *
 * What is pending goes under the lock: sigqueue_free() in a sibling judges by whether a timer's entry
 * is queued who frees it. Context: interrupts may be off; tasklist_lock may be held.
 */
void exit_sighand(struct task_struct *tsk)
{
	struct sighand_struct *sighand = tsk->sighand;
	unsigned long flags;

	if (!sighand)
		return;
	spin_lock_irqsave(&sighand->siglock, flags);
	flush_sigqueue(&tsk->pending);
	WRITE_ONCE(tsk->sighand, NULL);
	spin_unlock_irqrestore(&sighand->siglock, flags);
	put_sighand(sighand);
}

/**
 * unshare_sighand - exec: handlers of its own, in case another process shares them
 * @tsk: current, alone in its thread group
 *
 * Context: may sleep. Return: 0 or -ENOMEM.
 */
int unshare_sighand(struct task_struct *tsk)
{
	struct sighand_struct *old = tsk->sighand, *new;

	if (refcount_read(&old->count) == 1)
		return 0;
	new = alloc_sighand();
	if (!new)
		return -ENOMEM;
	write_lock_irq(&tasklist_lock);
	spin_lock(&old->siglock);
	memcpy(new->action, old->action, sizeof(new->action));
	rcu_assign_pointer(tsk->sighand, new);
	spin_unlock(&old->siglock);
	write_unlock_irq(&tasklist_lock);
	put_sighand(old);
	return 0;
}

/* The limits belong to the group; its leader's lock guards them. */
static void copy_limits(struct signal_struct *to, struct task_struct *parent)
{
	task_lock(parent->group_leader);
	memcpy(to->rlim, parent->signal->rlim, sizeof(to->rlim));
	task_unlock(parent->group_leader);
}

int copy_signal(struct fork_ctx *fc)
{
	struct signal_struct *signal = kmem_cache_zalloc(signal_cache, GFP_KERNEL);
	struct signal_struct *from = fc->parent->signal;

	if (!signal)
		return -ENOMEM;
	fc->child->signal = signal;
	refcount_set(&signal->sigcnt, 1);
	atomic_set(&signal->live, 1);
	signal->nr_threads = 1;
	INIT_LIST_HEAD(&signal->thread_head);
	init_waitqueue_head(&signal->wait_chldexit);
	signal->curr_target = fc->child;
	init_sigpending(&signal->shared_pending);
	mutex_init(&signal->cred_guard_mutex);
	init_rwsem(&signal->exec_update_lock);
	seqlock_init(&signal->stats_lock);
	prev_cputime_init(&signal->prev_cputime);
	copy_limits(signal, fc->parent);
	posix_timers_init(signal);
	signal->oom_score_adj = from->oom_score_adj;
	signal->oom_score_adj_min = from->oom_score_adj_min;
	return 0;
}

int share_signal(struct fork_ctx *fc)
{
	refcount_inc(&fc->parent->signal->sigcnt);
	fc->child->signal = fc->parent->signal;
	return 0;
}

/**
 * exit_signal - drop @tsk's reference to its group
 * @tsk: a task that is being freed, or a child that will not be
 */
void exit_signal(struct task_struct *tsk)
{
	struct signal_struct *signal = tsk->signal;

	if (!signal)
		return;
	tsk->signal = NULL;
	if (!refcount_dec_and_test(&signal->sigcnt))
		return;
	flush_sigqueue(&signal->shared_pending);
	kmem_cache_free(signal_cache, signal);
}

/* Context: boot, after the slab allocator, before the first fork. */
void __init signals_init(void)
{
	sighand_cache = kmem_cache_create("sighand_cache", sizeof(struct sighand_struct), 0,
					  SLAB_PANIC, NULL);
	signal_cache = kmem_cache_create("signal_cache", sizeof(struct signal_struct), 0,
					 SLAB_PANIC, NULL);
	sigqueue_init();
}

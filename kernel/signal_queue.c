// SPDX-License-Identifier: GPL-2.0-only
/*
 * Queued signals: entries charged to the target's uid (RLIMIT_SIGPENDING), the queues they stand
 * in, and entries that POSIX timers allocate ahead. Queues are guarded by sighand->siglock.
 */
#include <linux/cred.h>
#include <linux/fault-inject.h>
#include <linux/init.h>
#include <linux/posix-timers.h>
#include <linux/selftest.h>
#include <linux/signal.h>
#include <linux/slab.h>

static struct kmem_cache *sigqueue_cache;

/**
 * sigqueue_charge - allocate an entry on the account of its target
 * @tsk: the target; its siglock is held, or it is current
 * @sig: for the report when the limit is hit
 * @gfp: how to allocate
 * @override: a classical signal whose information must not get lost: ignore the limit
 *
 * Return: the entry, or NULL.
 */
struct sigqueue *sigqueue_charge(struct task_struct *tsk, int sig, gfp_t gfp, bool override)
{
	struct user_struct *up;
	struct sigqueue *q = NULL;
	unsigned long count;

	rcu_read_lock();
	up = get_uid(__task_cred(tsk)->user);
	rcu_read_unlock();
	count = atomic_long_inc_return(&up->sigpending);
	if (override || (count <= task_rlimit(tsk, RLIMIT_SIGPENDING) &&
			 !should_fail_charge("sigqueue")))
		q = kmem_cache_alloc(sigqueue_cache, gfp);
	else
		pr_debug("%s[%d]: signal %d not queued: RLIMIT_SIGPENDING\n", tsk->comm, tsk->pid,
			 sig);
	if (unlikely(!q)) {
		atomic_long_dec(&up->sigpending);
		free_uid(up);
		return NULL;
	}
	INIT_LIST_HEAD(&q->list);
	q->flags = 0;
	q->user = up;
	return q;
}

static void __sigqueue_free(struct sigqueue *q)
{
	atomic_long_dec(&q->user->sigpending);
	free_uid(q->user);
	kmem_cache_free(sigqueue_cache, q);
}

/* An entry left its queue. One that belongs to a timer stays with the timer. */
void sigqueue_put(struct sigqueue *q)
{
	if (!(q->flags & SIGQUEUE_PREALLOC))
		__sigqueue_free(q);
}

/**
 * sigqueue_alloc - an entry for a POSIX timer, charged to current
 *
 * Context: may sleep. Return: the entry, or NULL over the limit or without memory.
 */
struct sigqueue *sigqueue_alloc(void)
{
	struct sigqueue *q = sigqueue_charge(current, 0, GFP_KERNEL, false);

	if (q)
		q->flags = SIGQUEUE_PREALLOC;
	return q;
}

/**
 * sigqueue_free - give up a timer's entry
 * @q: from sigqueue_alloc()
 *
 * While it is queued its reader frees it. The timers belong to current's group.
 */
void sigqueue_free(struct sigqueue *q)
{
	spinlock_t *lock = &current->sighand->siglock;
	unsigned long flags;
	bool queued;

	spin_lock_irqsave(lock, flags);
	q->flags &= ~SIGQUEUE_PREALLOC;
	queued = !list_empty(&q->list);
	spin_unlock_irqrestore(lock, flags);
	if (!queued)
		__sigqueue_free(q);
}

static struct sigqueue *find_queued(int sig, struct sigpending *pending, bool *more)
{
	struct sigqueue *q, *first = NULL;

	*more = false;
	list_for_each_entry(q, &pending->list, list) {
		if (q->info.si_signo != sig)
			continue;
		if (first) {
			*more = true;
			break;
		}
		first = q;
	}
	return first;
}

/**
 * collect_signal - take one instance of @sig out of a pending set
 * @sig: a member of the set
 * @pending: the set; siglock held
 * @info: filled; from the oldest entry, or made up when none carried information
 * @resched_timer: set when a timer must be armed again
 */
void collect_signal(int sig, struct sigpending *pending, struct kernel_siginfo *info,
		    bool *resched_timer)
{
	bool more;
	struct sigqueue *q = find_queued(sig, pending, &more);

	if (!more)
		sigdelset(&pending->signal, sig);
	if (!q) {
		clear_siginfo(info);
		info->si_signo = sig;
		info->si_code = SI_USER;
		return;
	}
	list_del_init(&q->list);
	*info = q->info;
	*resched_timer = (q->flags & SIGQUEUE_PREALLOC) && info->si_code == SI_TIMER;
	sigqueue_put(q);
}

/* Throw everything pending away. Context: siglock held, or nobody else can see the set. */
void flush_sigqueue(struct sigpending *pending)
{
	struct sigqueue *q, *next;

	pending->signal = 0;
	list_for_each_entry_safe(q, next, &pending->list, list) {
		list_del_init(&q->list);
		sigqueue_put(q);
	}
}

/* Throw the signals of @mask away. Context: siglock held. */
void flush_sigqueue_mask(sigset_t mask, struct sigpending *pending)
{
	struct sigqueue *q, *next;

	if (!(pending->signal & mask))
		return;
	pending->signal &= ~mask;
	list_for_each_entry_safe(q, next, &pending->list, list) {
		if (!(mask & sigmask(q->info.si_signo)))
			continue;
		list_del_init(&q->list);
		sigqueue_put(q);
	}
}

/**
 * flush_signals - forget what is pending for a task and its group
 * @tsk: current, or a kernel thread
 */
void flush_signals(struct task_struct *tsk)
{
	unsigned long flags;

	spin_lock_irqsave(&tsk->sighand->siglock, flags);
	clear_tsk_thread_flag(tsk, TIF_SIGPENDING);
	flush_sigqueue(&tsk->pending);
	flush_sigqueue(&tsk->signal->shared_pending);
	spin_unlock_irqrestore(&tsk->sighand->siglock, flags);
}

static void flush_timer_signals(struct sigpending *pending)
{
	sigset_t kept = 0, flushed = 0;
	struct sigqueue *q, *next;

	list_for_each_entry_safe(q, next, &pending->list, list) {
		if (q->info.si_code != SI_TIMER) {
			sigaddset(&kept, q->info.si_signo);
			continue;
		}
		sigaddset(&flushed, q->info.si_signo);
		list_del_init(&q->list);
		sigqueue_put(q);
	}
	pending->signal &= ~(flushed & ~kept);
}

/* exec: POSIX timers are gone, and so are their signals (timer_create(2)). */
void flush_itimer_signals(void)
{
	struct task_struct *tsk = current;

	spin_lock_irq(&tsk->sighand->siglock);
	flush_timer_signals(&tsk->pending);
	flush_timer_signals(&tsk->signal->shared_pending);
	spin_unlock_irq(&tsk->sighand->siglock);
}

/**
 * flush_signal_handlers - handlers do not survive exec
 * @tsk: nobody else uses its sighand_struct
 * @force_default: forget ignored signals too
 */
void flush_signal_handlers(struct task_struct *tsk, bool force_default)
{
	for (int i = 0; i < _NSIG; i++) {
		struct k_sigaction *ka = &tsk->sighand->action[i];

		if (force_default || ka->sa.sa_handler != SIG_IGN)
			ka->sa.sa_handler = SIG_DFL;
		ka->sa.sa_flags = 0;
		ka->sa.sa_restorer = NULL;
		sigemptyset(&ka->sa.sa_mask);
	}
}

void __init sigqueue_init(void)
{
	sigqueue_cache = kmem_cache_create("sigqueue", sizeof(struct sigqueue), 0, SLAB_PANIC,
					   NULL);
}

/* ---- tests ---- */

static void enqueue(struct selftest_ctx *t, struct sigpending *pending, int sig, int value)
{
	struct sigqueue *q = sigqueue_charge(current, sig, GFP_KERNEL, true);

	KT_ASSERT(q);
	clear_siginfo(&q->info);
	q->info.si_signo = sig;
	q->info.si_int = value;
	list_add_tail(&q->list, &pending->list);
	sigaddset(&pending->signal, sig);
}

SELFTEST(signal, queue_keeps_order_and_account)
{
	struct user_struct *user = current_user();
	long before = atomic_long_read(&user->sigpending);
	struct kernel_siginfo info;
	struct sigpending pending;
	bool resched = false;

	init_sigpending(&pending);
	enqueue(t, &pending, 40, 1);
	enqueue(t, &pending, 41, 2);
	enqueue(t, &pending, 40, 3);
	KT_EXPECT_EQ(atomic_long_read(&user->sigpending), before + 3);
	collect_signal(40, &pending, &info, &resched);
	KT_EXPECT_EQ(info.si_int, 1);
	KT_EXPECT(sigismember(&pending.signal, 40));
	collect_signal(40, &pending, &info, &resched);
	KT_EXPECT_EQ(info.si_int, 3);
	KT_EXPECT(!sigismember(&pending.signal, 40));
	flush_sigqueue_mask(sigmask(40), &pending);
	KT_EXPECT(sigismember(&pending.signal, 41));
	flush_sigqueue(&pending);
	KT_EXPECT(!pending.signal && list_empty(&pending.list));
	KT_EXPECT_EQ(atomic_long_read(&user->sigpending), before);
	/* A signal whose entry could not be had is still delivered, without information. */
	sigaddset(&pending.signal, SIGTERM);
	collect_signal(SIGTERM, &pending, &info, &resched);
	KT_EXPECT_EQ(info.si_signo, SIGTERM);
	KT_EXPECT_EQ(info.si_code, SI_USER);
	KT_EXPECT(!resched);
}

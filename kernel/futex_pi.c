// SPDX-License-Identifier: GPL-2.0-only
/*
 * Futexes with priority inheritance: FUTEX_LOCK_PI, LOCK_PI2, TRYLOCK_PI, UNLOCK_PI (futex(2)).
 * A contended lock has a pi_lock_state; whoever owns it runs at the best priority of those who wait.
 * Locks: pi_graph. Owners and waiters form chains over many locks, and a chain is walked whole; one
 * lock for all of them makes each walk a loop over something that holds still.
 */
#include <linux/hrtimer.h>
#include <linux/pid.h>
#include <linux/sched.h>
#include <linux/signal.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include "futex.h"

#define PI_HASH_SIZE	64

/*
 * A contended lock. It lives while somebody waits for it, or while an heir has yet to write its
 * name into the word.
 * Locks: [G] pi_graph
 */
struct pi_lock_state {
	struct hlist_node hash;		/* [G] */
	struct futex_key key;
	struct task_struct *owner;	/* [G] not counted: it hands over before it is gone */
	struct hlist_node held;		/* [G] in owner->pi_held */
	struct list_head waiters;	/* [G] the best priority first, then by time */
	bool unsettled;			/* [G] the word still names a dead owner */
};

DEFINE_SPINLOCK(pi_graph, LOCK_RANK_FUTEX_PI);
static struct hlist_head pi_hash[PI_HASH_SIZE];		/* [G] */
static unsigned int pi_states;		/* [G], read without it as a hint: how many there are */

static struct hlist_head *pi_bucket(const struct futex_key *key)
{
	u64 mix = ((unsigned long)key->object >> 6) ^ (key->offset >> 2);

	return &pi_hash[(mix * 0x9e3779b97f4a7c15ULL >> 32) % PI_HASH_SIZE];
}

static struct pi_lock_state *find_state(const struct futex_key *key)
{
	struct pi_lock_state *state;

	hlist_for_each_entry(state, pi_bucket(key), hash)
		if (futex_match(&state->key, key))
			return state;
	return NULL;
}

/**
 * futex_is_pi - does anybody wait for this word as a lock with priority inheritance?
 * @key: of the word
 *
 * Context: any; a hint, unless the caller keeps such waiters away.
 */
bool futex_is_pi(const struct futex_key *key)
{
	bool found;

	if (likely(!READ_ONCE(pi_states)))
		return false;
	spin_lock(&pi_graph);
	found = find_state(key);
	spin_unlock(&pi_graph);
	return found;
}

/* ---- the graph. Context of all: pi_graph ---- */

static struct pi_waiter *first_waiter(struct pi_lock_state *state)
{
	return list_first_entry_or_null(&state->waiters, struct pi_waiter, list);
}

/* Among ordinary tasks the first to come is the first to get it, whatever their nice value. */
static int waiting_prio(const struct task_struct *tsk)
{
	return tsk->prio < MAX_RT_PRIO ? tsk->prio : DEFAULT_PRIO;
}

static void insert_waiter(struct pi_lock_state *state, struct pi_waiter *w)
{
	struct list_head *at = state->waiters.prev;

	while (at != &state->waiters && list_entry(at, struct pi_waiter, list)->prio > w->prio)
		at = at->prev;
	list_add(&w->list, at);
}

/* The best priority that waits for anything @owner holds. */
static int best_waiting(struct task_struct *owner)
{
	struct pi_lock_state *state;
	struct pi_waiter *w;
	int best = MAX_PRIO;

	hlist_for_each_entry(state, &owner->pi_held, held) {
		w = first_waiter(state);
		if (w)
			best = min(best, w->prio);
	}
	return best;
}

/*
 * @tsk's own priority, or what waits for it, changed: it, and everybody that it waits for in turn.
 * Ends because a waiter that would close a circle is refused.
 */
static void propagate(struct task_struct *tsk)
{
	struct pi_waiter *w;

	for (;;) {
		sched_set_boost(tsk, best_waiting(tsk));
		w = tsk->pi_waiter;
		if (!w || w->prio == waiting_prio(tsk))
			return;
		w->prio = waiting_prio(tsk);
		list_del(&w->list);
		insert_waiter(w->state, w);
		tsk = w->state->owner;
	}
}

void futex_pi_prio_changed(struct task_struct *tsk)
{
	spin_lock(&pi_graph);
	propagate(tsk);
	spin_unlock(&pi_graph);
}

static void set_owner(struct pi_lock_state *state, struct task_struct *owner)
{
	state->owner = owner;
	hlist_add_head(&state->held, &owner->pi_held);
}

static void drop_state(struct pi_lock_state *state)
{
	hlist_del(&state->held);
	hlist_del(&state->hash);
	pi_states--;
	kfree(state);
}

/* Would @tsk, by waiting for @owner, wait for itself? */
static bool closes_circle(const struct task_struct *tsk, const struct task_struct *owner)
{
	while (owner != tsk) {
		if (!owner->pi_waiter)
			return false;
		owner = owner->pi_waiter->state->owner;
	}
	return true;
}

static void join(struct pi_lock_state *state, struct pi_waiter *w)
{
	w->state = state;
	w->prio = waiting_prio(w->task);
	w->task->pi_waiter = w;
	insert_waiter(state, w);
	propagate(state->owner);
}

static void leave(struct pi_waiter *w)
{
	struct pi_lock_state *state = w->state;
	struct task_struct *owner = state->owner;

	list_del(&w->list);
	w->task->pi_waiter = NULL;
	if (list_empty(&state->waiters) && !state->unsettled)
		drop_state(state);
	propagate(owner);
}

/* The first waiter is the owner from here on; it may be running before this returns. */
static void hand_over(struct pi_lock_state *state, bool died)
{
	struct task_struct *old = state->owner;
	struct pi_waiter *heir = first_waiter(state);
	struct task_struct *tsk = heir->task;

	list_del(&heir->list);
	tsk->pi_waiter = NULL;
	hlist_del(&state->held);
	state->unsettled = died;
	set_owner(state, tsk);
	heir->owner_died = died;
	if (list_empty(&state->waiters) && !died)
		drop_state(state);
	propagate(tsk);
	propagate(old);
	get_task_struct(tsk);
	smp_store_release(&heir->granted, true);	/* and @heir is gone */
	wake_up_process(tsk);
	put_task_struct(tsk);
}

/* ---- the word. Context of all: pi_graph, so no page may be brought in ---- */

/* Return: 0, PI_RETRY when the word was not @old, -EFAULT. */
static int change_word(u32 __user *uaddr, u32 old, u32 new)
{
	u32 found;
	int err;

	pagefault_disable();
	err = user_atomic_cmpxchg(&found, uaddr, old, new);
	pagefault_enable();
	if (err)
		return -EFAULT;
	return found == old ? 0 : PI_RETRY;
}

/* Bring the word's page in, writable. Context: no lock held. */
static int fault_in_word(u32 __user *uaddr)
{
	u32 old;

	return user_atomic_add(&old, uaddr, 0) ? -EFAULT : 0;
}

/* ---- FUTEX_LOCK_PI ---- */

/* @val names an owner, and nobody waits yet. Context: pi_graph. */
static int first_to_wait(struct pi_call *call, u32 val)
{
	struct pi_lock_state *state = call->fresh;
	struct task_struct *owner, *tsk = call->waiter->task;
	int ret = 0;

	rcu_read_lock();
	owner = find_task_by_vpid(val & FUTEX_TID_MASK);
	if (!owner)
		ret = -ESRCH;
	else if (owner->flags & PF_KTHREAD)
		ret = -EPERM;
	else if (closes_circle(tsk, owner))
		ret = -EDEADLK;
	if (!ret) {
		state->key = call->key;
		INIT_LIST_HEAD(&state->waiters);
		state->unsettled = false;
		set_owner(state, owner);
		/* Pairs with futex_pi_exit(): it sees the lock in its list, or we see it exit. */
		smp_mb();
		if (READ_ONCE(owner->flags) & PF_EXITING) {
			hlist_del(&state->held);
			ret = READ_ONCE(owner->pi_dead) ? -ESRCH : PI_OWNER_EXITS;
		}
	}
	if (!ret && call->trylock) {
		hlist_del(&state->held);
		ret = -EAGAIN;
	}
	if (!ret) {
		hlist_add_head(&state->hash, pi_bucket(&call->key));
		pi_states++;
		join(state, call->waiter);
		call->fresh = NULL;
		ret = PI_QUEUED;
	}
	rcu_read_unlock();
	return ret;
}

/* Others wait already: what the kernel knows goes before what the word says. */
static int wait_behind(struct pi_call *call, struct pi_lock_state *state, u32 val)
{
	u32 tid = val & FUTEX_TID_MASK;

	/* A dying owner takes its name off before it hands the lock on. */
	if (!state->unsettled && tid != task_pid_vnr(state->owner) &&
	    (tid || !(val & FUTEX_OWNER_DIED)))
		return -EINVAL;
	if (closes_circle(call->waiter->task, state->owner))
		return -EDEADLK;
	if (call->trylock)
		return -EAGAIN;
	join(state, call->waiter);
	return PI_QUEUED;
}

/*
 * For @call->waiter, which is current or a waiter that is being requeued. Context: pi_graph.
 * Return: 0 it has the lock, PI_*, -errno; -EFAULT: bring the page in and try again.
 */
int futex_pi_lock_once(struct pi_call *call)
{
	u32 tid = task_pid_vnr(call->waiter->task), val;
	struct pi_lock_state *state;
	int ret;

	if (futex_read_nofault(&val, call->uaddr))
		return -EFAULT;
	if ((val & FUTEX_TID_MASK) == tid)
		return -EDEADLK;
	state = find_state(&call->key);
	/* Free, or left by an owner that died when nobody waited. */
	if (!state && !(val & FUTEX_TID_MASK))
		return change_word(call->uaddr, val, tid | (val & FUTEX_OWNER_DIED));
	if (!(val & FUTEX_WAITERS)) {
		ret = change_word(call->uaddr, val, val | FUTEX_WAITERS);
		if (ret)
			return ret;
	}
	return state ? wait_behind(call, state, val) : first_to_wait(call, val);
}

/* An owner that is not there may have changed the word on its way out. */
static bool word_differs(u32 __user *uaddr, u32 val)
{
	u32 now;

	return !get_user(now, uaddr) && ((now ^ val) & (FUTEX_TID_MASK | FUTEX_OWNER_DIED));
}

/**
 * futex_pi_again - what futex_pi_lock_once() said: is it to be tried again?
 * @call: the call
 * @val: the word as it was before
 * @ret: what it said; on return 0, PI_QUEUED or -errno when it is not
 *
 * Context: no lock held; sleeps for what stands in the way.
 */
bool futex_pi_again(struct pi_call *call, u32 val, int *ret)
{
	if (*ret == -ESRCH && word_differs(call->uaddr, val))
		*ret = PI_RETRY;
	if (*ret == -EFAULT && fault_in_word(call->uaddr))
		return false;
	if (*ret == PI_OWNER_EXITS)
		schedule_timeout_uninterruptible_ns(100 * NSEC_PER_USEC);
	cond_resched();
	return *ret == -EFAULT || *ret == PI_OWNER_EXITS || *ret == PI_RETRY;
}

/* Get the lock, or into its queue. Context: may sleep. Return: 0, PI_QUEUED, -errno. */
static int lock_or_queue(struct pi_call *call)
{
	u32 val;
	int ret;

	do {
		ret = futex_get_key(call->uaddr, call->flags, &call->key);
		if (ret)
			return ret;
		if (get_user(val, call->uaddr))
			return -EFAULT;
		spin_lock(&pi_graph);
		ret = futex_pi_lock_once(call);
		spin_unlock(&pi_graph);
	} while (futex_pi_again(call, val, &ret));
	return ret;
}

/* Return: 0 granted, -ETIMEDOUT, -ERESTARTNOINTR: the call begins anew after the handler. */
static int sleep_until_granted(struct pi_waiter *w, unsigned int flags, const ktime_t *abs_time)
{
	clockid_t clock = flags & FLAGS_CLOCKRT ? CLOCK_REALTIME : CLOCK_MONOTONIC;
	int ret = 0;

	while (!ret) {
		set_current_state(TASK_INTERRUPTIBLE);
		if (smp_load_acquire(&w->granted))
			break;
		if (signal_pending(current))
			ret = -ERESTARTNOINTR;
		else if (!abs_time)
			schedule();
		else if (!schedule_hrtimeout_clock(abs_time, HRTIMER_MODE_ABS, clock))
			ret = -ETIMEDOUT;
	}
	__set_current_state(TASK_RUNNING);
	if (!ret)
		return 0;
	spin_lock(&pi_graph);
	if (w->granted)
		ret = 0;		/* just now */
	else
		leave(w);
	spin_unlock(&pi_graph);
	return ret;
}

/* Context: pi_graph, the lock is ours by inheritance. */
static int settle_once(struct pi_lock_state *state, u32 __user *uaddr)
{
	u32 val, new = task_pid_vnr(current) | FUTEX_OWNER_DIED;
	int ret;

	if (!list_empty(&state->waiters))
		new |= FUTEX_WAITERS;
	ret = futex_read_nofault(&val, uaddr) ? -EFAULT : change_word(uaddr, val, new);
	if (ret)
		return ret;
	state->unsettled = false;
	if (list_empty(&state->waiters))
		drop_state(state);
	return 0;
}

/* The owner died and left us the lock: write so into the word. */
static int settle(struct pi_waiter *w, u32 __user *uaddr)
{
	int ret;

	for (;;) {
		spin_lock(&pi_graph);
		ret = settle_once(w->state, uaddr);
		spin_unlock(&pi_graph);
		if (!ret)
			return 0;
		if (ret != -EFAULT || !fault_in_word(uaddr))
			continue;
		/* The word is gone; so is what the lock protected. Let the next one find out. */
		spin_lock(&pi_graph);
		w->state->unsettled = false;
		if (list_empty(&w->state->waiters))
			drop_state(w->state);
		else
			hand_over(w->state, true);
		spin_unlock(&pi_graph);
		return -EFAULT;
	}
}

struct pi_lock_state *futex_pi_alloc_state(void)
{
	return kmalloc(sizeof(struct pi_lock_state), GFP_KERNEL);
}

/**
 * futex_pi_wait - wait for a lock in whose queue we are
 * @w: our place in it, or granted already
 * @uaddr: the word
 * @flags: FLAGS_CLOCKRT tells the clock
 * @abs_time: when to give up, or NULL
 *
 * Return: 0, the lock is ours; -ETIMEDOUT, -ERESTARTNOINTR, -EFAULT.
 */
int futex_pi_wait(struct pi_waiter *w, u32 __user *uaddr, unsigned int flags,
		  const ktime_t *abs_time)
{
	int ret = sleep_until_granted(w, flags, abs_time);

	return !ret && w->owner_died ? settle(w, uaddr) : ret;
}

/**
 * futex_lock_pi - take a lock, or wait for it and lend its owner our priority meanwhile
 * @uaddr: the word: 0, or its owner's tid with FUTEX_WAITERS and FUTEX_OWNER_DIED
 * @flags: FLAGS_*
 * @abs_time: when to give up, or NULL
 * @trylock: do not wait
 *
 * Context: task, may sleep.
 * Return: 0, the lock is ours; -EAGAIN (trylock), -EDEADLK, -ESRCH without such an owner, -EPERM when
 * that is a kernel thread, -EINVAL when word and waiters disagree or it is not aligned, -EFAULT,
 * -ENOMEM, -ETIMEDOUT, -ERESTARTNOINTR. Source: futex(2).
 */
long futex_lock_pi(u32 __user *uaddr, unsigned int flags, const ktime_t *abs_time, bool trylock)
{
	struct pi_waiter waiter = { .task = current };
	struct pi_call call = {
		.uaddr = uaddr, .flags = flags, .trylock = trylock, .waiter = &waiter,
	};
	int ret;

	call.fresh = futex_pi_alloc_state();
	if (!call.fresh)
		return -ENOMEM;
	ret = lock_or_queue(&call);
	kfree(call.fresh);
	return ret == PI_QUEUED ? futex_pi_wait(&waiter, uaddr, flags, abs_time) : ret;
}

/* ---- FUTEX_UNLOCK_PI ---- */

/* Context: pi_graph. */
static int unlock_once(u32 __user *uaddr, const struct futex_key *key)
{
	struct pi_lock_state *state = find_state(key);
	u32 val;
	int ret;

	if (futex_read_nofault(&val, uaddr))
		return -EFAULT;
	if ((val & FUTEX_TID_MASK) != task_pid_vnr(current))
		return -EPERM;
	if (!state)
		return change_word(uaddr, val, 0);
	if (state->owner != current)
		return -EINVAL;
	ret = change_word(uaddr, val, task_pid_vnr(first_waiter(state)->task) | FUTEX_WAITERS);
	if (!ret)
		hand_over(state, false);
	return ret;
}

/**
 * futex_unlock_pi - give a lock to the best of those who wait for it
 * @uaddr: the word, which names the caller
 * @flags: FLAGS_*
 *
 * Context: task, may sleep. Return: 0, -EPERM when it is not ours, -EINVAL, -EFAULT.
 */
long futex_unlock_pi(u32 __user *uaddr, unsigned int flags)
{
	struct futex_key key;
	u32 val;
	int ret;

	if (get_user(val, uaddr))
		return -EFAULT;
	if ((val & FUTEX_TID_MASK) != task_pid_vnr(current))
		return -EPERM;
	ret = futex_get_key(uaddr, flags, &key);
	if (ret)
		return ret;
	for (;;) {
		spin_lock(&pi_graph);
		ret = unlock_once(uaddr, &key);
		spin_unlock(&pi_graph);
		if (ret == -EFAULT) {
			if (fault_in_word(uaddr))
				return -EFAULT;
		} else if (ret != PI_RETRY) {
			return ret;
		}
		cond_resched();
	}
}

/* ---- death ---- */

static void hand_over_all(struct task_struct *tsk)
{
	struct pi_lock_state *state;

	spin_lock(&pi_graph);
	while (!hlist_empty(&tsk->pi_held)) {
		state = hlist_entry(tsk->pi_held.first, struct pi_lock_state, held);
		hand_over(state, true);
	}
	spin_unlock(&pi_graph);
}

/*
 * The rest of futex_exit_release(): contended locks go to who waits for them. Its robust list was
 * walked before, so that whoever finds pi_dead finds the words marked.
 */
void futex_pi_exit(struct task_struct *tsk)
{
	/* Pairs with first_to_wait(): PF_EXITING was set before. */
	smp_mb();
	if (unlikely(!hlist_empty(&tsk->pi_held)))
		hand_over_all(tsk);
	if (tsk->flags & PF_EXITING)
		smp_store_release(&tsk->pi_dead, true);
}

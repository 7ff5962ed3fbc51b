// SPDX-License-Identifier: GPL-2.0-only
/*
 * Mutexes. The owner word holds the owner's task and two flags. Free: a newcomer takes it with one
 * compare-and-exchange, even past waiters; the first waiter, once overtaken, asks for a hand-off,
 * so nobody starves. wait_lock guards the list of waiters. Tasks only.
 */
#include <linux/mutex.h>
#include <linux/sched.h>

struct mutex_waiter {
	struct list_head list;
	struct task_struct *task;
};

void __mutex_init(struct mutex *lock)
{
	atomic_long_set(&lock->owner, 0);
	spin_lock_init(&lock->wait_lock);
	INIT_LIST_HEAD(&lock->wait_list);
}

static inline bool lock_fast(struct mutex *lock)
{
	s64 free = 0;

	return atomic64_try_cmpxchg(&lock->owner, &free, (long)current);
}

/*
 * Take it if it is free, or if it was handed to us (owner is us, with flags). The flags stay.
 */
static bool trylock_slow(struct mutex *lock, bool handoff)
{
	s64 owner = atomic64_read(&lock->owner);

	for (;;) {
		struct task_struct *holder = (struct task_struct *)(owner & ~MUTEX_FLAGS);
		s64 flags = owner & MUTEX_FLAGS;

		if (holder == current)
			return true;
		if (holder && (!handoff || (flags & MUTEX_HANDOFF)))
			return false;
		if (holder) {
			if (atomic64_try_cmpxchg(&lock->owner, &owner, owner | MUTEX_HANDOFF))
				return false;
			continue;
		}
		if (atomic64_try_cmpxchg(&lock->owner, &owner, (long)current | flags))
			return true;
	}
}

/* Context: wait_lock held. The first waiter takes its wish with it, the last all flags. */
static void remove_waiter(struct mutex *lock, struct mutex_waiter *waiter)
{
	bool first = lock->wait_list.next == &waiter->list;

	list_del(&waiter->list);
	if (list_empty(&lock->wait_list))
		__atomic_fetch_and(&lock->owner.counter, ~MUTEX_FLAGS, __ATOMIC_RELAXED);
	else if (first)
		__atomic_fetch_and(&lock->owner.counter, ~MUTEX_HANDOFF, __ATOMIC_RELAXED);
}

static noinline int lock_slow(struct mutex *lock, unsigned int state)
{
	struct mutex_waiter waiter = { .task = current };
	bool woken = false;
	int err = 0;

	spin_lock(&lock->wait_lock);
	list_add_tail(&waiter.list, &lock->wait_list);
	__atomic_fetch_or(&lock->owner.counter, MUTEX_WAITERS, __ATOMIC_SEQ_CST);
	for (;;) {
		bool first = lock->wait_list.next == &waiter.list;

		set_current_state(state);
		/* Having waited in vain once as the first, ask to be given it. */
		if (trylock_slow(lock, first && woken))
			break;
		if (signal_pending_state(state, current)) {
			err = -EINTR;
			break;
		}
		spin_unlock(&lock->wait_lock);
		schedule();
		woken = true;
		spin_lock(&lock->wait_lock);
	}
	__set_current_state(TASK_RUNNING);
	remove_waiter(lock, &waiter);
	spin_unlock(&lock->wait_lock);
	return err;
}

/* Release with waiters there: the first is woken, and owns it at once if it asked for that. */
static noinline void unlock_slow(struct mutex *lock)
{
	struct task_struct *next = NULL;
	s64 owner;

	spin_lock(&lock->wait_lock);
	if (!list_empty(&lock->wait_list)) {
		next = list_first_entry(&lock->wait_list, struct mutex_waiter, list)->task;
		get_task_struct(next);
	}
	owner = atomic64_read(&lock->owner);
	for (;;) {
		s64 after = owner & MUTEX_WAITERS;

		if (owner & MUTEX_HANDOFF && next)
			after |= (long)next;
		if (atomic64_try_cmpxchg(&lock->owner, &owner, after))
			break;
	}
	spin_unlock(&lock->wait_lock);
	if (next) {
		wake_up_process(next);
		put_task_struct(next);
	}
}

/**
 * mutex_lock - take a mutex
 * @lock: not held by the caller
 *
 * Context: sleeps.
 */
void mutex_lock(struct mutex *lock)
{
	might_sleep();
	lock_debug_acquire(lock, false, false);
	if (!lock_fast(lock))
		lock_slow(lock, TASK_UNINTERRUPTIBLE);
}

void mutex_lock_nested(struct mutex *lock, unsigned int subclass)
{
	might_sleep();
	lock_debug_acquire(lock, false, true);
	if (!lock_fast(lock))
		lock_slow(lock, TASK_UNINTERRUPTIBLE);
}

static int lock_breakable(struct mutex *lock, unsigned int state)
{
	int err = 0;

	might_sleep();
	if (!lock_fast(lock))
		err = lock_slow(lock, state);
	if (!err)
		lock_debug_acquire(lock, false, false);
	return err;
}

/* Return: 0, or -EINTR when a signal came first. */
int mutex_lock_interruptible(struct mutex *lock)
{
	return lock_breakable(lock, TASK_INTERRUPTIBLE);
}

/* Return: 0, or -EINTR when a fatal signal came first. */
int mutex_lock_killable(struct mutex *lock)
{
	return lock_breakable(lock, TASK_KILLABLE);
}

/* Return: true when it was free and is ours now. */
bool mutex_trylock(struct mutex *lock)
{
	if (!lock_fast(lock))
		return false;
	lock_debug_acquire(lock, false, true);
	return true;
}

void mutex_unlock(struct mutex *lock)
{
	s64 mine = (long)current;

	lock_debug_release(lock);
	ASSERT((atomic64_read(&lock->owner) & ~MUTEX_FLAGS) == (unsigned long)current);
	if (!atomic64_try_cmpxchg(&lock->owner, &mine, 0))
		unlock_slow(lock);
}

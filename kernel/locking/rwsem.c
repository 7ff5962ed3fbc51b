// SPDX-License-Identifier: GPL-2.0-only
/*
 * The waiting half of reader-writer semaphores; the fast paths are in the header. Waiters queue in
 * order under wait_lock. Whoever releases last gives the semaphore to the head of the queue: one
 * writer, or all readers that stand there in a row. Waiters never take it themselves.
 */
#include <linux/cpumask.h>
#include <linux/rwsem.h>
#include <linux/sched.h>

/*
 * Looks before a task that cannot have it goes to sleep. Forks hold a file's semaphore, say, for less
 * than it takes to wake somebody on another processor.
 */
#define LOOKS	64

struct rwsem_waiter {
	struct list_head list;
	struct task_struct *task;	/* NULL once it has the semaphore */
	bool writer;
};

/* The waiter has it; from here on its stack may be gone. */
static void grant(struct rwsem_waiter *waiter)
{
	struct task_struct *tsk = waiter->task;

	list_del(&waiter->list);
	get_task_struct(tsk);
	smp_store_release(&waiter->task, NULL);
	wake_up_process(tsk);
	put_task_struct(tsk);
}

/* WAITERS is set exactly while the list is not empty. Context: wait_lock held. */
static void update_waiters_bit(struct rw_semaphore *sem)
{
	if (list_empty(&sem->wait_list))
		__atomic_fetch_and(&sem->count.counter, ~RWSEM_WAITERS, __ATOMIC_SEQ_CST);
}

static bool grant_writer(struct rw_semaphore *sem, struct rwsem_waiter *first)
{
	s64 count = atomic64_read(&sem->count);

	/* Readers on the fast path may come and go for a moment before they see the bit. */
	do {
		if (count & ~RWSEM_WAITERS)
			return false;
	} while (!atomic64_try_cmpxchg(&sem->count, &count, count | RWSEM_WRITER));
	grant(first);
	return true;
}

/*
 * All are counted before the first is woken. What is counted beyond them, and taken back afterwards,
 * would make their releases believe that somebody else is left to wake the writer behind them.
 */
static bool grant_readers(struct rw_semaphore *sem)
{
	struct rwsem_waiter *waiter, *next;
	s64 count, readers = 0;

	list_for_each_entry(waiter, &sem->wait_list, list) {
		if (waiter->writer)
			break;
		readers += RWSEM_READER;
	}
	count = atomic64_read(&sem->count);
	do {
		if (count & RWSEM_WRITER)
			return false;
	} while (!atomic64_try_cmpxchg(&sem->count, &count, count + readers));
	list_for_each_entry_safe(waiter, next, &sem->wait_list, list) {
		if (waiter->writer)
			break;
		grant(waiter);
	}
	return true;
}

/* Give the semaphore on, if it can be given. Context: wait_lock held. */
static void wake_locked(struct rw_semaphore *sem)
{
	struct rwsem_waiter *first;

	if (list_empty(&sem->wait_list))
		return;
	first = list_first_entry(&sem->wait_list, struct rwsem_waiter, list);
	if (first->writer)
		grant_writer(sem, first);
	else
		grant_readers(sem);
	update_waiters_bit(sem);
}

/* The last holder left while others wait. Context: any. */
void __rwsem_wake(struct rw_semaphore *sem)
{
	unsigned long flags;

	spin_lock_irqsave(&sem->wait_lock, flags);
	wake_locked(sem);
	spin_unlock_irqrestore(&sem->wait_lock, flags);
}

/* Sleep until the semaphore is given to us. Return: 0, or -EINTR. */
static int wait_for_grant(struct rw_semaphore *sem, struct rwsem_waiter *waiter, unsigned int state)
{
	int err = 0;

	for (;;) {
		set_current_state(state);
		if (!smp_load_acquire(&waiter->task))
			break;
		if (signal_pending_state(state, current)) {
			err = -EINTR;
			break;
		}
		schedule();
	}
	__set_current_state(TASK_RUNNING);
	if (!err)
		return 0;
	spin_lock_irq(&sem->wait_lock);
	if (!waiter->task) {
		/* Given in the last moment: then we have it. */
		spin_unlock_irq(&sem->wait_lock);
		return 0;
	}
	list_del(&waiter->list);
	update_waiters_bit(sem);
	/* Readers behind a writer that gives up may go on. */
	wake_locked(sem);
	spin_unlock_irq(&sem->wait_lock);
	return err;
}

/* May it be had soon, without sleeping? Not where others sleep: they come first. */
static bool look_on(struct rw_semaphore *sem, bool writer)
{
	const s64 busy = writer ? ~0L : RWSEM_WRITER | RWSEM_WAITERS;
	unsigned int looks = nr_cpu_ids > 1 ? LOOKS : 0;

	while (looks--) {
		s64 count = atomic64_read(&sem->count);

		if ((count & RWSEM_WAITERS) || need_resched())
			return false;
		if (!(count & busy) &&
		    atomic64_try_cmpxchg(&sem->count, &count,
					 writer ? RWSEM_WRITER : count + RWSEM_READER))
			return true;
		cpu_relax();
	}
	return false;
}

static int queue_and_wait(struct rw_semaphore *sem, bool writer, unsigned int state)
{
	struct rwsem_waiter waiter = { .task = current, .writer = writer };

	if (look_on(sem, writer))
		return 0;
	spin_lock_irq(&sem->wait_lock);
	list_add_tail(&waiter.list, &sem->wait_list);
	__atomic_fetch_or(&sem->count.counter, RWSEM_WAITERS, __ATOMIC_SEQ_CST);
	/* It may have been released before the bit was set. */
	wake_locked(sem);
	spin_unlock_irq(&sem->wait_lock);
	return wait_for_grant(sem, &waiter, state);
}

/* The fast path counted us in although we may not read: take that back, then queue. */
static noinline int read_slow(struct rw_semaphore *sem, unsigned int state)
{
	long left = __atomic_sub_fetch(&sem->count.counter, RWSEM_READER, __ATOMIC_RELEASE);

	/* A release that saw us as a holder left the waking to us. */
	if ((left & RWSEM_WAITERS) && !(left & ~RWSEM_WAITERS))
		__rwsem_wake(sem);
	return queue_and_wait(sem, false, state);
}

void __down_read(struct rw_semaphore *sem)
{
	read_slow(sem, TASK_UNINTERRUPTIBLE);
}

int __down_read_killable(struct rw_semaphore *sem)
{
	return read_slow(sem, TASK_KILLABLE);
}

int __down_read_interruptible(struct rw_semaphore *sem)
{
	return read_slow(sem, TASK_INTERRUPTIBLE);
}

void __down_write(struct rw_semaphore *sem)
{
	queue_and_wait(sem, true, TASK_UNINTERRUPTIBLE);
}

int __down_write_killable(struct rw_semaphore *sem)
{
	return queue_and_wait(sem, true, TASK_KILLABLE);
}

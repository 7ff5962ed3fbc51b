// SPDX-License-Identifier: GPL-2.0-only
/*
 * The order of locks, checked at run time: each task has a list of the locks it holds, newest last.
 * Interrupts that come on top use the same list, with interrupts off, and are judged apart.
 * Callers: the lock functions of debug builds.
 */
#include <linux/bug.h>
#include <linux/kernel.h>
#include <linux/lockrank.h>
#include <linux/preempt.h>
#include <linux/sched.h>

#define MAX_HELD	ARRAY_SIZE(((struct task_struct *)0)->held_locks)

/* After the first report nothing is checked, so that it can be printed. */
static bool lockrank_off;

/**
 * show_held_locks - print what a task holds, for reports
 * @tsk: current, or a task that does not run
 */
void show_held_locks(struct task_struct *tsk)
{
	unsigned int i;

	if (!tsk->nr_held_locks) {
		pr_emerg("%s[%d] holds no locks\n", tsk->comm, tsk->pid);
		return;
	}
	pr_emerg("%s[%d] holds:\n", tsk->comm, tsk->pid);
	for (i = 0; i < min((size_t)tsk->nr_held_locks, MAX_HELD); i++) {
		struct held_lock *held = &tsk->held_locks[i];

		pr_emerg("  %s (rank %u%s%s) taken at %pS\n", held->name, held->rank,
			 held->shared ? ", shared" : "", held->irq ? ", in interrupt" : "",
			 (void *)held->ip);
	}
}

static void __noreturn __cold complain(const char *what, const struct lock_debug *dbg,
				       const struct held_lock *held, unsigned long ip)
{
	lockrank_off = true;
	show_held_locks(current);
	panic("%s: %s (rank %u) at %pS, while holding %s (rank %u) from %pS", what, dbg->name,
	      dbg->rank, (void *)ip, held->name, held->rank, (void *)held->ip);
}

static void check(const struct lock_debug *dbg, const void *lock, bool shared, bool trylock,
		  unsigned long ip, bool irq)
{
	struct task_struct *tsk = current;
	unsigned int i;

	for (i = 0; i < tsk->nr_held_locks; i++) {
		const struct held_lock *held = &tsk->held_locks[i];

		if (held->lock == lock && !trylock && !(shared && held->shared))
			complain("lock taken twice", dbg, held, ip);
		if (held->irq != irq || trylock || !dbg->rank || !held->rank)
			continue;
		if (dbg->rank < held->rank || (dbg->rank == held->rank && held->lock != lock))
			complain("locks in the wrong order", dbg, held, ip);
	}
}

void lockrank_acquire(const struct lock_debug *dbg, const void *lock, bool shared, bool trylock,
		      unsigned long ip)
{
	struct task_struct *tsk = current;
	unsigned long flags;
	bool irq;

	if (unlikely(lockrank_off || !tsk))
		return;
	local_irq_save(flags);
	irq = in_interrupt();
	check(dbg, lock, shared, trylock, ip, irq);
	if (unlikely(tsk->nr_held_locks == MAX_HELD)) {
		lockrank_off = true;
		show_held_locks(tsk);
		panic("more than %zu locks held", MAX_HELD);
	}
	tsk->held_locks[tsk->nr_held_locks++] = (struct held_lock){
		.lock = lock, .name = dbg->name ?: "unnamed", .ip = ip, .rank = dbg->rank,
		.shared = shared, .irq = irq,
	};
	local_irq_restore(flags);
}

void lockrank_release(const struct lock_debug *dbg, const void *lock)
{
	struct task_struct *tsk = current;
	unsigned long flags;
	unsigned int i;

	if (unlikely(lockrank_off || !tsk))
		return;
	local_irq_save(flags);
	for (i = tsk->nr_held_locks; i-- > 0; ) {
		if (tsk->held_locks[i].lock == lock)
			break;
	}
	if (unlikely(i == -1U)) {
		lockrank_off = true;
		show_held_locks(tsk);
		panic("%s released, but not held", dbg->name);
	}
	tsk->nr_held_locks--;
	for (; i < tsk->nr_held_locks; i++)
		tsk->held_locks[i] = tsk->held_locks[i + 1];
	local_irq_restore(flags);
}

/* Does current hold it? After a report the answer is always yes. */
bool lockrank_held(const void *lock)
{
	struct task_struct *tsk = current;
	unsigned int i;

	for (i = 0; i < tsk->nr_held_locks; i++) {
		if (tsk->held_locks[i].lock == lock)
			return true;
	}
	return lockrank_off;
}

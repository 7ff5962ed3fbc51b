// SPDX-License-Identifier: GPL-2.0-only
/*
 * The thread that folds the page tables of those who sleep: single-threaded processes that have not
 * run since it last looked. vm.fold_idle_ms is how often it looks, 0: never.
 */
#include <linux/hrtimer.h>
#include <linux/kthread.h>
#include <linux/ktime.h>
#include <linux/rcupdate.h>
#include "internal.h"

#define LOOK_AT_SYSCTL_MS	500	/* while it is switched off */

int sysctl_fold_idle_ms = 30;

/* A number that changes whenever the task has run. */
static unsigned int runs_of(const struct task_struct *p)
{
	return READ_ONCE(p->nvcsw) + READ_ONCE(p->nivcsw) + 1;
}

static bool is_asleep(const struct task_struct *p)
{
	return READ_ONCE(p->state) && !READ_ONCE(p->on_rq) && !(p->flags & (PF_KTHREAD | PF_EXITING));
}

/*
 * Has @p slept since the last look, in an address space of its own? With a reference to the
 * structure, or NULL. Not one of mm_users: its owner may ask whether it is alone.
 */
static struct mm_struct *idle_space(struct task_struct *p)
{
	unsigned int runs = runs_of(p);
	struct mm_struct *mm;

	if (!is_asleep(p))
		return NULL;
	if (p->fold_seen != runs) {
		p->fold_seen = runs;
		return NULL;
	}
	task_lock(p);
	mm = p->mm;
	if (mm && (READ_ONCE(mm->folded) || mm->fold_refused == runs ||
		   atomic_read(&mm->mm_users) != 1))
		mm = NULL;
	if (mm)
		mmgrab(mm);
	task_unlock(p);
	return mm;
}

static void fold(struct mm_struct *mm, unsigned int runs)
{
	int ret = 0;

	if (mmap_write_trylock(mm)) {
		/* Its end empties it under the lock that we have, or has done so. */
		if (atomic_read(&mm->mm_users) == 1 && !mm->folded)
			ret = pt_fold(mm);
		mmap_write_unlock(mm);
	}
	/* As long as it sleeps on that will not change. */
	if (ret < 0)
		mm->fold_refused = runs;
	mmdrop(mm);
}

static void fold_idle(void)
{
	struct task_struct *p;
	struct mm_struct *mm;
	bool gone = false;

	rcu_read_lock();
	for_each_process(p) {
		mm = idle_space(p);
		if (!mm)
			continue;
		get_task_struct(p);
		rcu_read_unlock();
		fold(mm, p->fold_seen);
		cond_resched();
		rcu_read_lock();
		/* Where it has left the list there is no next: the rest waits for the next look. */
		gone = !pid_alive(p);
		put_task_struct(p);
		if (gone)
			break;
	}
	rcu_read_unlock();
}

static int kfold(void *unused)
{
	while (!kthread_should_stop()) {
		int ms = READ_ONCE(sysctl_fold_idle_ms);

		schedule_timeout_interruptible_ns((ms ?: LOOK_AT_SYSCTL_MS) * NSEC_PER_MSEC);
		if (ms)
			fold_idle();
	}
	return 0;
}

static int __init kfold_init(void)
{
	struct task_struct *task = kthread_run(kfold, NULL, "kfold");

	if (IS_ERR(task))
		panic("no memory for the thread that folds page tables");
	return 0;
}
fs_initcall(kfold_init);

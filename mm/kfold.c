// SPDX-License-Identifier: GPL-2.0-only
/*
 * The thread that folds the page tables of those who sleep: single-threaded processes that have not
 * run since it last looked. vm.fold_idle_ms is how often it looks, 0: never. Where nobody runs it
 * looks once a second, until the next fork.
 */
#include <linux/hrtimer.h>
#include <linux/kstrtox.h>
#include <linux/kthread.h>
#include <linux/ktime.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/sprintf.h>
#include "internal.h"

#define TASKS_AT_ONCE	64		/* looked at without a pause */
#define MAX_IDLE_MS	(3600U * 1000)
#define SLOW_MS		1000		/* when nobody ran for QUIET_LOOKS looks */
#define QUIET_LOOKS	4

static unsigned int fold_idle_ms = 30;	/* kfold_mutex to change */
static struct task_struct *kfold_task;
static DEFINE_MUTEX(kfold_mutex);	/* held while it looks */
static bool kfold_slow;			/* a fork shall wake it */

void kfold_pause(void)
{
	mutex_lock(&kfold_mutex);
}

void kfold_resume(void)
{
	mutex_unlock(&kfold_mutex);
}

/* A number that changes whenever the task has run. */
static unsigned int runs_of(const struct task_struct *p)
{
	return READ_ONCE(p->nvcsw) + READ_ONCE(p->nivcsw) + 1;
}

/* Who has a real-time policy was promised to run at once when he wakes. */
static bool may_fold(const struct task_struct *p)
{
	return READ_ONCE(p->state) && !READ_ONCE(p->on_rq) && READ_ONCE(p->prio) >= MAX_RT_PRIO &&
	       !(p->flags & (PF_KTHREAD | PF_EXITING));
}

/*
 * Has @p slept since the last look, in an address space of its own? With a reference to the
 * structure, or NULL. Not one of mm_users: its owner may ask whether it is alone.
 * @busy: out: true when it has not
 */
static struct mm_struct *idle_space(struct task_struct *p, bool *busy)
{
	unsigned int runs = runs_of(p);
	struct mm_struct *mm;

	if (!may_fold(p))
		return NULL;
	if (p->fold_seen != runs) {
		p->fold_seen = runs;
		*busy = true;
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

/*
 * Fold @mm, if there is one, and let others run. False: @p has left the list meanwhile, so there is
 * no next. In and out under rcu_read_lock().
 */
static bool fold_and_pause(struct task_struct *p, struct mm_struct *mm)
{
	bool gone;

	get_task_struct(p);
	rcu_read_unlock();
	if (mm)
		fold(mm, p->fold_seen);
	cond_resched();
	rcu_read_lock();
	gone = !pid_alive(p);
	put_task_struct(p);
	return !gone;
}

/* Returns whether anybody has run since the last time. */
static bool fold_idle(void)
{
	unsigned int looked = 0;
	struct task_struct *p;
	struct mm_struct *mm;
	bool busy = false;

	rcu_read_lock();
	for_each_process(p) {
		mm = idle_space(p, &busy);
		/* What is left when one was lost waits for the next look. */
		if ((mm || ++looked % TASKS_AT_ONCE == 0) && !fold_and_pause(p, mm))
			break;
	}
	rcu_read_unlock();
	return busy;
}

/* Until the next look is due. */
static void wait_for_look(bool slow)
{
	unsigned int ms = READ_ONCE(fold_idle_ms) ?: MAX_IDLE_MS;

	slow = slow && ms < SLOW_MS;
	set_current_state(TASK_INTERRUPTIBLE);
	WRITE_ONCE(kfold_slow, slow);
	schedule_timeout_ns((slow ? SLOW_MS : ms) * NSEC_PER_MSEC);
	WRITE_ONCE(kfold_slow, false);
}

static int kfold(void *unused)
{
	unsigned int quiet = 0;

	while (!kthread_should_stop()) {
		wait_for_look(quiet >= QUIET_LOOKS);
		mutex_lock(&kfold_mutex);
		quiet = fold_idle_ms && !fold_idle() ? quiet + 1 : 0;
		mutex_unlock(&kfold_mutex);
	}
	return 0;
}

/* There is a new process. Its fork must not wait, so nothing but a wake-up happens here. */
void kfold_notice(void)
{
	if (likely(!READ_ONCE(kfold_slow)))
		return;
	WRITE_ONCE(kfold_slow, false);
	wake_up_process(kfold_task);
}

/* ---- vm.fold_idle_ms ---- */

int get_fold_idle_ms(char *buf, size_t size)
{
	return scnprintf(buf, size, "%u", READ_ONCE(fold_idle_ms));
}

/* When it returns, nothing is going on any more by the old value. 0 or -EINVAL. */
int set_fold_idle_ms(char *text)
{
	unsigned int ms;

	if (kstrtouint(text, 10, &ms) || ms > MAX_IDLE_MS)
		return -EINVAL;
	mutex_lock(&kfold_mutex);
	WRITE_ONCE(fold_idle_ms, ms);
	mutex_unlock(&kfold_mutex);
	wake_up_process(kfold_task);
	return 0;
}

static int __init kfold_init(void)
{
	kfold_task = kthread_run(kfold, NULL, "kfold");
	if (IS_ERR(kfold_task))
		panic("no memory for the thread that folds page tables");
	return 0;
}
fs_initcall(kfold_init);

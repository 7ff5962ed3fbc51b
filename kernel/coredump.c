// SPDX-License-Identifier: GPL-2.0-only
/*
 * Stopping a thread group so that one of its threads can write a core: the others die, but wait
 * on their way out, with registers and memory as they were. All of it below siglock: whoever sets
 * PF_EXITING before the count was taken is not counted, whoever sets it after arrives.
 */
#include <linux/coredump.h>
#include <linux/sched.h>
#include <linux/signal.h>

/* The others are told to die. Context: siglock. Return: how many will arrive. */
static int kill_others(void)
{
	struct task_struct *t;
	int count = 0;

	__for_each_thread(current->signal, t) {
		task_clear_jobctl_pending(t, JOBCTL_PENDING_MASK);
		if (t == current || (t->flags & PF_EXITING))
			continue;
		sigaddset(&t->pending.signal, SIGKILL);
		signal_wake_up(t, true);
		count++;
	}
	return count;
}

static int begin_dump(int sig, struct core_state *core)
{
	struct signal_struct *signal = current->signal;

	/* A sibling's death, or its exec, came first. */
	if ((signal->flags & SIGNAL_GROUP_EXIT) || signal->group_exec_task)
		return -EAGAIN;
	signal->core_state = core;
	signal->flags = SIGNAL_GROUP_EXIT;
	signal->group_exit_code = sig;
	signal->group_stop_count = 0;
	core->missing = kill_others();
	current->flags |= PF_DUMPCORE;
	/* Only a SIGKILL from here on is to break the dump off: prepare_signal(). */
	clear_thread_flag(TIF_SIGPENDING);
	return 0;
}

/**
 * coredump_gather - stop all other threads of current's group, to dump core
 * @sig: what the group dies of
 * @core: on the stack until coredump_release()
 *
 * Context: task, no locks; sleeps until every thread is off its CPU.
 * Return: 0, or -EAGAIN when the group is already dying or a sibling is in exec.
 */
int coredump_gather(int sig, struct core_state *core)
{
	struct core_thread *other;
	int err;

	init_completion(&core->gathered);
	INIT_LIST_HEAD(&core->threads);
	spin_lock_irq(&current->sighand->siglock);
	err = begin_dump(sig, core);
	spin_unlock_irq(&current->sighand->siglock);
	if (err)
		return err;
	if (core->missing)
		wait_for_completion(&core->gathered);
	list_for_each_entry(other, &core->threads, node)
		wait_task_inactive(other->task);
	return 0;
}

/**
 * coredump_release - the dump is over: the other threads go on dying
 * @dumped: a core was written; wait() says so, unless a SIGKILL broke it off
 *
 * Context: task, no locks.
 */
void coredump_release(struct core_state *core, bool dumped)
{
	struct signal_struct *signal = current->signal;
	struct core_thread *other, *next;
	struct task_struct *task;

	spin_lock_irq(&current->sighand->siglock);
	if (dumped && !__fatal_signal_pending(current))
		signal->group_exit_code |= 0x80;
	signal->core_state = NULL;
	spin_unlock_irq(&current->sighand->siglock);
	list_for_each_entry_safe(other, next, &core->threads, node) {
		task = get_task_struct(other->task);
		/* Its stack, and with it *other, may go at once. */
		smp_store_release(&other->task, NULL);
		wake_up_process(task);
		put_task_struct(task);
	}
}

/**
 * __coredump_park - wait while a thread of the group writes a core
 * @tsk: current, dying
 *
 * A thread that was killed for the dump belongs to the core; one that ends by itself does not, and
 * does not wait. Context: task, no locks.
 */
void __coredump_park(struct task_struct *tsk)
{
	struct core_thread self = { .task = NULL };
	struct core_state *core;

	spin_lock_irq(&tsk->sighand->siglock);
	core = tsk->flags & PF_POSTCOREDUMP ? NULL : tsk->signal->core_state;
	if (core) {
		tsk->flags |= PF_POSTCOREDUMP;
		if (tsk->flags & PF_SIGNALED) {
			self.task = tsk;
			list_add(&self.node, &core->threads);
		}
		if (!--core->missing)
			complete(&core->gathered);
	}
	spin_unlock_irq(&tsk->sighand->siglock);
	for (;;) {
		set_current_state(TASK_UNINTERRUPTIBLE);
		if (!smp_load_acquire(&self.task))
			break;
		schedule();
	}
	__set_current_state(TASK_RUNNING);
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Stopping and continuing whole processes. A stop signal gives every thread JOBCTL_STOP_PENDING;
 * each stops on its way to user space and counts signal->group_stop_count down; the last one
 * tells the parent. SIGCONT and SIGKILL undo it at any moment. All of it under siglock.
 */
#include <linux/cgroup.h>
#include <linux/ptrace.h>
#include <linux/sched.h>
#include <linux/signal.h>

#define SIGNAL_STOP_FLAGS	(SIGNAL_STOP_STOPPED | SIGNAL_STOP_CONTINUED |	\
				 SIGNAL_CLD_STOPPED | SIGNAL_CLD_CONTINUED)

static void set_stop_flags(struct signal_struct *signal, unsigned int flags)
{
	signal->flags = (signal->flags & ~SIGNAL_STOP_FLAGS) | flags;
}

/**
 * task_set_jobctl_pending - ask a thread to stop
 * @tsk: the thread
 * @mask: JOBCTL_STOP_PENDING with its companions
 *
 * Return: false when it is dying and will not stop.
 */
bool task_set_jobctl_pending(struct task_struct *tsk, unsigned long mask)
{
	if (__fatal_signal_pending(tsk) || (tsk->flags & PF_EXITING))
		return false;
	if (mask & JOBCTL_STOP_SIGMASK)
		tsk->jobctl &= ~JOBCTL_STOP_SIGMASK;
	tsk->jobctl |= mask;
	return true;
}

void task_clear_jobctl_pending(struct task_struct *tsk, unsigned long mask)
{
	if (mask & JOBCTL_STOP_PENDING)
		mask |= JOBCTL_STOP_CONSUME | JOBCTL_STOP_DEQUEUED;
	tsk->jobctl &= ~mask;
	if (unlikely(!(tsk->jobctl & JOBCTL_PENDING_MASK)))
		ptrace_clear_trapping(tsk);
}

/**
 * task_participate_group_stop - this thread has stopped, or will never
 * @tsk: a thread with JOBCTL_STOP_PENDING
 *
 * Return: true for the last thread of the group: its caller tells the parent.
 */
bool task_participate_group_stop(struct task_struct *tsk)
{
	struct signal_struct *signal = tsk->signal;
	bool counted = tsk->jobctl & JOBCTL_STOP_CONSUME;

	task_clear_jobctl_pending(tsk, JOBCTL_STOP_PENDING);
	if (!counted)
		return false;
	if (signal->group_stop_count > 0)
		signal->group_stop_count--;
	if (signal->group_stop_count)
		return false;
	set_stop_flags(signal, SIGNAL_STOP_STOPPED);
	return true;
}

/**
 * task_join_group_stop - a thread is born into a group that is stopping or stopped
 * @tsk: the new thread, about to be published; current is its creator
 */
void task_join_group_stop(struct task_struct *tsk)
{
	struct signal_struct *signal = current->signal;
	unsigned long mask = current->jobctl & JOBCTL_STOP_SIGMASK;

	if (signal->group_stop_count) {
		signal->group_stop_count++;
		mask |= JOBCTL_STOP_CONSUME;
	} else if (!(signal->flags & SIGNAL_STOP_STOPPED)) {
		return;
	}
	task_set_jobctl_pending(tsk, mask | JOBCTL_STOP_PENDING);
}

static void count_in(struct task_struct *tsk, int sig)
{
	if (task_set_jobctl_pending(tsk, sig | JOBCTL_STOP_PENDING | JOBCTL_STOP_CONSUME))
		tsk->signal->group_stop_count++;
}

/* Current took stop signal @sig: make every thread of the group stop. */
static void begin_group_stop(int sig)
{
	struct signal_struct *signal = current->signal;
	struct task_struct *t;

	if (!(signal->flags & SIGNAL_STOP_STOPPED))
		signal->group_exit_code = sig;
	signal->group_stop_count = 0;
	count_in(current, sig);
	__for_each_thread(signal, t) {
		if (t == current || (READ_ONCE(t->state) & __TASK_STOPPED))
			continue;
		count_in(t, sig);
		if (likely(!(t->ptrace & PT_SEIZED)))
			signal_wake_up(t, false);
		else
			ptrace_trap_notify(t);
	}
}

/* A late wake-up for an earlier sleep must not undo this state: writers agree on pi_lock. */
static void set_stopped_state(void)
{
	spin_lock(&current->pi_lock);
	WRITE_ONCE(current->state, TASK_STOPPED);
	spin_unlock(&current->pi_lock);
}

/**
 * do_signal_stop - stop current, and its group
 * @signr: the stop signal just taken, or 0 when another thread began the stop
 *
 * Context: siglock held with interrupts off. Return: true after having been stopped, with the
 * lock dropped; false, lock kept, when SIGCONT or death came first.
 */
bool do_signal_stop(int signr)
{
	spinlock_t *siglock = &current->sighand->siglock;
	bool last;

	if (!(current->jobctl & JOBCTL_STOP_PENDING)) {
		if (!(current->jobctl & JOBCTL_STOP_DEQUEUED) ||
		    (current->signal->flags & SIGNAL_GROUP_EXIT) ||
		    current->signal->group_exec_task)
			return false;
		begin_group_stop(signr);
	}
	if (unlikely(current->ptrace)) {
		/* The tracer is shown the stop, and the stop is over when it says so. */
		task_set_jobctl_pending(current, JOBCTL_TRAP_STOP);
		return false;
	}
	last = task_participate_group_stop(current);
	set_stopped_state();
	spin_unlock_irq(siglock);
	if (last) {
		read_lock(&tasklist_lock);
		do_notify_parent_cldstop(current, false, CLD_STOPPED);
		read_unlock(&tasklist_lock);
	}
	cgroup_enter_frozen();
	schedule();
	return true;
}

/**
 * stop_cancel - a stop signal was sent: pending SIGCONTs are void
 * @tsk: any thread of the target
 * @sig: SIGCONT
 */
void stop_cancel(struct task_struct *tsk, int sig)
{
	struct task_struct *t;

	flush_sigqueue_mask(sigmask(sig), &tsk->signal->shared_pending);
	__for_each_thread(tsk->signal, t)
		flush_sigqueue_mask(sigmask(sig), &t->pending);
}

/**
 * continue_group - SIGCONT was sent: pending stop signals are void, and the group goes on
 * @tsk: any thread of the target
 *
 * This happens even if SIGCONT is blocked or ignored (signal(7)). The parent is told by the
 * first thread that runs.
 */
void continue_group(struct task_struct *tsk)
{
	struct signal_struct *signal = tsk->signal;
	unsigned int why = 0;
	struct task_struct *t;

	flush_sigqueue_mask(SIG_KERNEL_STOP_MASK, &signal->shared_pending);
	__for_each_thread(signal, t) {
		flush_sigqueue_mask(SIG_KERNEL_STOP_MASK, &t->pending);
		task_clear_jobctl_pending(t, JOBCTL_STOP_PENDING);
		if (likely(!(t->ptrace & PT_SEIZED)))
			wake_up_state(t, __TASK_STOPPED);
		else
			ptrace_trap_notify(t);
	}
	if (signal->flags & SIGNAL_STOP_STOPPED)
		why = SIGNAL_CLD_CONTINUED;
	else if (signal->group_stop_count)
		why = SIGNAL_CLD_STOPPED;
	if (!why)
		return;
	set_stop_flags(signal, why | SIGNAL_STOP_CONTINUED);
	signal->group_stop_count = 0;
	signal->group_exit_code = 0;
}

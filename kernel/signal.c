// SPDX-License-Identifier: GPL-2.0-only
/*
 * Delivering signals to current: which is next, and what happens by default. get_signal() is
 * called by the architecture on the way to user space, with TIF_SIGPENDING set.
 * TIF_SIGPENDING is a hint that recalc_sigpending() makes exact, under siglock.
 */
#include <linux/cgroup.h>
#include <linux/cn_proc.h>
#include <linux/coredump.h>
#include <linux/hrtimer.h>
#include <linux/mm.h>
#include <linux/posix-timers.h>
#include <linux/ptrace.h>
#include <linux/sched.h>
#include <linux/signal.h>

static bool has_pending_signals(const struct task_struct *tsk)
{
	return (tsk->pending.signal | tsk->signal->shared_pending.signal) & ~tsk->blocked;
}

/* Set TIF_SIGPENDING if @tsk has something to do; never clear it. Context: siglock held. */
bool recalc_sigpending_tsk(struct task_struct *tsk)
{
	if (!(tsk->jobctl & (JOBCTL_PENDING_MASK | JOBCTL_FREEZE_MASK)) &&
	    !has_pending_signals(tsk))
		return false;
	set_tsk_thread_flag(tsk, TIF_SIGPENDING);
	return true;
}

/* After @tsk unblocked something. Context: siglock held. */
void recalc_sigpending_and_wake(struct task_struct *tsk)
{
	if (recalc_sigpending_tsk(tsk))
		signal_wake_up(tsk, false);
}

/* Make current's TIF_SIGPENDING exact. Context: siglock held. */
void recalc_sigpending(void)
{
	if (!recalc_sigpending_tsk(current))
		clear_thread_flag(TIF_SIGPENDING);
}

/* A new task's first look at what was queued for it while it was made. */
void calculate_sigpending(void)
{
	spin_lock_irq(&current->sighand->siglock);
	set_thread_flag(TIF_SIGPENDING);
	recalc_sigpending();
	spin_unlock_irq(&current->sighand->siglock);
}

/* Faults first, so that a handler sees the registers of the fault; then by number. */
static int next_signal(const struct sigpending *pending, sigset_t mask)
{
	sigset_t set = pending->signal & ~mask;

	if (!set)
		return 0;
	if (set & SIG_SYNCHRONOUS_MASK)
		set &= SIG_SYNCHRONOUS_MASK;
	return __builtin_ctzl(set) + 1;
}

static int dequeue_from(struct sigpending *pending, sigset_t mask, struct kernel_siginfo *info,
			bool *resched_timer)
{
	int sig = next_signal(pending, mask);

	if (sig)
		collect_signal(sig, pending, info, resched_timer);
	return sig;
}

/**
 * dequeue_signal - take the next signal that is not in @mask
 * @tsk: current
 * @mask: what to leave
 * @info: filled when there is one
 *
 * Interval timers are armed again here, so that their signals never come faster than they are
 * handled. Context: siglock held, interrupts off; drops the lock for a POSIX timer.
 * Return: the signal, or 0.
 */
int dequeue_signal(struct task_struct *tsk, sigset_t *mask, struct kernel_siginfo *info)
{
	bool resched_timer = false;
	int sig = dequeue_from(&tsk->pending, *mask, info, &resched_timer);

	if (!sig) {
		sig = dequeue_from(&tsk->signal->shared_pending, *mask, info, &resched_timer);
		if (sig == SIGALRM)
			itimer_real_rearm(tsk->signal);
	}
	recalc_sigpending();
	if (!sig)
		return 0;
	/* SIGCONT or SIGKILL may come while the stop is being decided without the lock. */
	if (unlikely(sig_kernel_stop(sig)))
		tsk->jobctl |= JOBCTL_STOP_DEQUEUED;
	if (resched_timer) {
		spin_unlock(&tsk->sighand->siglock);
		posix_timer_rearm(info);
		spin_lock(&tsk->sighand->siglock);
		info->si_sys_private = 0;
	}
	return sig;
}

/* The group stopped or went on, and no thread has told the parent yet. Drops the lock if so. */
static bool report_group_change(struct signal_struct *signal, spinlock_t *siglock)
{
	int why;

	if (likely(!(signal->flags & (SIGNAL_CLD_STOPPED | SIGNAL_CLD_CONTINUED))))
		return false;
	why = signal->flags & SIGNAL_CLD_CONTINUED ? CLD_CONTINUED : CLD_STOPPED;
	signal->flags &= ~(SIGNAL_CLD_STOPPED | SIGNAL_CLD_CONTINUED);
	spin_unlock_irq(siglock);
	read_lock(&tasklist_lock);
	do_notify_parent_cldstop(current, false, why);
	/* A tracer of the leader is told as well, if it is not the parent. */
	if (unlikely(ptrace_reparented(current->group_leader)))
		do_notify_parent_cldstop(current->group_leader, true, why);
	read_unlock(&tasklist_lock);
	return true;
}

/* Terminal stops do nothing in an orphaned process group: nobody could continue it (POSIX). */
static bool stop_wanted(int sig, spinlock_t *siglock)
{
	bool orphaned;

	if (sig == SIGSTOP)
		return true;
	spin_unlock_irq(siglock);
	orphaned = is_current_pgrp_orphaned();
	spin_lock_irq(siglock);
	return !orphaned;
}

static void __noreturn die_of_signal(int sig, const kernel_siginfo_t *info, spinlock_t *siglock)
{
	spin_unlock_irq(siglock);
	current->flags |= PF_SIGNALED;
	if (sig_kernel_coredump(sig)) {
		proc_coredump_connector(current);
		do_coredump(info);
	}
	do_group_exit(sig);
}

enum action {
	ACTION_NEXT,		/* ignored: look for another */
	ACTION_RELOCK,		/* stopped, and the lock was dropped */
	ACTION_HANDLE,		/* the handler is in ksig */
};

/* One signal was taken. Context: siglock held; kept except for ACTION_RELOCK. */
static enum action act_on_signal(struct ksignal *ksig, spinlock_t *siglock)
{
	int sig = ksig->sig;
	struct k_sigaction *ka = &current->sighand->action[sig - 1];

	if (ka->sa.sa_handler == SIG_IGN)
		return ACTION_NEXT;
	if (ka->sa.sa_handler != SIG_DFL) {
		ksig->ka = *ka;
		if (ka->sa.sa_flags & SA_RESETHAND)
			ka->sa.sa_handler = SIG_DFL;
		return ACTION_HANDLE;
	}
	if (sig_kernel_ignore(sig))
		return ACTION_NEXT;
	if (unlikely(current->signal->flags & SIGNAL_UNKILLABLE) && !sig_kernel_only(sig))
		return ACTION_NEXT;
	if (sig_kernel_stop(sig)) {
		if (stop_wanted(sig, siglock) && do_signal_stop(sig))
			return ACTION_RELOCK;
		return ACTION_NEXT;
	}
	die_of_signal(sig, &ksig->info, siglock);
}

/* Take the next signal, or die with the group. Return: the signal or 0. */
static int next_to_handle(struct ksignal *ksig, spinlock_t *siglock)
{
	struct signal_struct *signal = current->signal;

	if (unlikely((signal->flags & SIGNAL_GROUP_EXIT) || signal->group_exec_task)) {
		sigdelset(&current->pending.signal, SIGKILL);
		recalc_sigpending();
		die_of_signal(SIGKILL, NULL, siglock);
	}
	ksig->sig = dequeue_signal(current, &current->blocked, &ksig->info);
	return ksig->sig;
}

/* The tracer looks first; a fault that nothing may catch kills in any case. */
static bool tracer_drops(struct ksignal *ksig)
{
	if (likely(!current->ptrace) || ksig->sig == SIGKILL ||
	    (current->sighand->action[ksig->sig - 1].sa.sa_flags & SA_IMMUTABLE))
		return false;
	ksig->sig = ptrace_signal(ksig->sig, &ksig->info);
	return !ksig->sig;
}

static bool is_dying(void)
{
	const struct signal_struct *signal = current->signal;

	return (signal->flags & SIGNAL_GROUP_EXIT) || signal->group_exec_task ||
	       __fatal_signal_pending(current);
}

/* The cgroup is frozen, or was: in the latter case we do not count as frozen any more. */
static bool freeze_as_asked(spinlock_t *siglock)
{
	if (current->jobctl & JOBCTL_FREEZE) {
		cgroup_refrigerate(siglock);
		return true;
	}
	if ((current->jobctl & JOBCTL_TRAP_FREEZE) && !is_dying()) {
		cgroup_freeze_trap(siglock);
		return true;
	}
	if (!current->freeze_ready)
		return false;
	spin_unlock_irq(siglock);
	cgroup_leave_frozen();
	return true;
}

/*
 * A group stop, a stop for the tracer or freezing is asked for. Version 1's freezer goes before all.
 * Return: true when the lock was dropped.
 */
static bool stop_as_asked(spinlock_t *siglock)
{
	if (unlikely(current->jobctl & JOBCTL_FREEZE))
		return freeze_as_asked(siglock);
	if ((current->jobctl & JOBCTL_STOP_PENDING) && do_signal_stop(0))
		return true;
	if (!(current->jobctl & JOBCTL_TRAP_MASK))
		return freeze_as_asked(siglock);
	ptrace_trap();
	spin_unlock_irq(siglock);
	return true;
}

/**
 * get_signal - find the next signal that has a handler
 * @ksig: filled with signal, information and action
 *
 * Default actions happen here: ignore, stop (returns after SIGCONT), die (does not return).
 * Context: task on its way to user space; sleeps.
 * Return: true if @ksig is to be handled, false when nothing is left.
 */
bool get_signal(struct ksignal *ksig)
{
	spinlock_t *siglock = &current->sighand->siglock;
	enum action action = ACTION_RELOCK;

	do {
		if (action == ACTION_RELOCK) {
			spin_lock_irq(siglock);
			while (report_group_change(current->signal, siglock))
				spin_lock_irq(siglock);
		}
		if (unlikely((current->jobctl & (JOBCTL_PENDING_MASK | JOBCTL_FREEZE_MASK)) ||
			     current->freeze_ready) && stop_as_asked(siglock)) {
			action = ACTION_RELOCK;
			continue;
		}
		if (!next_to_handle(ksig, siglock))
			break;
		action = tracer_drops(ksig) ? ACTION_NEXT : act_on_signal(ksig, siglock);
	} while (action != ACTION_HANDLE);
	spin_unlock_irq(siglock);
	return ksig->sig > 0;
}

/**
 * signal_delivered - the frame is written: change the mask for the handler
 * @ksig: what was delivered
 */
void signal_delivered(struct ksignal *ksig)
{
	sigset_t blocked = current->blocked | ksig->ka.sa.sa_mask;

	current->restore_sigmask = false;
	if (!(ksig->ka.sa.sa_flags & SA_NODEFER))
		sigaddset(&blocked, ksig->sig);
	set_current_blocked(&blocked);
	if (current->sas_ss_flags & SS_AUTODISARM)
		sas_ss_reset(current);
}

/**
 * signal_setup_done - the end of the architecture's frame building
 * @failed: the frame could not be written
 * @ksig: the signal
 * @stepping: the tracer steps, and is shown the handler's first instruction
 */
void signal_setup_done(int failed, struct ksignal *ksig, int stepping)
{
	if (failed)
		force_sigsegv(ksig->sig);
	else
		signal_delivered(ksig);
	if (unlikely(stepping) && !failed)
		ptrace_notify(SIGTRAP, 0);
}

/**
 * retarget_shared_pending - hand group signals on that @tsk will not take any more
 * @tsk: it is about to block @which, or to exit
 * @which: signals it will not take
 *
 * Context: siglock held.
 */
void retarget_shared_pending(struct task_struct *tsk, sigset_t which)
{
	sigset_t left = tsk->signal->shared_pending.signal & which;
	struct task_struct *t;

	if (!left)
		return;
	__for_each_thread(tsk->signal, t) {
		if (t == tsk || (t->flags & PF_EXITING) || !(left & ~t->blocked))
			continue;
		left &= t->blocked;
		if (!signal_pending(t))
			signal_wake_up(t, false);
		if (!left)
			break;
	}
}

/**
 * exit_signals - @tsk takes no more signals
 * @tsk: current, beginning to exit
 *
 * Sets PF_EXITING. Signals of the group that this thread was woken for go to another, and a
 * group stop under way no longer waits for it. Waits for a dump that began before.
 */
void exit_signals(struct task_struct *tsk)
{
	bool stopped = false, dumping;

	spin_lock_irq(&tsk->sighand->siglock);
	tsk->flags |= PF_EXITING;
	dumping = tsk->signal->core_state;
	if (!thread_group_empty(tsk) && !(tsk->signal->flags & SIGNAL_GROUP_EXIT) &&
	    signal_pending(tsk)) {
		retarget_shared_pending(tsk, ~tsk->blocked);
		if (unlikely(tsk->jobctl & JOBCTL_STOP_PENDING))
			stopped = task_participate_group_stop(tsk);
	}
	spin_unlock_irq(&tsk->sighand->siglock);
	if (unlikely(stopped)) {
		read_lock(&tasklist_lock);
		do_notify_parent_cldstop(tsk, false, CLD_STOPPED);
		read_unlock(&tasklist_lock);
	}
	/* A dump that begins only now has not counted us: arriving would stand for another. */
	if (unlikely(dumping))
		coredump_park(tsk);
}

/* Would this fault kill @tsk? (For the report of show_unhandled_signals.) */
bool unhandled_signal(struct task_struct *tsk, int sig)
{
	__sighandler_t handler = tsk->sighand->action[sig - 1].sa.sa_handler;

	return is_global_init(tsk) || handler == SIG_DFL || handler == SIG_IGN;
}

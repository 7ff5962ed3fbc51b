// SPDX-License-Identifier: GPL-2.0-only
/*
 * The tracee's side of ptrace: stopping, telling the tracer, going on. Everything here runs in the
 * tracee. The state becomes TASK_TRACED under siglock, and the tracer may look only when the task
 * has left the CPU; a fatal signal ends each of these stops.
 */
#include <linux/cgroup.h>
#include <linux/cred.h>
#include <linux/pid.h>
#include <linux/ptrace.h>
#include <linux/sched.h>
#include <linux/signal.h>

/* A late wake-up for an earlier sleep must not undo this state: writers agree on pi_lock. */
static void set_traced_state(void)
{
	spin_lock(&current->pi_lock);
	WRITE_ONCE(current->state, TASK_TRACED);
	spin_unlock(&current->pi_lock);
}

/* What the tracer reads with GETSIGINFO, GETEVENTMSG and wait(). Context: siglock. */
static void set_report(int exit_code, unsigned long message, kernel_siginfo_t *info)
{
	current->last_siginfo = info;
	current->ptrace_message = message;
	current->exit_code = exit_code;
	task_clear_jobctl_pending(current, JOBCTL_TRAP_STOP);
	if (info && info->si_code >> 8 == PTRACE_EVENT_STOP)
		task_clear_jobctl_pending(current, JOBCTL_TRAP_NOTIFY);
}

/* The tracer hears of each stop; the real parent only of a whole group's. */
static void tell_of_stop(int why, bool group_stopped)
{
	read_lock(&tasklist_lock);
	if (current->ptrace)
		do_notify_parent_cldstop(current, true, why);
	if (group_stopped && (!current->ptrace || ptrace_reparented(current)))
		do_notify_parent_cldstop(current, false, why);
	read_unlock(&tasklist_lock);
}

/**
 * ptrace_stop - stop until the tracer lets current go on
 * @exit_code: what wait() reports: signal, and event << 8
 * @why: CLD_TRAPPED, or CLD_STOPPED when a group stop is reported
 * @message: for PTRACE_GETEVENTMSG
 * @info: for PTRACE_GETSIGINFO, NULL in a group stop; the tracer may change it
 *
 * Context: siglock held with interrupts off; dropped meanwhile, held on return.
 * Return: what the tracer gave with its request: a signal or 0; @exit_code when there is no
 * tracer or the task is being killed.
 */
int ptrace_stop(int exit_code, int why, unsigned long message, kernel_siginfo_t *info)
{
	spinlock_t *siglock = &current->sighand->siglock;
	bool group_stopped = false;

	if (!current->ptrace || __fatal_signal_pending(current))
		return exit_code;
	if (why == CLD_STOPPED && (current->jobctl & JOBCTL_STOP_PENDING))
		group_stopped = task_participate_group_stop(current);
	set_report(exit_code, message, info);
	set_traced_state();
	ptrace_clear_trapping(current);
	spin_unlock_irq(siglock);

	tell_of_stop(why, group_stopped);
	cgroup_enter_frozen();
	schedule();
	cgroup_leave_frozen();

	spin_lock_irq(siglock);
	exit_code = current->exit_code;
	current->exit_code = 0;
	current->last_siginfo = NULL;
	current->ptrace_message = 0;
	current->jobctl &= ~JOBCTL_LISTENING;
	recalc_sigpending_tsk(current);
	return exit_code;
}

static int do_notify(int sig, int exit_code, int why, unsigned long message)
{
	kernel_siginfo_t info = { .si_signo = sig, .si_code = exit_code };

	info.si_pid = task_pid_vnr(current);
	info.si_uid = current_uid();
	return ptrace_stop(exit_code, why, message, &info);
}

/**
 * ptrace_notify - stop with SIGTRAP and an event
 * @exit_code: SIGTRAP, with the event above it, or with 0x80 at a system call
 * @message: for PTRACE_GETEVENTMSG
 *
 * Context: task, no locks. Return: as ptrace_stop().
 */
int ptrace_notify(int exit_code, unsigned long message)
{
	int ret;

	spin_lock_irq(&current->sighand->siglock);
	ret = do_notify(SIGTRAP, exit_code, CLD_TRAPPED, message);
	spin_unlock_irq(&current->sighand->siglock);
	return ret;
}

/**
 * ptrace_event - stop for an event, if the tracer asked for it
 * @event: PTRACE_EVENT_*
 * @message: for PTRACE_GETEVENTMSG
 */
void ptrace_event(int event, unsigned long message)
{
	if (ptrace_wants(current, event))
		ptrace_notify(event << 8 | SIGTRAP, message);
}

/* As ptrace_event(); the message is a process number as the tracer knows it. */
void ptrace_event_pid(int event, struct pid *pid)
{
	unsigned long nr = 0;

	if (!ptrace_wants(current, event))
		return;
	rcu_read_lock();
	nr = pid_vnr(pid);
	rcu_read_unlock();
	ptrace_event(event, nr);
}

/**
 * ptrace_exec_event - a program was started: tell the tracer
 * @old_nr: the thread's number before it became the leader
 *
 * A tracer that attached the old way and did not ask for events gets a plain SIGTRAP.
 */
void ptrace_exec_event(pid_t old_nr)
{
	unsigned int ptrace = current->ptrace;

	if (likely(!ptrace))
		return;
	if (ptrace & PT_EVENT(PTRACE_EVENT_EXEC))
		ptrace_event(PTRACE_EVENT_EXEC, old_nr);
	else if (!(ptrace & PT_SEIZED))
		send_sig(SIGTRAP, current, 0);
}

/* The tracer chose another signal than it was shown: then it is the sender. Context: siglock. */
static void set_tracers_info(int sig, kernel_siginfo_t *info)
{
	clear_siginfo(info);
	info->si_signo = sig;
	info->si_code = SI_USER;
	rcu_read_lock();
	info->si_pid = task_pid_vnr(current->parent);
	info->si_uid = task_uid(current->parent);
	rcu_read_unlock();
}

/**
 * ptrace_signal - show a signal to the tracer before it is acted on
 * @sig: just dequeued
 * @info: with it
 *
 * Context: siglock held, dropped meanwhile.
 * Return: the signal to act on, 0 for none: dropped, or blocked by now and queued again.
 */
int ptrace_signal(int sig, kernel_siginfo_t *info)
{
	/* Annulled if SIGCONT comes while we stand here. */
	current->jobctl |= JOBCTL_STOP_DEQUEUED;
	sig = ptrace_stop(sig, CLD_TRAPPED, 0, info);
	if (!sig || !valid_signal(sig))
		return 0;
	if (sig != info->si_signo)
		set_tracers_info(sig, info);
	if (sigismember(&current->blocked, sig) || __fatal_signal_pending(current)) {
		send_signal_locked(sig, info, current, PIDTYPE_PID);
		return 0;
	}
	return sig;
}

/**
 * ptrace_trap - the stop that JOBCTL_TRAP_STOP or _NOTIFY asks for
 *
 * A seizing tracer sees PTRACE_EVENT_STOP, with the stop signal while the group is stopped. One
 * that attached the old way sees the stop signal alone. Context: siglock held, dropped meanwhile.
 */
void ptrace_trap(void)
{
	struct signal_struct *signal = current->signal;
	int sig = current->jobctl & JOBCTL_STOP_SIGMASK;

	if (!current->ptrace) {
		task_clear_jobctl_pending(current, JOBCTL_TRAP_MASK);
		return;
	}
	if (current->ptrace & PT_SEIZED) {
		if (!signal->group_stop_count && !(signal->flags & SIGNAL_STOP_STOPPED))
			sig = SIGTRAP;
		do_notify(sig, sig | PTRACE_EVENT_STOP << 8, CLD_STOPPED, 0);
	} else {
		ptrace_stop(sig, CLD_STOPPED, 0, NULL);
	}
}

/* ---- system calls ---- */

/* A signal that the tracer passes at a system call's stop is sent anew. */
static void report_syscall(unsigned long message)
{
	int code = SIGTRAP | (current->ptrace & PT_TRACESYSGOOD ? 0x80 : 0), sig;

	if (!current->ptrace)
		return;
	sig = ptrace_notify(code, message);
	if (sig)
		send_sig(sig, current, 1);
}

/**
 * ptrace_report_syscall_entry - a stop before the call; the tracer may change it
 * @regs: current's
 *
 * Return: whether the task is being killed and must not begin the call.
 */
bool ptrace_report_syscall_entry(struct pt_regs *regs)
{
	report_syscall(PTRACE_EVENTMSG_SYSCALL_ENTRY);
	return fatal_signal_pending(current);
}

/**
 * ptrace_report_syscall_exit - a stop after the call, before signals are looked at
 * @regs: current's, with the result
 * @step: the tracer single-steps: the call counts as one instruction
 */
void ptrace_report_syscall_exit(struct pt_regs *regs, bool step)
{
	if (step)
		send_step_trap(regs, TRAP_BRKPT);
	else
		report_syscall(PTRACE_EVENTMSG_SYSCALL_EXIT);
}

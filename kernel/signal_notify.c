// SPDX-License-Identifier: GPL-2.0-only
/*
 * Telling a parent that its child died, stopped or went on. The caller holds tasklist_lock, so
 * that parents do not change; the parent's siglock is taken here.
 */
#include <linux/cred.h>
#include <linux/pidfd.h>
#include <linux/sched.h>
#include <linux/signal.h>
#include <linux/time64.h>

/* Everything of a SIGCHLD's information but code and status. */
static struct kernel_siginfo child_info(struct task_struct *tsk, int sig)
{
	struct kernel_siginfo info = { .si_signo = sig };
	u64 utime, stime;

	task_cputime(tsk, &utime, &stime);
	rcu_read_lock();
	info.si_pid = task_pid_nr_ns(tsk, task_active_pid_ns(tsk->parent));
	info.si_uid = from_kuid_munged(__task_cred(tsk->parent)->user_ns, task_uid(tsk));
	rcu_read_unlock();
	info.si_utime = nsec_to_clock_t(utime + tsk->signal->utime);
	info.si_stime = nsec_to_clock_t(stime + tsk->signal->stime);
	return info;
}

/* Wait calls of every thread look again; the key lets each skip children it does not want. */
static void wake_waiting_parent(struct task_struct *tsk, struct task_struct *parent)
{
	__wake_up(&parent->signal->wait_chldexit, TASK_INTERRUPTIBLE, 0, WF_SYNC, tsk);
}

static void set_exit_status(struct kernel_siginfo *info, int exit_code)
{
	info->si_status = exit_code & 0x7f;
	if (exit_code & 0x80) {
		info->si_code = CLD_DUMPED;
	} else if (exit_code & 0x7f) {
		info->si_code = CLD_KILLED;
	} else {
		info->si_code = CLD_EXITED;
		info->si_status = exit_code >> 8;
	}
}

/* Kernel threads leave their children to themselves, but for one that wants to see SIGCHLD. */
static bool kthread_waits(const struct task_struct *parent, int sig)
{
	return sig == SIGCHLD && parent->sighand->action[SIGCHLD - 1].sa.sa_handler != SIG_IGN;
}

/**
 * do_notify_parent - tell the parent that a thread group is dead
 * @tsk: the leader
 * @sig: its exit signal; not sent as such to a parent that has exec'ed since the fork
 *
 * Context: tasklist_lock held. Return: true when nobody will wait for it, because the parent
 * ignores SIGCHLD or set SA_NOCLDWAIT: the caller reaps it.
 */
bool do_notify_parent(struct task_struct *tsk, int sig)
{
	struct task_struct *parent = tsk->parent;
	struct kernel_siginfo info;
	struct k_sigaction *ka;
	bool autoreap = false;
	unsigned long flags;

	pidfd_notify(tsk);
	if (unlikely(parent->flags & PF_KTHREAD) && !kthread_waits(parent, sig))
		return true;
	if (sig != SIGCHLD && tsk->parent_exec_id != READ_ONCE(parent->self_exec_id))
		sig = SIGCHLD;
	info = child_info(tsk, sig);
	set_exit_status(&info, tsk->exit_code);
	spin_lock_irqsave(&parent->sighand->siglock, flags);
	ka = &parent->sighand->action[SIGCHLD - 1];
	/* A tracer always waits. */
	if (sig == SIGCHLD && likely(!tsk->ptrace) &&
	    (ka->sa.sa_handler == SIG_IGN || (ka->sa.sa_flags & SA_NOCLDWAIT))) {
		autoreap = true;
		if (ka->sa.sa_handler == SIG_IGN)
			sig = 0;
	}
	/* Not forced: a child may not kill init by choosing SIGKILL. */
	if (valid_signal(sig) && sig)
		__send_signal_locked(sig, &info, parent, PIDTYPE_TGID, false);
	wake_waiting_parent(tsk, parent);
	spin_unlock_irqrestore(&parent->sighand->siglock, flags);
	return autoreap;
}

static int stop_status(const struct task_struct *tsk, int why)
{
	if (why == CLD_CONTINUED)
		return SIGCONT;
	return (why == CLD_TRAPPED ? tsk->exit_code : tsk->signal->group_exit_code) & 0x7f;
}

/**
 * do_notify_parent_cldstop - tell the parent that a group stopped or went on
 * @tsk: any thread of it, or the one that stops for its tracer
 * @for_tracer: tell @tsk's tracer about this thread, rather than the parent about the group
 * @why: CLD_STOPPED, CLD_CONTINUED or CLD_TRAPPED
 *
 * Context: tasklist_lock held.
 */
void do_notify_parent_cldstop(struct task_struct *tsk, bool for_tracer, int why)
{
	struct task_struct *subject = for_tracer ? tsk : tsk->group_leader;
	struct task_struct *parent = for_tracer ? tsk->parent : subject->real_parent;
	struct kernel_siginfo info = child_info(subject, SIGCHLD);
	struct k_sigaction *ka;
	unsigned long flags;

	info.si_code = why;
	info.si_status = stop_status(subject, why);
	spin_lock_irqsave(&parent->sighand->siglock, flags);
	ka = &parent->sighand->action[SIGCHLD - 1];
	if (ka->sa.sa_handler != SIG_IGN && !(ka->sa.sa_flags & SA_NOCLDSTOP))
		send_signal_locked(SIGCHLD, &info, parent, PIDTYPE_TGID);
	wake_waiting_parent(subject, parent);
	spin_unlock_irqrestore(&parent->sighand->siglock, flags);
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sending signals: what is ignored at once, which queue it enters and which thread is woken.
 * Everything happens below the target's siglock, which senders find with lock_task_sighand().
 * Who may send is in signal_kill.c.
 */
#include <linux/cred.h>
#include <linux/gfp.h>
#include <linux/pid.h>
#include <linux/sched.h>
#include <linux/signal.h>

/**
 * lock_task_sighand - take the siglock of a task that may be exiting
 * @tsk: a task kept alive by a reference or RCU
 * @flags: the interrupt state, for unlock_task_sighand()
 *
 * Return: its sighand_struct, locked, or NULL when the task was reaped.
 */
struct sighand_struct *lock_task_sighand(struct task_struct *tsk, unsigned long *flags)
{
	struct sighand_struct *sighand;

	rcu_read_lock();
	for (;;) {
		sighand = rcu_dereference(tsk->sighand);
		if (unlikely(!sighand))
			break;
		spin_lock_irqsave(&sighand->siglock, *flags);
		if (likely(sighand == READ_ONCE(tsk->sighand)))
			break;
		/* exec exchanged it meanwhile */
		spin_unlock_irqrestore(&sighand->siglock, *flags);
	}
	/* Being reaped: it has no number any more, and is no longer in its group's list. */
	if (unlikely(sighand && !pid_alive(tsk))) {
		spin_unlock_irqrestore(&sighand->siglock, *flags);
		sighand = NULL;
	}
	rcu_read_unlock();
	return sighand;
}

static __sighandler_t sig_handler(const struct task_struct *tsk, int sig)
{
	return tsk->sighand->action[sig - 1].sa.sa_handler;
}

static bool sig_handler_ignored(__sighandler_t handler, int sig)
{
	return handler == SIG_IGN || (handler == SIG_DFL && sig_kernel_ignore(sig));
}

/* @force: it comes from the kernel, which may kill even init. */
static bool sig_task_ignored(struct task_struct *tsk, int sig, bool force)
{
	__sighandler_t handler = sig_handler(tsk, sig);

	if (unlikely(tsk->signal->flags & SIGNAL_UNKILLABLE) && handler == SIG_DFL &&
	    !(force && sig_kernel_only(sig)))
		return true;
	if (unlikely(tsk->flags & PF_KTHREAD) && handler == SIG_DFL)
		return true;
	return sig_handler_ignored(handler, sig);
}

/* A blocked signal is kept even if ignored now: the handler may change before it is unblocked. */
static bool sig_ignored(struct task_struct *tsk, int sig, bool force)
{
	if (sigismember(&tsk->blocked, sig) || sigismember(&tsk->real_blocked, sig))
		return false;
	/* A tracer sees even what the program would not. */
	if (unlikely(tsk->ptrace) && sig != SIGKILL)
		return false;
	return sig_task_ignored(tsk, sig, force);
}

/* What a signal does when it is sent, blocked or not. Return: is there anything to deliver? */
static bool prepare_signal(int sig, struct task_struct *tsk, bool force)
{
	if (tsk->signal->flags & SIGNAL_GROUP_EXIT)
		return sig == SIGKILL && tsk->signal->core_state;
	if (sig_kernel_stop(sig))
		stop_cancel(tsk, SIGCONT);
	else if (sig == SIGCONT)
		continue_group(tsk);
	return !sig_ignored(tsk, sig, force);
}

static bool wants_signal(int sig, struct task_struct *tsk)
{
	if (sigismember(&tsk->blocked, sig) || (tsk->flags & PF_EXITING))
		return false;
	if (sig == SIGKILL)
		return true;
	if (READ_ONCE(tsk->state) & (__TASK_STOPPED | __TASK_TRACED))
		return false;
	return tsk->on_cpu || !signal_pending(tsk);
}

/* The main thread if it can take it, else the next in turn that can. */
static struct task_struct *pick_thread(int sig, struct task_struct *tsk, enum pid_type type)
{
	struct signal_struct *signal = tsk->signal;
	struct task_struct *t;

	if (wants_signal(sig, tsk))
		return tsk;
	if (type == PIDTYPE_PID || thread_group_empty(tsk))
		return NULL;
	if (!signal->curr_target)
		signal->curr_target = tsk;
	t = signal->curr_target;
	while (!wants_signal(sig, t)) {
		t = next_thread(t);
		if (t == signal->curr_target)
			return NULL;
	}
	signal->curr_target = t;
	return t;
}

static bool sig_fatal(struct task_struct *tsk, int sig)
{
	return !siginmask(sig, SIG_KERNEL_IGNORE_MASK | SIG_KERNEL_STOP_MASK) &&
	       sig_handler(tsk, sig) == SIG_DFL;
}

/* A group that must die starts at once, instead of when one thread finds the signal. */
static void start_group_exit(struct task_struct *tsk, int sig)
{
	struct signal_struct *signal = tsk->signal;
	struct task_struct *t;

	signal->flags = SIGNAL_GROUP_EXIT;
	signal->group_exit_code = sig;
	signal->group_stop_count = 0;
	__for_each_thread(signal, t) {
		task_clear_jobctl_pending(t, JOBCTL_PENDING_MASK);
		sigaddset(&t->pending.signal, SIGKILL);
		signal_wake_up(t, true);
	}
}

/* The signal stands in its queue: choose who handles it and wake that thread. */
static void complete_signal(int sig, struct task_struct *tsk, enum pid_type type)
{
	struct task_struct *t = pick_thread(sig, tsk, type);

	if (!t)
		return;
	if (sig_fatal(tsk, sig) &&
	    (!(tsk->signal->flags & SIGNAL_GROUP_EXIT) || tsk->signal->core_state) &&
	    (sig == SIGKILL || likely(!tsk->ptrace)) &&
	    !(tsk->signal->flags & SIGNAL_UNKILLABLE && sig != SIGKILL) &&
	    !sigismember(&t->real_blocked, sig) && !sig_kernel_coredump(sig)) {
		start_group_exit(tsk, sig);
		return;
	}
	signal_wake_up(t, sig == SIGKILL);
}

/**
 * signal_wake_up_state - make a task notice a signal
 * @tsk: siglock held
 * @state: states beside TASK_INTERRUPTIBLE to wake it from
 */
void signal_wake_up_state(struct task_struct *tsk, unsigned int state)
{
	set_tsk_thread_flag(tsk, TIF_SIGPENDING);
	if (!wake_up_state(tsk, state | TASK_INTERRUPTIBLE))
		kick_process(tsk);
}

/* What user space says about the sender is in the sender's numbers. */
static bool names_sender(const struct kernel_siginfo *info)
{
	return info->si_code == SI_USER || info->si_code == SI_QUEUE || info->si_code == SI_TKILL;
}

/* A task of a namespace above, or beside, that the target does not see. Context: siglock. */
static bool sender_is_outside(struct task_struct *tsk)
{
	struct pid_namespace *ns = task_active_pid_ns(tsk);

	return unlikely(ns != &init_pid_ns) && !task_pid_nr_ns(current, ns);
}

static void fill_info(struct kernel_siginfo *to, int sig, const struct kernel_siginfo *from,
		      struct task_struct *tsk)
{
	const struct user_namespace *ns = task_cred_field(tsk, user_ns);

	if (!is_si_special(from)) {
		*to = *from;
		to->si_signo = sig;
		if (names_sender(from) && sender_is_outside(tsk))
			to->si_pid = 0;
		if (unlikely(ns != current_user_ns()) && names_sender(from))
			to->si_uid = from_kuid_munged(ns, make_kuid(current_user_ns(),
								    from->si_uid));
		return;
	}
	clear_siginfo(to);
	to->si_signo = sig;
	if (from == SEND_SIG_PRIV) {
		to->si_code = SI_KERNEL;
		return;
	}
	to->si_code = SI_USER;
	to->si_pid = task_tgid_nr_ns(current, task_active_pid_ns(tsk));
	to->si_uid = from_kuid_munged(ns, current_uid());
}

/* May the kernel's own bookkeeping drop the information rather than the signal? */
static bool info_may_get_lost(int sig, const struct kernel_siginfo *info)
{
	return is_si_special(info) || sig < SIGRTMIN || info->si_code == SI_USER;
}

static int queue_signal(int sig, struct kernel_siginfo *info, struct task_struct *tsk,
			struct sigpending *pending)
{
	bool override = sig < SIGRTMIN && (is_si_special(info) || info->si_code >= 0);
	struct sigqueue *q;

	if (sig == SIGKILL || (tsk->flags & PF_KTHREAD))
		return 0;
	q = sigqueue_charge(tsk, sig, GFP_ATOMIC, override);
	if (q) {
		fill_info(&q->info, sig, info, tsk);
		list_add_tail(&q->list, &pending->list);
		return 0;
	}
	return info_may_get_lost(sig, info) ? 0 : -EAGAIN;
}

/* A signal to more than one process must also reach the children just being forked. */
static void tell_forks(int sig, struct signal_struct *signal)
{
	struct multiprocess_signals *delayed;

	hlist_for_each_entry(delayed, &signal->multiprocess, node) {
		if (sig == SIGCONT)
			sigdelsetmask(&delayed->signal, SIG_KERNEL_STOP_MASK);
		else if (sig_kernel_stop(sig))
			sigdelset(&delayed->signal, SIGCONT);
		sigaddset(&delayed->signal, sig);
	}
}

/* The kernel is the sender, or somebody above the target's namespace, whose init must obey. */
static bool info_insists(const struct kernel_siginfo *info, struct task_struct *tsk)
{
	if (info == SEND_SIG_PRIV)
		return true;
	if (!is_si_special(info) && info->si_code > 0)
		return true;
	return (info == SEND_SIG_NOINFO || names_sender(info)) && sender_is_outside(tsk);
}

/**
 * __send_signal_locked - queue a signal and wake a thread for it
 * @sig: 1 to _NSIG
 * @info: information, SEND_SIG_NOINFO or SEND_SIG_PRIV
 * @tsk: the thread, or any thread of the group; its siglock is held
 * @type: PIDTYPE_PID for the thread alone, else for the group; above PIDTYPE_TGID it is one of
 *	several processes that get this signal
 * @force: the kernel insists: init obeys too
 *
 * Context: siglock held, interrupts off. Return: 0, or -EAGAIN when a real-time signal with
 * information could not be queued (RLIMIT_SIGPENDING).
 */
int __send_signal_locked(int sig, struct kernel_siginfo *info, struct task_struct *tsk,
			 enum pid_type type, bool force)
{
	struct sigpending *pending;
	int ret;

	ASSERT(spin_is_locked(&tsk->sighand->siglock));
	if (!prepare_signal(sig, tsk, force))
		return 0;
	pending = type == PIDTYPE_PID ? &tsk->pending : &tsk->signal->shared_pending;
	if (sig < SIGRTMIN && sigismember(&pending->signal, sig))
		return 0;
	ret = queue_signal(sig, info, tsk, pending);
	if (ret)
		return ret;
	signalfd_notify(tsk, sig);
	sigaddset(&pending->signal, sig);
	if (type > PIDTYPE_TGID)
		tell_forks(sig, tsk->signal);
	complete_signal(sig, tsk, type);
	return 0;
}

/* __send_signal_locked(), insisting when the kernel or a namespace above is the sender. */
int send_signal_locked(int sig, struct kernel_siginfo *info, struct task_struct *tsk,
		       enum pid_type type)
{
	return __send_signal_locked(sig, info, tsk, type, info_insists(info, tsk));
}

/**
 * send_sigqueue - queue a POSIX timer's own entry
 * @q: from sigqueue_alloc(), filled
 * @pid: the thread or thread group
 * @type: PIDTYPE_PID or PIDTYPE_TGID
 *
 * An entry that is still queued counts an overrun in si_overrun instead.
 * Context: any. Return: 0 queued, 1 ignored, -1 no such task.
 */
int send_sigqueue(struct sigqueue *q, struct pid *pid, enum pid_type type)
{
	int sig = q->info.si_signo, ret = -1;
	struct sigpending *pending;
	struct task_struct *tsk;
	unsigned long flags;

	rcu_read_lock();
	tsk = pid_task(pid, type);
	if (!tsk || !lock_task_sighand(tsk, &flags))
		goto out;
	ret = 1;
	if (!prepare_signal(sig, tsk, false))
		goto unlock;
	ret = 0;
	if (!list_empty(&q->list)) {
		ASSERT(q->info.si_code == SI_TIMER);
		q->info.si_overrun++;
		goto unlock;
	}
	q->info.si_overrun = 0;
	signalfd_notify(tsk, sig);
	pending = type == PIDTYPE_PID ? &tsk->pending : &tsk->signal->shared_pending;
	list_add_tail(&q->list, &pending->list);
	sigaddset(&pending->signal, sig);
	complete_signal(sig, tsk, type);
unlock:
	unlock_task_sighand(tsk, &flags);
out:
	rcu_read_unlock();
	return ret;
}

/**
 * do_send_sig_info - send without a permission check
 * @sig: 1 to _NSIG
 * @info: see send_signal_locked()
 * @tsk: the target
 * @type: see send_signal_locked()
 *
 * Context: any. Return: 0, -ESRCH when it was reaped, -EAGAIN.
 */
int do_send_sig_info(int sig, struct kernel_siginfo *info, struct task_struct *tsk,
		     enum pid_type type)
{
	unsigned long flags;
	int ret;

	if (!lock_task_sighand(tsk, &flags))
		return -ESRCH;
	ret = send_signal_locked(sig, info, tsk, type);
	unlock_task_sighand(tsk, &flags);
	return ret;
}

/**
 * send_sig_info - send to one thread, from the kernel
 *
 * Context: any. Return: 0, -EINVAL for a bad signal, -ESRCH, -EAGAIN.
 */
int send_sig_info(int sig, struct kernel_siginfo *info, struct task_struct *tsk)
{
	if (!valid_signal(sig) || !sig)
		return -EINVAL;
	return do_send_sig_info(sig, info, tsk, PIDTYPE_PID);
}

/* send_sig_info() with one of the special senders. */
int send_sig(int sig, struct task_struct *tsk, int priv)
{
	return send_sig_info(sig, special_siginfo(priv), tsk);
}

/**
 * zap_other_threads - kill all threads of the group but one
 * @tsk: the one that stays; siglock held
 *
 * Return: how many others are linked and must be waited for.
 */
int zap_other_threads(struct task_struct *tsk)
{
	struct task_struct *t;
	int count = 0;

	tsk->signal->group_stop_count = 0;
	__for_each_thread(tsk->signal, t) {
		if (t == tsk)
			continue;
		task_clear_jobctl_pending(t, JOBCTL_PENDING_MASK);
		count++;
		if (t->exit_state)
			continue;
		sigaddset(&t->pending.signal, SIGKILL);
		signal_wake_up(t, true);
	}
	return count;
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sending signals: who may, what is ignored at once, which queue it enters and which thread is
 * woken. Everything happens below the target's siglock; senders find it with
 * lock_task_sighand(). Signals to groups of processes walk them under tasklist_lock.
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
	return sig_task_ignored(tsk, sig, force);
}

/* What a signal does when it is sent, blocked or not. Return: is there anything to deliver? */
static bool prepare_signal(int sig, struct task_struct *tsk, bool force)
{
	if (tsk->signal->flags & SIGNAL_GROUP_EXIT)
		return sig == SIGKILL && (tsk->flags & PF_DUMPCORE);
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
	if (sig_fatal(tsk, sig) && !(tsk->signal->flags & SIGNAL_GROUP_EXIT) &&
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

static void fill_info(struct kernel_siginfo *to, int sig, const struct kernel_siginfo *from)
{
	if (!is_si_special(from)) {
		*to = *from;
		to->si_signo = sig;
		return;
	}
	clear_siginfo(to);
	to->si_signo = sig;
	if (from == SEND_SIG_PRIV) {
		to->si_code = SI_KERNEL;
		return;
	}
	to->si_code = SI_USER;
	to->si_pid = task_tgid_nr(current);
	to->si_uid = current_uid();
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
		fill_info(&q->info, sig, info);
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

static bool info_from_kernel(const struct kernel_siginfo *info)
{
	if (is_si_special(info))
		return info == SEND_SIG_PRIV;
	return info->si_code > 0;
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

/* __send_signal_locked(), insisting when the kernel is the sender. */
int send_signal_locked(int sig, struct kernel_siginfo *info, struct task_struct *tsk,
		       enum pid_type type)
{
	return __send_signal_locked(sig, info, tsk, type, info_from_kernel(info));
}

/**
 * send_sigqueue - queue a POSIX timer's own entry
 * @q: from sigqueue_alloc(), filled
 * @pid: the thread or thread group
 * @type: PIDTYPE_PID or PIDTYPE_TGID
 *
 * Context: any. Return: 0 queued, 1 ignored, -1 no such task. An entry still queued counts an overrun
 * in si_overrun instead.
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

static struct kernel_siginfo *special_info(int priv)
{
	return priv ? SEND_SIG_PRIV : SEND_SIG_NOINFO;
}

/* send_sig_info() with one of the special senders. */
int send_sig(int sig, struct task_struct *tsk, int priv)
{
	return send_sig_info(sig, special_info(priv), tsk);
}

/**
 * force_sig_info - a signal that current cannot escape: a fault, not a message
 * @info: signal and information
 *
 * A blocked or ignored signal loses its handler, and even init dies of it.
 * Context: task. Return: 0.
 */
static int force_sig_how(struct kernel_siginfo *info, bool drop_handler)
{
	struct task_struct *tsk = current;
	int sig = info->si_signo, ret;
	struct k_sigaction *ka;
	unsigned long flags;
	bool blocked;

	spin_lock_irqsave(&tsk->sighand->siglock, flags);
	ka = &tsk->sighand->action[sig - 1];
	blocked = sigismember(&tsk->blocked, sig);
	if (blocked || ka->sa.sa_handler == SIG_IGN || drop_handler) {
		ka->sa.sa_handler = SIG_DFL;
		if (drop_handler)
			ka->sa.sa_flags |= SA_IMMUTABLE;
		if (blocked) {
			sigdelset(&tsk->blocked, sig);
			recalc_sigpending_and_wake(tsk);
		}
	}
	if (ka->sa.sa_handler == SIG_DFL)
		tsk->signal->flags &= ~SIGNAL_UNKILLABLE;
	ret = send_signal_locked(sig, info, tsk, PIDTYPE_PID);
	spin_unlock_irqrestore(&tsk->sighand->siglock, flags);
	return ret;
}

int force_sig_info(struct kernel_siginfo *info)
{
	return force_sig_how(info, false);
}

static struct kernel_siginfo kernel_info(int sig)
{
	return (struct kernel_siginfo){ .si_signo = sig, .si_code = SI_KERNEL };
}

void force_sig(int sig)
{
	struct kernel_siginfo info = kernel_info(sig);

	force_sig_how(&info, false);
}

/* As force_sig(), and no handler may catch it. */
void force_fatal_sig(int sig)
{
	struct kernel_siginfo info = kernel_info(sig);

	force_sig_how(&info, true);
}

/* The frame of @sig could not be written: SIGSEGV, fatal when it is SIGSEGV's own frame. */
void force_sigsegv(int sig)
{
	if (sig == SIGSEGV)
		force_fatal_sig(SIGSEGV);
	else
		force_sig(SIGSEGV);
}

/**
 * force_sig_fault - report a fault of the running instruction
 * @sig: SIGSEGV, SIGBUS, SIGFPE, SIGILL or SIGTRAP
 * @code: SEGV_MAPERR and so on
 * @addr: what to report as si_addr
 */
int force_sig_fault(int sig, int code, void __user *addr)
{
	struct kernel_siginfo info = { .si_signo = sig, .si_code = code };

	info.si_addr = (void *)addr;
	return force_sig_info(&info);
}

static bool info_from_user(const struct kernel_siginfo *info)
{
	return is_si_special(info) ? info == SEND_SIG_NOINFO : info->si_code <= 0;
}

static bool kill_ok_by_cred(struct task_struct *tsk)
{
	const struct cred *cred = current_cred(), *target = __task_cred(tsk);

	return cred->euid == target->suid || cred->euid == target->uid ||
	       cred->uid == target->suid || cred->uid == target->uid || capable(CAP_KILL);
}

/* kill(2): uids or CAP_KILL; SIGCONT also within the session. Context: rcu_read_lock. */
static int check_kill_permission(int sig, struct kernel_siginfo *info, struct task_struct *tsk)
{
	if (!valid_signal(sig))
		return -EINVAL;
	if (!info_from_user(info) || same_thread_group(current, tsk) || kill_ok_by_cred(tsk))
		return 0;
	if (sig == SIGCONT && task_session(tsk) == task_session(current))
		return 0;
	return -EPERM;
}

/**
 * group_send_sig_info - send with a permission check
 * @sig: 0 only checks
 * @info: see send_signal_locked()
 * @tsk: any thread of the target
 * @type: see send_signal_locked()
 *
 * Context: any. Return: 0, -EINVAL, -EPERM, -ESRCH, -EAGAIN.
 */
int group_send_sig_info(int sig, struct kernel_siginfo *info, struct task_struct *tsk,
			enum pid_type type)
{
	int ret;

	rcu_read_lock();
	ret = check_kill_permission(sig, info, tsk);
	rcu_read_unlock();
	if (!ret && sig)
		ret = do_send_sig_info(sig, info, tsk, type);
	return ret;
}

/**
 * kill_pid_info - signal the process that has this pid
 * @pid: may be NULL
 *
 * Return: 0, -ESRCH, and what group_send_sig_info() says.
 */
int kill_pid_info(int sig, struct kernel_siginfo *info, struct pid *pid)
{
	struct task_struct *tsk, *seen = NULL;
	int ret = -ESRCH;

	rcu_read_lock();
	while (pid && ret == -ESRCH) {
		tsk = pid_task(pid, PIDTYPE_PID);
		if (!tsk || tsk == seen)
			break;
		ret = group_send_sig_info(sig, info, tsk, PIDTYPE_TGID);
		/* -ESRCH from a task found: perhaps exec's new leader took the pid over */
		seen = tsk;
	}
	rcu_read_unlock();
	return ret;
}

int kill_pid(struct pid *pid, int sig, int priv)
{
	return kill_pid_info(sig, special_info(priv), pid);
}

/**
 * __kill_pgrp_info - signal each process of a process group
 *
 * Context: tasklist_lock held. Return: 0 when one was signalled, else the last error, -ESRCH for
 * an empty group.
 */
int __kill_pgrp_info(int sig, struct kernel_siginfo *info, struct pid *pgrp)
{
	struct task_struct *tsk;
	int ret = -ESRCH, err;
	bool success = false;

	do_each_pid_task(pgrp, PIDTYPE_PGID, tsk) {
		err = group_send_sig_info(sig, info, tsk, PIDTYPE_PGID);
		success |= !err;
		ret = err;
	} while_each_pid_task(pgrp, PIDTYPE_PGID, tsk);
	return success ? 0 : ret;
}

int kill_pgrp(struct pid *pid, int sig, int priv)
{
	int ret;

	read_lock(&tasklist_lock);
	ret = __kill_pgrp_info(sig, special_info(priv), pid);
	read_unlock(&tasklist_lock);
	return ret;
}

/* kill(-1): everybody but init and the caller. Context: tasklist_lock held. */
static int kill_everybody(int sig, struct kernel_siginfo *info)
{
	struct task_struct *p;
	int ret = 0, err, count = 0;

	for_each_process(p) {
		if (p->tgid <= 1 || same_thread_group(p, current))
			continue;
		err = group_send_sig_info(sig, info, p, PIDTYPE_MAX);
		count++;
		if (err != -EPERM)
			ret = err;
	}
	return count ? ret : -ESRCH;
}

/**
 * __kill_something - kill(2)'s reading of its pid argument
 * @pid: process, 0 own group, -1 everybody, else minus a process group
 *
 * Return: 0, -ESRCH (also for INT_MIN, which has no positive counterpart), -EPERM, -EINVAL.
 */
int __kill_something(int sig, struct kernel_siginfo *info, pid_t pid)
{
	int ret;

	if (pid > 0) {
		rcu_read_lock();
		ret = kill_pid_info(sig, info, find_vpid(pid));
		rcu_read_unlock();
		return ret;
	}
	if (pid == INT_MIN)
		return -ESRCH;
	read_lock(&tasklist_lock);
	if (pid == -1)
		ret = kill_everybody(sig, info);
	else
		ret = __kill_pgrp_info(sig, info, pid ? find_vpid(-pid) : task_pgrp(current));
	read_unlock(&tasklist_lock);
	return ret;
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

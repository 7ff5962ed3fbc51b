// SPDX-License-Identifier: GPL-2.0-only
/*
 * System calls about masks and handlers: sigprocmask, sigsuspend, sigpending, sigtimedwait,
 * sigaction, pause. Only current changes its own mask; it does so under siglock, because senders
 * read it there.
 */
#include <linux/hrtimer.h>
#include <linux/sched.h>
#include <linux/signal.h>
#include <linux/syscalls.h>
#include <linux/uaccess.h>

/* What user space may set in sa_flags; other bits read back as 0 (sigaction(2)). */
#define UAPI_SA_FLAGS	(SA_NOCLDSTOP | SA_NOCLDWAIT | SA_SIGINFO | SA_ONSTACK | SA_RESTART |	\
			 SA_NODEFER | SA_RESETHAND | SA_EXPOSE_TAGBITS | SA_RESTORER)

/**
 * set_task_blocked - change the mask
 * @tsk: current
 * @newset: without SIGKILL and SIGSTOP
 *
 * Context: siglock held.
 */
void set_task_blocked(struct task_struct *tsk, const sigset_t *newset)
{
	if (signal_pending(tsk) && !thread_group_empty(tsk))
		retarget_shared_pending(tsk, *newset & ~tsk->blocked);
	tsk->blocked = *newset;
	recalc_sigpending();
}

/* set_current_blocked() for a set that is known to be clean. */
void __set_current_blocked(const sigset_t *newset)
{
	struct task_struct *tsk = current;

	if (tsk->blocked == *newset)
		return;
	spin_lock_irq(&tsk->sighand->siglock);
	set_task_blocked(tsk, newset);
	spin_unlock_irq(&tsk->sighand->siglock);
}

/**
 * set_current_blocked - replace current's mask
 * @newset: SIGKILL and SIGSTOP are taken out of it
 */
void set_current_blocked(sigset_t *newset)
{
	sigdelsetmask(newset, SIG_KERNEL_ONLY_MASK);
	__set_current_blocked(newset);
}

/**
 * sigprocmask - change current's mask
 * @how: SIG_BLOCK, SIG_UNBLOCK or SIG_SETMASK
 * @set: SIGKILL and SIGSTOP already taken out
 * @oldset: the former mask, or NULL
 *
 * Return: 0 or -EINVAL.
 */
int sigprocmask(int how, sigset_t *set, sigset_t *oldset)
{
	sigset_t newset;

	if (oldset)
		*oldset = current->blocked;
	switch (how) {
	case SIG_BLOCK:
		newset = current->blocked | *set;
		break;
	case SIG_UNBLOCK:
		newset = current->blocked & ~*set;
		break;
	case SIG_SETMASK:
		newset = *set;
		break;
	default:
		return -EINVAL;
	}
	__set_current_blocked(&newset);
	return 0;
}

SYSCALL_DEFINE4(rt_sigprocmask, int, how, sigset_t __user *, nset, sigset_t __user *, oset,
		size_t, sigsetsize)
{
	sigset_t old = current->blocked, new;
	int ret;

	if (sigsetsize != sizeof(sigset_t))
		return -EINVAL;
	if (nset) {
		if (copy_from_user(&new, nset, sizeof(new)))
			return -EFAULT;
		sigdelsetmask(&new, SIG_KERNEL_ONLY_MASK);
		ret = sigprocmask(how, &new, NULL);
		if (ret)
			return ret;
	}
	if (oset && copy_to_user(oset, &old, sizeof(old)))
		return -EFAULT;
	return 0;
}

/**
 * set_user_sigmask - the temporary mask of ppoll, pselect and epoll_pwait
 * @umask: the mask, or NULL for none
 * @sigsetsize: its size
 *
 * To be ended with restore_saved_sigmask_unless(). Return: 0, -EINVAL, -EFAULT.
 */
int set_user_sigmask(const sigset_t __user *umask, size_t sigsetsize)
{
	sigset_t mask;

	if (!umask)
		return 0;
	if (sigsetsize != sizeof(sigset_t))
		return -EINVAL;
	if (copy_from_user(&mask, umask, sizeof(mask)))
		return -EFAULT;
	set_restore_sigmask();
	current->saved_sigmask = current->blocked;
	set_current_blocked(&mask);
	return 0;
}

SYSCALL_DEFINE2(rt_sigpending, sigset_t __user *, uset, size_t, sigsetsize)
{
	sigset_t set;

	if (sigsetsize > sizeof(sigset_t))
		return -EINVAL;
	spin_lock_irq(&current->sighand->siglock);
	set = current->pending.signal | current->signal->shared_pending.signal;
	spin_unlock_irq(&current->sighand->siglock);
	set &= current->blocked;
	return copy_to_user(uset, &set, sigsetsize) ? -EFAULT : 0;
}

static void sleep_until_signal(void)
{
	while (!signal_pending(current)) {
		set_current_state(TASK_INTERRUPTIBLE);
		if (!signal_pending(current))
			schedule();
		__set_current_state(TASK_RUNNING);
	}
}

/**
 * sigsuspend - wait for a signal under another mask
 * @set: the mask
 *
 * Return: -ERESTARTNOHAND, always.
 */
long sigsuspend(sigset_t *set)
{
	current->saved_sigmask = current->blocked;
	set_current_blocked(set);
	sleep_until_signal();
	set_restore_sigmask();
	return -ERESTARTNOHAND;
}

SYSCALL_DEFINE2(rt_sigsuspend, sigset_t __user *, unewset, size_t, sigsetsize)
{
	sigset_t newset;

	if (sigsetsize != sizeof(sigset_t))
		return -EINVAL;
	if (copy_from_user(&newset, unewset, sizeof(newset)))
		return -EFAULT;
	return sigsuspend(&newset);
}

SYSCALL_DEFINE0(pause)
{
	sleep_until_signal();
	return -ERESTARTNOHAND;
}

/* Sleep for one of the signals that @mask leaves. Context: siglock held, dropped meanwhile. */
static int wait_for_signal(sigset_t *mask, struct kernel_siginfo *info, const ktime_t *timeout)
{
	struct task_struct *tsk = current;
	spinlock_t *siglock = &tsk->sighand->siglock;
	int ret = -EINTR, sig;

	/* Senders must see these as wanted, although they stay blocked. */
	tsk->real_blocked = tsk->blocked;
	tsk->blocked &= *mask;
	recalc_sigpending();
	spin_unlock_irq(siglock);
	set_current_state(TASK_INTERRUPTIBLE);
	if (timeout)
		ret = schedule_hrtimeout(timeout, HRTIMER_MODE_REL);
	else
		schedule();
	__set_current_state(TASK_RUNNING);
	spin_lock_irq(siglock);
	set_task_blocked(tsk, &tsk->real_blocked);
	sigemptyset(&tsk->real_blocked);
	sig = dequeue_signal(tsk, mask, info);
	if (sig)
		return sig;
	return ret ? -EINTR : -EAGAIN;
}

static int do_sigtimedwait(sigset_t these, struct kernel_siginfo *info,
			   const struct timespec64 *ts)
{
	sigset_t mask = ~(these & ~SIG_KERNEL_ONLY_MASK);
	ktime_t timeout = 0;
	int ret;

	if (ts) {
		if (!timespec64_valid(ts))
			return -EINVAL;
		timeout = timespec64_to_ktime(*ts);
	}
	spin_lock_irq(&current->sighand->siglock);
	ret = dequeue_signal(current, &mask, info);
	if (!ret && ts && !timeout)
		ret = -EAGAIN;
	if (!ret)
		ret = wait_for_signal(&mask, info, ts ? &timeout : NULL);
	spin_unlock_irq(&current->sighand->siglock);
	return ret;
}

SYSCALL_DEFINE4(rt_sigtimedwait, const sigset_t __user *, uthese, siginfo_t __user *, uinfo,
		const struct __kernel_timespec __user *, uts, size_t, sigsetsize)
{
	struct kernel_siginfo info;
	struct timespec64 ts;
	sigset_t these;
	int ret;

	if (sigsetsize != sizeof(sigset_t))
		return -EINVAL;
	if (copy_from_user(&these, uthese, sizeof(these)))
		return -EFAULT;
	if (uts && get_timespec64(&ts, uts))
		return -EFAULT;
	ret = do_sigtimedwait(these, &info, uts ? &ts : NULL);
	if (ret > 0 && uinfo && copy_siginfo_to_user(uinfo, &info))
		return -EFAULT;
	return ret;
}

/* A signal that is now ignored disappears even where it is blocked (POSIX 2.4.3). */
static void flush_ignored(struct task_struct *tsk, int sig)
{
	struct k_sigaction *ka = &tsk->sighand->action[sig - 1];
	struct task_struct *t;

	if (ka->sa.sa_handler != SIG_IGN &&
	    !(ka->sa.sa_handler == SIG_DFL && sig_kernel_ignore(sig)))
		return;
	flush_sigqueue_mask(sigmask(sig), &tsk->signal->shared_pending);
	__for_each_thread(tsk->signal, t)
		flush_sigqueue_mask(sigmask(sig), &t->pending);
}

/**
 * do_sigaction - read and change what current's group does on a signal
 * @sig: the signal
 * @act: what to set, or NULL
 * @oact: what was set, or NULL
 *
 * Return: 0, or -EINVAL for a bad signal or an attempt to handle SIGKILL or SIGSTOP.
 */
int do_sigaction(int sig, struct k_sigaction *act, struct k_sigaction *oact)
{
	struct task_struct *tsk = current;
	struct k_sigaction *ka;

	if (sig < 1 || !valid_signal(sig) || (act && sig_kernel_only(sig)))
		return -EINVAL;
	ka = &tsk->sighand->action[sig - 1];
	spin_lock_irq(&tsk->sighand->siglock);
	if (ka->sa.sa_flags & SA_IMMUTABLE) {
		spin_unlock_irq(&tsk->sighand->siglock);
		return -EINVAL;
	}
	if (oact)
		*oact = *ka;
	if (act) {
		act->sa.sa_flags &= UAPI_SA_FLAGS;
		sigdelsetmask(&act->sa.sa_mask, SIG_KERNEL_ONLY_MASK);
		*ka = *act;
		flush_ignored(tsk, sig);
	}
	spin_unlock_irq(&tsk->sighand->siglock);
	return 0;
}

SYSCALL_DEFINE4(rt_sigaction, int, sig, const struct sigaction __user *, act,
		struct sigaction __user *, oact, size_t, sigsetsize)
{
	struct k_sigaction new, old;
	int ret;

	if (sigsetsize != sizeof(sigset_t))
		return -EINVAL;
	if (act && copy_from_user(&new.sa, act, sizeof(new.sa)))
		return -EFAULT;
	ret = do_sigaction(sig, act ? &new : NULL, oact ? &old : NULL);
	if (ret)
		return ret;
	if (oact && copy_to_user(oact, &old.sa, sizeof(old.sa)))
		return -EFAULT;
	return 0;
}

/**
 * do_no_restart_syscall - what restart_syscall() does when nothing is to be restarted
 *
 * Return: -EINTR.
 */
long do_no_restart_syscall(struct restart_block *block)
{
	return -EINTR;
}

SYSCALL_DEFINE0(restart_syscall)
{
	struct restart_block *block = &current->restart_block;

	return block->fn ? block->fn(block) : -EINTR;
}

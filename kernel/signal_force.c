// SPDX-License-Identifier: GPL-2.0-only
/*
 * Signals that current cannot escape: faults, frames that cannot be written. They are sent to the
 * running thread only, under its own siglock, by the architecture's traps.
 */
#include <linux/sched.h>
#include <linux/signal.h>

/* A blocked or ignored signal loses its handler, and even init dies of it. */
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
	/* A tracer may yet keep a fault from init. */
	if (ka->sa.sa_handler == SIG_DFL && (!tsk->ptrace || drop_handler))
		tsk->signal->flags &= ~SIGNAL_UNKILLABLE;
	ret = send_signal_locked(sig, info, tsk, PIDTYPE_PID);
	spin_unlock_irqrestore(&tsk->sighand->siglock, flags);
	return ret;
}

/**
 * force_sig_info - a signal that current cannot escape: a fault, not a message
 * @info: signal and information
 *
 * A blocked or ignored signal loses its handler, and even init dies of it.
 * Context: task. Return: 0.
 */
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

/* The same with information: a call that seccomp(2) kills for. */
void force_fatal_sig_info(struct kernel_siginfo *info)
{
	force_sig_how(info, true);
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

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Signals: set arithmetic and the calls of kernel/signal*.c. All state hangs
 * below sighand->siglock; a thread's own blocked mask is read by it without.
 */
#ifndef _LINUX_SIGNAL_H_K
#define _LINUX_SIGNAL_H_K

#include <linux/signal_types.h>
#include <linux/sched.h>
#include <linux/spinlock.h>
#include <uapi/linux/poll.h>

#define sigmask(sig)	(1UL << ((sig) - 1))

#define SIG_KERNEL_ONLY_MASK	(sigmask(SIGKILL) | sigmask(SIGSTOP))
#define SIG_KERNEL_STOP_MASK	(sigmask(SIGSTOP) | sigmask(SIGTSTP) | sigmask(SIGTTIN) | \
				 sigmask(SIGTTOU))
#define SIG_KERNEL_COREDUMP_MASK						\
	(sigmask(SIGQUIT) | sigmask(SIGILL) | sigmask(SIGTRAP) | sigmask(SIGABRT) |	\
	 sigmask(SIGFPE) | sigmask(SIGSEGV) | sigmask(SIGBUS) | sigmask(SIGSYS) |	\
	 sigmask(SIGXCPU) | sigmask(SIGXFSZ))
#define SIG_KERNEL_IGNORE_MASK							\
	(sigmask(SIGCONT) | sigmask(SIGCHLD) | sigmask(SIGWINCH) | sigmask(SIGURG))
#define SIG_SYNCHRONOUS_MASK							\
	(sigmask(SIGSEGV) | sigmask(SIGBUS) | sigmask(SIGILL) | sigmask(SIGTRAP) |	\
	 sigmask(SIGFPE) | sigmask(SIGSYS))

/* Special "info" arguments of the send functions. */
#define SEND_SIG_NOINFO	((struct kernel_siginfo *)0)	/* from current, kill(2) style */
#define SEND_SIG_PRIV	((struct kernel_siginfo *)1)	/* from the kernel */

static inline bool is_si_special(const struct kernel_siginfo *info)
{
	return info <= SEND_SIG_PRIV;
}

/* The information for callers that have only "from the kernel or not". */
static inline struct kernel_siginfo *special_siginfo(int from_kernel)
{
	return from_kernel ? SEND_SIG_PRIV : SEND_SIG_NOINFO;
}

static inline bool valid_signal(unsigned long sig)
{
	return sig <= _NSIG;
}

static inline bool siginmask(int sig, unsigned long mask)
{
	return sig > 0 && sig <= _NSIG && (sigmask(sig) & mask);
}

#define sig_kernel_only(sig)		siginmask(sig, SIG_KERNEL_ONLY_MASK)
#define sig_kernel_coredump(sig)	siginmask(sig, SIG_KERNEL_COREDUMP_MASK)
#define sig_kernel_ignore(sig)		siginmask(sig, SIG_KERNEL_IGNORE_MASK)
#define sig_kernel_stop(sig)		siginmask(sig, SIG_KERNEL_STOP_MASK)

static inline void sigaddset(sigset_t *set, int sig)
{
	*set |= sigmask(sig);
}

static inline void sigdelset(sigset_t *set, int sig)
{
	*set &= ~sigmask(sig);
}

static inline void sigaddsetmask(sigset_t *set, unsigned long mask)
{
	*set |= mask;
}

static inline void sigdelsetmask(sigset_t *set, unsigned long mask)
{
	*set &= ~mask;
}

static inline bool sigismember(const sigset_t *set, int sig)
{
	return *set & sigmask(sig);
}

static inline void sigemptyset(sigset_t *set)
{
	*set = 0;
}

static inline void sigfillset(sigset_t *set)
{
	*set = ~0UL;
}

static inline bool sigisemptyset(const sigset_t *set)
{
	return !*set;
}

static inline void init_sigpending(struct sigpending *pending)
{
	INIT_LIST_HEAD(&pending->list);
	pending->signal = 0;
}

static inline void clear_siginfo(struct kernel_siginfo *info)
{
	*info = (struct kernel_siginfo){ };
}

/* Sending: kernel/signal_send.c */
int __send_signal_locked(int sig, struct kernel_siginfo *info, struct task_struct *tsk,
			 enum pid_type type, bool force);
int send_signal_locked(int sig, struct kernel_siginfo *info, struct task_struct *tsk,
		       enum pid_type type);
int do_send_sig_info(int sig, struct kernel_siginfo *info, struct task_struct *tsk,
		     enum pid_type type);
int group_send_sig_info(int sig, struct kernel_siginfo *info, struct task_struct *tsk,
			enum pid_type type);
int send_sig_info(int sig, struct kernel_siginfo *info, struct task_struct *tsk);
int send_sig(int sig, struct task_struct *tsk, int priv);
int force_sig_info(struct kernel_siginfo *info);
void force_sig(int sig);
void force_fatal_sig(int sig);
void force_fatal_sig_info(struct kernel_siginfo *info);
void force_sigsegv(int sig);
int force_sig_fault(int sig, int code, void __user *addr);
int kill_pid_info(int sig, struct kernel_siginfo *info, struct pid *pid);
int kill_pid(struct pid *pid, int sig, int priv);
int __kill_pgrp_info(int sig, struct kernel_siginfo *info, struct pid *pgrp);
int kill_pgrp(struct pid *pid, int sig, int priv);
int __kill_something(int sig, struct kernel_siginfo *info, pid_t pid);
void signal_wake_up_state(struct task_struct *tsk, unsigned int state);
int zap_other_threads(struct task_struct *tsk);
struct sighand_struct *lock_task_sighand(struct task_struct *tsk, unsigned long *flags);

static inline void unlock_task_sighand(struct task_struct *tsk, unsigned long *flags)
{
	spin_unlock_irqrestore(&tsk->sighand->siglock, *flags);
}

/* Readers of a signalfd wait beside the handlers. */
static inline void signalfd_notify(struct task_struct *tsk, int sig)
{
	if (unlikely(waitqueue_active(&tsk->sighand->signalfd_wqh)))
		wake_up(&tsk->sighand->signalfd_wqh);
}

/* The last user of the handlers is gone: pollers must not stay in their queue. */
static inline void signalfd_cleanup(struct sighand_struct *sighand)
{
	if (unlikely(waitqueue_active(&sighand->signalfd_wqh)))
		__wake_up(&sighand->signalfd_wqh, TASK_NORMAL, 0, 0,
			  poll_to_key(POLLHUP | POLLFREE));
}

/* Take a task out of an interruptible sleep; when @fatal also out of a killable one. */
static inline void signal_wake_up(struct task_struct *tsk, bool fatal)
{
	signal_wake_up_state(tsk, fatal ? TASK_WAKEKILL : 0);
}

/* Queue entries: kernel/signal_queue.c */
void sigqueue_init(void);
struct sigqueue *sigqueue_charge(struct task_struct *tsk, int sig, gfp_t gfp, bool override);
void sigqueue_put(struct sigqueue *q);
struct sigqueue *sigqueue_alloc(void);
void sigqueue_free(struct sigqueue *q);
int send_sigqueue(struct sigqueue *q, struct pid *pid, enum pid_type type);
void collect_signal(int sig, struct sigpending *pending, struct kernel_siginfo *info,
		    bool *resched_timer);
void flush_sigqueue(struct sigpending *pending);
void flush_sigqueue_mask(sigset_t mask, struct sigpending *pending);
void flush_signals(struct task_struct *tsk);
void flush_itimer_signals(void);
void flush_signal_handlers(struct task_struct *tsk, bool force_default);

/* Delivery: kernel/signal.c */
bool recalc_sigpending_tsk(struct task_struct *tsk);
void recalc_sigpending(void);
void recalc_sigpending_and_wake(struct task_struct *tsk);
void calculate_sigpending(void);
int dequeue_signal(struct task_struct *tsk, sigset_t *mask, struct kernel_siginfo *info);
bool get_signal(struct ksignal *ksig);
void signal_delivered(struct ksignal *ksig);
void signal_setup_done(int failed, struct ksignal *ksig, int stepping);
void retarget_shared_pending(struct task_struct *tsk, sigset_t which);
void exit_signals(struct task_struct *tsk);
bool unhandled_signal(struct task_struct *tsk, int sig);

/* Stop and continue: kernel/signal_stop.c. Context: siglock held unless said otherwise. */
bool do_signal_stop(int signr);
void stop_cancel(struct task_struct *tsk, int sig);
void continue_group(struct task_struct *tsk);
void task_join_group_stop(struct task_struct *tsk);
bool task_participate_group_stop(struct task_struct *tsk);
void task_clear_jobctl_pending(struct task_struct *tsk, unsigned long mask);
bool task_set_jobctl_pending(struct task_struct *tsk, unsigned long mask);

/* Telling the parent: kernel/signal_notify.c */
bool do_notify_parent(struct task_struct *tsk, int sig);
void do_notify_parent_cldstop(struct task_struct *tsk, bool for_tracer, int why);

/* Masks and system calls: kernel/signal_calls.c */
void set_current_blocked(sigset_t *newset);
void __set_current_blocked(const sigset_t *newset);
int sigprocmask(int how, sigset_t *set, sigset_t *oldset);
int set_user_sigmask(const sigset_t __user *umask, size_t sigsetsize);
long sigsuspend(sigset_t *set);
int do_sigaction(int sig, struct k_sigaction *act, struct k_sigaction *oact);
int copy_siginfo_to_user(siginfo_t __user *to, const struct kernel_siginfo *from);
struct kernel_siginfo kill_siginfo(int sig, int code);
int copy_siginfo_from_user(struct kernel_siginfo *to, const siginfo_t __user *from);
void set_task_blocked(struct task_struct *tsk, const sigset_t *newset);
long do_no_restart_syscall(struct restart_block *block);

/* The rows of fork: kernel/signal_fork.c */
void signals_init(void);
int unshare_sighand(struct task_struct *tsk);

/* The alternate stack: kernel/signal_altstack.c, used by the frame code. */
unsigned long sigsp(unsigned long sp, struct ksignal *ksig);
void restore_altstack(const stack_t *ss);
void save_altstack(stack_t *ss);

static inline bool on_sig_stack(unsigned long sp)
{
	/* With SS_AUTODISARM the settings were cleared on entry of the handler. */
	if (current->sas_ss_flags & SS_AUTODISARM)
		return false;
	return sp > current->sas_ss_sp && sp - current->sas_ss_sp <= current->sas_ss_size;
}

static inline int sas_ss_flags(unsigned long sp)
{
	if (!current->sas_ss_size)
		return SS_DISABLE;
	return on_sig_stack(sp) ? SS_ONSTACK : 0;
}

static inline void sas_ss_reset(struct task_struct *tsk)
{
	tsk->sas_ss_sp = 0;
	tsk->sas_ss_size = 0;
	tsk->sas_ss_flags = SS_DISABLE;
}

/* The mask to put into a signal frame: the one before sigsuspend, if that is under way. */
static inline sigset_t *sigmask_to_save(void)
{
	return test_restore_sigmask() ? &current->saved_sigmask : &current->blocked;
}

/* Give back the mask that sigsuspend, ppoll, pselect or epoll_pwait replaced. */
static inline void restore_saved_sigmask(void)
{
	if (test_and_clear_restore_sigmask())
		__set_current_blocked(&current->saved_sigmask);
}

/* The end of ppoll and friends: keep the temporary mask when a signal is to be handled. */
static inline void restore_saved_sigmask_unless(bool interrupted)
{
	if (!interrupted)
		restore_saved_sigmask();
}

#endif /* _LINUX_SIGNAL_H_K */

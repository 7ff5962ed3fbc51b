// SPDX-License-Identifier: GPL-2.0-only
/*
 * ptrace(2): who traces whom, attaching and detaching, and the system call. The tracee's side is
 * in ptrace_stop.c, requests to a stopped tracee in ptrace_request.c.
 * Locks: tasklist_lock for writing and the tracee's siglock to begin or end tracing. A request
 * freezes its stopped tracee: without TASK_WAKEKILL not even SIGKILL wakes it meanwhile.
 */
#include <linux/capability.h>
#include <linux/cn_proc.h>
#include <linux/cred.h>
#include <linux/fork.h>
#include <linux/mm.h>
#include <linux/pid.h>
#include <linux/ptrace.h>
#include <linux/sched.h>
#include <linux/security.h>
#include <linux/signal.h>
#include <linux/syscalls.h>
#include <linux/uaccess.h>
#include <asm/ptrace-abi.h>

/* ---- waking. Context: siglock of the tracee ---- */

/**
 * ptrace_wake - make a tracee look at its jobctl
 * @resume: also out of a stop for the tracer
 */
void ptrace_wake(struct task_struct *tsk, bool resume)
{
	ASSERT(spin_is_locked(&tsk->sighand->siglock));
	signal_wake_up_state(tsk, resume ? __TASK_TRACED : 0);
}

/* A group stop began or ended: a seizing tracer that listens is told. */
void ptrace_trap_notify(struct task_struct *tsk)
{
	if (task_set_jobctl_pending(tsk, JOBCTL_TRAP_NOTIFY))
		ptrace_wake(tsk, tsk->jobctl & JOBCTL_LISTENING);
}

/* The tracer that waits in attach_settled() may go on. */
void ptrace_clear_trapping(struct task_struct *tsk)
{
	if (likely(!(tsk->jobctl & JOBCTL_TRAPPING)))
		return;
	tsk->jobctl &= ~JOBCTL_TRAPPING;
	wake_up_all(&tsk->parent->signal->wait_chldexit);
}

/* ---- the family. Context: tasklist_lock for writing ---- */

static void link_to_tracer(struct task_struct *child, struct task_struct *tracer,
			   const struct cred *cred, unsigned int flags)
{
	child->ptrace = flags;
	child->ptracer_cred = get_cred(cred);
	list_add(&child->ptrace_entry, &tracer->ptraced);
	child->parent = tracer;
}

/* A stopped group stays stopped when its tracer goes. Context: siglock as well. */
static void back_to_group_stop(struct task_struct *child)
{
	struct signal_struct *signal = child->signal;

	task_clear_jobctl_pending(child, JOBCTL_TRAP_MASK);
	if (!(child->flags & PF_EXITING) &&
	    ((signal->flags & SIGNAL_STOP_STOPPED) || signal->group_stop_count)) {
		child->jobctl |= JOBCTL_STOP_PENDING;
		if (!(child->jobctl & JOBCTL_STOP_SIGMASK))
			child->jobctl |= SIGSTOP;
	}
	if ((child->jobctl & JOBCTL_STOP_PENDING) || task_is_traced(child))
		ptrace_wake(child, true);
}

/**
 * __ptrace_unlink - a task is traced no more
 * @child: the tracee; may be a zombie
 */
void __ptrace_unlink(struct task_struct *child)
{
	const struct cred *cred = child->ptracer_cred;

	ASSERT(rwlock_is_write_locked(&tasklist_lock));
	clear_tsk_thread_flag(child, TIF_SYSCALL_TRACE);
	clear_tsk_thread_flag(child, TIF_SYSCALL_EMU);
	list_del_init(&child->ptrace_entry);
	spin_lock(&child->sighand->siglock);
	ptrace_clear_trapping(child);
	child->ptrace = 0;
	child->parent = child->real_parent;
	child->ptracer_cred = NULL;
	back_to_group_stop(child);
	spin_unlock(&child->sighand->siglock);
	put_cred(cred);
}

static bool ignores_children(struct task_struct *parent)
{
	const struct k_sigaction *ka = &parent->sighand->action[SIGCHLD - 1];
	bool ignores;

	spin_lock(&parent->sighand->siglock);
	ignores = ka->sa.sa_handler == SIG_IGN || (ka->sa.sa_flags & SA_NOCLDWAIT);
	spin_unlock(&parent->sighand->siglock);
	return ignores;
}

/* A zombie's tracer lets it go: is its parent to be told, or does nobody want it? */
static bool zombie_is_unwanted(struct task_struct *tracer, struct task_struct *child)
{
	if (!thread_group_leader(child))
		return true;
	if (!thread_group_empty(child))
		return false;
	if (!same_thread_group(child->real_parent, tracer))
		return do_notify_parent(child, child->exit_signal);
	/* We saw it as tracer; our process's own wait() may still want it as parent. */
	if (!ignores_children(tracer))
		return false;
	wake_up_all(&tracer->signal->wait_chldexit);
	return true;
}

/* Return: true when the tracee is dead and the caller has to release it. */
bool __ptrace_detach(struct task_struct *tracer, struct task_struct *child)
{
	__ptrace_unlink(child);
	if (child->exit_state != EXIT_ZOMBIE || !zombie_is_unwanted(tracer, child))
		return false;
	child->exit_state = EXIT_DEAD;
	return true;
}

/**
 * exit_ptrace - a tracer dies: its tracees are left alone, or killed if it asked for that
 * @tracer: current
 * @dead: gets zombies that nobody wants, by their ptrace_entry
 */
void exit_ptrace(struct task_struct *tracer, struct list_head *dead)
{
	struct task_struct *p, *next;

	list_for_each_entry_safe(p, next, &tracer->ptraced, ptrace_entry) {
		if (p->ptrace & PT_EXITKILL)
			send_sig_info(SIGKILL, SEND_SIG_PRIV, p);
		if (__ptrace_detach(tracer, p))
			list_add(&p->ptrace_entry, dead);
	}
}

/* ---- fork ---- */

/**
 * ptrace_fork_event - the event that a fork of current is to its tracer
 * @flags: CLONE_*   @exit_signal: the child's
 *
 * Return: PTRACE_EVENT_*, or 0 when no tracer wants it.
 */
int ptrace_fork_event(u64 flags, int exit_signal)
{
	int event = PTRACE_EVENT_FORK;

	if (likely(!current->ptrace) || (flags & CLONE_UNTRACED))
		return 0;
	if (flags & CLONE_VFORK)
		event = PTRACE_EVENT_VFORK;
	else if (exit_signal != SIGCHLD)
		event = PTRACE_EVENT_CLONE;
	return ptrace_wants(current, event) ? event : 0;
}

/**
 * ptrace_inherit - a traced task's child is traced too, and stops before its first instruction
 * @fc: the fork; its child is being published
 *
 * Context: tasklist_lock for writing, siglock of the parent; the child cannot run yet.
 */
void ptrace_inherit(struct fork_ctx *fc)
{
	struct task_struct *child = fc->child, *parent = fc->parent;

	link_to_tracer(child, parent->parent, parent->ptracer_cred, parent->ptrace);
	if (parent->ptrace & PT_SEIZED)
		task_set_jobctl_pending(child, JOBCTL_TRAP_STOP);
	else
		sigaddset(&child->pending.signal, SIGSTOP);
}

/* ---- attaching ---- */

static int traceme(void)
{
	struct task_struct *me = current;
	int err = -EPERM;

	write_lock_irq(&tasklist_lock);
	if (!me->ptrace)
		err = security_ptrace_traceme(me->real_parent);
	if (!err) {
		/* A dying parent would forget us at once. The powers that count are our own. */
		if (!(me->real_parent->flags & PF_EXITING)) {
			spin_lock(&me->sighand->siglock);
			link_to_tracer(me, me->real_parent, current_cred(), PT_PTRACED);
			spin_unlock(&me->sighand->siglock);
		}
	}
	write_unlock_irq(&tasklist_lock);
	return err;
}

/*
 * A task that is already stopped turns its stop into one for the tracer, as if it had just
 * stopped. Context: siglock of @tsk.
 */
static void trap_stopped(struct task_struct *tsk)
{
	if (!(READ_ONCE(tsk->state) & __TASK_STOPPED))
		return;
	if (task_set_jobctl_pending(tsk, JOBCTL_TRAP_STOP | JOBCTL_TRAPPING))
		signal_wake_up_state(tsk, __TASK_STOPPED);
}

static int begin_tracing(struct task_struct *tsk, unsigned int flags)
{
	int err = -EPERM;

	write_lock_irq(&tasklist_lock);
	if (!tsk->exit_state && !tsk->ptrace) {
		err = 0;
		spin_lock(&tsk->sighand->siglock);
		link_to_tracer(tsk, current, current_cred(), flags);
		if (!(flags & PT_SEIZED))
			send_signal_locked(SIGSTOP, SEND_SIG_PRIV, tsk, PIDTYPE_PID);
		trap_stopped(tsk);
		spin_unlock(&tsk->sighand->siglock);
	}
	write_unlock_irq(&tasklist_lock);
	return err;
}

/* The change from stopped to traced is under way in the tracee: wait() must not see between. */
static void wait_until_settled(struct task_struct *tsk)
{
	wait_event_killable(current->signal->wait_chldexit,
			    !(READ_ONCE(tsk->jobctl) & JOBCTL_TRAPPING));
}

static int check_options(unsigned long options)
{
	if (options & ~(unsigned long)PTRACE_O_MASK)
		return -EINVAL;
	if (!(options & PTRACE_O_SUSPEND_SECCOMP))
		return 0;
	if (!capable(CAP_SYS_ADMIN) || (current->ptrace & PT_SUSPEND_SECCOMP))
		return -EPERM;
	return 0;
}

static int attach(struct task_struct *tsk, bool seize, unsigned long addr, unsigned long options)
{
	unsigned int flags = PT_PTRACED;
	int err;

	if (seize) {
		if (addr || (options & ~(unsigned long)PTRACE_O_MASK))
			return -EIO;
		err = check_options(options);
		if (err)
			return err;
		flags |= PT_SEIZED | PT_OPTION(options);
	}
	if ((tsk->flags & PF_KTHREAD) || same_thread_group(tsk, current))
		return -EPERM;
	/* exec decides about new powers by whether it is traced: not in the middle of that. */
	if (mutex_lock_interruptible(&tsk->signal->cred_guard_mutex))
		return -ERESTARTNOINTR;
	err = -EPERM;
	if (ptrace_may_access(tsk, PTRACE_MODE_ATTACH_REALCREDS))
		err = begin_tracing(tsk, flags);
	mutex_unlock(&tsk->signal->cred_guard_mutex);
	if (!err) {
		wait_until_settled(tsk);
		proc_ptrace_connector(tsk, current);
	}
	return err;
}

/* ---- requests to a stopped tracee ---- */

/* Context: tasklist_lock. Return: false when it is not stopped, or is being killed. */
static bool freeze(struct task_struct *child)
{
	bool frozen = false;

	spin_lock_irq(&child->sighand->siglock);
	if (task_is_traced(child) && !(child->jobctl & JOBCTL_LISTENING) &&
	    !__fatal_signal_pending(child)) {
		WRITE_ONCE(child->state, __TASK_TRACED);
		frozen = true;
	}
	spin_unlock_irq(&child->sighand->siglock);
	return frozen;
}

/* A kill that came meanwhile takes effect now. */
static void unfreeze(struct task_struct *child)
{
	unsigned long flags;

	if (READ_ONCE(child->state) != __TASK_TRACED || !lock_task_sighand(child, &flags))
		return;
	if (READ_ONCE(child->state) == __TASK_TRACED) {
		if (__fatal_signal_pending(child))
			wake_up_state(child, __TASK_TRACED);
		else
			WRITE_ONCE(child->state, TASK_TRACED);
	}
	unlock_task_sighand(child, &flags);
}

/* Is it ours, and stopped unless @any_state? Return: 0 or -ESRCH. */
static int check_attached(struct task_struct *child, bool any_state)
{
	int err = -ESRCH;

	read_lock(&tasklist_lock);
	if (child->ptrace && child->parent == current && (any_state || freeze(child)))
		err = 0;
	read_unlock(&tasklist_lock);
	if (!err && !any_state) {
		wait_task_inactive(child);
		/* SIGKILL may have come just before freeze(): then it did not stay. */
		if (READ_ONCE(child->state) != __TASK_TRACED)
			err = -ESRCH;
	}
	return err;
}

static long detach(struct task_struct *child, unsigned long data)
{
	if (!valid_signal(data))
		return -EIO;
	ptrace_disable(child);
	write_lock_irq(&tasklist_lock);
	child->exit_code = data;
	__ptrace_detach(current, child);
	write_unlock_irq(&tasklist_lock);
	proc_ptrace_connector(child, NULL);
	return 0;
}

/* Ask a seized task to stop wherever it is. */
static long interrupt(struct task_struct *child)
{
	unsigned long flags;

	if (!(child->ptrace & PT_SEIZED))
		return -EIO;
	if (!lock_task_sighand(child, &flags))
		return -ESRCH;
	if (task_set_jobctl_pending(child, JOBCTL_TRAP_STOP))
		ptrace_wake(child, child->jobctl & JOBCTL_LISTENING);
	unlock_task_sighand(child, &flags);
	return 0;
}

static long set_options(struct task_struct *child, unsigned long options)
{
	int err = check_options(options);

	if (err)
		return err;
	child->ptrace = (child->ptrace & (PT_PTRACED | PT_SEIZED)) | PT_OPTION(options);
	return 0;
}

static long to_tracee(struct task_struct *child, long request, unsigned long addr,
		      unsigned long data)
{
	bool any_state = request == PTRACE_KILL || request == PTRACE_INTERRUPT;
	long ret = check_attached(child, any_state);

	if (ret)
		return ret;
	switch (request) {
	case PTRACE_KILL:
		send_sig_info(SIGKILL, SEND_SIG_NOINFO, child);
		return 0;
	case PTRACE_INTERRUPT:
		return interrupt(child);
	case PTRACE_DETACH:
		ret = detach(child, data);
		break;
	case PTRACE_SETOPTIONS:
	case PTRACE_OLDSETOPTIONS:
		ret = set_options(child, data);
		break;
	default:
		ret = arch_ptrace(child, request, addr, data);
	}
	if (request != PTRACE_DETACH || ret)
		unfreeze(child);
	return ret;
}

SYSCALL_DEFINE4(ptrace, long, request, long, pid, unsigned long, addr, unsigned long, data)
{
	struct task_struct *child;
	long ret;

	if (request == PTRACE_TRACEME)
		return traceme();
	rcu_read_lock();
	child = find_task_by_vpid(pid);
	if (child)
		get_task_struct(child);
	rcu_read_unlock();
	if (!child)
		return -ESRCH;
	if (request == PTRACE_ATTACH || request == PTRACE_SEIZE)
		ret = attach(child, request == PTRACE_SEIZE, addr, data);
	else
		ret = to_tracee(child, request, addr, data);
	put_task_struct(child);
	return ret;
}

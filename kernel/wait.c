// SPDX-License-Identifier: GPL-2.0-only
/*
 * Waiting for children: wait4 and waitid. A caller looks through its children (and those of its
 * sibling threads) for one in a state it asked for, and sleeps until one may be.
 * Locks: tasklist_lock for reading while it looks; who turns ZOMBIE into DEAD owns the reaping.
 */
#include <linux/cred.h>
#include <linux/err.h>
#include <linux/fcntl.h>
#include <linux/mm.h>
#include <linux/ptrace.h>
#include <linux/pidfd.h>
#include <linux/resource.h>
#include <linux/sched.h>
#include <linux/signal.h>
#include <linux/syscalls.h>
#include <linux/uaccess.h>
#include <uapi/linux/wait.h>

/* What waitid() reports besides rusage; also the raw material of wait4()'s status. */
struct wait_info {
	pid_t pid;
	uid_t uid;
	int cause;			/* CLD_* */
	int status;			/* si_status */
};

/* One call on its way. */
struct wait_opts {
	enum pid_type type;		/* PIDTYPE_MAX: any child */
	struct pid *pid;		/* with a reference, unless any child */
	int flags;			/* W*, __W* */
	struct wait_info info;
	int stat;			/* wait4()'s status word */
	struct rusage *rusage;		/* or NULL */
	bool nonblock;			/* a nonblocking pidfd: -EAGAIN instead of nothing */
	bool candidates;		/* some child may match later */
	struct wait_queue_entry entry;
};

static bool eligible_pid(const struct wait_opts *wo, struct task_struct *p)
{
	if (wo->type == PIDTYPE_MAX)
		return true;
	if (wo->type == PIDTYPE_PGID)
		return task_pgrp(p) == wo->pid;
	return p->thread_pid == wo->pid;
}

/* __WCLONE asks for children that report with another signal than SIGCHLD; __WALL for both. */
static bool eligible_child(const struct wait_opts *wo, struct task_struct *p, bool tracee)
{
	if (!eligible_pid(wo, p))
		return false;
	/* A tracer waits for whatever it traces. */
	if ((wo->flags & __WALL) || tracee)
		return true;
	return (p->exit_signal != SIGCHLD) == !!(wo->flags & __WCLONE);
}

static void fill_exit_info(struct wait_opts *wo, int status)
{
	wo->stat = status;
	if ((status & 0x7f) == 0) {
		wo->info.cause = CLD_EXITED;
		wo->info.status = (status >> 8) & 0xff;
	} else {
		wo->info.cause = status & 0x80 ? CLD_DUMPED : CLD_KILLED;
		wo->info.status = status & 0x7f;
	}
}

/* Its number was noted while it could not be reaped. */
static void fill_child(struct wait_opts *wo, struct task_struct *p)
{
	wo->info.uid = from_kuid_munged(current_user_ns(), task_uid(p));
	if (wo->rusage)
		getrusage(p, RUSAGE_BOTH, wo->rusage);
}

/* The child's times, and those of its own children, count as ours once it has been waited for. */
static void account_child(struct task_struct *p)
{
	struct signal_struct *from = p->signal, *to = current->signal;
	u64 utime, stime;
	unsigned long flags;

	thread_group_cputime_adjusted(p, &utime, &stime);
	write_seqlock_irqsave(&to->stats_lock, flags);
	to->cutime += utime + from->cutime;
	to->cstime += stime + from->cstime;
	to->cmin_flt += p->min_flt + from->min_flt + from->cmin_flt;
	to->cmaj_flt += p->maj_flt + from->maj_flt + from->cmaj_flt;
	to->cnvcsw += p->nvcsw + from->nvcsw + from->cnvcsw;
	to->cnivcsw += p->nivcsw + from->nivcsw + from->cnivcsw;
	to->cmaxrss = max(to->cmaxrss, max(from->maxrss, from->cmaxrss));
	write_sequnlock_irqrestore(&to->stats_lock, flags);
}

static int exit_status_of(struct task_struct *p)
{
	return p->signal->flags & SIGNAL_GROUP_EXIT ? p->signal->group_exit_code : p->exit_code;
}

/*
 * Its tracer has seen the zombie's status, we own it by EXIT_TRACE: now it is its parent's.
 * Return: false when that one does not want it.
 */
static bool hand_to_parent(struct task_struct *p)
{
	bool unwanted;

	write_lock_irq(&tasklist_lock);
	if (p->ptrace)
		__ptrace_unlink(p);
	unwanted = thread_group_empty(p) && do_notify_parent(p, p->exit_signal);
	p->exit_state = unwanted ? EXIT_DEAD : EXIT_ZOMBIE;
	write_unlock_irq(&tasklist_lock);
	return !unwanted;
}

/*
 * Report a zombie and, unless WNOWAIT, reap it.
 * Context: tasklist_lock held for reading; released when the result is not 0.
 * Return: its pid, or 0 when another waiter was faster.
 */
static int wait_zombie(struct wait_opts *wo, struct task_struct *p)
{
	int zombie = EXIT_ZOMBIE;
	bool to_parent;
	pid_t pid;

	if (!(wo->flags & WEXITED))
		return 0;
	if (wo->flags & WNOWAIT) {
		get_task_struct(p);
		wo->info.pid = task_pid_vnr(p);
		read_unlock(&tasklist_lock);
		fill_child(wo, p);
		fill_exit_info(wo, exit_status_of(p));
		pid = wo->info.pid;
		put_task_struct(p);
		return pid;
	}
	/* Traced by others than its parent: after us the parent may have it. */
	to_parent = unlikely(ptrace_reparented(p)) && thread_group_leader(p);
	if (!try_cmpxchg(&p->exit_state, &zombie, to_parent ? EXIT_TRACE : EXIT_DEAD))
		return 0;
	wo->info.pid = task_pid_vnr(p);
	read_unlock(&tasklist_lock);
	if (likely(!to_parent && thread_group_leader(p)))
		account_child(p);
	fill_child(wo, p);
	fill_exit_info(wo, exit_status_of(p));
	pid = wo->info.pid;
	if (likely(!to_parent) || !hand_to_parent(p))
		release_task(p);
	return pid;
}

/* Drop the lock, keep the task, report. */
static int report_live(struct wait_opts *wo, struct task_struct *p)
{
	get_task_struct(p);
	wo->info.pid = task_pid_vnr(p);
	read_unlock(&tasklist_lock);
	fill_child(wo, p);
	put_task_struct(p);
	return wo->info.pid;
}

/* Where the code of its stop stands, or NULL when it is not stopped. Context: siglock. */
static int *stop_code(struct task_struct *p, bool tracee)
{
	if (unlikely(tracee))
		return task_is_traced(p) && !(p->jobctl & JOBCTL_LISTENING) ? &p->exit_code : NULL;
	return p->signal->flags & SIGNAL_STOP_STOPPED ? &p->signal->group_exit_code : NULL;
}

static int wait_stopped(struct wait_opts *wo, struct task_struct *p, bool tracee)
{
	int code = 0, *codep;

	if (!(wo->flags & WUNTRACED) && likely(!tracee))
		return 0;
	spin_lock_irq(&p->sighand->siglock);
	codep = stop_code(p, tracee);
	if (codep) {
		code = *codep;
		if (!(wo->flags & WNOWAIT))
			*codep = 0;
	}
	spin_unlock_irq(&p->sighand->siglock);
	if (!code)
		return 0;
	wo->stat = (code << 8) | 0x7f;
	wo->info.cause = tracee ? CLD_TRAPPED : CLD_STOPPED;
	wo->info.status = code;
	return report_live(wo, p);
}

static int wait_continued(struct wait_opts *wo, struct task_struct *p)
{
	bool continued;

	if (!(wo->flags & WCONTINUED) || !(p->signal->flags & SIGNAL_STOP_CONTINUED))
		return 0;
	spin_lock_irq(&p->sighand->siglock);
	continued = p->signal->flags & SIGNAL_STOP_CONTINUED;
	if (continued && !(wo->flags & WNOWAIT))
		p->signal->flags &= ~SIGNAL_STOP_CONTINUED;
	spin_unlock_irq(&p->sighand->siglock);
	if (!continued)
		return 0;
	wo->stat = 0xffff;
	wo->info.cause = CLD_CONTINUED;
	wo->info.status = SIGCONT;
	return report_live(wo, p);
}

/* Context and return: as for wait_zombie(). */
static int consider_child(struct wait_opts *wo, struct task_struct *p, bool tracee)
{
	int exit_state = READ_ONCE(p->exit_state), ret;

	if (exit_state == EXIT_DEAD || !eligible_child(wo, p, tracee))
		return 0;
	if (unlikely(exit_state == EXIT_TRACE)) {
		/* It will be its parent's in a moment. */
		wo->candidates |= !tracee;
		return 0;
	}
	/* Traced by its own parent's process: found once is enough. */
	if (unlikely(p->ptrace) && !tracee && !ptrace_reparented(p))
		tracee = true;
	if (exit_state == EXIT_ZOMBIE && !(thread_group_leader(p) && !thread_group_empty(p))) {
		/*
		 * While somebody else traces it, the parent does not see that it is dead. Whoever
		 * loses it to another waiter has nothing left to wait for here.
		 */
		if (likely(!p->ptrace) || tracee)
			return wait_zombie(wo, p);
	}
	/* Alive, or a dead leader whose other threads go on: it may still match. */
	if (exit_state != EXIT_ZOMBIE || !tracee || (wo->flags & (WCONTINUED | WEXITED)))
		wo->candidates = true;
	ret = wait_stopped(wo, p, tracee);
	return ret ?: wait_continued(wo, p);
}

static int consider_children_of(struct wait_opts *wo, struct task_struct *parent)
{
	struct task_struct *p;
	int ret;

	list_for_each_entry(p, &parent->children, sibling) {
		ret = consider_child(wo, p, false);
		if (ret)
			return ret;
	}
	list_for_each_entry(p, &parent->ptraced, ptrace_entry) {
		ret = consider_child(wo, p, true);
		if (ret)
			return ret;
	}
	return 0;
}

static bool is_mine(const struct wait_opts *wo, const struct task_struct *parent)
{
	return wo->flags & __WNOTHREAD ? parent == current : same_thread_group(parent, current);
}

/* waitpid(pid) need not walk a long list of children to find one. */
static int consider_one(struct wait_opts *wo)
{
	struct task_struct *p = pid_task(wo->pid, PIDTYPE_TGID);
	int ret = 0;

	if (p && is_mine(wo, p->real_parent))
		ret = consider_child(wo, p, false);
	if (ret)
		return ret;
	/* A tracee need not be a child, nor a leader. */
	p = pid_task(wo->pid, PIDTYPE_PID);
	if (unlikely(p && p->ptrace) && is_mine(wo, p->parent))
		ret = consider_child(wo, p, true);
	return ret;
}

/* Return: pid found, 0: none now, -ECHILD: none ever. */
static int look_once(struct wait_opts *wo)
{
	struct task_struct *t;
	int ret = 0;

	wo->candidates = false;
	if (wo->type < PIDTYPE_MAX && hlist_empty(&wo->pid->tasks[wo->type]))
		return -ECHILD;
	read_lock(&tasklist_lock);
	if (wo->type == PIDTYPE_PID) {
		ret = consider_one(wo);
	} else {
		for_each_thread(current, t) {
			if ((wo->flags & __WNOTHREAD) && t != current)
				continue;
			ret = consider_children_of(wo, t);
			if (ret)
				break;
		}
	}
	if (ret)
		return ret;		/* the lock is gone already */
	read_unlock(&tasklist_lock);
	return wo->candidates ? 0 : -ECHILD;
}

static long do_wait(struct wait_opts *wo)
{
	long ret;

	might_sleep();
	ret = look_once(wo);
	if (ret || (wo->flags & WNOHANG))
		return ret;

	init_waitqueue_entry(&wo->entry, current);
	add_wait_queue(&current->signal->wait_chldexit, &wo->entry);
	for (;;) {
		set_current_state(TASK_INTERRUPTIBLE);
		ret = look_once(wo);
		if (ret)
			break;
		if (signal_pending(current)) {
			ret = -ERESTARTSYS;
			break;
		}
		schedule();
	}
	__set_current_state(TASK_RUNNING);
	remove_wait_queue(&current->signal->wait_chldexit, &wo->entry);
	return ret;
}

#define WAIT4_OPTIONS	(WNOHANG | WUNTRACED | WCONTINUED | __WNOTHREAD | __WCLONE | __WALL)
#define WAITID_OPTIONS	(WNOHANG | WNOWAIT | WEXITED | WSTOPPED | WCONTINUED |			\
			 __WNOTHREAD | __WCLONE | __WALL)

/* wait4()'s pid argument: wait4(2). Return: 0 or -errno. */
static int select_by_upid(struct wait_opts *wo, pid_t upid)
{
	if (upid == -1) {
		wo->type = PIDTYPE_MAX;
	} else if (upid < 0) {
		wo->type = PIDTYPE_PGID;
		wo->pid = find_get_pid(-upid);
	} else if (upid == 0) {
		wo->type = PIDTYPE_PGID;
		wo->pid = get_task_pid(current, PIDTYPE_PGID);
	} else {
		wo->type = PIDTYPE_PID;
		wo->pid = find_get_pid(upid);
	}
	return wo->type != PIDTYPE_MAX && !wo->pid ? -ECHILD : 0;
}

/**
 * kernel_wait4 - wait for a child to change state
 * @upid: which, as in wait4(2)
 * @stat: where its status goes, or NULL
 * @options: WNOHANG, WUNTRACED, WCONTINUED, __W*
 * @ru: where its resource usage goes, or NULL
 *
 * Context: task, may sleep.
 * Return: pid; 0 with WNOHANG and nothing to report; -EINVAL, -ESRCH, -ECHILD, -ERESTARTSYS.
 */
long kernel_wait4(pid_t upid, int *stat, int options, struct rusage *ru)
{
	struct wait_opts wo = { .flags = options | WEXITED, .rusage = ru };
	long ret;

	if (options & ~WAIT4_OPTIONS)
		return -EINVAL;
	/* -INT_MIN is not a number. */
	if (upid == INT_MIN)
		return -ESRCH;
	ret = select_by_upid(&wo, upid);
	if (!ret)
		ret = do_wait(&wo);
	put_pid(wo.pid);
	if (ret > 0 && stat)
		*stat = wo.stat;
	return ret;
}

SYSCALL_DEFINE4(wait4, pid_t, upid, int __user *, stat_addr, int, options,
		struct rusage __user *, ru)
{
	struct rusage usage;
	int stat;
	long ret;

	ret = kernel_wait4(upid, &stat, options, ru ? &usage : NULL);
	if (ret <= 0)
		return ret;
	if (stat_addr && put_user(stat, stat_addr))
		return -EFAULT;
	if (ru && copy_to_user(ru, &usage, sizeof(usage)))
		return -EFAULT;
	return ret;
}

/* A nonblocking pidfd does not wait, and says so with -EAGAIN: pidfd_open(2). */
static int select_by_pidfd(struct wait_opts *wo, unsigned int fd)
{
	unsigned int f_flags;
	struct pid *pid = pidfd_get_pid(fd, &f_flags);

	if (IS_ERR(pid))
		return PTR_ERR(pid);
	wo->pid = pid;
	wo->nonblock = (f_flags & O_NONBLOCK) && !(wo->flags & WNOHANG);
	if (wo->nonblock)
		wo->flags |= WNOHANG;
	return 0;
}

/* waitid()'s idtype and id: waitid(2). */
static int select_by_id(struct wait_opts *wo, int which, pid_t upid)
{
	switch (which) {
	case P_ALL:
		wo->type = PIDTYPE_MAX;
		return 0;
	case P_PID:
		if (upid <= 0)
			return -EINVAL;
		wo->type = PIDTYPE_PID;
		wo->pid = find_get_pid(upid);
		break;
	case P_PGID:
		if (upid < 0)
			return -EINVAL;
		wo->type = PIDTYPE_PGID;
		wo->pid = upid ? find_get_pid(upid) : get_task_pid(current, PIDTYPE_PGID);
		break;
	case P_PIDFD:
		if (upid < 0)
			return -EINVAL;
		wo->type = PIDTYPE_PID;
		return select_by_pidfd(wo, upid);
	default:
		return -EINVAL;
	}
	return wo->pid ? 0 : -ECHILD;
}

static int put_wait_info(siginfo_t __user *infop, const struct wait_info *info, bool found)
{
	siginfo_t si = { };

	if (found) {
		si.si_signo = SIGCHLD;
		si.si_code = info->cause;
		si.si_pid = info->pid;
		si.si_uid = info->uid;
		si.si_status = info->status;
	}
	/* Only these fields are written: Linux leaves the rest of the caller's buffer alone. */
	return put_user(si.si_signo, &infop->si_signo) || put_user(0, &infop->si_errno) ||
	       put_user(si.si_code, &infop->si_code) || put_user(si.si_pid, &infop->si_pid) ||
	       put_user(si.si_uid, &infop->si_uid) ||
	       put_user(si.si_status, &infop->si_status) ? -EFAULT : 0;
}

SYSCALL_DEFINE5(waitid, int, which, pid_t, upid, siginfo_t __user *, infop, int, options,
		struct rusage __user *, ru)
{
	struct rusage usage;
	struct wait_opts wo = { .flags = options, .rusage = ru ? &usage : NULL };
	long ret;

	if (options & ~WAITID_OPTIONS)
		return -EINVAL;
	if (!(options & (WEXITED | WSTOPPED | WCONTINUED)))
		return -EINVAL;
	ret = select_by_id(&wo, which, upid);
	if (!ret)
		ret = do_wait(&wo);
	put_pid(wo.pid);
	if (!ret && wo.nonblock)
		ret = -EAGAIN;
	if (ret > 0 && ru && copy_to_user(ru, &usage, sizeof(usage)))
		return -EFAULT;
	if (ret >= 0 && infop && put_wait_info(infop, &wo.info, ret > 0))
		return -EFAULT;
	return min(ret, 0L);
}

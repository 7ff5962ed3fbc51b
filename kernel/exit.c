// SPDX-License-Identifier: GPL-2.0-only
/*
 * Dying: a task gives up what it owns, its children get a new parent, its own parent is told,
 * and in the end somebody reaps it. What is given up when is in fork_rows.h.
 * Locks: tasklist_lock for the family, siglock for the accounts of the group.
 */
#include <linux/acct.h>
#include <linux/audit.h>
#include <linux/cgroup.h>
#include <linux/cn_proc.h>
#include <linux/coredump.h>
#include <linux/cred.h>
#include <linux/fork.h>
#include <linux/init.h>
#include <linux/mm.h>
#include <linux/pid_namespace.h>
#include <linux/posix-timers.h>
#include <linux/ptrace.h>
#include <linux/sched.h>
#include <linux/signal.h>
#include <linux/syscalls.h>
#include <linux/tty.h>
#include "fork_rows.h"
#include "internal.h"

/* ---- reaping ---- */

static void delayed_put_task_struct(struct rcu_head *head)
{
	put_task_struct(container_of(head, struct task_struct, rcu));
}

/*
 * What the dying thread used goes to the group's sums, and it leaves the list, in one step for
 * thread_group_cputime(): else it would be counted twice. Context: siglock.
 */
static void account_dead_thread(struct task_struct *tsk, struct signal_struct *sig)
{
	u64 utime, stime;

	task_cputime(tsk, &utime, &stime);
	write_seqlock(&sig->stats_lock);
	sig->utime += utime;
	sig->stime += stime;
	sig->sum_sched_runtime += tsk->se.sum_exec_runtime;
	sig->min_flt += tsk->min_flt;
	sig->maj_flt += tsk->maj_flt;
	sig->nvcsw += tsk->nvcsw;
	sig->nivcsw += tsk->nivcsw;
	sig->rchar += tsk->rchar;
	sig->wchar += tsk->wchar;
	sig->syscr += tsk->syscr;
	sig->syscw += tsk->syscw;
	sig->nr_threads--;
	list_del_rcu(&tsk->thread_node);
	write_sequnlock(&sig->stats_lock);
}

/* The thread leaves its group. Context: tasklist_lock for writing; takes siglock. */
static void leave_group(struct task_struct *tsk)
{
	struct signal_struct *sig = tsk->signal;

	spin_lock(&tsk->sighand->siglock);
	posix_cpu_timers_exit(tsk);
	if (thread_group_leader(tsk))
		posix_cpu_timers_exit_group(tsk);
	else if (sig->notify_count > 0 && !--sig->notify_count)
		wake_up_process(sig->group_exec_task);	/* exec waits to be alone */
	if (tsk == sig->curr_target)
		sig->curr_target = next_thread(tsk);
	account_dead_thread(tsk, sig);
	spin_unlock(&tsk->sighand->siglock);
}

/* The reverse of task_publish(). Context: tasklist_lock for writing. */
static void task_unpublish(struct task_struct *tsk)
{
	ASSERT(rwlock_is_write_locked(&tasklist_lock));
	if (unlikely(tsk->ptrace))
		__ptrace_unlink(tsk);
	detach_pid(tsk, PIDTYPE_PID);
	if (thread_group_leader(tsk)) {
		detach_pid(tsk, PIDTYPE_TGID);
		detach_pid(tsk, PIDTYPE_PGID);
		detach_pid(tsk, PIDTYPE_SID);
		list_del_rcu(&tsk->tasks);
		list_del_init(&tsk->sibling);
	}
	leave_group(tsk);
}

/*
 * The last thread but the leader is gone: now the leader, dead before it, can be reported.
 * Return: whether the parent does not want it, so that we reap it too.
 */
static bool leader_can_go(struct task_struct *leader)
{
	if (!thread_group_empty(leader) || leader->exit_state != EXIT_ZOMBIE)
		return false;
	if (!do_notify_parent(leader, leader->exit_signal))
		return false;
	leader->exit_state = EXIT_DEAD;
	return true;
}

/**
 * release_task - take a dead task out of all tables
 * @tsk: exit_state is EXIT_DEAD, so this is its only reaper
 *
 * Context: task, no locks; may sleep.
 */
void release_task(struct task_struct *tsk)
{
	struct task_struct *leader;
	struct tty_struct *tty;
	bool again;

	do {
		leader = tsk->group_leader;
		tty = NULL;
		write_lock_irq(&tasklist_lock);
		task_unpublish(tsk);
		again = leader != tsk && leader_can_go(leader);
		if (leader == tsk) {
			tty = tsk->signal->tty;
			tsk->signal->tty = NULL;
		}
		write_unlock_irq(&tasklist_lock);

		tty_kref_put(tty);
		reap_rows(tsk);		/* sighand: nobody can send to it from here on */
		call_rcu(&tsk->rcu, delayed_put_task_struct);
		tsk = leader;
	} while (again);
}

/* ---- orphaned process groups: POSIX.1 3.1.2 and _exit() ---- */

/*
 * No member of the group, @ignored aside, has its parent in another group of the same session:
 * nobody is left who could continue it. Context: tasklist_lock.
 */
static bool pgrp_is_orphaned(struct pid *pgrp, struct task_struct *ignored)
{
	struct task_struct *p;

	do_each_pid_task(pgrp, PIDTYPE_PGID, p) {
		if (p == ignored || (p->exit_state && thread_group_empty(p)) ||
		    is_global_init(p->real_parent))
			continue;
		if (task_pgrp(p->real_parent) != pgrp &&
		    task_session(p->real_parent) == task_session(p))
			return false;
	} while_each_pid_task(pgrp, PIDTYPE_PGID, p);
	return true;
}

bool is_current_pgrp_orphaned(void)
{
	bool orphaned;

	read_lock(&tasklist_lock);
	orphaned = pgrp_is_orphaned(task_pgrp(current), NULL);
	read_unlock(&tasklist_lock);
	return orphaned;
}

static bool has_stopped_jobs(struct pid *pgrp)
{
	struct task_struct *p;

	do_each_pid_task(pgrp, PIDTYPE_PGID, p) {
		if (p->signal->flags & SIGNAL_STOP_STOPPED)
			return true;
	} while_each_pid_task(pgrp, PIDTYPE_PGID, p);
	return false;
}

/*
 * @tsk leaves @parent (its own death when @parent is NULL). If that orphans its group and the
 * group has stopped members, they get SIGHUP and SIGCONT. Context: tasklist_lock for writing.
 */
static void kill_orphaned_pgrp(struct task_struct *tsk, struct task_struct *parent)
{
	struct pid *pgrp = task_pgrp(tsk);
	struct task_struct *ignored = tsk;

	if (parent)
		ignored = NULL;		/* the child stays, its parent's link goes */
	else
		parent = tsk->real_parent;
	if (task_pgrp(parent) != pgrp && task_session(parent) == task_session(tsk) &&
	    pgrp_is_orphaned(pgrp, ignored) && has_stopped_jobs(pgrp)) {
		__kill_pgrp_info(SIGHUP, SEND_SIG_PRIV, pgrp);
		__kill_pgrp_info(SIGCONT, SEND_SIG_PRIV, pgrp);
	}
}

/* ---- a new parent for the children ---- */

static struct task_struct *alive_thread(struct task_struct *p)
{
	struct task_struct *t;

	for_each_thread(p, t)
		if (!(t->flags & PF_EXITING))
			return t;
	return NULL;
}

/*
 * The init of @father's namespace. When @father was that, a sibling thread takes over, and with
 * the last of them the namespace dies: for that the lock is dropped and taken again.
 */
static struct task_struct *find_child_reaper(struct task_struct *father)
{
	struct pid_namespace *ns = task_active_pid_ns(father);
	struct task_struct *t;

	if (likely(ns->child_reaper != father))
		return ns->child_reaper;
	t = alive_thread(father);
	if (t) {
		ns->child_reaper = t;
		return t;
	}
	write_unlock_irq(&tasklist_lock);
	zap_pid_ns_processes(ns);
	write_lock_irq(&tasklist_lock);
	return father;
}

/* Another thread of ours, else the nearest subreaper above us, else init: prctl(2). */
static struct task_struct *find_new_reaper(struct task_struct *father, struct task_struct *init)
{
	unsigned int level = task_pid(father)->level;
	struct task_struct *reaper, *t;

	t = alive_thread(father);
	if (t)
		return t;
	if (father->signal->has_child_subreaper) {
		for (reaper = father->real_parent;
		     reaper->signal != init_task.signal && task_pid(reaper)->level == level;
		     reaper = reaper->real_parent) {
			if (same_thread_group(reaper, init))
				break;
			if (!reaper->signal->is_child_subreaper)
				continue;
			t = alive_thread(reaper);
			if (t)
				return t;
		}
	}
	return init;
}

static void reparent_leader(struct task_struct *father, struct task_struct *p,
			    struct list_head *dead)
{
	if (unlikely(p->exit_state == EXIT_DEAD))
		return;
	/* A parent that did not fork it expects nothing but SIGCHLD. */
	p->exit_signal = SIGCHLD;
	/* A traced zombie is its tracer's to wait for first. */
	if (!p->ptrace && p->exit_state == EXIT_ZOMBIE && thread_group_empty(p) &&
	    do_notify_parent(p, p->exit_signal)) {
		p->exit_state = EXIT_DEAD;
		list_add(&p->ptrace_entry, dead);
	}
	kill_orphaned_pgrp(p, father);
}

static void reparent_children(struct task_struct *father, struct list_head *dead)
{
	struct task_struct *init = find_child_reaper(father), *p, *t, *reaper;

	if (list_empty(&father->children))
		return;
	reaper = find_new_reaper(father, init);
	list_for_each_entry(p, &father->children, sibling) {
		for_each_thread(p, t) {
			t->real_parent = reaper;
			if (likely(!t->ptrace))
				t->parent = reaper;
			if (t->pdeath_signal)
				group_send_sig_info(t->pdeath_signal, SEND_SIG_NOINFO, t,
						    PIDTYPE_TGID);
		}
		/* To a sibling thread nothing changed: same process, same group. */
		if (!same_thread_group(reaper, father))
			reparent_leader(father, p, dead);
	}
	list_splice_tail_init(&father->children, &reaper->children);
}

/* Return: whether nobody will wait for @tsk. */
static bool tell_of_death(struct task_struct *tsk)
{
	bool last = thread_group_leader(tsk) && thread_group_empty(tsk);

	/* A tracer waits for each thread; our own parent's choice of a signal is not for it. */
	if (unlikely(tsk->ptrace))
		return do_notify_parent(tsk, last && !ptrace_reparented(tsk) ? tsk->exit_signal :
					     SIGCHLD);
	if (thread_group_leader(tsk))
		return last && do_notify_parent(tsk, tsk->exit_signal);
	return true;
}

/* Tell the parent, or arrange to reap ourselves when it does not care. */
static void exit_notify(struct task_struct *tsk, bool group_dead)
{
	struct task_struct *p, *next;
	LIST_HEAD(dead);
	bool autoreap;

	write_lock_irq(&tasklist_lock);
	if (unlikely(!list_empty(&tsk->ptraced)))
		exit_ptrace(tsk, &dead);
	reparent_children(tsk, &dead);
	if (group_dead)
		kill_orphaned_pgrp(tsk->group_leader, NULL);
	tsk->exit_state = EXIT_ZOMBIE;
	autoreap = tell_of_death(tsk);
	if (autoreap) {
		tsk->exit_state = EXIT_DEAD;
		list_add(&tsk->ptrace_entry, &dead);
	}
	/* exec waits for the leader to be a zombie before it takes its place. */
	if (unlikely(tsk->signal->notify_count < 0))
		wake_up_process(tsk->signal->group_exec_task);
	write_unlock_irq(&tasklist_lock);

	list_for_each_entry_safe(p, next, &dead, ptrace_entry) {
		list_del_init(&p->ptrace_entry);
		release_task(p);
	}
}

/* ---- exit ---- */

static void check_may_exit(struct task_struct *tsk, long code)
{
	if (unlikely(in_interrupt()))
		panic("a task was to exit inside an interrupt: %s[%d]", tsk->comm, tsk->pid);
	if (unlikely(tsk->flags & PF_IDLE))
		panic("the idle task was to exit");
	if (unlikely(tsk->flags & PF_EXITING)) {
		/* It faulted while dying: leave it where it is, for ever. */
		pr_alert("%s[%d] failed again while exiting; it is left as it is\n",
			 tsk->comm, tsk->pid);
		for (;;) {
			set_current_state(TASK_UNINTERRUPTIBLE);
			schedule();
		}
	}
}

static void check_init_lives(struct task_struct *tsk, long code)
{
	if (likely(!is_global_init(tsk)))
		return;
	code = tsk->signal->group_exit_code ?: code;
	if (code & 0x7f)
		panic("init (pid 1) was killed by signal %ld. The system cannot go on without it.",
		      code & 0x7f);
	panic("init (pid 1) exited with status %ld. The system cannot go on without it; "
	      "does init= or /init name a program that stays?", (code >> 8) & 0xff);
}

/* The group's last thread: what belongs to all of them ends here. */
static void exit_group_resources(struct task_struct *tsk, long code)
{
	hrtimer_cancel(&tsk->signal->real_timer);
	exit_itimers(tsk->signal);
	acct_process(tsk, code);
	if (tsk->mm)
		tsk->signal->maxrss = max(tsk->signal->maxrss, get_mm_hiwater_rss(tsk->mm));
}

/* Killed for a sibling's core: by now it is known whether there is one. */
static long died_with_group(struct task_struct *tsk, long code)
{
	return tsk->flags & PF_SIGNALED ? tsk->signal->group_exit_code : code;
}

/**
 * do_exit - end the current thread
 * @code: as wait() reports it: status << 8, or the signal, | 0x80 for a core
 *
 * Context: task, no locks.
 */
void __noreturn do_exit(long code)
{
	struct task_struct *tsk = current;
	bool group_dead;

	check_may_exit(tsk, code);
	coredump_park(tsk);
	if (unlikely(tsk->ptrace))
		ptrace_event(PTRACE_EVENT_EXIT, code);
	exit_signals(tsk);		/* sets PF_EXITING; parks too, if a dump began before that */
	if (unlikely(tsk->flags & PF_POSTCOREDUMP))
		code = died_with_group(tsk, code);
	group_dead = atomic_dec_and_test(&tsk->signal->live);
	if (group_dead) {
		check_init_lives(tsk, code);
		exit_group_resources(tsk, code);
	}
	tsk->exit_code = code;
	mm_release(tsk, tsk->mm);
	cgroup_leave(tsk);
	exit_rows(tsk);
	task_work_run();		/* what closing files left to do */
	if (group_dead && tsk->signal->leader)
		disassociate_ctty(true);
	audit_exit(tsk, code);
	proc_exit_connector(tsk);
	exit_notify(tsk, group_dead);
	do_task_dead();
}

/**
 * do_group_exit - end all threads of the current process
 * @code: as for do_exit(); a group exit that began earlier keeps its own
 *
 * Context: task, no locks.
 */
void __noreturn do_group_exit(int code)
{
	struct signal_struct *sig = current->signal;
	struct sighand_struct *sighand = current->sighand;

	if (sig->flags & SIGNAL_GROUP_EXIT) {
		code = sig->group_exit_code;
	} else if (sig->group_exec_task) {
		code = 0;		/* a sibling's exec is killing us */
	} else if (!thread_group_empty(current)) {
		spin_lock_irq(&sighand->siglock);
		if (sig->flags & SIGNAL_GROUP_EXIT)
			code = sig->group_exit_code;
		else if (sig->group_exec_task)
			code = 0;
		else {
			sig->group_exit_code = code;
			sig->flags = SIGNAL_GROUP_EXIT;
			zap_other_threads(current);
		}
		spin_unlock_irq(&sighand->siglock);
	}
	do_exit(code);
}

SYSCALL_DEFINE1(exit, int, error_code)
{
	do_exit((error_code & 0xff) << 8);
}

SYSCALL_DEFINE1(exit_group, int, error_code)
{
	do_group_exit((error_code & 0xff) << 8);
}

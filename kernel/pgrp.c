// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who is who: process ids, parents, process groups and sessions.
 * Locks: tasklist_lock to change a group or session; readers use RCU.
 */
#include <linux/cn_proc.h>
#include <linux/cred.h>
#include <linux/sched.h>
#include <linux/signal.h>
#include <linux/syscalls.h>
#include <linux/tty.h>

SYSCALL_DEFINE0(getpid)
{
	return task_tgid_vnr(current);
}

SYSCALL_DEFINE0(gettid)
{
	return task_pid_vnr(current);
}

SYSCALL_DEFINE0(getppid)
{
	pid_t pid;

	rcu_read_lock();
	pid = task_tgid_vnr(READ_ONCE(current->real_parent));
	rcu_read_unlock();
	return pid;
}

/* The group or session of @nr, 0 for our own. Return: its number, or -ESRCH. */
static pid_t id_of(pid_t nr, enum pid_type type)
{
	struct task_struct *p = current;
	struct pid *id;
	pid_t ret = -ESRCH;

	rcu_read_lock();
	if (nr)
		p = find_task_by_vpid(nr);
	if (p) {
		id = READ_ONCE(p->signal->pids[type]);
		if (id)
			ret = pid_vnr(id);
	}
	rcu_read_unlock();
	return ret;
}

SYSCALL_DEFINE1(getpgid, pid_t, pid)
{
	return id_of(pid, PIDTYPE_PGID);
}

SYSCALL_DEFINE0(getpgrp)
{
	return id_of(0, PIDTYPE_PGID);
}

SYSCALL_DEFINE1(getsid, pid_t, pid)
{
	return id_of(pid, PIDTYPE_SID);
}

/* May we change @p's group? setpgid(2), in Linux's order of checks. Context: tasklist_lock. */
static int check_setpgid_target(struct task_struct *p)
{
	struct task_struct *leader = current->group_leader;

	if (!thread_group_leader(p))
		return -EINVAL;
	if (same_thread_group(p->real_parent, leader)) {
		if (task_session(p) != task_session(leader))
			return -EPERM;
		if (!(p->flags & PF_FORKNOEXEC))
			return -EACCES;
	} else if (p != leader) {
		return -ESRCH;
	}
	return p->signal->leader ? -EPERM : 0;
}

/* The group to join: an existing one of our session, or a new one of its own number. */
static struct pid *find_target_group(struct task_struct *p, pid_t pgid)
{
	struct task_struct *member;
	struct pid *pgrp;

	if (pgid == task_pid_vnr(p))
		return task_pid(p);
	pgrp = find_vpid(pgid);
	member = pid_task(pgrp, PIDTYPE_PGID);
	if (!member || task_session(member) != task_session(current->group_leader))
		return NULL;
	return pgrp;
}

SYSCALL_DEFINE2(setpgid, pid_t, pid, pid_t, pgid)
{
	struct task_struct *p;
	struct pid *pgrp;
	int err = -ESRCH;

	if (!pid)
		pid = task_tgid_vnr(current);
	if (!pgid)
		pgid = pid;
	if (pgid < 0)
		return -EINVAL;
	write_lock_irq(&tasklist_lock);
	p = find_task_by_vpid(pid);
	if (p)
		err = check_setpgid_target(p);
	if (!err) {
		pgrp = find_target_group(p, pgid);
		if (!pgrp)
			err = -EPERM;
		else if (task_pgrp(p) != pgrp)
			change_pid(p, PIDTYPE_PGID, pgrp);
	}
	write_unlock_irq(&tasklist_lock);
	return err;
}

/**
 * ksys_setsid - make the caller the leader of a new session and group
 *
 * Context: task.
 * Return: the session's number, or -EPERM when the caller leads a group already.
 * Source: setsid(2).
 */
int ksys_setsid(void)
{
	struct task_struct *leader = current->group_leader;
	struct tty_struct *tty = NULL;
	struct pid *sid = task_pid(leader);
	int err = -EPERM;

	write_lock_irq(&tasklist_lock);
	if (!leader->signal->leader && !pid_task(sid, PIDTYPE_PGID)) {
		leader->signal->leader = true;
		if (task_session(leader) != sid)
			change_pid(leader, PIDTYPE_SID, sid);
		if (task_pgrp(leader) != sid)
			change_pid(leader, PIDTYPE_PGID, sid);
		spin_lock(&leader->sighand->siglock);
		tty = leader->signal->tty;
		leader->signal->tty = NULL;
		spin_unlock(&leader->sighand->siglock);
		err = pid_vnr(sid);
	}
	write_unlock_irq(&tasklist_lock);
	if (err > 0)
		proc_sid_connector(leader);
	tty_kref_put(tty);
	return err;
}

SYSCALL_DEFINE0(setsid)
{
	return ksys_setsid();
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who may look into another task or trace it: ids, capabilities and the dumpable flag.
 * Source: ptrace(2), "Ptrace access mode checking".
 */
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/err.h>
#include <linux/mm.h>
#include <linux/ptrace.h>
#include <linux/sched.h>
#include <linux/security.h>

static bool same_ids(const struct cred *theirs, uid_t uid, gid_t gid)
{
	return uid == theirs->euid && uid == theirs->suid && uid == theirs->uid &&
	       gid == theirs->egid && gid == theirs->sgid && gid == theirs->gid;
}

static bool ids_allow(struct task_struct *tsk, unsigned int mode)
{
	const struct cred *mine = current_cred(), *theirs;
	bool fs = mode & PTRACE_MODE_FSCREDS, allowed;

	rcu_read_lock();
	theirs = __task_cred(tsk);
	allowed = same_ids(theirs, fs ? mine->fsuid : mine->uid, fs ? mine->fsgid : mine->gid) ||
		  ns_capable(theirs->user_ns, CAP_SYS_PTRACE);
	rcu_read_unlock();
	return allowed;
}

/* A program that it may execute but not read, or that gave powers up, stays its own secret. */
static bool dumpable_allows(struct task_struct *tsk)
{
	bool allowed;

	task_lock(tsk);
	allowed = !tsk->mm || get_dumpable(tsk->mm) == SUID_DUMP_USER ||
		  ns_capable(tsk->mm->user_ns, CAP_SYS_PTRACE);
	task_unlock(tsk);
	return allowed;
}

/* Looking at a task's own powers from below would lend them. */
static bool caps_allow(struct task_struct *tsk)
{
	const struct cred *mine = current_cred(), *theirs;
	bool allowed;

	rcu_read_lock();
	theirs = __task_cred(tsk);
	allowed = (mine->user_ns == theirs->user_ns &&
		   cap_issubset(theirs->cap_permitted, mine->cap_permitted)) ||
		  ns_capable(theirs->user_ns, CAP_SYS_PTRACE);
	rcu_read_unlock();
	return allowed;
}

/**
 * ptrace_may_access - may current look into a task, or attach to it?
 * @tsk: the task
 * @mode: PTRACE_MODE_READ or _ATTACH, and whose ids count: _FSCREDS or _REALCREDS
 *
 * Context: any task context.
 */
bool ptrace_may_access(struct task_struct *tsk, unsigned int mode)
{
	if (same_thread_group(tsk, current))
		return true;
	return ids_allow(tsk, mode) && dumpable_allows(tsk) && caps_allow(tsk) &&
	       !security_ptrace_access_check(tsk, mode & PTRACE_MODE_ATTACH);
}

/**
 * mm_access - the memory of a task, if current may see it
 * @tsk: the task
 * @mode: as for ptrace_may_access()
 *
 * Context: sleeps; exec of @tsk is kept out while credentials and memory are compared.
 * Return: the memory with a reference, NULL when there is none, -EACCES, or -EINTR.
 */
struct mm_struct *mm_access(struct task_struct *tsk, unsigned int mode)
{
	struct mm_struct *mm;

	if (down_read_killable(&tsk->signal->exec_update_lock))
		return ERR_PTR(-EINTR);
	mm = get_task_mm(tsk);
	if (mm && mm != current->mm && !ptrace_may_access(tsk, mode)) {
		mmput(mm);
		mm = ERR_PTR(-EACCES);
	}
	up_read(&tsk->signal->exec_update_lock);
	return mm;
}

/**
 * ptracer_capable - did the tracing of @tsk begin with CAP_SYS_PTRACE over @ns?
 *
 * exec gives new powers to a traced program only then. Context: task, exec of @tsk.
 */
bool ptracer_capable(const struct task_struct *tsk, const struct user_namespace *ns)
{
	const struct cred *cred;
	bool capable = true;

	rcu_read_lock();
	cred = READ_ONCE(tsk->ptracer_cred);
	if (cred)
		capable = cred_ns_capable(cred, ns, CAP_SYS_PTRACE);
	rcu_read_unlock();
	return capable;
}

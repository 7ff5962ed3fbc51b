// SPDX-License-Identifier: GPL-2.0-only
/*
 * Resource limits: getrlimit, setrlimit, prlimit64. The limits belong to the thread group and
 * are guarded by its leader's alloc_lock; readers take single words without it.
 */
#include <linux/cred.h>
#include <linux/err.h>
#include <linux/fdtable.h>
#include <linux/pid.h>
#include <linux/posix-timers.h>
#include <linux/resource.h>
#include <linux/sched.h>
#include <linux/syscalls.h>
#include <linux/uaccess.h>

static int check_new_limit(unsigned int resource, const struct rlimit *new)
{
	if (new->rlim_cur > new->rlim_max)
		return -EINVAL;
	if (resource == RLIMIT_NOFILE && new->rlim_max > sysctl_nr_open)
		return -EPERM;
	return 0;
}

/**
 * do_prlimit - read and change a limit of a process
 * @tsk: any thread of it, kept alive by the caller
 * @resource: RLIMIT_*
 * @new: what to set, or NULL; raising the hard limit needs CAP_SYS_RESOURCE
 * @old: what was set, or NULL
 *
 * Context: task. Return: 0, -EINVAL, -EPERM.
 */
int do_prlimit(struct task_struct *tsk, unsigned int resource, struct rlimit *new,
	       struct rlimit *old)
{
	struct rlimit *rlim;
	int ret;

	if (resource >= RLIM_NLIMITS)
		return -EINVAL;
	if (new) {
		ret = check_new_limit(resource, new);
		if (ret)
			return ret;
	}
	rlim = &tsk->signal->rlim[resource];
	task_lock(tsk->group_leader);
	if (old)
		*old = *rlim;
	ret = new && new->rlim_max > rlim->rlim_max && !capable(CAP_SYS_RESOURCE) ? -EPERM : 0;
	if (new && !ret)
		*rlim = *new;
	task_unlock(tsk->group_leader);
	if (new && !ret && resource == RLIMIT_CPU && new->rlim_cur != RLIM_INFINITY)
		update_rlimit_cpu(tsk, new->rlim_cur);
	return ret;
}

/* prlimit(2): the caller's real ids must match all of the target's, or CAP_SYS_RESOURCE. */
static bool prlimit_permitted(struct task_struct *tsk)
{
	const struct cred *cred = current_cred(), *target = __task_cred(tsk);

	if (tsk == current)
		return true;
	if (cred->uid == target->euid && cred->uid == target->suid && cred->uid == target->uid &&
	    cred->gid == target->egid && cred->gid == target->sgid && cred->gid == target->gid)
		return true;
	return ns_capable(target->user_ns, CAP_SYS_RESOURCE);
}

static struct task_struct *prlimit_target(pid_t pid)
{
	struct task_struct *tsk;

	rcu_read_lock();
	tsk = pid ? find_task_by_vpid(pid) : current;
	if (!tsk)
		tsk = ERR_PTR(-ESRCH);
	else if (!prlimit_permitted(tsk))
		tsk = ERR_PTR(-EPERM);
	else
		get_task_struct(tsk);
	rcu_read_unlock();
	return tsk;
}

SYSCALL_DEFINE4(prlimit64, pid_t, pid, unsigned int, resource,
		const struct rlimit64 __user *, new_rlim, struct rlimit64 __user *, old_rlim)
{
	struct rlimit new, old;
	struct task_struct *tsk;
	int ret;

	BUILD_ASSERT(sizeof(struct rlimit) == sizeof(struct rlimit64));
	if (new_rlim && copy_from_user(&new, new_rlim, sizeof(new)))
		return -EFAULT;
	tsk = prlimit_target(pid);
	if (IS_ERR(tsk))
		return PTR_ERR(tsk);
	ret = do_prlimit(tsk, resource, new_rlim ? &new : NULL, old_rlim ? &old : NULL);
	put_task_struct(tsk);
	if (!ret && old_rlim && copy_to_user(old_rlim, &old, sizeof(old)))
		return -EFAULT;
	return ret;
}

SYSCALL_DEFINE2(getrlimit, unsigned int, resource, struct rlimit __user *, rlim)
{
	struct rlimit value;
	int ret = do_prlimit(current, resource, NULL, &value);

	if (ret)
		return ret;
	return copy_to_user(rlim, &value, sizeof(value)) ? -EFAULT : 0;
}

SYSCALL_DEFINE2(setrlimit, unsigned int, resource, struct rlimit __user *, rlim)
{
	struct rlimit value;

	if (copy_from_user(&value, rlim, sizeof(value)))
		return -EFAULT;
	return do_prlimit(current, resource, &value, NULL);
}

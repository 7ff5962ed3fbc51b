// SPDX-License-Identifier: GPL-2.0-only
/*
 * prctl(2). What belongs to capabilities is in kernel/capability.c. Each operation checks its
 * arguments as Linux does; one that this machine or kernel does not have answers EINVAL.
 */
#include <linux/capability.h>
#include <linux/cn_proc.h>
#include <linux/cred.h>
#include <linux/mm.h>
#include <linux/prctl.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <linux/securebits.h>
#include <linux/security.h>
#include <linux/signal.h>
#include <linux/string.h>
#include <linux/syscalls.h>
#include <linux/uaccess.h>

struct prctl_args {
	unsigned long arg2, arg3, arg4, arg5;
};

static bool any_from_3(const struct prctl_args *a)
{
	return a->arg3 | a->arg4 | a->arg5;
}

static bool any_from_2(const struct prctl_args *a)
{
	return a->arg2 || any_from_3(a);
}

/**
 * set_task_comm - change what a task is called
 * @tsk: current, or a task that does not run yet
 * @comm: cut to 15 bytes
 *
 * Readers without the lock may see a mixture, but always a terminated string.
 */
void set_task_comm(struct task_struct *tsk, const char *comm)
{
	char name[TASK_COMM_LEN] = { };

	strscpy(name, comm, sizeof(name));
	task_lock(tsk);
	memcpy(tsk->comm, name, sizeof(name));
	task_unlock(tsk);
}

void get_task_comm(char buf[TASK_COMM_LEN], struct task_struct *tsk)
{
	task_lock(tsk);
	memcpy(buf, tsk->comm, TASK_COMM_LEN);
	task_unlock(tsk);
}

static long set_name(const char __user *name)
{
	char comm[TASK_COMM_LEN] = { };

	if (strncpy_from_user(comm, name, sizeof(comm) - 1) < 0)
		return -EFAULT;
	set_task_comm(current, comm);
	proc_comm_connector(current);
	return 0;
}

static long get_name(char __user *name)
{
	char comm[TASK_COMM_LEN];

	get_task_comm(comm, current);
	return copy_to_user(name, comm, sizeof(comm)) ? -EFAULT : 0;
}

static bool descends_from(struct task_struct *tsk, struct task_struct *ancestor)
{
	while (tsk != tsk->real_parent) {
		tsk = tsk->real_parent;
		if (same_thread_group(tsk, ancestor))
			return true;
	}
	return false;
}

/* Descendants learn that a reaper is above them, so that exit looks for it. */
static long set_child_subreaper(bool on)
{
	struct task_struct *p;

	current->signal->is_child_subreaper = on;
	if (!on)
		return 0;
	read_lock(&tasklist_lock);
	for_each_process(p)
		if (!p->signal->has_child_subreaper && descends_from(p, current))
			p->signal->has_child_subreaper = true;
	read_unlock(&tasklist_lock);
	return 0;
}

static long set_timer_slack(long ns)
{
	current->timer_slack_ns = ns > 0 ? (u64)ns : current->default_timer_slack_ns;
	return 0;
}

static long set_tsc(unsigned long mode)
{
	if (mode != PR_TSC_ENABLE && mode != PR_TSC_SIGSEGV)
		return -EINVAL;
	set_tsc_disabled(mode == PR_TSC_SIGSEGV);
	return 0;
}

static long set_dumpable_call(unsigned long value)
{
	if (value != SUID_DUMP_DISABLE && value != SUID_DUMP_USER)
		return -EINVAL;
	set_dumpable(current->mm, value);
	return 0;
}

static long set_thp_disable(bool on)
{
	struct mm_struct *mm = current->mm;

	if (on)
		__atomic_fetch_or(&mm->flags, 1UL << MMF_DISABLE_THP, __ATOMIC_RELAXED);
	else
		__atomic_fetch_and(&mm->flags, ~(1UL << MMF_DISABLE_THP), __ATOMIC_RELAXED);
	return 0;
}

/* Nothing here restrains speculation: it is on, and cannot be controlled. */
static long get_speculation(unsigned long which)
{
	switch (which) {
	case PR_SPEC_STORE_BYPASS:
	case PR_SPEC_INDIRECT_BRANCH:
		return PR_SPEC_ENABLE;
	case PR_SPEC_L1D_FLUSH:
		return PR_SPEC_FORCE_DISABLE;
	default:
		return -ENODEV;
	}
}

static long set_speculation(unsigned long which, unsigned long control)
{
	switch (which) {
	case PR_SPEC_STORE_BYPASS:
		return -ENXIO;
	case PR_SPEC_INDIRECT_BRANCH:
		if (control == PR_SPEC_ENABLE)
			return 0;
		return control == PR_SPEC_DISABLE || control == PR_SPEC_FORCE_DISABLE ?
		       -EPERM : -ERANGE;
	case PR_SPEC_L1D_FLUSH:
		return -EPERM;
	default:
		return -ENODEV;
	}
}

/* Operations on credentials. Return: -ENOSYS when it is none of them. */
static long prctl_cred(int option, const struct prctl_args *a)
{
	const struct cred *cred = current_cred();

	switch (option) {
	case PR_CAPBSET_READ:
		return a->arg2 > CAP_LAST_CAP ? -EINVAL : cap_raised(cred->cap_bset, a->arg2);
	case PR_CAPBSET_DROP:
		return cap_prctl_bset_drop(a->arg2);
	case PR_GET_SECUREBITS:
		return cred->securebits;
	case PR_SET_SECUREBITS:
		return cap_prctl_set_securebits(a->arg2);
	case PR_GET_KEEPCAPS:
		return !!(cred->securebits & SECBIT_KEEP_CAPS);
	case PR_SET_KEEPCAPS:
		return cap_prctl_set_keepcaps(a->arg2);
	case PR_CAP_AMBIENT:
		return cap_prctl_ambient(a->arg2, a->arg3, a->arg4, a->arg5);
	case PR_SET_SECCOMP:
		return prctl_set_seccomp(a->arg2, (void __user *)a->arg3);
	case PR_GET_SECCOMP:
		return prctl_get_seccomp();
	case PR_SET_NO_NEW_PRIVS:
		if (a->arg2 != 1 || any_from_3(a))
			return -EINVAL;
		current->no_new_privs = true;
		return 0;
	case PR_GET_NO_NEW_PRIVS:
		return any_from_2(a) ? -EINVAL : current->no_new_privs;
	default:
		return -ENOSYS;
	}
}

/* Operations on the task and its family. Return: -ENOSYS when it is none of them. */
static long prctl_task(int option, const struct prctl_args *a)
{
	struct task_struct *tsk = current;

	switch (option) {
	case PR_SET_PDEATHSIG:
		if (!valid_signal(a->arg2))
			return -EINVAL;
		tsk->pdeath_signal = a->arg2;
		return 0;
	case PR_GET_PDEATHSIG:
		return put_user(tsk->pdeath_signal, (int __user *)a->arg2);
	case PR_SET_NAME:
		return set_name((char __user *)a->arg2);
	case PR_GET_NAME:
		return get_name((char __user *)a->arg2);
	case PR_SET_CHILD_SUBREAPER:
		return set_child_subreaper(a->arg2);
	case PR_GET_CHILD_SUBREAPER:
		return put_user((int)tsk->signal->is_child_subreaper, (int __user *)a->arg2);
	case PR_SET_TIMERSLACK:
		return set_timer_slack(a->arg2);
	case PR_GET_TIMERSLACK:
		return tsk->timer_slack_ns;
	case PR_GET_TID_ADDRESS:
		return put_user((unsigned long)tsk->clear_child_tid,
				(unsigned long __user *)a->arg2);
	case PR_GET_TSC:
		return put_user(tsk->tsc_disabled ? PR_TSC_SIGSEGV : PR_TSC_ENABLE,
				(int __user *)a->arg2);
	case PR_SET_TSC:
		return set_tsc(a->arg2);
	case PR_GET_TIMING:
		return PR_TIMING_STATISTICAL;
	case PR_SET_TIMING:
		return a->arg2 == PR_TIMING_STATISTICAL ? 0 : -EINVAL;
	default:
		return -ENOSYS;
	}
}

static long prctl_mm(int option, const struct prctl_args *a)
{
	switch (option) {
	case PR_GET_DUMPABLE:
		return get_dumpable(current->mm);
	case PR_SET_DUMPABLE:
		return set_dumpable_call(a->arg2);
	case PR_SET_VMA:
		if (a->arg2 != PR_SET_VMA_ANON_NAME)
			return -EINVAL;
		return prctl_set_vma_name(a->arg3, a->arg4, (const char __user *)a->arg5);
	case PR_SET_THP_DISABLE:
		return any_from_3(a) ? -EINVAL : set_thp_disable(a->arg2);
	case PR_GET_THP_DISABLE:
		if (any_from_2(a))
			return -EINVAL;
		return !!(READ_ONCE(current->mm->flags) & (1UL << MMF_DISABLE_THP));
	case PR_GET_SPECULATION_CTRL:
		return any_from_3(a) ? -EINVAL : get_speculation(a->arg2);
	case PR_SET_SPECULATION_CTRL:
		return a->arg4 | a->arg5 ? -EINVAL : set_speculation(a->arg2, a->arg3);
	default:
		return -ENOSYS;
	}
}

SYSCALL_DEFINE5(prctl, int, option, unsigned long, arg2, unsigned long, arg3,
		unsigned long, arg4, unsigned long, arg5)
{
	const struct prctl_args args = { arg2, arg3, arg4, arg5 };
	long ret = prctl_task(option, &args);

	if (ret == -ENOSYS)
		ret = prctl_cred(option, &args);
	if (ret == -ENOSYS)
		ret = prctl_mm(option, &args);
	if (ret == -ENOSYS)
		ret = security_task_prctl(option, arg2);
	return ret == -ENOSYS ? -EINVAL : ret;
}

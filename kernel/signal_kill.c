// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sending with a permission check, to one process, a group or everybody; the system calls kill,
 * tkill, tgkill, rt_sigqueueinfo, rt_tgsigqueueinfo; and how siginfo crosses to and from user
 * space. Process groups are walked under tasklist_lock.
 */
#include <linux/cred.h>
#include <linux/pid.h>
#include <linux/sched.h>
#include <linux/signal.h>
#include <linux/syscalls.h>
#include <linux/uaccess.h>

static bool info_from_user(const struct kernel_siginfo *info)
{
	return is_si_special(info) ? info == SEND_SIG_NOINFO : info->si_code <= 0;
}

static bool kill_ok_by_cred(struct task_struct *tsk)
{
	const struct cred *cred = current_cred(), *target = __task_cred(tsk);

	return cred->euid == target->suid || cred->euid == target->uid ||
	       cred->uid == target->suid || cred->uid == target->uid ||
	       ns_capable(target->user_ns, CAP_KILL);
}

/* kill(2): uids or CAP_KILL; SIGCONT also within the session. Context: rcu_read_lock. */
static int check_kill_permission(int sig, struct kernel_siginfo *info, struct task_struct *tsk)
{
	if (!valid_signal(sig))
		return -EINVAL;
	if (!info_from_user(info) || same_thread_group(current, tsk) || kill_ok_by_cred(tsk))
		return 0;
	if (sig == SIGCONT && task_session(tsk) == task_session(current))
		return 0;
	return -EPERM;
}

/**
 * group_send_sig_info - send with a permission check
 * @sig: 0 only checks
 * @info: see send_signal_locked()
 * @tsk: any thread of the target
 * @type: see send_signal_locked()
 *
 * Context: any. Return: 0, -EINVAL, -EPERM, -ESRCH, -EAGAIN.
 */
int group_send_sig_info(int sig, struct kernel_siginfo *info, struct task_struct *tsk,
			enum pid_type type)
{
	int ret;

	rcu_read_lock();
	ret = check_kill_permission(sig, info, tsk);
	rcu_read_unlock();
	if (!ret && sig)
		ret = do_send_sig_info(sig, info, tsk, type);
	return ret;
}

/**
 * kill_pid_info - signal the process that has this pid
 * @pid: may be NULL
 *
 * Return: 0, -ESRCH, and what group_send_sig_info() says.
 */
int kill_pid_info(int sig, struct kernel_siginfo *info, struct pid *pid)
{
	struct task_struct *tsk, *seen = NULL;
	int ret = -ESRCH;

	rcu_read_lock();
	while (pid && ret == -ESRCH) {
		tsk = pid_task(pid, PIDTYPE_PID);
		if (!tsk || tsk == seen)
			break;
		ret = group_send_sig_info(sig, info, tsk, PIDTYPE_TGID);
		/* -ESRCH from a task found: perhaps exec's new leader took the pid over */
		seen = tsk;
	}
	rcu_read_unlock();
	return ret;
}

int kill_pid(struct pid *pid, int sig, int priv)
{
	return kill_pid_info(sig, special_siginfo(priv), pid);
}

/**
 * __kill_pgrp_info - signal each process of a process group
 *
 * Context: tasklist_lock held. Return: 0 when one was signalled, else the last error, -ESRCH for
 * an empty group.
 */
int __kill_pgrp_info(int sig, struct kernel_siginfo *info, struct pid *pgrp)
{
	struct task_struct *tsk;
	int ret = -ESRCH, err;
	bool success = false;

	do_each_pid_task(pgrp, PIDTYPE_PGID, tsk) {
		err = group_send_sig_info(sig, info, tsk, PIDTYPE_PGID);
		success |= !err;
		ret = err;
	} while_each_pid_task(pgrp, PIDTYPE_PGID, tsk);
	return success ? 0 : ret;
}

int kill_pgrp(struct pid *pid, int sig, int priv)
{
	int ret;

	read_lock(&tasklist_lock);
	ret = __kill_pgrp_info(sig, special_siginfo(priv), pid);
	read_unlock(&tasklist_lock);
	return ret;
}

/* kill(-1): everybody but init and the caller. Context: tasklist_lock held. */
static int kill_everybody(int sig, struct kernel_siginfo *info)
{
	struct task_struct *p;
	int ret = 0, err, count = 0;

	for_each_process(p) {
		if (task_tgid_vnr(p) <= 1 || same_thread_group(p, current))
			continue;
		err = group_send_sig_info(sig, info, p, PIDTYPE_MAX);
		count++;
		if (err != -EPERM)
			ret = err;
	}
	return count ? ret : -ESRCH;
}

/**
 * __kill_something - kill(2)'s reading of its pid argument
 * @pid: process, 0 own group, -1 everybody, else minus a process group
 *
 * Return: 0, -ESRCH (also for INT_MIN, which has no positive counterpart), -EPERM, -EINVAL.
 */
int __kill_something(int sig, struct kernel_siginfo *info, pid_t pid)
{
	int ret;

	if (pid > 0) {
		rcu_read_lock();
		ret = kill_pid_info(sig, info, find_vpid(pid));
		rcu_read_unlock();
		return ret;
	}
	if (pid == INT_MIN)
		return -ESRCH;
	read_lock(&tasklist_lock);
	if (pid == -1)
		ret = kill_everybody(sig, info);
	else
		ret = __kill_pgrp_info(sig, info, pid ? find_vpid(-pid) : task_pgrp(current));
	read_unlock(&tasklist_lock);
	return ret;
}

/**
 * copy_siginfo_to_user - write a siginfo_t
 * @to: 128 bytes; what the kernel does not use becomes 0
 * @from: the information
 *
 * Return: 0 or -EFAULT.
 */
int copy_siginfo_to_user(siginfo_t __user *to, const struct kernel_siginfo *from)
{
	char __user *tail = (char __user *)to + sizeof(*from);

	if (copy_to_user(to, from, sizeof(*from)) ||
	    clear_user(tail, sizeof(*to) - sizeof(*from)))
		return -EFAULT;
	return 0;
}

/**
 * copy_siginfo_from_user - read a siginfo_t
 * @to: the information
 * @from: 128 bytes; beyond what the kernel keeps there must be zeroes
 *
 * Return: 0, -EFAULT, -E2BIG.
 */
int copy_siginfo_from_user(struct kernel_siginfo *to, const siginfo_t __user *from)
{
	siginfo_t info;
	const char *tail = (const char *)&info + sizeof(*to);

	if (copy_from_user(&info, from, sizeof(info)))
		return -EFAULT;
	for (size_t i = 0; i < sizeof(info) - sizeof(*to); i++)
		if (tail[i] && info.si_code > SI_USER)
			return -E2BIG;
	*to = *(struct kernel_siginfo *)&info;
	return 0;
}

/**
 * kill_siginfo - what a signal from current says about its sender
 * @sig: the signal
 * @code: SI_USER or SI_TKILL
 */
struct kernel_siginfo kill_siginfo(int sig, int code)
{
	struct kernel_siginfo info = { .si_signo = sig, .si_code = code };

	info.si_pid = task_tgid_vnr(current);
	info.si_uid = from_kuid_munged(current_user_ns(), current_uid());
	return info;
}

SYSCALL_DEFINE2(kill, pid_t, pid, int, sig)
{
	struct kernel_siginfo info = kill_siginfo(sig, SI_USER);

	return __kill_something(sig, &info, pid);
}

/* To one thread, which must belong to @tgid when that is positive. */
static int do_send_specific(pid_t tgid, pid_t pid, int sig, struct kernel_siginfo *info)
{
	struct task_struct *tsk;
	int ret = -ESRCH;

	rcu_read_lock();
	tsk = find_task_by_vpid(pid);
	if (tsk && (tgid <= 0 || task_tgid_vnr(tsk) == tgid)) {
		ret = group_send_sig_info(sig, info, tsk, PIDTYPE_PID);
		/* It died between the look-up and the lock: as if just after the signal. */
		if (unlikely(ret == -ESRCH))
			ret = 0;
	}
	rcu_read_unlock();
	return ret;
}

SYSCALL_DEFINE3(tgkill, pid_t, tgid, pid_t, pid, int, sig)
{
	struct kernel_siginfo info = kill_siginfo(sig, SI_TKILL);

	if (pid <= 0 || tgid <= 0)
		return -EINVAL;
	return do_send_specific(tgid, pid, sig, &info);
}

SYSCALL_DEFINE2(tkill, pid_t, pid, int, sig)
{
	struct kernel_siginfo info = kill_siginfo(sig, SI_TKILL);

	if (pid <= 0)
		return -EINVAL;
	return do_send_specific(0, pid, sig, &info);
}

/* Nobody may pretend to be the kernel, kill() or tgkill() towards others. */
static bool info_is_forged(const struct kernel_siginfo *info, pid_t pid)
{
	return (info->si_code >= 0 || info->si_code == SI_TKILL) &&
	       task_pid_vnr(current) != pid;
}

SYSCALL_DEFINE3(rt_sigqueueinfo, pid_t, pid, int, sig, siginfo_t __user *, uinfo)
{
	struct kernel_siginfo info;
	int ret = copy_siginfo_from_user(&info, uinfo);

	if (ret)
		return ret;
	info.si_signo = sig;
	if (info_is_forged(&info, pid))
		return -EPERM;
	rcu_read_lock();
	ret = kill_pid_info(sig, &info, find_vpid(pid));
	rcu_read_unlock();
	return ret;
}

SYSCALL_DEFINE4(rt_tgsigqueueinfo, pid_t, tgid, pid_t, pid, int, sig, siginfo_t __user *, uinfo)
{
	struct kernel_siginfo info;
	int ret = copy_siginfo_from_user(&info, uinfo);

	if (ret)
		return ret;
	info.si_signo = sig;
	if (pid <= 0 || tgid <= 0)
		return -EINVAL;
	if (info_is_forged(&info, pid))
		return -EPERM;
	return do_send_specific(tgid, pid, sig, &info);
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * System calls that send: kill, tkill, tgkill, rt_sigqueueinfo, rt_tgsigqueueinfo, and how
 * siginfo crosses to and from user space.
 */
#include <linux/cred.h>
#include <linux/pid.h>
#include <linux/sched.h>
#include <linux/signal.h>
#include <linux/syscalls.h>
#include <linux/uaccess.h>

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

static struct kernel_siginfo kill_info(int sig, int code)
{
	struct kernel_siginfo info = { .si_signo = sig, .si_code = code };

	info.si_pid = task_tgid_nr(current);
	info.si_uid = current_uid();
	return info;
}

SYSCALL_DEFINE2(kill, pid_t, pid, int, sig)
{
	struct kernel_siginfo info = kill_info(sig, SI_USER);

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
	struct kernel_siginfo info = kill_info(sig, SI_TKILL);

	if (pid <= 0 || tgid <= 0)
		return -EINVAL;
	return do_send_specific(tgid, pid, sig, &info);
}

SYSCALL_DEFINE2(tkill, pid_t, pid, int, sig)
{
	struct kernel_siginfo info = kill_info(sig, SI_TKILL);

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

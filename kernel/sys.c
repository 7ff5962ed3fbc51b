// SPDX-License-Identifier: GPL-2.0-only
/*
 * System calls about the system and about what a process used: uname, host names, sysinfo,
 * times, getrusage, personality, getcpu. uts_sem guards the names (utsname.c).
 */
#include <linux/capability.h>
#include <linux/ctype.h>
#include <linux/fork.h>
#include <linux/mm.h>
#include <linux/resource.h>
#include <linux/rwsem.h>
#include <linux/sched.h>
#include <linux/signal.h>
#include <linux/smp.h>
#include <linux/string.h>
#include <linux/syscalls.h>
#include <linux/sysctl.h>
#include <linux/timekeeping.h>
#include <linux/uaccess.h>
#include <linux/utsname.h>
#include <uapi/linux/personality.h>
#include <uapi/linux/sysinfo.h>
#include <uapi/linux/times.h>

/* For programs that know no 3.x: 6.1.0-x becomes 2.6.61-x (personality(2), UNAME26). */
static void release_as_26(char release[__NEW_UTS_LEN + 1])
{
	char rest[__NEW_UTS_LEN + 1];
	const char *p = release;
	int dots = 0, minor = 0;

	for (; *p && (isdigit(*p) || (*p == '.' && ++dots < 3)); p++)
		if (dots == 1 && isdigit(*p))
			minor = minor * 10 + *p - '0';
	strscpy(rest, p, sizeof(rest));
	snprintf(release, __NEW_UTS_LEN + 1, "2.6.%d%s", minor + 60, rest);
}

SYSCALL_DEFINE1(uname, struct new_utsname __user *, name)
{
	struct new_utsname out;

	down_read(&uts_sem);
	out = *utsname();
	up_read(&uts_sem);
	if (current->personality & UNAME26)
		release_as_26(out.release);
	if ((current->personality & PER_MASK) == PER_LINUX32)
		strscpy(out.machine, "i686", sizeof(out.machine));
	return copy_to_user(name, &out, sizeof(out)) ? -EFAULT : 0;
}

static int set_uts_name(char field[__NEW_UTS_LEN + 1], struct ctl_watch *watch,
			const char __user *name, int len)
{
	char value[__NEW_UTS_LEN + 1] = { };

	if (!ns_capable(current_uts_ns()->user_ns, CAP_SYS_ADMIN))
		return -EPERM;
	if (len < 0 || len > __NEW_UTS_LEN)
		return -EINVAL;
	if (copy_from_user(value, name, len))
		return -EFAULT;
	down_write(&uts_sem);
	memcpy(field, value, sizeof(value));
	sysctl_changed(watch);
	up_write(&uts_sem);
	return 0;
}

SYSCALL_DEFINE2(sethostname, const char __user *, name, int, len)
{
	return set_uts_name(utsname()->nodename, &hostname_watch, name, len);
}

SYSCALL_DEFINE2(setdomainname, const char __user *, name, int, len)
{
	return set_uts_name(utsname()->domainname, &domainname_watch, name, len);
}

#define LOAD_FRACTION_BITS	11	/* of get_avenrun() */

SYSCALL_DEFINE1(sysinfo, struct sysinfo __user *, info)
{
	struct sysinfo val = { };
	struct timespec64 up;

	ktime_get_boottime_ts64(&up);
	val.uptime = up.tv_sec + (up.tv_nsec ? 1 : 0);
	get_avenrun(val.loads);
	for (int i = 0; i < 3; i++)
		val.loads[i] <<= SI_LOAD_SHIFT - LOAD_FRACTION_BITS;
	val.procs = nr_threads;
	si_meminfo(&val);
	return copy_to_user(info, &val, sizeof(val)) ? -EFAULT : 0;
}

SYSCALL_DEFINE1(times, struct tms __user *, tbuf)
{
	struct signal_struct *signal = current->signal;
	u64 utime, stime, cutime, cstime;
	struct tms tms;

	if (tbuf) {
		thread_group_cputime_adjusted(current, &utime, &stime);
		spin_lock_irq(&current->sighand->siglock);
		cutime = signal->cutime;
		cstime = signal->cstime;
		spin_unlock_irq(&current->sighand->siglock);
		tms.tms_utime = nsec_to_clock_t(utime);
		tms.tms_stime = nsec_to_clock_t(stime);
		tms.tms_cutime = nsec_to_clock_t(cutime);
		tms.tms_cstime = nsec_to_clock_t(cstime);
		if (copy_to_user(tbuf, &tms, sizeof(tms)))
			return -EFAULT;
	}
	return nsec_to_clock_t(ktime_get_ns());
}

static void add_thread_usage(struct task_struct *tsk, struct rusage *ru)
{
	ru->ru_nvcsw += tsk->nvcsw;
	ru->ru_nivcsw += tsk->nivcsw;
	ru->ru_minflt += tsk->min_flt;
	ru->ru_majflt += tsk->maj_flt;
}

static void add_children_usage(const struct signal_struct *signal, struct rusage *ru,
			       u64 *utime, u64 *stime, unsigned long *maxrss)
{
	*utime += signal->cutime;
	*stime += signal->cstime;
	ru->ru_nvcsw += signal->cnvcsw;
	ru->ru_nivcsw += signal->cnivcsw;
	ru->ru_minflt += signal->cmin_flt;
	ru->ru_majflt += signal->cmaj_flt;
	*maxrss = max(*maxrss, signal->cmaxrss);
}

/* The living threads and those that are gone. Context: siglock held. */
static void add_group_usage(struct task_struct *tsk, struct rusage *ru, u64 *utime, u64 *stime,
			    unsigned long *maxrss)
{
	const struct signal_struct *signal = tsk->signal;
	struct task_struct *t;
	u64 group_utime, group_stime;

	thread_group_cputime_adjusted(tsk, &group_utime, &group_stime);
	*utime += group_utime;
	*stime += group_stime;
	ru->ru_nvcsw += signal->nvcsw;
	ru->ru_nivcsw += signal->nivcsw;
	ru->ru_minflt += signal->min_flt;
	ru->ru_majflt += signal->maj_flt;
	*maxrss = max(*maxrss, signal->maxrss);
	__for_each_thread(signal, t)
		add_thread_usage(t, ru);
}

/* High-water marks only grow, so the living mm may be added without a lock on the sums. */
static void add_mm_usage(struct task_struct *tsk, unsigned long *maxrss)
{
	struct mm_struct *mm = get_task_mm(tsk);

	if (!mm)
		return;
	setmax_mm_hiwater_rss(maxrss, mm);
	mmput(mm);
}

/**
 * getrusage - what a process or thread has used
 * @tsk: the task; kept alive by the caller
 * @who: RUSAGE_SELF, RUSAGE_CHILDREN, RUSAGE_THREAD, or RUSAGE_BOTH for wait4()
 * @ru: filled
 *
 * Context: may sleep.
 */
void getrusage(struct task_struct *tsk, int who, struct rusage *ru)
{
	u64 utime = 0, stime = 0, thread_utime, thread_stime;
	unsigned long flags, maxrss = 0;

	memset(ru, 0, sizeof(*ru));
	if (who == RUSAGE_THREAD) {
		task_cputime(tsk, &thread_utime, &thread_stime);
		utime = thread_utime;
		stime = thread_stime;
		add_thread_usage(tsk, ru);
		maxrss = tsk->signal->maxrss;
	} else if (lock_task_sighand(tsk, &flags)) {
		if (who == RUSAGE_CHILDREN || who == RUSAGE_BOTH)
			add_children_usage(tsk->signal, ru, &utime, &stime, &maxrss);
		if (who != RUSAGE_CHILDREN)
			add_group_usage(tsk, ru, &utime, &stime, &maxrss);
		unlock_task_sighand(tsk, &flags);
	}
	if (who != RUSAGE_CHILDREN)
		add_mm_usage(tsk, &maxrss);
	ru->ru_maxrss = maxrss << (PAGE_SHIFT - 10);
	ru->ru_utime = ns_to_kernel_old_timeval(utime);
	ru->ru_stime = ns_to_kernel_old_timeval(stime);
}

SYSCALL_DEFINE2(getrusage, int, who, struct rusage __user *, ru)
{
	struct rusage usage;

	if (who != RUSAGE_SELF && who != RUSAGE_CHILDREN && who != RUSAGE_THREAD)
		return -EINVAL;
	getrusage(current, who, &usage);
	return copy_to_user(ru, &usage, sizeof(usage)) ? -EFAULT : 0;
}

/* 0xffffffff only asks. */
SYSCALL_DEFINE1(personality, unsigned int, personality)
{
	unsigned int old = current->personality;

	if (personality != 0xffffffff)
		current->personality = personality;
	return old;
}

/* There is one memory node. The third argument is unused since Linux 2.6.24. */
SYSCALL_DEFINE3(getcpu, unsigned int __user *, cpup, unsigned int __user *, nodep,
		void __user *, unused)
{
	unsigned int cpu = raw_smp_processor_id();

	if ((cpup && put_user(cpu, cpup)) || (nodep && put_user(0U, nodep)))
		return -EFAULT;
	return 0;
}

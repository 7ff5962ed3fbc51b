// SPDX-License-Identifier: GPL-2.0-only
/*
 * Process accounting: when a process ends, a record of it is appended to a file (acct(2), acct(5)).
 * Locks: acct_mutex for which file it is and for writing to it.
 */
#define pr_fmt(fmt) "acct: " fmt
#include <linux/acct.h>
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/err.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/pid.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <linux/syscalls.h>
#include <linux/sysctl.h>
#include <linux/timekeeping.h>
#include <linux/tty.h>
#include <uapi/linux/acct.h>

#define LITTLE_ENDIAN_RECORDS	0

struct file *acct_file;			/* [a] NULL: accounting is off */
static DEFINE_MUTEX(acct_mutex);	/* [a] */

/* Go on above @resume per cent of free space, stop at @suspend; look every @timeout seconds. */
static int acct_resume = 4, acct_suspend = 2, acct_timeout = 30;	/* [a] */
static bool acct_suspended;		/* [a] the file system is too full */
static ktime_t acct_next_look;		/* [a] ns */

/* ---- number formats of acct(5) ---- */

/* 13 bits of mantissa, 3 bits of exponent to the base 8, rounded. */
static comp_t encode_comp(u64 value)
{
	unsigned int exponent = 0, round = 0;

	while (value > 0x1fff) {
		round = (value >> 2) & 1;
		value >>= 3;
		exponent++;
	}
	if (round && ++value > 0x1fff) {
		value >>= 3;
		exponent++;
	}
	return exponent > 7 ? 0xffff : exponent << 13 | value;
}

/* A number as the bits of an IEEE 754 single, cut. The kernel itself does not use the FPU. */
static u32 encode_float(u64 value)
{
	unsigned int top;

	if (!value)
		return 0;
	top = ilog2(value);
	value = top > 23 ? value >> (top - 23) : value << (23 - top);
	return (u32)(top + 127) << 23 | ((u32)value & 0x7fffff);
}

static u64 ns_to_ahz(u64 ns)
{
	return ns / (NSEC_PER_SEC / AHZ);
}

/* ---- a record ---- */

static u8 flags_of(const struct task_struct *tsk)
{
	return (tsk->flags & PF_FORKNOEXEC ? AFORK : 0) | (tsk->flags & PF_SUPERPRIV ? ASU : 0) |
	       (tsk->flags & PF_DUMPCORE ? ACORE : 0) | (tsk->flags & PF_SIGNALED ? AXSIG : 0);
}

static void fill_times(struct acct_v3 *ac, struct task_struct *tsk)
{
	u64 now = ktime_get(), utime, stime, age = now - tsk->group_leader->start_time;
	u32 etime = encode_float(ns_to_ahz(age));

	thread_group_cputime_adjusted(tsk, &utime, &stime);
	memcpy(&ac->ac_etime, &etime, sizeof(etime));
	ac->ac_btime = (ktime_get_real() - age) / NSEC_PER_SEC;
	ac->ac_utime = encode_comp(ns_to_ahz(utime));
	ac->ac_stime = encode_comp(ns_to_ahz(stime));
}

static void fill_family(struct acct_v3 *ac, struct task_struct *tsk)
{
	struct tty_struct *tty;

	ac->ac_pid = tsk->tgid;
	rcu_read_lock();
	ac->ac_ppid = rcu_dereference(tsk->real_parent)->tgid;
	rcu_read_unlock();
	spin_lock_irq(&tsk->sighand->siglock);
	tty = tsk->signal->tty;
	ac->ac_tty = tty ? tty_devnum(tty) : 0;
	spin_unlock_irq(&tsk->sighand->siglock);
}

/* Sums of the threads that are gone, and of the last one. */
static void fill_record(struct acct_v3 *ac, struct task_struct *tsk, long code)
{
	const struct signal_struct *sig = tsk->signal;

	memset(ac, 0, sizeof(*ac));
	ac->ac_version = 3 | LITTLE_ENDIAN_RECORDS;
	ac->ac_flag = flags_of(tsk);
	ac->ac_exitcode = sig->group_exit_code ?: code;
	ac->ac_uid = current_uid();
	ac->ac_gid = current_gid();
	ac->ac_mem = encode_comp(tsk->mm->total_vm << (PAGE_SHIFT - 10));
	ac->ac_minflt = encode_comp(sig->min_flt + tsk->min_flt);
	ac->ac_majflt = encode_comp(sig->maj_flt + tsk->maj_flt);
	strscpy(ac->ac_comm, tsk->comm, sizeof(ac->ac_comm));
	fill_times(ac, tsk);
	fill_family(ac, tsk);
}

/* ---- the file ---- */

/* Is there room? Looks at the file system now and then only. Context: acct_mutex. */
static bool has_room(void)
{
	struct kstatfs st;
	u64 free;

	if (ktime_get() < acct_next_look || vfs_statfs(&acct_file->f_path, &st) || !st.f_blocks)
		return !acct_suspended;
	free = st.f_bavail * 100;
	if (acct_suspended && free >= st.f_blocks * acct_resume) {
		acct_suspended = false;
		pr_info("process accounting resumed\n");
	} else if (!acct_suspended && free <= st.f_blocks * acct_suspend) {
		acct_suspended = true;
		pr_info("process accounting paused: the file system is nearly full\n");
	}
	acct_next_look = ktime_get() + acct_timeout * NSEC_PER_SEC;
	return !acct_suspended;
}

/* Context: acct_mutex. The dying process's own limit must not cut the record. */
static void append(const struct acct_v3 *ac)
{
	struct rlimit *limit = &current->signal->rlim[RLIMIT_FSIZE];
	unsigned long old = limit->rlim_cur;
	loff_t pos = 0;

	limit->rlim_cur = RLIM_INFINITY;
	kernel_write(acct_file, ac, sizeof(*ac), &pos);
	limit->rlim_cur = old;
}

void __acct_process(struct task_struct *tsk, long code)
{
	struct acct_v3 ac;

	fill_record(&ac, tsk, code);
	mutex_lock(&acct_mutex);
	if (acct_file && has_room())
		append(&ac);
	mutex_unlock(&acct_mutex);
}

/* Return: the file, opened for appending, or ERR_PTR. */
static struct file *open_log(const char __user *uname)
{
	struct filename *name = getname(uname);
	struct file *file;
	int err = 0;

	if (IS_ERR(name))
		return ERR_CAST(name);
	file = file_open_name(name, O_WRONLY | O_APPEND | O_LARGEFILE, 0);
	putname(name);
	if (IS_ERR(file))
		return file;
	if (!S_ISREG(file_inode(file)->i_mode))
		err = -EACCES;
	else if (!(file->f_mode & FMODE_WRITE))
		err = -EIO;
	if (err)
		fput(file);
	return err ? ERR_PTR(err) : file;
}

/* acct(2): NULL turns accounting off. */
SYSCALL_DEFINE1(acct, const char __user *, name)
{
	struct file *file = NULL, *old;

	if (!capable(CAP_SYS_PACCT))
		return -EPERM;
	if (name)
		file = open_log(name);
	if (IS_ERR(file))
		return PTR_ERR(file);
	mutex_lock(&acct_mutex);
	old = acct_file;
	WRITE_ONCE(acct_file, file);
	acct_suspended = false;
	acct_next_look = 0;
	mutex_unlock(&acct_mutex);
	if (old)
		fput(old);
	return 0;
}

/* ---- /proc/sys/kernel/acct ---- */

static int get_acct(char *buf, size_t size)
{
	return scnprintf(buf, size, "%d\t%d\t%d", acct_resume, acct_suspend, acct_timeout);
}

static int set_acct(char *text)
{
	int resume, suspend, timeout;

	if (sscanf(text, "%d %d %d", &resume, &suspend, &timeout) != 3)
		return -EINVAL;
	mutex_lock(&acct_mutex);
	acct_resume = resume;
	acct_suspend = suspend;
	acct_timeout = timeout;
	mutex_unlock(&acct_mutex);
	return 0;
}

static const struct ctl_table acct_table[] = {
	{ .name = "acct", .mode = 0644, .kind = CTL_CALL, .get = get_acct, .set = set_acct },
};

static int __init acct_init(void)
{
	return register_sysctl("kernel", acct_table, ARRAY_SIZE(acct_table));
}
late_initcall(acct_init);

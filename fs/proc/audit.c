// SPDX-License-Identifier: GPL-2.0-only
/*
 * /proc/<pid>/loginuid and sessionid (proc(5), pam_loginuid(8)).
 * Locks: none; a task writes its own, readers see whole words.
 */
#include <linux/audit.h>
#include <linux/cred.h>
#include <linux/fs.h>
#include <linux/kstrtox.h>
#include <linux/sched.h>
#include <linux/uaccess.h>
#include <linux/uio.h>
#include <linux/user_namespace.h>
#include "internal.h"

static ssize_t show_number(u32 value, struct iov_iter *to, loff_t *pos)
{
	char buf[16];

	return simple_copy_to_iter(buf, snprintf(buf, sizeof(buf), "%u", value), pos, to);
}

static ssize_t loginuid_read(struct file *file, struct iov_iter *to, loff_t *pos)
{
	struct task_struct *tsk = get_proc_task(file_inode(file));
	uid_t uid;

	if (!tsk)
		return -ESRCH;
	uid = from_kuid(current_user_ns(), READ_ONCE(tsk->loginuid));
	put_task_struct(tsk);
	return show_number(uid, to, pos);
}

static ssize_t sessionid_read(struct file *file, struct iov_iter *to, loff_t *pos)
{
	struct task_struct *tsk = get_proc_task(file_inode(file));
	u32 session;

	if (!tsk)
		return -ESRCH;
	session = READ_ONCE(tsk->sessionid);
	put_task_struct(tsk);
	return show_number(session, to, pos);
}

/* Only of itself: -EPERM for another task. */
static int check_own(struct file *file)
{
	struct task_struct *tsk = get_proc_task(file_inode(file));
	bool own = tsk == current;

	if (tsk)
		put_task_struct(tsk);
	return own ? 0 : -EPERM;
}

static ssize_t loginuid_write(struct file *file, struct iov_iter *from, loff_t *pos)
{
	size_t count = iov_iter_count(from);
	char buf[16] = { };
	uid_t uid;
	int err;

	err = check_own(file);
	if (err)
		return err;
	if (*pos || count >= sizeof(buf))
		return -EINVAL;
	if (!copy_from_iter_full(buf, count, from))
		return -EFAULT;
	err = kstrtouint(buf, 10, &uid);
	if (err)
		return err;
	if (uid != AUDIT_UNSET) {
		uid = make_kuid(current_user_ns(), uid);
		if (uid == INVALID_UID)
			return -EINVAL;
	}
	return audit_set_loginuid(uid) ?: (ssize_t)count;
}

const struct file_operations proc_loginuid_fops = {
	.read_iter	= loginuid_read,
	.write_iter	= loginuid_write,
	.llseek		= generic_file_llseek,
};

const struct file_operations proc_sessionid_fops = {
	.read_iter	= sessionid_read,
	.llseek		= generic_file_llseek,
};

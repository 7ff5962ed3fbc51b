// SPDX-License-Identifier: GPL-2.0-only
/*
 * syslog(2): dmesg's and klogd's way to the log. syslog_mutex guards the reading position that all
 * callers share.
 */
#include <linux/capability.h>
#include <linux/console.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/init.h>
#include <linux/mutex.h>
#include <linux/poll.h>
#include <linux/proc_fs.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/syscalls.h>
#include <linux/uaccess.h>
#include <linux/uio.h>
#include <linux/wait.h>
#include "printk.h"

/* The actions: syslog(2) */
#define SYSLOG_CLOSE		0
#define SYSLOG_OPEN		1
#define SYSLOG_READ		2
#define SYSLOG_READ_ALL		3
#define SYSLOG_READ_CLEAR	4
#define SYSLOG_CLEAR		5
#define SYSLOG_CONSOLE_OFF	6
#define SYSLOG_CONSOLE_ON	7
#define SYSLOG_CONSOLE_LEVEL	8
#define SYSLOG_SIZE_UNREAD	9
#define SYSLOG_SIZE_BUFFER	10

#define RECORD_MAX		1100

int dmesg_restrict;

static DEFINE_MUTEX(syslog_mutex);
static u64 read_seq;			/* next record that SYSLOG_READ gives */
static size_t read_partial;		/* bytes of it that it has given already */
static u64 clear_seq;			/* SYSLOG_READ_ALL begins here */
static int saved_loglevel = -1;

static int check_permission(int action)
{
	if (!dmesg_restrict && (action == SYSLOG_READ_ALL || action == SYSLOG_SIZE_BUFFER))
		return 0;
	return capable(CAP_SYSLOG) || capable(CAP_SYS_ADMIN) ? 0 : -EPERM;
}

/* What is there now, as much as @to takes; syslog_mutex held. */
static long read_some(struct iov_iter *to, char *record)
{
	size_t done = 0;

	while (iov_iter_count(to)) {
		u64 seq = read_seq;
		size_t n = log_format_record(&seq, record, RECORD_MAX, true);
		size_t left;

		if (!n)
			break;
		if (seq != read_seq + 1)
			read_partial = 0;
		left = min(n - read_partial, iov_iter_count(to));
		if (!copy_to_iter_full(record + read_partial, left, to))
			return done ? done : -EFAULT;
		done += left;
		read_partial += left;
		if (read_partial < n)
			break;
		read_seq = seq;
		read_partial = 0;
	}
	return done;
}

static long syslog_read(struct iov_iter *to, bool nonblock, char *record)
{
	long n;

	for (;;) {
		mutex_lock(&syslog_mutex);
		n = read_some(to, record);
		mutex_unlock(&syslog_mutex);
		if (n)
			return n;
		if (nonblock)
			return -EAGAIN;
		kmsg_watch();
		if (wait_event_interruptible(log_wait, kmsg_next_seq() > READ_ONCE(read_seq)))
			return -ERESTARTSYS;
	}
}

/* Where the last @len bytes of the log begin. */
static u64 tail_start(size_t len, char *record)
{
	u64 start = max(clear_seq, kmsg_first_seq()), end = kmsg_next_seq(), seq;
	size_t total = 0;

	for (seq = start; seq < end; )
		total += log_format_record(&seq, record, RECORD_MAX, true);
	for (seq = start; seq < end && total > len; start = seq)
		total -= log_format_record(&seq, record, RECORD_MAX, true);
	return start;
}

static long syslog_read_all(char __user *buf, size_t len, bool clear, char *record)
{
	size_t done = 0, n;
	u64 seq, end = kmsg_next_seq();

	for (seq = tail_start(len, record); seq < end; done += n) {
		n = log_format_record(&seq, record, RECORD_MAX, true);
		if (!n || done + n > len)
			break;
		if (copy_to_user(buf + done, record, n))
			return -EFAULT;
	}
	if (clear)
		clear_seq = end;
	return done;
}

static long size_unread(char *record)
{
	u64 seq = max(read_seq, kmsg_first_seq()), end = kmsg_next_seq();
	size_t total = 0;

	while (seq < end)
		total += log_format_record(&seq, record, RECORD_MAX, true);
	return total - min(total, read_partial);
}

static long set_console(int action, int level)
{
	switch (action) {
	case SYSLOG_CONSOLE_OFF:
		if (saved_loglevel < 0)
			saved_loglevel = console_loglevel;
		console_loglevel = 1;
		return 0;
	case SYSLOG_CONSOLE_ON:
		if (saved_loglevel >= 0)
			console_loglevel = saved_loglevel;
		saved_loglevel = -1;
		return 0;
	default:
		if (level < 1 || level > 8)
			return -EINVAL;
		console_loglevel = level;
		saved_loglevel = -1;
		return 0;
	}
}

static long read_action(int action, char __user *buf, int len)
{
	struct iov_iter to;
	char *record;
	long ret;

	if (action != SYSLOG_SIZE_UNREAD) {
		if (!buf || len < 0)
			return -EINVAL;
		if (!len)
			return 0;
		if (!access_ok(buf, len))
			return -EFAULT;
	}
	record = kmalloc(RECORD_MAX, GFP_KERNEL);
	if (!record)
		return -ENOMEM;
	if (action == SYSLOG_READ)
		ret = import_ubuf(ITER_DEST, buf, len, &to) ?: syslog_read(&to, false, record);
	else if (action == SYSLOG_SIZE_UNREAD)
		ret = size_unread(record);
	else
		ret = syslog_read_all(buf, len, action == SYSLOG_READ_CLEAR, record);
	kfree(record);
	return ret;
}

SYSCALL_DEFINE3(syslog, int, action, char __user *, buf, int, len)
{
	int ret = check_permission(action);

	if (ret)
		return ret;
	switch (action) {
	case SYSLOG_CLOSE:
	case SYSLOG_OPEN:
		return 0;
	case SYSLOG_READ:
	case SYSLOG_READ_ALL:
	case SYSLOG_READ_CLEAR:
	case SYSLOG_SIZE_UNREAD:
		return read_action(action, buf, len);
	case SYSLOG_CLEAR:
		clear_seq = kmsg_next_seq();
		return 0;
	case SYSLOG_CONSOLE_OFF:
	case SYSLOG_CONSOLE_ON:
	case SYSLOG_CONSOLE_LEVEL:
		return set_console(action, len);
	case SYSLOG_SIZE_BUFFER:
		return log_buffer_size();
	default:
		return -EINVAL;
	}
}

/* ---- /proc/kmsg: the same log as a file, for klogd ---- */

static int kmsg_open(struct inode *inode, struct file *file)
{
	return check_permission(SYSLOG_OPEN);
}

static ssize_t kmsg_read(struct file *file, struct iov_iter *to, loff_t *pos)
{
	char *record = kmalloc(RECORD_MAX, GFP_KERNEL);
	ssize_t ret;

	if (!record)
		return -ENOMEM;
	ret = syslog_read(to, file->f_flags & O_NONBLOCK, record);
	kfree(record);
	return ret;
}

static __poll_t kmsg_poll(struct file *file, poll_table *pt)
{
	poll_wait(file, &log_wait, pt);
	kmsg_watch();
	return kmsg_next_seq() > READ_ONCE(read_seq) ? EPOLLIN | EPOLLRDNORM : 0;
}

static const struct file_operations kmsg_fops = {
	.open		= kmsg_open,
	.read_iter	= kmsg_read,
	.poll		= kmsg_poll,
	.llseek		= generic_file_llseek,
};

static int __init proc_kmsg_init(void)
{
	return proc_create("kmsg", 0400, NULL, &kmsg_fops, NULL) ? 0 : -ENOMEM;
}
fs_initcall(proc_kmsg_init);

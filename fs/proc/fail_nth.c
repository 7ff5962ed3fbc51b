// SPDX-License-Identifier: GPL-2.0-only
/*
 * /proc/<pid>/fail-nth and fail-nth-where (CONFIG_FAULT_INJECTION). Reading and writing them are
 * no steps themselves: a task that arms itself gets the n-th step after the write. "N" makes the
 * N-th step fail, "N M" the M steps behind it as well. Reading says 0 once one has failed.
 */
#include <linux/fault-inject.h>
#include <linux/kstrtox.h>
#include <linux/string.h>
#include <linux/uio.h>
#include "internal.h"

/* Current's own count is set aside while it is in here. */
static unsigned int set_aside(void)
{
	unsigned int left = current->fail_nth.left;

	current->fail_nth.left = 0;
	return left;
}

static unsigned int steps_left(const struct task_struct *tsk, unsigned int left)
{
	return READ_ONCE(tsk->fail_nth.fired) ? 0 : left;
}

static ssize_t fail_nth_read(struct file *file, struct iov_iter *to, loff_t *pos)
{
	unsigned int mine = set_aside();
	struct task_struct *tsk = get_proc_task(file_inode(file));
	ssize_t ret = -ESRCH;
	char buf[16];
	int len;

	if (tsk) {
		len = snprintf(buf, sizeof(buf), "%u\n",
			       steps_left(tsk, tsk == current ? mine :
					       READ_ONCE(tsk->fail_nth.left)));
		put_task_struct(tsk);
		ret = simple_copy_to_iter(buf, len, pos, to);
	}
	current->fail_nth.left = mine;
	return ret;
}

/* "N" or "N M" */
static int parse_counts(char *text, unsigned int *val, unsigned int *more)
{
	char *second = strchr(text, ' ');
	int err = 0;

	*more = 0;
	if (second) {
		*second++ = '\0';
		err = kstrtouint(second, 0, more);
	}
	return err ?: kstrtouint(text, 0, val);
}

static ssize_t get_counts(struct iov_iter *from, unsigned int *val, unsigned int *more)
{
	size_t n = iov_iter_count(from);
	char buf[24];
	int err;

	if (n >= sizeof(buf))
		return -EINVAL;
	if (copy_from_iter(buf, n, from) != n)
		return -EFAULT;
	buf[n] = '\0';
	err = parse_counts(strstrip(buf), val, more);
	return err ?: (ssize_t)n;
}

static ssize_t fail_nth_write(struct file *file, struct iov_iter *from, loff_t *pos)
{
	unsigned int mine = set_aside(), val, more;
	ssize_t ret = get_counts(from, &val, &more);
	struct task_struct *tsk;

	if (ret >= 0) {
		tsk = get_proc_task(file_inode(file));
		if (!tsk)
			ret = -ESRCH;
		else if (tsk == current)
			mine = val;
		else
			WRITE_ONCE(tsk->fail_nth.left, val);
		if (tsk) {
			WRITE_ONCE(tsk->fail_nth.more, more);
			WRITE_ONCE(tsk->fail_nth.fired, false);
			put_task_struct(tsk);
		}
	}
	current->fail_nth.left = mine;
	return ret;
}

const struct file_operations proc_fail_nth_fops = {
	.read_iter	= fail_nth_read,
	.write_iter	= fail_nth_write,
	.llseek		= generic_file_llseek,
};

int proc_fail_nth_where(struct seq_file *m, struct pid *pid, struct task_struct *tsk)
{
	show_failed_step(m, tsk);
	return 0;
}

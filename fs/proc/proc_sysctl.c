// SPDX-License-Identifier: GPL-2.0-only
/*
 * /proc/sys: named values that subjects register. A value is one word of memory or a pair of
 * functions; each access reads or writes it whole.
 */
#include <linux/capability.h>
#include <linux/init.h>
#include <linux/kstrtox.h>
#include <linux/poll.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/sysctl.h>
#include <linux/uio.h>
#include "internal.h"

#define CTL_TEXT_MAX	256

static struct proc_dir_entry *sys_dir;

static void *number_of(const struct ctl_table *ctl)
{
	return ctl->locate ? ctl->locate(ctl->data) : ctl->data;
}

static int value_text(const struct ctl_table *ctl, char *buf, size_t size)
{
	switch (ctl->kind) {
	case CTL_INT:
		return scnprintf(buf, size, "%d", READ_ONCE(*(int *)number_of(ctl)));
	case CTL_ULONG:
		return scnprintf(buf, size, "%lu", READ_ONCE(*(unsigned long *)number_of(ctl)));
	case CTL_BOOL:
		return scnprintf(buf, size, "%d", READ_ONCE(*(bool *)number_of(ctl)));
	case CTL_STRING:
		return scnprintf(buf, size, "%s", (char *)ctl->data);
	case CTL_CALL:
		return ctl->get(buf, size);
	}
	return -EINVAL;
}

static ssize_t sysctl_read(struct file *file, struct iov_iter *to, loff_t *pos)
{
	const struct ctl_table *ctl = pde_data(file_inode(file));
	char *buf = kmalloc(CTL_TEXT_MAX, GFP_KERNEL);
	ssize_t n;

	if (!buf)
		return -ENOMEM;
	n = value_text(ctl, buf, CTL_TEXT_MAX - 1);
	if (n >= 0) {
		buf[n++] = '\n';
		n = simple_copy_to_iter(buf, n, pos, to);
	}
	kfree(buf);
	return n;
}

static bool in_range(const struct ctl_table *ctl, long value)
{
	return (!ctl->min && !ctl->max) || (value >= ctl->min && value <= ctl->max);
}

/* Without a range, all that a word holds. */
static int set_ulong(const struct ctl_table *ctl, const char *text)
{
	unsigned long value;

	if (kstrtoul(text, 0, &value))
		return -EINVAL;
	WRITE_ONCE(*(unsigned long *)number_of(ctl), value);
	return 0;
}

static int set_number(const struct ctl_table *ctl, const char *text)
{
	long value;
	int err;

	if (ctl->kind == CTL_ULONG && !ctl->min && !ctl->max)
		return set_ulong(ctl, text);
	err = kstrtol(text, 0, &value);
	if (err)
		return -EINVAL;
	if (!in_range(ctl, value))
		return -EINVAL;
	if (ctl->kind == CTL_INT) {
		if (value != (int)value)
			return -EINVAL;
		WRITE_ONCE(*(int *)number_of(ctl), value);
	} else if (ctl->kind == CTL_BOOL) {
		if (value != 0 && value != 1)
			return -EINVAL;
		WRITE_ONCE(*(bool *)number_of(ctl), value);
	} else {
		WRITE_ONCE(*(unsigned long *)number_of(ctl), value);
	}
	return 0;
}

static int set_value(const struct ctl_table *ctl, char *text)
{
	switch (ctl->kind) {
	case CTL_STRING:
		strscpy(ctl->data, text, ctl->size);
		return 0;
	case CTL_CALL:
		return ctl->set ? ctl->set(text) : -EPERM;
	default:
		return set_number(ctl, text);
	}
}

static ssize_t sysctl_write(struct file *file, struct iov_iter *from, loff_t *pos)
{
	const struct ctl_table *ctl = pde_data(file_inode(file));
	size_t count = iov_iter_count(from);
	char *buf;
	int err;

	/* Linux takes a value in one write; what comes at an offset is ignored. */
	if (*pos)
		return count;
	if (count >= CTL_TEXT_MAX)
		return -EINVAL;
	buf = kzalloc(CTL_TEXT_MAX, GFP_KERNEL);
	if (!buf)
		return -ENOMEM;
	err = copy_from_iter(buf, count, from) == count ? set_value(ctl, strstrip(buf)) : -EFAULT;
	kfree(buf);
	if (!err)
		*pos += count;
	return err ?: (ssize_t)count;
}

/* ---- changes ---- */

void sysctl_changed(struct ctl_watch *watch)
{
	WRITE_ONCE(watch->event, watch->event + 1);
	wake_up_interruptible_poll(&watch->wait, EPOLLERR | EPOLLPRI);
}

static int sysctl_open(struct inode *inode, struct file *file)
{
	const struct ctl_table *ctl = pde_data(inode);

	if (ctl->watch)
		file->f_version = READ_ONCE(ctl->watch->event);
	return 0;
}

/* Each open file is told once of what changed since. */
static __poll_t sysctl_poll(struct file *file, struct poll_table_struct *pt)
{
	const struct ctl_table *ctl = pde_data(file_inode(file));
	unsigned long event;

	if (ctl->watch) {
		poll_wait(file, &ctl->watch->wait, pt);
		event = READ_ONCE(ctl->watch->event);
		if (file->f_version != event) {
			file->f_version = event;
			return EPOLLIN | EPOLLRDNORM | EPOLLERR | EPOLLPRI;
		}
	}
	return DEFAULT_POLLMASK;
}

static const struct file_operations sysctl_fops = {
	.open		= sysctl_open,
	.poll		= sysctl_poll,
	.read_iter	= sysctl_read,
	.write_iter	= sysctl_write,
	.llseek		= generic_file_llseek,
};

/* The entry for @path below /proc/sys, each part made when it is not there. */
static struct proc_dir_entry *sysctl_dir(const char *path)
{
	struct proc_dir_entry *dir = sys_dir;

	while (dir && *path) {
		const char *end = strchrnul(path, '/');

		dir = proc_find_or_mkdir(dir, path, end - path);
		path = *end ? end + 1 : end;
	}
	return dir;
}

int register_sysctl(const char *dir, const struct ctl_table *table, unsigned int n)
{
	struct proc_dir_entry *pde;
	unsigned int i;

	if (!sys_dir)
		sys_dir = proc_mkdir("sys", NULL);
	pde = sys_dir ? sysctl_dir(dir) : NULL;
	for (i = 0; pde && i < n; i++)
		if (!proc_create(table[i].name, table[i].mode, pde, &sysctl_fops,
				 (void *)&table[i]))
			return -ENOMEM;
	return pde ? 0 : -ENOMEM;
}

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Values under /proc/sys. A subject lists its own in a table and registers it at boot.
 */
#ifndef _LINUX_SYSCTL_H_K
#define _LINUX_SYSCTL_H_K

#include <linux/types.h>
#include <linux/wait.h>

enum ctl_kind {
	CTL_INT,			/* int */
	CTL_ULONG,			/* unsigned long */
	CTL_BOOL,			/* bool, 0 or 1 */
	CTL_STRING,			/* char[size] */
	CTL_CALL,			/* get() and set() */
};

/* For a value whose changes poll(2) tells. */
struct ctl_watch {
	unsigned long event;		/* counts them; under the value's own lock */
	wait_queue_head_t wait;
};

#define DEFINE_CTL_WATCH(name)	\
	struct ctl_watch name = { .wait = __WAIT_QUEUE_HEAD_INITIALIZER(name.wait) }

/* The value changed. Context: its lock. */
void sysctl_changed(struct ctl_watch *watch);

/* One value. A written number outside [min, max] is -EINVAL; both 0: any. */
struct ctl_table {
	const char *name;
	umode_t mode;
	enum ctl_kind kind;
	void *data;
	/* Numbers of which each namespace has its own: where the caller's is, by @data. */
	void *(*locate)(void *data);
	size_t size;			/* CTL_STRING: of the buffer */
	long min, max;
	/* text for a reader into @buf of @size, without newline: its length or -errno */
	int (*get)(char *buf, size_t size);
	/* a writer's text, without surrounding white space: 0 or -errno */
	int (*set)(char *text);
	struct ctl_watch *watch;	/* or NULL */
};

/* Put @n values of @table under /proc/sys/@dir. Context: boot, fs_initcall or later. */
int register_sysctl(const char *dir, const struct ctl_table *table, unsigned int n);

#endif

// SPDX-License-Identifier: GPL-2.0-only
/*
 * The name of a core: /proc/sys/kernel/core_pattern with its %-specifiers, core(5). A pattern that
 * begins with '|' is split at white space first, so that no value can add an argument.
 */
#include <linux/cred.h>
#include <linux/ctype.h>
#include <linux/err.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/rwsem.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/sprintf.h>
#include <linux/string.h>
#include <linux/timekeeping.h>
#include <linux/utsname.h>
#include "coredump.h"

static __printf(2, 3) void append(struct core_name *n, const char *fmt, ...)
{
	size_t room = CORE_NAME_SIZE - n->used;
	va_list args;
	int len;

	va_start(args, fmt);
	len = vsnprintf(n->text + n->used, room, fmt, args);
	va_end(args);
	if (len >= (int)room) {
		n->too_long = true;
		return;
	}
	n->used += len;
}

/* A value that a user chose: one component of a path, and neither "." nor ".." nor nothing. */
static void append_component(struct core_name *n, const char *value)
{
	char *start = n->text + n->used, *c;

	append(n, "%s", value);
	for (c = start; *c; c++)
		if (*c == '/')
			*c = '!';
	if (!strcmp(start, ".") || !strcmp(start, ".."))
		*start = '!';
	if (!*start)
		append(n, "!");
}

static void append_host(struct core_name *n)
{
	char host[__NEW_UTS_LEN + 1];

	down_read(&uts_sem);
	strscpy(host, utsname()->nodename, sizeof(host));
	up_read(&uts_sem);
	append_component(n, host);
}

/* The program's path, or only its last component. */
static void append_exe(struct core_name *n, bool whole)
{
	struct file *exe = get_mm_exe_file(current->mm);
	char *buf = kmalloc(PATH_MAX, GFP_KERNEL);
	const char *path = ERR_PTR(-ENOENT);

	if (exe && buf)
		path = d_path(&exe->f_path, buf, PATH_MAX);
	if (IS_ERR(path)) {
		append_component(n, current->comm);
		append(n, " (path unknown)");
	} else {
		append_component(n, whole ? path : kbasename(path));
	}
	if (exe)
		fput(exe);
	kfree(buf);
}

static void append_value(struct core_name *n, char what, const struct core_dump *d)
{
	switch (what) {
	case '%':
		append(n, "%%");
		break;
	case 'p':
		append(n, "%d", task_tgid_vnr(current));
		break;
	case 'P':
		append(n, "%d", task_tgid_nr(current));
		break;
	case 'i':
		append(n, "%d", task_pid_vnr(current));
		break;
	case 'I':
		append(n, "%d", task_pid_nr(current));
		break;
	case 'u':
		append(n, "%u", current_real_cred()->uid);
		break;
	case 'g':
		append(n, "%u", current_real_cred()->gid);
		break;
	case 'd':
		append(n, "%d", d->dumpable);
		break;
	case 's':
		append(n, "%d", d->info->si_signo);
		break;
	case 't':
		append(n, "%lld", (long long)ktime_get_real_seconds());
		break;
	case 'h':
		append_host(n);
		break;
	case 'e':
		append_component(n, current->comm);
		break;
	case 'f':
		append_exe(n, false);
		break;
	case 'E':
		append_exe(n, true);
		break;
	case 'c':
		append(n, "%lu", d->limit);
		break;
	}
}

/* @pattern up to its end, or for a helper up to white space. Return: where that is. */
static const char *expand(struct core_name *n, const char *pattern, const struct core_dump *d,
			  bool *has_pid)
{
	for (; *pattern && !(d->piped && isspace(*pattern)); pattern++) {
		if (*pattern != '%') {
			append(n, "%c", *pattern);
			continue;
		}
		pattern++;
		if (!*pattern)
			break;
		*has_pid |= *pattern == 'p';
		append_value(n, *pattern, d);
	}
	return pattern;
}

static void make_args(struct core_name *n, const struct core_dump *d, const char *pattern)
{
	bool unused;

	for (;;) {
		while (isspace(*pattern))
			pattern++;
		if (!*pattern || n->too_long)
			break;
		n->argv[n->argc++] = n->text + n->used;
		pattern = expand(n, pattern, d, &unused);
		if (++n->used == CORE_NAME_SIZE)	/* the string's end is there already */
			n->too_long = true;
		else
			n->text[n->used] = '\0';
	}
	n->argv[n->argc] = NULL;
}

int core_make_name(struct core_name *n, const struct core_dump *d, const char *pattern)
{
	bool has_pid = false;

	n->used = n->argc = 0;
	n->too_long = false;
	n->text[0] = '\0';
	if (d->piped) {
		make_args(n, d, pattern + 1);
		if (!n->argc)
			return -EINVAL;
	} else {
		expand(n, pattern, d, &has_pid);
		if (core_uses_pid && !has_pid)
			append(n, ".%d", task_tgid_vnr(current));
	}
	return n->too_long ? -ENAMETOOLONG : 0;
}

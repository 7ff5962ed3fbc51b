// SPDX-License-Identifier: GPL-2.0-only
/*
 * Lists of the kernel's parts in /proc: locks, symbols, terminals' drivers, and the tables of
 * disks and odd devices, of which there are none.
 */
#include <linux/capability.h>
#include <linux/init.h>
#include <linux/kallsyms.h>
#include <linux/tty.h>
#include "internal.h"

static int locks_list(struct seq_file *m, void *v)
{
	locks_show(m);
	return 0;
}

/* No disks; no devices of the "misc" major. */
static int empty_show(struct seq_file *m, void *v)
{
	return 0;
}

static int partitions_show(struct seq_file *m, void *v)
{
	seq_puts(m, "major minor  #blocks  name\n\n");
	return 0;
}

/* ---- kallsyms ---- */

static void *kallsyms_start(struct seq_file *m, loff_t *pos)
{
	unsigned long addr;

	/* Positions count from 1: NULL ends the walk. */
	return kallsyms_nth(*pos, &addr) ? (void *)(*pos + 1) : NULL;
}

static void *kallsyms_next(struct seq_file *m, void *v, loff_t *pos)
{
	++*pos;
	return kallsyms_start(m, pos);
}

static void kallsyms_stop(struct seq_file *m, void *v)
{
}

static int kallsyms_show(struct seq_file *m, void *v)
{
	unsigned long addr;
	const char *name = kallsyms_nth((unsigned long)v - 1, &addr);

	seq_printf(m, "%016lx T %s\n", capable(CAP_SYSLOG) ? addr : 0, name);
	return 0;
}

static const struct seq_operations kallsyms_op = {
	.start = kallsyms_start, .next = kallsyms_next, .stop = kallsyms_stop,
	.show = kallsyms_show,
};

/* ---- terminals ---- */

static int tty_drivers_list(struct seq_file *m, void *v)
{
	tty_drivers_show(m);
	return 0;
}

static int ldiscs_show(struct seq_file *m, void *v)
{
	seq_puts(m, "n_tty       0\n");
	return 0;
}

static int __init proc_lists_init(void)
{
	struct proc_dir_entry *tty = proc_mkdir("tty", NULL);

	if (!tty || !proc_create_single("locks", 0444, NULL, locks_list, NULL) ||
	    !proc_create_single("diskstats", 0444, NULL, empty_show, NULL) ||
	    !proc_create_single("misc", 0444, NULL, empty_show, NULL) ||
	    !proc_create_single("partitions", 0444, NULL, partitions_show, NULL) ||
	    !proc_create_seq("kallsyms", 0444, NULL, &kallsyms_op) ||
	    !proc_create_single("drivers", 0444, tty, tty_drivers_list, NULL) ||
	    !proc_create_single("ldiscs", 0444, tty, ldiscs_show, NULL))
		return -ENOMEM;
	return 0;
}
fs_initcall(proc_lists_init);

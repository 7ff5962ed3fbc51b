// SPDX-License-Identifier: GPL-2.0-only
/*
 * The pids controller: how many tasks there may be in a group and below. Each group of every
 * hierarchy counts its tasks always, zombies included; a limit holds where the controller acts.
 */
#include <linux/fault-inject.h>
#include <linux/fs.h>
#include <linux/kstrtox.h>
#include <linux/seq_file.h>
#include <linux/string.h>
#include "internal.h"

#define PIDS_LIMIT	(4 * 1024 * 1024L)

static void note_peak(struct cgroup *cg, long now)
{
	if (now > READ_ONCE(cg->pids_peak))
		WRITE_ONCE(cg->pids_peak, now);
}

/* Context: any; the root is not charged. */
void charge_pid(struct cgroup *cg, long by)
{
	for (; cg && cg->parent; cg = cg->parent)
		note_peak(cg, atomic_long_add_return(by, &cg->pids));
}

/* As on Linux 6.1, pids.events counts where the fork was tried, not whose limit it was. */
static void count_failure(struct cgroup *cg)
{
	while (cg->parent && !control_enabled(cg, CONTROL_PIDS))
		cg = cg->parent;
	atomic_long_inc(&cg->pids_failed);
}

/* Charge, then compare: two forks cannot share the last place. Return: 0 or -EAGAIN. */
int try_charge_pid(struct cgroup *cg)
{
	struct cgroup *p, *q;

	for (p = cg; p->parent; p = p->parent) {
		long max = control_enabled(p, CONTROL_PIDS) ? READ_ONCE(p->pids_max) : NO_LIMIT;
		long now = atomic_long_add_return(1, &p->pids);

		if ((now <= max || max == NO_LIMIT) && !should_fail_charge("cgroup pids")) {
			note_peak(p, now);
			continue;
		}
		count_failure(cg);
		for (q = cg; q != p->parent; q = q->parent)
			atomic_long_dec(&q->pids);
		return -EAGAIN;
	}
	return 0;
}

/* The controller no longer acts in @cg: what was set there is forgotten. */
void reset_pids(struct cgroup *cg)
{
	cg->pids_max = NO_LIMIT;
	cg->pids_peak = atomic_long_read(&cg->pids);
	atomic_long_set(&cg->pids_failed, 0);
}

/* ---- files ---- */

static int max_show(struct seq_file *m, struct cgroup *cg)
{
	long max = READ_ONCE(cg->pids_max);

	if (max == NO_LIMIT)
		seq_puts(m, "max\n");
	else
		seq_printf(m, "%ld\n", max);
	return 0;
}

static int max_write(struct cgroup *cg, char *text, const struct cred *opener)
{
	long value = NO_LIMIT;
	int err = strcmp(text, "max") ? kstrtol(text, 0, &value) : 0;

	if (err)
		return err;
	if (strcmp(text, "max") && (value < 0 || value > PIDS_LIMIT))
		return -EINVAL;
	mutex_lock(&cgroup_mutex);
	WRITE_ONCE(cg->pids_max, value);
	mutex_unlock(&cgroup_mutex);
	return 0;
}

static int current_show(struct seq_file *m, struct cgroup *cg)
{
	seq_printf(m, "%ld\n", (long)atomic_long_read(&cg->pids));
	return 0;
}

static int events_show(struct seq_file *m, struct cgroup *cg)
{
	seq_printf(m, "max %ld\n", (long)atomic_long_read(&cg->pids_failed));
	return 0;
}

static int peak_show(struct seq_file *m, struct cgroup *cg)
{
	seq_printf(m, "%ld\n", READ_ONCE(cg->pids_peak));
	return 0;
}

static const struct cgroup_file pids_files[] = {
	{ "pids.current",	0, current_show, NULL },
	{ "pids.events",	0, events_show, NULL },
	{ "pids.max",		0, max_show, max_write },
	{ "pids.peak",		0, peak_show, NULL },
};

const struct cgroup_file_table pids_file_table = {
	CONTROL_PIDS, ARRAY_SIZE(pids_files), pids_files
};

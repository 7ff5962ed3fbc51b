/* SPDX-License-Identifier: GPL-2.0-only */
/* What the file system (cgroupfs.c) asks of hierarchies of version 1 (hierarchy.c). */
#ifndef _KERNEL_CGROUP_HIERARCHY_H
#define _KERNEL_CGROUP_HIERARCHY_H

#include <linux/types.h>

struct hierarchy;
struct seq_file;

/* The options of a mount. */
struct cgroup_options {
	unsigned int controllers;
	unsigned int flags;		/* HIERARCHY_* */
	bool none, all, clone_children;
	const char *name, *agent;	/* NULL: not given */
};

extern bool cgroup2_was_mounted;	/* then /proc/<pid>/cgroup has a line for it */

int cgroup_parse_options(struct cgroup_options *opts, char *text);
struct hierarchy *use_hierarchy(const struct cgroup_options *opts);
void unuse_hierarchy(struct hierarchy *hier);
int change_hierarchy(struct hierarchy *hier, const struct cgroup_options *opts);
void show_hierarchy_options(struct seq_file *m, struct hierarchy *hier);

#endif /* _KERNEL_CGROUP_HIERARCHY_H */

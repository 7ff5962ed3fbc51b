/* SPDX-License-Identifier: GPL-2.0-only */
/* What the files of both versions need: tasks by their numbers (files.c). */
#ifndef _KERNEL_CGROUP_FILES_H
#define _KERNEL_CGROUP_FILES_H

#include <linux/types.h>

struct cgroup;
struct seq_file;
struct task_struct;

int cgroup_show_tasks(struct seq_file *m, struct cgroup *cg, bool threads);
struct task_struct *cgroup_named_task(const char *text, bool process);
bool cgroup_is_fixed(const struct task_struct *tsk);

#endif /* _KERNEL_CGROUP_FILES_H */

// SPDX-License-Identifier: GPL-2.0-only
/* The files of version 1's core (cgroups(7)). Threads move alone here. */
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/kstrtox.h>
#include <linux/sched.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/user_namespace.h>
#include "files.h"
#include "internal.h"


/* ---- tasks ---- */

static int procs_show(struct seq_file *m, struct cgroup *cg)
{
	return cgroup_show_tasks(m, cg, false);
}

static int tasks_show(struct seq_file *m, struct cgroup *cg)
{
	return cgroup_show_tasks(m, cg, true);
}

/* Root moves everybody, others only what is theirs. */
static int check_owner(struct task_struct *tsk, const struct cred *opener)
{
	const struct cred *cred;
	bool may;

	if ((opener->euid == 0))
		return 0;
	rcu_read_lock();
	cred = __task_cred(tsk);
	may = opener->euid == cred->uid || opener->euid == cred->suid;
	rcu_read_unlock();
	return may ? 0 : -EACCES;
}

static int move_v1(struct cgroup *to, struct task_struct *tsk, bool process)
{
	int err = cpuset_may_enter(to);

	if (!err)
		err = move_tasks(to, tsk, process);
	if (!err && controller_home[CONTROLLER_CPUSET] == to->hier)
		cpuset_apply_to_process(tsk);
	return err;
}

static int write_task(struct cgroup *to, const char *text, bool process, const struct cred *opener)
{
	struct task_struct *tsk = cgroup_named_task(text, process);
	int err;

	if (IS_ERR(tsk))
		return PTR_ERR(tsk);
	err = cgroup_is_fixed(tsk) ? -EINVAL : check_owner(tsk, opener);
	mutex_lock(&cgroup_mutex);
	if (to->dead)
		err = -ENODEV;
	if (!err)
		err = move_v1(to, tsk, process);
	mutex_unlock(&cgroup_mutex);
	put_task_struct(tsk);
	return err;
}

static int procs_write(struct cgroup *cg, char *text, const struct cred *opener)
{
	return write_task(cg, text, true, opener);
}

static int tasks_write(struct cgroup *cg, char *text, const struct cred *opener)
{
	return write_task(cg, text, false, opener);
}

/* ---- flags and the agent ---- */

static int write_flag(bool *flag, const char *text)
{
	unsigned long value;
	int err = kstrtoul(text, 0, &value);

	if (!err)
		WRITE_ONCE(*flag, value != 0);
	return err;
}

static int notify_show(struct seq_file *m, struct cgroup *cg)
{
	seq_printf(m, "%d\n", READ_ONCE(cg->notify_on_release));
	return 0;
}

static int notify_write(struct cgroup *cg, char *text, const struct cred *opener)
{
	return write_flag(&cg->notify_on_release, text);
}

static int clone_show(struct seq_file *m, struct cgroup *cg)
{
	seq_printf(m, "%d\n", READ_ONCE(cg->clone_children));
	return 0;
}

static int clone_write(struct cgroup *cg, char *text, const struct cred *opener)
{
	return write_flag(&cg->clone_children, text);
}

static int sane_show(struct seq_file *m, struct cgroup *cg)
{
	seq_puts(m, "0\n");
	return 0;
}

static int agent_show(struct seq_file *m, struct cgroup *cg)
{
	mutex_lock(&cgroup_mutex);
	seq_printf(m, "%s\n", cg->hier->release_agent ?: "");
	mutex_unlock(&cgroup_mutex);
	return 0;
}

/* The agent runs as the first namespace's root. */
static int agent_write(struct cgroup *cg, char *text, const struct cred *opener)
{
	char *agent;

	if (opener->user_ns != &init_user_ns || !cred_capable(opener, CAP_SYS_ADMIN))
		return -EPERM;
	agent = kstrdup(text, GFP_KERNEL);
	if (!agent)
		return -ENOMEM;
	mutex_lock(&cgroup_mutex);
	swap(cg->hier->release_agent, agent);
	mutex_unlock(&cgroup_mutex);
	kfree(agent);
	return 0;
}

static const struct cgroup_file v1_files[] = {
	{ "cgroup.clone_children",	FILE_V1 | FILE_IN_ROOT, clone_show, clone_write },
	{ "cgroup.procs",		FILE_V1 | FILE_IN_ROOT, procs_show, procs_write },
	{ "cgroup.sane_behavior",	FILE_V1 | FILE_ONLY_ROOT, sane_show, NULL },
	{ "notify_on_release",		FILE_V1 | FILE_IN_ROOT, notify_show, notify_write },
	{ "release_agent",		FILE_V1 | FILE_ONLY_ROOT, agent_show, agent_write },
	{ "tasks",			FILE_V1 | FILE_IN_ROOT, tasks_show, tasks_write },
};

const struct cgroup_file_table v1_file_table = { 0, ARRAY_SIZE(v1_files), v1_files };

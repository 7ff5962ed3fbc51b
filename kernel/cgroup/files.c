// SPDX-License-Identifier: GPL-2.0-only
/* The files of cgroup2's core, and the list of processes that both versions have. */
#include <linux/cred.h>
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/kstrtox.h>
#include <linux/pid.h>
#include <linux/sched.h>
#include <linux/seq_file.h>
#include <linux/string.h>
#include <linux/user_namespace.h>
#include "files.h"
#include "internal.h"

/* ---- tasks ---- */

/* In version 1 who is of another namespace is left out, in cgroup2 it is 0. */
static void show_number(struct seq_file *m, const struct cgroup *cg, int nr)
{
	if (nr || is_v2(cg))
		seq_printf(m, "%d\n", nr);
}

int cgroup_show_tasks(struct seq_file *m, struct cgroup *cg, bool threads)
{
	struct task_struct *p, *t;

	read_lock(&tasklist_lock);
	for_each_process(p) {
		for_each_thread(p, t) {
			if (!in_cgroup(t, cg) || (t->exit_state && thread_group_empty(p)))
				continue;
			show_number(m, cg, threads ? task_pid_vnr(t) : task_tgid_vnr(p));
			if (!threads)
				break;
		}
	}
	read_unlock(&tasklist_lock);
	return 0;
}

/* A process is in the group that the one of its main thread belongs to. */
static void show_processes(struct seq_file *m, const struct cgroup *cg)
{
	struct task_struct *p;

	read_lock(&tasklist_lock);
	for_each_process(p) {
		if ((!p->exit_state || !thread_group_empty(p)) &&
		    domain_of(cgroup_in(p->cgroups, cg->hier)) == cg)
			show_number(m, cg, task_tgid_vnr(p));
	}
	read_unlock(&tasklist_lock);
}

static int procs_show(struct seq_file *m, struct cgroup *cg)
{
	int err = 0;

	mutex_lock(&cgroup_mutex);
	if (cg->threaded)
		err = -EOPNOTSUPP;
	else
		show_processes(m, cg);
	mutex_unlock(&cgroup_mutex);
	return err;
}

static int threads_show(struct seq_file *m, struct cgroup *cg)
{
	return cgroup_show_tasks(m, cg, true);
}

/* The task that @text names, 0: the writer. With a reference; ERR_PTR(-EINVAL, -ESRCH). */
struct task_struct *cgroup_named_task(const char *text, bool process)
{
	struct task_struct *tsk;
	int nr;

	if (kstrtoint(text, 0, &nr) || nr < 0)
		return ERR_PTR(-EINVAL);
	rcu_read_lock();
	tsk = nr ? find_task_by_vpid(nr) : current;
	if (tsk)
		get_task_struct(process ? tsk->group_leader : tsk);
	if (tsk && process)
		tsk = tsk->group_leader;
	rcu_read_unlock();
	return tsk ?: ERR_PTR(-ESRCH);
}

/* Those that belong to a CPU stay, and so does their parent. */
bool cgroup_is_fixed(const struct task_struct *tsk)
{
	return (tsk->flags & PF_KTHREAD) && (tsk->nr_cpus_allowed == 1 || tsk->pid == 2);
}

/* Who moves a process must be able to write to the list of the group above both places. */
static int check_writer(const struct cgroup *from, const struct cgroup *to,
			const struct cred *opener)
{
	const struct cred *saved;
	int err = -EACCES;

	while (from && !is_below(to, from))
		from = from->parent;
	if ((opener->euid == 0) || !from)
		return 0;
	saved = override_creds(opener);
	if (from->procs_file)
		err = inode_permission(from->procs_file, MAY_WRITE);
	revert_creds(saved);
	return err;
}

static int move_v2(struct cgroup *to, struct task_struct *tsk, bool process,
		   const struct cred *opener)
{
	struct css_set *set = get_task_set(tsk);
	struct cgroup *from = cgroup_in(set, &default_hierarchy);
	int err;

	err = check_writer(from, to, opener);
	if (!err)
		err = check_destination(to);
	if (!err && !process && domain_of(from) != domain_of(to))
		err = -EOPNOTSUPP;
	put_set(set);
	return err ?: move_tasks(to, tsk, process);
}

static int write_task(struct cgroup *to, const char *text, bool process, const struct cred *opener)
{
	struct task_struct *tsk = cgroup_named_task(text, process);
	int err = -EINVAL;

	if (IS_ERR(tsk))
		return PTR_ERR(tsk);
	mutex_lock(&cgroup_mutex);
	if (to->dead)
		err = -ENODEV;
	else if (!cgroup_is_fixed(tsk))
		err = move_v2(to, tsk, process, opener);
	if (!err && controller_home[CONTROLLER_CPUSET] == to->hier)
		cpuset_apply_to_process(tsk);
	mutex_unlock(&cgroup_mutex);
	put_task_struct(tsk);
	return err;
}

static int procs_write(struct cgroup *cg, char *text, const struct cred *opener)
{
	return write_task(cg, text, true, opener);
}

static int threads_write(struct cgroup *cg, char *text, const struct cred *opener)
{
	return write_task(cg, text, false, opener);
}

/* ---- controllers ---- */

static int show_controls(struct seq_file *m, unsigned int controls)
{
	const char *before = "";
	int i;

	for (i = 0; i < NR_CONTROLLERS; i++) {
		if (!(controls & 1u << i))
			continue;
		seq_printf(m, "%s%s", before, controller_names[i]);
		before = " ";
	}
	if (controls)
		seq_putc(m, '\n');
	return 0;
}

static int controllers_show(struct seq_file *m, struct cgroup *cg)
{
	return show_controls(m, enabled_controls(cg));
}

static int subtree_show(struct seq_file *m, struct cgroup *cg)
{
	return show_controls(m, READ_ONCE(cg->control));
}

/* "+pids -cpuset ...": the last word about each controller counts. */
static int parse_control(char *text, unsigned int *on, unsigned int *off)
{
	char *word;

	*on = *off = 0;
	while ((word = strsep(&text, " "))) {
		int i;

		if (!*word)
			continue;
		i = match_string(controller_names, NR_CONTROLLERS, word + 1);
		if (i < 0 || !(CONTROL_V2 & 1u << i) || (*word != '+' && *word != '-'))
			return -EINVAL;
		*on = (*on & ~(1u << i)) | (*word == '+') << i;
		*off = (*off & ~(1u << i)) | (*word == '-') << i;
	}
	return 0;
}

static int subtree_write(struct cgroup *cg, char *text, const struct cred *opener)
{
	unsigned int on, off;
	int err = parse_control(text, &on, &off);

	if (err)
		return err;
	mutex_lock(&cgroup_mutex);
	err = change_control(cg, on, off);
	mutex_unlock(&cgroup_mutex);
	return err;
}

/* ---- what a group is ---- */

static int events_show(struct seq_file *m, struct cgroup *cg)
{
	bool populated, frozen;

	spin_lock_irq(&cgroup_lock);
	populated = cg->populated;
	frozen = cg->frozen;
	spin_unlock_irq(&cgroup_lock);
	seq_printf(m, "populated %d\nfrozen %d\n", populated, frozen);
	return 0;
}

static int type_show(struct seq_file *m, struct cgroup *cg)
{
	mutex_lock(&cgroup_mutex);
	if (cg->threaded)
		seq_puts(m, "threaded\n");
	else if (!is_valid_domain(cg))
		seq_puts(m, "domain invalid\n");
	else
		seq_puts(m, is_thread_root(cg) ? "domain threaded\n" : "domain\n");
	mutex_unlock(&cgroup_mutex);
	return 0;
}

static int type_write(struct cgroup *cg, char *text, const struct cred *opener)
{
	int err;

	if (strcmp(text, "threaded"))
		return -EINVAL;
	mutex_lock(&cgroup_mutex);
	err = make_threaded(cg);
	mutex_unlock(&cgroup_mutex);
	return err;
}

static int stat_show(struct seq_file *m, struct cgroup *cg)
{
	seq_printf(m, "nr_descendants %u\nnr_dying_descendants 0\n", READ_ONCE(cg->descendants));
	return 0;
}

static int kill_write(struct cgroup *cg, char *text, const struct cred *opener)
{
	int value, err = kstrtoint(text, 0, &value);

	if (err)
		return err;
	if (value != 1)
		return -ERANGE;
	mutex_lock(&cgroup_mutex);
	if (cg->dead)
		err = -ENODEV;
	else if (cg->threaded)
		err = -EOPNOTSUPP;
	else
		signal_cgroup(cg);
	mutex_unlock(&cgroup_mutex);
	return err;
}

static int show_limit(struct seq_file *m, long limit)
{
	if (limit == NO_LIMIT)
		seq_puts(m, "max\n");
	else
		seq_printf(m, "%ld\n", limit);
	return 0;
}

/* "max" or a number below INT_MAX. */
static int set_limit(long *limit, const char *text)
{
	long value = NO_LIMIT;
	int err = strcmp(text, "max") ? kstrtol(text, 0, &value) : 0;

	if (err)
		return err;
	if (strcmp(text, "max") && (value < 0 || value >= INT_MAX))
		return -ERANGE;
	mutex_lock(&cgroup_mutex);
	WRITE_ONCE(*limit, value);
	mutex_unlock(&cgroup_mutex);
	return 0;
}

static int depth_show(struct seq_file *m, struct cgroup *cg)
{
	return show_limit(m, READ_ONCE(cg->max_depth));
}

static int depth_write(struct cgroup *cg, char *text, const struct cred *opener)
{
	return set_limit(&cg->max_depth, text);
}

static int descendants_show(struct seq_file *m, struct cgroup *cg)
{
	return show_limit(m, READ_ONCE(cg->max_descendants));
}

static int descendants_write(struct cgroup *cg, char *text, const struct cred *opener)
{
	return set_limit(&cg->max_descendants, text);
}

static const struct cgroup_file core_files[] = {
	{ "cgroup.controllers",		FILE_V2 | FILE_IN_ROOT, controllers_show, NULL },
	{ "cgroup.events",		FILE_V2, events_show, NULL },
	{ "cgroup.kill",		FILE_V2, NULL, kill_write },
	{ "cgroup.max.depth",		FILE_V2 | FILE_IN_ROOT, depth_show, depth_write },
	{ "cgroup.max.descendants",	FILE_V2 | FILE_IN_ROOT, descendants_show,
	  descendants_write },
	{ "cgroup.procs",		FILE_V2 | FILE_IN_ROOT, procs_show, procs_write },
	{ "cgroup.stat",		FILE_V2 | FILE_IN_ROOT, stat_show, NULL },
	{ "cgroup.subtree_control",	FILE_V2 | FILE_IN_ROOT, subtree_show, subtree_write },
	{ "cgroup.threads",		FILE_V2 | FILE_IN_ROOT, threads_show, threads_write },
	{ "cgroup.type",		FILE_V2, type_show, type_write },
};

const struct cgroup_file_table core_file_table = { 0, ARRAY_SIZE(core_files), core_files };

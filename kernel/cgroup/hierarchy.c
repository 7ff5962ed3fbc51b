// SPDX-License-Identifier: GPL-2.0-only
/*
 * Hierarchies: what mount(2) of "cgroup" asks for, which controllers act in which tree, and the
 * views of them in /proc. A hierarchy of version 1 lives while it is mounted or has groups below
 * its root. Everything under cgroup_mutex.
 */
#include <linux/capability.h>
#include <linux/ctype.h>
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/proc_fs.h>
#include <linux/sched.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "hierarchy.h"
#include "internal.h"

#define NAME_LENGTH	64
#define AGENT_LENGTH	4096

LIST_HEAD(hierarchies);
static int last_id;

/* ---- options ---- */

struct flag_option {
	const char *name;
	unsigned int flag;
};

static const struct flag_option flag_options[] = {
	{ "noprefix", HIERARCHY_NOPREFIX },
	{ "xattr", HIERARCHY_XATTR },
	{ "cpuset_v2_mode", HIERARCHY_CPUSET_V2 },
};

static unsigned int controller_bit(const char *name)
{
	int i = match_string(controller_names, NR_CONTROLLERS, name);

	return i < 0 ? 0 : 1u << i;
}

static bool good_name(const char *name)
{
	size_t i, len = strlen(name);

	for (i = 0; i < len; i++) {
		if (!isalnum(name[i]) && !strchr("._-", name[i]))
			return false;
	}
	return len > 0 && len < NAME_LENGTH;
}

static int take_value(const char **to, const char *value, bool good)
{
	if (*to || !good)
		return -EINVAL;
	*to = value;
	return 0;
}

static int parse_word(struct cgroup_options *opts, char *word)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(flag_options); i++) {
		if (!strcmp(word, flag_options[i].name)) {
			opts->flags |= flag_options[i].flag;
			return 0;
		}
	}
	if (!strcmp(word, "none"))
		opts->none = true;
	else if (!strcmp(word, "all"))
		opts->all = true;
	else if (!strcmp(word, "clone_children"))
		opts->clone_children = true;
	else if (!strncmp(word, "name=", 5))
		return take_value(&opts->name, word + 5, good_name(word + 5));
	else if (!strncmp(word, "release_agent=", 14))
		return take_value(&opts->agent, word + 14, strlen(word + 14) < AGENT_LENGTH);
	else if (controller_bit(word))
		opts->controllers |= controller_bit(word);
	else
		return -EINVAL;
	return 0;
}

/* Which words go together. */
static int check_options(struct cgroup_options *opts)
{
	if (opts->all && opts->controllers)
		return -EINVAL;
	if (opts->all || (!opts->controllers && !opts->none && !opts->name))
		opts->controllers = CONTROL_ALL;
	if (!opts->controllers && !opts->name)
		return -EINVAL;
	if ((opts->flags & HIERARCHY_NOPREFIX) && (opts->controllers & ~CONTROL_CPUSET))
		return -EINVAL;
	return opts->none && opts->controllers ? -EINVAL : 0;
}

/* @text is cut into pieces, which @opts points at. Return: 0 or -EINVAL. */
int cgroup_parse_options(struct cgroup_options *opts, char *text)
{
	char *word;
	int err = 0;

	memset(opts, 0, sizeof(*opts));
	while (!err && (word = strsep(&text, ",")))
		err = *word ? parse_word(opts, word) : 0;
	return err ?: check_options(opts);
}

/* ---- which controllers act where ---- */

static bool acts_below_the_root(const struct hierarchy *hier, unsigned int control)
{
	return hier == &default_hierarchy ? (hier->root.control & control) &&
					    !list_empty(&hier->root.children)
					  : !list_empty(&hier->root.children);
}

static int check_bind(const struct hierarchy *hier, unsigned int wanted)
{
	int i;

	for (i = 0; i < NR_CONTROLLERS; i++) {
		const struct hierarchy *home = controller_home[i];

		if (!(wanted & 1u << i) || home == hier)
			continue;
		if (home != &default_hierarchy && hier != &default_hierarchy)
			return -EBUSY;
		if (acts_below_the_root(home, 1u << i))
			return -EBUSY;
	}
	return 0;
}

static void rehome(int i, struct hierarchy *to)
{
	struct hierarchy *from = controller_home[i];

	spin_lock_irq(&cgroup_lock);
	from->root.control &= ~(1u << i);
	from->controllers &= ~(1u << i);
	to->controllers |= 1u << i;
	controller_home[i] = to;
	spin_unlock_irq(&cgroup_lock);
}

/*
 * @hier gets the controllers @wanted, the others that it has go back to cgroup2. They act in no
 * group but roots, where all tasks have all CPUs and no limit, so nothing changes for a task.
 * Return: 0, or -EBUSY.
 */
int bind_controllers(struct hierarchy *hier, unsigned int wanted)
{
	unsigned int had = hier->controllers;
	int i, err = check_bind(hier, wanted & ~had);

	for (i = 0; i < NR_CONTROLLERS && !err; i++) {
		if (wanted & ~had & 1u << i)
			rehome(i, hier);
		else if (had & ~wanted & 1u << i)
			rehome(i, &default_hierarchy);
	}
	return err;
}

/* ---- finding and making one ---- */

static bool same_name(const struct hierarchy *hier, const char *name)
{
	return hier->name && !strcmp(hier->name, name);
}

/* Return: the hierarchy that @opts mean, NULL: there is none, ERR_PTR(-EBUSY): it is another. */
static struct hierarchy *find_hierarchy(const struct cgroup_options *opts)
{
	struct hierarchy *hier;

	list_for_each_entry(hier, &hierarchies, list) {
		if (opts->name && !same_name(hier, opts->name))
			continue;
		if ((opts->controllers || opts->none) && opts->controllers != hier->controllers) {
			if (opts->name)
				return ERR_PTR(-EBUSY);
			continue;
		}
		return hier;
	}
	return NULL;
}

static int copy_text(char **to, const char *text)
{
	*to = text ? kstrdup(text, GFP_KERNEL) : NULL;
	return text && !*to ? -ENOMEM : 0;
}

static struct hierarchy *make_hierarchy(const struct cgroup_options *opts)
{
	struct hierarchy *hier = kzalloc(sizeof(*hier), GFP_KERNEL);
	int err;

	if (!hier)
		return ERR_PTR(-ENOMEM);
	init_cgroup(&hier->root, hier);
	hier->flags = opts->flags;
	hier->root.name = "";
	hier->root.clone_children = opts->clone_children;
	err = copy_text(&hier->name, opts->name);
	if (!err)
		err = copy_text(&hier->release_agent, opts->agent);
	if (!err)
		err = bind_controllers(hier, opts->controllers);
	if (err) {
		put_cgroup(&hier->root);
		return ERR_PTR(err);
	}
	init_cpuset(&hier->root);
	hier->id = ++last_id;
	list_add(&hier->list, &hierarchies);
	return hier;
}

/**
 * use_hierarchy - the hierarchy of version 1 that a mount asks for
 * @opts: the mount's options
 *
 * Return: it, one user more, or ERR_PTR(-EINVAL, -EPERM, -EBUSY, -ENOMEM).
 */
struct hierarchy *use_hierarchy(const struct cgroup_options *opts)
{
	struct hierarchy *hier;

	mutex_lock(&cgroup_mutex);
	hier = find_hierarchy(opts);
	if (!hier && !opts->controllers && !opts->none)
		hier = ERR_PTR(-EINVAL);
	else if (!hier)
		hier = capable(CAP_SYS_ADMIN) ? make_hierarchy(opts) : ERR_PTR(-EPERM);
	if (!IS_ERR(hier))
		hier->users++;
	mutex_unlock(&cgroup_mutex);
	return hier;
}

/* One user less; the last one ends a hierarchy that has no groups. */
void unuse_hierarchy(struct hierarchy *hier)
{
	struct cgroup *root = NULL;

	mutex_lock(&cgroup_mutex);
	if (--hier->users == 0 && list_empty(&hier->root.children)) {
		bind_controllers(hier, 0);
		list_del(&hier->list);
		root = &hier->root;
	}
	mutex_unlock(&cgroup_mutex);
	put_cgroup(root);
}

/* Remounting may change what acts in a tree that is no more than its root. */
int change_hierarchy(struct hierarchy *hier, const struct cgroup_options *opts)
{
	char *agent = NULL;
	int err;

	if (opts->flags != hier->flags || (opts->name && !same_name(hier, opts->name)))
		return -EINVAL;
	if (!list_empty(&hier->root.children))
		return -EBUSY;
	err = copy_text(&agent, opts->agent);
	if (!err)
		err = bind_controllers(hier, opts->controllers);
	if (!err && agent)
		swap(hier->release_agent, agent);
	kfree(agent);
	return err;
}

static void show_controllers(struct seq_file *m, unsigned int controllers, const char *before)
{
	int i;

	for (i = 0; i < NR_CONTROLLERS; i++) {
		if (!(controllers & 1u << i))
			continue;
		seq_printf(m, "%s%s", before, controller_names[i]);
		before = ",";
	}
}

/* For /proc/mounts. */
void show_hierarchy_options(struct seq_file *m, struct hierarchy *hier)
{
	unsigned int i;

	mutex_lock(&cgroup_mutex);
	show_controllers(m, hier->controllers, ",");
	for (i = 0; i < ARRAY_SIZE(flag_options); i++) {
		if (hier->flags & flag_options[i].flag)
			seq_printf(m, ",%s", flag_options[i].name);
	}
	if (hier->release_agent) {
		seq_puts(m, ",release_agent=");
		seq_escape(m, hier->release_agent, ", \t\n\\");
	}
	if (hier->root.clone_children)
		seq_puts(m, ",clone_children");
	if (hier->name)
		seq_printf(m, ",name=%s", hier->name);
	mutex_unlock(&cgroup_mutex);
}

/* ---- /proc ---- */

bool cgroup2_was_mounted;

static void show_membership(struct seq_file *m, struct task_struct *tsk, struct hierarchy *hier,
			    const struct css_set *set)
{
	const struct cgroup *cg = cgroup_in(set, hier);
	bool v2 = hier == &default_hierarchy;

	seq_printf(m, "%d:", hier->id);
	if (!v2)
		show_controllers(m, hier->controllers, "");
	if (hier->name)
		seq_printf(m, "%sname=%s", hier->controllers ? "," : "", hier->name);
	seq_putc(m, ':');
	/* in version 1 the dead are in the root */
	show_cgroup_path(m, v2 || !(tsk->flags & PF_EXITING) ? cg : &hier->root);
	seq_puts(m, v2 && cg->dead ? " (deleted)\n" : "\n");
}

int proc_pid_cgroup(struct seq_file *m, struct pid *pid, struct task_struct *tsk)
{
	struct hierarchy *hier;
	struct css_set *set;

	mutex_lock(&cgroup_mutex);
	set = get_task_set(tsk);
	list_for_each_entry(hier, &hierarchies, list)
		show_membership(m, tsk, hier, set);
	if (READ_ONCE(cgroup2_was_mounted))
		show_membership(m, tsk, &default_hierarchy, set);
	put_set(set);
	mutex_unlock(&cgroup_mutex);
	return 0;
}

int proc_pid_cpuset(struct seq_file *m, struct pid *pid, struct task_struct *tsk)
{
	struct css_set *set;

	mutex_lock(&cgroup_mutex);
	set = get_task_set(tsk);
	show_cgroup_path(m, cpuset_cgroup(set));
	seq_putc(m, '\n');
	put_set(set);
	mutex_unlock(&cgroup_mutex);
	return 0;
}

static int cgroups_show(struct seq_file *m, void *v)
{
	int i;

	seq_puts(m, "#subsys_name\thierarchy\tnum_cgroups\tenabled\n");
	mutex_lock(&cgroup_mutex);
	for (i = 0; i < NR_CONTROLLERS; i++)
		seq_printf(m, "%s\t%d\t%u\t1\n", controller_names[i], controller_home[i]->id,
			   controller_home[i]->root.descendants + 1);
	mutex_unlock(&cgroup_mutex);
	return 0;
}

static int __init hierarchy_init(void)
{
	init_cpuset(&default_hierarchy.root);
	return proc_create_single("cgroups", 0444, NULL, cgroups_show, NULL) ? 0 : -ENOMEM;
}
fs_initcall(hierarchy_init);

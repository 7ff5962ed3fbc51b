// SPDX-License-Identifier: GPL-2.0-only
/*
 * The files of the cpuset controller, and which settings go together (cpuset(7)): children within
 * their parent, exclusive siblings apart, no empty set for tasks. Under cgroup_mutex.
 */
#include <linux/fs.h>
#include <linux/kstrtox.h>
#include <linux/mm.h>
#include <linux/seq_file.h>
#include "internal.h"

#define NODES_ONLINE	1UL
#define LINUX_NODES	1024		/* as many may be named before the syntax is out of range */

static bool memory_pressure_enabled;	/* cgroup_mutex */

/* ---- which settings are allowed ---- */

static bool fits_into(const struct cpuset *cs, const struct cpuset *above)
{
	unsigned int exclusive = cs->flags & (CS_CPU_EXCLUSIVE | CS_MEM_EXCLUSIVE);

	return cpumask_subset(&cs->cpus, &above->cpus) && !(cs->mems & ~above->mems) &&
	       !(exclusive & ~above->flags);
}

static bool collide(const struct cpuset *a, const struct cpuset *b)
{
	unsigned int exclusive = a->flags | b->flags;

	return ((exclusive & CS_CPU_EXCLUSIVE) && cpumask_intersects(&a->cpus, &b->cpus)) ||
	       ((exclusive & CS_MEM_EXCLUSIVE) && (a->mems & b->mems));
}

static int check_family(const struct cgroup *cg, const struct cpuset *trial)
{
	const struct cgroup *child;

	list_for_each_entry(child, &cg->children, sibling) {
		if (!fits_into(&child->cpuset, trial))
			return -EBUSY;
	}
	return !cg->parent || fits_into(trial, &cg->parent->cpuset) ? 0 : -EACCES;
}

/* In Linux's order. Return: 0, -EBUSY, -EACCES, -EINVAL, -ENOSPC. */
static int check_trial(const struct cgroup *cg, const struct cpuset *trial)
{
	const struct cgroup *sibling;
	int err = cpuset_follows_v2(cg) ? 0 : check_family(cg, trial);

	if (err || !cg->parent)
		return err;
	list_for_each_entry(sibling, &cg->parent->children, sibling) {
		if (sibling != cg && collide(trial, &sibling->cpuset))
			return -EINVAL;
	}
	if (READ_ONCE(cg->populated)) {
		if (!cpumask_empty(&cg->cpuset.cpus) && cpumask_empty(&trial->cpus))
			return -ENOSPC;
		if (cg->cpuset.mems && !trial->mems)
			return -ENOSPC;
	}
	return 0;
}

/* cgroup_mutex is held. */
static int install(struct cgroup *cg, const struct cpuset *trial)
{
	int err = check_trial(cg, trial);

	if (err)
		return err;
	cg->cpuset.cpus = trial->cpus;
	cg->cpuset.mems = trial->mems;
	cg->cpuset.flags = trial->flags;
	update_effective(cg);
	return 0;
}

/* ---- masks ---- */

static int change_cpus(struct cgroup *cg, char *text)
{
	struct cpuset trial = cg->cpuset;
	int err = 0;

	cpumask_clear(&trial.cpus);
	if (*text)
		err = cpulist_parse(text, &trial.cpus);
	if (err)
		return err;
	if (!cpumask_subset(&trial.cpus, cpu_possible_mask))
		return -EINVAL;
	if (cpumask_equal(&trial.cpus, &cg->cpuset.cpus))
		return 0;
	err = install(cg, &trial);
	if (!err)
		cpuset_apply(cg);
	return err;
}

static int change_mems(struct cgroup *cg, char *text)
{
	DECLARE_BITMAP(nodes, LINUX_NODES) = { 0 };
	struct cpuset trial = cg->cpuset;
	int err = *text ? bitmap_parselist(text, nodes, LINUX_NODES) : 0;

	if (err)
		return err;
	trial.mems = nodes[0];
	if (nodes[0] & ~NODES_ONLINE || find_next_bit(nodes, LINUX_NODES, 64) < LINUX_NODES)
		return -EINVAL;
	return trial.mems == cg->cpuset.mems ? 0 : install(cg, &trial);
}

static int change_masks(struct cgroup *cg, char *text, int (*change)(struct cgroup *, char *))
{
	int err;

	if (!cg->parent)
		return -EACCES;
	mutex_lock(&cgroup_mutex);
	err = cg->dead ? -ENODEV : change(cg, text);
	mutex_unlock(&cgroup_mutex);
	return err;
}

static int cpus_write(struct cgroup *cg, char *text, const struct cred *opener)
{
	return change_masks(cg, text, change_cpus);
}

static int mems_write(struct cgroup *cg, char *text, const struct cred *opener)
{
	return change_masks(cg, text, change_mems);
}

static void show_cpus(struct seq_file *m, const struct cpumask *cpus)
{
	struct cpumask copy;

	mutex_lock(&cgroup_mutex);
	copy = *cpus;
	mutex_unlock(&cgroup_mutex);
	seq_printf(m, "%*pbl\n", nr_cpu_ids, cpumask_bits(&copy));
}

static int cpus_show(struct seq_file *m, struct cgroup *cg)
{
	show_cpus(m, &cg->cpuset.cpus);
	return 0;
}

static int effective_cpus_show(struct seq_file *m, struct cgroup *cg)
{
	show_cpus(m, &cg->cpuset.effective_cpus);
	return 0;
}

/* Node 0 or none. */
static int show_mems(struct seq_file *m, unsigned long mems)
{
	seq_puts(m, mems ? "0\n" : "\n");
	return 0;
}

static int mems_show(struct seq_file *m, struct cgroup *cg)
{
	return show_mems(m, READ_ONCE(cg->cpuset.mems));
}

static int effective_mems_show(struct seq_file *m, struct cgroup *cg)
{
	return show_mems(m, READ_ONCE(cg->cpuset.effective_mems));
}

/* ---- flags: any number but 0 sets one ---- */

static int change_flag(struct cgroup *cg, unsigned int flag, bool on)
{
	struct cpuset trial;
	int err;

	mutex_lock(&cgroup_mutex);
	trial = cg->cpuset;
	trial.flags = on ? trial.flags | flag : trial.flags & ~flag;
	err = cg->dead ? -ENODEV : install(cg, &trial);
	mutex_unlock(&cgroup_mutex);
	return err;
}

static int write_flag(struct cgroup *cg, const char *text, unsigned int flag)
{
	unsigned long value;
	int err = kstrtoul(text, 0, &value);

	return err ?: change_flag(cg, flag, value);
}

#define FLAG_FILE(name, flag)							\
static int name##_show(struct seq_file *m, struct cgroup *cg)			\
{										\
	seq_printf(m, "%d\n", (READ_ONCE(cg->cpuset.flags) & (flag)) != 0);	\
	return 0;								\
}										\
static int name##_write(struct cgroup *cg, char *text, const struct cred *opener) \
{										\
	return write_flag(cg, text, flag);					\
}

FLAG_FILE(cpu_exclusive, CS_CPU_EXCLUSIVE)
FLAG_FILE(mem_exclusive, CS_MEM_EXCLUSIVE)
FLAG_FILE(mem_hardwall, CS_MEM_HARDWALL)
FLAG_FILE(memory_migrate, CS_MEMORY_MIGRATE)
FLAG_FILE(sched_load_balance, CS_SCHED_LOAD_BALANCE)
FLAG_FILE(spread_page, CS_SPREAD_PAGE)
FLAG_FILE(spread_slab, CS_SPREAD_SLAB)

/* ---- single values ---- */

/* How often a task had to reclaim memory itself; nobody ever does. */
static int pressure_show(struct seq_file *m, struct cgroup *cg)
{
	seq_puts(m, "0\n");
	return 0;
}

static int pressure_enabled_show(struct seq_file *m, struct cgroup *cg)
{
	seq_printf(m, "%d\n", READ_ONCE(memory_pressure_enabled));
	return 0;
}

static int pressure_enabled_write(struct cgroup *cg, char *text, const struct cred *opener)
{
	unsigned long value;
	int err = kstrtoul(text, 0, &value);

	if (!err)
		WRITE_ONCE(memory_pressure_enabled, value != 0);
	return err;
}

/* Scheduling domains have one level, so the system's default is all there is to choose. */
static int relax_show(struct seq_file *m, struct cgroup *cg)
{
	seq_puts(m, "-1\n");
	return 0;
}

static int relax_write(struct cgroup *cg, char *text, const struct cred *opener)
{
	long value;
	int err = kstrtol(text, 0, &value);

	return err ?: value == -1 ? 0 : -EINVAL;
}

static const struct cgroup_file cpuset_files[] = {
	{ "cpuset.cpus", FILE_V1 | FILE_IN_ROOT, cpus_show, cpus_write },
	{ "cpuset.mems", FILE_V1 | FILE_IN_ROOT, mems_show, mems_write },
	{ "cpuset.effective_cpus", FILE_V1 | FILE_IN_ROOT, effective_cpus_show, NULL },
	{ "cpuset.effective_mems", FILE_V1 | FILE_IN_ROOT, effective_mems_show, NULL },
	{ "cpuset.cpu_exclusive", FILE_V1 | FILE_IN_ROOT, cpu_exclusive_show, cpu_exclusive_write },
	{ "cpuset.mem_exclusive", FILE_V1 | FILE_IN_ROOT, mem_exclusive_show, mem_exclusive_write },
	{ "cpuset.mem_hardwall", FILE_V1 | FILE_IN_ROOT, mem_hardwall_show, mem_hardwall_write },
	{ "cpuset.sched_load_balance", FILE_V1 | FILE_IN_ROOT, sched_load_balance_show,
	  sched_load_balance_write },
	{ "cpuset.sched_relax_domain_level", FILE_V1 | FILE_IN_ROOT, relax_show, relax_write },
	{ "cpuset.memory_migrate", FILE_V1 | FILE_IN_ROOT, memory_migrate_show,
	  memory_migrate_write },
	{ "cpuset.memory_pressure", FILE_V1 | FILE_IN_ROOT, pressure_show, NULL },
	{ "cpuset.memory_spread_page", FILE_V1 | FILE_IN_ROOT, spread_page_show,
	  spread_page_write },
	{ "cpuset.memory_spread_slab", FILE_V1 | FILE_IN_ROOT, spread_slab_show,
	  spread_slab_write },
	{ "cpuset.memory_pressure_enabled", FILE_V1 | FILE_ONLY_ROOT, pressure_enabled_show,
	  pressure_enabled_write },
	{ "cpuset.cpus", FILE_V2, cpus_show, cpus_write },
	{ "cpuset.mems", FILE_V2, mems_show, mems_write },
	{ "cpuset.cpus.effective", FILE_V2 | FILE_IN_ROOT, effective_cpus_show, NULL },
	{ "cpuset.mems.effective", FILE_V2 | FILE_IN_ROOT, effective_mems_show, NULL },
};

const struct cgroup_file_table cpuset_file_table = {
	CONTROL_CPUSET, ARRAY_SIZE(cpuset_files), cpuset_files
};

// SPDX-License-Identifier: GPL-2.0-only
/*
 * What stands in sysfs: the files that programs ask for, with the answers of a machine of one
 * node and single-core packages, and empty directories where programs look.
 */
#include <linux/cpumask.h>
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/string.h>
#include <linux/vmalloc.h>
#include "sysfs.h"

/* ---- CPUs ---- */

static int show_list(struct seq_file *m, const struct cpumask *mask)
{
	seq_printf(m, "%*pbl\n", nr_cpu_ids, cpumask_bits(mask));
	return 0;
}

static int show_mask(struct seq_file *m, const struct cpumask *mask)
{
	seq_printf(m, "%*pb\n", nr_cpu_ids, cpumask_bits(mask));
	return 0;
}

static int online_show(struct seq_file *m, long arg)
{
	return show_list(m, cpu_online_mask);
}

static int possible_show(struct seq_file *m, long arg)
{
	return show_list(m, cpu_possible_mask);
}

static int offline_show(struct seq_file *m, long arg)
{
	struct cpumask mask;

	cpumask_andnot(&mask, cpu_possible_mask, cpu_online_mask);
	return show_list(m, &mask);
}

static int kernel_max_show(struct seq_file *m, long arg)
{
	seq_printf(m, "%d\n", NR_CPUS - 1);
	return 0;
}

static int nothing_show(struct seq_file *m, long arg)
{
	seq_putc(m, '\n');
	return 0;
}

static int own_mask_show(struct seq_file *m, long cpu)
{
	return show_mask(m, cpumask_of(cpu));
}

static int own_list_show(struct seq_file *m, long cpu)
{
	return show_list(m, cpumask_of(cpu));
}

static int zero_show(struct seq_file *m, long arg)
{
	seq_puts(m, "0\n");
	return 0;
}

static int number_show(struct seq_file *m, long arg)
{
	seq_printf(m, "%ld\n", arg);
	return 0;
}

static const struct sysfs_attr cpu_attrs[] = {
	{ "isolated",	nothing_show },
	{ "kernel_max",	kernel_max_show },
	{ "offline",	offline_show },
	{ "online",	online_show },
	{ "possible",	possible_show },
	{ "present",	possible_show },
};

static const struct sysfs_attr topology_attrs[] = {
	{ "core_cpus",			own_mask_show },
	{ "core_cpus_list",		own_list_show },
	{ "core_id",			zero_show },
	{ "core_siblings",		own_mask_show },
	{ "core_siblings_list",		own_list_show },
	{ "die_cpus",			own_mask_show },
	{ "die_cpus_list",		own_list_show },
	{ "die_id",			zero_show },
	{ "package_cpus",		own_mask_show },
	{ "package_cpus_list",		own_list_show },
	{ "physical_package_id",	number_show },
	{ "thread_siblings",		own_mask_show },
	{ "thread_siblings_list",	own_list_show },
};

static bool add_cpus(struct dentry *cpus)
{
	struct dentry *dir;
	char name[16];
	int cpu;

	for_each_possible_cpu(cpu) {
		snprintf(name, sizeof(name), "cpu%d", cpu);
		dir = sysfs_dir(cpus, name);
		if (!sysfs_files(sysfs_dir(dir, "topology"), topology_attrs,
				 ARRAY_SIZE(topology_attrs), cpu) ||
		    !sysfs_link(dir, "node0", "../../node/node0") ||
		    !sysfs_link(dir, "subsystem", "../../../../bus/cpu"))
			return false;
	}
	return sysfs_files(cpus, cpu_attrs, ARRAY_SIZE(cpu_attrs), 0);
}

/* ---- the one node ---- */

static int node_cpumap_show(struct seq_file *m, long node)
{
	return show_mask(m, cpu_online_mask);
}

static int distance_show(struct seq_file *m, long node)
{
	seq_puts(m, "10\n");
	return 0;
}

static void show_kb(struct seq_file *m, const char *name, unsigned long pages)
{
	seq_printf(m, "Node 0 %-15s %8lu kB\n", name, pages << (PAGE_SHIFT - 10));
}

static int node_meminfo_show(struct seq_file *m, long node)
{
	unsigned long total = totalram_pages(), free = nr_free_pages();
	unsigned long file = global_page_state(NR_FILE_PAGES);

	show_kb(m, "MemTotal:", total);
	show_kb(m, "MemFree:", free);
	show_kb(m, "MemUsed:", total - free);
	show_kb(m, "Unevictable:", global_page_state(NR_MLOCK));
	show_kb(m, "Mlocked:", global_page_state(NR_MLOCK));
	show_kb(m, "Dirty:", 0);
	show_kb(m, "Writeback:", 0);
	show_kb(m, "FilePages:", file);
	show_kb(m, "Mapped:", global_page_state(NR_FILE_MAPPED));
	show_kb(m, "AnonPages:", global_page_state(NR_ANON_MAPPED));
	show_kb(m, "Shmem:", global_page_state(NR_SHMEM));
	show_kb(m, "KernelStack:", global_page_state(NR_KERNEL_STACK));
	show_kb(m, "PageTables:", global_page_state(NR_PAGETABLE));
	show_kb(m, "Slab:", global_page_state(NR_SLAB));
	seq_puts(m, "Node 0 HugePages_Total:     0\nNode 0 HugePages_Free:      0\n"
		 "Node 0 HugePages_Surp:      0\n");
	return 0;
}

static const struct sysfs_attr nodes_attrs[] = {
	{ "has_cpu",		zero_show },
	{ "has_memory",		zero_show },
	{ "has_normal_memory",	zero_show },
	{ "online",		zero_show },	/* the list "0" */
	{ "possible",		zero_show },
};

static const struct sysfs_attr node_attrs[] = {
	{ "cpulist",	online_show },
	{ "cpumap",	node_cpumap_show },
	{ "distance",	distance_show },
	{ "meminfo",	node_meminfo_show },
};

static bool add_node(struct dentry *nodes)
{
	struct dentry *node = sysfs_dir(nodes, "node0");
	char name[16], target[24];
	int cpu;

	for_each_possible_cpu(cpu) {
		snprintf(name, sizeof(name), "cpu%d", cpu);
		snprintf(target, sizeof(target), "../../cpu/cpu%d", cpu);
		if (!sysfs_link(node, name, target))
			return false;
	}
	return sysfs_files(nodes, nodes_attrs, ARRAY_SIZE(nodes_attrs), 0) &&
	       sysfs_files(node, node_attrs, ARRAY_SIZE(node_attrs), 0);
}

/* ---- single files ---- */

static int clocksource_show(struct seq_file *m, long arg)
{
	seq_puts(m, "tsc\n");
	return 0;
}

static const struct sysfs_attr clocksource_attrs[] = {
	{ "available_clocksource",	clocksource_show },
	{ "current_clocksource",	clocksource_show },
};

static int thp_show(struct seq_file *m, long arg)
{
	seq_puts(m, "always madvise [never]\n");
	return 0;
}

static const struct sysfs_attr thp_attrs[] = { { "enabled", thp_show } };

static const struct sysfs_attr kernel_attrs[] = { { "uevent_seqnum", zero_show } };

/* ---- all of it ---- */

static bool add_system(struct dentry *system)
{
	struct dentry *clock = sysfs_dir(sysfs_dir(system, "clocksource"), "clocksource0");

	return sysfs_files(clock, clocksource_attrs, ARRAY_SIZE(clocksource_attrs), 0) &&
	       add_cpus(sysfs_dir(system, "cpu")) && add_node(sysfs_dir(system, "node"));
}

static bool add_kernel(struct dentry *kernel)
{
	struct dentry *thp = sysfs_dir(sysfs_dir(kernel, "mm"), "transparent_hugepage");

	return sysfs_files(thp, thp_attrs, ARRAY_SIZE(thp_attrs), 0) &&
	       sysfs_files(kernel, kernel_attrs, ARRAY_SIZE(kernel_attrs), 0);
}

int sysfs_populate(struct dentry *root)
{
	static const char *const empty[] = { "block", "firmware", "module", "power" };
	struct dentry *bus, *class, *dev, *devices;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(empty); i++)
		if (!sysfs_dir(root, empty[i]))
			return -ENOMEM;
	bus = sysfs_dir(root, "bus");
	class = sysfs_dir(root, "class");
	dev = sysfs_dir(root, "dev");
	devices = sysfs_dir(root, "devices");
	if (!sysfs_dir(bus, "cpu") || !sysfs_dir(class, "tty") ||
	    !sysfs_dir(dev, "block") || !sysfs_dir(dev, "char") ||
	    !sysfs_add_net(sysfs_dir(class, "net"), devices) ||
	    !sysfs_dir(sysfs_dir(root, "fs"), "cgroup") ||
	    !add_system(sysfs_dir(devices, "system")) ||
	    !add_kernel(sysfs_dir(root, "kernel")))
		return -ENOMEM;
	return 0;
}

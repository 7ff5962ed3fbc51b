// SPDX-License-Identifier: GPL-2.0-only
/*
 * The global files of /proc: memory, CPUs, load, versions. Each is one show() that asks the
 * subject it reports on; nothing here keeps state.
 * Source: proc(5).
 */
#include <generated/utsrelease.h>
#include <linux/cpumask.h>
#include <linux/fork.h>
#include <linux/init.h>
#include <linux/interrupt.h>
#include <linux/rwsem.h>
#include <linux/sched/cputime.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/time64.h>
#include <linux/timekeeping.h>
#include <linux/tty.h>
#include <linux/utsname.h>
#include <linux/vmalloc.h>
#include <asm/cpufeature.h>
#include <asm/tsc.h>
#include <uapi/linux/sysinfo.h>
#include "internal.h"

/* ---- memory ---- */

static void show_kb(struct seq_file *m, const char *name, unsigned long pages)
{
	seq_printf(m, "%-15s %8lu kB\n", name, pages << (PAGE_SHIFT - 10));
}

static int meminfo_show(struct seq_file *m, void *v)
{
	unsigned long file = global_page_state(NR_FILE_PAGES);
	unsigned long shmem = global_page_state(NR_SHMEM);
	unsigned long anon = global_page_state(NR_ANON_MAPPED);
	unsigned long slab = global_page_state(NR_SLAB);
	unsigned long page_cache = file - min(file, shmem);

	show_kb(m, "MemTotal:", totalram_pages());
	show_kb(m, "MemFree:", nr_free_pages());
	show_kb(m, "MemAvailable:", max(si_mem_available(), 0L));
	show_kb(m, "Buffers:", 0);
	show_kb(m, "Cached:", file);
	show_kb(m, "SwapCached:", 0);
	show_kb(m, "Active:", anon + page_cache);
	show_kb(m, "Inactive:", shmem);
	show_kb(m, "Active(anon):", anon);
	show_kb(m, "Inactive(anon):", shmem);
	show_kb(m, "Active(file):", page_cache);
	show_kb(m, "Inactive(file):", 0);
	show_kb(m, "Unevictable:", global_page_state(NR_MLOCK));
	show_kb(m, "Mlocked:", global_page_state(NR_MLOCK));
	show_kb(m, "SwapTotal:", 0);
	show_kb(m, "SwapFree:", 0);
	show_kb(m, "Dirty:", 0);
	show_kb(m, "Writeback:", 0);
	show_kb(m, "AnonPages:", anon);
	show_kb(m, "Mapped:", global_page_state(NR_FILE_MAPPED));
	show_kb(m, "Shmem:", shmem);
	show_kb(m, "KReclaimable:", 0);
	show_kb(m, "Slab:", slab);
	show_kb(m, "SReclaimable:", 0);
	show_kb(m, "SUnreclaim:", slab);
	show_kb(m, "KernelStack:", global_page_state(NR_KERNEL_STACK));
	show_kb(m, "PageTables:", global_page_state(NR_PAGETABLE));
	show_kb(m, "CommitLimit:", vm_commit_limit());
	show_kb(m, "Committed_AS:", vm_committed());
	seq_printf(m, "VmallocTotal:   %8lu kB\n", (VMALLOC_END - VMALLOC_START) >> 10);
	show_kb(m, "VmallocUsed:", vmalloc_nr_pages());
	return 0;
}

static int vmstat_show(struct seq_file *m, void *v)
{
	unsigned int i;

	for (i = 0; i < NR_VM_STAT_ITEMS; i++)
		seq_printf(m, "%s %lu\n", vmstat_text[i], global_page_state(i));
	return 0;
}

static int buddyinfo_show(struct seq_file *m, void *v)
{
	unsigned long nr[MAX_ORDER];
	unsigned int i;

	page_alloc_free_blocks(nr);
	seq_puts(m, "Node 0, zone   Normal ");
	for (i = 0; i < MAX_ORDER; i++)
		seq_printf(m, "%6lu ", nr[i]);
	seq_putc(m, '\n');
	return 0;
}

static int swaps_show(struct seq_file *m, void *v)
{
	seq_puts(m, "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n");
	return 0;
}

static void *slab_start(struct seq_file *m, loff_t *pos)
{
	return slabinfo_start(*pos);
}

static void *slab_next(struct seq_file *m, void *v, loff_t *pos)
{
	++*pos;
	return slabinfo_next(v);
}

static void slab_stop(struct seq_file *m, void *v)
{
	slabinfo_stop();
}

static int slab_show(struct seq_file *m, void *v)
{
	struct slabinfo s;

	if (!m->index) {
		seq_puts(m, "slabinfo - version: 2.1\n");
		seq_puts(m, "# name            <active_objs> <num_objs> <objsize> <objperslab> "
			 "<pagesperslab> : tunables <limit> <batchcount> <sharedfactor> "
			 ": slabdata <active_slabs> <num_slabs> <sharedavail>\n");
	}
	get_slabinfo(v, &s);
	seq_printf(m, "%-17s %6lu %6lu %6lu %4lu %4lu : tunables %4lu %4lu    0 : "
		   "slabdata %6lu %6lu      0\n", s.name, s.active_objs, s.num_objs, s.objsize,
		   s.objs_per_slab, s.pages_per_slab, s.limit, s.batchcount, s.active_slabs,
		   s.num_slabs);
	return 0;
}

static const struct seq_operations slabinfo_op = {
	.start = slab_start, .next = slab_next, .stop = slab_stop, .show = slab_show,
};

/* ---- time and load ---- */

static int uptime_show(struct seq_file *m, void *v)
{
	u64 up = ktime_get_boottime_ns(), idle = get_idle_time();

	seq_printf(m, "%llu.%02llu %llu.%02llu\n",
		   up / NSEC_PER_SEC, up % NSEC_PER_SEC / (NSEC_PER_SEC / 100),
		   idle / NSEC_PER_SEC, idle % NSEC_PER_SEC / (NSEC_PER_SEC / 100));
	return 0;
}

#define FSHIFT_LOAD	11	/* the averages are fixed-point with so many bits of fraction */

static int loadavg_show(struct seq_file *m, void *v)
{
	unsigned long load[3];
	unsigned int i;

	get_avenrun(load);
	for (i = 0; i < 3; i++) {
		unsigned long x = load[i] + (1UL << FSHIFT_LOAD) / 200;	/* round */

		seq_printf(m, "%lu.%02lu ", x >> FSHIFT_LOAD,
			   ((x & ((1UL << FSHIFT_LOAD) - 1)) * 100) >> FSHIFT_LOAD);
	}
	seq_printf(m, "%lu/%d %d\n", nr_running(), READ_ONCE(nr_threads), pid_last_allocated(current_pid_ns()));
	return 0;
}

static void show_cpu_times(struct seq_file *m, const u64 stat[NR_CPU_STATS])
{
	static const u8 columns[] = {
		CPUTIME_USER, CPUTIME_NICE, CPUTIME_SYSTEM, CPUTIME_IDLE, CPUTIME_IOWAIT,
		CPUTIME_IRQ, CPUTIME_SOFTIRQ,
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(columns); i++)
		seq_printf(m, " %llu", stat[columns[i]] / (NSEC_PER_SEC / USER_HZ));
	seq_puts(m, " 0 0 0\n");	/* steal, guest, guest_nice */
}

static int stat_show(struct seq_file *m, void *v)
{
	u64 sum[NR_CPU_STATS] = { }, stat[NR_CPU_STATS];
	struct timespec64 boot;
	int cpu, i;

	for_each_online_cpu(cpu) {
		cpu_stat_read(cpu, stat);
		for (i = 0; i < NR_CPU_STATS; i++)
			sum[i] += stat[i];
	}
	seq_puts(m, "cpu ");
	show_cpu_times(m, sum);
	for_each_online_cpu(cpu) {
		cpu_stat_read(cpu, stat);
		seq_printf(m, "cpu%d", cpu);
		show_cpu_times(m, stat);
	}
	getboottime64(&boot);
	seq_printf(m, "intr %llu\nctxt %llu\nbtime %lld\nprocesses %lu\n"
		   "procs_running %lu\nprocs_blocked %u\n",
		   irq_count_total(), nr_context_switches(), boot.tv_sec, total_forks,
		   nr_running(), nr_iowait());
	return 0;
}

static int interrupts_show(struct seq_file *m, void *v)
{
	return show_interrupts(m);
}

/* ---- the machine and the kernel ---- */

static void show_cpu(struct seq_file *m, int cpu)
{
	const struct cpuinfo_x86 *c = cpu_data_of(cpu);
	unsigned int tsc_khz = tsc_clock.khz, i;

	seq_printf(m, "processor\t: %d\nvendor_id\t: %s\ncpu family\t: %d\nmodel\t\t: %u\n",
		   cpu, c->vendor_id, c->family, c->model);
	seq_printf(m, "model name\t: %s\nstepping\t: %d\ncpu MHz\t\t: %u.%03u\n", c->model_id,
		   c->stepping, tsc_khz / 1000, tsc_khz % 1000);
	if (c->cache_size)
		seq_printf(m, "cache size\t: %u KB\n", c->cache_size);
	seq_printf(m, "physical id\t: %d\nsiblings\t: 1\ncore id\t\t: 0\ncpu cores\t: 1\n", cpu);
	seq_printf(m, "apicid\t\t: %u\ninitial apicid\t: %u\nfpu\t\t: yes\n"
		   "fpu_exception\t: yes\ncpuid level\t: %u\nwp\t\t: yes\nflags\t\t:",
		   c->apicid, c->apicid, c->cpuid_level);
	for (i = 0; i < NCAPINTS * 32; i++)
		if (cpu_has(c, i) && x86_feature_name(i))
			seq_printf(m, " %s", x86_feature_name(i));
	seq_printf(m, "\nbugs\t\t:\nbogomips\t: %u.%02u\nclflush size\t: %u\n"
		   "cache_alignment\t: %u\naddress sizes\t: %u bits physical, %u bits virtual\n"
		   "power management:\n\n", tsc_khz / 500, tsc_khz / 5 % 100,
		   c->cache_line_size, c->cache_line_size, c->phys_bits, c->virt_bits);
}

static int cpuinfo_show(struct seq_file *m, void *v)
{
	int cpu;

	for_each_online_cpu(cpu)
		show_cpu(m, cpu);
	return 0;
}

static int version_show(struct seq_file *m, void *v)
{
	down_read(&uts_sem);
	seq_printf(m, "%s version %s (root@tine) (%s) %s\n", utsname()->sysname, utsname()->release,
		   UTS_COMPILER, utsname()->version);
	up_read(&uts_sem);
	return 0;
}

static int cmdline_show(struct seq_file *m, void *v)
{
	seq_puts(m, saved_command_line);
	seq_putc(m, '\n');
	return 0;
}

static int filesystems_list(struct seq_file *m, void *v)
{
	filesystems_show(m);
	return 0;
}

static int devices_show(struct seq_file *m, void *v)
{
	chrdev_show(m);
	seq_puts(m, "\nBlock devices:\n");
	return 0;
}

/* ---- links to the reader itself ---- */

static const char *number_link(struct delayed_call *done, const char *fmt, pid_t a, pid_t b)
{
	char *name = kasprintf(GFP_KERNEL, fmt, a, b);

	if (!name)
		return ERR_PTR(-ENOMEM);
	set_delayed_call(done, (void (*)(void *))kfree, name);
	return name;
}

static const char *self_get_link(struct dentry *dentry, struct inode *inode,
				 struct delayed_call *done)
{
	pid_t tgid = task_tgid_nr_ns(current, proc_pid_ns(inode));

	return tgid ? number_link(done, "%d", tgid, 0) : ERR_PTR(-ENOENT);
}

static const char *thread_self_get_link(struct dentry *dentry, struct inode *inode,
					struct delayed_call *done)
{
	struct pid_namespace *ns = proc_pid_ns(inode);
	pid_t tgid = task_tgid_nr_ns(current, ns);

	if (!tgid)
		return ERR_PTR(-ENOENT);
	return number_link(done, "%d/task/%d", tgid, task_pid_nr_ns(current, ns));
}

static const struct inode_operations proc_self_iops = { .get_link = self_get_link };
static const struct inode_operations proc_thread_self_iops = { .get_link = thread_self_get_link };

static const struct {
	const char *name;
	umode_t mode;
	int (*show)(struct seq_file *m, void *v);
} files[] __initconst = {
	{ "buddyinfo",	0444, buddyinfo_show },
	{ "cmdline",	0444, cmdline_show },
	{ "cpuinfo",	0444, cpuinfo_show },
	{ "devices",	0444, devices_show },
	{ "filesystems", 0444, filesystems_list },
	{ "interrupts",	0444, interrupts_show },
	{ "loadavg",	0444, loadavg_show },
	{ "meminfo",	0444, meminfo_show },
	{ "stat",	0444, stat_show },
	{ "swaps",	0444, swaps_show },
	{ "uptime",	0444, uptime_show },
	{ "version",	0444, version_show },
	{ "vmstat",	0444, vmstat_show },
};

static int __init proc_misc_init(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(files); i++)
		if (!proc_create_single(files[i].name, files[i].mode, NULL, files[i].show, NULL))
			return -ENOMEM;
	proc_symlink("mounts", NULL, "self/mounts");
	proc_symlink_dynamic("self", &proc_self_iops);
	proc_symlink_dynamic("thread-self", &proc_thread_self_iops);
	return proc_create_seq("slabinfo", 0400, NULL, &slabinfo_op) ? 0 : -ENOMEM;
}
fs_initcall(proc_misc_init);

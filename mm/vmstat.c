// SPDX-License-Identifier: GPL-2.0-only
/*
 * Counters per CPU and the figures which /proc and sysinfo(2) show of them. No lock: each CPU adds
 * to its own, readers sum and accept what moves meanwhile.
 */
#include <uapi/linux/sysinfo.h>
#include "internal.h"

DEFINE_PER_CPU_ALIGNED(struct vm_stats, vm_stats);

const char * const vmstat_text[NR_VM_STAT_ITEMS] = {
	[NR_FREE_PAGES] = "nr_free_pages",
	[NR_FILE_PAGES] = "nr_file_pages",
	[NR_SHMEM] = "nr_shmem",
	[NR_ANON_MAPPED] = "nr_anon_pages",
	[NR_FILE_MAPPED] = "nr_mapped",
	[NR_SLAB] = "nr_slab_unreclaimable",
	[NR_PAGETABLE] = "nr_page_table_pages",
	[NR_KERNEL_STACK] = "nr_kernel_stack",
	[NR_MLOCK] = "nr_mlock",
	[NR_VMALLOC] = "nr_vmalloc",
	[PGALLOC] = "pgalloc_normal",
	[PGFREE] = "pgfree",
	[PGFAULT] = "pgfault",
	[PGMAJFAULT] = "pgmajfault",
	[PGCOW] = "pgcow",
	[PGREUSE] = "pgreuse",
	[PGFOLD] = "pgtables_folded",
	[PGUNFOLD] = "pgtables_unfolded",
	[OOM_KILL] = "oom_kill",
};

unsigned long global_page_state(enum vm_stat_item item)
{
	unsigned int cpu;
	long sum = 0;

	if (item == NR_FREE_PAGES)
		return nr_free_pages();
	for_each_possible_cpu(cpu)
		sum += READ_ONCE(per_cpu(vm_stats, cpu).count[item]);
	return sum < 0 ? 0 : sum;
}

unsigned long nr_free_buffer_pages(void)
{
	unsigned long free = nr_free_pages();

	return free > min_free_pages ? free - min_free_pages : 0;
}

/* What programs could get without anybody being killed: nothing can be reclaimed. */
long si_mem_available(void)
{
	return nr_free_buffer_pages();
}

unsigned long vmalloc_nr_pages(void)
{
	return global_page_state(NR_VMALLOC);
}

/**
 * si_meminfo() - the memory part of sysinfo(2)
 * @val: out, in units of one page (mem_unit = PAGE_SIZE)
 */
void si_meminfo(struct sysinfo *val)
{
	val->totalram = totalram_pages();
	val->sharedram = global_page_state(NR_SHMEM);
	val->freeram = nr_free_pages();
	val->bufferram = 0;
	val->totalswap = 0;
	val->freeswap = 0;
	val->totalhigh = 0;
	val->freehigh = 0;
	val->mem_unit = PAGE_SIZE;
}

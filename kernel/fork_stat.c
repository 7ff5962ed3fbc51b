// SPDX-License-Identifier: GPL-2.0-only
/*
 * /proc/fork_stat: how often each row of fork_rows.h was copied, shared, and failed.
 * Locks: none; each CPU counts its own, the sums are of one moment or the next.
 */
#include <linux/cpumask.h>
#include <linux/init.h>
#include <linux/percpu.h>
#include <linux/proc_fs.h>
#include "fork_rows.h"

static int fork_stat_show(struct seq_file *m, void *v)
{
	unsigned int row;
	int cpu;

	seq_printf(m, "%-12s %12s %12s %12s\n", "row", "copies", "shares", "failures");
	for (row = 0; row < NR_FORK_ROWS; row++) {
		struct fork_row_stat sum = { };

		for_each_possible_cpu(cpu) {
			const struct fork_row_stat *one = &per_cpu(fork_stat, cpu).row[row];

			sum.copies += READ_ONCE(one->copies);
			sum.shares += READ_ONCE(one->shares);
			sum.failures += READ_ONCE(one->failures);
		}
		seq_printf(m, "%-12s %12llu %12llu %12llu\n", fork_row_names[row], sum.copies,
			   sum.shares, sum.failures);
	}
	return 0;
}

static int __init fork_stat_init(void)
{
	return proc_create_single("fork_stat", 0444, NULL, fork_stat_show, NULL) ? 0 : -ENOMEM;
}
fs_initcall(fork_stat_init);

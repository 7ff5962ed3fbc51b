// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fault injection: who asked for the n-th step to fail, and which one did. Also the file that a
 * test writes to before it compares counts. No lock: only its own task counts down.
 */
#include <linux/cpumask.h>
#include <linux/fault-inject.h>
#include <linux/init.h>
#include <linux/mm.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/seq_file.h>
#include <linux/sysctl.h>
#include <linux/uaccess.h>
#include <linux/workqueue.h>

/* The callers, by the frame pointers of this stack. */
static unsigned int save_trace(unsigned long *trace)
{
	unsigned long *frame = __builtin_frame_address(0), *next;
	unsigned long stack = (unsigned long)current->stack;
	unsigned int n = 0;

	while ((unsigned long)frame - stack < THREAD_SIZE - 2 * sizeof(long) && n < FAIL_TRACE) {
		trace[n++] = frame[1];
		next = (unsigned long *)frame[0];
		if (next <= frame)
			break;
		frame = next;
	}
	return n;
}

/**
 * should_fail - is this step the one that must fail?
 * @kind: slab, page, stack, vmalloc, table, copy, charge or row
 * @what: which of them
 *
 * Context: any; what runs in an interrupt does not count.
 * Return: true for the step whose number was written to /proc/<pid>/fail-nth, and for as many
 * behind it as were asked for.
 */
bool should_fail(const char *kind, const char *what)
{
	struct fail_nth *fail = &current->fail_nth;

	if (likely(!fail->left) || in_interrupt())
		return false;
	if (--fail->left)
		return false;
	if (fail->more) {
		fail->more--;
		fail->left = 1;
	}
	/* The first one is what a reader asks about. */
	if (fail->fired)
		return true;
	fail->fired = true;
	fail->kind = kind;
	fail->what = what;
	fail->depth = save_trace(fail->trace);
	return true;
}

/* /proc/<pid>/fail-nth-where: the step that failed last, and its callers. */
void show_failed_step(struct seq_file *m, struct task_struct *tsk)
{
	const struct fail_nth *fail = &tsk->fail_nth;
	unsigned int i;

	if (!fail->kind)
		return;
	seq_printf(m, "%s %s:", fail->kind, fail->what);
	for (i = 0; i < fail->depth; i++)
		seq_printf(m, " %pS", (void *)fail->trace[i]);
	seq_putc(m, '\n');
}

/* ---- /proc/sys/debug/settle ---- */

/* An idle CPU keeps the last address space and the last dead task until it runs another task. */
static void visit_cpus(void)
{
	cpumask_t allowed = current->cpus_mask;
	unsigned int cpu;

	for_each_online_cpu(cpu)
		set_cpus_allowed_ptr(current, cpumask_of(cpu));
	set_cpus_allowed_ptr(current, &allowed);
}

static void nothing_to_do(struct work_struct *work)
{
}

/* Work is done in the order it was queued in. */
static void drain_work(void)
{
	struct work_struct last;

	INIT_WORK(&last, nothing_to_do);
	schedule_work(&last);
	flush_work(&last);
}

/* What one round frees may leave something for the next: a task its mm, an mm its tables. */
static int settle(char *text)
{
	int round;

	for (round = 0; round < 3; round++) {
		visit_cpus();
		drain_work();
		rcu_barrier();
	}
	drain_cached_memory();
	rcu_barrier();
	drain_cached_memory();
	return 0;
}

static int get_settle(char *buf, size_t size)
{
	return scnprintf(buf, size, "0");
}

static const struct ctl_table debug_table[] = {
	{ .name = "settle", .mode = 0600, .kind = CTL_CALL, .get = get_settle, .set = settle },
};

static int __init fault_inject_init(void)
{
	return register_sysctl("debug", debug_table, ARRAY_SIZE(debug_table));
}
fs_initcall(fault_inject_init);

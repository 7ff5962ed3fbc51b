/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Fault injection: /proc/<pid>/fail-nth makes the n-th step of a task that can fail do so, once,
 * or it and as many after it as are asked for.
 * A step asks should_fail() and takes its own way of failing; without the option nothing is left.
 */
#ifndef _LINUX_FAULT_INJECT_H
#define _LINUX_FAULT_INJECT_H

#include <linux/types.h>

struct seq_file;
struct task_struct;

#define FAIL_TRACE	10

/* Locks: none. Its task counts; a writer of the file stores the one word. A child's is zero. */
struct fail_nth {
	unsigned int left;		/* steps to go; 0 is off */
	unsigned int more;		/* steps behind the n-th that fail too */
	bool fired;			/* one did, since the file was written to */
	unsigned int depth;		/* entries of trace[] */
	const char *kind, *what;	/* the step that failed last; NULL if none did */
	unsigned long trace[FAIL_TRACE];
};

#ifdef CONFIG_FAULT_INJECTION
bool should_fail(const char *kind, const char *what);
void show_failed_step(struct seq_file *m, struct task_struct *tsk);
#else
static __always_inline bool should_fail(const char *kind, const char *what)
{
	return false;
}
#endif

#define should_fail_charge(what)	should_fail("charge", what)
#define should_fail_usercopy()		should_fail("copy", "user")

#endif

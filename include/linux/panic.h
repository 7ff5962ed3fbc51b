/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What happens when the kernel cannot go on. panic() itself is in bug.h.
 */
#ifndef _LINUX_PANIC_H_K
#define _LINUX_PANIC_H_K

#include <linux/bug.h>
#include <linux/types.h>

struct task_struct;

extern int panic_timeout;
extern bool panic_on_oops, panic_on_warn;
extern bool oops_in_progress;

/* What has gone wrong since boot, in the bits of /proc/sys/kernel/tainted. */
#define TAINT_DIE	(1UL << 7)	/* an oops */
#define TAINT_WARN	(1UL << 9)	/* a WARN_ON() */
extern unsigned long tainted_mask;

void __noreturn __cold panic_user(const char *fmt, ...) __printf(1, 2);

/* Print the calls that led to a frame. @tsk: whose stack, NULL for the running one's. */
void show_stack(struct task_struct *tsk, unsigned long frame);


#endif

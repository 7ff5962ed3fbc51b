/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Core files, core(5). kernel/coredump.c stops the threads, fs/coredump.c decides where the core
 * goes, fs/coredump_elf.c writes it, mm/coredump.c says what of the memory.
 */
#ifndef _LINUX_COREDUMP_H
#define _LINUX_COREDUMP_H

#include <linux/completion.h>
#include <linux/list.h>
#include <linux/signal_types.h>
#include <linux/types.h>

struct file;
struct mm_struct;
struct task_struct;

/* A thread that waits, on its way out, until the core is written; on its stack. */
struct core_thread {
	struct task_struct *task;	/* NULL: go on */
	struct list_head node;		/* [S] core_state.threads */
};

/* A dump under way; on the dumper's stack. [S] siglock of the group */
struct core_state {
	int missing;			/* [S] threads that have yet to arrive */
	struct completion gathered;	/* nobody is missing */
	struct list_head threads;	/* [S] those whose registers belong to the core */
};

/* What was mapped, and how much of it the core holds. */
struct core_area {
	unsigned long start, end, flags;	/* VM_* */
	unsigned long dump_size;		/* bytes from start */
	unsigned long pgoff;
	struct file *file;			/* a reference, or NULL */
	bool if_elf;				/* dump_size only if it begins as an ELF file */
};

extern int suid_dumpable;		/* fs.suid_dumpable: SUID_DUMP_* after set-uid and the like */

/* mm/coredump.c */
struct core_area *mm_core_areas(struct mm_struct *mm, unsigned int *count);
void mm_core_areas_free(struct core_area *areas, unsigned int count);
int mm_core_page(struct mm_struct *mm, unsigned long addr, void *to);

#ifdef CONFIG_COREDUMP
/* kernel/coredump.c */
int coredump_gather(int sig, struct core_state *core);
void coredump_release(struct core_state *core, bool dumped);
void __coredump_park(struct task_struct *tsk);
/* fs/coredump.c */
void do_coredump(const kernel_siginfo_t *info);

/* In do_exit(): current's thread group dumps core and wants its registers to stay. No lock. */
#define coredump_park(tsk) do {							\
	if (unlikely(READ_ONCE((tsk)->signal->core_state)))			\
		__coredump_park(tsk);						\
} while (0)
#else
static inline void do_coredump(const kernel_siginfo_t *info)
{
}

#define coredump_park(tsk)	((void)(tsk))
#endif

#endif /* _LINUX_COREDUMP_H */

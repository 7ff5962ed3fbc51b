/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * System calls that a task has given up, seccomp(2). A task without them never comes here: the
 * entry code looks at TIF_SECCOMP together with its other reasons to go slow.
 */
#ifndef _LINUX_SECCOMP_H_K
#define _LINUX_SECCOMP_H_K

#include <uapi/linux/filter.h>
#include <uapi/linux/seccomp.h>
#include <linux/compiler.h>
#include <linux/errno.h>
#include <linux/types.h>

struct fork_ctx;
struct pt_regs;
struct seq_file;
struct task_struct;

/* kernel/seccomp_bpf.c: no kernel state. */
int seccomp_check_program(const struct sock_filter *insns, unsigned int len);
u32 seccomp_run_program(const struct sock_filter *insns, const struct seccomp_data *data);

#ifdef CONFIG_SECCOMP
/**
 * secure_computing - may current's system call be made?
 * @regs: its registers, which may be changed by a tracer meanwhile
 *
 * Context: task, at the entry of the call; may sleep, may not return.
 * Return: false when the result is in @regs already.
 */
bool secure_computing(struct pt_regs *regs);
long prctl_set_seccomp(unsigned long mode, void __user *filter);
long prctl_get_seccomp(void);
void seccomp_show_status(struct seq_file *m, struct task_struct *tsk);
void __seccomp_follow(struct task_struct *child, struct task_struct *parent);

/**
 * seccomp_get_filter - PTRACE_SECCOMP_GET_FILTER: what a tracee's filter says
 * @index: which one; 0 is the oldest
 * @to: room for it, NULL: only the number of instructions is asked for
 *
 * Return: the number of instructions; -EACCES for a tracer without CAP_SYS_ADMIN or with filters of
 * its own, -EINVAL when the tracee has none, -ENOENT, -EFAULT. Source: ptrace(2).
 */
long seccomp_get_filter(struct task_struct *tracee, unsigned long index, void __user *to);

/**
 * seccomp_get_metadata - PTRACE_SECCOMP_GET_METADATA: the flags a tracee's filter was added with
 * @size: bytes of the record at @record that the tracer knows
 * @record: struct seccomp_metadata, which names the filter
 *
 * Return: the bytes written; else as seccomp_get_filter(), or -EINVAL for a @size without the index.
 */
long seccomp_get_metadata(struct task_struct *tracee, unsigned long size, void __user *record);
#else
static inline bool secure_computing(struct pt_regs *regs)
{
	return true;
}

static inline long prctl_set_seccomp(unsigned long mode, void __user *filter)
{
	return -EINVAL;
}

static inline long prctl_get_seccomp(void)
{
	return -EINVAL;
}

static inline void seccomp_show_status(struct seq_file *m, struct task_struct *tsk)
{
}

static inline void __seccomp_follow(struct task_struct *child, struct task_struct *parent)
{
}

static inline long seccomp_get_filter(struct task_struct *tracee, unsigned long index,
				      void __user *to)
{
	return -EINVAL;
}

static inline long seccomp_get_metadata(struct task_struct *tracee, unsigned long size,
					void __user *record)
{
	return -EINVAL;
}
#endif

/*
 * Fork, last look: a sibling may have given the parent another filter since the row was copied.
 * Context: the parent's siglock.
 */
#define seccomp_follow(child, parent) do {					\
	if (unlikely((parent)->seccomp.mode))					\
		__seccomp_follow(child, parent);				\
} while (0)

#endif /* _LINUX_SECCOMP_H_K */

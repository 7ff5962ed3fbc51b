/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Restartable sequences, rseq(2): a word in user memory says on which CPU a thread runs, and a
 * short piece of code that was not run in one go on that CPU is begun anew. kernel/rseq.c.
 */
#ifndef _LINUX_RSEQ_H_K
#define _LINUX_RSEQ_H_K

#include <uapi/linux/rseq.h>
#include <linux/sched.h>
#include <asm/ptrace.h>

#ifdef CONFIG_RSEQ
bool rseq_resume(struct pt_regs *regs);

/*
 * @prev leaves the CPU. In a system call it is in no sequence, which may make none, rseq(2): what
 * the thread sees of another CPU is rseq_migrate()'s. Context: the run queue's lock.
 */
static __always_inline void rseq_preempt(struct task_struct *prev)
{
	if (prev->rseq && (long)task_pt_regs(prev)->orig_ax < 0)
		set_tsk_thread_flag(prev, TIF_NOTIFY_RESUME);
}

/* @tsk will run on @cpu next. Context: the locks of set_task_cpu(). */
static inline void rseq_migrate(struct task_struct *tsk, unsigned int cpu)
{
	if (tsk->rseq && tsk->rseq_cpu != cpu)
		set_tsk_thread_flag(tsk, TIF_NOTIFY_RESUME);
}

/* A child in memory of its own has its parent's area, as far as it goes on in it. */
static inline void rseq_fork(struct task_struct *child, const struct task_struct *parent,
			     bool same_memory)
{
	if (same_memory)
		return;
	child->rseq = parent->rseq;
	child->rseq_sig = parent->rseq_sig;
	child->rseq_cpu = parent->rseq_cpu;
}

static inline void rseq_exec(void)
{
	current->rseq = NULL;
}

/**
 * rseq_signal - a handler interrupts what @regs are in
 * Return: false when user memory is not as rseq(2) wants it.
 */
static inline bool rseq_signal(struct pt_regs *regs)
{
	return !current->rseq || rseq_resume(regs);
}

void rseq_notify_resume(struct pt_regs *regs);
#else
static inline void rseq_preempt(struct task_struct *prev)
{
}

static inline void rseq_migrate(struct task_struct *tsk, unsigned int cpu)
{
}

static inline void rseq_fork(struct task_struct *child, const struct task_struct *parent,
			     bool same_memory)
{
}

static inline void rseq_exec(void)
{
}

static inline bool rseq_signal(struct pt_regs *regs)
{
	return true;
}

static inline void rseq_notify_resume(struct pt_regs *regs)
{
}
#endif

#endif /* _LINUX_RSEQ_H_K */

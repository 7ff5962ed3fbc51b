/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The first member of task_struct: what entry code must read with one load.
 */
#ifndef _ASM_X86_THREAD_INFO_H
#define _ASM_X86_THREAD_INFO_H

#include <uapi/linux/const.h>

#include <asm/page.h>

#define TIF_SYSCALL_TRACE	0	/* stop the tracer at system calls */
#define TIF_NOTIFY_RESUME	1	/* run task_work before user mode */
#define TIF_SIGPENDING		2	/* a signal may be deliverable */
#define TIF_NEED_RESCHED	3	/* call schedule() before user mode */
#define TIF_SINGLESTEP		4	/* ptrace wants a trap after each instruction */
#define TIF_NOTIFY_SIGNAL	5	/* break out of an interruptible wait, no signal */
#define TIF_SYSCALL_EMU		6	/* the tracer does the system calls itself */
#define TIF_SECCOMP		7	/* system calls are filtered */
#define TIF_FORCED_TF		8	/* the trap flag in the saved registers is the tracer's */
#define TIF_REGS_CHANGED	9	/* the saved registers are no longer what SYSCALL saved */
#define TIF_POLLING_NRFLAG	16	/* idle watches need_resched: no IPI needed */
#define TIF_MEMDIE		17	/* the OOM killer chose this task */

#define _TIF_SYSCALL_TRACE	_BITUL(TIF_SYSCALL_TRACE)
#define _TIF_NOTIFY_RESUME	_BITUL(TIF_NOTIFY_RESUME)
#define _TIF_SIGPENDING		_BITUL(TIF_SIGPENDING)
#define _TIF_NEED_RESCHED	_BITUL(TIF_NEED_RESCHED)
#define _TIF_SINGLESTEP		_BITUL(TIF_SINGLESTEP)
#define _TIF_NOTIFY_SIGNAL	_BITUL(TIF_NOTIFY_SIGNAL)
#define _TIF_SYSCALL_EMU	_BITUL(TIF_SYSCALL_EMU)
#define _TIF_SECCOMP		_BITUL(TIF_SECCOMP)
#define _TIF_REGS_CHANGED	_BITUL(TIF_REGS_CHANGED)
#define _TIF_POLLING_NRFLAG	_BITUL(TIF_POLLING_NRFLAG)

/* Any of these sends the return to user mode through exit_to_user_mode_loop(). */
#define _TIF_EXIT_WORK	(_TIF_NOTIFY_RESUME | _TIF_SIGPENDING | _TIF_NEED_RESCHED | \
			 _TIF_NOTIFY_SIGNAL)
/* Somebody has a say before a system call, or after it. */
#define _TIF_SYSCALL_ENTRY_WORK	(_TIF_SYSCALL_TRACE | _TIF_SYSCALL_EMU | _TIF_SECCOMP)
#define _TIF_SYSCALL_EXIT_WORK	(_TIF_SYSCALL_TRACE | _TIF_SINGLESTEP)

#ifndef __ASSEMBLY__

#include <linux/types.h>

/*
 * Locks: [a] atomic bit operations from any CPU   [c] only current
 */
struct thread_info {
	unsigned long flags;		/* [a] TIF_ bits */
	int pagefault_disabled;		/* [c] user faults fail instead of sleeping */
};

#define INIT_THREAD_INFO	{ .flags = 0, .pagefault_disabled = 0 }

/* thread_info is task_struct's first member. */
#define task_thread_info(tsk)	((struct thread_info *)(tsk))
#define current_thread_info()	task_thread_info(current)

static inline void set_ti_thread_flag(struct thread_info *ti, int flag)
{
	__atomic_fetch_or(&ti->flags, 1UL << flag, __ATOMIC_SEQ_CST);
}

static inline void clear_ti_thread_flag(struct thread_info *ti, int flag)
{
	__atomic_fetch_and(&ti->flags, ~(1UL << flag), __ATOMIC_SEQ_CST);
}

static inline bool test_ti_thread_flag(const struct thread_info *ti, int flag)
{
	return (__atomic_load_n(&ti->flags, __ATOMIC_RELAXED) >> flag) & 1;
}

static inline bool test_and_set_ti_thread_flag(struct thread_info *ti, int flag)
{
	return (__atomic_fetch_or(&ti->flags, 1UL << flag, __ATOMIC_SEQ_CST) >> flag) & 1;
}

static inline bool test_and_clear_ti_thread_flag(struct thread_info *ti, int flag)
{
	return (__atomic_fetch_and(&ti->flags, ~(1UL << flag), __ATOMIC_SEQ_CST) >> flag) & 1;
}

#define test_and_set_tsk_thread_flag(t, f) \
	test_and_set_ti_thread_flag(task_thread_info(t), f)
#define test_and_clear_tsk_thread_flag(t, f) \
	test_and_clear_ti_thread_flag(task_thread_info(t), f)
#define test_and_set_thread_flag(f)	test_and_set_ti_thread_flag(current_thread_info(), f)
#define test_and_clear_thread_flag(f)	test_and_clear_ti_thread_flag(current_thread_info(), f)

#define tif_need_resched()	test_thread_flag(TIF_NEED_RESCHED)

#endif /* __ASSEMBLY__ */

#endif

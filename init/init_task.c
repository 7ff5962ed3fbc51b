// SPDX-License-Identifier: GPL-2.0-only
/*
 * The first task, made by the linker instead of by fork. It boots the machine, becomes CPU 0's
 * idle task, and is the parent of init and of the kernel threads.
 */
#include <linux/audit.h>
#include <linux/completion.h>
#include <linux/cred.h>
#include <linux/fdtable.h>
#include <linux/fs_struct.h>
#include <linux/mm.h>
#include <linux/nsproxy.h>
#include <linux/sched.h>
#include <linux/signal.h>

extern char init_stack[];		/* arch/x86/boot/head.S */

#define RLIMIT_STACK_DEFAULT	(8 * 1024 * 1024)
#define MLOCK_LIMIT_DEFAULT	(8 * 1024 * 1024)
#define MQ_BYTES_DEFAULT	819200
#define NOFILE_SOFT_DEFAULT	1024
#define NOFILE_HARD_DEFAULT	4096

/* NPROC and SIGPENDING follow the size of memory: fork_init(). */
#define INIT_RLIMITS {								\
	[RLIMIT_CPU]		= { RLIM_INFINITY, RLIM_INFINITY },		\
	[RLIMIT_FSIZE]		= { RLIM_INFINITY, RLIM_INFINITY },		\
	[RLIMIT_DATA]		= { RLIM_INFINITY, RLIM_INFINITY },		\
	[RLIMIT_STACK]		= { RLIMIT_STACK_DEFAULT, RLIM_INFINITY },	\
	[RLIMIT_CORE]		= { 0, RLIM_INFINITY },				\
	[RLIMIT_RSS]		= { RLIM_INFINITY, RLIM_INFINITY },		\
	[RLIMIT_NOFILE]		= { NOFILE_SOFT_DEFAULT, NOFILE_HARD_DEFAULT },	\
	[RLIMIT_MEMLOCK]	= { MLOCK_LIMIT_DEFAULT, MLOCK_LIMIT_DEFAULT },	\
	[RLIMIT_AS]		= { RLIM_INFINITY, RLIM_INFINITY },		\
	[RLIMIT_LOCKS]		= { RLIM_INFINITY, RLIM_INFINITY },		\
	[RLIMIT_MSGQUEUE]	= { MQ_BYTES_DEFAULT, MQ_BYTES_DEFAULT },	\
	[RLIMIT_RTTIME]		= { RLIM_INFINITY, RLIM_INFINITY },		\
}

static struct signal_struct init_signals = {
	.sigcnt		= REFCOUNT_INIT(1),
	.live		= ATOMIC_INIT(1),
	.nr_threads	= 1,
	.thread_head	= LIST_HEAD_INIT(init_task.thread_node),
	.wait_chldexit	= __WAIT_QUEUE_HEAD_INITIALIZER(init_signals.wait_chldexit),
	.shared_pending	= { .list = LIST_HEAD_INIT(init_signals.shared_pending.list) },
	.posix_timers	= LIST_HEAD_INIT(init_signals.posix_timers),
	.rlim		= INIT_RLIMITS,
	.pids		= {
		[PIDTYPE_TGID] = &init_struct_pid,
		[PIDTYPE_PGID] = &init_struct_pid,
		[PIDTYPE_SID] = &init_struct_pid,
	},
};

static struct sighand_struct init_sighand = {
	.siglock	= __SPIN_LOCK_UNLOCKED(init_sighand.siglock, LOCK_RANK_SIGHAND),
	.count		= REFCOUNT_INIT(1),
	.signalfd_wqh	= __WAIT_QUEUE_HEAD_INITIALIZER(init_sighand.signalfd_wqh),
};

struct task_struct init_task __aligned(64) = {
	.state		= TASK_RUNNING,
	.stack		= init_stack,
	.usage		= REFCOUNT_INIT(2),
	.flags		= PF_KTHREAD | PF_IDLE,
	.prio		= MAX_PRIO - 20,
	.pi_lock	= __SPIN_LOCK_UNLOCKED(init_task.pi_lock, LOCK_RANK_PI),
	.alloc_lock	= __SPIN_LOCK_UNLOCKED(init_task.alloc_lock, LOCK_RANK_TASK_ALLOC),
	.inherit	= {
		.comm		= "swapper/0",
		.static_prio	= DEFAULT_PRIO,
		.normal_prio	= DEFAULT_PRIO,
		.policy		= SCHED_NORMAL,
		.cpus_mask	= CPU_MASK_ALL,
		.user_cpus	= CPU_MASK_ALL,
		.timer_slack_ns	= 50000,
		.default_timer_slack_ns = 50000,
		.sas_ss_flags	= SS_DISABLE,
		.loginuid	= AUDIT_UNSET,
		.sessionid	= AUDIT_UNSET,
	},
	.nr_cpus_allowed = NR_CPUS,
	.active_mm	= &init_mm,
	.files		= &init_files,
	.fs		= &init_fs,
	.signal		= &init_signals,
	.sighand	= &init_sighand,
	.nsproxy	= &init_nsproxy,
	.real_cred	= &init_cred,
	.cred		= &init_cred,
	.thread		= INIT_THREAD,
	.thread_pid	= &init_struct_pid,
	.group_leader	= &init_task,
	.real_parent	= &init_task,
	.parent		= &init_task,
	.thread_node	= LIST_HEAD_INIT(init_signals.thread_head),
	.tasks		= LIST_HEAD_INIT(init_task.tasks),
	.children	= LIST_HEAD_INIT(init_task.children),
	.sibling	= LIST_HEAD_INIT(init_task.sibling),
	.ptraced	= LIST_HEAD_INIT(init_task.ptraced),
	.ptrace_entry	= LIST_HEAD_INIT(init_task.ptrace_entry),
	.pending	= { .list = LIST_HEAD_INIT(init_task.pending.list) },
};

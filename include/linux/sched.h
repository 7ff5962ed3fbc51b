/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The task: what the kernel knows about each thread and each process. task_struct is private to
 * a thread, signal_struct and sighand_struct are shared by the threads of a process.
 */
#ifndef _LINUX_SCHED_H_K
#define _LINUX_SCHED_H_K

#include <uapi/linux/sched.h>
#include <uapi/linux/resource.h>
#include <linux/fault-inject.h>
#include <linux/types.h>
#include <linux/kernel.h>
#include <linux/cpumask.h>
#include <linux/errno.h>
#include <linux/hrtimer.h>
#include <linux/jobctl.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/pid.h>
#include <linux/rbtree.h>
#include <linux/rculist.h>
#include <linux/refcount.h>
#include <linux/rcupdate.h>
#include <linux/rwsem.h>
#include <linux/seqlock.h>
#include <linux/signal_types.h>
#include <linux/spinlock.h>
#include <linux/wait.h>
#include <asm/current.h>
#include <asm/page.h>
#include <asm/processor.h>
#include <asm/thread_info.h>

struct audit_context;
struct completion;
struct core_state;
struct cred;
struct css_set;
struct files_struct;
struct fs_struct;
struct futex_state;
struct io_context;
struct mm_struct;
struct nameidata;
struct nsproxy;
struct pt_regs;
struct robust_list_head;
struct rseq;
struct rusage;
struct sched_class;
struct seccomp_filter;
struct sem_undo_list;
struct tty_struct;
struct user_struct;

/* task_struct.state: what the scheduler goes by. Only the task itself leaves TASK_RUNNING. */
#define TASK_RUNNING		0x0000
#define TASK_INTERRUPTIBLE	0x0001
#define TASK_UNINTERRUPTIBLE	0x0002
#define __TASK_STOPPED		0x0004
#define __TASK_TRACED		0x0008
#define TASK_DEAD		0x0080	/* will never run again */
#define TASK_WAKEKILL		0x0100	/* a fatal signal wakes it */
#define TASK_NOLOAD		0x0400	/* an idle kernel thread: not counted in the load */
#define TASK_NEW		0x0800	/* not yet woken for the first time */
#define TASK_FROZEN		0x1000	/* in the freezer of cgroup version 1: only thawing wakes it */
#define TASK_KILLABLE		(TASK_WAKEKILL | TASK_UNINTERRUPTIBLE)
#define TASK_STOPPED		(TASK_WAKEKILL | __TASK_STOPPED)
#define TASK_TRACED		(TASK_WAKEKILL | __TASK_TRACED)
#define TASK_IDLE		(TASK_UNINTERRUPTIBLE | TASK_NOLOAD)
#define TASK_NORMAL		(TASK_INTERRUPTIBLE | TASK_UNINTERRUPTIBLE)

/* task_struct.exit_state: what wait() goes by. [T] */
#define EXIT_ZOMBIE		0x0010	/* waits for its parent */
#define EXIT_DEAD		0x0020	/* being reaped by somebody */
#define EXIT_TRACE		(EXIT_ZOMBIE | EXIT_DEAD)	/* going from its tracer to its parent */

/* task_struct.flags: only the task itself changes them. */
#define PF_IDLE			0x00000002	/* an idle task */
#define PF_EXITING		0x00000004	/* in do_exit() */
#define PF_POSTCOREDUMP	0x00000008	/* has been counted as gone from a dump */
#define PF_FORKNOEXEC		0x00000040	/* forked, and no exec yet */
#define PF_SUPERPRIV		0x00000100	/* used a capability */
#define PF_DUMPCORE		0x00000200
#define PF_SIGNALED		0x00000400	/* killed by a signal */
#define PF_NPROC_EXCEEDED	0x00001000	/* set*id() went over RLIMIT_NPROC: exec refuses */
#define PF_KTHREAD		0x00200000
#define PF_RANDOMIZE		0x00400000	/* address space is laid out at random */

#define TASK_COMM_LEN		16
#define MAX_NICE		19
#define MIN_NICE		(-20)
#define NICE_WIDTH		40
#define MAX_RT_PRIO		100
#define DEFAULT_PRIO		120
#define MAX_PRIO		140
#define NICE_TO_PRIO(nice)	((nice) + DEFAULT_PRIO)
#define PRIO_TO_NICE(prio)	((prio) - DEFAULT_PRIO)

/* signal_struct.flags [S] */
#define SIGNAL_STOP_STOPPED	0x00000001	/* the group is stopped */
#define SIGNAL_STOP_CONTINUED	0x00000002	/* SIGCONT came, not yet waited for */
#define SIGNAL_GROUP_EXIT	0x00000004	/* the group is dying */
#define SIGNAL_CLD_STOPPED	0x00000010	/* tell the parent: it stopped */
#define SIGNAL_CLD_CONTINUED	0x00000020	/* tell the parent: it went on */
#define SIGNAL_UNKILLABLE	0x00000040	/* init */

/* User and system time of a task or of a group, in nanoseconds. */
struct task_cputime {
	u64 utime, stime;
	u64 sum_exec_runtime;
};

/* What the fair class keeps about a task. [q] run queue lock of the task's CPU */
struct sched_entity {
	unsigned long weight;		/* [q] 1024 at nice 0, a quarter more for each step down */
	struct rb_node run_node;	/* [q] */
	u64 exec_start;			/* [q] ns, when it was last put on the CPU */
	u64 sum_exec_runtime;		/* [q] ns */
	u64 prev_sum_exec_runtime;	/* [q] sum_exec_runtime when it was last picked */
	u64 vruntime;			/* [q] weighted ns, relative to its run queue's */
	u64 nr_migrations;		/* [P+q] */
};

struct sched_rt_entity {
	struct list_head run_list;	/* [q] */
	unsigned int time_slice;	/* [q] ticks left, SCHED_RR */
	unsigned int timeout;		/* [q] ticks since it last slept, RLIMIT_RTTIME */
};

/* What was last reported as user and system time, so that neither ever goes back. */
struct prev_cputime {
	spinlock_t lock;
	u64 utime, stime;		/* ns */
};

/*
 * The inherited group: the one assignment in dup_task() copies it whole, and everything outside
 * of it starts as zero in a child. No owning pointer may stand here (habit 1 of the style).
 * Locks: as tagged, of the task that owns it.
 */
struct task_inherit {
	char comm[TASK_COMM_LEN];	/* [A] written, read without a lock */
	unsigned int personality;	/* [c] */
	sigset_t blocked;		/* [S] writes by current only */
	int static_prio;		/* [q] 100 + 20 + nice */
	int normal_prio;		/* [q] */
	unsigned int policy;		/* [q] SCHED_* */
	unsigned int rt_priority;	/* [q] */
	cpumask_t cpus_mask;		/* [P] where it may run */
	cpumask_t user_cpus;		/* [P] sched_setaffinity()'s wish, whatever the cpuset is */
	u64 timer_slack_ns;		/* [c] */
	u64 default_timer_slack_ns;	/* [c] */
	unsigned short ioprio;		/* [A] */
	u32 loginuid, sessionid;	/* [c] AUDIT_UNSET until a login */
	bool no_new_privs;		/* [c], and set by SECCOMP_FILTER_FLAG_TSYNC [S] */
	bool sched_reset_on_fork;	/* [q] */
	bool tsc_disabled;		/* [c] PR_SET_TSC */
	unsigned long sas_ss_sp;	/* [c] alternate signal stack; fork drops it for VM */
	size_t sas_ss_size;
	unsigned int sas_ss_flags;
};

/* What seccomp(2) took from a task. [S] to write, which siblings may; [c] to read */
struct task_seccomp {
	int mode;			/* SECCOMP_MODE_*, 0: none */
	unsigned int filter_count;
	struct seccomp_filter *filter;	/* the newest; a reference */
};

/* A slot that a blocked system call leaves for restart_syscall(). [c] */
struct restart_block {
	long (*fn)(struct restart_block *block);
	union {
		struct {
			u32 __user *uaddr;
			u32 val, flags, bitset;
			u64 time;		/* absolute ns */
		} futex;
		struct {
			clockid_t clockid;
			struct __kernel_timespec __user *rmtp;
			u64 expires;		/* absolute ns */
		} nanosleep;
		struct {
			void __user *ufds;
			int nfds;
			bool has_timeout;
			u64 expires;		/* absolute ns */
		} poll;
	};
};

/*
 * Locks: [I] immutable after publish      [T] tasklist_lock, [r] readable under RCU
 *        [S] sighand->siglock             [A] alloc_lock (task_lock())
 *        [P] pi_lock                      [q] the run queue's lock
 *        [c] only the task itself         [a] atomic
 */
struct task_struct {
	struct thread_info thread_info;	/* first: entry code finds its flags at offset 0 */
	unsigned int state;		/* [P] to wake, the task itself to sleep */
	void *stack;			/* [I] lowest address of the kernel stack */
	refcount_t usage;		/* [a] one for the task tables, one for whoever holds it */
	unsigned int flags;		/* [c] PF_* */

	/* scheduling: kernel/sched/ */
	int on_cpu;			/* [q] it is running */
	int on_rq;			/* [q] it is queued or running */
	unsigned int cpu;		/* [P+q] */
	int prio;			/* [q] the better of normal_prio and what is lent */
	unsigned int boost;		/* [q] lent: MAX_PRIO less the best waiter's; 0: nothing */
	const struct sched_class *sched_class;	/* [q] */
	struct sched_entity se;
	struct sched_rt_entity rt;
	spinlock_t pi_lock;		/* wake-ups against migration */
	int nr_cpus_allowed;		/* [P] */
	unsigned long nvcsw, nivcsw;	/* [c] */
	u64 utime, stime;		/* [q] ns */
	struct prev_cputime prev_cputime;
	bool sched_contributes_to_load;	/* [P] it sleeps as a part of the load average */
	int sched_dest_cpu;		/* [q] where exec wants it moved to, 1 up; 0 is nowhere */
	u64 start_time;			/* [I] CLOCK_MONOTONIC ns */
	u64 start_boottime;		/* [I] CLOCK_BOOTTIME ns */
	unsigned long min_flt, maj_flt;	/* [c] */
	unsigned int fold_seen;		/* kfold only: runs_of() it at the last look */

	union {
		struct task_inherit inherit;	/* for the one assignment at fork */
		struct task_inherit;		/* for everybody else */
	};

	/* what a task owns: the rows of kernel/fork_rows.h */
	struct mm_struct *mm;		/* [A] to change, [c] to use; NULL in kernel threads */
	struct mm_struct *active_mm;	/* [q] what CR3 points at */
	struct files_struct *files;	/* [A] */
	struct fs_struct *fs;		/* [A] */
	struct signal_struct *signal;	/* [I] until freed */
	struct sighand_struct *sighand;	/* [S+T] NULL once reaped, [r] */
	const struct cred *real_cred;	/* [r] objective credentials */
	const struct cred *cred;	/* [c] subjective credentials */
	struct audit_context *audit;	/* [c] NULL unless auditing was on at its fork */
	void *security;			/* [I] of the security module that wants it */
	struct task_seccomp seccomp;
	struct user_struct *nproc_user;	/* [I] who was charged for RLIMIT_NPROC */
	struct io_context *io_context;	/* [A] */
	struct css_set *cgroups;	/* cgroup_lock and [T] to change, [r]; NULL: in roots only */
	bool cgroup_runs;		/* cgroup_lock; it counts as a task of them */
	bool frozen;			/* cgroup_lock; and as a frozen one */
	bool freeze_ready;		/* [c] it sleeps where it counts as frozen */
	struct mempolicy *mempolicy;	/* [A] to change, [c] to read */
	struct sem_undo_list *semundo;	/* [c] NULL: never used */
	struct hlist_head shm_created;	/* rwsem of the shm set: segments it made */
	struct thread_struct thread;	/* arch */

	/* identity */
	pid_t pid, tgid;		/* [I] (exec's de-threading swaps them under [T]) */
	struct pid *thread_pid;		/* [T r] PIDTYPE_PID */
	struct hlist_node pid_links[PIDTYPE_MAX];	/* [T r] */
	struct task_struct *group_leader;	/* [T] */
	struct list_head thread_node;	/* [T r] signal->thread_head */
	struct list_head tasks;		/* [T r] all group leaders, init_task.tasks */

	/* family */
	struct task_struct *real_parent;	/* [T r] who forked it, or the reaper */
	struct task_struct *parent;	/* [T r] who wait4() reports to: tracer or real_parent */
	struct list_head children;	/* [T] */
	struct list_head sibling;	/* [T] in real_parent->children */
	struct list_head ptraced;	/* [T] */
	struct list_head ptrace_entry;	/* [T] */
	unsigned int ptrace;		/* [T+S] PT_*, 0 when nobody traces it */
	unsigned long ptrace_message;	/* [S] PTRACE_GETEVENTMSG */
	const struct cred *ptracer_cred;	/* [T] whose powers let the tracing begin */
	int exit_state;			/* [T] */
	int exit_code;			/* [c], then [T] */
	int exit_signal;		/* [T] -1: not a group leader */
	int pdeath_signal;		/* [c] cleared at fork */
	u64 parent_exec_id, self_exec_id;	/* [A] does a signal still mean the same program? */
	bool did_exec;			/* [c] for setpgid() by the parent */
	bool in_execve;			/* [c] */
	bool in_iowait;

	/* tids and robust futexes: [c] */
	int __user *set_child_tid;	/* CLONE_CHILD_SETTID */
	int __user *clear_child_tid;	/* CLONE_CHILD_CLEARTID */
	struct robust_list_head __user *robust_list;
	struct rseq __user *rseq;	/* rseq(2): the area, NULL: none */
	u32 rseq_sig;			/* what stands before its abort handlers */
	u32 rseq_cpu;			/* the CPU that the area names */
	struct hlist_head pi_held;	/* kernel/futex_pi.c: locks of its that others wait for */
	struct pi_waiter *pi_waiter;	/* there too: the lock that it waits for itself */
	bool pi_dead;			/* [c] they were handed on; only an heir may write to them */
	struct completion *vfork_done;	/* [A] CLONE_VFORK: the parent waits here */

	/* signals */
	sigset_t real_blocked;		/* [S] sigtimedwait's own mask */
	sigset_t saved_sigmask;		/* [c] restored after the handler (sigsuspend, ppoll) */
	bool restore_sigmask;		/* [c] saved_sigmask is to be restored */
	struct sigpending pending;	/* [S] for this thread only */
	unsigned long jobctl;		/* [S] */
	struct restart_block restart_block;	/* [c] */
	struct hlist_head cpu_timers;	/* [S] armed posix timers on this thread's CPU clocks */
	kernel_siginfo_t *last_siginfo;	/* [S] of the stop that the tracer sees */
	struct sigqueue *sigqueue_cache;

	spinlock_t alloc_lock;		/* mm, files, fs, comm, vfork_done */

	/* odds and ends */
	struct callback_head *task_works;	/* [a] run before returning to user space */
	struct nsproxy *nsproxy;	/* [A] */
	struct nameidata *nameidata;	/* [c] the path walk in progress */
	u64 rchar, wchar, syscr, syscw;	/* [c] /proc/pid/io */
	unsigned int rcu_nesting;	/* [c] debug */
#ifdef CONFIG_FAULT_INJECTION
	struct fail_nth fail_nth;	/* [c] /proc/pid/fail-nth */
#endif
#ifdef CONFIG_DEBUG_LOCKRANK
	struct held_lock {
		const void *lock;
		const char *name;
		unsigned long ip;
		u8 rank, shared, irq;
	} held_locks[24];		/* [c] */
	unsigned int nr_held_locks;	/* [c] */
#endif
	struct rcu_head rcu;		/* freed after a grace period */
};

/* Handlers: shared with CLONE_SIGHAND. Locks: [S] siglock, which guards signal_struct too. */
struct sighand_struct {
	spinlock_t siglock;
	refcount_t count;		/* [a] */
	wait_queue_head_t signalfd_wqh;
	struct k_sigaction action[_NSIG];	/* [S] */
	struct rcu_head rcu;
};

/* An interval timer on a CPU clock: ITIMER_VIRTUAL or ITIMER_PROF. [S] */
struct cpu_itimer {
	u64 expires;			/* ns of the clock, 0 when off */
	u64 incr;			/* ns */
};

/*
 * What the threads of a process share besides handlers.
 * Locks: [S] sighand->siglock   [T] tasklist_lock   [a] atomic   [I] immutable   [L] stats_lock
 */
struct signal_struct {
	refcount_t sigcnt;		/* [a] one per thread, one until the leader is freed */
	atomic_t live;			/* [a] threads that have not begun to exit */
	int nr_threads;			/* [T+S] linked threads */
	struct list_head thread_head;	/* [T r] task_struct.thread_node */
	wait_queue_head_t wait_chldexit;	/* wait4() of any thread sleeps here */
	struct task_struct *curr_target;	/* [S] next thread to get a group signal */
	struct sigpending shared_pending;	/* [S] */
	struct hlist_head multiprocess;	/* [S] forks on their way that must see group signals */

	int group_exit_code;		/* [S] */
	int notify_count;		/* [S] exec waits for this many threads to go */
	struct task_struct *group_exec_task;	/* [S] the thread that is in exec */
	int group_stop_count;		/* [S] threads still to stop */
	unsigned int flags;		/* [S] SIGNAL_* */
	struct core_state *core_state;	/* [S] a core is being written */

	bool is_child_subreaper;	/* [T] */
	bool has_child_subreaper;	/* [T] inherited */

	struct list_head posix_timers;	/* [S] */
	int next_posix_timer_id;	/* [S] */
	struct hrtimer real_timer;	/* ITIMER_REAL */
	ktime_t it_real_incr;		/* [S] ns */
	struct cpu_itimer it[2];	/* [S] ITIMER_PROF - 1, ITIMER_VIRTUAL - 1 */
	bool cpu_timers_active;		/* [S] the tick must look */
	struct hlist_head cpu_timers;	/* [S] armed posix timers on the process's CPU clocks */

	struct pid *pids[PIDTYPE_MAX];	/* [T r] TGID, PGID, SID of the group */
	struct pid *tty_old_pgrp;	/* [S] */
	bool leader;			/* [T] session leader */
	struct tty_struct *tty;		/* [S] controlling terminal */

	/* sums over threads that are gone, and over children that were waited for */
	seqlock_t stats_lock;
	u64 utime, stime, cutime, cstime;	/* [L] ns */
	u64 sum_sched_runtime;		/* [L] ns */
	struct prev_cputime prev_cputime;
	unsigned long nvcsw, nivcsw, cnvcsw, cnivcsw;	/* [L] */
	unsigned long min_flt, maj_flt, cmin_flt, cmaj_flt;	/* [L] */
	unsigned long maxrss, cmaxrss;	/* [L] pages */
	u64 rchar, wchar, syscr, syscw;	/* [L] */

	struct rlimit rlim[RLIM_NLIMITS];	/* [A of the leader] */
	short oom_score_adj;		/* [S] */
	short oom_score_adj_min;	/* [S] */
	struct mutex cred_guard_mutex;	/* exec's new powers against a new tracer */
	struct rw_semaphore exec_update_lock;	/* cred and mm change together in exec */
};

extern rwlock_t tasklist_lock;
extern struct task_struct init_task;

/* kernel/fork.c */
void __put_task_struct(struct task_struct *tsk);

static inline struct task_struct *get_task_struct(struct task_struct *tsk)
{
	refcount_inc(&tsk->usage);
	return tsk;
}

static inline void put_task_struct(struct task_struct *tsk)
{
	if (refcount_dec_and_test(&tsk->usage))
		__put_task_struct(tsk);
}

#define task_lock(tsk)		spin_lock(&(tsk)->alloc_lock)
#define task_unlock(tsk)	spin_unlock(&(tsk)->alloc_lock)

#define for_each_process(p)							\
	for (p = &init_task;							\
	     (p = list_entry(READ_ONCE(p->tasks.next), struct task_struct, tasks)) != &init_task; )

#define __for_each_thread(sig, t)						\
	list_for_each_entry_rcu(t, &(sig)->thread_head, thread_node)
#define for_each_thread(p, t)	__for_each_thread((p)->signal, t)
#define for_each_process_thread(p, t)	for_each_process(p) for_each_thread(p, t)

static inline bool thread_group_leader(const struct task_struct *p)
{
	return p->exit_signal >= 0;
}

static inline bool same_thread_group(const struct task_struct *a, const struct task_struct *b)
{
	return a->signal == b->signal;
}

static inline bool thread_group_empty(const struct task_struct *p)
{
	return p->signal->nr_threads == 1;
}

static inline struct task_struct *next_thread(const struct task_struct *p)
{
	const struct list_head *next = READ_ONCE(p->thread_node.next);

	if (next == &p->signal->thread_head)
		next = READ_ONCE(next->next);
	return list_entry((struct list_head *)next, struct task_struct, thread_node);
}

static inline struct pid *task_pid(struct task_struct *tsk)
{
	return tsk->thread_pid;
}

static inline struct pid *task_tgid(struct task_struct *tsk)
{
	return tsk->signal->pids[PIDTYPE_TGID];
}

/* Context: rcu_read_lock or tasklist_lock, since setsid() of a sibling may change them. */
static inline struct pid *task_pgrp(struct task_struct *tsk)
{
	return READ_ONCE(tsk->signal->pids[PIDTYPE_PGID]);
}

static inline struct pid *task_session(struct task_struct *tsk)
{
	return READ_ONCE(tsk->signal->pids[PIDTYPE_SID]);
}

/* Numbers of the first namespace: for messages of the kernel only. */
#define task_pid_nr(tsk)	((tsk)->pid)
#define task_tgid_nr(tsk)	((tsk)->tgid)

/* The number of @tsk's pid of @type as @ns sees it, 0 when it does not. Context: any. */
pid_t __task_pid_nr_ns(struct task_struct *tsk, enum pid_type type, struct pid_namespace *ns);

/* Context: rcu_read_lock for others than current. NULL once it was reaped. */
static inline struct pid_namespace *task_active_pid_ns(struct task_struct *tsk)
{
	return ns_of_pid(READ_ONCE(tsk->thread_pid));
}

static inline bool in_init_pid_ns(void)
{
	return !current->thread_pid || !current->thread_pid->level;
}

/* The idle tasks, and one that has reaped itself, have none. */
static inline struct pid_namespace *current_pid_ns(void)
{
	return likely(in_init_pid_ns()) ? &init_pid_ns : task_active_pid_ns(current);
}

/* As current sees it. */
static inline pid_t task_pid_vnr(struct task_struct *tsk)
{
	return likely(in_init_pid_ns()) ? tsk->pid :
	       __task_pid_nr_ns(tsk, PIDTYPE_PID, current_pid_ns());
}

static inline pid_t task_tgid_vnr(struct task_struct *tsk)
{
	return likely(in_init_pid_ns()) ? tsk->tgid :
	       __task_pid_nr_ns(tsk, PIDTYPE_TGID, current_pid_ns());
}

#define task_pid_nr_ns(tsk, ns)		__task_pid_nr_ns(tsk, PIDTYPE_PID, ns)
#define task_tgid_nr_ns(tsk, ns)	__task_pid_nr_ns(tsk, PIDTYPE_TGID, ns)
#define task_pgrp_nr_ns(tsk, ns)	__task_pid_nr_ns(tsk, PIDTYPE_PGID, ns)
#define task_session_nr_ns(tsk, ns)	__task_pid_nr_ns(tsk, PIDTYPE_SID, ns)
#define task_pgrp_vnr(tsk)		pid_vnr(task_pgrp(tsk))
#define task_session_vnr(tsk)		pid_vnr(task_session(tsk))

static inline bool is_global_init(const struct task_struct *tsk)
{
	return tsk->tgid == 1;
}

static inline bool pid_alive(const struct task_struct *tsk)
{
	return tsk->thread_pid != NULL;
}

static inline int task_nice(const struct task_struct *p)
{
	return PRIO_TO_NICE(p->static_prio);
}

static inline unsigned int task_cpu(const struct task_struct *p)
{
	return READ_ONCE(p->cpu);
}

#define current_cred_user()	(current->cred->user)

/* Flags in thread_info, seen by the way out to user space. */
static inline void set_tsk_thread_flag(struct task_struct *tsk, int flag)
{
	__atomic_fetch_or(&tsk->thread_info.flags, 1UL << flag, __ATOMIC_SEQ_CST);
}

static inline void clear_tsk_thread_flag(struct task_struct *tsk, int flag)
{
	__atomic_fetch_and(&tsk->thread_info.flags, ~(1UL << flag), __ATOMIC_SEQ_CST);
}

static inline bool test_tsk_thread_flag(const struct task_struct *tsk, int flag)
{
	return (READ_ONCE(tsk->thread_info.flags) >> flag) & 1;
}

#define set_thread_flag(flag)	set_tsk_thread_flag(current, flag)
#define clear_thread_flag(flag)	clear_tsk_thread_flag(current, flag)
#define test_thread_flag(flag)	test_tsk_thread_flag(current, flag)
#define need_resched()		unlikely(test_thread_flag(TIF_NEED_RESCHED))

static inline bool signal_pending(const struct task_struct *tsk)
{
	return unlikely(test_tsk_thread_flag(tsk, TIF_SIGPENDING));
}

static inline bool __fatal_signal_pending(const struct task_struct *tsk)
{
	return unlikely(tsk->pending.signal & (1UL << (SIGKILL - 1)));
}

static inline bool fatal_signal_pending(const struct task_struct *tsk)
{
	return signal_pending(tsk) && __fatal_signal_pending(tsk);
}

static inline bool signal_pending_state(unsigned int state, struct task_struct *tsk)
{
	if (!(state & (TASK_INTERRUPTIBLE | TASK_WAKEKILL)) || !signal_pending(tsk))
		return false;
	return (state & TASK_INTERRUPTIBLE) || __fatal_signal_pending(tsk);
}

/* saved_sigmask is put back once a handler has run, or when there is none. */
static inline void set_restore_sigmask(void)
{
	current->restore_sigmask = true;
}

static inline void clear_restore_sigmask(void)
{
	current->restore_sigmask = false;
}

static inline bool test_restore_sigmask(void)
{
	return current->restore_sigmask;
}

static inline bool test_and_clear_restore_sigmask(void)
{
	bool was = current->restore_sigmask;

	current->restore_sigmask = false;
	return was;
}

#define __set_current_state(s)	WRITE_ONCE(current->state, (s))
/* A full barrier between the new state and whatever the condition reads. */
#define set_current_state(s)	((void)__atomic_exchange_n(&current->state, (s), __ATOMIC_SEQ_CST))

static inline unsigned long rlimit(unsigned int limit)
{
	return READ_ONCE(current->signal->rlim[limit].rlim_cur);
}

static inline unsigned long task_rlimit(const struct task_struct *tsk, unsigned int limit)
{
	return READ_ONCE(tsk->signal->rlim[limit].rlim_cur);
}

/* kernel/sched/ */
void sched_init(void);
void schedule(void);
void schedule_tail(struct task_struct *prev);
int wake_up_process(struct task_struct *tsk);
int wake_up_state(struct task_struct *tsk, unsigned int state);
void wake_up_new_task(struct task_struct *tsk);
void kick_process(struct task_struct *tsk);
void wait_task_inactive(struct task_struct *tsk);
void init_idle(struct task_struct *idle, int cpu);
void __noreturn cpu_idle_loop(void);
void sched_exec(void);
void resched_cpu(int cpu);
void sched_set_boost(struct task_struct *p, int prio);
void set_user_nice(struct task_struct *p, long nice);
int set_cpus_allowed_ptr(struct task_struct *p, const cpumask_t *mask);
void sched_set_allowed(struct task_struct *p, const cpumask_t *allowed);
bool sched_leave_wrong_cpu(struct task_struct *p);
unsigned long nr_running(void);
unsigned long long nr_context_switches(void);
void __noreturn do_task_dead(void);
void task_cputime(struct task_struct *tsk, u64 *utime, u64 *stime);
u64 task_sched_runtime(struct task_struct *tsk);
void thread_group_cputime(struct task_struct *tsk, struct task_cputime *times);
void thread_group_cputime_adjusted(struct task_struct *tsk, u64 *ut, u64 *st);
void get_avenrun(unsigned long loads[3]);
void set_task_comm(struct task_struct *tsk, const char *comm);
void get_task_comm(char buf[TASK_COMM_LEN], struct task_struct *tsk);

/* kernel/exit.c */
void __noreturn do_exit(long code);
void __noreturn do_group_exit(int code);
void release_task(struct task_struct *tsk);
bool is_current_pgrp_orphaned(void);

/* kernel/wait.c, kernel/pgrp.c */
long kernel_wait4(pid_t upid, int *stat, int options, struct rusage *ru);
int ksys_setsid(void);

/* callbacks before a task returns to user space: kernel/task_work.c */
struct callback_head {
	struct callback_head *next;
	void (*func)(struct callback_head *head);
};
int task_work_add(struct task_struct *tsk, struct callback_head *work);
void task_work_run(void);

/* The saved registers of a task's last entry from user space, at the top of its kernel stack. */
#define task_pt_regs(tsk)							\
	((struct pt_regs *)((char *)(tsk)->stack + THREAD_SIZE) - 1)

#endif

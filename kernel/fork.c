// SPDX-License-Identifier: GPL-2.0-only
/*
 * Making a task: fork, vfork, clone, kernel threads and idle tasks. This file orchestrates; what
 * each resource does is in its row (fork_rows.h) and lives with its subject.
 * Locks: publishing takes tasklist_lock and the parent's siglock. The embryo needs none.
 */
#define pr_fmt(fmt) "fork: " fmt
#include <linux/audit.h>
#include <linux/capability.h>
#include <linux/cn_proc.h>
#include <linux/cgroup.h>
#include <linux/completion.h>
#include <linux/cred.h>
#include <linux/err.h>
#include <linux/fault-inject.h>
#include <linux/fork.h>
#include <linux/futex.h>
#include <linux/init.h>
#include <linux/mm.h>
#include <linux/nsproxy.h>
#include <linux/pid_namespace.h>
#include <linux/ptrace.h>
#include <linux/pidfd.h>
#include <linux/rseq.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <linux/security.h>
#include <linux/signal.h>
#include <linux/slab.h>
#include <linux/syscalls.h>
#include <linux/timekeeping.h>
#include <linux/tty.h>
#include <linux/uaccess.h>
#include "fork_rows.h"
#include "internal.h"

/* task_struct and its links; see Documentation/locking/order.md for what it nests with. */
DEFINE_RWLOCK(tasklist_lock, LOCK_RANK_TASKLIST);

unsigned long total_forks;		/* [T] since boot */

DEFINE_PER_CPU(struct fork_stat, fork_stat);

#define ROW_NAME_OWN(x)		#x,
#define ROW_NAME_SHR(x, flag)	#x,
const char *const fork_row_names[NR_FORK_ROWS] = {
	FORK_ROWS(ROW_NAME_OWN, ROW_NAME_SHR)
};

static struct kmem_cache *task_struct_cachep;

/* ---- rows that have no better home ---- */

int copy_stack(struct fork_ctx *fc)
{
	fc->child->stack = alloc_kernel_stack();
	return fc->child->stack ? 0 : -ENOMEM;
}

void exit_stack(struct task_struct *tsk)
{
	if (tsk->stack)
		free_kernel_stack(tsk->stack);
	tsk->stack = NULL;
}

/* ---- building ---- */

/* The embryo: zero but for the inherited group. */
struct task_struct *dup_task(struct fork_ctx *fc)
{
	struct task_struct *parent = fc->parent;
	struct task_struct *child = kmem_cache_alloc(task_struct_cachep, GFP_KERNEL);

	if (unlikely(!child))
		return NULL;
	/* The FPU image behind the struct is copy_thread()'s, and need not be zero. */
	memset(child, 0, sizeof(*child));
	child->inherit = parent->inherit;
	child->default_timer_slack_ns = parent->timer_slack_ns;
	child->flags = (parent->flags & PF_RANDOMIZE) | PF_FORKNOEXEC;
	child->state = TASK_NEW;
	/* One for the tables that will name it, one for the CPU that will run it last. */
	refcount_set(&child->usage, 2);
	spin_lock_init(&child->alloc_lock, LOCK_RANK_TASK_ALLOC);
	spin_lock_init(&child->pi_lock, LOCK_RANK_PI);
	INIT_LIST_HEAD(&child->children);
	INIT_LIST_HEAD(&child->sibling);
	INIT_LIST_HEAD(&child->ptraced);
	INIT_LIST_HEAD(&child->ptrace_entry);
	INIT_LIST_HEAD(&child->thread_node);
	INIT_LIST_HEAD(&child->tasks);
	init_sigpending(&child->pending);
	return child;
}

static void set_kthread_identity(struct task_struct *child, const struct kernel_clone_args *args)
{
	child->flags |= args->idle ? PF_KTHREAD | PF_IDLE : PF_KTHREAD;
	if (args->name)
		strscpy(child->comm, args->name, sizeof(child->comm));
}

/* Addresses that the child acts on itself, and its alternate stack. */
static void set_user_pointers(struct fork_ctx *fc)
{
	struct task_struct *child = fc->child;

	if (fc->flags & CLONE_CHILD_SETTID)
		child->set_child_tid = fc->args->child_tid;
	if (fc->flags & CLONE_CHILD_CLEARTID)
		child->clear_child_tid = fc->args->child_tid;
	rseq_fork(child, fc->parent, (fc->flags & CLONE_VM) || fc->args->fn);
	/* Two tasks on one alternate stack would destroy each other's frames. */
	if ((fc->flags & (CLONE_VM | CLONE_VFORK)) == CLONE_VM) {
		child->sas_ss_sp = 0;
		child->sas_ss_size = 0;
		child->sas_ss_flags = SS_DISABLE;
	}
}

#define ROW_COUNT(x, what)	this_cpu_inc(fork_stat.row[FORK_ROW_##x].what)

static int acquire_rows(struct fork_ctx *fc)
{
	int err;

	FORK_ROWS(ACQUIRE_OWN, ACQUIRE_SHR)
	return 0;
}

/* A half-built task: whatever it has got goes back; exit_x() knows by the NULLs. */
void discard_embryo(struct task_struct *tsk)
{
	EXIT_ROWS(RELEASE)
	REAP_ROWS(RELEASE)
	FREE_ROWS(RELEASE)
	kmem_cache_free(task_struct_cachep, tsk);
}

/* The last reference is gone and no reader under RCU can still look. */
static void free_task(struct task_struct *tsk)
{
	FREE_ROWS(RELEASE)
	kmem_cache_free(task_struct_cachep, tsk);
}

void __put_task_struct(struct task_struct *tsk)
{
	ASSERT(tsk->exit_state == EXIT_DEAD);
	ASSERT(tsk != current);
	free_task(tsk);
}

void exit_rows(struct task_struct *tsk)
{
	EXIT_ROWS(RELEASE)
}

void reap_rows(struct task_struct *tsk)
{
	REAP_ROWS(RELEASE)
}

/* ---- the last look, and publication ---- */

/*
 * Signals to the whole group, sent while a fork runs, must reach the child as well: collect them
 * from here on. A signal that is already there is handled first.
 */
static int begin_signal_window(struct fork_ctx *fc, struct multiprocess_signals *delayed)
{
	int err = 0;

	sigemptyset(&delayed->signal);
	INIT_HLIST_NODE(&delayed->node);
	spin_lock_irq(&fc->parent->sighand->siglock);
	if (!(fc->flags & CLONE_THREAD))
		hlist_add_head(&delayed->node, &fc->parent->signal->multiprocess);
	recalc_sigpending();
	spin_unlock_irq(&fc->parent->sighand->siglock);
	if (signal_pending(fc->parent))
		err = -ERESTARTNOINTR;
	return err;
}

static void end_signal_window(struct fork_ctx *fc, struct multiprocess_signals *delayed)
{
	spin_lock_irq(&fc->parent->sighand->siglock);
	hlist_del_init(&delayed->node);
	spin_unlock_irq(&fc->parent->sighand->siglock);
}

/* Who is told when it dies, and with which signal. Under tasklist_lock: both may be changing. */
static void set_family(struct fork_ctx *fc)
{
	struct task_struct *child = fc->child, *parent = fc->parent;

	if (fc->flags & (CLONE_PARENT | CLONE_THREAD)) {
		child->real_parent = parent->real_parent;
		child->parent_exec_id = parent->parent_exec_id;
		child->exit_signal = fc->flags & CLONE_THREAD ? -1 :
				     parent->group_leader->exit_signal;
	} else {
		child->real_parent = parent;
		child->parent_exec_id = parent->self_exec_id;
		child->exit_signal = fc->args->exit_signal;
	}
	child->parent = child->real_parent;
	child->self_exec_id = parent->self_exec_id;
}

static void publish_thread(struct fork_ctx *fc)
{
	struct task_struct *child = fc->child;
	struct signal_struct *sig = child->signal;

	child->group_leader = fc->parent->group_leader;
	child->tgid = fc->parent->tgid;
	sig->nr_threads++;
	atomic_inc(&sig->live);
	list_add_tail_rcu(&child->thread_node, &sig->thread_head);
	task_join_group_stop(child);
}

static void publish_process(struct fork_ctx *fc, struct multiprocess_signals *delayed)
{
	struct task_struct *child = fc->child, *parent = fc->parent;
	struct signal_struct *sig = child->signal;

	child->group_leader = child;
	child->tgid = child->pid;
	sig->nr_threads = 1;
	atomic_set(&sig->live, 1);
	list_add_rcu(&child->thread_node, &sig->thread_head);

	sig->shared_pending.signal = delayed->signal;
	sig->has_child_subreaper = child->real_parent->signal->has_child_subreaper ||
				   child->real_parent->signal->is_child_subreaper;
	sig->tty = tty_kref_get(parent->signal->tty);
	sig->pids[PIDTYPE_TGID] = child->thread_pid;
	sig->pids[PIDTYPE_PGID] = task_pgrp(parent);
	sig->pids[PIDTYPE_SID] = task_session(parent);
	if (unlikely(is_child_reaper(child->thread_pid))) {
		ns_of_pid(child->thread_pid)->child_reaper = child;
		sig->flags |= SIGNAL_UNKILLABLE;
	}
	list_add_tail(&child->sibling, &child->real_parent->children);
	list_add_tail_rcu(&child->tasks, &init_task.tasks);
	attach_pid(child, PIDTYPE_TGID);
	attach_pid(child, PIDTYPE_PGID);
	attach_pid(child, PIDTYPE_SID);
}

/* The point of no return: the child is everybody's. Nothing below may fail. */
static void task_publish(struct fork_ctx *fc, struct multiprocess_signals *delayed)
{
	ASSERT(rwlock_is_write_locked(&tasklist_lock));
	ASSERT(spin_is_locked(&fc->parent->sighand->siglock));

	seccomp_follow(fc->child, fc->parent);
	fc->child->start_time = ktime_get();
	fc->child->start_boottime = ktime_get_boottime();
	cgroup_publish(fc->child, fc->parent, fc);
	if (fc->flags & CLONE_THREAD)
		publish_thread(fc);
	else
		publish_process(fc, delayed);
	attach_pid(fc->child, PIDTYPE_PID);
	if (unlikely(fc->parent->ptrace) && (fc->trace || (fc->flags & CLONE_PTRACE)))
		ptrace_inherit(fc);
	hlist_del_init(&delayed->node);
	total_forks++;
}

/* A signal that kills the parent now also spares us the child. */
static int commit(struct fork_ctx *fc, struct multiprocess_signals *delayed)
{
	struct sighand_struct *sighand = fc->parent->sighand;
	int err = 0;

	write_lock_irq(&tasklist_lock);
	set_family(fc);
	spin_lock(&sighand->siglock);
	recalc_sigpending();
	if (unlikely(fatal_signal_pending(fc->parent)))
		err = -EINTR;
	else if (unlikely(fc->parent->signal->flags & SIGNAL_GROUP_EXIT))
		err = -EINTR;
	else if (unlikely(ns_of_pid(fc->child->thread_pid)->dying))
		err = -ENOMEM;
	if (likely(!err))
		task_publish(fc, delayed);
	spin_unlock(&sighand->siglock);
	write_unlock_irq(&tasklist_lock);
	return err;
}

struct task_struct *build_task(struct fork_ctx *fc)
{
	int err;

	fc->child = dup_task(fc);
	if (unlikely(!fc->child))
		return ERR_PTR(-ENOMEM);
	if (fc->args->fn)
		set_kthread_identity(fc->child, fc->args);
	set_user_pointers(fc);
	err = acquire_rows(fc);
	if (unlikely(err)) {
		discard_embryo(fc->child);
		return ERR_PTR(err);
	}
	return fc->child;
}

/* What an embryo needs besides its rows, because it belongs to the parent or to the outside. */
static int reserve_outside(struct fork_ctx *fc)
{
	int err = 0;

	if (unlikely(fc->flags & CLONE_PIDFD))
		err = pidfd_reserve(fc);
	return err;
}

static struct task_struct *copy_process(struct fork_ctx *fc)
{
	struct multiprocess_signals delayed;
	struct task_struct *child;
	int err;

	err = security_task_create(fc->flags);
	if (unlikely(err))
		return ERR_PTR(err);
	err = begin_signal_window(fc, &delayed);
	if (likely(!err)) {
		child = build_task(fc);
		err = PTR_ERR_OR_ZERO(child);
	}
	if (likely(!err)) {
		err = reserve_outside(fc);
		if (likely(!err))
			err = commit(fc, &delayed);
		if (likely(!err))
			return child;
		pidfd_unreserve(fc);
		discard_embryo(child);
	}
	end_signal_window(fc, &delayed);
	return ERR_PTR(err);
}

/* ---- vfork: the parent waits until the child has left its memory ---- */

static void complete_vfork(struct task_struct *tsk)
{
	struct completion *vfork;

	task_lock(tsk);
	vfork = tsk->vfork_done;
	tsk->vfork_done = NULL;
	if (vfork)
		complete(vfork);
	task_unlock(tsk);
}

/* Only death ends the wait early; then the child must forget our stack. */
static void wait_for_vfork(struct task_struct *child, struct completion *vfork)
{
	int killed;

	cgroup_enter_frozen();
	killed = wait_for_completion_killable(vfork);
	cgroup_leave_frozen_unless_asked();
	if (killed) {
		task_lock(child);
		child->vfork_done = NULL;
		task_unlock(child);
	}
}

static void clear_tid_and_wake(struct task_struct *tsk, struct mm_struct *mm)
{
	int __user *tidptr = tsk->clear_child_tid;

	tsk->clear_child_tid = NULL;
	/* Nobody is left to read the word when this is the last user of the memory. */
	if (!tidptr || atomic_read(&mm->mm_users) <= 1)
		return;
	if (!put_user(0, tidptr))
		futex_wake_user((u32 __user *)tidptr, 1);
}

/**
 * mm_release - the task stops using its memory, by exit or by exec
 * @tsk: current
 * @mm: the memory that it leaves, still mapped; may be NULL
 *
 * Hands on robust futexes, clears the tid word (set_tid_address(2)), lets a vfork parent go.
 * Context: may sleep and fault.
 */
void mm_release(struct task_struct *tsk, struct mm_struct *mm)
{
	if (mm) {
		futex_exit_release(tsk);
		clear_tid_and_wake(tsk, mm);
	}
	if (tsk->vfork_done)
		complete_vfork(tsk);
}

/* ---- entry points ---- */

int clone_refused(const struct kernel_clone_args *args, const char *why)
{
	pr_debug("%s[%d]: clone flags %#llx refused: %s\n", current->comm, current->pid,
		 args->flags, why);
	return -EINVAL;
}

static int check_args(const struct kernel_clone_args *args)
{
	const char *why = clone_args_check(args);

	/* init's siblings would have no parent, and nobody would reap them. */
	if (!why && (args->flags & CLONE_PARENT) && (current->signal->flags & SIGNAL_UNKILLABLE))
		why = "init has no parent to give the child to";
	if (!why && (args->flags & CLONE_THREAD) &&
	    unlikely(current->nsproxy->pid_ns_for_children != current_pid_ns()))
		why = "children would be born in another pid namespace";
	return likely(!why) ? 0 : clone_refused(args, why);
}

/**
 * do_fork - make a task
 * @args: what it shares with the caller and where it starts
 *
 * Context: task, may sleep.
 * Return: the new task's pid; -EINVAL for a senseless combination of flags, -EAGAIN over
 * RLIMIT_NPROC or threads-max, -ENOMEM, -EPERM without the privilege for a namespace or a chosen
 * pid, -EEXIST when that is taken, -EMFILE or -EFAULT for the pidfd, -EBADF for the cgroup,
 * -ERESTARTNOINTR to handle a signal first, -EINTR when the caller is being killed.
 * Source: clone(2), fork(2), vfork(2).
 */
pid_t do_fork(const struct kernel_clone_args *args)
{
	struct fork_ctx fc = { .args = args, .flags = args->flags, .parent = current };
	struct completion vfork;
	struct task_struct *child;
	struct pid *pid = NULL;
	pid_t nr;
	int err;

	might_sleep();
	err = check_args(args);
	if (unlikely(err))
		return err;
	fc.trace = ptrace_fork_event(args->flags, args->exit_signal);
	child = copy_process(&fc);
	if (IS_ERR(child))
		return PTR_ERR(child);

	/* The child may be gone as soon as it runs: remember what is needed, hold what is used. */
	nr = task_pid_vnr(child);
	if (unlikely(args->flags & CLONE_PIDFD))
		pidfd_install(&fc);
	if (args->flags & CLONE_PARENT_SETTID)
		put_user(nr, args->parent_tid);
	if (args->flags & CLONE_VFORK) {
		init_completion(&vfork);
		child->vfork_done = &vfork;
		get_task_struct(child);
	}
	audit_fork(child);
	proc_fork_connector(child);
	if (unlikely(current->ptrace))
		pid = get_pid(child->thread_pid);
	wake_up_new_task(child);
	if (unlikely(fc.trace))
		ptrace_event_pid(fc.trace, pid);
	if (args->flags & CLONE_VFORK) {
		wait_for_vfork(child, &vfork);
		put_task_struct(child);
		if (unlikely(pid))
			ptrace_event_pid(PTRACE_EVENT_VFORK_DONE, pid);
	}
	if (unlikely(pid))
		put_pid(pid);
	return nr;
}

/**
 * kernel_thread - make a task that runs a kernel function
 * @fn: runs in it, and returns its exit code
 * @arg: for @fn
 * @name: its comm
 * @flags: CLONE_* besides CLONE_VM, which is implied
 *
 * Context: task, may sleep.
 * Return: its pid, or what do_fork() returns on failure.
 */
pid_t kernel_thread(int (*fn)(void *arg), void *arg, const char *name, u64 flags)
{
	struct kernel_clone_args args = {
		.flags = flags | CLONE_VM | CLONE_UNTRACED,
		.fn = fn,
		.fn_arg = arg,
		.name = name,
	};

	return do_fork(&args);
}

static int idle_dummy(void *unused)
{
	return 0;
}

/**
 * fork_idle - make the task that a CPU runs when it has nothing to do
 * @cpu: which CPU
 *
 * It is never published: no pid, no parent, on no list.
 * Context: boot, may sleep.
 * Return: the task, or NULL when there is no memory.
 */
struct task_struct * __init fork_idle(int cpu)
{
	struct kernel_clone_args args = {
		.flags = CLONE_VM,
		.fn = idle_dummy,
		.name = "swapper",
		.idle = true,
	};
	struct fork_ctx fc = { .args = &args, .flags = args.flags, .parent = current };
	struct task_struct *idle = build_task(&fc);

	if (IS_ERR(idle))
		return NULL;
	snprintf(idle->comm, sizeof(idle->comm), "swapper/%d", cpu);
	init_idle(idle, cpu);
	return idle;
}

SYSCALL_DEFINE0(fork)
{
	struct kernel_clone_args args = { .exit_signal = SIGCHLD };

	return do_fork(&args);
}

SYSCALL_DEFINE0(vfork)
{
	struct kernel_clone_args args = {
		.flags = CLONE_VFORK | CLONE_VM,
		.exit_signal = SIGCHLD,
	};

	return do_fork(&args);
}

/* The raw call takes the low 32 bits of the flags; the low eight of them are the exit signal. */
SYSCALL_DEFINE5(clone, unsigned long, clone_flags, unsigned long, newsp,
		int __user *, parent_tidptr, int __user *, child_tidptr, unsigned long, tls)
{
	struct kernel_clone_args args = {
		.flags = lower_32_bits(clone_flags) & ~CSIGNAL,
		.exit_signal = lower_32_bits(clone_flags) & CSIGNAL,
		.stack = newsp,
		.tls = tls,
		.pidfd = parent_tidptr,
		.parent_tid = parent_tidptr,
		.child_tid = child_tidptr,
		.legacy = true,
	};

	return do_fork(&args);
}

SYSCALL_DEFINE1(set_tid_address, int __user *, tidptr)
{
	current->clear_child_tid = tidptr;
	return task_pid_vnr(current);
}

/* ---- boot ---- */

/* Context: boot, after the slab allocator. */
void __init fork_init(void)
{
	task_struct_cachep = kmem_cache_create("task_struct", arch_task_struct_size, 64,
					       SLAB_PANIC, NULL);
	nproc_init();
}

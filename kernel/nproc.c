// SPDX-License-Identifier: GPL-2.0-only
/*
 * The row "nproc": how many tasks there may be, of one user (RLIMIT_NPROC) and in all
 * (kernel.threads-max). Charged before the child is built, given back when it is reaped.
 * Locks: none; both counts are atomic, and tsk->nproc_user records who was charged.
 */
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/fault-inject.h>
#include <linux/fork.h>
#include <linux/init.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include "fork_rows.h"
#include "internal.h"

int nr_threads;				/* [a] tasks alive or on their way, idle ones aside */
int max_threads;			/* sysctl kernel.threads-max */

static bool nproc_may_exceed(const struct user_struct *user)
{
	return user == &root_user || capable(CAP_SYS_RESOURCE) || capable(CAP_SYS_ADMIN);
}

/* Both charges first, then the comparison, so that two forks cannot share the last place. */
int copy_nproc(struct fork_ctx *fc)
{
	struct user_struct *user = fc->parent->real_cred->user;
	long processes;
	int threads;

	if (unlikely(fc->args->idle))
		return 0;
	threads = __atomic_add_fetch(&nr_threads, 1, __ATOMIC_SEQ_CST);
	processes = atomic_long_inc_return(&user->processes);
	fc->child->nproc_user = get_uid(user);
	if (unlikely(processes > task_rlimit(fc->parent, RLIMIT_NPROC)) && !nproc_may_exceed(user))
		return -EAGAIN;
	if (unlikely(threads > max_threads) || should_fail_charge("nproc"))
		return -EAGAIN;
	fc->parent->flags &= ~PF_NPROC_EXCEEDED;
	return 0;
}

void exit_nproc(struct task_struct *tsk)
{
	struct user_struct *user = tsk->nproc_user;

	if (!user)
		return;
	tsk->nproc_user = NULL;
	atomic_long_dec(&user->processes);
	free_uid(user);
	__atomic_sub_fetch(&nr_threads, 1, __ATOMIC_SEQ_CST);
}

/**
 * nproc_move - charge a task to another user from now on
 * @tsk: current, which is about to commit credentials
 * @user: the user of its new real uid
 *
 * Context: task.
 */
void nproc_move(struct task_struct *tsk, struct user_struct *user)
{
	struct user_struct *old = tsk->nproc_user;

	if (!old || old == user)
		return;
	atomic_long_inc(&user->processes);
	tsk->nproc_user = get_uid(user);
	atomic_long_dec(&old->processes);
	free_uid(old);
}

/* Context: boot. A fork bomb must not fill memory with stacks alone: an eighth of it at most. */
void __init nproc_init(void)
{
	u64 threads = ((u64)totalram_pages() << PAGE_SHIFT) / (8 * THREAD_SIZE);

	max_threads = clamp_t(u64, threads, 20, PID_MAX_LIMIT / 2);
	init_task.signal->rlim[RLIMIT_NPROC].rlim_cur = max_threads / 2;
	init_task.signal->rlim[RLIMIT_NPROC].rlim_max = max_threads / 2;
	init_task.signal->rlim[RLIMIT_SIGPENDING] = init_task.signal->rlim[RLIMIT_NPROC];
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * System calls on the memory of a process that a pidfd names: process_madvise(2) and
 * process_mrelease(2).
 */
#include <linux/capability.h>
#include <linux/err.h>
#include <linux/mman.h>
#include <linux/pidfd.h>
#include <linux/proc_fs.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/syscalls.h>
#include <linux/uio.h>
#include "internal.h"

/* Hints that take nothing from the process: only these may be given from outside. */
static bool harmless_advice(int advice)
{
	return advice == MADV_COLD || advice == MADV_PAGEOUT || advice == MADV_WILLNEED;
}

/* With a use, or ERR_PTR(-EBADF, -ESRCH, -EINVAL, -EACCES, -EPERM), in this order. */
static struct mm_struct *mm_to_advise(int pidfd, int advice)
{
	struct task_struct *tsk = pidfd_get_task(pidfd);
	struct mm_struct *mm;

	if (IS_ERR(tsk))
		return ERR_CAST(tsk);
	if (!harmless_advice(advice))
		mm = ERR_PTR(-EINVAL);
	else if (!proc_may_access(tsk))
		mm = ERR_PTR(-EACCES);
	else
		mm = get_task_mm(tsk) ?: ERR_PTR(-ESRCH);
	put_task_struct(tsk);
	if (!IS_ERR(mm) && !capable(CAP_SYS_NICE)) {
		mmput(mm);
		mm = ERR_PTR(-EPERM);
	}
	return mm;
}

/* Return: bytes advised before the first error, or that error. */
static ssize_t advise_segments(struct mm_struct *mm, const struct iovec *iov, size_t segments,
			       int advice)
{
	ssize_t done = 0;
	size_t i;
	int err = 0;

	for (i = 0; i < segments && !err; i++) {
		err = do_madvise(mm, (unsigned long)iov[i].iov_base, iov[i].iov_len, advice);
		if (!err)
			done += iov[i].iov_len;
	}
	return done ? done : err;
}

SYSCALL_DEFINE5(process_madvise, int, pidfd, const struct iovec __user *, vec, size_t, vlen,
		int, advice, unsigned int, flags)
{
	struct iovec fast[8], *iov;
	struct mm_struct *mm;
	ssize_t ret;

	if (flags)
		return -EINVAL;
	iov = iovec_from_user(vec, vlen, ARRAY_SIZE(fast), fast);
	if (IS_ERR(iov))
		return PTR_ERR(iov);
	mm = mm_to_advise(pidfd, advice);
	if (IS_ERR(mm)) {
		ret = PTR_ERR(mm);
	} else {
		ret = advise_segments(mm, iov, vlen, advice);
		mmput(mm);
	}
	if (iov != fast)
		kfree(iov);
	return ret;
}

static bool is_dying(struct task_struct *tsk)
{
	return (tsk->signal->flags & SIGNAL_GROUP_EXIT) ||
	       (thread_group_empty(tsk) && (tsk->flags & PF_EXITING));
}

/* Is everybody who runs in @mm on his way out? */
static bool all_users_dying(struct mm_struct *mm)
{
	struct task_struct *p, *t;
	bool dying = true;

	rcu_read_lock();
	for_each_process_thread(p, t)
		if (READ_ONCE(t->mm) == mm && !is_dying(t))
			dying = false;
	rcu_read_unlock();
	return dying;
}

static int release_memory(struct mm_struct *mm)
{
	if (mm->flags & (1UL << MMF_OOM_SKIP))
		return 0;
	if (!all_users_dying(mm))
		return -EINVAL;
	if (mmap_read_lock_killable(mm))
		return -EINTR;
	oom_reap_mm(mm);
	mmap_read_unlock(mm);
	return 0;
}

/* The memory of any thread: the leader may have left it already. */
static struct mm_struct *mm_of_group(struct task_struct *leader)
{
	struct mm_struct *mm = NULL;
	struct task_struct *t;

	rcu_read_lock();
	for_each_thread(leader, t) {
		mm = get_task_mm(t);
		if (mm)
			break;
	}
	rcu_read_unlock();
	return mm;
}

SYSCALL_DEFINE2(process_mrelease, int, pidfd, unsigned int, flags)
{
	struct task_struct *tsk;
	struct mm_struct *mm;
	int ret;

	if (flags)
		return -EINVAL;
	tsk = pidfd_get_task(pidfd);
	if (IS_ERR(tsk))
		return PTR_ERR(tsk);
	mm = mm_of_group(tsk);
	put_task_struct(tsk);
	if (!mm)
		return -ESRCH;
	ret = release_memory(mm);
	mmput(mm);
	return ret;
}

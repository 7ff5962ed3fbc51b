// SPDX-License-Identifier: GPL-2.0-only
/*
 * semop(2): a list of operations that happen all at once or not yet. Who cannot go on queues up;
 * who changes a value looks through the queue for those that can, oldest first.
 * Locks: the set's own.
 */
#include <linux/hrtimer.h>
#include <linux/pid.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/stat.h>
#include <linux/syscalls.h>
#include <linux/time64.h>
#include <linux/uaccess.h>
#include "sem.h"

#define SOPS_ON_STACK	16

void sem_set_pid(struct sem *sem, struct pid *pid)
{
	if (sem->pid == pid)
		return;
	put_pid(sem->pid);
	sem->pid = get_pid(pid);
}

/* ---- trying ---- */

#define BLOCKS	1

/* Return: 0, BLOCKS, or -ERANGE. */
static int apply_one(struct sem_array *sma, struct sem_undo *undo, const struct sembuf *sop)
{
	struct sem *sem = &sma->sems[sop->sem_num];
	int val = sem->val + sop->sem_op, adjust;

	if (val < 0 || (!sop->sem_op && val))
		return BLOCKS;
	if (val > SEMVMX)
		return -ERANGE;
	if (sop->sem_flg & SEM_UNDO) {
		adjust = undo->adjust[sop->sem_num] - sop->sem_op;
		if (adjust < -SEMAEM - 1 || adjust > SEMAEM)
			return -ERANGE;
		undo->adjust[sop->sem_num] = adjust;
	}
	sem->val = val;
	return 0;
}

static void take_back_one(struct sem_array *sma, struct sem_undo *undo, const struct sembuf *sop)
{
	sma->sems[sop->sem_num].val -= sop->sem_op;
	if (sop->sem_flg & SEM_UNDO)
		undo->adjust[sop->sem_num] += sop->sem_op;
}

/* All of them or none. Return: 0, BLOCKS with q->blocking set, or -errno. */
static int try_all(struct sem_array *sma, struct sem_queue *q)
{
	const struct sembuf *sop, *end = q->sops + q->nsops;
	int ret = 0;

	for (sop = q->sops; sop < end; sop++) {
		ret = apply_one(sma, q->undo, sop);
		if (ret)
			break;
	}
	if (ret == BLOCKS) {
		q->blocking = sop;
		if (sop->sem_flg & IPC_NOWAIT)
			ret = -EAGAIN;
	}
	if (ret) {
		while (sop-- > q->sops)
			take_back_one(sma, q->undo, sop);
		return ret;
	}
	while (sop-- > q->sops)
		sem_set_pid(&sma->sems[sop->sem_num], q->pid);
	sma->otime = ktime_get_real_seconds();
	return 0;
}

/* ---- waking ---- */

/* The sleeper takes the lock before it goes on, so its stack lasts until we let go of that. */
static void finish(struct sem_queue *q, int status)
{
	list_del(&q->list);
	q->status = status;
	wake_up_process(q->sleeper);
}

static void wake_zero(struct sem_array *sma)
{
	struct sem_queue *q, *next;
	int ret;

	list_for_each_entry_safe(q, next, &sma->waiting_zero, list) {
		ret = try_all(sma, q);
		if (ret != BLOCKS)
			finish(q, ret);
	}
}

/* Let the oldest that can go on do so. Return: has it changed a value? */
static bool wake_one(struct sem_array *sma)
{
	struct sem_queue *q, *next;
	int ret;

	list_for_each_entry_safe(q, next, &sma->waiting, list) {
		ret = try_all(sma, q);
		if (ret == BLOCKS)
			continue;
		finish(q, ret);
		if (!ret)
			return true;
	}
	return false;
}

/* A value has changed. Who waits for zero goes first, since the others may change it again. */
void sem_wake_waiters(struct sem_array *sma)
{
	do {
		wake_zero(sma);
	} while (wake_one(sma));
}

static void fail_list(struct list_head *list, int err)
{
	struct sem_queue *q, *next;

	list_for_each_entry_safe(q, next, list, list)
		finish(q, err);
}

void sem_fail_waiters(struct sem_array *sma, int err)
{
	fail_list(&sma->waiting_zero, err);
	fail_list(&sma->waiting, err);
}

/* GETNCNT and GETZCNT: a list of operations counts where it is stuck. */
int sem_count_waiters(struct sem_array *sma, int num, bool for_zero)
{
	struct sem_queue *q;
	int n = 0;

	list_for_each_entry(q, &sma->waiting_zero, list)
		n += for_zero && q->blocking->sem_num == num;
	list_for_each_entry(q, &sma->waiting, list)
		n += q->blocking->sem_num == num && (q->blocking->sem_op == 0) == for_zero;
	return n;
}

/* ---- waiting ---- */

/* Asleep until somebody decides, a signal comes or the time is up. Context: locked, both ways. */
static int wait_in_queue(struct sem_array *sma, struct sem_queue *q, const ktime_t *until)
{
	bool late = false;

	q->status = QUEUED;
	q->sleeper = current;
	list_add_tail(&q->list, q->alter ? &sma->waiting : &sma->waiting_zero);
	for (;;) {
		set_current_state(TASK_INTERRUPTIBLE);
		spin_unlock(&sma->perm.lock);
		if (until)
			late = !schedule_hrtimeout(until, HRTIMER_MODE_ABS);
		else
			schedule();
		__set_current_state(TASK_RUNNING);
		spin_lock(&sma->perm.lock);
		if (q->status != QUEUED)
			return q->status;
		if (late || signal_pending(current))
			break;
	}
	list_del(&q->list);
	return late ? -EAGAIN : -EINTR;
}

static int operate(struct sem_array *sma, struct sem_queue *q, const ktime_t *until)
{
	int ret = try_all(sma, q);

	if (ret == BLOCKS)
		return wait_in_queue(sma, q, until);
	if (!ret && q->alter)
		sem_wake_waiters(sma);
	return ret;
}

/* ---- the call ---- */

/* What the operations want altogether. Return: the highest semaphore that they name. */
static int survey(struct sem_queue *q, bool *undo)
{
	const struct sembuf *sop;
	int highest = 0;

	for (sop = q->sops; sop < q->sops + q->nsops; sop++) {
		highest = max(highest, (int)sop->sem_num);
		*undo |= !!(sop->sem_flg & SEM_UNDO);
		q->alter |= sop->sem_op != 0;
	}
	return highest;
}

/* Lock the set, with the caller's undo if there is to be one. Return: 0, -EIDRM, -ENOMEM. */
static int lock_for_semop(struct sem_array *sma, struct sem_queue *q, bool undo)
{
	return undo ? sem_lock_with_undo(sma, &q->undo) : ipc_lock_live(&sma->perm);
}

static int semop_on(struct ipc_namespace *ns, struct sem_array *sma, struct sem_queue *q,
		    int highest, bool undo, const ktime_t *until)
{
	int ret;

	if (highest >= sma->nsems)
		return -EFBIG;
	ret = ipc_check(ns, &sma->perm, q->alter ? S_IWUGO : S_IRUGO);
	if (!ret)
		ret = lock_for_semop(sma, q, undo);
	if (ret)
		return ret;
	ret = operate(sma, q, until);
	spin_unlock(&sma->perm.lock);
	return ret;
}

static int do_semop(int semid, const struct sembuf *sops, unsigned int nsops,
		    const ktime_t *until)
{
	struct sem_queue q = { .sops = sops, .nsops = nsops, .pid = task_tgid(current) };
	struct ipc_namespace *ns = current_ipc_ns();
	struct kern_ipc_perm *perm;
	bool undo = false;
	int highest, ret;

	if (semid < 0)
		return -EINVAL;
	highest = survey(&q, &undo);
	perm = ipc_find(sem_ids(ns), semid);
	if (IS_ERR(perm))
		return PTR_ERR(perm);
	ret = semop_on(ns, to_sem_array(perm), &q, highest, undo, until);
	ipc_put(perm);
	return ret;
}

static long semtimedop(int semid, const struct sembuf __user *usops, unsigned int nsops,
		       const struct timespec64 *timeout)
{
	struct sembuf on_stack[SOPS_ON_STACK], *sops = on_stack;
	ktime_t until;
	long ret;

	if (nsops > (unsigned int)READ_ONCE(current_ipc_ns()->sem_opm))
		return -E2BIG;
	if (nsops < 1)
		return -EINVAL;
	if (nsops > SOPS_ON_STACK) {
		sops = kvmalloc_array(nsops, sizeof(*sops), GFP_KERNEL);
		if (!sops)
			return -ENOMEM;
	}
	if (copy_from_user(sops, usops, nsops * sizeof(*sops)))
		ret = -EFAULT;
	else if (timeout && !timespec64_valid(timeout))
		ret = -EINVAL;
	else if (!timeout)
		ret = do_semop(semid, sops, nsops, NULL);
	else {
		until = ktime_add_safe(ktime_get(), timespec64_to_ktime(*timeout));
		ret = do_semop(semid, sops, nsops, &until);
	}
	if (sops != on_stack)
		kvfree(sops);
	return ret;
}

SYSCALL_DEFINE4(semtimedop, int, semid, const struct sembuf __user *, sops, unsigned int, nsops,
		const struct __kernel_timespec __user *, utimeout)
{
	struct timespec64 timeout;

	if (!utimeout)
		return semtimedop(semid, sops, nsops, NULL);
	if (get_timespec64(&timeout, utimeout))
		return -EFAULT;
	return semtimedop(semid, sops, nsops, &timeout);
}

SYSCALL_DEFINE3(semop, int, semid, const struct sembuf __user *, sops, unsigned int, nsops)
{
	return semtimedop(semid, sops, nsops, NULL);
}

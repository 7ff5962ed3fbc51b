// SPDX-License-Identifier: GPL-2.0-only
/*
 * Robust futexes: a thread registers the list of locks it holds, and when it dies the kernel
 * marks each with FUTEX_OWNER_DIED and wakes one waiter. The list is in user memory, so nothing
 * in it is believed; see get_robust_list(2).
 */
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/pid.h>
#include <linux/sched.h>
#include <linux/syscalls.h>
#include <linux/uaccess.h>
#include "futex.h"

/* The low bit of a list pointer says that the lock is one of priority inheritance. */
struct robust_entry {
	struct robust_list __user *at;
	bool pi;
};

static int fetch_entry(struct robust_entry *entry, struct robust_list __user * __user *from)
{
	unsigned long value;

	if (get_user(value, (unsigned long __user *)from))
		return -EFAULT;
	entry->at = (struct robust_list __user *)(value & ~1UL);
	entry->pi = value & 1;
	return 0;
}

/*
 * @pending: the thread died between announcing the lock and having it, or having let it go. A
 * free lock then may owe a wake-up to somebody. Return: 0, or -1 to give the list up.
 */
static int lock_owner_died(u32 __user *uaddr, struct task_struct *tsk, bool pi, bool pending)
{
	u32 val, old;

	if ((unsigned long)uaddr % sizeof(u32) || get_user(val, uaddr))
		return -1;
	for (;;) {
		if (pending && !pi && !val) {
			futex_wake_user(uaddr, 1);
			return 0;
		}
		if ((val & FUTEX_TID_MASK) != task_pid_vnr(tsk))
			return 0;
		if (user_atomic_cmpxchg(&old, uaddr, val,
					(val & FUTEX_WAITERS) | FUTEX_OWNER_DIED))
			return -1;
		if (old == val)
			break;
		val = old;
	}
	if (!pi && (val & FUTEX_WAITERS))
		futex_wake_user(uaddr, 1);
	return 0;
}

static u32 __user *lock_of(const struct robust_entry *entry, long offset)
{
	return (u32 __user *)((unsigned long)entry->at + offset);
}

static void walk_robust_list(struct task_struct *tsk, struct robust_list_head __user *head)
{
	struct robust_entry entry, next, pending;
	unsigned int limit = ROBUST_LIST_LIMIT;
	long offset;
	int err;

	if (fetch_entry(&entry, &head->list.next) || get_user(offset, &head->futex_offset) ||
	    fetch_entry(&pending, &head->list_op_pending))
		return;
	while (entry.at != &head->list && limit--) {
		/* The next one first: a waiter may free this one as soon as it is marked. */
		err = fetch_entry(&next, &entry.at->next);
		if (entry.at != pending.at &&
		    lock_owner_died(lock_of(&entry, offset), tsk, entry.pi, false))
			return;
		if (err)
			return;
		entry = next;
		cond_resched();
	}
	if (pending.at)
		lock_owner_died(lock_of(&pending, offset), tsk, pending.pi, true);
}

void futex_exit_release(struct task_struct *tsk)
{
	struct robust_list_head __user *head = tsk->robust_list;

	if (head) {
		tsk->robust_list = NULL;
		walk_robust_list(tsk, head);
	}
	futex_pi_exit(tsk);
}

SYSCALL_DEFINE2(set_robust_list, struct robust_list_head __user *, head, size_t, len)
{
	if (len != sizeof(*head))
		return -EINVAL;
	current->robust_list = head;
	return 0;
}

/* As for reading another process's memory: the same ids throughout, or CAP_SYS_PTRACE. */
static bool may_read(struct task_struct *tsk)
{
	const struct cred *cred = current_cred(), *target = __task_cred(tsk);

	if (same_thread_group(tsk, current))
		return true;
	if (cred->uid == target->euid && cred->uid == target->suid && cred->uid == target->uid &&
	    cred->gid == target->egid && cred->gid == target->sgid && cred->gid == target->gid)
		return true;
	return ns_capable(target->user_ns, CAP_SYS_PTRACE);
}

SYSCALL_DEFINE3(get_robust_list, int, pid, struct robust_list_head __user * __user *, head_ptr,
		size_t __user *, len_ptr)
{
	struct task_struct *tsk;
	unsigned long head;
	int ret = 0;

	rcu_read_lock();
	tsk = pid ? find_task_by_vpid(pid) : current;
	if (!tsk)
		ret = -ESRCH;
	else if (!may_read(tsk))
		ret = -EPERM;
	else
		head = (unsigned long)tsk->robust_list;
	rcu_read_unlock();
	if (ret)
		return ret;
	if (put_user(sizeof(struct robust_list_head), len_ptr) ||
	    put_user(head, (unsigned long __user *)head_ptr))
		return -EFAULT;
	return 0;
}

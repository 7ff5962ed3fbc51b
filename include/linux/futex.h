/* SPDX-License-Identifier: GPL-2.0-only */
/* Futexes: see kernel/futex.c. */
#ifndef _LINUX_FUTEX_H_K
#define _LINUX_FUTEX_H_K

#include <linux/ktime.h>
#include <linux/types.h>
#include <uapi/linux/futex.h>

struct task_struct;

/**
 * futex_exit_release - hand on what a dying or exec'ing thread still holds
 * @tsk: current
 *
 * Walks the robust list. Call while the thread still has its mm.
 * Context: may sleep.
 */
void futex_exit_release(struct task_struct *tsk);

/**
 * futex_pi_prio_changed - a task that owns or waits for a futex got another priority of its own
 * @tsk: the task
 *
 * Context: task, no spinlock.
 */
void futex_pi_prio_changed(struct task_struct *tsk);

/**
 * futex_wake_user - wake waiters on a shared or private futex word of current's mm
 * @uaddr: the word
 * @nr: how many at most
 *
 * For CLONE_CHILD_CLEARTID. Context: may sleep.
 * Return: number woken, or -EFAULT, -EINVAL.
 */
int futex_wake_user(u32 __user *uaddr, int nr);

#endif /* _LINUX_FUTEX_H_K */

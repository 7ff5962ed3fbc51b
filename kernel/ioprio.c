// SPDX-License-Identifier: GPL-2.0-only
/*
 * I/O priority and the contexts that carry it. Nothing here does slow I/O, so the value is kept
 * and inherited, not obeyed. Tasks cloned with CLONE_IO share one context.
 * Locks: task_lock() guards tsk->io_context; the value itself is a single word.
 */
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/fork.h>
#include <linux/rculist.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/syscalls.h>
#include <uapi/linux/ioprio.h>
#include "fork_rows.h"

struct io_context {
	refcount_t refs;		/* [a] one per task */
	unsigned short ioprio;		/* [a] class << 13 | level */
};

static struct io_context *alloc_io_context(unsigned short ioprio, gfp_t gfp)
{
	struct io_context *ioc = kmalloc(sizeof(*ioc), gfp);

	if (ioc) {
		refcount_set(&ioc->refs, 1);
		ioc->ioprio = ioprio;
	}
	return ioc;
}

int copy_io(struct fork_ctx *fc)
{
	struct io_context *ioc = fc->parent->io_context;

	if (likely(!ioc) || IOPRIO_PRIO_CLASS(READ_ONCE(ioc->ioprio)) == IOPRIO_CLASS_NONE)
		return 0;
	fc->child->io_context = alloc_io_context(READ_ONCE(ioc->ioprio), GFP_KERNEL);
	return fc->child->io_context ? 0 : -ENOMEM;
}

int share_io(struct fork_ctx *fc)
{
	struct io_context *ioc = fc->parent->io_context;

	if (!ioc)
		return 0;
	refcount_inc(&ioc->refs);
	fc->child->io_context = ioc;
	return 0;
}

void exit_io(struct task_struct *tsk)
{
	struct io_context *ioc;

	if (likely(!tsk->io_context))
		return;
	task_lock(tsk);
	ioc = tsk->io_context;
	tsk->io_context = NULL;
	task_unlock(tsk);
	if (ioc && refcount_dec_and_test(&ioc->refs))
		kfree(ioc);
}

static int check_ioprio(unsigned int ioprio)
{
	unsigned int level = IOPRIO_PRIO_DATA(ioprio);

	switch (IOPRIO_PRIO_CLASS(ioprio)) {
	case IOPRIO_CLASS_RT:
		if (!capable(CAP_SYS_ADMIN) && !capable(CAP_SYS_NICE))
			return -EPERM;
		fallthrough;
	case IOPRIO_CLASS_BE:
		return level >= IOPRIO_BE_NR ? -EINVAL : 0;
	case IOPRIO_CLASS_IDLE:
		return 0;
	case IOPRIO_CLASS_NONE:
		return level ? -EINVAL : 0;
	default:
		return -EINVAL;
	}
}

/* Our own processes, or anybody's with CAP_SYS_NICE. Context: rcu_read_lock. */
static bool may_set(struct task_struct *p)
{
	return task_uid(p) == current_euid() || task_uid(p) == current_uid() ||
	       ns_capable(__task_cred(p)->user_ns, CAP_SYS_NICE);
}

/* Context: rcu_read_lock, which found @p. */
static int set_task_ioprio(struct task_struct *p, unsigned short ioprio)
{
	struct io_context *new = NULL;
	int err = 0;

	if (!may_set(p))
		return -EPERM;
	if (!READ_ONCE(p->io_context))
		new = alloc_io_context(ioprio, GFP_ATOMIC);
	task_lock(p);
	if (!p->io_context && !(p->flags & PF_EXITING)) {
		p->io_context = new;
		new = NULL;
	}
	if (p->io_context)
		WRITE_ONCE(p->io_context->ioprio, ioprio);
	else if (!(p->flags & PF_EXITING))
		err = -ENOMEM;
	task_unlock(p);
	kfree(new);
	return err;
}

/* What was set, 0 (no class) when nothing was. */
static int get_task_raw_ioprio(struct task_struct *p)
{
	int ioprio = 0;

	task_lock(p);
	if (p->io_context)
		ioprio = p->io_context->ioprio;
	task_unlock(p);
	return ioprio;
}

/* A task that never set one counts with the best-effort level that its nice value implies. */
static int get_task_ioprio(struct task_struct *p)
{
	int ioprio = get_task_raw_ioprio(p);

	if (IOPRIO_PRIO_CLASS(ioprio) == IOPRIO_CLASS_NONE)
		ioprio = IOPRIO_PRIO_VALUE(IOPRIO_CLASS_BE, (task_nice(p) + 20) / 5);
	return ioprio;
}

/* The more urgent of two: the lower class, then the lower level. */
static int best_ioprio(int a, int b)
{
	return a < 0 ? b : min(a, b);
}

static int apply(struct task_struct *p, int set, int ret)
{
	if (set >= 0)
		return set_task_ioprio(p, set);
	return best_ioprio(ret, get_task_ioprio(p));
}

/* Do it for all that @which and @who name; @set < 0 reads. Return: ioprio or 0, or -errno. */
static int for_whom(int which, int who, int set)
{
	struct task_struct *p, *t;
	struct pid *pgrp;
	int ret = -ESRCH;
	uid_t uid;

	rcu_read_lock();
	switch (which) {
	case IOPRIO_WHO_PROCESS:
		p = who ? find_task_by_vpid(who) : current;
		if (p)
			ret = set < 0 ? get_task_raw_ioprio(p) : set_task_ioprio(p, set);
		break;
	case IOPRIO_WHO_PGRP:
		pgrp = who ? find_vpid(who) : task_pgrp(current);
		do_each_pid_task(pgrp, PIDTYPE_PGID, p) {
			ret = apply(p, set, ret);
			if (ret < 0)
				break;
		} while_each_pid_task(pgrp, PIDTYPE_PGID, p);
		break;
	case IOPRIO_WHO_USER:
		uid = who ? make_kuid(current_user_ns(), who) : current_uid();
		for_each_process_thread(p, t)
			if (task_uid(t) == uid)
				ret = apply(t, set, ret);
		break;
	default:
		ret = -EINVAL;
	}
	rcu_read_unlock();
	return ret;
}

SYSCALL_DEFINE3(ioprio_set, int, which, int, who, int, ioprio)
{
	int err = check_ioprio(ioprio);

	return err ?: for_whom(which, who, ioprio & 0xffff);
}

SYSCALL_DEFINE2(ioprio_get, int, which, int, who)
{
	return for_whom(which, who, -1);
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * clone3: clone with a record of arguments that can grow. This file brings the record into the
 * kernel and refuses what makes no sense, in Linux's order; do_fork() does the rest.
 */
#include <linux/fork.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/signal.h>
#include <linux/syscalls.h>
#include <linux/uaccess.h>
#include <uapi/linux/sched.h>

#define MAX_SET_TIDS	32	/* as deep as pid namespaces may nest */

BUILD_ASSERT(sizeof(struct clone_args) == CLONE_ARGS_SIZE_VER2);

/* The record itself. Return: 0, -E2BIG, -EINVAL, -EFAULT. */
static int read_record(struct clone_args *from, const void __user *uargs, size_t size)
{
	if (size > PAGE_SIZE)
		return -E2BIG;
	if (size < CLONE_ARGS_SIZE_VER0)
		return -EINVAL;
	return copy_struct_from_user(from, sizeof(*from), uargs, size);
}

/* Members that other members give their meaning. Return: why not, or NULL. */
static const char *check_record(const struct clone_args *from, size_t size)
{
	if (from->set_tid_size > MAX_SET_TIDS)
		return "more pids are chosen than pid namespaces can nest";
	if (!from->set_tid != !from->set_tid_size)
		return "chosen pids and their number come together";
	if ((from->exit_signal & ~(u64)CSIGNAL) || !valid_signal(from->exit_signal))
		return "the exit signal is none";
	if ((from->flags & CLONE_INTO_CGROUP) &&
	    (from->cgroup > INT_MAX || size < CLONE_ARGS_SIZE_VER2))
		return "no cgroup is given to start in";
	return NULL;
}

static void convert_record(struct kernel_clone_args *to, const struct clone_args *from)
{
	*to = (struct kernel_clone_args){
		.flags = from->flags,
		.exit_signal = from->exit_signal,
		.stack = from->stack,
		.stack_size = from->stack_size,
		.tls = from->tls,
		.pidfd = u64_to_user_ptr(from->pidfd),
		.child_tid = u64_to_user_ptr(from->child_tid),
		.parent_tid = u64_to_user_ptr(from->parent_tid),
		.set_tid_size = from->set_tid_size,
		.cgroup = from->cgroup,
	};
}

static const char *check_converted(const struct kernel_clone_args *args)
{
	const char *why = clone3_args_check(args);

	if (!why && args->stack && !access_ok(args->stack, args->stack_size))
		why = "the stack reaches out of user space";
	return why;
}

SYSCALL_DEFINE2(clone3, struct clone_args __user *, uargs, size_t, size)
{
	struct kernel_clone_args args;
	pid_t set_tid[MAX_SET_TIDS];
	struct clone_args record;
	const char *why;
	int err;

	err = read_record(&record, uargs, size);
	if (err)
		return err;
	convert_record(&args, &record);
	why = check_record(&record, size);
	if (why)
		return clone_refused(&args, why);
	if (copy_from_user(set_tid, u64_to_user_ptr(record.set_tid),
			   record.set_tid_size * sizeof(set_tid[0])))
		return -EFAULT;
	args.set_tid = set_tid;
	why = check_converted(&args);
	if (why)
		return clone_refused(&args, why);
	return do_fork(&args);
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which combinations of clone flags make no sense, and why. Pure: looks at the arguments only,
 * changes nothing, so the host tests run it over every pair of flags.
 */
#include <linux/fork.h>
#include <linux/types.h>
#include <uapi/linux/sched.h>

/* A combination is refused when all of @with is given and nothing of @without is. */
struct clone_rule {
	u64 with, without;
	const char *why;
};

static const struct clone_rule rules[] = {
	{ CLONE_NEWNS | CLONE_FS, 0, "a root directory cannot be in two mount namespaces" },
	{ CLONE_NEWUSER | CLONE_FS, 0, "a shared root directory would escape the namespace" },
	{ CLONE_THREAD, CLONE_SIGHAND, "threads share their signal handlers" },
	{ CLONE_SIGHAND, CLONE_VM, "shared handlers need shared memory to point into" },
	{ CLONE_THREAD | CLONE_NEWUSER, 0, "threads of a process are in one user namespace" },
	{ CLONE_THREAD | CLONE_NEWPID, 0, "threads of a process are in one pid namespace" },
	{ CLONE_PIDFD | CLONE_DETACHED, 0, "CLONE_DETACHED with CLONE_PIDFD is reserved" },
	{ CLONE_PIDFD | CLONE_THREAD, 0, "a pidfd names a process, not a thread" },
};

#define CLONE3_FLAGS	(0xffffffffULL | CLONE_CLEAR_SIGHAND | CLONE_INTO_CGROUP)
#define CLONE3_RESERVED	(CLONE_DETACHED | (CSIGNAL & ~CLONE_NEWTIME))

/**
 * clone3_args_check - what clone3() refuses and the older calls cannot say, or accept
 * @args: what clone3 was given, already in the kernel
 *
 * Context: any; pure.
 * Return: NULL if it is meaningful so far, else the reason in words.
 * Source: clone(2), "EINVAL (clone3() only)"; checked against Linux by tools/testing/host.
 */
const char *clone3_args_check(const struct kernel_clone_args *args)
{
	if (args->flags & ~CLONE3_FLAGS)
		return "a flag is unknown";
	if (args->flags & CLONE3_RESERVED)
		return "an exit signal or CLONE_DETACHED stands among the flags";
	if ((args->flags & CLONE_SIGHAND) && (args->flags & CLONE_CLEAR_SIGHAND))
		return "shared handlers are not cleared for one";
	if ((args->flags & (CLONE_THREAD | CLONE_PARENT)) && args->exit_signal)
		return "threads and siblings have no exit signal of their own";
	if (!args->stack != !args->stack_size)
		return "a stack and its size come together";
	return NULL;
}

/**
 * clone_args_check - is this combination of arguments meaningful?
 * @args: what fork, clone or clone3 were given, already in the kernel
 *
 * Privileges, limits and the caller's state are not looked at; copy_process() does that.
 *
 * Context: any; pure.
 * Return: NULL if it is, else the reason in words (the caller returns -EINVAL).
 * Source: clone(2), "EINVAL"; checked against Linux by tools/testing/host.
 */
const char *clone_args_check(const struct kernel_clone_args *args)
{
	unsigned int i;

	for (i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
		if ((args->flags & rules[i].with) == rules[i].with &&
		    (!rules[i].without || !(args->flags & rules[i].without)))
			return rules[i].why;
	}
	if ((args->flags & CLONE_PIDFD) && (args->flags & CLONE_PARENT_SETTID) &&
	    args->pidfd == args->parent_tid)
		return "the pidfd and the parent's tid would overwrite each other";
	return NULL;
}

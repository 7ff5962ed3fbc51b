// SPDX-License-Identifier: GPL-2.0-only
/*
 * clone_args_check() over all pairs of flags, alone and on top of what threads need, against
 * what Linux answered to the same calls (include/clone_table.h, made by clone_oracle.c).
 */
#include <linux/fork.h>
#include <linux/kernel.h>
#include <linux/selftest.h>
#include <uapi/linux/sched.h>
#include <clone_table.h>

/* Where the answer is not clone_args_check()'s to give. */
static const struct exception {
	u64 both;
	const char *why;
} exceptions[] = {
	{ CLONE_NEWIPC | CLONE_SYSVSEM, "copy_namespaces() refuses this, after privileges" },
	{ CLONE_PIDFD | CLONE_THREAD, "Linux 6.1 refuses this, 6.9 and later do not" },
};

static bool is_exception(u64 flags)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(exceptions); i++)
		if ((flags & exceptions[i].both) == exceptions[i].both)
			return true;
	return false;
}

static int pidfd, tid;

/* The old call has one address for both; clone3() was asked with two. */
static const char *check(u64 flags)
{
	struct kernel_clone_args args = { .flags = flags, .parent_tid = &tid };

	args.pidfd = flags & CLONE_DETACHED ? &tid : &pidfd;
	return clone_args_check(&args);
}

SELFTEST(fork_check, all_pairs_as_linux)
{
	const struct clone_answer *a;
	int bit, pairs = 0;
	u64 flags;

	for (a = clone_answers; a < clone_answers + ARRAY_SIZE(clone_answers); a++) {
		for (bit = 7; bit < 34; bit++) {
			flags = a->flags | 1ULL << bit;
			if (is_exception(flags) || (flags >> 32 && flags & CLONE_DETACHED))
				continue;
			pairs++;
			if (!check(flags) != !(a->with & 1ULL << bit))
				selftest_fail(t, __FILE__, __LINE__, "flags 0x%llx: we say %s",
					      (unsigned long long)flags,
					      check(flags) ? check(flags) : "yes, Linux no");
		}
	}
	KT_EXPECT(pairs > 1500);
}

SELFTEST(fork_check, what_libc_sends)
{
	KT_EXPECT(!check(0));
	KT_EXPECT(!check(CLONE_CHILD_SETTID | CLONE_CHILD_CLEARTID));
	KT_EXPECT(!check(CLONE_VM | CLONE_VFORK));
	KT_EXPECT(!check(CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SYSVSEM | CLONE_SIGHAND |
			 CLONE_THREAD | CLONE_SETTLS | CLONE_PARENT_SETTID | CLONE_CHILD_CLEARTID));
	KT_EXPECT(!check(CLONE_VM | CLONE_VFORK | CLONE_CLEAR_SIGHAND | CLONE_PIDFD));
}

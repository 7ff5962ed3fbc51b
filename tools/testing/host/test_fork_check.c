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

/* The old call has one address for the pidfd and the tid; clone3() was asked with two. */
static const char *check(u64 flags)
{
	struct kernel_clone_args args = { .flags = flags, .parent_tid = &tid, .pidfd = &tid };

	return clone_args_check(&args);
}

static const char *check3(u64 flags)
{
	struct kernel_clone_args args = { .flags = flags, .parent_tid = &tid, .pidfd = &pidfd };
	const char *why = clone3_args_check(&args);

	return why ? why : clone_args_check(&args);
}

/* How many pairs the table answers that are ours to answer; each must be as Linux's. */
static int compare(struct selftest_ctx *t, const struct clone_answer *table, int count, int first,
		   int last, const char *(*ours)(u64 flags))
{
	const struct clone_answer *a;
	int bit, pairs = 0;
	u64 flags;

	for (a = table; a < table + count; a++) {
		for (bit = first; bit <= last; bit++) {
			flags = a->flags | 1ULL << bit;
			if (is_exception(flags))
				continue;
			pairs++;
			if (!ours(flags) != !(a->with & 1ULL << bit))
				selftest_fail(t, __FILE__, __LINE__, "flags 0x%llx: we say %s",
					      (unsigned long long)flags,
					      ours(flags) ? ours(flags) : "yes, Linux no");
		}
	}
	return pairs;
}

SELFTEST(fork_check, clone_all_pairs_as_linux)
{
	KT_EXPECT(compare(t, clone_answers, ARRAY_SIZE(clone_answers), 8, 31, check) > 1400);
}

SELFTEST(fork_check, clone3_all_pairs_as_linux)
{
	KT_EXPECT(compare(t, clone3_answers, ARRAY_SIZE(clone3_answers), 0, 35, check3) > 3000);
}

SELFTEST(fork_check, what_libc_sends)
{
	KT_EXPECT(!check(0));
	KT_EXPECT(!check(CLONE_CHILD_SETTID | CLONE_CHILD_CLEARTID));
	KT_EXPECT(!check(CLONE_VM | CLONE_VFORK));
	KT_EXPECT(!check(CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SYSVSEM | CLONE_SIGHAND |
			 CLONE_THREAD | CLONE_SETTLS | CLONE_PARENT_SETTID | CLONE_CHILD_CLEARTID));
	KT_EXPECT(!check3(CLONE_VM | CLONE_VFORK | CLONE_CLEAR_SIGHAND | CLONE_PIDFD));
}

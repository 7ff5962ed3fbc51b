/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * SELFTEST() for the host: the tests that stand beside the kernel's code and those here alike.
 */
#ifndef _LINUX_SELFTEST_H
#define _LINUX_SELFTEST_H

#include <linux/compiler.h>
#include <linux/types.h>

struct selftest_ctx {
	unsigned int failed;
	const char *skip;
};

struct selftest {
	const char *subject, *name;
	void (*fn)(struct selftest_ctx *t);
};

/* A section named like an identifier: the linker gives us its ends, and ASan pads nothing. */
#define SELFTEST(subj, nm)							\
	static void selftest_##subj##_##nm(struct selftest_ctx *t);		\
	static const struct selftest __selftest_##subj##_##nm = {		\
		.subject = #subj, .name = #nm, .fn = selftest_##subj##_##nm };	\
	static const struct selftest *const __selftest_ptr_##subj##_##nm	\
	__attribute__((__used__, __section__("selftests"))) =			\
		&__selftest_##subj##_##nm;					\
	static void selftest_##subj##_##nm(struct selftest_ctx *t)

void selftest_fail(struct selftest_ctx *t, const char *file, int line, const char *fmt, ...)
	__printf(4, 5);

#define KT_EXPECT(cond) do {							\
	if (unlikely(!(cond)))							\
		selftest_fail(t, __FILE__, __LINE__, "%s", #cond);		\
} while (0)
#define KT_EXPECT_EQ(a, b) do {							\
	long __kt_a = (long)(a), __kt_b = (long)(b);				\
	if (unlikely(__kt_a != __kt_b))						\
		selftest_fail(t, __FILE__, __LINE__, "%s is %ld (0x%lx), %s is %ld (0x%lx)", \
			      #a, __kt_a, __kt_a, #b, __kt_b, __kt_b);		\
} while (0)
#define KT_ASSERT(cond) do {							\
	if (unlikely(!(cond))) {						\
		selftest_fail(t, __FILE__, __LINE__, "%s", #cond);		\
		return;								\
	}									\
} while (0)
#define KT_SKIP(reason) do { t->skip = (reason); return; } while (0)

#endif

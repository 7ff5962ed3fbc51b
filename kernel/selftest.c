// SPDX-License-Identifier: GPL-2.0-only
/*
 * Runs the SELFTEST()s that the boot option selftest= asks for, in process 1 before
 * the first program, and reports them as KTAP on the console. No lock: one caller.
 */
#include <linux/errno.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/printk.h>
#include <linux/sched.h>
#include <linux/selftest.h>
#include <linux/string.h>

extern const struct selftest __selftests_start[], __selftests_end[];

static const char *selftest_wanted;	/* selftest=: "all" or a list of subjects */

/* Is @subject one of the words of the comma-separated @list? */
static bool in_list(const char *list, const char *subject)
{
	size_t length = strlen(subject);

	for (; list; list = strchr(list, ',') ? strchr(list, ',') + 1 : NULL)
		if (!strncmp(list, subject, length) && (!list[length] || list[length] == ','))
			return true;
	return false;
}

static bool is_wanted(const struct selftest *test)
{
	return in_list(selftest_wanted, "all") || in_list(selftest_wanted, test->subject);
}

/**
 * selftest_fail() - record a failed expectation
 * @t: the running test
 * @file: where it stands
 * @line: where it stands
 * @fmt: what was expected, as for printk()
 *
 * Context: That of the test.
 */
void selftest_fail(struct selftest_ctx *t, const char *file, int line, const char *fmt, ...)
{
	char text[160];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	t->failed++;
	pr_alert("# %s:%d: expected %s\n", file, line, text);
}

/* Return: true when it passed or was skipped. */
static bool run_one(const struct selftest *test, unsigned int number)
{
	struct selftest_ctx ctx = {};

	test->fn(&ctx);
	if (ctx.skip && !ctx.failed)
		pr_alert("ok %u %s.%s # SKIP %s\n", number, test->subject, test->name, ctx.skip);
	else
		pr_alert("%sok %u %s.%s\n", ctx.failed ? "not " : "", number,
			 test->subject, test->name);
	cond_resched();
	return !ctx.failed;
}

static void say_subjects(void)
{
	const char *last = "";

	pr_alert("selftest=%s: no such subject; there are:\n", selftest_wanted);
	for (const struct selftest *test = __selftests_start; test < __selftests_end; test++) {
		if (strcmp(test->subject, last))
			pr_alert("  %s\n", test->subject);
		last = test->subject;
	}
}

void selftest_run(void)
{
	unsigned int wanted = 0, number = 0, failed = 0;
	const struct selftest *test;

	if (!selftest_wanted)
		return;
	for (test = __selftests_start; test < __selftests_end; test++)
		wanted += is_wanted(test);
	if (!wanted) {
		say_subjects();
		return;
	}
	pr_alert("KTAP version 1\n");
	pr_alert("1..%u\n", wanted);
	for (test = __selftests_start; test < __selftests_end; test++)
		if (is_wanted(test))
			failed += !run_one(test, ++number);
	pr_alert("# kernel tests: %u passed, %u failed\n", wanted - failed, failed);
}

static int __init parse_selftest(char *val)
{
	selftest_wanted = val;
	return val && *val ? 0 : -EINVAL;
}
boot_param("selftest", parse_selftest, "all, or a list of subjects: selftest=slab,pid");

// SPDX-License-Identifier: GPL-2.0-only
/*
 * The harness itself: a pass, a skip, and that failures, signals, time-outs and
 * failures of grandchildren are noticed. ktest: musl
 */
#include "../ktest.h"

TEST(runs_in_its_own_process)
{
	EXPECT_NE(getpid(), getppid());
	EXPECT_EQ(ktest_count, 7);
}

TEST(skip_has_a_reason)
{
	SKIP("to show what a skipped test looks like");
}

static void fails(void)
{
	ktest_failed(0);
}

static void fails_in_grandchild(void)
{
	pid_t pid = fork();

	if (!pid)
		ktest_failed(1);
	waitpid(pid, NULL, 0);
}

static void dies(void)
{
	raise(SIGKILL);
}

static void hangs(void)
{
	pause();
}

static void exits(void)
{
	_exit(3);
}

/* Run @body as a test of a harness below this one; true when it is failed. */
static int is_failed(void (*body)(void), int timeout)
{
	struct ktest test = { "inner", body, timeout };
	struct sigaction on_alarm = { .sa_handler = ktest_alarm };
	struct ktest_result *outer = ktest_result;
	int status, failed;

	ktest_result = mmap(NULL, sizeof(*ktest_result), PROT_READ | PROT_WRITE,
			    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ASSERT(ktest_result != MAP_FAILED);
	sigaction(SIGALRM, &on_alarm, NULL);
	status = ktest_run_child(&test);
	failed = status || ktest_result->failures || ktest_timed_out;
	munmap(ktest_result, sizeof(*ktest_result));
	ktest_result = outer;
	return failed;
}

TEST(failed_check_fails)
{
	EXPECT(is_failed(fails, 5));
}

TEST(failed_check_in_grandchild_fails)
{
	EXPECT(is_failed(fails_in_grandchild, 5));
}

TEST(death_fails)
{
	EXPECT(is_failed(dies, 5));
}

TEST(hang_fails)
{
	EXPECT(is_failed(hangs, 1));
}

TEST(exit_status_fails)
{
	EXPECT(is_failed(exits, 5));
}

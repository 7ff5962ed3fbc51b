// SPDX-License-Identifier: GPL-2.0-only
/*
 * The fork-rate limit of security/forkrate.c: ktest: tine (Linux has no such knob).
 */
#include "../ktest.h"
#include <fcntl.h>
#include <time.h>

#define LIMIT	"/proc/sys/kernel/forkrate/limit"
#define BURST	"/proc/sys/kernel/forkrate/burst"

static void set(const char *path, const char *value)
{
	int fd = open(path, O_WRONLY);

	ASSERT_GE(fd, 0);
	ASSERT_EQ(write(fd, value, strlen(value)), (long)strlen(value));
	close(fd);
}

static void need_knob(void)
{
	if (access(LIMIT, W_OK))
		SKIP("no fork-rate limit in this kernel, or not root");
}

/* Forks until one fails. Return: how many worked; errno says why the next did not. */
static int forks_until_refused(int most)
{
	int n, err;

	for (n = 0; n < most; n++) {
		pid_t pid = fork();

		if (!pid)
			_exit(0);
		if (pid < 0)
			break;
		err = errno;
		waitpid(pid, NULL, 0);
		errno = err;
	}
	return n;
}

/* Two in an hour's time: the burst is all that the user gets within the test. */
static void limited_user(void (*check)(void))
{
	pid_t pid;

	set(BURST, "5");
	set(LIMIT, "1");
	pid = fork();
	if (!pid) {
		if (setresgid(12345, 12345, 12345) || setresuid(12345, 12345, 12345))
			_exit(99);
		check();
		_exit(0);
	}
	EXPECT_EQ(waitpid(pid, NULL, 0), pid);
	set(LIMIT, "0");
	set(BURST, "100");
}

static void check_burst(void)
{
	int n = forks_until_refused(1000);

	EXPECT_EQ(errno, EAGAIN);
	EXPECT_GE(n, 5);
	EXPECT_LT(n, 1000);
	sleep(2);
	EXPECT_GE(fork() ?: (_exit(0), 0), 1);	/* time gives permits back */
	wait(NULL);
}

TEST(burst_then_eagain_then_time_helps)
{
	need_knob();
	limited_user(check_burst);
}

TEST(root_has_no_limit)
{
	need_knob();
	set(BURST, "1");
	set(LIMIT, "1");
	EXPECT_EQ(forks_until_refused(50), 50);
	set(LIMIT, "0");
	set(BURST, "100");
}

static void check_threads_and_vfork(void)
{
	pid_t pid;

	forks_until_refused(1000);
	pid = vfork();
	if (!pid)
		_exit(0);
	EXPECT_EQ(pid, -1);
	EXPECT_EQ(errno, EAGAIN);
}

TEST(vfork_too)
{
	need_knob();
	limited_user(check_threads_and_vfork);
}

// SPDX-License-Identifier: GPL-2.0-only
/* The login uid and the audit session: set once by the login, inherited by all that follows. */
#include "../ktest.h"
#include <fcntl.h>
#include <sys/prctl.h>

static long number(const char *path)
{
	char buf[32] = { };
	int fd = open(path, O_RDONLY);

	if (fd < 0)
		return -1;
	if (read(fd, buf, sizeof(buf) - 1) <= 0)
		buf[0] = '\0';
	close(fd);
	return strchr(buf, '\n') || !buf[0] ? -2 : atol(buf);
}

static int put(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY), ret;

	ASSERT_GE(fd, 0);
	ret = write(fd, text, strlen(text));
	close(fd);
	return ret;
}

static void need_loginuid(void)
{
	if (access("/proc/self/loginuid", W_OK))
		SKIP("no loginuid in this kernel, or not root");
}

static void in_child(void (*check)(void))
{
	int status;
	pid_t pid = fork();

	if (!pid) {
		check();
		_exit(0);
	}
	ASSERT_EQ(waitpid(pid, &status, 0), pid);
	EXPECT_EQ(status, 0);
}

static void login(void)
{
	long session;
	char path[64];
	pid_t pid;

	ASSERT_EQ(put("/proc/self/loginuid", "1234"), 4);
	EXPECT_EQ(number("/proc/self/loginuid"), 1234);
	session = number("/proc/self/sessionid");
	EXPECT_GT(session, 0);
	EXPECT_LT(session, 0xffffffffL);
	pid = fork();
	if (!pid) {
		EXPECT_EQ(number("/proc/self/loginuid"), 1234);
		EXPECT_EQ(number("/proc/self/sessionid"), session);
		snprintf(path, sizeof(path), "/proc/%d/loginuid", getppid());
		EXPECT_EQ(put(path, "77"), -1);	/* another's */
		EXPECT_EQ(errno, EPERM);
		/* Without the privilege, once is all. */
		if (setresuid(1, 1, 1))
			_exit(1);
		EXPECT_EQ(number("/proc/self/loginuid"), 1234);
		_exit(0);
	}
	ASSERT_EQ(waitpid(pid, NULL, 0), pid);
	/* The next login is another session. */
	ASSERT_EQ(put("/proc/self/loginuid", "1235"), 4);
	EXPECT_GT(number("/proc/self/sessionid"), session);
	EXPECT_EQ(put("/proc/self/loginuid", "4294967295"), 10);
	EXPECT_EQ(number("/proc/self/sessionid"), 0xffffffffL);
}

TEST(login_is_inherited)
{
	need_loginuid();
	in_child(login);
}

static void bad_values(void)
{
	EXPECT_EQ(put("/proc/self/loginuid", "abc"), -1);
	EXPECT_EQ(errno, EINVAL);
	EXPECT_EQ(put("/proc/self/loginuid", "12345678901234567890"), -1);
}

TEST(bad_values_are_refused)
{
	need_loginuid();
	in_child(bad_values);
}

// SPDX-License-Identifier: GPL-2.0-only
/* Yama's ptrace_scope: who may be attached to, and whom PR_SET_PTRACER lets in. Runs as root. */
#include "../ktest.h"
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>

#define SCOPE	"/proc/sys/kernel/yama/ptrace_scope"

static char set_scope(char to)
{
	int fd = open(SCOPE, O_RDWR);
	char was = 0;

	if (fd < 0)
		SKIP("no Yama in this kernel, or not root");
	ASSERT_EQ(read(fd, &was, 1), 1);
	if (was == '3')
		SKIP("nobody may attach until the next boot");
	ASSERT_EQ(pwrite(fd, &to, 1, 0), 1);
	close(fd);
	return was;
}

/* Return: 0 when a brother without powers may attach to @target, else the errno. */
static int brother_attaches(pid_t target)
{
	int status;
	pid_t pid = fork();

	if (!pid) {
		if (setresgid(1, 1, 1) || setresuid(1, 1, 1))
			_exit(99);
		if (ptrace(PTRACE_ATTACH, target, 0, 0))
			_exit(errno);
		waitpid(target, NULL, __WALL);
		ptrace(PTRACE_DETACH, target, 0, 0);
		_exit(0);
	}
	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 98;
}

/* A task of uid 1 that can be dumped; with @any it lets everybody in. */
static pid_t target(int any)
{
	int ready[2];
	char c;
	pid_t pid;

	ASSERT_EQ(pipe(ready), 0);
	pid = fork();
	if (!pid) {
		if (setresgid(1, 1, 1) || setresuid(1, 1, 1) || prctl(PR_SET_DUMPABLE, 1))
			_exit(1);
		if (any && prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY))
			_exit(2);
		if (write(ready[1], "x", 1) != 1)
			_exit(3);
		for (;;)
			pause();
	}
	ASSERT_EQ(read(ready[0], &c, 1), 1);
	return pid;
}

static int attach_under(char scope, int any)
{
	char was = set_scope(scope);
	pid_t pid = target(any);
	int err = brother_attaches(pid);

	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	set_scope(was);
	return err;
}

TEST(classic_lets_the_same_user_attach)
{
	EXPECT_EQ(attach_under('0', 0), 0);
}

TEST(relational_refuses_a_brother)
{
	EXPECT_EQ(attach_under('1', 0), EPERM);
}

TEST(relational_lets_in_whom_the_target_named)
{
	EXPECT_EQ(attach_under('1', 1), 0);
}

TEST(capability_refuses_even_the_named)
{
	EXPECT_EQ(attach_under('2', 1), EPERM);
}

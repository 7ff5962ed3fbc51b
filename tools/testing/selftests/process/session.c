// SPDX-License-Identifier: GPL-2.0-only
/*
 * Process groups and sessions: setpgid, setsid and the orphaned-group rules.
 */
#include "../ktest.h"
#include <fcntl.h>
#include <sys/syscall.h>

static pid_t sleeper(void)
{
	pid_t pid = fork();

	if (!pid)
		for (;;)
			pause();
	return pid;
}

static void finish(pid_t pid)
{
	kill(pid, SIGKILL);
	wait_exit(pid);
}

TEST(ids_are_inherited)
{
	pid_t pid = fork();

	if (!pid)
		_exit(getpgrp() == getpgid(getppid()) && getsid(0) == getsid(getppid()) ? 0 : 1);
	EXPECT_EQ(wait_exit(pid), 0);
}

TEST(errors_of_getpgid_and_getsid)
{
	EXPECT_ERRNO(getpgid(999999), ESRCH);
	EXPECT_ERRNO(getsid(999999), ESRCH);
	EXPECT_ERRNO(getpgid(-1), ESRCH);
	EXPECT_EQ(getpgid(0), getpgrp());
}

TEST(setpgid_of_self_and_child)
{
	pid_t pid = sleeper();

	EXPECT_EQ(setpgid(0, 0), 0);
	EXPECT_EQ(getpgrp(), getpid());
	EXPECT_EQ(setpgid(pid, pid), 0);
	EXPECT_EQ(getpgid(pid), pid);
	EXPECT_EQ(setpgid(pid, getpid()), 0);
	EXPECT_EQ(getpgid(pid), getpid());
	finish(pid);
}

TEST(errors_of_setpgid)
{
	pid_t pid = sleeper(), other;

	EXPECT_ERRNO(setpgid(0, -1), EINVAL);
	EXPECT_ERRNO(setpgid(999999, 0), ESRCH);
	EXPECT_ERRNO(setpgid(getppid(), 0), ESRCH);
	EXPECT_ERRNO(setpgid(pid, 999999), EPERM);
	finish(pid);
	other = fork();
	if (!other) {
		setsid();
		for (;;)
			pause();
	}
	usleep(50000);
	EXPECT_ERRNO(setpgid(other, other), EPERM);
	finish(other);
}

TEST(setsid_makes_a_session)
{
	pid_t pid = fork();

	if (!pid) {
		pid_t sid = setsid();

		ASSERT_EQ(sid, getpid());
		ASSERT_EQ(getsid(0), getpid());
		ASSERT_EQ(getpgrp(), getpid());
		ASSERT_ERRNO(setsid(), EPERM);
		ASSERT_ERRNO(setpgid(0, 0), EPERM);
		ASSERT_ERRNO(open("/dev/tty", O_RDWR), ENXIO);
		_exit(0);
	}
	EXPECT_EQ(wait_exit(pid), 0);
}

TEST(group_outlives_its_leader)
{
	pid_t leader = sleeper(), member = sleeper();

	setpgid(leader, leader);
	setpgid(member, leader);
	finish(leader);
	EXPECT_EQ(getpgid(member), leader);
	EXPECT_EQ(kill(-leader, 0), 0);
	finish(member);
	EXPECT_ERRNO(kill(-leader, 0), ESRCH);
}

/* POSIX _exit(): a newly orphaned group with a stopped member gets SIGHUP and SIGCONT. */
TEST(orphaned_stopped_group_gets_hup_and_cont)
{
	int p[2];
	char c = 0;
	pid_t parent;

	ASSERT_EQ(pipe(p), 0);
	parent = fork();
	if (!parent) {
		pid_t child = fork();

		if (!child) {
			setpgid(0, 0);
			close(p[0]);
			raise(SIGSTOP);
			for (;;)
				pause();
		}
		close(p[0]);
		close(p[1]);
		setpgid(child, child);
		waitpid(child, NULL, WUNTRACED);
		_exit(0);
	}
	close(p[1]);
	EXPECT_EQ(wait_exit(parent), 0);
	/* SIGHUP kills it once SIGCONT lets it run: the pipe's last writer goes. */
	EXPECT_EQ(read(p[0], &c, 1), 0);
}

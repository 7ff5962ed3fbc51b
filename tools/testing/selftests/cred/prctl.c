// SPDX-License-Identifier: GPL-2.0-only
/*
 * prctl(2): arguments, inheritance and effect of what is not about capabilities; personality,
 * uname and host names.
 * ktest: musl
 */
#include "../ktest.h"
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/utsname.h>

TEST(unknown_option)
{
	EXPECT_ERRNO(prctl(123456, 0, 0, 0, 0), EINVAL);
	EXPECT_ERRNO(prctl(-1, 0, 0, 0, 0), EINVAL);
}

TEST(name)
{
	char name[17] = { 0 };
	pid_t child;

	EXPECT_EQ(prctl(PR_SET_NAME, "a name that is too long", 0, 0, 0), 0);
	EXPECT_EQ(prctl(PR_GET_NAME, name, 0, 0, 0), 0);
	EXPECT_STREQ(name, "a name that is ");
	EXPECT_ERRNO(prctl(PR_SET_NAME, (void *)8, 0, 0, 0), EFAULT);
	EXPECT_ERRNO(prctl(PR_GET_NAME, (void *)8, 0, 0, 0), EFAULT);
	child = fork();
	if (!child) {
		prctl(PR_GET_NAME, name, 0, 0, 0);
		_exit(strcmp(name, "a name that is ") != 0);
	}
	EXPECT_EQ(wait_exit(child), 0);
}

static volatile sig_atomic_t count;

static void on_signal(int sig)
{
	(void)sig;
	count++;
}

TEST(pdeathsig)
{
	int sig = -1, fd[2];
	char c = 0;
	pid_t child;

	EXPECT_ERRNO(prctl(PR_SET_PDEATHSIG, 65, 0, 0, 0), EINVAL);
	EXPECT_EQ(prctl(PR_SET_PDEATHSIG, SIGUSR1, 0, 0, 0), 0);
	EXPECT_EQ(prctl(PR_GET_PDEATHSIG, &sig, 0, 0, 0), 0);
	EXPECT_EQ(sig, SIGUSR1);
	ASSERT_EQ(pipe(fd), 0);
	child = fork();
	if (!child) {
		prctl(PR_GET_PDEATHSIG, &sig, 0, 0, 0);
		if (sig)
			_exit(1);
		if (!fork()) {
			signal(SIGUSR2, on_signal);
			prctl(PR_SET_PDEATHSIG, SIGUSR2, 0, 0, 0);
			if (write(fd[1], "r", 1) != 1)
				_exit(1);
			for (int i = 0; i < 2000 && !count; i++)
				usleep(1000);
			c = count ? 'y' : 'n';
			_exit(write(fd[1], &c, 1) != 1);
		}
		_exit(read(fd[0], &c, 1) == 1 ? 0 : 1);
	}
	EXPECT_EQ(wait_exit(child), 0);
	EXPECT_EQ(read(fd[0], &c, 1), 1);
	EXPECT_EQ(c, 'y');
}

TEST(dumpable)
{
	EXPECT_EQ(prctl(PR_GET_DUMPABLE, 0, 0, 0, 0), 1);
	EXPECT_ERRNO(prctl(PR_SET_DUMPABLE, 2, 0, 0, 0), EINVAL);
	EXPECT_EQ(prctl(PR_SET_DUMPABLE, 0, 0, 0, 0), 0);
	EXPECT_EQ(prctl(PR_GET_DUMPABLE, 0, 0, 0, 0), 0);
	EXPECT_EQ(prctl(PR_SET_DUMPABLE, 1, 0, 0, 0), 0);
}

TEST(child_subreaper)
{
	int on = -1, fd[2];
	pid_t child, orphan = 0, me = getpid();

	EXPECT_EQ(prctl(PR_GET_CHILD_SUBREAPER, &on, 0, 0, 0), 0);
	EXPECT_EQ(on, 0);
	EXPECT_EQ(prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0), 0);
	EXPECT_EQ(prctl(PR_GET_CHILD_SUBREAPER, &on, 0, 0, 0), 0);
	EXPECT_EQ(on, 1);
	ASSERT_EQ(pipe(fd), 0);
	child = fork();
	if (!child) {
		prctl(PR_GET_CHILD_SUBREAPER, &on, 0, 0, 0);
		if (on)
			_exit(1);
		orphan = fork();
		if (!orphan) {
			for (int i = 0; i < 2000 && getppid() != me; i++)
				usleep(1000);
			_exit(getppid() == me ? 17 : 1);
		}
		_exit(write(fd[1], &orphan, sizeof(orphan)) != sizeof(orphan));
	}
	EXPECT_EQ(read(fd[0], &orphan, sizeof(orphan)), sizeof(orphan));
	EXPECT_EQ(wait_exit(child), 0);
	EXPECT_EQ(wait_exit(orphan), 17);
}

/* Descendants that exist already find the reaper too. */
TEST(late_subreaper)
{
	pid_t child, me = getpid(), orphan = 0;
	int fd[2], go[2];
	char c;

	ASSERT_EQ(pipe(fd), 0);
	ASSERT_EQ(pipe(go), 0);
	child = fork();
	if (!child) {
		orphan = fork();
		if (!orphan) {
			for (int i = 0; i < 2000 && getppid() != me; i++)
				usleep(1000);
			_exit(getppid() == me ? 18 : 1);
		}
		if (write(fd[1], &orphan, sizeof(orphan)) != sizeof(orphan))
			_exit(1);
		_exit(read(go[0], &c, 1) != 1);
	}
	EXPECT_EQ(read(fd[0], &orphan, sizeof(orphan)), sizeof(orphan));
	EXPECT_EQ(prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0), 0);
	EXPECT_EQ(write(go[1], "g", 1), 1);
	EXPECT_EQ(wait_exit(child), 0);
	EXPECT_EQ(wait_exit(orphan), 18);
}

TEST(timer_slack)
{
	long slack = prctl(PR_GET_TIMERSLACK, 0, 0, 0, 0);
	pid_t child;

	EXPECT(slack > 0);
	EXPECT_EQ(prctl(PR_SET_TIMERSLACK, 12345, 0, 0, 0), 0);
	EXPECT_EQ(prctl(PR_GET_TIMERSLACK, 0, 0, 0, 0), 12345);
	child = fork();
	if (!child) {
		prctl(PR_SET_TIMERSLACK, 777, 0, 0, 0);
		prctl(PR_SET_TIMERSLACK, 0, 0, 0, 0);
		_exit(prctl(PR_GET_TIMERSLACK, 0, 0, 0, 0) == 12345 ? 0 : 1);
	}
	EXPECT_EQ(wait_exit(child), 0);
	EXPECT_EQ(prctl(PR_SET_TIMERSLACK, 0, 0, 0, 0), 0);
	EXPECT_EQ(prctl(PR_GET_TIMERSLACK, 0, 0, 0, 0), slack);
}

TEST(no_new_privs)
{
	pid_t child;

	EXPECT_EQ(prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0), 0);
	EXPECT_ERRNO(prctl(PR_SET_NO_NEW_PRIVS, 0, 0, 0, 0), EINVAL);
	EXPECT_ERRNO(prctl(PR_SET_NO_NEW_PRIVS, 1, 1, 0, 0), EINVAL);
	EXPECT_ERRNO(prctl(PR_GET_NO_NEW_PRIVS, 1, 0, 0, 0), EINVAL);
	EXPECT_EQ(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), 0);
	EXPECT_EQ(prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0), 1);
	child = fork();
	if (!child)
		_exit(prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0));
	EXPECT_EQ(wait_exit(child), 1);
}

TEST(odds_and_ends)
{
	EXPECT_EQ(prctl(PR_GET_TIMING, 0, 0, 0, 0), 0);
	EXPECT_EQ(prctl(PR_SET_TIMING, 0, 0, 0, 0), 0);
	EXPECT_ERRNO(prctl(PR_SET_TIMING, 1, 0, 0, 0), EINVAL);
	EXPECT_ERRNO(prctl(PR_GET_FPEMU, 0, 0, 0, 0), EINVAL);
	EXPECT_ERRNO(prctl(PR_GET_ENDIAN, 0, 0, 0, 0), EINVAL);
	EXPECT_EQ(prctl(PR_GET_THP_DISABLE, 0, 0, 0, 0), 0);
	EXPECT_ERRNO(prctl(PR_GET_THP_DISABLE, 1, 0, 0, 0), EINVAL);
	EXPECT_ERRNO(prctl(PR_SET_THP_DISABLE, 0, 0, 0, 1), EINVAL);
	EXPECT_ERRNO(prctl(PR_GET_SPECULATION_CTRL, 0, 1, 0, 0), EINVAL);
	EXPECT_ERRNO(prctl(PR_GET_SPECULATION_CTRL, 99, 0, 0, 0), ENODEV);
}

TEST(personality_is_kept_by_fork)
{
	pid_t child;

	EXPECT_EQ(personality(0xffffffff), 0);
	EXPECT_EQ(personality(ADDR_NO_RANDOMIZE), 0);
	child = fork();
	if (!child)
		_exit(personality(0xffffffff) == ADDR_NO_RANDOMIZE ? 0 : 1);
	EXPECT_EQ(wait_exit(child), 0);
}

TEST(uname_and_its_personalities)
{
	struct utsname name;

	EXPECT_EQ(uname(&name), 0);
	EXPECT_STREQ(name.sysname, "Linux");
	EXPECT_STREQ(name.machine, "x86_64");
	EXPECT_ERRNO(syscall(SYS_uname, (void *)8), EFAULT);
	personality(PER_LINUX32 | 0x0020000);
	EXPECT_EQ(uname(&name), 0);
	EXPECT_STREQ(name.machine, "i686");
	EXPECT_EQ(strncmp(name.release, "2.6.", 4), 0);
}

TEST(host_names)
{
	struct utsname before, after;
	pid_t child;

	EXPECT_ERRNO(syscall(SYS_sethostname, "x", -1), EINVAL);
	EXPECT_ERRNO(syscall(SYS_sethostname, "x", 65), EINVAL);
	EXPECT_ERRNO(syscall(SYS_sethostname, (void *)8, 4), EFAULT);
	ASSERT_EQ(uname(&before), 0);
	if (geteuid())
		SKIP("needs root");
	EXPECT_EQ(sethostname("abc.def", 3), 0);
	uname(&after);
	EXPECT_STREQ(after.nodename, "abc");
	EXPECT_EQ(sethostname(before.nodename, strlen(before.nodename)), 0);
	EXPECT_EQ(setdomainname("dom", 3), 0);
	syscall(SYS_uname, &after);
	EXPECT_STREQ(after.domainname, "dom");
	EXPECT_EQ(setdomainname(before.domainname, strlen(before.domainname)), 0);
	child = fork();
	if (!child) {
		if (setuid(1000) || sethostname("x", 1) == 0 || errno != EPERM)
			_exit(1);
		_exit(0);
	}
	EXPECT_EQ(wait_exit(child), 0);
}

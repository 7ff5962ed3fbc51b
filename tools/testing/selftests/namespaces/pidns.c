// SPDX-License-Identifier: GPL-2.0-only
/*
 * PID and uts namespaces as programs see them: numbers, init's privileges and death, orphans,
 * what may not be combined, setns and /proc/<pid>/ns. Needs root.
 */
#include "../ktest.h"
#include <fcntl.h>
#include <linux/nsfs.h>
#include <linux/sched.h>
#include <poll.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/utsname.h>

static pid_t fork_with(unsigned long flags)
{
	return syscall(SYS_clone, flags | SIGCHLD, NULL, NULL, NULL, 0UL);
}

static int status_of(pid_t pid)
{
	int status = -1;

	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return status;
}

/* The child's verdict: 0 is good. */
#define EXPECT_EXIT(pid, code)	EXPECT_EQ(status_of(pid), (code) << 8)

static void need_root(void)
{
	if (geteuid())
		SKIP("needs root");
}

TEST(init_has_number_one_and_no_parent)
{
	pid_t pid;

	need_root();
	pid = fork_with(CLONE_NEWPID);
	ASSERT(pid >= 0);
	if (!pid)
		_exit(getpid() == 1 && syscall(SYS_gettid) == 1 && getppid() == 0 &&
		      getpgrp() == 0 && getsid(0) == 0 ? 0 : 1);
	EXPECT(pid > 1);
	EXPECT_EXIT(pid, 0);
}

TEST(orphans_go_to_the_init_of_the_namespace)
{
	int pipes[2];
	pid_t pid;
	char c;

	need_root();
	ASSERT_EQ(pipe(pipes), 0);
	pid = fork_with(CLONE_NEWPID);
	ASSERT(pid >= 0);
	if (!pid) {
		if (!fork()) {
			if (!fork()) {
				while (getppid() != 1)
					usleep(1000);
				c = getpid() > 1;
				_exit(write(pipes[1], &c, 1) != 1);
			}
			_exit(0);
		}
		if (waitpid(-1, NULL, 0) < 0 || waitpid(-1, NULL, 0) < 0)
			_exit(1);
		_exit(waitpid(-1, NULL, 0) != -1 || errno != ECHILD);
	}
	ASSERT_EQ(read(pipes[0], &c, 1), 1);
	EXPECT_EQ(c, 1);
	EXPECT_EXIT(pid, 0);
}

TEST(death_of_init_kills_all)
{
	int pipes[2];
	pid_t pid;
	char c;

	need_root();
	ASSERT_EQ(pipe(pipes), 0);
	pid = fork_with(CLONE_NEWPID);
	ASSERT(pid >= 0);
	if (!pid) {
		for (int i = 0; i < 5; i++) {
			if (!fork()) {
				signal(SIGTERM, SIG_IGN);
				for (;;)
					if (fork() < 0)
						pause();
					else
						pause();
			}
		}
		_exit(7);
	}
	EXPECT_EXIT(pid, 7);
	close(pipes[1]);
	/* Every writer is dead already when init can be waited for. */
	EXPECT_EQ(read(pipes[0], &c, 1), 0);
}

TEST(init_ignores_what_comes_from_inside)
{
	pid_t pid;

	need_root();
	pid = fork_with(CLONE_NEWPID);
	ASSERT(pid >= 0);
	if (!pid) {
		pid_t child = fork();

		if (!child)
			_exit(kill(1, SIGKILL) || kill(1, SIGTERM) || kill(1, SIGSTOP));
		_exit(waitpid(child, &(int){ 0 }, 0) != child || kill(1, SIGKILL));
	}
	EXPECT_EXIT(pid, 0);
}

TEST(init_obeys_who_stands_above)
{
	pid_t pid;
	int status;

	need_root();
	pid = fork_with(CLONE_NEWPID);
	ASSERT(pid >= 0);
	if (!pid)
		for (;;)
			pause();
	EXPECT_EQ(kill(pid, SIGTERM), 0);	/* no handler: ignored even so */
	EXPECT_EQ(kill(pid, SIGSTOP), 0);
	ASSERT_EQ(waitpid(pid, &status, WUNTRACED), pid);
	EXPECT(WIFSTOPPED(status));
	EXPECT_EQ(kill(pid, SIGKILL), 0);
	EXPECT_EQ(status_of(pid), SIGKILL);
}

static volatile pid_t seen_pid = -1;

static void note_sender(int sig, siginfo_t *info, void *context)
{
	seen_pid = info->si_pid;
}

TEST(sender_from_above_is_number_zero)
{
	struct sigaction sa = { .sa_sigaction = note_sender, .sa_flags = SA_SIGINFO };
	int pipes[2];
	pid_t pid;
	char c;

	need_root();
	ASSERT_EQ(pipe(pipes), 0);
	pid = fork_with(CLONE_NEWPID);
	ASSERT(pid >= 0);
	if (!pid) {
		sigset_t set, old;

		sigemptyset(&set);
		sigaddset(&set, SIGUSR1);
		sigprocmask(SIG_BLOCK, &set, &old);
		sigaction(SIGUSR1, &sa, NULL);
		if (write(pipes[1], "x", 1) != 1)
			_exit(2);
		sigsuspend(&old);
		_exit(seen_pid != 0);
	}
	ASSERT_EQ(read(pipes[0], &c, 1), 1);
	EXPECT_EQ(kill(pid, SIGUSR1), 0);
	EXPECT_EXIT(pid, 0);
}

TEST(unshare_is_for_children)
{
	pid_t pid;

	need_root();
	pid = fork();
	if (!pid) {
		pid_t own = getpid(), first, second;

		if (unshare(CLONE_NEWPID) || getpid() != own)
			_exit(1);
		if (unshare(CLONE_NEWPID) != -1 || errno != EINVAL)
			_exit(2);
		if (syscall(SYS_clone, CLONE_THREAD | CLONE_SIGHAND | CLONE_VM, NULL, NULL, NULL,
			    0UL) != -1 || errno != EINVAL)
			_exit(3);
		first = fork();
		if (!first)
			_exit(getpid() != 1);
		if (status_of(first))
			_exit(4);
		/* Its init is dead: nobody is born there any more. */
		second = fork();
		if (!second)
			_exit(0);
		_exit(second == -1 && errno == ENOMEM ? 0 : 5);
	}
	EXPECT_EXIT(pid, 0);
}

TEST(nesting_ends_at_32)
{
	int depth = 0, pipes[2], status;
	pid_t pid;

	need_root();
	ASSERT_EQ(pipe(pipes), 0);
	pid = fork();
	if (!pid) {
		for (;; depth++) {
			pid = fork_with(CLONE_NEWPID);
			if (pid < 0)
				_exit(errno == ENOSPC && (depth == 32 || depth == 31) ? 0 : 100);
			if (pid) {
				waitpid(pid, &status, 0);
				_exit(WEXITSTATUS(status));
			}
		}
	}
	EXPECT_EXIT(pid, 0);
}

TEST(links_name_the_namespace)
{
	char a[64] = "", b[64] = "", path[64];
	struct stat st;
	pid_t pid;
	int fd;

	need_root();
	pid = fork_with(CLONE_NEWPID | CLONE_NEWUTS);
	ASSERT(pid >= 0);
	if (!pid)
		for (;;)
			pause();
	snprintf(path, sizeof(path), "/proc/%d/ns/pid", pid);
	EXPECT(readlink(path, a, sizeof(a) - 1) > 0);
	EXPECT(readlink("/proc/self/ns/pid", b, sizeof(b) - 1) > 0);
	EXPECT(strcmp(a, b) != 0);
	EXPECT(strncmp(a, "pid:[", 5) == 0);
	fd = open(path, O_RDONLY);
	ASSERT(fd >= 0);
	ASSERT_EQ(fstat(fd, &st), 0);
	EXPECT_EQ(st.st_ino, strtoul(a + 5, NULL, 10));
	EXPECT_EQ(ioctl(fd, NS_GET_NSTYPE), CLONE_NEWPID);
	EXPECT_EQ(ioctl(fd, NS_GET_OWNER_UID, &(uid_t){ 0 }), -1);
	EXPECT_EQ(errno, EINVAL);
	EXPECT_EQ(ioctl(fd, 0xb7ff), -1);
	EXPECT_EQ(errno, ENOTTY);
	EXPECT(ioctl(fd, NS_GET_USERNS) >= 0);
	EXPECT(ioctl(fd, NS_GET_PARENT) >= 0);
	EXPECT_EQ(setns(fd, CLONE_NEWUTS), -1);
	EXPECT_EQ(errno, EINVAL);
	EXPECT_EQ(setns(0, 0), -1);
	EXPECT_EQ(errno, EINVAL);
	EXPECT_EQ(setns(-1, 0), -1);
	EXPECT_EQ(errno, EBADF);
	kill(pid, SIGKILL);
	status_of(pid);
}

TEST(setns_by_file_and_by_pidfd)
{
	int pipes[2], fd, pidfd;
	char path[64], c;
	pid_t pid, child;

	need_root();
	ASSERT_EQ(pipe(pipes), 0);
	pid = fork_with(CLONE_NEWPID | CLONE_NEWUTS);
	ASSERT(pid >= 0);
	if (!pid) {
		if (sethostname("inner", 5) || write(pipes[1], "x", 1) != 1)
			_exit(1);
		for (;;)
			pause();
	}
	ASSERT_EQ(read(pipes[0], &c, 1), 1);
	pidfd = syscall(SYS_pidfd_open, pid, 0);
	ASSERT(pidfd >= 0);
	snprintf(path, sizeof(path), "/proc/%d/ns/pid", pid);
	fd = open(path, O_RDONLY);
	ASSERT(fd >= 0);
	child = fork();
	if (!child) {
		struct utsname name;
		pid_t inner;

		if (setns(pidfd, CLONE_NEWUTS) || setns(fd, CLONE_NEWPID))
			_exit(1);
		uname(&name);
		if (strcmp(name.nodename, "inner"))
			_exit(2);
		inner = fork();
		if (!inner)
			_exit(getpid() > 1 && getppid() == 0 ? 0 : 3);
		_exit(status_of(inner) >> 8);
	}
	EXPECT_EXIT(child, 0);
	EXPECT_EQ(setns(pidfd, 0), -1);
	EXPECT_EQ(errno, EINVAL);
	kill(pid, SIGKILL);
	status_of(pid);
	EXPECT_EQ(setns(pidfd, CLONE_NEWUTS), -1);
	EXPECT_EQ(errno, ESRCH);
}

TEST(host_name_is_private)
{
	char before[65], after[65];
	pid_t pid;

	need_root();
	ASSERT_EQ(gethostname(before, sizeof(before)), 0);
	pid = fork_with(CLONE_NEWUTS);
	ASSERT(pid >= 0);
	if (!pid) {
		struct utsname name;

		if (sethostname("other", 5) || setdomainname("far", 3) || uname(&name))
			_exit(1);
		_exit(strcmp(name.nodename, "other") || strcmp(name.domainname, "far"));
	}
	EXPECT_EXIT(pid, 0);
	ASSERT_EQ(gethostname(after, sizeof(after)), 0);
	EXPECT_EQ(strcmp(before, after), 0);
}

TEST(fork_storm_while_init_dies)
{
	need_root();
	for (int round = 0; round < 20; round++) {
		pid_t pid = fork_with(CLONE_NEWPID);

		ASSERT(pid >= 0);
		if (!pid) {
			for (int i = 0; i < 4; i++) {
				if (!fork())
					for (;;) {
						pid_t child = fork();

						if (!child)
							_exit(0);
						if (child > 0)
							waitpid(child, NULL, 0);
					}
			}
			usleep(round * 500);
			_exit(0);
		}
		EXPECT_EXIT(pid, 0);
	}
}

TEST(chosen_numbers_at_two_levels)
{
	pid_t want[2] = { 1, 0 };
	struct clone_args args = { .exit_signal = SIGCHLD, .flags = CLONE_NEWPID };
	pid_t pid;

	need_root();
	args.set_tid = (unsigned long)want;
	args.set_tid_size = 1;
	pid = syscall(SYS_clone3, &args, sizeof(args));
	if (!pid)
		_exit(getpid() != 1);
	ASSERT(pid > 0);
	EXPECT_EXIT(pid, 0);
	want[0] = 2;			/* no init there yet */
	EXPECT_EQ(syscall(SYS_clone3, &args, sizeof(args)), -1);
	EXPECT_EQ(errno, EINVAL);
	want[0] = 1;
	want[1] = getpid();
	args.set_tid_size = 2;
	EXPECT_EQ(syscall(SYS_clone3, &args, sizeof(args)), -1);
	EXPECT_EQ(errno, EEXIST);
	args.flags = 0;
	want[0] = getpid();
	args.set_tid_size = 1;
	EXPECT_EQ(syscall(SYS_clone3, &args, sizeof(args)), -1);
	EXPECT_EQ(errno, EEXIST);
}

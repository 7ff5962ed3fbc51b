// SPDX-License-Identifier: GPL-2.0-only
/* Bugs that other kernels had in tracing and in the death of the traced, each by its name. */
#define KTEST_OWN_MAIN
#include "../ktest.h"
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <sys/stat.h>
#include "tracer.h"

/* CVE-2005-3784: a tracee whose parent ignores SIGCHLD dies while it is attached. */
TEST(auto_reaped_tracee_leaves_nothing_behind)
{
	signal(SIGCHLD, SIG_IGN);
	for (int i = 0; i < 20; i++) {
		pid_t pid = traced_child();
		int status;

		if (!pid) {
			raise(SIGSTOP);
			_exit(3);
		}
		ASSERT_EQ(wait_stop(pid), SIGSTOP);
		ASSERT_EQ(ptrace(PTRACE_CONT, pid, 0, 0), 0);
		/* Its tracer sees the end even so. */
		ASSERT_EQ(waitpid(pid, &status, __WALL), pid);
		EXPECT_EQ(status, 3 << 8);
		ASSERT_EQ(ptrace(PTRACE_CONT, pid, 0, 0), -1);
		ASSERT_EQ(errno, ESRCH);
	}
}

static pid_t main_tid;

static void *attach_sibling(void *arg)
{
	long ret = ptrace(PTRACE_ATTACH, main_tid, 0, 0);

	EXPECT_EQ(ret, -1);
	EXPECT_EQ(errno, EPERM);
	ret = ptrace(PTRACE_SEIZE, main_tid, 0, 0);
	EXPECT_EQ(ret, -1);
	EXPECT_EQ(errno, EPERM);
	return arg;
}

/* CVE-2005-3783 */
TEST(attach_to_own_thread_group_is_refused)
{
	pthread_t t;

	main_tid = getpid();
	ASSERT_EQ(pthread_create(&t, NULL, attach_sibling, NULL), 0);
	pthread_join(t, NULL);
}

static pid_t contested;

static void *wait_for_it(void *arg)
{
	int status;

	*(long *)arg = waitpid(contested, &status, __WALL) == contested;
	return NULL;
}

/* 50b8d257486a: EXIT_DEAD became EXIT_ZOMBIE again under two waiters. */
TEST(two_threads_wait_for_a_tracee_and_one_gets_it)
{
	for (int i = 0; i < 100; i++) {
		long got[2] = { 0, 0 };
		pthread_t t[2];

		contested = fork();
		if (!contested) {
			raise(SIGSTOP);
			_exit(0);
		}
		ASSERT_EQ(waitpid(contested, NULL, WUNTRACED), contested);
		ASSERT_EQ(ptrace(PTRACE_SEIZE, contested, 0, 0), 0);
		ASSERT_EQ(waitpid(contested, NULL, __WALL), contested);
		kill(contested, SIGKILL);
		for (int k = 0; k < 2; k++)
			ASSERT_EQ(pthread_create(&t[k], NULL, wait_for_it, &got[k]), 0);
		for (int k = 0; k < 2; k++)
			pthread_join(t[k], NULL);
		ASSERT_EQ(got[0] + got[1], 1);
	}
}

/* CVE-2019-13272: TRACEME must not lend the powers of a parent that is about to give them up. */
TEST(traceme_lends_no_powers_to_a_set_uid_program)
{
	static const char program[] = "/tmp/ktest-setuid";
	char buf[65536];
	int in, out, status;
	ssize_t n;
	pid_t pid;

	if (getuid())
		SKIP("root makes the set-uid program");
	in = open("/proc/self/exe", O_RDONLY);
	out = open(program, O_CREAT | O_TRUNC | O_WRONLY, 0755);
	ASSERT(in >= 0 && out >= 0);
	while ((n = read(in, buf, sizeof(buf))) > 0)
		ASSERT_EQ(write(out, buf, n), n);
	close(out);
	ASSERT_EQ(chmod(program, 04755), 0);
	pid = fork();
	if (!pid) {
		ASSERT_EQ(setresuid(1000, 1000, 1000), 0);
		ASSERT_EQ(ptrace(PTRACE_TRACEME, 0, 0, 0), 0);
		execl(program, program, "euid", NULL);
		_exit(99);
	}
	ASSERT_EQ(wait_stop(pid), SIGTRAP);
	ASSERT_EQ(ptrace(PTRACE_CONT, pid, 0, 0), 0);
	status = wait_status(pid);
	unlink(program);
	if (status == 99 << 8)
		SKIP("no execution there");
	EXPECT_EQ(status, 1 << 8);	/* it did not become root */
}

static void *stop_all(void *arg)
{
	while (!arg)
		kill(getpid(), SIGSTOP);
	return arg;
}

/* CVE-2005-3527: a core being written in one thread, SIGSTOP for another: the group must die. */
TEST(fault_against_sigstop_kills_the_group)
{
	for (int i = 0; i < 30; i++) {
		int status;
		pid_t pid = fork();

		if (!pid) {
			pthread_t t;

			signal(SIGSEGV, SIG_DFL);
			pthread_create(&t, NULL, stop_all, NULL);
			kill(getpid(), SIGSEGV);
			for (;;)
				sched_yield();
		}
		for (;;) {
			pid_t got = waitpid(pid, &status, WNOHANG);

			ASSERT(got >= 0);
			if (got == pid)
				break;
			kill(pid, SIGCONT);
			sched_yield();
		}
		ASSERT(WIFSIGNALED(status));
		EXPECT_EQ(WTERMSIG(status), SIGSEGV);
	}
}

int main(int argc, char **argv)
{
	if (argc == 2 && !strcmp(argv[1], "euid"))
		return geteuid() ? 1 : 0;
	return ktest_main(argc, argv);
}

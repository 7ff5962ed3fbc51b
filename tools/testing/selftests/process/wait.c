// SPDX-License-Identifier: GPL-2.0-only
/*
 * wait4 and waitid: every selector and option, statuses, usage, errors and their order.
 */
#include "../ktest.h"
#include <limits.h>
#include <pthread.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>

static pid_t child_exits(int code)
{
	pid_t pid = fork();

	if (!pid)
		_exit(code);
	return pid;
}

static pid_t child_sleeps(void)
{
	pid_t pid = fork();

	if (!pid)
		for (;;)
			pause();
	return pid;
}

TEST(errors_of_wait4)
{
	EXPECT_ERRNO(wait4(-1, NULL, 0x10000, NULL), EINVAL);
	EXPECT_ERRNO(wait4(INT_MIN, NULL, 0, NULL), ESRCH);
	EXPECT_ERRNO(wait4(-1, NULL, 0, NULL), ECHILD);
	EXPECT_ERRNO(wait4(999999, NULL, 0, NULL), ECHILD);
	EXPECT_ERRNO(wait4(getpid(), NULL, 0, NULL), ECHILD);
	EXPECT_ERRNO(wait4(1, NULL, WNOHANG, NULL), ECHILD);
}

TEST(errors_of_waitid)
{
	siginfo_t si;

	EXPECT_ERRNO(waitid(P_ALL, 0, &si, 0), EINVAL);
	EXPECT_ERRNO(waitid(P_ALL, 0, &si, WNOHANG), EINVAL);
	EXPECT_ERRNO(waitid(P_ALL, 0, &si, 0x10000 | WEXITED), EINVAL);
	EXPECT_ERRNO(waitid(P_PID, 0, &si, WEXITED), EINVAL);
	EXPECT_ERRNO(waitid(77, 1, &si, WEXITED), EINVAL);
	EXPECT_ERRNO(waitid(P_ALL, 0, &si, WEXITED), ECHILD);
}

TEST(statuses)
{
	int status;
	pid_t pid = child_exits(300);

	ASSERT_EQ(waitpid(pid, &status, 0), pid);
	EXPECT(WIFEXITED(status) && WEXITSTATUS(status) == (300 & 0xff));
	pid = child_sleeps();
	kill(pid, SIGTERM);
	ASSERT_EQ(waitpid(pid, &status, 0), pid);
	EXPECT(WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM);
	EXPECT_EQ(WCOREDUMP(status), 0);
}

TEST(stop_and_continue_are_reported_once)
{
	pid_t pid = child_sleeps();
	int status;

	kill(pid, SIGSTOP);
	ASSERT_EQ(waitpid(pid, &status, WUNTRACED), pid);
	EXPECT(WIFSTOPPED(status) && WSTOPSIG(status) == SIGSTOP);
	EXPECT_EQ(waitpid(pid, &status, WUNTRACED | WNOHANG), 0);
	kill(pid, SIGCONT);
	ASSERT_EQ(waitpid(pid, &status, WCONTINUED), pid);
	EXPECT(WIFCONTINUED(status));
	EXPECT_EQ(waitpid(pid, &status, WCONTINUED | WNOHANG), 0);
	kill(pid, SIGKILL);
	EXPECT_EQ(waitpid(pid, &status, 0), pid);
}

TEST(waitid_fills_siginfo)
{
	siginfo_t si;
	pid_t pid = child_exits(9);

	memset(&si, 0xff, sizeof(si));
	ASSERT_EQ(waitid(P_PID, pid, &si, WEXITED | WNOWAIT), 0);
	EXPECT_EQ(si.si_pid, pid);
	EXPECT_EQ(si.si_code, CLD_EXITED);
	EXPECT_EQ(si.si_status, 9);
	EXPECT_EQ(si.si_signo, SIGCHLD);
	EXPECT_EQ(si.si_uid, getuid());
	ASSERT_EQ(waitid(P_PID, pid, &si, WEXITED), 0);
	EXPECT_ERRNO(waitid(P_PID, pid, &si, WEXITED), ECHILD);

	pid = child_sleeps();
	memset(&si, 0xff, sizeof(si));
	ASSERT_EQ(waitid(P_ALL, 0, &si, WEXITED | WNOHANG), 0);
	EXPECT_EQ(si.si_pid, 0);
	EXPECT_EQ(si.si_signo, 0);
	kill(pid, SIGSTOP);
	ASSERT_EQ(waitid(P_PID, pid, &si, WSTOPPED), 0);
	EXPECT_EQ(si.si_code, CLD_STOPPED);
	EXPECT_EQ(si.si_status, SIGSTOP);
	kill(pid, SIGCONT);
	ASSERT_EQ(waitid(P_PID, pid, &si, WCONTINUED), 0);
	EXPECT_EQ(si.si_code, CLD_CONTINUED);
	EXPECT_EQ(si.si_status, SIGCONT);
	kill(pid, SIGKILL);
	ASSERT_EQ(waitid(P_PID, pid, &si, WEXITED), 0);
	EXPECT_EQ(si.si_code, CLD_KILLED);
	EXPECT_EQ(si.si_status, SIGKILL);
}

TEST(process_groups_select)
{
	pid_t a = child_sleeps(), b = child_sleeps(), c = child_sleeps();
	int status;

	setpgid(a, a);
	setpgid(b, a);
	kill(c, SIGKILL);
	EXPECT_EQ(waitpid(0, &status, 0), c);
	kill(b, SIGTERM);
	EXPECT_EQ(waitpid(-a, &status, 0), b);
	EXPECT_EQ(waitpid(-a, &status, WNOHANG), 0);
	EXPECT_ERRNO(waitpid(0, &status, WNOHANG), ECHILD);
	kill(a, SIGKILL);
	EXPECT_EQ(waitpid(-1, &status, 0), a);
}

TEST(usage_of_children)
{
	struct rusage ru, all;
	pid_t pid = fork();

	if (!pid) {
		for (volatile int i = 0; i < 50000000; i++)
			;
		_exit(0);
	}
	ASSERT_EQ(wait4(pid, NULL, 0, &ru), pid);
	EXPECT_GT(ru.ru_utime.tv_sec * 1000000L + ru.ru_utime.tv_usec, 0);
	EXPECT_GT(ru.ru_maxrss, 0);
	getrusage(RUSAGE_CHILDREN, &all);
	EXPECT_GE(all.ru_utime.tv_sec * 1000000L + all.ru_utime.tv_usec,
		  ru.ru_utime.tv_sec * 1000000L + ru.ru_utime.tv_usec);
}

TEST(ignored_sigchld_reaps_by_itself)
{
	signal(SIGCHLD, SIG_IGN);
	child_exits(0);
	child_exits(0);
	EXPECT_ERRNO(wait(NULL), ECHILD);
}

TEST(nocldwait_reaps_but_tells)
{
	struct sigaction sa = { .sa_handler = SIG_DFL, .sa_flags = SA_NOCLDWAIT };

	sigaction(SIGCHLD, &sa, NULL);
	child_exits(0);
	EXPECT_ERRNO(wait(NULL), ECHILD);
}

static void nothing(int sig)
{
	(void)sig;
}

TEST(signal_interrupts_or_restarts)
{
	struct sigaction sa = { .sa_handler = nothing };
	pid_t pid = child_sleeps();
	pid_t poker = fork();

	if (!poker) {
		usleep(50000);
		kill(getppid(), SIGUSR1);
		usleep(50000);
		_exit(0);
	}
	sigaction(SIGUSR1, &sa, NULL);
	EXPECT_ERRNO(waitpid(pid, NULL, 0), EINTR);
	EXPECT_EQ(wait_exit(poker), 0);

	sa.sa_flags = SA_RESTART;
	sigaction(SIGUSR1, &sa, NULL);
	poker = fork();
	if (!poker) {
		usleep(50000);
		kill(getppid(), SIGUSR1);
		usleep(50000);
		kill(pid, SIGKILL);
		_exit(0);
	}
	EXPECT_EQ(waitpid(pid, NULL, 0), pid);
	EXPECT_EQ(wait_exit(poker), 0);
}

TEST(orphans_go_to_the_subreaper)
{
	int p[2];
	pid_t pid, orphan, parent;

	ASSERT_EQ(prctl(PR_SET_CHILD_SUBREAPER, 1), 0);
	ASSERT_EQ(pipe(p), 0);
	pid = fork();
	if (!pid) {
		pid_t child = fork();

		if (!child) {
			pid_t first = getppid();

			for (int i = 0; i < 1000 && getppid() == first; i++)
				usleep(1000);
			parent = getppid();
			write(p[1], &parent, sizeof(parent));
			_exit(12);
		}
		write(p[1], &child, sizeof(child));
		_exit(0);
	}
	ASSERT_EQ(wait_exit(pid), 0);
	ASSERT_EQ(read(p[0], &orphan, sizeof(orphan)), (long)sizeof(orphan));
	ASSERT_EQ(read(p[0], &parent, sizeof(parent)), (long)sizeof(parent));
	EXPECT_EQ(parent, getpid());
	EXPECT_EQ(wait_exit(orphan), 12);
}

TEST(pdeath_signal_is_sent)
{
	int p[2];
	char c;
	pid_t pid;

	ASSERT_EQ(pipe(p), 0);
	pid = fork();
	if (!pid) {
		pid_t child = fork();

		if (!child) {
			close(p[0]);
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			write(p[1], "r", 1);
			for (;;)
				pause();
		}
		close(p[1]);
		read(p[0], &c, 1);
		_exit(0);
	}
	close(p[1]);
	ASSERT_EQ(wait_exit(pid), 0);
	EXPECT_EQ(read(p[0], &c, 1), 0);	/* the last writer is gone */
}

static void *wait_for_any(void *arg)
{
	int status;
	pid_t pid = waitpid(-1, &status, 0);

	*(pid_t *)arg = pid;
	return NULL;
}

/* FORK.md bug 23: of two waiters exactly one gets the child. */
TEST(two_threads_wait_for_one_child)
{
	for (int i = 0; i < 50; i++) {
		pid_t got[2] = { 0, 0 }, pid = child_exits(0);
		pthread_t t[2];

		for (int j = 0; j < 2; j++)
			ASSERT_EQ(pthread_create(&t[j], NULL, wait_for_any, &got[j]), 0);
		for (int j = 0; j < 2; j++)
			pthread_join(t[j], NULL);
		EXPECT_EQ((got[0] == pid) + (got[1] == pid), 1);
	}
}

static void *child_of_thread(void *arg)
{
	*(pid_t *)arg = child_exits(3);
	return NULL;
}

TEST(a_threads_child_is_everybodys_unless_wnothread)
{
	pthread_t t;
	pid_t pid;
	int status;

	ASSERT_EQ(pthread_create(&t, NULL, child_of_thread, &pid), 0);
	pthread_join(t, NULL);
	EXPECT_EQ(waitpid(pid, &status, 0), pid);
}

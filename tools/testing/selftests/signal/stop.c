// SPDX-License-Identifier: GPL-2.0-only
/*
 * Stopping, continuing and killing whole processes, also with several threads.
 * ktest: musl
 */
#include "../ktest.h"
#include <fcntl.h>
#include <pthread.h>
#include <sys/prctl.h>

static volatile sig_atomic_t conts, chld_count, chld_code;

static void on_cont(int sig)
{
	(void)sig;
	conts++;
}

static int wait_status(pid_t pid, int options)
{
	int status = -1;

	if (waitpid(pid, &status, options) != pid)
		return -1;
	return status;
}

/* The handler may run a little later than wait() returns. */
static void expect_code(int code)
{
	for (int i = 0; i < 1000 && chld_code != code; i++)
		usleep(1000);
	EXPECT_EQ(chld_code, code);
}

static pid_t sleeper(void)
{
	pid_t child = fork();

	if (!child)
		for (;;)
			pause();
	return child;
}

TEST(stop_and_continue_are_reported)
{
	pid_t child = sleeper();
	int status;

	EXPECT_EQ(kill(child, SIGSTOP), 0);
	status = wait_status(child, WUNTRACED);
	EXPECT(WIFSTOPPED(status) && WSTOPSIG(status) == SIGSTOP);
	EXPECT_EQ(waitpid(child, &status, WUNTRACED | WNOHANG), 0);
	EXPECT_EQ(kill(child, SIGCONT), 0);
	status = wait_status(child, WCONTINUED);
	EXPECT(WIFCONTINUED(status));
	EXPECT_EQ(waitpid(child, &status, WCONTINUED | WNOHANG), 0);
	kill(child, SIGKILL);
	EXPECT_EQ(wait_exit(child), 128 + SIGKILL);
}

TEST(stopped_process_dies_of_sigkill_only)
{
	pid_t child = sleeper();
	int status;

	kill(child, SIGSTOP);
	wait_status(child, WUNTRACED);
	kill(child, SIGTERM);
	usleep(20000);
	EXPECT_EQ(waitpid(child, &status, WNOHANG), 0);
	kill(child, SIGCONT);
	EXPECT_EQ(wait_exit(child), 128 + SIGTERM);

	child = sleeper();
	kill(child, SIGSTOP);
	wait_status(child, WUNTRACED);
	kill(child, SIGKILL);
	EXPECT_EQ(wait_exit(child), 128 + SIGKILL);
}

TEST(sigcont_continues_even_when_blocked)
{
	pid_t child = fork();
	sigset_t set;
	int status;

	if (!child) {
		sigfillset(&set);
		sigprocmask(SIG_SETMASK, &set, NULL);
		for (;;)
			pause();
	}
	usleep(20000);
	kill(child, SIGSTOP);
	status = wait_status(child, WUNTRACED);
	EXPECT(WIFSTOPPED(status));
	kill(child, SIGCONT);
	status = wait_status(child, WCONTINUED);
	EXPECT(WIFCONTINUED(status));
	kill(child, SIGKILL);
	wait_exit(child);
}

TEST(sigcont_handler_runs)
{
	int fd[2], status;
	char c;
	pid_t child;

	ASSERT_EQ(pipe(fd), 0);
	child = fork();
	if (!child) {
		signal(SIGCONT, on_cont);
		if (write(fd[1], "r", 1) != 1)
			_exit(1);
		while (!conts)
			usleep(1000);
		_exit(5);
	}
	EXPECT_EQ(read(fd[0], &c, 1), 1);
	kill(child, SIGSTOP);
	status = wait_status(child, WUNTRACED);
	EXPECT(WIFSTOPPED(status));
	kill(child, SIGCONT);
	EXPECT_EQ(wait_exit(child), 5);
}

TEST(stop_and_cont_annul_each_other)
{
	sigset_t set, pending;

	sigfillset(&set);
	sigprocmask(SIG_SETMASK, &set, NULL);
	signal(SIGCONT, on_cont);
	kill(getpid(), SIGTSTP);
	sigpending(&pending);
	EXPECT(sigismember(&pending, SIGTSTP));
	kill(getpid(), SIGCONT);
	sigpending(&pending);
	EXPECT(!sigismember(&pending, SIGTSTP));
	EXPECT(sigismember(&pending, SIGCONT));
	kill(getpid(), SIGTTIN);
	sigpending(&pending);
	EXPECT(!sigismember(&pending, SIGCONT));
	EXPECT(sigismember(&pending, SIGTTIN));
}

static void on_chld(int sig, siginfo_t *info, void *context)
{
	(void)sig;
	(void)context;
	chld_count++;
	chld_code = info->si_code;
}

TEST(parent_hears_of_stops_unless_nocldstop)
{
	struct sigaction sa = { .sa_sigaction = on_chld, .sa_flags = SA_SIGINFO | SA_RESTART };
	pid_t child;

	sigaction(SIGCHLD, &sa, NULL);
	child = sleeper();
	kill(child, SIGSTOP);
	wait_status(child, WUNTRACED);
	expect_code(CLD_STOPPED);
	kill(child, SIGCONT);
	wait_status(child, WCONTINUED);
	expect_code(CLD_CONTINUED);
	sa.sa_flags |= SA_NOCLDSTOP;
	sigaction(SIGCHLD, &sa, NULL);
	chld_count = 0;
	kill(child, SIGSTOP);
	wait_status(child, WUNTRACED);
	kill(child, SIGCONT);
	wait_status(child, WCONTINUED);
	EXPECT_EQ(chld_count, 0);
	kill(child, SIGKILL);
	EXPECT_EQ(wait_exit(child), 128 + SIGKILL);
	EXPECT_EQ(chld_code, CLD_KILLED);
}

TEST(terminal_stops_do_nothing_in_an_orphaned_group)
{
	int status;
	pid_t child = fork();

	if (!child) {
		pid_t orphan;

		setsid();
		orphan = fork();
		if (!orphan) {
			raise(SIGTSTP);
			raise(SIGTTIN);
			_exit(9);
		}
		waitpid(orphan, &status, WUNTRACED);
		_exit(WIFEXITED(status) ? WEXITSTATUS(status) : 1);
	}
	EXPECT_EQ(wait_exit(child), 9);
}

/* The middle process dies and leaves a stopped job: it gets SIGHUP and SIGCONT. */
TEST(newly_orphaned_stopped_group_is_hung_up)
{
	int fd[2];
	char c = 0;
	pid_t child, job;

	ASSERT_EQ(pipe(fd), 0);
	child = fork();
	if (!child) {
		setsid();
		job = fork();
		if (!job) {
			setpgid(0, 0);
			raise(SIGSTOP);
			for (;;)
				pause();
		}
		wait_status(job, WUNTRACED);
		_exit(0);
	}
	close(fd[1]);
	/* end of file: the job, which has the other end, is dead */
	EXPECT_EQ(read(fd[0], &c, 1), 0);
	EXPECT_EQ(wait_exit(child), 0);
}

#define THREADS 4
static void *spin(void *arg)
{
	volatile unsigned long *mine = arg;

	for (;;) {
		++*mine;
		if (!(*mine & 0xff))
			sched_yield();
	}
	return NULL;
}

/* The counters are in memory shared with the child. */
static volatile unsigned long *shared_counters(void)
{
	void *p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	ASSERT(p != MAP_FAILED);
	return p;
}

TEST(stop_reaches_all_threads)
{
	volatile unsigned long *counter = shared_counters();
	unsigned long before[THREADS];
	pthread_t thread;
	int status, moved = 0;
	pid_t child = fork();

	if (!child) {
		for (int i = 0; i < THREADS; i++)
			pthread_create(&thread, NULL, spin, (void *)&counter[i]);
		pause();
		_exit(0);
	}
	while (!counter[THREADS - 1])
		usleep(1000);
	kill(child, SIGSTOP);
	status = wait_status(child, WUNTRACED);
	EXPECT(WIFSTOPPED(status));
	for (int i = 0; i < THREADS; i++)
		before[i] = counter[i];
	usleep(50000);
	for (int i = 0; i < THREADS; i++)
		moved += counter[i] != before[i];
	EXPECT_EQ(moved, 0);
	kill(child, SIGCONT);
	status = wait_status(child, WCONTINUED);
	EXPECT(WIFCONTINUED(status));
	while (counter[0] == before[0])
		usleep(1000);
	kill(child, SIGKILL);
	EXPECT_EQ(wait_exit(child), 128 + SIGKILL);
}

static void *nothing(void *arg)
{
	return arg;
}

static void *make_threads(void *arg)
{
	pthread_t thread;

	for (;;) {
		if (!pthread_create(&thread, NULL, nothing, NULL))
			pthread_join(thread, NULL);
		++*(volatile unsigned long *)arg;
	}
	return NULL;
}

TEST(thread_born_into_a_stop_stops)
{
	volatile unsigned long *counter = shared_counters();
	unsigned long before;
	pthread_t thread;
	int status;
	pid_t child = fork();

	if (!child) {
		pthread_create(&thread, NULL, make_threads, (void *)&counter[0]);
		pthread_create(&thread, NULL, make_threads, (void *)&counter[1]);
		pause();
		_exit(0);
	}
	while (!counter[0] || !counter[1])
		usleep(1000);
	for (int i = 0; i < 20; i++) {
		kill(child, SIGSTOP);
		status = wait_status(child, WUNTRACED);
		EXPECT(WIFSTOPPED(status));
		before = counter[0] + counter[1];
		usleep(3000);
		EXPECT_EQ(counter[0] + counter[1], before);
		kill(child, SIGCONT);
		usleep(3000);
	}
	kill(child, SIGKILL);
	EXPECT_EQ(wait_exit(child), 128 + SIGKILL);
}

/* kill(-pgrp, SIGKILL) against members that fork: nobody may be left. */
TEST(group_kill_leaves_nobody)
{
	/* Orphans come to us, so that each can be reaped. */
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	for (int round = 0; round < 10; round++) {
		pid_t child = fork();

		if (!child) {
			setpgid(0, 0);
			signal(SIGCHLD, SIG_IGN);
			for (;;)
				if (!fork())
					_exit(0);
		}
		setpgid(child, child);
		usleep(10000);
		EXPECT_EQ(kill(-child, SIGKILL), 0);
		EXPECT_EQ(wait_exit(child), 128 + SIGKILL);
		while (waitpid(-child, NULL, 0) > 0)
			;
		/* One that nobody waits for may still be on its way out. */
		for (int try = 0; try < 1000 && !kill(-child, 0); try++)
			usleep(1000);
		EXPECT_ERRNO(kill(-child, 0), ESRCH);
	}
}

static void *fault(void *arg)
{
	*(volatile int *)arg = 1;
	return NULL;
}

/* One thread faults while the process is being stopped: it must die all the same. */
TEST(fault_during_a_stop_kills)
{
	pthread_t thread;

	for (int i = 0; i < 30; i++) {
		pid_t child = fork();

		if (!child) {
			pthread_create(&thread, NULL, fault, (void *)strtoul("16", NULL, 10));
			for (;;)
				pause();
		}
		usleep(i * 100);
		kill(child, SIGSTOP);
		kill(child, SIGCONT);
		EXPECT_EQ(wait_exit(child), 128 + SIGSEGV);
	}
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Bugs that kernels had at the moment when a task appears: its number, its time of birth, signals
 * and stops that it missed, what it had not got yet. Each test is named after its bug.
 */
/* ktest: timeout=240 */
#include "../ktest.h"
#include "../process/clone3.h"
#include <dirent.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdint.h>
#include <sys/sem.h>
#include <sys/time.h>
#include <time.h>

static void *shared(size_t size)
{
	void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	ASSERT(memory != MAP_FAILED);
	return memory;
}

static int by_number(const void *a, const void *b)
{
	return *(const int *)a - *(const int *)b;
}

/* 5fdee8c4a5e1: a number was given out again at once. Two loops, as LTP's fork13. */
TEST_TIMEOUT(commit_5fdee8c4a5e1_no_pid_comes_back_soon, 60)
{
	enum { EACH = 1000 };
	int *pids = shared(2 * EACH * sizeof(int));
	pid_t loops[2];

	for (int loop = 0; loop < 2; loop++) {
		loops[loop] = fork();
		if (loops[loop])
			continue;
		for (int i = 0; i < EACH; i++) {
			pid_t pid = fork();

			if (!pid)
				_exit(0);
			pids[loop * EACH + i] = pid;
			wait_exit(pid);
		}
		_exit(0);
	}
	EXPECT_EQ(wait_exit(loops[0]) | wait_exit(loops[1]), 0);
	qsort(pids, 2 * EACH, sizeof(int), by_number);
	for (int i = 1; i < 2 * EACH; i++)
		ASSERT_NE(pids[i], pids[i - 1]);
}

/* Field 22 of /proc/<pid>/stat: clock ticks since boot. */
static unsigned long long start_time(pid_t pid)
{
	const char *field = stat_field(pid, 22);

	ASSERT(*field);
	return strtoull(field, NULL, 10);
}

static unsigned long long ticks_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_BOOTTIME, &now);
	return now.tv_sec * 100ull + now.tv_nsec / 10000000;
}

/*
 * CVE-2019-6133, 7b558513: the time of birth was taken early in a fork that could be held up. No
 * way to hold a fork up without userfaultfd; here: birth lies between the call and its return.
 */
TEST(cve_2019_6133_start_time_lies_within_the_call)
{
	for (int i = 0; i < 100; i++) {
		unsigned long long before = ticks_now(), after, born;
		pid_t pid = fork();

		if (!pid) {
			pause();
			_exit(0);
		}
		after = ticks_now();
		born = start_time(pid);
		EXPECT_GE(born, before);
		EXPECT_LE(born, after);
		kill(pid, SIGKILL);
		wait_exit(pid);
	}
}

static void *breed(void *unused)
{
	pthread_attr_t attr;
	pthread_t thread;

	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, 65536);
	pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	pthread_create(&thread, &attr, breed, NULL);
	pthread_exit(unused);
}

/* Is each thread of @pid in state T? -1: one of them went while we looked. */
static int all_stopped(pid_t pid)
{
	char path[64], line[512];
	struct dirent *entry;
	int stopped = 1;
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%d/task", pid);
	dir = opendir(path);
	while (dir && (entry = readdir(dir))) {
		int fd;

		if (entry->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "/proc/%d/task/%.12s/stat", pid, entry->d_name);
		memset(line, 0, sizeof(line));
		fd = open(path, O_RDONLY);
		if (fd < 0 || read(fd, line, sizeof(line) - 1) <= 0)
			stopped = -1;
		else if (stopped == 1 && strrchr(line, ')')[2] != 'T')
			stopped = strrchr(line, ')')[2] == 'X' ? 1 : 0;
		if (fd >= 0)
			close(fd);
	}
	if (dir)
		closedir(dir);
	return stopped;
}

/* One that was ending when the stop came is not stopped, but gone soon. */
static int become_all_stopped(pid_t pid)
{
	int stopped = 0;

	for (int i = 0; i < 200 && stopped != 1; i++) {
		stopped = all_stopped(pid);
		if (stopped != 1)
			usleep(10000);
	}
	return stopped;
}

/* 924de3b8c941: a thread born during a group stop ran on. */
TEST_TIMEOUT(commit_924de3b8c941_threads_born_into_a_stop_stop, 60)
{
	for (int round = 0; round < 10; round++) {
		int status;
		pid_t pid = fork();

		if (!pid) {
			pthread_t thread;

			for (int i = 0; i < 3; i++)
				pthread_create(&thread, NULL, breed, NULL);
			for (;;)
				pause();
		}
		for (int i = 0; i < round; i++)
			sched_yield();
		kill(pid, SIGSTOP);
		ASSERT_EQ(waitpid(pid, &status, WUNTRACED), pid);
		ASSERT(WIFSTOPPED(status));
		EXPECT_EQ(become_all_stopped(pid), 1);
		kill(pid, SIGKILL);
		wait_exit(pid);
	}
}

static void count_ticks(int sig)
{
	(void)sig;
}

/* Biederman, 2018: every signal restarted a fork from the beginning; a fast timer starved it. */
TEST_TIMEOUT(biederman_2018_fork_of_a_big_mm_under_a_timer, 60)
{
	struct itimerval fast = { { 0, 1000 }, { 0, 1000 } }, off = { };
	struct sigaction action = { .sa_handler = count_ticks, .sa_flags = SA_RESTART };
	size_t size = 32 << 20;
	char *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	memset(memory, 1, size);
	sigaction(SIGALRM, &action, NULL);
	setitimer(ITIMER_REAL, &fast, NULL);
	for (int i = 0; i < 5; i++) {
		pid_t pid = fork();

		if (!pid)
			_exit(0);
		EXPECT_EQ(wait_exit(pid), 0);
	}
	setitimer(ITIMER_REAL, &off, NULL);
}

/* The same series, and FreeBSD's D40493: a signal to the group missed the child of a fork. */
TEST_TIMEOUT(biederman_2018_group_kill_misses_no_child, 60)
{
	for (int round = 0; round < 20; round++) {
		int ends[2];
		pid_t pid;
		char c;

		ASSERT_EQ(pipe(ends), 0);
		pid = fork();
		if (!pid) {
			setpgid(0, 0);
			signal(SIGCHLD, SIG_IGN);
			if (write(ends[1], "", 1) != 1)
				_exit(1);
			for (;;)
				if (fork() > 0)
					_exit(0);
		}
		ASSERT_EQ(read(ends[0], &c, 1), 1);
		close(ends[1]);
		for (int i = 0; i < round; i++)
			sched_yield();
		wait_exit(pid);
		/* The chain goes on by itself, until one shot gets all of it. */
		ASSERT_EQ(kill(-pid, SIGKILL), 0);
		EXPECT_EQ(read(ends[0], &c, 1), 0);
		close(ends[0]);
	}
}

/* fork() by hand with known values in the vector registers; nonzero when the child lost them. */
static long fork_keeps_vectors(uint64_t seed)
{
	uint64_t want[4] = { seed, ~seed, seed * 3, seed + 7 }, got[4] = { };
	long ret;

	__asm__ volatile("vmovdqu (%[want]), %%ymm15\n\t"
			 "syscall\n\t"
			 "vmovdqu %%ymm15, (%[got])\n\t"
			 : "=a" (ret)
			 : "0" (SYS_fork), [want] "r" (want), [got] "r" (got)
			 : "rcx", "r11", "xmm15", "memory");
	if (!ret)
		_exit(memcmp(want, got, sizeof(got)) != 0);
	EXPECT(!memcmp(want, got, sizeof(got)));
	return ret;
}

/* AdrOS, StarryOS: at its first instruction the child had no descriptors, or foreign registers. */
TEST_TIMEOUT(peers_the_child_is_complete_at_once, 60)
{
	pid_t group = getpgrp();

	for (int i = 0; i < 200; i++) {
		pid_t pid = fork();

		if (!pid)
			_exit(fcntl(0, F_GETFD) < 0 || fcntl(1, F_GETFD) < 0 ||
			      fcntl(2, F_GETFD) < 0 || getpgrp() != group);
		EXPECT_EQ(wait_exit(pid), 0);
	}
	if (!__builtin_cpu_supports("avx"))
		return;
	for (uint64_t i = 0; i < 200; i++)
		EXPECT_EQ(wait_exit(fork_keeps_vectors(0x0123456789abcdef * (i + 1))), 0);
}

/* Fiwix: the child's exit undid the parent's semaphores. */
TEST(peers_the_childs_exit_undoes_nothing_of_the_parents)
{
	struct sembuf up = { 0, 1, SEM_UNDO };
	int id = semget(IPC_PRIVATE, 1, 0600);
	pid_t pid;

	if (id < 0)
		SKIP("no semaphores on this kernel: errno %d", errno);
	pid = fork();
	if (!pid) {
		pid_t child;

		ASSERT_EQ(semop(id, &up, 1), 0);
		child = fork();
		if (!child)
			_exit(0);
		wait_exit(child);
		_exit(semctl(id, 0, GETVAL) != 1);
	}
	EXPECT_EQ(wait_exit(pid), 0);
	EXPECT_EQ(semctl(id, 0, GETVAL), 0);
	semctl(id, 0, IPC_RMID);
}

// SPDX-License-Identifier: GPL-2.0-only
/* On one CPU fork() returns to a big parent soon, even if the child computes for long. */
#include "../ktest.h"
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>

#define FORKS		21
#define BIG		(32UL << 20)

static double now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1e3 + ts.tv_nsec / 1e6;
}

static void stay_here(void)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(sched_getcpu(), &set);
	ASSERT_EQ(sched_setaffinity(0, sizeof(set), &set), 0);
}

static int by_value(const void *a, const void *b)
{
	double left = *(const double *)a, right = *(const double *)b;

	return left < right ? -1 : left > right;
}

/* A child that computes; how long it had when fork() returned. */
static double head_start(volatile double *ran)
{
	double start = now_ms(), had;
	pid_t pid;

	*ran = 0;
	pid = fork();
	if (!pid)
		for (;;)
			*ran = now_ms() - start;
	had = *ran;
	ASSERT_GT(pid, 0);
	kill(pid, SIGKILL);
	ASSERT_EQ(waitpid(pid, NULL, 0), pid);
	return had;
}

/* Of the better quarter, since a busy host stops the machine in between. */
TEST(a_child_that_computes_does_not_keep_its_big_parent)
{
	volatile double *ran = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
				    -1, 0);
	char *memory = mmap(NULL, BIG, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	double had[FORKS];

	ASSERT(ran != MAP_FAILED && memory != MAP_FAILED);
	for (size_t at = 0; at < BIG; at += 4096)
		memory[at] = 1;
	stay_here();
	for (int i = 0; i < FORKS; i++)
		had[i] = head_start(ran);
	qsort(had, FORKS, sizeof(had[0]), by_value);
	EXPECT_LT(had[FORKS / 4], 1.0);
}

/*
 * Each child forks at once and each parent ends: none of them ever uses up its share of time, and
 * on one CPU the newest goes first. The older ones must get to their end all the same, and so must we.
 */
TEST_TIMEOUT(a_chain_of_forks_keeps_nobody_off_the_cpu, 30)
{
	double start;
	pid_t pid;

	stay_here();
	for (int round = 0; round < 40; round++) {
		pid = fork();
		if (!pid) {
			setpgid(0, 0);
			signal(SIGCHLD, SIG_IGN);
			for (;;)
				if (fork() > 0)
					_exit(0);
		}
		start = now_ms();
		for (int i = 0; i < round; i++)
			sched_yield();
		EXPECT_EQ(waitpid(pid, NULL, 0), pid);
		EXPECT_EQ(kill(-pid, SIGKILL), 0);
		EXPECT(now_ms() - start < 5000);
	}
}

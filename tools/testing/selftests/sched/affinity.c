// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which CPU a task runs on: affinity, yielding, sharing one CPU, switch counts.
 */
#include "../ktest.h"
#include <pthread.h>
#include <sched.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>

#define NO_PID	4194303

static unsigned long allowed(void)
{
	unsigned long mask[16] = { 0 };

	ASSERT_GT(syscall(SYS_sched_getaffinity, 0, sizeof(mask), mask), 0);
	return mask[0];
}

static int set_mask(pid_t pid, unsigned long mask)
{
	return syscall(SYS_sched_setaffinity, pid, sizeof(mask), &mask);
}

static double cpu_seconds(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts);
	return ts.tv_sec + ts.tv_nsec / 1e9;
}

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec + ts.tv_nsec / 1e9;
}

TEST(arguments)
{
	unsigned long mask[16];

	EXPECT_ERRNO(syscall(SYS_sched_getaffinity, 0, 4, mask), EINVAL);
	EXPECT_ERRNO(syscall(SYS_sched_getaffinity, 0, 12, mask), EINVAL);
	EXPECT_ERRNO(syscall(SYS_sched_getaffinity, 0, 0, mask), EINVAL);
	EXPECT_ERRNO(syscall(SYS_sched_getaffinity, 0, 128, (void *)8), EFAULT);
	EXPECT_ERRNO(syscall(SYS_sched_getaffinity, NO_PID, 128, mask), ESRCH);
	EXPECT_ERRNO(set_mask(0, 0), EINVAL);
	EXPECT_ERRNO(set_mask(0, 1UL << 63), EINVAL);
	EXPECT_ERRNO(set_mask(NO_PID, 1), ESRCH);
	EXPECT_ERRNO(syscall(SYS_sched_setaffinity, 0, 8, (void *)8), EFAULT);
}

TEST(a_task_runs_where_it_may)
{
	unsigned long mask = allowed();
	int cpu, round;

	for (round = 0; round < 20; round++) {
		for (cpu = 0; cpu < 64; cpu++) {
			if (!(mask & 1UL << cpu))
				continue;
			ASSERT_EQ(set_mask(0, 1UL << cpu), 0);
			EXPECT_EQ(sched_getcpu(), cpu);
			EXPECT_EQ(allowed(), 1UL << cpu);
		}
	}
	EXPECT_EQ(set_mask(0, mask), 0);
}

static volatile int stop;

static void *spin(void *arg)
{
	while (!stop)
		;
	return (void *)(long)sched_getcpu();
}

TEST(a_running_thread_is_moved)
{
	unsigned long mask = allowed();
	pid_t child;
	int cpu, status;

	child = fork();
	if (!child)
		spin(NULL);
	for (cpu = 0; cpu < 64; cpu++) {
		if (mask & 1UL << cpu)
			EXPECT_EQ(set_mask(child, 1UL << cpu), 0);
	}
	kill(child, SIGKILL);
	ASSERT_EQ(waitpid(child, &status, 0), child);
	ASSERT(WIFSIGNALED(status));
}

TEST(children_inherit_the_mask)
{
	int first = __builtin_ctzl(allowed()), status;
	pid_t pid;

	ASSERT_EQ(set_mask(0, 1UL << first), 0);
	pid = fork();
	if (!pid)
		_exit(allowed() == 1UL << first ? sched_getcpu() : 99);
	ASSERT_EQ(waitpid(pid, &status, 0), pid);
	EXPECT_EQ(WEXITSTATUS(status), first);
}

/* Burn for half a second of real time on one CPU; say how many hundredths of a second were had. */
static int burn(int nice_value)
{
	double end = now() + 0.5;

	setpriority(PRIO_PROCESS, 0, nice_value);
	while (now() < end)
		;
	return cpu_seconds() * 100;
}

static void share(int nice_a, int nice_b, int *a, int *b)
{
	pid_t pa, pb;
	int status;

	ASSERT_EQ(set_mask(0, allowed() & -allowed()), 0);
	pa = fork();
	if (!pa)
		_exit(burn(nice_a));
	pb = fork();
	if (!pb)
		_exit(burn(nice_b));
	ASSERT_EQ(waitpid(pa, &status, 0), pa);
	*a = WEXITSTATUS(status);
	ASSERT_EQ(waitpid(pb, &status, 0), pb);
	*b = WEXITSTATUS(status);
}

TEST(equals_share_a_cpu)
{
	int a, b;

	share(0, 0, &a, &b);
	EXPECT_LE(a, b + 15);
	EXPECT_LE(b, a + 15);
	EXPECT_GT(a, 2);
}

TEST(the_nicer_gets_less)
{
	int a, b;

	share(0, 15, &a, &b);
	EXPECT_GT(a, 3 * b);
}

TEST(yield_returns)
{
	int i;

	for (i = 0; i < 1000; i++)
		EXPECT_EQ(sched_yield(), 0);
}

TEST(sleeping_and_spinning_are_counted_apart)
{
	struct timespec ms = { 0, 1000000 };
	struct rusage before, after;
	int i;

	getrusage(RUSAGE_SELF, &before);
	for (i = 0; i < 10; i++)
		nanosleep(&ms, NULL);
	getrusage(RUSAGE_SELF, &after);
	/* A busy host may let a nap be over before it begins. */
	EXPECT_GE(after.ru_nvcsw - before.ru_nvcsw, 5);
}

TEST(two_threads_take_turns_through_pipes)
{
	int ping[2], pong[2], i, status;
	char c = 0;
	pid_t pid;

	ASSERT_EQ(pipe(ping) | pipe(pong), 0);
	pid = fork();
	if (!pid) {
		for (i = 0; i < 2000; i++) {
			if (read(ping[0], &c, 1) != 1 || write(pong[1], &c, 1) != 1)
				_exit(1);
		}
		_exit(0);
	}
	for (i = 0; i < 2000; i++) {
		ASSERT_EQ(write(ping[1], &c, 1), 1);
		ASSERT_EQ(read(pong[0], &c, 1), 1);
	}
	ASSERT_EQ(waitpid(pid, &status, 0), pid);
	EXPECT_EQ(status, 0);
}

TEST(threads_of_a_process_have_their_own_cpu_clocks)
{
	struct timespec thread, process;
	pthread_t t;
	clockid_t clock;
	int tries;

	stop = 0;
	ASSERT_EQ(pthread_create(&t, NULL, spin, NULL), 0);
	usleep(50000);
	ASSERT_EQ(pthread_getcpuclockid(t, &clock), 0);
	ASSERT_EQ(clock_gettime(clock, &thread), 0);
	stop = 1;
	pthread_join(t, NULL);
	ASSERT_EQ(clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &process), 0);
	EXPECT_GT(thread.tv_nsec, 1000000);
	EXPECT_GE(process.tv_sec * 1000000000 + process.tv_nsec, thread.tv_nsec);
	/* The join may be over a little before the thread is gone. */
	for (tries = 0; tries < 100 && !clock_gettime(clock, &thread); tries++)
		usleep(1000);
	EXPECT_ERRNO(clock_gettime(clock, &thread), EINVAL);
}

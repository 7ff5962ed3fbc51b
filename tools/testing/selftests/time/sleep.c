// SPDX-License-Identifier: GPL-2.0-only
/*
 * nanosleep and clock_nanosleep: never short, absolute times, signals, restarts.
 * ktest: musl
 */
#include "../ktest.h"
#include <pthread.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>

static long long now(int clock)
{
	struct timespec ts;

	clock_gettime(clock, &ts);
	return ts.tv_sec * 1000000000LL + ts.tv_nsec;
}

static struct timespec spec(long long t)
{
	return (struct timespec){ t / 1000000000, t % 1000000000 };
}

static void nothing(int sig)
{
	(void)sig;
}

static void alarm_in(long usec, int flags)
{
	struct sigaction sa = { .sa_handler = nothing, .sa_flags = flags };
	struct itimerval it = { { 0, 0 }, { 0, usec } };

	ASSERT_EQ(sigaction(SIGALRM, &sa, NULL), 0);
	ASSERT_EQ(setitimer(ITIMER_REAL, &it, NULL), 0);
}

TEST(arguments)
{
	struct timespec ts = { 0, 1000000000 };

	EXPECT_ERRNO(syscall(SYS_nanosleep, &ts, NULL), EINVAL);
	ts = (struct timespec){ 0, -1 };
	EXPECT_ERRNO(syscall(SYS_nanosleep, &ts, NULL), EINVAL);
	ts = (struct timespec){ -1, 0 };
	EXPECT_ERRNO(syscall(SYS_nanosleep, &ts, NULL), EINVAL);
	EXPECT_ERRNO(syscall(SYS_nanosleep, NULL, NULL), EFAULT);
	EXPECT_ERRNO(syscall(SYS_clock_nanosleep, CLOCK_MONOTONIC, 0, NULL, NULL), EFAULT);
	EXPECT_ERRNO(syscall(SYS_clock_nanosleep, CLOCK_MONOTONIC_RAW, 0, &ts, NULL), EOPNOTSUPP);
	EXPECT_ERRNO(syscall(SYS_clock_nanosleep, CLOCK_REALTIME_COARSE, 0, &ts, NULL), EOPNOTSUPP);
	EXPECT_ERRNO(syscall(SYS_clock_nanosleep, CLOCK_THREAD_CPUTIME_ID, 0, &ts, NULL),
		     EOPNOTSUPP);
	EXPECT_ERRNO(syscall(SYS_clock_nanosleep, 10, 0, &ts, NULL), EINVAL);
	ts = (struct timespec){ 0, 0 };
	EXPECT_EQ(syscall(SYS_nanosleep, &ts, NULL), 0);
	/* Unknown flags are ignored here. */
	EXPECT_EQ(syscall(SYS_clock_nanosleep, CLOCK_MONOTONIC, 0x10, &ts, NULL), 0);
}

TEST(never_short)
{
	static const int clocks[] = { CLOCK_REALTIME, CLOCK_MONOTONIC, CLOCK_BOOTTIME, 11 };
	unsigned int i;
	int j;

	for (i = 0; i < 4; i++) {
		for (j = 1; j <= 10; j++) {
			long long start = now(clocks[i]), want = j * 300000;
			struct timespec ts = spec(want);

			ASSERT_EQ(syscall(SYS_clock_nanosleep, clocks[i], 0, &ts, NULL), 0);
			EXPECT_GE(now(clocks[i]) - start, want);
			ts = spec(now(clocks[i]) + want);
			ASSERT_EQ(clock_nanosleep(clocks[i], TIMER_ABSTIME, &ts, NULL), 0);
			EXPECT_GE(now(clocks[i]), ts.tv_sec * 1000000000LL + ts.tv_nsec);
		}
	}
}

TEST(past_times_return_at_once)
{
	struct timespec ts = { 1, 0 };
	long long start = now(CLOCK_MONOTONIC);

	EXPECT_EQ(syscall(SYS_clock_nanosleep, CLOCK_REALTIME, TIMER_ABSTIME, &ts, NULL), 0);
	ts = (struct timespec){ 0, 0 };
	EXPECT_EQ(syscall(SYS_clock_nanosleep, CLOCK_MONOTONIC, TIMER_ABSTIME, &ts, NULL), 0);
	EXPECT_LT(now(CLOCK_MONOTONIC) - start, 1000000000);
}

TEST(a_handler_ends_it_and_the_rest_is_told)
{
	struct timespec want = { 5, 0 }, left = { 0, 0 };

	alarm_in(50000, SA_RESTART);
	EXPECT_ERRNO(nanosleep(&want, &left), EINTR);
	EXPECT_EQ(left.tv_sec, 4);
	EXPECT_GT(left.tv_nsec, 0);
	alarm_in(50000, 0);
	EXPECT_EQ(clock_nanosleep(CLOCK_MONOTONIC, 0, &want, &left), EINTR);
	EXPECT_EQ(left.tv_sec, 4);
}

TEST(an_absolute_sleep_tells_nothing)
{
	struct timespec want = spec(now(CLOCK_MONOTONIC) + 5000000000LL), left = { 77, 77 };

	alarm_in(50000, 0);
	EXPECT_EQ(clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &want, &left), EINTR);
	EXPECT_EQ(left.tv_sec, 77);
	EXPECT_EQ(left.tv_nsec, 77);
}

/* A stop and a continue without a handler do not shorten or lengthen the sleep. */
TEST(stop_and_continue_restart_it)
{
	struct timespec want = { 0, 300000000 };
	int status;
	pid_t pid = fork();

	if (!pid) {
		long long start = now(CLOCK_MONOTONIC), took;

		if (nanosleep(&want, NULL))
			_exit(1);
		took = now(CLOCK_MONOTONIC) - start;
		_exit(took < 300000000 ? 2 : took > 2000000000 ? 3 : 0);
	}
	usleep(50000);
	kill(pid, SIGSTOP);
	ASSERT_EQ(waitpid(pid, &status, WUNTRACED), pid);
	ASSERT(WIFSTOPPED(status));
	usleep(50000);
	kill(pid, SIGCONT);
	ASSERT_EQ(waitpid(pid, &status, 0), pid);
	EXPECT_EQ(status, 0);
}

static volatile int stop;

static void *burn(void *arg)
{
	(void)arg;
	while (!stop)
		;
	return NULL;
}

TEST(sleeping_on_the_cpu_clock)
{
	struct timespec want = { 0, 30000000 };
	long long start = now(CLOCK_PROCESS_CPUTIME_ID);
	pthread_t t;

	ASSERT_EQ(pthread_create(&t, NULL, burn, NULL), 0);
	EXPECT_EQ(clock_nanosleep(CLOCK_PROCESS_CPUTIME_ID, 0, &want, NULL), 0);
	EXPECT_GE(now(CLOCK_PROCESS_CPUTIME_ID) - start, 30000000);
	stop = 1;
	pthread_join(t, NULL);
}

TEST(many_sleepers)
{
	int i, status, bad = 0;

	for (i = 0; i < 50; i++) {
		if (!fork()) {
			struct timespec ts = { 0, (i % 10 + 1) * 3000000 };
			long long start = now(CLOCK_MONOTONIC);

			nanosleep(&ts, NULL);
			_exit(now(CLOCK_MONOTONIC) - start < ts.tv_nsec);
		}
	}
	for (i = 0; i < 50; i++) {
		ASSERT_GT(wait(&status), 0);
		bad += status != 0;
	}
	EXPECT_EQ(bad, 0);
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * clock_gettime, clock_getres, clock_settime, gettimeofday, time, adjtimex: by system call and
 * through the C library's vDSO.
 * ktest: musl
 */
#include "../ktest.h"
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/timex.h>
#include <time.h>

#define CPU_CLOCK(pid, what, thread) \
	((int)(~(unsigned int)(pid) << 3 | (what) | ((thread) ? 4 : 0)))

static const int wall_clocks[] = {
	CLOCK_REALTIME, CLOCK_MONOTONIC, CLOCK_MONOTONIC_RAW, CLOCK_REALTIME_COARSE,
	CLOCK_MONOTONIC_COARSE, CLOCK_BOOTTIME, 11 /* CLOCK_TAI */,
};

#define NR_WALL	(sizeof(wall_clocks) / sizeof(wall_clocks[0]))

static long long ns(struct timespec ts)
{
	return ts.tv_sec * 1000000000LL + ts.tv_nsec;
}

static long long read_call(int clock)
{
	struct timespec ts;

	ASSERT_EQ(syscall(SYS_clock_gettime, clock, &ts), 0);
	ASSERT(ts.tv_nsec >= 0 && ts.tv_nsec < 1000000000);
	return ns(ts);
}

static long long read_library(int clock)
{
	struct timespec ts;

	ASSERT_EQ(clock_gettime(clock, &ts), 0);
	return ns(ts);
}

TEST(clocks_go_forward)
{
	unsigned int i;
	int round;

	for (i = 0; i < NR_WALL; i++) {
		long long last = read_call(wall_clocks[i]);

		for (round = 0; round < 200; round++) {
			long long next = round & 1 ? read_library(wall_clocks[i]) :
						     read_call(wall_clocks[i]);

			EXPECT_GE(next, last);
			last = next;
		}
	}
}

TEST(call_and_library_agree)
{
	unsigned int i;

	for (i = 0; i < NR_WALL; i++) {
		long long before = read_call(wall_clocks[i]);
		long long between = read_library(wall_clocks[i]);
		long long after = read_call(wall_clocks[i]);

		EXPECT_LE(before, between);
		EXPECT_LE(between, after);
	}
}

TEST(unknown_clocks)
{
	static const int unknown[] = { 10, 12, 13, 16, 100, -1 };
	struct timespec ts = { 0, 0 };
	unsigned int i;

	for (i = 0; i < sizeof(unknown) / sizeof(int); i++) {
		EXPECT_ERRNO(syscall(SYS_clock_gettime, unknown[i], &ts), EINVAL);
		EXPECT_ERRNO(syscall(SYS_clock_getres, unknown[i], &ts), EINVAL);
		EXPECT_ERRNO(syscall(SYS_clock_settime, unknown[i], &ts), EINVAL);
		EXPECT_ERRNO(syscall(SYS_clock_nanosleep, unknown[i], 0, &ts, NULL), EINVAL);
	}
}

TEST(bad_pointers)
{
	EXPECT_ERRNO(syscall(SYS_clock_gettime, CLOCK_MONOTONIC, (void *)8), EFAULT);
	EXPECT_ERRNO(syscall(SYS_clock_getres, CLOCK_MONOTONIC, (void *)8), EFAULT);
	EXPECT_EQ(syscall(SYS_clock_getres, CLOCK_MONOTONIC, NULL), 0);
	EXPECT_ERRNO(syscall(SYS_clock_settime, CLOCK_REALTIME, (void *)8), EFAULT);
	EXPECT_ERRNO(syscall(SYS_gettimeofday, (void *)8, NULL), EFAULT);
	EXPECT_EQ(syscall(SYS_gettimeofday, NULL, NULL), 0);
	EXPECT_ERRNO(syscall(SYS_settimeofday, (void *)8, NULL), EFAULT);
	EXPECT_ERRNO(syscall(SYS_time, (void *)8), EFAULT);
}

TEST(resolutions)
{
	struct timespec ts;

	ASSERT_EQ(clock_getres(CLOCK_REALTIME, &ts), 0);
	EXPECT_EQ(ns(ts), 1);
	ASSERT_EQ(clock_getres(CLOCK_PROCESS_CPUTIME_ID, &ts), 0);
	EXPECT_EQ(ns(ts), 1);
	ASSERT_EQ(clock_getres(CLOCK_MONOTONIC_COARSE, &ts), 0);
	EXPECT_GE(ns(ts), 1000000);
	EXPECT_LE(ns(ts), 20000000);
}

TEST(setting_is_checked)
{
	struct timespec ts = { -1, 0 };
	struct timeval tv = { 0, -1 };
	struct timezone tz = { 0, 0 };

	EXPECT_ERRNO(syscall(SYS_clock_settime, CLOCK_REALTIME, &ts), EINVAL);
	ts = (struct timespec){ 0, 1000000000 };
	EXPECT_ERRNO(syscall(SYS_clock_settime, CLOCK_REALTIME, &ts), EINVAL);
	EXPECT_ERRNO(syscall(SYS_clock_settime, CLOCK_MONOTONIC, &ts), EINVAL);
	EXPECT_ERRNO(syscall(SYS_clock_settime, CLOCK_PROCESS_CPUTIME_ID, &ts), EINVAL);
	EXPECT_ERRNO(syscall(SYS_clock_settime, CPU_CLOCK(0, 2, 1), &ts), EPERM);
	EXPECT_ERRNO(syscall(SYS_settimeofday, &tv, NULL), EINVAL);
	ASSERT_EQ(setresuid(65534, 65534, 65534), 0);
	ts = (struct timespec){ 1700000000, 0 };
	EXPECT_ERRNO(syscall(SYS_clock_settime, CLOCK_REALTIME, &ts), EPERM);
	tv = (struct timeval){ 1700000000, 0 };
	EXPECT_ERRNO(syscall(SYS_settimeofday, &tv, NULL), EPERM);
	EXPECT_ERRNO(syscall(SYS_settimeofday, NULL, &tz), EPERM);
}

TEST(older_calls_show_the_same_time)
{
	struct timeval tv, tv2;
	time_t t = 0;

	ASSERT_EQ(syscall(SYS_gettimeofday, &tv, NULL), 0);
	ASSERT_EQ(gettimeofday(&tv2, NULL), 0);
	EXPECT_GE(tv2.tv_sec * 1000000 + tv2.tv_usec, tv.tv_sec * 1000000 + tv.tv_usec);
	EXPECT_LT(tv2.tv_sec - tv.tv_sec, 5);
	EXPECT_GE(syscall(SYS_time, &t), tv.tv_sec);
	EXPECT_LT(t - tv.tv_sec, 5);
	EXPECT_GT(tv.tv_sec, 1600000000);
}

static void burn_ms(long ms)
{
	long long end = read_call(CLOCK_THREAD_CPUTIME_ID) + ms * 1000000;

	while (read_call(CLOCK_THREAD_CPUTIME_ID) < end)
		;
}

TEST(cpu_clocks_count_running_only)
{
	struct timespec pause = { 0, 30000000 };
	long long before = read_call(CLOCK_PROCESS_CPUTIME_ID), after;

	nanosleep(&pause, NULL);
	after = read_call(CLOCK_PROCESS_CPUTIME_ID);
	EXPECT_LT(after - before, 25000000);
	burn_ms(20);
	EXPECT_GE(read_call(CLOCK_PROCESS_CPUTIME_ID) - after, 20000000);
	EXPECT_LE(read_call(CLOCK_THREAD_CPUTIME_ID), read_call(CLOCK_PROCESS_CPUTIME_ID));
}

TEST(cpu_clocks_of_others)
{
	struct timespec ts;
	int status, ready[2];
	clockid_t clock;
	pid_t pid;
	char c;

	ASSERT_EQ(pipe(ready), 0);
	pid = fork();
	if (!pid) {
		burn_ms(20);
		write(ready[1], "", 1);
		pause();
	}
	ASSERT_EQ(read(ready[0], &c, 1), 1);
	ASSERT_EQ(clock_getcpuclockid(pid, &clock), 0);
	EXPECT_EQ(clock, CPU_CLOCK(pid, 2, 0));
	ASSERT_EQ(clock_gettime(clock, &ts), 0);
	EXPECT_GE(ns(ts), 20000000);
	/* Another process's thread is not visible. */
	EXPECT_ERRNO(syscall(SYS_clock_gettime, CPU_CLOCK(pid, 2, 1), &ts), EINVAL);
	EXPECT_ERRNO(syscall(SYS_clock_gettime, CPU_CLOCK(4194303, 2, 0), &ts), EINVAL);
	kill(pid, SIGKILL);
	ASSERT_EQ(waitpid(pid, &status, 0), pid);
	EXPECT_ERRNO(syscall(SYS_clock_gettime, clock, &ts), EINVAL);
}

TEST(an_offset_without_a_loop_steers_nothing)
{
	struct timex tx = { };
	long freq;

	ASSERT_GE(syscall(SYS_adjtimex, &tx), 0);
	if (geteuid() || (tx.status & STA_PLL))
		SKIP("needs root, and a clock that nobody steers");
	freq = tx.freq;
	tx = (struct timex){ .modes = ADJ_OFFSET, .offset = 10000 };
	EXPECT_GE(syscall(SYS_adjtimex, &tx), 0);
	EXPECT_EQ(tx.offset, 0);
	EXPECT_EQ(tx.freq, freq);
}

TEST(adjtimex_reports)
{
	struct timex tx;
	int state;

	memset(&tx, 0, sizeof(tx));
	state = syscall(SYS_adjtimex, &tx);
	EXPECT(state >= TIME_OK && state <= TIME_ERROR);
	EXPECT_GE(tx.tick, 9000);
	EXPECT_LE(tx.tick, 11000);
	EXPECT_EQ(tx.precision, 1);
	EXPECT_GT(tx.time.tv_sec, 1600000000);
	EXPECT_ERRNO(syscall(SYS_adjtimex, (void *)8), EFAULT);
	EXPECT_ERRNO(syscall(SYS_clock_adjtime, 100, &tx), EINVAL);
	EXPECT_ERRNO(syscall(SYS_clock_adjtime, CLOCK_MONOTONIC, &tx), EOPNOTSUPP);
	ASSERT_EQ(setresuid(65534, 65534, 65534), 0);
	tx.modes = ADJ_STATUS;
	EXPECT_ERRNO(syscall(SYS_adjtimex, &tx), EPERM);
}

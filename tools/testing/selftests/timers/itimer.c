// SPDX-License-Identifier: GPL-2.0-only
/*
 * setitimer, getitimer, alarm.
 * ktest: musl
 */
#include "../ktest.h"
#include <sys/time.h>
#include <time.h>

static volatile sig_atomic_t count;

static void on_signal(int sig)
{
	(void)sig;
	count++;
}

static void handle(int sig, int flags)
{
	struct sigaction sa = { .sa_handler = on_signal, .sa_flags = flags };

	ASSERT_EQ(sigaction(sig, &sa, NULL), 0);
}

static struct itimerval ms(long value, long interval)
{
	return (struct itimerval){ { interval / 1000, interval % 1000 * 1000 },
				   { value / 1000, value % 1000 * 1000 } };
}

/* Use the CPU in user mode for about so long. */
static void burn(long milliseconds)
{
	struct timespec start, now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &start);
	do {
		for (volatile int i = 0; i < 10000; i++)
			;
		clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	} while ((now.tv_sec - start.tv_sec) * 1000 + (now.tv_nsec - start.tv_nsec) / 1000000 <
		 milliseconds);
}

TEST(arguments_are_checked)
{
	struct itimerval it = ms(0, 0);

	EXPECT_ERRNO(getitimer(7, &it), EINVAL);
	EXPECT_ERRNO(setitimer(7, &it, NULL), EINVAL);
	EXPECT_ERRNO(setitimer(ITIMER_REAL, (void *)8, NULL), EFAULT);
	EXPECT_ERRNO(getitimer(ITIMER_REAL, (void *)8), EFAULT);
	it.it_value.tv_usec = 1000000;
	EXPECT_ERRNO(setitimer(ITIMER_REAL, &it, NULL), EINVAL);
	it.it_value.tv_usec = 0;
	it.it_interval.tv_sec = -1;
	EXPECT_ERRNO(setitimer(ITIMER_REAL, &it, NULL), EINVAL);
}

TEST(alarm_fires_and_reports)
{
	EXPECT_EQ(alarm(10), 0);
	EXPECT_EQ(alarm(100), 10);
	EXPECT_EQ(alarm(0), 100);
	EXPECT_EQ(alarm(0), 0);
	handle(SIGALRM, 0);
	alarm(1);
	pause();
	EXPECT_EQ(count, 1);
}

TEST(real_timer_once)
{
	struct itimerval it = ms(50, 0);
	struct timespec start, end;

	handle(SIGALRM, 0);
	clock_gettime(CLOCK_MONOTONIC, &start);
	EXPECT_EQ(setitimer(ITIMER_REAL, &it, NULL), 0);
	EXPECT_EQ(getitimer(ITIMER_REAL, &it), 0);
	EXPECT(it.it_value.tv_usec > 0 && it.it_value.tv_usec <= 50000);
	pause();
	clock_gettime(CLOCK_MONOTONIC, &end);
	EXPECT_GE((end.tv_sec - start.tv_sec) * 1000000000 + end.tv_nsec - start.tv_nsec, 50000000);
	EXPECT_EQ(getitimer(ITIMER_REAL, &it), 0);
	EXPECT(!it.it_value.tv_sec && !it.it_value.tv_usec);
	EXPECT_EQ(count, 1);
}

TEST(real_timer_repeats)
{
	struct itimerval it = ms(10, 10), off = ms(0, 0), old;

	handle(SIGALRM, 0);
	setitimer(ITIMER_REAL, &it, NULL);
	while (count < 5)
		pause();
	EXPECT_EQ(setitimer(ITIMER_REAL, &off, &old), 0);
	EXPECT_EQ(old.it_interval.tv_usec, 10000);
	count = 0;
	usleep(30000);
	EXPECT_EQ(count, 0);
}

TEST(virtual_and_prof_count_cpu_time)
{
	struct itimerval it = ms(60, 0);

	handle(SIGVTALRM, 0);
	setitimer(ITIMER_VIRTUAL, &it, NULL);
	usleep(100000);
	EXPECT_EQ(count, 0);
	while (!count)
		burn(10);
	handle(SIGPROF, 0);
	count = 0;
	setitimer(ITIMER_PROF, &it, NULL);
	usleep(100000);
	EXPECT_EQ(count, 0);
	while (!count)
		burn(10);
}

TEST(prof_repeats)
{
	struct itimerval it = ms(20, 20), off = ms(0, 0);

	handle(SIGPROF, SA_RESTART);
	setitimer(ITIMER_PROF, &it, NULL);
	while (count < 4)
		burn(5);
	setitimer(ITIMER_PROF, &off, NULL);
}

TEST(not_inherited_by_fork)
{
	struct itimerval it = ms(5000, 1000);
	pid_t child;

	setitimer(ITIMER_REAL, &it, NULL);
	setitimer(ITIMER_PROF, &it, NULL);
	child = fork();
	if (!child) {
		getitimer(ITIMER_REAL, &it);
		if (it.it_value.tv_sec || it.it_value.tv_usec || it.it_interval.tv_sec)
			_exit(1);
		getitimer(ITIMER_PROF, &it);
		_exit(it.it_value.tv_sec || it.it_value.tv_usec || it.it_interval.tv_sec);
	}
	EXPECT_EQ(wait_exit(child), 0);
	alarm(0);
}

/* A fast timer must not keep fork from finishing. */
TEST(fork_makes_progress_under_a_fast_timer)
{
	struct itimerval it = { { 0, 500 }, { 0, 500 } }, off = ms(0, 0);
	char *memory = mmap(NULL, 8 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
			    -1, 0);

	ASSERT(memory != MAP_FAILED);
	memset(memory, 1, 8 << 20);
	handle(SIGALRM, SA_RESTART);
	setitimer(ITIMER_REAL, &it, NULL);
	for (int i = 0; i < 10; i++) {
		pid_t child = fork();

		if (!child)
			_exit(0);
		EXPECT_EQ(wait_exit(child), 0);
	}
	setitimer(ITIMER_REAL, &off, NULL);
}

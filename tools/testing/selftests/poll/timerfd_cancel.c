// SPDX-License-Identifier: GPL-2.0-only
/*
 * TFD_TIMER_CANCEL_ON_SET: a timer on the wall clock tells when that is set.
 * It sets the clock, so not on the host. ktest: tine
 */
#include "../ktest.h"
#include <fcntl.h>
#include <sys/timerfd.h>
#include <time.h>

static void set_clock(void)
{
	struct timespec ts;

	ASSERT_EQ(clock_gettime(CLOCK_REALTIME, &ts), 0);
	ASSERT_EQ(clock_settime(CLOCK_REALTIME, &ts), 0);
}

static int armed(int flags)
{
	int fd = timerfd_create(CLOCK_REALTIME, TFD_NONBLOCK);
	struct itimerspec its = { };

	ASSERT_EQ(clock_gettime(CLOCK_REALTIME, &its.it_value), 0);
	its.it_value.tv_sec += 1000;
	ASSERT_EQ(timerfd_settime(fd, flags, &its, NULL), 0);
	return fd;
}

TEST(read_is_canceled_once)
{
	int fd = armed(TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET);
	unsigned long ticks;

	EXPECT_ERRNO(read(fd, &ticks, 8), EAGAIN);
	set_clock();
	EXPECT_ERRNO(read(fd, &ticks, 8), ECANCELED);
	EXPECT_ERRNO(read(fd, &ticks, 8), EAGAIN);
}

TEST(sleeper_is_woken)
{
	int fd = armed(TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET), status;
	unsigned long ticks;
	pid_t pid;

	fcntl(fd, F_SETFL, 0);
	pid = fork();
	if (!pid) {
		usleep(30000);
		set_clock();
		_exit(0);
	}
	EXPECT_ERRNO(read(fd, &ticks, 8), ECANCELED);
	waitpid(pid, &status, 0);
	EXPECT_EQ(status, 0);
}

TEST(only_who_asked)
{
	int fd = armed(TFD_TIMER_ABSTIME);
	unsigned long ticks;

	set_clock();
	EXPECT_ERRNO(read(fd, &ticks, 8), EAGAIN);
}

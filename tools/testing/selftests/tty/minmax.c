// SPDX-License-Identifier: GPL-2.0-only
/*
 * Non-canonical reads: the four cases of MIN and TIME of termios(3), with O_NONBLOCK, poll
 * and signals. A child types after a while.
 */
#include "pty.h"

/* Type @text on the master in @ms from now. */
static void type_later(struct pair *p, int ms, const char *text)
{
	if (fork())
		return;
	sleep_ms(ms);
	put(p->master, text);
	_exit(0);
}

TEST(min_blocks_until_enough)
{
	struct pair p = open_pair();
	char buf[16];
	long start = now_ms();

	set_raw(p.slave, 4, 0);
	put(p.master, "ab");
	type_later(&p, 200, "cd");
	EXPECT_EQ(read(p.slave, buf, sizeof(buf)), 4);
	EXPECT_GE(now_ms() - start, 190);
}

TEST(min_satisfied_takes_all)
{
	struct pair p = open_pair();
	char buf[16];

	set_raw(p.slave, 2, 0);
	put(p.master, "abcdef");
	sleep_ms(QUIET_MS);
	EXPECT_EQ(read(p.slave, buf, sizeof(buf)), 6);
}

/* Asked for less than MIN: what was asked for suffices. */
TEST(min_above_count)
{
	struct pair p = open_pair();
	char buf[16];

	set_raw(p.slave, 10, 0);
	put(p.master, "abc");
	sleep_ms(QUIET_MS);
	EXPECT_EQ(read(p.slave, buf, 2), 2);
	type_later(&p, 100, "x");
	EXPECT_EQ(read(p.slave, buf, 2), 2);
	EXPECT_EQ(memcmp(buf, "cx", 2), 0);
}

TEST(time_without_min)
{
	struct pair p = open_pair();
	char buf[16];
	long start = now_ms();

	set_raw(p.slave, 0, 2);
	EXPECT_EQ(read(p.slave, buf, sizeof(buf)), 0);
	EXPECT_GE(now_ms() - start, 190);
	EXPECT_LT(now_ms() - start, 1500);
	set_raw(p.slave, 0, 20);
	type_later(&p, 50, "ab");
	start = now_ms();
	EXPECT_EQ(read(p.slave, buf, sizeof(buf)), 2);
	EXPECT_LT(now_ms() - start, 1500);
}

TEST(neither)
{
	struct pair p = open_pair();
	char buf[16];

	set_raw(p.slave, 0, 0);
	EXPECT_EQ(read(p.slave, buf, sizeof(buf)), 0);
	put(p.master, "ab");
	sleep_ms(QUIET_MS);
	EXPECT_EQ(read(p.slave, buf, sizeof(buf)), 2);
	EXPECT_EQ(read(p.slave, buf, sizeof(buf)), 0);
}

/* The interval timer starts with the first byte. */
TEST(min_and_time)
{
	struct pair p = open_pair();
	char buf[16];
	long start = now_ms();

	set_raw(p.slave, 5, 2);
	type_later(&p, 400, "ab");
	EXPECT_EQ(read(p.slave, buf, sizeof(buf)), 2);
	EXPECT_GE(now_ms() - start, 580);
	start = now_ms();
	put(p.master, "abcde");
	EXPECT_EQ(read(p.slave, buf, 5), 5);
	EXPECT_LT(now_ms() - start, 150);
}

/* ... and anew with each. */
TEST(interval_restarts)
{
	struct pair p = open_pair();
	char buf[16];
	long start = now_ms();

	set_raw(p.slave, 9, 4);
	put(p.master, "a");
	type_later(&p, 200, "b");
	type_later(&p, 400, "c");
	EXPECT_EQ(read(p.slave, buf, sizeof(buf)), 3);
	EXPECT_GE(now_ms() - start, 780);
}

TEST(nonblock)
{
	struct pair p = open_pair();
	char buf[16];

	ASSERT_EQ(fcntl(p.slave, F_SETFL, O_RDWR | O_NONBLOCK), 0);
	EXPECT_ERRNO(read(p.slave, buf, 1), EAGAIN);
	put(p.master, "part");
	EXPECT_ERRNO(read(p.slave, buf, 1), EAGAIN);
	set_raw(p.slave, 1, 0);
	EXPECT_EQ(read(p.slave, buf, sizeof(buf)), 4);
	EXPECT_ERRNO(read(p.slave, buf, 1), EAGAIN);
	set_raw(p.slave, 5, 0);
	put(p.master, "abc");
	sleep_ms(QUIET_MS);
	EXPECT_EQ(read(p.slave, buf, sizeof(buf)), 3);
	set_raw(p.slave, 0, 0);
	EXPECT_EQ(read(p.slave, buf, sizeof(buf)), 0);
	set_raw(p.slave, 0, 3);
	EXPECT_ERRNO(read(p.slave, buf, sizeof(buf)), EAGAIN);
}

/* poll() wants MIN bytes, if there is no TIME. */
TEST(poll_counts_min)
{
	struct pair p = open_pair();

	set_raw(p.slave, 3, 0);
	put(p.master, "ab");
	EXPECT_EQ(readable(p.slave, QUIET_MS), 0);
	put(p.master, "c");
	EXPECT_EQ(readable(p.slave, WAIT_MS), 1);
	set_raw(p.slave, 5, 1);
	EXPECT_EQ(readable(p.slave, WAIT_MS), 1);
}

static void nothing(int sig)
{
	(void)sig;
}

TEST(interrupted)
{
	struct sigaction sa = { .sa_handler = nothing };
	struct pair p = open_pair();
	char buf[16];
	pid_t self = getpid();

	ASSERT_EQ(sigaction(SIGUSR1, &sa, NULL), 0);
	set_raw(p.slave, 4, 0);
	if (!fork()) {
		sleep_ms(200);
		kill(self, SIGUSR1);
		sleep_ms(200);
		put(p.master, "ab");
		sleep_ms(200);
		kill(self, SIGUSR1);
		_exit(0);
	}
	EXPECT_ERRNO(read(p.slave, buf, sizeof(buf)), EINTR);
	EXPECT_EQ(read(p.slave, buf, sizeof(buf)), 2);	/* what came before the signal */
}

TEST(restarted)
{
	struct sigaction sa = { .sa_handler = nothing, .sa_flags = SA_RESTART };
	struct pair p = open_pair();
	char buf[16];
	pid_t self = getpid();

	ASSERT_EQ(sigaction(SIGUSR1, &sa, NULL), 0);
	if (!fork()) {
		sleep_ms(100);
		kill(self, SIGUSR1);
		sleep_ms(100);
		put(p.master, "ab\n");
		_exit(0);
	}
	EXPECT_EQ(read(p.slave, buf, sizeof(buf)), 3);
}

static volatile sig_atomic_t ios;

static void count_io(int sig)
{
	(void)sig;
	ios++;
}

TEST(sigio)
{
	struct sigaction sa = { .sa_handler = count_io, .sa_flags = SA_RESTART };
	struct pair p = open_pair();

	ASSERT_EQ(sigaction(SIGIO, &sa, NULL), 0);
	ASSERT_EQ(fcntl(p.slave, F_SETFL, O_RDWR | O_ASYNC), 0);
	EXPECT_EQ(fcntl(p.slave, F_GETOWN), getpid());
	put(p.master, "unfinished");
	sleep_ms(QUIET_MS);
	EXPECT_EQ(ios, 0);
	put(p.master, "\n");
	sleep_ms(QUIET_MS);
	EXPECT_GE(ios, 1);
	ASSERT_EQ(fcntl(p.slave, F_SETFL, O_RDWR), 0);
	ios = 0;
	put(p.master, "again\n");
	sleep_ms(QUIET_MS);
	EXPECT_EQ(ios, 0);
}

TEST(zero_length)
{
	struct pair p = open_pair();
	char c;

	EXPECT_EQ(read(p.slave, &c, 0), 0);
	EXPECT_EQ(write(p.slave, &c, 0), 0);
	EXPECT_EQ(write(p.master, &c, 0), 0);
	EXPECT_ERRNO(lseek(p.slave, 0, SEEK_SET), ESPIPE);
	EXPECT_ERRNO(lseek(p.master, 0, SEEK_CUR), ESPIPE);
}

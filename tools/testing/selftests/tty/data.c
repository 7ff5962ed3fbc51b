// SPDX-License-Identifier: GPL-2.0-only
/*
 * Much data through a pty, both ways, with several writers: nothing is lost, nothing comes
 * twice, writers wait for readers and not for ever.
 */
#include "pty.h"

#define TOTAL	(512 * 1024)

static unsigned char pattern(size_t at)
{
	return (at * 7 + (at >> 8) * 13) & 0xff;
}

static void send_pattern(int fd, size_t chunk)
{
	unsigned char buf[5000];
	size_t at = 0, n;
	ssize_t sent;

	while (at < TOTAL) {
		n = TOTAL - at < chunk ? TOTAL - at : chunk;
		for (size_t i = 0; i < n; i++)
			buf[i] = pattern(at + i);
		sent = write(fd, buf, n);
		ASSERT_GT(sent, 0);
		at += sent;
	}
}

static void receive_pattern(int fd, size_t chunk)
{
	unsigned char buf[5000];
	size_t at = 0;
	ssize_t n;

	while (at < TOTAL) {
		ASSERT(readable(fd, WAIT_MS));
		n = read(fd, buf, chunk);
		ASSERT_GT(n, 0);
		for (ssize_t i = 0; i < n; i++)
			if (buf[i] != pattern(at + i))
				ASSERT_EQ(buf[i], pattern(at + i));
		at += n;
	}
	EXPECT_EQ(readable(fd, QUIET_MS), 0);
}

static void transfer(int from, int to, size_t write_chunk, size_t read_chunk)
{
	pid_t pid = fork();

	ASSERT_GE(pid, 0);
	if (!pid) {
		send_pattern(from, write_chunk);
		_exit(0);
	}
	receive_pattern(to, read_chunk);
	EXPECT_EQ(wait_exit(pid), 0);
}

TEST(slave_to_master)
{
	struct pair p = open_pair();

	set_raw(p.slave, 1, 0);
	transfer(p.slave, p.master, 5000, 1000);
	transfer(p.slave, p.master, 333, 5000);
}

TEST(master_to_slave)
{
	struct pair p = open_pair();

	set_raw(p.slave, 1, 0);
	transfer(p.master, p.slave, 5000, 1000);
	transfer(p.master, p.slave, 333, 5000);
}

/* A paste of many lines, read by a slow program in canonical mode. */
TEST(paste)
{
	struct pair p = open_pair();
	char line[64], wanted[64];
	pid_t pid = fork(), sink;
	ssize_t n;

	ASSERT_GE(pid, 0);
	if (!pid) {
		for (int i = 0; i < 1000; i++) {
			snprintf(line, sizeof(line), "line %d of what was pasted\n", i);
			put(p.master, line);
		}
		_exit(0);
	}
	sink = fork();
	if (!sink) {
		while (read(p.master, line, sizeof(line)) > 0)
			;
		_exit(0);
	}
	for (int i = 0; i < 1000; i++) {
		if (i % 100 == 0)
			sleep_ms(20);
		ASSERT(readable(p.slave, WAIT_MS));
		n = read(p.slave, line, sizeof(line) - 1);
		ASSERT_GT(n, 0);
		line[n] = '\0';
		snprintf(wanted, sizeof(wanted), "line %d of what was pasted\n", i);
		ASSERT_STREQ(line, wanted);
	}
	EXPECT_EQ(wait_exit(pid), 0);
	kill(sink, SIGKILL);
}

/* With nobody reading, a writer that may not wait is told so, and goes on later. */
static void type_many(int fd, char c, int n)
{
	while (n-- > 0)
		ASSERT_EQ(write(fd, &c, 1), 1);
}

/* Two rings' worth fits before anybody reads; the first 4095 bytes are there for the reader. */
TEST(typed_ahead)
{
	struct pair p = open_pair();
	char buf[8192];
	int n = 0, i;

	set_raw(p.slave, 1, 0);
	ASSERT_EQ(fcntl(p.master, F_SETFL, O_RDWR | O_NONBLOCK), 0);
	type_many(p.master, 'M', 8192);
	for (i = 0; i < 200 && n != 4095; i++, sleep_ms(10))
		ASSERT_EQ(ioctl(p.slave, FIONREAD, &n), 0);
	EXPECT_EQ(n, 4095);
	for (n = 0; n < 8192; n += i) {
		ASSERT(readable(p.slave, WAIT_MS));
		i = read(p.slave, buf, sizeof(buf));
		ASSERT_GT(i, 0);
	}
	EXPECT_EQ(n, 8192);
	EXPECT(!readable(p.slave, QUIET_MS));
}

TEST(long_lines_typed_ahead)
{
	struct pair p = open_pair();
	static char buf[5000];
	int i;

	set_flags(p.slave, ICRNL, 0, ICANON);
	ASSERT_EQ(fcntl(p.master, F_SETFL, O_RDWR | O_NONBLOCK), 0);
	for (i = 0; i < 3; i++) {
		type_many(p.master, 'M', 4100);
		type_many(p.master, '\n', 1);
	}
	for (i = 0; i < 3; i++) {
		ASSERT(readable(p.slave, WAIT_MS));
		ASSERT_EQ(read(p.slave, buf, sizeof(buf)), 4096);
		EXPECT_EQ(buf[4094], 'M');
		EXPECT_EQ(buf[4095], '\n');
	}
	EXPECT(!readable(p.slave, QUIET_MS));
}

TEST(nonblocking_writer)
{
	struct pair p = open_pair();
	static char buf[1024], sink[4096];
	size_t written = 0, got = 0;
	ssize_t n = 0;

	set_raw(p.slave, 1, 0);
	ASSERT_EQ(fcntl(p.slave, F_SETFL, O_RDWR | O_NONBLOCK), 0);
	while (written < (1 << 20) && (n = write(p.slave, buf, sizeof(buf))) > 0)
		written += n;
	/* Once: what is on its way to the master's queue may make room for another. */
	EXPECT_EQ(n, -1);
	EXPECT_EQ(errno, EAGAIN);
	while (readable(p.master, QUIET_MS) && (n = read(p.master, sink, sizeof(sink))) > 0)
		got += n;
	EXPECT_EQ(got, written);
	EXPECT_GT(write(p.slave, buf, sizeof(buf)), 0);
}

/* A blocked writer is woken by a signal; what it wrote so far counts. */
static void on_alarm(int sig)
{
	(void)sig;
}

TEST(interrupted_writer)
{
	struct sigaction sa = { .sa_handler = on_alarm };
	struct pair p = open_pair();
	static char buf[1 << 20];
	ssize_t n;

	set_raw(p.slave, 1, 0);
	ASSERT_EQ(sigaction(SIGALRM, &sa, NULL), 0);
	alarm(1);
	n = write(p.slave, buf, sizeof(buf));
	EXPECT_GT(n, 0);
	EXPECT_LT(n, sizeof(buf));
	for (int turn = 0; n > 0 && turn < 5; turn++) {
		alarm(1);
		n = write(p.slave, buf, sizeof(buf));
	}
	EXPECT_EQ(n, -1);
}

/* One write(2) comes as one piece, whoever else writes. */
TEST(writes_do_not_mix)
{
	struct pair p = open_pair();
	int counts[4] = { 0 }, total = 0;
	char buf[1000], now = 0;
	ssize_t n;

	set_raw(p.slave, 1, 0);
	for (int w = 0; w < 4; w++) {
		if (fork())
			continue;
		memset(buf, 'a' + w, sizeof(buf));
		for (int i = 0; i < 50; i++)
			ASSERT_EQ(write(p.slave, buf, sizeof(buf)), sizeof(buf));
		_exit(0);
	}
	for (int run = 0; total < 4 * 50 * 1000; ) {
		ASSERT(readable(p.master, WAIT_MS));
		n = read(p.master, buf, sizeof(buf));
		ASSERT_GT(n, 0);
		for (ssize_t i = 0; i < n; i++) {
			if (run == 0)
				now = buf[i];
			ASSERT_EQ(buf[i], now);
			run = (run + 1) % 1000;
			counts[now - 'a']++;
		}
		total += n;
	}
	for (int w = 0; w < 4; w++)
		EXPECT_EQ(counts[w], 50000);
}

static void leader_many(struct pair *p)
{
	char line[32];

	signal(SIGTTOU, SIG_IGN);
	for (int i = 0; i < 20; i++) {
		pid_t child = fork();

		ASSERT_GE(child, 0);
		if (child)
			continue;
		setpgid(0, 0);
		for (int k = 0; k < 50; k++) {
			snprintf(line, sizeof(line), "%02d:%03d\n", i, k);
			if (write(p->slave, line, 7) != 7)
				_exit(1);
		}
		_exit(0);
	}
	for (int i = 0; i < 20; i++)
		EXPECT_EQ(wait_exit(-1), 0);
}

/* Lines of twenty background jobs come whole, none is lost. */
TEST(background_output)
{
	struct pair p = open_pair();
	pid_t pid = spawn_leader(&p, leader_many);
	char buf[512];
	int lines = 0, column = 0;
	ssize_t n;

	while (lines < 1000 && readable(p.master, WAIT_MS)) {
		n = read(p.master, buf, sizeof(buf));
		if (n <= 0)
			break;
		for (ssize_t i = 0; i < n; i++) {
			if (buf[i] == '\n') {
				EXPECT_EQ(column, 7);
				column = 0;
				lines++;
			} else {
				column++;
			}
		}
	}
	EXPECT_EQ(lines, 1000);
	EXPECT_EQ(wait_exit(pid), 0);
}

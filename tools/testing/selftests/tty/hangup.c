// SPDX-License-Identifier: GPL-2.0-only
/*
 * The ends of a pty: what each side sees when the other is closed, hung up, locked or opened
 * again; packet mode; the nodes under /dev/pts.
 */
#include "pty.h"
#include <sys/stat.h>

#ifndef TIOCGPTPEER
#define TIOCGPTPEER _IO('T', 0x41)
#endif

static short poll_now(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN | POLLOUT | POLLPRI };

	return poll(&p, 1, 0) > 0 ? p.revents : 0;
}

TEST(slave_closed)
{
	struct pair p = open_pair();
	char buf[16];

	EXPECT_EQ(poll_now(p.master), POLLOUT);
	put(p.slave, "last");
	close(p.slave);
	EXPECT_EQ(poll_now(p.master), POLLIN | POLLOUT | POLLHUP);
	EXPECT_EQ(read(p.master, buf, 16), 4);		/* what was written is not lost */
	EXPECT_EQ(poll_now(p.master), POLLOUT | POLLHUP);
	EXPECT_ERRNO(read(p.master, buf, 16), EIO);
	p.slave = open(p.name, O_RDWR | O_NOCTTY);	/* it can be opened again */
	ASSERT_GE(p.slave, 0);
	EXPECT_EQ(poll_now(p.master), POLLOUT);
	put(p.slave, "more");
	EXPECT_EQ(read(p.master, buf, 16), 4);
}

/* A reader of the master that waits is woken with EIO. */
TEST(slave_closed_wakes_master)
{
	struct pair p = open_pair();
	char c;
	pid_t pid = fork();

	if (!pid) {
		close(p.slave);
		EXPECT_ERRNO(read(p.master, &c, 1), EIO);
		_exit(0);
	}
	sleep_ms(100);
	close(p.slave);
	EXPECT_EQ(wait_exit(pid), 0);
}

/* Before the slave was ever opened nothing is closed: the master just waits. */
TEST(slave_never_opened)
{
	struct pair p;
	char buf[16];

	p.master = open_master(p.name, sizeof(p.name));
	EXPECT_EQ(poll_now(p.master), POLLOUT);
	ASSERT_EQ(fcntl(p.master, F_SETFL, O_RDWR | O_NONBLOCK), 0);
	EXPECT_ERRNO(read(p.master, buf, 1), EAGAIN);
	put(p.master, "early\n");			/* and may write already */
	p.slave = open(p.name, O_RDWR | O_NOCTTY);
	ASSERT(readable(p.slave, WAIT_MS));
	EXPECT_EQ(read(p.slave, buf, 16), 6);
	EXPECT_STREQ(drain(p.master), "early\r\n");
}

/* Input that the slave did not read before it was closed is there for the next one. */
TEST(input_survives_reopen)
{
	struct pair p = open_pair();
	char buf[16];

	put(p.master, "kept\n");
	ASSERT(readable(p.slave, WAIT_MS));
	close(p.slave);
	p.slave = open(p.name, O_RDWR | O_NOCTTY);
	ASSERT(readable(p.slave, WAIT_MS));
	EXPECT_EQ(read(p.slave, buf, 16), 5);
}

/* Settings live as long as the pty. */
TEST(settings_survive_reopen)
{
	struct pair p = open_pair();
	struct termios t;

	set_raw(p.slave, 3, 4);
	close(p.slave);
	p.slave = open(p.name, O_RDWR | O_NOCTTY);
	ASSERT_EQ(tcgetattr(p.slave, &t), 0);
	EXPECT_EQ(t.c_lflag & (ICANON | ECHO), 0);
	EXPECT_EQ(t.c_cc[VMIN], 3);
}

TEST(master_closed)
{
	struct pair p = open_pair();
	struct termios t;
	struct stat st;
	char buf[16];
	int n;

	put(p.master, "lost\n");
	ASSERT(readable(p.slave, WAIT_MS));
	close(p.master);
	EXPECT_EQ(poll_now(p.slave), POLLIN | POLLOUT | POLLERR | POLLHUP);
	EXPECT_EQ(read(p.slave, buf, 16), 0);
	EXPECT_ERRNO(write(p.slave, "x", 1), EIO);
	EXPECT_ERRNO(tcgetattr(p.slave, &t), EIO);
	EXPECT_ERRNO(ioctl(p.slave, FIONREAD, &n), EIO);
	EXPECT_ERRNO(tcsetpgrp(p.slave, getpgrp()), ENOTTY);
	EXPECT_ERRNO(stat(p.name, &st), ENOENT);
	EXPECT_EQ(fstat(p.slave, &st), 0);
	EXPECT_EQ(S_ISCHR(st.st_mode), 1);
}

/* A reader that waits gets an error, one that comes later end of file. */
TEST(master_closed_wakes_reader)
{
	struct pair p = open_pair();
	pid_t pid = fork();
	char c;

	if (!pid) {
		close(p.master);
		EXPECT_ERRNO(read(p.slave, &c, 1), EIO);
		EXPECT_EQ(read(p.slave, &c, 1), 0);
		_exit(0);
	}
	sleep_ms(200);
	close(p.master);
	EXPECT_EQ(wait_exit(pid), 0);
}

TEST(master_closed_wakes_writer)
{
	struct pair p = open_pair();
	char buf[1000] = "";
	pid_t pid = fork();
	int error = 0;
	ssize_t n;

	if (!pid) {
		close(p.master);
		signal(SIGHUP, SIG_IGN);
		for (n = 1; n > 0; error = errno)
			n = write(p.slave, buf, sizeof(buf));
		EXPECT_EQ(n, -1);
		EXPECT_EQ(error, EIO);
		_exit(0);
	}
	sleep_ms(200);
	close(p.master);
	EXPECT_EQ(wait_exit(pid), 0);
}

static volatile sig_atomic_t hups, conts;

static void count(int sig)
{
	if (sig == SIGHUP)
		hups++;
	else
		conts++;
}

static int told[2];

static void leader_hung_up(struct pair *p)
{
	pid_t child;
	char c;

	child = fork();
	if (!child) {
		signal(SIGHUP, count);
		tell(told[1], 1);
		sleep_ms(300);
		EXPECT_EQ(hups, 0);		/* the leader alone is told */
		EXPECT_ERRNO(open("/dev/tty", O_RDWR), ENXIO);
		_exit(0);
	}
	signal(SIGHUP, count);
	signal(SIGCONT, count);
	tell(told[1], 1);
	while (!hups || !conts)
		sleep_ms(10);
	EXPECT_EQ(read(p->slave, &c, 1), 0);
	EXPECT_ERRNO(open("/dev/tty", O_RDWR), ENXIO);
	EXPECT_EQ(wait_exit(child), 0);
}

TEST(master_closed_signals_leader)
{
	struct pair p = open_pair();
	pid_t pid;

	ASSERT_EQ(pipe(told), 0);
	pid = spawn_leader(&p, leader_hung_up);
	EXPECT_EQ(hear(told[0]), 1);
	EXPECT_EQ(hear(told[0]), 1);
	sleep_ms(50);
	close(p.master);
	EXPECT_EQ(wait_exit(pid), 0);
}

TEST(tiocvhangup)
{
	struct pair p = open_pair();
	int again;
	char c;

	if (geteuid())
		SKIP("needs root");
	ASSERT_EQ(ioctl(p.slave, TIOCVHANGUP), 0);
	EXPECT_EQ(read(p.slave, &c, 1), 0);
	EXPECT_ERRNO(write(p.slave, "x", 1), EIO);
	again = open(p.name, O_RDWR | O_NOCTTY);	/* the line itself lives on */
	ASSERT_GE(again, 0);
	put(again, "alive");
	EXPECT_STREQ(drain(p.master), "alive");
}

TEST(locked)
{
	int master = open("/dev/ptmx", O_RDWR | O_NOCTTY), one = 1, zero = 0, is = -1;
	unsigned int number;
	char name[32];

	ASSERT_GE(master, 0);
	ASSERT_EQ(ioctl(master, TIOCGPTN, &number), 0);
	snprintf(name, sizeof(name), "/dev/pts/%u", number);
	EXPECT_EQ(ioctl(master, TIOCGPTLCK, &is), 0);
	EXPECT_EQ(is, 1);
	EXPECT_ERRNO(open(name, O_RDWR | O_NOCTTY), EIO);
	EXPECT_EQ(ioctl(master, TIOCSPTLCK, &zero), 0);
	EXPECT_GE(open(name, O_RDWR | O_NOCTTY), 0);
	EXPECT_EQ(ioctl(master, TIOCSPTLCK, &one), 0);
	EXPECT_ERRNO(open(name, O_RDWR | O_NOCTTY), EIO);
}

TEST(gptpeer)
{
	char name[32], link[64], path[64];
	int master = open_master(name, sizeof(name));
	int slave = ioctl(master, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC);
	ssize_t n;

	ASSERT_GE(slave, 0);
	EXPECT_EQ(fcntl(slave, F_GETFD), FD_CLOEXEC);
	EXPECT_EQ(isatty(slave), 1);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", slave);
	n = readlink(path, link, sizeof(link) - 1);
	ASSERT_GT(n, 0);
	link[n] = '\0';
	EXPECT_STREQ(link, name);
}

TEST(exclusive)
{
	struct pair p = open_pair();
	int is = -1;

	EXPECT_EQ(ioctl(p.slave, TIOCEXCL), 0);
	EXPECT_EQ(ioctl(p.slave, TIOCGEXCL, &is), 0);
	EXPECT_EQ(is, 1);
	if (!geteuid()) {
		EXPECT_GE(open(p.name, O_RDWR | O_NOCTTY), 0);
		ASSERT_EQ(chmod(p.name, 0666), 0);
		ASSERT_EQ(setuid(12345), 0);
	}
	EXPECT_ERRNO(open(p.name, O_RDWR | O_NOCTTY), EBUSY);
	EXPECT_EQ(ioctl(p.slave, TIOCNXCL), 0);
	EXPECT_GE(open(p.name, O_RDWR | O_NOCTTY), 0);
}

TEST(numbers)
{
	struct pair a = open_pair(), b = open_pair(), c;
	struct stat st, master;
	char freed[32];

	EXPECT_NE(strcmp(a.name, b.name), 0);
	ASSERT_EQ(fstat(a.slave, &st), 0);
	EXPECT_EQ(st.st_rdev >> 8, 136);
	ASSERT_EQ(stat("/dev/ptmx", &master), 0);
	EXPECT_EQ(master.st_rdev, (5 << 8) | 2);
	strcpy(freed, a.name);
	close(a.slave);
	close(a.master);
	c = open_pair();		/* the lowest free number */
	EXPECT_STREQ(c.name, freed);
}

/* ---- packet mode ---- */

static int packet(int master)
{
	unsigned char buf[64];
	ssize_t n;

	if (!readable(master, WAIT_MS))
		return -1;
	n = read(master, buf, sizeof(buf));
	return n == 1 ? buf[0] : -1;
}

TEST(packet_mode)
{
	struct pair p = open_pair();
	int one = 1, is = 0;
	struct termios t;
	char buf[64];

	ASSERT_EQ(ioctl(p.master, TIOCPKT, &one), 0);
	EXPECT_EQ(ioctl(p.master, TIOCGPKT, &is), 0);
	EXPECT_EQ(is, 1);
	put(p.slave, "abc");
	ASSERT(readable(p.master, WAIT_MS));
	EXPECT_EQ(read(p.master, buf, sizeof(buf)), 4);
	EXPECT_EQ(memcmp(buf, "\0abc", 4), 0);
	put(p.master, "\023");
	EXPECT_EQ(packet(p.master), TIOCPKT_STOP);
	put(p.master, "\021");
	EXPECT_EQ(packet(p.master), TIOCPKT_START);
	ASSERT_EQ(tcflush(p.slave, TCIFLUSH), 0);
	EXPECT_EQ(poll_now(p.master) & (POLLIN | POLLPRI), POLLIN | POLLPRI);
	EXPECT_EQ(packet(p.master), TIOCPKT_FLUSHREAD);
	ASSERT_EQ(tcflush(p.slave, TCOFLUSH), 0);
	EXPECT_EQ(packet(p.master), TIOCPKT_FLUSHWRITE);
	ASSERT_EQ(tcflush(p.slave, TCIOFLUSH), 0);
	EXPECT_EQ(packet(p.master), TIOCPKT_FLUSHREAD | TIOCPKT_FLUSHWRITE);
	ASSERT_EQ(tcgetattr(p.slave, &t), 0);
	t.c_iflag &= ~IXON;
	ASSERT_EQ(tcsetattr(p.slave, TCSANOW, &t), 0);
	EXPECT_EQ(packet(p.master), TIOCPKT_NOSTOP);
	t.c_iflag |= IXON;
	ASSERT_EQ(tcsetattr(p.slave, TCSANOW, &t), 0);
	EXPECT_EQ(packet(p.master), TIOCPKT_DOSTOP);
	EXPECT_EQ(readable(p.master, QUIET_MS), 0);
	is = 0;
	ASSERT_EQ(ioctl(p.master, TIOCPKT, &is), 0);
	put(p.slave, "x");
	ASSERT(readable(p.master, WAIT_MS));
	EXPECT_EQ(read(p.master, buf, sizeof(buf)), 1);
	EXPECT_EQ(buf[0], 'x');
}

/* A small buffer gets the status byte first and the data in pieces. */
TEST(packet_mode_small_reads)
{
	struct pair p = open_pair();
	int one = 1;
	char buf[4];

	ASSERT_EQ(ioctl(p.master, TIOCPKT, &one), 0);
	put(p.slave, "abcde");
	EXPECT_EQ(read(p.master, buf, 4), 4);
	EXPECT_EQ(memcmp(buf, "\0abc", 4), 0);
	EXPECT_EQ(read(p.master, buf, 4), 3);
	EXPECT_EQ(memcmp(buf, "\0de", 3), 0);
}

/* What the master could have read already is not taken back. */
TEST(output_flush_keeps_delivered)
{
	struct pair p = open_pair();

	put(p.slave, "delivered");
	ASSERT(readable(p.master, WAIT_MS));
	EXPECT_EQ(tcflush(p.slave, TCOFLUSH), 0);
	EXPECT_STREQ(drain(p.master), "delivered");
}

/* The master's own queues, seen and emptied from its side. */
TEST(master_queues)
{
	struct pair p = open_pair();
	int n = -1;

	put(p.slave, "hello");
	ASSERT(readable(p.master, WAIT_MS));
	EXPECT_EQ(ioctl(p.master, FIONREAD, &n), 0);
	EXPECT_EQ(n, 5);
	EXPECT_EQ(ioctl(p.master, TCFLSH, TCIFLUSH), 0);
	EXPECT_EQ(readable(p.master, QUIET_MS), 0);
	EXPECT_EQ(isatty(p.master), 1);
}

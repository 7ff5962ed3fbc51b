/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the terminal tests share: a pty pair, timed reads, and a child that is the leader of a
 * session on the pty's slave.
 */
#ifndef SELFTEST_TTY_PTY_H
#define SELFTEST_TTY_PTY_H

#include "../ktest.h"
#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <time.h>

#define QUIET_MS	60	/* nothing for so long: nothing will come */
#define WAIT_MS		5000	/* what must come, comes by then */

struct pair {
	int master, slave;
	char name[32];
};

__attribute__((unused)) static int open_master(char *name, size_t size)
{
	int master = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC), zero = 0;
	unsigned int number;

	ASSERT_GE(master, 0);
	ASSERT_EQ(ioctl(master, TIOCSPTLCK, &zero), 0);
	ASSERT_EQ(ioctl(master, TIOCGPTN, &number), 0);
	snprintf(name, size, "/dev/pts/%u", number);
	return master;
}

__attribute__((unused)) static struct pair open_pair(void)
{
	struct pair p;

	p.master = open_master(p.name, sizeof(p.name));
	p.slave = open(p.name, O_RDWR | O_NOCTTY | O_CLOEXEC);
	ASSERT_GE(p.slave, 0);
	return p;
}

__attribute__((unused)) static void set_flags(int fd, tcflag_t iflag, tcflag_t oflag,
					      tcflag_t lflag)
{
	struct termios t;

	ASSERT_EQ(tcgetattr(fd, &t), 0);
	t.c_iflag = iflag;
	t.c_oflag = oflag;
	t.c_lflag = lflag;
	ASSERT_EQ(tcsetattr(fd, TCSANOW, &t), 0);
}

__attribute__((unused)) static void set_raw(int fd, int min, int time)
{
	struct termios t;

	ASSERT_EQ(tcgetattr(fd, &t), 0);
	cfmakeraw(&t);
	t.c_cc[VMIN] = min;
	t.c_cc[VTIME] = time;
	ASSERT_EQ(tcsetattr(fd, TCSANOW, &t), 0);
}

__attribute__((unused)) static void put(int fd, const char *text)
{
	ASSERT_EQ(write(fd, text, strlen(text)), strlen(text));
}

/* Is there something to read within @ms? */
__attribute__((unused)) static int readable(int fd, int ms)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };

	return poll(&p, 1, ms) > 0 && (p.revents & POLLIN);
}

/* Everything that comes until the line is quiet, as a string. */
__attribute__((unused)) static const char *drain(int fd)
{
	static char buf[16384];
	size_t n = 0;
	ssize_t got;

	while (n < sizeof(buf) - 1 && readable(fd, QUIET_MS)) {
		got = read(fd, buf + n, sizeof(buf) - 1 - n);
		if (got <= 0)
			break;
		n += got;
	}
	buf[n] = '\0';
	return buf;
}

/* Read until @text has come by, for WAIT_MS at most. */
__attribute__((unused)) static int expect_text(int fd, const char *text)
{
	static char buf[16384];
	size_t n = 0;
	ssize_t got;

	buf[0] = '\0';
	while (!strstr(buf, text) && n < sizeof(buf) - 1 && readable(fd, WAIT_MS)) {
		got = read(fd, buf + n, sizeof(buf) - 1 - n);
		if (got <= 0)
			break;
		n += got;
		buf[n] = '\0';
	}
	return strstr(buf, text) != NULL;
}

__attribute__((unused)) static long now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

__attribute__((unused)) static void sleep_ms(int ms)
{
	poll(NULL, 0, ms);
}

/*
 * Fork a session leader whose terminal is the pair's slave, on descriptors 0 to 2; the child
 * runs @body and exits. The parent's slave descriptor is closed.
 */
__attribute__((unused)) static pid_t spawn_leader(struct pair *p, void (*body)(struct pair *p))
{
	pid_t pid = fork();

	ASSERT_GE(pid, 0);
	if (pid) {
		close(p->slave);
		p->slave = -1;
		return pid;
	}
	ASSERT_GT(setsid(), 0);
	ASSERT_EQ(ioctl(p->slave, TIOCSCTTY, 0), 0);
	/* Failures are reported on the test's stdout: keep it out of the terminal. */
	p->slave = fcntl(p->slave, F_DUPFD, 10);
	close(p->master);
	body(p);
	_exit(0);
}

/* A number of at most nine digits on a line of its own, written and read atomically. */
__attribute__((unused)) static void tell(int fd, int value)
{
	ASSERT_EQ(write(fd, &value, sizeof(value)), sizeof(value));
}

__attribute__((unused)) static int hear(int fd)
{
	int value = -1;

	if (!readable(fd, WAIT_MS) || read(fd, &value, sizeof(value)) != sizeof(value))
		return -1;
	return value;
}

#endif /* SELFTEST_TTY_PTY_H */

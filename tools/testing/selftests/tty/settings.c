// SPDX-License-Identifier: GPL-2.0-only
/*
 * Terminal settings as ioctls see them: defaults, the four formats, speeds, locked bits, and
 * commands that a terminal refuses.
 */
#include <asm/termbits.h>
#include <asm/ioctls.h>
#define _TERMIOS_H	/* the C library's struct termios is another one */
#include "../ktest.h"
#include <fcntl.h>
#include <linux/tty.h>

int ioctl(int fd, unsigned long request, ...);

struct old_termio {
	unsigned short c_iflag, c_oflag, c_cflag, c_lflag;
	unsigned char c_line, c_cc[8];
};

static int open_slave(int *master)
{
	int zero = 0;
	unsigned int number;
	char name[32];

	*master = open("/dev/ptmx", O_RDWR | O_NOCTTY);
	ASSERT_GE(*master, 0);
	ASSERT_EQ(ioctl(*master, TIOCSPTLCK, &zero), 0);
	ASSERT_EQ(ioctl(*master, TIOCGPTN, &number), 0);
	snprintf(name, sizeof(name), "/dev/pts/%u", number);
	return open(name, O_RDWR | O_NOCTTY);
}

TEST(defaults)
{
	static const unsigned char cc[NCCS] = {
		[VINTR] = 3, [VQUIT] = 28, [VERASE] = 127, [VKILL] = 21, [VEOF] = 4, [VMIN] = 1,
		[VSTART] = 17, [VSTOP] = 19, [VSUSP] = 26, [VREPRINT] = 18, [VDISCARD] = 15,
		[VWERASE] = 23, [VLNEXT] = 22,
	};
	int master, slave = open_slave(&master);
	struct termios t;

	ASSERT_EQ(ioctl(slave, TCGETS, &t), 0);
	EXPECT_EQ(t.c_iflag, ICRNL | IXON);
	EXPECT_EQ(t.c_oflag, OPOST | ONLCR);
	EXPECT_EQ(t.c_cflag, B38400 | CS8 | CREAD);
	EXPECT_EQ(t.c_lflag, ISIG | ICANON | ECHO | ECHOE | ECHOK | ECHOCTL | ECHOKE | IEXTEN);
	EXPECT_EQ(t.c_line, 0);
	EXPECT_EQ(memcmp(t.c_cc, cc, sizeof(cc)), 0);
}

TEST(formats)
{
	int master, slave = open_slave(&master);
	struct termios2 t2;
	struct termios t;
	struct old_termio old;

	ASSERT_EQ(ioctl(slave, TCGETS2, &t2), 0);
	EXPECT_EQ(t2.c_ospeed, 38400);
	EXPECT_EQ(t2.c_ispeed, 38400);
	ASSERT_EQ(ioctl(slave, TCGETA, &old), 0);
	EXPECT_EQ(old.c_lflag, t2.c_lflag & 0xffff);
	EXPECT_EQ(old.c_cc[VEOF], 4);
	old.c_lflag &= ~ECHO;
	old.c_cc[VINTR] = 'x';
	ASSERT_EQ(ioctl(slave, TCSETA, &old), 0);
	ASSERT_EQ(ioctl(slave, TCGETS, &t), 0);
	EXPECT_EQ(t.c_lflag, t2.c_lflag & ~ECHO);
	EXPECT_EQ(t.c_cc[VINTR], 'x');
	EXPECT_EQ(t.c_cc[VWERASE], 23);
	t.c_lflag |= ECHO;
	ASSERT_EQ(ioctl(slave, TCSETSW, &t), 0);
	ASSERT_EQ(ioctl(slave, TCSETSF, &t), 0);
	ASSERT_EQ(ioctl(slave, TCGETS2, &t2), 0);
	EXPECT(t2.c_lflag & ECHO);
	/* the master shows and sets its slave's */
	ASSERT_EQ(ioctl(master, TCGETS, &t), 0);
	EXPECT_EQ(t.c_cc[VINTR], 'x');
}

TEST(speeds)
{
	int master, slave = open_slave(&master);
	struct termios2 t2;
	struct termios t;

	ASSERT_EQ(ioctl(slave, TCGETS, &t), 0);
	t.c_cflag = (t.c_cflag & ~CBAUD) | B115200;
	ASSERT_EQ(ioctl(slave, TCSETS, &t), 0);
	ASSERT_EQ(ioctl(slave, TCGETS2, &t2), 0);
	EXPECT_EQ(t2.c_ospeed, 115200);
	EXPECT_EQ(t2.c_ispeed, 115200);
	t2.c_cflag = (t2.c_cflag & ~CBAUD) | BOTHER;
	t2.c_ospeed = 12345;
	t2.c_ispeed = 12345;
	ASSERT_EQ(ioctl(slave, TCSETS2, &t2), 0);
	memset(&t2, 0, sizeof(t2));
	ASSERT_EQ(ioctl(slave, TCGETS2, &t2), 0);
	EXPECT_EQ(t2.c_ospeed, 12345);
	EXPECT_EQ(t2.c_cflag & CBAUD, BOTHER);
}

/* A pty always has eight bits and no parity. */
TEST(pty_keeps_eight_bits)
{
	int master, slave = open_slave(&master);
	struct termios t;

	ASSERT_EQ(ioctl(slave, TCGETS, &t), 0);
	t.c_cflag = (t.c_cflag & ~(CSIZE | CREAD)) | CS7 | PARENB;
	ASSERT_EQ(ioctl(slave, TCSETS, &t), 0);
	ASSERT_EQ(ioctl(slave, TCGETS, &t), 0);
	EXPECT_EQ(t.c_cflag & (CSIZE | PARENB | CREAD), CS8 | CREAD);
}

TEST(locked_bits)
{
	int master, slave = open_slave(&master);
	struct termios t, lock = { .c_lflag = ECHO };

	if (geteuid())
		SKIP("needs root");
	ASSERT_EQ(ioctl(slave, TIOCSLCKTRMIOS, &lock), 0);
	ASSERT_EQ(ioctl(slave, TCGETS, &t), 0);
	t.c_lflag &= ~(ECHO | ECHOE);
	ASSERT_EQ(ioctl(slave, TCSETS, &t), 0);
	ASSERT_EQ(ioctl(slave, TCGETS, &t), 0);
	EXPECT_EQ(t.c_lflag & (ECHO | ECHOE), ECHO);
	memset(&lock, 0xff, sizeof(lock));
	ASSERT_EQ(ioctl(slave, TIOCGLCKTRMIOS, &lock), 0);
	EXPECT_EQ(lock.c_lflag, ECHO);
	EXPECT_EQ(lock.c_iflag, 0);
}

TEST(discipline)
{
	int master, slave = open_slave(&master), d = -1;

	EXPECT_EQ(ioctl(slave, TIOCGETD, &d), 0);
	EXPECT_EQ(d, N_TTY);
	EXPECT_EQ(ioctl(slave, TIOCSETD, &d), 0);
	d = 9999;
	EXPECT_ERRNO(ioctl(slave, TIOCSETD, &d), EINVAL);
}

TEST(soft_carrier)
{
	int master, slave = open_slave(&master), on = 1;

	EXPECT_EQ(ioctl(slave, TIOCSSOFTCAR, &on), 0);
	on = 0;
	EXPECT_EQ(ioctl(slave, TIOCGSOFTCAR, &on), 0);
	EXPECT_EQ(on, 1);
}

TEST(refused)
{
	int master, slave = open_slave(&master), n = 0;
	int null = open("/dev/null", O_RDWR);
	struct termios t;

	EXPECT_ERRNO(ioctl(slave, 0x5600, &n), ENOTTY);		/* VT_OPENQRY */
	EXPECT_ERRNO(ioctl(slave, TIOCMGET, &n), ENOTTY);
	EXPECT_ERRNO(ioctl(slave, TIOCGPTN, &n), ENOTTY);
	EXPECT_ERRNO(ioctl(slave, TIOCSPTLCK, &n), ENOTTY);
	EXPECT_ERRNO(ioctl(slave, 0x54ff, &n), ENOTTY);
	EXPECT_ERRNO(ioctl(slave, TCGETS, (void *)8), EFAULT);
	EXPECT_ERRNO(ioctl(slave, TCSETS, (void *)8), EFAULT);
	EXPECT_ERRNO(ioctl(null, TCGETS, &t), ENOTTY);
	EXPECT_ERRNO(ioctl(slave, TIOCSTI, (void *)8), EFAULT);
}

TEST(breaks)
{
	int master, slave = open_slave(&master);

	EXPECT_EQ(ioctl(slave, TCSBRK, 0), 0);
	EXPECT_EQ(ioctl(slave, TCSBRK, 1), 0);		/* tcdrain() */
	EXPECT_EQ(ioctl(slave, TCSBRKP, 0), 0);
	EXPECT_EQ(ioctl(slave, TIOCSBRK, 0), 0);
	EXPECT_EQ(ioctl(slave, TIOCCBRK, 0), 0);
}

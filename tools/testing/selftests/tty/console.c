// SPDX-License-Identifier: GPL-2.0-only
/*
 * TIOCCONS. A program of its own, because results that are reported on the console meanwhile
 * would go astray.
 */
#include "pty.h"

/* Output to /dev/console goes to the terminal that asked for it, until that is hung up. */
TEST(console_redirected)
{
	struct pair p = open_pair();
	int console = open("/dev/console", O_WRONLY | O_NOCTTY);

	if (console < 0 || geteuid())
		SKIP("no /dev/console, or not allowed");
	sleep_ms(1000);		/* what was reported before may still be on its way there */
	if (ioctl(p.slave, TIOCCONS))
		SKIP("redirected already");
	EXPECT_ERRNO(ioctl(p.slave, TIOCCONS), EBUSY);
	put(console, "for the console");
	EXPECT(expect_text(p.master, "for the console"));
	EXPECT_EQ(ioctl(console, TIOCCONS), 0);
	EXPECT_EQ(ioctl(p.slave, TIOCCONS), 0);
	close(p.master);
	p = open_pair();
	EXPECT_EQ(ioctl(p.slave, TIOCCONS), 0);
	close(p.slave);
	put(console, "kept open");
	EXPECT(expect_text(p.master, "kept open"));
	close(p.master);
	p = open_pair();
	ASSERT_EQ(setuid(12345), 0);
	EXPECT_ERRNO(ioctl(p.slave, TIOCCONS), EPERM);
}

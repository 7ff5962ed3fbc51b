// SPDX-License-Identifier: GPL-2.0-only
/*
 * With FAIL=1 every third call has one of its first steps fail: an allocation, a table, a charge.
 */
#include "fuzz.h"

int fail_mode;
static int fd = -1;

void arm(void)
{
	char text[16];

	fd = -1;
	if (!fail_mode || draw(3))
		return;
	fd = open("/proc/thread-self/fail-nth", O_RDWR | O_CLOEXEC);
	snprintf(text, sizeof(text), "%d", 1 + (int)draw(draw(2) ? 8 : 60));
	if (fd >= 0 && write(fd, text, strlen(text)) < 0)
		fail("fail-nth", -1);
}

/* Did a step fail? */
int disarm(void)
{
	int saved = errno, fired = 0;
	char text[16] = "";

	if (fd < 0)
		return 0;
	fired = pread(fd, text, sizeof(text) - 1, 0) > 0 && atoi(text) == 0;
	if (!fired)
		(void)!pwrite(fd, "0", 1, 0);
	close(fd);
	fd = -1;
	errno = saved;
	return fired;
}

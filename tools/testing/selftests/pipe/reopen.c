// SPDX-License-Identifier: GPL-2.0-only
/*
 * Opening an end of a pipe(2) again through /proc/self/fd, as a shell's <(command) does.
 */
#include "../ktest.h"
#include <fcntl.h>

static int reopen(int fd, int flags)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return open(path, flags);
}

TEST(reader_does_not_wait_for_a_writer)
{
	char text[8];
	int ends[2], again;

	ASSERT_EQ(pipe(ends), 0);
	ASSERT_EQ(write(ends[1], "late", 4), 4);
	close(ends[1]);
	again = reopen(ends[0], O_RDONLY);
	ASSERT_GE(again, 0);
	EXPECT_EQ(read(again, text, sizeof(text)), 4);
	EXPECT_EQ(read(again, text, sizeof(text)), 0);
}

TEST(writer_does_not_wait_for_a_reader)
{
	int ends[2], again;

	signal(SIGPIPE, SIG_IGN);
	ASSERT_EQ(pipe(ends), 0);
	close(ends[0]);
	again = reopen(ends[1], O_WRONLY);
	ASSERT_GE(again, 0);
	EXPECT_ERRNO(write(again, "x", 1), EPIPE);
	EXPECT_GE(reopen(ends[1], O_WRONLY | O_NONBLOCK), 0);
}

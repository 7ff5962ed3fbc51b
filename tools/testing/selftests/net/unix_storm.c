// SPDX-License-Identifier: GPL-2.0-only
/*
 * Many processes connect, pass descriptors in cycles and close at once: nothing may be lost, and
 * nothing stay behind. ktest: timeout=120
 */
#include "unix_util.h"

static int pass(int sock, int fd)
{
	char c = 'x';
	struct iovec iov = { &c, 1 };
	char control[CMSG_SPACE(sizeof(int))] = { };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = control,
			      .msg_controllen = sizeof(control) };
	struct cmsghdr *cmsg = CMSG_FIRSTHDR(&msg);

	cmsg->cmsg_level = SOL_SOCKET;
	cmsg->cmsg_type = SCM_RIGHTS;
	cmsg->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(cmsg), &fd, sizeof(fd));
	return sendmsg(sock, &msg, MSG_DONTWAIT) == 1 ? 0 : -1;
}

/* Two pairs, each in the other's queue, dropped in either order. */
static void cycle(int order)
{
	int a[2], b[2];

	pair(SOCK_STREAM, a);
	pair(order & 1 ? SOCK_DGRAM : SOCK_STREAM, b);
	ASSERT_EQ(pass(a[0], b[1]), 0);
	ASSERT_EQ(pass(b[0], a[1]), 0);
	ASSERT_EQ(pass(a[0], a[0]), 0);
	close(order & 2 ? a[1] : b[1]);
	close(order & 2 ? b[1] : a[1]);
	close(a[0]);
	close(b[0]);
}

TEST_TIMEOUT(cycles_at_once, 60)
{
	int i, n, status;

	for (i = 0; i < 6; i++) {
		if (fork())
			continue;
		for (n = 0; n < 300; n++)
			cycle(n);
		_exit(0);
	}
	for (i = 0; i < 6; i++) {
		ASSERT_GT(wait(&status), 0);
		EXPECT_EQ(status, 0);
	}
}

TEST_TIMEOUT(clients_at_once, 60)
{
	enum { CLIENTS = 6, ROUNDS = 200 };
	int l = listener(SOCK_STREAM, "@tine-storm", 3), i, n, status, served = 0;
	char buf[8];

	for (i = 0; i < CLIENTS; i++) {
		if (fork())
			continue;
		for (n = 0; n < ROUNDS; n++) {
			int c = socket(AF_UNIX, SOCK_STREAM, 0), got;

			if (connect_to(c, "@tine-storm") || write(c, "ping", 4) != 4)
				_exit(1);
			got = read(c, buf, sizeof(buf));
			if (got != 4 || memcmp(buf, "ping", 4))
				_exit(2);
			close(c);
		}
		_exit(0);
	}
	for (served = 0; served < CLIENTS * ROUNDS; served++) {
		int s = accept(l, NULL, NULL), got;

		ASSERT_GE(s, 0);
		got = read(s, buf, sizeof(buf));
		ASSERT_EQ(got, 4);
		ASSERT_EQ(write(s, buf, got), got);
		close(s);
	}
	for (i = 0; i < CLIENTS; i++) {
		ASSERT_GT(wait(&status), 0);
		EXPECT_EQ(status, 0);
	}
}

/* A reader that finds nothing, and then the end, must have looked again in between. */
static void last_words(int type)
{
	int ends[2], status;
	char buf[8];

	for (int i = 0; i < 1000; i++) {
		pid_t pid;

		pair(type, ends);
		pid = fork();
		if (!pid) {
			close(ends[0]);
			_exit(write(ends[1], "ping", 4) != 4);
		}
		close(ends[1]);
		ASSERT_EQ(read(ends[0], buf, sizeof(buf)), 4);
		EXPECT_EQ(read(ends[0], buf, sizeof(buf)), 0);
		close(ends[0]);
		EXPECT_EQ(waitpid(pid, &status, 0), pid);
		EXPECT_EQ(status, 0);
	}
}

TEST_TIMEOUT(the_last_bytes_before_the_end_of_a_stream_are_read, 60)
{
	last_words(SOCK_STREAM);
}

TEST_TIMEOUT(the_last_packet_before_the_end_is_read, 60)
{
	last_words(SOCK_SEQPACKET);
}

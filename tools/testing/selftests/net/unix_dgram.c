// SPDX-License-Identifier: GPL-2.0-only
/* AF_UNIX datagrams and sequenced packets. */
#include "unix_util.h"
#include <sys/epoll.h>
#include <sys/uio.h>

TEST(boundaries_are_kept)
{
	char buf[16];
	int fd[2], n;

	pair(SOCK_DGRAM, fd);
	ASSERT_EQ(write(fd[0], "one", 3), 3);
	ASSERT_EQ(write(fd[0], "", 0), 0);
	ASSERT_EQ(write(fd[0], "three", 5), 5);
	ASSERT_EQ(ioctl(fd[1], FIONREAD, &n), 0);
	EXPECT_EQ(n, 3);
	EXPECT_EQ(read(fd[1], buf, 16), 3);
	EXPECT_EQ(recv(fd[1], buf, 16, 0), 0);
	EXPECT_EQ(read(fd[1], buf, 2), 2);
	EXPECT_ERRNO(recv(fd[1], buf, 2, MSG_DONTWAIT), EAGAIN);
}

TEST(truncation)
{
	struct iovec iov = { 0 };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };
	char buf[4];
	int fd[2];

	pair(SOCK_DGRAM, fd);
	ASSERT_EQ(write(fd[0], "0123456789", 10), 10);
	EXPECT_EQ(recv(fd[1], buf, 4, MSG_PEEK | MSG_TRUNC), 10);
	iov.iov_base = buf;
	iov.iov_len = 4;
	EXPECT_EQ(recvmsg(fd[1], &msg, 0), 4);
	EXPECT_EQ(msg.msg_flags, MSG_TRUNC);
	EXPECT_ERRNO(recv(fd[1], buf, 4, MSG_DONTWAIT), EAGAIN);
}

TEST(addresses)
{
	int a = socket(AF_UNIX, SOCK_DGRAM, 0), b = socket(AF_UNIX, SOCK_DGRAM, 0);
	struct sockaddr_un un;
	socklen_t len = address(&un, "@tine-dg-b");
	char buf[4];

	ASSERT_EQ(bind_to(a, "@tine-dg-a"), 0);
	ASSERT_EQ(bind_to(b, "@tine-dg-b"), 0);
	ASSERT_EQ(sendto(a, "hey", 3, 0, (struct sockaddr *)&un, len), 3);
	len = sizeof(un);
	ASSERT_EQ(recvfrom(b, buf, 4, 0, (struct sockaddr *)&un, &len), 3);
	EXPECT_EQ(len, 2 + 10);
	EXPECT(!memcmp(un.sun_path, "\0tine-dg-a", 10));
	ASSERT_EQ(sendto(b, "yo", 2, 0, (struct sockaddr *)&un, len), 2);
	ASSERT_EQ(recv(a, buf, 4, 0), 2);
}

TEST(unnamed_sender)
{
	int a = socket(AF_UNIX, SOCK_DGRAM, 0), b = socket(AF_UNIX, SOCK_DGRAM, 0);
	struct sockaddr_un un;
	socklen_t len = sizeof(un);
	char buf[4];

	ASSERT_EQ(bind_to(b, "@tine-unnamed"), 0);
	ASSERT_EQ(connect_to(a, "@tine-unnamed"), 0);
	ASSERT_EQ(send(a, "x", 1, 0), 1);
	ASSERT_EQ(recvfrom(b, buf, 4, 0, (struct sockaddr *)&un, &len), 1);
	EXPECT_EQ(len, 0);
}

TEST(errors)
{
	int a = socket(AF_UNIX, SOCK_DGRAM, 0), s = socket(AF_UNIX, SOCK_STREAM, 0);
	struct sockaddr_un un;
	socklen_t len;
	char c;

	EXPECT_ERRNO(write(a, "x", 1), ENOTCONN);
	EXPECT_ERRNO(listen(a, 1), EOPNOTSUPP);
	EXPECT_ERRNO(accept(a, NULL, NULL), EOPNOTSUPP);
	EXPECT_ERRNO(recv(a, &c, 1, MSG_OOB), EOPNOTSUPP);
	EXPECT_ERRNO(connect_to(a, "@tine-nobody"), ECONNREFUSED);
	len = address(&un, "@tine-nobody");
	EXPECT_ERRNO(sendto(a, "x", 1, 0, (struct sockaddr *)&un, len), ECONNREFUSED);
	EXPECT_ERRNO(sendto(a, "x", 1, 0, (struct sockaddr *)&un, 1), EINVAL);
	ASSERT_EQ(bind_to(s, "/tmp/tine-type"), 0);
	EXPECT_ERRNO(connect_to(a, "/tmp/tine-type"), EPROTOTYPE);
	unlink("/tmp/tine-type");
	un.sun_family = AF_INET;
	EXPECT_ERRNO(connect(a, (struct sockaddr *)&un, len), EINVAL);
	EXPECT_ERRNO(connect_to(a, "/dev/null"), ECONNREFUSED);
	EXPECT_ERRNO(connect_to(a, "/nowhere/log"), ENOENT);
}

TEST(connected_elsewhere)
{
	int a = socket(AF_UNIX, SOCK_DGRAM, 0), b = socket(AF_UNIX, SOCK_DGRAM, 0);
	int c = socket(AF_UNIX, SOCK_DGRAM, 0);
	struct sockaddr_un un;
	socklen_t len = address(&un, "@tine-pa");

	ASSERT_EQ(bind_to(a, "@tine-pa"), 0);
	ASSERT_EQ(bind_to(b, "@tine-pb"), 0);
	ASSERT_EQ(connect_to(a, "@tine-pb"), 0);
	EXPECT_ERRNO(sendto(c, "x", 1, 0, (struct sockaddr *)&un, len), EPERM);
	EXPECT_ERRNO(connect_to(c, "@tine-pa"), EPERM);
	un.sun_family = AF_UNSPEC;
	ASSERT_EQ(connect(a, (struct sockaddr *)&un, sizeof(sa_family_t)), 0);
	EXPECT_EQ(connect_to(c, "@tine-pa"), 0);
	EXPECT_ERRNO(write(a, "x", 1), ENOTCONN);
}

TEST(dead_peer)
{
	int a = socket(AF_UNIX, SOCK_DGRAM, 0), b = socket(AF_UNIX, SOCK_DGRAM, 0), fd[2];

	ASSERT_EQ(bind_to(b, "@tine-dead"), 0);
	ASSERT_EQ(connect_to(a, "@tine-dead"), 0);
	close(b);
	EXPECT_ERRNO(write(a, "x", 1), ECONNREFUSED);
	EXPECT_ERRNO(write(a, "x", 1), ENOTCONN);
	pair(SOCK_DGRAM, fd);
	ASSERT_EQ(write(fd[1], "left", 4), 4);
	close(fd[1]);
	EXPECT_EQ(events_of(fd[0], ALL_EVENTS), POLLIN | POLLOUT);
	EXPECT_ERRNO(write(fd[0], "x", 1), ECONNREFUSED);
}

TEST(receiver_shut_down)
{
	char c;
	int fd[2];

	signal(SIGPIPE, SIG_DFL);
	pair(SOCK_DGRAM, fd);
	ASSERT_EQ(shutdown(fd[1], SHUT_RD), 0);
	EXPECT_ERRNO(write(fd[0], "x", 1), EPIPE);
	EXPECT_EQ(recv(fd[1], &c, 1, 0), 0);
	EXPECT_ERRNO(recv(fd[1], &c, 1, MSG_DONTWAIT), EAGAIN);
	ASSERT_EQ(shutdown(fd[0], SHUT_WR), 0);
	EXPECT_ERRNO(write(fd[0], "x", 1), EPIPE);
}

TEST(size_limit)
{
	int fd[2], size = 8192, got;
	socklen_t len = sizeof(got);
	static char big[300000];

	pair(SOCK_DGRAM, fd);
	ASSERT_EQ(setsockopt(fd[0], SOL_SOCKET, SO_SNDBUF, &size, sizeof(size)), 0);
	ASSERT_EQ(getsockopt(fd[0], SOL_SOCKET, SO_SNDBUF, &got, &len), 0);
	EXPECT_EQ(got, 16384);
	EXPECT_ERRNO(write(fd[0], big, 16384 - 31), EMSGSIZE);
	EXPECT_EQ(write(fd[0], big, 16384 - 32), 16384 - 32);
	EXPECT_EQ(recv(fd[1], big, sizeof(big), 0), 16384 - 32);
	EXPECT_EQ(write(fd[1], big, 200000), 200000);
	EXPECT_EQ(read(fd[0], big, sizeof(big)), 200000);
}

/* One receiver that nobody reads, filled by its only sender: how many fit. */
static int fill(int from)
{
	int n = 0;

	while (n < 5000 && send(from, "x", 1, MSG_DONTWAIT) == 1)
		n++;
	EXPECT_EQ(errno, EAGAIN);
	return n;
}

TEST(queue_of_receiver_is_bounded)
{
	int a = socket(AF_UNIX, SOCK_DGRAM, 0), b = socket(AF_UNIX, SOCK_DGRAM, 0);
	struct epoll_event ev = { .events = EPOLLOUT | EPOLLET }, got;
	int ep = epoll_create1(0);
	char c;

	ASSERT_EQ(bind_to(b, "@tine-queue"), 0);
	ASSERT_EQ(connect_to(a, "@tine-queue"), 0);
	EXPECT_GT(fill(a), 5);
	EXPECT_EQ(events_of(a, POLLOUT), 0);
	ASSERT_EQ(epoll_ctl(ep, EPOLL_CTL_ADD, a, &ev), 0);
	EXPECT_EQ(epoll_wait(ep, &got, 1, 0), 0);
	ASSERT_EQ(read(b, &c, 1), 1);
	EXPECT_EQ(epoll_wait(ep, &got, 1, 1000), 1);
	EXPECT_EQ(events_of(a, POLLOUT), POLLOUT);
}

TEST(sender_waits_for_receiver)
{
	int a = socket(AF_UNIX, SOCK_DGRAM, 0), b = socket(AF_UNIX, SOCK_DGRAM, 0), i;
	struct timeval tv = { 0, 30000 };
	pid_t pid;
	char c;

	ASSERT_EQ(bind_to(b, "@tine-sender"), 0);
	ASSERT_EQ(connect_to(a, "@tine-sender"), 0);
	fill(a);
	ASSERT_EQ(setsockopt(a, SOL_SOCKET, SO_SNDTIMEO, &tv, sizeof(tv)), 0);
	EXPECT_ERRNO(write(a, "x", 1), EAGAIN);
	tv.tv_usec = 0;
	ASSERT_EQ(setsockopt(a, SOL_SOCKET, SO_SNDTIMEO, &tv, sizeof(tv)), 0);
	pid = fork();
	if (!pid) {
		for (i = 0; i < 100; i++)
			if (write(a, "y", 1) != 1)
				_exit(1);
		_exit(0);
	}
	pause_ms(30);
	for (c = 0; c != 'y';)
		ASSERT_EQ(read(b, &c, 1), 1);
	for (i = 1; i < 100; i++)
		ASSERT_EQ(read(b, &c, 1), 1);
	EXPECT_EQ(exit_status(pid), 0);
}

TEST(sender_learns_of_receivers_end)
{
	int a = socket(AF_UNIX, SOCK_DGRAM, 0), b = socket(AF_UNIX, SOCK_DGRAM, 0);
	pid_t pid;

	ASSERT_EQ(bind_to(b, "@tine-end"), 0);
	ASSERT_EQ(connect_to(a, "@tine-end"), 0);
	fill(a);
	pid = fork();
	if (!pid) {
		close(b);
		_exit(write(a, "x", 1) != -1 || errno != ECONNREFUSED);
	}
	pause_ms(50);
	close(b);
	EXPECT_EQ(exit_status(pid), 0);
}

TEST(sendmmsg_recvmmsg)
{
	struct iovec iov[3] = { { "a", 1 }, { "bb", 2 }, { "ccc", 3 } };
	struct mmsghdr msgs[4] = { 0 };
	struct timespec ts = { 0, 20000000 };
	char buf[4][8];
	int fd[2], i;

	pair(SOCK_DGRAM, fd);
	for (i = 0; i < 3; i++)
		msgs[i].msg_hdr = (struct msghdr){ .msg_iov = &iov[i], .msg_iovlen = 1 };
	ASSERT_EQ(sendmmsg(fd[0], msgs, 3, 0), 3);
	EXPECT_EQ(msgs[2].msg_len, 3);
	for (i = 0; i < 4; i++) {
		static struct iovec in[4];

		in[i] = (struct iovec){ buf[i], 8 };
		msgs[i].msg_hdr = (struct msghdr){ .msg_iov = &in[i], .msg_iovlen = 1 };
	}
	ASSERT_EQ(recvmmsg(fd[1], msgs, 4, MSG_WAITFORONE, NULL), 3);
	EXPECT_EQ(msgs[0].msg_len, 1);
	EXPECT_EQ(msgs[1].msg_len, 2);
	EXPECT_ERRNO(recvmmsg(fd[1], msgs, 4, MSG_DONTWAIT, NULL), EAGAIN);
	EXPECT_ERRNO(recvmmsg(fd[1], msgs, 4, MSG_DONTWAIT, &ts), EAGAIN);
	ts.tv_nsec = -1;
	EXPECT_ERRNO(recvmmsg(fd[1], msgs, 4, 0, &ts), EINVAL);
}

TEST(seqpacket)
{
	int l = listener(SOCK_SEQPACKET, "@tine-seq", 5);
	int c = socket(AF_UNIX, SOCK_SEQPACKET, 0), s;
	char buf[16];

	EXPECT_ERRNO(write(c, "x", 1), ENOTCONN);
	EXPECT_ERRNO(read(c, buf, 1), ENOTCONN);
	EXPECT_EQ(events_of(c, ALL_EVENTS), POLLOUT | POLLHUP);
	ASSERT_EQ(connect_to(c, "@tine-seq"), 0);
	s = accept(l, NULL, NULL);
	ASSERT_GE(s, 0);
	ASSERT_EQ(write(c, "one", 3), 3);
	ASSERT_EQ(write(c, "two", 3), 3);
	EXPECT_EQ(read(s, buf, 16), 3);
	EXPECT_EQ(read(s, buf, 2), 2);
	ASSERT_EQ(write(c, "last", 4), 4);
	close(c);
	EXPECT_EQ(events_of(s, ALL_EVENTS), POLLIN | POLLOUT | POLLHUP | POLLRDHUP);
	EXPECT_EQ(read(s, buf, 16), 4);
	EXPECT_EQ(read(s, buf, 16), 0);
	EXPECT_EQ(recv(s, buf, 16, MSG_DONTWAIT), 0);
	signal(SIGPIPE, SIG_DFL);
	EXPECT_ERRNO(send(s, "x", 1, MSG_NOSIGNAL), EPIPE);
}

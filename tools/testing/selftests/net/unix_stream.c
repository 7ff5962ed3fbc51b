// SPDX-License-Identifier: GPL-2.0-only
/* AF_UNIX streams: connecting, bytes, ends, flow control, poll. */
#include "unix_util.h"
#include <sys/epoll.h>
#include <sys/uio.h>

TEST(pair_carries_bytes_both_ways)
{
	char buf[16];
	int fd[2];

	pair(SOCK_STREAM, fd);
	ASSERT_EQ(write(fd[0], "hello", 5), 5);
	ASSERT_EQ(write(fd[0], "world", 5), 5);
	ASSERT_EQ(read(fd[1], buf, 3), 3);
	ASSERT_EQ(read(fd[1], buf + 3, 13), 7);
	EXPECT(!memcmp(buf, "helloworld", 10));
	ASSERT_EQ(send(fd[1], "x", 1, 0), 1);
	ASSERT_EQ(recv(fd[0], buf, 1, 0), 1);
	EXPECT_EQ(buf[0], 'x');
}

TEST(vectors)
{
	char a[3], b[8];
	struct iovec out[2] = { { "abc", 3 }, { "defgh", 5 } };
	struct iovec in[2] = { { a, 3 }, { b, 8 } };
	int fd[2];

	pair(SOCK_STREAM, fd);
	ASSERT_EQ(writev(fd[0], out, 2), 8);
	ASSERT_EQ(readv(fd[1], in, 2), 8);
	EXPECT(!memcmp(a, "abc", 3) && !memcmp(b, "defgh", 5));
}

TEST(flags_of_socket)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	struct stat st;

	ASSERT_GE(fd, 0);
	EXPECT_EQ(fcntl(fd, F_GETFD), FD_CLOEXEC);
	EXPECT_EQ(fcntl(fd, F_GETFL), O_RDWR | O_NONBLOCK);
	ASSERT_EQ(fstat(fd, &st), 0);
	EXPECT(S_ISSOCK(st.st_mode));
	EXPECT_EQ(st.st_mode & 07777, 0777);
	EXPECT_ERRNO(lseek(fd, 0, SEEK_SET), ESPIPE);
	EXPECT_ERRNO(pread(fd, &st, 1, 0), ESPIPE);
}

TEST(name_in_proc)
{
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);
	char path[64], text[64] = "", expected[64];
	struct stat st;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	ASSERT_GT(readlink(path, text, sizeof(text) - 1), 0);
	ASSERT_EQ(fstat(fd, &st), 0);
	snprintf(expected, sizeof(expected), "socket:[%lu]", (long)st.st_ino);
	EXPECT_STREQ(text, expected);
	EXPECT_ERRNO(open(path, O_RDWR), ENXIO);
}

TEST(refused_arguments)
{
	int fd[2];

	EXPECT_ERRNO(socket(AF_UNIX, SOCK_STREAM | 0x10000, 0), EINVAL);
	EXPECT_ERRNO(socket(AF_UNIX, 11, 0), EINVAL);
	EXPECT_ERRNO(socket(AF_UNIX, SOCK_RDM, 0), ESOCKTNOSUPPORT);
	EXPECT_ERRNO(socket(AF_UNIX, SOCK_STREAM, 5), EPROTONOSUPPORT);
	EXPECT_ERRNO(socket(-1, SOCK_STREAM, 0), EAFNOSUPPORT);
	EXPECT_ERRNO(socket(60, SOCK_STREAM, 0), EAFNOSUPPORT);
	EXPECT_ERRNO(socketpair(AF_UNIX, SOCK_STREAM, 0, NULL), EFAULT);
	EXPECT_ERRNO(listen(0x7fffffff, 1), EBADF);
	ASSERT_EQ(pipe(fd), 0);
	EXPECT_ERRNO(listen(fd[0], 1), ENOTSOCK);
	EXPECT_ERRNO(send(fd[0], "", 1, 0), ENOTSOCK);
}

TEST(unconnected)
{
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);
	struct sockaddr_un un;
	socklen_t len = sizeof(un);
	char c;

	EXPECT_ERRNO(read(fd, &c, 1), EINVAL);
	EXPECT_ERRNO(write(fd, "x", 1), ENOTCONN);
	EXPECT_ERRNO(getpeername(fd, (struct sockaddr *)&un, &len), ENOTCONN);
	ASSERT_EQ(getsockname(fd, (struct sockaddr *)&un, &len), 0);
	EXPECT_EQ(len, sizeof(sa_family_t));
	EXPECT_EQ(un.sun_family, AF_UNIX);
	EXPECT_ERRNO(listen(fd, 1), EINVAL);
	EXPECT_ERRNO(accept(fd, NULL, NULL), EINVAL);
	EXPECT_EQ(shutdown(fd, SHUT_RDWR), 0);
	EXPECT_ERRNO(shutdown(fd, 3), EINVAL);
	EXPECT_ERRNO(shutdown(fd, -1), EINVAL);
}

TEST(connect_accept)
{
	int l = listener(SOCK_STREAM, "@tine-stream", 5);
	int c = socket(AF_UNIX, SOCK_STREAM, 0), s;
	struct sockaddr_un un;
	socklen_t len = sizeof(un);
	char buf[8];

	ASSERT_EQ(connect_to(c, "@tine-stream"), 0);
	ASSERT_EQ(write(c, "early", 5), 5);
	s = accept4(l, (struct sockaddr *)&un, &len, SOCK_CLOEXEC | SOCK_NONBLOCK);
	ASSERT_GE(s, 0);
	EXPECT_EQ(len, sizeof(sa_family_t));
	EXPECT_EQ(fcntl(s, F_GETFD), FD_CLOEXEC);
	EXPECT_EQ(fcntl(s, F_GETFL), O_RDWR | O_NONBLOCK);
	ASSERT_EQ(read(s, buf, 8), 5);
	EXPECT_ERRNO(read(s, buf, 8), EAGAIN);
	len = sizeof(un);
	ASSERT_EQ(getsockname(s, (struct sockaddr *)&un, &len), 0);
	EXPECT_EQ(len, 2 + 12);
	EXPECT(!memcmp(un.sun_path, "\0tine-stream", 12));
	len = sizeof(un);
	ASSERT_EQ(getpeername(c, (struct sockaddr *)&un, &len), 0);
	EXPECT_EQ(len, 2 + 12);
	EXPECT_ERRNO(connect_to(c, "@tine-stream"), EISCONN);
	EXPECT_ERRNO(connect_to(l, "@tine-stream"), EINVAL);
	EXPECT_ERRNO(accept4(l, NULL, NULL, 1), EINVAL);
	EXPECT_ERRNO(listen(c, 1), EINVAL);
	EXPECT_ERRNO(read(l, buf, 1), EINVAL);
	EXPECT_ERRNO(sendto(c, "x", 1, 0, (struct sockaddr *)&un, len), EISCONN);
}

TEST(backlog_full)
{
	int l = listener(SOCK_STREAM, "@tine-backlog", 1), i, c[3];
	struct timeval tv = { 0, 50000 };

	for (i = 0; i < 3; i++) {
		c[i] = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
		if (i < 2)
			ASSERT_EQ(connect_to(c[i], "@tine-backlog"), 0);
	}
	EXPECT_ERRNO(connect_to(c[2], "@tine-backlog"), EAGAIN);
	ASSERT_EQ(fcntl(c[2], F_SETFL, 0), 0);
	ASSERT_EQ(setsockopt(c[2], SOL_SOCKET, SO_SNDTIMEO, &tv, sizeof(tv)), 0);
	EXPECT_ERRNO(connect_to(c[2], "@tine-backlog"), EAGAIN);
	ASSERT_GE(accept(l, NULL, NULL), 0);
	EXPECT_EQ(connect_to(c[2], "@tine-backlog"), 0);
}

TEST(connect_waits_for_backlog)
{
	int l = listener(SOCK_STREAM, "@tine-wait", 0);
	int c = socket(AF_UNIX, SOCK_STREAM, 0);
	pid_t pid;

	ASSERT_EQ(connect_to(c, "@tine-wait"), 0);
	pid = fork();
	if (!pid) {
		int d = socket(AF_UNIX, SOCK_STREAM, 0);

		_exit(connect_to(d, "@tine-wait") != 0);
	}
	pause_ms(50);
	ASSERT_GE(accept(l, NULL, NULL), 0);
	EXPECT_EQ(exit_status(pid), 0);
}

TEST(accept_waits)
{
	int l = listener(SOCK_STREAM, "@tine-accept", 5), s;
	pid_t pid = fork();

	if (!pid) {
		int c = socket(AF_UNIX, SOCK_STREAM, 0);

		pause_ms(50);
		_exit(connect_to(c, "@tine-accept") || write(c, "x", 1) != 1);
	}
	s = accept(l, NULL, NULL);
	ASSERT_GE(s, 0);
	EXPECT_EQ(exit_status(pid), 0);
	fcntl(l, F_SETFL, O_NONBLOCK);
	EXPECT_ERRNO(accept(l, NULL, NULL), EAGAIN);
	EXPECT_EQ(shutdown(l, SHUT_RD), 0);
	EXPECT_ERRNO(accept(l, NULL, NULL), EAGAIN);
	fcntl(l, F_SETFL, 0);
	EXPECT_ERRNO(accept(l, NULL, NULL), EINVAL);
}

TEST(end_of_file_and_epipe)
{
	char c;
	int fd[2];

	signal(SIGPIPE, SIG_IGN);
	pair(SOCK_STREAM, fd);
	ASSERT_EQ(write(fd[0], "z", 1), 1);
	close(fd[0]);
	EXPECT_EQ(events_of(fd[1], ALL_EVENTS), POLLIN | POLLOUT | POLLHUP | POLLRDHUP);
	EXPECT_EQ(read(fd[1], &c, 1), 1);
	EXPECT_EQ(read(fd[1], &c, 1), 0);
	EXPECT_ERRNO(write(fd[1], "x", 1), EPIPE);
}

TEST(sigpipe)
{
	int fd[2];
	pid_t pid;

	pair(SOCK_STREAM, fd);
	close(fd[0]);
	pid = fork();
	if (!pid) {
		signal(SIGPIPE, SIG_DFL);
		if (send(fd[1], "x", 1, MSG_NOSIGNAL) != -1 || errno != EPIPE)
			_exit(1);
		send(fd[1], "x", 1, 0);
		_exit(2);
	}
	EXPECT_EQ(exit_status(pid), SIGPIPE);
}

TEST(unread_data_resets)
{
	char c;
	int fd[2], err = -1;
	socklen_t len = sizeof(err);

	pair(SOCK_STREAM, fd);
	ASSERT_EQ(write(fd[0], "lost", 4), 4);
	close(fd[1]);
	EXPECT_EQ(events_of(fd[0], ALL_EVENTS), POLLIN | POLLOUT | POLLHUP | POLLRDHUP | POLLERR);
	EXPECT_ERRNO(read(fd[0], &c, 1), ECONNRESET);
	EXPECT_EQ(read(fd[0], &c, 1), 0);
	ASSERT_EQ(getsockopt(fd[0], SOL_SOCKET, SO_ERROR, &err, &len), 0);
	EXPECT_EQ(err, 0);
}

TEST(unaccepted_connection_is_reset)
{
	int l = listener(SOCK_STREAM, "@tine-reset", 5), err = 0;
	int c = socket(AF_UNIX, SOCK_STREAM, 0);
	socklen_t len = sizeof(err);

	ASSERT_EQ(connect_to(c, "@tine-reset"), 0);
	close(l);
	ASSERT_EQ(getsockopt(c, SOL_SOCKET, SO_ERROR, &err, &len), 0);
	EXPECT_EQ(err, ECONNRESET);
	EXPECT_ERRNO(connect_to(socket(AF_UNIX, SOCK_STREAM, 0), "@tine-reset"), ECONNREFUSED);
}

TEST(half_closed)
{
	char c;
	int fd[2];

	signal(SIGPIPE, SIG_IGN);
	pair(SOCK_STREAM, fd);
	ASSERT_EQ(write(fd[0], "a", 1), 1);
	ASSERT_EQ(shutdown(fd[0], SHUT_WR), 0);
	EXPECT_ERRNO(write(fd[0], "b", 1), EPIPE);
	EXPECT_EQ(events_of(fd[1], ALL_EVENTS), POLLIN | POLLOUT | POLLRDHUP);
	EXPECT_EQ(read(fd[1], &c, 1), 1);
	EXPECT_EQ(read(fd[1], &c, 1), 0);
	EXPECT_EQ(write(fd[1], "back", 4), 4);
	EXPECT_EQ(read(fd[0], &c, 1), 1);
	ASSERT_EQ(shutdown(fd[0], SHUT_RD), 0);
	EXPECT_ERRNO(write(fd[1], "x", 1), EPIPE);
	EXPECT_EQ(events_of(fd[0], ALL_EVENTS), POLLIN | POLLOUT | POLLHUP | POLLRDHUP);
	EXPECT_EQ(read(fd[0], &c, 1), 1);
}

TEST(poll_states)
{
	int l = socket(AF_UNIX, SOCK_STREAM, 0), c = socket(AF_UNIX, SOCK_STREAM, 0), fd[2];

	EXPECT_EQ(events_of(l, ALL_EVENTS), POLLOUT | POLLHUP);
	ASSERT_EQ(bind_to(l, "@tine-poll"), 0);
	ASSERT_EQ(listen(l, 5), 0);
	EXPECT_EQ(events_of(l, ALL_EVENTS), 0);
	ASSERT_EQ(connect_to(c, "@tine-poll"), 0);
	EXPECT_EQ(events_of(l, ALL_EVENTS), POLLIN);
	EXPECT_EQ(events_of(c, ALL_EVENTS), POLLOUT);
	pair(SOCK_STREAM, fd);
	EXPECT_EQ(events_of(fd[0], ALL_EVENTS), POLLOUT);
	ASSERT_EQ(write(fd[1], "x", 1), 1);
	EXPECT_EQ(events_of(fd[0], ALL_EVENTS), POLLIN | POLLOUT);
}

TEST(flow_control)
{
	static char block[4096];
	long total = 0;
	ssize_t n;
	int fd[2];

	pair(SOCK_STREAM, fd);
	nonblocking(fd[0]);
	nonblocking(fd[1]);
	while ((n = write(fd[0], block, sizeof(block))) > 0)
		total += n;
	EXPECT_EQ(errno, EAGAIN);
	EXPECT_GT(total, 65536);
	EXPECT_LT(total, 1000000);
	EXPECT_EQ(events_of(fd[0], POLLOUT), 0);
	while ((n = read(fd[1], block, sizeof(block))) > 0)
		total -= n;
	EXPECT_EQ(total, 0);
	EXPECT_EQ(events_of(fd[0], POLLOUT), POLLOUT);
}

TEST(writer_waits_for_reader)
{
	enum { TOTAL = 3000000 };
	static char block[70000];
	long got = 0, i, sum = 0, expected = 0;
	pid_t pid;
	ssize_t n;
	int fd[2];

	pair(SOCK_STREAM, fd);
	pid = fork();
	if (!pid) {
		char *big = malloc(TOTAL);

		for (i = 0; i < TOTAL; i++)
			big[i] = i * 7;
		close(fd[1]);
		_exit(write(fd[0], big, TOTAL) != TOTAL);
	}
	close(fd[0]);
	while ((n = read(fd[1], block, sizeof(block))) > 0) {
		for (i = 0; i < n; i++, got++) {
			sum += (unsigned char)block[i];
			expected += (unsigned char)(got * 7);
		}
	}
	EXPECT_EQ(got, TOTAL);
	EXPECT_EQ(sum, expected);
	EXPECT_EQ(exit_status(pid), 0);
}

TEST(peek_waitall_dontwait)
{
	char buf[16] = "";
	pid_t pid;
	int fd[2];

	pair(SOCK_STREAM, fd);
	EXPECT_ERRNO(recv(fd[1], buf, 1, MSG_DONTWAIT), EAGAIN);
	ASSERT_EQ(write(fd[0], "one", 3), 3);
	ASSERT_EQ(write(fd[0], "two", 3), 3);
	EXPECT_EQ(recv(fd[1], buf, 16, MSG_PEEK), 6);
	EXPECT(!memcmp(buf, "onetwo", 6));
	pid = fork();
	if (!pid) {
		pause_ms(50);
		_exit(write(fd[0], "three", 5) != 5);
	}
	EXPECT_EQ(recv(fd[1], buf, 11, MSG_WAITALL), 11);
	EXPECT(!memcmp(buf, "onetwothree", 11));
	EXPECT_EQ(exit_status(pid), 0);
	EXPECT_ERRNO(recv(fd[1], buf, 1, MSG_ERRQUEUE | MSG_DONTWAIT), EAGAIN);
}

TEST(timeouts)
{
	struct timeval tv = { 0, 30000 }, back;
	socklen_t len = sizeof(back);
	char c;
	int fd[2];

	pair(SOCK_STREAM, fd);
	ASSERT_EQ(setsockopt(fd[0], SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof(tv)), 0);
	EXPECT_ERRNO(read(fd[0], &c, 1), EAGAIN);
	ASSERT_EQ(getsockopt(fd[0], SOL_SOCKET, SO_RCVTIMEO, &back, &len), 0);
	EXPECT_EQ(back.tv_sec, 0);
	EXPECT_GE(back.tv_usec, 30000);
	tv.tv_usec = 1000000;
	EXPECT_ERRNO(setsockopt(fd[0], SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof(tv)), EDOM);
}

static void nothing(int sig)
{
}

TEST(signals)
{
	struct sigaction restart = { .sa_handler = nothing, .sa_flags = SA_RESTART };
	struct sigaction plain = { .sa_handler = nothing };
	struct timeval tv = { 5, 0 };
	char c;
	pid_t pid;
	int fd[2];

	pair(SOCK_STREAM, fd);
	sigaction(SIGUSR1, &plain, NULL);
	pid = fork();
	if (!pid) {
		pause_ms(50);
		kill(getppid(), SIGUSR1);
		pause_ms(50);
		kill(getppid(), SIGUSR2);
		pause_ms(50);
		_exit(write(fd[0], "x", 1) != 1);
	}
	EXPECT_ERRNO(read(fd[1], &c, 1), EINTR);
	sigaction(SIGUSR2, &restart, NULL);
	EXPECT_EQ(read(fd[1], &c, 1), 1);
	EXPECT_EQ(exit_status(pid), 0);
	/* with a timeout a call is not restarted */
	ASSERT_EQ(setsockopt(fd[1], SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof(tv)), 0);
	pid = fork();
	if (!pid) {
		pause_ms(50);
		kill(getppid(), SIGUSR2);
		_exit(0);
	}
	EXPECT_ERRNO(read(fd[1], &c, 1), EINTR);
	exit_status(pid);
}

TEST(bytes_waiting)
{
	char c;
	int fd[2], n = -1, l = listener(SOCK_STREAM, "@tine-inq", 1);

	pair(SOCK_STREAM, fd);
	ASSERT_EQ(write(fd[0], "abc", 3), 3);
	ASSERT_EQ(write(fd[0], "de", 2), 2);
	ASSERT_EQ(ioctl(fd[1], FIONREAD, &n), 0);
	EXPECT_EQ(n, 5);
	ASSERT_EQ(read(fd[1], &c, 1), 1);
	ASSERT_EQ(ioctl(fd[1], FIONREAD, &n), 0);
	EXPECT_EQ(n, 4);
	ASSERT_EQ(ioctl(fd[0], TIOCOUTQ, &n), 0);
	EXPECT_GT(n, 0);
	EXPECT_ERRNO(ioctl(l, FIONREAD, &n), EINVAL);
	EXPECT_ERRNO(ioctl(l, TCGETS, &n), ENOTTY);
	n = 1;
	ASSERT_EQ(ioctl(fd[0], FIONBIO, &n), 0);
	EXPECT_EQ(fcntl(fd[0], F_GETFL), O_RDWR | O_NONBLOCK);
	EXPECT_ERRNO(read(fd[0], &c, 1), EAGAIN);
}

TEST(edge_triggered_epoll)
{
	struct epoll_event ev = { .events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET }, got;
	int fd[2], ep = epoll_create1(0);

	pair(SOCK_STREAM, fd);
	ASSERT_EQ(epoll_ctl(ep, EPOLL_CTL_ADD, fd[0], &ev), 0);
	ASSERT_EQ(epoll_wait(ep, &got, 1, 0), 1);
	EXPECT_EQ(got.events, EPOLLOUT);
	EXPECT_EQ(epoll_wait(ep, &got, 1, 0), 0);
	ASSERT_EQ(write(fd[1], "x", 1), 1);
	ASSERT_EQ(epoll_wait(ep, &got, 1, 1000), 1);
	EXPECT_EQ(got.events, EPOLLIN | EPOLLOUT);
	EXPECT_EQ(epoll_wait(ep, &got, 1, 0), 0);
	close(fd[1]);
	ASSERT_EQ(epoll_wait(ep, &got, 1, 1000), 1);
	EXPECT_EQ(got.events, EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLHUP);
}

static volatile sig_atomic_t got_io;

static void on_io(int sig)
{
	got_io = 1;
}

TEST(sigio)
{
	int fd[2], on = 1;

	signal(SIGIO, on_io);
	pair(SOCK_STREAM, fd);
	ASSERT_EQ(ioctl(fd[0], FIOASYNC, &on), 0);
	ASSERT_EQ(fcntl(fd[0], F_SETOWN, getpid()), 0);
	EXPECT_EQ(fcntl(fd[0], F_GETOWN), getpid());
	got_io = 0;
	ASSERT_EQ(write(fd[1], "x", 1), 1);
	EXPECT_EQ(got_io, 1);
}

TEST_TIMEOUT(many_threads_of_traffic, 60)
{
	enum { PAIRS = 4, ROUNDS = 2000 };
	int i, j, fd[2];
	pid_t pid[PAIRS * 2];

	for (i = 0; i < PAIRS; i++) {
		pair(SOCK_STREAM, fd);
		for (j = 0; j < 2; j++) {
			pid[i * 2 + j] = fork();
			if (!pid[i * 2 + j]) {
				int n, v = 0, me = fd[j];

				close(fd[!j]);
				for (n = 0; n < ROUNDS; n++) {
					if (j == 0 && write(me, &n, 4) != 4)
						_exit(1);
					if (read(me, &v, 4) != 4 || v != n)
						_exit(2);
					if (j == 1 && write(me, &n, 4) != 4)
						_exit(3);
				}
				_exit(0);
			}
		}
		close(fd[0]);
		close(fd[1]);
	}
	for (i = 0; i < PAIRS * 2; i++)
		EXPECT_EQ(exit_status(pid[i]), 0);
}

// SPDX-License-Identifier: GPL-2.0-only
/* ktest: musl timeout=120 */
/* TCP over the loopback device of a network namespace. */
#include "inet_util.h"
#include <pthread.h>
#include <time.h>

static int tcp(void)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	ASSERT(fd >= 0);
	return fd;
}

static int nonblocking(void)
{
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);

	ASSERT(fd >= 0);
	return fd;
}

static int listener(int port, int backlog)
{
	int fd = tcp();

	ASSERT_EQ(do_bind(fd, LOCAL, port), 0);
	ASSERT_EQ(listen(fd, backlog), 0);
	return fd;
}

/* Two ends of a connection: [0] connected, [1] accepted. */
static void make_pair(int fd[2])
{
	int l = listener(0, 5);

	fd[0] = tcp();
	ASSERT_EQ(do_connect(fd[0], LOCAL, port_of(l)), 0);
	fd[1] = accept(l, NULL, NULL);
	ASSERT(fd[1] >= 0);
	close(l);
}

static void ignore_sigpipe(void)
{
	signal(SIGPIPE, SIG_IGN);
}

/* Deliveries are not instant everywhere. */
static int wait_error(int fd)
{
	for (int i = 0; i < 100; i++) {
		int err = get_opt(fd, SOL_SOCKET, SO_ERROR);

		if (err)
			return err;
		usleep(1000);
	}
	return 0;
}

TEST(a_new_socket)
{
	int fd = tcp();
	char c;

	EXPECT_EQ(get_opt(fd, SOL_SOCKET, SO_TYPE), SOCK_STREAM);
	EXPECT_EQ(get_opt(fd, SOL_SOCKET, SO_DOMAIN), AF_INET);
	EXPECT_EQ(get_opt(fd, SOL_SOCKET, SO_PROTOCOL), IPPROTO_TCP);
	EXPECT_EQ(get_opt(fd, SOL_SOCKET, SO_ACCEPTCONN), 0);
	EXPECT_EQ(port_of(fd), 0);
	EXPECT_EQ(peer_port(fd), -1);
	EXPECT_EQ(errno, ENOTCONN);
	EXPECT_EQ(events_of(fd), POLLOUT | POLLHUP);
	EXPECT_ERRNO(recv(fd, &c, 1, 0), ENOTCONN);
	EXPECT_ERRNO(send(fd, "x", 1, MSG_NOSIGNAL), EPIPE);
	EXPECT_ERRNO(accept(fd, NULL, NULL), EINVAL);
	EXPECT_ERRNO(shutdown(fd, SHUT_RDWR), ENOTCONN);
	EXPECT_ERRNO(shutdown(fd, 5), EINVAL);
}

TEST(there_and_back)
{
	struct sockaddr_in from;
	socklen_t len = sizeof(from);
	int l, a, b;
	char buf[16];

	enter();
	l = listener(5000, 5);
	EXPECT_EQ(get_opt(l, SOL_SOCKET, SO_ACCEPTCONN), 1);
	EXPECT_EQ(events_of(l), 0);
	a = tcp();
	ASSERT_EQ(do_connect(a, LOCAL, 5000), 0);
	EXPECT_EQ(wait_for(l, POLLIN), POLLIN);
	b = accept4(l, (struct sockaddr *)&from, &len, SOCK_CLOEXEC | SOCK_NONBLOCK);
	ASSERT(b >= 0);
	EXPECT_EQ(fcntl(b, F_GETFL) & O_NONBLOCK, O_NONBLOCK);
	EXPECT_EQ(len, sizeof(from));
	EXPECT_EQ(ntohs(from.sin_port), port_of(a));
	EXPECT_EQ(port_of(b), 5000);
	EXPECT_EQ(addr_of(b), LOCAL);
	EXPECT_EQ(peer_port(a), 5000);
	EXPECT_EQ(peer_port(b), port_of(a));
	EXPECT_EQ(events_of(a), POLLOUT);
	EXPECT_EQ(write(a, "hello", 5), 5);
	EXPECT_EQ(wait_for(b, POLLIN), POLLIN);
	EXPECT_EQ(read(b, buf, 2), 2);
	EXPECT_EQ(recv(b, buf, sizeof(buf), MSG_PEEK), 3);
	EXPECT_EQ(read(b, buf, sizeof(buf)), 3);
	EXPECT(!memcmp(buf, "llo", 3));
	EXPECT_ERRNO(read(b, buf, 1), EAGAIN);
	EXPECT_EQ(write(b, "x", 1), 1);
	EXPECT_EQ(read(a, buf, sizeof(buf)), 1);
	EXPECT_ERRNO(do_connect(a, LOCAL, 5000), EISCONN);
}

TEST(bytes_have_no_bounds)
{
	char buf[16];
	int fd[2], n;

	enter();
	make_pair(fd);
	ASSERT_EQ(write(fd[0], "ab", 2), 2);
	ASSERT_EQ(write(fd[0], "cd", 2), 2);
	usleep(10000);
	ASSERT_EQ(ioctl(fd[1], FIONREAD, &n), 0);
	EXPECT_EQ(n, 4);
	EXPECT_EQ(recv(fd[1], buf, 4, MSG_PEEK), 4);
	EXPECT_EQ(recv(fd[1], buf, 1, MSG_TRUNC), 1);
	EXPECT_EQ(recv(fd[1], buf, 16, 0), 3);
	EXPECT(!memcmp(buf, "bcd", 3));
	EXPECT_EQ(send(fd[0], "", 0, 0), 0);
	EXPECT_ERRNO(recv(fd[1], buf, 1, MSG_DONTWAIT), EAGAIN);
}

TEST(waitall_waits_for_all)
{
	char buf[8];
	int fd[2];
	pid_t pid;

	enter();
	make_pair(fd);
	pid = fork();
	if (!pid) {
		for (int i = 0; i < 8; i++) {
			usleep(2000);
			ASSERT_EQ(write(fd[0], "x", 1), 1);
		}
		_exit(0);
	}
	EXPECT_EQ(recv(fd[1], buf, 8, MSG_WAITALL), 8);
	EXPECT_EQ(wait_exit(pid), 0);
}

TEST(much_goes_through)
{
	enum { TOTAL = 8 << 20 };
	static unsigned char buf[65536];
	unsigned long sum = 0, want = 0;
	size_t got = 0;
	ssize_t n;
	int fd[2];
	pid_t pid;

	enter();
	make_pair(fd);
	for (size_t i = 0; i < sizeof(buf); i++)
		buf[i] = i * 7 + (i >> 8);
	for (size_t i = 0; i < sizeof(buf); i++)
		want += buf[i];
	pid = fork();
	if (!pid) {
		close(fd[1]);
		for (size_t sent = 0; sent < TOTAL; sent += sizeof(buf))
			ASSERT_EQ(write(fd[0], buf, sizeof(buf)), (ssize_t)sizeof(buf));
		_exit(0);
	}
	close(fd[0]);
	while ((n = read(fd[1], buf, 10007)) > 0) {
		for (ssize_t i = 0; i < n; i++)
			sum += buf[i];
		got += n;
	}
	EXPECT_EQ(n, 0);
	EXPECT_EQ(got, TOTAL);
	EXPECT_EQ(sum, want * (TOTAL / sizeof(buf)));
	EXPECT_EQ(wait_exit(pid), 0);
}

TEST(a_full_connection_makes_the_sender_wait)
{
	static char buf[65536];
	long sent = 0, got = 0;
	ssize_t n;
	int fd[2];

	enter();
	make_pair(fd);
	fcntl(fd[0], F_SETFL, O_NONBLOCK);
	while ((n = write(fd[0], buf, sizeof(buf))) > 0)
		sent += n;
	EXPECT_EQ(errno, EAGAIN);
	EXPECT(!(events_of(fd[0]) & POLLOUT));
	EXPECT_GT(sent, 100000);
	fcntl(fd[1], F_SETFL, O_NONBLOCK);
	while (got < sent && wait_for(fd[1], POLLIN) && (n = read(fd[1], buf, sizeof(buf))) > 0)
		got += n;
	EXPECT_EQ(got, sent);
	EXPECT(wait_for(fd[0], POLLOUT) & POLLOUT);
	EXPECT_EQ(write(fd[0], buf, 1), 1);
}

/* ---- connecting ---- */

TEST(a_closed_port_refuses)
{
	int fd;

	enter();
	fd = tcp();
	EXPECT_ERRNO(do_connect(fd, LOCAL, 9), ECONNREFUSED);
	EXPECT_EQ(get_opt(fd, SOL_SOCKET, SO_ERROR), 0);
	listener(9, 1);
	EXPECT_EQ(do_connect(fd, LOCAL, 9), 0);
}

TEST(what_cannot_be_reached)
{
	struct sockaddr_in sin = at(LOCAL, 9);
	int fd;

	ASSERT_EQ(unshare(CLONE_NEWNET), 0);
	fd = tcp();
	EXPECT_ERRNO(do_connect(fd, LOCAL, 9), ENETUNREACH);
	set_lo(1);
	EXPECT_ERRNO(do_connect(fd, 0xc0000201, 9), ENETUNREACH);
	EXPECT_ERRNO(do_connect(fd, LOCAL | 0xffffff, 9), ENETUNREACH);
	EXPECT_ERRNO(connect(fd, (struct sockaddr *)&sin, 1), EINVAL);
	EXPECT_ERRNO(connect(fd, (struct sockaddr *)&sin, 8), EINVAL);
	sin.sin_family = AF_UNIX;
	EXPECT_ERRNO(connect(fd, (struct sockaddr *)&sin, sizeof(sin)), EAFNOSUPPORT);
	EXPECT_ERRNO(do_connect(fd, LOCAL, 0), ECONNREFUSED);
}

TEST(without_waiting)
{
	int l, fd;

	enter();
	l = listener(5000, 5);
	fd = nonblocking();
	EXPECT_ERRNO(do_connect(fd, LOCAL, 5000), EINPROGRESS);
	EXPECT_EQ(wait_for(fd, POLLOUT), POLLOUT);
	EXPECT_EQ(get_opt(fd, SOL_SOCKET, SO_ERROR), 0);
	EXPECT_EQ(do_connect(fd, LOCAL, 5000), 0);
	EXPECT_ERRNO(do_connect(fd, LOCAL, 5000), EISCONN);
	EXPECT(accept(l, NULL, NULL) >= 0);
}

TEST(without_waiting_and_refused)
{
	int fd;

	enter();
	fd = nonblocking();
	EXPECT_ERRNO(do_connect(fd, LOCAL, 9), EINPROGRESS);
	EXPECT_EQ(wait_for(fd, POLLOUT), POLLOUT | POLLERR | POLLHUP);
	EXPECT_EQ(get_opt(fd, SOL_SOCKET, SO_ERROR), ECONNREFUSED);
	EXPECT_ERRNO(do_connect(fd, LOCAL, 9), ECONNABORTED);
	EXPECT_ERRNO(do_connect(fd, LOCAL, 9), EINPROGRESS);
	EXPECT_EQ(wait_error(fd), ECONNREFUSED);
}

TEST(a_full_queue_makes_one_wait)
{
	int l, a[2], late, got;
	char c;

	enter();
	l = listener(5000, 1);
	for (int i = 0; i < 2; i++) {
		a[i] = tcp();
		ASSERT_EQ(do_connect(a[i], LOCAL, 5000), 0);
	}
	late = nonblocking();
	EXPECT_ERRNO(do_connect(late, LOCAL, 5000), EINPROGRESS);
	usleep(50000);
	EXPECT_EQ(events_of(late), 0);
	EXPECT_ERRNO(do_connect(late, LOCAL, 5000), EALREADY);
	EXPECT_ERRNO(send(late, "x", 1, 0), EAGAIN);
	EXPECT_ERRNO(recv(late, &c, 1, 0), EAGAIN);
	EXPECT_EQ(peer_port(late), -1);
	for (int i = 0; i < 3; i++) {
		got = accept(l, NULL, NULL);
		ASSERT(got >= 0);
	}
	EXPECT_EQ(wait_for(late, POLLOUT), POLLOUT);
	EXPECT_EQ(write(late, "x", 1), 1);
	EXPECT_EQ(read(got, &c, 1), 1);
}

TEST(who_waits_may_give_up)
{
	struct timeval tv = { .tv_usec = 50000 };
	int l, a, late;

	enter();
	l = listener(5000, 0);
	a = tcp();
	ASSERT_EQ(do_connect(a, LOCAL, 5000), 0);
	late = tcp();
	ASSERT_EQ(setsockopt(late, SOL_SOCKET, SO_SNDTIMEO, &tv, sizeof(tv)), 0);
	EXPECT_ERRNO(do_connect(late, LOCAL, 5000), EINPROGRESS);
	close(late);
	late = nonblocking();
	EXPECT_ERRNO(do_connect(late, LOCAL, 5000), EINPROGRESS);
	EXPECT_EQ(disconnect(late), 0);
	EXPECT(accept(l, NULL, NULL) >= 0);
	fcntl(l, F_SETFL, O_NONBLOCK);
	EXPECT_ERRNO(accept(l, NULL, NULL), EAGAIN);
}

TEST(a_listener_is_no_connection)
{
	struct timeval tv = { .tv_usec = 20000 };
	char c;
	int l;

	enter();
	l = listener(5000, 5);
	ASSERT_EQ(setsockopt(l, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof(tv)), 0);
	EXPECT_ERRNO(accept(l, NULL, NULL), EAGAIN);
	EXPECT_ERRNO(read(l, &c, 1), ENOTCONN);
	EXPECT_ERRNO(do_connect(l, LOCAL, 5000), EISCONN);
	EXPECT_ERRNO(send(l, "x", 1, MSG_NOSIGNAL), EPIPE);
}

/* ---- listening ---- */

TEST(one_listens_at_a_port)
{
	int a, b;

	enter();
	a = listener(5000, 5);
	EXPECT_EQ(listen(a, 3), 0);
	b = tcp();
	EXPECT_ERRNO(do_bind(b, LOCAL, 5000), EADDRINUSE);
	EXPECT_ERRNO(do_bind(b, 0, 5000), EADDRINUSE);
	EXPECT_EQ(do_bind(b, LOCAL + 1, 5000), 0);
	EXPECT_EQ(listen(b, 3), 0);
	a = tcp();
	b = tcp();
	set_opt(a, SOL_SOCKET, SO_REUSEADDR, 1);
	set_opt(b, SOL_SOCKET, SO_REUSEADDR, 1);
	ASSERT_EQ(do_bind(a, LOCAL, 5001), 0);
	ASSERT_EQ(do_bind(b, LOCAL, 5001), 0);
	EXPECT_EQ(listen(a, 1), 0);
	EXPECT_ERRNO(listen(b, 1), EADDRINUSE);
	close(a);
	EXPECT_EQ(listen(b, 1), 0);
}

TEST(several_listen_by_agreement)
{
	int a, b, n[2] = { 0, 0 }, fds[2];

	enter();
	a = tcp();
	b = tcp();
	set_opt(a, SOL_SOCKET, SO_REUSEPORT, 1);
	set_opt(b, SOL_SOCKET, SO_REUSEPORT, 1);
	ASSERT_EQ(do_bind(a, LOCAL, 5000), 0);
	ASSERT_EQ(do_bind(b, LOCAL, 5000), 0);
	ASSERT_EQ(listen(a, 100), 0);
	ASSERT_EQ(listen(b, 100), 0);
	for (int i = 0; i < 64; i++)
		ASSERT_EQ(do_connect(tcp(), LOCAL, 5000), 0);
	fds[0] = a;
	fds[1] = b;
	for (int i = 0; i < 2; i++) {
		fcntl(fds[i], F_SETFL, O_NONBLOCK);
		while (accept(fds[i], NULL, NULL) >= 0)
			n[i]++;
	}
	EXPECT_EQ(n[0] + n[1], 64);
	EXPECT_GT(n[0], 0);
	EXPECT_GT(n[1], 0);
}

TEST(a_port_without_bind)
{
	int l, a;

	enter();
	l = tcp();
	ASSERT_EQ(listen(l, 5), 0);
	EXPECT(port_of(l) >= 32768);
	EXPECT_EQ(addr_of(l), 0);
	a = tcp();
	EXPECT_EQ(do_connect(a, LOCAL, port_of(l)), 0);
	EXPECT_ERRNO(listen(a, 5), EINVAL);
}

TEST(the_end_of_a_listener)
{
	int l, a, late;
	char c;

	enter();
	l = listener(5000, 0);
	a = tcp();
	ASSERT_EQ(do_connect(a, LOCAL, 5000), 0);
	close(l);
	EXPECT_ERRNO(read(a, &c, 1), ECONNRESET);
	EXPECT_EQ(read(a, &c, 1), 0);
	late = tcp();
	EXPECT_ERRNO(do_connect(late, LOCAL, 5000), ECONNREFUSED);
}

TEST(shutdown_ends_listening)
{
	int l;

	enter();
	l = listener(5000, 5);
	EXPECT_EQ(shutdown(l, SHUT_WR), 0);
	EXPECT_EQ(get_opt(l, SOL_SOCKET, SO_ACCEPTCONN), 1);
	EXPECT_EQ(shutdown(l, SHUT_RD), 0);
	EXPECT_EQ(get_opt(l, SOL_SOCKET, SO_ACCEPTCONN), 0);
	EXPECT_ERRNO(accept(l, NULL, NULL), EINVAL);
	EXPECT_ERRNO(do_connect(tcp(), LOCAL, 5000), ECONNREFUSED);
	EXPECT_EQ(listen(l, 5), 0);
	EXPECT_EQ(do_connect(tcp(), LOCAL, 5000), 0);
}

TEST(shutdown_wakes_accept)
{
	int l;
	pid_t pid;

	enter();
	l = listener(5000, 5);
	pid = fork();
	if (!pid) {
		usleep(30000);
		_exit(shutdown(l, SHUT_RDWR));
	}
	EXPECT_ERRNO(accept(l, NULL, NULL), EINVAL);
	EXPECT_EQ(wait_exit(pid), 0);
}

/* ---- the end ---- */

TEST(half_closed)
{
	char buf[8];
	int fd[2];

	enter();
	make_pair(fd);
	ASSERT_EQ(write(fd[0], "last", 4), 4);
	ASSERT_EQ(shutdown(fd[0], SHUT_WR), 0);
	EXPECT_ERRNO(send(fd[0], "x", 1, MSG_NOSIGNAL), EPIPE);
	EXPECT(wait_for(fd[1], POLLRDHUP) & POLLRDHUP);
	EXPECT_EQ(events_of(fd[1]), POLLIN | POLLOUT | POLLRDHUP);
	EXPECT_EQ(read(fd[1], buf, 8), 4);
	EXPECT_EQ(read(fd[1], buf, 8), 0);
	EXPECT_EQ(write(fd[1], "answer", 6), 6);
	EXPECT_EQ(read(fd[0], buf, 8), 6);
	EXPECT_EQ(shutdown(fd[1], SHUT_WR), 0);
	EXPECT(wait_for(fd[0], POLLHUP) & POLLHUP);
	EXPECT_EQ(read(fd[0], buf, 8), 0);
	EXPECT(events_of(fd[0]) & POLLHUP);
	EXPECT_ERRNO(shutdown(fd[1], SHUT_WR), ENOTCONN);
}

TEST(closed_by_the_other)
{
	char c;
	int fd[2];

	enter();
	ignore_sigpipe();
	make_pair(fd);
	close(fd[0]);
	EXPECT_EQ(read(fd[1], &c, 1), 0);
	/* the first is sent, and answered by a reset */
	EXPECT_EQ(write(fd[1], "x", 1), 1);
	EXPECT(wait_for(fd[1], POLLHUP) & POLLHUP);
	EXPECT_EQ(read(fd[1], &c, 1), 0);
	EXPECT_ERRNO(write(fd[1], "x", 1), EPIPE);
}

TEST(a_signal_for_who_writes_to_nobody)
{
	int fd[2];
	pid_t pid;

	enter();
	make_pair(fd);
	close(fd[0]);
	usleep(10000);
	pid = fork();
	if (!pid) {
		ASSERT_EQ(write(fd[1], "x", 1), 1);
		usleep(10000);
		write(fd[1], "x", 1);
		_exit(0);
	}
	EXPECT_EQ(wait_exit(pid), 128 + SIGPIPE);
}

TEST(closed_with_something_unread)
{
	char c;
	int fd[2];

	enter();
	ignore_sigpipe();
	make_pair(fd);
	ASSERT_EQ(write(fd[1], "x", 1), 1);
	usleep(10000);
	close(fd[0]);
	EXPECT(wait_for(fd[1], POLLIN) & POLLERR);
	EXPECT_EQ(events_of(fd[1]), POLLIN | POLLOUT | POLLRDHUP | POLLERR | POLLHUP);
	EXPECT_ERRNO(read(fd[1], &c, 1), ECONNRESET);
	EXPECT_EQ(read(fd[1], &c, 1), 0);
	EXPECT_ERRNO(write(fd[1], "x", 1), EPIPE);
	EXPECT_EQ(peer_port(fd[1]), -1);
}

TEST(closed_without_lingering)
{
	struct linger linger = { .l_onoff = 1 };
	char c;
	int fd[2];

	enter();
	make_pair(fd);
	ASSERT_EQ(setsockopt(fd[0], SOL_SOCKET, SO_LINGER, &linger, sizeof(linger)), 0);
	ASSERT_EQ(write(fd[0], "x", 1), 1);
	usleep(10000);
	close(fd[0]);
	usleep(10000);
	EXPECT_EQ(read(fd[1], &c, 1), 1);
	EXPECT_ERRNO(read(fd[1], &c, 1), ECONNRESET);
}

TEST(closed_before_it_was_accepted)
{
	int l, a, b;
	char buf[8];

	enter();
	l = listener(5000, 5);
	a = tcp();
	ASSERT_EQ(do_connect(a, LOCAL, 5000), 0);
	ASSERT_EQ(write(a, "left", 4), 4);
	close(a);
	b = accept(l, NULL, NULL);
	ASSERT(b >= 0);
	EXPECT_EQ(read(b, buf, 8), 4);
	EXPECT_EQ(read(b, buf, 8), 0);
}

TEST(disconnected_and_connected_again)
{
	int l, a, b;
	char c;

	enter();
	l = listener(5000, 5);
	a = tcp();
	ASSERT_EQ(do_connect(a, LOCAL, 5000), 0);
	b = accept(l, NULL, NULL);
	ASSERT_EQ(disconnect(a), 0);
	EXPECT_ERRNO(read(b, &c, 1), ECONNRESET);
	EXPECT_EQ(peer_port(a), -1);
	EXPECT_EQ(get_opt(a, SOL_SOCKET, SO_ERROR), ECONNRESET);
	ASSERT_EQ(do_connect(a, LOCAL, 5000), 0);
	b = accept(l, NULL, NULL);
	EXPECT_EQ(write(a, "x", 1), 1);
	EXPECT_EQ(read(b, &c, 1), 1);
}

static void *connect_in_vain(void *fd)
{
	EXPECT(do_connect(*(int *)fd, LOCAL, 5000) < 0);
	return NULL;
}

static void *receive_in_vain(void *fd)
{
	char c;

	EXPECT(recv(*(int *)fd, &c, 1, 0) <= 0);
	return NULL;
}

/* Who waits for the bytes of a connection that is refused learns it as who waits for itself. */
TEST(refused_under_a_reader)
{
	pthread_t connects[32], receives[32];
	int l, a, fd[32];

	enter();
	l = listener(5000, 0);
	a = tcp();
	ASSERT_EQ(do_connect(a, LOCAL, 5000), 0);
	for (int i = 0; i < 32; i++) {
		fd[i] = tcp();
		ASSERT_EQ(pthread_create(&connects[i], NULL, connect_in_vain, &fd[i]), 0);
	}
	usleep(200000);
	for (int i = 0; i < 32; i++)
		ASSERT_EQ(pthread_create(&receives[i], NULL, receive_in_vain, &fd[i]), 0);
	usleep(200000);
	close(l);
	for (int i = 0; i < 32; i++) {
		pthread_join(connects[i], NULL);
		pthread_join(receives[i], NULL);
	}
}

static void *send_much(void *fd)
{
	static char buf[1 << 20];

	memset(buf, 0x5a, sizeof(buf));
	while (send(*(int *)fd, buf, sizeof(buf), MSG_NOSIGNAL) > 0)
		;
	return NULL;
}

static void *receive_much(void *fd)
{
	static char buf[1 << 20];
	ssize_t n;

	while ((n = recv(*(int *)fd, buf, sizeof(buf), 0)) > 0)
		for (ssize_t i = 0; i < n; i++)
			if (buf[i] != 0x5a) {
				EXPECT_EQ(buf[i], 0x5a);
				return NULL;
			}
	return NULL;
}

/* What is being received stays as it was sent, whatever becomes of the connection. */
TEST_TIMEOUT(disconnected_under_a_reader, 60)
{
	pthread_t sender, receiver;
	int fd[2];

	enter();
	for (int round = 0; round < 80; round++) {
		make_pair(fd);
		ASSERT_EQ(pthread_create(&sender, NULL, send_much, &fd[1]), 0);
		ASSERT_EQ(pthread_create(&receiver, NULL, receive_much, &fd[0]), 0);
		usleep(1000 + round * 37);
		ASSERT_EQ(disconnect(fd[0]), 0);
		pthread_join(sender, NULL);
		pthread_join(receiver, NULL);
		close(fd[0]);
		close(fd[1]);
	}
}

/* ---- options ---- */

static int comes_within(int fd, int ms)
{
	struct pollfd pfd = { .fd = fd, .events = POLLIN };
	static char buf[200000];

	if (poll(&pfd, 1, ms) != 1)
		return -1;
	return recv(fd, buf, sizeof(buf), MSG_DONTWAIT);
}

TEST(more_is_announced)
{
	int fd[2];

	enter();
	make_pair(fd);
	EXPECT_EQ(send(fd[0], "ab", 2, MSG_MORE), 2);
	EXPECT_EQ(send(fd[0], "", 0, 0), 0);
	EXPECT_EQ(comes_within(fd[1], 20), -1);
	EXPECT_EQ(send(fd[0], "cd", 2, MSG_MORE), 2);
	EXPECT_EQ(comes_within(fd[1], 20), -1);
	EXPECT_EQ(send(fd[0], "e", 1, 0), 1);
	EXPECT_EQ(comes_within(fd[1], 1000), 5);
	/* the other direction has its own */
	EXPECT_EQ(send(fd[1], "ab", 2, MSG_MORE), 2);
	EXPECT_EQ(send(fd[0], "c", 1, 0), 1);
	EXPECT_EQ(comes_within(fd[1], 1000), 1);
	EXPECT_EQ(comes_within(fd[0], 0), -1);
	close(fd[1]);
	EXPECT_EQ(comes_within(fd[0], 1000), 2);
	EXPECT_EQ(comes_within(fd[0], 1000), 0);
}

TEST(nothing_more_came)
{
	struct timespec before, after;
	int fd[2], ms;

	enter();
	make_pair(fd);
	for (int i = 0; i < 2; i++) {
		clock_gettime(CLOCK_MONOTONIC, &before);
		EXPECT_EQ(send(fd[0], "ab", 2, MSG_MORE), 2);
		EXPECT_EQ(comes_within(fd[1], 5000), 2);
		clock_gettime(CLOCK_MONOTONIC, &after);
		ms = (after.tv_sec - before.tv_sec) * 1000 +
		     (after.tv_nsec - before.tv_nsec) / 1000000;
		EXPECT_GE(ms, 150);
		EXPECT_LE(ms, 2000);
		EXPECT_EQ(send(fd[0], "c", 1, MSG_MORE), 1);
		EXPECT_EQ(send(fd[0], "d", 1, 0), 1);
		EXPECT_EQ(comes_within(fd[1], 1000), 2);
	}
}

TEST(much_is_not_held)
{
	static char big[100000];
	int fd[2], got = 0, n;

	enter();
	make_pair(fd);
	EXPECT_EQ(send(fd[0], big, 16000, MSG_MORE), 16000);
	EXPECT_EQ(comes_within(fd[1], 20), -1);
	EXPECT_EQ(send(fd[0], big, sizeof(big), MSG_MORE), sizeof(big));
	while (got < 16000 + (int)sizeof(big) && (n = comes_within(fd[1], 1000)) > 0)
		got += n;
	EXPECT_EQ(got, 16000 + sizeof(big));
}

TEST(tcp_cork_holds)
{
	int fd[2];

	enter();
	make_pair(fd);
	EXPECT_EQ(set_opt(fd[0], IPPROTO_TCP, TCP_CORK, 1), 0);
	EXPECT_EQ(send(fd[0], "ab", 2, 0), 2);
	EXPECT_EQ(send(fd[0], "c", 1, 0), 1);
	EXPECT_EQ(comes_within(fd[1], 20), -1);
	EXPECT_EQ(set_opt(fd[0], IPPROTO_TCP, TCP_CORK, 0), 0);
	EXPECT_EQ(comes_within(fd[1], 1000), 3);
	EXPECT_EQ(send(fd[0], "ab", 2, MSG_MORE), 2);
	EXPECT_EQ(comes_within(fd[1], 20), -1);
	EXPECT_EQ(set_opt(fd[0], IPPROTO_TCP, TCP_NODELAY, 1), 0);
	EXPECT_EQ(comes_within(fd[1], 1000), 2);
	EXPECT_EQ(send(fd[0], "ab", 2, MSG_MORE), 2);
	EXPECT_EQ(comes_within(fd[1], 20), -1);
	EXPECT_EQ(shutdown(fd[0], SHUT_WR), 0);
	EXPECT_EQ(comes_within(fd[1], 1000), 2);
	EXPECT_EQ(comes_within(fd[1], 1000), 0);
}

TEST(what_is_held_goes_with_a_reset)
{
	struct linger linger = { .l_onoff = 1 };
	int fd[2];

	enter();
	ignore_sigpipe();
	make_pair(fd);
	EXPECT_EQ(send(fd[0], "ab", 2, MSG_MORE), 2);
	EXPECT_EQ(setsockopt(fd[0], SOL_SOCKET, SO_LINGER, &linger, sizeof(linger)), 0);
	close(fd[0]);
	EXPECT_ERRNO(comes_within(fd[1], 1000), ECONNRESET);
	/* held for somebody who has gone */
	make_pair(fd);
	EXPECT_EQ(send(fd[0], "ab", 2, MSG_MORE), 2);
	close(fd[1]);
	EXPECT_EQ(comes_within(fd[0], 1000), 0);
	close(fd[0]);
}

#define SENDERS	4
#define PIECES	2000

/* Who it is and which piece, one word each; every third piece waits for no other. */
static void send_pieces(int fd, unsigned int who)
{
	for (unsigned int i = 0; i < PIECES; i++) {
		unsigned int word = who << 24 | i;

		if (send(fd, &word, 4, i % 3 ? MSG_MORE : 0) != 4)
			_exit(1);
	}
	_exit(0);
}

TEST_TIMEOUT(several_hold_and_send, 60)
{
	unsigned int next[SENDERS] = { }, word, got = 0;
	int fd[2], status;

	enter();
	make_pair(fd);
	for (int i = 0; i < SENDERS; i++) {
		if (fork() == 0)
			send_pieces(fd[0], i);
	}
	while (got < SENDERS * PIECES && recv(fd[1], &word, 4, MSG_WAITALL) == 4) {
		ASSERT(word >> 24 < SENDERS);
		ASSERT_EQ(word & 0xffffff, next[word >> 24]);
		next[word >> 24]++;
		got++;
	}
	EXPECT_EQ(got, SENDERS * PIECES);
	for (int i = 0; i < SENDERS; i++) {
		ASSERT(wait(&status) > 0);
		EXPECT_EQ(status, 0);
	}
}

TEST(options_are_kept)
{
	int fd = tcp();

	EXPECT_EQ(get_opt(fd, IPPROTO_TCP, TCP_NODELAY), 0);
	EXPECT_EQ(set_opt(fd, IPPROTO_TCP, TCP_NODELAY, 5), 0);
	EXPECT_EQ(get_opt(fd, IPPROTO_TCP, TCP_NODELAY), 1);
	EXPECT_EQ(get_opt(fd, IPPROTO_TCP, TCP_KEEPIDLE), 7200);
	EXPECT_EQ(set_opt(fd, IPPROTO_TCP, TCP_KEEPIDLE, 30), 0);
	EXPECT_EQ(get_opt(fd, IPPROTO_TCP, TCP_KEEPIDLE), 30);
	EXPECT_ERRNO(set_opt(fd, IPPROTO_TCP, TCP_KEEPIDLE, 0), EINVAL);
	EXPECT_ERRNO(set_opt(fd, IPPROTO_TCP, TCP_KEEPIDLE, 32768), EINVAL);
	EXPECT_EQ(get_opt(fd, IPPROTO_TCP, TCP_KEEPINTVL), 75);
	EXPECT_EQ(get_opt(fd, IPPROTO_TCP, TCP_KEEPCNT), 9);
	EXPECT_ERRNO(set_opt(fd, IPPROTO_TCP, TCP_KEEPCNT, 128), EINVAL);
	EXPECT_EQ(get_opt(fd, IPPROTO_TCP, TCP_SYNCNT), 6);
	EXPECT_EQ(get_opt(fd, IPPROTO_TCP, TCP_LINGER2), 60);
	EXPECT_EQ(get_opt(fd, IPPROTO_TCP, TCP_DEFER_ACCEPT), 0);
	EXPECT_EQ(set_opt(fd, IPPROTO_TCP, TCP_DEFER_ACCEPT, 5), 0);
	EXPECT_EQ(get_opt(fd, IPPROTO_TCP, TCP_DEFER_ACCEPT), 7);
	EXPECT_EQ(get_opt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT), 0);
	EXPECT_ERRNO(set_opt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, -1), EINVAL);
	EXPECT_EQ(get_opt(fd, IPPROTO_TCP, TCP_MAXSEG), 536);
	EXPECT_ERRNO(set_opt(fd, IPPROTO_TCP, TCP_MAXSEG, 20), EINVAL);
	EXPECT_EQ(get_opt(fd, IPPROTO_TCP, TCP_QUICKACK), 1);
	EXPECT_EQ(get_opt(fd, IPPROTO_TCP, TCP_CORK), 0);
	EXPECT_EQ(get_opt(fd, SOL_SOCKET, SO_KEEPALIVE), 0);
	EXPECT_EQ(set_opt(fd, SOL_SOCKET, SO_KEEPALIVE, 1), 0);
	EXPECT_EQ(get_opt(fd, SOL_SOCKET, SO_KEEPALIVE), 1);
	EXPECT_EQ(set_opt(fd, IPPROTO_IP, IP_TOS, 0x10), 0);
	EXPECT_EQ(get_opt(fd, IPPROTO_IP, IP_TOS), 0x10);
	EXPECT_ERRNO(set_opt(fd, IPPROTO_TCP, 999, 1), ENOPROTOOPT);
	EXPECT_EQ(get_opt(fd, IPPROTO_TCP, 999), -ENOPROTOOPT);
	EXPECT_ERRNO(setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, "x", 1), EINVAL);
}

TEST(nothing_can_be_put_on_top)
{
	socklen_t len = 20;
	char name[20];
	int fd = tcp();

	EXPECT_ERRNO(setsockopt(fd, IPPROTO_TCP, TCP_ULP, "nonesuch", 8), ENOENT);
	EXPECT_ERRNO(setsockopt(fd, IPPROTO_TCP, TCP_ULP, "no", 2), ENOENT);
	EXPECT_ERRNO(setsockopt(fd, IPPROTO_TCP, TCP_ULP, "", 1), ENOENT);
	EXPECT_ERRNO(setsockopt(fd, IPPROTO_TCP, TCP_ULP, "", 0), EINVAL);
	EXPECT_ERRNO(setsockopt(fd, IPPROTO_TCP, TCP_ULP, NULL, 3), EFAULT);
	EXPECT_EQ(getsockopt(fd, IPPROTO_TCP, TCP_ULP, name, &len), 0);
	EXPECT_EQ(len, 0);
	len = -1;
	EXPECT_ERRNO(getsockopt(fd, IPPROTO_TCP, TCP_ULP, name, &len), EINVAL);
}

TEST(an_accepted_connection_inherits)
{
	int l, b;

	enter();
	l = listener(5000, 5);
	set_opt(l, IPPROTO_TCP, TCP_NODELAY, 1);
	set_opt(l, IPPROTO_TCP, TCP_KEEPIDLE, 33);
	set_opt(l, SOL_SOCKET, SO_KEEPALIVE, 1);
	set_opt(l, SOL_SOCKET, SO_RCVBUF, 5000);
	ASSERT_EQ(do_connect(tcp(), LOCAL, 5000), 0);
	b = accept(l, NULL, NULL);
	EXPECT_EQ(get_opt(b, IPPROTO_TCP, TCP_NODELAY), 1);
	EXPECT_EQ(get_opt(b, IPPROTO_TCP, TCP_KEEPIDLE), 33);
	EXPECT_EQ(get_opt(b, SOL_SOCKET, SO_KEEPALIVE), 1);
	EXPECT_EQ(get_opt(b, SOL_SOCKET, SO_RCVBUF), 10000);
	EXPECT_EQ(get_opt(b, SOL_SOCKET, SO_ACCEPTCONN), 0);
}

TEST(info_tells_the_state)
{
	struct tcp_info info;
	socklen_t len = sizeof(info);
	int fd[2], l;

	enter();
	make_pair(fd);
	ASSERT_EQ(getsockopt(fd[0], IPPROTO_TCP, TCP_INFO, &info, &len), 0);
	EXPECT_EQ(info.tcpi_state, TCP_ESTABLISHED);
	close(fd[1]);
	usleep(10000);
	ASSERT_EQ(getsockopt(fd[0], IPPROTO_TCP, TCP_INFO, &info, &len), 0);
	EXPECT_EQ(info.tcpi_state, TCP_CLOSE_WAIT);
	l = listener(0, 7);
	ASSERT_EQ(getsockopt(l, IPPROTO_TCP, TCP_INFO, &info, &len), 0);
	EXPECT_EQ(info.tcpi_state, TCP_LISTEN);
	EXPECT_EQ(info.tcpi_sacked, 7);
}

TEST(proc_net_tcp_lists_it)
{
	char line[512] = "";
	FILE *f;

	enter();
	listener(5000, 5);
	f = fopen("/proc/net/tcp", "r");
	ASSERT(f != NULL);
	ASSERT(fgets(line, sizeof(line), f) != NULL);
	EXPECT_EQ(strlen(line), 150);
	ASSERT(fgets(line, sizeof(line), f) != NULL);
	EXPECT_EQ(strlen(line), 150);
	EXPECT(!strncmp(line, "   0: 0100007F:1388 00000000:0000 0A 00000000:00000000 00:00000000 "
		       "00000000     0        0 ", 91));
	EXPECT(!fgets(line, sizeof(line), f));
}

/* ---- many at once ---- */

TEST_TIMEOUT(many_connections_from_many_processes, 60)
{
	enum { CHILDREN = 4, ROUNDS = 50 };
	pid_t pid[CHILDREN];
	int l, served = 0;
	char c;

	enter();
	l = listener(5000, 2);
	for (int i = 0; i < CHILDREN; i++) {
		pid[i] = fork();
		if (pid[i])
			continue;
		close(l);
		for (int n = 0; n < ROUNDS; n++) {
			int fd = tcp();

			ASSERT_EQ(do_connect(fd, LOCAL, 5000), 0);
			ASSERT_EQ(write(fd, "x", 1), 1);
			ASSERT_EQ(read(fd, &c, 1), 1);
			close(fd);
		}
		_exit(0);
	}
	while (served < CHILDREN * ROUNDS) {
		int fd = accept(l, NULL, NULL);

		ASSERT(fd >= 0);
		ASSERT_EQ(read(fd, &c, 1), 1);
		ASSERT_EQ(write(fd, "y", 1), 1);
		close(fd);
		served++;
	}
	for (int i = 0; i < CHILDREN; i++)
		EXPECT_EQ(wait_exit(pid[i]), 0);
}

// SPDX-License-Identifier: GPL-2.0-only
/* ktest: musl */
/* UDP over the loopback device of a network namespace. */
#include "inet_util.h"
#include <netinet/udp.h>

static int udp(void)
{
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	ASSERT(fd >= 0);
	return fd;
}

static int udp_at(unsigned int addr, int port)
{
	int fd = udp();

	ASSERT_EQ(do_bind(fd, addr, port), 0);
	return fd;
}

static int send_to(int fd, const char *text, unsigned int addr, int port)
{
	struct sockaddr_in sin = at(addr, port);

	return sendto(fd, text, strlen(text), 0, (struct sockaddr *)&sin, sizeof(sin));
}

static int nothing_comes(int fd)
{
	char c;

	return recv(fd, &c, 1, MSG_DONTWAIT) < 0 && errno == EAGAIN;
}

TEST(which_sockets_there_are)
{
	EXPECT_ERRNO(socket(AF_INET, SOCK_DGRAM, IPPROTO_TCP), EPROTONOSUPPORT);
	EXPECT_ERRNO(socket(AF_INET, SOCK_STREAM, IPPROTO_UDP), EPROTONOSUPPORT);
	EXPECT_ERRNO(socket(AF_INET, SOCK_SEQPACKET, 0), ESOCKTNOSUPPORT);
	EXPECT_ERRNO(socket(AF_INET, SOCK_RAW, 0), EPROTONOSUPPORT);
	EXPECT_ERRNO(socket(AF_INET, SOCK_STREAM, 300), EINVAL);
	EXPECT(socket(AF_INET, SOCK_DGRAM, IPPROTO_UDP) >= 0);
	EXPECT(socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) >= 0);
}

TEST(what_it_says_of_itself)
{
	int fd = udp();

	EXPECT_EQ(get_opt(fd, SOL_SOCKET, SO_TYPE), SOCK_DGRAM);
	EXPECT_EQ(get_opt(fd, SOL_SOCKET, SO_DOMAIN), AF_INET);
	EXPECT_EQ(get_opt(fd, SOL_SOCKET, SO_PROTOCOL), IPPROTO_UDP);
	EXPECT_EQ(get_opt(fd, SOL_SOCKET, SO_ERROR), 0);
	EXPECT_EQ(get_opt(fd, SOL_SOCKET, SO_ACCEPTCONN), 0);
	EXPECT_EQ(get_opt(fd, IPPROTO_IP, IP_TTL), 64);
	EXPECT_EQ(get_opt(fd, IPPROTO_TCP, TCP_NODELAY), -EOPNOTSUPP);
	EXPECT_EQ(set_opt(fd, SOL_SOCKET, SO_RCVBUF, 5000), 0);
	EXPECT_EQ(get_opt(fd, SOL_SOCKET, SO_RCVBUF), 10000);
	EXPECT_EQ(port_of(fd), 0);
	EXPECT_EQ(addr_of(fd), 0);
	EXPECT_EQ(peer_port(fd), -1);
	EXPECT_EQ(events_of(fd), POLLOUT);
}

TEST(there_and_back)
{
	struct sockaddr_in from;
	socklen_t len = sizeof(from);
	int a, b;
	char buf[16];

	enter();
	a = udp_at(LOCAL, 5000);
	b = udp();
	EXPECT_EQ(send_to(b, "hello", LOCAL, 5000), 5);
	EXPECT(port_of(b) >= 32768);
	EXPECT_EQ(events_of(a), POLLIN | POLLOUT);
	ASSERT_EQ(recvfrom(a, buf, sizeof(buf), 0, (struct sockaddr *)&from, &len), 5);
	EXPECT_EQ(len, sizeof(from));
	EXPECT_EQ(ntohl(from.sin_addr.s_addr), LOCAL);
	EXPECT_EQ(ntohs(from.sin_port), port_of(b));
	EXPECT_EQ(sendto(a, "x", 1, 0, (struct sockaddr *)&from, len), 1);
	EXPECT_EQ(recv(b, buf, sizeof(buf), 0), 1);
	EXPECT(nothing_comes(a));
}

TEST(messages_with_two_parts_and_an_address)
{
	struct sockaddr_in to = at(LOCAL, 5000), from;
	char one[2], two[10];
	struct iovec out[2] = { { "ab", 2 }, { "cde", 3 } }, in[2] = { { one, 2 }, { two, 10 } };
	struct msghdr msg = { .msg_name = &to, .msg_namelen = sizeof(to), .msg_iov = out,
			      .msg_iovlen = 2 };
	int a, b;

	enter();
	a = udp_at(0, 5000);
	b = udp();
	ASSERT_EQ(sendmsg(b, &msg, 0), 5);
	msg = (struct msghdr){ .msg_name = &from, .msg_namelen = sizeof(from), .msg_iov = in,
			       .msg_iovlen = 2 };
	ASSERT_EQ(recvmsg(a, &msg, 0), 5);
	EXPECT(!memcmp(one, "ab", 2) && !memcmp(two, "cde", 3));
	EXPECT_EQ(msg.msg_namelen, sizeof(from));
	EXPECT_EQ(ntohs(from.sin_port), port_of(b));
}

TEST(datagrams_keep_their_bounds)
{
	char buf[8];
	int a, b, n;

	enter();
	a = udp_at(LOCAL, 5000);
	b = udp();
	send_to(b, "longer than that", LOCAL, 5000);
	send_to(b, "", LOCAL, 5000);
	send_to(b, "abc", LOCAL, 5000);
	ASSERT_EQ(ioctl(a, FIONREAD, &n), 0);
	EXPECT_EQ(n, 16);
	EXPECT_EQ(recv(a, buf, 4, MSG_PEEK), 4);
	EXPECT_EQ(recv(a, buf, 4, MSG_TRUNC), 16);
	EXPECT_EQ(recv(a, buf, sizeof(buf), 0), 0);
	EXPECT_EQ(recv(a, buf, sizeof(buf), 0), 3);
}

TEST(without_a_device_nothing_is_reached)
{
	int fd;

	ASSERT_EQ(unshare(CLONE_NEWNET), 0);
	fd = udp();
	EXPECT_ERRNO(send_to(fd, "x", LOCAL, 9), ENETUNREACH);
	EXPECT_ERRNO(do_connect(fd, LOCAL, 9), ENETUNREACH);
	EXPECT_EQ(do_bind(udp(), 0, 5000), 0);
	set_lo(1);
	EXPECT_EQ(send_to(fd, "x", LOCAL, 9), 1);
	EXPECT_ERRNO(send_to(fd, "x", 0xc0000201, 9), ENETUNREACH);
	EXPECT_ERRNO(do_bind(udp(), 0xc0000201, 5000), EADDRNOTAVAIL);
}

TEST(while_it_is_down_all_is_lost)
{
	int a, b;

	enter();
	a = udp_at(LOCAL, 5000);
	b = udp();
	set_lo(0);
	EXPECT_EQ(send_to(b, "x", LOCAL, 5000), 1);
	EXPECT(nothing_comes(a));
	set_lo(1);
	EXPECT_EQ(send_to(b, "x", LOCAL, 5000), 1);
	EXPECT(!nothing_comes(a));
}

TEST(namespaces_are_apart)
{
	int a, b;

	enter();
	a = udp_at(LOCAL, 5000);
	enter();
	b = udp();
	EXPECT_EQ(send_to(b, "x", LOCAL, 5000), 1);
	EXPECT(nothing_comes(a));
	EXPECT_EQ(do_bind(udp(), LOCAL, 5000), 0);
}

/* ---- names ---- */

TEST(addresses_that_are_none)
{
	struct sockaddr_in sin = at(LOCAL, 5000);
	int fd = udp();

	enter();
	EXPECT_ERRNO(bind(fd, (struct sockaddr *)&sin, sizeof(sin) - 1), EINVAL);
	EXPECT_ERRNO(connect(fd, (struct sockaddr *)&sin, 1), EINVAL);
	EXPECT_ERRNO(connect(fd, (struct sockaddr *)&sin, 8), EINVAL);
	EXPECT_ERRNO(sendto(fd, "x", 1, 0, (struct sockaddr *)&sin, 8), EINVAL);
	sin.sin_family = AF_UNIX;
	EXPECT_ERRNO(bind(fd, (struct sockaddr *)&sin, sizeof(sin)), EAFNOSUPPORT);
	EXPECT_ERRNO(connect(fd, (struct sockaddr *)&sin, sizeof(sin)), EAFNOSUPPORT);
	EXPECT_ERRNO(sendto(fd, "x", 1, 0, (struct sockaddr *)&sin, sizeof(sin)), EAFNOSUPPORT);
	EXPECT_ERRNO(send_to(fd, "x", LOCAL, 0), EINVAL);
	EXPECT_ERRNO(send(fd, "x", 1, 0), EDESTADDRREQ);
}

TEST(a_port_is_ones_own)
{
	int a, b;

	enter();
	a = udp_at(LOCAL, 5000);
	EXPECT_ERRNO(do_bind(a, LOCAL, 5001), EINVAL);
	EXPECT_ERRNO(do_bind(udp(), LOCAL, 5000), EADDRINUSE);
	EXPECT_ERRNO(do_bind(udp(), 0, 5000), EADDRINUSE);
	EXPECT_EQ(do_bind(udp(), LOCAL + 1, 5000), 0);
	EXPECT_EQ(do_bind(socket(AF_INET, SOCK_STREAM, 0), LOCAL, 5000), 0);
	close(a);
	b = udp_at(LOCAL, 5000);
	EXPECT_EQ(port_of(b), 5000);
}

TEST(ports_are_shared_by_agreement)
{
	int a, b;

	enter();
	a = udp();
	b = udp();
	EXPECT_EQ(set_opt(a, SOL_SOCKET, SO_REUSEADDR, 1), 0);
	ASSERT_EQ(do_bind(a, LOCAL, 5000), 0);
	EXPECT_ERRNO(do_bind(b, LOCAL, 5000), EADDRINUSE);
	EXPECT_EQ(set_opt(b, SOL_SOCKET, SO_REUSEADDR, 1), 0);
	EXPECT_EQ(do_bind(b, LOCAL, 5000), 0);
	a = udp();
	b = udp();
	EXPECT_EQ(set_opt(a, SOL_SOCKET, SO_REUSEPORT, 1), 0);
	EXPECT_EQ(set_opt(b, SOL_SOCKET, SO_REUSEPORT, 1), 0);
	EXPECT_EQ(get_opt(b, SOL_SOCKET, SO_REUSEPORT), 1);
	EXPECT_EQ(do_bind(a, LOCAL, 5001), 0);
	EXPECT_EQ(do_bind(b, LOCAL, 5001), 0);
}

TEST(low_ports_need_the_capability)
{
	enter();
	EXPECT_EQ(do_bind(udp(), LOCAL, 80), 0);
	ASSERT_EQ(setresuid(1000, 1000, 1000), 0);
	EXPECT_ERRNO(do_bind(udp(), LOCAL, 81), EACCES);
	EXPECT_EQ(do_bind(udp(), LOCAL, 1024), 0);
}

TEST(free_ports_come_from_a_range)
{
	int fd, i, seen[3] = { 0, 0, 0 };

	enter();
	fd = open("/proc/sys/net/ipv4/ip_local_port_range", O_RDWR);
	ASSERT(fd >= 0);
	ASSERT_EQ(write(fd, "40000 40002\n", 12), 12);
	for (i = 0; i < 3; i++) {
		int port = port_of(udp_at(0, 0));

		ASSERT(port >= 40000 && port <= 40002);
		seen[port - 40000]++;
	}
	EXPECT(seen[0] == 1 && seen[1] == 1 && seen[2] == 1);
	EXPECT_ERRNO(do_bind(udp(), 0, 0), EADDRINUSE);
	EXPECT_ERRNO(send_to(udp(), "x", LOCAL, 9), EAGAIN);
}

TEST(the_better_fit_gets_it)
{
	int any, exact, other, fd;

	enter();
	any = udp();
	exact = udp();
	set_opt(any, SOL_SOCKET, SO_REUSEADDR, 1);
	set_opt(exact, SOL_SOCKET, SO_REUSEADDR, 1);
	ASSERT_EQ(do_bind(exact, LOCAL, 5000), 0);
	ASSERT_EQ(do_bind(any, 0, 5000), 0);
	fd = udp();
	send_to(fd, "x", LOCAL, 5000);
	EXPECT(!nothing_comes(exact));
	EXPECT(nothing_comes(any));
	send_to(fd, "x", LOCAL + 5, 5000);
	EXPECT(!nothing_comes(any));
	/* who is connected hears that one only */
	other = udp_at(LOCAL, 6000);
	ASSERT_EQ(do_connect(exact, LOCAL, 6000), 0);
	send_to(fd, "x", LOCAL, 5000);
	EXPECT(nothing_comes(exact));
	EXPECT(!nothing_comes(any));
	send_to(other, "x", LOCAL, 5000);
	EXPECT(!nothing_comes(exact));
}

/* ---- connected ---- */

TEST(connect_names_both_ends)
{
	int a, b;
	char c;

	enter();
	a = udp_at(0, 5000);
	b = udp();
	ASSERT_EQ(do_connect(b, LOCAL, 5000), 0);
	EXPECT_EQ(addr_of(b), LOCAL);
	EXPECT_EQ(peer_port(b), 5000);
	EXPECT_EQ(send(b, "x", 1, 0), 1);
	EXPECT_EQ(recv(a, &c, 1, 0), 1);
	EXPECT_EQ(disconnect(b), 0);
	EXPECT_EQ(addr_of(b), 0);
	EXPECT_EQ(port_of(b), 0);
	EXPECT_EQ(peer_port(b), -1);
	EXPECT_ERRNO(send(b, "x", 1, 0), EDESTADDRREQ);
	EXPECT_EQ(do_connect(b, LOCAL + 4, 5000), 0);
	EXPECT_EQ(addr_of(b), LOCAL);
	EXPECT_EQ(send_to(b, "x", LOCAL, 5000), 1);
}

TEST(what_bind_chose_stays)
{
	int fd;

	enter();
	fd = udp_at(LOCAL + 1, 5000);
	ASSERT_EQ(do_connect(fd, LOCAL, 5001), 0);
	EXPECT_EQ(addr_of(fd), LOCAL + 1);
	ASSERT_EQ(disconnect(fd), 0);
	EXPECT_EQ(addr_of(fd), LOCAL + 1);
	EXPECT_EQ(port_of(fd), 5000);
}

TEST(a_closed_port_is_told_to_the_connected)
{
	char c;
	int fd;

	enter();
	fd = udp();
	EXPECT_EQ(send_to(fd, "x", LOCAL, 9), 1);
	EXPECT_EQ(get_opt(fd, SOL_SOCKET, SO_ERROR), 0);
	ASSERT_EQ(do_connect(fd, LOCAL, 9), 0);
	EXPECT_EQ(send(fd, "x", 1, 0), 1);
	EXPECT_EQ(events_of(fd), POLLERR | POLLOUT);
	EXPECT_EQ(get_opt(fd, SOL_SOCKET, SO_ERROR), ECONNREFUSED);
	EXPECT_EQ(send(fd, "x", 1, 0), 1);
	EXPECT_ERRNO(recv(fd, &c, 1, 0), ECONNREFUSED);
	EXPECT_EQ(send(fd, "x", 1, 0), 1);
	EXPECT_ERRNO(send(fd, "x", 1, 0), ECONNREFUSED);
	EXPECT_EQ(send(fd, "x", 1, 0), 1);
}

TEST(shutdown_of_each_direction)
{
	char c;
	int fd;

	enter();
	fd = udp_at(LOCAL, 5000);
	EXPECT_ERRNO(shutdown(fd, 7), EINVAL);
	ASSERT_EQ(do_connect(fd, LOCAL, 5000), 0);
	EXPECT_EQ(shutdown(fd, SHUT_RD), 0);
	EXPECT_EQ(recv(fd, &c, 1, 0), 0);
	EXPECT(events_of(fd) & POLLRDHUP);
	EXPECT_EQ(shutdown(fd, SHUT_WR), 0);
	EXPECT_ERRNO(send(fd, "x", 1, MSG_NOSIGNAL), EPIPE);
	EXPECT(events_of(fd) & POLLHUP);
	EXPECT_ERRNO(shutdown(udp(), SHUT_RD), ENOTCONN);
}

TEST(no_streams_calls)
{
	int fd = udp(), fds[2];

	EXPECT_ERRNO(listen(fd, 1), EOPNOTSUPP);
	EXPECT_ERRNO(accept(fd, NULL, NULL), EOPNOTSUPP);
	EXPECT_ERRNO(socketpair(AF_INET, SOCK_DGRAM, 0, fds), EOPNOTSUPP);
	EXPECT_ERRNO(send_to(fd, "x", 0, 0), EINVAL);
}

/* ---- limits and waiting ---- */

TEST(sizes_end_at_the_protocols_limit)
{
	static char big[70000];
	struct sockaddr_in sin = at(LOCAL, 5000);
	int a, b;

	enter();
	a = udp_at(LOCAL, 5000);
	b = udp();
	EXPECT_ERRNO(sendto(b, big, 65508, 0, (struct sockaddr *)&sin, sizeof(sin)), EMSGSIZE);
	EXPECT_ERRNO(sendto(b, big, 70000, 0, (struct sockaddr *)&sin, sizeof(sin)), EMSGSIZE);
	EXPECT_EQ(sendto(b, big, 65507, 0, (struct sockaddr *)&sin, sizeof(sin)), 65507);
	EXPECT_EQ(recv(a, big, sizeof(big), 0), 65507);
}

static int send_more(int fd, const char *text, int flags)
{
	return send(fd, text, strlen(text), flags | MSG_NOSIGNAL);
}

static const char *what_comes(int fd)
{
	static char text[100];
	int n = recv(fd, text, sizeof(text) - 1, MSG_DONTWAIT);

	text[n < 0 ? 0 : n] = '\0';
	return n < 0 ? strerror(errno) : text;
}

TEST(more_comes_to_the_same_datagram)
{
	struct sockaddr_in elsewhere;
	int to, other, from;

	enter();
	to = udp_at(LOCAL, 0);
	other = udp_at(LOCAL, 0);
	elsewhere = at(LOCAL, port_of(other));
	from = udp();
	ASSERT_EQ(do_connect(from, LOCAL, port_of(to)), 0);
	EXPECT_EQ(send_more(from, "ab", MSG_MORE), 2);
	EXPECT(nothing_comes(to));
	EXPECT_EQ(send_more(from, "cde", MSG_MORE), 3);
	EXPECT(nothing_comes(to));
	EXPECT_EQ(send_more(from, "f", 0), 1);
	EXPECT_STREQ(what_comes(to), "abcdef");
	EXPECT(nothing_comes(to));
	/* the first part says where to */
	EXPECT_EQ(send_more(from, "12", MSG_MORE), 2);
	EXPECT_EQ(sendto(from, "3", 1, 0, (struct sockaddr *)&elsewhere, sizeof(elsewhere)), 1);
	EXPECT(nothing_comes(other));
	EXPECT_STREQ(what_comes(to), "123");
	EXPECT_EQ(sendto(from, "x", 1, MSG_MORE, (struct sockaddr *)&elsewhere,
			 sizeof(elsewhere)), 1);
	EXPECT_EQ(send_more(from, "", 0), 0);
	EXPECT_STREQ(what_comes(other), "x");
	/* what was begun and not sent goes with the socket */
	EXPECT_EQ(send_more(from, "lost", MSG_MORE), 4);
	close(from);
	EXPECT(nothing_comes(to));
}

TEST(a_part_that_cannot_be_added_takes_all_along)
{
	static char big[40000];
	int to, from;

	enter();
	to = udp_at(LOCAL, 0);
	from = udp();
	EXPECT_ERRNO(send_more(from, "x", MSG_MORE), EDESTADDRREQ);
	ASSERT_EQ(do_connect(from, LOCAL, port_of(to)), 0);
	EXPECT_EQ(send(from, big, sizeof(big), MSG_MORE), sizeof(big));
	EXPECT_ERRNO(send(from, big, sizeof(big), MSG_MORE), EMSGSIZE);
	EXPECT_EQ(send_more(from, "a", 0), 1);
	EXPECT_STREQ(what_comes(to), "a");
	EXPECT_EQ(send_more(from, "b", MSG_MORE), 1);
	EXPECT_ERRNO(send(from, (void *)8, 5, 0), EFAULT);
	EXPECT_EQ(send_more(from, "c", 0), 1);
	EXPECT_STREQ(what_comes(to), "c");
	EXPECT(nothing_comes(to));
}

TEST(corked)
{
	int to, from;

	enter();
	to = udp_at(LOCAL, 0);
	from = udp();
	ASSERT_EQ(do_connect(from, LOCAL, port_of(to)), 0);
	EXPECT_EQ(get_opt(from, IPPROTO_UDP, UDP_CORK), 0);
	EXPECT_EQ(set_opt(from, IPPROTO_UDP, UDP_CORK, 5), 0);
	EXPECT_EQ(get_opt(from, IPPROTO_UDP, UDP_CORK), 1);
	EXPECT_EQ(send_more(from, "ab", 0), 2);
	EXPECT_EQ(send_more(from, "c", 0), 1);
	EXPECT(nothing_comes(to));
	EXPECT_EQ(set_opt(from, IPPROTO_UDP, UDP_CORK, 0), 0);
	EXPECT_STREQ(what_comes(to), "abc");
	EXPECT_EQ(set_opt(from, IPPROTO_UDP, UDP_CORK, 1), 0);
	EXPECT_EQ(set_opt(from, IPPROTO_UDP, UDP_CORK, 0), 0);
	EXPECT(nothing_comes(to));
	EXPECT_ERRNO(set_opt(from, IPPROTO_UDP, 999, 1), ENOPROTOOPT);
	EXPECT_EQ(get_opt(from, IPPROTO_UDP, 999), -ENOPROTOOPT);
	EXPECT_ERRNO(setsockopt(from, IPPROTO_UDP, UDP_CORK, "x", 1), EINVAL);
}

TEST(no_check_is_kept)
{
	int fd = udp();

	EXPECT_EQ(get_opt(fd, SOL_SOCKET, SO_NO_CHECK), 0);
	EXPECT_EQ(set_opt(fd, SOL_SOCKET, SO_NO_CHECK, 5), 0);
	EXPECT_EQ(get_opt(fd, SOL_SOCKET, SO_NO_CHECK), 1);
	EXPECT_EQ(set_opt(fd, SOL_SOCKET, SO_NO_CHECK, 0), 0);
	EXPECT_EQ(get_opt(fd, SOL_SOCKET, SO_NO_CHECK), 0);
}

TEST(what_finds_no_room_is_lost)
{
	int a, b, n = 0;
	char c;

	enter();
	a = udp_at(LOCAL, 5000);
	b = udp();
	for (int i = 0; i < 2000; i++)
		ASSERT_EQ(send_to(b, "x", LOCAL, 5000), 1);
	while (recv(a, &c, 1, MSG_DONTWAIT) == 1)
		n++;
	EXPECT_GT(n, 100);
	EXPECT_LT(n, 1000);
	EXPECT_EQ(send_to(b, "x", LOCAL, 5000), 1);
	EXPECT_EQ(recv(a, &c, 1, 0), 1);
}

TEST(a_reader_waits)
{
	struct timeval tv = { .tv_usec = 50000 };
	pid_t pid;
	int a;
	char c;

	enter();
	a = udp_at(LOCAL, 5000);
	ASSERT_EQ(setsockopt(a, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof(tv)), 0);
	EXPECT_ERRNO(recv(a, &c, 1, 0), EAGAIN);
	tv.tv_usec = 0;
	ASSERT_EQ(setsockopt(a, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof(tv)), 0);
	pid = fork();
	if (!pid) {
		usleep(20000);
		send_to(udp(), "x", LOCAL, 5000);
		_exit(0);
	}
	EXPECT_EQ(recv(a, &c, 1, 0), 1);
	EXPECT_EQ(wait_exit(pid), 0);
}

TEST(epoll_hears_of_it)
{
	struct epoll_event ev = { .events = EPOLLIN | EPOLLET };
	int a, ep = epoll_create1(0);

	enter();
	a = udp_at(LOCAL, 5000);
	ASSERT_EQ(epoll_ctl(ep, EPOLL_CTL_ADD, a, &ev), 0);
	EXPECT_EQ(epoll_wait(ep, &ev, 1, 0), 0);
	send_to(udp(), "x", LOCAL, 5000);
	EXPECT_EQ(epoll_wait(ep, &ev, 1, 1000), 1);
	EXPECT_EQ(epoll_wait(ep, &ev, 1, 0), 0);
	send_to(udp(), "x", LOCAL, 5000);
	EXPECT_EQ(epoll_wait(ep, &ev, 1, 1000), 1);
}

TEST(where_it_was_sent_to)
{
	char room[128], c;
	struct iovec iov = { &c, 1 };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = room,
			      .msg_controllen = sizeof(room) };
	struct in_pktinfo info;
	struct cmsghdr *cm;
	int a;

	enter();
	a = udp_at(0, 5000);
	ASSERT_EQ(set_opt(a, IPPROTO_IP, IP_PKTINFO, 1), 0);
	send_to(udp(), "x", LOCAL + 6, 5000);
	ASSERT_EQ(recvmsg(a, &msg, 0), 1);
	cm = CMSG_FIRSTHDR(&msg);
	ASSERT(cm != NULL);
	EXPECT(cm->cmsg_level == IPPROTO_IP && cm->cmsg_type == IP_PKTINFO);
	memcpy(&info, CMSG_DATA(cm), sizeof(info));
	EXPECT_EQ(info.ipi_ifindex, 1);
	EXPECT_EQ(ntohl(info.ipi_addr.s_addr), LOCAL + 6);
}

TEST(proc_net_udp_lists_it)
{
	char line[512] = "";
	FILE *f;

	enter();
	udp_at(LOCAL, 5000);
	f = fopen("/proc/net/udp", "r");
	ASSERT(f != NULL);
	ASSERT(fgets(line, sizeof(line), f) != NULL);
	ASSERT(fgets(line, sizeof(line), f) != NULL);
	EXPECT(strstr(line, ": 0100007F:1388 00000000:0000 07 00000000:00000000 00:00000000 "
		      "00000000     0        0 ") != NULL);
	EXPECT_EQ(strlen(line), 128);
	EXPECT(!fgets(line, sizeof(line), f));
}

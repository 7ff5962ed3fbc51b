/* SPDX-License-Identifier: GPL-2.0-only */
/* What the tests of AF_INET share: a network namespace of one's own, with its loopback up. */
#ifndef INET_UTIL_H
#define INET_UTIL_H

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <fcntl.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sched.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include "../ktest.h"

#define LOCAL	0x7f000001

static void set_lo(int up)
{
	struct ifreq ifr = { .ifr_name = "lo", .ifr_flags = up ? IFF_UP : 0 };
	int fd = socket(AF_UNIX, SOCK_DGRAM, 0);

	ASSERT_EQ(ioctl(fd, SIOCSIFFLAGS, &ifr), 0);
	close(fd);
}

__attribute__((unused)) static void enter(void)
{
	ASSERT_EQ(unshare(CLONE_NEWNET), 0);
	set_lo(1);
}

static struct sockaddr_in at(unsigned int addr, int port)
{
	struct sockaddr_in sin = { .sin_family = AF_INET, .sin_port = htons(port),
				   .sin_addr.s_addr = htonl(addr) };

	return sin;
}

static int do_bind(int fd, unsigned int addr, int port)
{
	struct sockaddr_in sin = at(addr, port);

	return bind(fd, (struct sockaddr *)&sin, sizeof(sin));
}

static int do_connect(int fd, unsigned int addr, int port)
{
	struct sockaddr_in sin = at(addr, port);

	return connect(fd, (struct sockaddr *)&sin, sizeof(sin));
}

__attribute__((unused)) static int disconnect(int fd)
{
	struct sockaddr sa = { .sa_family = AF_UNSPEC };

	return connect(fd, &sa, sizeof(sa));
}

static struct sockaddr_in name_of(int fd)
{
	struct sockaddr_in sin = { };
	socklen_t len = sizeof(sin);

	ASSERT_EQ(getsockname(fd, (struct sockaddr *)&sin, &len), 0);
	ASSERT_EQ(len, sizeof(sin));
	ASSERT_EQ(sin.sin_family, AF_INET);
	return sin;
}

static int port_of(int fd)
{
	return ntohs(name_of(fd).sin_port);
}

__attribute__((unused)) static unsigned int addr_of(int fd)
{
	return ntohl(name_of(fd).sin_addr.s_addr);
}

__attribute__((unused)) static int peer_port(int fd)
{
	struct sockaddr_in sin;
	socklen_t len = sizeof(sin);

	return getpeername(fd, (struct sockaddr *)&sin, &len) ? -1 : ntohs(sin.sin_port);
}

static int get_opt(int fd, int level, int name)
{
	int val = -12345;
	socklen_t len = sizeof(val);

	return getsockopt(fd, level, name, &val, &len) ? -errno : val;
}

static int set_opt(int fd, int level, int name, int val)
{
	return setsockopt(fd, level, name, &val, sizeof(val));
}

__attribute__((unused)) static int events_of(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN | POLLOUT | POLLRDHUP | POLLPRI };

	ASSERT(poll(&p, 1, 0) >= 0);
	return p.revents;
}

__attribute__((unused)) static int wait_for(int fd, int events)
{
	struct pollfd p = { .fd = fd, .events = events };

	ASSERT(poll(&p, 1, 5000) >= 0);
	return p.revents;
}

#endif

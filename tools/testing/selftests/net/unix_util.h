/* SPDX-License-Identifier: GPL-2.0-only */
/* What the tests of AF_UNIX share. */
#ifndef UNIX_UTIL_H
#define UNIX_UTIL_H

#include "../ktest.h"
#include <fcntl.h>
#include <poll.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>

/* An address from a path, or an abstract one from "@name". */
static inline socklen_t address(struct sockaddr_un *un, const char *name)
{
	memset(un, 0, sizeof(*un));
	un->sun_family = AF_UNIX;
	strcpy(un->sun_path, name);
	if (name[0] == '@') {
		un->sun_path[0] = '\0';
		return offsetof(struct sockaddr_un, sun_path) + strlen(name);
	}
	return offsetof(struct sockaddr_un, sun_path) + strlen(name) + 1;
}

static inline int bind_to(int fd, const char *name)
{
	struct sockaddr_un un;
	socklen_t len = address(&un, name);

	return bind(fd, (struct sockaddr *)&un, len);
}

static inline int connect_to(int fd, const char *name)
{
	struct sockaddr_un un;
	socklen_t len = address(&un, name);

	return connect(fd, (struct sockaddr *)&un, len);
}

static inline int listener(int type, const char *name, int backlog)
{
	int fd = socket(AF_UNIX, type, 0);

	ASSERT_GE(fd, 0);
	ASSERT_EQ(bind_to(fd, name), 0);
	ASSERT_EQ(listen(fd, backlog), 0);
	return fd;
}

static inline void pair(int type, int fd[2])
{
	ASSERT_EQ(socketpair(AF_UNIX, type, 0, fd), 0);
}

static inline void nonblocking(int fd)
{
	ASSERT_EQ(fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK), 0);
}

static inline int events_of(int fd, int wanted)
{
	struct pollfd p = { .fd = fd, .events = wanted };

	return poll(&p, 1, 0) < 0 ? -1 : p.revents;
}

#define ALL_EVENTS	(POLLIN | POLLOUT | POLLRDHUP | POLLPRI)

static inline void pause_ms(int ms)
{
	usleep(ms * 1000);
}

static inline int exit_status(pid_t pid)
{
	int status;

	ASSERT_EQ(waitpid(pid, &status, 0), pid);
	return status;
}

#endif

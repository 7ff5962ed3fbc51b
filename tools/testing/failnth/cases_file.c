// SPDX-License-Identifier: GPL-2.0-only
/* Descriptors, files, names, mounts, pipes, sockets, and what is waited on by a descriptor. */
#include "failnth.h"
#include <dirent.h>
#include <poll.h>
#include <sched.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <netinet/in.h>
#include <sys/inotify.h>
#include <sys/mount.h>
#include <sys/sendfile.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/un.h>

#define NAME_A	"/tmp/failnth-a"
#define NAME_B	"/tmp/failnth-b"

/* ---- tables of descriptors: in a child, whose table has not grown yet ---- */

static int run_dup2(const struct failcase *c, int n)
{
	return CALL(n, dup2(0, (int)c->flags));
}

static int run_dup(const struct failcase *c, int n)
{
	int fd = -1, error = CALL(n, fd = dup(0));

	return fd >= 0 && close(fd) ? -1 : error;
}

/* Somebody shares the table, so that it must be copied first; also one that is large. */
static int run_close_range(const struct failcase *c, int n)
{
	int error, status;
	pid_t pid;

	if (dup2(0, (int)c->flags) < 0)
		return -1;
	pid = syscall(SYS_clone, CLONE_FILES | SIGCHLD, 0, 0, 0, 0);
	if (!pid)
		for (;;)
			pause();
	error = CALL(n, close_range(30, ~0U, CLOSE_RANGE_UNSHARE));
	kill(pid, SIGKILL);
	if (waitpid(pid, &status, 0) != pid)
		return -1;
	/* When it failed, nothing may be closed. */
	return !error != (fcntl((int)c->flags, F_GETFD) < 0) ? -1 : error;
}

/* ---- things with a descriptor ---- */

enum { NEW_EPOLL, NEW_EVENTFD, NEW_TIMERFD, NEW_SIGNALFD, NEW_INOTIFY, NEW_MEMFD, NEW_PIDFD,
       NEW_SOCKET, NEW_DGRAM, NEW_NETLINK, NEW_DIRECTORY, NEW_PROC, NEW_PTY };

static int make_new(unsigned long what)
{
	sigset_t set;

	sigemptyset(&set);
	switch (what) {
	case NEW_EPOLL:
		return epoll_create1(0);
	case NEW_EVENTFD:
		return eventfd(0, 0);
	case NEW_TIMERFD:
		return timerfd_create(CLOCK_MONOTONIC, 0);
	case NEW_SIGNALFD:
		return signalfd(-1, &set, 0);
	case NEW_INOTIFY:
		return inotify_init1(0);
	case NEW_MEMFD:
		return memfd_create("failnth", 0);
	case NEW_PIDFD:
		return syscall(SYS_pidfd_open, getpid(), 0);
	case NEW_SOCKET:
		return socket(AF_UNIX, SOCK_STREAM, 0);
	case NEW_DGRAM:
		return socket(AF_UNIX, SOCK_DGRAM, 0);
	case NEW_NETLINK:
		return socket(AF_NETLINK, SOCK_DGRAM, 11);
	case NEW_DIRECTORY:
		return open("/proc/self/task", O_RDONLY | O_DIRECTORY);
	case NEW_PROC:
		return open("/proc/self/maps", O_RDONLY);
	default:
		return open("/dev/ptmx", O_RDWR | O_NOCTTY);
	}
}

static int run_new(const struct failcase *c, int n)
{
	int fd = -1, error = CALL(n, fd = make_new(c->flags));

	return fd >= 0 && close(fd) ? -1 : error;
}

static int run_pair(const struct failcase *c, int n)
{
	int fd[2] = { -1, -1 }, error;

	if (c->flags)
		error = CALL(n, socketpair(AF_UNIX, c->flags, 0, fd));
	else
		error = CALL(n, pipe(fd));
	if (!error && (close(fd[0]) || close(fd[1])))
		return -1;
	return error;
}

static int run_pipe_write(const struct failcase *c, int n)
{
	static char data[3 * 4096], back[3 * 4096];
	ssize_t done = 0;
	int fd[2], error;

	memset(data, 'x', sizeof(data));
	if (pipe2(fd, O_NONBLOCK))
		return -1;
	error = CALL(n, done = write(fd[1], data, sizeof(data)));
	/* What it said that it wrote can be read. */
	if (done > 0 && (read(fd[0], back, sizeof(back)) != done || memcmp(data, back, done)))
		return -1;
	return close(fd[0]) || close(fd[1]) ? -1 : error;
}

static int run_pipe_read(const struct failcase *c, int n)
{
	char back[64];
	int fd[2], error;

	if (pipe(fd) || write(fd[1], "abcdef", 6) != 6)
		return -1;
	error = CALL(n, read(fd[0], back, sizeof(back)));
	return close(fd[0]) || close(fd[1]) ? -1 : error;
}

static int run_splice(const struct failcase *c, int n)
{
	int fd[2], in = open("/proc/self/exe", O_RDONLY | O_CLOEXEC), error;

	if (pipe(fd))
		return -1;
	error = CALL(n, splice(in, NULL, fd[1], NULL, 8192, 0));
	return close(fd[0]) || close(fd[1]) || close(in) ? -1 : error;
}

static int run_epoll_add(const struct failcase *c, int n)
{
	struct epoll_event event = { .events = EPOLLIN };
	int fd[2], ep = epoll_create1(0), error;

	if (pipe(fd))
		return -1;
	error = CALL(n, epoll_ctl(ep, EPOLL_CTL_ADD, fd[0], &event));
	if (!error && write(fd[1], "x", 1) == 1)
		error = epoll_wait(ep, &event, 1, 1000) == 1 ? 0 : -1;
	close(ep);
	close(fd[0]);
	close(fd[1]);
	return error;
}

static int run_epoll_wait(const struct failcase *c, int n)
{
	struct epoll_event event = { .events = EPOLLIN };
	int fd[2], ep = epoll_create1(0), error;

	if (pipe(fd) || epoll_ctl(ep, EPOLL_CTL_ADD, fd[0], &event) || write(fd[1], "x", 1) != 1)
		return -1;
	error = CALL(n, epoll_wait(ep, &event, 1, 0));
	/* An event that could not be told is not lost. */
	if (epoll_wait(ep, &event, 1, 0) != 1)
		return -1;
	close(ep);
	close(fd[0]);
	close(fd[1]);
	return error;
}

static int run_inotify_add(const struct failcase *c, int n)
{
	int fd = inotify_init1(IN_NONBLOCK), error;

	error = CALL(n, inotify_add_watch(fd, "/tmp", IN_CREATE));
	return close(fd) ? -1 : error;
}

/* An event that nobody has memory for is lost, and the reader is told so. */
static int run_inotify_event(const struct failcase *c, int n)
{
	int fd = inotify_init1(IN_NONBLOCK), error;

	if (fd < 0 || inotify_add_watch(fd, "/tmp", IN_CREATE) < 0)
		return -1;
	error = CALL(n, mkdir(NAME_A, 0700));
	rmdir(NAME_A);
	return close(fd) ? -1 : error;
}

static int run_poll(const struct failcase *c, int n)
{
	static struct pollfd fds[40];

	for (int i = 0; i < 40; i++)
		fds[i] = (struct pollfd){ .fd = fail_fd, .events = POLLIN };
	return CALL(n, poll(fds, 40, 0));
}

/* ---- sockets ---- */

static int run_scm_rights(const struct failcase *c, int n)
{
	char byte = 'x', control[CMSG_SPACE(sizeof(int))] = "";
	struct iovec vec = { &byte, 1 };
	struct msghdr msg = { .msg_iov = &vec, .msg_iovlen = 1, .msg_control = control,
			      .msg_controllen = sizeof(control) };
	struct cmsghdr *cmsg = CMSG_FIRSTHDR(&msg);
	int pair[2], error, got = -1;

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair))
		return -1;
	*cmsg = (struct cmsghdr){ CMSG_LEN(sizeof(int)), SOL_SOCKET, SCM_RIGHTS };
	memcpy(CMSG_DATA(cmsg), &pair[0], sizeof(int));
	if (c->flags) {
		if (sendmsg(pair[0], &msg, 0) != 1)
			return -1;
		error = CALL(n, recvmsg(pair[1], &msg, MSG_DONTWAIT));
		memcpy(&got, CMSG_DATA(cmsg), sizeof(int));
		/* Taken out or lost, as the receiver's memory has it; never both. */
		if (!error && msg.msg_controllen >= sizeof(control))
			close(got);
	} else {
		error = CALL(n, sendmsg(pair[0], &msg, 0));
	}
	return close(pair[0]) || close(pair[1]) ? -1 : error;
}

static int run_connect(const struct failcase *c, int n)
{
	struct sockaddr_un name = { AF_UNIX, "\0failnth" };
	int server = socket(AF_UNIX, SOCK_STREAM, 0), client = socket(AF_UNIX, SOCK_STREAM, 0);
	int got = -1, error;

	if (c->flags == 0) {
		error = CALL(n, bind(server, (void *)&name, sizeof(name)));
	} else if (bind(server, (void *)&name, sizeof(name)) || listen(server, 5)) {
		return -1;
	} else if (c->flags == 1) {
		error = CALL(n, connect(client, (void *)&name, sizeof(name)));
	} else {
		if (connect(client, (void *)&name, sizeof(name)))
			return -1;
		error = CALL(n, got = accept(server, NULL, NULL));
		if (got >= 0)
			close(got);
	}
	return close(server) || close(client) ? -1 : error;
}

/* @flags: SOCK_DGRAM or SOCK_STREAM; the second part of what is announced. */
static int run_send_more(const struct failcase *c, int n)
{
	struct sockaddr_in name = { .sin_family = AF_INET,
				    .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int to = socket(AF_INET, c->flags, 0), from = socket(AF_INET, c->flags, 0), error;
	socklen_t len = sizeof(name);

	if (bind(to, (void *)&name, len) || getsockname(to, (void *)&name, &len))
		return -1;
	if ((c->flags == SOCK_STREAM && listen(to, 1)) || connect(from, (void *)&name, len))
		return -1;
	if (send(from, "ab", 2, MSG_MORE) != 2)
		return -1;
	error = CALL(n, send(from, "cd", 2, MSG_MORE));
	return close(from) || close(to) ? -1 : error;
}

/* ---- files and names ---- */

static int run_open(const struct failcase *c, int n)
{
	int fd = -1, error = CALL(n, fd = open(NAME_A, O_RDWR | O_CREAT, 0600));

	if (fd >= 0)
		close(fd);
	unlink(NAME_A);
	return error;
}

enum { NAME_MKDIR, NAME_SYMLINK, NAME_LINK, NAME_MKNOD, NAME_RENAME, NAME_UNLINK, NAME_STAT,
       NAME_READLINK, NAME_CHDIR, NAME_CHMOD, NAME_XATTR, NAME_GETDENTS, NAME_CHROOT };

static int use_name(unsigned long what)
{
	static char text[4096];
	struct stat st;

	switch (what) {
	case NAME_MKDIR:
		return mkdir(NAME_B, 0700);
	case NAME_SYMLINK:
		return symlink("/somewhere/that/is/not/too/short/for/an/inode/to/hold/itself", NAME_B);
	case NAME_LINK:
		return link(NAME_A, NAME_B);
	case NAME_MKNOD:
		return mknod(NAME_B, S_IFIFO | 0600, 0);
	case NAME_RENAME:
		return rename(NAME_A, NAME_B);
	case NAME_UNLINK:
		return unlink(NAME_A);
	case NAME_STAT:
		return stat(NAME_A, &st);
	case NAME_READLINK:
		return readlink("/proc/self/exe", text, sizeof(text)) < 0 ? -1 : 0;
	case NAME_CHDIR:
		return chdir("/");
	case NAME_CHMOD:
		return chmod(NAME_A, 0640);
	case NAME_CHROOT:
		return chroot("/");
	default:
		return syscall(SYS_getdents64, fail_fd, text, sizeof(text));
	}
}

/* In a child, for what changes directories. */
static int run_name(const struct failcase *c, int n)
{
	int fd = open(NAME_A, O_RDWR | O_CREAT, 0600), error;
	struct stat st;

	if (fd < 0 || close(fd))
		return -1;
	error = CALL(n, use_name(c->flags));
	if (error && c->flags == NAME_RENAME && (stat(NAME_A, &st) || !stat(NAME_B, &st)))
		return -1;
	remove(NAME_A);
	remove(NAME_B);
	return error;
}

static int run_getdents(const struct failcase *c, int n)
{
	static char text[4096];
	int fd = open("/proc/self", O_RDONLY | O_DIRECTORY | O_CLOEXEC), error;

	error = CALL(n, syscall(SYS_getdents64, fd, text, sizeof(text)));
	return close(fd) ? -1 : error;
}

/* A page at a time, then a hole, then the end. */
static int run_file_write(const struct failcase *c, int n)
{
	static char data[3 * 4096], back[3 * 4096];
	int fd = memfd_create("failnth", MFD_CLOEXEC), error;
	ssize_t done = 0;

	memset(data, 'y', sizeof(data));
	if (fd < 0)
		return -1;
	if (c->flags == 0)
		error = CALL(n, done = write(fd, data, sizeof(data)));
	else if (c->flags == 1)
		error = CALL(n, ftruncate(fd, 100000));
	else
		error = CALL(n, fallocate(fd, 0, 0, 5 * 4096));
	if (done > 0 && (pread(fd, back, sizeof(back), 0) != done || memcmp(data, back, done)))
		return -1;
	return close(fd) ? -1 : error;
}

static int run_file_read(const struct failcase *c, int n)
{
	static char data[9000];
	int fd = open(c->flags ? "/proc/self/maps" : "/proc/self/exe", O_RDONLY | O_CLOEXEC), error;

	error = CALL(n, read(fd, data, sizeof(data)));
	return close(fd) ? -1 : error;
}

static int run_sendfile(const struct failcase *c, int n)
{
	int in = open("/proc/self/exe", O_RDONLY | O_CLOEXEC), out = memfd_create("failnth", 0), error;

	error = CALL(n, sendfile(out, in, NULL, 3 * 4096));
	return close(in) || close(out) ? -1 : error;
}

static int run_lock(const struct failcase *c, int n)
{
	struct flock lock = { .l_type = F_WRLCK, .l_start = 10, .l_len = 10 };
	int fd = memfd_create("failnth", MFD_CLOEXEC), error;

	if (fcntl(fd, F_SETLK, &lock))
		return -1;
	/* Splits what is locked in two. */
	lock.l_type = F_UNLCK;
	lock.l_start = 13;
	lock.l_len = 2;
	error = CALL(n, fcntl(fd, F_SETLK, &lock));
	return close(fd) ? -1 : error;
}

static int run_lease(const struct failcase *c, int n)
{
	int fd = open(NAME_A, O_RDONLY | O_CREAT, 0600), error;

	error = CALL(n, fcntl(fd, F_SETLEASE, F_RDLCK));
	return unlink(NAME_A) || close(fd) ? -1 : error;
}

/* ---- mounts ---- */

#define MOUNT_POINT	"/tmp/failnth-mount"

static int run_mount(const struct failcase *c, int n)
{
	int error;

	if (mkdir(MOUNT_POINT, 0700) && errno != EEXIST)
		return -1;
	if (c->flags)
		error = CALL(n, mount("/tmp", MOUNT_POINT, NULL, c->flags, NULL));
	else
		error = CALL(n, mount("none", MOUNT_POINT, "tmpfs", 0, NULL));
	if (!error)
		error = CALL(n, umount(MOUNT_POINT));
	umount2(MOUNT_POINT, MNT_DETACH);
	return rmdir(MOUNT_POINT) ? -1 : error;
}

static void add_new(void)
{
	static const char *const names[] = {
		"epoll_create", "eventfd", "timerfd_create", "signalfd", "inotify_init", "memfd_create",
		"pidfd_open", "socket", "socket DGRAM", "socket NETLINK", "open a directory of proc",
		"open a file of proc", "open a new terminal",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct failcase *c = add(names[i], run_new, i, i == NEW_EPOLL ? 0 : CASE_LONG);

		c->allowed[0] = ENFILE;		/* no inode for a socket */
		c->allowed[1] = ENOSPC;		/* no inode in a tmpfs */
		c->allowed[2] = ENOENT;		/* no inode in proc */
	}
}

static void add_names(void)
{
	static const struct {
		const char *name;
		unsigned long what;
	} names[] = {
		{ "mkdir", NAME_MKDIR }, { "symlink", NAME_SYMLINK }, { "link", NAME_LINK },
		{ "mknod", NAME_MKNOD }, { "rename", NAME_RENAME }, { "unlink", NAME_UNLINK },
		{ "stat", NAME_STAT }, { "readlink", NAME_READLINK }, { "chdir", NAME_CHDIR },
		{ "chmod", NAME_CHMOD }, { "chroot", NAME_CHROOT },
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct failcase *c = add(names[i].name, run_name, names[i].what, CASE_CHILD |
					 (names[i].what == NAME_RENAME ? 0 : CASE_LONG));

		c->allowed[0] = ENOSPC;		/* tmpfs: no inode */
		c->allowed[1] = ENOENT;		/* proc: no inode */
	}
}

void add_file_cases(void)
{
	struct failcase *c;

	add("dup", run_dup, 0, 0);
	add("dup2 growth", run_dup2, 900, CASE_CHILD);
	add("dup2 far growth", run_dup2, 1000, CASE_CHILD);
	add("close_range UNSHARE", run_close_range, 40, CASE_CHILD);
	add("close_range UNSHARE of many", run_close_range, 700, CASE_CHILD | CASE_LONG);
	c = add("open", run_open, 0, 0);
	c->allowed[0] = ENOSPC;		/* tmpfs: no inode */
	c = add("pipe", run_pair, 0, 0);
	c->allowed[0] = ENFILE;		/* no inode, no buffer */
	c = add("socketpair", run_pair, SOCK_STREAM, 0);
	c->allowed[0] = ENFILE;
	add("write to a pipe", run_pipe_write, 0, CASE_LONG);
	add("read from a pipe", run_pipe_read, 0, CASE_LONG);
	add("splice", run_splice, 0, CASE_LONG);
	add("epoll_ctl", run_epoll_add, 0, 0);
	add("epoll_wait", run_epoll_wait, 0, CASE_LONG);
	add("inotify_add_watch", run_inotify_add, 0, 0);
	add("an event for inotify", run_inotify_event, 0, CASE_LONG)->allowed[0] = ENOSPC;
	add("poll", run_poll, 0, CASE_LONG);
	add("send a descriptor", run_scm_rights, 0, CASE_LONG)->allowed[0] = ENOBUFS;
	add("receive a descriptor", run_scm_rights, 1, CASE_CHILD | CASE_LONG);
	add("bind", run_connect, 0, CASE_LONG);
	add("send more of a datagram", run_send_more, SOCK_DGRAM, CASE_LONG)->allowed[0] = ENOBUFS;
	add("send more of a stream", run_send_more, SOCK_STREAM, CASE_LONG)->allowed[0] = ENOBUFS;
	add("connect", run_connect, 1, CASE_LONG)->allowed[0] = ENOBUFS;
	c = add("accept", run_connect, 2, CASE_LONG);
	c->allowed[0] = ENFILE;
	add("getdents", run_getdents, 0, CASE_LONG);
	c = add("write to a file", run_file_write, 0, CASE_LONG);
	c->allowed[0] = ENOSPC;
	add("truncate", run_file_write, 1, CASE_LONG);
	c = add("fallocate", run_file_write, 2, CASE_LONG);
	c->allowed[0] = ENOSPC;
	add("read from a file", run_file_read, 0, CASE_LONG);
	add("read from proc", run_file_read, 1, CASE_LONG);
	c = add("sendfile", run_sendfile, 0, CASE_LONG);
	c->allowed[0] = ENOSPC;
	add("fcntl lock", run_lock, 0, CASE_LONG)->allowed[0] = ENOLCK;
	add("lease", run_lease, 0, CASE_LONG);
	add("mount", run_mount, 0, 0)->allowed[0] = ENOSPC;
	add("mount --bind", run_mount, MS_BIND, CASE_LONG)->allowed[0] = ENOSPC;
	add_new();
	add_names();
}

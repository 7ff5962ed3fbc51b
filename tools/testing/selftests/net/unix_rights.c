// SPDX-License-Identifier: GPL-2.0-only
/* Descriptors and credentials through AF_UNIX. */
#include "unix_util.h"
#include <sys/resource.h>

#define MAX_PASSED	253

/* Room for descriptors and credentials. */
union control {
	char bytes[CMSG_SPACE((MAX_PASSED + 1) * sizeof(int)) + CMSG_SPACE(sizeof(struct ucred))];
	struct cmsghdr align;
};

static ssize_t send_fds(int sock, const int *fd, int n, const char *data, size_t len)
{
	struct iovec iov = { (void *)data, len };
	union control control;
	struct msghdr msg = {
		.msg_iov = &iov, .msg_iovlen = 1, .msg_control = &control,
		.msg_controllen = CMSG_SPACE(n * sizeof(int)),
	};
	struct cmsghdr *cmsg = CMSG_FIRSTHDR(&msg);

	cmsg->cmsg_level = SOL_SOCKET;
	cmsg->cmsg_type = SCM_RIGHTS;
	cmsg->cmsg_len = CMSG_LEN(n * sizeof(int));
	memcpy(CMSG_DATA(cmsg), fd, n * sizeof(int));
	return sendmsg(sock, &msg, 0);
}

/* Return: bytes; *n: descriptors, of at most @room. */
static ssize_t recv_fds(int sock, int *fd, int *n, int room, int flags, int *out_flags)
{
	char data[16];
	struct iovec iov = { data, sizeof(data) };
	union control control;
	struct msghdr msg = {
		.msg_iov = &iov, .msg_iovlen = 1, .msg_control = &control,
		.msg_controllen = room ? CMSG_LEN(room * sizeof(int)) : 0,
	};
	ssize_t ret = recvmsg(sock, &msg, flags);
	struct cmsghdr *cmsg = CMSG_FIRSTHDR(&msg);

	*n = 0;
	if (out_flags)
		*out_flags = msg.msg_flags;
	if (ret >= 0 && cmsg && cmsg->cmsg_type == SCM_RIGHTS) {
		*n = (cmsg->cmsg_len - CMSG_LEN(0)) / sizeof(int);
		memcpy(fd, CMSG_DATA(cmsg), *n * sizeof(int));
	}
	return ret;
}

static int open_count(void)
{
	int fd, n = 0;

	for (fd = 0; fd < 1024; fd++)
		n += fcntl(fd, F_GETFD) >= 0;
	return n;
}

TEST(passed_file_is_the_same)
{
	int fd[2], p[2], got[4], n;
	char c;

	pair(SOCK_STREAM, fd);
	ASSERT_EQ(pipe(p), 0);
	ASSERT_EQ(send_fds(fd[0], &p[0], 1, "f", 1), 1);
	ASSERT_EQ(recv_fds(fd[1], got, &n, 4, MSG_CMSG_CLOEXEC, NULL), 1);
	ASSERT_EQ(n, 1);
	EXPECT_EQ(fcntl(got[0], F_GETFD), FD_CLOEXEC);
	ASSERT_EQ(write(p[1], "q", 1), 1);
	ASSERT_EQ(read(got[0], &c, 1), 1);
	EXPECT_EQ(c, 'q');
}

TEST(between_processes)
{
	int fd[2], got, n, p[2];
	pid_t pid;
	char c;

	pair(SOCK_DGRAM, fd);
	pid = fork();
	if (!pid) {
		close(fd[0]);
		if (pipe(p) || write(p[1], "!", 1) != 1)
			_exit(1);
		_exit(send_fds(fd[1], &p[0], 1, "", 1) != 1);
	}
	ASSERT_EQ(recv_fds(fd[0], &got, &n, 1, 0, NULL), 1);
	EXPECT_EQ(exit_status(pid), 0);
	ASSERT_EQ(n, 1);
	EXPECT_EQ(read(got, &c, 1), 1);
	EXPECT_EQ(read(got, &c, 1), 0);
}

TEST(no_room_closes_them)
{
	int fd[2], p[2], got[4], n, flags, before;
	char c;

	pair(SOCK_STREAM, fd);
	ASSERT_EQ(pipe(p), 0);
	before = open_count();
	ASSERT_EQ(send_fds(fd[0], p, 2, "f", 1), 1);
	ASSERT_EQ(recv_fds(fd[1], got, &n, 1, 0, &flags), 1);
	EXPECT_EQ(n, 1);
	EXPECT_EQ(flags, MSG_CTRUNC);
	close(got[0]);
	ASSERT_EQ(send_fds(fd[0], &p[1], 1, "f", 1), 1);
	ASSERT_EQ(recv_fds(fd[1], got, &n, 0, 0, &flags), 1);
	EXPECT_EQ(flags, MSG_CTRUNC);
	ASSERT_EQ(send_fds(fd[0], &p[1], 1, "f", 1), 1);
	ASSERT_EQ(read(fd[1], &c, 1), 1);
	EXPECT_EQ(open_count(), before);
	close(p[1]);
	EXPECT_EQ(read(p[0], &c, 1), 0);
}

TEST(unread_ones_are_closed)
{
	int fd[2], p[2];
	char c;

	pair(SOCK_STREAM, fd);
	ASSERT_EQ(pipe(p), 0);
	ASSERT_EQ(send_fds(fd[0], &p[1], 1, "f", 1), 1);
	close(p[1]);
	close(fd[0]);
	close(fd[1]);
	EXPECT_EQ(read(p[0], &c, 1), 0);
}

TEST(limits)
{
	int fd[2], many[MAX_PASSED + 1], got[MAX_PASSED], i, n;

	pair(SOCK_STREAM, fd);
	for (i = 0; i <= MAX_PASSED; i++)
		many[i] = fd[0];
	EXPECT_ERRNO(send_fds(fd[0], many, MAX_PASSED + 1, "x", 1), EINVAL);
	ASSERT_EQ(send_fds(fd[0], many, MAX_PASSED, "x", 1), 1);
	ASSERT_EQ(recv_fds(fd[1], got, &n, MAX_PASSED, 0, NULL), 1);
	EXPECT_EQ(n, MAX_PASSED);
	many[1] = 9999;
	EXPECT_ERRNO(send_fds(fd[0], many, 2, "x", 1), EBADF);
}

TEST(malformed_control)
{
	int fd[2], target;
	struct iovec iov = { "x", 1 };
	union control control;
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = &control };
	struct cmsghdr *cmsg = &control.align;

	pair(SOCK_STREAM, fd);
	target = fd[0];
	cmsg->cmsg_level = SOL_SOCKET;
	cmsg->cmsg_type = SCM_RIGHTS;
	cmsg->cmsg_len = 8;
	memcpy(CMSG_DATA(cmsg), &target, sizeof(target));
	msg.msg_controllen = CMSG_SPACE(4);
	EXPECT_ERRNO(sendmsg(fd[0], &msg, 0), EINVAL);
	cmsg->cmsg_len = CMSG_LEN(100);
	EXPECT_ERRNO(sendmsg(fd[0], &msg, 0), EINVAL);
	cmsg->cmsg_len = CMSG_LEN(4);
	cmsg->cmsg_type = 77;
	EXPECT_ERRNO(sendmsg(fd[0], &msg, 0), EINVAL);
	cmsg->cmsg_level = 12345;
	EXPECT_EQ(sendmsg(fd[0], &msg, 0), 1);
	msg.msg_controllen = 8;
	EXPECT_EQ(sendmsg(fd[0], &msg, 0), 1);
}

TEST(peek_passes_them_too)
{
	int fd[2], p[2], got, n;

	pair(SOCK_STREAM, fd);
	ASSERT_EQ(pipe(p), 0);
	ASSERT_EQ(send_fds(fd[0], &p[0], 1, "f", 1), 1);
	ASSERT_EQ(recv_fds(fd[1], &got, &n, 1, MSG_PEEK, NULL), 1);
	EXPECT_EQ(n, 1);
	close(got);
	ASSERT_EQ(recv_fds(fd[1], &got, &n, 1, 0, NULL), 1);
	EXPECT_EQ(n, 1);
}

TEST(bytes_stop_after_descriptors)
{
	int fd[2], got, n;

	pair(SOCK_STREAM, fd);
	ASSERT_EQ(write(fd[0], "ab", 2), 2);
	ASSERT_EQ(send_fds(fd[0], &fd[0], 1, "cd", 2), 2);
	ASSERT_EQ(write(fd[0], "ef", 2), 2);
	EXPECT_EQ(recv_fds(fd[1], &got, &n, 1, 0, NULL), 4);
	EXPECT_EQ(n, 1);
	EXPECT_EQ(recv_fds(fd[1], &got, &n, 1, 0, NULL), 2);
	EXPECT_EQ(n, 0);
}

/* A pipe whose write end only such a cycle holds: its reader sees the end when it is collected. */
static void expect_collected(int rfd)
{
	struct pollfd p = { .fd = rfd, .events = POLLIN };
	int fd[2];

	/* A collector may run when any socket is closed. */
	pair(SOCK_STREAM, fd);
	close(fd[0]);
	close(fd[1]);
	ASSERT_EQ(poll(&p, 1, 5000), 1);
	EXPECT_EQ(p.revents, POLLHUP);
}

TEST(socket_in_its_own_queue)
{
	int fd[2], p[2], both[2];

	ASSERT_EQ(pipe(p), 0);
	pair(SOCK_DGRAM, fd);
	both[0] = fd[1];
	both[1] = p[1];
	ASSERT_EQ(send_fds(fd[0], both, 2, "x", 1), 1);
	close(p[1]);
	close(fd[0]);
	close(fd[1]);
	expect_collected(p[0]);
}

TEST(cycle_of_two)
{
	int a[2], b[2], p[2], pass[2];

	ASSERT_EQ(pipe(p), 0);
	pair(SOCK_STREAM, a);
	pair(SOCK_STREAM, b);
	pass[0] = b[1];
	pass[1] = p[1];
	ASSERT_EQ(send_fds(a[0], pass, 2, "x", 1), 1);	/* a[1]'s queue holds b[1] */
	ASSERT_EQ(send_fds(b[0], &a[1], 1, "x", 1), 1);	/* b[1]'s queue holds a[1] */
	close(p[1]);
	close(a[1]);
	close(b[1]);
	close(a[0]);
	close(b[0]);
	expect_collected(p[0]);
}

TEST(reachable_cycle_stays)
{
	int a[2], b[2], fd[2], got, n;

	pair(SOCK_STREAM, a);
	pair(SOCK_STREAM, b);
	ASSERT_EQ(send_fds(a[0], &b[1], 1, "x", 1), 1);
	ASSERT_EQ(send_fds(b[0], &a[1], 1, "x", 1), 1);
	close(b[1]);
	pair(SOCK_STREAM, fd);
	close(fd[0]);
	close(fd[1]);
	ASSERT_EQ(recv_fds(a[1], &got, &n, 1, MSG_DONTWAIT, NULL), 1);
	ASSERT_EQ(n, 1);
	ASSERT_EQ(recv_fds(got, &fd[0], &n, 1, MSG_DONTWAIT, NULL), 1);
	EXPECT_EQ(n, 1);
}

TEST(in_a_listeners_queue)
{
	int l = listener(SOCK_STREAM, "@tine-gc", 5), c = socket(AF_UNIX, SOCK_STREAM, 0), p[2];
	int pass[2];

	ASSERT_EQ(pipe(p), 0);
	ASSERT_EQ(connect_to(c, "@tine-gc"), 0);
	pass[0] = l;
	pass[1] = p[1];
	ASSERT_EQ(send_fds(c, pass, 2, "x", 1), 1);
	close(p[1]);
	close(l);
	close(c);
	expect_collected(p[0]);
}

/* ---- credentials ---- */

static ssize_t recv_cred(int sock, struct ucred *cred, int *flags)
{
	char data[16];
	struct iovec iov = { data, sizeof(data) };
	union control control;
	struct msghdr msg = {
		.msg_iov = &iov, .msg_iovlen = 1, .msg_control = &control,
		.msg_controllen = sizeof(control),
	};
	ssize_t ret = recvmsg(sock, &msg, MSG_DONTWAIT);
	struct cmsghdr *cmsg = CMSG_FIRSTHDR(&msg);

	*cred = (struct ucred){ -1, -1, -1 };
	if (flags)
		*flags = msg.msg_flags;
	if (ret >= 0 && cmsg && cmsg->cmsg_type == SCM_CREDENTIALS)
		memcpy(cred, CMSG_DATA(cmsg), sizeof(*cred));
	return ret;
}

TEST(passcred)
{
	int fd[2], on = 1;
	struct ucred cred;
	pid_t pid;

	pair(SOCK_DGRAM, fd);
	ASSERT_EQ(write(fd[0], "before", 6), 6);
	ASSERT_EQ(setsockopt(fd[1], SOL_SOCKET, SO_PASSCRED, &on, sizeof(on)), 0);
	ASSERT_EQ(recv_cred(fd[1], &cred, NULL), 6);
	EXPECT_EQ(cred.pid, 0);
	EXPECT_EQ(cred.uid, 65534);
	pid = fork();
	if (!pid) {
		if (setgid(7) || setuid(5))
			_exit(1);
		_exit(write(fd[0], "x", 1) != 1);
	}
	ASSERT_EQ(exit_status(pid), 0);
	ASSERT_EQ(recv_cred(fd[1], &cred, NULL), 1);
	EXPECT(cred.pid == pid || cred.pid == 0);	/* it is gone */
	EXPECT_EQ(cred.uid, 5);
	EXPECT_EQ(cred.gid, 7);
}

static int send_cred(int sock, struct ucred cred)
{
	struct iovec iov = { "c", 1 };
	union control control;
	struct msghdr msg = {
		.msg_iov = &iov, .msg_iovlen = 1, .msg_control = &control,
		.msg_controllen = CMSG_SPACE(sizeof(cred)),
	};
	struct cmsghdr *cmsg = CMSG_FIRSTHDR(&msg);

	cmsg->cmsg_level = SOL_SOCKET;
	cmsg->cmsg_type = SCM_CREDENTIALS;
	cmsg->cmsg_len = CMSG_LEN(sizeof(cred));
	memcpy(CMSG_DATA(cmsg), &cred, sizeof(cred));
	return sendmsg(sock, &msg, 0);
}

TEST(claimed_credentials)
{
	int fd[2], on = 1;
	struct ucred got;
	pid_t pid;

	pair(SOCK_STREAM, fd);
	ASSERT_EQ(setsockopt(fd[1], SOL_SOCKET, SO_PASSCRED, &on, sizeof(on)), 0);
	ASSERT_EQ(send_cred(fd[0], (struct ucred){ getpid(), 12, 34 }), 1);
	ASSERT_EQ(recv_cred(fd[1], &got, NULL), 1);
	EXPECT_EQ(got.pid, getpid());
	EXPECT_EQ(got.uid, 12);
	EXPECT_EQ(got.gid, 34);
	EXPECT_ERRNO(send_cred(fd[0], (struct ucred){ 0x3ffffff, 0, 0 }), ESRCH);
	pid = fork();
	if (!pid) {
		ASSERT_EQ(setuid(5), 0);
		EXPECT_ERRNO(send_cred(fd[0], (struct ucred){ getpid(), 0, 0 }), EPERM);
		EXPECT_ERRNO(send_cred(fd[0], (struct ucred){ 1, 5, 0 }), EPERM);
		EXPECT_EQ(send_cred(fd[0], (struct ucred){ getpid(), 5, 0 }), 1);
		_exit(0);
	}
	EXPECT_EQ(exit_status(pid), 0);
}

TEST(bytes_of_two_writers_are_kept_apart)
{
	int fd[2], on = 1;
	struct ucred cred;

	pair(SOCK_STREAM, fd);
	ASSERT_EQ(setsockopt(fd[1], SOL_SOCKET, SO_PASSCRED, &on, sizeof(on)), 0);
	ASSERT_EQ(send_cred(fd[0], (struct ucred){ getpid(), 1, 1 }), 1);
	ASSERT_EQ(send_cred(fd[0], (struct ucred){ getpid(), 1, 1 }), 1);
	ASSERT_EQ(send_cred(fd[0], (struct ucred){ getpid(), 2, 2 }), 1);
	EXPECT_EQ(recv_cred(fd[1], &cred, NULL), 2);
	EXPECT_EQ(cred.uid, 1);
	EXPECT_EQ(recv_cred(fd[1], &cred, NULL), 1);
	EXPECT_EQ(cred.uid, 2);
}

TEST(peercred)
{
	int l = listener(SOCK_STREAM, "@tine-peer", 5), c = socket(AF_UNIX, SOCK_STREAM, 0), s;
	struct ucred cred;
	socklen_t len = sizeof(cred);
	pid_t pid;

	ASSERT_EQ(getsockopt(c, SOL_SOCKET, SO_PEERCRED, &cred, &len), 0);
	EXPECT_EQ(cred.pid, 0);
	EXPECT_EQ(cred.uid, (uid_t)-1);
	pid = fork();
	if (!pid)
		_exit(connect_to(c, "@tine-peer"));
	ASSERT_EQ(exit_status(pid), 0);
	s = accept(l, NULL, NULL);
	ASSERT_EQ(getsockopt(c, SOL_SOCKET, SO_PEERCRED, &cred, &len), 0);
	EXPECT_EQ(cred.pid, getpid());
	EXPECT_EQ(cred.uid, 0);
	len = 4;
	ASSERT_EQ(getsockopt(s, SOL_SOCKET, SO_PEERCRED, &cred, &len), 0);
	EXPECT_EQ(len, 4);
}

TEST(too_many_in_flight)
{
	int fd[2], n = 0;
	pid_t pid;

	pair(SOCK_STREAM, fd);
	pid = fork();
	if (!pid) {
		struct rlimit few = { 20, 20 };

		ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &few), 0);
		ASSERT_EQ(setuid(5), 0);
		while (n < 100 && send_fds(fd[0], &fd[0], 1, "x", 1) == 1)
			n++;
		EXPECT_EQ(errno, ETOOMANYREFS);
		EXPECT_GE(n, 20);
		EXPECT_LT(n, 40);
		_exit(0);
	}
	EXPECT_EQ(exit_status(pid), 0);
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * User notification, seccomp_unotify(2): a child's getppid() is answered by its parent.
 */
#include "seccomp.h"
#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#define KILLABLE	(1u << 5)	/* SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV */
#define ANSWER		0x1234

static int listen_for(unsigned int nr, unsigned int flags)
{
	struct sock_filter insns[] = {
		LOAD(FIELD(nr)), ON(nr, SECCOMP_RET_USER_NOTIF), RET(SECCOMP_RET_ALLOW),
	};

	no_new_privs();
	return set_filter(insns, ARRAY_SIZE(insns), SECCOMP_FILTER_FLAG_NEW_LISTENER | flags);
}

static long raw_getppid(void)
{
	return syscall(SYS_getppid);
}

static int listener, go[2];

static void start(unsigned int flags)
{
	listener = listen_for(SYS_getppid, flags);
	ASSERT_GE(listener, 0);
	ASSERT_EQ(pipe(go), 0);
}

static struct seccomp_notif receive(void)
{
	struct seccomp_notif n = { };

	ASSERT_EQ(ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &n), 0);
	return n;
}

static int respond(uint64_t id, int64_t val, int error, unsigned int flags)
{
	struct seccomp_notif_resp r = { .id = id, .val = val, .error = error, .flags = flags };

	return ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &r);
}

TEST(arguments_of_the_filter)
{
	struct sock_filter allow[] = { RET(SECCOMP_RET_ALLOW) };
	int fd = listen_for(SYS_getppid, 0);
	unsigned int action = SECCOMP_RET_USER_NOTIF;

	ASSERT_GE(fd, 0);
	EXPECT_EQ(fcntl(fd, F_GETFD), FD_CLOEXEC);
	EXPECT_ERRNO(listen_for(SYS_getppid, 0), EBUSY);
	EXPECT_EQ(set_filter(allow, 1, 0), 0);
	EXPECT_ERRNO(listen_for(SYS_getppid, 0), EBUSY);
	EXPECT_ERRNO(set_filter(allow, 1, KILLABLE), EINVAL);
	EXPECT_ERRNO(listen_for(SYS_getppid, SECCOMP_FILTER_FLAG_TSYNC), EINVAL);
	close(fd);
	fd = listen_for(SYS_getppid, SECCOMP_FILTER_FLAG_TSYNC | SECCOMP_FILTER_FLAG_TSYNC_ESRCH);
	EXPECT_GE(fd, 0);
	EXPECT_EQ(seccomp(SECCOMP_GET_ACTION_AVAIL, 0, &action), 0);
}

TEST(without_a_listener_it_is_enosys)
{
	struct sock_filter insns[] = {
		LOAD(FIELD(nr)), ON(SYS_getppid, SECCOMP_RET_USER_NOTIF), RET(SECCOMP_RET_ALLOW),
	};

	no_new_privs();
	ASSERT_EQ(set_filter(insns, ARRAY_SIZE(insns), 0), 0);
	EXPECT_ERRNO(raw_getppid(), ENOSYS);
}

TEST(listener_answers)
{
	struct seccomp_notif n;
	pid_t pid;

	start(0);
	pid = fork();
	if (!pid) {
		EXPECT_EQ(syscall(SYS_getppid, 11, 22, 33, 44, 55, 66), ANSWER);
		EXPECT_ERRNO(raw_getppid(), 7);
		EXPECT_EQ(raw_getppid(), getpgid(0) * 0 + 0x77);
		_exit(0);
	}
	n = receive();
	EXPECT_EQ(n.pid, pid);
	EXPECT_EQ(n.flags, 0);
	EXPECT_EQ(n.data.nr, SYS_getppid);
	EXPECT_EQ(n.data.arch, AUDIT_ARCH_X86_64);
	EXPECT_EQ(n.data.args[0], 11);
	EXPECT_EQ(n.data.args[5], 66);
	EXPECT_EQ(respond(n.id, ANSWER, 0, 0), 0);
	n = receive();
	EXPECT_EQ(respond(n.id, 0, -7, 0), 0);
	n = receive();
	EXPECT_EQ(respond(n.id, 0x77, 0, 0), 0);
	EXPECT_EQ(wait_exit(pid), 0);
}

TEST(listener_lets_the_call_be_made)
{
	struct seccomp_notif n;
	pid_t me = getpid(), pid;

	start(0);
	pid = fork();
	if (!pid)
		_exit(raw_getppid() == me ? 0 : 1);
	n = receive();
	EXPECT_ERRNO(respond(n.id, 1, 0, SECCOMP_USER_NOTIF_FLAG_CONTINUE), EINVAL);
	EXPECT_ERRNO(respond(n.id, 0, -1, SECCOMP_USER_NOTIF_FLAG_CONTINUE), EINVAL);
	EXPECT_ERRNO(respond(n.id, 0, 0, 2), EINVAL);
	EXPECT_EQ(respond(n.id, 0, 0, SECCOMP_USER_NOTIF_FLAG_CONTINUE), 0);
	EXPECT_EQ(wait_exit(pid), 0);
}

TEST(errors_of_the_requests)
{
	struct seccomp_notif dirty = { .id = 1 }, n;
	uint64_t id;
	pid_t pid;

	start(0);
	EXPECT_ERRNO(ioctl(listener, 0x1234, 0), EINVAL);
	EXPECT_ERRNO(ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &dirty), EINVAL);
	EXPECT_ERRNO(ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, (void *)8), EFAULT);
	EXPECT_ERRNO(ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, (void *)8), EFAULT);
	EXPECT_ERRNO(ioctl(listener, SECCOMP_IOCTL_NOTIF_ID_VALID, (void *)8), EFAULT);
	EXPECT_ERRNO(respond(12345, 0, 0, 0), ENOENT);
	pid = fork();
	if (!pid)
		_exit(raw_getppid() == ANSWER ? 0 : 1);
	n = receive();
	id = n.id;
	EXPECT_EQ(ioctl(listener, SECCOMP_IOCTL_NOTIF_ID_VALID, &id), 0);
	id++;
	EXPECT_ERRNO(ioctl(listener, SECCOMP_IOCTL_NOTIF_ID_VALID, &id), ENOENT);
	EXPECT_ERRNO(respond(id, 0, 0, 0), ENOENT);
	EXPECT_EQ(respond(n.id, ANSWER, 0, 0), 0);
	EXPECT_EQ(wait_exit(pid), 0);
	EXPECT_ERRNO(respond(n.id, ANSWER, 0, 0), ENOENT);
}

TEST(poll_tells_of_calls_and_of_the_end)
{
	struct pollfd pfd;
	struct seccomp_notif n;
	pid_t pid, sleeper;
	int pair[2], fd;
	char c;

	/* The child has the filter, we have the listener. */
	ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	sleeper = fork();
	if (!sleeper) {
		pause();
		_exit(0);
	}
	pid = fork();
	if (!pid) {
		fd = listen_for(SYS_getppid, 0);
		ASSERT_GE(fd, 0);
		/* our parent takes it from us */
		ASSERT_EQ(write(pair[1], &fd, sizeof(fd)), sizeof(fd));
		ASSERT_EQ(read(pair[1], &c, 1), 1);
		close(fd);
		_exit(raw_getppid() == ANSWER ? 0 : 1);
	}
	ASSERT_EQ(read(pair[0], &fd, sizeof(fd)), sizeof(fd));
	listener = syscall(SYS_pidfd_getfd, syscall(SYS_pidfd_open, pid, 0), fd, 0);
	ASSERT_GE(listener, 0);
	pfd = (struct pollfd){ listener, POLLIN | POLLOUT, 0 };
	EXPECT_EQ(poll(&pfd, 1, 0), 0);
	ASSERT_EQ(write(pair[0], "", 1), 1);
	EXPECT_EQ(poll(&pfd, 1, -1), 1);
	EXPECT_EQ(pfd.revents, POLLIN);
	n = receive();
	EXPECT_EQ(poll(&pfd, 1, 0), 1);
	EXPECT_EQ(pfd.revents, POLLOUT);
	EXPECT_EQ(respond(n.id, ANSWER, 0, 0), 0);
	EXPECT_EQ(wait_exit(pid), 0);
	EXPECT_EQ(poll(&pfd, 1, -1), 1);
	EXPECT_EQ(pfd.revents, POLLHUP);
	kill(sleeper, SIGKILL);
	wait_exit(sleeper);
}

TEST(closing_the_listener_fails_the_calls)
{
	struct seccomp_notif n;
	pid_t pid, second;

	start(0);
	pid = fork();
	if (!pid) {
		close(listener);
		_exit(raw_getppid() < 0 ? errno : 0);
	}
	n = receive();
	EXPECT(n.id != 0);		/* any other 64 bits */
	second = fork();
	if (!second) {
		close(listener);
		_exit(raw_getppid() < 0 ? errno : 0);
	}
	usleep(50000);
	close(listener);
	EXPECT_EQ(wait_exit(pid), ENOSYS);
	EXPECT_EQ(wait_exit(second), ENOSYS);
	EXPECT_ERRNO(raw_getppid(), ENOSYS);
}

static void nothing(int sig)
{
	(void)sig;
}

/* A signal with a handler interrupts the wait, and the call is made again, with a new id. */
TEST(signal_interrupts_the_wait)
{
	struct sigaction sa = { .sa_handler = nothing };
	struct seccomp_notif n, again;
	pid_t pid;

	start(0);
	pid = fork();
	if (!pid) {
		sigaction(SIGUSR1, &sa, NULL);
		EXPECT_ERRNO(raw_getppid(), EINTR);
		sa.sa_flags = SA_RESTART;
		sigaction(SIGUSR1, &sa, NULL);
		EXPECT_EQ(raw_getppid(), ANSWER);
		_exit(0);
	}
	n = receive();
	kill(pid, SIGUSR1);
	again = receive();
	EXPECT_NE(n.id, again.id);
	EXPECT_ERRNO(respond(n.id, ANSWER, 0, 0), ENOENT);
	kill(pid, SIGUSR1);
	n = receive();
	EXPECT_NE(n.id, again.id);
	EXPECT_EQ(respond(n.id, ANSWER, 0, 0), 0);
	EXPECT_EQ(wait_exit(pid), 0);
}

TEST(a_call_that_was_read_waits_for_a_kill_only_if_asked_for)
{
	struct sigaction sa = { .sa_handler = nothing };
	struct seccomp_notif n;
	pid_t pid;

	start(KILLABLE);
	pid = fork();
	if (!pid) {
		sigaction(SIGUSR1, &sa, NULL);
		EXPECT_EQ(raw_getppid(), ANSWER);
		raw_getppid();
		_exit(1);
	}
	n = receive();
	kill(pid, SIGUSR1);
	usleep(50000);
	EXPECT_EQ(respond(n.id, ANSWER, 0, 0), 0);
	n = receive();
	kill(pid, SIGKILL);
	EXPECT_EQ(wait_exit(pid), 128 + SIGKILL);
	EXPECT_ERRNO(respond(n.id, ANSWER, 0, 0), ENOENT);
}

/* ---- descriptors for the one who waits ---- */

static long addfd(uint64_t id, unsigned int flags, int src, unsigned int fd, unsigned int fd_flags)
{
	struct seccomp_notif_addfd a = { id, flags, src, fd, fd_flags };

	return ioctl(listener, SECCOMP_IOCTL_NOTIF_ADDFD, &a);
}

TEST(descriptors_are_given_to_the_caller)
{
	struct seccomp_notif n;
	int p[2];
	pid_t pid;
	long fd;
	char c;

	start(0);
	pid = fork();
	if (!pid) {
		long got = raw_getppid();

		EXPECT_GT(got, 2);
		EXPECT_EQ(write(got, "x", 1), 1);
		EXPECT_EQ(write(700, "y", 1), 1);
		EXPECT_EQ(fcntl(700, F_GETFD), FD_CLOEXEC);
		got = raw_getppid();
		EXPECT_EQ(write(got, "z", 1), 1);
		_exit(0);
	}
	ASSERT_EQ(pipe(p), 0);
	n = receive();
	EXPECT_ERRNO(addfd(n.id, 4, p[1], 0, 0), EINVAL);
	EXPECT_ERRNO(addfd(n.id, 0, p[1], 5, 0), EINVAL);
	EXPECT_ERRNO(addfd(n.id, 0, p[1], 0, O_NONBLOCK), EINVAL);
	EXPECT_ERRNO(addfd(n.id, 0, 999, 0, 0), EBADF);
	EXPECT_ERRNO(addfd(n.id + 9, 0, p[1], 0, 0), ENOENT);
	fd = addfd(n.id, 0, p[1], 0, 0);
	EXPECT_GT(fd, 2);
	EXPECT_EQ(addfd(n.id, SECCOMP_ADDFD_FLAG_SETFD, p[1], 700, O_CLOEXEC), 700);
	EXPECT_EQ(respond(n.id, fd, 0, 0), 0);
	ASSERT_EQ(read(p[0], &c, 1), 1);
	EXPECT_EQ(c, 'x');
	ASSERT_EQ(read(p[0], &c, 1), 1);
	EXPECT_EQ(c, 'y');
	n = receive();
	EXPECT_GT(addfd(n.id, SECCOMP_ADDFD_FLAG_SEND, p[1], 0, 0), 2);
	EXPECT_EQ(wait_exit(pid), 0);
	ASSERT_EQ(read(p[0], &c, 1), 1);
	EXPECT_EQ(c, 'z');
}

/* The record may grow: a shorter one than the first is refused, a longer one when its rest is set. */
TEST(descriptor_s_record_may_be_longer)
{
	struct { struct seccomp_notif_addfd a; uint64_t more; } big = { .a.srcfd = 1 };
	unsigned int small = SECCOMP_IOW(3, char[sizeof(big.a) - 8]);
	unsigned int grown = SECCOMP_IOW(3, big), other_way = SECCOMP_IOWR(3, big);
	pid_t pid;
	long fd;

	start(0);
	pid = fork();
	if (!pid)
		_exit(raw_getppid() != ANSWER);
	big.a.id = receive().id;
	EXPECT_ERRNO(ioctl(listener, small, &big), EINVAL);
	EXPECT_ERRNO(ioctl(listener, SECCOMP_IO(3), &big), EINVAL);
	EXPECT_ERRNO(ioctl(listener, SECCOMP_IOW(30, big), &big), EINVAL);
	big.more = 1;
	EXPECT_ERRNO(ioctl(listener, grown, &big), E2BIG);
	big.more = 0;
	fd = ioctl(listener, grown, &big);
	EXPECT_GT(fd, 2);
	EXPECT_EQ(ioctl(listener, other_way, &big), fd + 1);
	EXPECT_EQ(respond(big.a.id, ANSWER, 0, 0), 0);
	EXPECT_EQ(wait_exit(pid), 0);
}

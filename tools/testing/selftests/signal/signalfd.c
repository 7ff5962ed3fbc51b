// SPDX-License-Identifier: GPL-2.0-only
/*
 * signalfd(2): reading signals, waiting for them, poll and epoll.
 * ktest: musl
 */
#include "../ktest.h"
#include <fcntl.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>

static sigset_t block(int sig1, int sig2)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, sig1);
	sigaddset(&set, sig2);
	sigprocmask(SIG_BLOCK, &set, NULL);
	return set;
}

TEST(arguments_are_checked)
{
	sigset_t set = block(SIGUSR1, SIGUSR2);
	char small[64];
	int fd;

	EXPECT_ERRNO(syscall(SYS_signalfd4, -1, &set, 4, 0), EINVAL);
	EXPECT_ERRNO(syscall(SYS_signalfd4, -1, &set, 8, 1), EINVAL);
	EXPECT_ERRNO(syscall(SYS_signalfd4, -1, (void *)8, 8, 0), EFAULT);
	EXPECT_ERRNO(syscall(SYS_signalfd4, 999, &set, 8, 0), EBADF);
	EXPECT_ERRNO(syscall(SYS_signalfd4, 0, &set, 8, 0), EINVAL);
	fd = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
	ASSERT(fd >= 0);
	EXPECT_EQ(fcntl(fd, F_GETFD), FD_CLOEXEC);
	EXPECT_ERRNO(read(fd, small, sizeof(small)), EINVAL);
	EXPECT_ERRNO(write(fd, small, sizeof(small)), EINVAL);
}

TEST(reads_records)
{
	sigset_t set = block(SIGUSR1, SIGRTMIN);
	int fd = signalfd(-1, &set, SFD_NONBLOCK);
	struct signalfd_siginfo si[4];

	EXPECT_ERRNO(read(fd, si, sizeof(si)), EAGAIN);
	kill(getpid(), SIGUSR1);
	sigqueue(getpid(), SIGRTMIN, (union sigval){ .sival_int = 5 });
	sigqueue(getpid(), SIGRTMIN, (union sigval){ .sival_int = 6 });
	EXPECT_EQ(read(fd, si, sizeof(si)), 3 * sizeof(si[0]));
	EXPECT_EQ(si[0].ssi_signo, SIGUSR1);
	EXPECT_EQ(si[0].ssi_code, SI_USER);
	EXPECT_EQ(si[0].ssi_pid, getpid());
	EXPECT_EQ(si[1].ssi_signo, SIGRTMIN);
	EXPECT_EQ(si[1].ssi_int, 5);
	EXPECT_EQ(si[2].ssi_int, 6);
	EXPECT_EQ(si[2].ssi_code, SI_QUEUE);
}

TEST(blocks_until_a_signal_comes)
{
	sigset_t set = block(SIGUSR1, SIGCHLD);
	int fd = signalfd(-1, &set, 0);
	struct signalfd_siginfo si;
	pid_t pid = getpid(), child = fork();

	if (!child) {
		usleep(30000);
		kill(pid, SIGUSR1);
		_exit(6);
	}
	EXPECT_EQ(read(fd, &si, sizeof(si)), sizeof(si));
	EXPECT_EQ(si.ssi_signo, SIGUSR1);
	EXPECT_EQ(read(fd, &si, sizeof(si)), sizeof(si));
	EXPECT_EQ(si.ssi_signo, SIGCHLD);
	EXPECT_EQ(si.ssi_code, CLD_EXITED);
	EXPECT_EQ(si.ssi_status, 6);
	EXPECT_EQ(wait_exit(child), 6);
}

TEST(mask_can_be_changed)
{
	sigset_t set = block(SIGUSR1, SIGUSR2);
	struct signalfd_siginfo si;
	int fd;

	sigdelset(&set, SIGUSR1);
	fd = signalfd(-1, &set, SFD_NONBLOCK);
	raise(SIGUSR1);
	EXPECT_ERRNO(read(fd, &si, sizeof(si)), EAGAIN);
	sigaddset(&set, SIGUSR1);
	EXPECT_EQ(signalfd(fd, &set, 0), fd);
	EXPECT_EQ(read(fd, &si, sizeof(si)), sizeof(si));
}

TEST(poll_and_epoll)
{
	sigset_t set = block(SIGUSR1, SIGUSR2);
	struct signalfd_siginfo si;
	int fd = signalfd(-1, &set, SFD_NONBLOCK), ep = epoll_create1(0);
	struct epoll_event event = { .events = EPOLLIN };
	struct pollfd pfd = { .fd = fd, .events = POLLIN };
	pid_t pid = getpid(), child;

	ASSERT_EQ(epoll_ctl(ep, EPOLL_CTL_ADD, fd, &event), 0);
	EXPECT_EQ(poll(&pfd, 1, 0), 0);
	EXPECT_EQ(epoll_wait(ep, &event, 1, 0), 0);
	for (int i = 0; i < 2; i++) {
		child = fork();
		if (!child) {
			usleep(30000);
			kill(pid, SIGUSR2);
			_exit(0);
		}
		if (i)
			EXPECT_EQ(epoll_wait(ep, &event, 1, 5000), 1);
		else
			EXPECT_EQ(poll(&pfd, 1, 5000), 1);
		EXPECT_EQ(read(fd, &si, sizeof(si)), sizeof(si));
		EXPECT_EQ(wait_exit(child), 0);
	}
}

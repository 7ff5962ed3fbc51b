// SPDX-License-Identifier: GPL-2.0-only
/* poll, ppoll, select, pselect; eventfd; timerfd. */
#include "../ktest.h"
#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <time.h>

static long now_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

static void nothing(int sig)
{
}

static void catch(int sig, int flags)
{
	struct sigaction sa = { .sa_handler = nothing, .sa_flags = flags };

	sigaction(sig, &sa, NULL);
}

TEST(poll_reports)
{
	struct pollfd p[4];
	int fd[2];

	ASSERT_EQ(pipe(fd), 0);
	p[0] = (struct pollfd){ fd[0], POLLIN, -1 };
	p[1] = (struct pollfd){ fd[1], POLLOUT, -1 };
	p[2] = (struct pollfd){ -5, POLLIN, -1 };
	p[3] = (struct pollfd){ 999, 0, -1 };
	EXPECT_EQ(poll(p, 4, 0), 2);
	EXPECT_EQ(p[0].revents, 0);
	EXPECT_EQ(p[1].revents, POLLOUT);
	EXPECT_EQ(p[2].revents, 0);
	EXPECT_EQ(p[3].revents, POLLNVAL);
	close(fd[0]);
	EXPECT_EQ(poll(&p[1], 1, -1), 1);
	EXPECT_EQ(p[1].revents, POLLOUT | POLLERR);
	EXPECT_EQ(poll(NULL, 0, 1), 0);
	EXPECT_ERRNO(syscall(SYS_poll, 8, 1, 0), EFAULT);
}

TEST(poll_limits)
{
	struct rlimit few = { 8, 8 };
	struct pollfd p[9] = { 0 };

	ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &few), 0);
	EXPECT_GE(poll(p, 8, 0), 0);
	EXPECT_ERRNO(poll(p, 9, 0), EINVAL);
}

TEST(poll_sleeps_and_wakes)
{
	struct pollfd p = { .events = POLLIN };
	int fd[2], status;
	long start = now_us();
	pid_t pid;

	ASSERT_EQ(pipe(fd), 0);
	p.fd = fd[0];
	EXPECT_EQ(poll(&p, 1, 30), 0);
	EXPECT_GE(now_us() - start, 30000);
	pid = fork();
	if (!pid) {
		usleep(30000);
		_exit(write(fd[1], "x", 1) != 1);
	}
	EXPECT_EQ(poll(&p, 1, -1), 1);
	EXPECT_EQ(p.revents, POLLIN);
	waitpid(pid, &status, 0);
	EXPECT_EQ(status, 0);
}

TEST(poll_many)
{
	enum { N = 300 };
	struct pollfd p[N];
	int fd[N], i;

	for (i = 0; i < N; i++) {
		fd[i] = eventfd(i == N - 1, 0);
		p[i] = (struct pollfd){ fd[i], POLLIN, 0 };
	}
	EXPECT_EQ(poll(p, N, 100), 1);
	EXPECT_EQ(p[N - 1].revents, POLLIN);
	p[N - 1].events = 0;
	EXPECT_EQ(poll(p, N, 5), 0);
}

TEST(signals_and_masks)
{
	struct timespec ts = { 1, 0 };
	sigset_t block, empty;
	fd_set set;
	pid_t pid;

	catch(SIGUSR1, SA_RESTART);
	sigemptyset(&empty);
	sigemptyset(&block);
	sigaddset(&block, SIGUSR1);
	sigprocmask(SIG_BLOCK, &block, NULL);
	raise(SIGUSR1);
	EXPECT_ERRNO(ppoll(NULL, 0, &ts, &empty), EINTR);
	EXPECT_EQ(ppoll(NULL, 0, &(struct timespec){ 0, 1000 }, NULL), 0);
	raise(SIGUSR1);
	FD_ZERO(&set);
	EXPECT_ERRNO(pselect(0, &set, NULL, NULL, &ts, &empty), EINTR);
	sigprocmask(SIG_SETMASK, &empty, NULL);
	pid = fork();
	if (!pid) {
		usleep(30000);
		kill(getppid(), SIGUSR1);
		_exit(0);
	}
	EXPECT_ERRNO(poll(NULL, 0, 2000), EINTR);
	waitpid(pid, NULL, 0);
}

TEST(stopped_poll_goes_on)
{
	long start = now_us();
	int status;
	pid_t pid = fork();

	if (!pid)
		_exit(poll(NULL, 0, 150) != 0 || now_us() - start < 150000);
	usleep(30000);
	kill(pid, SIGSTOP);
	ASSERT_EQ(waitpid(pid, &status, WUNTRACED), pid);
	kill(pid, SIGCONT);
	ASSERT_EQ(waitpid(pid, &status, 0), pid);
	EXPECT_EQ(status, 0);
	EXPECT_LT(now_us() - start, 5000000);
}

TEST(select_sets)
{
	struct timeval tv = { 0, 0 };
	fd_set in, out, ex;
	int fd[2];

	ASSERT_EQ(pipe(fd), 0);
	FD_ZERO(&in);
	FD_ZERO(&out);
	FD_ZERO(&ex);
	FD_SET(fd[0], &in);
	FD_SET(fd[0], &ex);
	FD_SET(fd[1], &out);
	EXPECT_EQ(select(fd[1] + 1, &in, &out, &ex, &tv), 1);
	EXPECT(!FD_ISSET(fd[0], &in) && FD_ISSET(fd[1], &out) && !FD_ISSET(fd[0], &ex));
	ASSERT_EQ(write(fd[1], "x", 1), 1);
	FD_SET(fd[0], &in);
	EXPECT_EQ(select(fd[1] + 1, &in, &out, NULL, NULL), 2);
	close(fd[0]);
	EXPECT_ERRNO(select(fd[1] + 1, &in, NULL, NULL, &tv), EBADF);
	EXPECT_ERRNO(select(-1, NULL, NULL, NULL, &tv), EINVAL);
	tv.tv_usec = -1;
	EXPECT_ERRNO(select(0, NULL, NULL, NULL, &tv), EINVAL);
}

TEST(select_high_descriptor)
{
	int fd = eventfd(1, 0), high = dup2(fd, 900);
	struct timeval tv = { 1, 0 };
	fd_set in;

	ASSERT_EQ(high, 900);
	FD_ZERO(&in);
	FD_SET(high, &in);
	EXPECT_EQ(select(1024, &in, NULL, NULL, &tv), 1);
	EXPECT(FD_ISSET(900, &in));
}

TEST(select_tells_the_rest)
{
	struct timeval tv = { 2, 0 };
	struct timespec ts = { 2, 0 };
	int status;
	fd_set in;
	int fd[2];
	pid_t pid;

	ASSERT_EQ(pipe(fd), 0);
	pid = fork();
	if (!pid) {
		usleep(50000);
		_exit(write(fd[1], "x", 1) != 1);
	}
	FD_ZERO(&in);
	FD_SET(fd[0], &in);
	ASSERT_EQ(syscall(SYS_select, fd[0] + 1, &in, NULL, NULL, &tv), 1);
	EXPECT_EQ(tv.tv_sec, 1);
	waitpid(pid, &status, 0);
	ASSERT_EQ(syscall(SYS_pselect6, fd[0] + 1, &in, NULL, NULL, &ts, NULL), 1);
	EXPECT_EQ(ts.tv_sec, 1);
	tv = (struct timeval){ 0, 1000 };
	ASSERT_EQ(syscall(SYS_select, 0, NULL, NULL, NULL, &tv), 0);
	EXPECT_EQ(tv.tv_sec + tv.tv_usec, 0);
}

/* ---- eventfd ---- */

TEST(eventfd_counts)
{
	int fd = eventfd(3, EFD_NONBLOCK | EFD_CLOEXEC);
	struct pollfd p = { fd, POLLIN | POLLOUT, 0 };
	eventfd_t v;
	char small[4];

	EXPECT_EQ(fcntl(fd, F_GETFD), FD_CLOEXEC);
	ASSERT_EQ(eventfd_read(fd, &v), 0);
	EXPECT_EQ(v, 3);
	EXPECT_ERRNO(eventfd_read(fd, &v), EAGAIN);
	EXPECT_EQ(poll(&p, 1, 0), 1);
	EXPECT_EQ(p.revents, POLLOUT);
	ASSERT_EQ(eventfd_write(fd, 0xfffffffffffffffeUL), 0);
	EXPECT_ERRNO(eventfd_write(fd, 1), EAGAIN);
	EXPECT_EQ(poll(&p, 1, 0), 1);
	EXPECT_EQ(p.revents, POLLIN);
	EXPECT_ERRNO(eventfd_write(fd, 0xffffffffffffffffUL), EINVAL);
	EXPECT_ERRNO(read(fd, small, 4), EINVAL);
	EXPECT_ERRNO(write(fd, small, 4), EINVAL);
	EXPECT_ERRNO(eventfd(0, 0x10), EINVAL);
}

TEST(eventfd_semaphore)
{
	int fd = eventfd(2, EFD_SEMAPHORE | EFD_NONBLOCK);
	eventfd_t v;

	ASSERT_EQ(eventfd_read(fd, &v), 0);
	EXPECT_EQ(v, 1);
	ASSERT_EQ(eventfd_read(fd, &v), 0);
	EXPECT_ERRNO(eventfd_read(fd, &v), EAGAIN);
}

TEST(eventfd_waits)
{
	int fd = eventfd(0, 0), status;
	eventfd_t v;
	pid_t pid = fork();

	if (!pid) {
		usleep(30000);
		_exit(eventfd_write(fd, 7) != 0);
	}
	ASSERT_EQ(eventfd_read(fd, &v), 0);
	EXPECT_EQ(v, 7);
	waitpid(pid, &status, 0);
	ASSERT_EQ(eventfd_write(fd, 0xfffffffffffffffeUL), 0);
	pid = fork();
	if (!pid)
		_exit(eventfd_write(fd, 5) != 0);
	usleep(30000);
	ASSERT_EQ(eventfd_read(fd, &v), 0);
	waitpid(pid, &status, 0);
	EXPECT_EQ(status, 0);
	ASSERT_EQ(eventfd_read(fd, &v), 0);
	EXPECT_EQ(v, 5);
}

/* ---- timerfd ---- */

static struct itimerspec spec(long ms, long interval_ms)
{
	return (struct itimerspec){
		.it_value = { ms / 1000, ms % 1000 * 1000000 },
		.it_interval = { interval_ms / 1000, interval_ms % 1000 * 1000000 },
	};
}

TEST(timerfd_arguments)
{
	int fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC), p[2];
	struct itimerspec its = spec(10, 0), bad = { .it_value = { 0, 1000000000 } };
	unsigned long ticks;

	ASSERT_EQ(pipe(p), 0);
	EXPECT_EQ(fcntl(fd, F_GETFL), O_RDWR | O_NONBLOCK);
	EXPECT_ERRNO(timerfd_create(CLOCK_PROCESS_CPUTIME_ID, 0), EINVAL);
	EXPECT_ERRNO(timerfd_create(CLOCK_MONOTONIC, 1), EINVAL);
	EXPECT_ERRNO(timerfd_settime(fd, 8, &its, NULL), EINVAL);
	EXPECT_ERRNO(timerfd_settime(fd, 0, &bad, NULL), EINVAL);
	EXPECT_ERRNO(timerfd_settime(p[0], 0, &its, NULL), EINVAL);
	EXPECT_ERRNO(timerfd_settime(999, 0, &its, NULL), EBADF);
	EXPECT_ERRNO(timerfd_gettime(999, &its), EBADF);
	EXPECT_ERRNO(read(fd, &ticks, 8), EAGAIN);
	EXPECT_ERRNO(read(fd, &ticks, 4), EINVAL);
	EXPECT_ERRNO(write(fd, &ticks, 8), EINVAL);
}

TEST(timerfd_fires)
{
	int fd = timerfd_create(CLOCK_MONOTONIC, 0);
	struct pollfd p = { fd, POLLIN, 0 };
	struct itimerspec its = spec(30, 0), old;
	unsigned long ticks = 0;
	long start = now_us();

	ASSERT_EQ(timerfd_settime(fd, 0, &its, NULL), 0);
	ASSERT_EQ(timerfd_gettime(fd, &old), 0);
	EXPECT_EQ(old.it_value.tv_sec, 0);
	EXPECT_GT(old.it_value.tv_nsec, 0);
	EXPECT_EQ(poll(&p, 1, 2000), 1);
	ASSERT_EQ(read(fd, &ticks, 8), 8);
	EXPECT_EQ(ticks, 1);
	EXPECT_GE(now_us() - start, 30000);
	ASSERT_EQ(timerfd_gettime(fd, &old), 0);
	EXPECT_EQ(old.it_value.tv_nsec, 0);
	EXPECT_EQ(poll(&p, 1, 0), 0);
}

TEST(timerfd_interval)
{
	int fd = timerfd_create(CLOCK_REALTIME, 0);
	struct itimerspec its = spec(10, 10), old;
	unsigned long ticks = 0, sum = 0;

	ASSERT_EQ(timerfd_settime(fd, 0, &its, NULL), 0);
	usleep(75000);
	while (sum < 10) {
		ASSERT_EQ(read(fd, &ticks, 8), 8);
		sum += ticks;
	}
	EXPECT_GE(ticks, 1);
	its = spec(0, 0);
	ASSERT_EQ(timerfd_settime(fd, 0, &its, &old), 0);
	EXPECT_EQ(old.it_interval.tv_nsec, 10000000);
	EXPECT_LE(old.it_value.tv_nsec, 10000000);
	fcntl(fd, F_SETFL, O_NONBLOCK);
	usleep(30000);
	EXPECT_ERRNO(read(fd, &ticks, 8), EAGAIN);
}

TEST(timerfd_absolute)
{
	int fd = timerfd_create(CLOCK_MONOTONIC, 0);
	struct itimerspec its = { .it_value = { 0, 1 } };
	unsigned long ticks = 0;

	ASSERT_EQ(timerfd_settime(fd, TFD_TIMER_ABSTIME, &its, NULL), 0);
	ASSERT_EQ(read(fd, &ticks, 8), 8);
	EXPECT_EQ(ticks, 1);
	clock_gettime(CLOCK_MONOTONIC, &its.it_value);
	its.it_value.tv_nsec += 20000000;
	if (its.it_value.tv_nsec >= 1000000000) {
		its.it_value.tv_nsec -= 1000000000;
		its.it_value.tv_sec++;
	}
	ASSERT_EQ(timerfd_settime(fd, TFD_TIMER_ABSTIME, &its, NULL), 0);
	ASSERT_EQ(read(fd, &ticks, 8), 8);
	EXPECT_EQ(ticks, 1);
}

// SPDX-License-Identifier: GPL-2.0-only
/* epoll: triggers, one-shot, exclusive, nesting, ends of files, time-outs. */
#include "../ktest.h"
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <time.h>

static int add(int ep, int fd, unsigned int events)
{
	struct epoll_event ev = { .events = events, .data.fd = fd };

	return epoll_ctl(ep, EPOLL_CTL_ADD, fd, &ev);
}

static long now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

TEST(arguments)
{
	int file = open("/tmp/tine-ep", O_RDWR | O_CREAT, 0600);
	int ep = epoll_create1(EPOLL_CLOEXEC), p[2];
	struct epoll_event ev = { .events = EPOLLIN };

	ASSERT_EQ(pipe(p), 0);
	EXPECT_EQ(fcntl(ep, F_GETFD), FD_CLOEXEC);
	EXPECT_ERRNO(epoll_create1(1), EINVAL);
	EXPECT_ERRNO(epoll_create(0), EINVAL);
	EXPECT_ERRNO(epoll_ctl(ep, EPOLL_CTL_ADD, 999, &ev), EBADF);
	EXPECT_ERRNO(epoll_ctl(999, EPOLL_CTL_ADD, p[0], &ev), EBADF);
	EXPECT_ERRNO(epoll_ctl(p[0], EPOLL_CTL_ADD, p[1], &ev), EINVAL);
	EXPECT_ERRNO(epoll_ctl(ep, EPOLL_CTL_ADD, ep, &ev), EINVAL);
	EXPECT_ERRNO(epoll_ctl(ep, EPOLL_CTL_ADD, file, &ev), EPERM);
	EXPECT_ERRNO(epoll_ctl(ep, EPOLL_CTL_ADD, p[0], NULL), EFAULT);
	EXPECT_ERRNO(epoll_ctl(ep, EPOLL_CTL_MOD, p[0], &ev), ENOENT);
	EXPECT_ERRNO(epoll_ctl(ep, EPOLL_CTL_DEL, p[0], NULL), ENOENT);
	EXPECT_ERRNO(epoll_ctl(ep, 77, p[0], &ev), EINVAL);
	ASSERT_EQ(add(ep, p[0], EPOLLIN), 0);
	EXPECT_ERRNO(add(ep, p[0], EPOLLIN), EEXIST);
	EXPECT_ERRNO(epoll_wait(ep, &ev, 0, 0), EINVAL);
	EXPECT_ERRNO(epoll_wait(p[0], &ev, 1, 0), EINVAL);
	EXPECT_ERRNO(epoll_wait(999, &ev, 1, 0), EBADF);
	unlink("/tmp/tine-ep");
}

TEST(level_and_edge)
{
	int ep = epoll_create1(0), p[2];
	struct epoll_event ev[2];
	char c;

	ASSERT_EQ(pipe(p), 0);
	ASSERT_EQ(add(ep, p[0], EPOLLIN), 0);
	EXPECT_EQ(epoll_wait(ep, ev, 2, 0), 0);
	ASSERT_EQ(write(p[1], "ab", 2), 2);
	EXPECT_EQ(epoll_wait(ep, ev, 2, 0), 1);
	EXPECT_EQ(ev[0].events, EPOLLIN);
	EXPECT_EQ(ev[0].data.fd, p[0]);
	EXPECT_EQ(epoll_wait(ep, ev, 2, 0), 1);
	ev[0].events = EPOLLIN | EPOLLET;
	ASSERT_EQ(epoll_ctl(ep, EPOLL_CTL_MOD, p[0], &ev[0]), 0);
	EXPECT_EQ(epoll_wait(ep, ev, 2, 0), 1);
	EXPECT_EQ(epoll_wait(ep, ev, 2, 0), 0);
	ASSERT_EQ(read(p[0], &c, 1), 1);
	EXPECT_EQ(epoll_wait(ep, ev, 2, 0), 0);
	ASSERT_EQ(write(p[1], "c", 1), 1);
	EXPECT_EQ(epoll_wait(ep, ev, 2, 0), 1);
}

TEST(one_shot)
{
	int ep = epoll_create1(0), e = eventfd(1, 0);
	struct epoll_event ev;

	ASSERT_EQ(add(ep, e, EPOLLIN | EPOLLONESHOT), 0);
	EXPECT_EQ(epoll_wait(ep, &ev, 1, 0), 1);
	EXPECT_EQ(epoll_wait(ep, &ev, 1, 0), 0);
	ASSERT_EQ(eventfd_write(e, 1), 0);
	EXPECT_EQ(epoll_wait(ep, &ev, 1, 0), 0);
	ev.events = EPOLLIN | EPOLLONESHOT;
	ASSERT_EQ(epoll_ctl(ep, EPOLL_CTL_MOD, e, &ev), 0);
	EXPECT_EQ(epoll_wait(ep, &ev, 1, 0), 1);
}

TEST(hang_up_is_always_told)
{
	int ep = epoll_create1(0), p[2];
	struct epoll_event ev;

	ASSERT_EQ(pipe(p), 0);
	ASSERT_EQ(add(ep, p[0], 0), 0);
	close(p[1]);
	EXPECT_EQ(epoll_wait(ep, &ev, 1, 0), 1);
	EXPECT_EQ(ev.events, EPOLLHUP);
}

TEST(closed_files_leave)
{
	int ep = epoll_create1(0), p[2], dup_;
	struct epoll_event ev;

	ASSERT_EQ(pipe(p), 0);
	ASSERT_EQ(write(p[1], "x", 1), 1);
	dup_ = dup(p[0]);
	ASSERT_EQ(add(ep, p[0], EPOLLIN), 0);
	close(p[0]);
	EXPECT_EQ(epoll_wait(ep, &ev, 1, 0), 1);	/* the file lives */
	close(dup_);
	EXPECT_EQ(epoll_wait(ep, &ev, 1, 0), 0);
}

TEST(timeouts)
{
	int ep = epoll_create1(0);
	struct epoll_event ev;
	long start = now_ms();

	EXPECT_EQ(epoll_wait(ep, &ev, 1, 30), 0);
	EXPECT_GE(now_ms() - start, 30);
	EXPECT_EQ(epoll_wait(ep, &ev, 1, 0), 0);
}

static void nothing(int sig)
{
}

TEST(signals)
{
	int ep = epoll_create1(0);
	struct sigaction sa = { .sa_handler = nothing, .sa_flags = SA_RESTART };
	struct epoll_event ev;
	sigset_t block, empty;

	sigemptyset(&empty);
	sigemptyset(&block);
	sigaddset(&block, SIGUSR1);
	sigaction(SIGUSR1, &sa, NULL);
	sigprocmask(SIG_BLOCK, &block, NULL);
	raise(SIGUSR1);
	EXPECT_EQ(epoll_wait(ep, &ev, 1, 10), 0);
	EXPECT_ERRNO(epoll_pwait(ep, &ev, 1, 1000, &empty), EINTR);
	sigpending(&empty);
	EXPECT_EQ(sigismember(&empty, SIGUSR1), 0);
}

TEST(nested_sets)
{
	int a = epoll_create1(0), b = epoll_create1(0), e = eventfd(0, 0), ep[8], i;
	struct epoll_event ev;

	ASSERT_EQ(add(b, e, EPOLLIN), 0);
	ASSERT_EQ(add(a, b, EPOLLIN), 0);
	EXPECT_EQ(epoll_wait(a, &ev, 1, 0), 0);
	ASSERT_EQ(eventfd_write(e, 1), 0);
	EXPECT_EQ(epoll_wait(a, &ev, 1, 100), 1);
	EXPECT_EQ(ev.data.fd, b);
	EXPECT_ERRNO(add(b, a, EPOLLIN), ELOOP);
	for (i = 0; i < 8; i++) {
		ep[i] = epoll_create1(0);
		if (i && add(ep[i], ep[i - 1], EPOLLIN))
			break;
	}
	EXPECT_LT(i, 8);
	EXPECT_EQ(errno, ELOOP);
}

TEST(many_files_fairly)
{
	enum { FILES = 10 };
	int ep = epoll_create1(0), e[FILES], i, seen = 0;
	struct epoll_event ev;

	for (i = 0; i < FILES; i++) {
		e[i] = eventfd(1, 0);
		ev = (struct epoll_event){ .events = EPOLLIN, .data.u32 = i };
		ASSERT_EQ(epoll_ctl(ep, EPOLL_CTL_ADD, e[i], &ev), 0);
	}
	for (i = 0; i < FILES; i++) {
		ASSERT_EQ(epoll_wait(ep, &ev, 1, 0), 1);
		seen |= 1 << ev.data.u32;
	}
	EXPECT_EQ(seen, (1 << FILES) - 1);
}

static void *waiter(void *arg)
{
	struct epoll_event ev;

	return (void *)(long)epoll_wait((long)arg, &ev, 1, 2000);
}

TEST(one_edge_wakes_one_thread)
{
	int ep = epoll_create1(0), e = eventfd(0, 0), woken = 0, i;
	pthread_t thread[4];
	void *got;

	ASSERT_EQ(add(ep, e, EPOLLIN | EPOLLET), 0);
	for (i = 0; i < 4; i++)
		pthread_create(&thread[i], NULL, waiter, (void *)(long)ep);
	usleep(50000);
	ASSERT_EQ(eventfd_write(e, 1), 0);
	for (i = 0; i < 4; i++) {
		pthread_join(thread[i], &got);
		woken += (long)got;
	}
	EXPECT_EQ(woken, 1);
}

TEST(exclusive)
{
	int a = epoll_create1(0), b = epoll_create1(0), e = eventfd(0, 0);
	struct epoll_event ev = { .events = EPOLLIN | EPOLLEXCLUSIVE };

	EXPECT_ERRNO(add(a, b, EPOLLIN | EPOLLEXCLUSIVE), EINVAL);
	EXPECT_ERRNO(add(a, e, EPOLLIN | EPOLLONESHOT | EPOLLEXCLUSIVE), EINVAL);
	ASSERT_EQ(add(a, e, EPOLLIN | EPOLLEXCLUSIVE), 0);
	ASSERT_EQ(add(b, e, EPOLLIN | EPOLLEXCLUSIVE), 0);
	EXPECT_ERRNO(epoll_ctl(a, EPOLL_CTL_MOD, e, &ev), EINVAL);
	ASSERT_EQ(eventfd_write(e, 1), 0);
	EXPECT_GE(epoll_wait(a, &ev, 1, 0) + epoll_wait(b, &ev, 1, 0), 1);
}

TEST(exclusive_passes_over_the_idle)
{
	int idle = epoll_create1(0), busy = epoll_create1(0), e = eventfd(0, 0);
	pthread_t thread;
	void *got;

	ASSERT_EQ(add(idle, e, EPOLLIN | EPOLLEXCLUSIVE | EPOLLET), 0);
	ASSERT_EQ(add(busy, e, EPOLLIN | EPOLLEXCLUSIVE | EPOLLET), 0);
	pthread_create(&thread, NULL, waiter, (void *)(long)busy);
	usleep(50000);
	ASSERT_EQ(eventfd_write(e, 1), 0);
	pthread_join(thread, &got);
	EXPECT_EQ((long)got, 1);
}

TEST(fork_shares_the_set)
{
	int ep = epoll_create1(0), e = eventfd(0, 0), status;
	struct epoll_event ev;
	pid_t pid;

	ASSERT_EQ(add(ep, e, EPOLLIN), 0);
	pid = fork();
	if (!pid)
		_exit(epoll_wait(ep, &ev, 1, 2000) != 1);
	usleep(30000);
	ASSERT_EQ(eventfd_write(e, 1), 0);
	ASSERT_EQ(waitpid(pid, &status, 0), pid);
	EXPECT_EQ(status, 0);
}

/* The wait queue of a signalfd is its process's: the set outlives it. */
TEST(signalfd_of_a_dead_process)
{
	int pass[2], ep = epoll_create1(0), status;
	struct epoll_event ev;
	pid_t pid;

	ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, pass), 0);
	pid = fork();
	if (!pid) {
		sigset_t set;
		int sfd;

		sigemptyset(&set);
		sigaddset(&set, SIGUSR1);
		sfd = signalfd(-1, &set, 0);
		_exit(add(ep, sfd, EPOLLIN) || fork() < 0);
	}
	ASSERT_EQ(waitpid(pid, &status, 0), pid);
	EXPECT_EQ(status, 0);
	usleep(20000);
	EXPECT_GE(epoll_wait(ep, &ev, 1, 0), 0);
	close(ep);
}

static int storm_ep;

static void *storm_writer(void *arg)
{
	int i;

	for (i = 0; i < 3000; i++)
		eventfd_write((long)arg, 1);
	return NULL;
}

TEST_TIMEOUT(no_wake_up_is_lost, 60)
{
	enum { FDS = 4 };
	pthread_t thread[FDS];
	unsigned long total = 0;
	eventfd_t value;
	int fd[FDS], i;

	storm_ep = epoll_create1(0);
	for (i = 0; i < FDS; i++) {
		fd[i] = eventfd(0, EFD_NONBLOCK);
		ASSERT_EQ(add(storm_ep, fd[i], EPOLLIN | EPOLLET), 0);
		pthread_create(&thread[i], NULL, storm_writer, (void *)(long)fd[i]);
	}
	while (total < FDS * 3000) {
		struct epoll_event ev[FDS];
		int n = epoll_wait(storm_ep, ev, FDS, 5000);

		ASSERT_GT(n, 0);
		for (i = 0; i < n; i++)
			if (!eventfd_read(ev[i].data.fd, &value))
				total += value;
	}
	EXPECT_EQ(total, FDS * 3000);
	for (i = 0; i < FDS; i++)
		pthread_join(thread[i], NULL);
}

/* ---- poll() of the set itself, while somebody waits for its events ---- */

struct looked_at {
	int ep, event;
	volatile int taken, stop;
};

static void *look_at_set(void *arg)
{
	struct looked_at *l = arg;
	struct pollfd set = { .fd = l->ep, .events = POLLIN };

	while (!l->stop)
		poll(&set, 1, 0);
	return NULL;
}

static void *take_events(void *arg)
{
	struct looked_at *l = arg;
	struct epoll_event ev;
	eventfd_t value;

	while (!l->stop && epoll_wait(l->ep, &ev, 1, 2000) == 1) {
		ASSERT_EQ(eventfd_read(l->event, &value), 0);
		l->taken++;
	}
	return NULL;
}

/* A look takes what is ready off the list for a moment: who waits must not sleep over that. */
TEST_TIMEOUT(a_look_at_the_set_hides_no_event, 60)
{
	struct looked_at l = { .ep = epoll_create1(0), .event = eventfd(0, 0) };
	long end = now_ms() + 2000;
	pthread_t looker, taker;
	int sent;

	ASSERT_EQ(add(l.ep, l.event, EPOLLIN), 0);
	ASSERT_EQ(pthread_create(&looker, NULL, look_at_set, &l), 0);
	ASSERT_EQ(pthread_create(&taker, NULL, take_events, &l), 0);
	for (sent = 0; sent < 50000 && now_ms() < end; sent++) {
		long late = now_ms() + 1000;

		ASSERT_EQ(eventfd_write(l.event, 1), 0);
		while (l.taken == sent && now_ms() < late)
			sched_yield();
		ASSERT_EQ(l.taken, sent + 1);
	}
	l.stop = 1;
	ASSERT_EQ(eventfd_write(l.event, 1), 0);
	pthread_join(looker, NULL);
	pthread_join(taker, NULL);
}

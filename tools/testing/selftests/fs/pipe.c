// SPDX-License-Identifier: GPL-2.0-only
/* Pipes and FIFOs: pipe(7), fifo(7). */
#include "../ktest.h"
#include "fsutil.h"
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/sendfile.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>

TEST(basics)
{
	char buf[16];
	int p[2], n;

	EXPECT_ERRNO(pipe2(p, 1 << 30), EINVAL);
	EXPECT_ERRNO(syscall(SYS_pipe, 8L), EFAULT);
	ASSERT_EQ(pipe2(p, O_CLOEXEC), 0);
	EXPECT_EQ(fcntl(p[0], F_GETFD), FD_CLOEXEC);
	EXPECT_EQ(fcntl(p[0], F_GETFL), O_RDONLY);
	EXPECT_EQ(fcntl(p[1], F_GETFL), O_WRONLY);
	EXPECT_EQ(write(p[1], "hello", 5), 5);
	EXPECT_EQ(write(p[1], " world", 6), 6);
	EXPECT_EQ(ioctl(p[0], FIONREAD, &n), 0);
	EXPECT_EQ(n, 11);
	EXPECT_EQ(read(p[0], buf, 3), 3);
	EXPECT_EQ(read(p[0], buf, 16), 8);
	EXPECT_EQ(memcmp(buf, "lo world", 8), 0);
	EXPECT_ERRNO(read(p[1], buf, 1), EBADF);
	EXPECT_ERRNO(write(p[0], buf, 1), EBADF);
	EXPECT_ERRNO(lseek(p[0], 0, SEEK_SET), ESPIPE);
	EXPECT_ERRNO(pread(p[0], buf, 1, 0), ESPIPE);
	EXPECT_ERRNO(ftruncate(p[1], 0), EINVAL);
	EXPECT_ERRNO(fallocate(p[1], 0, 0, 1), ESPIPE);
	EXPECT_ERRNO(fsync(p[1]), EINVAL);
	EXPECT_EQ(read(p[0], buf, 0), 0);
	EXPECT_EQ(write(p[1], buf, 0), 0);
	EXPECT_EQ(close(p[1]), 0);
	EXPECT_EQ(read(p[0], buf, 1), 0);
}

TEST(broken)
{
	int p[2];

	ASSERT_EQ(pipe(p), 0);
	close(p[0]);
	signal(SIGPIPE, SIG_IGN);
	EXPECT_ERRNO(write(p[1], "x", 1), EPIPE);
	EXPECT_EQ(write(p[1], "x", 0), 0);
	if (fork() == 0) {
		signal(SIGPIPE, SIG_DFL);
		write(p[1], "x", 1);
		_exit(0);
	} else {
		int status;

		wait(&status);
		EXPECT(WIFSIGNALED(status) && WTERMSIG(status) == SIGPIPE);
	}
}

TEST(capacity_and_nonblock)
{
	static char buf[70000];
	int p[2];

	ASSERT_EQ(pipe2(p, O_NONBLOCK), 0);
	EXPECT_ERRNO(read(p[0], buf, 1), EAGAIN);
	EXPECT_EQ(write(p[1], buf, sizeof(buf)), 65536);
	EXPECT_ERRNO(write(p[1], buf, 1), EAGAIN);
	EXPECT_EQ(read(p[0], buf, 4095), 4095);
	/* a page is not free yet */
	EXPECT_ERRNO(write(p[1], buf, 1), EAGAIN);
	EXPECT_EQ(read(p[0], buf, 1), 1);
	/* atomic up to PIPE_BUF: either all or nothing */
	EXPECT_EQ(write(p[1], buf, 1), 1);
	EXPECT_ERRNO(write(p[1], buf, 4096), EAGAIN);
	EXPECT_EQ(write(p[1], buf, 4095), 4095);
	EXPECT_EQ(read(p[0], buf, sizeof(buf)), 65536);
}

TEST(sizes)
{
	static char buf[200000];
	int p[2];

	ASSERT_EQ(pipe2(p, O_NONBLOCK), 0);
	EXPECT_EQ(fcntl(p[0], F_GETPIPE_SZ), 65536);
	EXPECT_EQ(fcntl(p[0], F_SETPIPE_SZ, 100000), 131072);
	EXPECT_EQ(fcntl(p[1], F_GETPIPE_SZ), 131072);
	EXPECT_EQ(write(p[1], buf, sizeof(buf)), 131072);
	EXPECT_ERRNO(fcntl(p[0], F_SETPIPE_SZ, 4096), EBUSY);
	EXPECT_EQ(read(p[0], buf, sizeof(buf)), 131072);
	EXPECT_EQ(fcntl(p[0], F_SETPIPE_SZ, 1), 4096);
	EXPECT_EQ(write(p[1], buf, sizeof(buf)), 4096);
	EXPECT_ERRNO(fcntl(p[0], F_SETPIPE_SZ, 0x80000001), EINVAL);
}

TEST(packets)
{
	char buf[16];
	int p[2];

	ASSERT_EQ(pipe2(p, O_DIRECT | O_NONBLOCK), 0);
	EXPECT_EQ(write(p[1], "hello", 5), 5);
	EXPECT_EQ(write(p[1], "you", 3), 3);
	EXPECT_EQ(read(p[0], buf, 16), 5);
	EXPECT_EQ(read(p[0], buf, 1), 1);
	EXPECT_ERRNO(read(p[0], buf, 16), EAGAIN);
}

static int events(int fd, int want)
{
	struct pollfd pfd = { .fd = fd, .events = want };

	if (poll(&pfd, 1, 0) < 0)
		return -1;
	return pfd.revents;
}

TEST(poll_events)
{
	static char buf[65536];
	int p[2];

	ASSERT_EQ(pipe2(p, O_NONBLOCK), 0);
	EXPECT_EQ(events(p[0], POLLIN), 0);
	EXPECT_EQ(events(p[1], POLLOUT), POLLOUT);
	EXPECT_EQ(write(p[1], buf, 65536), 65536);
	EXPECT_EQ(events(p[1], POLLOUT), 0);
	EXPECT_EQ(events(p[0], POLLIN), POLLIN);
	close(p[1]);
	EXPECT_EQ(events(p[0], POLLIN), POLLIN | POLLHUP);
	EXPECT_EQ(read(p[0], buf, 65536), 65536);
	EXPECT_EQ(events(p[0], POLLIN), POLLHUP);
	ASSERT_EQ(pipe(p), 0);
	close(p[0]);
	EXPECT_EQ(events(p[1], POLLOUT), POLLOUT | POLLERR);
}

TEST(blocking_both_ways)
{
	static char buf[300000];
	long total = 0, n;
	int p[2];

	ASSERT_EQ(pipe(p), 0);
	if (fork() == 0) {
		close(p[0]);
		for (int i = 0; i < 300000; i++)
			buf[i] = i % 251;
		EXPECT_EQ(write(p[1], buf, 300000), 300000);
		_exit(0);
	}
	close(p[1]);
	while ((n = read(p[0], buf, 7777)) > 0) {
		for (int i = 0; i < n; i++)
			ASSERT_EQ((unsigned char)buf[i], (total + i) % 251);
		total += n;
	}
	EXPECT_EQ(total, 300000);
	wait(NULL);
}

TEST(atomic_writes_do_not_mix)
{
	char buf[1000];
	int p[2], counts[4] = {}, n, got;

	ASSERT_EQ(pipe(p), 0);
	for (int w = 0; w < 4; w++) {
		if (fork() == 0) {
			memset(buf, 'a' + w, sizeof(buf));
			for (int i = 0; i < 100; i++)
				ASSERT_EQ(write(p[1], buf, sizeof(buf)), sizeof(buf));
			_exit(0);
		}
	}
	close(p[1]);
	for (;;) {
		for (got = 0; got < 1000; got += n) {
			n = read(p[0], buf + got, 1000 - got);
			if (n <= 0)
				break;
		}
		if (got < 1000)
			break;
		for (int i = 1; i < 1000; i++)
			ASSERT_EQ(buf[i], buf[0]);
		counts[buf[0] - 'a']++;
	}
	for (int w = 0; w < 4; w++)
		EXPECT_EQ(counts[w], 100);
	while (wait(NULL) > 0)
		;
}

static void on_alarm(int sig)
{
}

TEST(interrupted)
{
	struct sigaction sa = { .sa_handler = on_alarm };
	char buf[4];
	int p[2];

	ASSERT_EQ(pipe(p), 0);
	sigaction(SIGALRM, &sa, NULL);
	ualarm(50000, 0);
	EXPECT_ERRNO(read(p[0], buf, 1), EINTR);
	sa.sa_flags = SA_RESTART;
	sigaction(SIGALRM, &sa, NULL);
	if (fork() == 0) {
		usleep(200000);
		write(p[1], "x", 1);
		_exit(0);
	}
	ualarm(50000, 0);
	EXPECT_EQ(read(p[0], buf, 1), 1);
	wait(NULL);
}

TEST(fifo_open)
{
	char buf[8];
	int r, w, rw;

	enter_tmpdir();
	ASSERT_EQ(mkfifo("p", 0600), 0);
	EXPECT_ERRNO(mkfifo("p", 0600), EEXIST);
	EXPECT_ERRNO(open("p", O_WRONLY | O_NONBLOCK), ENXIO);
	r = open("p", O_RDONLY | O_NONBLOCK);
	ASSERT_GE(r, 0);
	EXPECT_EQ(read(r, buf, 1), 0);
	EXPECT_EQ(events(r, POLLIN), 0);	/* nobody wrote yet: no hang-up */
	w = open("p", O_WRONLY | O_NONBLOCK);
	ASSERT_GE(w, 0);
	EXPECT_ERRNO(read(r, buf, 1), EAGAIN);
	EXPECT_EQ(write(w, "abc", 3), 3);
	close(w);
	EXPECT_EQ(events(r, POLLIN), POLLIN | POLLHUP);
	EXPECT_EQ(read(r, buf, 8), 3);
	EXPECT_EQ(read(r, buf, 8), 0);
	close(r);
	rw = open("p", O_RDWR);
	ASSERT_GE(rw, 0);
	EXPECT_EQ(write(rw, "x", 1), 1);
	close(rw);
	/* contents vanish with the last user */
	r = open("p", O_RDONLY | O_NONBLOCK);
	EXPECT_EQ(read(r, buf, 8), 0);
	close(r);
	/* the two sides meet */
	if (fork() == 0) {
		w = open("p", O_WRONLY);
		EXPECT_GE(w, 0);
		EXPECT_EQ(write(w, "met", 3), 3);
		_exit(0);
	}
	r = open("p", O_RDONLY);
	EXPECT_EQ(read(r, buf, 8), 3);
	EXPECT_EQ(read(r, buf, 8), 0);
	wait(NULL);
	leave_tmpdir();
}

TEST(tee_and_splice)
{
	char buf[16];
	int a[2], b[2];

	ASSERT_EQ(pipe(a), 0);
	ASSERT_EQ(pipe(b), 0);
	EXPECT_EQ(write(a[1], "abcdef", 6), 6);
	EXPECT_EQ(tee(a[0], b[1], 4, 0), 4);
	EXPECT_EQ(read(b[0], buf, 16), 4);
	EXPECT_EQ(memcmp(buf, "abcd", 4), 0);
	EXPECT_EQ(splice(a[0], NULL, b[1], NULL, 3, 0), 3);
	EXPECT_EQ(write(a[1], "gh", 2), 2);
	EXPECT_EQ(read(b[0], buf, 16), 3);
	EXPECT_EQ(memcmp(buf, "abc", 3), 0);
	EXPECT_EQ(read(a[0], buf, 16), 5);
	EXPECT_EQ(memcmp(buf, "defgh", 5), 0);
	EXPECT_ERRNO(tee(a[0], a[1], 4, 0), EINVAL);
	EXPECT_ERRNO(tee(a[0], b[1], 4, SPLICE_F_NONBLOCK), EAGAIN);
	EXPECT_ERRNO(splice(a[0], NULL, a[1], NULL, 4, 0), EINVAL);
	EXPECT_ERRNO(splice(a[0], NULL, b[1], NULL, 4, 0x100), EINVAL);
	close(a[1]);
	EXPECT_EQ(splice(a[0], NULL, b[1], NULL, 3, 0), 0);
	{
		struct iovec v = { "vec", 3 };

		EXPECT_EQ(vmsplice(b[1], &v, 1, 0), 3);
		EXPECT_EQ(read(b[0], buf, 16), 3);
	}
}

/* vmsplice(2) takes what there is room for; a full pipe is waited for, unless it is told not to. */
TEST(vmsplice_to_a_full_pipe)
{
	static char text[2 * 65536] __attribute__((aligned(4096)));
	struct iovec v = { text, sizeof(text) };
	char buf[4096];
	int p[2];
	pid_t pid;

	ASSERT_EQ(pipe(p), 0);
	EXPECT_EQ(vmsplice(p[1], &v, 1, 0), 65536);
	EXPECT_ERRNO(vmsplice(p[1], &v, 1, SPLICE_F_NONBLOCK), EAGAIN);
	pid = fork();
	if (!pid) {
		alarm(5);
		v.iov_len = 4096;
		_exit(vmsplice(p[1], &v, 1, 0) != 4096);
	}
	usleep(50000);
	EXPECT_EQ(waitpid(pid, NULL, WNOHANG), 0);
	EXPECT_EQ(read(p[0], buf, sizeof(buf)), 4096);
	EXPECT_EQ(wait_exit(pid), 0);
	signal(SIGPIPE, SIG_IGN);
	close(p[0]);
	EXPECT_ERRNO(vmsplice(p[1], &v, 1, 0), EPIPE);
}

TEST(vmsplice_from_a_pipe)
{
	char first[3], second[16];
	struct iovec v[] = { { first, sizeof(first) }, { second, sizeof(second) } };
	int p[2];

	ASSERT_EQ(pipe(p), 0);
	EXPECT_ERRNO(vmsplice(p[0], v, 2, SPLICE_F_NONBLOCK), EAGAIN);
	ASSERT_EQ(write(p[1], "abcdef", 6), 6);
	EXPECT_EQ(vmsplice(p[0], v, 2, 0), 6);
	EXPECT_EQ(memcmp(first, "abc", 3) | memcmp(second, "def", 3), 0);
	v[0].iov_base = (void *)16;
	ASSERT_EQ(write(p[1], "x", 1), 1);
	EXPECT_ERRNO(vmsplice(p[0], v, 1, 0), EFAULT);
	EXPECT_ERRNO(vmsplice(p[1], v, 1, 0), EFAULT);
	close(p[1]);
	v[0].iov_base = first;
	EXPECT_EQ(vmsplice(p[0], v, 1, 0), 1);
	EXPECT_EQ(vmsplice(p[0], v, 1, 0), 0);
}

static pid_t splicer(int from, int to, size_t len)
{
	pid_t pid = fork();

	if (!pid) {
		alarm(5);
		splice(from, NULL, to, NULL, len, 0);
		_exit(0);
	}
	usleep(100000);
	return pid;
}

/* Two readers wait, the first for a part only: the other gets the rest. */
TEST(splice_leaves_the_rest_to_another_reader)
{
	static char buf[8192];
	int p[2], status, file = open("/tmp", O_TMPFILE | O_RDWR, 0600);
	pid_t first, second;

	ASSERT_EQ(pipe(p), 0);
	first = splicer(p[0], file, 4096);
	second = fork();
	if (!second) {
		alarm(5);
		_exit(read(p[0], buf, 4096) != 4096);
	}
	usleep(100000);
	ASSERT_EQ(write(p[1], buf, sizeof(buf)), sizeof(buf));
	ASSERT_EQ(waitpid(first, &status, 0), first);
	EXPECT_EQ(status, 0);
	ASSERT_EQ(waitpid(second, &status, 0), second);
	EXPECT_EQ(status, 0);
}

/* Two writers wait, the first with nothing to write: the other gets the room. */
TEST(splice_leaves_the_room_to_another_writer)
{
	static char buf[65536];
	int p[2], status, file = open("/tmp", O_TMPFILE | O_RDWR, 0600);
	pid_t first, second;

	ASSERT_EQ(pipe(p), 0);
	ASSERT_EQ(write(p[1], buf, sizeof(buf)), sizeof(buf));
	first = splicer(file, p[1], 4096);
	second = fork();
	if (!second) {
		alarm(5);
		_exit(write(p[1], buf, 4096) != 4096);
	}
	usleep(100000);
	ASSERT_EQ(read(p[0], buf, sizeof(buf)), sizeof(buf));
	ASSERT_EQ(waitpid(first, &status, 0), first);
	EXPECT_EQ(status, 0);
	ASSERT_EQ(waitpid(second, &status, 0), second);
	EXPECT_EQ(status, 0);
}

/* Files that are no more than a descriptor are not spliced: nobody waits for them. */
TEST(splice_refuses_descriptors_without_files)
{
	sigset_t none;
	int fds[5], p[2], file = open("/tmp", O_TMPFILE | O_RDWR, 0600), dir = open("/", O_RDONLY);

	sigemptyset(&none);
	fds[0] = eventfd(0, 0);
	fds[1] = timerfd_create(CLOCK_MONOTONIC, 0);
	fds[2] = signalfd(-1, &none, 0);
	fds[3] = inotify_init();
	fds[4] = epoll_create1(0);
	ASSERT_EQ(pipe(p), 0);
	alarm(10);
	EXPECT_ERRNO(splice(dir, NULL, p[1], NULL, 8, 0), EINVAL);
	for (int i = 0; i < 5; i++) {
		EXPECT_ERRNO(splice(fds[i], NULL, p[1], NULL, 8, 0), EINVAL);
		EXPECT(splice(p[0], NULL, fds[i], NULL, 8, 0) == -1 &&
		       (errno == EINVAL || errno == EBADF));
		EXPECT(sendfile(file, fds[i], NULL, 8) == -1 &&
		       (errno == EINVAL || errno == ESPIPE));
	}
}

/* A write that does not wait for room wakes whoever waits for its bytes all the same. */
TEST(too_much_without_waiting_wakes_the_reader)
{
	static char buf[100000];
	int p[2], status;
	pid_t reader;

	ASSERT_EQ(pipe(p), 0);
	reader = fork();
	if (!reader) {
		alarm(5);
		_exit(read(p[0], buf, 1) != 1);
	}
	usleep(200000);
	ASSERT_EQ(fcntl(p[1], F_SETFL, O_NONBLOCK), 0);
	EXPECT_EQ(write(p[1], buf, sizeof(buf)), 65536);
	ASSERT_EQ(waitpid(reader, &status, 0), reader);
	EXPECT_EQ(status, 0);
}

static volatile int got_io;

static void on_io(int sig, siginfo_t *info, void *ctx)
{
	got_io = info->si_code == POLL_IN ? info->si_fd : -1;
}

TEST(sigio)
{
	struct sigaction sa = { .sa_sigaction = on_io, .sa_flags = SA_SIGINFO };
	int p[2];

	ASSERT_EQ(pipe(p), 0);
	sigaction(SIGRTMIN, &sa, NULL);
	EXPECT_EQ(fcntl(p[0], F_GETOWN), 0);
	EXPECT_EQ(fcntl(p[0], F_SETOWN, getpid()), 0);
	EXPECT_EQ(fcntl(p[0], F_GETOWN), getpid());
	EXPECT_EQ(fcntl(p[0], F_SETSIG, SIGRTMIN), 0);
	EXPECT_EQ(fcntl(p[0], F_GETSIG), SIGRTMIN);
	EXPECT_ERRNO(fcntl(p[0], F_SETSIG, 99), EINVAL);
	EXPECT_ERRNO(fcntl(p[0], F_SETOWN, 0x3fffffff), ESRCH);
	EXPECT_EQ(fcntl(p[0], F_SETFL, O_ASYNC), 0);
	EXPECT(fcntl(p[0], F_GETFL) & O_ASYNC);
	EXPECT_EQ(write(p[1], "x", 1), 1);
	EXPECT_EQ(got_io, p[0]);
	EXPECT_EQ(fcntl(p[0], F_SETFL, 0), 0);
	got_io = 0;
	EXPECT_EQ(write(p[1], "x", 1), 1);
	EXPECT_EQ(got_io, 0);
}

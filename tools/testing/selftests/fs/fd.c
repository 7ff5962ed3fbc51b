// SPDX-License-Identifier: GPL-2.0-only
/* Descriptor tables: lowest first, dup family, close-on-exec, growth, limits, sharing. */
#include "../ktest.h"
#include "fsutil.h"
#include <pthread.h>
#include <sched.h>
#include <linux/close_range.h>

TEST(lowest_free)
{
	int a, b, c;

	ASSERT_EQ(syscall(SYS_close_range, 3, ~0U, 0), 0);
	a = open("/", O_RDONLY);
	b = open("/", O_RDONLY);
	c = open("/", O_RDONLY);
	EXPECT_EQ(b, a + 1);
	EXPECT_EQ(c, a + 2);
	EXPECT_EQ(close(b), 0);
	EXPECT_EQ(open("/", O_RDONLY), b);
	EXPECT_EQ(close(a), 0);
	EXPECT_EQ(dup(c), a);
	EXPECT_ERRNO(close(99), EBADF);
	EXPECT_ERRNO(close(-1), EBADF);
	EXPECT_ERRNO(dup(99), EBADF);
}

TEST(dup_errnos)
{
	struct rlimit rl;
	int fd = open("/", O_RDONLY);

	EXPECT_EQ(dup2(fd, 50), 50);
	EXPECT_EQ(dup2(fd, fd), fd);
	EXPECT_ERRNO(dup2(99, 99), EBADF);
	EXPECT_ERRNO(dup2(99, 51), EBADF);
	EXPECT_ERRNO(dup2(fd, -1), EBADF);
	EXPECT_ERRNO(dup3(fd, fd, 0), EINVAL);
	EXPECT_ERRNO(dup3(fd, 51, 1), EINVAL);
	EXPECT_EQ(dup3(fd, 51, O_CLOEXEC), 51);
	EXPECT_EQ(fcntl(51, F_GETFD), FD_CLOEXEC);
	EXPECT_EQ(dup2(51, 52), 52);
	EXPECT_EQ(fcntl(52, F_GETFD), 0);
	EXPECT_EQ(fcntl(fd, F_DUPFD, 60), 60);
	EXPECT_EQ(fcntl(fd, F_DUPFD_CLOEXEC, 60), 61);
	EXPECT_EQ(fcntl(61, F_GETFD), FD_CLOEXEC);
	EXPECT_ERRNO(fcntl(fd, F_DUPFD, -1), EINVAL);
	getrlimit(RLIMIT_NOFILE, &rl);
	EXPECT_ERRNO(fcntl(fd, F_DUPFD, (int)rl.rlim_cur), EINVAL);
	EXPECT_ERRNO(dup2(fd, (int)rl.rlim_cur), EBADF);
	EXPECT_ERRNO(fcntl(fd, 9999, 0), EINVAL);
	EXPECT_ERRNO(fcntl(99, F_GETFD), EBADF);
	EXPECT_EQ(fcntl(fd, F_SETFD, FD_CLOEXEC), 0);
	EXPECT_EQ(fcntl(fd, F_GETFD), FD_CLOEXEC);
}

TEST(shared_position)
{
	char buf[4];
	int a, b, c;

	enter_tmpdir();
	make_file("f", "abcdef");
	a = open("f", O_RDONLY);
	b = dup(a);
	c = open("f", O_RDONLY);
	EXPECT_EQ(read(a, buf, 2), 2);
	EXPECT_EQ(read(b, buf, 2), 2);
	EXPECT_EQ(buf[0], 'c');
	EXPECT_EQ(read(c, buf, 2), 2);
	EXPECT_EQ(buf[0], 'a');
	if (fork() == 0) {
		EXPECT_EQ(read(a, buf, 1), 1);
		_exit(0);
	}
	wait(NULL);
	EXPECT_EQ(lseek(a, 0, SEEK_CUR), 5);
	/* status flags are shared, descriptor flags are not */
	EXPECT_EQ(fcntl(a, F_SETFL, O_NONBLOCK), 0);
	EXPECT(fcntl(b, F_GETFL) & O_NONBLOCK);
	EXPECT(!(fcntl(c, F_GETFL) & O_NONBLOCK));
	leave_tmpdir();
}

TEST(growth_and_limit)
{
	struct rlimit rl = { 700, 700 };
	int fd, first, n = 0;

	ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &rl), 0);
	ASSERT_EQ(syscall(SYS_close_range, 3, ~0U, 0), 0);
	first = open("/", O_RDONLY);
	while ((fd = dup(first)) >= 0) {
		ASSERT_EQ(fd, first + ++n);
	}
	EXPECT_EQ(errno, EMFILE);
	EXPECT_EQ(first + n, 699);
	EXPECT_ERRNO(open("/", O_RDONLY), EMFILE);
	EXPECT_ERRNO(pipe((int[2]){ 0 }), EMFILE);
	EXPECT_EQ(close(400), 0);
	EXPECT_EQ(open("/", O_RDONLY), 400);
	/* a copy by fork has them all */
	if (fork() == 0) {
		for (fd = first; fd < 700; fd++)
			EXPECT_GE(fcntl(fd, F_GETFD), 0);
		EXPECT_EQ(close(500), 0);
		_exit(0);
	}
	wait(NULL);
	EXPECT_GE(fcntl(500, F_GETFD), 0);
}

TEST(close_range_forms)
{
	int fd = open("/", O_RDONLY), i;

	for (i = 20; i < 40; i++)
		ASSERT_EQ(dup2(fd, i), i);
	EXPECT_EQ(syscall(SYS_close_range, 22, 25, 0), 0);
	for (i = 20; i < 40; i++)
		EXPECT_EQ(fcntl(i, F_GETFD) < 0, i >= 22 && i <= 25);
	EXPECT_EQ(syscall(SYS_close_range, 30, 31, CLOSE_RANGE_CLOEXEC), 0);
	EXPECT_EQ(fcntl(30, F_GETFD), FD_CLOEXEC);
	EXPECT_EQ(fcntl(32, F_GETFD), 0);
	EXPECT_EQ(syscall(SYS_close_range, 35, ~0U, 0), 0);
	EXPECT_ERRNO(fcntl(39, F_GETFD), EBADF);
	EXPECT_ERRNO(syscall(SYS_close_range, 5, 4, 0), EINVAL);
	EXPECT_ERRNO(syscall(SYS_close_range, 5, 6, 1 << 10), EINVAL);
	EXPECT_EQ(syscall(SYS_close_range, 20, ~0U, CLOSE_RANGE_UNSHARE), 0);
	EXPECT_ERRNO(fcntl(20, F_GETFD), EBADF);
}

static int unshare_and_close(void *unused)
{
	if (syscall(SYS_close_range, 20, 29, CLOSE_RANGE_UNSHARE))
		return 1;
	if (fcntl(20, F_GETFD) != -1 || fcntl(30, F_GETFD) < 0)
		return 2;
	/* Marking for exec closes nothing, in a table of one's own neither. */
	if (syscall(SYS_close_range, 30, ~0U, CLOSE_RANGE_UNSHARE | CLOSE_RANGE_CLOEXEC))
		return 3;
	return fcntl(30, F_GETFD) != FD_CLOEXEC;
}

/* A sharer of the table (CLONE_FILES) sees nothing of what is done after UNSHARE. */
TEST(close_range_unshares_first)
{
	static char stack[65536] __attribute__((aligned(16)));
	pid_t pid;

	for (int i = 20; i < 40; i++)
		ASSERT_EQ(dup2(0, i), i);
	pid = clone(unshare_and_close, stack + sizeof(stack), CLONE_VM | CLONE_FILES | SIGCHLD,
		    NULL);
	EXPECT_EQ(wait_exit(pid), 0);
	for (int i = 20; i < 40; i++)
		EXPECT_EQ(fcntl(i, F_GETFD), 0);
	EXPECT_ERRNO(syscall(SYS_close_range, 20, 29, CLOSE_RANGE_UNSHARE | CLOSE_RANGE_CLOEXEC |
			     8), EINVAL);
}

static int stack_child(void *arg)
{
	close(*(int *)arg);
	return 0;
}

TEST(clone_files)
{
	static char stack[65536] __attribute__((aligned(16)));
	int fd = open("/", O_RDONLY);

	ASSERT_GT(clone(stack_child, stack + sizeof(stack), CLONE_FILES | SIGCHLD, &fd), 0);
	wait(NULL);
	EXPECT_ERRNO(fcntl(fd, F_GETFD), EBADF);
	fd = open("/", O_RDONLY);
	ASSERT_GT(clone(stack_child, stack + sizeof(stack), SIGCHLD, &fd), 0);
	wait(NULL);
	EXPECT_EQ(fcntl(fd, F_GETFD), 0);
	EXPECT_EQ(unshare(CLONE_FILES), 0);
}

static volatile int stop;

static void *churn(void *arg)
{
	while (!stop) {
		int fd = open("/", O_RDONLY);

		if (fd >= 0)
			close(fd);
	}
	return NULL;
}

TEST(threads_race)
{
	pthread_t t[3];
	int i, fd, p[2];
	char c;

	ASSERT_EQ(pipe(p), 0);
	for (i = 0; i < 3; i++)
		ASSERT_EQ(pthread_create(&t[i], NULL, churn, NULL), 0);
	for (i = 0; i < 3000; i++) {
		fd = dup(p[1]);
		ASSERT_GE(fd, 0);
		/* the number may be reused at once by the others, but what is open stays open */
		EXPECT_EQ(write(p[1], "x", 1), 1);
		EXPECT_EQ(read(p[0], &c, 1), 1);
		close(fd);
	}
	stop = 1;
	for (i = 0; i < 3; i++)
		pthread_join(t[i], NULL);
}

TEST(fionclex_fionbio)
{
	int fd = open("/", O_RDONLY), on = 1;

	EXPECT_EQ(ioctl(fd, FIOCLEX), 0);
	EXPECT_EQ(fcntl(fd, F_GETFD), FD_CLOEXEC);
	EXPECT_EQ(ioctl(fd, FIONCLEX), 0);
	EXPECT_EQ(fcntl(fd, F_GETFD), 0);
	EXPECT_EQ(ioctl(fd, FIONBIO, &on), 0);
	EXPECT(fcntl(fd, F_GETFL) & O_NONBLOCK);
	EXPECT_ERRNO(ioctl(fd, TIOCGWINSZ, &on), ENOTTY);
	EXPECT_ERRNO(ioctl(fd, 0x12345, &on), ENOTTY);
	EXPECT_ERRNO(ioctl(99, FIONBIO, &on), EBADF);
}

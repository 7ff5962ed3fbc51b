// SPDX-License-Identifier: GPL-2.0-only
/* Positions: those that would wrap, descriptors that have none, and the end of a directory. */
#define _GNU_SOURCE
#include "../ktest.h"
#include "fsutil.h"
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/sendfile.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>

#define LAST	LLONG_MAX

static int file_of(const char *name, const char *text)
{
	int fd;

	make_file(name, text);
	fd = open(name, O_RDWR);
	ASSERT_GE(fd, 0);
	return fd;
}

TEST(reads_and_writes_do_not_wrap)
{
	char buf[64] = "";
	struct iovec iov = { buf, sizeof(buf) };
	int fd;

	enter_tmpdir();
	fd = file_of("f", "hello");
	EXPECT_ERRNO(pread(fd, buf, 64, LAST), EINVAL);
	EXPECT_ERRNO(pread(fd, buf, 64, LAST - 63), EINVAL);
	EXPECT_EQ(pread(fd, buf, 64, LAST - 64), 0);
	EXPECT_EQ(pread(fd, buf, 0, LAST), 0);
	EXPECT_ERRNO(pwrite(fd, buf, 64, LAST), EINVAL);
	EXPECT_ERRNO(pwrite(fd, buf, 64, LAST - 63), EINVAL);
	EXPECT_ERRNO(preadv(fd, &iov, 1, LAST - 63), EINVAL);
	EXPECT_ERRNO(pwritev(fd, &iov, 1, LAST - 63), EINVAL);
	EXPECT_EQ(lseek(fd, LAST - 3, SEEK_SET), LAST - 3);
	EXPECT_ERRNO(read(fd, buf, 64), EINVAL);
	EXPECT_ERRNO(write(fd, buf, 64), EINVAL);
	EXPECT_EQ(read(fd, buf, 3), 0);
	/* a stream is asked for none */
	EXPECT_EQ(read(open("/dev/null", O_RDONLY), buf, 64), 0);
	leave_tmpdir();
}

TEST(copies_do_not_wrap)
{
	loff_t at = LAST - 3;
	int in, out, pipe_fd[2];

	enter_tmpdir();
	in = file_of("in", "hello");
	out = file_of("out", "");
	ASSERT_EQ(pipe(pipe_fd), 0);
	ASSERT_EQ(write(pipe_fd[1], "hello", 5), 5);
	EXPECT_ERRNO(sendfile(out, in, &at, 64), EINVAL);
	EXPECT_EQ(at, LAST - 3);
	EXPECT_ERRNO(sendfile(out, in, NULL, -1), EINVAL);
	EXPECT_ERRNO(splice(pipe_fd[0], NULL, out, &at, 5, 0), EINVAL);
	EXPECT_ERRNO(splice(in, &at, pipe_fd[1], NULL, 5, 0), EINVAL);
	EXPECT_EQ(lseek(out, LAST - 3, SEEK_SET), LAST - 3);
	EXPECT_ERRNO(sendfile(out, in, NULL, 5), EINVAL);
	EXPECT_EQ(lseek(out, 0, SEEK_SET), 0);
	EXPECT_EQ(sendfile(out, in, NULL, 5), 5);
	leave_tmpdir();
}

TEST(ranges_to_sync_do_not_wrap)
{
	int fd;

	enter_tmpdir();
	fd = file_of("f", "hello");
	EXPECT_ERRNO(sync_file_range(fd, -1, 0, 0), EINVAL);
	EXPECT_ERRNO(sync_file_range(fd, 0, -1, 0), EINVAL);
	EXPECT_ERRNO(sync_file_range(fd, 8192, LAST - 4096, 0), EINVAL);
	EXPECT_EQ(sync_file_range(fd, 4095, LAST - 4095, 0), 0);
	leave_tmpdir();
}

static void no_place(int fd)
{
	char buf[512] = "";

	ASSERT_GE(fd, 0);
	EXPECT_ERRNO(pread(fd, buf, sizeof(buf), 0), ESPIPE);
	EXPECT_ERRNO(pwrite(fd, buf, sizeof(buf), 0), ESPIPE);
	EXPECT_EQ(lseek(fd, 7, SEEK_SET), 0);		/* it does nothing */
	close(fd);
}

TEST(descriptors_without_positions)
{
	sigset_t none;

	sigemptyset(&none);
	no_place(eventfd(1, EFD_NONBLOCK));
	no_place(timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK));
	no_place(signalfd(-1, &none, SFD_NONBLOCK));
	no_place(epoll_create1(0));
	no_place(inotify_init1(IN_NONBLOCK));
	EXPECT_ERRNO(lseek(syscall(SYS_pidfd_open, getpid(), 0), 7, SEEK_SET), ESPIPE);
}

/* tmpfs only: others put it somewhere. */
TEST(directory_has_no_end)
{
	struct statfs st;
	int fd;

	enter_tmpdir();
	fd = open(".", O_RDONLY);
	ASSERT_EQ(fstatfs(fd, &st), 0);
	if (st.f_type != 0x01021994)
		SKIP("not a tmpfs");
	EXPECT_ERRNO(lseek(fd, 0, SEEK_END), EINVAL);
	EXPECT_ERRNO(lseek(fd, 0, SEEK_DATA), EINVAL);
	EXPECT_ERRNO(lseek(fd, 0, SEEK_HOLE), EINVAL);
	EXPECT_EQ(lseek(fd, 5, SEEK_SET), 5);
	EXPECT_EQ(lseek(fd, 2, SEEK_CUR), 7);
	EXPECT_ERRNO(lseek(fd, -8, SEEK_CUR), EINVAL);
	leave_tmpdir();
}

// SPDX-License-Identifier: GPL-2.0-only
/* Record locks, open-file-description locks, flock: fcntl(2), flock(2). */
#include "../ktest.h"
#include "fsutil.h"
#include <sys/file.h>

static int lock(int fd, int cmd, int type, long start, long len)
{
	struct flock l = { .l_type = type, .l_whence = SEEK_SET, .l_start = start, .l_len = len };

	return fcntl(fd, cmd, &l);
}

/* What a child would meet: F_UNLCK when it could have the write lock. */
static int blocked_for_child(int fd, long start, long len)
{
	pid_t pid = fork();

	if (pid == 0) {
		struct flock l = { .l_type = F_WRLCK, .l_start = start, .l_len = len };

		if (fcntl(fd, F_GETLK, &l))
			_exit(99);
		_exit(l.l_type);
	}
	return wait_exit(pid);
}

TEST(records)
{
	struct flock l;
	int fd, again;

	enter_tmpdir();
	fd = open("f", O_RDWR | O_CREAT, 0644);
	EXPECT_EQ(lock(fd, F_SETLK, F_WRLCK, 0, 100), 0);
	EXPECT_EQ(blocked_for_child(fd, 50, 1), F_WRLCK);
	EXPECT_EQ(blocked_for_child(fd, 100, 1), F_UNLCK);
	/* a hole in the middle, and another kind at the end */
	EXPECT_EQ(lock(fd, F_SETLK, F_UNLCK, 40, 20), 0);
	EXPECT_EQ(blocked_for_child(fd, 40, 20), F_UNLCK);
	EXPECT_EQ(blocked_for_child(fd, 39, 1), F_WRLCK);
	EXPECT_EQ(blocked_for_child(fd, 60, 1), F_WRLCK);
	EXPECT_EQ(lock(fd, F_SETLK, F_RDLCK, 90, 0), 0);
	EXPECT_EQ(blocked_for_child(fd, 1000000, 1), F_RDLCK);
	/* one's own locks never block */
	l = (struct flock){ .l_type = F_WRLCK };
	EXPECT_EQ(fcntl(fd, F_GETLK, &l), 0);
	EXPECT_EQ(l.l_type, F_UNLCK);
	/* closing any descriptor of the file drops all */
	again = open("f", O_RDONLY);
	close(again);
	EXPECT_EQ(blocked_for_child(fd, 0, 0), F_UNLCK);
	leave_tmpdir();
}

TEST(record_errnos)
{
	struct flock l = { .l_type = 99 };
	int fd, ro;

	enter_tmpdir();
	fd = open("f", O_RDWR | O_CREAT, 0644);
	ro = open("f", O_RDONLY);
	EXPECT_ERRNO(fcntl(fd, F_SETLK, &l), EINVAL);
	EXPECT_ERRNO(lock(ro, F_SETLK, F_WRLCK, 0, 0), EBADF);
	EXPECT_EQ(lock(ro, F_SETLK, F_RDLCK, 0, 0), 0);
	EXPECT_ERRNO(lock(fd, F_SETLK, F_RDLCK, -1, 0), EINVAL);
	EXPECT_ERRNO(lock(fd, F_SETLK, F_RDLCK, 0, -1), EINVAL);
	EXPECT_EQ(lock(fd, F_SETLK, F_RDLCK, 10, -5), 0);
	EXPECT_ERRNO(syscall(SYS_fcntl, fd, F_SETLK, 8L), EFAULT);
	l = (struct flock){ .l_type = F_UNLCK };
	EXPECT_ERRNO(fcntl(fd, F_GETLK, &l), EINVAL);
	l = (struct flock){ .l_type = F_RDLCK, .l_whence = 9 };
	EXPECT_ERRNO(fcntl(fd, F_SETLK, &l), EINVAL);
	if (fork() == 0) {
		EXPECT_ERRNO(lock(fd, F_SETLK, F_WRLCK, 0, 1), EAGAIN);
		_exit(0);
	}
	wait(NULL);
	leave_tmpdir();
}

TEST(waiting)
{
	int fd, p[2];
	char c;

	enter_tmpdir();
	ASSERT_EQ(pipe(p), 0);
	fd = open("f", O_RDWR | O_CREAT, 0644);
	EXPECT_EQ(lock(fd, F_SETLK, F_WRLCK, 0, 0), 0);
	if (fork() == 0) {
		EXPECT_EQ(lock(fd, F_SETLKW, F_WRLCK, 10, 10), 0);
		write(p[1], "x", 1);
		_exit(0);
	}
	usleep(100000);
	EXPECT_EQ(lock(fd, F_SETLK, F_UNLCK, 0, 5), 0);
	usleep(50000);
	EXPECT_EQ(lock(fd, F_SETLK, F_UNLCK, 0, 0), 0);
	EXPECT_EQ(read(p[0], &c, 1), 1);
	wait(NULL);
	EXPECT_EQ(blocked_for_child(fd, 0, 0), F_UNLCK);
	leave_tmpdir();
}

TEST(deadlock)
{
	int fd, p[2], status, dead = 0;

	enter_tmpdir();
	ASSERT_EQ(pipe(p), 0);
	fd = open("f", O_RDWR | O_CREAT, 0644);
	for (int i = 0; i < 2; i++) {
		if (fork() == 0) {
			char c;
			int other = !i, err;

			ASSERT_EQ(lock(fd, F_SETLK, F_WRLCK, i, 1), 0);
			write(p[1], "x", 1);
			while (blocked_for_child(fd, other, 1) == F_UNLCK)
				usleep(1000);
			err = lock(fd, F_SETLKW, F_WRLCK, other, 1) ? errno : 0;
			(void)c;
			_exit(err == EDEADLK);
		}
	}
	for (int i = 0; i < 2; i++) {
		wait(&status);
		dead += WEXITSTATUS(status);
	}
	EXPECT_EQ(dead, 1);
	leave_tmpdir();
}

TEST(interrupted_wait)
{
	int fd;

	enter_tmpdir();
	fd = open("f", O_RDWR | O_CREAT, 0644);
	EXPECT_EQ(lock(fd, F_SETLK, F_WRLCK, 0, 0), 0);
	if (fork() == 0) {
		struct sigaction sa = { .sa_handler = SIG_DFL };
		pid_t pid = fork();

		(void)sa;
		if (pid == 0) {
			lock(fd, F_SETLKW, F_WRLCK, 0, 0);
			_exit(0);
		}
		usleep(50000);
		kill(pid, SIGKILL);
		_exit(wait_exit(pid) != 128 + SIGKILL);
	}
	{
		int status;

		wait(&status);
		EXPECT_EQ(WEXITSTATUS(status), 0);
	}
	leave_tmpdir();
}

TEST(ofd)
{
	struct flock l = { .l_type = F_WRLCK, .l_pid = 1 };
	int a, b, c;

	enter_tmpdir();
	a = open("f", O_RDWR | O_CREAT, 0644);
	b = open("f", O_RDWR);
	c = dup(a);
	EXPECT_ERRNO(fcntl(a, F_OFD_SETLK, &l), EINVAL);
	EXPECT_EQ(lock(a, F_OFD_SETLK, F_WRLCK, 0, 10), 0);
	EXPECT_ERRNO(lock(b, F_OFD_SETLK, F_WRLCK, 5, 1), EAGAIN);
	EXPECT_EQ(lock(c, F_OFD_SETLK, F_WRLCK, 5, 1), 0);
	EXPECT_ERRNO(lock(a, F_SETLK, F_WRLCK, 0, 1), EAGAIN);
	l = (struct flock){ .l_type = F_RDLCK };
	EXPECT_EQ(fcntl(b, F_OFD_GETLK, &l), 0);
	EXPECT_EQ(l.l_type, F_WRLCK);
	EXPECT_EQ(l.l_pid, -1);
	EXPECT_EQ(l.l_start, 0);
	EXPECT_EQ(l.l_len, 10);
	close(a);
	EXPECT_ERRNO(lock(b, F_OFD_SETLK, F_WRLCK, 5, 1), EAGAIN);
	close(c);
	EXPECT_EQ(lock(b, F_OFD_SETLK, F_WRLCK, 5, 1), 0);
	leave_tmpdir();
}

TEST(flocks)
{
	int a, b, c;

	enter_tmpdir();
	a = open("f", O_RDONLY | O_CREAT, 0644);
	b = open("f", O_RDONLY);
	c = dup(a);
	EXPECT_EQ(flock(a, LOCK_SH), 0);
	EXPECT_EQ(flock(b, LOCK_SH | LOCK_NB), 0);
	EXPECT_ERRNO(flock(b, LOCK_EX | LOCK_NB), EWOULDBLOCK);
	EXPECT_EQ(flock(c, LOCK_UN), 0);
	EXPECT_EQ(flock(b, LOCK_EX | LOCK_NB), 0);
	EXPECT_ERRNO(flock(a, LOCK_SH | LOCK_NB), EWOULDBLOCK);
	EXPECT_ERRNO(flock(a, 0), EINVAL);
	EXPECT_ERRNO(flock(99, LOCK_SH), EBADF);
	if (fork() == 0) {
		/* the child's copy is the same open file */
		EXPECT_EQ(flock(b, LOCK_EX | LOCK_NB), 0);
		EXPECT_EQ(flock(a, LOCK_EX), 0);
		_exit(0);
	}
	usleep(100000);
	EXPECT_EQ(flock(b, LOCK_UN), 0);
	wait(NULL);
	EXPECT_EQ(flock(b, LOCK_EX | LOCK_NB) ? errno : 0, EWOULDBLOCK);
	close(a);
	close(c);
	EXPECT_EQ(flock(b, LOCK_EX | LOCK_NB), 0);
	leave_tmpdir();
}

TEST(leases)
{
	int fd;

	enter_tmpdir();
	fd = open("f", O_RDWR | O_CREAT, 0644);
	EXPECT_EQ(fcntl(fd, F_GETLEASE), F_UNLCK);
	EXPECT_ERRNO(fcntl(fd, F_SETLEASE, F_RDLCK), EAGAIN);	/* it is open for writing */
	EXPECT_ERRNO(fcntl(fd, F_SETLEASE, 9), EINVAL);
	leave_tmpdir();
}

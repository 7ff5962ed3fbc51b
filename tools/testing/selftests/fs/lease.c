// SPDX-License-Identifier: GPL-2.0-only
/* fcntl(2), F_SETLEASE: who gets a lease, who breaks it, and what both are told. */
#include "../ktest.h"
#include "fsutil.h"
#include <sys/mman.h>

static volatile int told, told_code, told_fd;

static void on_break(int sig, siginfo_t *info, void *context)
{
	told = sig;
	told_code = info->si_code;
	told_fd = info->si_fd;
}

static void listen_to(int sig)
{
	struct sigaction sa = { .sa_sigaction = on_break, .sa_flags = SA_SIGINFO | SA_RESTART };

	told = 0;
	ASSERT_EQ(sigaction(sig, &sa, NULL), 0);
}

static int lease(int fd, int type)
{
	return fcntl(fd, F_SETLEASE, type);
}

static int leased(int fd)
{
	return fcntl(fd, F_GETLEASE);
}

TEST(who_may)
{
	int fd, null, dir;

	enter_tmpdir();
	fd = open("f", O_RDONLY | O_CREAT, 0644);
	mkdir("d", 0755);
	dir = open("d", O_RDONLY);
	null = open("/dev/null", O_RDONLY);
	EXPECT_EQ(leased(fd), F_UNLCK);
	EXPECT_ERRNO(lease(fd, F_UNLCK), EAGAIN);
	EXPECT_ERRNO(lease(fd, 9), EINVAL);
	EXPECT_ERRNO(lease(dir, F_UNLCK), EINVAL);
	EXPECT_ERRNO(lease(dir, F_WRLCK), EINVAL);
	EXPECT_ERRNO(lease(open("f", O_PATH), F_RDLCK), EBADF);
	EXPECT_ERRNO(lease(-1, F_RDLCK), EBADF);
	if (geteuid() == 0) {
		EXPECT_ERRNO(lease(null, F_RDLCK), EINVAL);
		drop_privileges();
		EXPECT_ERRNO(lease(null, F_RDLCK), EACCES);
		EXPECT_ERRNO(lease(fd, F_RDLCK), EACCES);
		EXPECT_ERRNO(lease(fd, F_UNLCK), EACCES);
		EXPECT_ERRNO(lease(fd, 9), EINVAL);
	}
	close(dir);
}

TEST(of_an_open_file)
{
	int fd, copy, flags, status;

	enter_tmpdir();
	fd = open("f", O_RDONLY | O_CREAT, 0644);
	flags = fcntl(fd, F_GETFL);
	EXPECT_EQ(lease(fd, F_RDLCK), 0);
	EXPECT_EQ(leased(fd), F_RDLCK);
	EXPECT_EQ(fcntl(fd, F_GETOWN), getpid());
	EXPECT_EQ(fcntl(fd, F_GETFL), flags | O_ASYNC);
	EXPECT_EQ(lease(fd, F_WRLCK), 0);
	copy = dup(fd);
	EXPECT_EQ(leased(copy), F_WRLCK);
	if (fork() == 0)
		_exit(leased(fd) == F_WRLCK && lease(fd, F_RDLCK) == 0 ? 0 : 1);
	EXPECT_GT(wait(&status), 0);
	EXPECT_EQ(status, 0);
	close(fd);
	EXPECT_EQ(leased(copy), F_RDLCK);
	EXPECT_EQ(lease(copy, F_UNLCK), 0);
	EXPECT_EQ(fcntl(copy, F_GETFL), flags);
	leave_tmpdir();
}

TEST(opens_that_are_in_the_way)
{
	int fd, other, writer;

	enter_tmpdir();
	fd = open("f", O_RDONLY | O_CREAT, 0644);
	other = open("f", O_RDONLY);
	EXPECT_ERRNO(lease(fd, F_WRLCK), EAGAIN);
	EXPECT_EQ(lease(fd, F_RDLCK), 0);
	EXPECT_EQ(lease(other, F_RDLCK), 0);
	EXPECT_ERRNO(lease(other, F_WRLCK), EAGAIN);
	EXPECT_EQ(leased(other), F_RDLCK);
	close(other);
	EXPECT_EQ(lease(fd, F_WRLCK), 0);
	EXPECT_EQ(lease(fd, F_UNLCK), 0);
	EXPECT_EQ(leased(fd), F_UNLCK);
	writer = open("f", O_RDWR);
	EXPECT_ERRNO(lease(fd, F_RDLCK), EAGAIN);
	EXPECT_ERRNO(lease(fd, F_WRLCK), EAGAIN);
	EXPECT_ERRNO(lease(writer, F_RDLCK), EAGAIN);
	EXPECT_ERRNO(lease(writer, F_WRLCK), EAGAIN);
	close(fd);
	EXPECT_EQ(lease(writer, F_WRLCK), 0);
	EXPECT_ERRNO(lease(writer, F_RDLCK), EAGAIN);
	EXPECT_EQ(leased(writer), F_WRLCK);
	close(writer);
	/* a mapping keeps the file open */
	fd = open("f", O_RDWR);
	EXPECT_EQ(ftruncate(fd, 4096), 0);
	EXPECT_NE(mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 0), MAP_FAILED);
	close(fd);
	fd = open("f", O_RDONLY);
	EXPECT_ERRNO(lease(fd, F_RDLCK), EAGAIN);
	leave_tmpdir();
}

TEST(nonblocking_open_is_refused_and_the_holder_told)
{
	int fd;

	enter_tmpdir();
	listen_to(SIGIO);
	fd = open("f", O_RDWR | O_CREAT, 0644);
	ASSERT_EQ(lease(fd, F_WRLCK), 0);
	EXPECT_ERRNO(open("f", O_RDONLY | O_NONBLOCK), EAGAIN);
	EXPECT_EQ(told, SIGIO);
	EXPECT_EQ(told_code, SI_KERNEL);
	EXPECT_EQ(leased(fd), F_RDLCK);
	told = 0;
	EXPECT_ERRNO(open("f", O_RDONLY | O_NONBLOCK), EAGAIN);
	EXPECT_EQ(told, 0);
	EXPECT_ERRNO(open("f", O_WRONLY | O_NONBLOCK), EAGAIN);
	EXPECT_EQ(told, SIGIO);
	EXPECT_EQ(leased(fd), F_UNLCK);
	EXPECT_ERRNO(lease(fd, F_RDLCK), EAGAIN);
	EXPECT_EQ(lease(fd, F_WRLCK), 0);
	EXPECT_EQ(leased(fd), F_UNLCK);
	EXPECT_EQ(lease(fd, F_UNLCK), 0);
	EXPECT_GE(open("f", O_RDONLY | O_NONBLOCK), 0);
	leave_tmpdir();
}

TEST(signal_of_ones_own_names_the_descriptor)
{
	int fd, reader;

	enter_tmpdir();
	listen_to(SIGUSR1);
	fd = open("f", O_RDONLY | O_CREAT, 0644);
	ASSERT_EQ(fcntl(fd, F_SETSIG, SIGUSR1), 0);
	ASSERT_EQ(lease(fd, F_RDLCK), 0);
	reader = open("f", O_RDONLY);
	EXPECT_GE(reader, 0);
	EXPECT_EQ(told, 0);
	EXPECT_ERRNO(open("f", O_WRONLY | O_NONBLOCK), EAGAIN);
	EXPECT_EQ(told, SIGUSR1);
	EXPECT_EQ(told_code, POLL_MSG);
	EXPECT_EQ(told_fd, fd);
	EXPECT_ERRNO(lease(reader, F_RDLCK), EAGAIN);
	EXPECT_EQ(lease(fd, F_RDLCK), 0);
	EXPECT_EQ(leased(fd), F_UNLCK);
	leave_tmpdir();
}

TEST(what_breaks_none)
{
	struct stat st;
	int fd;

	enter_tmpdir();
	listen_to(SIGIO);
	fd = open("f", O_RDWR | O_CREAT, 0644);
	ASSERT_EQ(lease(fd, F_WRLCK), 0);
	EXPECT_EQ(stat("f", &st), 0);
	EXPECT_EQ(access("f", R_OK), 0);
	EXPECT_EQ(chmod("f", 0600), 0);
	EXPECT_EQ(link("f", "g"), 0);
	EXPECT_EQ(rename("g", "h"), 0);
	EXPECT_EQ(ftruncate(fd, 10), 0);
	EXPECT_GE(open("f", O_PATH), 0);
	EXPECT_EQ(unlink("f"), 0);
	EXPECT_EQ(told, 0);
	EXPECT_EQ(leased(fd), F_WRLCK);
	leave_tmpdir();
}

/* A child does @breaker, and waits until the lease is gone. */
static void break_by(int (*breaker)(void), int fd, int give_up)
{
	int status, n = 0;
	pid_t child;

	told = 0;
	child = fork();
	if (child == 0) {
		signal(SIGUSR1, SIG_DFL);
		close(fd);
		_exit(breaker() < 0);
	}
	while (!told && n++ < 5000)
		usleep(1000);
	EXPECT_EQ(told, SIGUSR1);
	EXPECT_EQ(waitpid(child, &status, WNOHANG), 0);
	EXPECT_EQ(lease(fd, give_up), 0);
	EXPECT_EQ(waitpid(child, &status, 0), child);
	EXPECT_EQ(status, 0);
}

static int by_truncate(void)
{
	return truncate("f", 5);
}

static int by_reading(void)
{
	return open("f", O_RDONLY);
}

static int by_writing(void)
{
	return open("f", O_WRONLY | O_TRUNC);
}

static int by_exec(void)
{
	execl("./f", "f", NULL);
	return errno == ENOEXEC ? 0 : -1;
}

TEST(breaker_waits_for_the_holder)
{
	int fd;

	enter_tmpdir();
	listen_to(SIGUSR1);
	make_file("f", "text");
	chmod("f", 0755);
	fd = open("f", O_RDONLY);
	ASSERT_EQ(fcntl(fd, F_SETSIG, SIGUSR1), 0);
	ASSERT_EQ(lease(fd, F_WRLCK), 0);
	break_by(by_reading, fd, F_RDLCK);
	EXPECT_EQ(leased(fd), F_RDLCK);
	ASSERT_EQ(lease(fd, F_WRLCK), 0);
	break_by(by_exec, fd, F_RDLCK);
	break_by(by_truncate, fd, F_UNLCK);
	EXPECT_EQ(size_of("f"), 5);
	EXPECT_EQ(fcntl(fd, F_GETSIG), 0);
	EXPECT_EQ(fcntl(fd, F_GETOWN), 0);
	ASSERT_EQ(fcntl(fd, F_SETSIG, SIGUSR1), 0);
	ASSERT_EQ(lease(fd, F_RDLCK), 0);
	break_by(by_writing, fd, F_UNLCK);
	EXPECT_EQ(size_of("f"), 0);
	leave_tmpdir();
}

TEST(close_ends_it)
{
	int status, pipefd[2];
	pid_t child;
	char c;

	enter_tmpdir();
	make_file("f", "text");
	ASSERT_EQ(pipe(pipefd), 0);
	child = fork();
	if (child == 0) {
		int fd = open("f", O_RDONLY);

		signal(SIGIO, SIG_IGN);
		if (lease(fd, F_RDLCK) || write(pipefd[1], "", 1) != 1)
			_exit(1);
		usleep(50000);
		_exit(0);
	}
	ASSERT_EQ(read(pipefd[0], &c, 1), 1);
	EXPECT_GE(open("f", O_WRONLY), 0);
	EXPECT_EQ(wait(&status), child);
	EXPECT_EQ(status, 0);
	leave_tmpdir();
}

static void on_alarm(int sig)
{
}

TEST(signal_ends_the_wait)
{
	struct sigaction sa = { .sa_handler = on_alarm };
	int fd;

	enter_tmpdir();
	signal(SIGIO, SIG_IGN);
	sigaction(SIGALRM, &sa, NULL);
	fd = open("f", O_RDONLY | O_CREAT, 0644);
	ASSERT_EQ(lease(fd, F_RDLCK), 0);
	ualarm(50000, 50000);
	EXPECT_ERRNO(open("f", O_WRONLY), EINTR);
	ualarm(0, 0);
	EXPECT_EQ(leased(fd), F_UNLCK);
	leave_tmpdir();
}

static void open_again_and_again(int flags)
{
	for (int i = 0; i < 300; i++) {
		int fd = open("f", flags);

		if (fd < 0)
			_exit(1);
		close(fd);
	}
	_exit(0);
}

/* Nobody waits for ever. */
TEST_TIMEOUT(leases_come_and_go, 60)
{
	static const int flags[] = { O_RDONLY, O_WRONLY, O_RDWR | O_TRUNC };
	int fd, status, left = 3, had = 0;

	enter_tmpdir();
	listen_to(SIGUSR1);
	make_file("f", "text");
	fd = open("f", O_RDONLY);
	for (int i = 0; i < 3; i++) {
		if (fork() == 0) {
			close(fd);
			open_again_and_again(flags[i]);
		}
	}
	while (left) {
		if (fcntl(fd, F_SETSIG, SIGUSR1) == 0 && lease(fd, had % 2 ? F_RDLCK : F_WRLCK) == 0)
			had++;
		lease(fd, F_UNLCK);
		if (waitpid(-1, &status, WNOHANG) > 0) {
			EXPECT_EQ(status, 0);
			left--;
		}
	}
	EXPECT_EQ(lease(fd, F_WRLCK), 0);
	leave_tmpdir();
}

static int break_time(int seconds)
{
	int fd = open("/proc/sys/fs/lease-break-time", O_RDWR), old;
	char text[20] = "";

	if (fd < 0 || read(fd, text, sizeof(text) - 1) <= 0)
		return -1;
	old = atoi(text);
	if (pwrite(fd, text, snprintf(text, sizeof(text), "%d\n", seconds), 0) < 0)
		old = -1;
	close(fd);
	return old;
}

TEST(holder_that_does_not_answer_loses_it)
{
	int fd, old = break_time(1), reader;

	if (old < 0 && geteuid() != 0)
		return;
	EXPECT_EQ(old, 45);
	enter_tmpdir();
	signal(SIGIO, SIG_IGN);
	fd = open("f", O_RDWR | O_CREAT, 0644);
	ASSERT_EQ(lease(fd, F_WRLCK), 0);
	reader = open("f", O_RDONLY);
	EXPECT_GE(reader, 0);
	EXPECT_EQ(leased(fd), F_RDLCK);
	EXPECT_GE(open("f", O_WRONLY), 0);
	EXPECT_EQ(leased(fd), F_UNLCK);
	EXPECT_ERRNO(lease(fd, F_UNLCK), EAGAIN);
	break_time(old);
	leave_tmpdir();
}

static void expect_line(const char *want)
{
	char text[4096] = "";
	int fd = open("/proc/locks", O_RDONLY);

	EXPECT_GE(read(fd, text, sizeof(text) - 1), 0);
	close(fd);
	if (!strstr(text, want))
		EXPECT_STREQ(text, want);
}

TEST(proc_locks)
{
	char want[100];
	int fd;

	enter_tmpdir();
	signal(SIGIO, SIG_IGN);
	fd = open("f", O_RDWR | O_CREAT, 0644);
	ASSERT_EQ(lease(fd, F_WRLCK), 0);
	snprintf(want, sizeof(want), "LEASE  ACTIVE    WRITE %d ", getpid());
	expect_line(want);
	EXPECT_ERRNO(open("f", O_RDONLY | O_NONBLOCK), EAGAIN);
	snprintf(want, sizeof(want), "LEASE  BREAKING  READ %d ", getpid());
	expect_line(want);
	EXPECT_ERRNO(open("f", O_WRONLY | O_NONBLOCK), EAGAIN);
	snprintf(want, sizeof(want), "LEASE  BREAKING  UNLCK %d ", getpid());
	expect_line(want);
	leave_tmpdir();
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * pidfds: how one is made (pidfd_open, CLONE_PIDFD by both calls), what it is good for (signals,
 * poll, epoll, waitid, another process's files, its memory), and that a failed fork leaves none.
 */
#include "../ktest.h"
#include "clone3.h"
#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/uio.h>

#ifndef P_PIDFD
#define P_PIDFD		3
#endif

static int pidfd_open(pid_t pid, unsigned int flags)
{
	return syscall(SYS_pidfd_open, pid, flags);
}

static int pidfd_send_signal(int fd, int sig, siginfo_t *info, unsigned int flags)
{
	return syscall(SYS_pidfd_send_signal, fd, sig, info, flags);
}

static int pidfd_getfd(int fd, int target, unsigned int flags)
{
	return syscall(SYS_pidfd_getfd, fd, target, flags);
}

static int open_files(void)
{
	DIR *dir = opendir("/proc/self/fd");
	int n = 0;

	while (readdir(dir))
		n++;
	closedir(dir);
	return n;
}

static pid_t sleeper(void)
{
	pid_t pid = fork();

	if (!pid)
		for (;;)
			pause();
	return pid;
}

/* The value of a line "Pid:\t..." of a descriptor's fdinfo. */
static void fdinfo_line(int fd, const char *key, char *value, size_t size)
{
	char path[64], line[128];
	FILE *file;

	*value = 0;
	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", fd);
	file = fopen(path, "r");
	while (file && fgets(line, sizeof(line), file))
		if (!strncmp(line, key, strlen(key)))
			snprintf(value, size, "%.*s", (int)strcspn(line + strlen(key), "\n"),
				 line + strlen(key));
	if (file)
		fclose(file);
}

static void *nothing(void *tid)
{
	*(pid_t *)tid = syscall(SYS_gettid);
	pause();
	return NULL;
}

TEST(open_refuses)
{
	pid_t tid = 0;
	pthread_t thread;

	EXPECT_ERRNO(pidfd_open(0, 0), EINVAL);
	EXPECT_ERRNO(pidfd_open(-1, 0), EINVAL);
	EXPECT_ERRNO(pidfd_open(getpid(), 1), EINVAL);
	EXPECT_ERRNO(pidfd_open(getpid(), O_CLOEXEC), EINVAL);
	EXPECT_ERRNO(pidfd_open(1 << 30, 0), ESRCH);
	pthread_create(&thread, NULL, nothing, &tid);
	while (!__atomic_load_n(&tid, __ATOMIC_ACQUIRE))
		sched_yield();
	/* A thread is no process. Linux 6.1: EINVAL; since 6.15: ENOENT. */
	EXPECT_EQ(pidfd_open(tid, 0), -1);
	EXPECT(errno == EINVAL || errno == ENOENT);
}

TEST(open_is_close_on_exec)
{
	int fd = pidfd_open(getpid(), 0), nonblock = pidfd_open(getpid(), O_NONBLOCK);
	char link[64] = "", path[64];

	ASSERT_GE(fd, 0);
	ASSERT_GE(nonblock, 0);
	EXPECT_EQ(fcntl(fd, F_GETFD), FD_CLOEXEC);
	EXPECT_EQ(fcntl(fd, F_GETFL) & (O_ACCMODE | O_NONBLOCK), O_RDWR);
	EXPECT_EQ(fcntl(nonblock, F_GETFL) & O_NONBLOCK, O_NONBLOCK);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	EXPECT_GT(readlink(path, link, sizeof(link) - 1), 0);
	EXPECT(!strcmp(link, "anon_inode:[pidfd]") || !strncmp(link, "pidfd:", 6));
	EXPECT_ERRNO(read(fd, link, 1), EINVAL);
}

TEST(fdinfo_says_whose)
{
	pid_t pid = sleeper();
	int fd = pidfd_open(pid, 0);
	char value[64], want[64];

	snprintf(want, sizeof(want), "%d", pid);
	fdinfo_line(fd, "Pid:\t", value, sizeof(value));
	EXPECT_STREQ(value, want);
	fdinfo_line(fd, "NSpid:\t", value, sizeof(value));
	EXPECT_STREQ(value, want);
	kill(pid, SIGKILL);
	wait_exit(pid);
	fdinfo_line(fd, "Pid:\t", value, sizeof(value));
	EXPECT_STREQ(value, "-1");
	fdinfo_line(fd, "NSpid:\t", value, sizeof(value));
	EXPECT_STREQ(value, "-1");
}

TEST(clone_with_pidfd)
{
	int fd = -1;
	long pid = syscall(SYS_clone, CLONE_PIDFD | SIGCHLD, 0, &fd, 0, 0);

	if (!pid)
		_exit(5);
	ASSERT_GT(pid, 0);
	ASSERT_GE(fd, 0);
	EXPECT_EQ(fcntl(fd, F_GETFD), FD_CLOEXEC);
	EXPECT_EQ(pidfd_send_signal(fd, 0, NULL, 0), 0);
	EXPECT_EQ(wait_exit(pid), 5);
	EXPECT_ERRNO(pidfd_send_signal(fd, 0, NULL, 0), ESRCH);
	EXPECT_ERRNO(syscall(SYS_clone, CLONE_PIDFD | CLONE_PARENT_SETTID | SIGCHLD, 0, &fd, 0, 0),
		     EINVAL);
	EXPECT_ERRNO(syscall(SYS_clone, CLONE_PIDFD | 0x00400000 | SIGCHLD, 0, &fd, 0, 0), EINVAL);
}

TEST(clone3_with_pidfd)
{
	int fd = -1, tid = 0;
	struct clone_args args = { .flags = CLONE_PIDFD | CLONE_PARENT_SETTID,
				   .exit_signal = SIGCHLD, .pidfd = (uintptr_t)&fd,
				   .parent_tid = (uintptr_t)&tid };
	long pid = clone3(&args, sizeof(args));
	siginfo_t info = { };

	if (!pid)
		_exit(6);
	ASSERT_GT(pid, 0);
	EXPECT_EQ(tid, pid);
	EXPECT_EQ(waitid(P_PIDFD, fd, &info, WEXITED), 0);
	EXPECT_EQ(info.si_pid, pid);
	EXPECT_EQ(info.si_status, 6);
	EXPECT_EQ(info.si_code, CLD_EXITED);
	EXPECT_ERRNO(waitid(P_PIDFD, fd, &info, WEXITED), ECHILD);
}

/* The child has a copy of the table from before the number was installed. */
TEST(the_child_has_no_pidfd_of_itself)
{
	int fd = -1;
	long pid = syscall(SYS_clone, CLONE_PIDFD | SIGCHLD, 0, &fd, 0, 0);

	if (!pid)
		_exit(fd >= 0 && fcntl(fd, F_GETFD) >= 0);
	EXPECT_EQ(wait_exit(pid), 0);
}

TEST(a_failed_fork_leaves_no_descriptor)
{
	struct clone_args args = { .flags = CLONE_PIDFD, .exit_signal = SIGCHLD, .pidfd = 16 };
	struct rlimit limit;
	pid_t set_tid = getpid();
	int before = open_files(), fd = -1, lowest;

	EXPECT_ERRNO(clone3(&args, sizeof(args)), EFAULT);
	args.pidfd = (uintptr_t)&fd;
	args.flags |= CLONE_INTO_CGROUP;
	args.cgroup = 1000;
	EXPECT_ERRNO(clone3(&args, sizeof(args)), EBADF);
	args.flags = CLONE_PIDFD;
	args.set_tid = (uintptr_t)&set_tid;
	args.set_tid_size = 1;
	if (!getuid())
		EXPECT_ERRNO(clone3(&args, sizeof(args)), EEXIST);
	EXPECT_EQ(open_files(), before);
	/* No number is left for it. */
	args.set_tid = args.set_tid_size = 0;
	lowest = dup(0);
	close(lowest);
	getrlimit(RLIMIT_NOFILE, &limit);
	limit.rlim_cur = lowest;
	setrlimit(RLIMIT_NOFILE, &limit);
	EXPECT_ERRNO(clone3(&args, sizeof(args)), EMFILE);
	EXPECT_ERRNO(wait(NULL), ECHILD);
}

TEST(signals)
{
	pid_t pid = sleeper();
	int fd = pidfd_open(pid, 0);
	siginfo_t info = { .si_signo = SIGTERM, .si_code = SI_QUEUE };

	EXPECT_EQ(pidfd_send_signal(fd, 0, NULL, 0), 0);
	EXPECT_ERRNO(pidfd_send_signal(fd, SIGTERM, NULL, 0x8000), EINVAL);
	EXPECT_ERRNO(pidfd_send_signal(fd, 65, NULL, 0), EINVAL);
	EXPECT_ERRNO(pidfd_send_signal(fd, -1, NULL, 0), EINVAL);
	EXPECT_ERRNO(pidfd_send_signal(0, 0, NULL, 0), EBADF);
	EXPECT_ERRNO(pidfd_send_signal(1000, 0, NULL, 0), EBADF);
	EXPECT_ERRNO(pidfd_send_signal(fd, SIGHUP, &info, 0), EINVAL);
	info.si_code = SI_USER;
	EXPECT_ERRNO(pidfd_send_signal(fd, SIGTERM, &info, 0), EPERM);
	info.si_code = SI_TKILL;
	EXPECT_ERRNO(pidfd_send_signal(fd, SIGTERM, &info, 0), EPERM);
	EXPECT_ERRNO(pidfd_send_signal(fd, SIGTERM, (void *)16, 0), EFAULT);
	info.si_code = SI_QUEUE;
	EXPECT_EQ(pidfd_send_signal(fd, SIGTERM, &info, 0), 0);
	EXPECT_EQ(wait_exit(pid), 128 + SIGTERM);
	EXPECT_ERRNO(pidfd_send_signal(fd, SIGTERM, NULL, 0), ESRCH);
}

TEST(a_proc_directory_takes_signals)
{
	pid_t pid = sleeper();
	char path[32];
	int fd;

	snprintf(path, sizeof(path), "/proc/%d", pid);
	fd = open(path, O_RDONLY | O_DIRECTORY);
	EXPECT_EQ(pidfd_send_signal(fd, SIGKILL, NULL, 0), 0);
	EXPECT_EQ(wait_exit(pid), 128 + SIGKILL);
	EXPECT_ERRNO(pidfd_send_signal(fd, 0, NULL, 0), ESRCH);
	fd = open("/proc/self/task", O_RDONLY | O_DIRECTORY);
	EXPECT_ERRNO(pidfd_send_signal(fd, 0, NULL, 0), EBADF);
}

TEST(own_information)
{
	int fd = pidfd_open(getpid(), 0);
	siginfo_t info = { .si_signo = SIGUSR1, .si_code = SI_USER }, got;
	sigset_t set;

	info.si_pid = 4711;
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_BLOCK, &set, NULL);
	EXPECT_EQ(pidfd_send_signal(fd, SIGUSR1, &info, 0), 0);
	EXPECT_EQ(sigwaitinfo(&set, &got), SIGUSR1);
	EXPECT_EQ(got.si_pid, 4711);
	EXPECT_EQ(pidfd_send_signal(fd, SIGUSR1, NULL, 0), 0);
	EXPECT_EQ(sigwaitinfo(&set, &got), SIGUSR1);
	EXPECT_EQ(got.si_code, SI_USER);
	EXPECT_EQ(got.si_pid, getpid());
}

TEST(not_everybody_may_signal)
{
	pid_t pid = sleeper();
	int fd = pidfd_open(pid, 0);

	if (getuid())
		SKIP("needs root");
	if (!fork()) {
		ASSERT_EQ(setuid(65534), 0);
		EXPECT_ERRNO(pidfd_send_signal(fd, SIGKILL, NULL, 0), EPERM);
		EXPECT_ERRNO(pidfd_getfd(fd, 0, 0), EPERM);
		_exit(0);
	}
	wait(NULL);
	kill(pid, SIGKILL);
}

TEST(poll_and_epoll)
{
	pid_t pid = sleeper();
	int fd = pidfd_open(pid, 0), ep = epoll_create1(0);
	struct pollfd pfd = { .fd = fd, .events = POLLIN };
	struct epoll_event event = { .events = EPOLLIN, .data.u64 = 42 };

	EXPECT_EQ(poll(&pfd, 1, 0), 0);
	ASSERT_EQ(epoll_ctl(ep, EPOLL_CTL_ADD, fd, &event), 0);
	EXPECT_EQ(epoll_wait(ep, &event, 1, 0), 0);
	kill(pid, SIGKILL);
	EXPECT_EQ(poll(&pfd, 1, -1), 1);
	EXPECT_EQ(pfd.revents & POLLIN, POLLIN);
	event.data.u64 = 0;
	EXPECT_EQ(epoll_wait(ep, &event, 1, -1), 1);
	EXPECT_EQ(event.data.u64, 42);
	wait_exit(pid);
	EXPECT_EQ(poll(&pfd, 1, 0), 1);
}

/* Several sleepers, and a process whose leader goes before its last thread. */
static void *late(void *unused)
{
	char c;

	if (read(*(int *)unused, &c, 1) == 0)
		_exit(9);
	return NULL;
}

TEST(poll_waits_for_the_last_thread)
{
	int gate[2], fd = -1;
	struct pollfd pfd = { .events = POLLIN };
	siginfo_t info;
	pthread_t thread;
	pid_t pid;

	ASSERT_EQ(pipe(gate), 0);
	pid = fork();
	if (!pid) {
		close(gate[1]);
		pthread_create(&thread, NULL, late, &gate[0]);
		syscall(SYS_exit, 0);
	}
	fd = pfd.fd = pidfd_open(pid, 0);
	ASSERT_GE(fd, 0);
	/* Wait until the leader is a zombie that cannot be waited for yet. */
	until_state(pid, 'Z');
	EXPECT_EQ(poll(&pfd, 1, 0), 0);
	close(gate[1]);
	EXPECT_EQ(poll(&pfd, 1, -1), 1);
	EXPECT_EQ(waitid(P_PIDFD, fd, &info, WEXITED), 0);
	EXPECT_EQ(info.si_status, 9);
}

TEST(waitid_nonblocking)
{
	pid_t pid = sleeper();
	int fd = pidfd_open(pid, O_NONBLOCK), blocking = pidfd_open(pid, 0);
	siginfo_t info = { .si_pid = 99 };

	EXPECT_ERRNO(waitid(P_PIDFD, fd, &info, WEXITED), EAGAIN);
	EXPECT_EQ(waitid(P_PIDFD, fd, &info, WEXITED | WNOHANG), 0);
	EXPECT_EQ(info.si_pid, 0);
	EXPECT_EQ(waitid(P_PIDFD, blocking, &info, WEXITED | WNOHANG), 0);
	EXPECT_ERRNO(waitid(P_PIDFD, fd, &info, 0), EINVAL);
	EXPECT_ERRNO(waitid(P_PIDFD, 0, &info, WEXITED), EBADF);
	EXPECT_ERRNO(waitid(P_PIDFD, 1000, &info, WEXITED), EBADF);
	EXPECT_ERRNO(waitid(P_PIDFD, -1, &info, WEXITED), EINVAL);
	kill(pid, SIGSTOP);
	EXPECT_EQ(waitid(P_PIDFD, blocking, &info, WSTOPPED), 0);
	EXPECT_EQ(info.si_code, CLD_STOPPED);
	kill(pid, SIGKILL);
	EXPECT_EQ(waitid(P_PIDFD, blocking, &info, WEXITED | WNOWAIT), 0);
	EXPECT_EQ(waitid(P_PIDFD, fd, &info, WEXITED), 0);
	EXPECT_EQ(info.si_status, SIGKILL);
	/* Not our child. */
	fd = pidfd_open(getppid(), 0);
	EXPECT_ERRNO(waitid(P_PIDFD, fd, &info, WEXITED), ECHILD);
}

TEST(getfd)
{
	int p[2], fd, copy;
	char c = 0;
	pid_t pid;

	ASSERT_EQ(pipe(p), 0);
	pid = sleeper();
	fd = pidfd_open(pid, 0);
	close(p[0]);
	copy = pidfd_getfd(fd, p[0], 0);
	ASSERT_GE(copy, 0);
	EXPECT_EQ(fcntl(copy, F_GETFD), FD_CLOEXEC);
	EXPECT_EQ(write(p[1], "x", 1), 1);
	EXPECT_EQ(read(copy, &c, 1), 1);
	EXPECT_EQ(c, 'x');
	EXPECT_ERRNO(pidfd_getfd(fd, 1000, 0), EBADF);
	EXPECT_ERRNO(pidfd_getfd(fd, -1, 0), EBADF);
	EXPECT_ERRNO(pidfd_getfd(fd, 0, 1), EINVAL);
	EXPECT_ERRNO(pidfd_getfd(0, 0, 0), EBADF);
	EXPECT_ERRNO(pidfd_getfd(1000, 0, 0), EBADF);
	kill(pid, SIGKILL);
	wait_exit(pid);
	EXPECT_ERRNO(pidfd_getfd(fd, 0, 0), ESRCH);
}

TEST(madvise_from_outside)
{
	char *page = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct iovec iov = { page, 8192 }, bad = { page + 1, 8192 };
	pid_t pid;
	int fd;

	memset(page, 1, 8192);
	pid = sleeper();
	fd = pidfd_open(pid, 0);
	if (getuid())
		SKIP("needs root");
	EXPECT_EQ(syscall(SYS_process_madvise, fd, &iov, 1, MADV_COLD, 0), 8192);
	EXPECT_ERRNO(syscall(SYS_process_madvise, fd, &iov, 1, MADV_COLD, 1), EINVAL);
	EXPECT_ERRNO(syscall(SYS_process_madvise, fd, &iov, 1, MADV_DONTNEED, 0), EINVAL);
	EXPECT_ERRNO(syscall(SYS_process_madvise, fd, &bad, 1, MADV_COLD, 0), EINVAL);
	EXPECT_ERRNO(syscall(SYS_process_madvise, fd, (void *)16, 1, MADV_COLD, 0), EFAULT);
	EXPECT_ERRNO(syscall(SYS_process_madvise, 1000, &iov, 1, MADV_COLD, 0), EBADF);
	EXPECT_ERRNO(syscall(SYS_process_mrelease, fd, 0), EINVAL);
	EXPECT_ERRNO(syscall(SYS_process_mrelease, fd, 1), EINVAL);
	EXPECT_ERRNO(syscall(SYS_process_mrelease, 1000, 0), EBADF);
	kill(pid, SIGKILL);
	/* It may still have its memory, or be through with dying. */
	if (syscall(SYS_process_mrelease, fd, 0) < 0)
		EXPECT_EQ(errno, ESRCH);
	wait_exit(pid);
	EXPECT_ERRNO(syscall(SYS_process_mrelease, fd, 0), ESRCH);
}

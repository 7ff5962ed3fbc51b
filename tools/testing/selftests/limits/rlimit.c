// SPDX-License-Identifier: GPL-2.0-only
/*
 * Resource limits: who may change them, how they are inherited, and those that signals, CPU time
 * and the number of processes obey. Also getrusage and times.
 * ktest: musl
 */
#include "../ktest.h"
#include <sched.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/sysinfo.h>
#include <sys/times.h>
#include <time.h>

#ifndef RLIMIT_RTTIME
#define RLIMIT_RTTIME 15
#endif

#define ROOT_ONLY() do { if (geteuid()) SKIP("needs root"); } while (0)

static int set(int resource, rlim_t soft, rlim_t hard)
{
	struct rlimit rlim = { soft, hard };

	return setrlimit(resource, &rlim);
}

TEST(arguments_are_checked)
{
	struct rlimit rlim;

	EXPECT_ERRNO(syscall(SYS_getrlimit, 16, &rlim), EINVAL);
	EXPECT_ERRNO(syscall(SYS_setrlimit, 16, &rlim), EINVAL);
	EXPECT_ERRNO(syscall(SYS_getrlimit, RLIMIT_CORE, (void *)8), EFAULT);
	EXPECT_ERRNO(syscall(SYS_setrlimit, RLIMIT_CORE, (void *)8), EFAULT);
	EXPECT_ERRNO(syscall(SYS_prlimit64, 0x7ffffff0, RLIMIT_CORE, NULL, &rlim), ESRCH);
	EXPECT_ERRNO(syscall(SYS_prlimit64, 0, 16, NULL, &rlim), EINVAL);
	EXPECT_ERRNO(syscall(SYS_prlimit64, 0, RLIMIT_CORE, (void *)8, NULL), EFAULT);
	EXPECT_EQ(syscall(SYS_prlimit64, 0, RLIMIT_CORE, NULL, NULL), 0);
	EXPECT_ERRNO(set(RLIMIT_CORE, 2, 1), EINVAL);
	for (int i = 0; i < 16; i++) {
		EXPECT_EQ(getrlimit(i, &rlim), 0);
		EXPECT(rlim.rlim_cur <= rlim.rlim_max);
	}
}

TEST(hard_limits_are_lowered_freely_and_raised_by_root)
{
	EXPECT_EQ(set(RLIMIT_STACK, 1 << 20, 2 << 20), 0);
	EXPECT_EQ(set(RLIMIT_STACK, 2 << 20, 2 << 20), 0);
	ROOT_ONLY();
	if (set(RLIMIT_STACK, 2 << 20, 4 << 20))
		SKIP("needs CAP_SYS_RESOURCE");
	ASSERT_EQ(syscall(SYS_setresuid, 1000, 1000, 1000), 0);
	EXPECT_ERRNO(set(RLIMIT_STACK, 2 << 20, 8 << 20), EPERM);
	EXPECT_EQ(set(RLIMIT_STACK, 1 << 20, 1 << 20), 0);
	EXPECT_ERRNO(set(RLIMIT_STACK, 1 << 20, 2 << 20), EPERM);
}

TEST(fork_copies)
{
	struct rlimit rlim;
	pid_t child;

	ASSERT_EQ(set(RLIMIT_DATA, 123456, 234567), 0);
	child = fork();
	if (!child) {
		getrlimit(RLIMIT_DATA, &rlim);
		if (rlim.rlim_cur != 123456 || rlim.rlim_max != 234567)
			_exit(1);
		_exit(set(RLIMIT_DATA, 1000, 2000) ? 2 : 0);
	}
	EXPECT_EQ(wait_exit(child), 0);
	getrlimit(RLIMIT_DATA, &rlim);
	EXPECT_EQ(rlim.rlim_cur, 123456);
}

TEST(prlimit_of_another_process)
{
	struct rlimit new = { 5000, 6000 }, old;
	int fd[2];
	char c;
	pid_t child;

	ASSERT_EQ(pipe(fd), 0);
	child = fork();
	if (!child) {
		if (read(fd[0], &c, 1) != 1)
			_exit(1);
		getrlimit(RLIMIT_DATA, &old);
		_exit(old.rlim_cur == 5000 && old.rlim_max == 6000 ? 0 : 2);
	}
	EXPECT_EQ(syscall(SYS_prlimit64, child, RLIMIT_DATA, &new, &old), 0);
	EXPECT(old.rlim_max >= old.rlim_cur);
	EXPECT_EQ(write(fd[1], "x", 1), 1);
	EXPECT_EQ(wait_exit(child), 0);
	ROOT_ONLY();
	ASSERT_EQ(syscall(SYS_setresuid, 1000, 1000, 1000), 0);
	EXPECT_ERRNO(syscall(SYS_prlimit64, 1, RLIMIT_DATA, NULL, &old), EPERM);
}

TEST(nofile_has_a_ceiling)
{
	ROOT_ONLY();
	EXPECT_ERRNO(set(RLIMIT_NOFILE, 100, 1ul << 40), EPERM);
}

TEST(nproc_refuses_fork)
{
	int made = 0, error = 0;
	pid_t child[8];

	ROOT_ONLY();
	ASSERT_EQ(set(RLIMIT_NPROC, 4, 4), 0);
	ASSERT_EQ(syscall(SYS_setresuid, 54321, 54321, 54321), 0);
	for (int i = 0; i < 8; i++) {
		child[made] = fork();
		if (!child[made]) {
			pause();
			_exit(0);
		}
		error = errno;
		if (child[made] < 0)
			break;
		made++;
	}
	EXPECT_EQ(error, EAGAIN);
	EXPECT_EQ(made, 3);
	for (int i = 0; i < made; i++) {
		kill(child[i], SIGKILL);
		wait_exit(child[i]);
	}
	child[0] = fork();
	if (!child[0])
		_exit(0);
	EXPECT_EQ(wait_exit(child[0]), 0);
}

static pid_t holder(unsigned int uid)
{
	pid_t child = fork();

	if (!child) {
		syscall(SYS_setresuid, uid, uid, uid);
		pause();
		_exit(0);
	}
	return child;
}

/* Going over the limit by setuid succeeds, because too few programs check; exec then fails. */
TEST(nproc_is_checked_at_exec_after_setuid)
{
	pid_t holders[2], child;

	ROOT_ONLY();
	ASSERT_EQ(set(RLIMIT_NPROC, 1, 1), 0);
	holders[0] = holder(54322);
	holders[1] = holder(54322);
	usleep(50000);
	child = fork();
	if (!child) {
		if (syscall(SYS_setresuid, 54322, 54322, 54322))
			_exit(1);
		execl("/proc/self/exe", "rlimit", "no_such_test", NULL);
		_exit(errno == EAGAIN ? 5 : 2);
	}
	EXPECT_EQ(wait_exit(child), 5);
	for (int i = 0; i < 2; i++) {
		kill(holders[i], SIGKILL);
		wait_exit(holders[i]);
	}
}

TEST(sigpending_limits_real_time_signals)
{
	union sigval value = { .sival_int = 1 };
	int queued = 0;
	sigset_t set_all;

	sigfillset(&set_all);
	sigprocmask(SIG_SETMASK, &set_all, NULL);
	ROOT_ONLY();
	ASSERT_EQ(syscall(SYS_setresuid, 54323, 54323, 54323), 0);
	ASSERT_EQ(set(RLIMIT_SIGPENDING, 5, 5), 0);
	while (queued < 5) {
		ASSERT_EQ(sigqueue(getpid(), SIGRTMIN, value), 0);
		queued++;
	}
	EXPECT_ERRNO(sigqueue(getpid(), SIGRTMIN, value), EAGAIN);
	EXPECT_EQ(kill(getpid(), SIGUSR1), 0);
	EXPECT_EQ(kill(getpid(), SIGRTMIN + 1), 0);
}

static volatile sig_atomic_t xcpu;

static void on_xcpu(int sig)
{
	(void)sig;
	xcpu++;
}

TEST(cpu_limit_warns_then_kills)
{
	int fd[2];
	char c = 0;
	pid_t child;

	ASSERT_EQ(pipe(fd), 0);
	child = fork();
	if (!child) {
		signal(SIGXCPU, on_xcpu);
		set(RLIMIT_CPU, 1, 2);
		while (!xcpu)
			;
		if (write(fd[1], "w", 1) != 1)
			_exit(1);
		for (;;)
			;
	}
	EXPECT_EQ(read(fd[0], &c, 1), 1);
	EXPECT_EQ(c, 'w');
	EXPECT_EQ(wait_exit(child), 128 + SIGKILL);
}

TEST(cpu_limit_default_is_death_by_sigxcpu)
{
	pid_t child = fork();

	if (!child) {
		set(RLIMIT_CPU, 1, RLIM_INFINITY);
		for (;;)
			;
	}
	EXPECT_EQ(wait_exit(child), 128 + SIGXCPU);
}

static void burn(long milliseconds)
{
	struct timespec now;

	do
		clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	while (now.tv_sec * 1000 + now.tv_nsec / 1000000 < milliseconds);
}

TEST(usage_of_children)
{
	struct rusage usage;
	struct tms tms;
	pid_t child = fork();

	if (!child) {
		static volatile char memory[1 << 20];

		/* Linux counts pages in batches: a very small program has none. */
		for (size_t i = 0; i < sizeof(memory); i += 4096)
			memory[i] = 1;
		burn(120);
		_exit(0);
	}
	getrusage(RUSAGE_CHILDREN, &usage);
	EXPECT_EQ(usage.ru_utime.tv_sec + usage.ru_utime.tv_usec, 0);
	EXPECT_EQ(wait_exit(child), 0);
	getrusage(RUSAGE_CHILDREN, &usage);
	EXPECT_GE(usage.ru_utime.tv_sec * 1000000 + usage.ru_utime.tv_usec +
		  usage.ru_stime.tv_sec * 1000000 + usage.ru_stime.tv_usec, 100000);
	EXPECT_GT(usage.ru_maxrss, 0);
	EXPECT(times(&tms) != (clock_t)-1);
	EXPECT_GE(tms.tms_cutime + tms.tms_cstime, 9);
	EXPECT_ERRNO(syscall(SYS_getrusage, 5, &usage), EINVAL);
	EXPECT_ERRNO(syscall(SYS_getrusage, RUSAGE_SELF, (void *)8), EFAULT);
}

TEST(usage_of_self)
{
	struct rusage before, after;
	volatile char *memory;

	burn(60);
	getrusage(RUSAGE_SELF, &before);
	memory = mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	for (int i = 0; i < 1 << 20; i += 4096)
		memory[i] = 1;
	/* A host that is busy may let the time pass before the first sleep begins. */
	for (int i = 0; i < 5; i++)
		usleep(10000);
	getrusage(RUSAGE_SELF, &after);
	EXPECT_GE(before.ru_utime.tv_usec + before.ru_stime.tv_usec, 40000);
	EXPECT_GE(after.ru_minflt, before.ru_minflt + 200);
	EXPECT_GT(after.ru_nvcsw, before.ru_nvcsw);
	EXPECT_EQ(getrusage(RUSAGE_THREAD, &after), 0);
	EXPECT(after.ru_utime.tv_usec + after.ru_stime.tv_usec > 0);
}

TEST(sysinfo_makes_sense)
{
	struct sysinfo info;

	EXPECT_EQ(sysinfo(&info), 0);
	EXPECT_GT(info.totalram, info.freeram);
	EXPECT_GE(info.procs, 1);
	EXPECT_GT(info.mem_unit, 0);
	EXPECT_ERRNO(syscall(SYS_sysinfo, (void *)8), EFAULT);
}

TEST(rttime_limits_a_real_time_process)
{
	struct sched_param param = { .sched_priority = 1 };
	pid_t child;

	ROOT_ONLY();
	child = fork();
	if (!child) {
		set(RLIMIT_RTTIME, 50000, RLIM_INFINITY);
		/* musl's wrapper always fails. */
		if (syscall(SYS_sched_setscheduler, 0, SCHED_FIFO, &param))
			_exit(7);
		for (;;)
			;
	}
	EXPECT_EQ(wait_exit(child), 128 + SIGXCPU);
}

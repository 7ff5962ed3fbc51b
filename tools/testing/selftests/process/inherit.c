// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a child inherits and what not, where it is easily forgotten: fork(2), line by line, as far
 * as no other test has it (process/fork, mm/madvise, futex/robust, cred/prctl).
 */
#include "../ktest.h"
#include "clone3.h"
#include <dirent.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <time.h>

/* Run a check in a child of fork(). */
#define IN_CHILD(body) do {							\
	pid_t child_ = fork();							\
										\
	if (!child_) {								\
		body;								\
		_exit(0);							\
	}									\
	EXPECT_EQ(wait_exit(child_), 0);					\
} while (0)

TEST(interval_timers_are_not)
{
	struct itimerval soon = { { 100, 0 }, { 100, 0 } }, now;

	for (int which = ITIMER_REAL; which <= ITIMER_PROF; which++)
		ASSERT_EQ(setitimer(which, &soon, NULL), 0);
	IN_CHILD(
		for (int which = ITIMER_REAL; which <= ITIMER_PROF; which++) {
			EXPECT_EQ(getitimer(which, &now), 0);
			EXPECT_EQ(now.it_value.tv_sec + now.it_value.tv_usec, 0);
			EXPECT_EQ(now.it_interval.tv_sec, 0);
		}
	);
	EXPECT_EQ(getitimer(ITIMER_REAL, &now), 0);
	EXPECT_GT(now.it_value.tv_sec, 0);
}

TEST(posix_timers_are_not)
{
	struct sigevent event = { .sigev_notify = SIGEV_NONE };
	struct itimerspec now;
	int timer;

	ASSERT_EQ(syscall(SYS_timer_create, CLOCK_MONOTONIC, &event, &timer), 0);
	IN_CHILD(EXPECT_ERRNO(syscall(SYS_timer_gettime, timer, &now), EINVAL));
	EXPECT_EQ(syscall(SYS_timer_gettime, timer, &now), 0);
}

static long status_number(const char *key)
{
	FILE *file = fopen("/proc/self/status", "r");
	char line[256];
	long value = -1;

	while (file && fgets(line, sizeof(line), file))
		if (!strncmp(line, key, strlen(key)))
			value = atol(line + strlen(key));
	if (file)
		fclose(file);
	return value;
}

TEST(memory_locks_are_not)
{
	char *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	ASSERT_EQ(mlock(page, 4096), 0);
	EXPECT_EQ(status_number("VmLck:"), 4);
	IN_CHILD(EXPECT_EQ(status_number("VmLck:"), 0));
	ASSERT_EQ(mlockall(MCL_FUTURE), 0);
	IN_CHILD(
		EXPECT(mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) !=
		       MAP_FAILED);
		EXPECT_EQ(status_number("VmLck:"), 0)
	);
}

static int lock_file(void)
{
	char name[] = "lock-XXXXXX";
	int fd = mkstemp(name);

	ASSERT_GE(fd, 0);
	unlink(name);
	return fd;
}

/* A record lock belongs to the process, flock and OFD locks to the open file. */
TEST(record_locks_are_not_but_flock_and_ofd_are)
{
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_len = 1 }, ofd = lock;
	int fd = lock_file();

	ASSERT_EQ(fcntl(fd, F_SETLK, &lock), 0);
	IN_CHILD(EXPECT_ERRNO(fcntl(fd, F_SETLK, &lock), EAGAIN));
	ofd.l_start = 10;
	ASSERT_EQ(fcntl(fd, F_OFD_SETLK, &ofd), 0);
	ASSERT_EQ(flock(fd, LOCK_EX), 0);
	IN_CHILD(
		EXPECT_EQ(fcntl(fd, F_OFD_SETLK, &ofd), 0);
		EXPECT_EQ(flock(fd, LOCK_EX | LOCK_NB), 0)
	);
}

TEST(directory_position_is_shared)
{
	DIR *dir = opendir("/proc/self");
	long before = lseek(dirfd(dir), 0, SEEK_CUR), there;

	IN_CHILD(EXPECT_GT(lseek(dirfd(dir), 2, SEEK_SET), 0));
	there = lseek(dirfd(dir), 0, SEEK_CUR);
	EXPECT_EQ(before, 0);
	EXPECT_EQ(there, 2);
}

static long read_number(const char *path)
{
	char text[32] = "";
	int fd = open(path, O_RDONLY);

	EXPECT_GT(read(fd, text, sizeof(text) - 1), 0);
	close(fd);
	return atol(text);
}

static void write_number(const char *path, long number)
{
	int fd = open(path, O_WRONLY);

	EXPECT_GT(dprintf(fd, "%ld", number), 0);
	close(fd);
}

TEST(oom_score_adj_is)
{
	write_number("/proc/self/oom_score_adj", 321);
	IN_CHILD(EXPECT_EQ(read_number("/proc/self/oom_score_adj"), 321));
	/* What a sharer of the memory sets is for both: they live and die together. */
	IN_CHILD(
		pid_t pid = vfork();

		if (!pid)
			_exit(read_number("/proc/self/oom_score_adj") != 321);
		EXPECT_EQ(wait_exit(pid), 0)
	);
}

TEST(no_new_privs_is)
{
	ASSERT_EQ(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), 0);
	IN_CHILD(EXPECT_EQ(prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0), 1));
}

TEST(timer_slack_is_and_becomes_the_default)
{
	ASSERT_EQ(prctl(PR_SET_TIMERSLACK, 123456, 0, 0, 0), 0);
	IN_CHILD(
		EXPECT_EQ(prctl(PR_GET_TIMERSLACK, 0, 0, 0, 0), 123456);
		EXPECT_EQ(prctl(PR_SET_TIMERSLACK, 7, 0, 0, 0), 0);
		EXPECT_EQ(prctl(PR_SET_TIMERSLACK, 0, 0, 0, 0), 0);
		EXPECT_EQ(prctl(PR_GET_TIMERSLACK, 0, 0, 0, 0), 123456)
	);
}

TEST(affinity_nice_and_policy_are)
{
	struct sched_param param = { };
	cpu_set_t one, got;

	ASSERT_EQ(sched_getaffinity(0, sizeof(got), &got), 0);
	CPU_ZERO(&one);
	for (int cpu = 0; cpu < CPU_SETSIZE && !CPU_COUNT(&one); cpu++)
		if (CPU_ISSET(cpu, &got))
			CPU_SET(cpu, &one);
	ASSERT_EQ(sched_setaffinity(0, sizeof(one), &one), 0);
	ASSERT_EQ(setpriority(PRIO_PROCESS, 0, 7), 0);
	ASSERT_EQ(sched_setscheduler(0, SCHED_BATCH, &param), 0);
	IN_CHILD(
		EXPECT_EQ(sched_getaffinity(0, sizeof(got), &got), 0);
		EXPECT(CPU_EQUAL(&one, &got));
		EXPECT_EQ(getpriority(PRIO_PROCESS, 0), 7);
		EXPECT_EQ(sched_getscheduler(0), SCHED_BATCH)
	);
}

TEST(reset_on_fork_resets)
{
	struct sched_param param = { .sched_priority = 5 };

	if (sched_setscheduler(0, SCHED_FIFO | SCHED_RESET_ON_FORK, &param))
		SKIP("no real-time priority here: errno %d", errno);
	IN_CHILD(
		EXPECT_EQ(sched_getscheduler(0), SCHED_OTHER);
		EXPECT_EQ(getpriority(PRIO_PROCESS, 0), 0)
	);
	param.sched_priority = 0;
	ASSERT_EQ(sched_setscheduler(0, SCHED_OTHER | SCHED_RESET_ON_FORK, &param), 0);
	ASSERT_EQ(setpriority(PRIO_PROCESS, 0, -5), 0);
	IN_CHILD(
		EXPECT_EQ(getpriority(PRIO_PROCESS, 0), 0);
		EXPECT_EQ(sched_getscheduler(0), SCHED_OTHER)
	);
}

static int alt_stack_flags(void *result)
{
	stack_t now;

	*(int *)result = sigaltstack(NULL, &now) ? -1 : now.ss_flags;
	return 0;
}

/* Two tasks on one alternate stack would destroy each other's frames; a vfork parent sleeps. */
TEST(alternate_stack_is_but_not_with_shared_memory)
{
	static char alt[16384], stack[65536] __attribute__((aligned(16)));
	stack_t use = { .ss_sp = alt, .ss_size = sizeof(alt) };
	int flags = -1;
	pid_t pid;

	ASSERT_EQ(sigaltstack(&use, NULL), 0);
	IN_CHILD(
		alt_stack_flags(&flags);
		EXPECT_EQ(flags, 0)
	);
	pid = clone(alt_stack_flags, stack + sizeof(stack), CLONE_VM | SIGCHLD, &flags);
	EXPECT_EQ(wait_exit(pid), 0);
	EXPECT_EQ(flags, SS_DISABLE);
	pid = clone(alt_stack_flags, stack + sizeof(stack), CLONE_VM | CLONE_VFORK | SIGCHLD,
		    &flags);
	EXPECT_EQ(wait_exit(pid), 0);
	EXPECT_EQ(flags, 0);
}

TEST(pending_signals_are_not_the_mask_is)
{
	sigset_t set, got;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigaddset(&set, SIGRTMIN);
	sigprocmask(SIG_BLOCK, &set, NULL);
	raise(SIGUSR1);
	kill(getpid(), SIGRTMIN);
	IN_CHILD(
		EXPECT_EQ(sigpending(&got), 0);
		EXPECT_EQ(sigismember(&got, SIGUSR1) + sigismember(&got, SIGRTMIN), 0);
		EXPECT_EQ(sigprocmask(SIG_BLOCK, NULL, &got), 0);
		EXPECT_EQ(sigismember(&got, SIGUSR1) + sigismember(&got, SIGRTMIN), 2)
	);
}

TEST(parent_death_signal_and_subreaper_are_not)
{
	int value = -1;

	ASSERT_EQ(prctl(PR_SET_PDEATHSIG, SIGUSR2), 0);
	ASSERT_EQ(prctl(PR_SET_CHILD_SUBREAPER, 1), 0);
	IN_CHILD(
		EXPECT_EQ(prctl(PR_GET_PDEATHSIG, &value), 0);
		EXPECT_EQ(value, 0);
		EXPECT_EQ(prctl(PR_GET_CHILD_SUBREAPER, &value), 0);
		EXPECT_EQ(value, 0)
	);
}

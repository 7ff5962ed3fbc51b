// SPDX-License-Identifier: GPL-2.0-only
/* cgroup2: directories, processes in them, clone3(CLONE_INTO_CGROUP), and the pids controller. */
#include "cg.h"
#include <linux/sched.h>
#include <pthread.h>
#include <sys/prctl.h>

/* A cgroup2 of our own to look at, and the group t in its root. */
static void enter_cgroup_test(void)
{
	mount_v2();
	ASSERT_EQ(group("+", "tine-t"), 0);
}

static void leave_cgroup_test(void)
{
	EXPECT_EQ(remove_group("tine-t"), 0);
	unmount_cgroup();
}

static int has_pids(void)
{
	return strstr(get("", "cgroup.controllers"), "pids") != NULL;
}

static pid_t sleeper(const char *dir)
{
	char nr[16];
	pid_t pid = fork();

	if (pid == 0) {
		pause();
		_exit(0);
	}
	ASSERT(pid > 0);
	snprintf(nr, sizeof(nr), "%d", pid);
	ASSERT_EQ(put(dir, "cgroup.procs", nr), 0);
	return pid;
}

TEST(processes_enter_and_leave)
{
	char nr[32];
	pid_t pid;

	enter_cgroup_test();
	EXPECT(strstr(get("tine-t", "cgroup.events"), "populated 0"));
	EXPECT_STREQ(get("tine-t", "cgroup.type"), "domain\n");
	pid = sleeper("tine-t");
	snprintf(nr, sizeof(nr), "%d\n", pid);
	EXPECT_STREQ(get("tine-t", "cgroup.procs"), nr);
	EXPECT_STREQ(get("tine-t", "cgroup.threads"), nr);
	EXPECT(strstr(get("tine-t", "cgroup.events"), "populated 1"));
	EXPECT_EQ(group("-", "tine-t"), EBUSY);
	EXPECT_EQ(put("tine-t", "cgroup.procs", "99999999"), ESRCH);
	EXPECT_EQ(put("tine-t", "cgroup.procs", "x"), EINVAL);
	EXPECT_EQ(put("tine-t", "cgroup.kill", "1"), 0);
	ASSERT_EQ(waitpid(pid, NULL, 0), pid);
	EXPECT_STREQ(get("tine-t", "cgroup.procs"), "");
	leave_cgroup_test();
}

TEST(a_child_begins_in_a_group)
{
	struct clone_args args = { .flags = CLONE_INTO_CGROUP, .exit_signal = SIGCHLD };
	char path[PATH_MAX];
	int status;
	pid_t pid;

	enter_cgroup_test();
	snprintf(path, sizeof(path), "%s/tine-t", cg_root);
	args.cgroup = open(path, O_RDONLY | O_DIRECTORY);
	pid = syscall(SYS_clone3, &args, sizeof(args));
	ASSERT(pid >= 0);
	if (pid == 0) {
		char line[4096] = "";
		FILE *f = fopen("/proc/self/cgroup", "r");

		while (f && fgets(line, sizeof(line), f)) {
			if (strstr(line, "0::") == line && strstr(line, "/tine-t\n"))
				_exit(0);
		}
		_exit(1);
	}
	ASSERT_EQ(waitpid(pid, &status, 0), pid);
	EXPECT_EQ(status, 0);
	EXPECT_EQ(remove_group("tine-t"), 0);
	EXPECT_ERRNO(syscall(SYS_clone3, &args, sizeof(args)), ENOENT);
	close(args.cgroup);
	args.cgroup = open("/", O_RDONLY | O_DIRECTORY);
	EXPECT_ERRNO(syscall(SYS_clone3, &args, sizeof(args)), EBADF);
	unmount_cgroup();
}

/* Forks take the longer, and hold the lock of the memory, the more areas there are. */
static void have_many_areas(void)
{
	const size_t page = 4096, areas = 20000;
	char *p = mmap(NULL, areas * page, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	ASSERT(p != MAP_FAILED);
	for (size_t i = 0; i < areas; i += 2)
		ASSERT_EQ(mprotect(p + i * page, page, PROT_NONE), 0);
}

static volatile int forked_enough;

static void *fork_and_fork(void *arg)
{
	while (!forked_enough) {
		pid_t pid = fork();

		if (pid == 0)
			_exit(0);
		wait_exit(pid);
	}
	return arg;
}

/* Kills the group, once, as soon as somebody is in it. */
static pid_t start_killer(void)
{
	pid_t pid = fork();

	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		while (!strstr(get("tine-t", "cgroup.events"), "populated 1"))
			;
		_exit(put("tine-t", "cgroup.kill", "1"));
	}
	ASSERT(pid > 0);
	return pid;
}

/* The signal that a child dies of within five seconds; 0: it lives, and is ended now. */
static int dies_soon(pid_t pid)
{
	int status, tries;

	for (tries = 0; tries < 1000; tries++) {
		if (waitpid(pid, &status, WNOHANG) == pid)
			return WTERMSIG(status);
		usleep(5000);
	}
	end_child(pid);
	return 0;
}

/* A group of its own each time: Linux 6.18 kills whoever comes, once a group was killed. */
static void kill_who_is_coming(int *pidfd)
{
	struct clone_args args = { .flags = CLONE_INTO_CGROUP | CLONE_PIDFD,
				   .exit_signal = SIGCHLD, .pidfd = (uintptr_t)pidfd };
	char path[PATH_MAX];
	pid_t pid, killer;

	ASSERT_EQ(group("+", "tine-t"), 0);
	snprintf(path, sizeof(path), "%s/tine-t", cg_root);
	args.cgroup = open(path, O_RDONLY | O_DIRECTORY);
	killer = start_killer();
	ASSERT_EQ(madvise(pidfd, 4096, MADV_DONTNEED), 0);
	pid = syscall(SYS_clone3, &args, sizeof(args));
	ASSERT(pid >= 0);
	while (pid == 0)
		pause();
	EXPECT_EQ(wait_exit(killer), 0);
	ASSERT_EQ(dies_soon(pid), SIGKILL);
	close(*pidfd);
	close(args.cgroup);
	EXPECT_EQ(remove_group("tine-t"), 0);
}

/*
 * cgroup.kill reaches a child that is on its way into the group, from a parent outside of it. The
 * fork is slow just then: its pidfd goes to a page that is not there, and another thread's forks
 * hold the lock that the page is waited for with.
 */
TEST(nobody_is_born_into_a_killed_group)
{
	int *pidfd = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	pthread_t thread;
	int round;

	mount_v2();
	have_many_areas();
	ASSERT_EQ(pthread_create(&thread, NULL, fork_and_fork, NULL), 0);
	for (round = 0; round < 20; round++)
		kill_who_is_coming(pidfd);
	forked_enough = 1;
	pthread_join(thread, NULL);
	unmount_cgroup();
}

/* In the group already: as many children as fit; the number, or -errno of the fork that failed. */
static int fork_until_refused(int limit)
{
	int n;

	for (n = 0; n < limit; n++) {
		pid_t pid = fork();

		if (pid == 0) {
			pause();
			_exit(0);
		}
		if (pid < 0)
			return errno == EAGAIN ? n : -errno;
	}
	return n;
}

TEST(forks_over_the_limit_are_refused)
{
	int status;
	pid_t pid;

	enter_cgroup_test();
	if (!has_pids()) {
		leave_cgroup_test();
		SKIP("the pids controller is elsewhere");
	}
	ASSERT_EQ(put("", "cgroup.subtree_control", "+pids"), 0);
	EXPECT_STREQ(get("tine-t", "pids.max"), "max\n");
	EXPECT_EQ(put("tine-t", "pids.max", "-2"), EINVAL);
	ASSERT_EQ(put("tine-t", "pids.max", "4"), 0);
	EXPECT_STREQ(get("tine-t", "pids.max"), "4\n");
	pid = fork();
	ASSERT(pid >= 0);
	if (pid == 0) {
		int n;

		if (put("tine-t", "cgroup.procs", "0"))
			_exit(100);
		n = fork_until_refused(10);
		if (strcmp(get("tine-t", "pids.current"), "4\n"))
			_exit(101);
		_exit(n == 3 ? 0 : 102);
	}
	ASSERT_EQ(waitpid(pid, &status, 0), pid);
	EXPECT_EQ(status, 0);
	EXPECT(strstr(get("tine-t", "pids.events"), "max 1"));
	EXPECT_STREQ(get("tine-t", "pids.peak"), "4\n");
	ASSERT_EQ(put("tine-t", "cgroup.kill", "1"), 0);
	/* the orphans are init's to reap */
	while (strstr(get("tine-t", "cgroup.events"), "populated 1"))
		sched_yield();
	leave_cgroup_test();
}

/* Charged to the groups above too, and nothing of it is left behind when one of them refuses. */
TEST(the_limit_of_a_group_above_counts)
{
	int status;
	pid_t pid;

	enter_cgroup_test();
	if (!has_pids()) {
		leave_cgroup_test();
		SKIP("the pids controller is elsewhere");
	}
	ASSERT_EQ(put("", "cgroup.subtree_control", "+pids"), 0);
	ASSERT_EQ(put("tine-t", "cgroup.subtree_control", "+pids"), 0);
	ASSERT_EQ(group("+", "tine-t/a"), 0);
	ASSERT_EQ(group("+", "tine-t/b"), 0);
	ASSERT_EQ(put("tine-t", "pids.max", "3"), 0);
	pid = fork();
	if (pid == 0) {
		if (put("tine-t/a", "cgroup.procs", "0"))
			_exit(1);
		if (fork_until_refused(10) != 2)
			_exit(2);
		_exit(0);
	}
	ASSERT_EQ(waitpid(pid, &status, 0), pid);
	EXPECT_EQ(status, 0);
	EXPECT_STREQ(get("tine-t/a", "pids.current"), "2\n");
	EXPECT_STREQ(get("tine-t", "pids.current"), "2\n");
	/* moving is not forking */
	pid = start_sleeper();
	EXPECT_EQ(put_nr("tine-t/b", "cgroup.procs", pid), 0);
	EXPECT_EQ(put("tine-t", "pids.max", "1"), 0);
	EXPECT_STREQ(get("tine-t", "pids.current"), "3\n");
	EXPECT_STREQ(get("tine-t/b", "pids.current"), "1\n");
	EXPECT_EQ(put("tine-t", "cgroup.kill", "1"), 0);
	ASSERT_EQ(waitpid(pid, NULL, 0), pid);
	EXPECT(soon("tine-t", "pids.current", "0\n"));
	EXPECT_EQ(remove_group("tine-t/a"), 0);
	EXPECT_EQ(remove_group("tine-t/b"), 0);
	leave_cgroup_test();
}

TEST(limits_of_the_tree)
{
	enter_cgroup_test();
	EXPECT_EQ(put("tine-t", "cgroup.max.descendants", "1"), 0);
	EXPECT_EQ(group("+", "tine-t/a"), 0);
	EXPECT_EQ(group("+", "tine-t/b"), EAGAIN);
	EXPECT_EQ(put("tine-t", "cgroup.max.descendants", "max"), 0);
	EXPECT_EQ(put("tine-t", "cgroup.max.depth", "1"), 0);
	EXPECT_EQ(group("+", "tine-t/b"), 0);
	EXPECT_EQ(group("+", "tine-t/b/c"), EAGAIN);
	EXPECT(strstr(get("tine-t", "cgroup.stat"), "nr_descendants 2\n"));
	EXPECT_EQ(put("tine-t", "cgroup.max.depth", "-1"), ERANGE);
	EXPECT_EQ(put("tine-t", "cgroup.max.depth", "x"), EINVAL);
	EXPECT_EQ(put("tine-t", "cgroup.kill", "2"), ERANGE);
	EXPECT_EQ(put("tine-t", "cgroup.events", "1"), EINVAL);
	EXPECT_EQ(group("+", "tine-t/a\nb"), EINVAL);
	EXPECT_EQ(group("-", "tine-t"), EBUSY);
	EXPECT_EQ(group("-", "tine-t/a"), 0);
	EXPECT_EQ(group("-", "tine-t/b"), 0);
	leave_cgroup_test();
}

static int pipes[2];

static void *thread_of_it(void *arg)
{
	pid_t tid = syscall(SYS_gettid);

	if (write(pipes[1], &tid, sizeof(tid)) < 0)
		_exit(1);
	for (;;)
		pause();
	return NULL;
}

/* A process with two threads; the number of the second one. */
static pid_t start_threads(pid_t *pid)
{
	pthread_t thread;
	pid_t tid;

	ASSERT_EQ(pipe(pipes), 0);
	*pid = fork();
	if (*pid == 0) {
		pthread_create(&thread, NULL, thread_of_it, NULL);
		for (;;)
			pause();
	}
	ASSERT_EQ(read(pipes[0], &tid, sizeof(tid)), sizeof(tid));
	return tid;
}

TEST(threads_part_in_threaded_groups)
{
	char text[64];
	pid_t pid, tid;

	enter_cgroup_test();
	ASSERT_EQ(group("+", "tine-t/a"), 0);
	ASSERT_EQ(group("+", "tine-t/b"), 0);
	EXPECT_EQ(put("tine-t/a", "cgroup.type", "domain"), EINVAL);
	EXPECT_EQ(put("tine-t/a", "cgroup.type", "threaded"), 0);
	EXPECT_STREQ(get("tine-t/a", "cgroup.type"), "threaded\n");
	EXPECT_STREQ(get("tine-t/b", "cgroup.type"), "domain invalid\n");
	EXPECT_STREQ(get("tine-t", "cgroup.type"), "domain threaded\n");
	tid = start_threads(&pid);
	EXPECT_EQ(put_nr("tine-t/b", "cgroup.procs", pid), EOPNOTSUPP);
	EXPECT_EQ(put_nr("tine-t/a", "cgroup.threads", tid), EOPNOTSUPP);
	EXPECT_EQ(put_nr("tine-t", "cgroup.procs", pid), 0);
	EXPECT_EQ(put_nr("tine-t/a", "cgroup.threads", tid), 0);
	snprintf(text, sizeof(text), "%d\n", tid);
	EXPECT_STREQ(get("tine-t/a", "cgroup.threads"), text);
	snprintf(text, sizeof(text), "%d\n", pid);
	EXPECT_STREQ(get("tine-t", "cgroup.threads"), text);
	EXPECT_STREQ(get("tine-t", "cgroup.procs"), text);
	EXPECT_STREQ(get("tine-t/a", "cgroup.procs"), "");
	EXPECT_EQ(put("tine-t/a", "cgroup.kill", "1"), EOPNOTSUPP);
	EXPECT_EQ(put("tine-t", "cgroup.kill", "1"), 0);
	ASSERT_EQ(waitpid(pid, NULL, 0), pid);
	EXPECT_EQ(remove_group("tine-t/a"), 0);
	EXPECT_EQ(remove_group("tine-t/b"), 0);
	leave_cgroup_test();
}

/* Children that are being made while their parent is moved are where it is. */
TEST(nobody_stays_behind_a_move)
{
	const char *dirs[] = { "tine-t/a", "tine-t/b" };
	int i, round;
	pid_t pid;

	enter_cgroup_test();
	ASSERT_EQ(group("+", "tine-t/a"), 0);
	ASSERT_EQ(group("+", "tine-t/b"), 0);
	pid = fork();
	if (pid == 0) {
		for (;;) {
			pid_t child = fork();

			if (child == 0)
				_exit(0);
			waitpid(child, NULL, 0);
		}
	}
	for (round = 0; round < 300; round++) {
		i = round & 1;
		ASSERT_EQ(put_nr(dirs[i], "cgroup.procs", pid), 0);
		/* one child at most was there, and it exits */
		ASSERT(soon(dirs[!i], "cgroup.events", "populated 0"));
	}
	end_child(pid);
	EXPECT_EQ(remove_group("tine-t/a"), 0);
	EXPECT_EQ(remove_group("tine-t/b"), 0);
	leave_cgroup_test();
}

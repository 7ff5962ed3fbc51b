// SPDX-License-Identifier: GPL-2.0-only
/* cgroup2: directories, processes in them, clone3(CLONE_INTO_CGROUP), and the pids controller. */
#include "../ktest.h"
#include <fcntl.h>
#include <limits.h>
#include <linux/sched.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

static char root[64];

static int put(const char *dir, const char *file, const char *text)
{
	char path[PATH_MAX];
	int fd, err = 0;

	snprintf(path, sizeof(path), "%s/%s/%s", root, dir, file);
	fd = open(path, O_WRONLY);
	if (fd < 0)
		return errno;
	if (write(fd, text, strlen(text)) < 0)
		err = errno;
	close(fd);
	return err;
}

static const char *get(const char *dir, const char *file)
{
	static char text[4096];
	char path[PATH_MAX];
	int fd, n;

	snprintf(path, sizeof(path), "%s/%s/%s", root, dir, file);
	fd = open(path, O_RDONLY);
	n = fd < 0 ? -1 : (int)read(fd, text, sizeof(text) - 1);
	if (fd >= 0)
		close(fd);
	text[n > 0 ? n : 0] = '\0';
	return text;
}

static int group(const char *what, const char *dir)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/%s", root, dir);
	return (*what == '+' ? mkdir(path, 0755) : rmdir(path)) ? errno : 0;
}

/* A cgroup2 of our own to look at, and the group t in its root. */
static void enter_cgroup_test(void)
{
	if (geteuid())
		SKIP("needs root");
	snprintf(root, sizeof(root), "/tmp/cgroup-%d", getpid());
	ASSERT_EQ(unshare(CLONE_NEWNS), 0);
	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL))
		SKIP("/ is not the root of a mount (a chroot)");
	ASSERT_EQ(mkdir(root, 0755), 0);
	if (mount("none", root, "cgroup2", 0, NULL)) {
		rmdir(root);
		SKIP("no cgroup2");
	}
	ASSERT_EQ(group("+", "tine-t"), 0);
}

static void leave_cgroup_test(void)
{
	EXPECT_EQ(group("-", "tine-t"), 0);
	EXPECT_EQ(umount(root), 0);
	rmdir(root);
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
	snprintf(path, sizeof(path), "%s/tine-t", root);
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
	close(args.cgroup);
	args.cgroup = open("/", O_RDONLY | O_DIRECTORY);
	EXPECT_ERRNO(syscall(SYS_clone3, &args, sizeof(args)), EBADF);
	leave_cgroup_test();
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
	ASSERT_EQ(put("tine-t", "cgroup.kill", "1"), 0);
	/* the orphans are init's to reap */
	while (strstr(get("tine-t", "cgroup.events"), "populated 1"))
		sched_yield();
	leave_cgroup_test();
}

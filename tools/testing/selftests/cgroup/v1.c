// SPDX-License-Identifier: GPL-2.0-only
/*
 * cgroup version 1: options of mount, one hierarchy for a name or a controller, files, threads that
 * move alone, what fork inherits, notify_on_release. Hierarchies without a controller are ours.
 */
#include "cg.h"
#include <pthread.h>

/* A hierarchy of our own with no controllers. */
static void mount_named(void)
{
	char options[64];

	snprintf(options, sizeof(options), "none,name=tine-%d", getpid());
	if (mount_cgroup("cgroup", options))
		SKIP("no cgroup version 1");
}

static int try_mount(const char *options)
{
	int err = mount_cgroup("cgroup", options);

	if (!err)
		unmount_cgroup();
	return err;
}

TEST(options_are_checked)
{
	if (try_mount("none,name=tine"))
		SKIP("no cgroup version 1");
	EXPECT_EQ(try_mount("none"), EINVAL);
	EXPECT_EQ(try_mount("tine"), EINVAL);
	EXPECT_EQ(try_mount("none,cpuset"), EINVAL);
	EXPECT_EQ(try_mount("all,cpuset"), EINVAL);
	EXPECT_EQ(try_mount("name=tine-new"), EINVAL);
	EXPECT_EQ(try_mount("none,name="), EINVAL);
	EXPECT_EQ(try_mount("none,name=a/b"), EINVAL);
	EXPECT_EQ(try_mount("none,name=a,name=b"), EINVAL);
	EXPECT_EQ(try_mount("noprefix,pids,name=tine-new"), EINVAL);
}

/* The line of a hierarchy in /proc/self/cgroup, without its number. */
static const char *line_of(pid_t pid, const char *name)
{
	static char line[512];
	char path[64];
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/cgroup", pid);
	f = fopen(path, "r");
	while (f && fgets(line, sizeof(line), f)) {
		char *p = strchr(line, ':');

		if (p && !strncmp(p + 1, name, strlen(name)) && p[1 + strlen(name)] == ':') {
			fclose(f);
			return strchr(p + 1, ':') + 1;
		}
	}
	if (f)
		fclose(f);
	return "";
}

TEST(one_hierarchy_for_a_name)
{
	char name[64], options[80], second[80];
	int tries;

	mount_named();
	snprintf(name, sizeof(name), "name=tine-%d", getpid());
	snprintf(options, sizeof(options), "none,%s", name);
	snprintf(second, sizeof(second), "%s.2", cg_root);
	EXPECT_STREQ(line_of(getpid(), name), "/\n");
	ASSERT_EQ(group("+", "a"), 0);
	ASSERT_EQ(mkdir(second, 0755), 0);
	ASSERT_EQ(mount("none", second, "cgroup", 0, name), 0);
	EXPECT_EQ(umount(cg_root), 0);
	/* with groups it stays, mounted or not */
	EXPECT_EQ(umount(second), 0);
	EXPECT_STREQ(line_of(getpid(), name), "/\n");
	ASSERT_EQ(mount("none", cg_root, "cgroup", 0, options), 0);
	EXPECT_EQ(group("-", "a"), 0);
	EXPECT_EQ(umount(cg_root), 0);
	/* Linux takes the group apart behind our back: the first umount after that ends it */
	for (tries = 0; *line_of(getpid(), name) && tries < 100; tries++) {
		usleep(50000);
		if (!mount("none", cg_root, "cgroup", 0, name))
			umount(cg_root);
	}
	EXPECT_STREQ(line_of(getpid(), name), "");
	rmdir(cg_root);
	rmdir(second);
}

TEST(files_of_the_core)
{
	char path[PATH_MAX];
	FILE *f;

	mount_named();
	EXPECT_STREQ(get("", "cgroup.sane_behavior"), "0\n");
	EXPECT_STREQ(get("", "release_agent"), "\n");
	EXPECT_STREQ(get("", "notify_on_release"), "0\n");
	ASSERT_EQ(group("+", "a"), 0);
	EXPECT_EQ(put("a", "release_agent", "x"), ENOENT);
	EXPECT_EQ(put("a", "notify_on_release", "x"), EINVAL);
	EXPECT_EQ(put("a", "notify_on_release", "7"), 0);
	EXPECT_STREQ(get("a", "notify_on_release"), "1\n");
	EXPECT_EQ(put("a", "cgroup.clone_children", "1"), 0);
	ASSERT_EQ(group("+", "a/b"), 0);
	EXPECT_STREQ(get("a/b", "notify_on_release"), "1\n");
	EXPECT_STREQ(get("a/b", "cgroup.clone_children"), "1\n");
	EXPECT_STREQ(get("a", "tasks"), "");
	EXPECT_EQ(put("a", "tasks", "99999999"), ESRCH);
	EXPECT_EQ(put("a", "tasks", "-1"), EINVAL);
	EXPECT_EQ(put("a", "tasks", "x"), EINVAL);
	snprintf(path, sizeof(path), "%s/a/notify_on_release", cg_root);
	/* stdio seeks to the end of what it appends to */
	f = fopen(path, "a");
	EXPECT(f != NULL);
	if (f) {
		EXPECT_EQ(fseek(f, 0, SEEK_END), 0);
		fputs("0\n", f);
		EXPECT_EQ(fclose(f), 0);
	}
	EXPECT_STREQ(get("a", "notify_on_release"), "0\n");
	EXPECT_EQ(group("+", "a\nb"), EINVAL);
	EXPECT_EQ(group("-", "a"), EBUSY);
	EXPECT_EQ(group("-", "a/b"), 0);
	EXPECT_EQ(group("-", "a"), 0);
	unmount_cgroup();
}

TEST(directories_may_be_renamed_where_they_are)
{
	char from[PATH_MAX], to[PATH_MAX], name[64];
	pid_t pid;

	mount_named();
	ASSERT_EQ(group("+", "a"), 0);
	ASSERT_EQ(group("+", "b"), 0);
	pid = start_sleeper();
	ASSERT_EQ(put_nr("a", "tasks", pid), 0);
	snprintf(from, sizeof(from), "%s/a", cg_root);
	snprintf(to, sizeof(to), "%s/c", cg_root);
	EXPECT_EQ(rename(from, to), 0);
	snprintf(name, sizeof(name), "name=tine-%d", getpid());
	EXPECT_STREQ(line_of(pid, name), "/c\n");
	snprintf(from, sizeof(from), "%s/b/a", cg_root);
	EXPECT_ERRNO(rename(to, from), EIO);
	end_child(pid);
	EXPECT_EQ(remove_group("c"), 0);
	EXPECT_EQ(group("-", "b"), 0);
	unmount_cgroup();
}

static int pipes[2];

static void *second_thread(void *arg)
{
	pid_t tid = syscall(SYS_gettid);

	if (write(pipes[1], &tid, sizeof(tid)) < 0)
		_exit(1);
	for (;;)
		pause();
	return NULL;
}

TEST(threads_move_alone_and_processes_whole)
{
	char one[32], other[32];
	pthread_t thread;
	pid_t pid, tid;

	mount_named();
	ASSERT_EQ(group("+", "a"), 0);
	ASSERT_EQ(group("+", "b"), 0);
	ASSERT_EQ(pipe(pipes), 0);
	pid = fork();
	if (pid == 0) {
		pthread_create(&thread, NULL, second_thread, NULL);
		for (;;)
			pause();
	}
	ASSERT_EQ(read(pipes[0], &tid, sizeof(tid)), sizeof(tid));
	snprintf(one, sizeof(one), "%d\n", pid);
	snprintf(other, sizeof(other), "%d\n", tid);
	ASSERT_EQ(put_nr("a", "tasks", tid), 0);
	EXPECT_STREQ(get("a", "tasks"), other);
	EXPECT_STREQ(get("a", "cgroup.procs"), one);
	ASSERT_EQ(put_nr("b", "tasks", pid), 0);
	EXPECT_STREQ(get("b", "tasks"), one);
	ASSERT_EQ(put_nr("b", "cgroup.procs", pid), 0);
	EXPECT_STREQ(get("a", "tasks"), "");
	EXPECT(strstr(get("b", "tasks"), other));
	end_child(pid);
	EXPECT_EQ(remove_group("a"), 0);
	EXPECT_EQ(remove_group("b"), 0);
	unmount_cgroup();
}

TEST(children_begin_where_their_parent_is)
{
	char name[64];
	int status;
	pid_t pid;

	mount_named();
	snprintf(name, sizeof(name), "name=tine-%d", getpid());
	ASSERT_EQ(group("+", "a"), 0);
	pid = fork();
	if (pid == 0) {
		if (put("a", "tasks", "0"))
			_exit(1);
		pid = fork();
		if (pid == 0)
			_exit(strcmp(line_of(getpid(), name), "/a\n") ? 2 : 0);
		waitpid(pid, &status, 0);
		_exit(WEXITSTATUS(status));
	}
	ASSERT_EQ(waitpid(pid, &status, 0), pid);
	EXPECT_EQ(status, 0);
	EXPECT_EQ(remove_group("a"), 0);
	unmount_cgroup();
}

/* Not the agent itself: it runs in the first mount namespace, and this is a test. */
TEST(a_group_with_a_zombie_can_go)
{
	siginfo_t info;
	pid_t pid;

	mount_named();
	ASSERT_EQ(group("+", "a"), 0);
	pid = start_sleeper();
	ASSERT_EQ(put_nr("a", "tasks", pid), 0);
	EXPECT_EQ(group("-", "a"), EBUSY);
	kill(pid, SIGKILL);
	ASSERT_EQ(waitid(P_PID, pid, &info, WEXITED | WNOWAIT), 0);
	EXPECT_STREQ(get("a", "tasks"), "");
	EXPECT_EQ(remove_group("a"), 0);
	ASSERT_EQ(waitpid(pid, NULL, 0), pid);
	unmount_cgroup();
}

TEST(a_controller_acts_in_one_hierarchy)
{
	char second[80];

	mount_v1("pids");
	EXPECT_EQ(is_free("pids"), 0);
	snprintf(second, sizeof(second), "%s.2", cg_root);
	ASSERT_EQ(mkdir(second, 0755), 0);
	EXPECT_ERRNO(mount("none", second, "cgroup", 0, "pids,freezer"), EBUSY);
	ASSERT_EQ(mount("none", second, "cgroup2", 0, NULL), 0);
	EXPECT_EQ(umount(cg_root), 0);
	rmdir(cg_root);
	strcpy(cg_root, second);
	/* Linux takes a hierarchy apart behind our back */
	EXPECT(soon("", "cgroup.controllers", "pids"));
	EXPECT_EQ(put("", "cgroup.subtree_control", "+freezer"), EINVAL);
	unmount_cgroup();
}

TEST(a_hierarchy_with_groups_keeps_its_controllers)
{
	mount_v1("pids");
	ASSERT_EQ(group("+", "a"), 0);
	EXPECT_STREQ(get("a", "pids.max"), "max\n");
	EXPECT_ERRNO(mount("none", cg_root, "cgroup", MS_REMOUNT, "pids,freezer"), EBUSY);
	EXPECT_ERRNO(mount("none", cg_root, "cgroup", MS_REMOUNT, "pids,noprefix"), EINVAL);
	EXPECT_EQ(group("-", "a"), 0);
	unmount_cgroup();
}

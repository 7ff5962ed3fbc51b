// SPDX-License-Identifier: GPL-2.0-only
/* Control groups: a hierarchy of version 1 without controllers, and cgroup2. */
#include "failnth.h"
#include <sys/mount.h>
#include <sys/stat.h>

static char group_v1[64], group_v2[64];

static int write_text(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY), error;

	if (fd < 0)
		return -1;
	error = write(fd, text, strlen(text)) < 0 ? errno : 0;
	close(fd);
	errno = error;
	return error ? -1 : 0;
}

static int write_tasks(const char *group, const char *text)
{
	char path[96];

	snprintf(path, sizeof(path), "%s/cgroup.procs", group);
	return write_text(path, text);
}

/* flags: 1 for version 1, else 2. */
static const char *base_of(const struct failcase *c)
{
	return c->flags == 1 ? group_v1 : group_v2;
}

static int back_to_root(const struct failcase *c)
{
	char root[96];

	snprintf(root, sizeof(root), "%s/..", base_of(c));
	return write_tasks(root, "0");
}

static int run_group(const struct failcase *c, int n)
{
	char path[96];
	int error;

	snprintf(path, sizeof(path), "%s/new", base_of(c));
	error = CALL(n, mkdir(path, 0755));
	if (!error && rmdir(path))
		return -1;
	return error && !access(path, F_OK) ? -1 : error;
}

static int run_enter(const struct failcase *c, int n)
{
	int error = CALL(n, write_tasks(base_of(c), "0"));

	return back_to_root(c) ? -1 : error;
}

/* A fork in a group. */
static int run_group_fork(const struct failcase *c, int n)
{
	pid_t pid = -1;
	int error;

	if (write_tasks(base_of(c), "0"))
		return -1;
	error = CALL(n, pid = syscall(SYS_fork));
	if (!pid)
		_exit(0);
	if (pid > 0 && wait_ok(pid))
		return -1;
	return back_to_root(c) ? -1 : error;
}

static int run_mount_group(const struct failcase *c, int n)
{
	int error = CALL(n, mount("none", "/failnth-cg/1", "cgroup", 0, "none,name=failnth-new"));

	return !error && umount("/failnth-cg/1") ? -1 : error;
}

void add_cgroup_cases(void)
{
	mkdir("/failnth-cg", 0755);
	mkdir("/failnth-cg/1", 0755);
	mkdir("/failnth-cg/v1", 0755);
	mkdir("/failnth-cg/v2", 0755);
	if (mount("none", "/failnth-cg/v1", "cgroup", 0, "none,name=failnth") ||
	    mount("none", "/failnth-cg/v2", "cgroup2", 0, NULL))
		return;
	snprintf(group_v1, sizeof(group_v1), "/failnth-cg/v1/group");
	snprintf(group_v2, sizeof(group_v2), "/failnth-cg/v2/group");
	if ((mkdir(group_v1, 0755) | mkdir(group_v2, 0755)) && errno != EEXIST)
		return;
	add("cgroup v1 mount", run_mount_group, 0, CASE_LONG)->allowed[0] = EMFILE;
	for (unsigned long version = 1; version <= 2; version++) {
		add(version == 1 ? "cgroup v1 mkdir" : "cgroup2 mkdir", run_group, version, CASE_LONG);
		add(version == 1 ? "cgroup v1 enter" : "cgroup2 enter", run_enter, version, 0);
		add(version == 1 ? "cgroup v1 fork" : "cgroup2 fork", run_group_fork, version, 0);
	}
}

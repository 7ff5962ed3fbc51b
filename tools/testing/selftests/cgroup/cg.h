/* SPDX-License-Identifier: GPL-2.0-only */
/* Helpers of the tests of control groups: files of groups below cg_root. */
#ifndef CG_H
#define CG_H

#include "../ktest.h"
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

static char cg_root[64];

/* Return: 0 or the errno of opening or writing. */
static inline int put(const char *dir, const char *file, const char *text)
{
	char path[PATH_MAX];
	int fd, err = 0;

	snprintf(path, sizeof(path), "%s/%s/%s", cg_root, dir, file);
	fd = open(path, O_WRONLY);
	if (fd < 0)
		return errno;
	if (write(fd, text, strlen(text)) < 0)
		err = errno;
	close(fd);
	return err;
}

static inline int put_nr(const char *dir, const char *file, long nr)
{
	char text[24];

	snprintf(text, sizeof(text), "%ld", nr);
	return put(dir, file, text);
}

/* The text, "" when there is none. It stays until the eighth call after this. */
static inline const char *get(const char *dir, const char *file)
{
	static char texts[8][4096];
	static int next;
	char *text = texts[next++ % 8], path[PATH_MAX];
	int fd, n;

	snprintf(path, sizeof(path), "%s/%s/%s", cg_root, dir, file);
	fd = open(path, O_RDONLY);
	n = fd < 0 ? -1 : (int)read(fd, text, sizeof(texts[0]) - 1);
	if (fd >= 0)
		close(fd);
	text[n > 0 ? n : 0] = '\0';
	return text;
}

/* mkdir for "+", rmdir for "-". Return: 0 or errno. */
static inline int group(const char *what, const char *dir)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/%s", cg_root, dir);
	return (*what == '+' ? mkdir(path, 0755) : rmdir(path)) ? errno : 0;
}

/* rmdir, which the kernel refuses until a killed task has left the CPU for good. */
static inline int remove_group(const char *dir)
{
	int err, tries;

	for (tries = 0; (err = group("-", dir)) == EBUSY && tries < 500; tries++)
		usleep(10000);
	return err;
}

/* A mount of our own at cg_root. Return: 0 or errno. */
static inline int mount_cgroup(const char *type, const char *options)
{
	if (geteuid())
		SKIP("needs root");
	snprintf(cg_root, sizeof(cg_root), "/tmp/cgroup-%d", getpid());
	ASSERT_EQ(unshare(CLONE_NEWNS), 0);
	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL))
		SKIP("/ is not the root of a mount (a chroot)");
	ASSERT_EQ(mkdir(cg_root, 0755), 0);
	if (!mount("none", cg_root, type, 0, options))
		return 0;
	rmdir(cg_root);
	return errno;
}

static inline void unmount_cgroup(void)
{
	EXPECT_EQ(umount(cg_root), 0);
	rmdir(cg_root);
}

/* Is the controller in no hierarchy that the system uses? Then we may have it. */
static inline int is_free(const char *controller)
{
	char line[256], name[64];
	int hierarchy = -1, found = 0;
	FILE *f = fopen("/proc/cgroups", "r");

	while (f && fgets(line, sizeof(line), f)) {
		if (sscanf(line, "%63s %d", name, &hierarchy) == 2 && !strcmp(name, controller)) {
			found = hierarchy == 0;
			break;
		}
	}
	if (f)
		fclose(f);
	return found;
}

static inline void mount_v1(const char *controller)
{
	if (!is_free(controller))
		SKIP("the system uses the controller");
	ASSERT_EQ(mount_cgroup("cgroup", controller), 0);
}

static inline void mount_v2(void)
{
	if (mount_cgroup("cgroup2", NULL))
		SKIP("no cgroup2");
}

/* A child that sleeps. */
static inline pid_t start_sleeper(void)
{
	pid_t pid = fork();

	if (pid == 0) {
		for (;;)
			pause();
	}
	ASSERT(pid > 0);
	return pid;
}

static inline void end_child(pid_t pid)
{
	kill(pid, SIGKILL);
	ASSERT_EQ(waitpid(pid, NULL, 0), pid);
}

/* Wait until a file says it; it is to say so soon. */
static inline int soon(const char *dir, const char *file, const char *text)
{
	int tries;

	for (tries = 0; tries < 1000; tries++) {
		if (strstr(get(dir, file), text))
			return 1;
		usleep(5000);
	}
	return 0;
}

#endif /* CG_H */

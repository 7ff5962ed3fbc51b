/* SPDX-License-Identifier: GPL-2.0-only */
/* For the tests of core files: a directory, the machine's settings, a child to kill. */
#ifndef COREUTIL_H
#define COREUTIL_H

#include "../ktest.h"
#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>

#define PATTERN		"/proc/sys/kernel/core_pattern"
#define USES_PID	"/proc/sys/kernel/core_uses_pid"
#define PIPE_LIMIT	"/proc/sys/kernel/core_pipe_limit"
#define SUID_DUMPABLE	"/proc/sys/fs/suid_dumpable"

static char core_dir[64];

static __attribute__((unused)) int read_text(const char *path, char *buf, size_t size)
{
	int fd = open(path, O_RDONLY), n;

	if (fd < 0)
		return -1;
	n = read(fd, buf, size - 1);
	close(fd);
	buf[n > 0 ? n : 0] = '\0';
	return n;
}

static __attribute__((unused)) void write_text(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY);

	ASSERT_GE(fd, 0);
	ASSERT_EQ(write(fd, text, strlen(text)), (int)strlen(text));
	close(fd);
}

static void remove_dir(const char *path)
{
	DIR *dir = opendir(path);
	struct dirent *entry;
	char name[PATH_MAX];

	while (dir && (entry = readdir(dir))) {
		snprintf(name, sizeof(name), "%s/%s", path, entry->d_name);
		unlink(name);
	}
	if (dir)
		closedir(dir);
	rmdir(path);
}

/* The only file in our directory, or "" when there is none; "(many)". */
static __attribute__((unused)) const char *the_core(void)
{
	static char found[NAME_MAX + 1];
	struct dirent *entry;
	DIR *dir = opendir(core_dir);

	found[0] = '\0';
	ASSERT(dir);
	while ((entry = readdir(dir)))
		if (entry->d_name[0] != '.' || strchr("/.", entry->d_name[1]) == NULL)
			strcpy(found, found[0] ? "(many)" : entry->d_name);
	closedir(dir);
	return found;
}

/*
 * The settings belong to the whole machine: the test itself runs in a child, and whatever becomes
 * of that, they are put back.
 */
static __attribute__((unused)) void with_pattern(const char *pattern, void (*body)(void))
{
	static const char *const files[] = { PATTERN, USES_PID, PIPE_LIMIT, SUID_DUMPABLE };
	char old[4][256];
	pid_t pid;
	int i;

	snprintf(core_dir, sizeof(core_dir), "/tmp/core-%d", getpid());
	for (i = 0; i < 4; i++)
		ASSERT_GE(read_text(files[i], old[i], sizeof(old[i])), 0);
	ASSERT_EQ(mkdir(core_dir, 0777), 0);
	ASSERT_EQ(chmod(core_dir, 0777), 0);
	ASSERT_EQ(chdir(core_dir), 0);
	write_text(PATTERN, pattern);
	pid = fork();
	ASSERT_GE(pid, 0);
	if (!pid) {
		body();
		_exit(0);
	}
	EXPECT_EQ(wait_exit(pid), 0);
	for (i = 0; i < 4; i++)
		write_text(files[i], old[i]);
	remove_dir(core_dir);
}

static __attribute__((unused)) void set_core_limit(rlim_t soft)
{
	struct rlimit limit = { soft, RLIM_INFINITY };

	ASSERT_EQ(setrlimit(RLIMIT_CORE, &limit), 0);
}

/* A child that may write a core of @limit bytes, and runs @die(). Return: its wait status. */
static __attribute__((unused)) int die_in_child(rlim_t limit, void (*die)(void), pid_t *pidp)
{
	pid_t pid = fork();
	int status;

	ASSERT_GE(pid, 0);
	if (!pid) {
		set_core_limit(limit);
		die();
		_exit(99);
	}
	if (pidp)
		*pidp = pid;
	ASSERT_EQ(waitpid(pid, &status, 0), pid);
	return status;
}

#endif

/* SPDX-License-Identifier: GPL-2.0-only */
/* A fresh folder on a tmpfs for each test, and small helpers for files in it. */
#ifndef FSUTIL_H
#define FSUTIL_H

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <sys/uio.h>

/* Go into a new folder; the test's parent does not see it, and nobody cleans but the end of it. */
__attribute__((unused)) static void enter_tmpdir(void)
{
	static char dir[64];

	if (access("/dev/shm", W_OK) == 0)
		strcpy(dir, "/dev/shm/fs-test-XXXXXX");
	else
		strcpy(dir, "/tmp/fs-test-XXXXXX");
	ASSERT(mkdtemp(dir));
	ASSERT_EQ(chdir(dir), 0);
	ASSERT_EQ(chmod(".", 0755), 0);
	umask(022);
}

/* Remove everything below the present folder, and the folder. */
__attribute__((unused)) static void remove_all(const char *dir)
{
	struct dirent *ent;
	DIR *d = opendir(dir);
	char path[PATH_MAX];

	if (!d)
		return;
	while ((ent = readdir(d))) {
		if (!strcmp(ent->d_name, ".") || !strcmp(ent->d_name, ".."))
			continue;
		if (snprintf(path, sizeof(path), "%s/%s", dir, ent->d_name) >= (int)sizeof(path))
			continue;
		if (unlink(path) && (errno == EISDIR || errno == EPERM)) {
			remove_all(path);
			rmdir(path);
		}
	}
	closedir(d);
}

__attribute__((unused)) static void leave_tmpdir(void)
{
	char cwd[PATH_MAX];

	ASSERT(getcwd(cwd, sizeof(cwd)));
	remove_all(".");
	ASSERT_EQ(chdir("/"), 0);
	rmdir(cwd);
}

__attribute__((unused)) static void make_file(const char *name, const char *text)
{
	int fd = open(name, O_WRONLY | O_CREAT | O_TRUNC, 0644);

	ASSERT_GE(fd, 0);
	ASSERT_EQ(write(fd, text, strlen(text)), strlen(text));
	ASSERT_EQ(close(fd), 0);
}

/* Become an ordinary user for good. */
__attribute__((unused)) static void drop_privileges(void)
{
	ASSERT_EQ(syscall(SYS_setgroups, 0, NULL), 0);
	ASSERT_EQ(syscall(SYS_setresgid, 1000, 1000, 1000), 0);
	ASSERT_EQ(syscall(SYS_setresuid, 1000, 1000, 1000), 0);
}

__attribute__((unused)) static long long size_of(const char *name)
{
	struct stat st;

	return stat(name, &st) ? -1 : st.st_size;
}

#endif

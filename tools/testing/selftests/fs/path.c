// SPDX-License-Identifier: GPL-2.0-only
/* Path walking: errnos, symbolic links, slashes, dots, *at calls, openat2. */
#include "../ktest.h"
#include "fsutil.h"
#include <linux/openat2.h>

TEST(errnos)
{
	char longname[300], longpath[5000];

	enter_tmpdir();
	make_file("f", "x");
	EXPECT_ERRNO(open("none", O_RDONLY), ENOENT);
	EXPECT_ERRNO(open("", O_RDONLY), ENOENT);
	EXPECT_ERRNO(open("f/x", O_RDONLY), ENOTDIR);
	EXPECT_ERRNO(open("none/x", O_RDONLY), ENOENT);
	EXPECT_ERRNO(open("f/", O_RDONLY), ENOTDIR);
	EXPECT_ERRNO(open("f/.", O_RDONLY), ENOTDIR);
	EXPECT_ERRNO(open("f/..", O_RDONLY), ENOTDIR);
	EXPECT_ERRNO(open((char *)1, O_RDONLY), EFAULT);
	memset(longname, 'a', sizeof(longname));
	longname[256] = 0;
	EXPECT_ERRNO(open(longname, O_RDONLY), ENAMETOOLONG);
	EXPECT_ERRNO(open(longname, O_RDONLY | O_CREAT, 0600), ENAMETOOLONG);
	EXPECT_ERRNO(mkdir(longname, 0700), ENAMETOOLONG);
	longname[255] = 0;
	EXPECT_ERRNO(open(longname, O_RDONLY), ENOENT);
	EXPECT_EQ(mkdir(longname, 0700), 0);
	EXPECT_EQ(rmdir(longname), 0);
	memset(longpath, '/', sizeof(longpath));
	longpath[4096] = 0;
	EXPECT_ERRNO(open(longpath, O_RDONLY), ENAMETOOLONG);
	longpath[4095] = 0;
	EXPECT_GE(open(longpath, O_RDONLY), 0);
	leave_tmpdir();
}

TEST(open_flags)
{
	int fd;

	enter_tmpdir();
	make_file("f", "x");
	ASSERT_EQ(mkdir("d", 0755), 0);
	EXPECT_ERRNO(open("d", O_WRONLY), EISDIR);
	EXPECT_ERRNO(open("d", O_RDWR), EISDIR);
	EXPECT_ERRNO(open("d", O_RDONLY | O_TRUNC), EISDIR);
	EXPECT_ERRNO(open("d", O_RDONLY | O_CREAT, 0600), EISDIR);
	EXPECT_ERRNO(open("d/", O_RDONLY | O_CREAT, 0600), EISDIR);
	EXPECT_ERRNO(open("none/", O_RDONLY | O_CREAT, 0600), EISDIR);
	EXPECT_ERRNO(open(".", O_RDONLY | O_CREAT, 0600), EISDIR);
	EXPECT_ERRNO(open("/", O_RDONLY | O_CREAT, 0600), EISDIR);
	EXPECT_ERRNO(open("f", O_RDONLY | O_CREAT | O_EXCL, 0600), EEXIST);
	EXPECT_ERRNO(open("d", O_RDONLY | O_CREAT | O_EXCL, 0600), EEXIST);
	EXPECT_ERRNO(open("f", O_RDONLY | O_DIRECTORY), ENOTDIR);
	EXPECT_ERRNO(open("f/x", O_RDONLY | O_CREAT, 0600), ENOTDIR);
	ASSERT_EQ(symlink("f", "l"), 0);
	ASSERT_EQ(symlink("none", "dangling"), 0);
	EXPECT_ERRNO(open("l", O_RDONLY | O_NOFOLLOW), ELOOP);
	EXPECT_ERRNO(open("dangling", O_RDONLY), ENOENT);
	EXPECT_ERRNO(open("dangling", O_RDONLY | O_CREAT | O_EXCL, 0600), EEXIST);
	fd = open("dangling", O_RDWR | O_CREAT, 0600);
	EXPECT_GE(fd, 0);
	EXPECT_EQ(size_of("none"), 0);
	close(fd);
	fd = open("l", O_PATH | O_NOFOLLOW);
	ASSERT_GE(fd, 0);
	{
		struct stat st;
		char buf[8];

		EXPECT_EQ(fstat(fd, &st), 0);
		EXPECT(S_ISLNK(st.st_mode));
		EXPECT_ERRNO(read(fd, buf, 1), EBADF);
		EXPECT_EQ(readlinkat(fd, "", buf, sizeof(buf)), 1);
		EXPECT_ERRNO(fchmod(fd, 0600), EBADF);
		EXPECT_ERRNO(ioctl(fd, FIONREAD, buf), EBADF);
		EXPECT_EQ(fcntl(fd, F_GETFL), O_PATH | O_NOFOLLOW);
		EXPECT_ERRNO(fcntl(fd, F_SETFL, 0), EBADF);
	}
	close(fd);
	EXPECT_ERRNO(open("f", O_RDONLY | (O_TMPFILE & ~O_DIRECTORY)), EINVAL);
	EXPECT_ERRNO(open(".", O_RDONLY | O_TMPFILE, 0600), EINVAL);
	EXPECT_ERRNO(open("f", O_RDWR | O_TMPFILE, 0600), ENOTDIR);
	fd = open("f", O_WRONLY | O_APPEND | O_CLOEXEC);
	EXPECT_EQ(fcntl(fd, F_GETFL) & ~0100000, O_WRONLY | O_APPEND);
	EXPECT_EQ(fcntl(fd, F_GETFD), FD_CLOEXEC);
	leave_tmpdir();
}

TEST(dots)
{
	char cwd[PATH_MAX], buf[PATH_MAX];
	struct stat a, b;

	enter_tmpdir();
	ASSERT_EQ(mkdir("d", 0755), 0);
	ASSERT_EQ(mkdir("d/e", 0755), 0);
	EXPECT_EQ(stat("d/e/../..", &a), 0);
	EXPECT_EQ(stat(".", &b), 0);
	EXPECT_EQ(a.st_ino, b.st_ino);
	EXPECT_EQ(stat("/../../..", &a), 0);
	EXPECT_EQ(stat("/", &b), 0);
	EXPECT_EQ(a.st_ino, b.st_ino);
	EXPECT_EQ(stat("d//e///", &a), 0);
	EXPECT_EQ(stat("./d/./e/.", &b), 0);
	EXPECT_EQ(a.st_ino, b.st_ino);
	ASSERT(getcwd(cwd, sizeof(cwd)));
	ASSERT_EQ(chdir("d/e"), 0);
	ASSERT(getcwd(buf, sizeof(buf)));
	strcat(cwd, "/d/e");
	EXPECT_STREQ(buf, cwd);
	EXPECT_EQ(syscall(SYS_getcwd, buf, sizeof(buf)), strlen(cwd) + 1);
	EXPECT_ERRNO(syscall(SYS_getcwd, buf, 3), ERANGE);
	EXPECT_EQ(rmdir("../e"), 0);
	EXPECT_ERRNO(syscall(SYS_getcwd, buf, sizeof(buf)), ENOENT);
	EXPECT_ERRNO(mkdir("x", 0755), ENOENT);
	EXPECT_ERRNO(open("x", O_CREAT | O_WRONLY, 0600), ENOENT);
	EXPECT_ERRNO(open("x", O_RDONLY), ENOENT);
	EXPECT_GE(open(".", O_RDONLY), 0);
	EXPECT_EQ(chdir("../.."), 0);
	leave_tmpdir();
}

TEST(symlinks)
{
	char name[32], target[64], buf[8];
	int i;

	enter_tmpdir();
	make_file("f", "hello");
	ASSERT_EQ(mkdir("d", 0755), 0);
	ASSERT_EQ(symlink("../f", "d/up"), 0);
	ASSERT_EQ(symlink("d", "dl"), 0);
	EXPECT_EQ(size_of("dl/up"), 5);
	EXPECT_EQ(size_of("dl/../dl/up"), 5);
	EXPECT_EQ(size_of("d/up/"), -1);
	EXPECT_EQ(errno, ENOTDIR);
	ASSERT_EQ(symlink("self", "self"), 0);
	EXPECT_ERRNO(open("self", O_RDONLY), ELOOP);
	/* a chain of 40 is fine, 41 is not */
	strcpy(target, "f");
	for (i = 0; i < 41; i++) {
		snprintf(name, sizeof(name), "c%d", i);
		ASSERT_EQ(symlink(target, name), 0);
		strcpy(target, name);
	}
	EXPECT_EQ(size_of("c39"), 5);
	EXPECT_EQ(size_of("c40"), -1);
	EXPECT_EQ(errno, ELOOP);
	EXPECT_EQ(readlink("d/up", buf, sizeof(buf)), 4);
	EXPECT_EQ(readlink("d/up", buf, 2), 2);
	EXPECT_ERRNO(readlink("d/up", buf, 0), EINVAL);
	EXPECT_ERRNO(readlink("f", buf, 8), EINVAL);
	EXPECT_ERRNO(readlink("none", buf, 8), ENOENT);
	EXPECT_ERRNO(symlink("", "e"), ENOENT);
	EXPECT_ERRNO(symlink("x", "f"), EEXIST);
	EXPECT_ERRNO(symlink("x", "n/"), ENOENT);
	/* absolute, and to a directory, with slashes behind */
	ASSERT_EQ(symlink("/", "root"), 0);
	EXPECT_EQ(access("root", F_OK), 0);
	EXPECT_EQ(access("root/", F_OK), 0);
	EXPECT_EQ(access("root/dev", F_OK), 0);
	EXPECT_EQ(access("dl/", F_OK), 0);
	EXPECT_ERRNO(rmdir("dl"), ENOTDIR);
	EXPECT_ERRNO(rmdir("dl/"), ENOTDIR);
	EXPECT_ERRNO(unlink("dl/"), ENOTDIR);
	leave_tmpdir();
}

TEST(make_and_remove_errnos)
{
	enter_tmpdir();
	make_file("f", "x");
	ASSERT_EQ(mkdir("d", 0755), 0);
	make_file("d/f", "x");
	EXPECT_ERRNO(mkdir("d", 0755), EEXIST);
	EXPECT_ERRNO(mkdir("f", 0755), EEXIST);
	EXPECT_ERRNO(mkdir(".", 0755), EEXIST);
	EXPECT_ERRNO(mkdir("..", 0755), EEXIST);
	EXPECT_ERRNO(mkdir("/", 0755), EEXIST);
	EXPECT_ERRNO(mkdir("f/x", 0755), ENOTDIR);
	EXPECT_ERRNO(mkdir("none/x", 0755), ENOENT);
	EXPECT_EQ(mkdir("e///", 0755), 0);
	EXPECT_ERRNO(rmdir("d"), ENOTEMPTY);
	EXPECT_ERRNO(rmdir("f"), ENOTDIR);
	EXPECT_ERRNO(rmdir("."), EINVAL);
	EXPECT_ERRNO(rmdir("e/."), EINVAL);
	EXPECT_ERRNO(rmdir("e/.."), ENOTEMPTY);
	EXPECT_ERRNO(rmdir("/"), EBUSY);
	EXPECT_ERRNO(rmdir("none"), ENOENT);
	EXPECT_EQ(rmdir("e/"), 0);
	EXPECT_ERRNO(unlink("d"), EISDIR);
	EXPECT_ERRNO(unlink("d/"), EISDIR);
	EXPECT_ERRNO(unlink("."), EISDIR);
	EXPECT_ERRNO(unlink("/"), EISDIR);
	EXPECT_ERRNO(unlink("f/"), ENOTDIR);
	EXPECT_ERRNO(unlink("none"), ENOENT);
	EXPECT_ERRNO(unlink("none/"), ENOENT);
	EXPECT_ERRNO(unlinkat(AT_FDCWD, "f", 0x4000), EINVAL);
	EXPECT_ERRNO(unlinkat(AT_FDCWD, "f", AT_REMOVEDIR), ENOTDIR);
	EXPECT_ERRNO(link("d", "d2"), EPERM);
	EXPECT_ERRNO(link("none", "d2"), ENOENT);
	EXPECT_ERRNO(link("f", "d"), EEXIST);
	EXPECT_ERRNO(link("f", "n/"), ENOENT);
	EXPECT_ERRNO(mknod("f", S_IFREG | 0600, 0), EEXIST);
	EXPECT_ERRNO(mknod("x", S_IFDIR | 0600, 0), EPERM);
	EXPECT_ERRNO(mknod("x", 0170000 | 0600, 0), EINVAL);
	EXPECT_EQ(mknod("reg", 0600, 0), 0);
	EXPECT_EQ(mknod("sock", S_IFSOCK | 0600, 0), 0);
	EXPECT_ERRNO(open("sock", O_RDONLY), ENXIO);
	leave_tmpdir();
}

TEST(at_calls)
{
	struct stat st;
	int dfd, ffd;

	enter_tmpdir();
	ASSERT_EQ(mkdir("d", 0755), 0);
	dfd = open("d", O_RDONLY | O_DIRECTORY);
	ASSERT_GE(dfd, 0);
	ffd = openat(dfd, "f", O_RDWR | O_CREAT, 0644);
	ASSERT_GE(ffd, 0);
	EXPECT_EQ(size_of("d/f"), 0);
	EXPECT_ERRNO(openat(ffd, "x", O_RDONLY), ENOTDIR);
	EXPECT_ERRNO(openat(99, "x", O_RDONLY), EBADF);
	EXPECT_GE(openat(99, "/", O_RDONLY), 0);
	EXPECT_EQ(fstatat(ffd, "", &st, AT_EMPTY_PATH), 0);
	EXPECT_ERRNO(fstatat(ffd, "", &st, 0), ENOENT);
	EXPECT_ERRNO(fstatat(dfd, "f", &st, 0x40000000), EINVAL);
	EXPECT_ERRNO(fstatat(99, "f", &st, 0), EBADF);
	EXPECT_EQ(mkdirat(dfd, "sub", 0700), 0);
	EXPECT_EQ(symlinkat("f", dfd, "l"), 0);
	EXPECT_EQ(linkat(dfd, "f", dfd, "g", 0), 0);
	EXPECT_EQ(linkat(dfd, "l", dfd, "l2", 0), 0);
	EXPECT_EQ(fstatat(dfd, "l2", &st, AT_SYMLINK_NOFOLLOW), 0);
	EXPECT(S_ISLNK(st.st_mode));
	EXPECT_EQ(linkat(dfd, "l", dfd, "l3", AT_SYMLINK_FOLLOW), 0);
	EXPECT_EQ(fstatat(dfd, "l3", &st, AT_SYMLINK_NOFOLLOW), 0);
	EXPECT(S_ISREG(st.st_mode));
	EXPECT_EQ(st.st_nlink, 3);
	EXPECT_ERRNO(linkat(dfd, "f", dfd, "x", 0x10000), EINVAL);
	EXPECT_EQ(renameat(dfd, "g", AT_FDCWD, "moved"), 0);
	EXPECT_EQ(unlinkat(dfd, "sub", AT_REMOVEDIR), 0);
	EXPECT_EQ(faccessat(dfd, "f", R_OK, 0), 0);
	EXPECT_EQ(fchdir(dfd), 0);
	EXPECT_EQ(size_of("f"), 0);
	EXPECT_ERRNO(fchdir(ffd), ENOTDIR);
	EXPECT_ERRNO(fchdir(99), EBADF);
	EXPECT_EQ(chdir(".."), 0);
	leave_tmpdir();
}

static int openat2(int dfd, const char *path, __u64 flags, __u64 mode, __u64 resolve)
{
	struct open_how how = { .flags = flags, .mode = mode, .resolve = resolve };

	return syscall(SYS_openat2, dfd, path, &how, sizeof(how));
}

TEST(openat2_resolve)
{
	struct open_how how = {};
	int dfd;

	enter_tmpdir();
	ASSERT_EQ(mkdir("d", 0755), 0);
	make_file("f", "x");
	make_file("d/g", "x");
	ASSERT_EQ(symlink("../f", "d/out"), 0);
	ASSERT_EQ(symlink("/g", "d/abs"), 0);
	ASSERT_EQ(symlink("g", "d/in"), 0);
	dfd = open("d", O_RDONLY);
	EXPECT_GE(openat2(dfd, "g", O_RDONLY, 0, 0), 0);
	EXPECT_GE(openat2(dfd, "in", O_RDONLY, 0, RESOLVE_BENEATH), 0);
	EXPECT_ERRNO(openat2(dfd, "out", O_RDONLY, 0, RESOLVE_BENEATH), EXDEV);
	EXPECT_ERRNO(openat2(dfd, "../f", O_RDONLY, 0, RESOLVE_BENEATH), EXDEV);
	EXPECT_ERRNO(openat2(dfd, "/g", O_RDONLY, 0, RESOLVE_BENEATH), EXDEV);
	EXPECT_ERRNO(openat2(dfd, "abs", O_RDONLY, 0, RESOLVE_BENEATH), EXDEV);
	EXPECT_GE(openat2(dfd, "abs", O_RDONLY, 0, RESOLVE_IN_ROOT), 0);
	EXPECT_GE(openat2(dfd, "/../../g", O_RDONLY, 0, RESOLVE_IN_ROOT), 0);
	EXPECT_ERRNO(openat2(dfd, "in", O_RDONLY, 0, RESOLVE_NO_SYMLINKS), ELOOP);
	EXPECT_ERRNO(openat2(dfd, "g", O_RDONLY, 0600, 0), EINVAL);
	EXPECT_ERRNO(openat2(dfd, "g", O_RDONLY | 0x40000000, 0, 0), EINVAL);
	EXPECT_ERRNO(openat2(dfd, "g", O_RDONLY, 0, 0x8000), EINVAL);
	EXPECT_ERRNO(openat2(dfd, "g", O_RDONLY, 0, RESOLVE_BENEATH | RESOLVE_IN_ROOT), EINVAL);
	EXPECT_ERRNO(openat2(dfd, "g", O_CREAT | O_WRONLY, 0x10000, 0), EINVAL);
	EXPECT_ERRNO(syscall(SYS_openat2, dfd, "g", &how, 8), EINVAL);
	EXPECT_ERRNO(openat2(dfd, "g", O_PATH | O_RDWR, 0, 0), EINVAL);
	leave_tmpdir();
}

/* Moves d/in/a out and in again for ever. */
static void move_it_about(void)
{
	for (;;) {
		rename("d/in/a", "a");
		rename("a", "d/in/a");
	}
}

TEST_TIMEOUT(a_rename_takes_nobody_out_of_the_directory, 60)
{
	char path[128] = "in/";
	struct stat in, got;
	int dfd, escapes = 0;
	pid_t pid;

	for (int i = 0; i < 20; i++)
		strcat(path, "a/../");
	strcat(path, "..");

	enter_tmpdir();
	ASSERT_EQ(mkdir("d", 0755), 0);
	ASSERT_EQ(mkdir("d/in", 0755), 0);
	ASSERT_EQ(mkdir("d/in/a", 0755), 0);
	ASSERT_EQ(stat("d", &in), 0);
	dfd = open("d", O_PATH);
	pid = fork();
	if (!pid)
		move_it_about();
	for (int i = 0; i < 100000; i++) {
		int fd = openat2(dfd, path, O_PATH, 0, i & 1 ? RESOLVE_IN_ROOT : RESOLVE_BENEATH);

		if (fd < 0)
			continue;
		ASSERT_EQ(fstat(fd, &got), 0);
		close(fd);
		escapes += got.st_ino != in.st_ino;
	}
	kill(pid, SIGKILL);
	EXPECT_EQ(wait_exit(pid), 128 + SIGKILL);
	EXPECT_EQ(escapes, 0);
	rename("a", "d/in/a");
	EXPECT_GE(openat2(dfd, path, O_PATH, 0, RESOLVE_BENEATH), 0);
	leave_tmpdir();
}

TEST(chroot_is_a_wall)
{
	struct stat a, b;

	if (geteuid())
		SKIP("needs root");
	enter_tmpdir();
	ASSERT_EQ(mkdir("jail", 0755), 0);
	ASSERT_EQ(mkdir("jail/sub", 0755), 0);
	ASSERT_EQ(symlink("/sub", "jail/abs"), 0);
	make_file("outside", "x");
	if (fork() == 0) {
		char buf[64];

		ASSERT_EQ(chroot("jail"), 0);
		/* the working directory is still outside */
		EXPECT_EQ(syscall(SYS_getcwd, buf, sizeof(buf)) > 0, 1);
		EXPECT_EQ(memcmp(buf, "(unreachable)", 13), 0);
		EXPECT_EQ(access("outside", F_OK), 0);
		ASSERT_EQ(chdir("/"), 0);
		EXPECT_EQ(stat("..", &a), 0);
		EXPECT_EQ(stat("/", &b), 0);
		EXPECT_EQ(a.st_ino, b.st_ino);
		EXPECT_EQ(stat("abs", &a), 0);
		EXPECT_EQ(stat("sub", &b), 0);
		EXPECT_EQ(a.st_ino, b.st_ino);
		EXPECT_ERRNO(access("../outside", F_OK), ENOENT);
		_exit(0);
	}
	wait(NULL);
	EXPECT_ERRNO(chroot("outside"), ENOTDIR);
	EXPECT_ERRNO(chroot("none"), ENOENT);
	leave_tmpdir();
}

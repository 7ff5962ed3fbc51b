// SPDX-License-Identifier: GPL-2.0-only
/* Permissions: mode bits, groups, capabilities, sticky, set-ID bits, access(2), umask, chown. */
#include "../ktest.h"
#include "fsutil.h"

static mode_t mode_of(const char *name)
{
	struct stat st;

	return stat(name, &st) ? 0 : st.st_mode & 07777;
}

TEST(mode_bits)
{
	int fd;

	if (geteuid())
		SKIP("needs root");
	enter_tmpdir();
	make_file("none", "x");
	make_file("ro", "x");
	make_file("wo", "x");
	make_file("group", "x");
	ASSERT_EQ(mkdir("closed", 0700), 0);
	ASSERT_EQ(mkdir("search", 0711), 0);
	ASSERT_EQ(mkdir("list", 0744), 0);
	make_file("search/f", "x");
	make_file("list/f", "x");
	chmod("none", 0);
	chmod("ro", 0444);
	chmod("wo", 0222);
	chmod("group", 0040);
	ASSERT_EQ(chown("group", 0, 1000), 0);
	/* root reads and writes everything, but executes only what somebody may */
	EXPECT_GE(open("none", O_RDWR), 0);
	EXPECT_ERRNO(access("none", X_OK), EACCES);
	EXPECT_EQ(access("closed", X_OK), 0);
	drop_privileges();
	EXPECT_ERRNO(open("none", O_RDONLY), EACCES);
	EXPECT_GE(open("ro", O_RDONLY), 0);
	EXPECT_ERRNO(open("ro", O_WRONLY), EACCES);
	EXPECT_ERRNO(open("ro", O_RDWR), EACCES);
	EXPECT_ERRNO(open("ro", O_RDONLY | O_TRUNC), EACCES);
	EXPECT_GE(open("wo", O_WRONLY), 0);
	EXPECT_ERRNO(open("wo", O_RDONLY), EACCES);
	EXPECT_GE(open("group", O_RDONLY), 0);
	EXPECT_ERRNO(open("group", O_WRONLY), EACCES);
	EXPECT_ERRNO(open("closed/f", O_RDONLY), EACCES);
	EXPECT_ERRNO(open("closed", O_RDONLY), EACCES);
	EXPECT_ERRNO(chdir("closed"), EACCES);
	EXPECT_GE(open("search/f", O_RDONLY), 0);
	EXPECT_ERRNO(open("search", O_RDONLY), EACCES);
	fd = open("list", O_RDONLY);
	EXPECT_GE(fd, 0);
	EXPECT_ERRNO(openat(fd, "f", O_RDONLY), EACCES);
	EXPECT_ERRNO(open("new", O_CREAT | O_WRONLY, 0600), EACCES);
	EXPECT_ERRNO(mkdir("new", 0700), EACCES);
	EXPECT_ERRNO(mkdir("ro", 0700), EEXIST);
	EXPECT_ERRNO(unlink("ro"), EACCES);
	EXPECT_ERRNO(rename("ro", "x"), EACCES);
	EXPECT_ERRNO(chmod("ro", 0777), EPERM);
	EXPECT_ERRNO(chown("ro", 1000, 1000), EPERM);
	EXPECT_ERRNO(truncate("ro", 0), EACCES);
	EXPECT_ERRNO(utimensat(AT_FDCWD, "ro", NULL, 0), EACCES);
	EXPECT_EQ(utimensat(AT_FDCWD, "wo", NULL, 0), 0);
	{
		struct timespec ts[2] = { { 1, 1 }, { 1, 1 } };

		EXPECT_ERRNO(utimensat(AT_FDCWD, "wo", ts, 0), EPERM);
	}
	EXPECT_ERRNO(open("ro", O_RDONLY | O_NOATIME), EPERM);
	EXPECT_ERRNO(mknod("dev", S_IFCHR | 0600, 0x105), EACCES);
	EXPECT_ERRNO(chroot("search"), EPERM);
	EXPECT_ERRNO(mount("x", "search", "tmpfs", 0, NULL), EPERM);
	EXPECT_ERRNO(umount("/"), EPERM);
}

TEST(access_uses_real_ids)
{
	if (geteuid())
		SKIP("needs root");
	enter_tmpdir();
	make_file("f", "x");
	chmod("f", 0600);
	ASSERT_EQ(syscall(SYS_setresuid, 1000, 0, 0), 0);
	EXPECT_ERRNO(access("f", R_OK), EACCES);
	EXPECT_EQ(access("f", F_OK), 0);
	EXPECT_EQ(faccessat(AT_FDCWD, "f", R_OK, AT_EACCESS), 0);
	EXPECT_GE(open("f", O_RDONLY), 0);
	EXPECT_ERRNO(access("f", 8), EINVAL);
	ASSERT_EQ(syscall(SYS_setresuid, 0, 0, 0), 0);
	leave_tmpdir();
}

TEST(sticky_directory)
{
	if (geteuid())
		SKIP("needs root");
	enter_tmpdir();
	ASSERT_EQ(mkdir("tmp", 0777), 0);
	ASSERT_EQ(chmod("tmp", 01777), 0);
	make_file("tmp/root", "x");
	make_file("tmp/mine", "x");
	ASSERT_EQ(chown("tmp/mine", 1000, 1000), 0);
	if (fork() == 0) {
		drop_privileges();
		EXPECT_ERRNO(unlink("tmp/root"), EPERM);
		EXPECT_ERRNO(rename("tmp/root", "tmp/x"), EPERM);
		EXPECT_ERRNO(rename("tmp/mine", "tmp/root"), EPERM);
		EXPECT_EQ(rename("tmp/mine", "tmp/mine2"), 0);
		EXPECT_EQ(unlink("tmp/mine2"), 0);
		make_file("tmp/new", "x");
		EXPECT_EQ(unlink("tmp/new"), 0);
		_exit(0);
	}
	wait(NULL);
	leave_tmpdir();
}

TEST(umask_and_modes)
{
	enter_tmpdir();
	umask(027);
	close(open("f", O_CREAT | O_WRONLY, 0666));
	EXPECT_EQ(mode_of("f"), 0640);
	EXPECT_EQ(mkdir("d", 0777), 0);
	EXPECT_EQ(mode_of("d"), 0750);
	EXPECT_EQ(mkfifo("p", 0666), 0);
	EXPECT_EQ(mode_of("p"), 0640);
	EXPECT_EQ(umask(01777), 027);
	EXPECT_EQ(umask(0), 0777);
	close(open("g", O_CREAT | O_RDWR, 07777));
	EXPECT_EQ(mode_of("g"), 07777);
	EXPECT_EQ(mkdir("e", 07777), 0);
	EXPECT_EQ(mode_of("e"), 01777);
	/* a new file is open as asked, whatever its mode */
	{
		int fd = open("zero", O_CREAT | O_RDWR, 0);

		EXPECT_GE(fd, 0);
		EXPECT_EQ(write(fd, "x", 1), 1);
	}
	EXPECT_EQ(chmod("f", 0123), 0);
	EXPECT_EQ(mode_of("f"), 0123);
	EXPECT_EQ(fchmodat(AT_FDCWD, "f", 0321, 0), 0);
	EXPECT_EQ(mode_of("f"), 0321);
	EXPECT_ERRNO(chmod("none", 0), ENOENT);
	leave_tmpdir();
}

TEST(set_id_bits_vanish)
{
	int fd;

	if (geteuid())
		SKIP("needs root");
	enter_tmpdir();
	make_file("f", "x");
	ASSERT_EQ(chown("f", 1000, 1000), 0);
	ASSERT_EQ(chmod("f", 06755), 0);
	EXPECT_EQ(mode_of("f"), 06755);
	/* chown takes them away, even root's */
	EXPECT_EQ(chown("f", 1000, 1000), 0);
	EXPECT_EQ(mode_of("f"), 0755);
	ASSERT_EQ(chmod("f", 06755), 0);
	EXPECT_EQ(chown("f", -1, -1), 0);
	EXPECT_EQ(mode_of("f"), 0755);
	/* root's write keeps them, the owner's does not */
	ASSERT_EQ(chmod("f", 06755), 0);
	fd = open("f", O_WRONLY);
	EXPECT_EQ(write(fd, "y", 1), 1);
	EXPECT_EQ(mode_of("f"), 06755);
	close(fd);
	chmod(".", 0777);
	if (fork() == 0) {
		drop_privileges();
		fd = open("f", O_WRONLY);
		EXPECT_EQ(write(fd, "y", 1), 1);
		EXPECT_EQ(mode_of("f"), 0755);
		EXPECT_EQ(chmod("f", 06755), 0);
		EXPECT_EQ(ftruncate(fd, 0), 0);
		EXPECT_EQ(mode_of("f"), 0755);
		_exit(0);
	}
	wait(NULL);
	/* not a member of the file's group: no S_ISGID */
	ASSERT_EQ(chown("f", 1000, 77), 0);
	if (fork() == 0) {
		drop_privileges();
		EXPECT_EQ(chmod("f", 02755), 0);
		EXPECT_EQ(mode_of("f"), 0755);
		EXPECT_ERRNO(chown("f", 1001, -1), EPERM);
		EXPECT_ERRNO(chown("f", -1, 78), EPERM);
		EXPECT_EQ(chown("f", -1, 1000), 0);
		_exit(0);
	}
	wait(NULL);
	leave_tmpdir();
}

TEST(set_gid_directory)
{
	struct stat st;

	if (geteuid())
		SKIP("needs root");
	enter_tmpdir();
	ASSERT_EQ(mkdir("d", 0777), 0);
	ASSERT_EQ(chown("d", 0, 77), 0);
	ASSERT_EQ(chmod("d", 02777), 0);
	make_file("d/f", "x");
	EXPECT_EQ(stat("d/f", &st), 0);
	EXPECT_EQ(st.st_gid, 77);
	EXPECT_EQ(mkdir("d/sub", 0755), 0);
	EXPECT_EQ(stat("d/sub", &st), 0);
	EXPECT_EQ(st.st_gid, 77);
	EXPECT_EQ(st.st_mode & 07777, 02755);
	if (fork() == 0) {
		drop_privileges();
		close(open("d/mine", O_CREAT | O_WRONLY, 02755));
		EXPECT_EQ(mode_of("d/mine"), 0755);
		_exit(0);
	}
	wait(NULL);
	leave_tmpdir();
}

TEST(xattr_answers)
{
	char buf[16];

	enter_tmpdir();
	make_file("f", "x");
	EXPECT_ERRNO(syscall(SYS_getxattr, "f", "", buf, 16L), ERANGE);
	EXPECT_ERRNO(syscall(SYS_getxattr, "none", "user.x", buf, 16L), ENOENT);
	EXPECT_ERRNO(syscall(SYS_setxattr, "f", "bogus.x", "v", 1L, 0L), EOPNOTSUPP);
	EXPECT_ERRNO(syscall(SYS_setxattr, "f", "user.x", "v", 1L, 99L), EINVAL);
	EXPECT_ERRNO(syscall(SYS_getxattr, "f", "bogus.x", buf, 16L), EOPNOTSUPP);
	EXPECT_GE(syscall(SYS_listxattr, "f", NULL, 0L), 0);
	EXPECT_ERRNO(syscall(SYS_fgetxattr, 99L, "user.x", buf, 16L), EBADF);
	leave_tmpdir();
}

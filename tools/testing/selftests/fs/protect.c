// SPDX-License-Identifier: GPL-2.0-only
/*
 * fs.protected_* of proc(5): links and files that somebody put into a directory where everybody
 * may. What is expected follows the values that the system runs with.
 */
#include "../ktest.h"
#include "fsutil.h"

static int level(const char *name)
{
	char path[80], text[8] = "";
	int fd;

	snprintf(path, sizeof(path), "/proc/sys/fs/protected_%s", name);
	fd = open(path, O_RDONLY);
	ASSERT_GE(fd, 0);
	ASSERT_GT(read(fd, text, sizeof(text) - 1), 0);
	close(fd);
	return atoi(text);
}

/* Success, or @err while the protection is on. */
#define EXPECT_GUARDED(on, call, err)						\
do {										\
	if (on)									\
		EXPECT_ERRNO(call, err);					\
	else									\
		EXPECT_GE(call, 0);						\
} while (0)

/* root's again with the saved ids, which will clean up. */
static void become_ordinary(void)
{
	ASSERT_EQ(syscall(SYS_setgroups, 0, NULL), 0);
	ASSERT_EQ(syscall(SYS_setresgid, 1000, 1000, 0), 0);
	ASSERT_EQ(syscall(SYS_setresuid, 1000, 1000, 0), 0);
}

static void leave_sticky(void)
{
	ASSERT_EQ(syscall(SYS_setresuid, 0, 0, 0), 0);
	leave_tmpdir();
}

static void enter_sticky(mode_t mode)
{
	if (geteuid())
		SKIP("needs root");
	enter_tmpdir();
	ASSERT_EQ(mkdir("d", 0755), 0);
	ASSERT_EQ(chmod("d", mode), 0);
}

TEST(hard_links_of_others)
{
	int on = level("hardlinks");

	enter_sticky(0777);
	make_file("mine", "x");
	make_file("writable", "x");
	make_file("readable", "x");
	make_file("set-uid", "x");
	make_file("set-gid", "x");
	ASSERT_EQ(chown("mine", 1000, 1000), 0);
	ASSERT_EQ(chmod("mine", 0), 0);
	ASSERT_EQ(chmod("writable", 0666), 0);
	ASSERT_EQ(chmod("set-uid", 04666), 0);
	ASSERT_EQ(chmod("set-gid", 02676), 0);
	ASSERT_EQ(mkfifo("fifo", 0666), 0);
	ASSERT_EQ(chmod("fifo", 0666), 0);
	EXPECT_EQ(link("readable", "d/root"), 0);
	become_ordinary();
	EXPECT_EQ(link("mine", "d/1"), 0);
	EXPECT_EQ(link("writable", "d/2"), 0);
	EXPECT_GUARDED(on, link("readable", "d/3"), EPERM);
	EXPECT_GUARDED(on, link("set-uid", "d/4"), EPERM);
	EXPECT_GUARDED(on, link("set-gid", "d/5"), EPERM);
	EXPECT_GUARDED(on, link("fifo", "d/6"), EPERM);
	EXPECT_ERRNO(link("readable", "d/1"), EEXIST);
	leave_sticky();
}

TEST(links_in_a_sticky_directory)
{
	int on = level("symlinks");

	enter_sticky(01777);
	make_file("f", "x");
	ASSERT_EQ(mkdir("sub", 0755), 0);
	make_file("sub/g", "x");
	ASSERT_EQ(symlink("../f", "d/roots"), 0);
	ASSERT_EQ(symlink("../f", "d/his"), 0);
	ASSERT_EQ(symlink("../sub", "d/dir"), 0);
	ASSERT_EQ(lchown("d/his", 1001, 1001), 0);
	ASSERT_EQ(lchown("d/dir", 1001, 1001), 0);
	ASSERT_EQ(symlink("d/his", "way"), 0);
	EXPECT_GUARDED(on, open("d/his", O_RDONLY), EACCES);	/* root is no exception */
	EXPECT_GE(open("d/roots", O_RDONLY), 0);
	become_ordinary();
	EXPECT_GE(open("d/roots", O_RDONLY), 0);		/* the directory's owner made it */
	EXPECT_GUARDED(on, open("d/his", O_RDONLY), EACCES);
	EXPECT_GUARDED(on, open("way", O_RDONLY), EACCES);
	EXPECT_GUARDED(on, access("d/his", F_OK), EACCES);
	EXPECT_GUARDED(on, open("d/dir", O_RDONLY), EACCES);
	EXPECT_GUARDED(on, open("d/dir/", O_RDONLY), EACCES);
	EXPECT_GE(open("d/dir/g", O_RDONLY), 0);		/* on the way only */
	EXPECT_GE(open("d/his", O_PATH | O_NOFOLLOW), 0);
	ASSERT_EQ(symlink("../f", "d/mine"), 0);
	EXPECT_GE(open("d/mine", O_RDONLY), 0);
	leave_sticky();
}

TEST(links_elsewhere)
{
	enter_sticky(0777);
	make_file("f", "x");
	ASSERT_EQ(symlink("../f", "d/his"), 0);
	ASSERT_EQ(lchown("d/his", 1001, 1001), 0);
	become_ordinary();
	EXPECT_GE(open("d/his", O_RDONLY), 0);
	leave_sticky();
}

TEST(files_that_were_to_be_made)
{
	int fifos = level("fifos"), regular = level("regular");

	enter_sticky(01777);
	make_file("d/roots", "x");
	make_file("d/his", "x");
	ASSERT_EQ(mkfifo("d/fifo", 0666), 0);
	ASSERT_EQ(chown("d/his", 1001, 1001), 0);
	ASSERT_EQ(chown("d/fifo", 1001, 1001), 0);
	ASSERT_EQ(chmod("d/his", 0666), 0);
	ASSERT_EQ(chmod("d/fifo", 0666), 0);
	ASSERT_EQ(chmod("d/roots", 0666), 0);
	become_ordinary();
	EXPECT_GE(open("d/roots", O_RDWR | O_CREAT, 0600), 0);
	EXPECT_GE(open("d/his", O_RDWR), 0);
	EXPECT_GUARDED(regular, open("d/his", O_RDWR | O_CREAT, 0600), EACCES);
	EXPECT_GUARDED(fifos, open("d/fifo", O_RDWR | O_CREAT, 0600), EACCES);
	EXPECT_ERRNO(open("d/his", O_RDWR | O_CREAT | O_EXCL, 0600), EEXIST);
	EXPECT_GE(open("d/new", O_RDWR | O_CREAT, 0600), 0);
	EXPECT_GE(open("d/new", O_RDWR | O_CREAT, 0600), 0);
	leave_sticky();
}

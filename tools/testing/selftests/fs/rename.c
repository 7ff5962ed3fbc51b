// SPDX-License-Identifier: GPL-2.0-only
/* rename(2), renameat2(2), and many at once. */
#include "../ktest.h"
#include "fsutil.h"
#include <sys/prctl.h>

static int rename2(const char *a, const char *b, unsigned int flags)
{
	return syscall(SYS_renameat2, AT_FDCWD, a, AT_FDCWD, b, flags);
}

static long long inode_of(const char *name)
{
	struct stat st;

	return lstat(name, &st) ? -1 : (long long)st.st_ino;
}

TEST(files)
{
	long long ino;

	enter_tmpdir();
	make_file("a", "aa");
	make_file("b", "bbb");
	ino = inode_of("a");
	EXPECT_EQ(rename("a", "b"), 0);
	EXPECT_EQ(inode_of("b"), ino);
	EXPECT_EQ(inode_of("a"), -1);
	EXPECT_ERRNO(rename("none", "x"), ENOENT);
	EXPECT_ERRNO(rename("b", "none/x"), ENOENT);
	EXPECT_ERRNO(rename("b", "b/x"), ENOTDIR);
	EXPECT_EQ(rename("b", "b"), 0);
	EXPECT_EQ(link("b", "c"), 0);
	EXPECT_EQ(rename("b", "c"), 0);		/* two names of one file: nothing happens */
	EXPECT_EQ(inode_of("b"), ino);
	ASSERT_EQ(mkdir("d", 0755), 0);
	EXPECT_ERRNO(rename("b", "d"), EISDIR);
	EXPECT_ERRNO(rename("d", "b"), ENOTDIR);
	EXPECT_ERRNO(rename("b", "x/"), ENOTDIR);
	EXPECT_ERRNO(rename("b/", "x"), ENOTDIR);
	EXPECT_EQ(rename("b", "d/moved"), 0);
	EXPECT_EQ(inode_of("d/moved"), ino);
	EXPECT_ERRNO(rename(".", "x"), EBUSY);
	EXPECT_ERRNO(rename("d/..", "x"), EBUSY);
	EXPECT_ERRNO(rename("d", "."), EBUSY);
	leave_tmpdir();
}

TEST(directories)
{
	struct stat st;

	enter_tmpdir();
	ASSERT_EQ(mkdir("a", 0755), 0);
	ASSERT_EQ(mkdir("a/sub", 0755), 0);
	ASSERT_EQ(mkdir("b", 0755), 0);
	make_file("b/f", "x");
	EXPECT_ERRNO(rename("a", "a/sub/x"), EINVAL);
	EXPECT_ERRNO(rename("a/sub", "a"), ENOTEMPTY);
	EXPECT_ERRNO(rename("a", "b"), ENOTEMPTY);
	EXPECT_EQ(unlink("b/f"), 0);
	EXPECT_EQ(rename("a", "b"), 0);
	EXPECT_EQ(stat("b", &st), 0);
	EXPECT_EQ(st.st_nlink, 3);
	EXPECT_EQ(rename("b/sub", "top"), 0);
	EXPECT_EQ(stat("b", &st), 0);
	EXPECT_EQ(st.st_nlink, 2);
	EXPECT_EQ(rename("top/", "new///"), 0);
	EXPECT_EQ(chdir("new"), 0);
	EXPECT_EQ(rename("../new", "../b/deep"), 0);
	EXPECT_EQ(stat("..", &st), 0);
	EXPECT_EQ(inode_of("../../b"), st.st_ino);
	EXPECT_EQ(chdir("../.."), 0);
	leave_tmpdir();
}

TEST(flags)
{
	long long a, b;

	enter_tmpdir();
	make_file("a", "a");
	make_file("b", "b");
	ASSERT_EQ(mkdir("d", 0755), 0);
	make_file("d/in", "x");
	a = inode_of("a");
	b = inode_of("b");
	EXPECT_ERRNO(rename2("a", "b", RENAME_NOREPLACE), EEXIST);
	EXPECT_EQ(rename2("a", "c", RENAME_NOREPLACE), 0);
	EXPECT_EQ(rename2("c", "b", RENAME_EXCHANGE), 0);
	EXPECT_EQ(inode_of("b"), a);
	EXPECT_EQ(inode_of("c"), b);
	EXPECT_ERRNO(rename2("b", "none", RENAME_EXCHANGE), ENOENT);
	EXPECT_EQ(rename2("b", "d", RENAME_EXCHANGE), 0);
	EXPECT_EQ(inode_of("d"), a);
	EXPECT_EQ(size_of("b/in"), 1);
	EXPECT_ERRNO(rename2("b", "b/in", RENAME_EXCHANGE), EINVAL);
	EXPECT_ERRNO(rename2("b/in", "b", RENAME_EXCHANGE), EINVAL);
	EXPECT_ERRNO(rename2("b", "c", RENAME_NOREPLACE | RENAME_EXCHANGE), EINVAL);
	EXPECT_ERRNO(rename2("b", "c", 0x100), EINVAL);
	leave_tmpdir();
}

TEST(long_names)
{
	char a[256], b[256];

	enter_tmpdir();
	memset(a, 'a', 255);
	a[255] = 0;
	memset(b, 'b', 200);
	b[200] = 0;
	make_file(a, "1");
	make_file("short", "2");
	EXPECT_EQ(rename(a, b), 0);
	EXPECT_EQ(rename("short", a), 0);
	EXPECT_EQ(rename(b, "s"), 0);
	EXPECT_EQ(size_of("s"), 1);
	EXPECT_EQ(rename2(a, "s", RENAME_EXCHANGE), 0);
	EXPECT_EQ(rename2("s", a, RENAME_EXCHANGE), 0);
	EXPECT_EQ(unlink(a), 0);
	EXPECT_EQ(unlink("s"), 0);
	leave_tmpdir();
}

/* A name that is only ever replaced must never be missing. */
TEST(replacement_is_atomic)
{
	pid_t pid;

	enter_tmpdir();
	make_file("target", "0");
	pid = fork();
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		for (;;) {
			make_file("tmp", "x");
			rename("tmp", "target");
		}
	}
	for (int i = 0; i < 5000; i++) {
		if (access("target", F_OK)) {
			EXPECT_EQ(errno, 0);
			break;
		}
	}
	kill(pid, SIGKILL);
	wait(NULL);
	leave_tmpdir();
}

TEST_TIMEOUT(storm, 60)
{
	enter_tmpdir();
	for (int i = 0; i < 4; i++) {
		char name[16];

		snprintf(name, sizeof(name), "d%d", i);
		ASSERT_EQ(mkdir(name, 0755), 0);
	}
	for (int p = 0; p < 4; p++) {
		if (fork() == 0) {
			char a[32], b[32];

			srand(p);
			for (int i = 0; i < 3000; i++) {
				snprintf(a, sizeof(a), "d%d/x%d", rand() % 4, rand() % 4);
				snprintf(b, sizeof(b), "d%d/x%d", rand() % 4, rand() % 4);
				switch (rand() % 6) {
				case 0:
					mkdir(a, 0755);
					break;
				case 1:
					close(open(a, O_CREAT | O_WRONLY, 0644));
					break;
				case 2:
					rename(a, b);
					break;
				case 3:
					rename2(a, b, RENAME_EXCHANGE);
					break;
				case 4:
					link(a, b);
					break;
				case 5:
					if (unlink(a))
						rmdir(a);
				}
				if (i % 50 == 0)
					remove_all("d0");
			}
			_exit(0);
		}
	}
	while (wait(NULL) > 0)
		;
	leave_tmpdir();
}

/* Two trees change places: a walk sees the one or the other, never neither. */
TEST_TIMEOUT(walks_see_one_tree, 60)
{
	pid_t pid, other;

	enter_tmpdir();
	for (int i = 0; i < 2; i++) {
		ASSERT_EQ(mkdir(i ? "a" : "b", 0755), 0);
		ASSERT_EQ(mkdir(i ? "a/x" : "b/x", 0755), 0);
		ASSERT_EQ(mkdir(i ? "a/x/y" : "b/x/y", 0755), 0);
		make_file(i ? "a/x/y/f" : "b/x/y/f", i ? "a" : "b");
	}
	pid = fork();
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		for (;;)
			rename2("a", "b", RENAME_EXCHANGE);
	}
	other = fork();
	if (other == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		/* names of very different lengths, to stir the dcache */
		mkdir("a-directory-with-a-name-that-does-not-fit-inside-a-dentry", 0755);
		for (;;) {
			rename("a-directory-with-a-name-that-does-not-fit-inside-a-dentry", "z");
			mkdir("z/sub", 0755);
			rmdir("z/sub");
			rename("z", "a-directory-with-a-name-that-does-not-fit-inside-a-dentry");
		}
	}
	for (int i = 0; i < 5000; i++) {
		int fd = open(i % 2 ? "a/x/y/f" : "b/x/../x/y/f", O_RDONLY);
		char c = 0;

		if (fd < 0) {
			EXPECT_EQ(errno, 0);
			break;
		}
		EXPECT_EQ(read(fd, &c, 1), 1);
		EXPECT(c == 'a' || c == 'b');
		close(fd);
	}
	kill(pid, SIGKILL);
	kill(other, SIGKILL);
	while (wait(NULL) > 0)
		;
	leave_tmpdir();
}

// SPDX-License-Identifier: GPL-2.0-only
/* mount(2), umount2(2), pivot_root(2), and what /proc shows of it. */
#include "../ktest.h"
#include "fsutil.h"
#include <sched.h>
#include <sys/mount.h>
#include <sys/vfs.h>
#include <sys/prctl.h>

/* In a namespace of its own, so that nobody else sees anything. */
static void enter_mount_test(void)
{
	if (geteuid())
		SKIP("needs root");
	if (unshare(CLONE_NEWNS) == 0 && mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL))
		SKIP("/ is not the root of a mount (a chroot)");
	enter_tmpdir();
}

static int in_mounts(const char *word)
{
	static char text[65536];
	int fd = open("/proc/self/mounts", O_RDONLY), n, got = 0;

	if (fd < 0)
		return -1;
	while ((n = read(fd, text + got, sizeof(text) - 1 - got)) > 0)
		got += n;
	text[got] = 0;
	close(fd);
	return strstr(text, word) != NULL;
}

TEST(mount_and_umount)
{
	char where[PATH_MAX], line[PATH_MAX + 64];
	struct stat a, b, c;
	int fd;

	enter_mount_test();
	ASSERT_EQ(mkdir("m", 0755), 0);
	make_file("m/below", "x");
	ASSERT_EQ(stat("m", &a), 0);
	ASSERT_EQ(mount("test", "m", "tmpfs", 0, "size=1m,mode=700"), 0);
	ASSERT_EQ(stat("m", &b), 0);
	EXPECT_NE(a.st_dev, b.st_dev);
	EXPECT_EQ(b.st_mode & 07777, 0700);
	EXPECT_EQ(access("m/below", F_OK), -1);
	make_file("m/f", "x");
	ASSERT(getcwd(where, sizeof(where)));
	snprintf(line, sizeof(line), "test %s/m tmpfs rw,relatime,size=1024k,mode=700", where);
	EXPECT_EQ(in_mounts(line), 1);
	/* ".." crosses back */
	EXPECT_EQ(stat("m/..", &c), 0);
	EXPECT_EQ(c.st_dev, a.st_dev);
	EXPECT_ERRNO(rmdir("m"), EBUSY);
	EXPECT_ERRNO(rename("m", "n"), EBUSY);
	EXPECT_ERRNO(link("m/f", "f"), EXDEV);
	EXPECT_ERRNO(rename("m/f", "f"), EXDEV);
	/* a file open inside keeps it busy */
	fd = open("m/f", O_RDONLY);
	EXPECT_ERRNO(umount("m"), EBUSY);
	close(fd);
	EXPECT_ERRNO(umount("m/f"), EINVAL);
	EXPECT_ERRNO(umount("none"), ENOENT);
	EXPECT_ERRNO(umount2("m", 0x1000), EINVAL);
	EXPECT_EQ(umount("m"), 0);
	EXPECT_ERRNO(umount("m"), EINVAL);
	EXPECT_EQ(access("m/below", F_OK), 0);
	leave_tmpdir();
}

TEST(ramfs)
{
	struct statfs fs;
	struct stat st;

	enter_mount_test();
	ASSERT_EQ(mkdir("m", 0755), 0);
	ASSERT_EQ(mount("test", "m", "ramfs", 0, "bogus=1"), 0);
	ASSERT_EQ(stat("m", &st), 0);
	EXPECT_EQ(st.st_mode & 07777, 0755);
	make_file("m/f", "x");
	ASSERT_EQ(statfs("m", &fs), 0);
	EXPECT_EQ(fs.f_type, 0x858458f6);
	EXPECT_EQ(fs.f_blocks, 0);
	ASSERT_EQ(umount("m"), 0);
	ASSERT_EQ(mount("test", "m", "ramfs", 0, "bogus,mode=1710"), 0);
	ASSERT_EQ(stat("m", &st), 0);
	EXPECT_EQ(st.st_mode & 07777, 01710);
	ASSERT_EQ(umount("m"), 0);
	EXPECT_ERRNO(mount("test", "m", "ramfs", 0, "mode=9"), EINVAL);
	leave_tmpdir();
}

TEST(errnos)
{
	enter_mount_test();
	ASSERT_EQ(mkdir("m", 0755), 0);
	make_file("f", "x");
	EXPECT_ERRNO(mount("x", "m", "nonsense", 0, NULL), ENODEV);
	EXPECT_ERRNO(mount("x", "m", NULL, 0, NULL), EINVAL);
	EXPECT_ERRNO(mount("x", "none", "tmpfs", 0, NULL), ENOENT);
	EXPECT_ERRNO(mount("x", "f", "tmpfs", 0, NULL), ENOTDIR);
	EXPECT_ERRNO(mount("x", "m", "tmpfs", 0, "bogus=1"), EINVAL);
	EXPECT_ERRNO(mount("x", "m", "tmpfs", 0, "size=abc"), EINVAL);
	EXPECT_ERRNO(mount("none", "m", NULL, MS_BIND, NULL), ENOENT);
	EXPECT_ERRNO(mount(NULL, "m", NULL, MS_BIND, NULL), EINVAL);
	EXPECT_ERRNO(mount("f", "m", NULL, MS_BIND, NULL), ENOTDIR);
	EXPECT_ERRNO(mount(NULL, "m", NULL, MS_REMOUNT, NULL), EINVAL);
	EXPECT_ERRNO(mount("m", "f", NULL, MS_MOVE, NULL), EINVAL);
	EXPECT_ERRNO(mount(NULL, "m", NULL, MS_PRIVATE, NULL), EINVAL);
	EXPECT_ERRNO(mount(NULL, "/", NULL, MS_PRIVATE | MS_SHARED, NULL), EINVAL);
	EXPECT_EQ(mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL), 0);
	leave_tmpdir();
}

TEST(flags)
{
	int fd;

	enter_mount_test();
	ASSERT_EQ(mkdir("m", 0755), 0);
	ASSERT_EQ(mount("x", "m", "tmpfs", MS_NODEV | MS_NOEXEC | MS_NOSUID, NULL), 0);
	make_file("m/f", "x");
	chmod("m/f", 0755);
	EXPECT_ERRNO(access("m/f", X_OK), EACCES);
	EXPECT_ERRNO(execl("m/f", "f", NULL), EACCES);
	EXPECT_EQ(mknod("m/null", S_IFCHR | 0666, 0x103), 0);
	EXPECT_ERRNO(open("m/null", O_RDONLY), EACCES);
	EXPECT_EQ(in_mounts("nosuid,nodev,noexec,relatime"), 1);
	fd = open("m/f", O_WRONLY);
	EXPECT_ERRNO(mount(NULL, "m", NULL, MS_REMOUNT | MS_RDONLY, NULL), EBUSY);
	close(fd);
	EXPECT_EQ(mount(NULL, "m", NULL, MS_REMOUNT | MS_RDONLY, NULL), 0);
	EXPECT_ERRNO(open("m/f", O_WRONLY), EROFS);
	EXPECT_ERRNO(open("m/new", O_WRONLY | O_CREAT, 0600), EROFS);
	EXPECT_ERRNO(mkdir("m/new", 0700), EROFS);
	EXPECT_ERRNO(mkdir("m/f", 0700), EEXIST);
	EXPECT_ERRNO(unlink("m/f"), EROFS);
	EXPECT_ERRNO(chmod("m/f", 0600), EROFS);
	EXPECT_ERRNO(truncate("m/f", 0), EROFS);
	EXPECT_ERRNO(access("m/f", W_OK), EROFS);
	EXPECT_ERRNO(rename("m/f", "m/g"), EROFS);
	EXPECT_ERRNO(utimensat(AT_FDCWD, "m/f", NULL, 0), EROFS);
	EXPECT_GE(fd = open("m/f", O_RDONLY), 0);
	close(fd);
	EXPECT_EQ(mount(NULL, "m", NULL, MS_REMOUNT, NULL), 0);
	EXPECT_GE(fd = open("m/null", O_RDONLY), 0);
	close(fd);
	EXPECT_EQ(umount("m"), 0);
	leave_tmpdir();
}

TEST(tmpfs_limits)
{
	static char buf[65536];
	struct statfs sf;
	int fd;

	enter_mount_test();
	ASSERT_EQ(mkdir("m", 0755), 0);
	ASSERT_EQ(mount("x", "m", "tmpfs", 0, "size=128k,nr_inodes=4,uid=5,gid=6"), 0);
	EXPECT_EQ(statfs("m", &sf), 0);
	EXPECT_EQ(sf.f_blocks, 32);
	EXPECT_EQ(sf.f_files, 4);
	EXPECT_EQ(sf.f_ffree, 3);
	fd = open("m/a", O_WRONLY | O_CREAT, 0600);
	EXPECT_EQ(write(fd, buf, 65536), 65536);
	EXPECT_EQ(write(fd, buf, 65536), 65536);
	EXPECT_ERRNO(write(fd, buf, 1), ENOSPC);
	EXPECT_ERRNO(fallocate(fd, 0, 0, 1 << 20), ENOSPC);
	EXPECT_EQ(ftruncate(fd, 4096), 0);
	EXPECT_EQ(statfs("m", &sf), 0);
	EXPECT_EQ(sf.f_bfree, 31);
	close(open("m/b", O_WRONLY | O_CREAT, 0600));
	close(open("m/c", O_WRONLY | O_CREAT, 0600));
	EXPECT_ERRNO(open("m/d", O_WRONLY | O_CREAT, 0600), ENOSPC);
	EXPECT_ERRNO(link("m/a", "m/e"), ENOSPC);
	EXPECT_ERRNO(mkdir("m/d", 0700), ENOSPC);
	EXPECT_EQ(unlink("m/b"), 0);
	EXPECT_EQ(link("m/a", "m/e"), 0);
	EXPECT_EQ(unlink("m/a"), 0);
	EXPECT_EQ(mkdir("m/d", 0700), 0);
	EXPECT_EQ(mount(NULL, "m", NULL, MS_REMOUNT, "size=256k"), 0);
	EXPECT_EQ(statfs("m", &sf), 0);
	EXPECT_EQ(sf.f_blocks, 64);
	EXPECT_ERRNO(mount(NULL, "m", NULL, MS_REMOUNT, "nr_inodes=2"), EINVAL);
	close(fd);
	EXPECT_EQ(umount("m"), 0);
	leave_tmpdir();
}

TEST(bind_and_move)
{
	struct stat a, b;

	enter_mount_test();
	ASSERT_EQ(mkdir("src", 0755), 0);
	ASSERT_EQ(mkdir("src/sub", 0755), 0);
	ASSERT_EQ(mkdir("dst", 0755), 0);
	ASSERT_EQ(mkdir("other", 0755), 0);
	make_file("src/f", "x");
	make_file("file", "x");
	ASSERT_EQ(mount("x", "src/sub", "tmpfs", 0, NULL), 0);
	make_file("src/sub/deep", "x");
	ASSERT_EQ(mount("src", "dst", NULL, MS_BIND, NULL), 0);
	EXPECT_EQ(access("dst/f", F_OK), 0);
	EXPECT_EQ(access("dst/sub/deep", F_OK), -1);
	EXPECT_EQ(stat("src", &a), 0);
	EXPECT_EQ(stat("dst", &b), 0);
	EXPECT_EQ(a.st_ino, b.st_ino);
	EXPECT_EQ(a.st_dev, b.st_dev);
	EXPECT_ERRNO(rename("dst/f", "src/g"), EXDEV);
	/* read-only in one view only */
	EXPECT_EQ(mount(NULL, "dst", NULL, MS_REMOUNT | MS_BIND | MS_RDONLY, NULL), 0);
	EXPECT_ERRNO(open("dst/f", O_WRONLY), EROFS);
	close(open("src/f", O_WRONLY));
	EXPECT_EQ(umount("dst"), 0);
	ASSERT_EQ(mount("src", "dst", NULL, MS_BIND | MS_REC, NULL), 0);
	EXPECT_EQ(access("dst/sub/deep", F_OK), 0);
	EXPECT_ERRNO(umount("dst"), EBUSY);
	EXPECT_EQ(mount("dst", "other", NULL, MS_MOVE, NULL), 0);
	EXPECT_EQ(access("dst/f", F_OK), -1);
	EXPECT_EQ(access("other/sub/deep", F_OK), 0);
	EXPECT_ERRNO(mount("other", "other/sub", NULL, MS_MOVE, NULL), ELOOP);
	EXPECT_EQ(umount2("other", MNT_DETACH), 0);
	EXPECT_EQ(access("other/f", F_OK), -1);
	/* a file over a file */
	ASSERT_EQ(mount("src/f", "file", NULL, MS_BIND, NULL), 0);
	EXPECT_ERRNO(unlink("file"), EBUSY);
	EXPECT_EQ(umount("file"), 0);
	EXPECT_EQ(umount("src/sub"), 0);
	leave_tmpdir();
}

TEST(lazy_umount_keeps_open_files)
{
	char buf[4];
	int fd;

	enter_mount_test();
	ASSERT_EQ(mkdir("m", 0755), 0);
	ASSERT_EQ(mount("x", "m", "tmpfs", 0, NULL), 0);
	make_file("m/f", "abc");
	fd = open("m/f", O_RDONLY);
	EXPECT_EQ(umount2("m", MNT_DETACH), 0);
	EXPECT_EQ(access("m/f", F_OK), -1);
	EXPECT_EQ(read(fd, buf, 4), 3);
	close(fd);
	leave_tmpdir();
}

TEST(stacked)
{
	enter_mount_test();
	ASSERT_EQ(mkdir("m", 0755), 0);
	ASSERT_EQ(mount("one", "m", "tmpfs", 0, NULL), 0);
	make_file("m/1", "x");
	ASSERT_EQ(mount("two", "m", "tmpfs", 0, NULL), 0);
	EXPECT_EQ(access("m/1", F_OK), -1);
	make_file("m/2", "x");
	EXPECT_EQ(umount("m"), 0);
	EXPECT_EQ(access("m/1", F_OK), 0);
	EXPECT_EQ(umount("m"), 0);
	leave_tmpdir();
}

TEST(dot_is_what_is_mounted_there_now)
{
	enter_mount_test();
	ASSERT_EQ(mkdir("m", 0755), 0);
	ASSERT_EQ(chdir("m"), 0);
	EXPECT_ERRNO(umount(".") ?: umount2(".", MNT_DETACH), EINVAL);
	ASSERT_EQ(mount("one", "../m", "tmpfs", 0, NULL), 0);
	ASSERT_EQ(mount("two", "../m", "tmpfs", 0, NULL), 0);
	EXPECT_EQ(umount("."), 0);
	EXPECT_EQ(umount2(".", MNT_DETACH), 0);
	EXPECT_ERRNO(umount("."), EINVAL);
	ASSERT_EQ(chdir(".."), 0);
	leave_tmpdir();
}

TEST(pivot)
{
	enter_mount_test();
	ASSERT_EQ(mkdir("new", 0755), 0);
	EXPECT_ERRNO(syscall(SYS_pivot_root, "new", "new"), EINVAL);
	EXPECT_ERRNO(syscall(SYS_pivot_root, "none", "new"), ENOENT);
	if (unshare(CLONE_NEWNS))
		SKIP("pivot_root needs a mount namespace of its own");
	if (in_mounts("rootfs / rootfs"))
		SKIP("the first root of all, which hangs on nothing, cannot be exchanged");
	ASSERT_EQ(mount("x", "new", "tmpfs", 0, NULL), 0);
	ASSERT_EQ(mkdir("new/old", 0755), 0);
	EXPECT_EQ(syscall(SYS_pivot_root, "new", "new/old"), 0);
	EXPECT_EQ(access("/old/dev", F_OK), 0);
	EXPECT_EQ(chdir("/"), 0);
	EXPECT_EQ(umount2("/old", MNT_DETACH), 0);
	EXPECT_EQ(access("/old/dev", F_OK), -1);
}

/* Without a namespace of its own: the root that is exchanged is a mount we are chrooted into. */
TEST(pivot_inside_chroot)
{
	pid_t pid;

	enter_mount_test();
	ASSERT_EQ(mkdir("a", 0755), 0);
	ASSERT_EQ(mount("a", "a", "tmpfs", 0, NULL), 0);
	make_file("a/in-a", "x");
	pid = fork();
	if (pid == 0) {
		ASSERT_EQ(chroot("a"), 0);
		ASSERT_EQ(chdir("/"), 0);
		ASSERT_EQ(mkdir("new", 0755), 0);
		EXPECT_ERRNO(syscall(SYS_pivot_root, "/new", "/new"), EBUSY);
		ASSERT_EQ(mount("b", "new", "tmpfs", 0, NULL), 0);
		ASSERT_EQ(mkdir("new/old", 0755), 0);
		make_file("new/in-b", "x");
		EXPECT_ERRNO(syscall(SYS_pivot_root, "/", "/new/old"), EBUSY);
		EXPECT_EQ(syscall(SYS_pivot_root, "/new", "/new/old"), 0);
		EXPECT_EQ(access("/in-b", F_OK), 0);
		EXPECT_EQ(access("/old/in-a", F_OK), 0);
		EXPECT_EQ(access("in-b", F_OK), 0);	/* the working directory moved along */
		EXPECT_EQ(umount2("/old", MNT_DETACH), 0);
		EXPECT_EQ(access("/old/in-a", F_OK), -1);
		_exit(0);
	}
	EXPECT_EQ(wait_exit(pid), 0);
	EXPECT_EQ(access("a/in-b", F_OK), 0);
	EXPECT_EQ(umount("a"), 0);
	leave_tmpdir();
}

/* Walkers cross a mount point while it comes and goes. */
TEST_TIMEOUT(walks_race_with_mounts, 60)
{
	pid_t pids[3];
	int i, tries;

	enter_mount_test();
	ASSERT_EQ(mkdir("m", 0755), 0);
	ASSERT_EQ(mkdir("m/d", 0755), 0);
	make_file("m/d/f", "x");
	for (i = 0; i < 3; i++) {
		pids[i] = fork();
		if (pids[i] == 0) {
			struct stat st;

			prctl(PR_SET_PDEATHSIG, SIGKILL);
			for (;;) {
				close(open("m/d/f", O_RDONLY));
				stat("m/d/../../m/d/f", &st);
				close(open("m/new", O_WRONLY | O_CREAT, 0600));
				unlink("m/new");
			}
		}
	}
	for (i = 0; i < 100; i++) {
		ASSERT_EQ(mount("x", "m", "tmpfs", 0, "size=64k"), 0);
		mkdir("m/d", 0755);
		/* somebody is nearly always inside: after some tries, whoever is there */
		for (tries = 0; umount2("m", i % 3 && tries < 20 ? 0 : MNT_DETACH); tries++)
			ASSERT_EQ(errno, EBUSY);
	}
	for (i = 0; i < 3; i++)
		kill(pids[i], SIGKILL);
	while (wait(NULL) > 0)
		;
	EXPECT_EQ(access("m/d/f", F_OK), 0);
	leave_tmpdir();
}

// SPDX-License-Identifier: GPL-2.0-only
/* Files: reading, writing, positions, sizes, holes, times, links to them, deleting while open. */
#include "../ktest.h"
#include "fsutil.h"
#include <sys/sendfile.h>
#include <sys/statvfs.h>
#include <sys/time.h>

TEST(read_write_seek)
{
	char buf[64];
	int fd;

	enter_tmpdir();
	fd = open("f", O_RDWR | O_CREAT, 0644);
	ASSERT_EQ(fd >= 0, 1);
	EXPECT_EQ(write(fd, "hello world", 11), 11);
	EXPECT_EQ(lseek(fd, 0, SEEK_CUR), 11);
	EXPECT_EQ(read(fd, buf, 10), 0);
	EXPECT_EQ(lseek(fd, -5, SEEK_END), 6);
	EXPECT_EQ(read(fd, buf, sizeof(buf)), 5);
	EXPECT_EQ(memcmp(buf, "world", 5), 0);
	EXPECT_EQ(pread(fd, buf, 4, 1), 4);
	EXPECT_EQ(memcmp(buf, "ello", 4), 0);
	EXPECT_EQ(lseek(fd, 0, SEEK_CUR), 11);
	EXPECT_EQ(pwrite(fd, "J", 1, 0), 1);
	EXPECT_EQ(lseek(fd, 100, SEEK_SET), 100);
	EXPECT_EQ(read(fd, buf, 1), 0);
	EXPECT_EQ(write(fd, "x", 1), 1);
	EXPECT_EQ(size_of("f"), 101);
	EXPECT_EQ(pread(fd, buf, 64, 11), 64);
	for (int i = 0; i < 64; i++)
		EXPECT_EQ(buf[i], 0);
	EXPECT_ERRNO(lseek(fd, -1, SEEK_SET), EINVAL);
	EXPECT_ERRNO(lseek(fd, 0, 99), EINVAL);
	EXPECT_ERRNO(lseek(99, 0, SEEK_SET), EBADF);
	EXPECT_ERRNO(pread(fd, buf, 1, -1), EINVAL);
	EXPECT_EQ(lseek(fd, 0, SEEK_SET), 0);
	EXPECT_ERRNO(syscall(SYS_read, fd, 8L, 1L), EFAULT);
	EXPECT_ERRNO(syscall(SYS_write, fd, 8L, 1L), EFAULT);
	EXPECT_ERRNO(read(99, buf, 1), EBADF);
	EXPECT_EQ(read(fd, buf, 0), 0);
	close(fd);
	fd = open("f", O_RDONLY);
	EXPECT_ERRNO(write(fd, "x", 1), EBADF);
	EXPECT_ERRNO(ftruncate(fd, 0), EINVAL);
	close(fd);
	fd = open("f", O_WRONLY);
	EXPECT_ERRNO(read(fd, buf, 1), EBADF);
	close(fd);
	fd = open(".", O_RDONLY);
	EXPECT_ERRNO(read(fd, buf, 1), EISDIR);
	EXPECT_ERRNO(ftruncate(fd, 0), EINVAL);
	leave_tmpdir();
}

TEST(append)
{
	int a, b;

	enter_tmpdir();
	a = open("f", O_WRONLY | O_CREAT | O_APPEND, 0644);
	b = open("f", O_WRONLY | O_APPEND);
	EXPECT_EQ(write(a, "1111", 4), 4);
	EXPECT_EQ(write(b, "22", 2), 2);
	EXPECT_EQ(lseek(b, 0, SEEK_SET), 0);
	EXPECT_EQ(write(b, "33", 2), 2);
	EXPECT_EQ(lseek(b, 0, SEEK_CUR), 8);
	EXPECT_EQ(pwrite(a, "4", 1, 0), 1);	/* appended all the same: pwrite(2), BUGS */
	EXPECT_EQ(size_of("f"), 9);
	leave_tmpdir();
}

TEST(vectors)
{
	char x[4], y[4];
	struct iovec w[3] = { { "abc", 3 }, { "", 0 }, { "defg", 4 } };
	struct iovec r[2] = { { x, 4 }, { y, 4 } };
	int fd;

	enter_tmpdir();
	fd = open("f", O_RDWR | O_CREAT, 0644);
	EXPECT_EQ(writev(fd, w, 3), 7);
	EXPECT_EQ(lseek(fd, 0, SEEK_SET), 0);
	EXPECT_EQ(readv(fd, r, 2), 7);
	EXPECT_EQ(memcmp(x, "abcd", 4), 0);
	EXPECT_EQ(memcmp(y, "efg", 3), 0);
	EXPECT_EQ(preadv(fd, r, 2, 5), 2);
	EXPECT_EQ(pwritev(fd, w, 3, 5), 7);
	EXPECT_EQ(size_of("f"), 12);
	EXPECT_ERRNO(syscall(SYS_readv, fd, r, -1L), EINVAL);
	EXPECT_ERRNO(syscall(SYS_readv, fd, r, 1025L), EINVAL);
	EXPECT_EQ(readv(fd, r, 0), 0);
	EXPECT_ERRNO(preadv2(fd, r, 2, 0, 0x4000), EOPNOTSUPP);
	EXPECT_EQ(lseek(fd, 0, SEEK_SET), 0);
	EXPECT_EQ(preadv2(fd, r, 2, -1, 0), 8);
	EXPECT_EQ(lseek(fd, 0, SEEK_CUR), 8);
	leave_tmpdir();
}

TEST(truncation)
{
	char buf[5000];
	int fd;

	enter_tmpdir();
	fd = open("f", O_RDWR | O_CREAT, 0644);
	memset(buf, 'x', sizeof(buf));
	EXPECT_EQ(write(fd, buf, 5000), 5000);
	EXPECT_EQ(ftruncate(fd, 10), 0);
	EXPECT_EQ(size_of("f"), 10);
	EXPECT_EQ(ftruncate(fd, 5000), 0);
	EXPECT_EQ(pread(fd, buf, 5000, 0), 5000);
	EXPECT_EQ(buf[9], 'x');
	for (int i = 10; i < 5000; i++)
		ASSERT_EQ(buf[i], 0);
	EXPECT_EQ(truncate("f", 0), 0);
	EXPECT_EQ(size_of("f"), 0);
	EXPECT_ERRNO(truncate("f", -1), EINVAL);
	EXPECT_ERRNO(truncate(".", 0), EISDIR);
	EXPECT_ERRNO(truncate("none", 0), ENOENT);
	EXPECT_EQ(mkfifo("p", 0600), 0);
	EXPECT_ERRNO(truncate("p", 0), EINVAL);
	make_file("f", "abc");
	close(open("f", O_WRONLY | O_TRUNC));
	EXPECT_EQ(size_of("f"), 0);
	make_file("f", "abc");
	close(open("f", O_RDONLY | O_TRUNC));
	EXPECT_EQ(size_of("f"), 0);
	leave_tmpdir();
}

TEST(sparse)
{
	struct stat st;
	char c;
	int fd;

	enter_tmpdir();
	fd = open("f", O_RDWR | O_CREAT, 0644);
	EXPECT_EQ(pwrite(fd, "x", 1, 1 << 20), 1);
	EXPECT_EQ(fstat(fd, &st), 0);
	EXPECT_EQ(st.st_size, (1 << 20) + 1);
	EXPECT_LE(st.st_blocks, 16);
	EXPECT_EQ(pread(fd, &c, 1, 4096), 1);
	EXPECT_EQ(c, 0);
	EXPECT_EQ(lseek(fd, 0, SEEK_DATA), 1 << 20);
	EXPECT_EQ(lseek(fd, 0, SEEK_HOLE), 0);
	EXPECT_EQ(lseek(fd, 1 << 20, SEEK_HOLE), (1 << 20) + 1);
	EXPECT_ERRNO(lseek(fd, 1 << 21, SEEK_DATA), ENXIO);
	EXPECT_ERRNO(lseek(fd, 1 << 21, SEEK_HOLE), ENXIO);
	EXPECT_EQ(pwrite(fd, "abcd", 4, 8192), 4);
	EXPECT_EQ(lseek(fd, 0, SEEK_DATA), 8192);
	EXPECT_EQ(lseek(fd, 8192, SEEK_HOLE), 12288);
	EXPECT_EQ(fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 8193, 2), 0);
	EXPECT_EQ(pread(fd, &c, 1, 8192), 1);
	EXPECT_EQ(c, 'a');
	EXPECT_EQ(pread(fd, &c, 1, 8194), 1);
	EXPECT_EQ(c, 0);
	EXPECT_EQ(fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, 1 << 20), 0);
	EXPECT_EQ(lseek(fd, 0, SEEK_DATA), 1 << 20);
	EXPECT_EQ(fallocate(fd, 0, 0, 3 << 20), 0);
	EXPECT_EQ(size_of("f"), 3 << 20);
	EXPECT_EQ(fstat(fd, &st), 0);
	EXPECT_EQ(st.st_blocks, (3 << 20) / 512);
	EXPECT_EQ(fallocate(fd, FALLOC_FL_KEEP_SIZE, 3 << 20, 4096), 0);
	EXPECT_EQ(size_of("f"), 3 << 20);
	EXPECT_ERRNO(fallocate(fd, 0, 0, 0), EINVAL);
	EXPECT_ERRNO(fallocate(fd, 0, -1, 1), EINVAL);
	EXPECT_ERRNO(fallocate(fd, FALLOC_FL_PUNCH_HOLE, 0, 1), EOPNOTSUPP);
	EXPECT_ERRNO(fallocate(fd, FALLOC_FL_COLLAPSE_RANGE, 0, 4096), EOPNOTSUPP);
	EXPECT_ERRNO(fallocate(99, 0, 0, 1), EBADF);
	leave_tmpdir();
}

TEST(unlink_while_open)
{
	struct stat st;
	char buf[8], path[64];
	int fd;

	enter_tmpdir();
	fd = open("f", O_RDWR | O_CREAT, 0644);
	EXPECT_EQ(write(fd, "abc", 3), 3);
	EXPECT_EQ(unlink("f"), 0);
	EXPECT_EQ(access("f", F_OK), -1);
	EXPECT_EQ(fstat(fd, &st), 0);
	EXPECT_EQ(st.st_nlink, 0);
	EXPECT_EQ(pread(fd, buf, 8, 0), 3);
	EXPECT_EQ(write(fd, "def", 3), 3);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	EXPECT_ERRNO(linkat(AT_FDCWD, path, AT_FDCWD, "back", AT_SYMLINK_FOLLOW), ENOENT);
	make_file("f", "new");
	EXPECT_EQ(fstat(fd, &st), 0);
	EXPECT_EQ(st.st_size, 6);
	leave_tmpdir();
}

TEST(tmpfile)
{
	char path[64];
	struct stat st;
	int fd;

	enter_tmpdir();
	fd = open(".", O_RDWR | O_TMPFILE, 0644);
	ASSERT_GE(fd, 0);
	EXPECT_EQ(write(fd, "abc", 3), 3);
	EXPECT_EQ(fstat(fd, &st), 0);
	EXPECT_EQ(st.st_nlink, 0);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	if (access("/proc/self/fd", F_OK) == 0) {
		EXPECT_EQ(linkat(AT_FDCWD, path, AT_FDCWD, "named", AT_SYMLINK_FOLLOW), 0);
		EXPECT_EQ(size_of("named"), 3);
	}
	leave_tmpdir();
}

TEST(hard_links)
{
	struct stat st;

	enter_tmpdir();
	make_file("a", "x");
	EXPECT_EQ(link("a", "b"), 0);
	EXPECT_EQ(stat("a", &st), 0);
	EXPECT_EQ(st.st_nlink, 2);
	EXPECT_EQ(unlink("a"), 0);
	EXPECT_EQ(stat("b", &st), 0);
	EXPECT_EQ(st.st_nlink, 1);
	ASSERT_EQ(mkdir("d", 0755), 0);
	EXPECT_EQ(stat("d", &st), 0);
	EXPECT_EQ(st.st_nlink, 2);
	ASSERT_EQ(mkdir("d/e", 0755), 0);
	EXPECT_EQ(stat("d", &st), 0);
	EXPECT_EQ(st.st_nlink, 3);
	leave_tmpdir();
}

TEST(times)
{
	struct timespec ts[2] = { { 1000, 5 }, { 2000, 7 } };
	struct timespec bad[2] = { { 0, 1000000000 }, { 0, 0 } };
	struct stat st;
	int fd;

	enter_tmpdir();
	make_file("f", "x");
	EXPECT_EQ(utimensat(AT_FDCWD, "f", ts, 0), 0);
	EXPECT_EQ(stat("f", &st), 0);
	EXPECT_EQ(st.st_atim.tv_sec, 1000);
	EXPECT_EQ(st.st_atim.tv_nsec, 5);
	EXPECT_EQ(st.st_mtim.tv_sec, 2000);
	EXPECT_GT(st.st_ctim.tv_sec, 3000);
	ts[0].tv_nsec = UTIME_OMIT;
	ts[1].tv_sec = 4000;
	EXPECT_EQ(utimensat(AT_FDCWD, "f", ts, 0), 0);
	EXPECT_EQ(stat("f", &st), 0);
	EXPECT_EQ(st.st_atim.tv_sec, 1000);
	EXPECT_EQ(st.st_mtim.tv_sec, 4000);
	EXPECT_EQ(utimensat(AT_FDCWD, "f", NULL, 0), 0);
	EXPECT_EQ(stat("f", &st), 0);
	EXPECT_GT(st.st_atim.tv_sec, 5000);
	EXPECT_ERRNO(utimensat(AT_FDCWD, "f", bad, 0), EINVAL);
	EXPECT_ERRNO(utimensat(AT_FDCWD, "none", NULL, 0), ENOENT);
	EXPECT_ERRNO(utimensat(AT_FDCWD, "f", NULL, 0x8000), EINVAL);
	fd = open("f", O_RDONLY);
	ts[0] = (struct timespec){ 1, 1 };
	EXPECT_EQ(futimens(fd, ts), 0);
	EXPECT_EQ(fstat(fd, &st), 0);
	EXPECT_EQ(st.st_atim.tv_sec, 1);
	ASSERT_EQ(symlink("f", "l"), 0);
	EXPECT_EQ(utimensat(AT_FDCWD, "l", ts, AT_SYMLINK_NOFOLLOW), 0);
	EXPECT_EQ(lstat("l", &st), 0);
	EXPECT_EQ(st.st_mtim.tv_sec, 4000);
	leave_tmpdir();
}

TEST(statx_fields)
{
	struct statx sx;
	struct stat st;

	enter_tmpdir();
	make_file("f", "hello");
	EXPECT_EQ(statx(AT_FDCWD, "f", 0, STATX_ALL, &sx), 0);
	EXPECT_EQ(stat("f", &st), 0);
	EXPECT_EQ(sx.stx_size, 5);
	EXPECT_EQ(sx.stx_ino, st.st_ino);
	EXPECT_EQ(sx.stx_mode, st.st_mode);
	EXPECT_EQ(sx.stx_mask & STATX_BASIC_STATS, STATX_BASIC_STATS);
	EXPECT(sx.stx_mask & STATX_BTIME);
	EXPECT_ERRNO(statx(AT_FDCWD, "f", AT_STATX_SYNC_TYPE, STATX_ALL, &sx), EINVAL);
	EXPECT_ERRNO(statx(AT_FDCWD, "f", 0, STATX__RESERVED, &sx), EINVAL);
	EXPECT_ERRNO(statx(AT_FDCWD, "none", 0, STATX_ALL, &sx), ENOENT);
	leave_tmpdir();
}

TEST(statfs_of_tmpfs)
{
	struct statfs sf;
	struct statvfs sv;

	enter_tmpdir();
	EXPECT_EQ(statfs(".", &sf), 0);
	EXPECT_EQ(sf.f_type, 0x01021994);
	EXPECT_EQ(sf.f_bsize, 4096);
	EXPECT_EQ(sf.f_namelen, 255);
	EXPECT_GE(sf.f_blocks, sf.f_bfree);
	EXPECT_EQ(statvfs(".", &sv), 0);
	EXPECT_ERRNO(statfs("none", &sf), ENOENT);
	EXPECT_ERRNO(fstatfs(99, &sf), EBADF);
	leave_tmpdir();
}

TEST(file_size_limit)
{
	struct rlimit rl = { 100, 100 };
	char buf[200] = {};
	int fd;

	enter_tmpdir();
	fd = open("f", O_RDWR | O_CREAT, 0644);
	signal(SIGXFSZ, SIG_IGN);
	ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &rl), 0);
	EXPECT_EQ(write(fd, buf, 200), 100);
	EXPECT_ERRNO(write(fd, buf, 1), EFBIG);
	EXPECT_ERRNO(ftruncate(fd, 101), EFBIG);
	EXPECT_EQ(ftruncate(fd, 50), 0);
	if (fork() == 0) {
		signal(SIGXFSZ, SIG_DFL);
		lseek(fd, 100, SEEK_SET);
		write(fd, buf, 1);
		_exit(0);
	} else {
		int status;

		wait(&status);
		EXPECT(WIFSIGNALED(status) && WTERMSIG(status) == SIGXFSZ);
	}
	leave_tmpdir();
}

TEST(copying_calls)
{
	off_t off = 2;
	loff_t in = 1, out = 0;
	char buf[32];
	int a, b, p[2];

	enter_tmpdir();
	make_file("a", "hello world");
	a = open("a", O_RDONLY);
	b = open("b", O_RDWR | O_CREAT, 0644);
	EXPECT_EQ(sendfile(b, a, &off, 100), 9);
	EXPECT_EQ(off, 11);
	EXPECT_EQ(lseek(a, 0, SEEK_CUR), 0);
	EXPECT_EQ(pread(b, buf, 32, 0), 9);
	EXPECT_EQ(memcmp(buf, "llo world", 9), 0);
	EXPECT_EQ(sendfile(b, a, NULL, 5), 5);
	EXPECT_EQ(lseek(a, 0, SEEK_CUR), 5);
	EXPECT_ERRNO(sendfile(a, b, NULL, 5), EBADF);
	EXPECT_ERRNO(sendfile(b, 99, NULL, 5), EBADF);
	EXPECT_EQ(ftruncate(b, 0), 0);
	EXPECT_EQ(copy_file_range(a, &in, b, &out, 100, 0), 10);
	EXPECT_EQ(in, 11);
	EXPECT_EQ(out, 10);
	EXPECT_EQ(copy_file_range(a, &in, b, &out, 100, 0), 0);
	EXPECT_ERRNO(copy_file_range(a, NULL, b, NULL, 1, 1), EINVAL);
	ASSERT_EQ(pipe(p), 0);
	EXPECT_ERRNO(copy_file_range(p[0], NULL, b, NULL, 1, 0), EINVAL);
	/* splice: file to pipe to file */
	in = 0;
	EXPECT_EQ(splice(a, &in, p[1], NULL, 5, 0), 5);
	EXPECT_EQ(in, 5);
	out = 3;
	EXPECT_EQ(splice(p[0], NULL, b, &out, 100, 0), 5);
	EXPECT_EQ(out, 8);
	EXPECT_EQ(pread(b, buf, 5, 3), 5);
	EXPECT_EQ(memcmp(buf, "hello", 5), 0);
	EXPECT_ERRNO(splice(a, NULL, b, NULL, 5, 0), EINVAL);
	EXPECT_ERRNO(splice(p[0], &in, b, NULL, 5, 0), ESPIPE);
	EXPECT_ERRNO(splice(p[0], NULL, b, NULL, 5, SPLICE_F_NONBLOCK), EAGAIN);
	leave_tmpdir();
}

TEST(getdents)
{
	char name[16], seen[300] = {};
	struct dirent *ent;
	int n = 0, dots = 0;
	long mid = 0;
	DIR *d;

	enter_tmpdir();
	for (int i = 0; i < 300; i++) {
		snprintf(name, sizeof(name), "f%d", i);
		make_file(name, "");
	}
	d = opendir(".");
	ASSERT(d);
	while ((ent = readdir(d))) {
		if (ent->d_name[0] == '.') {
			dots++;
			EXPECT_EQ(ent->d_type, DT_DIR);
			continue;
		}
		EXPECT_EQ(ent->d_type, DT_REG);
		seen[atoi(ent->d_name + 1)]++;
		if (++n == 100)
			mid = telldir(d);
		/* removing what was read must not hide the rest */
		if (n % 3 == 0)
			unlink(ent->d_name);
	}
	EXPECT_EQ(dots, 2);
	EXPECT_EQ(n, 300);
	for (int i = 0; i < 300; i++)
		EXPECT_EQ(seen[i], 1);
	rewinddir(d);
	for (n = 0; readdir(d); n++)
		;
	EXPECT_EQ(n, 202);
	seekdir(d, mid);
	for (n = 0; readdir(d); n++)
		;
	EXPECT_GE(n, 100);
	EXPECT_LE(n, 140);
	closedir(d);
	EXPECT_ERRNO(syscall(SYS_getdents64, open("f1", O_RDONLY), name, 16), ENOTDIR);
	EXPECT_ERRNO(syscall(SYS_getdents64, open(".", O_RDONLY), name, 8), EINVAL);
	leave_tmpdir();
}

TEST(execution_denies_writing)
{
	char exe[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", exe, sizeof(exe) - 1);

	if (n <= 0)
		SKIP("no /proc");
	exe[n] = 0;
	EXPECT_ERRNO(open(exe, O_WRONLY), ETXTBSY);
	EXPECT_ERRNO(truncate(exe, 0), ETXTBSY);
}

// SPDX-License-Identifier: GPL-2.0-only
/* Shared mappings: of anonymous memory and of files, with truncation under them. */
#include "../ktest.h"
#include "mm_util.h"

TEST(anonymous_memory_is_common)
{
	char *p = mmap(NULL, 64 * PG, RW, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pid_t pid;

	p[0] = 1;
	pid = fork();
	if (!pid) {
		for (int i = 0; i < 64; i++)
			p[i * PG] = i + 10;
		_exit(0);
	}
	EXPECT_EQ(wait_exit(pid), 0);
	for (int i = 0; i < 64; i++)
		EXPECT_EQ(p[i * PG], i + 10);
}

TEST(file_and_mapping_are_one)
{
	int fd = temp_file(4 * PG);
	char *p = mmap(NULL, 4 * PG, RW, MAP_SHARED, fd, 0), buf[6] = "";

	ASSERT_EQ(pwrite(fd, "hello", 5, PG), 5);
	EXPECT_EQ(memcmp(p + PG, "hello", 5), 0);
	memcpy(p + 2 * PG, "world", 5);
	EXPECT_EQ(pread(fd, buf, 5, 2 * PG), 5);
	EXPECT_STREQ(buf, "world");
	EXPECT_EQ(msync(p, 4 * PG, MS_SYNC), 0);
}

TEST(beyond_the_end_is_sigbus)
{
	int fd = temp_file(PG + 10);
	char *p = mmap(NULL, 4 * PG, RW, MAP_SHARED, fd, 0);

	ASSERT(p != MAP_FAILED);
	EXPECT_EQ(p[PG + 100], 0);	/* the last page is whole */
	EXPECT_EQ(touch_signal(p + 2 * PG, 0), SIGBUS);
	EXPECT_EQ(touch_signal(p + 2 * PG, 1), SIGBUS);
	ASSERT_EQ(ftruncate(fd, 3 * PG), 0);
	EXPECT_EQ(p[2 * PG], 0);
	EXPECT_EQ(touch_signal(p + 3 * PG, 0), SIGBUS);
}

TEST(truncation_takes_pages_away)
{
	int fd = temp_file(8 * PG);
	char *p = mmap(NULL, 8 * PG, RW, MAP_SHARED, fd, 0);
	char *q = mmap(NULL, 8 * PG, RW, MAP_PRIVATE, fd, 0);

	memset(p, 7, 8 * PG);
	q[6 * PG] = 1;
	ASSERT_EQ(ftruncate(fd, 2 * PG + 100), 0);
	EXPECT_EQ(touch_signal(p + 3 * PG, 0), SIGBUS);
	EXPECT_EQ(touch_signal(q + 6 * PG, 0), SIGBUS);
	EXPECT_EQ(p[2 * PG + 99], 7);
	EXPECT_EQ(p[2 * PG + 100], 0);
	ASSERT_EQ(ftruncate(fd, 8 * PG), 0);
	EXPECT_EQ(p[5 * PG], 0);
	EXPECT_EQ(q[6 * PG], 0);
}

TEST(sparse_files_have_holes)
{
	int fd = temp_file(0);
	char byte = 1, buf[16];

	ASSERT_EQ(pwrite(fd, &byte, 1, 1L << 33), 1);
	EXPECT_EQ(lseek(fd, 0, SEEK_END), (1L << 33) + 1);
	EXPECT_EQ(pread(fd, buf, 16, 1L << 20), 16);
	EXPECT_EQ(buf[0], 0);
	EXPECT_EQ(lseek(fd, 0, SEEK_DATA), 1L << 33);
	EXPECT_EQ(lseek(fd, 0, SEEK_HOLE), 0);
	EXPECT_ERRNO(lseek(fd, 1L << 34, SEEK_DATA), ENXIO);
}

TEST(write_from_own_mapping)
{
	int fd = temp_file(2 * PG);
	char *p = mmap(NULL, 2 * PG, RW, MAP_SHARED, fd, 0);

	memset(p, 9, PG);
	EXPECT_EQ(pwrite(fd, p, PG, PG), (long)PG);
	EXPECT_EQ(p[2 * PG - 1], 9);
	EXPECT_EQ(madvise(p, PG, MADV_DONTNEED), 0);
	EXPECT_EQ(pwrite(fd, p, PG, 0), (long)PG);
	EXPECT_EQ(p[5], 9);
}

TEST(read_into_bad_memory)
{
	int fd = temp_file(PG);
	char *p = mmap(NULL, PG, PROT_READ, ANON, -1, 0);

	EXPECT_ERRNO(pread(fd, p, 10, 0), EFAULT);
	EXPECT_ERRNO(pread(fd, (void *)-PG, 10, 0), EFAULT);
	EXPECT_ERRNO(pwrite(fd, (void *)PG, 10, 0), EFAULT);
}

TEST(truncate_while_another_faults)
{
	int fd = temp_file(64 * PG);
	char *p = mmap(NULL, 64 * PG, RW, MAP_SHARED, fd, 0);
	pid_t pid = fork();

	if (!pid) {
		signal(SIGBUS, SIG_IGN);
		for (int i = 0; i < 600; i++) {
			char byte;

			/* through the kernel, so that the end of the file is an errno */
			if (pwrite(open("/dev/null", O_WRONLY), p + (i % 64) * PG, 1, 0) < 0)
				byte = 0;
			close(3 + 1);
			(void)byte;
		}
		_exit(0);
	}
	for (int i = 0; i < 200; i++) {
		ftruncate(fd, 10 * PG);
		ftruncate(fd, 64 * PG);
	}
	EXPECT_EQ(wait_exit(pid), 0);
}

TEST(mincore_and_msync_errnos)
{
	char *p = map_anon(4 * PG);
	unsigned char vec[4];

	EXPECT_ERRNO(mincore(p + 1, PG, vec), EINVAL);
	EXPECT_ERRNO(mincore(p, 4 * PG, (void *)-PG), EFAULT);
	EXPECT_ERRNO(msync(p, PG, MS_SYNC | MS_ASYNC), EINVAL);
	EXPECT_ERRNO(msync(p + 1, PG, MS_SYNC), EINVAL);
	EXPECT_ERRNO(msync(p, PG, 64), EINVAL);
	EXPECT_EQ(msync(p, 0, MS_SYNC), 0);
	munmap(p + PG, PG);
	EXPECT_ERRNO(mincore(p, 4 * PG, vec), ENOMEM);
	EXPECT_ERRNO(msync(p, 4 * PG, MS_SYNC), ENOMEM);
}

static sigjmp_buf after_bus;

static void on_bus(int sig)
{
	siglongjmp(after_bus, 1);
}

/* Touch every page, whatever of it is there; what is there is zero or the writer's mark. */
static void touch_all(volatile char *p, int pages, int write)
{
	for (volatile int i = 0; i < pages; i++) {
		if (sigsetjmp(after_bus, 1))
			continue;
		if (write) {
			p[i * PG] = 'm';
		} else {
			char c = p[i * PG];	/* one look: it may be truncated meanwhile */

			if (c && c != 'm')
				ktest_failed(1);
		}
	}
}

static void storm_child(int fd, int kind, volatile int *stop)
{
	char *p = mmap(NULL, 32 * PG, RW, kind & 1 ? MAP_SHARED : MAP_PRIVATE, fd, 0);

	signal(SIGBUS, on_bus);
	while (!*stop) {
		touch_all(p, 32, kind & 2);
		if (kind == 3) {
			pid_t pid = fork();

			if (!pid) {
				touch_all(p, 32, 1);
				_exit(0);
			}
			EXPECT_EQ(wait_exit(pid), 0);
		}
		if (kind == 2) {
			munmap(p, 16 * PG);
			EXPECT(mmap(p, 16 * PG, RW, MAP_PRIVATE | MAP_FIXED, fd, 0) == p);
		}
	}
	_exit(0);
}

TEST_TIMEOUT(truncation_among_faults_and_forks, 60)
{
	volatile int *stop = mmap(NULL, PG, RW, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int fd = temp_file(32 * PG);
	pid_t pid[4];

	for (int kind = 0; kind < 4; kind++) {
		pid[kind] = fork();
		if (!pid[kind])
			storm_child(fd, kind, stop);
	}
	for (int i = 0; i < 60; i++) {
		ftruncate(fd, (i % 7) * 5 * PG + i);
		ftruncate(fd, 32 * PG);
		if (pwrite(fd, "m", 1, (i % 32) * PG) != 1)
			ktest_failed(0);
	}
	*stop = 1;
	for (int kind = 0; kind < 4; kind++)
		EXPECT_EQ(wait_exit(pid[kind]), 0);
	EXPECT_EQ(ftruncate(fd, 0), 0);
}

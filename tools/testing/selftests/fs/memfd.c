// SPDX-License-Identifier: GPL-2.0-only
/* memfd_create(2) and seals (fcntl(2)). */
#include "../ktest.h"
#include "fsutil.h"

#define ALL_SEALS	(F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE)

TEST(create)
{
	char name[300], link[PATH_MAX] = {}, path[64];
	struct stat st;
	int fd;

	fd = memfd_create("hello", MFD_CLOEXEC);
	ASSERT_GE(fd, 0);
	EXPECT_EQ(fcntl(fd, F_GETFD), FD_CLOEXEC);
	EXPECT_EQ(write(fd, "abc", 3), 3);
	EXPECT_EQ(fstat(fd, &st), 0);
	EXPECT_EQ(st.st_size, 3);
	EXPECT_EQ(st.st_nlink, 0);
	EXPECT(S_ISREG(st.st_mode));
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	if (readlink(path, link, sizeof(link) - 1) > 0)
		EXPECT_STREQ(link, "/memfd:hello (deleted)");
	EXPECT_ERRNO(memfd_create("x", 0x1000), EINVAL);
	EXPECT_ERRNO(syscall(SYS_memfd_create, 8L, 0L), EFAULT);
	memset(name, 'a', sizeof(name));
	name[250] = 0;
	EXPECT_ERRNO(memfd_create(name, 0), EINVAL);
	name[249] = 0;
	EXPECT_GE(memfd_create(name, 0), 0);
	EXPECT_EQ(fcntl(fd, F_GET_SEALS), F_SEAL_SEAL);
	EXPECT_ERRNO(fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE), EPERM);
}

TEST(seals)
{
	char buf[4];
	void *p;
	int fd = memfd_create("s", MFD_ALLOW_SEALING);

	ASSERT_GE(fd, 0);
	EXPECT_EQ(write(fd, "abcd", 4), 4);
	EXPECT_EQ(fcntl(fd, F_GET_SEALS), 0);
	EXPECT_ERRNO(fcntl(fd, F_ADD_SEALS, 0x10000), EINVAL);
	EXPECT_EQ(fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK), 0);
	EXPECT_ERRNO(ftruncate(fd, 1), EPERM);
	EXPECT_EQ(ftruncate(fd, 100), 0);
	EXPECT_EQ(fcntl(fd, F_ADD_SEALS, F_SEAL_GROW), 0);
	EXPECT_ERRNO(ftruncate(fd, 101), EPERM);
	EXPECT_EQ(pwrite(fd, "x", 1, 99), 1);
	EXPECT_ERRNO(pwrite(fd, "x", 1, 100), EPERM);
	p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	ASSERT_NE(p, MAP_FAILED);
	EXPECT_ERRNO(fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE), EBUSY);
	munmap(p, 4096);
	EXPECT_EQ(fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE), 0);
	EXPECT_ERRNO(pwrite(fd, "x", 1, 0), EPERM);
	EXPECT_EQ(pread(fd, buf, 4, 0), 4);
	p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	EXPECT_EQ(p, MAP_FAILED);
	EXPECT_EQ(errno, EPERM);
	p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
	EXPECT_NE(p, MAP_FAILED);
	EXPECT_EQ(fcntl(fd, F_ADD_SEALS, F_SEAL_SEAL), 0);
	EXPECT_ERRNO(fcntl(fd, F_ADD_SEALS, F_SEAL_SEAL), EPERM);
	EXPECT_EQ(fcntl(fd, F_GET_SEALS), ALL_SEALS);
}

TEST(future_write)
{
	int fd = memfd_create("s", MFD_ALLOW_SEALING);
	char *p, *q;

	ASSERT_EQ(ftruncate(fd, 4096), 0);
	p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	ASSERT_NE(p, MAP_FAILED);
	EXPECT_EQ(fcntl(fd, F_ADD_SEALS, F_SEAL_FUTURE_WRITE), 0);
	*p = 'x';
	EXPECT_ERRNO(pwrite(fd, "x", 1, 0), EPERM);
	q = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	EXPECT_EQ(q, MAP_FAILED);
	q = mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 0);
	ASSERT_NE(q, MAP_FAILED);
	EXPECT_EQ(*q, 'x');
	EXPECT_ERRNO(mprotect(q, 4096, PROT_READ | PROT_WRITE), EACCES);
}

TEST(nothing_may_be_written_to_a_sealed_file)
{
	int fd = memfd_create("s", MFD_ALLOW_SEALING);

	ASSERT_EQ(ftruncate(fd, 100), 0);
	ASSERT_EQ(fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE), 0);
	EXPECT_ERRNO(pwrite(fd, "x", 1, 0), EPERM);
	EXPECT_EQ(pwrite(fd, "", 0, 0), 0);
	EXPECT_EQ(write(fd, "", 0), 0);
}

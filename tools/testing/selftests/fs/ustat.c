// SPDX-License-Identifier: GPL-2.0-only
/* ustat(2) and sysfs(2), which only system calls reach. */
#include "../ktest.h"
#include "fsutil.h"

/* What ustat(2) fills; the C library has no name for it any more. */
struct counts {
	int tfree;
	unsigned long tinode;
	char fname[6], fpack[6];
};

static int ustat(unsigned long dev, void *buf)
{
	return syscall(SYS_ustat, dev, buf);
}

static int of_type(int option, const void *a, void *b)
{
	return syscall(SYS_sysfs, option, a, b);
}

TEST(ustat_counts_as_statfs)
{
	struct { struct counts c; char behind[16]; } got;
	struct statfs fs;
	struct stat st;

	enter_tmpdir();
	ASSERT_EQ(stat(".", &st), 0);
	memset(&got, 0x55, sizeof(got));
	EXPECT_EQ(ustat(st.st_dev, &got), 0);
	ASSERT_EQ(statfs(".", &fs), 0);
	/* others use it, too */
	EXPECT_LE(labs((long)got.c.tfree - (long)(int)fs.f_bfree), 100000);
	EXPECT_LE(labs((long)got.c.tinode - (long)fs.f_ffree), 10000);
	EXPECT_EQ(got.c.fname[0] | got.c.fpack[0], 0);
	EXPECT_EQ(got.behind[0], 0x55);
	ASSERT_EQ(stat("/proc", &st), 0);
	EXPECT_EQ(ustat(st.st_dev, &got), 0);
	EXPECT_EQ(got.c.tfree, 0);
	EXPECT_EQ(ustat(st.st_dev | 1ul << 40, &got), 0);
	EXPECT_ERRNO(ustat(st.st_dev, NULL), EFAULT);
	EXPECT_ERRNO(ustat(0x12345678, NULL), EINVAL);
	EXPECT_ERRNO(ustat(0, &got), EINVAL);
	EXPECT_ERRNO(ustat(-1, &got), EINVAL);
	leave_tmpdir();
}

TEST(sysfs_numbers_the_types)
{
	int n = of_type(3, NULL, NULL);
	char name[100];

	EXPECT_GE(n, 3);
	for (long i = 0; i < n; i++) {
		ASSERT_EQ(of_type(2, (void *)i, name), 0);
		EXPECT_EQ(of_type(1, name, NULL), i);
	}
	EXPECT_GE(of_type(1, "proc", NULL), 0);
	EXPECT_GE(of_type(1, "tmpfs", NULL), 0);
}

TEST(sysfs_refuses)
{
	long n = of_type(3, NULL, NULL);
	char name[100];

	EXPECT_ERRNO(of_type(2, (void *)n, name), EINVAL);
	EXPECT_ERRNO(of_type(2, (void *)-1, name), EINVAL);
	EXPECT_ERRNO(of_type(2, (void *)0, NULL), EFAULT);
	EXPECT_ERRNO(of_type(1, NULL, NULL), EFAULT);
	EXPECT_ERRNO(of_type(1, "", NULL), ENOENT);
	EXPECT_ERRNO(of_type(1, "nonesuch", NULL), EINVAL);
	EXPECT_ERRNO(of_type(0, NULL, NULL), EINVAL);
	EXPECT_ERRNO(of_type(4, NULL, NULL), EINVAL);
	EXPECT_ERRNO(of_type(-1, NULL, NULL), EINVAL);
}

// SPDX-License-Identifier: GPL-2.0-only
/* mlock and its kin: presence, counts, limits, and that a child inherits none of it. */
#include <sys/syscall.h>
#include "../ktest.h"
#include "mm_util.h"

static void drop_privilege_with_limit(rlim_t bytes)
{
	struct rlimit limit = { bytes, bytes };

	ASSERT_EQ(setrlimit(RLIMIT_MEMLOCK, &limit), 0);
	if (!geteuid())
		ASSERT_EQ(setresuid(1000, 1000, 1000), 0);
}

static long locked_kb(void)
{
	return proc_value("/proc/self/status", "VmLck");
}

TEST(lock_brings_in_and_counts)
{
	char *p = map_anon(8 * PG);
	unsigned char vec[8];

	ASSERT_EQ(mlock(p + PG + 5, 2 * PG), 0);
	ASSERT_EQ(mincore(p, 8 * PG, vec), 0);
	EXPECT_EQ(vec[0] & 1, 0);
	EXPECT_EQ(vec[1] & 1, 1);
	EXPECT_EQ(vec[3] & 1, 1);
	EXPECT_EQ(vec[4] & 1, 0);
	EXPECT_EQ(locked_kb(), 12);
	EXPECT_EQ(mlock(p, 8 * PG), 0);
	EXPECT_EQ(locked_kb(), 32);
	EXPECT_EQ(munlock(p, 4 * PG), 0);
	EXPECT_EQ(locked_kb(), 16);
	munmap(p, 8 * PG);
	EXPECT_EQ(locked_kb(), 0);
}

TEST(on_fault_waits_for_the_touch)
{
	char *p = map_anon(4 * PG);
	unsigned char vec[4];

	EXPECT_EQ(syscall(SYS_mlock2, p, 4 * PG, 1), 0);
	ASSERT_EQ(mincore(p, 4 * PG, vec), 0);
	EXPECT_EQ(vec[0] & 1, 0);
	EXPECT_EQ(locked_kb(), 16);
	EXPECT_ERRNO(syscall(SYS_mlock2, p, PG, 2), EINVAL);
}

TEST(fork_does_not_inherit)
{
	char *p = map_anon(4 * PG);
	pid_t pid;

	ASSERT_EQ(mlock(p, 4 * PG), 0);
	pid = fork();
	if (!pid)
		_exit(locked_kb());
	EXPECT_EQ(wait_exit(pid), 0);
}

TEST(future_maps_are_locked)
{
	unsigned char vec[4];
	char *p;

	ASSERT_EQ(mlockall(MCL_FUTURE), 0);
	p = map_anon(4 * PG);
	ASSERT_EQ(mincore(p, 4 * PG, vec), 0);
	EXPECT_EQ(vec[3] & 1, 1);
	EXPECT_EQ(munlockall(), 0);
	EXPECT_EQ(locked_kb(), 0);
}

TEST(limits)
{
	char *p = map_anon(64 * PG);

	drop_privilege_with_limit(16 * PG);
	EXPECT_EQ(mlock(p, 16 * PG), 0);
	EXPECT_EQ(mlock(p, 16 * PG), 0);	/* locked already: costs nothing */
	EXPECT_ERRNO(mlock(p, 17 * PG), ENOMEM);
	EXPECT_ERRNO(mlockall(MCL_CURRENT), ENOMEM);
	EXPECT(mmap(NULL, PG, RW, ANON | MAP_LOCKED, -1, 0) == MAP_FAILED);
	EXPECT_EQ(errno, EAGAIN);
}

TEST(no_limit_no_lock)
{
	char *p = map_anon(PG);

	drop_privilege_with_limit(0);
	if (!geteuid())
		SKIP("still privileged");
	EXPECT_ERRNO(mlock(p, PG), EPERM);
	EXPECT_ERRNO(mlockall(MCL_CURRENT), EPERM);
	EXPECT(mmap(NULL, PG, RW, ANON | MAP_LOCKED, -1, 0) == MAP_FAILED);
	EXPECT_EQ(errno, EPERM);
	EXPECT_EQ(munlock(p, PG), 0);
}

TEST(errnos)
{
	char *p = map_anon(4 * PG);

	munmap(p + PG, PG);
	EXPECT_ERRNO(mlock(p, 4 * PG), ENOMEM);
	EXPECT_ERRNO(munlock(p, 4 * PG), ENOMEM);
	EXPECT_ERRNO(mlockall(0), EINVAL);
	EXPECT_ERRNO(mlockall(8), EINVAL);
	EXPECT_ERRNO(mlockall(4), EINVAL);
	EXPECT_EQ(mlock(p, 0), 0);
}

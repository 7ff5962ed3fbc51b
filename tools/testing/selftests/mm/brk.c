// SPDX-License-Identifier: GPL-2.0-only
/* brk(2): the heap grows, shrinks, is zero, and has limits. */
#include <sys/syscall.h>
#include "../ktest.h"
#include "mm_util.h"

static char *kernel_brk(const void *to)
{
	return (char *)syscall(SYS_brk, to);
}

TEST(grow_and_shrink)
{
	char *start = kernel_brk(NULL);

	EXPECT(kernel_brk(start + 100 * PG) == start + 100 * PG);
	memset(start, 1, 100 * PG);
	EXPECT(kernel_brk(start + 10 * PG) == start + 10 * PG);
	EXPECT_EQ(start[9 * PG], 1);
	EXPECT(kernel_brk(start + 20 * PG) == start + 20 * PG);
	EXPECT_EQ(start[11 * PG], 0);
	EXPECT(kernel_brk(start) == start);
}

TEST(odd_ends)
{
	char *start = kernel_brk(NULL);

	EXPECT(kernel_brk(start + 5) == start + 5);
	EXPECT(kernel_brk(start + PG + 1) == start + PG + 1);
	start[PG] = 1;
}

TEST(never_below_the_start)
{
	char *start = kernel_brk(NULL);

	EXPECT(kernel_brk((void *)PG) == start);
	EXPECT(kernel_brk((void *)-1L) == start);
}

TEST(a_mapping_is_in_the_way)
{
	char *start = kernel_brk(NULL);
	char *at = (char *)(((unsigned long)start + 64 * PG) & ~(PG - 1));

	ASSERT(mmap(at, PG, RW, ANON | MAP_FIXED, -1, 0) == at);
	EXPECT(kernel_brk(at + 4 * PG) == start);
	EXPECT(kernel_brk(at - 4 * PG) == at - 4 * PG);
}

TEST(data_limit)
{
	char *start = kernel_brk(NULL);
	struct rlimit limit = { 1 << 20, 1 << 20 };

	ASSERT_EQ(setrlimit(RLIMIT_DATA, &limit), 0);
	EXPECT(kernel_brk(start + (2 << 20)) == start);
}

// SPDX-License-Identifier: GPL-2.0-only
/* Stacks grow at a touch, down to a limit, and never into a neighbour. */
#include "../ktest.h"
#include "mm_util.h"

static int deep(int frames)
{
	volatile char frame[16384];

	frame[0] = frames;
	frame[sizeof(frame) - 1] = 1;
	return frames ? deep(frames - 1) + frame[0] - frame[0] : frame[sizeof(frame) - 1];
}

TEST(deep_recursion)
{
	EXPECT_EQ(deep(400), 1);	/* 6.4 MiB */
}

TEST(limit_is_a_fault)
{
	pid_t pid = fork();

	if (!pid) {
		struct rlimit limit = { 1 << 20, 1 << 20 };

		setrlimit(RLIMIT_STACK, &limit);
		signal(SIGSEGV, SIG_DFL);
		_exit(deep(200) - 1);
	}
	EXPECT_EQ(wait_exit(pid), 128 + SIGSEGV);
}

TEST(grows_down_to_the_guard_gap)
{
	char *zone = mmap(NULL, 2048 * PG, PROT_NONE, ANON | MAP_NORESERVE, -1, 0), *stack;

	ASSERT(zone != MAP_FAILED);
	munmap(zone, 2048 * PG);
	/* a mapping at the bottom, a stack at the top, 1024 pages apart */
	ASSERT(mmap(zone, PG, RW, ANON | MAP_FIXED, -1, 0) == zone);
	stack = mmap(zone + 1025 * PG, PG, RW, ANON | MAP_FIXED | MAP_GROWSDOWN, -1, 0);
	ASSERT(stack == zone + 1025 * PG);
	stack[-(long)PG] = 1;
	stack[-500 * (long)PG] = 2;
	EXPECT_EQ(stack[-(long)PG], 1);
	EXPECT_EQ(touch_signal(stack - 700 * PG, 1), 0);
	EXPECT_EQ(touch_signal(zone + 200 * PG, 1), SIGSEGV);
	EXPECT_EQ(count_maps(zone + 2 * PG, stack), 1);
}

TEST(new_mappings_keep_away_from_a_stack)
{
	char *zone = mmap(NULL, 600 * PG, PROT_NONE, ANON | MAP_NORESERVE, -1, 0), *stack, *p;

	munmap(zone, 600 * PG);
	stack = mmap(zone + 500 * PG, PG, RW, ANON | MAP_FIXED | MAP_GROWSDOWN, -1, 0);
	ASSERT(stack != MAP_FAILED);
	p = mmap(stack - 10 * PG, PG, RW, ANON, -1, 0);
	ASSERT(p != MAP_FAILED);
	EXPECT(p + PG + 256 * PG <= stack || p > stack);
}

TEST(arguments_can_be_large)
{
	char *big = malloc(100001);
	char *argv[] = { "sh", "-c", "test ${#BIG} = 100000", NULL };
	pid_t pid;

	memset(big, 'x', 100000);
	big[100000] = 0;
	setenv("BIG", big, 1);
	pid = fork();
	if (!pid) {
		execv("/bin/sh", argv);
		_exit(99);
	}
	EXPECT_EQ(wait_exit(pid), 0);
}

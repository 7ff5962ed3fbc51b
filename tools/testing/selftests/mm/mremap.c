// SPDX-License-Identifier: GPL-2.0-only
/* mremap(2): growing, shrinking, moving, all flags, and what it refuses. */
#include "../ktest.h"
#include "mm_util.h"

#ifndef MREMAP_DONTUNMAP
#define MREMAP_DONTUNMAP	4
#endif

#define FAILS(e, ...) do {					\
	errno = 0;						\
	EXPECT(mremap(__VA_ARGS__) == MAP_FAILED);		\
	EXPECT_EQ(errno, e);					\
} while (0)

static void fill(char *p, int pages)
{
	for (int i = 0; i < pages; i++)
		p[i * PG] = i + 1;
}

static void check(char *p, int pages)
{
	for (int i = 0; i < pages; i++)
		EXPECT_EQ(p[i * PG], (char)(i + 1));
}

TEST(grow_in_place)
{
	char *p = map_anon(16 * PG);

	fill(p, 4);
	munmap(p + 4 * PG, 12 * PG);
	EXPECT(mremap(p, 4 * PG, 10 * PG, 0) == p);
	check(p, 4);
	EXPECT_EQ(p[9 * PG], 0);
	EXPECT_EQ(count_maps(p, p + 10 * PG), 1);
}

TEST(no_room_without_maymove)
{
	char *p = map_anon(4 * PG), *q;

	fill(p, 2);
	FAILS(ENOMEM, p, 2 * PG, 3 * PG, 0);
	q = mremap(p, 2 * PG, 600 * PG, MREMAP_MAYMOVE);
	ASSERT(q != MAP_FAILED);
	check(q, 2);
	EXPECT_EQ(q[599 * PG], 0);
	EXPECT_EQ(touch_signal(p, 0), SIGSEGV);
	EXPECT_EQ(p[2 * PG], 0);
}

TEST(shrink)
{
	char *p = map_anon(8 * PG);

	fill(p, 8);
	EXPECT(mremap(p, 8 * PG, 3 * PG, 0) == p);
	check(p, 3);
	EXPECT_EQ(touch_signal(p + 3 * PG, 0), SIGSEGV);
}

TEST(fixed_place_replaces)
{
	char *p = map_anon(4 * PG), *q = map_anon(8 * PG);

	fill(p, 4);
	memset(q, 99, 8 * PG);
	EXPECT(mremap(p, 4 * PG, 4 * PG, MREMAP_MAYMOVE | MREMAP_FIXED, q + 2 * PG) == q + 2 * PG);
	check(q + 2 * PG, 4);
	EXPECT_EQ(q[PG], 99);
	EXPECT_EQ(q[6 * PG], 99);
	EXPECT_EQ(touch_signal(p, 0), SIGSEGV);
}

TEST(middle_moves_out)
{
	char *p = map_anon(6 * PG), *q = map_anon(PG);

	fill(p, 6);
	EXPECT(mremap(p + 2 * PG, PG, PG, MREMAP_MAYMOVE | MREMAP_FIXED, q) == q);
	EXPECT_EQ(q[0], 3);
	EXPECT_EQ(p[PG], 2);
	EXPECT_EQ(p[3 * PG], 4);
	EXPECT_EQ(touch_signal(p + 2 * PG, 0), SIGSEGV);
}

TEST(dontunmap_leaves_an_empty_range)
{
	char *p = map_anon(4 * PG), *q;

	fill(p, 4);
	q = mremap(p, 4 * PG, 4 * PG, MREMAP_MAYMOVE | MREMAP_DONTUNMAP, NULL);
	if (q == MAP_FAILED && errno == EINVAL)
		SKIP("no MREMAP_DONTUNMAP");
	ASSERT(q != MAP_FAILED && q != p);
	check(q, 4);
	for (int i = 0; i < 4; i++)
		EXPECT_EQ(p[i * PG], 0);
}

TEST(old_length_zero_duplicates_shared)
{
	char *p = mmap(NULL, 4 * PG, RW, MAP_SHARED | MAP_ANONYMOUS, -1, 0), *q;
	char *private = map_anon(PG);

	fill(p, 4);
	q = mremap(p, 0, 4 * PG, MREMAP_MAYMOVE);
	ASSERT(q != MAP_FAILED);
	check(q, 4);
	q[0] = 55;
	EXPECT_EQ(p[0], 55);
	FAILS(EINVAL, private, 0, PG, MREMAP_MAYMOVE);
}

TEST(file_mapping_moves_with_its_offset)
{
	int fd = temp_file(8 * PG);
	char *p = mmap(NULL, 8 * PG, RW, MAP_SHARED, fd, 0), *q = map_anon(2 * PG);

	fill(p, 8);
	EXPECT(mremap(p + 4 * PG, 2 * PG, 2 * PG, MREMAP_MAYMOVE | MREMAP_FIXED, q) == q);
	EXPECT_EQ(q[0], 5);
	q[PG] = 66;
	char byte = 0;
	EXPECT_EQ(pread(fd, &byte, 1, 5 * PG), 1);
	EXPECT_EQ(byte, 66);
}

TEST(errnos)
{
	char *p = map_anon(4 * PG);

	FAILS(EINVAL, p, PG, PG, 8);
	FAILS(EINVAL, p, PG, PG, MREMAP_FIXED, p + PG);
	FAILS(EINVAL, p + 1, PG, PG, 0);
	FAILS(EINVAL, p, PG, 0, 0);
	FAILS(EINVAL, p, 2 * PG, 2 * PG, MREMAP_MAYMOVE | MREMAP_FIXED, p + PG);
	FAILS(EINVAL, p, PG, PG, MREMAP_MAYMOVE | MREMAP_FIXED, p + 1);
	FAILS(EINVAL, p, PG, 2 * PG, MREMAP_MAYMOVE | MREMAP_DONTUNMAP, NULL);
	munmap(p + 2 * PG, 2 * PG);
	FAILS(EFAULT, p, 4 * PG, 8 * PG, MREMAP_MAYMOVE);
	FAILS(EFAULT, p + 2 * PG, PG, 2 * PG, MREMAP_MAYMOVE);
}

TEST(big_move_over_tables)
{
	size_t len = 11 << 20;
	char *p = map_anon(len), *q;

	for (size_t i = 0; i < len; i += 1 << 20)
		p[i] = i >> 20;
	q = mremap(p, len, len + (8 << 20), MREMAP_MAYMOVE);
	ASSERT(q != MAP_FAILED);
	for (size_t i = 0; i < len; i += 1 << 20)
		EXPECT_EQ(q[i], (char)(i >> 20));
	munmap(q, len + (8 << 20));
}

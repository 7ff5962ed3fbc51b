// SPDX-License-Identifier: GPL-2.0-only
/* mmap(2), munmap(2): flags, errnos, placing, merging. */
#include "../ktest.h"
#include "mm_util.h"

#ifndef MAP_FIXED_NOREPLACE
#define MAP_FIXED_NOREPLACE	0x100000
#endif
#ifndef MAP_SYNC
#define MAP_SYNC	0x80000
#endif

#define FAILS(e, ...) do {					\
	errno = 0;						\
	EXPECT(mmap(__VA_ARGS__) == MAP_FAILED);		\
	EXPECT_EQ(errno, e);					\
} while (0)

TEST(memory_is_zero_and_keeps_what_is_written)
{
	char *p = map_anon(64 * PG);

	ASSERT(p != MAP_FAILED);
	for (unsigned long i = 0; i < 64 * PG; i += 512)
		EXPECT_EQ(p[i], 0);
	for (int i = 0; i < 64; i++)
		p[i * PG + i] = i;
	for (int i = 0; i < 64; i++)
		EXPECT_EQ(p[i * PG + i], i);
	EXPECT_EQ(munmap(p, 64 * PG), 0);
}

TEST(errnos)
{
	int fd = temp_file(PG), rdonly = open("/dev/null", O_RDONLY);
	int wronly = open("/proc/self/oom_score_adj", O_WRONLY);
	int pipes[2];

	FAILS(EINVAL, NULL, 0, RW, ANON, -1, 0);
	FAILS(EINVAL, NULL, PG, RW, MAP_ANONYMOUS, -1, 0);
	FAILS(EINVAL, NULL, PG, RW, MAP_SHARED_VALIDATE | MAP_ANONYMOUS, -1, 0);
	FAILS(EBADF, NULL, PG, RW, MAP_PRIVATE, -1, 0);
	FAILS(EINVAL, NULL, PG, RW, MAP_PRIVATE, fd, 1);
	FAILS(EINVAL, NULL, PG, RW, 0, fd, 0);
	FAILS(EOVERFLOW, NULL, 2 * PG, RW, MAP_PRIVATE, fd, -(long)PG);
	FAILS(ENOMEM, NULL, ~0UL, RW, ANON, -1, 0);
	FAILS(ENOMEM, NULL, 1UL << 47, RW, ANON, -1, 0);
	FAILS(EINVAL, (void *)1, PG, RW, ANON | MAP_FIXED, -1, 0);
	FAILS(ENOMEM, (void *)-PG, PG, RW, ANON | MAP_FIXED, -1, 0);
	FAILS(EOPNOTSUPP, NULL, PG, RW, MAP_SHARED_VALIDATE | MAP_SYNC, fd, 0);
	FAILS(EINVAL, NULL, PG, RW, MAP_SHARED | MAP_ANONYMOUS | MAP_GROWSDOWN, -1, 0);
	ASSERT_EQ(pipe(pipes), 0);
	FAILS(ENODEV, NULL, PG, PROT_READ, MAP_PRIVATE, pipes[0], 0);
	if (rdonly >= 0)
		FAILS(EACCES, NULL, PG, RW, MAP_SHARED, rdonly, 0);
	if (wronly >= 0)
		FAILS(EACCES, NULL, PG, PROT_READ, MAP_PRIVATE, wronly, 0);
	EXPECT_ERRNO(munmap((void *)1, PG), EINVAL);
	EXPECT_ERRNO(munmap((void *)PG, 0), EINVAL);
	EXPECT_ERRNO(munmap((void *)-PG, PG), EINVAL);
	EXPECT_EQ(munmap((void *)(100 * PG), PG), 0);
}

TEST(fixed_replaces_noreplace_refuses)
{
	char *p = map_anon(4 * PG), *q;

	memset(p, 1, 4 * PG);
	q = mmap(p + PG, PG, RW, ANON | MAP_FIXED, -1, 0);
	EXPECT(q == p + PG);
	EXPECT_EQ(p[PG], 0);
	EXPECT_EQ(p[2 * PG], 1);
	FAILS(EEXIST, p + 3 * PG, 2 * PG, RW, ANON | MAP_FIXED_NOREPLACE, -1, 0);
	EXPECT_EQ(p[3 * PG], 1);
	munmap(p + PG, PG);
	EXPECT(mmap(p + PG, PG, RW, ANON | MAP_FIXED_NOREPLACE, -1, 0) == p + PG);
}

TEST(neighbours_merge_and_split)
{
	char *p = mmap(NULL, 8 * PG, PROT_NONE, ANON, -1, 0), *end = p + 8 * PG;

	EXPECT(mmap(p + PG, PG, RW, ANON | MAP_FIXED, -1, 0) == p + PG);
	EXPECT(mmap(p + 3 * PG, PG, RW, ANON | MAP_FIXED, -1, 0) == p + 3 * PG);
	EXPECT_EQ(count_maps(p + PG, p + 4 * PG), 3);
	EXPECT(mmap(p + 2 * PG, PG, RW, ANON | MAP_FIXED, -1, 0) == p + 2 * PG);
	EXPECT_EQ(count_maps(p + PG, p + 4 * PG), 1);
	munmap(p + 2 * PG, PG);
	EXPECT_EQ(count_maps(p + PG, p + 4 * PG), 2);
	munmap(p, end - p);
	EXPECT_EQ(count_maps(p, end), 0);
}

TEST(below_32_bits)
{
	for (int i = 0; i < 100; i++) {
		char *p = mmap(NULL, 3 * PG, RW, ANON | MAP_32BIT, -1, 0);

		ASSERT(p != MAP_FAILED);
		EXPECT_LT((unsigned long)p, 1UL << 31);
		*p = 1;
	}
}

TEST(hint_is_taken_when_free)
{
	char *p = map_anon(16 * PG);

	munmap(p, 16 * PG);
	EXPECT(mmap(p + 4 * PG, PG, RW, ANON, -1, 0) == p + 4 * PG);
	EXPECT(mmap(p + 4 * PG, PG, RW, ANON, -1, 0) != p + 4 * PG);
}

TEST(protections_are_enforced)
{
	char *p = map_anon(3 * PG);

	p[0] = p[PG] = p[2 * PG] = 1;
	EXPECT_EQ(mprotect(p, PG, PROT_READ), 0);
	EXPECT_EQ(mprotect(p + PG, PG, PROT_NONE), 0);
	EXPECT_EQ(touch_signal(p, 0), 0);
	EXPECT_EQ(touch_signal(p, 1), SIGSEGV);
	EXPECT_EQ(touch_signal(p + PG, 0), SIGSEGV);
	EXPECT_EQ(touch_signal(p + 2 * PG, 1), 0);
	EXPECT_EQ(mprotect(p, 2 * PG, RW), 0);
	EXPECT_EQ(p[PG], 1);
	p[0] = 5;
	munmap(p, PG);
	EXPECT_EQ(touch_signal(p, 0), SIGSEGV);
}

TEST(mprotect_errnos)
{
	char *p = map_anon(4 * PG);
	int fd = open("/proc/self/exe", O_RDONLY);
	char *file = mmap(NULL, PG, PROT_READ, MAP_SHARED, fd, 0);

	EXPECT_ERRNO(mprotect(p + 1, PG, PROT_READ), EINVAL);
	EXPECT_ERRNO(mprotect(p, PG, 0x1000), EINVAL);
	EXPECT_ERRNO(mprotect(p, PG, PROT_GROWSDOWN | PROT_GROWSUP), EINVAL);
	EXPECT_ERRNO(mprotect(p, PG, PROT_READ | PROT_GROWSDOWN), EINVAL);
	EXPECT_EQ(mprotect(p, 0, 0x1000), 0);
	munmap(p + PG, PG);
	EXPECT_ERRNO(mprotect(p, 4 * PG, PROT_READ), ENOMEM);
	if (file != MAP_FAILED)
		EXPECT_ERRNO(mprotect(file, PG, RW), EACCES);
}

TEST(populate_brings_pages_in)
{
	char *p = mmap(NULL, 16 * PG, RW, ANON | MAP_POPULATE, -1, 0);
	unsigned char vec[16];

	ASSERT(p != MAP_FAILED);
	ASSERT_EQ(mincore(p, 16 * PG, vec), 0);
	for (int i = 0; i < 16; i++)
		EXPECT_EQ(vec[i] & 1, 1);
}

TEST(address_space_limit)
{
	struct rlimit limit = { 64 << 20, 64 << 20 };

	ASSERT_EQ(setrlimit(RLIMIT_AS, &limit), 0);
	FAILS(ENOMEM, NULL, 65 << 20, RW, ANON, -1, 0);
	EXPECT(map_anon(PG) != MAP_FAILED);
}

TEST(many_areas_then_none)
{
	char *p = mmap(NULL, 4000 * PG, PROT_NONE, ANON | MAP_NORESERVE, -1, 0);

	ASSERT(p != MAP_FAILED);
	for (int i = 0; i < 4000; i += 2)
		ASSERT_EQ(mprotect(p + i * PG, PG, RW), 0);
	for (int i = 0; i < 4000; i += 2)
		p[i * PG] = i;
	EXPECT_EQ(count_maps(p, p + 4000 * PG), 4000);
	for (int i = 0; i < 4000; i += 2)
		EXPECT_EQ(p[i * PG], (char)i);
	EXPECT_EQ(munmap(p, 4000 * PG), 0);
}

TEST(map_count_limit)
{
	char *p;
	int i;

	p = mmap(NULL, 140000 * PG, PROT_NONE, ANON | MAP_NORESERVE, -1, 0);
	ASSERT(p != MAP_FAILED);
	for (i = 0; i < 140000; i += 2)
		if (mprotect(p + i * PG, PG, PROT_READ))
			break;
	EXPECT_LT(i, 140000);
	EXPECT_EQ(errno, ENOMEM);
	/* Even then the whole can be given back. */
	EXPECT_EQ(munmap(p, 140000 * PG), 0);
}

TEST(huge_pages_are_not_to_be_had)
{
	void *p = mmap(NULL, 2 << 20, RW, ANON | MAP_HUGETLB, -1, 0);

	if (p != MAP_FAILED)
		SKIP("this machine has huge pages");
	EXPECT_EQ(errno, ENOMEM);
	EXPECT_EQ(mmap(NULL, PG, RW, ANON | MAP_HUGETLB | 21 << MAP_HUGE_SHIFT, -1, 0), MAP_FAILED);
	EXPECT_EQ(errno, ENOMEM);
}

TEST(huge_pages_of_no_size_or_for_nothing)
{
	EXPECT_EQ(mmap(NULL, 0, RW, ANON | MAP_HUGETLB, -1, 0), MAP_FAILED);
	EXPECT_EQ(errno, EINVAL);
	EXPECT_EQ(mmap(NULL, PG, RW, ANON | MAP_HUGETLB | 12 << MAP_HUGE_SHIFT, -1, 0), MAP_FAILED);
	EXPECT_EQ(errno, EINVAL);
}

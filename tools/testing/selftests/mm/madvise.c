// SPDX-License-Identifier: GPL-2.0-only
/* madvise(2): what changes memory, what changes fork, and what is refused. */
#include <sys/prctl.h>
#include "../ktest.h"
#include "mm_util.h"

#ifndef MADV_POPULATE_READ
#define MADV_POPULATE_READ	22
#define MADV_POPULATE_WRITE	23
#endif

TEST(dontneed_forgets)
{
	char *p = map_anon(8 * PG);

	memset(p, 5, 8 * PG);
	EXPECT_EQ(madvise(p + 2 * PG, 3 * PG, MADV_DONTNEED), 0);
	EXPECT_EQ(p[PG], 5);
	EXPECT_EQ(p[2 * PG], 0);
	EXPECT_EQ(p[4 * PG], 0);
	EXPECT_EQ(p[5 * PG], 5);
}

TEST(dontneed_brings_the_file_back)
{
	int fd = temp_file(2 * PG);
	char *p, byte = 42;

	ASSERT_EQ(pwrite(fd, &byte, 1, PG), 1);
	p = mmap(NULL, 2 * PG, RW, MAP_PRIVATE, fd, 0);
	p[PG] = 1;
	EXPECT_EQ(madvise(p, 2 * PG, MADV_DONTNEED), 0);
	EXPECT_EQ(p[PG], 42);
}

TEST(free_keeps_or_forgets)
{
	char *p = map_anon(4 * PG);

	memset(p, 5, 4 * PG);
	EXPECT_EQ(madvise(p, 4 * PG, MADV_FREE), 0);
	EXPECT(p[0] == 0 || p[0] == 5);
	p[PG] = 9;
	EXPECT_EQ(p[PG], 9);
}

TEST(dontfork_and_dofork)
{
	char *p = map_anon(4 * PG);
	pid_t pid;

	memset(p, 1, 4 * PG);
	EXPECT_EQ(madvise(p + PG, PG, MADV_DONTFORK), 0);
	EXPECT_EQ(touch_signal(p + PG, 0), SIGSEGV);
	EXPECT_EQ(touch_signal(p, 0), 0);
	EXPECT_EQ(touch_signal(p + 2 * PG, 0), 0);
	EXPECT_EQ(madvise(p, 4 * PG, MADV_DOFORK), 0);
	pid = fork();
	if (!pid)
		_exit(p[PG]);
	EXPECT_EQ(wait_exit(pid), 1);
}

TEST(wipeonfork_and_keeponfork)
{
	char *p = map_anon(2 * PG);
	int fd = temp_file(PG);
	char *file = mmap(NULL, PG, RW, MAP_SHARED, fd, 0);
	pid_t pid;

	p[0] = 7;
	EXPECT_EQ(madvise(p, 2 * PG, MADV_WIPEONFORK), 0);
	pid = fork();
	if (!pid) {
		EXPECT_EQ(p[0], 0);
		p[0] = 8;
		pid = fork();		/* the advice is inherited */
		if (!pid)
			_exit(p[0]);
		_exit(wait_exit(pid));
	}
	EXPECT_EQ(wait_exit(pid), 0);
	EXPECT_EQ(p[0], 7);
	EXPECT_EQ(madvise(p, 2 * PG, MADV_KEEPONFORK), 0);
	pid = fork();
	if (!pid)
		_exit(p[0]);
	EXPECT_EQ(wait_exit(pid), 7);
	EXPECT_ERRNO(madvise(file, PG, MADV_WIPEONFORK), EINVAL);
}

TEST(populate)
{
	char *p = map_anon(8 * PG), *ro = mmap(NULL, PG, PROT_READ, ANON, -1, 0);
	unsigned char vec[8];

	if (madvise(p, 4 * PG, MADV_POPULATE_WRITE))
		SKIP("no MADV_POPULATE_WRITE");
	EXPECT_EQ(madvise(p + 4 * PG, 2 * PG, MADV_POPULATE_READ), 0);
	ASSERT_EQ(mincore(p, 8 * PG, vec), 0);
	EXPECT_EQ(vec[0] & 1, 1);
	EXPECT_EQ(vec[5] & 1, 1);
	EXPECT_EQ(vec[6] & 1, 0);
	EXPECT_ERRNO(madvise(ro, PG, MADV_POPULATE_WRITE), EINVAL);
	EXPECT_ERRNO(madvise(mmap(NULL, PG, PROT_WRITE, ANON, -1, 0), PG, MADV_POPULATE_READ), EINVAL);
	munmap(p + 6 * PG, PG);
	EXPECT_ERRNO(madvise(p, 8 * PG, MADV_POPULATE_READ), ENOMEM);
}

TEST(remove_punches_a_hole)
{
	char *p = mmap(NULL, 4 * PG, RW, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	memset(p, 3, 4 * PG);
	EXPECT_EQ(madvise(p + PG, PG, MADV_REMOVE), 0);
	EXPECT_EQ(p[PG], 0);
	EXPECT_EQ(p[2 * PG], 3);
	p = map_anon(PG);
	EXPECT_ERRNO(madvise(p, PG, MADV_REMOVE), EINVAL);
}

TEST(hints_are_taken)
{
	static const int advice[] = { MADV_NORMAL, MADV_RANDOM, MADV_SEQUENTIAL, MADV_WILLNEED,
				      MADV_DONTDUMP, MADV_DODUMP, 20 /* COLD */, 21 /* PAGEOUT */ };
	char *p = map_anon(4 * PG);

	memset(p, 4, 4 * PG);
	for (unsigned int i = 0; i < sizeof(advice) / sizeof(*advice); i++)
		EXPECT_EQ(madvise(p, 4 * PG, advice[i]), 0);
	EXPECT_EQ(p[0], 4);
}

TEST(errnos)
{
	char *p = map_anon(4 * PG);

	EXPECT_ERRNO(madvise(p, PG, 12345), EINVAL);
	EXPECT_ERRNO(madvise(p, PG, -1), EINVAL);
	EXPECT_ERRNO(madvise(p, 0, 12345), EINVAL);
	EXPECT_ERRNO(madvise(p + 1, PG, MADV_NORMAL), EINVAL);
	EXPECT_ERRNO(madvise(p, -1UL, MADV_NORMAL), EINVAL);
	EXPECT_EQ(madvise(p, 0, MADV_DONTNEED), 0);
	munmap(p + PG, PG);
	memset(p + 2 * PG, 1, PG);
	EXPECT_ERRNO(madvise(p, 4 * PG, MADV_DONTNEED), ENOMEM);
	EXPECT_EQ(p[2 * PG], 0);	/* what could be done was */
	if (!mlock(p, PG))
		EXPECT_ERRNO(madvise(p, PG, MADV_DONTNEED), EINVAL);
}

#ifndef PR_SET_VMA
#define PR_SET_VMA		0x53564d41
#define PR_SET_VMA_ANON_NAME	0
#endif

static int has_name(const char *start, const char *name)
{
	FILE *f = fopen("/proc/self/maps", "r");
	char line[512];
	int found = 0;

	while (f && fgets(line, sizeof(line), f))
		found |= strtoul(line, NULL, 16) == (unsigned long)start && strstr(line, name);
	if (f)
		fclose(f);
	return found;
}

TEST(anonymous_names)
{
	char *p = map_anon(4 * PG);

	if (prctl(PR_SET_VMA, PR_SET_VMA_ANON_NAME, p + PG, PG, "a heap"))
		SKIP("no names for anonymous memory");
	EXPECT(has_name(p + PG, "[anon:a heap]"));
	EXPECT_EQ(count_maps(p, p + 4 * PG), 3);
	EXPECT_ERRNO(prctl(PR_SET_VMA, PR_SET_VMA_ANON_NAME, p, PG, "bad]"), EINVAL);
	EXPECT_ERRNO(prctl(PR_SET_VMA, PR_SET_VMA_ANON_NAME, p + 1, PG, "x"), EINVAL);
	EXPECT_EQ(prctl(PR_SET_VMA, PR_SET_VMA_ANON_NAME, p + PG, PG, NULL), 0);
	EXPECT_EQ(count_maps(p, p + 4 * PG), 1);
}

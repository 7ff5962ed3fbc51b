// SPDX-License-Identifier: GPL-2.0-only
/* Hundreds of live mappings of mixed sizes, a million times: no fragmentation (Bugzilla 4520). */
/* ktest: timeout=300 */
#include <sys/utsname.h>
#include "../ktest.h"
#include "mm_util.h"

#define SLOTS	600

static long rounds(long count, int flags, size_t divisor)
{
	static void *ptr[SLOTS];
	static size_t len[SLOTS];
	long i;

	for (i = 0; i < count; i++) {
		long old = (i + 60) % SLOTS, new = i % SLOTS;
		size_t size = ((i & 7) ? (i & 7) << 20 : 9500000) / divisor;

		if (ptr[old]) {
			munmap(ptr[old], len[old]);
			ptr[old] = NULL;
		}
		ptr[new] = mmap(NULL, size, RW, ANON | flags, -1, 0);
		if (ptr[new] == MAP_FAILED)
			break;
		len[new] = size;
	}
	return i;
}

static int all_maps(void)
{
	return count_maps((void *)0, (void *)-1L);
}

TEST_TIMEOUT(leakme, 150)
{
	int before = all_maps();
	struct utsname name;

	EXPECT_EQ(rounds(200000, 0, 1), 200000);
	/* From 6.7 on Linux aligns large areas for huge pages, which leaves holes. */
	if (!uname(&name) && !strncmp(name.release, "6.1.", 4))
		EXPECT_LE(all_maps(), before + 7);
}

TEST_TIMEOUT(leakme_in_a_narrow_space, 150)
{
	EXPECT_EQ(rounds(200000, MAP_32BIT, 4), 200000);
}

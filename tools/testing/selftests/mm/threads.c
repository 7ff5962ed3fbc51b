// SPDX-License-Identifier: GPL-2.0-only
/* One address space, many threads: faults, maps, unmaps and forks at the same time. */
/* ktest: timeout=240 */
#include <pthread.h>
#include "../ktest.h"
#include "mm_util.h"

#define THREADS	4

static char *area;
static volatile int stop;

static void *touch_own_pages(void *arg)
{
	long id = (long)arg;

	for (int round = 0; round < 10; round++) {
		for (long i = id; i < 256; i += THREADS)
			area[i * PG + id] = round + id;
		for (long i = id; i < 256; i += THREADS)
			if (area[i * PG + id] != (char)(round + id))
				return "lost";
	}
	return NULL;
}

TEST_TIMEOUT(faults_side_by_side, 60)
{
	pthread_t thread[THREADS];
	void *result;

	area = map_anon(256 * PG);
	for (long i = 0; i < THREADS; i++)
		ASSERT_EQ(pthread_create(&thread[i], NULL, touch_own_pages, (void *)i), 0);
	for (int i = 0; i < THREADS; i++) {
		pthread_join(thread[i], &result);
		EXPECT(!result);
	}
}

static void *map_and_unmap(void *arg)
{
	for (int i = 0; i < 60; i++) {
		size_t len = (1 + (i * 7 + (long)arg) % 40) * PG;
		char *p = map_anon(len);

		if (p == MAP_FAILED)
			return "no memory";
		memset(p, i, len);
		if (p[len - 1] != (char)i)
			return "lost";
		if (i % 3 == 0 && madvise(p, len, MADV_DONTNEED) == 0 && p[0])
			return "not forgotten";
		munmap(p, len);
	}
	return NULL;
}

TEST_TIMEOUT(maps_side_by_side, 60)
{
	pthread_t thread[THREADS];
	void *result;

	for (long i = 0; i < THREADS; i++)
		ASSERT_EQ(pthread_create(&thread[i], NULL, map_and_unmap, (void *)i), 0);
	for (int i = 0; i < THREADS; i++) {
		pthread_join(thread[i], &result);
		EXPECT(!result);
	}
}

static void *write_always(void *arg)
{
	unsigned long *word = (unsigned long *)(area + (long)arg * PG);

	/* word[0] never runs ahead of word[1] by more than one */
	for (unsigned long i = 1; !stop; i++) {
		__atomic_store_n(&word[0], i, __ATOMIC_SEQ_CST);
		__atomic_store_n(&word[256], i, __ATOMIC_SEQ_CST);
	}
	return NULL;
}

TEST_TIMEOUT(fork_sees_each_page_whole, 60)
{
	pthread_t thread[THREADS];

	area = map_anon(THREADS * PG);
	stop = 0;
	for (long i = 0; i < THREADS; i++)
		ASSERT_EQ(pthread_create(&thread[i], NULL, write_always, (void *)i), 0);
	for (int n = 0; n < 50; n++) {
		pid_t pid = fork();

		if (!pid) {
			int bad = 0;

			for (int i = 0; i < THREADS; i++) {
				volatile unsigned long *word = (void *)(area + i * PG);
				unsigned long a = word[0], b = word[256];

				bad += a - b > 1;
				usleep(100);
				bad += word[0] != a || word[256] != b;
			}
			_exit(bad);
		}
		EXPECT_EQ(wait_exit(pid), 0);
	}
	stop = 1;
	for (int i = 0; i < THREADS; i++)
		pthread_join(thread[i], NULL);
}

static void *protect_always(void *arg)
{
	while (!stop) {
		mprotect(area + 2 * PG, PG, PROT_READ);
		mprotect(area + 2 * PG, PG, RW);
	}
	return NULL;
}

TEST_TIMEOUT(protection_changes_under_readers, 60)
{
	pthread_t thread;
	long sum = 0;

	area = map_anon(4 * PG);
	memset(area, 1, 4 * PG);
	stop = 0;
	ASSERT_EQ(pthread_create(&thread, NULL, protect_always, NULL), 0);
	for (int i = 0; i < 50000; i++)
		sum += area[2 * PG + i % 100] + area[PG];
	stop = 1;
	pthread_join(thread, NULL);
	EXPECT_EQ(sum, 100000);
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * A tree of processes on memory that fork shares, each with what every page must hold written down
 * beside it; random writes, unmapping, protection, moves, threads and forks. ktest: timeout=400
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <sys/prctl.h>
#include "../ktest.h"
#include "mm_util.h"

#define PAGES		2560		/* 10 MiB: more than one table, and enough to be shared */
#define DEPTH		3
#define STEPS		250
#define WRITERS		3
#define WORDS		(PG / sizeof(uint64_t))

static uint64_t *mem;			/* PAGES pages */
static uint64_t stamps[PAGES];		/* what each must hold: 0 nothing */
static uint64_t seed, next_stamp;

static uint64_t draw(uint64_t limit)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return seed % limit;
}

static void put_stamp(int page, uint64_t stamp)
{
	uint64_t *p = mem + page * WORDS;

	p[0] = stamp;
	p[WORDS / 2] = stamp * 3;
	p[WORDS - 1] = stamp ? ~stamp : 0;
	stamps[page] = stamp;
}

static int wrong(int page)
{
	uint64_t *p = mem + page * WORDS, stamp = stamps[page];

	if (!stamp)
		return p[0] || p[WORDS / 2] || p[WORDS - 1];
	return p[0] != stamp || p[WORDS / 2] != stamp * 3 || p[WORDS - 1] != ~stamp;
}

static void check_range(int from, int to)
{
	int bad = 0;

	for (int i = from; i < to; i++)
		bad += wrong(i);
	EXPECT_EQ(bad, 0);
}

static void write_some(int from, int n)
{
	for (int i = from; i < from + n; i++)
		put_stamp(i, ++next_stamp);
}

static void forget(int from, int n)
{
	memset(stamps + from, 0, n * sizeof(stamps[0]));
}

static void move_away_and_back(int from, int n)
{
	char *start = (char *)mem + from * PG, *other;

	other = mremap(start, n * PG, n * PG, MREMAP_MAYMOVE | MREMAP_FIXED, map_anon(n * PG));
	ASSERT(other != MAP_FAILED);
	ASSERT(mremap(other, n * PG, n * PG, MREMAP_MAYMOVE | MREMAP_FIXED, start) == start);
}

/* A pipe takes some pages' bytes out and puts them into others. */
static void through_pipe(int from, int to)
{
	int fds[2];

	ASSERT_EQ(pipe(fds), 0);
	ASSERT_EQ(write(fds[1], mem + from * WORDS, PG), (long)PG);
	ASSERT_EQ(read(fds[0], mem + to * WORDS, PG), (long)PG);
	close(fds[0]);
	close(fds[1]);
	stamps[to] = stamps[from];
}

static void *writer(void *arg)
{
	int slice = PAGES / WRITERS, from = (long)arg * slice;

	for (int i = from; i < from + slice; i += 3)
		put_stamp(i, stamps[i] + 1000000007);
	return NULL;
}

static void tree(int depth);

/* Threads write everywhere while this one forks; the child sees each page as it was at once. */
static void fork_among_writers(int depth)
{
	pthread_t threads[WRITERS];
	pid_t pid;
	int status;

	for (long i = 0; i < WRITERS; i++)
		ASSERT_EQ(pthread_create(&threads[i], NULL, writer, (void *)i), 0);
	pid = fork();
	if (!pid) {
		/* Writers were in the middle: take what is there, and keep it. */
		for (int i = 0; i < PAGES; i++)
			put_stamp(i, mem[i * WORDS]);
		if (depth < DEPTH)
			tree(depth + 1);
		check_range(0, PAGES);
		_exit(0);
	}
	for (int i = 0; i < WRITERS; i++)
		pthread_join(threads[i], NULL);
	ASSERT(pid > 0);
	check_range(0, PAGES);
	ASSERT_EQ(waitpid(pid, &status, 0), pid);
	EXPECT_EQ(status, 0);
}

static void fork_plain(int depth)
{
	pid_t pid = fork();
	int status;

	ASSERT(pid >= 0);
	if (!pid) {
		if (depth < DEPTH)
			tree(depth + 1);
		check_range(0, PAGES);
		_exit(0);
	}
	/* Half of the time both go on at once. */
	if (draw(2))
		write_some(draw(PAGES - 64), 64);
	ASSERT_EQ(waitpid(pid, &status, 0), pid);
	EXPECT_EQ(status, 0);
}

static void step(int depth)
{
	int n = 1 + (draw(4) ? draw(16) : draw(700)), from = draw(PAGES - n);
	char *start = (char *)mem + from * PG;

	switch (draw(16)) {
	case 0:
		ASSERT_EQ(madvise(start, n * PG, MADV_DONTNEED), 0);
		forget(from, n);
		break;
	case 1:
		ASSERT_EQ(munmap(start, n * PG), 0);
		ASSERT(mmap(start, n * PG, RW, ANON | MAP_FIXED, -1, 0) == start);
		forget(from, n);
		break;
	case 2:
		ASSERT_EQ(mprotect(start, n * PG, PROT_READ), 0);
		check_range(from, from + n);
		ASSERT_EQ(mprotect(start, n * PG, RW), 0);
		break;
	case 3:
		move_away_and_back(from, n);
		break;
	case 4:
		through_pipe(from, draw(PAGES));
		break;
	case 5:
		if (!draw(12))
			fork_plain(depth);
		break;
	case 6:
		if (!draw(24))
			fork_among_writers(depth);
		break;
	case 7:
		check_range(from, from + n);
		break;
	default:
		write_some(from, n < 40 ? n : 40);
	}
}

static void tree(int depth)
{
	seed ^= (uint64_t)getpid() * 0x9e3779b97f4a7c15;
	next_stamp = (uint64_t)getpid() << 32;
	for (int i = 0; i < STEPS / depth; i++)
		step(depth);
}

static void run_tree(uint64_t number)
{
	pid_t pid;
	int status;

	mem = (uint64_t *)map_anon(PAGES * PG);
	ASSERT(mem != MAP_FAILED);
	seed = number * 0x2545f4914f6cdd1d + 1;
	write_some(0, PAGES);
	for (int i = 0; i < 4; i++) {
		pid = fork();
		ASSERT(pid >= 0);
		if (!pid) {
			seed += i;
			tree(1);
			check_range(0, PAGES);
			_exit(0);
		}
	}
	while ((pid = wait(&status)) > 0)
		EXPECT_EQ(status, 0);
	check_range(0, PAGES);
}

TEST_TIMEOUT(random_tree_1, 60)
{
	run_tree(1);
}

TEST_TIMEOUT(random_tree_of_now, 60)
{
	uint64_t number = (uint64_t)getpid() * 7919;

	ktest_print("# seed %llu\n", (unsigned long long)number);
	run_tree(number);
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * mmfuzz SEED OPS: a tree of processes that change their memory at random, each with a model of
 * what every page must hold. What a process does follows from SEED alone, so a failure can be
 * played again, with fewer operations too. Prints "@@ wrong ..." and ends with 1 on a difference.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#define PG	4096UL
#define PAGES	1536		/* 6 MiB: more than three tables */
#define WORDS	(PG / sizeof(uint64_t))
#define DEPTH	6
#define RW	(PROT_READ | PROT_WRITE)
#define ANON	(MAP_PRIVATE | MAP_ANONYMOUS)

static uint64_t *mem;
static uint64_t model[PAGES];	/* each page's stamp; 0: zeroes */
static uint64_t seed, stamps, first_seed;
static long done;		/* operations of this process, for the report */
static int depth;

static uint64_t draw(uint64_t limit)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (seed >> 11) % limit;
}

static uint64_t new_stamp(void)
{
	return ++stamps * 0x9e3779b97f4a7c15 | 1;
}

static void fail(const char *what, int page)
{
	printf("@@ wrong %s: page %d, depth %d, operation %ld, errno %d, seed %llu\n", what, page,
	       depth, done, errno, (unsigned long long)first_seed);
	fflush(stdout);
	_exit(1);
}

static void fill(uint64_t *p, uint64_t stamp)
{
	p[0] = stamp;
	p[WORDS / 2] = stamp * 3;
	p[WORDS - 1] = stamp ^ (stamp >> 7);
}

static void put(int page)
{
	uint64_t stamp = new_stamp();

	fill(mem + page * WORDS, stamp);
	model[page] = stamp;
}

static void check(int from, int n)
{
	for (int i = from; i < from + n; i++) {
		uint64_t *p = mem + i * WORDS, s = model[i];

		if (p[0] != s || p[WORDS / 2] != s * 3 || p[WORDS - 1] != (s ^ (s >> 7)))
			fail("content", i);
	}
}

static void reap(pid_t pid)
{
	int status;

	if (waitpid(pid, &status, 0) != pid)
		fail("waitpid", -1);
	if (status)
		_exit(1);
}

static void *at(int page)
{
	return mem + page * WORDS;
}

static void remap(int from, int n)
{
	if (munmap(at(from), n * PG))
		fail("munmap", from);
	if (mmap(at(from), n * PG, RW, ANON | MAP_FIXED, -1, 0) != at(from))
		fail("mmap", from);
	memset(model + from, 0, n * sizeof(model[0]));
}

static void forget(int from, int n)
{
	if (madvise(at(from), n * PG, MADV_DONTNEED))
		fail("madvise", from);
	memset(model + from, 0, n * sizeof(model[0]));
}

static void protect(int from, int n)
{
	if (mprotect(at(from), n * PG, draw(2) ? PROT_READ : PROT_NONE) ||
	    mprotect(at(from), n * PG, RW))
		fail("mprotect", from);
}

static void move(int from, int n)
{
	char *other = mmap(NULL, n * PG, RW, ANON, -1, 0);

	if (mremap(at(from), n * PG, n * PG, MREMAP_MAYMOVE | MREMAP_FIXED, other) != other ||
	    mremap(other, n * PG, n * PG, MREMAP_MAYMOVE | MREMAP_FIXED, at(from)) != at(from))
		fail("mremap", from);
}

static void pipe_through(int from, int to)
{
	int fds[2];

	if (pipe(fds) || write(fds[1], at(from), PG) != (long)PG ||
	    read(fds[0], at(to), PG) != (long)PG)
		fail("pipe", from);
	close(fds[0]);
	close(fds[1]);
	model[to] = model[from];
}

/* The heap's end, up and down again. */
static void move_brk(void)
{
	int bytes = (1 + draw(300)) * PG;
	char *old = sbrk(bytes);

	if (old == (void *)-1)
		return;
	for (int i = 0; i < bytes; i += PG)
		if (old[i])
			fail("brk", i / (int)PG);
	memset(old, 0x5a, bytes);
	sbrk(-bytes);
}

static void write_own_mem(int page)
{
	int fd = open("/proc/self/mem", O_RDWR);
	uint64_t block[WORDS] = { 0 };

	if (fd < 0)
		return;
	model[page] = new_stamp();
	fill(block, model[page]);
	if (pwrite(fd, block, PG, (off_t)at(page)) != (long)PG)
		fail("/proc/self/mem", page);
	close(fd);
}

static void *write_slice(void *arg)
{
	int from = (long)arg;

	for (int i = from; i < from + PAGES / 4; i += 5)
		fill(at(i), model[i]);
	return NULL;
}

/* Threads write what the model already says, all over, while one of them forks. */
static void threads_and_fork(void)
{
	pthread_t id[4];
	pid_t pid;

	for (int i = 0; i < 4; i++)
		for (int p = i * (PAGES / 4); p < (i + 1) * (PAGES / 4); p += 5)
			model[p] = new_stamp();
	for (long i = 0; i < 4; i++)
		if (pthread_create(&id[i], NULL, write_slice, (void *)(i * (PAGES / 4))))
			fail("pthread_create", -1);
	pid = fork();
	if (!pid)
		_exit(0);
	for (int i = 0; i < 4; i++)
		pthread_join(id[i], NULL);
	if (pid > 0)
		reap(pid);
	check(0, PAGES);
}

static void run_elsewhere(void)
{
	char *args[] = { "mmfuzz", "0", "0", NULL };
	pid_t pid = vfork();

	if (!pid) {
		execv("/proc/self/exe", args);
		_exit(0);
	}
	if (pid > 0)
		reap(pid);
}

static void run(long ops);

/*
 * A child with its own share of the operations. It waits for the parent's word first: the parent
 * may write one of its pages from outside, which the child then expects.
 */
static long make_child(long left)
{
	struct { int page; uint64_t stamp; } word = { -1, 0 };
	uint64_t child_seed = draw(UINT64_MAX) | 1, block[WORDS];
	long share = 1 + draw(left / 2 + 1);
	int target = draw(PAGES), outside = draw(3) == 0, concurrent = draw(2), fds[2];
	struct iovec from = { block, PG }, to = { at(target), PG };
	pid_t pid;

	if (pipe(fds))
		fail("pipe", -1);
	pid = fork();
	if (pid < 0)
		fail("fork", -1);
	if (!pid) {
		if (read(fds[0], &word, sizeof(word)) != sizeof(word))
			fail("word", -1);
		close(fds[0]);
		close(fds[1]);
		if (word.page >= 0)
			model[word.page] = word.stamp;
		seed = child_seed;
		stamps = child_seed;
		done = 0;
		depth++;
		check(0, PAGES);
		run(share);
		_exit(0);
	}
	if (outside) {
		memset(block, 0, sizeof(block));
		fill(block, child_seed);
		if (process_vm_writev(pid, &from, 1, &to, 1, 0) == (long)PG) {
			word.page = target;
			word.stamp = child_seed;
		}
	}
	if (write(fds[1], &word, sizeof(word)) != sizeof(word))
		fail("word", -1);
	close(fds[0]);
	close(fds[1]);
	if (concurrent)
		for (int i = 0; i < 20; i++)
			put(draw(PAGES));
	reap(pid);
	return share;
}

static void step(void)
{
	int n = 1 + (draw(4) ? draw(16) : draw(600)), from = draw(PAGES - n);

	switch (draw(20)) {
	case 0: remap(from, n); break;
	case 1: forget(from, n); break;
	case 2: protect(from, n); break;
	case 3: move(from, n); break;
	case 4: pipe_through(from, draw(PAGES)); break;
	case 5: move_brk(); break;
	case 6: write_own_mem(from); break;
	case 7: if (!draw(10)) threads_and_fork(); break;
	case 8: if (!draw(10)) run_elsewhere(); break;
	case 9: case 10: check(from, n); break;
	default:
		for (int i = 0; i < n && i < 32; i++)
			put(from + i);
	}
}

static void run(long ops)
{
	while (done < ops) {
		done++;
		if (depth < DEPTH && !draw(25))
			done += make_child(ops - done);
		else
			step();
	}
	check(0, PAGES);
}

int main(int argc, char **argv)
{
	long ops = argc > 2 ? atol(argv[2]) : 10000;

	if (argc > 1)
		first_seed = strtoull(argv[1], NULL, 0);
	if (!ops)
		return 0;
	mem = mmap(NULL, PAGES * PG, RW, ANON, -1, 0);
	if (mem == MAP_FAILED)
		fail("mmap", -1);
	seed = first_seed * 0x2545f4914f6cdd1d + 0x9e3779b97f4a7c15;
	stamps = first_seed << 32;
	for (int i = 0; i < PAGES; i++)
		put(i);
	run(ops);
	printf("@@ same: seed %llu, %ld operations\n", (unsigned long long)first_seed, ops);
	return 0;
}

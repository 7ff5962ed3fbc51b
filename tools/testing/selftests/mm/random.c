// SPDX-License-Identifier: GPL-2.0-only
/*
 * Random operations on a piece of address space by a family of processes, against a model that
 * knows what each page must be.
 */
/* ktest: timeout=240 */
#include "../ktest.h"
#include "mm_util.h"

#define SPACE	192			/* pages */
#define BASE	((char *)0x600000000000UL)
#define DEPTH	3

enum state { HOLE, READ_ONLY, WRITABLE };

static struct {
	unsigned char state[SPACE], value[SPACE];
} model;

static unsigned int seed;
static int depth;

static unsigned int rnd(unsigned int below)
{
	seed = seed * 1103515245 + 12345;
	return (seed >> 8) % below;
}

static char *page(int i)
{
	return BASE + i * PG;
}

static void set_range(int from, int n, int state, int value)
{
	for (int i = from; i < from + n; i++) {
		model.state[i] = state;
		if (value >= 0)
			model.value[i] = value;
	}
}

static int whole_range_is(int from, int n, int mapped)
{
	for (int i = from; i < from + n; i++)
		if ((model.state[i] != HOLE) != mapped)
			return 0;
	return 1;
}

static void verify(int op)
{
	unsigned char vec;

	for (int i = 0; i < SPACE; i++) {
		if (model.state[i] == HOLE) {
			if (!mincore(page(i), PG, &vec))
				ktest_print("# op %d: page %d should be a hole\n", op, i);
			else
				continue;
		} else if ((unsigned char)page(i)[i] == model.value[i]) {
			continue;
		} else {
			ktest_print("# op %d depth %d: page %d is %d, not %d\n", op, depth, i,
				    (unsigned char)page(i)[i], model.value[i]);
		}
		ktest_failed(1);
	}
}

static void write_pages(int from, int n)
{
	for (int i = from; i < from + n; i++) {
		if (model.state[i] != WRITABLE)
			continue;
		model.value[i] = rnd(256);
		page(i)[i] = model.value[i];
	}
}

static void move_range(int from, int n)
{
	int to = rnd(SPACE - n + 1);

	if ((to < from + n && from < to + n) || !whole_range_is(from, n, 1))
		return;
	/* one area only: the same protection all along */
	if (mprotect(page(from), n * PG, RW))
		ktest_failed(1);
	set_range(from, n, WRITABLE, -1);
	if (mremap(page(from), n * PG, n * PG, MREMAP_MAYMOVE | MREMAP_FIXED, page(to)) != page(to))
		return;			/* more than one area after all (EFAULT) */
	for (int i = 0; i < n; i++) {
		/* the marked byte is at an offset that follows the page's number */
		if ((unsigned char)page(to + i)[from + i] != model.value[from + i])
			ktest_failed(1);
		model.state[to + i] = WRITABLE;
		page(to + i)[to + i] = model.value[to + i] = model.value[from + i];
	}
	set_range(from, n, HOLE, 0);
}

static void story(int operations);

static void have_child(int operations)
{
	pid_t pid = fork();

	if (pid < 0) {
		ktest_print("# fork: errno %d\n", errno);
		ktest_failed(1);
	}
	if (!pid) {
		depth++;
		seed += 12345;
		verify(-1);
		story(depth < DEPTH ? operations / 3 : 10);
		verify(-2);
		_exit(0);
	}
}

static void story(int operations)
{
	for (int op = 0; op < operations; op++) {
		int n = 1 + rnd(24), from = rnd(SPACE - n + 1);

		switch (rnd(12)) {
		case 0:
		case 1:
			if (mmap(page(from), n * PG, RW, ANON | MAP_FIXED, -1, 0) != page(from))
				ktest_failed(1);
			set_range(from, n, WRITABLE, 0);
			break;
		case 2:
			munmap(page(from), n * PG);
			set_range(from, n, HOLE, 0);
			break;
		case 3:
			if (whole_range_is(from, n, 1) && !mprotect(page(from), n * PG, PROT_READ))
				set_range(from, n, READ_ONLY, -1);
			break;
		case 4:
			if (whole_range_is(from, n, 1) && !mprotect(page(from), n * PG, RW))
				set_range(from, n, WRITABLE, -1);
			break;
		case 5:
			if (whole_range_is(from, n, 1) &&
			    !madvise(page(from), n * PG, MADV_DONTNEED))
				memset(model.value + from, 0, n);
			break;
		case 6:
			move_range(from, n);
			break;
		case 7:
			if (depth < DEPTH && rnd(4) == 0)
				have_child(operations);
			break;
		default:
			write_pages(from, n);
		}
		if (rnd(8) == 0)
			verify(op);
	}
	for (int status, pid; (pid = wait(&status)) > 0; )
		if (status)
			ktest_failed(1);
}

static void run(unsigned int first_seed, int operations)
{
	seed = first_seed;
	munmap(BASE, SPACE * PG);
	memset(&model, 0, sizeof(model));
	story(operations);
	verify(operations);
}

TEST_TIMEOUT(families, 120)
{
	for (unsigned int s = 1; s <= 40; s++)
		run(s * 7919, 150);
}

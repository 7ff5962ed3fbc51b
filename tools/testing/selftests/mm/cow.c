// SPDX-License-Identifier: GPL-2.0-only
/* Copy on write: what each side of a fork sees, whoever writes, unmaps or goes first. */
#include <sys/uio.h>
#include "../ktest.h"
#include "mm_util.h"

#define N	64

static char *mem;

static void fill(char base)
{
	for (int i = 0; i < N; i++)
		mem[i * PG] = base + i;
}

static int holds(char base)
{
	int bad = 0;

	for (int i = 0; i < N; i++)
		bad += mem[i * PG] != (char)(base + i);
	return bad;
}

/* One step of each side, in the order given by pipes. */
struct turn {
	int to_child[2], to_parent[2];
};

static void turn_init(struct turn *t)
{
	ASSERT_EQ(pipe(t->to_child), 0);
	ASSERT_EQ(pipe(t->to_parent), 0);
}

static void tell(int *fds)
{
	ASSERT_EQ(write(fds[1], "x", 1), 1);
}

static void await(int *fds)
{
	char c;

	ASSERT_EQ(read(fds[0], &c, 1), 1);
}

TEST(child_writes_parent_keeps)
{
	pid_t pid;

	mem = map_anon(N * PG);
	fill(1);
	pid = fork();
	if (!pid) {
		EXPECT_EQ(holds(1), 0);
		fill(50);
		EXPECT_EQ(holds(50), 0);
		_exit(0);
	}
	EXPECT_EQ(wait_exit(pid), 0);
	EXPECT_EQ(holds(1), 0);
}

TEST(parent_writes_child_keeps)
{
	struct turn t;
	pid_t pid;

	turn_init(&t);
	mem = map_anon(N * PG);
	fill(1);
	pid = fork();
	if (!pid) {
		await(t.to_child);
		EXPECT_EQ(holds(1), 0);
		fill(90);
		tell(t.to_parent);
		await(t.to_child);
		EXPECT_EQ(holds(90), 0);
		_exit(0);
	}
	fill(50);
	tell(t.to_child);
	await(t.to_parent);
	EXPECT_EQ(holds(50), 0);
	fill(60);
	tell(t.to_child);
	EXPECT_EQ(wait_exit(pid), 0);
	EXPECT_EQ(holds(60), 0);
}

TEST(parent_unmaps_first)
{
	struct turn t;
	pid_t pid;

	turn_init(&t);
	mem = map_anon(N * PG);
	fill(1);
	pid = fork();
	if (!pid) {
		await(t.to_child);
		EXPECT_EQ(holds(1), 0);
		fill(9);
		EXPECT_EQ(holds(9), 0);
		_exit(0);
	}
	munmap(mem, N * PG);
	mem = map_anon(N * PG);
	fill(77);
	tell(t.to_child);
	EXPECT_EQ(wait_exit(pid), 0);
	EXPECT_EQ(holds(77), 0);
}

TEST(parent_exits_first)
{
	struct turn t;
	pid_t pid;

	turn_init(&t);
	mem = map_anon(N * PG);
	fill(3);
	pid = fork();
	if (!pid) {
		if (!fork()) {
			await(t.to_child);
			EXPECT_EQ(holds(3), 0);
			fill(4);
			EXPECT_EQ(holds(4), 0);
			tell(t.to_parent);
			_exit(0);
		}
		_exit(0);
	}
	EXPECT_EQ(wait_exit(pid), 0);
	tell(t.to_child);
	await(t.to_parent);
	EXPECT_EQ(holds(3), 0);
}

TEST(three_generations)
{
	pid_t pid;

	mem = map_anon(N * PG);
	fill(1);
	pid = fork();
	if (!pid) {
		pid_t grandchild;

		mem[0] = 100;
		grandchild = fork();
		if (!grandchild) {
			EXPECT_EQ(mem[0], 100);
			EXPECT_EQ(mem[PG], 2);
			mem[PG] = 101;
			_exit(0);
		}
		EXPECT_EQ(wait_exit(grandchild), 0);
		EXPECT_EQ(mem[PG], 2);
		mem[PG] = 102;
		EXPECT_EQ(mem[0], 100);
		_exit(0);
	}
	EXPECT_EQ(wait_exit(pid), 0);
	EXPECT_EQ(holds(1), 0);
}

TEST(kernel_writes_copy_too)
{
	int fds[2];
	char out[8] = "kernel!";
	pid_t pid;

	mem = map_anon(PG);
	memcpy(mem, "original", 8);
	ASSERT_EQ(pipe(fds), 0);
	ASSERT_EQ(write(fds[1], out, 8), 8);
	pid = fork();
	if (!pid) {
		ASSERT_EQ(read(fds[0], mem, 8), 8);
		EXPECT_STREQ(mem, "kernel!");
		_exit(0);
	}
	EXPECT_EQ(wait_exit(pid), 0);
	EXPECT_EQ(memcmp(mem, "original", 8), 0);
}

TEST(private_file_pages_are_copied)
{
	int fd = temp_file(4 * PG);
	char *p, *q, byte = 7;
	pid_t pid;

	ASSERT_EQ(pwrite(fd, &byte, 1, 0), 1);
	p = mmap(NULL, 4 * PG, RW, MAP_PRIVATE, fd, 0);
	q = mmap(NULL, 4 * PG, RW, MAP_SHARED, fd, 0);
	EXPECT_EQ(p[0], 7);
	p[PG] = 1;
	EXPECT_EQ(q[PG], 0);
	pid = fork();
	if (!pid) {
		EXPECT_EQ(p[PG], 1);
		p[PG] = 2;
		p[0] = 8;
		q[2 * PG] = 9;
		_exit(0);
	}
	EXPECT_EQ(wait_exit(pid), 0);
	EXPECT_EQ(p[PG], 1);
	EXPECT_EQ(p[0], 7);
	EXPECT_EQ(q[0], 7);
	EXPECT_EQ(q[2 * PG], 9);
}

TEST(fork_while_a_sibling_writes)
{
	/* Each page's two halves are always written together: a child must never see a mix. */
	char *p = map_anon(2 * PG);
	volatile unsigned long *a = (void *)p, *stop = (void *)(p + PG);
	static char stack[65536] __attribute__((aligned(16)));
	pid_t writer;

	stop = mmap(NULL, PG, RW, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	writer = fork();	/* not a thread: its own copy, which must stay its own */
	if (!writer) {
		for (unsigned long i = 1; !*stop; i++)
			a[0] = a[256] = i;
		_exit(a[0] == a[256] ? 0 : 1);
	}
	for (int i = 0; i < 200; i++) {
		pid_t pid = fork();

		if (!pid)
			_exit(a[0] == 0 && a[256] == 0 ? 0 : 1);
		EXPECT_EQ(wait_exit(pid), 0);
	}
	*stop = 1;
	EXPECT_EQ(wait_exit(writer), 0);
	(void)stack;
}

TEST(rss_is_given_back)
{
	long before = proc_value("/proc/self/status", "VmRSS"), with;

	if (before < 0)
		SKIP("no VmRSS");
	mem = map_anon(1024 * PG);
	memset(mem, 1, 1024 * PG);
	with = proc_value("/proc/self/status", "VmRSS");
	EXPECT_GE(with - before, 4096 - 64);
	munmap(mem, 1024 * PG);
	EXPECT_LE(proc_value("/proc/self/status", "VmRSS") - before, 256);
	EXPECT_GE(proc_value("/proc/self/status", "VmHWM"), before + 4096 - 256);
}

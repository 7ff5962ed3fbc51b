// SPDX-License-Identifier: GPL-2.0-only
/*
 * What must happen to memory that parent and child share after fork, tables and all: each event
 * from either side, and what the other side sees of it. 8 MiB are enough to be shared.
 * ktest: timeout=400
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include "../ktest.h"
#include "mm_util.h"

#define TABLE	(512 * PG)
#define SIZE	(4 * TABLE)
#define PAGES	((int)(SIZE / PG))

static char *mem;

/* A region of SIZE that begins at a table's boundary, each page with its own mark. */
static void setup(void)
{
	char *p = map_anon(SIZE + TABLE);

	ASSERT(p != MAP_FAILED);
	mem = (char *)(((uintptr_t)p + TABLE - 1) & ~(TABLE - 1));
	for (int i = 0; i < PAGES; i++)
		mem[i * PG] = 1 + i % 100;
}

static int changed(int from, int to)
{
	int n = 0;

	for (int i = from; i < to; i++)
		n += mem[i * PG] != 1 + i % 100;
	return n;
}

/* Both sides wait for each other here. */
struct gate {
	int down[2], up[2];
};

static void gate_init(struct gate *g)
{
	ASSERT_EQ(pipe(g->down), 0);
	ASSERT_EQ(pipe(g->up), 0);
}

static void signal_to(int *fds)
{
	ASSERT_EQ(write(fds[1], "x", 1), 1);
}

static void wait_for(int *fds)
{
	char c;

	ASSERT_EQ(read(fds[0], &c, 1), 1);
}

static void reap(pid_t pid)
{
	int status;

	ASSERT_EQ(waitpid(pid, &status, 0), pid);
	EXPECT_EQ(status, 0);
}

/* @first acts in one process, then the other looks, then both end. */
static void event(void (*act)(void), int in_child)
{
	struct gate g;
	pid_t pid;

	setup();
	gate_init(&g);
	pid = fork();
	ASSERT(pid >= 0);
	if (!pid) {
		if (in_child)
			act();
		else
			wait_for(g.down);
		if (!in_child)
			EXPECT_EQ(changed(0, PAGES), 0);
		signal_to(g.up);
		wait_for(g.down);
		if (!in_child)
			memset(mem, 0x7f, SIZE);
		_exit(0);
	}
	if (!in_child) {
		act();
		signal_to(g.down);
	}
	wait_for(g.up);
	if (in_child)
		EXPECT_EQ(changed(0, PAGES), 0);
	signal_to(g.down);
	reap(pid);
	if (in_child)
		EXPECT_EQ(changed(0, PAGES), 0);
}

static void both_ways(void (*act)(void))
{
	event(act, 1);
	event(act, 0);
}

static void write_all(void)
{
	memset(mem, 0x55, SIZE);
	EXPECT_EQ(mem[SIZE - 1], 0x55);
}

static void write_one(void)
{
	mem[700 * PG] = 0x55;
	EXPECT_EQ(changed(0, PAGES), 1);
}

static void unmap_part(void)
{
	ASSERT_EQ(munmap(mem + 100 * PG, 600 * PG), 0);
	EXPECT_EQ(changed(0, 100) + changed(700, PAGES), 0);
	EXPECT_EQ(touch_signal(mem + 100 * PG, 0), SIGSEGV);
	EXPECT_EQ(touch_signal(mem + 699 * PG, 0), SIGSEGV);
}

static void unmap_tables(void)
{
	ASSERT_EQ(munmap(mem, 2 * TABLE), 0);
	EXPECT_EQ(changed(1024, PAGES), 0);
	EXPECT_EQ(touch_signal(mem + TABLE, 0), SIGSEGV);
}

static void unmap_all(void)
{
	ASSERT_EQ(munmap(mem, SIZE), 0);
	ASSERT(mmap(mem, SIZE, RW, ANON | MAP_FIXED, -1, 0) == mem);
	for (int i = 0; i < PAGES; i++)
		EXPECT_EQ(mem[i * PG], 0);
	memset(mem, 3, SIZE);
}

static void drop_part(void)
{
	ASSERT_EQ(madvise(mem + 5 * PG, 10 * PG, MADV_DONTNEED), 0);
	for (int i = 5; i < 15; i++)
		EXPECT_EQ(mem[i * PG], 0);
	EXPECT_EQ(changed(0, 5) + changed(15, PAGES), 0);
}

static void drop_tables(void)
{
	ASSERT_EQ(madvise(mem + PG, SIZE - 2 * PG, MADV_DONTNEED), 0);
	EXPECT_EQ(mem[PG], 0);
	EXPECT_EQ(mem[TABLE], 0);
	mem[TABLE] = 9;
	EXPECT_EQ(mem[SIZE - 2 * PG], 0);
	EXPECT_EQ(changed(0, 1) + changed(PAGES - 1, PAGES), 0);
}

static void protect_part(void)
{
	ASSERT_EQ(mprotect(mem + PG, 3 * TABLE, PROT_READ), 0);
	EXPECT_EQ(touch_signal(mem + PG, 1), SIGSEGV);
	EXPECT_EQ(changed(0, PAGES), 0);
	ASSERT_EQ(mprotect(mem + PG, 3 * TABLE, PROT_NONE), 0);
	EXPECT_EQ(touch_signal(mem + TABLE, 0), SIGSEGV);
	ASSERT_EQ(mprotect(mem + PG, 3 * TABLE, RW), 0);
	EXPECT_EQ(changed(0, PAGES), 0);
	mem[PG] = 0x11;
}

static void move_it(void)
{
	char *to = map_anon(SIZE), *old = mem;

	ASSERT(mremap(mem, SIZE, SIZE, MREMAP_MAYMOVE | MREMAP_FIXED, to) == to);
	mem = to;
	EXPECT_EQ(changed(0, PAGES), 0);
	memset(to, 0x22, SIZE);
	EXPECT_EQ(touch_signal(old, 0), SIGSEGV);
}

static void kernel_writes(void)
{
	struct iovec iov = { mem + TABLE - 8, 16 };
	int fds[2];

	ASSERT_EQ(pipe(fds), 0);
	ASSERT_EQ(write(fds[1], "0123456789abcdef", 16), 16);
	ASSERT_EQ(readv(fds[0], &iov, 1), 16);
	EXPECT_EQ(memcmp(mem + TABLE - 8, "0123456789abcdef", 16), 0);
}

static void on_signal(int sig)
{
}

static void signal_frame(void)
{
	stack_t stack = { .ss_sp = mem + TABLE, .ss_size = 16 * PG };
	struct sigaction act = { .sa_handler = on_signal, .sa_flags = SA_ONSTACK };

	ASSERT_EQ(sigaltstack(&stack, NULL), 0);
	ASSERT_EQ(sigaction(SIGUSR1, &act, NULL), 0);
	ASSERT_EQ(raise(SIGUSR1), 0);
}

static void lock_it(void)
{
	if (mlock(mem, 4 * PG))
		return;
	mem[0] = 0x44;
	munlock(mem, 4 * PG);
}

TEST(write_everything) { both_ways(write_all); }
TEST(write_one_page) { both_ways(write_one); }
TEST(unmap_a_part) { both_ways(unmap_part); }
TEST(unmap_whole_tables) { both_ways(unmap_tables); }
TEST(unmap_and_map_anew) { both_ways(unmap_all); }
TEST(dontneed_a_part) { both_ways(drop_part); }
TEST(dontneed_whole_tables) { both_ways(drop_tables); }
TEST(mprotect_and_back) { both_ways(protect_part); }
TEST(mremap_away) { both_ways(move_it); }
TEST(read_into_it) { both_ways(kernel_writes); }
TEST(signal_frame_in_it) { both_ways(signal_frame); }
TEST(mlock_it) { both_ways(lock_it); }

/* Reading where nothing was may not fill the other's memory. */
TEST(read_of_a_hole)
{
	struct gate g;
	pid_t pid;

	setup();
	ASSERT_EQ(madvise(mem + 8 * PG, 4 * PG, MADV_DONTNEED), 0);
	gate_init(&g);
	pid = fork();
	if (!pid) {
		EXPECT_EQ(mem[8 * PG], 0);
		signal_to(g.up);
		wait_for(g.down);
		EXPECT_EQ(mem[8 * PG] + mem[9 * PG], 0);
		_exit(0);
	}
	wait_for(g.up);
	mem[8 * PG] = 1;
	mem[9 * PG] = 2;
	signal_to(g.down);
	reap(pid);
	EXPECT_EQ(mem[8 * PG], 1);
}

static void generations(int left)
{
	pid_t pid;

	mem[left * PG] = 0x60 + left;
	if (!left)
		return;
	pid = fork();
	ASSERT(pid >= 0);
	if (!pid) {
		generations(left - 1);
		_exit(0);
	}
	for (int i = 0; i < left; i++)
		EXPECT_EQ(mem[i * PG], 1 + i % 100);
	reap(pid);
	for (int i = 0; i < left; i++)
		EXPECT_EQ(mem[i * PG], 1 + i % 100);
	EXPECT_EQ(mem[left * PG], 0x60 + left);
}

TEST(grandchildren)
{
	setup();
	generations(20);
	EXPECT_EQ(changed(21, PAGES), 0);
}

/* Who is left alone gets the tables, and its memory, back. */
TEST(parent_goes_first)
{
	struct gate g;
	char c;
	pid_t pid;

	setup();
	gate_init(&g);
	pid = fork();
	if (!pid) {
		if (!fork()) {
			close(g.up[1]);
			EXPECT_EQ(read(g.down[0], &c, 1), 1);
			EXPECT_EQ(changed(0, PAGES), 0);
			memset(mem, 5, SIZE);
			EXPECT_EQ(mem[SIZE / 2], 5);
			signal_to(g.down);
		}
		_exit(0);
	}
	reap(pid);
	mem[0] = 99;
	signal_to(g.down);
	close(g.up[1]);
	EXPECT_EQ(read(g.up[0], &c, 1), 0);	/* the grandchild is gone too */
	EXPECT_EQ(changed(1, PAGES), 0);
}

/* What fork must not hand on, in the middle of a table. */
TEST(dontfork_and_wipeonfork)
{
	pid_t pid;

	setup();
	ASSERT_EQ(madvise(mem + 10 * PG, 600 * PG, MADV_DONTFORK), 0);
	ASSERT_EQ(madvise(mem + 1000 * PG, 700 * PG, MADV_WIPEONFORK), 0);
	pid = fork();
	if (!pid) {
		EXPECT_EQ(touch_signal(mem + 10 * PG, 0), SIGSEGV);
		EXPECT_EQ(touch_signal(mem + 609 * PG, 0), SIGSEGV);
		for (int i = 1000; i < 1700; i++)
			EXPECT_EQ(mem[i * PG], 0);
		EXPECT_EQ(changed(0, 10) + changed(610, 1000) + changed(1700, PAGES), 0);
		_exit(0);
	}
	reap(pid);
	EXPECT_EQ(changed(0, PAGES), 0);
}

TEST(shared_mapping_stays_shared)
{
	char *shared;
	pid_t pid;

	setup();
	shared = mmap(mem + 3 * PG, 4 * PG, RW, MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	ASSERT(shared == mem + 3 * PG);
	shared[0] = 1;
	pid = fork();
	if (!pid) {
		mem[0] = 77;
		shared[0] = 2;
		shared[PG] = 3;
		_exit(0);
	}
	reap(pid);
	EXPECT_EQ(shared[0], 2);
	EXPECT_EQ(shared[PG], 3);
	EXPECT_EQ(mem[0], 1);
	pid = fork();
	if (!pid) {
		while (__atomic_load_n(&shared[2 * PG], __ATOMIC_ACQUIRE) != 9)
			usleep(1000);
		_exit(0);
	}
	__atomic_store_n(&shared[2 * PG], 9, __ATOMIC_RELEASE);
	reap(pid);
}

/* Truncation finds the pages of every address space that shares the table. */
static void truncate_under(int flags)
{
	int fd = temp_file(SIZE), status;
	struct gate g;
	pid_t pid, inner;
	char *p;

	setup();
	ASSERT(fd >= 0);
	p = mmap(mem + TABLE, TABLE, RW, flags | MAP_FIXED, fd, 0);
	ASSERT(p == mem + TABLE);
	memset(p, 6, TABLE);
	gate_init(&g);
	pid = fork();
	if (!pid) {
		inner = fork();
		if (!inner) {
			EXPECT_EQ(p[5 * PG], 6);
			signal_to(g.up);
			wait_for(g.down);
			EXPECT_EQ(touch_signal(p + 5 * PG, 0), SIGBUS);
			EXPECT_EQ(p[PG], 6);
			_exit(0);
		}
		waitpid(inner, &status, 0);
		EXPECT_EQ(status, 0);
		EXPECT_EQ(touch_signal(p + 5 * PG, 1), SIGBUS);
		EXPECT_EQ(p[PG], 6);
		_exit(0);
	}
	wait_for(g.up);
	ASSERT_EQ(ftruncate(fd, 4 * PG), 0);
	EXPECT_EQ(touch_signal(p + 5 * PG, 0), SIGBUS);
	signal_to(g.down);
	reap(pid);
	EXPECT_EQ(p[PG], 6);
	EXPECT_EQ(changed(0, 512) + changed(1024, PAGES), 0);
	close(fd);
}

TEST(truncate_private) { truncate_under(MAP_PRIVATE); }
TEST(truncate_shared) { truncate_under(MAP_SHARED); }

/* Resident sizes are exact on both sides, whatever is shared. */
TEST(resident_size)
{
	long before, now;
	pid_t pid;

	setup();
	before = proc_value("/proc/self/status", "RssAnon");
	pid = fork();
	if (!pid) {
		now = proc_value("/proc/self/status", "RssAnon");
		EXPECT(now >= before - 64 && now <= before + 64);
		ASSERT_EQ(madvise(mem + TABLE, 2 * TABLE, MADV_DONTNEED), 0);
		EXPECT(proc_value("/proc/self/status", "RssAnon") <= now - 4096 + 64);
		memset(mem + TABLE, 1, TABLE);
		EXPECT(proc_value("/proc/self/status", "RssAnon") >= now - 2048 - 64);
		ASSERT_EQ(munmap(mem, SIZE), 0);
		EXPECT(proc_value("/proc/self/status", "RssAnon") <= now - 8192 + 64);
		_exit(0);
	}
	reap(pid);
	now = proc_value("/proc/self/status", "RssAnon");
	EXPECT(now >= before - 64 && now <= before + 64);
}

/* Who looks into another's memory leaves its tables as they are, shared or missing. */
TEST(looking_does_not_unshare)
{
	char path[64], buf[PG], *hole = map_anon(4 * TABLE) + TABLE;
	struct iovec to = { buf, PG }, from;
	struct gate g;
	long before;
	pid_t pid;
	int fd;

	set_fold_idle("0");
	setup();
	gate_init(&g);
	pid = fork();
	if (!pid) {
		wait_for(g.down);
		_exit(0);
	}
	ASSERT_EQ(ptrace(PTRACE_SEIZE, pid, 0, 0), 0);
	ASSERT_EQ(ptrace(PTRACE_INTERRUPT, pid, 0, 0), 0);
	ASSERT_EQ(waitpid(pid, NULL, 0), pid);
	snprintf(path, sizeof(path), "/proc/%d/status", pid);
	before = proc_value(path, "VmPTE");
	ASSERT(before > 0);
	for (int i = 0; i < PAGES; i += 64) {
		from = (struct iovec){ mem + i * PG, PG };
		ASSERT_EQ(process_vm_readv(pid, &to, 1, &from, 1, 0), PG);
		EXPECT_EQ(buf[0], 1 + i % 100);
		EXPECT_EQ((char)ptrace(PTRACE_PEEKDATA, pid, mem + i * PG, 0), 1 + i % 100);
	}
	from = (struct iovec){ hole, PG };
	ASSERT_EQ(process_vm_readv(pid, &to, 1, &from, 1, 0), PG);
	EXPECT_EQ(buf[5], 0);
	snprintf(path, sizeof(path), "/proc/%d/mem", pid);
	fd = open(path, O_RDONLY);
	for (int i = 5; i < PAGES; i += 64) {
		ASSERT_EQ(pread(fd, buf, PG, (off_t)(uintptr_t)(mem + i * PG)), PG);
		EXPECT_EQ(buf[0], 1 + i % 100);
	}
	close(fd);
	for (int i = 0; i < 4; i++) {
		static const char *const files[] = { "cmdline", "environ", "smaps", "pagemap" };

		snprintf(path, sizeof(path), "/proc/%d/%s", pid, files[i]);
		fd = open(path, O_RDONLY);
		ASSERT(read(fd, buf, PG) > 0);
		close(fd);
	}
	snprintf(path, sizeof(path), "/proc/%d/status", pid);
	EXPECT(proc_value(path, "VmPTE") <= before + 4);	/* Linux makes a table for the hole */
	ASSERT_EQ(ptrace(PTRACE_DETACH, pid, 0, 0), 0);
	signal_to(g.down);
	reap(pid);
	set_fold_idle("30");
}

static volatile int stop_writing;

static void *count_up(void *arg)
{
	unsigned long n = 0;

	while (!stop_writing)
		for (int i = (long)arg; i < PAGES; i += 4) {
			((volatile unsigned long *)(mem + i * PG))[1] = ++n;
			((volatile unsigned long *)(mem + i * PG))[400] = n;
		}
	return NULL;
}

/* A page never changes under the child while the parent's threads write (no stale entries). */
TEST_TIMEOUT(threads_write_while_another_forks, 60)
{
	pthread_t threads[4];
	pid_t pid;

	setup();
	for (long i = 0; i < 4; i++)
		ASSERT_EQ(pthread_create(&threads[i], NULL, count_up, (void *)i), 0);
	for (int round = 0; round < 6; round++) {
		pid = fork();
		if (!pid) {
			unsigned long sum[3] = { 0, 0, 0 };

			for (int pass = 0; pass < 3; pass++)
				for (int i = 0; i < PAGES; i++)
					sum[pass] += ((unsigned long *)(mem + i * PG))[1] * 31 +
						     ((unsigned long *)(mem + i * PG))[400];
			EXPECT_EQ(sum[0], sum[1]);
			EXPECT_EQ(sum[0], sum[2]);
			for (int i = 0; i < PAGES; i += 7) {
				((unsigned long *)(mem + i * PG))[1] = 12345;
				if (((volatile unsigned long *)(mem + i * PG))[1] != 12345)
					EXPECT(0);
			}
			_exit(0);
		}
		ASSERT(pid > 0);
		reap(pid);
	}
	stop_writing = 1;
	for (int i = 0; i < 4; i++)
		pthread_join(threads[i], NULL);
	EXPECT_EQ(changed(0, PAGES), 0);
}

/* Several processes leave the same table at once; several threads of one do. */
#define STRIDE	16	/* each copy interrupts every CPU: a few per table are enough */

static void *break_table(void *arg)
{
	for (int i = (long)arg; i < PAGES; i += STRIDE)
		mem[i * PG] += 1;
	return NULL;
}

TEST_TIMEOUT(all_break_the_same_table_at_once, 60)
{
	pthread_t threads[4];
	pid_t pids[6];

	setup();
	for (int i = 0; i < 6; i++) {
		pids[i] = fork();
		if (pids[i])
			continue;
		for (long t = 0; t < 4; t++)
			ASSERT_EQ(pthread_create(&threads[t], NULL, break_table, (void *)t), 0);
		for (int t = 0; t < 4; t++)
			pthread_join(threads[t], NULL);
		for (int p = 0; p < PAGES; p++)
			EXPECT_EQ(mem[p * PG], 1 + p % 100 + (p % STRIDE < 4));
		_exit(0);
	}
	for (int i = 0; i < 6; i++)
		reap(pids[i]);
	EXPECT_EQ(changed(0, PAGES), 0);
}

/* A fork that copies, from tables that are shared: the switch works at run time. */
TEST(switched_at_run_time)
{
	static const char path[] = "/proc/sys/vm/shared_pgtables";
	int fd = open(path, O_RDWR);
	char old[8] = "";
	pid_t pid;

	if (fd < 0)
		SKIP("no switch here");
	ASSERT(pread(fd, old, sizeof(old), 0) > 0);
	if (pwrite(fd, "1", 1, 0) != 1)
		SKIP("built without shared tables");
	setup();
	pid = fork();
	if (!pid) {
		ASSERT_EQ(pwrite(fd, "0", 1, 0), 1);
		pid = fork();
		if (!pid) {
			memset(mem, 8, SIZE / 2);
			EXPECT_EQ(changed(PAGES / 2, PAGES), 0);
			_exit(0);
		}
		reap(pid);
		EXPECT_EQ(changed(0, PAGES), 0);
		ASSERT_EQ(pwrite(fd, "1", 1, 0), 1);
		_exit(0);
	}
	reap(pid);
	EXPECT_EQ(changed(0, PAGES), 0);
	ASSERT_EQ(pwrite(fd, old, 1, 0), 1);
}

/* A kernel built without shared tables refuses to switch them on, and fork copies. */
TEST(what_the_switch_says_is_done)
{
	int fd = open("/proc/sys/vm/shared_pgtables", O_RDWR), on;
	char old[8] = "";
	long tables;
	pid_t pid;

	if (fd < 0)
		SKIP("no switch here");
	ASSERT(pread(fd, old, sizeof(old), 0) > 0);
	on = pwrite(fd, "1", 1, 0) == 1;
	if (!on) {
		EXPECT_EQ(errno, EINVAL);
		EXPECT_EQ(atoi(old), 0);
	}
	EXPECT_ERRNO(pwrite(fd, "2", 1, 0), EINVAL);
	setup();
	pid = fork();
	if (!pid) {
		tables = proc_value("/proc/self/status", "VmPTE");
		EXPECT(on ? tables <= 64 : tables >= (long)(SIZE / TABLE + 4) * 4);
		_exit(0);
	}
	reap(pid);
	if (on)
		ASSERT_EQ(pwrite(fd, old, 1, 0), 1);
	EXPECT_EQ(changed(0, PAGES), 0);
}

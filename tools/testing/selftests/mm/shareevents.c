// SPDX-License-Identifier: GPL-2.0-only
/*
 * Each event on page tables that three generations share, by the parent, the child or the
 * grandchild: the two others must see nothing of it, and it nothing of what they write then.
 * ktest: timeout=400
 */
#define _GNU_SOURCE
#include <linux/aio_abi.h>
#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include "../ktest.h"
#include "mm_util.h"

#ifndef MADV_POPULATE_READ
#define MADV_POPULATE_READ	22
#define MADV_POPULATE_WRITE	23
#endif

#define TABLE	(512 * PG)
#define SIZE	(4 * TABLE)
#define PAGES	((int)(SIZE / PG))

enum member { PARENT, CHILD, GRANDCHILD };

static char *mem;
static pthread_barrier_t *meet;

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

/* Of all that can be read, without touching it. */
static unsigned long digest(void)
{
	unsigned long sum = 0, words[4];
	struct iovec local = { words, sizeof(words) }, remote;

	for (int i = 0; i < PAGES; i++) {
		remote = (struct iovec){ mem + i * PG, sizeof(words) };
		if (process_vm_readv(getpid(), &local, 1, &remote, 1, 0) != sizeof(words))
			words[0] = words[1] = words[2] = words[3] = ~0UL;
		for (int w = 0; w < 4; w++)
			sum = sum * 1000003 + words[w];
	}
	return sum;
}

static void play(enum member me, enum member actor, void (*act)(void))
{
	unsigned long sum = 0;

	pthread_barrier_wait(meet);
	if (me == actor) {
		act();
		sum = digest();
	}
	pthread_barrier_wait(meet);
	if (me != actor) {
		EXPECT_EQ(changed(0, PAGES), 0);
		memset(mem, 0x70 + me, SIZE);
	}
	pthread_barrier_wait(meet);
	if (me == actor)
		EXPECT_EQ(digest(), sum);
}

static void reap(pid_t pid)
{
	int status;

	ASSERT_EQ(waitpid(pid, &status, 0), pid);
	EXPECT_EQ(status, 0);
}

static void event_by(enum member actor, void (*act)(void))
{
	pid_t child, grandchild;

	setup();
	child = fork();
	if (!child) {
		grandchild = fork();
		if (!grandchild) {
			play(GRANDCHILD, actor, act);
			_exit(0);
		}
		play(CHILD, actor, act);
		reap(grandchild);
		_exit(0);
	}
	play(PARENT, actor, act);
	reap(child);
}

static void event(void (*act)(void))
{
	pthread_barrierattr_t attr;

	meet = mmap(NULL, PG, RW, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ASSERT(meet != MAP_FAILED);
	pthread_barrierattr_init(&attr);
	pthread_barrierattr_setpshared(&attr, PTHREAD_PROCESS_SHARED);
	pthread_barrier_init(meet, &attr, 3);
	for (enum member actor = PARENT; actor <= GRANDCHILD; actor++)
		event_by(actor, act);
}

/* ---- faults ---- */

static void write_each(void)
{
	memset(mem, 0x55, SIZE);
}

static void write_few(void)
{
	for (int i = 0; i < PAGES; i += 300)
		mem[i * PG + 5] = 0x55;
	EXPECT_EQ(changed(0, PAGES), 0);
}

static void read_untouched(void)
{
	ASSERT_EQ(madvise(mem + 700 * PG, 3 * PG, MADV_DONTNEED), 0);
	EXPECT_EQ(mem[700 * PG] + mem[701 * PG], 0);
}

static void populate(void)
{
	if (madvise(mem, SIZE, MADV_POPULATE_READ) && errno == EINVAL)
		return;
	EXPECT_EQ(madvise(mem + PG, TABLE, MADV_POPULATE_WRITE), 0);
	EXPECT_EQ(changed(0, PAGES), 0);
	mem[TABLE] = 2;
}

TEST(write_fault) { event(write_each); }
TEST(write_fault_here_and_there) { event(write_few); }
TEST(read_fault_where_nothing_is) { event(read_untouched); }
TEST(madvise_populate) { event(populate); }

/* ---- mprotect ---- */

static void protect_table(void)
{
	ASSERT_EQ(mprotect(mem + TABLE, TABLE, PROT_READ), 0);
	EXPECT_EQ(touch_signal(mem + TABLE, 1), SIGSEGV);
	EXPECT_EQ(changed(0, PAGES), 0);
}

static void protect_edges(void)
{
	ASSERT_EQ(mprotect(mem + TABLE - PG, 2 * PG, PROT_NONE), 0);
	EXPECT_EQ(touch_signal(mem + TABLE, 0), SIGSEGV);
	EXPECT_EQ(touch_signal(mem + TABLE - PG, 0), SIGSEGV);
	ASSERT_EQ(mprotect(mem + TABLE - PG, 2 * PG, PROT_READ), 0);
	EXPECT_EQ(changed(0, PAGES), 0);
	EXPECT_EQ(touch_signal(mem + TABLE, 1), SIGSEGV);
}

static void protect_there_and_back(void)
{
	ASSERT_EQ(mprotect(mem, SIZE, PROT_READ), 0);
	ASSERT_EQ(mprotect(mem, SIZE, RW), 0);
	mem[3 * PG] = 77;
	mem[TABLE + 3 * PG] = 77;
	EXPECT_EQ(changed(0, PAGES), 2);
}

TEST(mprotect_a_whole_table) { event(protect_table); }
TEST(mprotect_across_an_edge) { event(protect_edges); }
TEST(mprotect_removes_and_adds_writing) { event(protect_there_and_back); }

/* ---- unmapping and advice ---- */

static void unmap_table(void)
{
	ASSERT_EQ(munmap(mem + TABLE, TABLE), 0);
	EXPECT_EQ(touch_signal(mem + TABLE, 0), SIGSEGV);
}

static void unmap_pages(void)
{
	ASSERT_EQ(munmap(mem + TABLE - 3 * PG, 6 * PG), 0);
	EXPECT_EQ(touch_signal(mem + TABLE, 0), SIGSEGV);
	EXPECT_EQ(changed(0, 509) + changed(515, PAGES), 0);
}

static void drop_pages(void)
{
	ASSERT_EQ(madvise(mem + TABLE - 3 * PG, TABLE + 6 * PG, MADV_DONTNEED), 0);
	EXPECT_EQ(mem[TABLE] | mem[2 * TABLE] | mem[TABLE - PG], 0);
	mem[TABLE] = 4;
}

static void free_pages(void)
{
	ASSERT_EQ(madvise(mem + PG, 2 * TABLE, MADV_FREE), 0);
	mem[PG] = 9;
	mem[2 * PG] = 9;
	mem[2 * TABLE] = 9;
	memset(mem + PG, 9, 2 * TABLE);		/* no page may come or go any more */
}

static void map_over(void)
{
	ASSERT(mmap(mem + 5 * PG, TABLE, RW, ANON | MAP_FIXED, -1, 0) == mem + 5 * PG);
	EXPECT_EQ(mem[5 * PG] | mem[TABLE], 0);
	mem[TABLE] = 4;
}

static void map_file_over(void)
{
	int fd = temp_file(TABLE);

	ASSERT_EQ(pwrite(fd, "file", 4, 0), 4);
	ASSERT(mmap(mem + TABLE, TABLE, RW, MAP_PRIVATE | MAP_FIXED, fd, 0) == mem + TABLE);
	EXPECT_EQ(memcmp(mem + TABLE, "file", 4), 0);
	mem[TABLE] = 'F';
	close(fd);
}

static void lock_all(void)
{
	if (mlock(mem, SIZE))
		return;
	EXPECT_EQ(changed(0, PAGES), 0);
	mem[0] = 5;
	ASSERT_EQ(munlock(mem, SIZE), 0);
}

TEST(munmap_a_whole_table) { event(unmap_table); }
TEST(munmap_across_an_edge) { event(unmap_pages); }
TEST(madvise_dontneed) { event(drop_pages); }
TEST(madvise_free) { event(free_pages); }
TEST(map_fixed_over_it) { event(map_over); }
TEST(map_a_file_over_it) { event(map_file_over); }
TEST(mlock_and_munlock) { event(lock_all); }

/* ---- mremap ---- */

static void move_away(void)
{
	char *to = map_anon(SIZE + PG) + PG;

	ASSERT(mremap(mem, SIZE, SIZE, MREMAP_MAYMOVE | MREMAP_FIXED, to) == to);
	mem = to;
	EXPECT_EQ(changed(0, PAGES), 0);
	mem[PG] = 3;
}

static void move_part(void)
{
	char *to = map_anon(2 * TABLE), *from = mem + TABLE / 2;

	ASSERT(mremap(from, TABLE, TABLE, MREMAP_MAYMOVE | MREMAP_FIXED, to) == to);
	EXPECT_EQ(to[0], 1 + 256 % 100);
	EXPECT_EQ(to[TABLE - PG], 1 + 767 % 100);
	EXPECT_EQ(touch_signal(from, 0), SIGSEGV);
	memset(to, 1, TABLE);
}

static void make_longer(void)
{
	char *to = mremap(mem, SIZE, SIZE + 2 * TABLE, MREMAP_MAYMOVE);

	ASSERT(to != MAP_FAILED);
	mem = to;
	EXPECT_EQ(changed(0, PAGES), 0);
	EXPECT_EQ(mem[SIZE], 0);
	mem[SIZE] = 1;
	mem[SIZE - PG] = 1;
}

static void make_shorter(void)
{
	ASSERT(mremap(mem, SIZE, 2 * TABLE + PG, 0) == mem);
	EXPECT_EQ(changed(0, 1025), 0);
	EXPECT_EQ(touch_signal(mem + 2 * TABLE + PG, 0), SIGSEGV);
}

static void move_and_keep(void)
{
	char *to = mremap(mem, SIZE, SIZE, MREMAP_MAYMOVE | MREMAP_DONTUNMAP, NULL), *old = mem;

	ASSERT(to != MAP_FAILED);
	mem = to;
	EXPECT_EQ(changed(0, PAGES), 0);
	EXPECT_EQ(old[0] | old[SIZE - PG], 0);
	old[PG] = 1;
	mem[PG] = 3;
}

TEST(mremap_moves_all) { event(move_away); }
TEST(mremap_moves_a_part) { event(move_part); }
TEST(mremap_grows) { event(make_longer); }
TEST(mremap_shrinks) { event(make_shorter); }
TEST(mremap_dontunmap) { event(move_and_keep); }

/* The heap of one, shrunk and grown again. */
TEST(brk_shrinks)
{
	char *heap = sbrk(SIZE);
	int fds[2];
	pid_t pid;

	ASSERT(heap != (void *)-1);
	memset(heap, 7, SIZE);
	ASSERT_EQ(pipe(fds), 0);
	pid = fork();
	if (!pid) {
		ASSERT(sbrk(-(long)(3 * TABLE)) != (void *)-1);
		ASSERT(sbrk(TABLE) != (void *)-1);
		EXPECT_EQ(heap[TABLE - PG], 7);
		EXPECT_EQ(heap[SIZE - 2 * TABLE - PG], 0);
		memset(heap, 8, SIZE - 2 * TABLE);
		_exit(0);
	}
	reap(pid);
	for (unsigned long i = 0; i < SIZE; i += PG)
		ASSERT_EQ(heap[i], 7);
	pid = fork();
	if (!pid) {
		char c;

		close(fds[1]);
		EXPECT_EQ(read(fds[0], &c, 1), 0);
		for (unsigned long i = 0; i < SIZE; i += PG)
			ASSERT_EQ(heap[i], 7);
		_exit(0);
	}
	ASSERT(sbrk(-(long)SIZE) != (void *)-1);
	close(fds[1]);
	reap(pid);
}

/* ---- writes by the kernel ---- */

static void read_a_pipe(void)
{
	struct iovec iov[2] = { { mem + TABLE - 8, 16 }, { mem + 3 * PG, 4 } };
	int fds[2];

	ASSERT_EQ(pipe(fds), 0);
	ASSERT_EQ(write(fds[1], "0123456789abcdefghij", 20), 20);
	ASSERT_EQ(readv(fds[0], iov, 2), 20);
	EXPECT_EQ(memcmp(mem + TABLE - 8, "0123456789abcdef", 16), 0);
	close(fds[0]);
	close(fds[1]);
}

static void write_own_mem(void)
{
	int fd = open("/proc/self/mem", O_RDWR);

	ASSERT_EQ(mprotect(mem + TABLE, 2 * PG, PROT_READ), 0);
	ASSERT_EQ(pwrite(fd, "mem", 3, (off_t)(uintptr_t)(mem + TABLE)), 3);
	EXPECT_EQ(memcmp(mem + TABLE, "mem", 3), 0);
	close(fd);
}

static void write_own_vm(void)
{
	struct iovec local = { "writev", 6 }, remote = { mem + TABLE - 3, 6 };

	ASSERT_EQ(process_vm_writev(getpid(), &local, 1, &remote, 1, 0), 6);
	EXPECT_EQ(memcmp(mem + TABLE - 3, "writev", 6), 0);
}

static void wake_and_change(void)
{
	uint32_t *word = (uint32_t *)(mem + TABLE);

	ASSERT_EQ(syscall(SYS_futex, mem, FUTEX_WAKE_OP_PRIVATE, 1, 1, word,
			  FUTEX_OP(FUTEX_OP_SET, 77, FUTEX_OP_CMP_EQ, 1234)), 0);
	EXPECT_EQ(*word, 77);
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

static void tid_words(void)
{
	int *set = (int *)(mem + TABLE), *clear = (int *)(mem + 2 * TABLE);
	pid_t pid;

	*clear = 5;
	pid = syscall(SYS_clone, SIGCHLD | CLONE_PARENT_SETTID | CLONE_CHILD_SETTID |
		      CLONE_CHILD_CLEARTID, NULL, set, clear, NULL);
	if (!pid)
		_exit(*clear == (int)syscall(SYS_gettid) ? 0 : 1);
	reap(pid);
	EXPECT_EQ(*set, pid);
	EXPECT_EQ(*clear, 5);
}

/* A lock's word at list + 8, held by a thread that ends. */
static void *die_with_lock(void *arg)
{
	static struct { void *next; long offset; void *pending; } head;
	struct { void *next; uint32_t word; } *entry = arg;

	head.next = entry;
	head.offset = (char *)&entry->word - (char *)entry;
	entry->next = &head;
	entry->word = syscall(SYS_gettid);
	ASSERT_EQ(syscall(SYS_set_robust_list, &head, sizeof(head)), 0);
	return NULL;
}

static void robust_list(void)
{
	uint32_t *word = (uint32_t *)(mem + TABLE + 8);
	pthread_t thread;

	ASSERT_EQ(pthread_create(&thread, NULL, die_with_lock, mem + TABLE), 0);
	pthread_join(thread, NULL);
	EXPECT(*word & FUTEX_OWNER_DIED);
}

static void aio_read(void)
{
	aio_context_t context = 0;
	struct io_event done;
	struct iocb block = { .aio_lio_opcode = IOCB_CMD_PREAD, .aio_buf = (uintptr_t)mem + TABLE,
			      .aio_nbytes = 4 }, *blocks = &block;
	int fd = temp_file(PG);

	ASSERT_EQ(pwrite(fd, "aio!", 4, 0), 4);
	block.aio_fildes = fd;
	ASSERT_EQ(syscall(SYS_io_setup, 4, &context), 0);
	ASSERT_EQ(syscall(SYS_io_submit, context, 1, &blocks), 1);
	ASSERT_EQ(syscall(SYS_io_getevents, context, 1, 1, &done, NULL), 1);
	EXPECT_EQ(memcmp(mem + TABLE, "aio!", 4), 0);
	ASSERT_EQ(syscall(SYS_io_destroy, context), 0);
	close(fd);
}

TEST(read_into_it) { event(read_a_pipe); }
TEST(proc_mem_writes_it) { event(write_own_mem); }
TEST(process_vm_writev_writes_it) { event(write_own_vm); }
TEST(futex_changes_a_word) { event(wake_and_change); }
TEST(signal_frame_lies_in_it) { event(signal_frame); }
TEST(clone_writes_tids_into_it) { event(tid_words); }
TEST(robust_list_lies_in_it) { event(robust_list); }
TEST(aio_reads_into_it) { event(aio_read); }

/* ---- a tracer, pipes, words to sleep on, exec ---- */

/* Three ways to write another's memory; nobody else may see it. */
TEST(tracer_pokes)
{
	char path[32];
	struct iovec local = { "vm", 2 }, remote;
	pid_t pid;
	int fd;

	setup();
	pid = fork();
	if (!pid) {
		raise(SIGSTOP);
		EXPECT_EQ(*(long *)(mem + 1 * PG), 0x1234567);
		EXPECT_EQ(memcmp(mem + TABLE, "vm", 2), 0);
		EXPECT_EQ(memcmp(mem + 2 * TABLE, "mem", 3), 0);
		EXPECT_EQ(changed(0, PAGES), 3);
		_exit(0);
	}
	ASSERT_EQ(waitpid(pid, NULL, WUNTRACED), pid);
	ASSERT_EQ(ptrace(PTRACE_SEIZE, pid, 0, 0), 0);
	ASSERT_EQ(waitpid(pid, NULL, 0), pid);
	ASSERT_EQ(ptrace(PTRACE_POKEDATA, pid, mem + PG, 0x1234567), 0);
	remote = (struct iovec){ mem + TABLE, 2 };
	ASSERT_EQ(process_vm_writev(pid, &local, 1, &remote, 1, 0), 2);
	snprintf(path, sizeof(path), "/proc/%d/mem", pid);
	fd = open(path, O_RDWR);
	ASSERT_EQ(pwrite(fd, "mem", 3, (off_t)(uintptr_t)(mem + 2 * TABLE)), 3);
	close(fd);
	EXPECT_EQ(changed(0, PAGES), 0);
	ASSERT_EQ(ptrace(PTRACE_DETACH, pid, 0, 0), 0);
	kill(pid, SIGCONT);
	reap(pid);
	EXPECT_EQ(changed(0, PAGES), 0);
}

/* What one side gave to a pipe does not change with the other side's writes (CVE-2020-29374). */
static void spliced_by(int in_child)
{
	struct iovec iov = { NULL, PG };
	int data[2], go[2];
	char page[PG], c;
	pid_t pid;

	setup();
	iov.iov_base = mem + TABLE;
	ASSERT_EQ(pipe(data), 0);
	ASSERT_EQ(pipe(go), 0);
	pid = fork();
	if ((pid == 0) == in_child) {
		ASSERT_EQ(vmsplice(data[1], &iov, 1, 0), (long)PG);
		ASSERT_EQ(munmap(mem, SIZE), 0);
		ASSERT_EQ(write(go[1], "x", 1), 1);
	} else {
		ASSERT_EQ(read(go[0], &c, 1), 1);
		mem[TABLE] = 99;
		memset(mem + TABLE + 1, 98, PG - 1);
		ASSERT_EQ(read(data[0], page, PG), (long)PG);
		EXPECT_EQ(page[0], 1 + 512 % 100);
		EXPECT_EQ(page[1], 0);
	}
	if (!pid)
		_exit(0);
	reap(pid);
}

TEST(vmsplice_in_the_child) { spliced_by(1); }
TEST(vmsplice_in_the_parent) { spliced_by(0); }

/* Words of private memory are two words after fork, of shared memory one. */
TEST(futex_words)
{
	uint32_t *shared = mmap(NULL, PG, RW, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	uint32_t *private;
	struct timespec soon = { 0, 100000000 };
	pid_t pid;

	setup();
	private = (uint32_t *)(mem + TABLE);
	*private = 1;
	pid = fork();
	if (!pid) {
		ASSERT_ERRNO(syscall(SYS_futex, private, FUTEX_WAIT_PRIVATE, 1, &soon, NULL, 0),
			     ETIMEDOUT);
		ASSERT_ERRNO(syscall(SYS_futex, private, FUTEX_WAIT, 1, &soon, NULL, 0), ETIMEDOUT);
		while (!__atomic_load_n(shared, __ATOMIC_ACQUIRE))
			syscall(SYS_futex, shared, FUTEX_WAIT, 0, NULL, NULL, 0);
		_exit(0);
	}
	*private = 2;
	for (int i = 0; i < 40; i++) {
		EXPECT_EQ(syscall(SYS_futex, private, FUTEX_WAKE, 9, NULL, NULL, 0), 0);
		usleep(10000);
	}
	__atomic_store_n(shared, 1, __ATOMIC_RELEASE);
	syscall(SYS_futex, shared, FUTEX_WAKE, 1, NULL, NULL, 0);
	reap(pid);
}

static void exec_true(void)
{
	char *args[] = { "shareevents", "-l", NULL };
	int fds[2];
	pid_t pid;

	ASSERT_EQ(pipe(fds), 0);
	pid = fork();
	if (!pid) {
		dup2(fds[1], 1);
		execv("/proc/self/exe", args);
		_exit(1);
	}
	reap(pid);
	close(fds[0]);
	close(fds[1]);
}

TEST(exec_goes_first) { event(exec_true); }

/* Exits of any side first, in all six orders. */
TEST(exit_in_any_order)
{
	static const int nap[6][3] = { { 0, 1, 2 }, { 0, 2, 1 }, { 1, 0, 2 },
				       { 1, 2, 0 }, { 2, 0, 1 }, { 2, 1, 0 } };
	int order, status, fds[2];
	pid_t pid;
	char c;

	setup();
	for (order = 0; order < 6; order++) {
		ASSERT_EQ(pipe(fds), 0);
		for (int who = 0; who < 3; who++) {
			pid = fork();
			if (pid)
				continue;
			close(fds[0]);
			usleep(nap[order][who] * 30000);
			EXPECT_EQ(changed(0, PAGES), 0);
			memset(mem, who, SIZE / 2);
			EXPECT_EQ(changed(PAGES / 2, PAGES), 0);
			_exit(0);
		}
		close(fds[1]);
		EXPECT_EQ(read(fds[0], &c, 1), 0);
		for (int who = 0; who < 3; who++) {
			ASSERT(wait(&status) > 0);
			EXPECT_EQ(status, 0);
		}
		EXPECT_EQ(changed(0, PAGES), 0);
		close(fds[0]);
	}
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * A process that sleeps long enough has its page tables put away (vm.fold_idle_ms): nobody may see
 * anything of it but in /proc/vmstat. ktest: timeout=200
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include "../ktest.h"
#include "mm_util.h"

#define PAGES	24
#define ASLEEP	300000		/* us; the default is 30 ms, twice that is enough */

static char *private, *cached, *common;
static int file, up[2], down[2];

static void make_memory(void)
{
	set_fold_idle("30");
	private = map_anon(PAGES * PG);
	file = temp_file(PAGES * PG);
	for (int i = 0; i < PAGES; i++)
		ASSERT_EQ(pwrite(file, &(char){ 'a' + i }, 1, i * PG), 1);
	cached = mmap(NULL, PAGES * PG, RW, MAP_PRIVATE, file, 0);
	common = mmap(NULL, PAGES * PG, RW, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ASSERT(private != MAP_FAILED && cached != MAP_FAILED && common != MAP_FAILED);
	ASSERT_EQ(pipe(up) + pipe(down), 0);
}

static void fill(int mark)
{
	for (int i = 0; i < PAGES; i++) {
		private[i * PG] = mark + i;
		common[i * PG] = mark + i;
	}
	for (int i = 0; i < PAGES; i += 2)
		cached[i * PG] = mark + i;
}

static int wrong(int mark)
{
	int n = 0;

	for (int i = 0; i < PAGES; i++) {
		n += private[i * PG] != (char)(mark + i);
		n += cached[i * PG] != (char)(i % 2 ? 'a' + i : mark + i);
	}
	return n;
}

static long vmstat(const char *name)
{
	FILE *f = fopen("/proc/vmstat", "r");
	char line[128], word[64];
	long value, found = -1;

	while (f && fgets(line, sizeof(line), f))
		if (sscanf(line, "%63s %ld", word, &value) == 2 && !strcmp(word, name))
			found = value;
	if (f)
		fclose(f);
	return found;
}

static void say(int *pipe_fds)
{
	ASSERT_EQ(write(pipe_fds[1], "x", 1), 1);
}

static void hear(int *pipe_fds)
{
	char c;

	ASSERT_EQ(read(pipe_fds[0], &c, 1), 1);
}

/* As hear(); where memory for the copy was missing, again. */
static void hear_at_last(int *pipe_fds)
{
	char c;

	while (read(pipe_fds[0], &c, 1) != 1)
		if (errno != EFAULT)
			_exit(9);
}

/* A child that has written to its memory and sleeps until it hears; then it calls @then. */
static pid_t sleeper(int (*then)(void))
{
	pid_t pid;

	make_memory();
	fill(1);
	pid = fork();
	if (!pid) {
		fill(50);
		say(up);
		hear_at_last(down);
		_exit(then());
	}
	hear(up);
	usleep(ASLEEP);
	return pid;
}

static int all_is_there(void)
{
	return wrong(50);
}

static void wake(pid_t pid, int expected)
{
	int status;

	say(down);
	ASSERT_EQ(waitpid(pid, &status, 0), pid);
	EXPECT_EQ(status, expected);
}

TEST(it_does_happen)
{
	long folded = vmstat("pgtables_folded"), unfolded = vmstat("pgtables_unfolded");
	char path[64];
	pid_t pid;

	if (folded < 0)
		SKIP("this kernel does not fold page tables");
	pid = sleeper(all_is_there);
	snprintf(path, sizeof(path), "/proc/%d/status", pid);
	EXPECT(proc_value(path, "VmPTE") < 4);
	EXPECT(vmstat("pgtables_folded") > folded);
	wake(pid, 0);
	EXPECT(vmstat("pgtables_unfolded") > unfolded);
}

TEST(memory_is_kept)
{
	pid_t pid = sleeper(all_is_there);

	EXPECT_EQ(wrong(1), 0);
	fill(3);
	wake(pid, 0);
	EXPECT_EQ(wrong(3), 0);
}

static int faults_and_usage(void)
{
	struct rusage before, now;

	/* The first round brings in what the second one uses. */
	for (int round = 0; round < 2; round++) {
		fill(50);
		getrusage(RUSAGE_SELF, &before);
		usleep(ASLEEP);
		fill(51);
		getrusage(RUSAGE_SELF, &now);
	}
	if (now.ru_minflt != before.ru_minflt || now.ru_majflt != before.ru_majflt)
		return 1;
	return wrong(51);
}

/* Not a fault of the program's. */
TEST(no_fault_is_counted)
{
	wake(sleeper(faults_and_usage), 0);
}

static long rss_of(pid_t pid)
{
	char path[64];
	FILE *f;
	long size, rss = -1;

	snprintf(path, sizeof(path), "/proc/%d/statm", pid);
	f = fopen(path, "r");
	if (!f || fscanf(f, "%ld %ld", &size, &rss) != 2)
		rss = -1;
	if (f)
		fclose(f);
	return rss;
}

static long smaps_sum(pid_t pid, const char *key)
{
	char path[64], line[512];
	long sum = 0, value;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/smaps", pid);
	f = fopen(path, "r");
	while (f && fgets(line, sizeof(line), f))
		if (!strncmp(line, key, strlen(key)) &&
		    sscanf(line + strlen(key), ": %ld", &value) == 1)
			sum += value;
	if (f)
		fclose(f);
	return sum;
}

TEST(proc_shows_the_same)
{
	pid_t pid;
	long rss, map_rss, dirty;

	make_memory();
	pid = fork();
	if (!pid) {
		fill(50);
		say(up);
		hear(down);
		_exit(wrong(50));
	}
	hear(up);
	rss = rss_of(pid);
	map_rss = smaps_sum(pid, "Rss");
	dirty = smaps_sum(pid, "Private_Dirty");
	usleep(ASLEEP);
	EXPECT_EQ(rss_of(pid), rss);
	EXPECT_EQ(smaps_sum(pid, "Rss"), map_rss);
	EXPECT_EQ(smaps_sum(pid, "Private_Dirty"), dirty);
	usleep(ASLEEP);
	wake(pid, 0);
}

static int written_from_outside(void)
{
	int bad = private[0] != 'P' || private[PG] != 'V' || private[2 * PG] != 'M';

	private[0] = 50;
	private[PG] = 51;
	private[2 * PG] = 52;
	return bad + wrong(50);
}

TEST(others_read_and_write_it)
{
	pid_t pid = sleeper(written_from_outside);
	struct iovec local = { "V", 1 }, remote = { private + PG, 1 };
	char path[64], seen = 0;
	int status, mem;
	long word;

	snprintf(path, sizeof(path), "/proc/%d/mem", pid);
	mem = open(path, O_RDWR);
	ASSERT(mem >= 0);
	for (int i = 0; i < PAGES; i++) {
		ASSERT_EQ(pread(mem, &seen, 1, (off_t)(uintptr_t)(private + i * PG)), 1);
		EXPECT_EQ(seen, 50 + i);
	}
	usleep(ASLEEP);
	EXPECT_EQ(process_vm_writev(pid, &local, 1, &remote, 1, 0), 1);
	usleep(ASLEEP);
	EXPECT_EQ(pwrite(mem, "M", 1, (off_t)(uintptr_t)(private + 2 * PG)), 1);
	usleep(ASLEEP);
	ASSERT_EQ(ptrace(PTRACE_ATTACH, pid, 0, 0), 0);
	ASSERT_EQ(waitpid(pid, &status, 0), pid);
	usleep(ASLEEP);
	word = ptrace(PTRACE_PEEKDATA, pid, private, 0);
	EXPECT_EQ((char)word, 50);
	usleep(ASLEEP);
	EXPECT_EQ(ptrace(PTRACE_POKEDATA, pid, private, (word & ~0xffL) | 'P'), 0);
	usleep(ASLEEP);
	EXPECT_EQ(ptrace(PTRACE_DETACH, pid, 0, 0), 0);
	usleep(ASLEEP);
	wake(pid, 0);
	EXPECT_EQ(wrong(1), 0);
	close(mem);
}

static int file_is_short(void)
{
	int n = touch_signal(cached + 5 * PG, 0) != SIGBUS;

	n += cached[2 * PG] != 52 || cached[3 * PG] != 'a' + 3;
	for (int i = 0; i < PAGES; i++)
		n += private[i * PG] != 50 + i;
	return n;
}

TEST(file_cut_meanwhile)
{
	pid_t pid = sleeper(file_is_short);

	ASSERT_EQ(ftruncate(file, 4 * PG), 0);
	usleep(ASLEEP);
	wake(pid, 0);
}

static int hole_is_zero(void)
{
	return cached[3 * PG] != 0 || cached[2 * PG] != 52 || cached[5 * PG] != 'a' + 5;
}

TEST(hole_punched_meanwhile)
{
	pid_t pid = sleeper(hole_is_zero);

	ASSERT_EQ(fallocate(file, FALLOC_FL_KEEP_SIZE | FALLOC_FL_PUNCH_HOLE, 2 * PG, 2 * PG), 0);
	wake(pid, 0);
}

TEST(killed_while_asleep)
{
	pid_t pid = sleeper(all_is_there);
	int status;

	ASSERT_EQ(kill(pid, SIGKILL), 0);
	ASSERT_EQ(waitpid(pid, &status, 0), pid);
	EXPECT(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
	EXPECT_EQ(wrong(1), 0);
}

static volatile sig_atomic_t caught;

static void on_signal(int sig)
{
	caught = sig;
	fill(60);
}

static int signal_ran(void)
{
	return wrong(60) + (caught != SIGUSR1);
}

TEST(signal_wakes_it)
{
	pid_t pid;

	signal(SIGUSR1, on_signal);
	pid = sleeper(signal_ran);
	ASSERT_EQ(kill(pid, SIGUSR1), 0);
	usleep(ASLEEP);
	wake(pid, 0);
}

static int fork_at_once(void)
{
	pid_t pid = fork();
	int status;

	if (!pid)
		_exit(wrong(50));
	usleep(ASLEEP);
	return waitpid(pid, &status, 0) != pid || status || wrong(50);
}

TEST(it_forks_when_it_wakes)
{
	wake(sleeper(fork_at_once), 0);
}

static int change_everything(void)
{
	if (munmap(private, PG) || mprotect(private + PG, PG, PROT_READ) ||
	    madvise(private + 2 * PG, PG, MADV_DONTNEED) ||
	    mremap(private + 3 * PG, PG, PG, MREMAP_MAYMOVE | MREMAP_FIXED, private) != private)
		return 1;
	return private[0] != 53 || private[PG] != 51 || private[2 * PG] || private[4 * PG] != 54;
}

TEST(it_changes_its_memory_when_it_wakes)
{
	wake(sleeper(change_everything), 0);
}

static int die_by_fault(void)
{
	munmap(private, PG);
	*private = 1;
	return 0;
}

TEST(it_faults_when_it_wakes)
{
	pid_t pid = sleeper(die_by_fault);
	int status;

	say(down);
	ASSERT_EQ(waitpid(pid, &status, 0), pid);
	EXPECT(WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV);
}

/* ---- many at once ---- */

static const void *look_after(uintptr_t mark)
{
	char local[3 * PG];

	for (int round = 0; round < 4; round++) {
		memset(local, (int)mark + round, sizeof(local));
		usleep(ASLEEP / 3);
		for (size_t i = 0; i < sizeof(local); i += 100)
			if (local[i] != (char)(mark + round))
				return "what it wrote is gone";
	}
	return NULL;
}

static void *thread_sleeps(void *mark)
{
	return (void *)look_after((uintptr_t)mark);
}

TEST(threads_sleep)
{
	pthread_t threads[4];
	void *bad;

	for (uintptr_t i = 0; i < 4; i++)
		ASSERT_EQ(pthread_create(&threads[i], NULL, thread_sleeps, (void *)(i * 10)), 0);
	for (int i = 0; i < 4; i++) {
		ASSERT_EQ(pthread_join(threads[i], &bad), 0);
		EXPECT(!bad);
	}
}

/* Who shares an address space with a sleeper runs on in it. */
TEST(vfork_parent_sleeps)
{
	pid_t pid;
	int status;

	make_memory();
	fill(50);
	pid = vfork();
	if (!pid) {
		struct timespec nap = { .tv_nsec = ASLEEP * 1000L };

		syscall(SYS_nanosleep, &nap, NULL);
		private[0] = 7;
		_exit(0);
	}
	ASSERT_EQ(waitpid(pid, &status, 0), pid);
	EXPECT_EQ(private[0], 7);
	private[0] = 50;
	EXPECT_EQ(wrong(50), 0);
}

/* Several look at once at one that is put away again and again. */
TEST(many_look_at_it)
{
	pid_t pid = sleeper(all_is_there), looker[4];
	int status;

	for (int i = 0; i < 4; i++) {
		looker[i] = fork();
		if (looker[i])
			continue;
		for (int round = 0; round < 12; round++) {
			for (int p = 0; p < PAGES; p++) {
				char c = 0;
				struct iovec local = { &c, 1 }, remote = { private + p * PG, 1 };

				if (process_vm_readv(pid, &local, 1, &remote, 1, 0) != 1 ||
				    c != 50 + p)
					_exit(1);
			}
			usleep(90000);
		}
		_exit(0);
	}
	for (int i = 0; i < 4; i++) {
		ASSERT_EQ(waitpid(looker[i], &status, 0), looker[i]);
		EXPECT_EQ(status, 0);
	}
	wake(pid, 0);
}

#define CROWD	40

/* All wake together, do something, and sleep again. */
TEST(a_crowd)
{
	int gates[CROWD][2], status;
	pid_t pids[CROWD];

	make_memory();
	fill(1);
	for (int i = 0; i < CROWD; i++) {
		ASSERT_EQ(pipe(gates[i]), 0);
		pids[i] = fork();
		if (pids[i])
			continue;
		for (int round = 0; round < 3; round++) {
			for (int p = i % 3; p < PAGES; p += 3)
				private[p * PG] = i + round;
			hear(gates[i]);
			for (int p = i % 3; p < PAGES; p += 3)
				if (private[p * PG] != (char)(i + round))
					_exit(1);
			if (private[(i + 1) % 3 * PG] != (char)(1 + (i + 1) % 3))
				_exit(2);
		}
		_exit(0);
	}
	for (int round = 0; round < 3; round++) {
		usleep(ASLEEP);
		for (int i = 0; i < CROWD; i++)
			say(gates[i]);
	}
	for (int i = 0; i < CROWD; i++) {
		ASSERT_EQ(waitpid(pids[i], &status, 0), pids[i]);
		EXPECT_EQ(status, 0);
	}
	EXPECT_EQ(wrong(1), 0);
}

/* No memory for the tables when it wakes: the fault is tried again. */
TEST(no_memory_to_unfold)
{
	char path[64], text[16];
	int fd;

	if (access("/proc/self/fail-nth", F_OK))
		SKIP("no fault injection");
	for (int n = 1; n <= 10; n++) {
		pid_t pid = sleeper(all_is_there);

		snprintf(path, sizeof(path), "/proc/%d/fail-nth", pid);
		fd = open(path, O_RDWR);
		ASSERT(fd >= 0);
		snprintf(text, sizeof(text), "%d", n);
		ASSERT_EQ(write(fd, text, strlen(text)), (long)strlen(text));
		close(fd);
		wake(pid, 0);
		EXPECT_EQ(wrong(1), 0);
	}
}

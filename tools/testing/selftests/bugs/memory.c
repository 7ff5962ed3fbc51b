// SPDX-License-Identifier: GPL-2.0-only
/*
 * Bugs that kernels had while one address space was made from another: what was freed too early,
 * linked too soon, not shut out, or written through. Each test is named after its bug.
 */
/* ktest: timeout=240 */
#include "../ktest.h"
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <sys/syscall.h>
#include <sys/uio.h>

#define PAGE	4096

static char *map(size_t size, int flags)
{
	char *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_ANONYMOUS | flags, -1, 0);

	ASSERT(memory != MAP_FAILED);
	return memory;
}

/* Many areas, each with memory in it: the protections alternate, so that none can merge. */
static void many_areas(int count)
{
	char *memory = map((size_t)count * 4 * PAGE, MAP_PRIVATE);

	for (int i = 0; i < count; i++) {
		memory[i * 4 * PAGE] = i;
		if (i & 1)
			ASSERT_EQ(mprotect(memory + i * 4 * PAGE, 4 * PAGE, PROT_READ), 0);
	}
}

static void read_all(const char *path)
{
	char data[4096];
	int fd = open(path, O_RDONLY);

	while (fd >= 0 && read(fd, data, sizeof(data)) > 0)
		;
	if (fd >= 0)
		close(fd);
}

/* Somebody looks at a process's memory while it comes and goes. */
static void look_at(pid_t pid)
{
	char path[64], link[256];

	snprintf(path, sizeof(path), "/proc/%d/exe", pid);
	if (readlink(path, link, sizeof(link)) < 0)
		return;
	snprintf(path, sizeof(path), "/proc/%d/maps", pid);
	read_all(path);
}

/* CVE-2017-17052: exe_file was freed when the setting up of a new mm was killed. */
TEST_TIMEOUT(cve_2017_17052_a_kill_while_a_big_mm_forks, 60)
{
	int ready[2];
	char c;

	many_areas(300);
	ASSERT_EQ(pipe(ready), 0);
	for (int round = 0; round < 60; round++) {
		pid_t pid = fork();

		if (!pid) {
			setpgid(0, 0);
			if (write(ready[1], "", 1) != 1)
				_exit(1);
			for (;;)
				if (!fork())
					_exit(0);
		}
		ASSERT_EQ(read(ready[0], &c, 1), 1);
		for (int i = 0; i < round % 7; i++)
			look_at(pid);
		kill(-pid, SIGKILL);
		EXPECT_EQ(wait_exit(pid), 128 + SIGKILL);
	}
	read_all("/proc/self/maps");
}

static int stop_threads;

static void *truncate_often(void *fd)
{
	while (!__atomic_load_n(&stop_threads, __ATOMIC_ACQUIRE)) {
		ASSERT_EQ(ftruncate(*(int *)fd, 0), 0);
		ASSERT_EQ(ftruncate(*(int *)fd, 64 * PAGE), 0);
	}
	return NULL;
}

/* 35e351780fa9, CVE-2024-27022: a file's area could be found before its copy was complete. */
TEST_TIMEOUT(cve_2024_27022_truncate_while_the_mapper_forks, 60)
{
	int fd = memfd_create("file", 0);
	pthread_t thread;

	ASSERT_EQ(ftruncate(fd, 64 * PAGE), 0);
	for (int i = 0; i < 32; i++)
		ASSERT(mmap(NULL, 64 * PAGE, PROT_READ | (i & 1 ? PROT_WRITE : 0),
			    i & 2 ? MAP_SHARED : MAP_PRIVATE, fd, 0) != MAP_FAILED);
	pthread_create(&thread, NULL, truncate_often, &fd);
	for (int round = 0; round < 100; round++) {
		pid_t pid = fork();

		if (!pid)
			_exit(0);
		EXPECT_EQ(wait_exit(pid), 0);
	}
	__atomic_store_n(&stop_threads, 1, __ATOMIC_RELEASE);
	pthread_join(thread, NULL);
}

static void *look_often(void *pid)
{
	while (!__atomic_load_n(&stop_threads, __ATOMIC_ACQUIRE))
		look_at(*(pid_t *)pid);
	return NULL;
}

/* Let the n-th step that can fail do so. Return: -1 when this kernel has no such knob. */
static int fail_nth(int fd, int n)
{
	char text[16];
	int length = snprintf(text, sizeof(text), "%d", n);

	return pwrite(fd, text, length, 0) == length ? 0 : -1;
}

/* CVE-2024-50220, CVE-2024-50263: after a failure, a half-built mm could be reached. */
TEST_TIMEOUT(cve_2024_50220_a_half_built_mm_is_seen_by_nobody, 120)
{
	int fd = open("/proc/self/fail-nth", O_RDWR), failures = 0;
	pid_t self = getpid(), pid = -1;
	pthread_t thread;
	char left[16];

	if (fd < 0)
		SKIP("no /proc/self/fail-nth on this kernel");
	many_areas(60);
	pthread_create(&thread, NULL, look_often, &self);
	for (int n = 1; n < 2000; n++) {
		if (fail_nth(fd, n))
			break;
		pid = syscall(SYS_fork);
		if (!pid)
			syscall(SYS_exit_group, 0);
		memset(left, 0, sizeof(left));
		if (pread(fd, left, sizeof(left) - 1, 0) <= 0)
			break;
		fail_nth(fd, 0);
		if (pid > 0) {
			EXPECT_EQ(wait_exit(pid), 0);
			if (atoi(left))		/* it had nothing left to fail */
				break;
		} else {
			failures++;
		}
	}
	__atomic_store_n(&stop_threads, 1, __ATOMIC_RELEASE);
	pthread_join(thread, NULL);
	EXPECT_GT(failures, 0);
	EXPECT_GT(pid, 0);
}

static unsigned long *volatile pattern;

/* Each page is given one number from its first word to its last, over and over. */
static void *write_pattern(void *unused)
{
	for (unsigned long n = 1; !__atomic_load_n(&stop_threads, __ATOMIC_ACQUIRE); n++)
		for (int page = 0; page < 8; page++)
			for (int i = 0; i < PAGE / 8; i++)
				__atomic_store_n(&pattern[page * PAGE / 8 + i], n,
						 __ATOMIC_RELEASE);
	return unused;
}

/* Going up, a word may be one behind the one before it; never ahead, and never more. */
static int page_is_whole(const unsigned long *page)
{
	int steps = 0;

	for (int i = 1; i < PAGE / 8; i++) {
		if (page[i] == page[i - 1])
			continue;
		if (page[i] + 1 != page[i - 1] || ++steps > 1)
			return 0;
	}
	return 1;
}

/* fb49c455323f: sibling threads faulted while dup_mmap() ran; the child saw torn pages. */
TEST_TIMEOUT(fb49c455323f_a_sibling_writes_during_fork, 60)
{
	pthread_t thread;

	pattern = (unsigned long *)map(8 * PAGE, MAP_PRIVATE);
	pthread_create(&thread, NULL, write_pattern, NULL);
	for (int round = 0; round < 100; round++) {
		pid_t pid = fork();

		if (!pid) {
			for (int page = 0; page < 8; page++)
				if (!page_is_whole(pattern + page * PAGE / 8))
					_exit(1);
			_exit(0);
		}
		EXPECT_EQ(wait_exit(pid), 0);
	}
	__atomic_store_n(&stop_threads, 1, __ATOMIC_RELEASE);
	pthread_join(thread, NULL);
}

/* A page in a pipe, its mapping gone, the other side writes: what does the pipe hold? */
static void splice_and_unmap(int child_splices)
{
	int data[2], go[2], done[2];
	char *page = map(PAGE, MAP_PRIVATE), got[4] = "", c;
	struct iovec iov = { page, 4 };
	pid_t pid;

	ASSERT_EQ(pipe(data) | pipe(go) | pipe(done), 0);
	memcpy(page, "old", 4);
	pid = fork();
	if ((pid == 0) == child_splices) {
		if (vmsplice(data[1], &iov, 1, 0) != 4 || munmap(page, PAGE))
			_exit(1);
		ASSERT_EQ(write(go[1], "", 1), 1);
		ASSERT_EQ(read(done[0], &c, 1), 1);
		ASSERT_EQ(read(data[0], got, 4), 4);
		EXPECT_STREQ(got, "old");
	} else {
		ASSERT_EQ(read(go[0], &c, 1), 1);
		memcpy(page, "new", 4);
		ASSERT_EQ(write(done[1], "", 1), 1);
	}
	if (!pid)
		_exit(0);
	EXPECT_EQ(wait_exit(pid), 0);
}

/* CVE-2020-29374: the parent's later writes reached a child that had pinned the page. */
TEST(cve_2020_29374_the_child_pins_and_unmaps)
{
	splice_and_unmap(1);
}

TEST(cve_2020_29374_the_parent_pins_and_unmaps)
{
	splice_and_unmap(0);
}

static char *dirty_page;

static void *forget_often(void *unused)
{
	while (!__atomic_load_n(&stop_threads, __ATOMIC_ACQUIRE))
		madvise(dirty_page, PAGE, MADV_DONTNEED);
	return unused;
}

/* Write to a read-only private mapping of @fd through /proc/self/mem while it is forgotten. */
static void write_to_readonly_mapping(int fd)
{
	int mem = open("/proc/self/mem", O_RDWR);
	char content[4] = "";
	pthread_t thread;

	dirty_page = mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, fd, 0);
	ASSERT(dirty_page != MAP_FAILED);
	if (mem < 0)
		SKIP("no /proc/self/mem to write to");
	pthread_create(&thread, NULL, forget_often, NULL);
	for (int i = 0; i < 5000; i++)
		if (pwrite(mem, "bad", 3, (off_t)(unsigned long)dirty_page) < 0)
			break;
	__atomic_store_n(&stop_threads, 1, __ATOMIC_RELEASE);
	pthread_join(thread, NULL);
	ASSERT_EQ(pread(fd, content, 3, 0), 3);
	EXPECT_STREQ(content, "fox");
}

/* CVE-2016-5195, "Dirty COW": the write reached the file. */
TEST_TIMEOUT(cve_2016_5195_write_to_a_private_file_page, 60)
{
	int fd = open("dirtycow", O_RDWR | O_CREAT, 0644);

	ASSERT_EQ(write(fd, "fox", 3), 3);
	close(fd);
	fd = open("dirtycow", O_RDONLY);
	write_to_readonly_mapping(fd);
	unlink("dirtycow");
}

/* CVE-2022-2590, CVE-2017-1000405: the same for memory files. */
TEST_TIMEOUT(cve_2022_2590_write_to_a_private_memory_file_page, 60)
{
	int fd = memfd_create("dirtycow", 0);

	ASSERT_EQ(write(fd, "fox", 3), 3);
	write_to_readonly_mapping(fd);
}

static void *map_touch_unmap(void *unused)
{
	for (int i = 0; i < 300; i++) {
		char *page = map(PAGE, MAP_PRIVATE);

		*page = 1;
		ASSERT_EQ(munmap(page, PAGE), 0);
	}
	return unused;
}

/*
 * CVE-2018-17182: a per-thread cache of areas was believed after its counter went round. No knob
 * sets that counter; here: look-ups of an address that others map and unmap all the time.
 */
TEST_TIMEOUT(cve_2018_17182_no_lookup_returns_a_freed_area, 60)
{
	char *hole = map(3 * PAGE, MAP_PRIVATE);
	pthread_t threads[4];
	int p[2];

	ASSERT_EQ(pipe(p), 0);
	ASSERT_EQ(munmap(hole + PAGE, PAGE), 0);
	hole = mmap(hole + PAGE, PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	for (int i = 0; i < 4; i++)
		pthread_create(&threads[i], NULL, map_touch_unmap, NULL);
	for (int i = 0; i < 500; i++)
		EXPECT_ERRNO(write(p[1], hole, 1), EFAULT);
	for (int i = 0; i < 4; i++)
		pthread_join(threads[i], NULL);
}

/* The grandchildren split and move what their dead parent had written. */
static void split_and_touch(char *memory)
{
	char *moved;

	ASSERT_EQ(mprotect(memory + 4 * PAGE, 4 * PAGE, PROT_READ), 0);
	moved = mremap(memory + 8 * PAGE, 4 * PAGE, 8 * PAGE, MREMAP_MAYMOVE);
	ASSERT(moved != MAP_FAILED);
	for (int i = 0; i < 4; i++) {
		ASSERT_EQ(memory[i * PAGE], 'm');
		ASSERT_EQ(memory[(i + 4) * PAGE], 'm');
		ASSERT_EQ(moved[i * PAGE], 'm');
		memory[i * PAGE] = moved[i * PAGE] = 'g';
	}
}

/* CVE-2022-42703: what links areas to pages was used again after its owner had died. */
TEST_TIMEOUT(cve_2022_42703_the_middle_of_a_family_dies, 60)
{
	char *memory = map(16 * PAGE, MAP_PRIVATE);

	memset(memory, 'p', 16 * PAGE);
	for (int round = 0; round < 50; round++) {
		int result[2], status = 0;
		pid_t middle;
		char c;

		ASSERT_EQ(pipe(result), 0);
		middle = fork();
		if (!middle) {
			memset(memory, 'm', 16 * PAGE);
			for (int i = 0; i < 3; i++) {
				if (fork())
					continue;
				split_and_touch(memory);
				_exit(write(result[1], "", 1) != 1);
			}
			_exit(0);
		}
		EXPECT_EQ(wait_exit(middle), 0);
		close(result[1]);
		while (read(result[0], &c, 1) == 1)
			status++;
		EXPECT_EQ(status, 3);
		EXPECT_EQ(memory[0], 'p');
		close(result[0]);
	}
}

/* 7edc8b0ac16c: the length of an area of more than 16 TiB overflowed in fork. */
TEST(commit_7edc8b0ac16c_fork_with_17_tib)
{
	size_t size = 17ul << 40;
	char *memory = mmap(NULL, size, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	pid_t pid;

	if (memory == MAP_FAILED)
		SKIP("no area of 17 TiB: errno %d", errno);
	memory[0] = memory[size - 1] = 'a';
	pid = fork();
	if (!pid) {
		if (memory[0] != 'a' || memory[size - 1] != 'a')
			_exit(1);
		memory[size / 2] = 'b';
		_exit(munmap(memory, size) != 0);
	}
	EXPECT_EQ(wait_exit(pid), 0);
	EXPECT_EQ(memory[size / 2], 0);
}

// SPDX-License-Identifier: GPL-2.0-only
/* Promises of memory: charged when mapped, again at fork, given back in full. */
#include "../ktest.h"
#include "mm_util.h"

static long committed(void)
{
	return proc_value("/proc/meminfo", "Committed_AS");
}

static int mode(const char *value)
{
	int fd = open("/proc/sys/vm/overcommit_memory", O_WRONLY), ok;

	if (fd < 0)
		return -1;
	ok = write(fd, value, 1) == 1;
	close(fd);
	return ok ? 0 : -1;
}

/* Others on the machine move the figure a little. */
#define ABOUT(a, b)	EXPECT_LE(labs((long)(a) - (long)(b)), 20000)

TEST(private_memory_is_charged_once)
{
	long before = committed();
	char *p;

	if (before < 0)
		SKIP("no Committed_AS");
	p = map_anon(200 << 20);
	if (p == MAP_FAILED)
		SKIP("a small machine");
	ABOUT(committed() - before, 200 << 10);
	munmap(p, 200 << 20);
	ABOUT(committed(), before);
	p = mmap(NULL, 200 << 20, RW, ANON | MAP_NORESERVE, -1, 0);
	ABOUT(committed(), before);
	munmap(p, 200 << 20);
	p = mmap(NULL, 200 << 20, PROT_READ, ANON, -1, 0);
	ABOUT(committed(), before);
	EXPECT_EQ(mprotect(p, 200 << 20, RW), 0);
	ABOUT(committed() - before, 200 << 10);
	munmap(p, 200 << 20);
	ABOUT(committed(), before);
}

TEST(fork_charges_again)
{
	long before = committed(), parent;
	char *p = map_anon(100 << 20);
	int fds[2];
	pid_t pid;
	char c;

	if (before < 0 || p == MAP_FAILED)
		SKIP("a small machine");
	parent = committed();
	ASSERT_EQ(pipe(fds), 0);
	pid = fork();
	if (!pid) {
		close(fds[1]);
		_exit(read(fds[0], &c, 1));
	}
	ABOUT(committed() - parent, 100 << 10);
	close(fds[1]);
	EXPECT_EQ(wait_exit(pid), 0);
	ABOUT(committed(), parent);
	munmap(p, 100 << 20);
	ABOUT(committed(), before);
}

TEST(obvious_overcommit_is_refused)
{
	long total = proc_value("/proc/meminfo", "MemTotal");
	long swap = proc_value("/proc/meminfo", "SwapTotal");
	size_t too_much = ((size_t)total + (swap > 0 ? swap : 0) + 65536) << 10;

	if (total < 0)
		SKIP("no MemTotal");
	EXPECT(map_anon(too_much) == MAP_FAILED);
	EXPECT_EQ(errno, ENOMEM);
	EXPECT(mmap(NULL, too_much, RW, ANON | MAP_NORESERVE, -1, 0) != MAP_FAILED);
}

TEST(modes)
{
	long total = proc_value("/proc/meminfo", "MemTotal");
	char *p;

	if (getpid() == 1 || mode("0"))
		SKIP("overcommit_memory cannot be set");
	if (access("/tine", F_OK) && total > (4 << 20))
		SKIP("not on a machine that others use");
	ASSERT_EQ(mode("1"), 0);
	p = map_anon((size_t)total << 12);
	EXPECT(p != MAP_FAILED);
	if (p != MAP_FAILED)
		munmap(p, (size_t)total << 12);
	ASSERT_EQ(mode("2"), 0);
	EXPECT(map_anon((size_t)total << 10) == MAP_FAILED);
	EXPECT_EQ(errno, ENOMEM);
	EXPECT(mmap(NULL, (size_t)total << 10, RW, ANON | MAP_NORESERVE, -1, 0) == MAP_FAILED);
	EXPECT_EQ(mode("0"), 0);
}

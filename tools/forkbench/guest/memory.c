// SPDX-License-Identifier: GPL-2.0-only
/* Cases: faults, and forks of a process that holds much memory or many areas. */
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#include "measure.h"

#define PAGES		512
#define FAR_AWAY	((char *)(1UL << 44))
#define LEAK_SLOTS	600
#define LEAK_ROUNDS	200000

static char *map(size_t size, int protection)
{
	char *p = mmap(NULL, size, protection, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		die("mmap");
	return p;
}

/* The median cost of the first write to each of PAGES pages. */
static unsigned long touch_pages(char *p)
{
	static unsigned long samples[PAGES];

	for (int i = 0; i < PAGES; i++) {
		unsigned long start = cycles();

		*(volatile char *)(p + i * PAGE) = 1;
		samples[i] = cycles() - start;
	}
	return median(samples, PAGES) - overhead();
}

static void faults(void)
{
	char byte, *p = map(PAGES * PAGE, PROT_READ | PROT_WRITE);
	int done[2];
	pid_t pid;

	madvise(p, PAGES * PAGE, MADV_NOHUGEPAGE);
	print("anonymous_fault", touch_pages(p));
	if (pipe(done))
		die("pipe");
	pid = fork();		/* the child holds the pages while we break the sharing */
	if (!pid) {
		close(done[1]);
		_exit(read(done[0], &byte, 1) != 0);
	}
	print("cow_break", touch_pages(p));
	close(done[1]);
	close(done[0]);
	wait_for(pid);
	munmap(p, PAGES * PAGE);
}

/*
 * @size bytes, each 4 KiB written to: far from the stack, where the random places of a usual
 * process would put them, and on a border of huge pages.
 */
static char *touched(size_t size, int advice)
{
	char *p = mmap(FAR_AWAY, size, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);

	if (p != FAR_AWAY)
		die("mmap");
	madvise(p, size, advice);
	for (size_t at = 0; at < size; at += PAGE)
		p[at] = 1;
	return p;
}

static void fork_holding(size_t megabytes, int advice, const char *size)
{
	char *p = touched(megabytes * MIB, advice);

	fork_row(size, megabytes > 64 ? 5 : 15);
	munmap(p, megabytes * MIB);
}

static void fork_1m(void)
{
	fork_holding(1, MADV_NOHUGEPAGE, "1M");
}

static void fork_1024m(void)
{
	fork_holding(1024, MADV_NOHUGEPAGE, "1024M");
}

static void fork_1024m_huge(void)
{
	char *p;

	sysctl("/sys/kernel/mm/transparent_hugepage/enabled", "always");
	p = touched(1024 * MIB, MADV_HUGEPAGE);
	print("kB_huge_1024M", file_kb("/proc/self/smaps_rollup", "AnonHugePages:"));
	fork_row("1024M_huge", 5);
	munmap(p, 1024 * MIB);
}

/* Latency over size, for the picture. */
static void plot(void)
{
	for (size_t size = 1; size <= 4096; size *= 2) {
		char name[32];

		snprintf(name, sizeof(name), "plot_%zuM", size);
		fork_holding(size, MADV_NOHUGEPAGE, name);
	}
}

static void child_tables(void)
{
	char *p = touched(1024 * MIB, MADV_NOHUGEPAGE), path[64];
	pid_t pid = fork();

	if (!pid)
		for (;;)
			pause();
	usleep(20000);
	snprintf(path, sizeof(path), "/proc/%d/status", pid);
	print("kB_vmpte_1024M", file_kb(path, "VmPTE:"));
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	munmap(p, 1024 * MIB);
}

static void fork_with_areas(int areas, const char *size)
{
	char *p = map((size_t)areas * 2 * PAGE, PROT_READ);

	for (int i = 0; i < areas / 2; i++) {
		mprotect(p + (size_t)i * 2 * PAGE, PAGE, PROT_READ | PROT_WRITE);
		p[(size_t)i * 2 * PAGE] = 1;
	}
	fork_row(size, 5);
	munmap(p, (size_t)areas * 2 * PAGE);
}

static void areas_2000(void)
{
	fork_with_areas(2000, "areas_2000");
}

static void areas_20000(void)
{
	fork_with_areas(20000, "areas_20000");
}

/* The child writes to a part of 256 MiB, then exits; all told. */
static void child_writes(int percent, const char *size)
{
	char *p = touched(256 * MIB, MADV_NOHUGEPAGE);
	static unsigned long sample[5];

	for (int i = 0; i < 5; i++) {
		unsigned long start = cycles();
		pid_t pid = fork();

		if (!pid) {
			for (size_t at = 0; at < 256 * MIB / 100 * percent; at += PAGE)
				p[at] = 2;
			_exit(0);
		}
		wait_for(pid);
		sample[i] = cycles() - start;
	}
	print_sized("child_writes", size, median(sample, 5));
	munmap(p, 256 * MIB);
}

static void child_writes_1(void)
{
	child_writes(1, "1");
}

static void child_writes_10(void)
{
	child_writes(10, "10");
}

static void child_writes_100(void)
{
	child_writes(100, "100");
}

static int areas_now(void)
{
	FILE *maps = fopen("/proc/self/maps", "r");
	int c, lines = 0;

	if (!maps)
		die("maps");
	while ((c = getc(maps)) != EOF)
		lines += c == '\n';
	fclose(maps);
	return lines;
}

/* Kernel Bugzilla 4520: does finding free space stay quick, and do areas merge again? */
static void leakme(void)
{
	static char *slot[LEAK_SLOTS];
	static size_t length[LEAK_SLOTS];
	int before = areas_now();
	unsigned long start = cycles();

	for (int i = 0; i < LEAK_ROUNDS; i++) {
		int old = (i + 60) % LEAK_SLOTS, now = i % LEAK_SLOTS;

		if (slot[old] && munmap(slot[old], length[old]))
			die("munmap");
		slot[old] = NULL;
		length[now] = i & 7 ? (i & 7) * MIB : 9500000;
		slot[now] = map(length[now], PROT_READ | PROT_WRITE);
	}
	print("leakme_round", (cycles() - start) / LEAK_ROUNDS);
	print("n_leakme_areas", areas_now() - before);
	for (int i = 0; i < LEAK_SLOTS; i++)
		if (slot[i])
			munmap(slot[i], length[i]);
	memset(slot, 0, sizeof(slot));
}

const struct bench_case memory_cases[] = {
	{ "faults", faults },
	{ "leakme", leakme },
	{ "areas_2000", areas_2000 },
	{ "areas_20000", areas_20000 },
	{ "child_writes_1", child_writes_1 },
	{ "child_writes_10", child_writes_10 },
	{ "child_writes_100", child_writes_100 },
	{ "fork_1M", fork_1m },
	{ "fork_1024M", fork_1024m },
	{ "fork_1024M_huge", fork_1024m_huge },
	{ "child_tables", child_tables },
	{ "plot", plot },
	{ NULL, NULL }
};

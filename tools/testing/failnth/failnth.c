// SPDX-License-Identifier: GPL-2.0-only
/*
 * failnth [short]: make each step of a call fail in turn (/proc/<pid>/fail-nth) until the call
 * succeeds untouched, and compare what the kernel holds before and after each sweep. The cases
 * are in cases.h. Prints KTAP and how many failures it forced.
 */
#include "failnth.h"
#include <stdarg.h>

#define MAX_CACHES	256
#define MAX_STEPS	2000

struct cache {
	char name[40];
	long active;
};

struct counts {
	struct cache cache[MAX_CACHES];
	int caches;
	long pages;		/* KiB free or in slabs */
	long committed, locked, tasks, files;
};

static int failed_cases, number;
static unsigned long forced;
static char report[4096];

static void note(const char *format, ...)
{
	size_t used = strlen(report);
	va_list args;

	va_start(args, format);
	vsnprintf(report + used, sizeof(report) - used, format, args);
	va_end(args);
}

/* Opened once: a file that is closed is freed later, and would be counted. */
static const char *const sources[] = {
	"/proc/sys/debug/settle", "/proc/slabinfo", "/proc/meminfo", "/proc/loadavg",
	"/proc/sys/fs/file-nr",
};
enum { SETTLE, SLABS, MEMORY, LOAD, FILES, SOURCES };
static int source_fd[SOURCES];

static void open_sources(void)
{
	for (int i = 0; i < SOURCES; i++) {
		source_fd[i] = open(sources[i], (i == SETTLE ? O_WRONLY : O_RDONLY) | O_CLOEXEC);
		if (source_fd[i] >= 0)
			continue;
		printf("Bail out! no %s: errno %d\n", sources[i], errno);
		exit(2);
	}
}

static char *read_source(int which)
{
	static char text[65536];
	ssize_t got, length = 0;

	while ((got = pread(source_fd[which], text + length, sizeof(text) - 1 - length, length)) > 0)
		length += got;
	text[length] = 0;
	return text;
}

static void settle(void)
{
	if (pwrite(source_fd[SETTLE], "1", 1, 0) != 1) {
		printf("Bail out! cannot settle: errno %d\n", errno);
		exit(2);
	}
}

static void read_slabs(struct counts *counts)
{
	char *line, *rest = read_source(SLABS);
	struct cache *c;

	while (counts->caches < MAX_CACHES && (line = strsep(&rest, "\n"))) {
		c = &counts->cache[counts->caches];
		/* Magazines are made once for each cache and CPU and stay. */
		if (sscanf(line, "%39s %ld", c->name, &c->active) == 2 &&
		    strcmp(c->name, "kmem_magazine"))
			counts->caches++;
	}
}

static void read_meminfo(struct counts *counts)
{
	char *line, *rest = read_source(MEMORY), name[64];
	long value;

	while ((line = strsep(&rest, "\n"))) {
		if (sscanf(line, "%63s %ld", name, &value) != 2)
			continue;
		if (!strcmp(name, "MemFree:") || !strcmp(name, "Slab:"))
			counts->pages += value;
		if (!strcmp(name, "Committed_AS:"))
			counts->committed = value;
		if (!strcmp(name, "Mlocked:"))
			counts->locked = value;
	}
}

static void take_counts(struct counts *counts)
{
	memset(counts, 0, sizeof(*counts));
	settle();
	read_slabs(counts);
	read_meminfo(counts);
	sscanf(read_source(LOAD), "%*s %*s %*s %*d/%ld", &counts->tasks);
	sscanf(read_source(FILES), "%ld", &counts->files);
}

/* What of @now is more than @before; lines go to the report. */
static int compare(const struct counts *before, const struct counts *now)
{
	int worse = 0;

	for (int i = 0; i < now->caches && i < before->caches; i++) {
		if (now->cache[i].active <= before->cache[i].active)
			continue;
		note("#   %s: %ld objects, then %ld\n", now->cache[i].name,
		     before->cache[i].active, now->cache[i].active);
		worse++;
	}
	if (now->pages < before->pages - PAGE_SLACK_KB) {
		note("#   %ld KiB fewer\n", before->pages - now->pages);
		worse++;
	}
	if (now->committed != before->committed || now->locked != before->locked ||
	    now->tasks != before->tasks || now->files > before->files) {
		note("#   committed %ld then %ld, locked %ld %ld, tasks %ld %ld, files %ld %ld\n",
		     before->committed, now->committed, before->locked, now->locked,
		     before->tasks, now->tasks, before->files, now->files);
		worse++;
	}
	return worse;
}

/* ---- arming ---- */

int fail_fd = -1;

void open_fail_nth(void)
{
	fail_fd = open("/proc/thread-self/fail-nth", O_RDWR | O_CLOEXEC);
}

void arm(int n)
{
	char text[16];
	int length = snprintf(text, sizeof(text), "%d", n);

	if (pwrite(fail_fd, text, length, 0) != length)
		_exit(120);
}

/* Steps that were left; 0: one failed. Disarms. */
int disarm(void)
{
	char text[16] = "";
	int left;

	if (pread(fail_fd, text, sizeof(text) - 1, 0) <= 0)
		_exit(121);
	left = atoi(text);
	if (left && pwrite(fail_fd, "0", 1, 0) != 1)
		_exit(122);
	return left;
}

void say_where(int n)
{
	char text[1024] = "";
	int fd = open("/proc/thread-self/fail-nth-where", O_RDONLY | O_CLOEXEC);

	if (fd >= 0 && read(fd, text, sizeof(text) - 1) > 0)
		printf("#   step %d failed: %s", n, text);
	close(fd);
}

/* ---- sweeping ---- */

static int errno_allowed(const struct failcase *c, int error)
{
	static const int always[] = { ENOMEM, EAGAIN, EFAULT };

	for (size_t i = 0; i < sizeof(always) / sizeof(always[0]); i++)
		if (error == always[i])
			return 1;
	for (int i = 0; i < 6 && c->allowed[i]; i++)
		if (error == c->allowed[i])
			return 1;
	return 0;
}

/* Run with the n-th step failing. 1: it did fail; 0: untouched and well; -1: wrong. */
static int one(const struct failcase *c, int n)
{
	int error, left;

	failnth_left = -1;
	error = c->run(c, n);
	left = failnth_left;
	if (error < 0 || left < 0) {
		printf("#   step %d: the case went wrong (%d, left %d)\n", n, error, left);
		say_where(n);
		return -1;
	}
	if (left > 0 && !error)
		return 0;
	if (left > 0) {
		printf("#   untouched it fails with errno %d\n", error);
		return -1;
	}
	forced++;
	if (error && !errno_allowed(c, error)) {
		printf("#   step %d: errno %d is not Linux's\n", n, error);
		say_where(n);
		return -1;
	}
	return 1;
}

/* All steps; how many there were, or -1. */
static int sweep(const struct failcase *c)
{
	int n, got = 1, bad = 0;

	for (n = 1; n < MAX_STEPS && got; n++) {
		settle_between(n);
		got = one(c, n);
		bad |= got < 0;
	}
	return bad ? -1 : n - 2;
}

/* The step that leaks, each looked at alone. */
static void find_leak(const struct failcase *c, int steps)
{
	static struct counts before, now;

	for (int n = 1; n <= steps; n++) {
		one(c, n);
		take_counts(&before);
		one(c, n);
		take_counts(&now);
		report[0] = 0;
		if (compare(&before, &now)) {
			printf("#   leak at step %d:\n%s", n, report);
			say_where(n);
		}
	}
}

/* The first sweep fills caches that stay; what grows in two more is lost. */
static int check_leaks(const struct failcase *c, int steps)
{
	static struct counts before, now;

	for (int round = 0; round < 2; round++) {
		take_counts(&before);
		sweep(c);
		take_counts(&now);
		report[0] = 0;
		if (!compare(&before, &now))
			return 0;
	}
	printf("%s", report);
	find_leak(c, steps);
	return 1;
}

static void run_case(const struct failcase *c)
{
	int steps = sweep(c), bad = steps < 0;

	bad |= check_leaks(c, steps < 0 ? 100 : steps);
	failed_cases += bad;
	printf("%sok %d %s # %d steps\n", bad ? "not " : "", ++number, c->name, steps);
	fflush(stdout);
}

int failnth_left, failnth_short;

/* Cold caches reach the paths behind them; to empty them takes long. */
void settle_between(int n)
{
	if (n == 1 || (!failnth_short && n % 16 == 1))
		settle();
}

#ifndef FAILNTH_SHORT
# define FAILNTH_SHORT 0
#endif

int main(int argc, char **argv)
{
	const char *only = NULL;

	failnth_short = FAILNTH_SHORT;
	for (int i = 1; i < argc; i++) {
		if (!strcmp(argv[i], "short"))
			failnth_short = 1;
		else
			only = argv[i];
	}
	if (access("/proc/self/fail-nth", W_OK)) {
		printf("KTAP version 1\n1..1\nok 1 failnth # SKIP no CONFIG_FAULT_INJECTION\n");
		return 0;
	}
	setvbuf(stdout, NULL, _IOLBF, 0);
	open_fail_nth();
	open_sources();
	printf("KTAP version 1\n");
	make_cases();
	for (int i = 0; i < nr_cases; i++)
		if (!only || strstr(cases[i].name, only))
			run_case(&cases[i]);
	printf("1..%d\n# %d cases, %lu failures forced, %d cases wrong\n", number, number, forced,
	       failed_cases);
	return failed_cases != 0;
}

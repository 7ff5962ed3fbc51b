/* SPDX-License-Identifier: GPL-2.0-only */
/* What the tests of memory share: anonymous maps, faults caught, lines of /proc/self/maps. */
#ifndef MM_UTIL_H
#define MM_UTIL_H

#include <fcntl.h>
#include <setjmp.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/resource.h>

#define PG	4096UL
#define RW	(PROT_READ | PROT_WRITE)
#define ANON	(MAP_PRIVATE | MAP_ANONYMOUS)

__attribute__((unused)) static char *map_anon(size_t len)
{
	return mmap(NULL, len, RW, ANON, -1, 0);
}

/* The signal that touching @p causes in a child; 0 for none. */
__attribute__((unused)) static int touch_signal(volatile char *p, int write)
{
	pid_t pid = fork();
	int status;

	if (!pid) {
		signal(SIGSEGV, SIG_DFL);
		signal(SIGBUS, SIG_DFL);
		if (write)
			*p = 1;
		else
			(void)*p;
		_exit(0);
	}
	if (waitpid(pid, &status, 0) != pid)
		return -1;
	return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

/* Areas that overlap [start, end). */
__attribute__((unused)) static int count_maps(const void *start, const void *end)
{
	FILE *f = fopen("/proc/self/maps", "r");
	unsigned long a, b;
	char line[512];
	int n = 0;

	if (!f)
		return -1;
	while (fgets(line, sizeof(line), f))
		if (sscanf(line, "%lx-%lx", &a, &b) == 2 && a < (unsigned long)end &&
		    b > (unsigned long)start)
			n++;
	fclose(f);
	return n;
}

/* A number from a "Key:  value" line of a /proc file; -1 without it. */
__attribute__((unused)) static long proc_value(const char *path, const char *key)
{
	FILE *f = fopen(path, "r");
	long value = -1;
	char line[512];

	if (!f)
		return -1;
	while (fgets(line, sizeof(line), f))
		if (!strncmp(line, key, strlen(key)) && line[strlen(key)] == ':')
			sscanf(line + strlen(key) + 1, "%ld", &value);
	fclose(f);
	return value;
}

/* How often sleepers' page tables are put away, where the kernel does that. */
__attribute__((unused)) static void set_fold_idle(const char *ms)
{
	int fd = open("/proc/sys/vm/fold_idle_ms", O_WRONLY);

	if (fd < 0)
		return;
	ASSERT_EQ(write(fd, ms, strlen(ms)), (long)strlen(ms));
	close(fd);
}

__attribute__((unused)) static int temp_file(size_t size)
{
	char name[] = "/tmp/mmtestXXXXXX";
	int fd = mkstemp(name);

	unlink(name);
	if (fd >= 0 && ftruncate(fd, size))
		return -1;
	return fd;
}

#endif

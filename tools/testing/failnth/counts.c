// SPDX-License-Identifier: GPL-2.0-only
/* What the kernel holds: objects, pages, tasks, files, charges; and what it complained of. */
#include "failnth.h"

#define PAGE_SLACK_KB	64	/* tables of the sweeping program itself */

char report[4096];

__attribute__((format(printf, 1, 2))) static void note(const char *format, ...)
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
	"/proc/sys/fs/file-nr", "/dev/kmsg",
};
enum { SETTLE, SLABS, MEMORY, LOAD, FILES, LOG, SOURCES };
static int source_fd[SOURCES];

/* The tables of those who sleep go into other objects, and come back: that is no leak. */
static char folded_before[16];

static void set_fold_idle(const char *ms)
{
	int fd = open("/proc/sys/vm/fold_idle_ms", O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, ms, strlen(ms)) != (ssize_t)strlen(ms)) {
		printf("Bail out! no vm.fold_idle_ms: errno %d\n", errno);
		_exit(2);
	}
	close(fd);
}

static void fold_again(void)
{
	set_fold_idle(folded_before);
}

static void fold_nothing(void)
{
	FILE *file = fopen("/proc/sys/vm/fold_idle_ms", "re");

	if (!file || !fgets(folded_before, sizeof(folded_before), file)) {
		printf("Bail out! no vm.fold_idle_ms: errno %d\n", errno);
		exit(2);
	}
	fclose(file);
	set_fold_idle("0");
	atexit(fold_again);
}

void open_sources(void)
{
	fold_nothing();
	for (int i = 0; i < SOURCES; i++) {
		source_fd[i] = open(sources[i], (i == SETTLE ? O_WRONLY : O_RDONLY) | O_CLOEXEC |
						O_NONBLOCK);
		if (source_fd[i] >= 0)
			continue;
		printf("Bail out! no %s: errno %d\n", sources[i], errno);
		exit(2);
	}
	lseek(source_fd[LOG], 0, SEEK_END);
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

void settle(void)
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

void take_counts(struct counts *counts)
{
	memset(counts, 0, sizeof(*counts));
	settle();
	read_slabs(counts);
	read_meminfo(counts);
	sscanf(read_source(LOAD), "%*s %*s %*s %*d/%ld", &counts->tasks);
	sscanf(read_source(FILES), "%ld", &counts->files);
}

/* What of @now is more than @before; lines go to the report. */
int compare(const struct counts *before, const struct counts *now)
{
	int worse = 0;

	report[0] = 0;
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

/* New lines of the kernel's log that a test run counts as failures; they are printed. */
int log_has_warnings(void)
{
	static const char *const words[] = { "WARNING:", "BUG:", "Oops", "UBSAN:", "Kernel panic" };
	char record[8192], *text;
	int found = 0;
	ssize_t got;

	while ((got = read(source_fd[LOG], record, sizeof(record) - 1)) > 0) {
		record[got] = 0;
		text = strchr(record, ';');
		text = text ? text + 1 : record;
		for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
			found += strstr(text, words[i]) != NULL;
		if (found)
			printf("#   kernel: %s", text);
	}
	return found;
}

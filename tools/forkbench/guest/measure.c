// SPDX-License-Identifier: GPL-2.0-only
/* Medians of rounds, and figures printed as "@@ name value". */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "measure.h"

void die(const char *what)
{
	printf("forkbench: %s: %s\n", what, strerror(errno));
	fflush(stdout);
	_exit(1);
}

void wait_for(pid_t pid)
{
	int status;

	if (pid < 0)
		die("fork");
	if (waitpid(pid, &status, 0) != pid || status)
		die("waitpid");
}

static int by_value(const void *a, const void *b)
{
	unsigned long left = *(const unsigned long *)a, right = *(const unsigned long *)b;

	return left < right ? -1 : left > right;
}

unsigned long median(unsigned long *samples, int count)
{
	qsort(samples, count, sizeof(*samples), by_value);
	return samples[count / 2];
}

static unsigned long samples[ROUNDS], more_samples[ROUNDS];

/* What two readings of the counter cost by themselves. */
unsigned long overhead(void)
{
	static unsigned long cost;

	for (int i = 0; i < ROUNDS && !cost; i++) {
		unsigned long start = cycles();

		more_samples[i] = cycles() - start;
	}
	if (!cost)
		cost = median(more_samples, ROUNDS);
	return cost;
}

void print(const char *name, unsigned long value)
{
	printf("@@ %s %lu\n", name, value);
}

void print_sized(const char *name, const char *size, unsigned long value)
{
	printf("@@ %s_%s %lu\n", name, size, value);
}

/* Where tools/forkbench/profile starts and stops to look: around each turn that is measured. */
__attribute__((noipa)) static void turn_begins(void)
{
	__asm__ volatile("nop");
}

__attribute__((noipa)) static void turn_ends(void)
{
	__asm__ volatile("nop; nop");
}

/* The median of many rounds of @operation. */
void each(const char *name, void (*operation)(void))
{
	unsigned long extra = overhead();

	for (int i = 0; i < ROUNDS; i++) {
		unsigned long start;

		turn_begins();
		start = cycles();
		operation();
		samples[i] = cycles() - start;
		turn_ends();
	}
	print(name, median(samples, ROUNDS) - extra);
}

/* @rounds of fork, _exit and wait: medians of the call alone and of all. */
void fork_rounds(int rounds, unsigned long *call, unsigned long *whole)
{
	unsigned long extra = overhead();

	for (int i = 0; i < rounds; i++) {
		unsigned long start;
		pid_t pid;

		turn_begins();
		start = cycles();
		pid = fork();
		if (!pid)
			_exit(0);
		samples[i] = cycles() - start;
		wait_for(pid);
		more_samples[i] = cycles() - start;
		turn_ends();
	}
	*call = median(samples, rounds) - extra;
	*whole = median(more_samples, rounds) - extra;
}

void fork_row(const char *size, int rounds)
{
	unsigned long call, whole;

	fork_rounds(rounds, &call, &whole);
	print_sized("fork", size, call);
	print_sized("fork_exit", size, whole);
}

/* Return: 0, or -1 where there is no such file or it refuses. */
int sysctl(const char *path, const char *value)
{
	int fd = open(path, O_WRONLY), length = strlen(value), done;

	if (fd < 0)
		return -1;
	done = write(fd, value, length);
	close(fd);
	return done == length ? 0 : -1;
}

/* The number behind @key in a file of lines "Key:   number kB", or -1. */
long file_kb(const char *path, const char *key)
{
	FILE *file = fopen(path, "r");
	char line[256];
	long value = -1;

	while (file && fgets(line, sizeof(line), file))
		if (!strncmp(line, key, strlen(key)))
			value = atol(line + strlen(key));
	if (file)
		fclose(file);
	return value;
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * The C library's side of the host tests: the main program, which prints KTAP, and the services
 * of host.h. Arguments are the subjects to run; none for all.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "include/host.h"

unsigned int host_test_count(void);
unsigned int host_run_test(unsigned int i, const char **subject, const char **name,
			   const char **skip, int dry);
void radix_init(void);

static unsigned long allocated, fail_from, failed;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static int must_fail(void)
{
	if (!fail_from || --fail_from)
		return 0;
	fail_from = 1;
	failed++;
	return 1;
}

void *host_alloc(unsigned long size, int zero)
{
	void *p = NULL;

	pthread_mutex_lock(&lock);
	if (!must_fail()) {
		p = malloc(size);
		allocated++;
	}
	pthread_mutex_unlock(&lock);
	if (p)
		memset(p, zero ? 0 : 0xa5, size);
	return p;
}

void host_free(const void *p)
{
	if (!p)
		return;
	pthread_mutex_lock(&lock);
	allocated--;
	pthread_mutex_unlock(&lock);
	free((void *)p);
}

void host_fail_from(unsigned long nth)
{
	fail_from = nth;
	failed = 0;
}

int host_failed(void)
{
	return failed != 0;
}

unsigned long host_allocated(void)
{
	return allocated;
}

static unsigned long seed;

void host_seed(unsigned long s)
{
	seed = s;
}

/* splitmix64 (Steele, Lea and Flood 2014) */
unsigned long host_random(void)
{
	unsigned long z = seed += 0x9e3779b97f4a7c15UL;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9UL;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebUL;
	return z ^ (z >> 31);
}

int host_vsnprintf(char *buf, unsigned long size, const char *fmt, va_list args)
{
	return vsnprintf(buf, size, fmt, args);
}

int host_vsscanf(const char *buf, const char *fmt, va_list args)
{
	return vsscanf(buf, fmt, args);
}

char *host_command(const char *command, unsigned long *size)
{
	unsigned long room = 1 << 20;
	FILE *f = popen(command, "r");
	char *buf;

	if (!f)
		return NULL;
	buf = host_alloc(room, 1);
	*size = fread(buf, 1, room, f);
	if (pclose(f) == 0)
		return buf;
	host_free(buf);
	return NULL;
}

void host_print(const char *text)
{
	fflush(stdout);
	fputs(text, stderr);
}

void host_note_failure(const char *file, int line, const char *text)
{
	printf("# %s:%d: %s\n", file, line, text);
}

void host_abort(void)
{
	fflush(stdout);
	abort();
}

void *host_thread(void *(*fn)(void *), void *arg)
{
	pthread_t *thread = malloc(sizeof(*thread));

	if (pthread_create(thread, NULL, fn, arg))
		host_abort();
	return thread;
}

void host_join(void *thread)
{
	pthread_join(*(pthread_t *)thread, NULL);
	free(thread);
}

void host_thread_exit(void)
{
	pthread_exit(NULL);
}

void *host_turn(void)
{
	sem_t *turn = malloc(sizeof(*turn));

	if (!turn || sem_init(turn, 0, 0))
		host_abort();
	return turn;
}

void host_wait(void *turn)
{
	while (sem_wait(turn))
		if (errno != EINTR)
			host_abort();
}

void host_post(void *turn)
{
	if (sem_post(turn))
		host_abort();
}

void host_turn_free(void *turn)
{
	sem_destroy(turn);
	free(turn);
}

static int wanted(const char *subject, int argc, char **argv)
{
	int i;

	for (i = 1; i < argc; i++)
		if (!strcmp(subject, argv[i]))
			return 1;
	return argc < 2;
}

int main(int argc, char **argv)
{
	unsigned int i, bad, nr = 0, failures = 0, skips = 0, total = host_test_count();
	const char *subject, *name, *skip;
	unsigned long before;

	radix_init();
	for (i = 0; i < total; i++) {
		host_run_test(i, &subject, &name, &skip, 1);
		nr += wanted(subject, argc, argv);
	}
	printf("KTAP version 1\n1..%u\n", nr);
	for (i = 0, nr = 0; i < total; i++) {
		host_run_test(i, &subject, &name, &skip, 1);
		if (!wanted(subject, argc, argv))
			continue;
		before = allocated;
		skip = NULL;
		bad = host_run_test(i, &subject, &name, &skip, 0);
		host_fail_from(0);
		if (allocated != before) {
			printf("# %ld allocations were not freed\n", (long)(allocated - before));
			bad++;
		}
		printf("%sok %u %s.%s%s%s\n", bad ? "not " : "", ++nr, subject, name,
		       skip ? " # SKIP " : "", skip ? skip : "");
		fflush(stdout);
		failures += bad != 0;
		skips += skip != NULL;
	}
	printf("# %u passed, %u failed, %u skipped\n", nr - failures - skips, failures, skips);
	return failures != 0;
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * What creating a process costs, in instructions. Under QEMU's -icount shift=0 the
 * time-stamp counter counts instructions, so each figure is exact and the same on
 * each run. As process 1 it prints the figures and powers off; anywhere else it
 * prints them in cycles. Each figure is the median of many rounds.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include "measure.h"

#define PAGES	512

static const char exec_target[] = "/bin/exit0";

static void fork_exit(void)
{
	pid_t pid = fork();

	if (!pid)
		_exit(0);
	wait_for(pid);
}

static void fork_exec(void)
{
	char *args[] = { (char *)exec_target, NULL };
	pid_t pid = fork();

	if (!pid) {
		execve(exec_target, args, environ);
		_exit(1);
	}
	wait_for(pid);
}

static void vfork_exec(void)
{
	char *args[] = { (char *)exec_target, NULL };
	pid_t pid = vfork();

	if (!pid) {
		execve(exec_target, args, environ);
		_exit(1);
	}
	wait_for(pid);
}

static void *thread(void *arg)
{
	return arg;
}

static void thread_join(void)
{
	pthread_t id;

	if (pthread_create(&id, NULL, thread, NULL) || pthread_join(id, NULL))
		die("pthread");
}

static void null_call(void)
{
	long result;

	__asm__ volatile("syscall" : "=a"(result) : "a"(SYS_getppid) : "rcx", "r11", "memory");
}

static char *pages;

static void map_pages(void)
{
	pages = mmap(NULL, PAGES * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (pages == MAP_FAILED)
		die("mmap");
	madvise(pages, PAGES * PAGE, MADV_NOHUGEPAGE);
}

static void unmap_pages(void)
{
	munmap(pages, PAGES * PAGE);
}

static void measure(const char *name, void (*operation)(void))
{
	static unsigned long samples[ROUNDS];

	for (int i = 0; i < ROUNDS; i++) {
		unsigned long start = cycles();

		operation();
		samples[i] = cycles() - start;
	}
	printf("@@ %s %lu\n", name, median(samples, ROUNDS) - overhead());
}

/* The median cost of the first write to each page. */
static unsigned long touch_pages(void)
{
	static unsigned long samples[PAGES];

	for (int i = 0; i < PAGES; i++) {
		unsigned long start = cycles();

		*(volatile char *)(pages + i * PAGE) = 1;
		samples[i] = cycles() - start;
	}
	return median(samples, PAGES) - overhead();
}

static void measure_faults(void)
{
	int done[2];
	char byte;
	pid_t pid;

	map_pages();
	printf("@@ anonymous_fault %lu\n", touch_pages());
	if (pipe(done))
		die("pipe");
	fflush(stdout);
	pid = fork();		/* the child holds the pages while we break the sharing */
	if (!pid) {
		close(done[1]);
		_exit(read(done[0], &byte, 1) != 0);
	}
	printf("@@ cow_break %lu\n", touch_pages());
	close(done[1]);
	close(done[0]);
	wait_for(pid);
	unmap_pages();
}

/* fork with a parent that holds this many MiB of touched memory. */
static void measure_big_fork(int megabytes)
{
	size_t size = (size_t)megabytes << 20;
	char name[64];
	char *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED)
		die("mmap");
	madvise(memory, size, MADV_NOHUGEPAGE);
	memset(memory, 1, size);
	snprintf(name, sizeof(name), "fork_exit_%dM", megabytes);
	measure(name, fork_exit);
	munmap(memory, size);
}

int main(void)
{
	unsigned long start = cycles();

	if (getpid() == 1) {
		set_up_init();
		printf("@@ boot %lu\n", start);
	}
	setvbuf(stdout, NULL, _IOLBF, 0);
	measure("fork_exit_wait", fork_exit);
	measure("vfork_exec_wait", vfork_exec);
	measure("fork_exec_wait", fork_exec);
	measure("thread_create_join", thread_join);
	measure("null_call", null_call);
	measure_faults();
	measure_big_fork(16);
	measure_big_fork(64);
	puts("@@ done");
	if (getpid() == 1)
		power_off();
	return 0;
}

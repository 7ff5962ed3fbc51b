// SPDX-License-Identifier: GPL-2.0-only
/*
 * What fork costs a process that holds much: memory, mappings, threads, descendants. Counted and
 * printed as forkbench does; "@@ name instructions", or kilobytes where the name says kB.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include "measure.h"

#define MIB		(1UL << 20)
#define FEW		15
#define CHAIN		1000
#define IDLE		100
#define THREADS		64

static unsigned long call_cost, whole_cost;

static void print(const char *name, unsigned long value)
{
	printf("@@ %s %lu\n", name, value);
}

/* @rounds of fork, _exit and wait: medians of the call alone and of all. */
static void fork_rounds(int rounds)
{
	static unsigned long call[ROUNDS], whole[ROUNDS];

	for (int i = 0; i < rounds; i++) {
		unsigned long start = cycles();
		pid_t pid = fork();

		if (!pid)
			_exit(0);
		call[i] = cycles() - start;
		wait_for(pid);
		whole[i] = cycles() - start;
	}
	call_cost = median(call, rounds) - overhead();
	whole_cost = median(whole, rounds) - overhead();
}

static void fork_row(const char *name, int rounds)
{
	char full[64];

	fork_rounds(rounds);
	snprintf(full, sizeof(full), "call_%s", name);
	print(full, call_cost);
	snprintf(full, sizeof(full), "whole_%s", name);
	print(full, whole_cost);
}

static char *touched(size_t size, int advice)
{
	char *p = mmap(NULL, size + 2 * MIB, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
		       -1, 0);

	if (p == MAP_FAILED)
		die("mmap");
	p = (char *)(((unsigned long)p + 2 * MIB - 1) & -(2 * MIB));
	madvise(p, size, advice);
	for (size_t at = 0; at < size; at += PAGE)
		p[at] = 1;
	return p;
}

static long status_kb(pid_t pid, const char *key)
{
	char path[64], line[256];
	long value = -1;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/status", pid);
	file = fopen(path, "r");
	while (file && fgets(line, sizeof(line), file))
		if (!strncmp(line, key, strlen(key)))
			value = atol(line + strlen(key) + 1);
	if (file)
		fclose(file);
	return value;
}

static long free_kb(void)
{
	FILE *file = fopen("/proc/meminfo", "r");
	char line[256];
	long value = -1;

	while (file && fgets(line, sizeof(line), file))
		if (!strncmp(line, "MemFree:", 8))
			value = atol(line + 8);
	if (file)
		fclose(file);
	return value;
}

static void child_tables(void)
{
	pid_t pid = fork();

	if (!pid)
		for (;;)
			pause();
	usleep(20000);
	print("kB_vmpte_1024M", status_kb(pid, "VmPTE:"));
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

static void by_memory(void)
{
	static const int sizes[] = { 1, 4, 16, 64, 256, 1024 };
	char name[32];

	for (unsigned int i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		char *p = touched(sizes[i] * MIB, MADV_NOHUGEPAGE);

		snprintf(name, sizeof(name), "%dM", sizes[i]);
		fork_row(name, sizes[i] > 64 ? 5 : FEW);
		if (sizes[i] == 1024)
			child_tables();
		munmap(p, sizes[i] * MIB);
	}
	touched(1024 * MIB, MADV_HUGEPAGE);
	fork_row("1024M_huge", 5);
}

static void by_mappings(int areas)
{
	char *p = mmap(NULL, (size_t)areas * 2 * PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	char name[32];

	if (p == MAP_FAILED)
		die("mmap");
	for (int i = 0; i < areas / 2; i++) {
		mprotect(p + (size_t)i * 2 * PAGE, PAGE, PROT_READ | PROT_WRITE);
		p[(size_t)i * 2 * PAGE] = 1;
	}
	snprintf(name, sizeof(name), "areas_%d", areas);
	fork_row(name, 5);
	munmap(p, (size_t)areas * 2 * PAGE);
}

/* The child writes to a part of 256 MiB, then exits; all told. */
static void child_writes(int percent)
{
	char *p = touched(256 * MIB, MADV_NOHUGEPAGE), name[32];
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
	snprintf(name, sizeof(name), "child_writes_%d", percent);
	print(name, median(sample, 5));
	munmap(p, 256 * MIB);
}

static void *sleeper(void *arg)
{
	for (;;)
		pause();
	return arg;
}

static void with_threads(void)
{
	pthread_t id[THREADS];

	for (int i = 0; i < THREADS; i++)
		if (pthread_create(&id[i], NULL, sleeper, NULL))
			die("pthread_create");
	usleep(50000);
	fork_row("threads_64", FEW);
	for (int i = 0; i < THREADS; i++)
		pthread_cancel(id[i]);
	for (int i = 0; i < THREADS; i++)
		pthread_join(id[i], NULL);
}

/* Each the child of the one before; the last one ends first. */
static void chain(void)
{
	unsigned long start = cycles();
	pid_t top = fork(), pid = top;
	int left = CHAIN;

	if (!top) {
		while (--left) {
			pid = fork();
			if (pid)
				break;
		}
		if (left)
			wait_for(pid);
		_exit(0);
	}
	wait_for(top);
	print("chain_each", (cycles() - start) / CHAIN);
}

static void idle_children(void)
{
	static pid_t pids[IDLE];
	long before;

	usleep(100000);
	before = free_kb();
	for (int i = 0; i < IDLE; i++) {
		pids[i] = fork();
		if (!pids[i])
			for (;;)
				pause();
	}
	usleep(100000);
	print("kB_idle_child", (before - free_kb()) / IDLE);
	for (int i = 0; i < IDLE; i++)
		kill(pids[i], SIGKILL);
	while (wait(NULL) > 0)
		;
}

static void each(const char *name, void (*operation)(void))
{
	static unsigned long sample[ROUNDS];

	for (int i = 0; i < ROUNDS; i++) {
		unsigned long start = cycles();

		operation();
		sample[i] = cycles() - start;
	}
	print(name, median(sample, ROUNDS) - overhead());
}

static void vfork_exit(void)
{
	pid_t pid = vfork();

	if (!pid)
		_exit(0);
	wait_for(pid);
}

static void spawn_shell(void)
{
	char *args[] = { "sh", "-c", "true", NULL };
	pid_t pid;

	if (posix_spawn(&pid, "/bin/busybox", NULL, NULL, args, environ))
		die("posix_spawn");
	wait_for(pid);
}

static int ping[2], pong[2];

static void pipe_round(void)
{
	char byte = 0;

	if (write(ping[1], &byte, 1) != 1 || read(pong[0], &byte, 1) != 1)
		die("pipe");
}

static void pipe_trips(void)
{
	char byte;
	pid_t pid;

	if (pipe(ping) || pipe(pong))
		die("pipe");
	pid = fork();
	if (!pid) {
		while (read(ping[0], &byte, 1) == 1)
			if (write(pong[1], &byte, 1) != 1)
				break;
		_exit(0);
	}
	each("pipe_round_trip", pipe_round);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

static void on_signal(int sig)
{
	(void)sig;
}

static pid_t self;

static void signal_self(void)
{
	syscall(SYS_tkill, self, SIGUSR1);
}

/* The same small fork with sharing switched off and on, where there is the switch. */
static void switched(void)
{
	int fd = open("/proc/sys/vm/shared_pgtables", O_WRONLY);

	if (fd < 0 || pwrite(fd, "0", 1, 0) != 1)
		return;
	fork_rounds(ROUNDS);
	print("whole_small_off", whole_cost);
	if (pwrite(fd, "1", 1, 0) != 1)
		die("shared_pgtables");
	fork_rounds(ROUNDS);
	print("whole_small_on", whole_cost);
	close(fd);
}

int main(void)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	if (getpid() == 1) {
		set_up_init();
		mkdir("/proc", 0755);
		mount("proc", "/proc", "proc", 0, NULL);
	}
	fork_row("small", ROUNDS);
	switched();
	each("vfork_exit", vfork_exit);
	each("posix_spawn_shell", spawn_shell);
	pipe_trips();
	self = getpid();
	signal(SIGUSR1, on_signal);
	each("signal_to_self", signal_self);
	idle_children();
	chain();
	with_threads();
	by_mappings(2000);
	by_mappings(20000);
	child_writes(1);
	child_writes(10);
	child_writes(100);
	by_memory();
	puts("@@ done");
	if (getpid() == 1)
		power_off();
	return 0;
}

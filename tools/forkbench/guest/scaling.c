// SPDX-License-Identifier: GPL-2.0-only
/*
 * The case of scaling: fork + _exit + wait per second, of one process on one CPU, of two on two,
 * of the 64 threads of one process. Turn about, and the best turn counts: the host may be busy.
 * How much two processors of this host do together is seen by processes that only compute.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "measure.h"

#define TURNS		20
#define TURN_MS		100
#define THREADS		64

static unsigned long *forks;		/* counted by several processes */
static double deadline;

static double now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1e3 + now.tv_nsec / 1e6;
}

/* Plain system calls: the C library's fork takes locks of its own. */
static void fork_until_deadline(void)
{
	while (now_ms() < deadline) {
		pid_t pid = syscall(SYS_fork);

		if (!pid)
			syscall(SYS_exit_group, 0);
		if (pid < 0 || syscall(SYS_wait4, pid, NULL, 0, NULL) != pid)
			die("fork and wait");
		__atomic_add_fetch(forks, 1, __ATOMIC_RELAXED);
	}
}

static void compute_until_deadline(void)
{
	while (now_ms() < deadline) {
		for (volatile int i = 0; i < 20000; i++)
			;
		__atomic_add_fetch(forks, 1, __ATOMIC_RELAXED);
	}
}

static void *forking_thread(void *arg)
{
	fork_until_deadline();
	return arg;
}

static void stay_on(int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	if (sched_setaffinity(0, sizeof(set), &set))
		die("sched_setaffinity");
}

/* What @count processes, each on a CPU of its own, do per second. */
static unsigned long processes(int count, void (*work)(void))
{
	double start = now_ms();
	pid_t pids[2];

	*forks = 0;
	deadline = start + TURN_MS;
	for (int i = 0; i < count; i++) {
		pids[i] = fork();
		if (!pids[i]) {
			stay_on(i);
			work();
			_exit(0);
		}
	}
	for (int i = 0; i < count; i++)
		wait_for(pids[i]);
	return *forks * 1000 / (now_ms() - start);
}

/* Forks per second of all threads of this process, wherever they run. */
static unsigned long threads(int count)
{
	double start = now_ms();
	pthread_t id[THREADS];

	*forks = 0;
	deadline = start + TURN_MS;
	for (int i = 0; i < count; i++)
		if (pthread_create(&id[i], NULL, forking_thread, NULL))
			die("pthread_create");
	for (int i = 0; i < count; i++)
		pthread_join(id[i], NULL);
	return *forks * 1000 / (now_ms() - start);
}

static unsigned long larger(unsigned long a, unsigned long b)
{
	return a > b ? a : b;
}

static void scaling(void)
{
	unsigned long one = 0, two = 0, one_thread = 0, many = 0, alone = 0, both = 0;

	if (sysconf(_SC_NPROCESSORS_ONLN) < 2)
		return;
	forks = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (forks == MAP_FAILED)
		die("mmap");
	for (int turn = 0; turn < TURNS; turn++) {
		alone = larger(alone, processes(1, compute_until_deadline));
		both = larger(both, processes(2, compute_until_deadline));
		one = larger(one, processes(1, fork_until_deadline));
		two = larger(two, processes(2, fork_until_deadline));
		one_thread = larger(one_thread, threads(1));
		many = larger(many, threads(THREADS));
	}
	print("n_rate_1_computes", alone);
	print("n_rate_2_compute", both);
	print("n_rate_1_process", one);
	print("n_rate_2_processes", two);
	print("n_rate_1_thread", one_thread);
	print("n_rate_64_threads", many);
	munmap(forks, PAGE);
}

const struct bench_case scaling_cases[] = {
	{ "scaling", scaling },
	{ NULL, NULL }
};

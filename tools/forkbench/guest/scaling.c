// SPDX-License-Identifier: GPL-2.0-only
/*
 * The case of scaling: fork + _exit + wait per second, of one process on one CPU, of two on two,
 * of one and of all of the 64 threads of a process. A host of several guests changes its speed
 * from one second to the next, so a gain is taken from two short runs that follow one another, and
 * the median of the turns counts. How much two processors of this host do together is seen by processes that only
 * compute. Where instructions are counted ("scaling_counted") every turn is like the other.
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
#define COUNTED_TURNS	3
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

/* A thread that only has its stack: what a fork copies is the same with any number that fork. */
static void *idle_thread(void *arg)
{
	struct timespec until = {
		.tv_sec = deadline / 1e3,
		.tv_nsec = (long)(deadline * 1e6) % 1000000000,
	};

	clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL);
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

/* Forks per second of @count of the 64 threads of this process, wherever they run. */
static unsigned long threads(int count)
{
	double start = now_ms();
	pthread_t id[THREADS];

	*forks = 0;
	deadline = start + TURN_MS;
	for (int i = 0; i < THREADS; i++)
		if (pthread_create(&id[i], NULL, i < count ? forking_thread : idle_thread, NULL))
			die("pthread_create");
	for (int i = 0; i < THREADS; i++)
		pthread_join(id[i], NULL);
	return *forks * 1000 / (now_ms() - start);
}

struct rate {
	const char *name;
	unsigned long of_turn[TURNS];
};

/* In percent: what @many do against @one, turn by turn. */
static void print_gain(const char *name, struct rate *many, struct rate *one, int turns)
{
	unsigned long gains[TURNS];

	for (int i = 0; i < turns; i++)
		gains[i] = one->of_turn[i] ? many->of_turn[i] * 100 / one->of_turn[i] : 0;
	print(one->name, median(one->of_turn, turns));
	print(many->name, median(many->of_turn, turns));
	print(name, median(gains, turns));
}

static void measure_turns(int turns)
{
	static struct rate alone = { .name = "n_rate_1_computes" }, both = { .name = "n_rate_2_compute" },
			   one = { .name = "n_rate_1_process" }, two = { .name = "n_rate_2_processes" },
			   one_thread = { .name = "n_rate_1_thread" }, many = { .name = "n_rate_64_threads" };

	if (sysconf(_SC_NPROCESSORS_ONLN) < 2)
		return;
	forks = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (forks == MAP_FAILED)
		die("mmap");
	for (int turn = 0; turn < turns; turn++) {
		alone.of_turn[turn] = processes(1, compute_until_deadline);
		both.of_turn[turn] = processes(2, compute_until_deadline);
		one.of_turn[turn] = processes(1, fork_until_deadline);
		two.of_turn[turn] = processes(2, fork_until_deadline);
		one_thread.of_turn[turn] = threads(1);
		many.of_turn[turn] = threads(THREADS);
	}
	print_gain("n_gain_compute", &both, &alone, turns);
	print_gain("n_gain_processes", &two, &one, turns);
	print_gain("n_gain_threads", &many, &one_thread, turns);
	munmap(forks, PAGE);
}

static void scaling(void)
{
	measure_turns(TURNS);
}

static void scaling_counted(void)
{
	measure_turns(COUNTED_TURNS);
}

const struct bench_case scaling_cases[] = {
	{ "scaling", scaling },
	{ "scaling_counted", scaling_counted },
	{ NULL, NULL }
};

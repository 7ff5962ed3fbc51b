// SPDX-License-Identifier: GPL-2.0-only
/* Cases: threads made and joined, a fork among many, a chain of 20,000 alive at once. */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "measure.h"

#define THREADS		64
#define FORKS_EACH	5
#define CHAIN_STACK	1046528		/* that of LTP's pth_str02 */

static void *at_once(void *arg)
{
	return arg;
}

static void thread_once(void)
{
	pthread_t id;

	if (pthread_create(&id, NULL, at_once, NULL) || pthread_join(id, NULL))
		die("pthread");
}

static void thread(void)
{
	each("thread", thread_once);
}

static void *sleeper(void *arg)
{
	for (;;)
		pause();
	return arg;
}

static void fork_among(void)
{
	pthread_t id[THREADS];

	for (int i = 0; i < THREADS; i++)
		if (pthread_create(&id[i], NULL, sleeper, NULL))
			die("pthread_create");
	usleep(50000);
	fork_row("threads_64", 15);
	for (int i = 0; i < THREADS; i++)
		pthread_cancel(id[i]);
	for (int i = 0; i < THREADS; i++)
		pthread_join(id[i], NULL);
}

/* Plain system calls: the C library's fork takes locks of its own. */
static void *forker(void *arg)
{
	for (int i = 0; i < FORKS_EACH; i++) {
		pid_t pid = syscall(SYS_fork);

		if (!pid)
			syscall(SYS_exit_group, 0);
		if (pid < 0 || syscall(SYS_wait4, pid, NULL, 0, NULL) != pid)
			die("fork and wait");
	}
	return arg;
}

static void all_fork(void)
{
	pthread_t id[THREADS];
	unsigned long start = cycles();

	for (int i = 0; i < THREADS; i++)
		if (pthread_create(&id[i], NULL, forker, NULL))
			die("pthread_create");
	for (int i = 0; i < THREADS; i++)
		pthread_join(id[i], NULL);
	print("threads_64_fork", (cycles() - start) / (THREADS * FORKS_EACH));
}

static int wanted, made;
static pthread_attr_t attributes;

/* Thread number @arg makes the next one and waits for it: all are alive at the end of the chain. */
static void *link_of_chain(void *arg)
{
	long number = (long)arg;
	pthread_t next;

	made++;
	if (number == wanted)
		return NULL;
	if (pthread_create(&next, &attributes, link_of_chain, (void *)(number + 1)))
		die("pthread_create");
	pthread_join(next, NULL);
	return NULL;
}

static void thread_chain_of(int count)
{
	unsigned long start = cycles();
	char size[16];
	pthread_t first;

	wanted = count;
	made = 0;
	if (pthread_create(&first, &attributes, link_of_chain, (void *)1L))
		die("pthread_create");
	pthread_join(first, NULL);
	snprintf(size, sizeof(size), "%d", count);
	print_sized("thread_chain", size, cycles() - start);
	print_sized("n_chain", size, made);
}

static void thread_chain(void)
{
	sysctl("/proc/sys/kernel/threads-max", "60000");
	sysctl("/proc/sys/kernel/pid_max", "100000");
	sysctl("/proc/sys/vm/max_map_count", "100000");
	pthread_attr_init(&attributes);
	pthread_attr_setstacksize(&attributes, CHAIN_STACK);
	thread_chain_of(1000);
	thread_chain_of(10000);
	thread_chain_of(20000);
}

const struct bench_case thread_cases[] = {
	{ "thread", thread },
	{ "fork_among", fork_among },
	{ "all_fork", all_fork },
	{ "thread_chain", thread_chain },
	{ NULL, NULL }
};

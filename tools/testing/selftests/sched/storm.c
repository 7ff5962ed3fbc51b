// SPDX-License-Identifier: GPL-2.0-only
/*
 * Policies, priorities and affinities change at random while their owners run, sleep, wake each
 * other, fork and die. Nothing may hang or get lost.
 * ktest: timeout=60
 */
#include "../ktest.h"
#include <pthread.h>
#include <sched.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>

#define WORKERS	6
#define ROUNDS	300

static pid_t tid[WORKERS];
static unsigned long done[WORKERS];
static volatile int stop;
static int ring[WORKERS][2];
static unsigned long cpus;

static unsigned int next_random(unsigned int *seed)
{
	*seed = *seed * 1103515245 + 12345;
	return *seed >> 8;
}

static void work(unsigned int *seed)
{
	struct timespec nap = { 0, next_random(seed) % 300000 };

	switch (next_random(seed) % 4) {
	case 0:
		nanosleep(&nap, NULL);
		break;
	case 1:
		sched_yield();
		break;
	default:
		for (volatile unsigned int i = next_random(seed) % 20000; i; i--)
			;
	}
}

/* Take the token from the left, work, hand it to the right. */
static void *worker(void *arg)
{
	long me = (long)arg;
	unsigned int seed = me + 1;
	char token;

	__atomic_store_n(&tid[me], (pid_t)syscall(SYS_gettid), __ATOMIC_SEQ_CST);
	while (read(ring[me][0], &token, 1) == 1) {
		work(&seed);
		done[me]++;
		if (stop && !me)
			break;
		if (write(ring[(me + 1) % WORKERS][1], &token, 1) != 1)
			break;
	}
	close(ring[(me + 1) % WORKERS][1]);
	return NULL;
}

static void disturb(unsigned int *seed)
{
	static const int policies[] = { SCHED_OTHER, SCHED_BATCH, SCHED_IDLE, SCHED_FIFO, SCHED_RR };
	pid_t target = tid[next_random(seed) % WORKERS];
	struct sched_param param = { 0 };
	unsigned long mask;
	int policy;

	switch (next_random(seed) % 3) {
	case 0:
		mask = next_random(seed) & cpus;
		if (mask)
			EXPECT_EQ(syscall(SYS_sched_setaffinity, target, sizeof(mask), &mask), 0);
		break;
	case 1:
		setpriority(PRIO_PROCESS, target, (int)(next_random(seed) % 40) - 20);
		break;
	default:
		policy = policies[next_random(seed) % 5];
		if (policy == SCHED_FIFO || policy == SCHED_RR)
			param.sched_priority = 1 + next_random(seed) % 99;
		syscall(SYS_sched_setscheduler, target, policy, &param);
	}
}

TEST(a_ring_of_restless_threads)
{
	unsigned long mask[16] = { 0 }, least = -1UL;
	pthread_t thread[WORKERS];
	unsigned int seed = 99;
	int i;

	ASSERT_GT(syscall(SYS_sched_getaffinity, 0, sizeof(mask), mask), 0);
	cpus = mask[0];
	for (i = 0; i < WORKERS; i++)
		ASSERT_EQ(pipe(ring[i]), 0);
	for (i = 0; i < WORKERS; i++)
		ASSERT_EQ(pthread_create(&thread[i], NULL, worker, (void *)(long)i), 0);
	for (i = 0; i < WORKERS; i++) {
		while (!__atomic_load_n(&tid[i], __ATOMIC_SEQ_CST))
			usleep(100);
	}
	ASSERT_EQ(write(ring[0][1], "12", 2), 2);
	for (i = 0; i < ROUNDS; i++) {
		disturb(&seed);
		if (i % 8 == 0)
			usleep(500);
	}
	stop = 1;
	for (i = 0; i < WORKERS; i++) {
		pthread_join(thread[i], NULL);
		least = done[i] < least ? done[i] : least;
	}
	EXPECT_GT(least, 0);
}

TEST(children_of_every_policy)
{
	static const int policies[] = { SCHED_OTHER, SCHED_BATCH, SCHED_IDLE, SCHED_FIFO, SCHED_RR };
	int i, status;

	for (i = 0; i < 100; i++) {
		int policy = policies[i % 5];
		struct sched_param param = { .sched_priority = i % 5 > 2 ? 1 + i % 99 : 0 };

		if (fork())
			continue;
		syscall(SYS_sched_setscheduler, 0, policy, &param);
		if (!fork())
			_exit(0);
		_exit(wait(&status) > 0 && !status ? 0 : 1);
	}
	for (i = 0; i < 100; i++) {
		ASSERT_GT(wait(&status), 0);
		EXPECT_EQ(status, 0);
	}
	EXPECT_ERRNO(wait(&status), ECHILD);
}

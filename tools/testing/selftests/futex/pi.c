// SPDX-License-Identifier: GPL-2.0-only
/*
 * Futexes with priority inheritance: who gets the lock, what an owner is lent, deadlocks, owners
 * that die, and glibc's mutexes on top. ktest: musl
 */
#include "../ktest.h"
#include <fcntl.h>
#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <time.h>

#ifndef FUTEX_LOCK_PI2
#define FUTEX_LOCK_PI2 13
#endif

static long futex(uint32_t *word, int op, uint32_t val, const struct timespec *t)
{
	return syscall(SYS_futex, word, op, val, t, NULL, 0);
}

static long lock_pi(uint32_t *word)
{
	return futex(word, FUTEX_LOCK_PI, 0, NULL);
}

static long unlock_pi(uint32_t *word)
{
	return futex(word, FUTEX_UNLOCK_PI, 0, NULL);
}

static uint32_t self(void)
{
	return syscall(SYS_gettid);
}

static uint32_t *shared_words(void)
{
	uint32_t *words = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	ASSERT(words != MAP_FAILED);
	return words;
}

/* Not sched_yield(): with a priority that is lent, we would keep the others off the only CPU. */
static void pause_a_little(void)
{
	usleep(500);
}

static void wait_for(uint32_t *word, uint32_t bits)
{
	while (!(__atomic_load_n(word, __ATOMIC_SEQ_CST) & bits))
		pause_a_little();
}

/* Field 18 of /proc/<pid>/stat: the priority that the scheduler goes by; below 0: real-time. */
static int priority_of(pid_t pid)
{
	return atoi(stat_field(pid, 18));
}

/* musl's function answers ENOSYS. */
static int set_scheduler(pid_t pid, int policy, int prio)
{
	struct { int priority; } param = { prio };

	return syscall(SYS_sched_setscheduler, pid, policy, &param);
}

static bool become_fifo(int prio)
{
	return !set_scheduler(0, SCHED_FIFO, prio);
}

TEST(uncontended_lock_and_unlock)
{
	uint32_t word = 0;

	ASSERT_EQ(lock_pi(&word), 0);
	EXPECT_EQ(word, self());
	EXPECT_ERRNO(lock_pi(&word), EDEADLK);
	EXPECT_ERRNO(futex(&word, FUTEX_TRYLOCK_PI, 0, NULL), EDEADLK);
	EXPECT_EQ(unlock_pi(&word), 0);
	EXPECT_EQ(word, 0);
	EXPECT_ERRNO(unlock_pi(&word), EPERM);
	EXPECT_EQ(futex(&word, FUTEX_TRYLOCK_PI, 0, NULL), 0);
	EXPECT_EQ(futex(&word, FUTEX_UNLOCK_PI, 0, NULL), 0);
	EXPECT_EQ(futex(&word, FUTEX_LOCK_PI2, 0, NULL), 0);
	EXPECT_EQ(futex(&word, FUTEX_UNLOCK_PI, 0, NULL), 0);
}

TEST(what_is_refused)
{
	struct timespec bad = { 0, 1000000000 };
	uint32_t words[2] = { 0 };
	uint32_t *odd = (uint32_t *)((char *)words + 2);

	EXPECT_ERRNO(lock_pi(odd), EINVAL);
	EXPECT_ERRNO(lock_pi((uint32_t *)8), EFAULT);
	EXPECT_ERRNO(unlock_pi((uint32_t *)8), EFAULT);
	EXPECT_ERRNO(futex(words, FUTEX_LOCK_PI, 0, &bad), EINVAL);
	EXPECT_ERRNO(futex(words, FUTEX_LOCK_PI | FUTEX_CLOCK_REALTIME, 0, NULL), ENOSYS);
	EXPECT_ERRNO(futex(words, FUTEX_TRYLOCK_PI | FUTEX_CLOCK_REALTIME, 0, NULL), ENOSYS);
	words[0] = 0x3ffffff0;			/* an owner that does not exist */
	EXPECT_ERRNO(lock_pi(words), ESRCH);
	words[0] = 2;				/* kthreadd, where the host shows it */
	if (priority_of(2) && !kill(2, 0))
		EXPECT_EQ(lock_pi(words), -1);
}

TEST(a_word_left_by_a_dead_owner_is_taken_over)
{
	uint32_t word = FUTEX_OWNER_DIED;

	ASSERT_EQ(lock_pi(&word), 0);
	EXPECT_EQ(word, self() | FUTEX_OWNER_DIED);
	EXPECT_EQ(unlock_pi(&word), 0);
	EXPECT_EQ(word, 0);
}

TEST(time_runs_out)
{
	uint32_t *word = shared_words();
	struct timespec when;
	int status;
	pid_t pid;

	ASSERT_EQ(lock_pi(word), 0);
	pid = fork();
	if (!pid) {
		clock_gettime(CLOCK_REALTIME, &when);
		when.tv_nsec += 20000000;
		when.tv_sec += when.tv_nsec / 1000000000;
		when.tv_nsec %= 1000000000;
		if (futex(word, FUTEX_LOCK_PI, 0, &when) != -1 || errno != ETIMEDOUT)
			_exit(1);
		clock_gettime(CLOCK_MONOTONIC, &when);
		if (futex(word, FUTEX_LOCK_PI2, 0, &when) != -1 || errno != ETIMEDOUT)
			_exit(2);
		_exit(futex(word, FUTEX_TRYLOCK_PI, 0, NULL) == -1 && errno == EAGAIN ? 0 : 3);
	}
	EXPECT_EQ(waitpid(pid, &status, 0), pid);
	EXPECT_EQ(status, 0);
	EXPECT_EQ(*word, self() | FUTEX_WAITERS);
	EXPECT_EQ(unlock_pi(word), 0);
	EXPECT_EQ(*word, 0);
}

/* words[0] is the lock, words[1] counts who got it. */
static pid_t contender(uint32_t *words, int fifo)
{
	pid_t pid = fork();

	if (pid)
		return pid;
	if (fifo && !become_fifo(fifo))
		_exit(9);
	if (lock_pi(&words[0]))
		_exit(1);
	if ((words[0] & FUTEX_TID_MASK) != self())
		_exit(2);
	words[2 + __atomic_fetch_add(&words[1], 1, __ATOMIC_SEQ_CST)] = fifo;
	_exit(unlock_pi(&words[0]) ? 3 : 0);
}

TEST(the_best_priority_gets_it_first)
{
	uint32_t *words = shared_words();
	int prios[] = { 0, 5, 30, 5, 10 }, order[] = { 30, 10, 5, 5, 0 }, status;
	pid_t pids[5];

	if (geteuid())
		SKIP("needs root");
	ASSERT_EQ(lock_pi(words), 0);
	for (int i = 0; i < 5; i++) {
		pids[i] = contender(words, prios[i]);
		until_state(pids[i], 'S');
		if (i == 0)
			wait_for(words, FUTEX_WAITERS);
	}
	usleep(50000);
	EXPECT_EQ(unlock_pi(words), 0);
	for (int i = 0; i < 5; i++) {
		EXPECT_EQ(waitpid(pids[i], &status, 0), pids[i]);
		EXPECT_EQ(status, 0);
	}
	for (int i = 0; i < 5; i++)
		EXPECT_EQ(words[2 + i], order[i]);
}

TEST(the_owner_is_lent_the_priority_and_gives_it_back)
{
	uint32_t *words = shared_words();
	int before = priority_of(getpid()), status;
	pid_t pid;

	if (geteuid())
		SKIP("needs root");
	ASSERT_EQ(lock_pi(words), 0);
	pid = contender(words, 40);
	wait_for(words, FUTEX_WAITERS);
	while (priority_of(getpid()) == before)
		pause_a_little();
	EXPECT_EQ(priority_of(getpid()), -41);
	EXPECT_EQ(syscall(SYS_sched_getscheduler, 0), SCHED_OTHER);
	EXPECT_EQ(unlock_pi(words), 0);
	EXPECT_EQ(priority_of(getpid()), before);
	EXPECT_EQ(waitpid(pid, &status, 0), pid);
	EXPECT_EQ(status, 0);
}

/* child: has words[1] and waits for words[0], which we own. A FIFO task waits for words[1]. */
TEST(a_chain_of_owners_is_lent_it)
{
	uint32_t *words = shared_words();
	int before = priority_of(getpid()), status;
	pid_t middle, top;

	if (geteuid())
		SKIP("needs root");
	ASSERT_EQ(lock_pi(&words[0]), 0);
	middle = fork();
	if (!middle) {
		if (lock_pi(&words[1]) || lock_pi(&words[0]))
			_exit(1);
		_exit(unlock_pi(&words[0]) || unlock_pi(&words[1]));
	}
	wait_for(&words[0], FUTEX_WAITERS);
	EXPECT_EQ(priority_of(getpid()), before);
	top = fork();
	if (!top)
		_exit(!become_fifo(20) || lock_pi(&words[1]) || unlock_pi(&words[1]));
	while (priority_of(getpid()) == before)
		pause_a_little();
	EXPECT_EQ(priority_of(getpid()), -21);
	EXPECT_EQ(priority_of(middle), -21);
	/* Killing the one who lends takes it back along the whole chain. */
	kill(top, SIGKILL);
	EXPECT_EQ(waitpid(top, &status, 0), top);
	EXPECT_EQ(priority_of(getpid()), before);
	EXPECT_EQ(priority_of(middle), before);
	EXPECT_EQ(unlock_pi(&words[0]), 0);
	EXPECT_EQ(waitpid(middle, &status, 0), middle);
	EXPECT_EQ(status, 0);
}

TEST(a_waiter_whose_priority_changes_lends_the_new_one)
{
	uint32_t *words = shared_words();
	int before = priority_of(getpid()), status;
	pid_t pid;

	if (geteuid())
		SKIP("needs root");
	ASSERT_EQ(lock_pi(words), 0);
	pid = contender(words, 0);
	wait_for(words, FUTEX_WAITERS);
	until_state(pid, 'S');
	ASSERT_EQ(set_scheduler(pid, SCHED_FIFO, 33), 0);
	EXPECT_EQ(priority_of(getpid()), -34);
	ASSERT_EQ(set_scheduler(pid, SCHED_OTHER, 0), 0);
	EXPECT_EQ(priority_of(getpid()), before);
	EXPECT_EQ(unlock_pi(words), 0);
	EXPECT_EQ(waitpid(pid, &status, 0), pid);
	EXPECT_EQ(status, 0);
}

TEST(a_circle_is_refused)
{
	uint32_t *words = shared_words();
	int status;
	pid_t pid;

	ASSERT_EQ(lock_pi(&words[0]), 0);
	pid = fork();
	if (!pid) {
		if (lock_pi(&words[1]))
			_exit(1);
		_exit(lock_pi(&words[0]) || unlock_pi(&words[0]) || unlock_pi(&words[1]));
	}
	wait_for(&words[0], FUTEX_WAITERS);
	until_state(pid, 'S');
	EXPECT_ERRNO(lock_pi(&words[1]), EDEADLK);
	EXPECT_EQ(unlock_pi(&words[0]), 0);
	EXPECT_EQ(waitpid(pid, &status, 0), pid);
	EXPECT_EQ(status, 0);
}

TEST(who_waits_inherits_from_the_dead)
{
	uint32_t *words = shared_words();
	int status;
	pid_t owner;

	owner = fork();
	if (!owner) {
		lock_pi(words);
		pause();
	}
	wait_for(words, FUTEX_TID_MASK);
	if (!fork()) {
		wait_for(words, FUTEX_WAITERS);
		until_state(getppid(), 'S');
		kill(owner, SIGKILL);
		_exit(0);
	}
	EXPECT_EQ(lock_pi(words), 0);
	EXPECT_EQ(*words & ~FUTEX_WAITERS, self() | FUTEX_OWNER_DIED);
	EXPECT_EQ(unlock_pi(words), 0);
	EXPECT_EQ(*words, 0);
	while (wait(&status) > 0)
		EXPECT(status == 0 || status == SIGKILL);
}

TEST(plain_wake_is_refused_while_somebody_waits)
{
	uint32_t *words = shared_words();
	int status;
	pid_t pid;

	ASSERT_EQ(lock_pi(words), 0);
	pid = contender(words, 0);
	wait_for(words, FUTEX_WAITERS);
	until_state(pid, 'S');
	EXPECT_ERRNO(futex(words, FUTEX_WAKE, 1, NULL), EINVAL);
	EXPECT_EQ(unlock_pi(words), 0);
	EXPECT_EQ(waitpid(pid, &status, 0), pid);
	EXPECT_EQ(status, 0);
}

static void on_signal(int sig)
{
}

TEST(a_signal_does_not_end_the_wait)
{
	struct sigaction sa = { .sa_handler = on_signal };
	uint32_t *words = shared_words();
	int status;
	pid_t pid;

	sigaction(SIGUSR1, &sa, NULL);		/* without SA_RESTART */
	ASSERT_EQ(lock_pi(words), 0);
	pid = contender(words, 0);
	wait_for(words, FUTEX_WAITERS);
	for (int i = 0; i < 20; i++) {
		until_state(pid, 'S');
		kill(pid, SIGUSR1);
	}
	EXPECT_EQ(waitpid(pid, &status, WNOHANG), 0);
	EXPECT_EQ(unlock_pi(words), 0);
	EXPECT_EQ(waitpid(pid, &status, 0), pid);
	EXPECT_EQ(status, 0);
}

/* ---- FUTEX_WAIT_REQUEUE_PI, FUTEX_CMP_REQUEUE_PI: words[0] is waited on, words[1] the lock ---- */

static long wait_requeue(uint32_t *words, uint32_t val, const struct timespec *t)
{
	return syscall(SYS_futex, &words[0], FUTEX_WAIT_REQUEUE_PI, val, t, &words[1], 0);
}

static long cmp_requeue(uint32_t *words, int wake, long more, uint32_t val)
{
	return syscall(SYS_futex, &words[0], FUTEX_CMP_REQUEUE_PI, wake, more, &words[1], val);
}

static pid_t requeue_waiter(uint32_t *words)
{
	pid_t pid = fork();

	if (!pid) {
		if (wait_requeue(words, 7, NULL))
			_exit(1);
		if ((words[1] & FUTEX_TID_MASK) != self())
			_exit(2);
		_exit(unlock_pi(&words[1]) ? 3 : 0);
	}
	until_state(pid, 'S');
	return pid;
}

TEST(requeued_waiters_get_the_lock_in_turn)
{
	uint32_t *words = shared_words();
	pid_t pids[3];
	int status;

	words[0] = 7;
	for (int i = 0; i < 3; i++)
		pids[i] = requeue_waiter(words);
	usleep(20000);
	ASSERT_EQ(lock_pi(&words[1]), 0);
	EXPECT_EQ(cmp_requeue(words, 1, INT32_MAX, 7), 3);
	usleep(20000);
	EXPECT_EQ(waitpid(-1, &status, WNOHANG), 0);
	EXPECT_EQ(unlock_pi(&words[1]), 0);
	for (int i = 0; i < 3; i++) {
		EXPECT_EQ(waitpid(pids[i], &status, 0), pids[i]);
		EXPECT_EQ(status, 0);
	}
	EXPECT_EQ(words[1], 0);
}

TEST(a_free_lock_goes_to_the_first_requeued)
{
	uint32_t *words = shared_words();
	int status;
	pid_t pid;

	words[0] = 7;
	pid = requeue_waiter(words);
	usleep(20000);
	EXPECT_EQ(cmp_requeue(words, 1, 0, 7), 1);
	EXPECT_EQ(waitpid(pid, &status, 0), pid);
	EXPECT_EQ(status, 0);
}

static uint32_t race_words[2];
static volatile int race_over;
static uint32_t race_owner;

static void *wait_for_a_moment(void *unused)
{
	struct timespec t;

	while (!race_over) {
		clock_gettime(CLOCK_MONOTONIC, &t);
		t.tv_nsec += 100000 + (t.tv_nsec & 0x3ffff);
		if (t.tv_nsec >= 1000000000) {
			t.tv_nsec -= 1000000000;
			t.tv_sec++;
		}
		wait_requeue(race_words, 0, &t);
	}
	return NULL;
}

static void *requeue_all(void *unused)
{
	while (!race_over) {
		usleep(100);
		cmp_requeue(race_words, 1, 1000, 0);
	}
	return NULL;
}

/* The lock's word changes and its waiters leave while others are being requeued to it. */
TEST(requeueing_bears_a_word_that_changes)
{
	pthread_t threads[17];
	struct timespec t;
	time_t end;

	race_owner = self();
	race_words[1] = race_owner;
	for (int i = 0; i < 17; i++)
		ASSERT_EQ(pthread_create(&threads[i], NULL,
					 i ? wait_for_a_moment : requeue_all, NULL), 0);
	clock_gettime(CLOCK_MONOTONIC, &t);
	end = t.tv_sec + 2;
	while (t.tv_sec < end) {
		for (int i = 0; i < 100; i++) {
			__atomic_store_n(&race_words[1], race_owner, __ATOMIC_RELAXED);
			__atomic_store_n(&race_words[1], race_owner | FUTEX_WAITERS,
					 __ATOMIC_RELAXED);
		}
		clock_gettime(CLOCK_MONOTONIC, &t);
	}
	race_over = 1;
	for (int i = 0; i < 17; i++)
		pthread_join(threads[i], NULL);
}

TEST(requeueing_refuses_what_does_not_fit)
{
	struct timespec past = { 1, 0 };
	uint32_t *words = shared_words();
	int status;
	pid_t pid;

	words[0] = 7;
	EXPECT_ERRNO(wait_requeue(words, 8, NULL), EAGAIN);
	EXPECT_ERRNO(wait_requeue(words, 7, &past), ETIMEDOUT);
	EXPECT_ERRNO(syscall(SYS_futex, words, FUTEX_WAIT_REQUEUE_PI, 7, NULL, words, 0), EINVAL);
	EXPECT_ERRNO(cmp_requeue(words, 2, 0, 7), EINVAL);
	EXPECT_ERRNO(cmp_requeue(words, 1, 0, 8), EAGAIN);
	EXPECT_EQ(cmp_requeue(words, 1, 5, 7), 0);
	pid = fork();
	if (!pid)
		_exit(futex(words, FUTEX_WAIT, 7, NULL) ? 1 : 0);
	until_state(pid, 'S');
	usleep(20000);
	EXPECT_ERRNO(cmp_requeue(words, 1, 0, 7), EINVAL);	/* it waits for no lock */
	EXPECT_EQ(futex(words, FUTEX_WAKE, 1, NULL), 1);
	EXPECT_EQ(waitpid(pid, &status, 0), pid);
	EXPECT_EQ(status, 0);
	pid = requeue_waiter(words);
	usleep(20000);
	EXPECT_ERRNO(futex(words, FUTEX_WAKE, 1, NULL), EINVAL);
	EXPECT_ERRNO(syscall(SYS_futex, words, FUTEX_CMP_REQUEUE_PI, 1, 0L, &words[2], 7), EINVAL);
	EXPECT_EQ(cmp_requeue(words, 1, 0, 7), 1);
	EXPECT_EQ(waitpid(pid, &status, 0), pid);
	EXPECT_EQ(status, 0);
}

/* ---- many at once ---- */

#define THREADS	8
#define ROUNDS	400

static pthread_mutex_t mutexes[3];
static int inside[3], counts[3];

static void *hammer(void *arg)
{
	unsigned int seed = (uintptr_t)arg;

	for (int i = 0; i < ROUNDS; i++) {
		int m = rand_r(&seed) % 3;

		if (pthread_mutex_lock(&mutexes[m]))
			return (void *)1;
		if (inside[m]++)
			return (void *)2;
		counts[m]++;
		if (rand_r(&seed) % 4 == 0)
			sched_yield();
		inside[m]--;
		if (pthread_mutex_unlock(&mutexes[m]))
			return (void *)3;
	}
	return NULL;
}

TEST_TIMEOUT(mutexes_of_the_library_exclude, 60)
{
	pthread_mutexattr_t attr;
	pthread_t threads[THREADS];
	void *result;

	pthread_mutexattr_init(&attr);
	if (pthread_mutexattr_setprotocol(&attr, PTHREAD_PRIO_INHERIT))
		SKIP("this library has no mutexes with priority inheritance");
	for (int m = 0; m < 3; m++)
		ASSERT_EQ(pthread_mutex_init(&mutexes[m], &attr), 0);
	for (uintptr_t t = 0; t < THREADS; t++)
		ASSERT_EQ(pthread_create(&threads[t], NULL, hammer, (void *)(t + 1)), 0);
	for (int t = 0; t < THREADS; t++) {
		pthread_join(threads[t], &result);
		EXPECT_EQ((intptr_t)result, 0);
	}
	EXPECT_EQ(counts[0] + counts[1] + counts[2], THREADS * ROUNDS);
}

static pthread_mutex_t robust;

static void *dies_with_it(void *unused)
{
	pthread_mutex_lock(&robust);
	return NULL;
}

TEST(robust_mutex_of_a_dead_thread)
{
	pthread_mutexattr_t attr;
	pthread_t thread;

	pthread_mutexattr_init(&attr);
	if (pthread_mutexattr_setprotocol(&attr, PTHREAD_PRIO_INHERIT))
		SKIP("this library has no mutexes with priority inheritance");
	pthread_mutexattr_setrobust(&attr, PTHREAD_MUTEX_ROBUST);
	ASSERT_EQ(pthread_mutex_init(&robust, &attr), 0);
	ASSERT_EQ(pthread_create(&thread, NULL, dies_with_it, NULL), 0);
	pthread_join(thread, NULL);
	EXPECT_EQ(pthread_mutex_lock(&robust), EOWNERDEAD);
	EXPECT_EQ(pthread_mutex_consistent(&robust), 0);
	EXPECT_EQ(pthread_mutex_unlock(&robust), 0);
}

/* Owners die by SIGKILL while others queue and time out: nobody hangs, nobody is lost. */
TEST_TIMEOUT(owners_die_at_random, 60)
{
	uint32_t *words = shared_words();
	unsigned int seed = 7;
	pid_t pids[6];

	for (int i = 0; i < 6; i++) {
		pids[i] = fork();
		if (pids[i])
			continue;
		for (;;)
			if (!lock_pi(words)) {
				sched_yield();
				unlock_pi(words);
			}
	}
	for (int i = 0; i < 60; i++) {
		int n = rand_r(&seed) % 6;

		usleep(rand_r(&seed) % 2000);
		kill(pids[n], SIGKILL);
		waitpid(pids[n], NULL, 0);
		pids[n] = fork();
		if (!pids[n])
			for (;;)
				if (!lock_pi(words))
					unlock_pi(words);
	}
	for (int i = 0; i < 6; i++) {
		kill(pids[i], SIGKILL);
		waitpid(pids[i], NULL, 0);
	}
	EXPECT(lock_pi(words) == 0 || errno == ESRCH);
}

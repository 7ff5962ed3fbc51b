// SPDX-License-Identifier: GPL-2.0-only
/*
 * futex(2): every operation that is not about priority inheritance, private and shared.
 */
#include "../ktest.h"
#include <fcntl.h>
#include <limits.h>
#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <time.h>

static long futex(volatile uint32_t *uaddr, int op, uint32_t val, const void *timeout,
		  volatile uint32_t *uaddr2, uint32_t val3)
{
	return syscall(SYS_futex, uaddr, op, val, timeout, uaddr2, val3);
}

static uint32_t *shared_page(void)
{
	void *p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	ASSERT(p != MAP_FAILED);
	return p;
}

static long elapsed_ms(const struct timespec *since)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (now.tv_sec - since->tv_sec) * 1000 + (now.tv_nsec - since->tv_nsec) / 1000000;
}

TEST(arguments_are_checked)
{
	struct timespec bad = { 0, 1000000000 }, zero = { 0, 0 };
	char bytes[8] __attribute__((aligned(8))) = { 0 };
	uint32_t word = 1;

	EXPECT_ERRNO(futex(&word, FUTEX_WAIT, 0, NULL, NULL, 0), EAGAIN);
	EXPECT_ERRNO(futex(&word, FUTEX_WAIT, 1, &bad, NULL, 0), EINVAL);
	EXPECT_ERRNO(futex(&word, FUTEX_WAIT, 1, (void *)8, NULL, 0), EFAULT);
	EXPECT_ERRNO(futex(&word, FUTEX_WAIT, 1, &zero, NULL, 0), ETIMEDOUT);
	EXPECT_ERRNO(futex((void *)(bytes + 1), FUTEX_WAIT, 0, NULL, NULL, 0), EINVAL);
	EXPECT_ERRNO(futex((void *)(bytes + 1), FUTEX_WAKE, 1, NULL, NULL, 0), EINVAL);
	EXPECT_ERRNO(futex((void *)16, FUTEX_WAIT_PRIVATE, 0, NULL, NULL, 0), EFAULT);
	EXPECT_ERRNO(futex((void *)16, FUTEX_WAKE, 1, NULL, NULL, 0), EFAULT);
	EXPECT_ERRNO(futex((void *)0xffff800000000000, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0),
		     EFAULT);
	EXPECT_ERRNO(futex(&word, FUTEX_WAIT_BITSET, 1, NULL, NULL, 0), EINVAL);
	EXPECT_ERRNO(futex(&word, FUTEX_WAKE_BITSET, 1, NULL, NULL, 0), EINVAL);
	EXPECT_ERRNO(futex(&word, 99, 1, NULL, NULL, 0), ENOSYS);
	EXPECT_ERRNO(futex(&word, FUTEX_WAKE | FUTEX_CLOCK_REALTIME, 1, NULL, NULL, 0), ENOSYS);
	EXPECT_ERRNO(futex(&word, FUTEX_FD, 1, NULL, NULL, 0), ENOSYS);
	EXPECT_EQ(futex(&word, FUTEX_WAKE, 1, NULL, NULL, 0), 0);
}

TEST(timeouts)
{
	struct timespec start, wait = { 0, 50000000 }, abs;
	uint32_t word = 0;

	clock_gettime(CLOCK_MONOTONIC, &start);
	EXPECT_ERRNO(futex(&word, FUTEX_WAIT, 0, &wait, NULL, 0), ETIMEDOUT);
	EXPECT_GE(elapsed_ms(&start), 50);
	clock_gettime(CLOCK_MONOTONIC, &abs);
	start = abs;
	abs.tv_nsec += 50000000;
	if (abs.tv_nsec >= 1000000000) {
		abs.tv_nsec -= 1000000000;
		abs.tv_sec++;
	}
	EXPECT_ERRNO(futex(&word, FUTEX_WAIT_BITSET, 0, &abs, NULL, ~0u), ETIMEDOUT);
	EXPECT_GE(elapsed_ms(&start), 49);
	clock_gettime(CLOCK_REALTIME, &abs);
	abs.tv_sec--;
	EXPECT_ERRNO(futex(&word, FUTEX_WAIT_BITSET | FUTEX_CLOCK_REALTIME, 0, &abs, NULL, ~0u),
		     ETIMEDOUT);
}

#define WAITERS 8
static volatile uint32_t word, word2, ready, woken;
static int wait_op = FUTEX_WAIT_PRIVATE;

static void *waiter(void *arg)
{
	__atomic_add_fetch(&ready, 1, __ATOMIC_SEQ_CST);
	while (futex(&word, wait_op, 0, NULL, NULL, (uintptr_t)arg) < 0 && errno == EINTR)
		;
	__atomic_add_fetch(&woken, 1, __ATOMIC_SEQ_CST);
	return NULL;
}

static void start_waiters(pthread_t *thread, int nr)
{
	for (int i = 0; i < nr; i++)
		ASSERT_EQ(pthread_create(&thread[i], NULL, waiter, (void *)(1ul << i)), 0);
	while (ready < (uint32_t)nr)
		usleep(1000);
	usleep(50000);
}

static void join_all(pthread_t *thread, int nr)
{
	for (int i = 0; i < nr; i++)
		EXPECT_EQ(pthread_join(thread[i], NULL), 0);
	EXPECT_EQ(woken, nr);
}

TEST(wake_counts)
{
	pthread_t thread[WAITERS];

	start_waiters(thread, WAITERS);
	EXPECT_EQ(futex(&word, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0), 1);
	EXPECT_EQ(futex(&word, FUTEX_WAKE_PRIVATE, 3, NULL, NULL, 0), 3);
	EXPECT_EQ(futex(&word, FUTEX_WAKE_PRIVATE, INT_MAX, NULL, NULL, 0), WAITERS - 4);
	EXPECT_EQ(futex(&word, FUTEX_WAKE_PRIVATE, INT_MAX, NULL, NULL, 0), 0);
	join_all(thread, WAITERS);
}

TEST(bitsets_select)
{
	pthread_t thread[WAITERS];

	wait_op = FUTEX_WAIT_BITSET_PRIVATE;
	start_waiters(thread, WAITERS);
	EXPECT_EQ(futex(&word, FUTEX_WAKE_BITSET_PRIVATE, INT_MAX, NULL, NULL, 1u << 20), 0);
	EXPECT_EQ(futex(&word, FUTEX_WAKE_BITSET_PRIVATE, INT_MAX, NULL, NULL, 5), 2);
	EXPECT_EQ(futex(&word, FUTEX_WAKE_BITSET_PRIVATE, INT_MAX, NULL, NULL, 5), 0);
	EXPECT_EQ(futex(&word, FUTEX_WAKE_PRIVATE, INT_MAX, NULL, NULL, 0), WAITERS - 2);
	join_all(thread, WAITERS);
}

TEST(requeue_moves_waiters)
{
	pthread_t thread[WAITERS];

	start_waiters(thread, WAITERS);
	EXPECT_ERRNO(futex(&word, FUTEX_CMP_REQUEUE_PRIVATE, 1, (void *)100, &word2, 1), EAGAIN);
	EXPECT_ERRNO(futex(&word, FUTEX_CMP_REQUEUE_PRIVATE, 1, (void *)-1ul, &word2, 0), EINVAL);
	EXPECT_ERRNO(futex(&word, FUTEX_REQUEUE_PRIVATE, -1, (void *)1, &word2, 0), EINVAL);
	EXPECT_EQ(futex(&word, FUTEX_CMP_REQUEUE_PRIVATE, 1, (void *)3, &word2, 0), 4);
	EXPECT_EQ(futex(&word2, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0), 1);
	EXPECT_EQ(futex(&word, FUTEX_REQUEUE_PRIVATE, 0, (void *)100, &word2, 0), WAITERS - 4);
	EXPECT_EQ(futex(&word, FUTEX_WAKE_PRIVATE, 100, NULL, NULL, 0), 0);
	EXPECT_EQ(futex(&word2, FUTEX_WAKE_PRIVATE, 100, NULL, NULL, 0), WAITERS - 2);
	join_all(thread, WAITERS);
}

static uint32_t wake_op(uint32_t start, uint32_t op)
{
	word2 = start;
	EXPECT_EQ(futex(&word, FUTEX_WAKE_OP_PRIVATE, 1, (void *)1, &word2, op), 0);
	return word2;
}

TEST(wake_op_arithmetic)
{
	EXPECT_EQ(wake_op(5, FUTEX_OP(FUTEX_OP_SET, 9, FUTEX_OP_CMP_EQ, 5)), 9);
	EXPECT_EQ(wake_op(5, FUTEX_OP(FUTEX_OP_ADD, 2, FUTEX_OP_CMP_EQ, 5)), 7);
	EXPECT_EQ(wake_op(5, FUTEX_OP(FUTEX_OP_ADD, 0xfffu, FUTEX_OP_CMP_NE, 5)), 4);
	EXPECT_EQ(wake_op(5, FUTEX_OP(FUTEX_OP_OR, 8, FUTEX_OP_CMP_LT, 5)), 13);
	EXPECT_EQ(wake_op(7, FUTEX_OP(FUTEX_OP_ANDN, 2, FUTEX_OP_CMP_LE, 5)), 5);
	EXPECT_EQ(wake_op(7, FUTEX_OP(FUTEX_OP_XOR, 3, FUTEX_OP_CMP_GT, 5)), 4);
	EXPECT_EQ(wake_op(0, FUTEX_OP((FUTEX_OP_OR | FUTEX_OP_OPARG_SHIFT), 4u,
				      FUTEX_OP_CMP_GE, 0)), 16);
	EXPECT_ERRNO(futex(&word, FUTEX_WAKE_OP_PRIVATE, 1, (void *)1, &word2, 7u << 28), ENOSYS);
	EXPECT_ERRNO(futex(&word, FUTEX_WAKE_OP_PRIVATE, 1, (void *)1, &word2, 15u << 24), ENOSYS);
}

TEST(wake_op_wakes_both)
{
	pthread_t thread[2];

	start_waiters(thread, 2);
	EXPECT_EQ(futex(&word2, FUTEX_WAKE_OP_PRIVATE, 1, (void *)1, &word,
			FUTEX_OP(FUTEX_OP_SET, 1, FUTEX_OP_CMP_EQ, 1)), 0);
	word = 0;
	EXPECT_EQ(futex(&word2, FUTEX_WAKE_OP_PRIVATE, 1, (void *)1, &word,
			FUTEX_OP(FUTEX_OP_SET, 1, FUTEX_OP_CMP_EQ, 0)), 1);
	EXPECT_EQ(futex(&word, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0), 1);
	join_all(thread, 2);
}

static void expect_shared(volatile uint32_t *here, volatile uint32_t *there)
{
	pid_t child = fork();

	if (!child) {
		while (!*there)
			futex(there, FUTEX_WAIT, 0, NULL, NULL, 0);
		_exit(0);
	}
	usleep(50000);
	*here = 1;
	EXPECT_EQ(futex(here, FUTEX_WAKE, 1, NULL, NULL, 0), 1);
	EXPECT_EQ(wait_exit(child), 0);
}

TEST(shared_between_processes)
{
	uint32_t *page = shared_page();

	expect_shared(page + 10, page + 10);
}

TEST(shared_through_two_mappings_of_a_file)
{
	char name[] = "/tmp/futexXXXXXX";
	int fd = mkstemp(name);
	char *a, *b;

	ASSERT(fd >= 0);
	unlink(name);
	ASSERT_EQ(ftruncate(fd, 8192), 0);
	a = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	b = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 4096);
	ASSERT(a != MAP_FAILED && b != MAP_FAILED);
	expect_shared((uint32_t *)(a + 4096 + 64), (uint32_t *)(b + 64));
}

TEST(private_memory_is_not_shared_by_fork)
{
	struct timespec wait = { 0, 100000000 };
	pid_t child = fork();

	if (!child)
		_exit(futex(&word, FUTEX_WAIT, 0, &wait, NULL, 0) == 0 || errno != ETIMEDOUT);
	usleep(30000);
	EXPECT_EQ(futex(&word, FUTEX_WAKE, 1, NULL, NULL, 0), 0);
	EXPECT_EQ(wait_exit(child), 0);
}

static void on_signal(int sig)
{
	(void)sig;
	woken++;
}

static long interrupted_wait(int sa_flags, const struct timespec *timeout)
{
	struct sigaction sa = { .sa_handler = on_signal, .sa_flags = sa_flags };
	pid_t pid = getpid(), child;
	long ret;

	sigaction(SIGUSR1, &sa, NULL);
	child = fork();
	if (!child) {
		until_state(pid, 'S');
		kill(pid, SIGUSR1);
		_exit(0);
	}
	ret = futex(&word, FUTEX_WAIT_PRIVATE, 0, timeout, NULL, 0);
	if (ret < 0)
		ret = -errno;
	wait_exit(child);
	return ret;
}

TEST(signals_interrupt)
{
	struct timespec wait = { 60, 0 };

	EXPECT_EQ(interrupted_wait(0, NULL), -EINTR);
	EXPECT_EQ(woken, 1);
	EXPECT_EQ(interrupted_wait(0, &wait), -EINTR);
	EXPECT_EQ(interrupted_wait(SA_RESTART, &wait), -EINTR);
	EXPECT_EQ(woken, 3);
}

TEST(stop_and_continue_do_not_interrupt)
{
	struct timespec start, wait = { 0, 150000000 };
	pid_t pid = getpid(), child;

	clock_gettime(CLOCK_MONOTONIC, &start);
	child = fork();
	if (!child) {
		usleep(30000);
		kill(pid, SIGSTOP);
		usleep(30000);
		kill(pid, SIGCONT);
		_exit(0);
	}
	EXPECT_ERRNO(futex(&word, FUTEX_WAIT_PRIVATE, 0, &wait, NULL, 0), ETIMEDOUT);
	EXPECT_GE(elapsed_ms(&start), 149);
	EXPECT_EQ(wait_exit(child), 0);
}

static void *locker(void *arg)
{
	pthread_mutex_t *mutex = arg;

	for (int i = 0; i < 5000; i++) {
		pthread_mutex_lock(mutex);
		word++;
		pthread_mutex_unlock(mutex);
	}
	return NULL;
}

TEST(contended_mutex)
{
	pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
	pthread_t thread[WAITERS];

	for (int i = 0; i < WAITERS; i++)
		pthread_create(&thread[i], NULL, locker, &mutex);
	for (int i = 0; i < WAITERS; i++)
		pthread_join(thread[i], NULL);
	EXPECT_EQ(word, WAITERS * 5000);
}

static volatile int first_woken;

static void *ranked_waiter(void *arg)
{
	struct sched_param param = { .sched_priority = (int)(intptr_t)arg };

	if (arg && sched_setscheduler(0, SCHED_FIFO, &param))
		ready += 100;
	__atomic_add_fetch(&ready, 1, __ATOMIC_SEQ_CST);
	futex(&word, FUTEX_WAIT_PRIVATE, 0, NULL, NULL, 0);
	if (!__atomic_add_fetch(&first_woken, 0, __ATOMIC_SEQ_CST))
		first_woken = (int)(intptr_t)arg + 1;
	return NULL;
}

/* The most urgent waiter is woken first, whenever it came. */
TEST(real_time_waiters_come_first)
{
	static const int prio[] = { 0, 3, 7, 5 };
	pthread_t thread[4];

	for (uint32_t i = 0; i < 4; i++) {
		ASSERT_EQ(pthread_create(&thread[i], NULL, ranked_waiter,
					 (void *)(intptr_t)prio[i]), 0);
		while (ready <= i)
			usleep(1000);
		usleep(20000);
	}
	if (ready > 4)
		SKIP("no real-time scheduling allowed");
	EXPECT_EQ(futex(&word, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0), 1);
	while (!first_woken)
		usleep(1000);
	EXPECT_EQ(first_woken, 8);
	EXPECT_EQ(futex(&word, FUTEX_WAKE_PRIVATE, 10, NULL, NULL, 0), 3);
	for (int i = 0; i < 4; i++)
		pthread_join(thread[i], NULL);
}

struct asked {
	uint32_t *word;
	int op;
};

static void *wait_a_little(void *arg)
{
	struct asked *asked = arg;
	struct timespec limit = { 5, 0 };

	return (void *)(futex(asked->word, asked->op, 0, &limit, NULL, 0) ? (long)errno : 0);
}

/* On memory of one process alone, who waits without FUTEX_PRIVATE_FLAG is not woken with it. */
TEST(private_flag_is_part_of_the_name)
{
	static uint32_t own;
	int ops[2] = { FUTEX_WAIT, FUTEX_WAIT_PRIVATE };
	int wakes[2] = { FUTEX_WAKE, FUTEX_WAKE_PRIVATE };
	uint32_t *words[2] = { &own, shared_page() };
	struct asked asked;
	pthread_t thread;
	void *err;
	int i, w;

	for (w = 0; w < 2; w++) {
		for (i = 0; i < 2; i++) {
			asked = (struct asked){ words[w], ops[i] };
			ASSERT_EQ(pthread_create(&thread, NULL, wait_a_little, &asked), 0);
			usleep(50000);
			EXPECT_EQ(futex(words[w], wakes[!i], 1, NULL, NULL, 0), 0);
			while (!futex(words[w], wakes[i], 1, NULL, NULL, 0))
				usleep(1000);
			ASSERT_EQ(pthread_join(thread, &err), 0);
			EXPECT_EQ((long)err, 0);
		}
	}
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Robust futexes, and the word that a dying thread clears.
 */
#include "../ktest.h"
#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/syscall.h>

struct lock {
	struct robust_list list;
	uint32_t word;
};

struct region {
	struct robust_list_head head;
	struct lock lock[4];
};

static struct region *shared_region(void)
{
	struct region *r = mmap(NULL, sizeof(*r), PROT_READ | PROT_WRITE,
				MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	ASSERT(r != MAP_FAILED);
	r->head.list.next = &r->head.list;
	r->head.futex_offset = offsetof(struct lock, word);
	return r;
}

static void hold(struct region *r, int i, uint32_t bits)
{
	r->lock[i].word = syscall(SYS_gettid) | bits;
	r->lock[i].list.next = r->head.list.next;
	r->head.list.next = &r->lock[i].list;
}

TEST(arguments_are_checked)
{
	struct robust_list_head head = { { &head.list }, 0, NULL }, *got;
	size_t len;

	EXPECT_ERRNO(syscall(SYS_set_robust_list, &head, sizeof(head) + 1), EINVAL);
	EXPECT_ERRNO(syscall(SYS_get_robust_list, 0x7ffffff0, &got, &len), ESRCH);
	EXPECT_ERRNO(syscall(SYS_get_robust_list, 0, (void *)8, &len), EFAULT);
	EXPECT_EQ(syscall(SYS_set_robust_list, &head, sizeof(head)), 0);
	EXPECT_EQ(syscall(SYS_get_robust_list, 0, &got, &len), 0);
	EXPECT(got == &head);
	EXPECT_EQ(len, sizeof(head));
	if (geteuid() == 0) {
		ASSERT_EQ(setuid(1), 0);
		EXPECT_ERRNO(syscall(SYS_get_robust_list, 1, &got, &len), EPERM);
	}
}

static void expect_owner_died(int how)
{
	struct region *r = shared_region();
	pid_t child = fork();

	if (!child) {
		hold(r, 0, 0);
		hold(r, 1, FUTEX_WAITERS);
		r->lock[2].word = 1234567;
		r->lock[2].list.next = r->head.list.next;
		r->head.list.next = &r->lock[2].list;
		r->lock[3].word = syscall(SYS_gettid);
		r->head.list_op_pending = &r->lock[3].list;
		syscall(SYS_set_robust_list, &r->head, sizeof(r->head));
		if (how)
			kill(getpid(), how);
		_exit(0);
	}
	EXPECT_EQ(wait_exit(child), how ? 128 + how : 0);
	EXPECT_EQ(r->lock[0].word, FUTEX_OWNER_DIED);
	EXPECT_EQ(r->lock[1].word, FUTEX_OWNER_DIED | FUTEX_WAITERS);
	EXPECT_EQ(r->lock[2].word, 1234567);
	EXPECT_EQ(r->lock[3].word, FUTEX_OWNER_DIED);
}

TEST(exit_marks_the_locks)
{
	expect_owner_died(0);
}

TEST(kill_marks_the_locks)
{
	expect_owner_died(SIGKILL);
}

TEST(waiter_is_woken)
{
	struct region *r = shared_region();
	pid_t child = fork(), other;

	if (!child) {
		hold(r, 0, FUTEX_WAITERS);
		syscall(SYS_set_robust_list, &r->head, sizeof(r->head));
		usleep(80000);
		_exit(0);
	}
	while (!*(volatile uint32_t *)&r->lock[0].word)
		usleep(1000);
	other = fork();
	if (!other) {
		uint32_t seen = *(volatile uint32_t *)&r->lock[0].word;

		if (!(seen & FUTEX_OWNER_DIED))
			syscall(SYS_futex, &r->lock[0].word, FUTEX_WAIT, seen, NULL, NULL, 0);
		_exit(*(volatile uint32_t *)&r->lock[0].word & FUTEX_OWNER_DIED ? 0 : 1);
	}
	EXPECT_EQ(wait_exit(child), 0);
	EXPECT_EQ(wait_exit(other), 0);
}

TEST(not_inherited_by_fork)
{
	struct region *r = shared_region();
	pid_t child;

	hold(r, 0, 0);
	syscall(SYS_set_robust_list, &r->head, sizeof(r->head));
	child = syscall(SYS_fork);
	if (!child)
		_exit(0);
	EXPECT_EQ(wait_exit(child), 0);
	EXPECT_EQ(r->lock[0].word, syscall(SYS_gettid));
	syscall(SYS_set_robust_list, NULL, sizeof(r->head));
}

/* A list that bites its own tail must not keep the kernel for ever. */
TEST(circular_list_ends)
{
	struct region *r = shared_region();
	pid_t child = fork();

	if (!child) {
		hold(r, 0, 0);
		r->lock[0].list.next = &r->lock[0].list;
		syscall(SYS_set_robust_list, &r->head, sizeof(r->head));
		_exit(3);
	}
	EXPECT_EQ(wait_exit(child), 3);
}

TEST(bad_lists_are_survived)
{
	static void *const bad[] = { (void *)8, (void *)-1, (void *)0xffff888000000000 };

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		pid_t child = fork();

		if (!child) {
			syscall(SYS_set_robust_list, bad[i], sizeof(struct robust_list_head));
			_exit(4);
		}
		EXPECT_EQ(wait_exit(child), 4);
	}
}

TEST(pthread_robust_mutex)
{
	pthread_mutexattr_t attr;
	pthread_mutex_t *mutex = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
				      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pid_t child;

	ASSERT(mutex != MAP_FAILED);
	pthread_mutexattr_init(&attr);
	pthread_mutexattr_setpshared(&attr, PTHREAD_PROCESS_SHARED);
	pthread_mutexattr_setrobust(&attr, PTHREAD_MUTEX_ROBUST);
	ASSERT_EQ(pthread_mutex_init(mutex, &attr), 0);
	child = fork();
	if (!child) {
		pthread_mutex_lock(mutex);
		_exit(0);
	}
	EXPECT_EQ(wait_exit(child), 0);
	EXPECT_EQ(pthread_mutex_lock(mutex), EOWNERDEAD);
	EXPECT_EQ(pthread_mutex_consistent(mutex), 0);
	EXPECT_EQ(pthread_mutex_unlock(mutex), 0);
	EXPECT_EQ(pthread_mutex_lock(mutex), 0);
}

static char stack[65536] __attribute__((aligned(16)));
static volatile int tid_word;

static int quit(void *arg)
{
	if (arg)
		for (;;)
			pause();
	return 0;
}

TEST(clear_child_tid_wakes)
{
	pid_t child;

	tid_word = 1;
	child = clone(quit, stack + sizeof(stack), CLONE_VM | CLONE_CHILD_CLEARTID | SIGCHLD, NULL,
		      NULL, NULL, &tid_word);
	ASSERT(child > 0);
	while (tid_word)
		syscall(SYS_futex, &tid_word, FUTEX_WAIT, 1, NULL, NULL, 0);
	EXPECT_EQ(wait_exit(child), 0);
}

TEST(clear_child_tid_when_killed)
{
	pid_t child;

	tid_word = 1;
	child = clone(quit, stack + sizeof(stack), CLONE_VM | CLONE_CHILD_CLEARTID | SIGCHLD,
		      (void *)1, NULL, NULL, &tid_word);
	ASSERT(child > 0);
	kill(child, SIGKILL);
	while (tid_word)
		syscall(SYS_futex, &tid_word, FUTEX_WAIT, 1, NULL, NULL, 0);
	EXPECT_EQ(wait_exit(child), 128 + SIGKILL);
}

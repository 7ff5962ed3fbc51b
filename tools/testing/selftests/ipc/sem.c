// SPDX-License-Identifier: GPL-2.0-only
/*
 * System V semaphores: all at once or not at all, who waits, and what a dead process takes back.
 * ktest: timeout=120
 */
#include "../ktest.h"
#include <pthread.h>
#include <sched.h>
#include <sys/ipc.h>
#include <sys/sem.h>
#include <sys/syscall.h>

union semun {
	int val;
	struct semid_ds *buf;
	unsigned short *array;
};

static int make(int n)
{
	int id = semget(IPC_PRIVATE, n, 0600);

	ASSERT_GE(id, 0);
	return id;
}

static int op(int id, int num, int by, int flags)
{
	struct sembuf sop = { num, by, flags };

	return semop(id, &sop, 1);
}

static void drop(int id)
{
	EXPECT_EQ(semctl(id, 0, IPC_RMID), 0);
}

static void wait_for_waiters(int id, int num, int cmd, int n)
{
	while (semctl(id, num, cmd) != n)
		sched_yield();
}

static void reap_all(int n)
{
	while (n--)
		ASSERT_GT(wait(NULL), 0);
}

TEST(all_or_nothing)
{
	struct sembuf both[] = { { 0, 3, 0 }, { 1, -1, IPC_NOWAIT } };
	int id = make(2);

	EXPECT_ERRNO(semop(id, both, 2), EAGAIN);
	EXPECT_EQ(semctl(id, 0, GETVAL), 0);
	EXPECT_EQ(op(id, 1, 2, 0), 0);
	EXPECT_EQ(semop(id, both, 2), 0);
	EXPECT_EQ(semctl(id, 0, GETVAL), 3);
	EXPECT_EQ(semctl(id, 1, GETVAL), 1);
	EXPECT_EQ(semctl(id, 1, GETPID), getpid());
	drop(id);
}

TEST(errors)
{
	struct sembuf many[501] = {}, one = { 5, 1, 0 };
	struct timespec bad = { 0, 1000000000 };
	int id = make(1);

	EXPECT_ERRNO(semop(id, many, 501), E2BIG);
	EXPECT_ERRNO(semop(id, many, 0), EINVAL);
	EXPECT_ERRNO(semop(-1, &one, 1), EINVAL);
	EXPECT_ERRNO(semop(id, &one, 1), EFBIG);
	EXPECT_ERRNO(semop(id, NULL, 1), EFAULT);
	one.sem_num = 0;
	EXPECT_ERRNO(semtimedop(id, &one, 1, &bad), EINVAL);
	EXPECT_ERRNO(op(id, 0, 32767, 0) ?: op(id, 0, 1, 0), ERANGE);
	EXPECT_ERRNO(semctl(id, 0, SETVAL, 32768), ERANGE);
	EXPECT_ERRNO(semctl(id, 1, GETVAL), EINVAL);
	EXPECT_ERRNO(semctl(id, 0, 4711), EINVAL);
	EXPECT_ERRNO(semget(IPC_PRIVATE, 0, 0600), EINVAL);
	EXPECT_ERRNO(semget(0x7e571, 1, 0), ENOENT);
	drop(id);
	EXPECT_ERRNO(semctl(id, 0, GETVAL), EINVAL);
}

TEST(a_timeout_and_a_signal_end_it)
{
	struct timespec soon = { 0, 20000000 };
	struct sembuf down = { 0, -1, 0 };
	int id = make(1), status;
	pid_t pid;

	EXPECT_ERRNO(semtimedop(id, &down, 1, &soon), EAGAIN);
	pid = fork();
	if (!pid) {
		struct sigaction sa = { .sa_handler = SIG_IGN };

		sigaction(SIGUSR1, &sa, NULL);
		sa.sa_handler = (void (*)(int))(void *)sched_yield;
		sa.sa_flags = SA_RESTART;
		sigaction(SIGUSR2, &sa, NULL);
		_exit(semop(id, &down, 1) < 0 ? errno : 0);
	}
	wait_for_waiters(id, 0, GETNCNT, 1);
	kill(pid, SIGUSR1);		/* ignored: it does not even wake */
	kill(pid, SIGUSR2);		/* SA_RESTART notwithstanding */
	ASSERT_EQ(waitpid(pid, &status, 0), pid);
	EXPECT_EQ(WEXITSTATUS(status), EINTR);
	EXPECT_EQ(semctl(id, 0, GETNCNT), 0);
	drop(id);
}

TEST(removal_wakes_all)
{
	int id = make(2), i, status;

	for (i = 0; i < 6; i++)
		if (!fork())
			_exit(op(id, i % 2, -1, SEM_UNDO) < 0 ? errno : 0);
	wait_for_waiters(id, 0, GETNCNT, 3);
	wait_for_waiters(id, 1, GETNCNT, 3);
	drop(id);
	for (i = 0; i < 6; i++) {
		ASSERT_GT(wait(&status), 0);
		EXPECT_EQ(WEXITSTATUS(status), EIDRM);
	}
}

TEST(waiting_for_zero_goes_first)
{
	int id = make(1), status;

	ASSERT_EQ(op(id, 0, 2, 0), 0);
	if (!fork())
		_exit(op(id, 0, 0, 0));
	wait_for_waiters(id, 0, GETZCNT, 1);
	if (!fork())
		_exit(op(id, 0, -3, 0));
	wait_for_waiters(id, 0, GETNCNT, 1);
	ASSERT_EQ(op(id, 0, -2, 0), 0);
	ASSERT_EQ(op(id, 0, 3, 0), 0);
	ASSERT_GT(wait(&status), 0);
	EXPECT_EQ(status, 0);
	ASSERT_GT(wait(&status), 0);
	EXPECT_EQ(status, 0);
	EXPECT_EQ(semctl(id, 0, GETVAL), 0);
	drop(id);
}

TEST(exit_takes_back)
{
	int id = make(2), status;
	pid_t pid = fork();

	if (!pid) {
		op(id, 0, 5, SEM_UNDO);
		op(id, 1, 7, 0);
		op(id, 0, -2, SEM_UNDO);
		_exit(0);
	}
	ASSERT_EQ(waitpid(pid, &status, 0), pid);
	EXPECT_EQ(semctl(id, 0, GETVAL), 0);
	EXPECT_EQ(semctl(id, 1, GETVAL), 7);
	EXPECT_EQ(semctl(id, 0, GETPID), pid);
	drop(id);
}

TEST(setval_forgets_what_was_to_be_taken_back)
{
	int id = make(1);

	if (!fork()) {
		op(id, 0, 5, SEM_UNDO);
		semctl(id, 0, SETVAL, 9);
		_exit(0);
	}
	reap_all(1);
	EXPECT_EQ(semctl(id, 0, GETVAL), 9);
	drop(id);
}

TEST(it_never_goes_below_zero)
{
	int id = make(1);

	if (!fork()) {
		op(id, 0, 5, SEM_UNDO);
		op(id, 0, -4, 0);
		_exit(0);
	}
	reap_all(1);
	EXPECT_EQ(semctl(id, 0, GETVAL), 0);
	drop(id);
}

TEST(fork_starts_without_and_the_parent_keeps_its_own)
{
	int id = make(1);

	if (!fork()) {
		op(id, 0, 4, SEM_UNDO);
		if (!fork())
			_exit(0);
		wait(NULL);
		/* The grandchild's death took nothing of ours back. */
		_exit(semctl(id, 0, GETVAL) != 4);
	}
	int status;

	ASSERT_GT(wait(&status), 0);
	EXPECT_EQ(status, 0);
	EXPECT_EQ(semctl(id, 0, GETVAL), 0);
	drop(id);
}

TEST(exec_keeps_it)
{
	char value[16], *args[] = { "sem", "child", value, NULL };
	int id = make(1);
	pid_t pid;

	snprintf(value, sizeof(value), "%d", id);
	pid = fork();
	if (!pid) {
		op(id, 0, 3, SEM_UNDO);
		setenv("SEM_CHILD", value, 1);
		execv("/proc/self/exe", args);
		_exit(1);
	}
	wait_for_waiters(id, 0, GETNCNT, 1);	/* the new program waits for 4 */
	EXPECT_EQ(semctl(id, 0, GETVAL), 3);
	kill(pid, SIGKILL);
	reap_all(1);
	EXPECT_EQ(semctl(id, 0, GETVAL), 0);
	drop(id);
}

__attribute__((constructor)) static void exec_child(void)
{
	char *id = getenv("SEM_CHILD");

	if (id) {
		op(atoi(id), 0, -4, 0);
		_exit(1);
	}
}

static int shared_id;

static int sharer(void *unused)
{
	op(shared_id, 0, 2, SEM_UNDO);
	return 0;
}

TEST(sharers_take_back_with_the_last)
{
	static char stack[65536] __attribute__((aligned(16)));
	int status;
	pid_t pid;

	shared_id = make(1);
	pid = fork();
	if (!pid) {
		pid = clone(sharer, stack + sizeof(stack), CLONE_SYSVSEM | SIGCHLD, NULL);
		waitpid(pid, NULL, 0);
		/* It is dead, and what it did stands, since we share its list. */
		_exit(semctl(shared_id, 0, GETVAL) != 2);
	}
	ASSERT_EQ(waitpid(pid, &status, 0), pid);
	EXPECT_EQ(status, 0);
	EXPECT_EQ(semctl(shared_id, 0, GETVAL), 0);
	drop(shared_id);
}

static void *thread(void *unused)
{
	op(shared_id, 0, 2, SEM_UNDO);
	return NULL;
}

TEST(a_thread_s_death_takes_nothing_back)
{
	pthread_t t;

	shared_id = make(1);
	if (!fork()) {
		pthread_create(&t, NULL, thread, NULL);
		pthread_join(t, NULL);
		_exit(semctl(shared_id, 0, GETVAL) != 2);
	}
	int status;

	ASSERT_GT(wait(&status), 0);
	EXPECT_EQ(status, 0);
	EXPECT_EQ(semctl(shared_id, 0, GETVAL), 0);
	drop(shared_id);
}

TEST(unshare_takes_back)
{
	int id = make(1);

	if (!fork()) {
		op(id, 0, 2, SEM_UNDO);
		if (unshare(CLONE_SYSVSEM))
			_exit(2);
		_exit(semctl(id, 0, GETVAL) != 0);
	}
	int status;

	ASSERT_GT(wait(&status), 0);
	EXPECT_EQ(status, 0);
	drop(id);
}

TEST(a_new_ipc_namespace_refuses_a_shared_list)
{
	if (geteuid())
		SKIP("needs root");
	EXPECT_ERRNO(syscall(SYS_clone, CLONE_NEWIPC | CLONE_SYSVSEM | SIGCHLD, 0, 0, 0, 0),
		     EINVAL);
}

#define HAMMERS	24
#define SEMS	3

/* Take one or two and give them back. Nobody keeps what others could have taken. */
static void hammer(int id, unsigned int seed)
{
	for (;;) {
		unsigned short a = rand_r(&seed) % SEMS, b = rand_r(&seed) % SEMS;
		struct sembuf take[] = { { a, -1, SEM_UNDO }, { b, -1, SEM_UNDO } };
		struct sembuf give[] = { { a, 1, SEM_UNDO }, { b, 1, SEM_UNDO } };
		int n = 1 + (rand_r(&seed) & 1);

		semop(id, take, n);
		semop(id, give, n);
	}
}

TEST_TIMEOUT(killed_while_hammering, 100)
{
	union semun all;
	unsigned short values[SEMS] = { 5, 5, 5 };
	pid_t pid[HAMMERS];
	int id = make(SEMS), round, i, total;

	all.array = values;
	for (round = 0; round < 4; round++) {
		ASSERT_EQ(semctl(id, 0, SETALL, all), 0);
		for (i = 0; i < HAMMERS; i++) {
			pid[i] = fork();
			if (!pid[i])
				hammer(id, i + round * 100);
		}
		usleep(100000);
		for (i = 0; i < HAMMERS; i++)
			kill(pid[i], SIGKILL);
		reap_all(HAMMERS);
		ASSERT_EQ(semctl(id, 0, GETALL, all), 0);
		for (total = 0, i = 0; i < SEMS; i++)
			total += values[i];
		EXPECT_EQ(total, 5 * SEMS);
		for (i = 0; i < SEMS; i++) {
			EXPECT_EQ(values[i], 5);
			EXPECT_EQ(semctl(id, i, GETNCNT), 0);
		}
	}
	drop(id);
}

TEST_TIMEOUT(removed_while_hammering, 60)
{
	int round, i, id;

	for (round = 0; round < 10; round++) {
		id = make(2);
		for (i = 0; i < 8; i++) {
			if (fork())
				continue;
			while (op(id, i % 2, 1, SEM_UNDO) == 0 && op(id, i % 2, -1, SEM_UNDO) == 0)
				;
			_exit(errno != EIDRM && errno != EINVAL);
		}
		while (!semctl(id, 0, GETPID) || !semctl(id, 1, GETPID))
			sched_yield();
		drop(id);
		for (i = 0; i < 8; i++) {
			int status;

			ASSERT_GT(wait(&status), 0);
			EXPECT_EQ(status, 0);
		}
	}
}

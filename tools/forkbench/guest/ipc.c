// SPDX-License-Identifier: GPL-2.0-only
/* Cases: round trips between two tasks, and a signal to oneself. */
#define _GNU_SOURCE
#include <linux/futex.h>
#include <pthread.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include "measure.h"

static int ping[2], pong[2];

static void pipe_once(void)
{
	char byte = 0;

	if (write(ping[1], &byte, 1) != 1 || read(pong[0], &byte, 1) != 1)
		die("pipe");
}

static void pipe_trip(void)
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
	each("pipe_trip", pipe_once);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	for (int i = 0; i < 2; i++) {
		close(ping[i]);
		close(pong[i]);
	}
}

static int there, back, ended;

static void wake(int *word)
{
	__atomic_store_n(word, 1, __ATOMIC_SEQ_CST);
	syscall(SYS_futex, word, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, 1, NULL, NULL, 0);
}

static void await(int *word)
{
	while (!__atomic_exchange_n(word, 0, __ATOMIC_SEQ_CST))
		syscall(SYS_futex, word, FUTEX_WAIT | FUTEX_PRIVATE_FLAG, 0, NULL, NULL, 0);
}

static void *answers(void *arg)
{
	for (;;) {
		await(&there);
		if (__atomic_load_n(&ended, __ATOMIC_SEQ_CST))
			return arg;
		wake(&back);
	}
}

static void futex_once(void)
{
	wake(&there);
	await(&back);
}

static void futex_trip(void)
{
	pthread_t id;

	if (pthread_create(&id, NULL, answers, NULL))
		die("pthread_create");
	each("futex_trip", futex_once);
	__atomic_store_n(&ended, 1, __ATOMIC_SEQ_CST);
	wake(&there);
	pthread_join(id, NULL);
	ended = 0;
}

static void on_signal(int sig)
{
	(void)sig;
}

static pid_t self;

static void signal_once(void)
{
	syscall(SYS_tkill, self, SIGUSR1);
}

static void signal_self(void)
{
	self = getpid();
	signal(SIGUSR1, on_signal);
	each("signal_self", signal_once);
}

const struct bench_case ipc_cases[] = {
	{ "pipe_trip", pipe_trip },
	{ "futex_trip", futex_trip },
	{ "signal_self", signal_self },
	{ NULL, NULL }
};

// SPDX-License-Identifier: GPL-2.0-only
/*
 * soak SECONDS: storms of process creation, round after round, until the time is
 * up: 10,000 forks in a row, 1,000 children alive at once, 64 threads forking at
 * once, a shell loop of 2,000 external commands. KTAP, one result per round.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define FORKS		10000
#define CHILDREN	1000
#define THREADS		64
#define THREAD_FORKS	50

static int wrong(const char *what)
{
	printf("# %s: errno %d (%s)\n", what, errno, strerror(errno));
	return 1;
}

static int fork_and_wait(void)
{
	int status;
	pid_t pid = fork();

	if (pid < 0)
		return wrong("fork");
	if (!pid)
		_exit(42);
	if (waitpid(pid, &status, 0) != pid)
		return wrong("waitpid");
	return !WIFEXITED(status) || WEXITSTATUS(status) != 42;
}

static int forks_in_a_row(void)
{
	int bad = 0;

	for (int i = 0; i < FORKS && !bad; i++)
		bad = fork_and_wait();
	return bad;
}

static int children_at_once(void)
{
	static pid_t pids[CHILDREN];
	int started = 0, bad = 0, status;

	for (; started < CHILDREN; started++) {
		pids[started] = fork();
		if (!pids[started])
			for (;;)
				pause();
		if (pids[started] < 0) {
			bad = wrong("fork");
			break;
		}
	}
	for (int i = 0; i < started; i++)
		kill(pids[i], SIGTERM);
	for (int i = 0; i < started; i++)
		if (waitpid(pids[i], &status, 0) != pids[i] || !WIFSIGNALED(status))
			bad = wrong("waitpid");
	return bad;
}

static void *forking_thread(void *arg)
{
	long bad = 0;

	for (int i = 0; i < THREAD_FORKS; i++)
		bad += fork_and_wait();
	return (void *)bad;
}

static int threads_forking(void)
{
	pthread_t threads[THREADS];
	int started = 0, bad = 0;
	void *result;

	for (; started < THREADS; started++)
		if (pthread_create(&threads[started], NULL, forking_thread, NULL)) {
			bad = wrong("pthread_create");
			break;
		}
	for (int i = 0; i < started; i++) {
		pthread_join(threads[i], &result);
		bad += result != NULL;
	}
	return bad;
}

static int shell_loop(void)
{
	return system("i=0; while [ $i -lt 2000 ]; do "
		      "/bin/busybox true || exit 1; i=$((i + 1)); done; [ $i = 2000 ]");
}

static const struct {
	const char *name;
	int (*run)(void);
} storms[] = {
	{ "10,000 forks in a row", forks_in_a_row },
	{ "1,000 children at once", children_at_once },
	{ "64 threads forking at once", threads_forking },
	{ "2,000 commands of a shell", shell_loop },
};

int main(int argc, char **argv)
{
	time_t end = time(NULL) + (argc > 1 ? atoi(argv[1]) : 600);
	int number = 0, failed = 0;

	setvbuf(stdout, NULL, _IOLBF, 0);
	puts("KTAP version 1");
	for (int round = 1; time(NULL) < end; round++) {
		for (size_t i = 0; i < sizeof(storms) / sizeof(storms[0]); i++) {
			int bad = storms[i].run();

			failed += bad != 0;
			printf("%sok %d round %d: %s\n", bad ? "not " : "", ++number, round,
			       storms[i].name);
		}
	}
	printf("1..%d\n", number);
	return failed != 0;
}

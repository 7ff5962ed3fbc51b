// SPDX-License-Identifier: GPL-2.0-only
/*
 * failnth [short] [all] [from=K] [not=name] [name]: make each step of a call fail in turn (/proc/<pid>/fail-nth)
 * until the call succeeds untouched, once with that step alone and once with those behind it. A
 * process made for it does this, and by its end all that it had must be gone: what the kernel
 * holds is compared before and after. The cases are in cases*.c. Prints KTAP and totals.
 */
#include "failnth.h"
#include <sched.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <time.h>

#define MAX_STEPS	3000
#define STEPS_BEHIND	300	/* enough for any call, and an access tried again still ends */
#define PATIENCE	240	/* seconds for a sweep */

int failnth_left, failnth_short, failnth_all, failnth_more, fail_fd = -1;
struct shared *shared;

static int failed_cases, number;
static unsigned long total_forced, total_survived, total_combinations;

/* ---- arming ---- */

static int where_fd = -1;

void open_fail_nth(void)
{
	close(fail_fd);
	close(where_fd);
	fail_fd = open("/proc/thread-self/fail-nth", O_RDWR | O_CLOEXEC);
	where_fd = open("/proc/thread-self/fail-nth-where", O_RDONLY | O_CLOEXEC);
}

void arm(int n)
{
	char text[24];
	int length = failnth_more ? snprintf(text, sizeof(text), "%d %d", n, failnth_more) :
				    snprintf(text, sizeof(text), "%d", n);

	if (pwrite(fail_fd, text, length, 0) != length)
		_exit(120);
}

/* Steps that were left; 0: one failed. Disarms. */
int disarm(void)
{
	char text[16] = "";

	if (pread(fail_fd, text, sizeof(text) - 1, 0) <= 0)
		_exit(121);
	if (pwrite(fail_fd, "0", 1, 0) != 1)
		_exit(122);
	return atoi(text);
}

/* Which step failed, of @pid that may be a zombie; 0: of this thread. */
void note_where(pid_t pid)
{
	char path[64];
	int fd = where_fd;
	ssize_t got;

	if (pid) {
		snprintf(path, sizeof(path), "/proc/%d/fail-nth-where", pid);
		fd = open(path, O_RDONLY | O_CLOEXEC);
	}
	got = pread(fd, shared->where, sizeof(shared->where) - 1, 0);
	shared->where[got > 0 ? got : 0] = 0;
	if (pid)
		close(fd);
}

/* ---- is this errno what Linux says to that failure? ---- */

static const struct {
	const char *step;
	int error;
} step_errors[] = {
	{ "copy", EFAULT }, { "slab", ENOMEM }, { "page", ENOMEM }, { "stack", ENOMEM },
	{ "vmalloc", ENOMEM }, { "table", ENOMEM }, { "row", ENOMEM },
	{ "charge nproc", EAGAIN }, { "charge pid", EAGAIN }, { "charge sigqueue", EAGAIN },
	{ "charge cgroup", EAGAIN }, { "charge memory", ENOMEM }, { "charge memlock", EAGAIN },
	{ "charge memlock", ENOMEM }, { "charge descriptor", EMFILE }, { "charge key", EDQUOT },
	{ "charge mqueue", EMFILE }, { "charge ucount", ENOSPC },
	{ "charge inotify instance", EMFILE }, { "charge inotify watch", ENOSPC },
};

static int errno_allowed(const struct failcase *c, int error)
{
	for (size_t i = 0; i < sizeof(step_errors) / sizeof(step_errors[0]); i++)
		if (error == step_errors[i].error &&
		    (failnth_more || !strncmp(shared->where, step_errors[i].step,
					      strlen(step_errors[i].step))))
			return 1;
	/* Nobody can tell why there is no account to charge a namespace to. */
	if (error == ENOSPC && strstr(shared->where, "ucount"))
		return 1;
	for (int i = 0; i < 6 && c->allowed[i]; i++)
		if (error == c->allowed[i])
			return 1;
	return 0;
}

/* ---- sweeping ---- */

/* The case in a child of its own, which tells by the shared page. */
static int run_in_child(const struct failcase *c, int n)
{
	siginfo_t info;
	int status;
	pid_t pid;

	shared->left = -1;
	pid = fork();
	if (pid < 0)
		return -1;
	if (!pid) {
		open_fail_nth();
		shared->error = c->run(c, n);
		if (!failnth_left)
			note_where(0);
		shared->left = failnth_left;
		_exit(0);
	}
	waitid(P_PID, pid, &info, WEXITED | WNOWAIT);
	if (info.si_code != CLD_EXITED)
		note_where(pid);
	if (waitpid(pid, &status, 0) != pid)
		return -1;
	failnth_left = shared->left;
	if (!status)
		return shared->error;
	/* What a page may not be charged to cannot be told otherwise. */
	if (c->kind & CASE_SIGNAL && (failnth_more || !strncmp(shared->where, "charge", 6)) &&
	    (WTERMSIG(status) == SIGSEGV || WTERMSIG(status) == SIGBUS)) {
		failnth_left = 0;
		return ENOMEM;
	}
	printf("#   the child ended with status %#x\n", status);
	return -1;
}

/* Run with the n-th step failing. 1: it did fail; 0: untouched and well; -1: wrong. */
static int one(const struct failcase *c, int n)
{
	int error, left;

	failnth_left = -1;
	shared->n = n;
	shared->where[0] = 0;
	error = c->kind & CASE_CHILD ? run_in_child(c, n) : c->run(c, n);
	left = failnth_left;
	if (!left && !shared->where[0])
		note_where(0);
	if (error < 0 || left < 0) {
		printf("#   step %d: the case went wrong (%d, left %d) %s", n, error, left,
		       shared->where[0] ? shared->where : "\n");
		return -1;
	}
	if (left > 0 && !error)
		return 0;
	if (left > 0) {
		printf("#   untouched it fails with errno %d\n", error);
		return -1;
	}
	shared->forced++;
	shared->survived += !error;
	if (error && !errno_allowed(c, error)) {
		printf("#   step %d: errno %d is not Linux's: %s", n, error, shared->where);
		return -1;
	}
	return 1;
}

/* Cold caches reach the paths behind them; to empty them takes long. */
static void settle_between(const struct failcase *c, int n)
{
	if (n == 1 || (!failnth_short && !(c->kind & CASE_FAST) && n % 16 == 1))
		settle();
}

/* All steps; how many there were, or -1. */
int sweep(const struct failcase *c)
{
	int n, got = 1, bad = 0;

	for (n = 1; n < MAX_STEPS && got && bad < 20; n++) {
		if (n % 64 == 0)
			alarm(PATIENCE);
		settle_between(c, n);
		got = one(c, n);
		if (!(c->kind & CASE_FAST) || n % 16 == 1)
			got = self_is_harmed(0) ? -1 : got;
		bad += got < 0;
	}
	if (self_is_harmed(1) || bad) {
		printf("#   last step %d\n", n - 1);
		return -1;
	}
	return n - 2;
}

/* ---- the process that does it, and the one that counts ---- */

static void enter_spaces(void)
{
	if (unshare(CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWNS | CLONE_FS |
		    (access("/proc/self/ns/net", F_OK) ? 0 : CLONE_NEWNET) |
		    (access("/proc/self/ns/cgroup", F_OK) ? 0 : CLONE_NEWCGROUP)))
		_exit(5);
}

/* steps: sweep; 0: only step @n, if that is not 0. */
static void sweeping_process(const struct failcase *c, int n)
{
	signal(SIGCHLD, SIG_DFL);
	/* A user that nobody else is: its account must go with it, all charges given back. */
	if (setresuid(4242, 0, 0))
		_exit(6);
	if (c->kind & CASE_SPACES)
		enter_spaces();
	open_fail_nth();
	remember_self();
	alarm(PATIENCE);
	if (n)
		shared->bad |= one(c, n) < 0;
	else
		shared->steps = sweep(c);
	_exit(0);
}

/* Siblings that CLONE_PARENT made come to this process, too. Return: -1 when it went wrong. */
static int in_process(const struct failcase *c, int n)
{
	int status = -1;
	pid_t pid, got;

	fflush(stdout);
	shared->steps = -1;
	shared->bad = 0;
	pid = fork();
	if (!pid)
		sweeping_process(c, n);
	do
		got = waitpid(-1, &status, __WALL);
	while (pid > 0 && got != pid && (got > 0 || errno == EINTR));
	while (waitpid(-1, NULL, __WALL) > 0)
		;
	if (got == pid && !status)
		return shared->bad ? -1 : 0;
	printf("#   step %d: the sweeping process ended with status %#x%s %s%s", shared->n, status,
	       status == SIGALRM ? ", it hung" : "", shared->where, shared->where[0] ? "" : "\n");
	return -1;
}

/* The step that leaks, each looked at alone. */
static void find_leak(const struct failcase *c, int steps)
{
	static struct counts before, now;

	for (int n = 1; n <= steps; n++) {
		in_process(c, n);
		take_counts(&before);
		in_process(c, n);
		take_counts(&now);
		if (compare(&before, &now))
			printf("#   leak at step %d:\n%s# %s\n", n, report, shared->where);
	}
}

/* The first sweeps fill caches that stay; what grows in each of three is lost. */
static int sweep_and_count(const struct failcase *c, int more, int *steps)
{
	static struct counts before, now;

	failnth_more = more;
	for (int round = 0; round < 3; round++) {
		/* What was there behind the last one is there before this one. */
		before = now;
		if (!before.caches)
			take_counts(&before);
		now.caches = 0;
		if (in_process(c, 0) || shared->steps < 0)
			return -1;
		*steps = shared->steps;
		take_counts(&now);
		if (!compare(&before, &now))
			return 0;
	}
	printf("%s", report);
	find_leak(c, *steps < 400 ? *steps : 400);
	now.caches = 0;
	return -1;
}

static long milliseconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void run_case(const struct failcase *c)
{
	long began = milliseconds();
	int steps = 0, behind = 0, bad;

	shared->forced = shared->survived = shared->combinations = 0;
	bad = sweep_and_count(c, 0, &steps);
	if (!(c->kind & CASE_ONCE) && !failnth_short)
		bad |= sweep_and_count(c, STEPS_BEHIND, &behind);
	bad |= log_has_warnings();
	failed_cases += !!bad;
	total_forced += shared->forced;
	total_survived += shared->survived;
	total_combinations += shared->combinations;
	printf("%sok %d %s # %d steps, %lu failures, %ld ms", bad ? "not " : "", number, c->name,
	       steps, shared->forced, milliseconds() - began);
	if (shared->combinations)
		printf(", %lu sets of flags", shared->combinations);
	printf("\n");
	fflush(stdout);
}

static void child_ended(int signal)
{
}

/*
 * Whose parent is gone comes to this process, which waits for it before it counts. It is told of
 * each, as init is: that message is a step which may fail.
 */
static void adopt_orphans(void)
{
	struct sigaction told = { .sa_handler = child_ended, .sa_flags = SA_RESTART };

	if (prctl(PR_SET_CHILD_SUBREAPER, 1) || sigaction(SIGCHLD, &told, NULL)) {
		printf("Bail out! cannot adopt orphans: errno %d\n", errno);
		exit(2);
	}
}

#ifndef FAILNTH_SHORT
# define FAILNTH_SHORT 0
#endif

int main(int argc, char **argv)
{
	const char *only = NULL, *but = NULL;
	int from = 1, ran = 0;

	failnth_short = FAILNTH_SHORT;
	for (int i = 1; i < argc; i++) {
		if (!strcmp(argv[i], "short"))
			failnth_short = 1;
		else if (!strcmp(argv[i], "all"))
			failnth_all = 1;
		else if (!strncmp(argv[i], "not=", 4))
			but = argv[i] + 4;
		else if (sscanf(argv[i], "from=%d", &from) != 1)
			only = argv[i];
	}
	if (access("/proc/self/fail-nth", W_OK)) {
		printf("KTAP version 1\n1..1\nok 1 failnth # SKIP no CONFIG_FAULT_INJECTION\n");
		return 0;
	}
	setvbuf(stdout, NULL, _IOLBF, 0);
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
		      -1, 0);
	adopt_orphans();
	open_sources();
	printf("KTAP version 1\n");
	make_cases();
	for (int i = 0; i < nr_cases; i++) {
		if ((only && !strstr(cases[i].name, only)) ||
		    (but && strstr(cases[i].name, but)) ||
		    (failnth_short && cases[i].kind & CASE_LONG))
			continue;
		if (++number < from)
			continue;
		run_case(&cases[i]);
		ran++;
	}
	printf("1..%d\n# %d cases, %lu failures forced, %lu of them survived, %lu sets of flags, "
	       "%d cases wrong\n", number, ran, total_forced, total_survived, total_combinations,
	       failed_cases);
	return failed_cases != 0;
}

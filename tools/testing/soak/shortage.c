// SPDX-License-Identifier: GPL-2.0-only
/*
 * shortage [ROUNDS]: a machine of little memory and small limits on which processes are made until
 * it says no. Fork bombs stay inside RLIMIT_NPROC, a pids cgroup and threads-max; forks that can be
 * known to be too much fail with ENOMEM and kill nobody; the OOM killer takes the largest and says
 * so; and afterwards everything is as before. As root, as init's child; KTAP. Linux passes too.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PAGE		4096UL
#define BOMB_LIMIT	60
#define BOMB_UID	5151

/* What processes of a test tell the one that runs it. */
static struct {
	int forks, refused, other_errno, most, alive, stop;
} *common;

static int log_fd;

static int wrong(const char *what)
{
	printf("# %s: errno %d (%s)\n", what, errno, strerror(errno));
	return 1;
}

static void nap(long milliseconds)
{
	struct timespec time = { milliseconds / 1000, milliseconds % 1000 * 1000000 };

	nanosleep(&time, NULL);
}

static long read_number(const char *path, const char *name)
{
	FILE *file = fopen(path, "re");
	char word[64];
	long value, found = -1;

	if (!file)
		return -1;
	if (!name)
		fscanf(file, "%ld", &found);
	while (name && fscanf(file, "%63s %ld%*[^\n]", word, &value) >= 1)
		if (!strcmp(word, name))
			found = value;
	fclose(file);
	return found;
}

static int put(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC), bad;

	if (fd < 0)
		return wrong(path);
	bad = write(fd, text, strlen(text)) != (ssize_t)strlen(text);
	close(fd);
	return bad ? wrong(path) : 0;
}

static int put_number(const char *path, long number)
{
	char text[32];

	snprintf(text, sizeof(text), "%ld", number);
	return put(path, text);
}

static long tasks_alive(void)
{
	FILE *file = fopen("/proc/loadavg", "re");
	long tasks = -1;

	if (!file || fscanf(file, "%*s %*s %*s %*d/%ld", &tasks) != 1)
		tasks = -1;
	if (file)
		fclose(file);
	return tasks;
}

/* Orphans come to us. Return: how many ended by @signal. */
static int reap_all(int signal)
{
	int status, count = 0;

	while (wait(&status) > 0)
		count += WIFSIGNALED(status) && WTERMSIG(status) == signal;
	return count;
}

/* What runs the test is not what shall be killed, but its children may be. */
static pid_t start(void)
{
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (!pid)
		put("/proc/self/oom_score_adj", "0");
	return pid;
}

/* ---- fork bombs ---- */

static void count_one(int *word, int by)
{
	int now = __atomic_add_fetch(word, by, __ATOMIC_SEQ_CST), most;

	if (word != &common->alive)
		return;
	do
		most = __atomic_load_n(&common->most, __ATOMIC_SEQ_CST);
	while (now > most && !__atomic_compare_exchange_n(&common->most, &most, now, 0,
							  __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST));
}

/* Everybody forks, and goes on forking when it is refused, until told to stop. */
static void bomb(void)
{
	for (;;) {
		pid_t pid = fork();

		if (!pid) {
			count_one(&common->alive, 1);
			continue;
		}
		if (pid > 0) {
			count_one(&common->forks, 1);
			continue;
		}
		count_one(&common->refused, 1);
		if (errno != EAGAIN)
			__atomic_store_n(&common->other_errno, errno, __ATOMIC_SEQ_CST);
		sched_yield();
	}
}

/* In a group of its own, so that one signal ends it however it grows meanwhile. */
static pid_t light(void (*prepare)(void))
{
	pid_t pid;

	memset(common, 0, sizeof(*common));
	pid = start();
	if (!pid) {
		setpgid(0, 0);
		prctl(PR_SET_CHILD_SUBREAPER, 0);
		count_one(&common->alive, 1);
		prepare();
		bomb();
	}
	setpgid(pid, pid);
	return pid;
}

static int watch_and_end(pid_t group, int limit)
{
	int bad = 0;

	for (int i = 0; i < 600 && common->refused < 200; i++)
		nap(50);
	kill(-group, SIGKILL);
	reap_all(SIGKILL);
	if (common->refused < 200 || common->other_errno || common->most > limit || common->most < 10) {
		printf("# %d forks, %d refused, %d at once (limit %d), other errno %d\n",
		       common->forks, common->refused, common->most, limit, common->other_errno);
		bad = 1;
	}
	return bad;
}

static void as_user(void)
{
	struct rlimit limit = { BOMB_LIMIT, BOMB_LIMIT };

	if (setrlimit(RLIMIT_NPROC, &limit) || setresgid(BOMB_UID, BOMB_UID, BOMB_UID) ||
	    setresuid(BOMB_UID, BOMB_UID, BOMB_UID))
		_exit(1);
}

static int bomb_in_nproc(void)
{
	return watch_and_end(light(as_user), BOMB_LIMIT);
}

static void nothing(void)
{
}

static int bomb_in_threads_max(void)
{
	long before = read_number("/proc/sys/kernel/threads-max", NULL), now = tasks_alive();
	int bad;

	if (put_number("/proc/sys/kernel/threads-max", now + BOMB_LIMIT))
		return 1;
	bad = watch_and_end(light(nothing), BOMB_LIMIT);
	return bad | put_number("/proc/sys/kernel/threads-max", before);
}

#define GROUPS	"/tmp/shortage-groups"

static void into_group(void)
{
	if (put(GROUPS "/bomb/cgroup.procs", "0"))
		_exit(1);
}

static int bomb_in_cgroup(void)
{
	int bad;

	mkdir(GROUPS, 0700);
	if (mount("none", GROUPS, "cgroup2", 0, NULL))
		return wrong("mount cgroup2");
	bad = put(GROUPS "/cgroup.subtree_control", "+pids");
	bad |= mkdir(GROUPS "/bomb", 0700) ? wrong("mkdir") : 0;
	bad |= put_number(GROUPS "/bomb/pids.max", BOMB_LIMIT);
	if (!bad)
		bad = watch_and_end(light(into_group), BOMB_LIMIT);
	if (!bad && read_number(GROUPS "/bomb/pids.current", NULL) != 0)
		bad = wrong("pids.current is not 0 again");
	if (rmdir(GROUPS "/bomb") || umount(GROUPS) || rmdir(GROUPS))
		bad |= wrong("take the group away");
	return bad;
}

/* ---- memory that is not there ---- */

static char *touch(size_t bytes)
{
	char *p = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		return NULL;
	for (size_t i = 0; i < bytes; i += PAGE)
		p[i] = (char)(i / PAGE);
	return p;
}

/* overcommit_memory=2: what fork would promise twice is refused, and nobody dies. */
static int forks_beyond_the_promise(void)
{
	long limit, used;
	int status, bad = 0;
	pid_t pid;

	if (put("/proc/sys/vm/overcommit_memory", "2"))
		return 1;
	limit = read_number("/proc/meminfo", "CommitLimit:");
	used = read_number("/proc/meminfo", "Committed_AS:");
	pid = start();
	if (!pid) {
		/* More than half of what is left: once, but not twice. Page by page it is not needed. */
		size_t bytes = (size_t)(limit - used) * 1024 / 10 * 6;
		char *p = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
			       -1, 0);

		if (p == MAP_FAILED)
			_exit(2);
		for (int i = 0; i < 100; i++) {
			errno = 0;
			if (fork() != -1 || errno != ENOMEM)
				_exit(3);
		}
		munmap(p, bytes);
		pid = fork();
		_exit(pid < 0 ? 4 : 0);
	}
	if (waitpid(pid, &status, 0) != pid || status) {
		printf("# status %#x, limit %ld KiB, %ld in use\n", status, limit, used);
		bad = 1;
	}
	reap_all(0);
	return bad | put("/proc/sys/vm/overcommit_memory", "0");
}

static void *sleep_on(void *unused)
{
	for (;;)
		pause();
	return unused;
}

/* Threads, areas and descriptors until each is refused; the process itself lives. */
static int until_each_is_refused(void)
{
	struct rlimit room = { 1UL << 30, 1UL << 30 };
	int status, threads = 0, areas = 0;
	pthread_t thread;
	pid_t pid;

	pid = start();
	if (pid) {
		if (waitpid(pid, &status, 0) == pid && !status)
			return 0;
		printf("# status %#x\n", status);
		return 1;
	}
	setrlimit(RLIMIT_AS, &room);
	while (!(errno = pthread_create(&thread, NULL, sleep_on, NULL)))
		threads++;
	if (errno != EAGAIN || threads < 20)
		_exit(1);
	/* Every second page another protection: areas that cannot be one. */
	for (;;) {
		char *p = mmap(NULL, 2 * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

		if (p == MAP_FAILED || mprotect(p, PAGE, PROT_READ))
			break;
		areas++;
	}
	if (errno != ENOMEM || areas < 100)
		_exit(2);
	if (fork() == 0)
		_exit(0);
	while (dup(0) >= 0)
		;
	_exit(errno == EMFILE ? 0 : 3);
}

/* ---- the OOM killer ---- */

static void skip_log(void)
{
	if (log_fd <= 0)
		log_fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	lseek(log_fd, 0, SEEK_END);
}

/* Who was killed first, by the log; 0: nobody. */
static pid_t first_killed(void)
{
	char record[8192], *text;
	ssize_t got;
	int pid;

	while ((got = read(log_fd, record, sizeof(record) - 1)) > 0) {
		record[got] = 0;
		text = strstr(record, "Out of memory: Killed process ");
		if (text && sscanf(text, "Out of memory: Killed process %d", &pid) == 1)
			return pid;
	}
	return 0;
}

static pid_t sized_process(size_t bytes)
{
	int ready[2];
	char byte;
	pid_t pid;

	if (pipe(ready))
		return -1;
	pid = start();
	if (!pid) {
		close(ready[0]);
		if (!touch(bytes) || write(ready[1], "", 1) != 1)
			_exit(1);
		for (;;)
			pause();
	}
	close(ready[1]);
	if (read(ready[0], &byte, 1) != 1)
		wrong("a process of that size");
	close(ready[0]);
	return pid;
}

/* Grows, and forks as it does; its children live on what it has. */
static pid_t growing_process(size_t bytes_at_once, size_t most)
{
	pid_t pid;

	pid = start();
	if (pid)
		return pid;
	for (size_t size = 0; size < most; size += bytes_at_once) {
		char *p = touch(bytes_at_once);

		pid = fork();
		if (!pid) {
			if (p)
				p[0]++;
			_exit(0);
		}
		if (pid > 0)
			waitpid(pid, NULL, 0);
	}
	_exit(0);
}

static int killed(pid_t pid)
{
	int status;

	return waitpid(pid, &status, 0) == pid && WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
}

static int the_largest_is_killed(void)
{
	size_t room = (size_t)read_number("/proc/meminfo", "MemAvailable:") * 1024;
	pid_t large, small, growing, first;
	int status, bad = 0;

	skip_log();
	large = sized_process(room / 2);
	small = sized_process(room / 16);
	/* With the large one gone there is room for this one. */
	growing = growing_process(1UL << 20, room / 16 * 9);
	if (waitpid(growing, &status, 0) != growing || status) {
		printf("# the one that grew: status %#x\n", status);
		bad = 1;
	}
	first = first_killed();
	if (first != large) {
		printf("# killed %d, but %d is the largest\n", first, large);
		bad = 1;
	}
	if (waitpid(small, &status, WNOHANG)) {
		printf("# the small one: status %#x\n", status);
		bad = 1;
	}
	kill(small, SIGKILL);
	kill(large, SIGKILL);
	return bad | !killed(small) | !killed(large);
}

static int run_true(void)
{
	char *argv[] = { "/bin/true", NULL }, *envp[] = { NULL };
	int status;
	pid_t pid = fork();

	if (!pid) {
		execve(argv[0], argv, envp);
		_exit(0);
	}
	if (pid > 0)
		waitpid(pid, &status, 0);
	return pid;
}

static void *touch_some(void *unused)
{
	char *p = touch(16 * PAGE);

	if (p)
		munmap(p, 16 * PAGE);
	return unused;
}

/* Hogs that want twice what there is, while others fork, exec and make threads all the time. */
static void make_all_the_time(void)
{
	pthread_t thread;

	while (!common->stop) {
		run_true();
		if (!pthread_create(&thread, NULL, touch_some, NULL))
			pthread_join(thread, NULL);
	}
	_exit(0);
}

static int hogs_and_forks(void)
{
	size_t room = (size_t)read_number("/proc/meminfo", "MemAvailable:") * 1024;
	pid_t makers[3], hogs[4];
	int status, dead = 0, bad = 0;

	memset(common, 0, sizeof(*common));
	skip_log();
	for (int i = 0; i < 3; i++) {
		makers[i] = start();
		if (!makers[i])
			make_all_the_time();
	}
	for (int i = 0; i < 4; i++) {
		hogs[i] = start();
		if (!hogs[i]) {
			touch(room / 2);
			nap(300);
			_exit(0);
		}
	}
	for (int i = 0; i < 4; i++)
		if (waitpid(hogs[i], &status, 0) == hogs[i])
			dead += WIFSIGNALED(status);
	common->stop = 1;
	for (int i = 0; i < 3; i++)
		if (waitpid(makers[i], &status, 0) != makers[i] || status) {
			printf("# a small process: status %#x\n", status);
			bad = 1;
		}
	if (!dead || !first_killed()) {
		printf("# %d of 4 hogs were killed, the log says %d\n", dead, first_killed());
		bad = 1;
	}
	return bad;
}

/* ---- rounds ---- */

/* Frees wait for other CPUs, and Linux keeps pages of files and on lists of each CPU. */
static int as_before(long tasks, long memory)
{
	long tasks_now = -1, memory_now = -1;

	for (int i = 0; i < 100; i++) {
		tasks_now = tasks_alive();
		memory_now = read_number("/proc/meminfo", "MemAvailable:");
		if (tasks_now <= tasks && memory_now >= memory - 4096)
			return 1;
		nap(50);
	}
	printf("# tasks %ld then %ld, available %ld then %ld KiB\n", tasks, tasks_now, memory,
	       memory_now);
	return 0;
}

static const struct {
	const char *name;
	int (*run)(void);
} tests[] = {
	{ "a fork bomb stays inside RLIMIT_NPROC", bomb_in_nproc },
	{ "a fork bomb stays inside threads-max", bomb_in_threads_max },
	{ "a fork bomb stays inside a pids cgroup", bomb_in_cgroup },
	{ "forks beyond the promised memory are ENOMEM and kill nobody", forks_beyond_the_promise },
	{ "threads, areas and descriptors until each is refused", until_each_is_refused },
	{ "the OOM killer takes the largest and says so", the_largest_is_killed },
	{ "hogs, forks, execs and threads at once", hogs_and_forks },
};
#define NR_TESTS	(int)(sizeof(tests) / sizeof(tests[0]))

int main(int argc, char **argv)
{
	int rounds = argc > 1 ? atoi(argv[1]) : 3, failed = 0;

	setvbuf(stdout, NULL, _IOLBF, 0);
	common = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	put("/proc/self/oom_score_adj", "-1000");
	printf("KTAP version 1\n1..%d\n", rounds * NR_TESTS);
	for (int i = 0; i < rounds * NR_TESTS; i++) {
		long tasks = tasks_alive(), memory = read_number("/proc/meminfo", "MemAvailable:");
		int bad = tests[i % NR_TESTS].run();

		bad |= reap_all(0) < 0 || !as_before(tasks, memory);
		failed += !!bad;
		printf("%sok %d %s\n", bad ? "not " : "", i + 1, tests[i % NR_TESTS].name);
	}
	return failed != 0;
}

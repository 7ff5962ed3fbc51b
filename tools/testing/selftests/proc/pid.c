// SPDX-License-Identifier: GPL-2.0-only
/* /proc/PID: what programs such as ps read there. */
#include "../ktest.h"
#include <dirent.h>
#include <fcntl.h>
#include <pthread.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>

static char text[65536];

/* The whole of a file in text[], terminated. Return: its length or -errno. */
static int slurp(const char *path)
{
	int fd = open(path, O_RDONLY), len = 0, n = 0;

	if (fd < 0)
		return -errno;
	while ((n = read(fd, text + len, sizeof(text) - 1 - len)) > 0)
		len += n;
	if (n < 0)
		len = -errno;
	close(fd);
	text[len > 0 ? len : 0] = '\0';
	return len;
}

/* What follows "Key:\t" in text[], terminated; NULL when there is none. */
static char *value_of(const char *key)
{
	static char value[256];
	char *line = strstr(text, key);

	if (!line || (line != text && line[-1] != '\n'))
		return NULL;
	line += strlen(key);
	line += strspn(line, ": \t");
	snprintf(value, sizeof(value), "%.*s", (int)strcspn(line, "\n"), line);
	return value;
}

TEST(stat_fields)
{
	int pid, ppid, pgrp, sid, tty, fg, n = 0;
	char comm[32], state;
	unsigned int flags;

	prctl(PR_SET_NAME, "a) b (c\\");
	ASSERT_GT(slurp("/proc/self/stat"), 0);
	ASSERT_EQ(sscanf(text, "%d (%15[^\n]", &pid, comm), 2);
	EXPECT_EQ(pid, getpid());
	EXPECT(!strncmp(comm, "a) b (c\\) R ", 12));
	ASSERT_EQ(sscanf(strrchr(text, ')') + 2, "%c %d %d %d %d %d %u", &state, &ppid, &pgrp, &sid,
			 &tty, &fg, &flags), 7);
	EXPECT_EQ(state, 'R');
	EXPECT_EQ(ppid, getppid());
	EXPECT_EQ(pgrp, getpgrp());
	EXPECT_EQ(sid, getsid(0));
	for (char *c = strrchr(text, ')'); *c; c++)
		n += *c == ' ';
	EXPECT_EQ(n, 50);
	EXPECT_EQ(text[strlen(text) - 1], '\n');
}

TEST(status_values)
{
	char expected[64];
	sigset_t set;

	ASSERT_EQ(setresgid(3, 4, 5), 0);
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_BLOCK, &set, NULL);
	raise(SIGUSR1);
	signal(SIGHUP, SIG_IGN);
	prctl(PR_SET_NAME, "nl\nname");
	umask(027);
	ASSERT_GT(slurp("/proc/self/status"), 0);
	EXPECT_STREQ(value_of("Name"), "nl\\nname");
	EXPECT_STREQ(value_of("Umask"), "0027");
	EXPECT_STREQ(value_of("State"), "R (running)");
	snprintf(expected, sizeof(expected), "%d", getpid());
	EXPECT_STREQ(value_of("Tgid"), expected);
	EXPECT_STREQ(value_of("Pid"), expected);
	snprintf(expected, sizeof(expected), "%d", getppid());
	EXPECT_STREQ(value_of("PPid"), expected);
	EXPECT_STREQ(value_of("Gid"), "3\t4\t5\t4");
	EXPECT_STREQ(value_of("TracerPid"), "0");
	EXPECT_STREQ(value_of("Threads"), "1");
	EXPECT_EQ(strtoul(value_of("SigBlk"), NULL, 16) & (1 << (SIGUSR1 - 1)),
		  1 << (SIGUSR1 - 1));
	EXPECT_EQ(strtoul(value_of("SigPnd"), NULL, 16), 1 << (SIGUSR1 - 1));
	EXPECT_EQ(strtoul(value_of("SigIgn"), NULL, 16) & 1, 1);
	EXPECT_EQ(strlen(value_of("SigCgt")), 16);
	EXPECT(strstr(value_of("VmRSS"), " kB"));
	EXPECT(value_of("VmPeak") && value_of("VmSize") && value_of("VmStk") && value_of("VmPTE"));
	EXPECT(value_of("Cpus_allowed") && value_of("Cpus_allowed_list"));
	EXPECT(value_of("voluntary_ctxt_switches") && value_of("nonvoluntary_ctxt_switches"));
}

TEST(cmdline_environ_after_exec)
{
	char *argv[] = { "sleep-title", "20", "", NULL }, *envp[] = { "A=1", "B=two", NULL };
	char path[64];
	int ready[2];
	pid_t pid;
	char c;

	ASSERT_EQ(pipe2(ready, O_CLOEXEC), 0);
	pid = fork();
	if (!pid) {
		int fd = open("/bin/sleep", O_RDONLY | O_CLOEXEC);

		if (fd < 0 || access("/bin/busybox", X_OK))
			execve("/bin/sleep", argv, envp);
		argv[0] = "sleep";
		argv[2] = NULL;
		execve("/bin/sleep", argv, envp);
		_exit(127);
	}
	close(ready[1]);
	ASSERT_EQ(read(ready[0], &c, 1), 0);	/* exec has closed the other end */
	snprintf(path, sizeof(path), "/proc/%d/environ", pid);
	/* exec closes descriptors before the new stack is there, on Linux too. */
	for (int i = 0; i < 2000 && slurp(path) <= 0; i++)
		usleep(1000);
	EXPECT_EQ(slurp(path), 10);
	EXPECT(!memcmp(text, "A=1\0B=two\0", 10));
	snprintf(path, sizeof(path), "/proc/%d/cmdline", pid);
	EXPECT_GE(slurp(path), 9);
	EXPECT(!strncmp(text, "sleep", 5) && !strcmp(text + strlen(text) + 1, "20"));
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

TEST(zombie_and_gone)
{
	char path[64], c;
	siginfo_t info;
	int fd;
	pid_t pid = fork();

	if (!pid)
		_exit(0);
	ASSERT_EQ(waitid(P_PID, pid, &info, WEXITED | WNOWAIT), 0);
	snprintf(path, sizeof(path), "/proc/%d/status", pid);
	ASSERT_GT(slurp(path), 0);
	EXPECT_STREQ(value_of("State"), "Z (zombie)");
	EXPECT(!value_of("VmSize"));
	snprintf(path, sizeof(path), "/proc/%d/cmdline", pid);
	EXPECT_EQ(slurp(path), 0);
	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	fd = open(path, O_RDONLY);
	ASSERT_GE(fd, 0);
	ASSERT_EQ(waitpid(pid, NULL, 0), pid);
	EXPECT_ERRNO(read(fd, &c, 1), ESRCH);
	EXPECT_ERRNO(open(path, O_RDONLY), ENOENT);
}

TEST(links)
{
	char link[256] = "", cwd[256], path[64];
	struct stat st, own;
	int fd;

	ASSERT_GT(readlink("/proc/self", link, sizeof(link) - 1), 0);
	EXPECT_EQ(atoi(link), getpid());
	ASSERT_EQ(chdir("/tmp"), 0);
	memset(link, 0, sizeof(link));
	ASSERT_GT(readlink("/proc/self/cwd", link, sizeof(link) - 1), 0);
	EXPECT_STREQ(link, getcwd(cwd, sizeof(cwd)));
	memset(link, 0, sizeof(link));
	ASSERT_EQ(readlink("/proc/self/root", link, sizeof(link) - 1), 1);
	fd = open("/tmp/tine-proc-fd", O_RDWR | O_CREAT | O_APPEND, 0600);
	ASSERT_EQ(write(fd, "12345", 5), 5);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	memset(link, 0, sizeof(link));
	ASSERT_GT(readlink(path, link, sizeof(link) - 1), 0);
	EXPECT_STREQ(link, "/tmp/tine-proc-fd");
	unlink("/tmp/tine-proc-fd");
	memset(link, 0, sizeof(link));
	ASSERT_GT(readlink(path, link, sizeof(link) - 1), 0);
	EXPECT_STREQ(link, "/tmp/tine-proc-fd (deleted)");
	ASSERT_EQ(stat(path, &st), 0);
	ASSERT_EQ(fstat(fd, &own), 0);
	EXPECT_EQ(st.st_ino, own.st_ino);
	ASSERT_EQ(lstat(path, &st), 0);
	EXPECT_EQ(st.st_mode, S_IFLNK | 0700);
	EXPECT_EQ(st.st_size, 64);
	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", fd);
	ASSERT_GT(slurp(path), 0);
	EXPECT_STREQ(value_of("pos"), "5");
	EXPECT_STREQ(value_of("flags"), "0102002");
}

TEST(comm_and_oom_score_adj)
{
	int fd = open("/proc/self/comm", O_RDWR);

	ASSERT_EQ(write(fd, "renamed-to-something-long", 25), 25);
	slurp("/proc/self/comm");
	EXPECT_STREQ(text, "renamed-to-some\n");
	fd = open("/proc/self/oom_score_adj", O_RDWR);
	ASSERT_EQ(write(fd, "500\n", 4), 4);
	slurp("/proc/self/oom_score_adj");
	EXPECT_STREQ(text, "500\n");
	EXPECT_ERRNO(write(fd, "1001", 4), EINVAL);
	EXPECT_ERRNO(write(fd, "abc", 3), EINVAL);
}

static int started;

static void *thread(void *arg)
{
	prctl(PR_SET_NAME, "worker");
	*(pid_t *)arg = syscall(SYS_gettid);
	__atomic_store_n(&started, 1, __ATOMIC_RELEASE);
	pause();
	return NULL;
}

TEST(threads)
{
	char path[64];
	struct dirent *entry;
	pthread_t id;
	pid_t tid;
	int n = 0;
	DIR *dir;

	ASSERT_EQ(pthread_create(&id, NULL, thread, &tid), 0);
	while (!__atomic_load_n(&started, __ATOMIC_ACQUIRE))
		usleep(1000);
	dir = opendir("/proc/self/task");
	while ((entry = readdir(dir)))
		n += entry->d_name[0] != '.';
	EXPECT_EQ(n, 2);
	snprintf(path, sizeof(path), "/proc/self/task/%d/comm", tid);
	ASSERT_GT(slurp(path), 0);
	EXPECT_STREQ(text, "worker\n");
	snprintf(path, sizeof(path), "/proc/%d/status", tid);
	ASSERT_GT(slurp(path), 0);
	EXPECT_EQ(atoi(value_of("Pid")), tid);
	EXPECT_EQ(atoi(value_of("Tgid")), getpid());
	EXPECT_STREQ(value_of("Threads"), "2");
	snprintf(path, sizeof(path), "/proc/self/task/%d", getppid());
	EXPECT_ERRNO(open(path, O_RDONLY), ENOENT);
}

TEST(children)
{
	char path[64];
	pid_t pid = fork();

	if (!pid) {
		pause();
		_exit(0);
	}
	snprintf(path, sizeof(path), "/proc/self/task/%d/children", getpid());
	ASSERT_GT(slurp(path), 0);
	EXPECT_EQ(atoi(text), pid);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

TEST(maps)
{
	char *line, perms[8];
	unsigned long start, end;
	int local, found = 0;

	ASSERT_GT(slurp("/proc/self/maps"), 0);
	for (line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
		ASSERT_EQ(sscanf(line, "%lx-%lx %4s", &start, &end, perms), 3);
		if ((unsigned long)&local >= start && (unsigned long)&local < end) {
			found++;
			EXPECT_STREQ(perms, "rw-p");
			EXPECT_STREQ(line + 73, "[stack]");
		}
	}
	EXPECT_EQ(found, 1);
}

TEST(limits_file)
{
	struct rlimit rlim = { 1234, 5678 };

	ASSERT_EQ(setrlimit(RLIMIT_CORE, &rlim), 0);
	ASSERT_GT(slurp("/proc/self/limits"), 0);
	EXPECT(strstr(text, "Max core file size        1234                 5678                 "
		      "bytes     \n"));
}

TEST(private_files_of_others)
{
	int status;
	pid_t pid = fork();

	if (!pid) {
		char path[64];

		ASSERT_EQ(setuid(5), 0);
		snprintf(path, sizeof(path), "/proc/%d/environ", getppid());
		EXPECT_ERRNO(open(path, O_RDONLY), EACCES);
		snprintf(path, sizeof(path), "/proc/%d/fd", getppid());
		EXPECT_ERRNO(open(path, O_RDONLY), EACCES);
		snprintf(path, sizeof(path), "/proc/%d/exe", getppid());
		EXPECT_ERRNO(readlink(path, text, 4), EACCES);
		snprintf(path, sizeof(path), "/proc/%d/stat", getppid());
		EXPECT_GT(slurp(path), 0);
		_exit(0);
	}
	waitpid(pid, &status, 0);
	EXPECT_EQ(status, 0);
}

TEST(listed)
{
	DIR *dir = opendir("/proc");
	struct dirent *entry;
	int me = 0, last = 0, ordered = 1;

	while ((entry = readdir(dir))) {
		int nr = atoi(entry->d_name);

		if (!nr)
			continue;
		ordered &= nr > last;
		last = nr;
		me += nr == getpid();
	}
	EXPECT_EQ(me, 1);
	EXPECT(ordered);
}

static void *write_ten(void *arg)
{
	char path[64];
	int i, fd = open("/dev/null", O_WRONLY);

	for (i = 0; i < 10; i++)
		EXPECT_EQ(write(fd, "ab", 2), 2);
	snprintf(path, sizeof(path), "/proc/self/task/%d/io", gettid());
	EXPECT_GT(slurp(path), 0);
	EXPECT_STREQ(value_of("syscw"), "10");
	EXPECT_STREQ(value_of("wchar"), "20");
	return NULL;
}

TEST(io_of_one_thread)
{
	pthread_t thread;
	int i;

	for (i = 0; i < 2; i++) {
		ASSERT_EQ(pthread_create(&thread, NULL, write_ten, NULL), 0);
		ASSERT_EQ(pthread_join(thread, NULL), 0);
	}
	EXPECT_GT(slurp("/proc/self/io"), 0);
	EXPECT_GE(atoi(value_of("syscw")), 20);
}

/* Directory and files of a process, opened while it lived. */
TEST(what_is_left_of_a_reaped_process)
{
	char path[64], buf[64];
	int dir, task, maps, numbers;
	pid_t pid = fork();

	if (!pid)
		for (;;)
			pause();
	snprintf(path, sizeof(path), "/proc/%d", pid);
	dir = open(path, O_RDONLY | O_DIRECTORY);
	ASSERT_GE(dir, 0);
	task = openat(dir, "task", O_RDONLY | O_DIRECTORY);
	maps = openat(dir, "maps", O_RDONLY);
	numbers = openat(dir, "stat", O_RDONLY);
	ASSERT(task >= 0 && maps >= 0 && numbers >= 0);
	ASSERT_EQ(kill(pid, SIGKILL), 0);
	ASSERT_EQ(waitid(P_PID, pid, NULL, WEXITED | WNOWAIT), 0);
	EXPECT_EQ(read(maps, buf, sizeof(buf)), 0);	/* a zombie has no memory */
	EXPECT_GT(read(numbers, buf, sizeof(buf)), 0);
	EXPECT_EQ(faccessat(dir, "stat", F_OK, 0), 0);
	ASSERT_EQ(waitpid(pid, NULL, 0), pid);
	EXPECT_ERRNO(read(maps, buf, sizeof(buf)), ESRCH);
	EXPECT_ERRNO(pread(numbers, buf, sizeof(buf), 0), ESRCH);
	EXPECT_ERRNO(openat(dir, "stat", O_RDONLY), ESRCH);
	EXPECT_ERRNO(openat(dir, "none", O_RDONLY), ESRCH);
	EXPECT_ERRNO(readlinkat(dir, "exe", buf, sizeof(buf)), ESRCH);
	EXPECT_ERRNO(openat(task, "1", O_RDONLY), ESRCH);
	EXPECT_ERRNO(syscall(SYS_getdents64, dir, buf, sizeof(buf)), ENOENT);
}

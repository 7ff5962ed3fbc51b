// SPDX-License-Identifier: GPL-2.0-only
/*
 * The guest's init in a test boot: runs the programs of /tests/list one after the
 * other, each in an empty folder and with a time limit, kills what they leave
 * behind, and compares the kernel's object counts before and after. Lines that
 * start with "@@ " are for scripts/check; all else on the console is a program's.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define LIST		"/tests/list"
#define WORK		"/tmp/work"
#define MAX_ARGS	16
#define SETTLE_TRIES	60	/* of 50 ms, for frees that wait for other CPUs */
#define PAGE_SLACK_KB	1024	/* allocator caches that legitimately grow */

/* Slab caches whose objects all belong to some task. */
static const char *const caches[] = {
	"task_struct", "signal_cache", "sighand_cache", "files_cache", "fs_cache",
	"vm_area_struct", "mm_struct", "pid", "cred", "filp",
	"net_namespace", "UNIX",
};
#define CACHES	(sizeof(caches) / sizeof(caches[0]))

/* -1 where the kernel does not say. */
struct counts {
	long objects[CACHES];
	long tasks;
	long pids;
	long kilobytes;		/* free memory plus what the allocators cache */
};

static char *environment[] = {
	"KTEST_SCALE=1", "PATH=/sbin:/bin:/usr/sbin:/usr/bin", "HOME=/root", "TERM=dumb", "LC_ALL=C", NULL
};

__attribute__((format(printf, 1, 2))) static void say(const char *format, ...)
{
	char line[512];
	va_list args;
	int length;

	va_start(args, format);
	length = vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	if (write(STDOUT_FILENO, line, length) < 0)
		_exit(1);
}

static void read_slabinfo(struct counts *counts)
{
	FILE *file = fopen("/proc/slabinfo", "re");
	char line[256], name[64];
	long active;

	while (file && fgets(line, sizeof(line), file)) {
		if (sscanf(line, "%63s %ld", name, &active) != 2)
			continue;
		for (size_t i = 0; i < CACHES; i++)
			if (!strcmp(name, caches[i]))
				counts->objects[i] = active;
	}
	if (file)
		fclose(file);
}

static void read_meminfo(struct counts *counts)
{
	FILE *file = fopen("/proc/meminfo", "re");
	char line[256], name[64];
	long value;

	while (file && fgets(line, sizeof(line), file)) {
		if (sscanf(line, "%63s %ld", name, &value) != 2)
			continue;
		if (!strcmp(name, "MemFree:") || !strcmp(name, "Slab:"))
			counts->kilobytes += value + (counts->kilobytes < 0);
	}
	if (file)
		fclose(file);
}

static void read_tasks(struct counts *counts)
{
	FILE *file = fopen("/proc/loadavg", "re");
	DIR *proc = opendir("/proc");
	struct dirent *entry;

	if (file) {
		if (fscanf(file, "%*s %*s %*s %*d/%ld", &counts->tasks) != 1)
			counts->tasks = -1;
		fclose(file);
	}
	if (!proc)
		return;
	counts->pids = 0;
	while ((entry = readdir(proc)))
		counts->pids += entry->d_name[0] >= '1' && entry->d_name[0] <= '9';
	closedir(proc);
}

/*
 * Run on each CPU in turn: an idle one keeps the last address space that it ran
 * until it runs another.
 */
static void visit_cpus(void)
{
	cpu_set_t all, one;

	if (sched_getaffinity(0, sizeof(all), &all))
		return;
	for (int cpu = 0; cpu < CPU_SETSIZE; cpu++) {
		if (!CPU_ISSET(cpu, &all))
			continue;
		CPU_ZERO(&one);
		CPU_SET(cpu, &one);
		sched_setaffinity(0, sizeof(one), &one);
	}
	sched_setaffinity(0, sizeof(all), &all);
}

static void take_counts(struct counts *counts)
{
	visit_cpus();
	memset(counts, -1, sizeof(*counts));
	read_slabinfo(counts);
	read_tasks(counts);
	read_meminfo(counts);
}

static int grew(long before, long now)
{
	return now > before;
}

static int any_grew(const struct counts *before, const struct counts *now)
{
	for (size_t i = 0; i < CACHES; i++)
		if (grew(before->objects[i], now->objects[i]))
			return 1;
	return grew(before->tasks, now->tasks) || grew(before->pids, now->pids);
}

static void nap(void)
{
	struct timespec pause = { .tv_nsec = 50 * 1000 * 1000 };

	nanosleep(&pause, NULL);
}

/* Counts once nothing is on its way to be freed any more. */
static void take_settled_counts(struct counts *counts)
{
	struct counts earlier;

	take_counts(counts);
	for (int try = 0; try < SETTLE_TRIES; try++) {
		earlier = *counts;
		nap();
		take_counts(counts);
		if (!memcmp(earlier.objects, counts->objects, sizeof(earlier.objects)))
			return;
	}
}

static void report_leaks(const char *name, const struct counts *before, const struct counts *now)
{
	for (size_t i = 0; i < CACHES; i++)
		if (grew(before->objects[i], now->objects[i]))
			say("@@ leak %s %s %ld %ld\n", name, caches[i],
			    before->objects[i], now->objects[i]);
	if (grew(before->tasks, now->tasks))
		say("@@ leak %s tasks %ld %ld\n", name, before->tasks, now->tasks);
	if (grew(before->pids, now->pids))
		say("@@ leak %s pids %ld %ld\n", name, before->pids, now->pids);
}

/* Freed objects may wait for a grace period, so look again before complaining. */
static void check_leaks(const char *name, const struct counts *before)
{
	struct counts now;

	for (int try = 0; try < SETTLE_TRIES; try++) {
		take_counts(&now);
		if (!any_grew(before, &now))
			return;
		nap();
	}
	report_leaks(name, before, &now);
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st; (void)type; (void)ftw;
	return remove(path) ? 0 : 0;
}

static void fresh_work_folder(void)
{
	if (chdir("/"))
		_exit(1);
	umount2(WORK, MNT_DETACH);
	nftw(WORK, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	mkdir(WORK, 0777);
	chmod(WORK, 0777);
	if (chdir(WORK))
		say("@@ note no %s: errno %d\n", WORK, errno);
}

static void on_child(int sig)
{
	(void)sig;
}

/* Pass on what a program printed; 0 at the end of its output. */
static int relay(int from)
{
	char data[4096];
	ssize_t got = read(from, data, sizeof(data));

	if (got <= 0)
		return got < 0 && (errno == EINTR || errno == EAGAIN);
	return write(STDOUT_FILENO, data, got) == got;
}

static long milliseconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/*
 * Wait for @pid at most @seconds and pass on its output; its wait status, or -1
 * when the time was up. SIGCHLD is blocked except inside ppoll().
 */
static int wait_for(pid_t pid, int output, int seconds)
{
	long end = milliseconds() + seconds * 1000L, left;
	struct pollfd readable = { .fd = output, .events = POLLIN };
	struct timespec limit;
	int status, reaped;
	sigset_t none;

	sigemptyset(&none);
	while ((left = end - milliseconds()) > 0) {
		while ((reaped = waitpid(-1, &status, WNOHANG)) > 0)
			if (reaped == pid)
				return status;
		limit = (struct timespec){ left / 1000, left % 1000 * 1000000 };
		if (ppoll(&readable, 1, &limit, &none) > 0 && !relay(output))
			readable.fd = -1;
	}
	return -1;
}

/* From here on only this process is left. */
static void kill_the_rest(void)
{
	for (int try = 0; try < SETTLE_TRIES; try++) {
		pid_t got;

		kill(-1, SIGKILL);
		while ((got = waitpid(-1, NULL, WNOHANG)) > 0)
			;
		if (got < 0 && errno == ECHILD)
			return;
		nap();
	}
	say("@@ note some processes do not die\n");
}

static void run_child(char **args, int output)
{
	sigset_t none;
	int null;

	dup2(output, STDOUT_FILENO);
	dup2(output, STDERR_FILENO);

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGCHLD, SIG_DFL);
	setsid();
	null = open("/dev/null", O_RDONLY);
	if (null >= 0) {
		dup2(null, STDIN_FILENO);
		close(null);
	}
	execve(args[0], args, environment);
	say("# cannot execute %s: errno %d\n", args[0], errno);
	_exit(127);
}

/* Start the program; its pid and in @output the reading end of its stdout and stderr. */
static pid_t start_program(char **args, int *output)
{
	int ends[2];
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC))
		return -1;
	pid = fork();
	if (!pid)
		run_child(args, ends[1]);
	close(ends[1]);
	*output = ends[0];
	return pid;
}

/* Debug kernels recount the page tables of all processes. */
static void check_page_tables(const char *name)
{
	FILE *file = fopen("/proc/self/mm_verify", "re");
	char line[128];
	long mistakes;

	while (file && fgets(line, sizeof(line), file))
		if (sscanf(line, "mistakes %ld", &mistakes) == 1 && mistakes)
			say("@@ leak %s page-table-mistakes 0 %ld\n", name, mistakes);
	if (file)
		fclose(file);
}

static void run_program(const char *name, int seconds, char **args)
{
	int status, output = -1;
	struct counts before;
	long start;
	pid_t pid;

	say("@@ begin %s\n", name);
	fresh_work_folder();
	take_settled_counts(&before);
	start = milliseconds();
	pid = start_program(args, &output);
	if (pid < 0) {
		say("# cannot start it: errno %d\n@@ end %s 127 0\n", errno, name);
		close(output);
		return;
	}
	status = wait_for(pid, output, seconds);
	kill_the_rest();
	while (relay(output))
		;
	close(output);
	start = milliseconds() - start;
	check_leaks(name, &before);
	check_page_tables(name);
	if (status == -1)
		say("# still running after %d s\n", seconds);
	say("@@ end %s %d %ld\n", name, status == -1 ? 124 : WIFEXITED(status) ?
	    WEXITSTATUS(status) : 128 + WTERMSIG(status), start);
}

/* A line of the list: name, seconds, program, arguments; or KTEST_SCALE=number. */
static void run_line(char *line)
{
	char *args[MAX_ARGS + 1] = { NULL }, *save, *name, *seconds;
	int count = 0;

	name = strtok_r(line, " \n", &save);
	if (!strncmp(name, "KTEST_SCALE=", 12))
		environment[0] = name;
	seconds = strtok_r(NULL, " \n", &save);
	while (count < MAX_ARGS && (args[count] = strtok_r(NULL, " \n", &save)))
		count++;
	if (count)
		run_program(name, atoi(seconds), args);
}

static void run_list(void)
{
	static char text[64 * 1024];
	int fd = open(LIST, O_RDONLY | O_CLOEXEC);
	ssize_t length = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);
	char *line, *save;

	if (length < 0) {
		say("@@ note cannot read " LIST ": errno %d\n", errno);
		return;
	}
	close(fd);
	for (line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save))
		run_line(line);
}

static void mount_at(const char *type, const char *target, const char *options)
{
	mkdir(target, 0755);
	if (mount(type, target, type, 0, options))
		say("@@ note cannot mount %s at %s: errno %d\n", type, target, errno);
}

static void mount_all(void)
{
	int console;

	mount_at("proc", "/proc", NULL);
	mount_at("devtmpfs", "/dev", NULL);
	mount_at("sysfs", "/sys", NULL);
	mount_at("devpts", "/dev/pts", "gid=5,mode=620,ptmxmode=666");
	mount_at("tmpfs", "/dev/shm", "mode=1777");
	mount_at("tmpfs", "/tmp", "mode=1777");
	mount_at("tmpfs", "/run", "mode=755");
	console = open("/dev/console", O_RDWR);
	for (int fd = 0; console >= 0 && fd < 3; fd++)
		dup2(console, fd);
	if (console > 2)
		close(console);
	if (symlink("/proc/self/fd", "/dev/fd") && errno != EEXIST)
		say("@@ note cannot link /dev/fd: errno %d\n", errno);
}

/* As a distribution's init does. A kernel without a network has nothing to bring up. */
static void bring_up_loopback(void)
{
	struct ifreq request = { .ifr_name = "lo", .ifr_flags = IFF_UP };
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	if (fd < 0)
		return;
	if (ioctl(fd, SIOCSIFFLAGS, &request))
		say("@@ note cannot bring lo up: errno %d\n", errno);
	close(fd);
}

static void check_memory(const struct counts *before)
{
	struct counts now;

	for (int try = 0; try < SETTLE_TRIES; try++) {
		take_counts(&now);
		if (now.kilobytes + PAGE_SLACK_KB >= before->kilobytes)
			return;
		nap();
	}
	say("@@ leak all kilobytes %ld %ld\n", before->kilobytes, now.kilobytes);
}

static void power_off(void)
{
	int port = open("/dev/port", O_WRONLY | O_CLOEXEC);

	sync();
	if (port >= 0 && (pwrite(port, "", 1, 0xe9) != 1 || pwrite(port, "", 1, 0xf4) != 1))
		say("@@ note /dev/port: errno %d\n", errno);
	reboot(RB_POWER_OFF);
	for (;;)
		pause();
}

int main(void)
{
	struct sigaction action = { .sa_handler = on_child };
	struct counts before;
	sigset_t child;

	sigaction(SIGCHLD, &action, NULL);
	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	sigprocmask(SIG_BLOCK, &child, NULL);
	mount_all();
	bring_up_loopback();
	sethostname("tine", 4);
	say("@@ start\n");
	fresh_work_folder();
	take_settled_counts(&before);
	run_list();
	fresh_work_folder();
	check_leaks("all", &before);
	check_memory(&before);
	say("@@ done\n");
	power_off();
}

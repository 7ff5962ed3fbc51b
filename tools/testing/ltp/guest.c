// SPDX-License-Identifier: GPL-2.0-only
/*
 * The guest's init for `make ltp`: runs the lines of /tests/list one after the other, each in its
 * own session with a time limit, counts the results that it printed, kills what it left behind
 * and gives the next one an empty /tmp and /dev/shm. Lines that start with "@@ " are for
 * scripts/guest/testboot.py, "# " lines in between belong to the test that runs.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
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
#define ENVIRONMENT	"/tests/environment"
#define OUTPUT		"/tests/output"
#define BIN		"/opt/ltp/testcases/bin"
#define MAX_ARGS	64
#define MAX_SHOWN	12	/* lines of a test that go to the console */
#define REAP_TRIES	400	/* of 10 ms */

static const char *const verdicts[] = { "TPASS", "TFAIL", "TBROK", "TCONF", "TWARN" };
#define VERDICTS	(sizeof(verdicts) / sizeof(verdicts[0]))

static char *environment[64];
static volatile sig_atomic_t timed_out;

__attribute__((format(printf, 1, 2))) static void say(const char *format, ...)
{
	char line[512];
	va_list args;
	int length;

	va_start(args, format);
	length = vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	if (length >= (int)sizeof(line))
		length = sizeof(line) - 1;
	if (write(STDOUT_FILENO, line, length) < 0)
		_exit(1);
}

static long milliseconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static char *read_file(const char *path)
{
	FILE *file = fopen(path, "re");
	char *text = NULL;
	size_t size = 0;

	if (!file)
		return NULL;
	if (getdelim(&text, &size, 0, file) < 0) {
		free(text);
		text = NULL;
	}
	fclose(file);
	return text;
}

/* ---- what a test printed ---- */

/* A verdict is a word that a colon follows, blanks between them or not. */
static int verdict_of(const char *line)
{
	for (size_t i = 0; i < VERDICTS; i++) {
		const char *word = strstr(line, verdicts[i]);

		if (word && word[strlen(verdicts[i]) + strspn(word + strlen(verdicts[i]), " ")] == ':')
			return i;
	}
	return -1;
}

/* Count the verdicts; show what is not a pass, or the end of an output without any. */
static void report_output(void)
{
	char *text = read_file(OUTPUT), *line, *save = NULL, last[200] = "";
	int count[VERDICTS] = { 0 }, shown = 0;

	for (line = text ? strtok_r(text, "\n", &save) : NULL; line;
	     line = strtok_r(NULL, "\n", &save)) {
		int verdict = verdict_of(line);

		if (verdict >= 0)
			count[verdict]++;
		if (verdict > 0 && shown++ < MAX_SHOWN)
			say("# %.300s\n", line);
		snprintf(last, sizeof(last), "%s", line);
	}
	if (!shown && !count[0] && last[0])
		say("# %s\n", last);
	say("# counts %d %d %d %d %d\n", count[0], count[1], count[2], count[3], count[4]);
	free(text);
	unlink(OUTPUT);
}

/* ---- running one ---- */

static void on_alarm(int sig)
{
	(void)sig;
	timed_out = 1;
	kill(-1, SIGKILL);
	alarm(5);
}

static void run_command(char *command)
{
	char *args[MAX_ARGS + 1] = { NULL }, *save, path[256];
	int count = 0;

	if (strpbrk(command, ";|`$<>&\"'")) {
		execle("/bin/sh", "sh", "-c", command, NULL, environment);
		return;
	}
	args[count] = strtok_r(command, " \t", &save);
	while (args[count] && count < MAX_ARGS - 1)
		args[++count] = strtok_r(NULL, " \t", &save);
	if (!args[0])
		return;
	snprintf(path, sizeof(path), BIN "/%s", args[0]);
	execve(path, args, environment);
}

static void run_child(char *command)
{
	int null = open("/dev/null", O_RDONLY), out;

	setsid();
	signal(SIGALRM, SIG_DFL);
	dup2(null, STDIN_FILENO);
	out = open(OUTPUT, O_CREAT | O_TRUNC | O_WRONLY | O_APPEND, 0666);
	dup2(out, STDOUT_FILENO);
	dup2(out, STDERR_FILENO);
	close(null);
	close(out);
	if (chdir(BIN))
		_exit(127);
	run_command(command);
	_exit(127);
}

/* Wait for @pid, reaping orphans on the way. */
static int wait_for(pid_t pid)
{
	int status;
	pid_t got;

	do
		got = waitpid(-1, &status, 0);
	while (got != pid && (got > 0 || errno == EINTR));
	return got == pid ? status : 126 << 8;
}

static void kill_the_rest(const char *name)
{
	struct timespec pause = { .tv_nsec = 10 * 1000 * 1000 };

	kill(-1, SIGKILL);
	for (int try = 0; try < REAP_TRIES; try++) {
		pid_t got = waitpid(-1, NULL, WNOHANG);

		if (got < 0 && errno == ECHILD)
			return;
		if (!got)
			nanosleep(&pause, NULL);
	}
	say("# %s left processes that do not die\n", name);
}

static void mount_at(const char *type, const char *target, const char *options)
{
	mkdir(target, 0755);
	if (mount(type, target, type, 0, options))
		say("@@ note cannot mount %s at %s: errno %d\n", type, target, errno);
}

static void fresh_folders(void)
{
	umount2("/tmp", MNT_DETACH);
	umount2("/dev/shm", MNT_DETACH);
	mount_at("tmpfs", "/tmp", "mode=1777");
	mount_at("tmpfs", "/dev/shm", "mode=1777");
}

static void run_test(const char *name, int seconds, char *command)
{
	int status = 126 << 8;
	long start;
	pid_t pid;

	say("@@ begin %s\n", name);
	timed_out = 0;
	start = milliseconds();
	alarm(seconds);
	pid = fork();
	if (!pid)
		run_child(command);
	if (pid > 0)
		status = wait_for(pid);
	alarm(0);
	start = milliseconds() - start;
	kill_the_rest(name);
	report_output();
	fresh_folders();
	say("@@ end %s %d %ld\n", name, timed_out ? 124 : WIFEXITED(status) ?
	    WEXITSTATUS(status) : 128 + WTERMSIG(status), start);
}

/* name seconds command...; or NAME=value, which is not for us */
static void run_line(char *line)
{
	char *name, *seconds, *command;

	name = strtok_r(line, " ", &command);
	seconds = strtok_r(NULL, " ", &command);
	if (name && seconds && !strchr(name, '='))
		run_test(name, atoi(seconds), command);
}

/* ---- the machine ---- */

/* Several tests talk to 127.0.0.1; where there is no network nothing happens. */
static void raise_loopback(void)
{
	struct ifreq request = { .ifr_name = "lo", .ifr_flags = IFF_UP | IFF_RUNNING };
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	if (fd < 0)
		return;
	ioctl(fd, SIOCSIFFLAGS, &request);
	close(fd);
}

static void mount_all(void)
{
	int console;

	mount_at("proc", "/proc", NULL);
	mount_at("sysfs", "/sys", NULL);
	mount_at("devtmpfs", "/dev", NULL);
	mount_at("devpts", "/dev/pts", "gid=5,mode=620,ptmxmode=666");
	mount_at("mqueue", "/dev/mqueue", NULL);
	mount_at("tmpfs", "/tests", "mode=755,size=64m");
	console = open("/dev/console", O_RDWR);
	for (int fd = 0; console >= 0 && fd < 3; fd++)
		dup2(console, fd);
	if (console > 2)
		close(console);
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
	struct sigaction action = { .sa_handler = on_alarm };
	char *list = read_file(LIST), *names = read_file(ENVIRONMENT), *line, *save;
	size_t count = 0;

	for (line = names ? strtok_r(names, "\n", &save) : NULL;
	     line && count < sizeof(environment) / sizeof(environment[0]) - 1;
	     line = strtok_r(NULL, "\n", &save))
		environment[count++] = line;
	setsid();
	umask(022);
	mount_all();
	raise_loopback();
	fresh_folders();
	sigaction(SIGALRM, &action, NULL);
	say("@@ start\n");
	for (line = list ? strtok_r(list, "\n", &save) : NULL; line;
	     line = strtok_r(NULL, "\n", &save))
		run_line(line);
	say("@@ done\n");
	power_off();
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * forkbench: what process creation and what surrounds it cost. As process 1 it runs the cases that
 * the boot option bench=case,case... names, or all, prints their figures and powers off. Anywhere
 * else the cases are its arguments. --hertz prints how fast the time-stamp counter runs here.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/personality.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include "measure.h"

/*
 * QEMU's software TLB grows with what a case touches, and each flush empties the whole of it. It
 * shrinks when it is flushed after 100 ms of little use: a case that comes within that time of one
 * with hundreds of megabytes would pay milliseconds for a flush, and the faster kernel the more.
 */
static void settle(void)
{
	pid_t pid;

	for (int i = 0; i < 4; i++) {
		usleep(110000);
		pid = fork();
		if (!pid)
			_exit(0);
		wait_for(pid);
	}
}

static const struct bench_case clock_cases[] = {
	{ "settle", settle },
	{ NULL, NULL }
};

static const struct bench_case *const groups[] = {
	clock_cases, process_cases, ipc_cases, thread_cases, memory_cases, scaling_cases,
};

static void set_up_init(void)
{
	int console;

	mount("devtmpfs", "/dev", "devtmpfs", 0, NULL);
	console = open("/dev/console", O_RDWR);
	for (int fd = 0; console >= 0 && fd < 3; fd++)
		dup2(console, fd);
	if (console > 2)
		close(console);
	mkdir("/proc", 0755);
	mount("proc", "/proc", "proc", 0, NULL);
	mkdir("/sys", 0755);
	mount("sysfs", "/sys", "sysfs", 0, NULL);
}

/*
 * Execute this again with memory at the same places on each boot: where the stack begins decides
 * how many pages it has. Return: the counter at the first start.
 */
static unsigned long without_random_places(char **argv, unsigned long start)
{
	char text[32], *first = getenv("FORKBENCH_START");

	if (first)
		return strtoul(first, NULL, 10);
	snprintf(text, sizeof(text), "%lu", start);
	if (setenv("FORKBENCH_START", text, 1) || personality(ADDR_NO_RANDOMIZE) < 0)
		die("personality");
	execv("/proc/self/exe", argv);
	die("/proc/self/exe");
}

static void power_off(void)
{
	fflush(stdout);
	reboot(RB_POWER_OFF);
	for (;;)
		pause();
}

/* The value of the boot option bench=, which ends at a blank. */
static char *wanted_cases(void)
{
	static char line[4096];
	int fd = open("/proc/cmdline", O_RDONLY);
	ssize_t length = fd < 0 ? -1 : read(fd, line, sizeof(line) - 1);
	char *option;

	if (fd >= 0)
		close(fd);
	if (length < 0)
		die("/proc/cmdline");
	option = strstr(line, "bench=");
	return option ? strtok(option + 6, " \n") : NULL;
}

static void run_case(const char *name)
{
	int all = !strcmp(name, "all"), found = all;

	for (unsigned int i = 0; i < sizeof(groups) / sizeof(groups[0]); i++)
		for (const struct bench_case *one = groups[i]; one->name; one++)
			if (all || !strcmp(one->name, name)) {
				one->run();
				found = 1;
			}
	if (!found)
		printf("forkbench: no case %s\n", name);
}

static void print_hertz(void)
{
	struct timespec from, to;
	unsigned long start = cycles(), end;
	double seconds;

	clock_gettime(CLOCK_MONOTONIC, &from);
	usleep(200000);
	end = cycles();
	clock_gettime(CLOCK_MONOTONIC, &to);
	seconds = (to.tv_sec - from.tv_sec) + (to.tv_nsec - from.tv_nsec) / 1e9;
	printf("%.0f\n", (end - start) / seconds);
}

int main(int argc, char **argv)
{
	unsigned long start = cycles();
	char *name, *names = NULL;

	if (argc == 2 && !strcmp(argv[1], "--hertz")) {
		print_hertz();
		return 0;
	}
	if (getpid() == 1) {
		if (!getenv("FORKBENCH_START"))
			set_up_init();
		start = without_random_places(argv, start);
		names = wanted_cases();
	}
	setvbuf(stdout, NULL, _IOLBF, 0);
	if (getpid() == 1)
		print("boot", start);
	for (int i = 1; i < argc && getpid() != 1; i++)
		run_case(argv[i]);
	for (name = strtok(names, ","); names && name; name = strtok(NULL, ","))
		run_case(name);
	puts("@@ done");
	if (getpid() == 1)
		power_off();
	return 0;
}

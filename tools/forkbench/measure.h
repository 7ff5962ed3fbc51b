/* SPDX-License-Identifier: GPL-2.0-only */
/* What the measuring programs share: the counter, medians, being process 1. */
#ifndef MEASURE_H
#define MEASURE_H

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/wait.h>
#include <unistd.h>

#define ROUNDS	201
#define PAGE	4096

static inline unsigned long cycles(void)
{
	unsigned int low, high;

	__asm__ volatile("lfence; rdtsc" : "=a"(low), "=d"(high) : : "memory");
	return (unsigned long)high << 32 | low;
}

static void die(const char *what)
{
	printf("forkbench: %s: %s\n", what, strerror(errno));
	exit(1);
}

static void wait_for(pid_t pid)
{
	int status;

	if (pid < 0)
		die("fork");
	if (waitpid(pid, &status, 0) != pid || status)
		die("waitpid");
}

static int by_value(const void *a, const void *b)
{
	unsigned long left = *(const unsigned long *)a, right = *(const unsigned long *)b;

	return left < right ? -1 : left > right;
}

static unsigned long median(unsigned long *samples, int count)
{
	qsort(samples, count, sizeof(*samples), by_value);
	return samples[count / 2];
}

/* What two readings of the counter cost by themselves. */
static unsigned long overhead(void)
{
	static unsigned long samples[ROUNDS];

	for (int i = 0; i < ROUNDS; i++) {
		unsigned long start = cycles();

		samples[i] = cycles() - start;
	}
	return median(samples, ROUNDS);
}

static void set_up_init(void)
{
	int console;

	mount("devtmpfs", "/dev", "devtmpfs", 0, NULL);
	console = open("/dev/console", O_RDWR);
	for (int fd = 0; console >= 0 && fd < 3; fd++)
		dup2(console, fd);
}

static void power_off(void)
{
	fflush(stdout);
	reboot(RB_POWER_OFF);
	for (;;)
		pause();
}

#endif

/* SPDX-License-Identifier: GPL-2.0-only */
/* What a case of the fail-nth sweep is, and what failnth.c offers to cases.c. */
#ifndef FAILNTH_H
#define FAILNTH_H

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define MAX_CASES	1024
#define PAGE_SLACK_KB	64	/* tables of the sweeping program itself */

struct failcase {
	char name[64];
	/* Arm for @n, call, disarm: 0, the errno of the call, or -1 when something else is wrong. */
	int (*run)(const struct failcase *c, int n);
	unsigned long flags;
	int allowed[6];		/* errnos besides ENOMEM, EAGAIN and EFAULT */
};

extern struct failcase cases[MAX_CASES];
extern int nr_cases, failnth_left, failnth_short, fail_fd;

void make_cases(void);
void open_fail_nth(void);
void arm(int n);
int disarm(void);
void say_where(int n);
void settle_between(int n);

#endif

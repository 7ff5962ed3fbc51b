/* SPDX-License-Identifier: GPL-2.0-only */
/* What a case of the fail-nth sweep is, and what the parts of the sweeping program share. */
#ifndef FAILNTH_H
#define FAILNTH_H

#ifndef _GNU_SOURCE
# define _GNU_SOURCE
#endif
#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define MAX_CASES	1024
#define MAX_CACHES	256
#define KIB4		4096UL

enum {
	CASE_CHILD = 1,		/* each step in a child: page tables are shared, the end frees all */
	CASE_SPACES = 2,	/* by a process in namespaces of its own */
	CASE_LONG = 4,		/* not in the short sweep */
	CASE_ONCE = 8,		/* one failing step is all it can stand */
	CASE_SIGNAL = 32,	/* with CASE_CHILD: it may end by SIGSEGV or SIGBUS */
	CASE_FAST = 16,		/* many and alike: caches are emptied once, harm is looked for less often */
};

struct failcase {
	char name[96];
	/* Arm for @n, call, disarm: 0, the errno of the call, or -1 when something else is wrong. */
	int (*run)(const struct failcase *c, int n);
	unsigned long flags;	/* the case's own */
	unsigned int kind;	/* CASE_* */
	int allowed[6];		/* errnos besides those of the step that failed */
};

/* Between the sweeping process, its children and the one that counts. */
struct shared {
	int n;			/* the step at work */
	int steps, bad;
	unsigned long forced, survived, combinations;
	int error, left;	/* of a child */
	char where[1024];	/* and the step that failed in it */
};

extern struct failcase cases[MAX_CASES];
extern int nr_cases, failnth_left, failnth_short, failnth_all, failnth_more, fail_fd;
extern struct shared *shared;

/* failnth.c */
void open_fail_nth(void);
void arm(int n);
int disarm(void);
void note_where(pid_t pid);
int sweep(const struct failcase *c);

/* counts.c: what the kernel holds */
struct counts;
void open_sources(void);
void settle(void);
void take_counts(struct counts *counts);
int compare(const struct counts *before, const struct counts *now);
int log_has_warnings(void);
struct counts {
	struct cache {
		char name[40];
		long active;
	} cache[MAX_CACHES];
	int caches;
	long pages;		/* KiB free or in slabs */
	long committed, locked, tasks, files;
};
extern char report[4096];

/* harm.c: what a failure must leave as it was */
void remember_self(void);
int self_is_harmed(int all);
extern char *big_area;
#define BIG_AREA	(6UL << 20)
#define BIG_STEP	(64 * KIB4)	/* every so many bytes a page is there */

/* legal.c: the kernel's own table of rules */
int failnth_legal(unsigned long long flags, unsigned long long exit_signal, int clone3)
	__attribute__((weak));

/* cases*.c */
void make_cases(void);
void add_clone_cases(void);
void add_exec_cases(void);
void add_cgroup_cases(void);
void add_memory_cases(void);
void add_file_cases(void);
void add_task_cases(void);
struct failcase *add(const char *name, int (*run)(const struct failcase *, int),
		     unsigned long flags, unsigned int kind);
int wait_ok(pid_t pid);
void be_silent(void);
int left_of(pid_t pid);

/* Arm, do the call, disarm; the errno of a failure. */
#define CALL(n, expression) ({							\
	long value_;								\
	int error_;								\
										\
	arm(n);									\
	value_ = (long)(expression);						\
	error_ = value_ == -1 ? errno : 0;					\
	failnth_left = disarm();						\
	error_;									\
})

#endif

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * mmfuzz: what its parts share. A process works on PAGES pages at a fixed place and knows for each
 * what it is and holds (model.c); ops.c changes it, tree.c makes processes that do the same.
 */
#ifndef MMFUZZ_H
#define MMFUZZ_H

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/types.h>
#include <unistd.h>

#define PG	4096UL
#define PAGES	2048		/* 8 MiB, across a boundary of tables of each level in turn */
#define TABLE	512		/* pages of one last-level table */
#define WORDS	(PG / sizeof(uint64_t))
#define FILES	2
#define FPAGES	700
#define RW	(PROT_READ | PROT_WRITE)

enum map { HOLE, ANON, PRIVATE, SHARED };
enum on_fork { KEEP, OMIT, WIPE };

struct page_model {
	uint64_t stamp;		/* of anonymous memory and private copies; 0: zeroes */
	uint32_t cut;		/* board->cut of the file's page when the copy was made */
	uint16_t fpage;
	uint8_t map, prot, fork, file;
	uint8_t copied;		/* PRIVATE: written since */
};

/* What all processes of the tree see: the files' contents. */
struct board {
	uint64_t stamp[FILES][FPAGES];
	uint32_t cut[FILES][FPAGES];	/* how often the page was truncated away */
	int size[FILES];		/* pages */
	int wrong;
};

extern char *mem;
extern struct page_model model[PAGES];
extern struct board *board;
extern int file_fd[FILES];
extern uint8_t mine[FILES][FPAGES];	/* nobody else writes this page of a file now */
extern int alone;			/* nobody else runs: files may be truncated */
extern int fail_mode;
extern int depth;
extern uint64_t seed_of_process;
extern uint32_t process;		/* its number in traces; the same each time */
extern long done;			/* operations of this process */

uint64_t draw(uint64_t limit);		/* random, by the seed of the operation */
uint64_t mix(uint64_t value);
uint64_t new_stamp(void);
void fail(const char *what, int page);

/* ---- model.c ---- */

enum known { NO_ACCESS, UNKNOWN, KNOWN };

static inline char *at(int page)
{
	return mem + page * PG;
}

void setup_memory(int place);
enum known content(int page, uint64_t *stamp);
int writable(int page);
int forcible(int page);
void fill(char *p, uint64_t stamp);
int holds(const char *p, uint64_t stamp);
void wrote(int page, uint64_t stamp);
void put(int page);
void check(int from, int n);
void check_all(void);
int same_area(int from, int n);
void fork_model(void);
void check_tables(void);

/* ---- ops.c ---- */

void do_step(const char **name);

/* ---- fail.c: the next call may fail for want of memory; then it is made again ---- */

void arm(void);
int disarm(void);

#define TRY(call) ({								\
	long result_;								\
	arm();									\
	result_ = (long)(call);							\
	if (disarm() && result_ == -1)						\
		result_ = (long)(call);						\
	result_; })

/* A call that has changed nothing when it fails. */
#define TRY_ALL(call, from, n) ({						\
	long result_;								\
	arm();									\
	result_ = (long)(call);							\
	if (disarm() && result_ == -1) {					\
		check(from, n);							\
		result_ = (long)(call);						\
	}									\
	result_; })

/* ---- tree.c ---- */

long make_child(long left);
void run(long ops);
void threads_and_fork(void);
void share_vm(void);
void run_elsewhere(void);
void leave_orphan(void);
void tid_words(void);

#endif

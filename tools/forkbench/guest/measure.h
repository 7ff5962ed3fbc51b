/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the cases share: the counter, medians, rounds of fork, printing a figure. Under QEMU's
 * -icount shift=0 the time-stamp counter counts instructions; elsewhere it counts time.
 */
#ifndef MEASURE_H
#define MEASURE_H

#include <errno.h>
#include <stddef.h>
#include <sys/types.h>

#define ROUNDS	201
#define PAGE	4096
#define MIB	(1UL << 20)

/* A case prints one figure or more; its name is what bench asks for. */
struct bench_case {
	const char *name;
	void (*run)(void);
};

extern const struct bench_case process_cases[], memory_cases[], thread_cases[], ipc_cases[],
	scaling_cases[];

static inline unsigned long cycles(void)
{
	unsigned int low, high;

	__asm__ volatile("lfence; rdtsc" : "=a"(low), "=d"(high) : : "memory");
	return (unsigned long)high << 32 | low;
}

void die(const char *what) __attribute__((noreturn));
void wait_for(pid_t pid);
unsigned long median(unsigned long *samples, int count);
unsigned long overhead(void);
void print(const char *name, unsigned long value);
void print_sized(const char *name, const char *size, unsigned long value);
void each(const char *name, void (*operation)(void));
void fork_rounds(int rounds, unsigned long *call, unsigned long *whole);
void fork_row(const char *size, int rounds);
int sysctl(const char *path, const char *value);
long file_kb(const char *path, const char *key);

#endif

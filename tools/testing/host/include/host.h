/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What host.c, the one file that sees the C library, offers to the tests and the shims.
 */
#ifndef _HOST_H
#define _HOST_H

/* Allocation under the control of the tests. */
void *host_alloc(unsigned long size, int zero);
void host_free(const void *p);
/* The @nth allocation from now on fails, and all after it; 0 for none. */
void host_fail_from(unsigned long nth);
/* Did one fail since host_fail_from()? */
int host_failed(void);
/* Allocations that were not freed yet. */
unsigned long host_allocated(void);

unsigned long host_random(void);
void host_seed(unsigned long seed);

/* The C library's, to compare with. */
int host_vsnprintf(char *buf, unsigned long size, const char *fmt, __builtin_va_list args);
int host_vsscanf(const char *buf, const char *fmt, __builtin_va_list args);

/* Run a shell command; its standard output, *@size bytes of it, to be freed with host_free(). */
char *host_command(const char *command, unsigned long *size);

/* Text for people on standard error. */
void host_print(const char *text);

/* Tests count what they fail; see <linux/selftest.h>. */
void host_note_failure(const char *file, int line, const char *text);
void __attribute__((__noreturn__)) host_abort(void);

/* Warnings that the running test provoked; it fails unless it puts this back to zero. */
extern unsigned int host_warnings;

/* Let @fn run in a thread of its own. */
void *host_thread(void *(*fn)(void *), void *arg);
void host_join(void *thread);
void __attribute__((__noreturn__)) host_thread_exit(void);

/* A turn is waited for by one thread and given by another, before or after. */
void *host_turn(void);
void host_wait(void *turn);
void host_post(void *turn);
void host_turn_free(void *turn);

#endif

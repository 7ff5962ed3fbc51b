/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where kernel messages go besides the log. The list and the log are guarded by printk's lock;
 * write() is called with it held and interrupts off, so it must not print or sleep.
 */
#ifndef _LINUX_CONSOLE_H
#define _LINUX_CONSOLE_H

#include <linux/types.h>

struct tty_driver;

#define CON_PRINTBUFFER	1	/* wants the log so far */
#define CON_CONSDEV	2	/* the last console=: what /dev/console opens */
#define CON_ENABLED	4
#define CON_BOOT	8	/* gives way to the first real console */

struct console {
	char name[16];			/* "ttyS", as in console=ttyS0 */
	void (*write)(struct console *con, const char *s, unsigned int n);
	/* wait, a second at most, until all output of programs too has left; optional */
	void (*drain)(struct console *con);
	struct tty_driver *(*device)(struct console *con, int *index);
	int (*setup)(struct console *con, char *options);
	short flags;
	short index;			/* -1: any */
	void *data;
	struct console *next;
};

/**
 * register_console - begin to print there, if console= asked for it or asked for nothing
 * Context: any but NMI.
 * Return: 0, -EBUSY when another one is meant, or setup()'s error.
 */
int register_console(struct console *con);
int unregister_console(struct console *con);

/* Before the machine ends: nothing that was written is lost. Context: any. */
void console_drain(void);

/* The terminal behind /dev/console: the preferred console's, or NULL when none has one. */
struct tty_driver *console_device(int *index);

/* Names, for /proc/consoles: the nth console, or NULL. */
const struct console *console_nth(int n);

extern int console_loglevel;
extern int dmesg_restrict;	/* only the privileged read the log */

/* The log, for /dev/kmsg and /proc/kmsg: kernel/printk.c */
struct wait_queue_head;
extern struct wait_queue_head log_wait;

u64 kmsg_first_seq(void);
u64 kmsg_next_seq(void);
/**
 * kmsg_read_record - one record in the format of /dev/kmsg: "level,sequence,microseconds,-;text\n"
 * @seq: which; moved to the next one on success, and to the oldest one on -EPIPE
 * Return: bytes put into @buf, 0 when there is no such record yet, -EPIPE when it was overwritten,
 * -EINVAL when @size is too small.
 */
ssize_t kmsg_read_record(u64 *seq, char *buf, size_t size);
/* Somebody will look at log_wait without reading first. */
void kmsg_watch(void);
/* One line from user space into the log, without the console's level filter being bypassed. */
void kmsg_write(int level, const char *text, size_t len);

#endif

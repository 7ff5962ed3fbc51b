/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What stands below the terminal layer: a driver for some minors and what it can do.
 */
#ifndef _LINUX_TTY_DRIVER_H
#define _LINUX_TTY_DRIVER_H

#include <linux/list.h>
#include <linux/types.h>
#include <asm/termbits.h>

struct inode;
struct tty_struct;

enum tty_driver_type {
	TTY_DRIVER_TYPE_SERIAL,
	TTY_DRIVER_TYPE_PTY,
};

/*
 * "locked": called with tty->lock held and interrupts off, must not sleep. The others may
 * sleep. NULL where a line says optional.
 */
struct tty_operations {
	/* the terminal of a device node, with a reference, or ERR_PTR; instead of ttys[] */
	struct tty_struct *(*lookup)(struct inode *inode);
	/* first open and last close, under tty_mutex; optional */
	int (*open)(struct tty_struct *tty);
	void (*close)(struct tty_struct *tty);
	/* after close, with no lock held; optional */
	void (*shutdown)(struct tty_struct *tty);
	/* may one more file be opened? optional */
	int (*may_open)(struct tty_struct *tty);
	/* the last reference is gone; optional, any context */
	void (*cleanup)(struct tty_struct *tty);
	/* locked: take what fits of finished output and say how much; how much would fit */
	size_t (*write)(struct tty_struct *tty, const u8 *buf, size_t n);
	size_t (*write_room)(struct tty_struct *tty);
	/* locked: send one character ahead of everything; optional */
	void (*send_xchar)(struct tty_struct *tty, u8 c);
	/* locked: bytes accepted and not yet sent; throw them away */
	size_t (*chars_in_buffer)(struct tty_struct *tty);
	void (*flush_buffer)(struct tty_struct *tty);
	/* locked: the last bytes are still on their way in the device; optional */
	bool (*transmitting)(struct tty_struct *tty);
	/* locked: tty->stopped changed; optional */
	void (*stop)(struct tty_struct *tty);
	void (*start)(struct tty_struct *tty);
	/* locked: correct tty->termios to what the device can do, and do it */
	void (*set_termios)(struct tty_struct *tty, const struct ktermios *old);
	/* locked: TIOCPKT_* bits for the master of a pty; optional */
	void (*packet_event)(struct tty_struct *tty, u8 bits);
	/* locked: the line discipline took input from tty->in, there is room again; optional */
	void (*unthrottle)(struct tty_struct *tty);
	/* modem lines and break; optional */
	int (*tiocmget)(struct tty_struct *tty);
	int (*tiocmset)(struct tty_struct *tty, unsigned int set, unsigned int clear);
	int (*break_ctl)(struct tty_struct *tty, bool on);
	/* the line was hung up; optional */
	void (*hangup)(struct tty_struct *tty);
	/* -ENOIOCTLCMD: not mine; optional */
	long (*ioctl)(struct tty_struct *tty, unsigned int cmd, unsigned long arg);
};

/*
 * Locks: [I] immutable after tty_register_driver()   [m] tty_mutex
 */
struct tty_driver {
	const char *name;		/* [I] "ttyS": the devices are ttyS0, ttyS1, ... */
	enum tty_driver_type type;	/* [I] */
	unsigned int major, minor_start, num; /* [I] */
	struct ktermios init_termios;	/* [I] */
	bool reset_termios;		/* [I] a hang-up restores init_termios */
	const struct tty_operations *ops; /* [I] */
	struct tty_struct **ttys;	/* [m] num of them, or NULL: ops->lookup() */
	struct list_head drivers;	/* [m] */
};

extern const struct ktermios tty_std_termios;

int tty_register_driver(struct tty_driver *driver);

#endif /* _LINUX_TTY_DRIVER_H */

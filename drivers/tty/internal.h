/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the files of drivers/tty share and nobody else sees.
 */
#ifndef _DRIVERS_TTY_INTERNAL_H
#define _DRIVERS_TTY_INTERNAL_H

#include <linux/ctype.h>
#include <linux/errno.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/poll.h>
#include <linux/sched.h>
#include <linux/signal.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/tty.h>
#include <linux/uaccess.h>
#include <linux/uio.h>

#define CC(tty, i)	((tty)->termios.c_cc[i])

/* Is @c the control character at c_cc[i]? 0 there means that it is off. */
static inline bool is_cc(const struct tty_struct *tty, int i, u8 c)
{
	return c && CC(tty, i) == c;
}

/* The second and later bytes of a character in UTF-8 take no column of their own. */
static inline bool is_continuation(const struct tty_struct *tty, u8 c)
{
	return _tty_iflag(tty, IUTF8) && (c & 0xc0) == 0x80;
}

#endif

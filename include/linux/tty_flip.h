/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * tty_fifo: a ring of bytes between two contexts that must not wait for each other: a serial
 * interrupt and the line discipline, a terminal and its pty master. Own lock, usable anywhere.
 */
#ifndef _LINUX_TTY_FLIP_H
#define _LINUX_TTY_FLIP_H

#include <linux/spinlock.h>
#include <linux/types.h>

struct tty_struct;

/* How a received byte arrived. */
enum tty_flag {
	TTY_NORMAL,
	TTY_BREAK,
	TTY_PARITY,
	TTY_FRAME,
	TTY_OVERRUN,
};

/*
 * Locks: [I] immutable   [f] lock
 */
struct tty_fifo {
	spinlock_t lock;
	u8 *data;			/* [I] size bytes */
	u8 *flags;			/* [I] an enum tty_flag for each, or NULL: all are normal */
	unsigned int size;		/* [I] a power of two */
	unsigned int head, tail;	/* [f] free running: next to write, next to read */
};

int tty_fifo_init(struct tty_fifo *fifo, unsigned int size, bool with_flags);
void tty_fifo_free(struct tty_fifo *fifo);
size_t tty_fifo_put(struct tty_fifo *fifo, const u8 *buf, size_t n);
bool tty_fifo_put_flag(struct tty_fifo *fifo, u8 c, enum tty_flag flag);
size_t tty_fifo_get(struct tty_fifo *fifo, u8 *buf, size_t n);
bool tty_fifo_peek(struct tty_fifo *fifo, u8 *c, enum tty_flag *flag);
void tty_fifo_skip(struct tty_fifo *fifo);
void tty_fifo_reset(struct tty_fifo *fifo);
void tty_fifo_truncate(struct tty_fifo *fifo, size_t keep);

static inline size_t tty_fifo_len(const struct tty_fifo *fifo)
{
	return READ_ONCE(fifo->head) - READ_ONCE(fifo->tail);
}

static inline size_t tty_fifo_room(const struct tty_fifo *fifo)
{
	return fifo->size - tty_fifo_len(fifo);
}

void tty_input_run(struct tty_struct *tty);
void tty_wakeup(struct tty_struct *tty);

#endif /* _LINUX_TTY_FLIP_H */

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * N_TTY, the one line discipline: what it keeps for each terminal and what the rest of the
 * folder asks of it. Everything here hangs below tty->lock.
 */
#ifndef _LINUX_TTY_LDISC_H
#define _LINUX_TTY_LDISC_H

#include <linux/types.h>
#include <linux/tty_flip.h>

struct tty_struct;
struct tty_file;
struct ktermios;
struct iov_iter;

#define N_TTY_BUF_SIZE	4096	/* cells of input, as programs know it from Linux */
#define N_TTY_ECHO_SIZE	4096	/* bytes of echo that found no room in the output */

/* One received character, with what the reader must know about it. */
typedef u16 tty_cell_t;
#define CELL_LINE_END	0x100	/* a canonical read stops behind this cell */
#define CELL_EOF	0x200	/* the end-of-file character: ends a line and is not part of it */

/*
 * The positions run freely; a cell's place is the position modulo the ring's size.
 * tail <= commit <= head: [tail, commit) are whole lines, [commit, head) is being edited.
 * Locks: [l] tty->lock
 */
struct n_tty {
	tty_cell_t *cells;		/* [l] N_TTY_BUF_SIZE of them */
	unsigned int head, commit, tail; /* [l] */
	unsigned int column;		/* [l] of the cursor, all accepted output counted */
	unsigned int line_column;	/* [l] where the line being edited begins */
	u8 *echo;			/* [l] ring of N_TTY_ECHO_SIZE */
	unsigned int echo_head, echo_tail; /* [l] */
	bool lnext;			/* [l] the next character is literal */
	bool erasing;			/* [l] within \.../ of ECHOPRT */
};

int n_tty_alloc(struct n_tty *ld);
void n_tty_free(struct n_tty *ld);

int __n_tty_receive(struct tty_struct *tty, u8 c, enum tty_flag flag);
bool __n_tty_room(struct tty_struct *tty);
void __n_tty_reset_input(struct tty_struct *tty);
void __n_tty_set_termios(struct tty_struct *tty, const struct ktermios *old);

size_t __n_tty_opost(struct tty_struct *tty, const u8 *buf, size_t n);
void __n_tty_echo(struct tty_struct *tty, u8 c);
void __n_tty_echo_raw(struct tty_struct *tty, const char *text, size_t n);
void __n_tty_echo_char(struct tty_struct *tty, u8 c);
bool __n_tty_flush_echo(struct tty_struct *tty);

bool n_tty_input_available(struct tty_struct *tty, bool poll);
size_t n_tty_inq(struct tty_struct *tty);
ssize_t n_tty_read(struct tty_file *tf, bool nonblock, struct iov_iter *to);
ssize_t n_tty_write(struct tty_file *tf, bool nonblock, struct iov_iter *from);

#endif /* _LINUX_TTY_LDISC_H */

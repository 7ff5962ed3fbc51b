// SPDX-License-Identifier: GPL-2.0-only
/*
 * N_TTY's way out: OPOST processing with its column, and the echo. Echo that finds no room
 * waits in a ring that is emptied before any program's output is taken, so that the column
 * is always the one after everything accepted. All functions: tty->lock held.
 */
#include "internal.h"

#define TAB_WIDTH	8

/* What one character becomes. */
struct opost {
	u8 text[TAB_WIDTH];
	unsigned int len;
	unsigned int column;		/* behind it */
};

static void opost_set(struct opost *out, const char *text, unsigned int len, unsigned int column)
{
	memcpy(out->text, text, len);
	out->len = len;
	out->column = column;
}

static void opost_newline(struct tty_struct *tty, struct opost *out, unsigned int column)
{
	if (_tty_oflag(tty, ONLCR))
		opost_set(out, "\r\n", 2, 0);
	else
		opost_set(out, "\n", 1, _tty_oflag(tty, ONLRET) ? 0 : column);
}

static void opost_return(struct tty_struct *tty, struct opost *out, unsigned int column)
{
	if (_tty_oflag(tty, ONOCR) && !column)
		opost_set(out, "", 0, 0);
	else if (_tty_oflag(tty, OCRNL))
		opost_set(out, "\n", 1, _tty_oflag(tty, ONLRET) ? 0 : column);
	else
		opost_set(out, "\r", 1, 0);
}

static void opost_tab(struct tty_struct *tty, struct opost *out, unsigned int column)
{
	unsigned int width = TAB_WIDTH - column % TAB_WIDTH;

	if (_tty_oflag(tty, TABDLY) == XTABS)
		opost_set(out, "        ", width, column + width);
	else
		opost_set(out, "\t", 1, column + width);
}

static void opost_other(struct tty_struct *tty, struct opost *out, u8 c, unsigned int column)
{
	if (!iscntrl(c)) {
		if (_tty_oflag(tty, OLCUC))
			c = toupper(c);
		if (!is_continuation(tty, c))
			column++;
	}
	opost_set(out, (const char *)&c, 1, column);
}

/* POSIX.1-2017 11.2.3: what @c becomes with OPOST, at the present column. */
static void opost_char(struct tty_struct *tty, u8 c, struct opost *out)
{
	unsigned int column = tty->ld.column;

	switch (c) {
	case '\n':
		opost_newline(tty, out, column);
		break;
	case '\r':
		opost_return(tty, out, column);
		break;
	case '\t':
		opost_tab(tty, out, column);
		break;
	case '\b':
		opost_set(out, "\b", 1, column ? column - 1 : 0);
		break;
	default:
		opost_other(tty, out, c, column);
		break;
	}
}

/* Bytes at the start of @buf that stand for themselves: one call to the driver moves them. */
static size_t opost_plain_run(struct tty_struct *tty, const u8 *buf, size_t n)
{
	size_t i;

	if (_tty_oflag(tty, OLCUC))
		return 0;
	for (i = 0; i < n && !iscntrl(buf[i]); i++)
		;
	return i;
}

static void opost_advance(struct tty_struct *tty, const u8 *buf, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!is_continuation(tty, buf[i]))
			tty->ld.column++;
}

static size_t opost_write(struct tty_struct *tty, const u8 *buf, size_t n)
{
	size_t done = 0, run;
	struct opost out;

	while (done < n) {
		run = opost_plain_run(tty, buf + done, n - done);
		if (run) {
			run = tty->ops->write(tty, buf + done, run);
			opost_advance(tty, buf + done, run);
			if (!run)
				break;
			done += run;
			continue;
		}
		opost_char(tty, buf[done], &out);
		if (tty->ops->write_room(tty) < out.len)
			break;
		tty->ops->write(tty, out.text, out.len);
		tty->ld.column = out.column;
		done++;
	}
	return done;
}

/**
 * __n_tty_opost - accept a program's output
 * @tty: the terminal
 * @buf: kernel memory
 * @n: bytes
 *
 * Context: tty->lock.
 * Return: how many bytes of @buf were taken; the rest waits for room.
 */
size_t __n_tty_opost(struct tty_struct *tty, const u8 *buf, size_t n)
{
	if (!__n_tty_flush_echo(tty))
		return 0;
	if (_tty_oflag(tty, OPOST))
		return opost_write(tty, buf, n);
	return tty->ops->write(tty, buf, n);
}

/* Move waiting echo to the driver. Return: true when none is left. */
bool __n_tty_flush_echo(struct tty_struct *tty)
{
	struct n_tty *ld = &tty->ld;
	unsigned int slot, run;
	size_t sent;

	while (ld->echo_tail != ld->echo_head) {
		slot = ld->echo_tail % N_TTY_ECHO_SIZE;
		run = min(ld->echo_head - ld->echo_tail, N_TTY_ECHO_SIZE - slot);
		sent = tty->ops->write(tty, ld->echo + slot, run);
		ld->echo_tail += sent;
		if (!sent)
			return false;
	}
	return true;
}

/* Put finished bytes out, or in the ring; when that is full too, they are lost, whole. */
static bool echo_put(struct tty_struct *tty, const u8 *text, unsigned int n)
{
	struct n_tty *ld = &tty->ld;

	if (__n_tty_flush_echo(tty) && tty->ops->write_room(tty) >= n) {
		tty->ops->write(tty, text, n);
		return true;
	}
	if (N_TTY_ECHO_SIZE - (ld->echo_head - ld->echo_tail) < n)
		return false;
	for (unsigned int i = 0; i < n; i++)
		ld->echo[ld->echo_head++ % N_TTY_ECHO_SIZE] = text[i];
	return true;
}

/* Echo one character as output processing makes it. */
void __n_tty_echo(struct tty_struct *tty, u8 c)
{
	struct opost out;

	if (!_tty_oflag(tty, OPOST)) {
		echo_put(tty, &c, 1);
		return;
	}
	opost_char(tty, c, &out);
	if (echo_put(tty, out.text, out.len))
		tty->ld.column = out.column;
}

/* Echo a sequence of this file's own making, character by character. */
void __n_tty_echo_raw(struct tty_struct *tty, const char *text, size_t n)
{
	for (size_t i = 0; i < n; i++)
		__n_tty_echo(tty, text[i]);
}

/* Echo an input character: with ECHOCTL a control character is shown as ^X. */
void __n_tty_echo_char(struct tty_struct *tty, u8 c)
{
	u8 shown[2] = { '^', c ^ 0100 };

	if (!_tty_lflag(tty, ECHOCTL) || !iscntrl(c) || c == '\t') {
		__n_tty_echo(tty, c);
		return;
	}
	if (echo_put(tty, shown, 2))
		tty->ld.column += 2;
}

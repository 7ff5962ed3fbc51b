// SPDX-License-Identifier: GPL-2.0-only
/*
 * N_TTY's way in: one received character at a time is mapped, acted upon, edited into the
 * line, echoed. POSIX.1-2017 chapter 11 is the rule, termios(3) the extensions.
 * All functions: tty->lock held, often in an interrupt; signals are left to the caller.
 */
#include "internal.h"

static unsigned int ring_used(const struct n_tty *ld)
{
	return ld->head - ld->tail;
}

static tty_cell_t *cell_at(struct n_tty *ld, unsigned int pos)
{
	return &ld->cells[pos % N_TTY_BUF_SIZE];
}

/*
 * The last cell is kept for the end of a line: a line that is too long loses its excess
 * and can still be ended.
 */
static void put_cell(struct n_tty *ld, tty_cell_t cell)
{
	if (ring_used(ld) < N_TTY_BUF_SIZE - 1 ||
	    ((cell & CELL_LINE_END) && ring_used(ld) < N_TTY_BUF_SIZE))
		*cell_at(ld, ld->head++) = cell;
}

static void commit_line(struct n_tty *ld, tty_cell_t last)
{
	put_cell(ld, last | CELL_LINE_END);
	ld->commit = ld->head;
}

/* May one more received character be processed, or must it wait for the reader? */
bool __n_tty_room(struct tty_struct *tty)
{
	struct n_tty *ld = &tty->ld;

	/* With no complete line the reader cannot help: take all, and drop the excess. */
	if (_tty_lflag(tty, ICANON) && ld->commit == ld->tail)
		return true;
	/* The last cell is not for characters, and PARMRK makes three cells of one. */
	return N_TTY_BUF_SIZE - ring_used(ld) > (_tty_iflag(tty, PARMRK) ? 3 : 1);
}

/* Forget all input. */
void __n_tty_reset_input(struct tty_struct *tty)
{
	struct n_tty *ld = &tty->ld;

	ld->head = 0;
	ld->commit = 0;
	ld->tail = 0;
	ld->lnext = false;
	ld->erasing = false;
}

/**
 * __n_tty_set_termios - adapt to a change of tty->termios
 * @tty: the terminal, with the new settings
 * @old: the previous ones
 *
 * Entering canonical mode makes what was received so far readable at once, as one piece;
 * leaving it makes the unfinished line readable.
 *
 * Context: tty->lock.
 */
void __n_tty_set_termios(struct tty_struct *tty, const struct ktermios *old)
{
	struct n_tty *ld = &tty->ld;

	if ((old->c_lflag ^ tty->termios.c_lflag) & (ICANON | EXTPROC)) {
		for (unsigned int pos = ld->tail; pos != ld->head; pos++)
			*cell_at(ld, pos) &= ~(CELL_LINE_END | CELL_EOF);
		ld->commit = ld->tail;
		if (_tty_lflag(tty, ICANON) && ring_used(ld)) {
			*cell_at(ld, ld->head - 1) |= CELL_LINE_END;
			ld->commit = ld->head;
		}
		ld->erasing = false;
		ld->lnext = false;
	}
	if ((old->c_iflag & IXON) && !_tty_iflag(tty, IXON) && !tty->tco_stopped)
		__tty_start(tty);
}

/* Store a character outside canonical meaning; PARMRK doubles \377 to mark it as genuine. */
static void put_char(struct tty_struct *tty, u8 c)
{
	if (c == 0377 && _tty_iflag(tty, PARMRK) && !_tty_iflag(tty, ISTRIP))
		put_cell(&tty->ld, c);
	put_cell(&tty->ld, c);
}

/* ECHOPRT: close the \.../ around erased characters. */
static void finish_erasing(struct tty_struct *tty)
{
	if (!tty->ld.erasing)
		return;
	__n_tty_echo(tty, '/');
	tty->ld.erasing = false;
}

/* The columns that @c takes when shown at @column. */
static unsigned int shown_width(struct tty_struct *tty, u8 c, unsigned int column)
{
	if (c == '\t')
		return 8 - column % 8;
	if (iscntrl(c))
		return _tty_lflag(tty, ECHOCTL) ? 2 : 0;
	return !is_continuation(tty, c);
}

/* The width of the tab that was just taken off the end of the edited line. */
static unsigned int erased_tab_width(struct tty_struct *tty)
{
	struct n_tty *ld = &tty->ld;
	unsigned int column = ld->line_column;

	for (unsigned int pos = ld->commit; pos != ld->head; pos++)
		column += shown_width(tty, *cell_at(ld, pos), column);
	return 8 - column % 8;
}

static void echo_erased(struct tty_struct *tty, u8 c)
{
	unsigned int width;

	if (c == '\t') {
		for (width = erased_tab_width(tty); width; width--)
			__n_tty_echo(tty, '\b');
		return;
	}
	for (width = shown_width(tty, c, 0); width; width--)
		__n_tty_echo_raw(tty, "\b \b", 3);
}

static void echo_erased_printed(struct tty_struct *tty, u8 c, unsigned int end)
{
	if (!tty->ld.erasing) {
		__n_tty_echo(tty, '\\');
		tty->ld.erasing = true;
	}
	__n_tty_echo_char(tty, c);
	for (unsigned int pos = tty->ld.head + 1; pos < end; pos++)
		__n_tty_echo(tty, *cell_at(&tty->ld, pos));
}

/* Take the last character off the edited line, all its bytes in UTF-8. Return: its first. */
static u8 pop_char(struct tty_struct *tty)
{
	struct n_tty *ld = &tty->ld;
	unsigned int pos = ld->head;

	do {
		pos--;
	} while (pos != ld->commit && is_continuation(tty, *cell_at(ld, pos)));
	ld->head = pos;
	return *cell_at(ld, pos);
}

static void erase_char(struct tty_struct *tty, bool by_erase)
{
	unsigned int end = tty->ld.head;
	u8 c = pop_char(tty);

	if (!_tty_lflag(tty, ECHO))
		return;
	if (_tty_lflag(tty, ECHOPRT))
		echo_erased_printed(tty, c, end);
	else if (by_erase && !_tty_lflag(tty, ECHOE))
		__n_tty_echo_char(tty, CC(tty, VERASE));
	else
		echo_erased(tty, c);
}

/* The last character of the edited line, or -1: none, or a part of one, which stays. */
static int last_char(struct tty_struct *tty)
{
	struct n_tty *ld = &tty->ld;
	unsigned int pos = ld->head;

	if (pos == ld->commit)
		return -1;
	do {
		pos--;
	} while (pos != ld->commit && is_continuation(tty, *cell_at(ld, pos)));
	return is_continuation(tty, *cell_at(ld, pos)) ? -1 : (u8)*cell_at(ld, pos);
}

/* A word is letters, digits and '_'; what stands behind it goes with it. */
static void erase_word(struct tty_struct *tty)
{
	bool in_word = false;
	int c;

	while ((c = last_char(tty)) >= 0) {
		if (isalnum(c) || c == '_')
			in_word = true;
		else if (in_word)
			break;
		erase_char(tty, false);
	}
}

static void kill_line(struct tty_struct *tty)
{
	const unsigned int visual = ECHOK | ECHOKE | ECHOE;

	if (!_tty_lflag(tty, ECHO)) {
		tty->ld.head = tty->ld.commit;
		return;
	}
	if (_tty_lflag(tty, visual) == visual) {
		while (last_char(tty) >= 0)
			erase_char(tty, false);
		return;
	}
	tty->ld.head = tty->ld.commit;
	finish_erasing(tty);
	__n_tty_echo_char(tty, CC(tty, VKILL));
	if (_tty_lflag(tty, ECHOK))
		__n_tty_echo(tty, '\n');
}

static void reprint_line(struct tty_struct *tty)
{
	struct n_tty *ld = &tty->ld;

	finish_erasing(tty);
	__n_tty_echo_char(tty, CC(tty, VREPRINT));
	__n_tty_echo(tty, '\n');
	ld->line_column = ld->column;
	for (unsigned int pos = ld->commit; pos != ld->head; pos++)
		__n_tty_echo_char(tty, *cell_at(ld, pos));
}

/* Is @c one of the editing characters? If so, it was obeyed. */
static bool edit_char(struct tty_struct *tty, u8 c)
{
	bool iexten = _tty_lflag(tty, IEXTEN);

	if (is_cc(tty, VERASE, c)) {
		if (last_char(tty) >= 0)
			erase_char(tty, true);
	} else if (is_cc(tty, VKILL, c)) {
		if (tty->ld.head != tty->ld.commit)
			kill_line(tty);
	} else if (iexten && is_cc(tty, VWERASE, c)) {
		erase_word(tty);
	} else if (iexten && is_cc(tty, VLNEXT, c)) {
		tty->ld.lnext = true;
		if (_tty_lflag(tty, ECHO)) {
			finish_erasing(tty);
			if (_tty_lflag(tty, ECHOCTL))
				__n_tty_echo_raw(tty, "^\b", 2);
		}
		return true;
	} else if (iexten && is_cc(tty, VREPRINT, c) && _tty_lflag(tty, ECHO)) {
		reprint_line(tty);
		return true;
	} else {
		return false;
	}
	if (tty->ld.head == tty->ld.commit && _tty_lflag(tty, ECHO))
		finish_erasing(tty);
	return true;
}

/* @plain: a newline that was mapped is obeyed, one that stands for itself is shown as ^J. */
static void echo_received(struct tty_struct *tty, u8 c, bool plain)
{
	struct n_tty *ld = &tty->ld;

	if (!_tty_lflag(tty, ECHO))
		return;
	finish_erasing(tty);
	if (ld->head == ld->commit)
		ld->line_column = ld->column;
	if (plain)
		__n_tty_echo(tty, c);
	else
		__n_tty_echo_char(tty, c);
}

/* Is @c an end of line? If so, the line is complete. */
static bool end_line(struct tty_struct *tty, u8 c)
{
	struct n_tty *ld = &tty->ld;

	if (c == '\n') {
		if (_tty_lflag(tty, ECHO | ECHONL))
			__n_tty_echo(tty, c);
		commit_line(ld, c);
	} else if (is_cc(tty, VEOF, c)) {
		commit_line(ld, CELL_EOF);
	} else if (is_cc(tty, VEOL, c) ||
		   (is_cc(tty, VEOL2, c) && _tty_lflag(tty, IEXTEN))) {
		echo_received(tty, c, false);
		if (c == 0377 && _tty_iflag(tty, PARMRK))
			put_cell(ld, c);
		commit_line(ld, c);
	} else {
		return false;
	}
	return true;
}

/* A full buffer is told by a bell, once for each character that it cost. */
static bool line_is_full(struct tty_struct *tty)
{
	return ring_used(&tty->ld) >= N_TTY_BUF_SIZE - 1;
}

static void take_char(struct tty_struct *tty, u8 c, bool plain)
{
	if (_tty_lflag(tty, ICANON) && line_is_full(tty)) {
		if (_tty_iflag(tty, IMAXBEL))
			__n_tty_echo(tty, '\a');
		return;
	}
	echo_received(tty, c, plain);
	put_char(tty, c);
}

/* The signal that @c asks for, or 0. */
static int signal_of(struct tty_struct *tty, u8 c)
{
	if (!_tty_lflag(tty, ISIG))
		return 0;
	if (is_cc(tty, VINTR, c))
		return SIGINT;
	if (is_cc(tty, VQUIT, c))
		return SIGQUIT;
	return is_cc(tty, VSUSP, c) ? SIGTSTP : 0;
}

/* Unless NOFLSH, a signal from the keyboard empties both directions. */
static void flush_for_signal(struct tty_struct *tty)
{
	if (_tty_lflag(tty, NOFLSH))
		return;
	tty->ld.echo_tail = tty->ld.echo_head;
	if (tty->ops->flush_buffer)
		tty->ops->flush_buffer(tty);
	__n_tty_reset_input(tty);
	__tty_packet_event(tty, TIOCPKT_FLUSHREAD);
}

static void take_signal_char(struct tty_struct *tty, u8 c)
{
	flush_for_signal(tty);
	if (_tty_iflag(tty, IXON))
		__tty_start(tty);
	if (_tty_lflag(tty, ECHO))
		__n_tty_echo_char(tty, c);
}

/* ^S and ^Q. Return: true when @c was one of them. */
static bool flow_control_char(struct tty_struct *tty, u8 c)
{
	if (!_tty_iflag(tty, IXON))
		return false;
	if (is_cc(tty, VSTART, c)) {
		__tty_start(tty);
		return true;
	}
	if (is_cc(tty, VSTOP, c)) {
		__tty_stop(tty);
		return true;
	}
	return false;
}

/* Break, or a byte received with an error. Return: a signal to send, or 0. */
static int receive_error(struct tty_struct *tty, u8 c, enum tty_flag flag)
{
	struct n_tty *ld = &tty->ld;

	if (flag == TTY_OVERRUN)
		return 0;
	if (flag == TTY_BREAK) {
		if (_tty_iflag(tty, IGNBRK))
			return 0;
		if (_tty_iflag(tty, BRKINT)) {
			flush_for_signal(tty);
			return SIGINT;
		}
		c = 0;
	} else if (_tty_iflag(tty, IGNPAR)) {
		return 0;
	}
	if (_tty_iflag(tty, PARMRK)) {
		put_cell(ld, 0377);
		put_cell(ld, 0);
		put_cell(ld, c);
	} else {
		put_cell(ld, 0);
	}
	return 0;
}

/* The mappings of c_iflag. Return: false when the character vanishes. */
static bool map_input(struct tty_struct *tty, u8 *c)
{
	if (_tty_iflag(tty, IUCLC) && _tty_lflag(tty, IEXTEN))
		*c = tolower(*c);
	if (*c == '\r') {
		if (_tty_iflag(tty, IGNCR))
			return false;
		if (_tty_iflag(tty, ICRNL))
			*c = '\n';
	} else if (*c == '\n' && _tty_iflag(tty, INLCR)) {
		*c = '\r';
	}
	return true;
}

/**
 * __n_tty_receive - process one received character
 * @tty: the terminal
 * @c: the byte
 * @flag: how it arrived
 *
 * Context: tty->lock. The caller made sure of __n_tty_room().
 * Return: 0, or the signal that the caller sends to the foreground group after unlocking.
 */
int __n_tty_receive(struct tty_struct *tty, u8 c, enum tty_flag flag)
{
	u8 typed;
	int sig;

	if (flag == TTY_BREAK || flag == TTY_OVERRUN ||
	    (flag != TTY_NORMAL && _tty_iflag(tty, INPCK)))
		return receive_error(tty, c, flag);
	if (_tty_iflag(tty, ISTRIP))
		c &= 0x7f;
	if (_tty_lflag(tty, EXTPROC)) {
		put_cell(&tty->ld, c);
		return 0;
	}
	if (tty->ld.lnext) {
		tty->ld.lnext = false;
		take_char(tty, c, false);
		return 0;
	}
	if (flow_control_char(tty, c))
		return 0;
	sig = signal_of(tty, c);
	if (sig) {
		take_signal_char(tty, c);
		return sig;
	}
	if (tty->stopped && _tty_iflag(tty, IXON) && _tty_iflag(tty, IXANY))
		__tty_start(tty);
	typed = c;
	if (!map_input(tty, &c))
		return 0;
	if (_tty_lflag(tty, ICANON) && (edit_char(tty, c) || end_line(tty, c)))
		return 0;
	take_char(tty, c, c == '\n' && typed == '\r');
	return 0;
}

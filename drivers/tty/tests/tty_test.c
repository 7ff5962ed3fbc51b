// SPDX-License-Identifier: GPL-2.0-only
/*
 * What no pty can show: line errors and break, the order of echo and output on a stuck line,
 * the rings. A terminal of its own, on a driver that keeps what it is sent.
 */
#include <linux/selftest.h>
#include "../internal.h"

static struct {
	char text[64];
	size_t len, room;
} line;

static size_t line_write(struct tty_struct *tty, const u8 *buf, size_t n)
{
	n = min(n, line.room);
	memcpy(line.text + line.len, buf, n);
	line.len += n;
	line.room -= n;
	return n;
}

static size_t line_room(struct tty_struct *tty)
{
	return line.room;
}

static size_t line_unsent(struct tty_struct *tty)
{
	return 0;
}

static void line_flush(struct tty_struct *tty)
{
}

static const struct tty_operations line_ops = {
	.write = line_write,
	.write_room = line_room,
	.chars_in_buffer = line_unsent,
	.flush_buffer = line_flush,
};

static struct tty_driver line_driver = { .name = "test", .ops = &line_ops };

static struct tty_struct *test_tty(tcflag_t iflag, tcflag_t lflag)
{
	struct tty_struct *tty;

	line_driver.init_termios = tty_std_termios;
	line_driver.init_termios.c_iflag = iflag;
	line_driver.init_termios.c_lflag = lflag;
	line.len = 0;
	line.room = sizeof(line.text);
	tty = tty_alloc(&line_driver, 0);
	if (tty && tty_setup_input(tty, 64, true)) {
		tty_put(tty);
		return NULL;
	}
	return tty;
}

static int receive(struct tty_struct *tty, u8 c, enum tty_flag flag)
{
	unsigned long irq;
	int sig;

	spin_lock_irqsave(&tty->lock, irq);
	sig = __n_tty_receive(tty, c, flag);
	spin_unlock_irqrestore(&tty->lock, irq);
	return sig;
}

static size_t output(struct tty_struct *tty, const char *text)
{
	unsigned long irq;
	size_t n;

	spin_lock_irqsave(&tty->lock, irq);
	n = __n_tty_opost(tty, (const u8 *)text, strlen(text));
	spin_unlock_irqrestore(&tty->lock, irq);
	return n;
}

/* Does the raw input consist of exactly @n bytes @wanted? Empties it. */
static bool input_is(struct tty_struct *tty, const char *wanted, size_t n)
{
	struct n_tty *ld = &tty->ld;
	bool same = ld->head - ld->tail == n;

	for (size_t i = 0; same && i < n; i++)
		same = (u8)ld->cells[(ld->tail + i) % N_TTY_BUF_SIZE] == (u8)wanted[i];
	ld->tail = ld->head;
	return same;
}

static bool sent_is(const char *wanted)
{
	return line.len == strlen(wanted) && !memcmp(line.text, wanted, line.len);
}

/* termios(3): IGNBRK, BRKINT, PARMRK. */
SELFTEST(tty, break_follows_its_flags)
{
	struct tty_struct *tty = test_tty(0, 0);

	KT_ASSERT(tty);
	KT_EXPECT_EQ(receive(tty, 0, TTY_BREAK), 0);
	KT_EXPECT(input_is(tty, "\0", 1));
	tty->termios.c_iflag = PARMRK;
	KT_EXPECT_EQ(receive(tty, 0, TTY_BREAK), 0);
	KT_EXPECT(input_is(tty, "\377\0\0", 3));
	tty->termios.c_iflag = BRKINT;
	receive(tty, 'x', TTY_NORMAL);
	KT_EXPECT_EQ(receive(tty, 0, TTY_BREAK), SIGINT);
	KT_EXPECT(input_is(tty, "", 0));
	tty->termios.c_iflag = IGNBRK | BRKINT;
	KT_EXPECT_EQ(receive(tty, 0, TTY_BREAK), 0);
	KT_EXPECT(input_is(tty, "", 0));
	tty_put(tty);
}

/* INPCK, IGNPAR, PARMRK. */
SELFTEST(tty, parity_errors_follow_their_flags)
{
	struct tty_struct *tty = test_tty(0, 0);

	KT_ASSERT(tty);
	receive(tty, 'a', TTY_PARITY);
	KT_EXPECT(input_is(tty, "a", 1));
	tty->termios.c_iflag = INPCK;
	receive(tty, 'a', TTY_PARITY);
	receive(tty, 'b', TTY_FRAME);
	KT_EXPECT(input_is(tty, "\0\0", 2));
	tty->termios.c_iflag = INPCK | PARMRK;
	receive(tty, 'a', TTY_PARITY);
	KT_EXPECT(input_is(tty, "\377\0a", 3));
	tty->termios.c_iflag = INPCK | PARMRK | IGNPAR;
	receive(tty, 'a', TTY_PARITY);
	KT_EXPECT(input_is(tty, "", 0));
	tty_put(tty);
}

/* A stuck line: echo waits, later output does not overtake it, nothing is lost. */
SELFTEST(tty, echo_keeps_its_place_on_a_stuck_line)
{
	struct tty_struct *tty = test_tty(0, ECHO | ECHOCTL);

	KT_ASSERT(tty);
	KT_EXPECT_EQ(output(tty, "ab\n"), 3);
	line.room = 1;
	receive(tty, 1, TTY_NORMAL);		/* ^A needs two */
	KT_EXPECT_EQ(output(tty, "xy"), 0);
	line.room = 3;
	KT_EXPECT_EQ(output(tty, "xy"), 2);
	KT_EXPECT(sent_is("ab\r\n^Axy"));
	KT_EXPECT_EQ(tty->ld.column, 4);
	tty_put(tty);
}

/* A newline with half its room stays whole. */
SELFTEST(tty, output_is_not_split_within_a_character)
{
	struct tty_struct *tty = test_tty(0, 0);

	KT_ASSERT(tty);
	line.room = 3;
	KT_EXPECT_EQ(output(tty, "ab\ncd"), 2);
	KT_EXPECT(sent_is("ab"));
	line.room = 10;
	KT_EXPECT_EQ(output(tty, "\ncd"), 3);
	KT_EXPECT(sent_is("ab\r\ncd"));
	tty_put(tty);
}

SELFTEST(tty, rings_wrap)
{
	struct tty_fifo fifo = { };
	u8 buf[16], next = 0, expected = 0;
	enum tty_flag flag;

	KT_ASSERT(!tty_fifo_init(&fifo, 8, true));
	for (int turn = 0; turn < 20; turn++) {
		for (int i = 0; i < 5; i++)
			buf[i] = next++;
		KT_EXPECT_EQ(tty_fifo_put(&fifo, buf, 5), 5);
		KT_EXPECT_EQ(tty_fifo_get(&fifo, buf, 16), 5);
		for (int i = 0; i < 5; i++)
			KT_EXPECT_EQ(buf[i], expected++);
	}
	KT_EXPECT_EQ(tty_fifo_put(&fifo, buf, 16), 8);
	KT_EXPECT(!tty_fifo_put_flag(&fifo, 'x', TTY_BREAK));
	tty_fifo_truncate(&fifo, 3);
	KT_EXPECT_EQ(tty_fifo_len(&fifo), 3);
	tty_fifo_reset(&fifo);
	KT_EXPECT(tty_fifo_put_flag(&fifo, 'x', TTY_BREAK));
	KT_EXPECT(tty_fifo_peek(&fifo, buf, &flag));
	KT_EXPECT_EQ(buf[0], 'x');
	KT_EXPECT_EQ(flag, TTY_BREAK);
	tty_fifo_skip(&fifo);
	KT_EXPECT(!tty_fifo_peek(&fifo, buf, &flag));
	tty_fifo_free(&fifo);
}

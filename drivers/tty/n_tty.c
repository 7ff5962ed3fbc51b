// SPDX-License-Identifier: GPL-2.0-only
/*
 * N_TTY between the processes and the line: read(2) with its canonical and MIN/TIME rules,
 * write(2), and the pump that carries received bytes into the line discipline.
 * Readers and writers hold the terminal's mutex of their direction and take tty->lock briefly.
 */
#include "internal.h"

#define CHUNK		256		/* bytes moved under tty->lock at a time */
#define DECISECOND	(100L * 1000 * 1000)	/* VTIME's unit, in ns */

/* Allocate the rings. Context: sleeps. Return: 0 or -ENOMEM; n_tty_free() is due in any case. */
int n_tty_alloc(struct n_tty *ld)
{
	ld->cells = kmalloc(N_TTY_BUF_SIZE * sizeof(*ld->cells), GFP_KERNEL);
	if (!ld->cells)
		return -ENOMEM;
	ld->echo = kmalloc(N_TTY_ECHO_SIZE, GFP_KERNEL);
	return ld->echo ? 0 : -ENOMEM;
}

void n_tty_free(struct n_tty *ld)
{
	kfree(ld->cells);
	kfree(ld->echo);
	ld->cells = NULL;
	ld->echo = NULL;
}

/* ---- the pump ---- */

/* Process what was received until a signal is due or room runs out. Context: tty->lock. */
static int input_run_locked(struct tty_struct *tty)
{
	enum tty_flag flag;
	int sig = 0;
	u8 c;

	while (!sig && __n_tty_room(tty) && tty_fifo_peek(&tty->in, &c, &flag)) {
		tty_fifo_skip(&tty->in);
		sig = __n_tty_receive(tty, c, flag);
	}
	return sig;
}

/* IXOFF: stop the sender when three quarters of the ring are waiting, release it below one. */
static void input_flow_control(struct tty_struct *tty)
{
	size_t waiting = tty_fifo_len(&tty->in);
	u8 c = 0;

	if (!tty->throttled && _tty_iflag(tty, IXOFF) && waiting > tty->in.size / 4 * 3)
		c = CC(tty, VSTOP);
	else if (tty->throttled && waiting <= tty->in.size / 4)
		c = CC(tty, VSTART);
	else
		return;
	tty->throttled = !tty->throttled;
	if (c && tty->ops->send_xchar)
		tty->ops->send_xchar(tty, c);
}

static int input_step(struct tty_struct *tty, struct pid **pgrp, bool *available)
{
	unsigned long irq;
	size_t before;
	int sig;

	spin_lock_irqsave(&tty->lock, irq);
	before = tty_fifo_len(&tty->in);
	sig = input_run_locked(tty);
	*pgrp = sig ? get_pid(tty->pgrp) : NULL;
	*available = n_tty_input_available(tty, false);
	input_flow_control(tty);
	if (tty->ops->unthrottle && before != tty_fifo_len(&tty->in))
		tty->ops->unthrottle(tty);
	spin_unlock_irqrestore(&tty->lock, irq);
	return sig;
}

/**
 * tty_input_run - hand received bytes to the line discipline
 * @tty: the terminal whose ->in was filled, or whose reader made room
 *
 * Signals go out between the characters that asked for them and the next, with no lock held.
 *
 * Context: any; takes tty->lock, then tasklist_lock for reading.
 */
void tty_input_run(struct tty_struct *tty)
{
	struct pid *pgrp;
	bool available;
	int sig;

	do {
		sig = input_step(tty, &pgrp, &available);
		if (pgrp) {
			kill_pgrp(pgrp, sig, 1);
			put_pid(pgrp);
		}
		if (available) {
			wake_up_interruptible_poll(&tty->read_wait, EPOLLIN | EPOLLRDNORM);
			kill_fasync(&tty->fasync, SIGIO, POLL_IN);
		}
	} while (sig);
}

/**
 * tty_wakeup - the driver has room for output again
 * @tty: the terminal
 *
 * Context: any, with none of the driver's locks held.
 */
void tty_wakeup(struct tty_struct *tty)
{
	unsigned long irq;

	spin_lock_irqsave(&tty->lock, irq);
	__n_tty_flush_echo(tty);
	spin_unlock_irqrestore(&tty->lock, irq);
	wake_up_interruptible_poll(&tty->write_wait, EPOLLOUT | EPOLLWRNORM);
}

/* ---- reading ---- */

/* Would read() find something? With @poll: as much as VMIN asks for. Needs no lock. */
bool n_tty_input_available(struct tty_struct *tty, bool poll)
{
	struct n_tty *ld = &tty->ld;
	unsigned int wanted = 1;

	if (_tty_lflag(tty, ICANON) && !_tty_lflag(tty, EXTPROC))
		return READ_ONCE(ld->commit) != READ_ONCE(ld->tail);
	if (poll && !CC(tty, VTIME) && CC(tty, VMIN))
		wanted = CC(tty, VMIN);
	return READ_ONCE(ld->head) - READ_ONCE(ld->tail) >= wanted;
}

/* FIONREAD: bytes that can be read now; end-of-file marks do not count. */
size_t n_tty_inq(struct tty_struct *tty)
{
	struct n_tty *ld = &tty->ld;
	unsigned long irq;
	size_t n = 0;

	spin_lock_irqsave(&tty->lock, irq);
	if (!_tty_lflag(tty, ICANON))
		n = ld->head - ld->tail;
	else
		for (unsigned int pos = ld->tail; pos != ld->commit; pos++)
			n += !(ld->cells[pos % N_TTY_BUF_SIZE] & CELL_EOF);
	spin_unlock_irqrestore(&tty->lock, irq);
	return n;
}

static tty_cell_t next_cell(struct n_tty *ld)
{
	return ld->cells[ld->tail % N_TTY_BUF_SIZE];
}

/*
 * Canonical: up to the end of the line. When @last (the caller's buffer ends with @want), an
 * end-of-file mark right behind is taken too: it belongs to what was read.
 */
static size_t take_line(struct n_tty *ld, u8 *buf, size_t want, bool last, bool *end)
{
	tty_cell_t cell;
	size_t n = 0;

	while (n < want && ld->tail != ld->commit && !*end) {
		cell = next_cell(ld);
		ld->tail++;
		if (!(cell & CELL_EOF))
			buf[n++] = cell;
		*end = cell & CELL_LINE_END;
	}
	if (last && !*end && n && ld->tail != ld->commit && (next_cell(ld) & CELL_EOF)) {
		ld->tail++;
		*end = true;
	}
	return n;
}

static size_t take_raw(struct n_tty *ld, u8 *buf, size_t want)
{
	size_t n = 0;

	while (n < want && ld->tail != ld->head) {
		buf[n++] = next_cell(ld);
		ld->tail++;
	}
	ld->commit = ld->tail;
	return n;
}

/* Take input. @end: a canonical read is complete, with or without bytes. */
static size_t take_input(struct tty_struct *tty, u8 *buf, size_t want, bool last, bool *end)
{
	unsigned long irq;
	size_t n;

	*end = false;
	spin_lock_irqsave(&tty->lock, irq);
	if (_tty_lflag(tty, ICANON) && !_tty_lflag(tty, EXTPROC))
		n = take_line(&tty->ld, buf, want, last, end);
	else
		n = take_raw(&tty->ld, buf, want);
	spin_unlock_irqrestore(&tty->lock, irq);
	return n;
}

/* How long and for how much a read waits; see termios(3), "MIN and TIME". */
struct read_rule {
	size_t minimum;			/* return with so many, or with one if 0 */
	long timeout;			/* ns to the next byte, 0: do not wait at all */
	long interval;			/* ns between bytes once one came, 0: for ever */
};

static struct read_rule read_rule(struct tty_struct *tty)
{
	struct read_rule rule = { .minimum = 0, .timeout = MAX_SCHEDULE_TIMEOUT };
	long time = CC(tty, VTIME) * DECISECOND;

	if (_tty_lflag(tty, ICANON))
		return rule;
	rule.minimum = CC(tty, VMIN);
	if (rule.minimum) {
		rule.interval = time;
		return rule;
	}
	rule.timeout = time;
	return rule;
}

/* Sleep for input. Return: positive when there may be some, 0 when time is over, -errno. */
static long read_wait(struct tty_file *tf, long *timeout)
{
	struct tty_struct *tty = tf->tty;
	long left;

	left = wait_event_interruptible_timeout(tty->read_wait,
						n_tty_input_available(tty, false) ||
						tty_file_hung_up(tf), *timeout);
	if (left > 0 && *timeout != MAX_SCHEDULE_TIMEOUT)
		*timeout = left;
	return left;
}

/* Nothing to read at the moment. Return: 1 try again, 0 the read is over, or -errno. */
static long read_nothing(struct tty_file *tf, bool nonblock, struct read_rule *rule)
{
	long left;

	/* A reader that waited while the pty's master was closed is told more than end of file. */
	if (tty_file_hung_up(tf))
		return READ_ONCE(tf->tty->line_gone) ? -EIO : 0;
	if (!rule->timeout)
		return 0;
	if (nonblock)
		return -EAGAIN;
	left = read_wait(tf, &rule->timeout);
	if (left < 0)
		return left;
	return left > 0;
}

static ssize_t read_loop(struct tty_file *tf, bool nonblock, struct iov_iter *to)
{
	struct read_rule rule = read_rule(tf->tty);
	size_t done = 0, n, want;
	u8 chunk[CHUNK];
	bool end;
	long err;

	while (iov_iter_count(to)) {
		want = min_t(size_t, iov_iter_count(to), sizeof(chunk));
		n = take_input(tf->tty, chunk, want, want == iov_iter_count(to), &end);
		if (n && copy_to_iter(chunk, n, to) != n)
			return done ? (ssize_t)done : -EFAULT;
		done += n;
		tty_input_run(tf->tty);
		if (end)
			break;
		if (n == want)
			continue;
		if (done && done >= rule.minimum)
			break;
		if (n && rule.interval)
			rule.timeout = rule.interval;
		err = read_nothing(tf, nonblock, &rule);
		if (err <= 0)
			return done ? (ssize_t)done : err;
	}
	return done;
}

static int lock_direction(struct mutex *mutex, bool nonblock)
{
	if (nonblock)
		return mutex_trylock(mutex) ? 0 : -EAGAIN;
	return mutex_lock_interruptible(mutex) ? -ERESTARTSYS : 0;
}

/**
 * n_tty_read - read(2) of a terminal
 * @tf: the open file
 * @nonblock: O_NONBLOCK
 * @to: where to
 *
 * Context: sleeps.
 * Return: bytes, 0 for end of file or hang-up; -EAGAIN, -EFAULT, -ERESTARTSYS, and -EIO from a
 * background group that cannot be stopped.
 */
ssize_t n_tty_read(struct tty_file *tf, bool nonblock, struct iov_iter *to)
{
	ssize_t ret;

	if (!tf->console) {
		ret = tty_check_change(tf->tty, SIGTTIN);
		if (ret)
			return ret;
	}
	ret = lock_direction(&tf->tty->read_mutex, nonblock);
	if (ret)
		return ret;
	ret = read_loop(tf, nonblock, to);
	mutex_unlock(&tf->tty->read_mutex);
	return ret;
}

/* ---- writing ---- */

static size_t put_output(struct tty_struct *tty, const u8 *buf, size_t n)
{
	unsigned long irq;

	spin_lock_irqsave(&tty->lock, irq);
	n = __n_tty_opost(tty, buf, n);
	spin_unlock_irqrestore(&tty->lock, irq);
	return n;
}

/* Room for more than nothing, or a reason to stop waiting for it? */
static bool output_ready(struct tty_file *tf)
{
	struct tty_struct *tty = tf->tty;
	unsigned long irq;
	bool ready;

	if (tty_file_hung_up(tf))
		return true;
	spin_lock_irqsave(&tty->lock, irq);
	ready = __n_tty_flush_echo(tty) && tty->ops->write_room(tty) >= 8;
	spin_unlock_irqrestore(&tty->lock, irq);
	return ready;
}

/* Write all of @buf. Return: 0, or -errno with *@done bytes out. */
static int write_chunk(struct tty_file *tf, bool nonblock, const u8 *buf, size_t n, size_t *done)
{
	size_t sent;

	for (;;) {
		if (tty_file_hung_up(tf))
			return -EIO;
		sent = put_output(tf->tty, buf, n);
		*done += sent;
		buf += sent;
		n -= sent;
		if (!n)
			return 0;
		if (nonblock)
			return -EAGAIN;
		if (wait_event_interruptible(tf->tty->write_wait, output_ready(tf)))
			return -ERESTARTSYS;
	}
}

static ssize_t write_loop(struct tty_file *tf, bool nonblock, struct iov_iter *from)
{
	size_t done = 0, n;
	u8 chunk[CHUNK];
	int err = 0;

	while (!err && iov_iter_count(from)) {
		n = min_t(size_t, iov_iter_count(from), sizeof(chunk));
		n = copy_from_iter(chunk, n, from);
		if (!n)
			err = -EFAULT;
		else
			err = write_chunk(tf, nonblock, chunk, n, &done);
		if (!err && signal_pending(current) && iov_iter_count(from))
			err = -ERESTARTSYS;
		cond_resched();
	}
	return done ? (ssize_t)done : err;
}

/**
 * n_tty_write - write(2) to a terminal
 * @tf: the open file
 * @nonblock: O_NONBLOCK
 * @from: what
 *
 * Context: sleeps.
 * Return: bytes; -EIO after a hang-up or from an orphaned background group with TOSTOP,
 * -EAGAIN, -EFAULT, -ERESTARTSYS.
 */
ssize_t n_tty_write(struct tty_file *tf, bool nonblock, struct iov_iter *from)
{
	ssize_t ret;

	if (!tf->console && _tty_lflag(tf->tty, TOSTOP)) {
		ret = tty_check_change(tf->tty, SIGTTOU);
		if (ret)
			return ret;
	}
	ret = lock_direction(&tf->tty->write_mutex, nonblock);
	if (ret)
		return ret;
	ret = write_loop(tf, nonblock, from);
	mutex_unlock(&tf->tty->write_mutex);
	/* Pollers judge write_mutex too. */
	wake_up_interruptible_poll(&tf->tty->write_wait, EPOLLOUT | EPOLLWRNORM);
	return ret;
}

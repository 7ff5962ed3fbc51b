// SPDX-License-Identifier: GPL-2.0-only
/*
 * The ioctls of a terminal that are neither settings nor sessions: flow, flushing, break,
 * window size, exclusive use, console redirection. Called for terminals and pty masters.
 */
#include <linux/capability.h>
#include <linux/file.h>
#include "internal.h"

#define SERIAL_BREAK_NS		(250L * 1000 * 1000)	/* TCSBRK: at least 0.25 s */
#define DECISECOND_NS		(100L * 1000 * 1000)
#define DEVICE_TURN_NS		(1000L * 1000)
#define DEVICE_TURNS		100

/* ---- flow ---- */

/* Hold output. Context: tty->lock. */
void __tty_stop(struct tty_struct *tty)
{
	if (tty->stopped)
		return;
	tty->stopped = true;
	if (tty->ops->stop)
		tty->ops->stop(tty);
	__tty_packet_event(tty, TIOCPKT_STOP);
}

/* Let output go on, unless TCOOFF holds it. Context: tty->lock; wakes writers. */
void __tty_start(struct tty_struct *tty)
{
	if (!tty->stopped || tty->tco_stopped)
		return;
	tty->stopped = false;
	if (tty->ops->start)
		tty->ops->start(tty);
	__tty_packet_event(tty, TIOCPKT_START);
	__n_tty_flush_echo(tty);
	wake_up_interruptible_poll(&tty->write_wait, EPOLLOUT | EPOLLWRNORM);
}

/* Tell a pty's master in packet mode. Context: tty->lock. */
void __tty_packet_event(struct tty_struct *tty, u8 bits)
{
	if (tty->ops->packet_event)
		tty->ops->packet_event(tty, bits);
}

static void send_flow_char(struct tty_struct *tty, int which)
{
	u8 c = CC(tty, which);

	if (c && tty->ops->send_xchar)
		tty->ops->send_xchar(tty, c);
}

static int tcxonc_locked(struct tty_struct *tty, unsigned long action)
{
	switch (action) {
	case TCOOFF:
		tty->tco_stopped = true;
		__tty_stop(tty);
		return 0;
	case TCOON:
		if (tty->tco_stopped) {
			tty->tco_stopped = false;
			__tty_start(tty);
		}
		return 0;
	case TCIOFF:
		send_flow_char(tty, VSTOP);
		return 0;
	case TCION:
		send_flow_char(tty, VSTART);
		return 0;
	default:
		return -EINVAL;
	}
}

static int tcxonc(struct tty_struct *tty, unsigned long action)
{
	int err = tty_check_change(tty, SIGTTOU);
	unsigned long irq;

	if (err)
		return err;
	spin_lock_irqsave(&tty->lock, irq);
	err = tcxonc_locked(tty, action);
	spin_unlock_irqrestore(&tty->lock, irq);
	return err;
}

/* ---- flushing and draining ---- */

/* Drop what was received and not read. Context: any. */
void tty_flush_input(struct tty_struct *tty)
{
	unsigned long irq;

	spin_lock_irqsave(&tty->lock, irq);
	tty_fifo_reset(&tty->in);
	__n_tty_reset_input(tty);
	__tty_packet_event(tty, TIOCPKT_FLUSHREAD);
	if (tty->ops->unthrottle)
		tty->ops->unthrottle(tty);
	spin_unlock_irqrestore(&tty->lock, irq);
	tty_input_run(tty);
}

/* Drop what was written and not sent. Context: any. */
void tty_flush_output(struct tty_struct *tty)
{
	unsigned long irq;

	spin_lock_irqsave(&tty->lock, irq);
	tty->ld.echo_tail = tty->ld.echo_head;
	tty->ops->flush_buffer(tty);
	spin_unlock_irqrestore(&tty->lock, irq);
	wake_up_interruptible_poll(&tty->write_wait, EPOLLOUT | EPOLLWRNORM);
}

static int tcflsh(struct tty_struct *tty, unsigned long queue)
{
	int err = tty_check_change(tty, SIGTTOU);

	if (err)
		return err;
	if (queue > TCIOFLUSH)
		return -EINVAL;
	if (queue != TCOFLUSH)
		tty_flush_input(tty);
	if (queue != TCIFLUSH)
		tty_flush_output(tty);
	return 0;
}

static size_t unsent(struct tty_struct *tty)
{
	unsigned long irq;
	size_t n;

	spin_lock_irqsave(&tty->lock, irq);
	n = tty->ops->chars_in_buffer(tty);
	spin_unlock_irqrestore(&tty->lock, irq);
	return n;
}

static bool transmitting(struct tty_struct *tty)
{
	unsigned long irq;
	bool yes;

	if (!tty->ops->transmitting)
		return false;
	spin_lock_irqsave(&tty->lock, irq);
	yes = tty->ops->transmitting(tty);
	spin_unlock_irqrestore(&tty->lock, irq);
	return yes;
}

/* No interrupt tells when the device's own FIFO is empty; it takes milliseconds at most. */
static int wait_for_device(struct tty_struct *tty)
{
	for (int turns = 0; turns < DEVICE_TURNS && transmitting(tty); turns++) {
		set_current_state(TASK_INTERRUPTIBLE);
		schedule_timeout_ns(DEVICE_TURN_NS);
		if (signal_pending(current))
			return -ERESTARTSYS;
	}
	return 0;
}

/**
 * tty_wait_until_sent - wait for all output to leave
 * @tty: the terminal
 * @timeout: ns, or MAX_SCHEDULE_TIMEOUT
 *
 * Context: sleeps.
 * Return: 0 (also when time ran out), or -ERESTARTSYS.
 */
int tty_wait_until_sent(struct tty_struct *tty, long timeout)
{
	u32 hang_count = READ_ONCE(tty->hang_count);
	long left;

	left = wait_event_interruptible_timeout(tty->write_wait, !unsent(tty) ||
						READ_ONCE(tty->hang_count) != hang_count, timeout);
	return left < 0 ? left : wait_for_device(tty);
}

/* ---- break ---- */

static int send_break(struct tty_struct *tty, long duration)
{
	int err;

	if (!tty->ops->break_ctl)
		return 0;
	err = tty->ops->break_ctl(tty, true);
	if (err)
		return err;
	set_current_state(TASK_INTERRUPTIBLE);
	schedule_timeout_ns(duration);
	err = tty->ops->break_ctl(tty, false);
	return signal_pending(current) ? -EINTR : err;
}

static int break_ioctl(struct tty_struct *tty, unsigned int cmd, unsigned long arg)
{
	int err = tty_check_change(tty, SIGTTOU);

	if (err)
		return err;
	if (cmd != TIOCCBRK) {
		err = tty_wait_until_sent(tty, MAX_SCHEDULE_TIMEOUT);
		if (err)
			return -EINTR;
	}
	switch (cmd) {
	case TIOCSBRK:
	case TIOCCBRK:
		return tty->ops->break_ctl ? tty->ops->break_ctl(tty, cmd == TIOCSBRK) : 0;
	case TCSBRK:
		return arg ? 0 : send_break(tty, SERIAL_BREAK_NS);
	default:
		return send_break(tty, arg ? min(arg, 600UL) * DECISECOND_NS : SERIAL_BREAK_NS);
	}
}

/* ---- modem lines ---- */

static int modem_set(struct tty_struct *tty, unsigned int cmd, unsigned long arg)
{
	const unsigned int known = TIOCM_DTR | TIOCM_RTS | TIOCM_OUT1 | TIOCM_OUT2 | TIOCM_LOOP;
	unsigned int bits;

	if (!tty->ops->tiocmset)
		return -ENOTTY;
	if (get_user(bits, (unsigned int __user *)arg))
		return -EFAULT;
	bits &= known;
	if (cmd == TIOCMBIS)
		return tty->ops->tiocmset(tty, bits, 0);
	if (cmd == TIOCMBIC)
		return tty->ops->tiocmset(tty, 0, bits);
	return tty->ops->tiocmset(tty, bits, ~bits & known);
}

static int modem_get(struct tty_struct *tty, unsigned long arg)
{
	int bits;

	if (!tty->ops->tiocmget)
		return -ENOTTY;
	bits = tty->ops->tiocmget(tty);
	return bits < 0 ? bits : put_user(bits, (int __user *)arg);
}

/* ---- window size ---- */

static int get_window_size(struct tty_struct *tty, unsigned long arg)
{
	struct winsize size;
	unsigned long irq;

	spin_lock_irqsave(&tty->lock, irq);
	size = tty->winsize;
	spin_unlock_irqrestore(&tty->lock, irq);
	return copy_to_user((void __user *)arg, &size, sizeof(size)) ? -EFAULT : 0;
}

static int set_window_size(struct tty_struct *tty, unsigned long arg)
{
	struct winsize size;
	unsigned long irq;
	bool changed;

	if (copy_from_user(&size, (void __user *)arg, sizeof(size)))
		return -EFAULT;
	spin_lock_irqsave(&tty->lock, irq);
	changed = memcmp(&size, &tty->winsize, sizeof(size));
	tty->winsize = size;
	spin_unlock_irqrestore(&tty->lock, irq);
	if (changed)
		tty_signal_pgrp(tty, SIGWINCH);
	return 0;
}

/* ---- the rest ---- */

/* TIOCSTI: as if the character had been typed. */
static int simulate_input(struct tty_struct *tty, unsigned long arg)
{
	u8 c;

	if (READ_ONCE(current->signal->tty) != tty && !capable(CAP_SYS_ADMIN))
		return -EPERM;
	if (get_user(c, (u8 __user *)arg))
		return -EFAULT;
	tty_fifo_put(&tty->in, &c, 1);
	tty_input_run(tty);
	return 0;
}

static DEFINE_SPINLOCK(redirect_lock);
static struct file *redirect;		/* [redirect_lock] where /dev/console's output goes */
static struct tty_struct *redirect_tty;	/* [redirect_lock] and whose file that is */

/* Where output to /dev/console goes instead, with a reference, or NULL. */
struct file *tty_console_redirect(void)
{
	struct file *file;

	if (!READ_ONCE(redirect))
		return NULL;
	spin_lock(&redirect_lock);
	file = redirect ? get_file(redirect) : NULL;
	spin_unlock(&redirect_lock);
	return file;
}

/* Forget where output went. */
static struct file *take_redirect(struct tty_struct *tty)
{
	struct file *file = NULL;

	spin_lock(&redirect_lock);
	if (redirect && (!tty || redirect_tty == tty)) {
		file = redirect;
		redirect = NULL;
	}
	spin_unlock(&redirect_lock);
	return file;
}

/* @tty is hung up. Context: sleeps, without tty_mutex: the last reference may go. */
void tty_console_redirect_end(struct tty_struct *tty)
{
	struct file *file = READ_ONCE(redirect) ? take_redirect(tty) : NULL;

	if (file)
		fput(file);
}

/* TIOCCONS: on /dev/console itself it ends the redirection. */
static int redirect_console(struct tty_struct *tty, struct file *file, bool master)
{
	struct tty_file *tf = file->private_data;
	int err = 0;

	if (!capable(CAP_SYS_ADMIN))
		return -EPERM;
	if (!master && tf->console) {
		tty_console_redirect_end(NULL);
		return 0;
	}
	if (!(file->f_mode & FMODE_WRITE))
		return -EBADF;
	spin_lock(&redirect_lock);
	if (redirect) {
		err = -EBUSY;
	} else {
		redirect = get_file(file);
		redirect_tty = tty;
	}
	spin_unlock(&redirect_lock);
	return err;
}

static int set_discipline(struct tty_struct *tty, unsigned long arg)
{
	int err = tty_check_change(tty, SIGTTOU), number;

	if (err)
		return err;
	if (get_user(number, (int __user *)arg))
		return -EFAULT;
	return number == N_TTY ? 0 : -EINVAL;
}

static int hang_up(struct tty_struct *tty)
{
	if (!capable(CAP_SYS_ADMIN))
		return -EPERM;
	tty_hangup(tty, false);
	return 0;
}

static long state_ioctl(struct tty_struct *tty, struct file *file, bool master,
			unsigned int cmd, unsigned long arg)
{
	switch (cmd) {
	case TIOCEXCL:
		WRITE_ONCE(tty->exclusive, true);
		return 0;
	case TIOCNXCL:
		WRITE_ONCE(tty->exclusive, false);
		return 0;
	case TIOCGEXCL:
		return put_user(tty->exclusive, (int __user *)arg);
	case TIOCGETD:
		return put_user(N_TTY, (int __user *)arg);
	case TIOCSETD:
		return set_discipline(tty, arg);
	case TIOCGDEV:
		return put_user(new_encode_dev(tty_devnum(tty)), (u32 __user *)arg);
	case TIOCVHANGUP:
		return hang_up(tty);
	case TIOCCONS:
		return redirect_console(tty, file, master);
	case TIOCSTI:
		return simulate_input(tty, arg);
	case TIOCGWINSZ:
		return get_window_size(tty, arg);
	case TIOCSWINSZ:
		return set_window_size(tty, arg);
	default:
		return -ENOIOCTLCMD;
	}
}

static long line_ioctl(struct tty_struct *tty, unsigned int cmd, unsigned long arg)
{
	switch (cmd) {
	case TIOCSBRK:
	case TIOCCBRK:
	case TCSBRK:
	case TCSBRKP:
		return break_ioctl(tty, cmd, arg);
	case TCXONC:
		return tcxonc(tty, arg);
	case TCFLSH:
		return tcflsh(tty, arg);
	case TIOCOUTQ:
		return put_user((int)unsent(tty), (int __user *)arg);
	case FIONREAD:
		return put_user((int)n_tty_inq(tty), (int __user *)arg);
	case TIOCMGET:
		return modem_get(tty, arg);
	case TIOCMSET:
	case TIOCMBIS:
	case TIOCMBIC:
		return modem_set(tty, cmd, arg);
	default:
		return -ENOIOCTLCMD;
	}
}

/**
 * tty_common_ioctl - every ioctl of a terminal
 * @tty: the terminal (a pty's, if called on its master)
 * @file: the open file
 * @master: it is the pty's master
 * @cmd: command
 * @arg: its argument
 *
 * Context: sleeps.
 * Return: as ioctl_tty(2) says; -ENOTTY for commands that nobody knows.
 */
long tty_common_ioctl(struct tty_struct *tty, struct file *file, bool master, unsigned int cmd,
		      unsigned long arg)
{
	long ret = tty_mode_ioctl(tty, cmd, arg);

	if (ret == -ENOIOCTLCMD)
		ret = tty_job_control_ioctl(tty, file, master, cmd, arg);
	if (ret == -ENOIOCTLCMD)
		ret = state_ioctl(tty, file, master, cmd, arg);
	if (ret == -ENOIOCTLCMD)
		ret = line_ioctl(tty, cmd, arg);
	if (ret == -ENOIOCTLCMD && tty->ops->ioctl)
		ret = tty->ops->ioctl(tty, cmd, arg);
	return ret == -ENOIOCTLCMD ? -ENOTTY : ret;
}

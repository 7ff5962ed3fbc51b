// SPDX-License-Identifier: GPL-2.0-only
/*
 * Terminal settings: the termios ioctls in their four formats, speeds, locked bits, and the
 * state that goes with them. Readers and writers of tty->termios hold tty->lock.
 */
#include <linux/capability.h>
#include "internal.h"

/* ---- speeds ---- */

static const struct {
	tcflag_t code;
	speed_t rate;
} speeds[] = {
	{ B0, 0 }, { B50, 50 }, { B75, 75 }, { B110, 110 }, { B134, 134 }, { B150, 150 },
	{ B200, 200 }, { B300, 300 }, { B600, 600 }, { B1200, 1200 }, { B1800, 1800 },
	{ B2400, 2400 }, { B4800, 4800 }, { B9600, 9600 }, { B19200, 19200 }, { B38400, 38400 },
	{ B57600, 57600 }, { B115200, 115200 }, { B230400, 230400 }, { B460800, 460800 },
	{ B500000, 500000 }, { B576000, 576000 }, { B921600, 921600 }, { B1000000, 1000000 },
	{ B1152000, 1152000 }, { B1500000, 1500000 }, { B2000000, 2000000 },
	{ B2500000, 2500000 }, { B3000000, 3000000 }, { B3500000, 3500000 },
	{ B4000000, 4000000 },
};

/* The rate that @code means; @other is BOTHER's, the one given as a number. */
static speed_t speed_of(tcflag_t code, speed_t other)
{
	if (code == BOTHER)
		return other;
	for (size_t i = 0; i < ARRAY_SIZE(speeds); i++)
		if (speeds[i].code == code)
			return speeds[i].rate;
	return 0;
}

static tcflag_t code_of(speed_t rate)
{
	for (size_t i = 0; i < ARRAY_SIZE(speeds); i++)
		if (speeds[i].rate == rate)
			return speeds[i].code;
	return BOTHER;
}

/* From the codes in c_cflag to numbers. An input code of 0 means: as the output. */
static void speeds_from_codes(struct ktermios *t)
{
	tcflag_t in = (t->c_cflag & CIBAUD) >> IBSHIFT;

	t->c_ospeed = speed_of(t->c_cflag & CBAUD, t->c_ospeed);
	t->c_ispeed = in == B0 ? t->c_ospeed : speed_of(in, t->c_ispeed);
}

/**
 * tty_termios_encode - from the numbers c_ispeed and c_ospeed to the codes in c_cflag
 * @t: settings whose numbers are right
 */
void tty_termios_encode(struct ktermios *t)
{
	t->c_cflag &= ~(CBAUD | CIBAUD);
	t->c_cflag |= code_of(t->c_ospeed);
	if (t->c_ispeed != t->c_ospeed)
		t->c_cflag |= code_of(t->c_ispeed) << IBSHIFT;
}

/* ---- the formats of user space ---- */

enum termios_format {
	FORMAT_TERMIO,		/* System V's: 16 bits, 8 characters */
	FORMAT_TERMIOS,
	FORMAT_TERMIOS2,	/* with speeds as numbers */
};

static void lower_half(tcflag_t *flags, unsigned short half)
{
	*flags = (*flags & ~0xffffu) | half;
}

static int termio_from_user(struct ktermios *t, const struct termio __user *user)
{
	struct termio old;

	if (copy_from_user(&old, user, sizeof(old)))
		return -EFAULT;
	lower_half(&t->c_iflag, old.c_iflag);
	lower_half(&t->c_oflag, old.c_oflag);
	lower_half(&t->c_cflag, old.c_cflag);
	lower_half(&t->c_lflag, old.c_lflag);
	t->c_line = old.c_line;
	memcpy(t->c_cc, old.c_cc, NCC);
	return 0;
}

static int termio_to_user(const struct ktermios *t, struct termio __user *user)
{
	struct termio old = {
		.c_iflag = t->c_iflag,
		.c_oflag = t->c_oflag,
		.c_cflag = t->c_cflag,
		.c_lflag = t->c_lflag,
		.c_line = t->c_line,
	};

	memcpy(old.c_cc, t->c_cc, NCC);
	return copy_to_user(user, &old, sizeof(old)) ? -EFAULT : 0;
}

/* struct termios is the beginning of struct termios2, and that is struct ktermios. */
static size_t format_size(enum termios_format format)
{
	BUILD_ASSERT(sizeof(struct termios2) == sizeof(struct ktermios));
	BUILD_ASSERT(offsetof(struct termios2, c_ispeed) == sizeof(struct termios));
	return format == FORMAT_TERMIOS ? sizeof(struct termios) : sizeof(struct termios2);
}

static int settings_from_user(struct ktermios *t, unsigned long arg, enum termios_format format)
{
	void __user *user = (void __user *)arg;

	if (format == FORMAT_TERMIO)
		return termio_from_user(t, user);
	return copy_from_user(t, user, format_size(format)) ? -EFAULT : 0;
}

static int settings_to_user(const struct ktermios *t, unsigned long arg,
			    enum termios_format format)
{
	void __user *user = (void __user *)arg;

	if (format == FORMAT_TERMIO)
		return termio_to_user(t, user);
	return copy_to_user(user, t, format_size(format)) ? -EFAULT : 0;
}

static struct ktermios settings_of(struct tty_struct *tty)
{
	struct ktermios t;
	unsigned long irq;

	spin_lock_irqsave(&tty->lock, irq);
	t = tty->termios;
	spin_unlock_irqrestore(&tty->lock, irq);
	return t;
}

static int get_settings(struct tty_struct *tty, unsigned long arg, enum termios_format format)
{
	struct ktermios t = settings_of(tty);

	return settings_to_user(&t, arg, format);
}

/* ---- applying ---- */

#define KEEP_LOCKED(field) (t->field = (t->field & ~locked->field) | (old->field & locked->field))

/* TIOCSLCKTRMIOS: what is locked stays as it was. */
static void keep_locked(struct ktermios *t, const struct ktermios *old,
			const struct ktermios *locked)
{
	KEEP_LOCKED(c_iflag);
	KEEP_LOCKED(c_oflag);
	KEEP_LOCKED(c_cflag);
	KEEP_LOCKED(c_lflag);
	if (locked->c_line)
		t->c_line = old->c_line;
	for (int i = 0; i < NCCS; i++)
		if (locked->c_cc[i])
			t->c_cc[i] = old->c_cc[i];
}

/* Can ^S and ^Q as themselves hold the output? Packet mode reports the change. */
static bool usual_flow_control(const struct ktermios *t)
{
	return (t->c_iflag & IXON) && t->c_cc[VSTOP] == 023 && t->c_cc[VSTART] == 021;
}

static void report_to_master(struct tty_struct *tty, const struct ktermios *old)
{
	bool was = usual_flow_control(old), is = usual_flow_control(&tty->termios);

	if (was != is)
		__tty_packet_event(tty, is ? TIOCPKT_DOSTOP : TIOCPKT_NOSTOP);
	if ((old->c_lflag ^ tty->termios.c_lflag) & EXTPROC ||
	    (tty->termios.c_lflag & EXTPROC))
		__tty_packet_event(tty, TIOCPKT_IOCTL);
}

static void apply_settings(struct tty_struct *tty, const struct ktermios *t)
{
	struct ktermios old;
	unsigned long irq;

	spin_lock_irqsave(&tty->lock, irq);
	old = tty->termios;
	tty->termios = *t;
	tty->termios.c_line = N_TTY;
	keep_locked(&tty->termios, &old, &tty->termios_locked);
	if (tty->ops->set_termios)
		tty->ops->set_termios(tty, &old);
	__n_tty_set_termios(tty, &old);
	report_to_master(tty, &old);
	spin_unlock_irqrestore(&tty->lock, irq);
	/* Other rules may apply to what waits already. */
	tty_input_run(tty);
	wake_up_interruptible(&tty->read_wait);
	wake_up_interruptible(&tty->write_wait);
}

enum when {
	NOW,
	DRAINED,		/* when all output is sent */
	FLUSHED,		/* ... and drop all input */
};

static int set_settings(struct tty_struct *tty, unsigned long arg, enum termios_format format,
			enum when when)
{
	struct ktermios t;
	int err = tty_check_change(tty, SIGTTOU);

	if (err)
		return err;
	t = settings_of(tty);
	err = settings_from_user(&t, arg, format);
	if (err)
		return err;
	speeds_from_codes(&t);
	if (when == FLUSHED)
		tty_flush_input(tty);
	if (when != NOW) {
		err = tty_wait_until_sent(tty, MAX_SCHEDULE_TIMEOUT);
		if (err)
			return err;
	}
	apply_settings(tty, &t);
	return 0;
}

/* ---- locked bits and soft carrier ---- */

static int get_locked(struct tty_struct *tty, unsigned long arg)
{
	struct ktermios t;
	unsigned long irq;

	spin_lock_irqsave(&tty->lock, irq);
	t = tty->termios_locked;
	spin_unlock_irqrestore(&tty->lock, irq);
	return settings_to_user(&t, arg, FORMAT_TERMIOS);
}

static int set_locked(struct tty_struct *tty, unsigned long arg)
{
	struct ktermios t = { };
	unsigned long irq;
	int err;

	if (!capable(CAP_SYS_ADMIN))
		return -EPERM;
	err = settings_from_user(&t, arg, FORMAT_TERMIOS);
	if (err)
		return err;
	spin_lock_irqsave(&tty->lock, irq);
	tty->termios_locked = t;
	spin_unlock_irqrestore(&tty->lock, irq);
	return 0;
}

static int get_soft_carrier(struct tty_struct *tty, unsigned long arg)
{
	return put_user(_tty_cflag(tty, CLOCAL) ? 1 : 0, (int __user *)arg);
}

static int set_soft_carrier(struct tty_struct *tty, unsigned long arg)
{
	struct ktermios t = settings_of(tty);
	int on;

	if (get_user(on, (int __user *)arg))
		return -EFAULT;
	t.c_cflag = on ? t.c_cflag | CLOCAL : t.c_cflag & ~CLOCAL;
	apply_settings(tty, &t);
	return 0;
}

/**
 * tty_mode_ioctl - the ioctls about settings
 * @tty: the terminal
 * @cmd: command
 * @arg: its argument
 *
 * Context: sleeps.
 * Return: as ioctl_tty(2) says, or -ENOIOCTLCMD for other commands.
 */
long tty_mode_ioctl(struct tty_struct *tty, unsigned int cmd, unsigned long arg)
{
	switch (cmd) {
	case TCGETS:
		return get_settings(tty, arg, FORMAT_TERMIOS);
	case TCGETS2:
		return get_settings(tty, arg, FORMAT_TERMIOS2);
	case TCGETA:
		return get_settings(tty, arg, FORMAT_TERMIO);
	case TCSETS:
		return set_settings(tty, arg, FORMAT_TERMIOS, NOW);
	case TCSETSW:
		return set_settings(tty, arg, FORMAT_TERMIOS, DRAINED);
	case TCSETSF:
		return set_settings(tty, arg, FORMAT_TERMIOS, FLUSHED);
	case TCSETS2:
		return set_settings(tty, arg, FORMAT_TERMIOS2, NOW);
	case TCSETSW2:
		return set_settings(tty, arg, FORMAT_TERMIOS2, DRAINED);
	case TCSETSF2:
		return set_settings(tty, arg, FORMAT_TERMIOS2, FLUSHED);
	case TCSETA:
		return set_settings(tty, arg, FORMAT_TERMIO, NOW);
	case TCSETAW:
		return set_settings(tty, arg, FORMAT_TERMIO, DRAINED);
	case TCSETAF:
		return set_settings(tty, arg, FORMAT_TERMIO, FLUSHED);
	case TIOCGLCKTRMIOS:
		return get_locked(tty, arg);
	case TIOCSLCKTRMIOS:
		return set_locked(tty, arg);
	case TIOCGSOFTCAR:
		return get_soft_carrier(tty, arg);
	case TIOCSSOFTCAR:
		return set_soft_carrier(tty, arg);
	default:
		return -ENOIOCTLCMD;
	}
}

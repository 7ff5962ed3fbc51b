// SPDX-License-Identifier: GPL-2.0-only
/*
 * The PC's serial ports: ttyS0 to ttyS3, by interrupts. A port's registers hang below
 * port->lock, which kernel messages take too: nothing may print under it. Order: tty->lock,
 * port->lock, a ring's lock.
 */
#include <linux/init.h>
#include <linux/interrupt.h>
#include <linux/random.h>
#include <uapi/linux/serial.h>
#include "8250.h"

#define RX_SIZE		8192
#define TX_SIZE		4096
#define TX_LOW		(TX_SIZE / 4)	/* writers are woken when no more than this is left */

struct uart_port serial_ports[NR_PORTS] = {
	{ .base = 0x3f8, .irq = 4 },
	{ .base = 0x2f8, .irq = 3 },
	{ .base = 0x3e8, .irq = 4 },
	{ .base = 0x2e8, .irq = 3 },
};

static struct tty_struct *serial_ttys[NR_PORTS];

static void set_ier(struct uart_port *port, u8 ier)
{
	if (port->ier == ier)
		return;
	port->ier = ier;
	reg_out(port, UART_IER, ier);
}

/* ---- transmitting; port->lock held ---- */

/* The FIFO is empty: fill it. */
void uart_tx_fill(struct uart_port *port)
{
	u8 chunk[UART_FIFO_SIZE];
	size_t n;

	if (port->xchar) {
		reg_out(port, UART_TX, port->xchar);
		port->xchar = 0;
		return;
	}
	if (port->tx_held)
		return;
	n = tty_fifo_get(&port->tx, chunk, sizeof(chunk));
	for (size_t i = 0; i < n; i++)
		reg_out(port, UART_TX, chunk[i]);
}

bool uart_tx_pending(struct uart_port *port)
{
	return port->xchar || (!port->tx_held && tty_fifo_len(&port->tx));
}

/* Send what the device takes at once; the interrupt sends the rest. */
static void tx_kick(struct uart_port *port)
{
	if (!port->started)
		return;
	while (uart_tx_pending(port) && (reg_in(port, UART_LSR) & UART_LSR_THRE))
		uart_tx_fill(port);
	if (uart_tx_pending(port))
		set_ier(port, port->ier | UART_IER_THRI);
	else
		set_ier(port, port->ier & ~UART_IER_THRI);
}

/* ---- the interrupt ---- */

static enum tty_flag line_error(u8 lsr)
{
	if (lsr & UART_LSR_BI)
		return TTY_BREAK;
	if (lsr & UART_LSR_PE)
		return TTY_PARITY;
	return lsr & UART_LSR_FE ? TTY_FRAME : TTY_NORMAL;
}

/*
 * Move received bytes to the terminal's ring. When that is full, they stay in the device and
 * its interrupt is masked until the reader made room. Return: anything moved?
 */
static bool rx_drain(struct uart_port *port)
{
	struct tty_struct *tty = port->tty;
	bool any = false;
	u8 lsr, c;

	while ((lsr = reg_in(port, UART_LSR)) & UART_LSR_DR) {
		if (!tty_fifo_room(&tty->in)) {
			port->rx_paused = true;
			set_ier(port, port->ier & ~(UART_IER_RDI | UART_IER_RLSI));
			/* The reader may have made room just before it could see that. */
			smp_mb();
			if (!tty_fifo_room(&tty->in))
				break;
			port->rx_paused = false;
			set_ier(port, port->ier | UART_IER_RDI | UART_IER_RLSI);
		}
		c = reg_in(port, UART_RX);
		if (_tty_cflag(tty, CREAD))
			any |= tty_fifo_put_flag(&tty->in, c, line_error(lsr));
	}
	return any;
}

static bool port_interrupt(struct uart_port *port)
{
	bool received, room;
	unsigned long irq;

	spin_lock_irqsave(&port->lock, irq);
	if (!port->started || (reg_in(port, UART_IIR) & UART_IIR_NO_INT)) {
		spin_unlock_irqrestore(&port->lock, irq);
		return false;
	}
	reg_in(port, UART_MSR);
	received = rx_drain(port);
	room = port->ier & UART_IER_THRI;
	tx_kick(port);
	room = room && tty_fifo_len(&port->tx) <= TX_LOW;
	spin_unlock_irqrestore(&port->lock, irq);
	if (received)
		tty_input_run(port->tty);
	if (room)
		tty_wakeup(port->tty);
	return true;
}

static irqreturn_t serial_interrupt(int irq, void *dev)
{
	struct uart_port *port = dev;
	irqreturn_t ret = IRQ_NONE;

	/* A port that goes on talking must not keep the CPU for ever. */
	for (int turns = 0; turns < 64 && port_interrupt(port); turns++)
		ret = IRQ_HANDLED;
	add_interrupt_randomness(irq);
	return ret;
}

/* ---- what the terminal layer asks for ---- */

static struct uart_port *port_of(struct tty_struct *tty)
{
	return tty->driver_data;
}

static size_t serial_write(struct tty_struct *tty, const u8 *buf, size_t n)
{
	struct uart_port *port = port_of(tty);

	n = tty_fifo_put(&port->tx, buf, n);
	spin_lock(&port->lock);
	/* When the interrupt is awaited already, it will find these bytes. */
	if (!(port->ier & UART_IER_THRI))
		tx_kick(port);
	spin_unlock(&port->lock);
	return n;
}

static size_t serial_write_room(struct tty_struct *tty)
{
	return tty_fifo_room(&port_of(tty)->tx);
}

static size_t serial_chars_in_buffer(struct tty_struct *tty)
{
	return tty_fifo_len(&port_of(tty)->tx);
}

static bool serial_transmitting(struct tty_struct *tty)
{
	return !(reg_in(port_of(tty), UART_LSR) & UART_LSR_TEMT);
}

static void serial_flush_buffer(struct tty_struct *tty)
{
	tty_fifo_reset(&port_of(tty)->tx);
}

static void serial_send_xchar(struct tty_struct *tty, u8 c)
{
	struct uart_port *port = port_of(tty);

	spin_lock(&port->lock);
	port->xchar = c;
	tx_kick(port);
	spin_unlock(&port->lock);
}

static void serial_hold(struct tty_struct *tty, bool hold)
{
	struct uart_port *port = port_of(tty);

	spin_lock(&port->lock);
	port->tx_held = hold;
	tx_kick(port);
	spin_unlock(&port->lock);
}

static void serial_stop(struct tty_struct *tty)
{
	serial_hold(tty, true);
}

static void serial_start(struct tty_struct *tty)
{
	serial_hold(tty, false);
}

static void serial_unthrottle(struct tty_struct *tty)
{
	struct uart_port *port = port_of(tty);

	if (!READ_ONCE(port->rx_paused) || tty_fifo_room(&tty->in) < tty->in.size / 2)
		return;
	spin_lock(&port->lock);
	port->rx_paused = false;
	set_ier(port, port->ier | UART_IER_RDI | UART_IER_RLSI);
	spin_unlock(&port->lock);
}

/* ---- line format ---- */

static u8 line_control(tcflag_t cflag)
{
	u8 lcr = (cflag & CSIZE) >> 4;	/* CS5..CS8 are the device's 0..3, shifted */

	if (cflag & CSTOPB)
		lcr |= UART_LCR_STOP;
	if (cflag & PARENB)
		lcr |= UART_LCR_PARITY;
	if (!(cflag & PARODD))
		lcr |= UART_LCR_EPAR;
	if (cflag & CMSPAR)
		lcr |= UART_LCR_SPAR;
	return lcr;
}

void uart_program_line(struct uart_port *port, const struct ktermios *t)
{
	unsigned int divisor = t->c_ospeed ? UART_BASE_BAUD / t->c_ospeed : 1;

	divisor = clamp(divisor, 1U, 0xffffU);
	port->lcr = line_control(t->c_cflag);
	reg_out(port, UART_LCR, port->lcr | UART_LCR_DLAB);
	reg_out(port, UART_DLL, divisor & 0xff);
	reg_out(port, UART_DLM, divisor >> 8);
	reg_out(port, UART_LCR, port->lcr);
	port->mcr |= UART_MCR_DTR | UART_MCR_RTS | UART_MCR_OUT2;
	if (!t->c_ospeed)
		port->mcr &= ~(UART_MCR_DTR | UART_MCR_RTS);	/* B0: hang up */
	reg_out(port, UART_MCR, port->mcr);
}

static void serial_set_termios(struct tty_struct *tty, const struct ktermios *old)
{
	struct uart_port *port = port_of(tty);
	struct ktermios *t = &tty->termios;

	/* One rate for both directions, and none that the crystal cannot make. */
	if (t->c_ospeed > UART_BASE_BAUD)
		t->c_ospeed = old->c_ospeed;
	t->c_ispeed = t->c_ospeed;
	tty_termios_encode(t);
	if (t->c_cflag == old->c_cflag && t->c_ospeed == old->c_ospeed)
		return;
	spin_lock(&port->lock);
	uart_program_line(port, t);
	spin_unlock(&port->lock);
}

static int serial_break_ctl(struct tty_struct *tty, bool on)
{
	struct uart_port *port = port_of(tty);
	unsigned long irq;

	spin_lock_irqsave(&port->lock, irq);
	port->lcr = on ? port->lcr | UART_LCR_SBC : port->lcr & ~UART_LCR_SBC;
	reg_out(port, UART_LCR, port->lcr);
	spin_unlock_irqrestore(&port->lock, irq);
	return 0;
}

static const struct {
	u8 reg;
	u16 tiocm;
} mcr_bits[] = {
	{ UART_MCR_DTR, TIOCM_DTR }, { UART_MCR_RTS, TIOCM_RTS }, { UART_MCR_OUT1, TIOCM_OUT1 },
	{ UART_MCR_OUT2, TIOCM_OUT2 }, { UART_MCR_LOOP, TIOCM_LOOP },
}, msr_bits[] = {
	{ UART_MSR_CTS, TIOCM_CTS }, { UART_MSR_DSR, TIOCM_DSR }, { UART_MSR_RI, TIOCM_RI },
	{ UART_MSR_DCD, TIOCM_CD },
};

/* OUT2 gates the interrupt: it is neither shown nor set. */
static int serial_tiocmget(struct tty_struct *tty)
{
	struct uart_port *port = port_of(tty);
	unsigned long irq;
	int bits = 0;
	u8 msr;

	spin_lock_irqsave(&port->lock, irq);
	msr = reg_in(port, UART_MSR);
	for (size_t i = 0; i < ARRAY_SIZE(mcr_bits); i++)
		if ((port->mcr & ~UART_MCR_OUT2) & mcr_bits[i].reg)
			bits |= mcr_bits[i].tiocm;
	spin_unlock_irqrestore(&port->lock, irq);
	for (size_t i = 0; i < ARRAY_SIZE(msr_bits); i++)
		if (msr & msr_bits[i].reg)
			bits |= msr_bits[i].tiocm;
	return bits;
}

static int serial_tiocmset(struct tty_struct *tty, unsigned int set, unsigned int clear)
{
	struct uart_port *port = port_of(tty);
	unsigned long irq;

	spin_lock_irqsave(&port->lock, irq);
	for (size_t i = 0; i < ARRAY_SIZE(mcr_bits); i++) {
		if (set & mcr_bits[i].tiocm)
			port->mcr |= mcr_bits[i].reg;
		if (clear & mcr_bits[i].tiocm & ~TIOCM_OUT2)
			port->mcr &= ~mcr_bits[i].reg;
	}
	reg_out(port, UART_MCR, port->mcr);
	spin_unlock_irqrestore(&port->lock, irq);
	return 0;
}

static long serial_ioctl(struct tty_struct *tty, unsigned int cmd, unsigned long arg)
{
	struct uart_port *port = port_of(tty);
	struct serial_struct info = {
		.type = PORT_16550A,
		.line = tty->index,
		.port = port->base,
		.irq = port->irq,
		.xmit_fifo_size = UART_FIFO_SIZE,
		.baud_base = UART_BASE_BAUD,
	};
	unsigned int empty;

	switch (cmd) {
	case TIOCGSERIAL:
		return copy_to_user((void __user *)arg, &info, sizeof(info)) ? -EFAULT : 0;
	case TIOCSERGETLSR:
		empty = !tty_fifo_len(&port->tx) && (reg_in(port, UART_LSR) & UART_LSR_TEMT);
		return put_user(empty ? TIOCSER_TEMT : 0, (unsigned int __user *)arg);
	default:
		return -ENOIOCTLCMD;
	}
}

/* ---- opening ---- */

/* The first open turns the interrupts on; they stay, so that ^C reaches a console not open. */
static int serial_open(struct tty_struct *tty)
{
	struct uart_port *port = port_of(tty);
	unsigned long irq;
	int err;

	if (port->started)
		return 0;
	err = tty_setup_input(tty, RX_SIZE, true);
	if (!err)
		err = tty_fifo_init(&port->tx, TX_SIZE, false);
	if (!err)
		err = request_irq(port->irq, serial_interrupt, IRQF_SHARED, "ttyS", port);
	if (err) {
		tty_fifo_free(&port->tx);
		tty_fifo_free(&tty->in);
		n_tty_free(&tty->ld);
		return err;
	}
	spin_lock_irqsave(&port->lock, irq);
	port->started = true;
	reg_out(port, UART_FCR, UART_FCR_ENABLE | UART_FCR_TRIGGER_8);
	uart_program_line(port, &tty->termios);
	set_ier(port, UART_IER_RDI | UART_IER_RLSI);
	spin_unlock_irqrestore(&port->lock, irq);
	return 0;
}

static void serial_hangup(struct tty_struct *tty)
{
	tty_fifo_reset(&port_of(tty)->tx);
}

static const struct tty_operations serial_ops = {
	.open = serial_open,
	.write = serial_write,
	.write_room = serial_write_room,
	.send_xchar = serial_send_xchar,
	.chars_in_buffer = serial_chars_in_buffer,
	.transmitting = serial_transmitting,
	.flush_buffer = serial_flush_buffer,
	.stop = serial_stop,
	.start = serial_start,
	.set_termios = serial_set_termios,
	.unthrottle = serial_unthrottle,
	.tiocmget = serial_tiocmget,
	.tiocmset = serial_tiocmset,
	.break_ctl = serial_break_ctl,
	.hangup = serial_hangup,
	.ioctl = serial_ioctl,
};

struct tty_driver serial_driver = {
	.name = "ttyS",
	.type = TTY_DRIVER_TYPE_SERIAL,
	.major = TTY_MAJOR,
	.minor_start = 64,
	.num = NR_PORTS,
	.ops = &serial_ops,
	.ttys = serial_ttys,
};

/* ---- finding the ports ---- */

/* A 16550 keeps what is written to its scratch register; an empty address does not. */
static bool __init probe_port(struct uart_port *port)
{
	static const u8 patterns[] = { 0x5a, 0xa5, 0x00 };

	for (size_t i = 0; i < ARRAY_SIZE(patterns); i++) {
		reg_out(port, UART_SCR, patterns[i]);
		if (reg_in(port, UART_SCR) != patterns[i])
			return false;
	}
	reg_out(port, UART_LCR, UART_LCR_DLAB ^ UART_LCR_DLAB);
	reg_out(port, UART_IER, 0);
	return !(reg_in(port, UART_IER) & 0x0f);
}

static int __init setup_port(int index)
{
	static bool have_console;	/* one is enough: the first that console= does not forbid */
	struct uart_port *port = &serial_ports[index];

	spin_lock_init(&port->lock);
	if (!probe_port(port))
		return 0;
	port->tty = tty_alloc(&serial_driver, index);
	if (!port->tty)
		return -ENOMEM;
	port->tty->driver_data = port;
	serial_ttys[index] = port->tty;
	if (!have_console)
		have_console = serial_register_console(index);
	return devtmpfs_create_node(port->tty->name, 0600, tty_devnum(port->tty));
}

static int __init serial_init(void)
{
	int err = 0;

	serial_driver.init_termios = tty_std_termios;
	serial_driver.init_termios.c_cflag = B115200 | CS8 | CREAD | HUPCL | CLOCAL;
	serial_driver.init_termios.c_ispeed = 115200;
	serial_driver.init_termios.c_ospeed = 115200;
	for (int i = 0; i < NR_PORTS && !err; i++)
		err = setup_port(i);
	return err ? err : tty_register_driver(&serial_driver);
}
device_initcall(serial_init);

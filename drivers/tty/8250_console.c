// SPDX-License-Identifier: GPL-2.0-only
/*
 * Kernel messages on a serial port: written by polling, under the port's lock, so that they
 * do not mix with what programs send within a FIFO's worth. Called by kernel/printk.c with
 * its lock held; nothing here may print once the console is registered.
 */
#include <linux/init.h>
#include <linux/kstrtox.h>
#include <asm/processor.h>
#include <asm/tsc.h>
#include "8250.h"

#define DRAIN_NS	(1000UL * 1000 * 1000)

/* A CPU that died with the lock must not silence the rest: give up waiting in the end. */
static bool console_lock(struct uart_port *port)
{
	for (int i = 0; i < 10000000; i++) {
		if (spin_trylock(&port->lock))
			return true;
		cpu_relax();
	}
	return false;
}

static void console_put(struct uart_port *port, char c)
{
	for (int i = 0; i < 1000000 && !(reg_in(port, UART_LSR) & UART_LSR_THRE); i++)
		cpu_relax();
	reg_out(port, UART_TX, c);
}

/* Interrupts are off, printk's lock is held. */
static void serial_console_write(struct console *con, const char *s, unsigned int n)
{
	struct uart_port *port = &serial_ports[con->index];
	bool locked = console_lock(port);

	while (n--) {
		if (*s == '\n')
			console_put(port, '\r');
		console_put(port, *s++);
	}
	if (locked)
		spin_unlock(&port->lock);
}

/* Send what programs wrote, without interrupts. */
static void serial_console_drain(struct console *con)
{
	struct uart_port *port = &serial_ports[con->index];
	u64 end = arch_clock_ns() + DRAIN_NS;
	unsigned long irq;
	bool locked;

	local_irq_save(irq);
	locked = console_lock(port);
	while (uart_tx_pending(port) || !(reg_in(port, UART_LSR) & UART_LSR_TEMT)) {
		if (reg_in(port, UART_LSR) & UART_LSR_THRE)
			uart_tx_fill(port);
		if (arch_clock_ns() > end)
			break;
		cpu_relax();
	}
	if (locked)
		spin_unlock(&port->lock);
	local_irq_restore(irq);
}

static struct tty_driver *serial_console_device(struct console *con, int *index)
{
	*index = con->index;
	return &serial_driver;
}

/* "115200n8": rate, then optionally parity and bits. */
static int console_options(const char *options, struct ktermios *t)
{
	char rate[12], *end = rate;
	const char *rest;
	unsigned int speed;

	if (!options)
		return 0;
	strscpy(rate, options, sizeof(rate));
	while (isdigit(*end))
		end++;
	rest = options + (end - rate);
	*end = '\0';
	if (kstrtouint(rate, 10, &speed) || !speed || speed > UART_BASE_BAUD)
		return -EINVAL;
	t->c_ospeed = speed;
	t->c_ispeed = speed;
	tty_termios_encode(t);
	t->c_cflag &= ~(PARENB | PARODD | CSIZE);
	if (*rest == 'o' || *rest == 'e')
		t->c_cflag |= PARENB | (*rest == 'o' ? PARODD : 0);
	t->c_cflag |= *rest && rest[1] == '7' ? CS7 : CS8;
	return 0;
}

static int serial_console_setup(struct console *con, char *options)
{
	struct uart_port *port = &serial_ports[con->index];
	struct ktermios *t = &port->tty->termios;
	unsigned long irq;

	if (console_options(options, t))
		pr_warn("%s: console options \"%s\" not understood, using 115200n8\n",
			port->tty->name, options);
	spin_lock_irqsave(&port->lock, irq);
	uart_program_line(port, t);
	spin_unlock_irqrestore(&port->lock, irq);
	return 0;
}

static struct console serial_consoles[NR_PORTS];

/* Return: true when kernel messages go there now. */
bool __init serial_register_console(int index)
{
	struct console *con = &serial_consoles[index];

	*con = (struct console){
		.name = "ttyS",
		.write = serial_console_write,
		.drain = serial_console_drain,
		.device = serial_console_device,
		.setup = serial_console_setup,
		.flags = CON_PRINTBUFFER,
		.index = index,
	};
	return register_console(con) == 0;
}

/* What /dev/console opens, with a reference: -ENODEV when no console is a terminal. */
struct tty_struct *console_tty(void)
{
	int index = 0;
	struct tty_driver *driver = console_device(&index);

	if (!driver || !driver->ttys || !driver->ttys[index])
		return ERR_PTR(-ENODEV);
	return tty_get(driver->ttys[index]);
}

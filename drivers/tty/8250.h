/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A serial port, as the driver (8250.c) and the console on it (8250_console.c) share it.
 */
#ifndef _DRIVERS_TTY_8250_H
#define _DRIVERS_TTY_8250_H

#include <linux/console.h>
#include <linux/serial_8250.h>
#include <asm/io.h>
#include "internal.h"

#define NR_PORTS	4

/*
 * Locks: [I] immutable after probing   [p] lock
 */
struct uart_port {
	spinlock_t lock;
	u16 base;			/* [I] */
	u8 irq;				/* [I] */
	bool started;			/* [p] opened once: interrupts are on */
	bool rx_paused;			/* [p] the input ring is full: bytes wait in the device */
	bool tx_held;			/* [p] VSTOP or TCOOFF */
	u8 ier, lcr, mcr;		/* [p] as last written */
	u8 xchar;			/* [p] to be sent ahead of everything, or 0 */
	struct tty_fifo tx;
	struct tty_struct *tty;		/* [I] */
};

extern struct uart_port serial_ports[NR_PORTS];
extern struct tty_driver serial_driver;

static inline u8 reg_in(struct uart_port *port, int reg)
{
	return inb(port->base + reg);
}

static inline void reg_out(struct uart_port *port, int reg, u8 value)
{
	outb(value, port->base + reg);
}

void uart_tx_fill(struct uart_port *port);
bool uart_tx_pending(struct uart_port *port);
void uart_program_line(struct uart_port *port, const struct ktermios *t);
bool serial_register_console(int index);

#endif

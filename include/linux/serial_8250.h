/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Registers of the PC's serial ports (National PC16550D data sheet), as drivers/tty/8250.c and
 * the boot console use them.
 */
#ifndef _LINUX_SERIAL_8250_H
#define _LINUX_SERIAL_8250_H

#define UART_RX		0	/* read: received byte */
#define UART_TX		0	/* write: byte to send */
#define UART_DLL	0	/* with LCR_DLAB: divisor, low and high byte */
#define UART_DLM	1
#define UART_IER	1	/* which events interrupt */
#define UART_IIR	2	/* read: which event did */
#define UART_FCR	2	/* write: FIFO control */
#define UART_LCR	3	/* line control: the format of a byte */
#define UART_MCR	4	/* modem control */
#define UART_LSR	5	/* line status */
#define UART_MSR	6	/* modem status */
#define UART_SCR	7	/* scratch */

#define UART_IER_RDI	0x01	/* data received */
#define UART_IER_THRI	0x02	/* transmitter empty */
#define UART_IER_RLSI	0x04	/* line status: errors and break */
#define UART_IER_MSI	0x08	/* modem status */

#define UART_IIR_NO_INT	0x01

#define UART_FCR_ENABLE	0x01
#define UART_FCR_CLEAR_RX 0x02
#define UART_FCR_CLEAR_TX 0x04
#define UART_FCR_TRIGGER_8 0x80

#define UART_LCR_STOP	0x04	/* two stop bits */
#define UART_LCR_PARITY	0x08
#define UART_LCR_EPAR	0x10	/* even parity */
#define UART_LCR_SPAR	0x20	/* stick parity */
#define UART_LCR_SBC	0x40	/* send break */
#define UART_LCR_DLAB	0x80

#define UART_MCR_DTR	0x01
#define UART_MCR_RTS	0x02
#define UART_MCR_OUT1	0x04
#define UART_MCR_OUT2	0x08	/* lets the interrupt out on a PC */
#define UART_MCR_LOOP	0x10

#define UART_LSR_DR	0x01	/* data ready */
#define UART_LSR_OE	0x02	/* overrun */
#define UART_LSR_PE	0x04	/* parity */
#define UART_LSR_FE	0x08	/* framing */
#define UART_LSR_BI	0x10	/* break */
#define UART_LSR_THRE	0x20	/* transmitter's FIFO empty */
#define UART_LSR_TEMT	0x40	/* ... and its shift register */

#define UART_MSR_CTS	0x10
#define UART_MSR_DSR	0x20
#define UART_MSR_RI	0x40
#define UART_MSR_DCD	0x80

#define UART_FIFO_SIZE	16
#define UART_BASE_BAUD	115200

#endif

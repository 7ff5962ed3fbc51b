// SPDX-License-Identifier: GPL-2.0-only
/*
 * The first console: the UART at ttyS0's port, polled, from the first line of C on. printk's lock
 * guards it. The serial driver takes over later.
 */
#include <linux/console.h>
#include <linux/init.h>
#include <asm/io.h>
#include <asm/setup.h>

#define PORT		0x3f8
#define UART_TX		0
#define UART_DLL	0
#define UART_IER	1
#define UART_DLM	1
#define UART_FCR	2
#define UART_LCR	3
#define UART_MCR	4
#define UART_LSR	5
#define UART_SCR	7
#define LCR_8N1		0x03
#define LCR_DLAB	0x80
#define LSR_THRE	0x20

static void put_char(char c)
{
	for (int i = 0; i < 100000 && !(inb(PORT + UART_LSR) & LSR_THRE); i++)
		;
	outb(c, PORT + UART_TX);
}

static void early_serial_write(struct console *con, const char *s, unsigned int n)
{
	for (; n; n--, s++) {
		if (*s == '\n')
			put_char('\r');
		put_char(*s);
	}
}

static struct console early_serial = {
	.name = "earlyser",
	.write = early_serial_write,
	.flags = CON_BOOT | CON_PRINTBUFFER,
	.index = 0,
};

/* Is a UART there at all? Its scratch register keeps what is written. */
static bool uart_present(void)
{
	outb(0x5a, PORT + UART_SCR);
	return inb(PORT + UART_SCR) == 0x5a;
}

void __init early_serial_init(void)
{
	if (!uart_present())
		return;
	outb(0, PORT + UART_IER);
	outb(LCR_8N1 | LCR_DLAB, PORT + UART_LCR);
	outb(1, PORT + UART_DLL);	/* 115200 baud */
	outb(0, PORT + UART_DLM);
	outb(LCR_8N1, PORT + UART_LCR);
	outb(1, PORT + UART_FCR);
	outb(3, PORT + UART_MCR);
	register_console(&early_serial);
}

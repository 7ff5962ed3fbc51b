// SPDX-License-Identifier: GPL-2.0-only
/*
 * The byte rings of the terminals. Any number of producers and consumers, each
 * under the ring's own lock, which is the innermost of this folder.
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/tty_flip.h>

/**
 * tty_fifo_init - allocate a ring
 * @fifo: zeroed memory of the caller
 * @size: bytes it holds, a power of two
 * @with_flags: keep an enum tty_flag beside each byte
 *
 * Context: sleeps.
 * Return: 0, or -ENOMEM with nothing allocated.
 */
int tty_fifo_init(struct tty_fifo *fifo, unsigned int size, bool with_flags)
{
	ASSERT(!(size & (size - 1)));
	spin_lock_init(&fifo->lock);
	fifo->size = size;
	fifo->head = 0;
	fifo->tail = 0;
	fifo->flags = NULL;
	fifo->data = kmalloc(size, GFP_KERNEL);
	if (!fifo->data)
		return -ENOMEM;
	if (!with_flags)
		return 0;
	fifo->flags = kzalloc(size, GFP_KERNEL);
	if (fifo->flags)
		return 0;
	tty_fifo_free(fifo);
	return -ENOMEM;
}

/* Tolerates a ring that was never or only half made. */
void tty_fifo_free(struct tty_fifo *fifo)
{
	kfree(fifo->data);
	kfree(fifo->flags);
	fifo->data = NULL;
	fifo->flags = NULL;
}

/* Where position @pos is, and in @run how many bytes follow it before the ring's end. */
static unsigned int fifo_slot(const struct tty_fifo *fifo, unsigned int pos, size_t *run)
{
	unsigned int slot = pos & (fifo->size - 1);

	*run = fifo->size - slot;
	return slot;
}

/**
 * tty_fifo_put - append normal bytes
 * @fifo: the ring
 * @buf: kernel memory
 * @n: bytes
 *
 * Context: any.
 * Return: how many fitted.
 */
size_t tty_fifo_put(struct tty_fifo *fifo, const u8 *buf, size_t n)
{
	unsigned long irq;
	size_t run, first;
	unsigned int slot;

	spin_lock_irqsave(&fifo->lock, irq);
	n = min_t(size_t, n, tty_fifo_room(fifo));
	slot = fifo_slot(fifo, fifo->head, &run);
	first = min(n, run);
	memcpy(fifo->data + slot, buf, first);
	memcpy(fifo->data, buf + first, n - first);
	if (fifo->flags) {
		memset(fifo->flags + slot, TTY_NORMAL, first);
		memset(fifo->flags, TTY_NORMAL, n - first);
	}
	WRITE_ONCE(fifo->head, fifo->head + n);
	spin_unlock_irqrestore(&fifo->lock, irq);
	return n;
}

/* Append one byte that may carry a line error. Context: any. Return: false when full. */
bool tty_fifo_put_flag(struct tty_fifo *fifo, u8 c, enum tty_flag flag)
{
	unsigned long irq;
	bool fits;
	unsigned int slot;

	spin_lock_irqsave(&fifo->lock, irq);
	fits = tty_fifo_room(fifo) > 0;
	if (fits) {
		slot = fifo->head & (fifo->size - 1);
		fifo->data[slot] = c;
		if (fifo->flags)
			fifo->flags[slot] = flag;
		WRITE_ONCE(fifo->head, fifo->head + 1);
	}
	spin_unlock_irqrestore(&fifo->lock, irq);
	return fits;
}

/* Take up to @n bytes out. Context: any. Return: how many there were. */
size_t tty_fifo_get(struct tty_fifo *fifo, u8 *buf, size_t n)
{
	unsigned long irq;
	size_t run, first;
	unsigned int slot;

	spin_lock_irqsave(&fifo->lock, irq);
	n = min_t(size_t, n, tty_fifo_len(fifo));
	slot = fifo_slot(fifo, fifo->tail, &run);
	first = min(n, run);
	memcpy(buf, fifo->data + slot, first);
	memcpy(buf + first, fifo->data, n - first);
	WRITE_ONCE(fifo->tail, fifo->tail + n);
	spin_unlock_irqrestore(&fifo->lock, irq);
	return n;
}

/* Look at the next byte and leave it there. Context: any. Return: false when empty. */
bool tty_fifo_peek(struct tty_fifo *fifo, u8 *c, enum tty_flag *flag)
{
	unsigned long irq;
	unsigned int slot;
	bool any;

	if (!tty_fifo_len(fifo))
		return false;
	spin_lock_irqsave(&fifo->lock, irq);
	any = tty_fifo_len(fifo) > 0;
	slot = fifo->tail & (fifo->size - 1);
	*c = fifo->data[slot];
	*flag = fifo->flags ? fifo->flags[slot] : TTY_NORMAL;
	spin_unlock_irqrestore(&fifo->lock, irq);
	return any;
}

/* Drop the byte that tty_fifo_peek() showed, unless a reset did. Context: any. */
void tty_fifo_skip(struct tty_fifo *fifo)
{
	unsigned long irq;

	spin_lock_irqsave(&fifo->lock, irq);
	if (tty_fifo_len(fifo))
		WRITE_ONCE(fifo->tail, fifo->tail + 1);
	spin_unlock_irqrestore(&fifo->lock, irq);
}

/* Throw away all but the oldest @keep bytes. Context: any. */
void tty_fifo_truncate(struct tty_fifo *fifo, size_t keep)
{
	unsigned long irq;

	spin_lock_irqsave(&fifo->lock, irq);
	if (tty_fifo_len(fifo) > keep)
		WRITE_ONCE(fifo->head, fifo->tail + keep);
	spin_unlock_irqrestore(&fifo->lock, irq);
}

/* Throw away what is in it. Context: any. */
void tty_fifo_reset(struct tty_fifo *fifo)
{
	unsigned long irq;

	spin_lock_irqsave(&fifo->lock, irq);
	WRITE_ONCE(fifo->tail, fifo->head);
	spin_unlock_irqrestore(&fifo->lock, irq);
}

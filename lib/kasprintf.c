// SPDX-License-Identifier: GPL-2.0-only
/*
 * Formatting into memory of just the right size.
 */
#include <linux/slab.h>
#include <linux/sprintf.h>

/**
 * kvasprintf() - format into a new string
 * @gfp: how to allocate
 * @fmt: as vsnprintf()
 * @args: its arguments
 *
 * Return: the string, to be freed with kfree(), or NULL.
 */
char *kvasprintf(gfp_t gfp, const char *fmt, va_list args)
{
	va_list again;
	char *s;
	int len;

	va_copy(again, args);
	len = vsnprintf(NULL, 0, fmt, again);
	va_end(again);
	s = kmalloc(len + 1, gfp);
	if (s)
		vsnprintf(s, len + 1, fmt, args);
	return s;
}

/* See kvasprintf(). */
char *kasprintf(gfp_t gfp, const char *fmt, ...)
{
	va_list args;
	char *s;

	va_start(args, fmt);
	s = kvasprintf(gfp, fmt, args);
	va_end(args);
	return s;
}

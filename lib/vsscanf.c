// SPDX-License-Identifier: GPL-2.0-only
/*
 * Formatted input out of a string: %d %i %u %x %o %s %c %[set] %n with widths, '*' and the length
 * modifiers of C99. Pure.
 */
#include <linux/ctype.h>
#include <linux/kernel.h>
#include <linux/kstrtox.h>
#include <linux/sprintf.h>
#include <linux/string.h>

struct scan {
	const char *in;		/* what is still to be read */
	const char *fmt;	/* behind the '%' of the conversion at hand */
	size_t width;		/* SIZE_MAX: none given */
	bool discard;		/* '*' */
	char length;		/* 'H' for hh, 'h', 'l', 0 */
};

static void parse_modifiers(struct scan *scan)
{
	unsigned long long width;
	bool overflow;
	size_t n;

	scan->discard = *scan->fmt == '*';
	if (scan->discard)
		scan->fmt++;
	n = __parse_digits(scan->fmt, 10, SIZE_MAX, &width, &overflow);
	scan->width = n ? width : SIZE_MAX;
	scan->fmt += n;
	scan->length = 0;
	if (*scan->fmt == 'h') {
		scan->length = scan->fmt[1] == 'h' ? 'H' : 'h';
		scan->fmt += scan->fmt[1] == 'h' ? 2 : 1;
	} else if (*scan->fmt && strchr("lLzjt", *scan->fmt)) {
		scan->length = 'l';
		scan->fmt += scan->fmt[0] == 'l' && scan->fmt[1] == 'l' ? 2 : 1;
	}
}

static void store(const struct scan *scan, void *where, u64 value)
{
	switch (scan->length) {
	case 'H':
		*(u8 *)where = value;
		break;
	case 'h':
		*(u16 *)where = value;
		break;
	case 'l':
		*(u64 *)where = value;
		break;
	default:
		*(u32 *)where = value;
		break;
	}
}

/* Reads an integer within the width; false when there is none. */
static bool read_integer(struct scan *scan, unsigned int base, u64 *value)
{
	unsigned long long magnitude;
	size_t max = scan->width, skip, n;
	bool negative = false, overflow;
	const char *p = scan->in;

	if (max && (*p == '-' || *p == '+')) {
		negative = *p++ == '-';
		max--;
	}
	skip = __parse_base(p, &base);
	if (skip >= max)
		skip = 0;
	n = __parse_digits(p + skip, base, max - skip, &magnitude, &overflow);
	if (!n)
		return false;
	scan->in = p + skip + n;
	*value = negative ? 0 - magnitude : magnitude;
	return true;
}

static size_t span_not_space(const char *s, size_t max)
{
	size_t n = 0;

	while (n < max && s[n] && !isspace(s[n]))
		n++;
	return n;
}

/* scan->fmt stands behind '['; moves it behind the set's ']'. Returns the matching length. */
static size_t span_set(struct scan *scan)
{
	bool member[256] = { false }, negate = *scan->fmt == '^';
	const char *p = scan->fmt + negate;
	const char *first = p;
	size_t n = 0;
	int c;

	for (; *p && (*p != ']' || p == first); p++) {
		member[(u8)*p] = true;
		if (p[1] == '-' && p[2] && p[2] != ']') {
			for (c = (u8)*p; c <= (u8)p[2]; c++)
				member[c] = true;
			p += 2;
		}
	}
	scan->fmt = *p ? p + 1 : p;
	while (n < scan->width && scan->in[n] && member[(u8)scan->in[n]] != negate)
		n++;
	return n;
}

/* Hand @n characters to the caller's buffer unless they are to be discarded. */
static void take_text(struct scan *scan, char *to, size_t n, bool terminate)
{
	if (to) {
		memcpy(to, scan->in, n);
		if (terminate)
			to[n] = '\0';
	}
	scan->in += n;
}

static unsigned int base_of(char conv)
{
	switch (conv) {
	case 'd':
	case 'u':
		return 10;
	case 'x':
	case 'X':
		return 16;
	case 'o':
		return 8;
	default:
		return 0;	/* %i: as the digits say */
	}
}

struct scan_args {
	va_list ap;
};

static void *next_target(const struct scan *scan, struct scan_args *args)
{
	return scan->discard ? NULL : va_arg(args->ap, void *);
}

static bool scan_text(struct scan *scan, char conv, struct scan_args *args)
{
	size_t n;

	switch (conv) {
	case 'c':
		n = scan->width == SIZE_MAX ? 1 : scan->width;
		if (strnlen(scan->in, n) < n)
			return false;
		break;
	case '[':
		n = span_set(scan);
		break;
	default:
		scan->in = skip_spaces(scan->in);
		n = span_not_space(scan->in, scan->width);
		break;
	}
	if (!n)
		return false;
	take_text(scan, next_target(scan, args), n, conv != 'c');
	return true;
}

static bool scan_integer(struct scan *scan, char conv, struct scan_args *args)
{
	void *target;
	u64 value;

	scan->in = skip_spaces(scan->in);
	if (!read_integer(scan, base_of(conv), &value))
		return false;
	target = next_target(scan, args);
	if (target)
		store(scan, target, value);
	return true;
}

/* One conversion. Returns whether it matched; *@count goes up when something was stored. */
static bool scan_one(struct scan *scan, const char *start, struct scan_args *args, int *count)
{
	char conv;
	bool matched;

	parse_modifiers(scan);
	conv = *scan->fmt;
	if (!conv)
		return false;
	scan->fmt++;
	switch (conv) {
	case 'n':
		store(scan, va_arg(args->ap, void *), scan->in - start);
		return true;
	case '%':
		scan->in = skip_spaces(scan->in);
		matched = *scan->in == '%';
		scan->in += matched;
		return matched;
	case 's':
	case 'c':
	case '[':
		matched = scan_text(scan, conv, args);
		break;
	case 'd':
	case 'i':
	case 'u':
	case 'x':
	case 'X':
	case 'o':
		matched = scan_integer(scan, conv, args);
		break;
	default:
		return false;
	}
	if (matched && !scan->discard)
		(*count)++;
	return matched;
}

/**
 * vsscanf() - read values out of a string
 * @buf: the string
 * @fmt: what it should look like; white space in it matches any amount
 * @args: where the values go
 *
 * Return: how many conversions were stored. Unlike ISO C, 0 (not -1) on an empty string.
 */
int vsscanf(const char *buf, const char *fmt, va_list args)
{
	struct scan scan = { .in = buf, .fmt = fmt };
	struct scan_args copy;
	int count = 0;

	va_copy(copy.ap, args);
	while (*scan.fmt) {
		if (isspace(*scan.fmt)) {
			scan.fmt++;
			scan.in = skip_spaces(scan.in);
		} else if (*scan.fmt == '%') {
			scan.fmt++;
			if (!scan_one(&scan, buf, &copy, &count))
				break;
		} else if (*scan.fmt++ != *scan.in++) {
			break;
		}
	}
	va_end(copy.ap);
	return count;
}

int sscanf(const char *buf, const char *fmt, ...)
{
	va_list args;
	int count;

	va_start(args, fmt);
	count = vsscanf(buf, fmt, args);
	va_end(args);
	return count;
}

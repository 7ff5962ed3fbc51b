// SPDX-License-Identifier: GPL-2.0-only
/*
 * Formatted output: C99's integer, string and pointer conversions and the kernel's %p extensions.
 * Pure but for %pS, which asks kallsyms. Callable from any context, oops included.
 */
#include <linux/bitmap.h>
#include <linux/ctype.h>
#include <linux/kallsyms.h>
#include <linux/kernel.h>
#include <linux/sprintf.h>
#include <linux/string.h>

#define FLAG_LEFT	0x01	/* - */
#define FLAG_PLUS	0x02	/* + */
#define FLAG_SPACE	0x04	/* space */
#define FLAG_ALT	0x08	/* # */
#define FLAG_ZERO	0x10	/* 0 */
#define FLAG_UPPER	0x20	/* %X */

struct spec {
	u8 flags;
	u8 base;
	bool is_signed;
	char conv;		/* the conversion's letter */
	char length;		/* 'H' for hh, 'h', 'l' (also ll, z, t, j), 0 */
	int width;
	int precision;		/* -1: none given */
};

/* Text runs on past @end without being stored, so that its length is known. */
struct out {
	char *pos;
	char *end;
};

static inline void put(struct out *out, char c)
{
	if (out->pos < out->end)
		*out->pos = c;
	out->pos++;
}

static void put_fill(struct out *out, char c, int n)
{
	while (n-- > 0)
		put(out, c);
}

static void put_bytes(struct out *out, const char *s, size_t n)
{
	size_t room = out->pos < out->end ? (size_t)(out->end - out->pos) : 0;

	memcpy(out->pos, s, min(n, room));
	out->pos += n;
}

/* @n bytes padded to the field's width. */
static void put_padded(struct out *out, const char *s, size_t n, const struct spec *spec)
{
	int pad = spec->width > (int)n ? spec->width - (int)n : 0;

	if (!(spec->flags & FLAG_LEFT))
		put_fill(out, ' ', pad);
	put_bytes(out, s, n);
	if (spec->flags & FLAG_LEFT)
		put_fill(out, ' ', pad);
}

static void put_string(struct out *out, const char *s, const struct spec *spec)
{
	size_t max = spec->precision < 0 ? SIZE_MAX : (size_t)spec->precision;

	if ((unsigned long)s < 4096)
		s = s ? "(efault)" : "(null)";
	put_padded(out, s, strnlen(s, max), spec);
}

/* Digits of @value, the last one first. */
static int make_digits(char *buf, u64 value, const struct spec *spec)
{
	const char *digits = spec->flags & FLAG_UPPER ? "0123456789ABCDEF" : "0123456789abcdef";
	int n = 0;

	if (spec->base == 10) {
		for (; value; value /= 10)
			buf[n++] = '0' + value % 10;
		return n;
	}
	for (; value; value >>= spec->base == 16 ? 4 : 3)
		buf[n++] = digits[value & (spec->base - 1)];
	return n;
}

/* The sign or the base's prefix; @digits is how many digits follow. */
static const char *number_prefix(u64 value, bool negative, const struct spec *spec)
{
	if (negative)
		return "-";
	if (spec->is_signed && (spec->flags & FLAG_PLUS))
		return "+";
	if (spec->is_signed && (spec->flags & FLAG_SPACE))
		return " ";
	if ((spec->flags & FLAG_ALT) && spec->base == 16 && value)
		return spec->flags & FLAG_UPPER ? "0X" : "0x";
	return "";
}

static void put_number(struct out *out, u64 value, const struct spec *spec)
{
	bool negative = spec->is_signed && (s64)value < 0;
	int n, pad, prefix_len, zeroes = 0;
	const char *prefix;
	char buf[24];

	if (negative)
		value = 0 - value;
	n = make_digits(buf, value, spec);
	prefix = number_prefix(value, negative, spec);
	prefix_len = strlen(prefix);
	zeroes = (spec->precision < 0 ? 1 : spec->precision) - n;
	zeroes = max(zeroes, 0);
	if ((spec->flags & FLAG_ALT) && spec->base == 8 && !zeroes)
		zeroes = 1;
	pad = spec->width - prefix_len - zeroes - n;
	if (pad > 0 && (spec->flags & FLAG_ZERO) && !(spec->flags & FLAG_LEFT) &&
	    spec->precision < 0) {
		zeroes += pad;
		pad = 0;
	}
	if (!(spec->flags & FLAG_LEFT))
		put_fill(out, ' ', pad);
	put_bytes(out, prefix, prefix_len);
	put_fill(out, '0', zeroes);
	while (n)
		put(out, buf[--n]);
	if (spec->flags & FLAG_LEFT)
		put_fill(out, ' ', pad);
}

static void put_hex(struct out *out, u64 value, int width, u8 flags)
{
	const struct spec spec = { .base = 16, .flags = flags, .width = width, .precision = -1 };

	put_number(out, value, &spec);
}

/* %ps: the function's name. %pS: with the offset. %pB: of a return address, thus the call's. */
static void put_symbol(struct out *out, unsigned long addr, char how)
{
	unsigned long size, offset, back = how == 'B';
	const char *name = kallsyms_lookup(addr - back, &size, &offset);

	if (!name) {
		put_hex(out, addr, 0, FLAG_ALT);
		return;
	}
	put_bytes(out, name, strlen(name));
	if (how == 's')
		return;
	put(out, '+');
	put_hex(out, offset + back, 0, FLAG_ALT);
	put(out, '/');
	put_hex(out, size, 0, FLAG_ALT);
}

/* %*pb and %*pbl: the field's width is the number of bits. */
static void put_bitmap(struct out *out, const unsigned long *map, int nbits, bool list)
{
	size_t room = out->pos < out->end ? (size_t)(out->end - out->pos) : 0;
	char unused[1];
	char *buf = room ? out->pos : unused;

	if (list)
		out->pos += bitmap_print_list(buf, room, map, nbits);
	else
		out->pos += bitmap_print_mask(buf, room, map, nbits);
}

/* Returns the first character of the format behind the extension's letters. */
static const char *put_pointer(struct out *out, const char *fmt, const void *ptr,
			       const struct spec *spec)
{
	switch (*fmt) {
	case 's':
	case 'S':
	case 'B':
		put_symbol(out, (unsigned long)ptr, *fmt);
		return fmt + 1;
	case 'b':
		put_bitmap(out, ptr, spec->width, fmt[1] == 'l');
		return fmt + (fmt[1] == 'l' ? 2 : 1);
	case 'x':
	case 'K':
		put_hex(out, (unsigned long)ptr, max(spec->width, 16), FLAG_ZERO);
		return fmt + 1;
	default:
		put_hex(out, (unsigned long)ptr, max(spec->width, 16), FLAG_ZERO);
		return fmt;
	}
}

static u8 flag_of(char c)
{
	switch (c) {
	case '-':
		return FLAG_LEFT;
	case '+':
		return FLAG_PLUS;
	case ' ':
		return FLAG_SPACE;
	case '#':
		return FLAG_ALT;
	case '0':
		return FLAG_ZERO;
	default:
		return 0;
	}
}

static const char *parse_length(const char *fmt, struct spec *spec)
{
	switch (*fmt) {
	case 'h':
		spec->length = fmt[1] == 'h' ? 'H' : 'h';
		return fmt + (fmt[1] == 'h' ? 2 : 1);
	case 'l':
		spec->length = 'l';
		return fmt + (fmt[1] == 'l' ? 2 : 1);
	case 'L':
	case 'z':
	case 't':
	case 'j':
		spec->length = 'l';
		return fmt + 1;
	default:
		return fmt;
	}
}

static void parse_conversion(struct spec *spec)
{
	spec->base = 10;
	switch (spec->conv) {
	case 'd':
	case 'i':
		spec->is_signed = true;
		break;
	case 'o':
		spec->base = 8;
		break;
	case 'X':
		spec->flags |= FLAG_UPPER;
		fallthrough;
	case 'x':
		spec->base = 16;
		break;
	}
}

static const char *parse_number(const char *fmt, int *value)
{
	for (*value = 0; isdigit(*fmt); fmt++)
		*value = min(*value, 100000) * 10 + (*fmt - '0');
	return fmt;
}

/* va_list is passed inside a structure because it may be an array type. */
struct args {
	va_list ap;
};

/* @fmt stands behind the '%'; returns what stands behind the conversion's letter. */
static const char *parse_spec(const char *fmt, struct spec *spec, struct args *args)
{
	u8 flag;

	*spec = (struct spec) { .precision = -1 };
	while ((flag = flag_of(*fmt))) {
		spec->flags |= flag;
		fmt++;
	}
	if (*fmt == '*') {
		spec->width = va_arg(args->ap, int);
		if (spec->width < 0) {
			spec->width = -spec->width;
			spec->flags |= FLAG_LEFT;
		}
		fmt++;
	} else {
		fmt = parse_number(fmt, &spec->width);
	}
	if (*fmt == '.') {
		fmt++;
		if (*fmt == '*') {
			spec->precision = va_arg(args->ap, int);
			fmt++;
		} else {
			fmt = parse_number(fmt, &spec->precision);
		}
	}
	fmt = parse_length(fmt, spec);
	spec->conv = *fmt;
	parse_conversion(spec);
	return *fmt ? fmt + 1 : fmt;
}

static u64 fetch_number(const struct spec *spec, struct args *args)
{
	u64 value;

	if (spec->length == 'l')
		return va_arg(args->ap, unsigned long);
	value = va_arg(args->ap, unsigned int);
	if (spec->length == 'H')
		return spec->is_signed ? (u64)(s8)value : (u8)value;
	if (spec->length == 'h')
		return spec->is_signed ? (u64)(s16)value : (u16)value;
	return spec->is_signed ? (u64)(s32)value : value;
}

/* One conversion; returns the format behind it. */
static const char *convert(struct out *out, const char *fmt, struct args *args)
{
	struct spec spec;
	char c;

	fmt = parse_spec(fmt, &spec, args);
	switch (spec.conv) {
	case 'd':
	case 'i':
	case 'u':
	case 'x':
	case 'X':
	case 'o':
		put_number(out, fetch_number(&spec, args), &spec);
		break;
	case 's':
		put_string(out, va_arg(args->ap, const char *), &spec);
		break;
	case 'c':
		c = va_arg(args->ap, int);
		put_padded(out, &c, 1, &spec);
		break;
	case 'p':
		return put_pointer(out, fmt, va_arg(args->ap, const void *), &spec);
	case '%':
		put(out, '%');
		break;
	default:
		WARN_ONCE(1, "vsnprintf: unknown conversion '%c'\n", spec.conv);
		break;
	}
	return fmt;
}

/**
 * vsnprintf() - format into a buffer
 * @buf: the buffer; may be NULL when @size is 0
 * @size: its size in bytes; the text is cut to fit and ended by NUL
 * @fmt: as printf(3) without floating point, %n and wide characters. A plain %p or %px prints
 *	16 hexadecimal digits; %ps, %pS and %pB a symbol; %*pb and %*pbl a bit map of so many bits
 *	as a mask and as a list ("0-3,5")
 * @args: its arguments
 *
 * Context: any.
 * Return: the length of the whole text, which is @size or more when it was cut; 0 for a size
 * above INT_MAX.
 */
int vsnprintf(char *buf, size_t size, const char *fmt, va_list args)
{
	struct out out = { .pos = buf, .end = buf };
	struct args copy;
	const char *plain;

	if (WARN_ON_ONCE(size > INT_MAX))
		return 0;
	if (size)
		out.end = buf + size - 1;
	va_copy(copy.ap, args);
	while (*fmt) {
		plain = fmt;
		fmt = strchrnul(fmt, '%');
		put_bytes(&out, plain, fmt - plain);
		if (*fmt)
			fmt = convert(&out, fmt + 1, &copy);
	}
	va_end(copy.ap);
	if (size)
		*(out.pos < out.end ? out.pos : out.end) = '\0';
	return out.pos - buf;
}

int vscnprintf(char *buf, size_t size, const char *fmt, va_list args)
{
	int len = vsnprintf(buf, size, fmt, args);

	return len < (int)size ? len : size ? (int)size - 1 : 0;
}

int vsprintf(char *buf, const char *fmt, va_list args)
{
	return vsnprintf(buf, INT_MAX, fmt, args);
}

int snprintf(char *buf, size_t size, const char *fmt, ...)
{
	va_list args;
	int len;

	va_start(args, fmt);
	len = vsnprintf(buf, size, fmt, args);
	va_end(args);
	return len;
}

int scnprintf(char *buf, size_t size, const char *fmt, ...)
{
	va_list args;
	int len;

	va_start(args, fmt);
	len = vscnprintf(buf, size, fmt, args);
	va_end(args);
	return len;
}

int sprintf(char *buf, const char *fmt, ...)
{
	va_list args;
	int len;

	va_start(args, fmt);
	len = vsnprintf(buf, INT_MAX, fmt, args);
	va_end(args);
	return len;
}

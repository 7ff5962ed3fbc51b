// SPDX-License-Identifier: GPL-2.0-only
/*
 * Bit maps of more than one word, and their two forms in text: lists ("0-3,5") and hexadecimal
 * masks in groups of 32 bits ("f,0000002f"). Pure; the owner's lock.
 */
#include <linux/bitmap.h>
#include <linux/ctype.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/sprintf.h>

static inline unsigned long valid_bits(unsigned int word, unsigned int nbits)
{
	return word == nbits / BITS_PER_LONG ? BITMAP_LAST_WORD_MASK(nbits) : ~0UL;
}

#define for_each_word(i, nbits)	for ((i) = 0; (i) < BITS_TO_LONGS(nbits); (i)++)

bool __bitmap_and(unsigned long *dst, const unsigned long *a, const unsigned long *b,
		  unsigned int nbits)
{
	unsigned long any = 0;
	unsigned int i;

	for_each_word(i, nbits)
		any |= dst[i] = a[i] & b[i] & valid_bits(i, nbits);
	return any != 0;
}

void __bitmap_or(unsigned long *dst, const unsigned long *a, const unsigned long *b,
		 unsigned int nbits)
{
	unsigned int i;

	for_each_word(i, nbits)
		dst[i] = a[i] | b[i];
}

void __bitmap_xor(unsigned long *dst, const unsigned long *a, const unsigned long *b,
		  unsigned int nbits)
{
	unsigned int i;

	for_each_word(i, nbits)
		dst[i] = a[i] ^ b[i];
}

bool __bitmap_andnot(unsigned long *dst, const unsigned long *a, const unsigned long *b,
		     unsigned int nbits)
{
	unsigned long any = 0;
	unsigned int i;

	for_each_word(i, nbits)
		any |= dst[i] = a[i] & ~b[i] & valid_bits(i, nbits);
	return any != 0;
}

bool __bitmap_equal(const unsigned long *a, const unsigned long *b, unsigned int nbits)
{
	unsigned int i;

	for_each_word(i, nbits)
		if ((a[i] ^ b[i]) & valid_bits(i, nbits))
			return false;
	return true;
}

bool __bitmap_intersects(const unsigned long *a, const unsigned long *b, unsigned int nbits)
{
	unsigned int i;

	for_each_word(i, nbits)
		if (a[i] & b[i] & valid_bits(i, nbits))
			return true;
	return false;
}

bool __bitmap_subset(const unsigned long *a, const unsigned long *b, unsigned int nbits)
{
	unsigned int i;

	for_each_word(i, nbits)
		if (a[i] & ~b[i] & valid_bits(i, nbits))
			return false;
	return true;
}

unsigned int __bitmap_weight(const unsigned long *map, unsigned int nbits)
{
	unsigned int i, weight = 0;

	for_each_word(i, nbits)
		weight += hweight_long(map[i] & valid_bits(i, nbits));
	return weight;
}

/* The part of [@start, @end) that lies in the word of @start, as a mask. */
static unsigned long first_part(unsigned int start, unsigned int end)
{
	unsigned long mask = BITMAP_FIRST_WORD_MASK(start);

	if (BIT_WORD(start) == BIT_WORD(end - 1))
		mask &= BITMAP_LAST_WORD_MASK(end);
	return mask;
}

void bitmap_set(unsigned long *map, unsigned int start, unsigned int nbits)
{
	unsigned int end = start + nbits;

	for (; start < end; start = round_down(start, BITS_PER_LONG) + BITS_PER_LONG)
		map[BIT_WORD(start)] |= first_part(start, end);
}

void bitmap_clear(unsigned long *map, unsigned int start, unsigned int nbits)
{
	unsigned int end = start + nbits;

	for (; start < end; start = round_down(start, BITS_PER_LONG) + BITS_PER_LONG)
		map[BIT_WORD(start)] &= ~first_part(start, end);
}

/**
 * bitmap_find_next_zero_area() - find a run of clear bits
 * @map: the bit map
 * @size: its size in bits
 * @start: where to begin
 * @nr: length of the run
 * @align_mask: alignment of the run's first bit, less one
 *
 * Return: the first bit of the run; more than @size - @nr when there is none.
 */
unsigned long bitmap_find_next_zero_area(const unsigned long *map, unsigned long size,
					 unsigned long start, unsigned int nr,
					 unsigned long align_mask)
{
	unsigned long end, used;

	for (;;) {
		start = find_next_zero_bit(map, size, start);
		start = (start + align_mask) & ~align_mask;
		end = start + nr;
		if (end > size)
			return size;
		used = find_next_bit(map, end, start);
		if (used >= end)
			return start;
		start = used + 1;
	}
}

/* Decimal number at *@p, which moves on; saturates far above any bit number. */
static int parse_number(const char **p, unsigned int *value)
{
	unsigned int n = 0;

	if (!isdigit(**p))
		return -EINVAL;
	for (; isdigit(**p); (*p)++)
		n = n < 100000000 ? n * 10 + (**p - '0') : n;
	*value = n;
	return 0;
}

/* "first", "first-last" or "first-last:used/group" */
static int parse_region(const char **p, unsigned long *map, unsigned int nbits)
{
	unsigned int first, last, used = 1, group = 1;
	int err = parse_number(p, &first);

	if (err)
		return err;
	last = first;
	if (**p == '-') {
		(*p)++;
		err = parse_number(p, &last);
		if (err)
			return err;
		if (**p == ':') {
			(*p)++;
			err = parse_number(p, &used);
			if (err || *(*p)++ != '/')
				return -EINVAL;
			err = parse_number(p, &group);
			if (err)
				return err;
		}
	}
	if (first > last || !group || used > group)
		return -EINVAL;
	if (last >= nbits)
		return -ERANGE;
	for (; first <= last; first += group)
		bitmap_set(map, first, min(used, last - first + 1));
	return 0;
}

static bool is_separator(char c)
{
	return c == ',' || isspace(c);
}

/**
 * bitmap_parselist() - read a bit map written as a list of numbers and ranges
 * @buf: "0-3,5", "0-31:2/8" (two of each eight) or "all"; white space separates as commas do
 * @map: where it goes
 * @nbits: size of @map
 *
 * Return: 0, -EINVAL on bad syntax, -ERANGE on a number that is not below @nbits.
 */
int bitmap_parselist(const char *buf, unsigned long *map, unsigned int nbits)
{
	int err;

	bitmap_zero(map, nbits);
	for (;;) {
		while (is_separator(*buf))
			buf++;
		if (!*buf)
			return 0;
		if (!strncasecmp(buf, "all", 3)) {
			bitmap_set(map, 0, nbits);
			buf += 3;
		} else {
			err = parse_region(&buf, map, nbits);
			if (err)
				return err;
		}
		if (*buf && !is_separator(*buf))
			return -EINVAL;
	}
}

/* Add four bits at the low end; -EOVERFLOW when a set bit would leave the map. */
static int shift_in_digit(unsigned long *map, unsigned int nbits, unsigned int digit)
{
	unsigned int i, words = BITS_TO_LONGS(nbits);
	unsigned long carry = digit, next;

	for (i = 0; i < words; i++) {
		next = map[i] >> (BITS_PER_LONG - 4);
		map[i] = map[i] << 4 | carry;
		carry = next;
	}
	return carry || (map[words - 1] & ~BITMAP_LAST_WORD_MASK(nbits)) ? -EOVERFLOW : 0;
}

/**
 * bitmap_parse() - read a bit map written as a hexadecimal mask
 * @buf: digits, in groups separated by commas as "%*pb" prints them; a newline ends it
 * @len: bytes to read at most
 * @map: where it goes
 * @nbits: size of @map
 *
 * Return: 0, -EINVAL on bad syntax, -EOVERFLOW on a bit that is not below @nbits.
 */
int bitmap_parse(const char *buf, unsigned int len, unsigned long *map, unsigned int nbits)
{
	const char *end = buf + strnlen(buf, len);
	unsigned int digits = 0;
	int err;

	bitmap_zero(map, nbits);
	while (end > buf && isspace(end[-1]))
		end--;
	for (; buf < end; buf++) {
		if (*buf == ',' && digits) {
			digits = 0;
			continue;
		}
		if (!isxdigit(*buf) || ++digits > 8)
			return -EINVAL;
		err = shift_in_digit(map, nbits,
				     isdigit(*buf) ? *buf - '0' : tolower(*buf) - 'a' + 10);
		if (err)
			return err;
	}
	return digits ? 0 : -EINVAL;
}

/* Print as "0-3,5"; returns the length, without the NUL, that fitted into @size. */
int bitmap_print_list(char *buf, size_t size, const unsigned long *map, unsigned int nbits)
{
	unsigned long first, last;
	int len = 0;

	if (size)
		buf[0] = '\0';
	for (first = find_first_bit(map, nbits); first < nbits;
	     first = find_next_bit(map, nbits, last + 1)) {
		last = find_next_zero_bit(map, nbits, first) - 1;
		len += scnprintf(buf + len, size - len, len ? ",%lu" : "%lu", first);
		if (last > first)
			len += scnprintf(buf + len, size - len, "-%lu", last);
	}
	return len;
}

/* Print as hexadecimal groups of 32 bits, the highest first; returns what fitted. */
int bitmap_print_mask(char *buf, size_t size, const unsigned long *map, unsigned int nbits)
{
	int group, groups = DIV_ROUND_UP(nbits, 32), len = 0;
	unsigned int digits, bits;
	u32 value;

	for (group = groups - 1; group >= 0; group--) {
		bits = min(nbits - group * 32U, 32U);
		digits = DIV_ROUND_UP(bits, 4);
		value = map[group / 2] >> (group % 2 * 32);
		if (bits < 32)
			value &= (1U << bits) - 1;
		len += scnprintf(buf + len, size - len, group < groups - 1 ? ",%0*x" : "%0*x",
				 (int)digits, value);
	}
	return len;
}

unsigned long *bitmap_alloc(unsigned int nbits, gfp_t gfp)
{
	return kmalloc_array(BITS_TO_LONGS(nbits), sizeof(long), gfp);
}

unsigned long *bitmap_zalloc(unsigned int nbits, gfp_t gfp)
{
	return bitmap_alloc(nbits, gfp | __GFP_ZERO);
}

void bitmap_free(const unsigned long *map)
{
	kfree(map);
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Numbers out of strings, strict (kstrto*) and prefix-wise (simple_strto*, memparse). Pure.
 */
#include <linux/ctype.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/kstrtox.h>
#include <linux/string.h>

static unsigned int digit_value(char c)
{
	if (isdigit(c))
		return c - '0';
	return isalpha(c) ? tolower(c) - 'a' + 10 : 255;
}

/* Settle base 0 and skip a 0x; returns the characters skipped. */
size_t __parse_base(const char *s, unsigned int *base)
{
	bool hex = s[0] == '0' && tolower(s[1]) == 'x' && isxdigit(s[2]);

	if (*base == 0)
		*base = hex ? 16 : s[0] == '0' ? 8 : 10;
	return *base == 16 && hex ? 2 : 0;
}

size_t __parse_digits(const char *s, unsigned int base, size_t max, unsigned long long *value,
		      bool *overflow)
{
	unsigned long long sum = 0;
	unsigned int digit;
	size_t n;

	*overflow = false;
	for (n = 0; n < max; n++) {
		digit = digit_value(s[n]);
		if (digit >= base)
			break;
		if (check_mul_overflow(sum, (unsigned long long)base, &sum) ||
		    check_add_overflow(sum, (unsigned long long)digit, &sum))
			*overflow = true;
	}
	*value = sum;
	return n;
}

/* The whole string, without a sign. */
static int parse_whole(const char *s, unsigned int base, unsigned long long *res)
{
	unsigned long long value;
	bool overflow;
	size_t n;

	s += __parse_base(s, &base);
	n = __parse_digits(s, base, SIZE_MAX, &value, &overflow);
	if (!n)
		return -EINVAL;
	if (overflow)
		return -ERANGE;
	s += n;
	if (*s == '\n')
		s++;
	if (*s)
		return -EINVAL;
	*res = value;
	return 0;
}

int kstrtoull(const char *s, unsigned int base, unsigned long long *res)
{
	return parse_whole(*s == '+' ? s + 1 : s, base, res);
}

int kstrtoll(const char *s, unsigned int base, long long *res)
{
	unsigned long long value;
	int err;

	if (*s != '-') {
		err = kstrtoull(s, base, &value);
		if (err)
			return err;
		if (value > S64_MAX)
			return -ERANGE;
		*res = value;
		return 0;
	}
	err = parse_whole(s + 1, base, &value);
	if (err)
		return err;
	if (value > (u64)S64_MAX + 1)
		return -ERANGE;
	*res = (long long)(0 - value);
	return 0;
}

/* A narrower type: the value must survive the conversion. */
#define DEFINE_KSTRTO(name, type, wide_name, wide)			\
int name(const char *s, unsigned int base, type *res)			\
{									\
	wide value;							\
	int err = wide_name(s, base, &value);				\
									\
	if (err)							\
		return err;						\
	if (value != (wide)(type)value)					\
		return -ERANGE;						\
	*res = value;							\
	return 0;							\
}

DEFINE_KSTRTO(kstrtoul, unsigned long, kstrtoull, unsigned long long)
DEFINE_KSTRTO(kstrtol, long, kstrtoll, long long)
DEFINE_KSTRTO(kstrtouint, unsigned int, kstrtoull, unsigned long long)
DEFINE_KSTRTO(kstrtoint, int, kstrtoll, long long)
DEFINE_KSTRTO(kstrtou16, u16, kstrtoull, unsigned long long)
DEFINE_KSTRTO(kstrtou8, u8, kstrtoull, unsigned long long)

int kstrtobool(const char *s, bool *res)
{
	switch (tolower(s[0])) {
	case 'y':
	case 't':
	case '1':
		*res = true;
		return 0;
	case 'n':
	case 'f':
	case '0':
		*res = false;
		return 0;
	case 'o':
		if (tolower(s[1]) == 'n' || tolower(s[1]) == 'f') {
			*res = tolower(s[1]) == 'n';
			return 0;
		}
		break;
	}
	return -EINVAL;
}

unsigned long long simple_strtoull(const char *s, char **end, unsigned int base)
{
	unsigned long long value;
	bool overflow;

	s += __parse_base(s, &base);
	s += __parse_digits(s, base, SIZE_MAX, &value, &overflow);
	if (end)
		*end = (char *)s;
	return value;
}

long long simple_strtoll(const char *s, char **end, unsigned int base)
{
	if (*s == '-')
		return (long long)(0 - simple_strtoull(s + 1, end, base));
	return (long long)simple_strtoull(s, end, base);
}

unsigned long simple_strtoul(const char *s, char **end, unsigned int base)
{
	return simple_strtoull(s, end, base);
}

long simple_strtol(const char *s, char **end, unsigned int base)
{
	return simple_strtoll(s, end, base);
}

unsigned long long memparse(const char *s, char **end)
{
	static const char suffixes[] = "KMGTPE";
	unsigned long long value;
	const char *suffix;
	char *p;

	value = simple_strtoull(s, &p, 0);
	suffix = *p ? strchr(suffixes, toupper(*p)) : NULL;
	if (suffix) {
		value <<= 10 * (suffix - suffixes + 1);
		p++;
	}
	if (end)
		*end = p;
	return value;
}

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Numbers out of strings. kstrto*() accept one whole number with at most a newline behind it;
 * simple_strto*() stop where the number ends. Base 0 reads 0x as hexadecimal and 0 as octal.
 */
#ifndef _LINUX_KSTRTOX_H
#define _LINUX_KSTRTOX_H

#include <linux/types.h>

/* Return: 0, -EINVAL when it is not a number, -ERANGE when it does not fit. */
int kstrtoull(const char *s, unsigned int base, unsigned long long *res);
int kstrtoll(const char *s, unsigned int base, long long *res);
int kstrtoul(const char *s, unsigned int base, unsigned long *res);
int kstrtol(const char *s, unsigned int base, long *res);
int kstrtouint(const char *s, unsigned int base, unsigned int *res);
int kstrtoint(const char *s, unsigned int base, int *res);
int kstrtou16(const char *s, unsigned int base, u16 *res);
int kstrtou8(const char *s, unsigned int base, u8 *res);

/* y, Y, t, 1, on: true; n, N, f, 0, off: false. */
int kstrtobool(const char *s, bool *res);

#define kstrtou64(s, base, res)	kstrtoull(s, base, (unsigned long long *)(res))
#define kstrtos64(s, base, res)	kstrtoll(s, base, (long long *)(res))
#define kstrtou32(s, base, res)	kstrtouint(s, base, res)
#define kstrtos32(s, base, res)	kstrtoint(s, base, res)

unsigned long long simple_strtoull(const char *s, char **end, unsigned int base);
long long simple_strtoll(const char *s, char **end, unsigned int base);
unsigned long simple_strtoul(const char *s, char **end, unsigned int base);
long simple_strtol(const char *s, char **end, unsigned int base);

/* A number with an optional suffix K, M, G, T, P or E. */
unsigned long long memparse(const char *s, char **end);

/* For lib/: digits of @base with at most @max characters; returns the characters used. */
size_t __parse_digits(const char *s, unsigned int base, size_t max, unsigned long long *value,
		      bool *overflow);
size_t __parse_base(const char *s, unsigned int *base);

#endif

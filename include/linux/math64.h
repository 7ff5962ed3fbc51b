/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * 64-bit division under the names of the field, and products of 128 bits scaled back to 64.
 */
#ifndef _LINUX_MATH64_H
#define _LINUX_MATH64_H

#include <linux/types.h>

static inline u64 div_u64_rem(u64 dividend, u32 divisor, u32 *remainder)
{
	*remainder = dividend % divisor;
	return dividend / divisor;
}

static inline s64 div_s64_rem(s64 dividend, s32 divisor, s32 *remainder)
{
	*remainder = dividend % divisor;
	return dividend / divisor;
}

static inline u64 div64_u64_rem(u64 dividend, u64 divisor, u64 *remainder)
{
	*remainder = dividend % divisor;
	return dividend / divisor;
}

static inline u64 div_u64(u64 dividend, u32 divisor)
{
	return dividend / divisor;
}

static inline s64 div_s64(s64 dividend, s32 divisor)
{
	return dividend / divisor;
}

static inline u64 div64_u64(u64 dividend, u64 divisor)
{
	return dividend / divisor;
}

static inline s64 div64_s64(s64 dividend, s64 divisor)
{
	return dividend / divisor;
}

static inline u64 div64_ul(u64 dividend, unsigned long divisor)
{
	return dividend / divisor;
}

/* (a * mul) >> shift, with the product in 128 bits. */
static inline u64 mul_u64_u64_shr(u64 a, u64 mul, unsigned int shift)
{
	return (u64)(((unsigned __int128)a * mul) >> shift);
}

static inline u64 mul_u64_u32_shr(u64 a, u32 mul, unsigned int shift)
{
	return mul_u64_u64_shr(a, mul, shift);
}

/* a * mul / divisor, with the product in 128 bits; the quotient must fit into 64. */
static inline u64 mul_u64_u64_div_u64(u64 a, u64 mul, u64 divisor)
{
	u64 quotient, high;

	__asm__("mulq %2" : "=a" (quotient), "=d" (high) : "rm" (mul), "0" (a) : "cc");
	__asm__("divq %2" : "+a" (quotient), "+d" (high) : "rm" (divisor) : "cc");
	return quotient;
}

#define DIV64_U64_ROUND_UP(n, d)	div64_u64((n) + (d) - 1, d)

/* Divides @n in place; the value is the remainder. */
#define do_div(n, base) __extension__ ({			\
	u32 __dd_rem = (n) % (u32)(base);			\
	(n) /= (u32)(base);					\
	__dd_rem; })

#endif

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Small arithmetic that everything uses.
 */
#ifndef _LINUX_KERNEL_H_K
#define _LINUX_KERNEL_H_K

#include <linux/types.h>
#include <linux/bits.h>
#include <linux/bug.h>
#include <linux/kstrtox.h>
#include <linux/log2.h>
#include <linux/printk.h>
#include <linux/sprintf.h>

#define ARRAY_SIZE(a)		(sizeof(a) / sizeof((a)[0]))

/* Each use gets names of its own, so that one may stand inside another. */
#define __pick(a, op, b, ta, tb, x, y) __extension__ ({				\
	ta x = (a); tb y = (b);							\
	x op y ? x : y; })
#define __pick_id(a, op, b, ta, tb)						\
	__pick(a, op, b, ta, tb, __UNIQUE_ID(__pick_x), __UNIQUE_ID(__pick_y))
#define min(a, b)		__pick_id(a, <, b, __typeof__(a), __typeof__(b))
#define max(a, b)		__pick_id(a, >, b, __typeof__(a), __typeof__(b))
#define min_t(type, a, b)	__pick_id(a, <, b, type, type)
#define max_t(type, a, b)	__pick_id(a, >, b, type, type)
#define clamp(val, lo, hi)	min((__typeof__(val))max(val, lo), hi)
#define clamp_t(type, val, lo, hi) min_t(type, max_t(type, val, lo), hi)
#define swap(a, b) do { __typeof__(a) __swap_t = (a); (a) = (b); (b) = __swap_t; } while (0)

#define ALIGN(x, a)		(((x) + ((__typeof__(x))(a) - 1)) & ~((__typeof__(x))(a) - 1))
#define ALIGN_DOWN(x, a)	((x) & ~((__typeof__(x))(a) - 1))
#define IS_ALIGNED(x, a)	(((x) & ((__typeof__(x))(a) - 1)) == 0)
#define PTR_ALIGN(p, a)		((__typeof__(p))ALIGN((unsigned long)(p), (a)))
#define round_up(x, y)		ALIGN(x, y)
#define round_down(x, y)	ALIGN_DOWN(x, y)
#define roundup(x, y)		((((x) + ((y) - 1)) / (y)) * (y))
#define rounddown(x, y)		((x) - ((x) % (y)))
#define DIV_ROUND_UP(n, d)	(((n) + (d) - 1) / (d))
#define DIV_ROUND_CLOSEST(n, d)	(((n) + (d) / 2) / (d))

#define U8_MAX		((u8)~0)
#define U16_MAX		((u16)~0)
#define U32_MAX		((u32)~0U)
#define U64_MAX		((u64)~0ULL)
#define S32_MAX		((s32)(U32_MAX >> 1))
#define S64_MAX		((s64)(U64_MAX >> 1))
#define S64_MIN		((s64)(-S64_MAX - 1))
#define INT_MAX		((int)(~0U >> 1))
#define INT_MIN		(-INT_MAX - 1)
#define UINT_MAX	(~0U)
#define LONG_MAX	((long)(~0UL >> 1))
#define LONG_MIN	(-LONG_MAX - 1)
#define ULONG_MAX	(~0UL)
#define LLONG_MAX	S64_MAX
#define ULLONG_MAX	U64_MAX
#define SIZE_MAX	(~(size_t)0)

#define lower_32_bits(n)	((u32)(n))
#define upper_32_bits(n)	((u32)((u64)(n) >> 32))

#define check_add_overflow(a, b, d)	__builtin_add_overflow(a, b, d)
#define check_sub_overflow(a, b, d)	__builtin_sub_overflow(a, b, d)
#define check_mul_overflow(a, b, d)	__builtin_mul_overflow(a, b, d)

#define u64_to_user_ptr(x)	((void __user *)(uintptr_t)(x))

#endif

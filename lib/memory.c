// SPDX-License-Identifier: GPL-2.0-only
/*
 * memcpy and its family. Up to 32 bytes go through registers with overlapping ends; longer runs
 * use string instructions on eight bytes, one counted instruction per eight bytes where every
 * iteration of a rep prefix counts. No lock, no state.
 */
#include <linux/string.h>

#define PAGE_WORDS	(4096 / 8)

/* Unaligned words that may alias anything. */
struct word8 { u64 v; } __attribute__((packed, may_alias));
struct word4 { u32 v; } __attribute__((packed, may_alias));
struct word2 { u16 v; } __attribute__((packed, may_alias));

#define LOAD(width, p, off)		(((const struct word##width *)((const u8 *)(p) + (off)))->v)
#define STORE(width, p, off, value) \
	(((struct word##width *)((u8 *)(p) + (off)))->v = (value))

/* All loads come before all stores: right for overlapping areas as well. */
static __always_inline void move_to_16(void *dst, const void *src, size_t n)
{
	if (n >= 8) {
		u64 head = LOAD(8, src, 0), tail = LOAD(8, src, n - 8);

		STORE(8, dst, 0, head);
		STORE(8, dst, n - 8, tail);
	} else if (n >= 4) {
		u32 head = LOAD(4, src, 0), tail = LOAD(4, src, n - 4);

		STORE(4, dst, 0, head);
		STORE(4, dst, n - 4, tail);
	} else if (n >= 2) {
		u16 head = LOAD(2, src, 0), tail = LOAD(2, src, n - 2);

		STORE(2, dst, 0, head);
		STORE(2, dst, n - 2, tail);
	} else if (n) {
		*(u8 *)dst = *(const u8 *)src;
	}
}

static __always_inline void move_17_to_32(void *dst, const void *src, size_t n)
{
	u64 a = LOAD(8, src, 0), b = LOAD(8, src, 8);
	u64 c = LOAD(8, src, n - 16), d = LOAD(8, src, n - 8);

	STORE(8, dst, 0, a);
	STORE(8, dst, 8, b);
	STORE(8, dst, n - 16, c);
	STORE(8, dst, n - 8, d);
}

static __always_inline void rep_movsq(void *dst, const void *src, size_t words)
{
	__asm__ __volatile__("rep movsq" : "+D" (dst), "+S" (src), "+c" (words) : : "memory");
}

static __always_inline void rep_stosq(void *dst, u64 value, size_t words)
{
	__asm__ __volatile__("rep stosq" : "+D" (dst), "+c" (words) : "a" (value) : "memory");
}

/* More than 32 bytes, ascending: also for a @dst below an overlapping @src. */
static __always_inline void move_up(void *dst, const void *src, size_t n)
{
	u64 tail = LOAD(8, src, n - 8);

	rep_movsq(dst, src, (n - 1) / 8);
	STORE(8, dst, n - 8, tail);
}

/* More than 32 bytes, descending: for a @dst above an overlapping @src. */
static void move_down(void *dst, const void *src, size_t n)
{
	u64 head = LOAD(8, src, 0);

	for (; n > 8; n -= 8)
		STORE(8, dst, n - 8, LOAD(8, src, n - 8));
	STORE(8, dst, 0, head);
}

void *memcpy(void *dst, const void *src, size_t n)
{
	if (n <= 16)
		move_to_16(dst, src, n);
	else if (n <= 32)
		move_17_to_32(dst, src, n);
	else
		move_up(dst, src, n);
	return dst;
}

void *memmove(void *dst, const void *src, size_t n)
{
	if (n <= 16)
		move_to_16(dst, src, n);
	else if (n <= 32)
		move_17_to_32(dst, src, n);
	else if ((size_t)((u8 *)dst - (const u8 *)src) >= n)
		move_up(dst, src, n);
	else
		move_down(dst, src, n);
	return dst;
}

static __always_inline void set_to_16(void *dst, u64 value, size_t n)
{
	if (n >= 8) {
		STORE(8, dst, 0, value);
		STORE(8, dst, n - 8, value);
	} else if (n >= 4) {
		STORE(4, dst, 0, value);
		STORE(4, dst, n - 4, value);
	} else if (n >= 2) {
		STORE(2, dst, 0, value);
		STORE(2, dst, n - 2, value);
	} else if (n) {
		*(u8 *)dst = value;
	}
}

void *memset(void *dst, int c, size_t n)
{
	u64 value = 0x0101010101010101ULL * (u8)c;

	if (n <= 16) {
		set_to_16(dst, value, n);
	} else {
		rep_stosq(dst, value, (n - 1) / 8);
		STORE(8, dst, n - 8, value);
	}
	return dst;
}

int memcmp(const void *a, const void *b, size_t n)
{
	const u8 *p = a, *q = b;

	for (; n >= 8; n -= 8, p += 8, q += 8)
		if (LOAD(8, p, 0) != LOAD(8, q, 0))
			break;
	for (; n; n--, p++, q++)
		if (*p != *q)
			return *p - *q;
	return 0;
}

/* How many instructions a page costs matters more than anything else here: 512 and a few. */
void copy_page(void *dst, const void *src)
{
	rep_movsq(dst, src, PAGE_WORDS);
}

void clear_page(void *page)
{
	rep_stosq(page, 0, PAGE_WORDS);
}

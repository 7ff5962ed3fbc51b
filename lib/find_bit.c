// SPDX-License-Identifier: GPL-2.0-only
/*
 * Searches in bit arrays of more than one word. Pure; each word is read once, so that a search
 * may run beside atomic updates.
 */
#include <linux/bitmap.h>
#include <linux/bitops.h>

/* Search the words that @fetch yields, beginning at bit @from. */
#define FIND_BIT(fetch, size, from) ({						\
	unsigned long __idx, __word, __bit = (size);				\
										\
	if (likely((from) < (size))) {						\
		__idx = (from) / BITS_PER_LONG;					\
		__word = (fetch(__idx)) & BITMAP_FIRST_WORD_MASK(from);		\
		while (!__word && (__idx + 1) * BITS_PER_LONG < (size)) {	\
			__idx++;						\
			__word = (fetch(__idx));				\
		}								\
		if (__word)							\
			__bit = __idx * BITS_PER_LONG + __ffs(__word);		\
	}									\
	__bit < (size) ? __bit : (size);					\
})

unsigned long __find_next_bit(const unsigned long *addr, unsigned long size, unsigned long from)
{
#define FETCH(i) READ_ONCE(addr[i])
	return FIND_BIT(FETCH, size, from);
#undef FETCH
}

unsigned long __find_next_zero_bit(const unsigned long *addr, unsigned long size,
				   unsigned long from)
{
#define FETCH(i) (~READ_ONCE(addr[i]))
	return FIND_BIT(FETCH, size, from);
#undef FETCH
}

unsigned long __find_next_and_bit(const unsigned long *a, const unsigned long *b,
				  unsigned long size, unsigned long from)
{
#define FETCH(i) (READ_ONCE(a[i]) & READ_ONCE(b[i]))
	return FIND_BIT(FETCH, size, from);
#undef FETCH
}

unsigned long find_last_bit(const unsigned long *addr, unsigned long size)
{
	unsigned long idx, word, mask;

	if (!size)
		return 0;
	mask = BITMAP_LAST_WORD_MASK(size);
	for (idx = BITS_TO_LONGS(size); idx-- > 0; mask = ~0UL) {
		word = READ_ONCE(addr[idx]) & mask;
		if (word)
			return idx * BITS_PER_LONG + __fls(word);
	}
	return size;
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Heap sort (Williams 1964, Floyd's bottom-up construction): no memory, no bad case. Pure.
 */
#include <linux/sort.h>
#include <linux/string.h>

static void swap_bytes(void *a, void *b, int size)
{
	char *p = a, *q = b, t;

	while (size-- > 0) {
		t = *p;
		*p++ = *q;
		*q++ = t;
	}
}

/* Let the element at @root sink until no child is larger. */
static void sift_down(char *base, size_t root, size_t num, size_t size, cmp_func_t cmp,
		      swap_func_t swap_func)
{
	size_t child;

	while ((child = 2 * root + 1) < num) {
		if (child + 1 < num && cmp(base + child * size, base + (child + 1) * size) < 0)
			child++;
		if (cmp(base + root * size, base + child * size) >= 0)
			return;
		swap_func(base + root * size, base + child * size, size);
		root = child;
	}
}

void sort(void *base, size_t num, size_t size, cmp_func_t cmp, swap_func_t swap_func)
{
	size_t i;

	if (!swap_func)
		swap_func = swap_bytes;
	for (i = num / 2; i-- > 0;)
		sift_down(base, i, num, size, cmp, swap_func);
	for (i = num; i-- > 1;) {
		swap_func(base, (char *)base + i * size, size);
		sift_down(base, 0, i, size, cmp, swap_func);
	}
}

void *bsearch(const void *key, const void *base, size_t num, size_t size, cmp_func_t cmp)
{
	const char *pivot;
	int c;

	while (num) {
		pivot = (const char *)base + num / 2 * size;
		c = cmp(key, pivot);
		if (!c)
			return (void *)pivot;
		if (c > 0) {
			base = pivot + size;
			num--;
		}
		num /= 2;
	}
	return NULL;
}

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Sorting in place without allocation, and binary search.
 */
#ifndef _LINUX_SORT_H
#define _LINUX_SORT_H

#include <linux/types.h>

typedef int (*cmp_func_t)(const void *a, const void *b);
typedef void (*swap_func_t)(void *a, void *b, int size);

/* O(n log n) always; not stable. @swap_func may be NULL. */
void sort(void *base, size_t num, size_t size, cmp_func_t cmp, swap_func_t swap_func);

/* An element equal to @key, or NULL. @cmp gets the key first. */
void *bsearch(const void *key, const void *base, size_t num, size_t size, cmp_func_t cmp);

#endif

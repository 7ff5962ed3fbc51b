/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * SipHash-2-4 (Aumasson and Bernstein 2012): a keyed hash for tables that users can fill.
 */
#ifndef _LINUX_SIPHASH_H
#define _LINUX_SIPHASH_H

#include <linux/types.h>

typedef struct {
	u64 key[2];
} siphash_key_t;

u64 siphash(const void *data, size_t len, const siphash_key_t *key);

static inline u64 siphash_1u64(u64 value, const siphash_key_t *key)
{
	return siphash(&value, sizeof(value), key);
}

#endif

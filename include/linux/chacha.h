/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The ChaCha20 block function (RFC 8439), for the random number generator.
 */
#ifndef _LINUX_CHACHA_H
#define _LINUX_CHACHA_H

#include <linux/types.h>

#define CHACHA_KEY_SIZE		32
#define CHACHA_NONCE_SIZE	12
#define CHACHA_BLOCK_SIZE	64

struct chacha_state {
	u32 word[16];
};

void chacha_init(struct chacha_state *state, const u8 key[CHACHA_KEY_SIZE],
		 const u8 nonce[CHACHA_NONCE_SIZE], u32 counter);
/* Writes one block of key stream and steps the counter. */
void chacha_block(struct chacha_state *state, u8 out[CHACHA_BLOCK_SIZE]);

#endif

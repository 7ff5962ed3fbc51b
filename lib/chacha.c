// SPDX-License-Identifier: GPL-2.0-only
/*
 * The ChaCha20 block function, RFC 8439 section 2.3. Pure. The caller wipes its state.
 */
#include <linux/bitops.h>
#include <linux/chacha.h>
#include <linux/string.h>

/* Inlined with constants, so that the sixteen words stay in registers as far as these go. */
static __always_inline void quarter_round(u32 *x, int a, int b, int c, int d)
{
	x[a] += x[b];
	x[d] = rol32(x[d] ^ x[a], 16);
	x[c] += x[d];
	x[b] = rol32(x[b] ^ x[c], 12);
	x[a] += x[b];
	x[d] = rol32(x[d] ^ x[a], 8);
	x[c] += x[d];
	x[b] = rol32(x[b] ^ x[c], 7);
}

void chacha_init(struct chacha_state *state, const u8 key[CHACHA_KEY_SIZE],
		 const u8 nonce[CHACHA_NONCE_SIZE], u32 counter)
{
	memcpy(&state->word[0], "expand 32-byte k", 16);
	memcpy(&state->word[4], key, CHACHA_KEY_SIZE);
	state->word[12] = counter;
	memcpy(&state->word[13], nonce, CHACHA_NONCE_SIZE);
}

void chacha_block(struct chacha_state *state, u8 out[CHACHA_BLOCK_SIZE])
{
	struct chacha_state x = *state;
	int i;

	for (i = 0; i < 10; i++) {
		quarter_round(x.word, 0, 4, 8, 12);
		quarter_round(x.word, 1, 5, 9, 13);
		quarter_round(x.word, 2, 6, 10, 14);
		quarter_round(x.word, 3, 7, 11, 15);
		quarter_round(x.word, 0, 5, 10, 15);
		quarter_round(x.word, 1, 6, 11, 12);
		quarter_round(x.word, 2, 7, 8, 13);
		quarter_round(x.word, 3, 4, 9, 14);
	}
	for (i = 0; i < 16; i++)
		x.word[i] += state->word[i];
	memcpy(out, &x, CHACHA_BLOCK_SIZE);
	memzero_explicit(&x, sizeof(x));
	state->word[12]++;
}

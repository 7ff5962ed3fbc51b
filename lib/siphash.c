// SPDX-License-Identifier: GPL-2.0-only
/*
 * SipHash-2-4 after the paper of Aumasson and Bernstein (2012), section 2. Pure.
 */
#include <linux/bitops.h>
#include <linux/siphash.h>
#include <linux/string.h>

struct sip_state {
	u64 v0, v1, v2, v3;
};

static void sip_round(struct sip_state *s)
{
	s->v0 += s->v1;
	s->v1 = rol64(s->v1, 13) ^ s->v0;
	s->v0 = rol64(s->v0, 32);
	s->v2 += s->v3;
	s->v3 = rol64(s->v3, 16) ^ s->v2;
	s->v0 += s->v3;
	s->v3 = rol64(s->v3, 21) ^ s->v0;
	s->v2 += s->v1;
	s->v1 = rol64(s->v1, 17) ^ s->v2;
	s->v2 = rol64(s->v2, 32);
}

static void sip_compress(struct sip_state *s, u64 word)
{
	s->v3 ^= word;
	sip_round(s);
	sip_round(s);
	s->v0 ^= word;
}

u64 siphash(const void *data, size_t len, const siphash_key_t *key)
{
	struct sip_state s = {
		.v0 = key->key[0] ^ 0x736f6d6570736575ULL,
		.v1 = key->key[1] ^ 0x646f72616e646f6dULL,
		.v2 = key->key[0] ^ 0x6c7967656e657261ULL,
		.v3 = key->key[1] ^ 0x7465646279746573ULL,
	};
	u64 word, last = (u64)len << 56;
	const u8 *p = data;
	size_t left;
	int i;

	for (left = len; left >= 8; left -= 8, p += 8) {
		memcpy(&word, p, 8);
		sip_compress(&s, word);
	}
	while (left-- > 0)
		last |= (u64)p[left] << (8 * left);
	sip_compress(&s, last);
	s.v2 ^= 0xff;
	for (i = 0; i < 4; i++)
		sip_round(&s);
	return s.v0 ^ s.v1 ^ s.v2 ^ s.v3;
}

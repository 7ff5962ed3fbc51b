/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Random numbers for the kernel and where their unpredictability comes from
 * (drivers/char/random.c). Any context; never fails, never waits.
 */
#ifndef _LINUX_RANDOM_H_K
#define _LINUX_RANDOM_H_K

#include <linux/types.h>
#include <uapi/linux/random.h>

void get_random_bytes(void *buf, size_t n);

u64 get_random_u64(void);

static inline u32 get_random_u32(void)
{
	return get_random_u64();
}

static inline unsigned long get_random_long(void)
{
	return get_random_u64();
}

/* Uniform in [0, ceiling), but for a bias below 2^-32. */
static inline u32 get_random_u32_below(u32 ceiling)
{
	return (u32)(((unsigned __int128)get_random_u64() * ceiling) >> 64);
}

void add_device_randomness(const void *buf, size_t n);
void add_interrupt_randomness(int irq);

/* Bits of the pool that are believed unpredictable, up to 256: entropy_avail. */
unsigned int random_entropy(void);
/* Version 4, RFC 9562: /proc/sys/kernel/random/uuid and boot_id */
void generate_random_uuid(u8 uuid[16]);

#endif /* _LINUX_RANDOM_H_K */

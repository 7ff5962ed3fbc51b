/* SPDX-License-Identifier: GPL-2.0-only */
/* IPv4: addresses on the wire and in the kernel (which counts in its own byte order). */
#ifndef _LINUX_IN_H_K
#define _LINUX_IN_H_K

#include <linux/socket.h>
#include <linux/types.h>
#include <uapi/linux/in.h>

static inline u16 ntohs(__be16 x)
{
	return __builtin_bswap16((u16)x);
}

static inline __be16 htons(u16 x)
{
	return (__be16)__builtin_bswap16(x);
}

static inline u32 ntohl(__be32 x)
{
	return __builtin_bswap32((u32)x);
}

static inline __be32 htonl(u32 x)
{
	return (__be32)__builtin_bswap32(x);
}

/* The mask of a prefix of @len bits, 0 to 32. */
static inline u32 prefix_mask(unsigned int len)
{
	return len ? ~0u << (32 - len) : 0;
}

#endif

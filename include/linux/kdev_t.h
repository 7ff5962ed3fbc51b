/* SPDX-License-Identifier: GPL-2.0-only */
/* Device numbers: 12 bits of major, 20 of minor inside; user space sees the packed forms. */
#ifndef _LINUX_KDEV_T_H_K
#define _LINUX_KDEV_T_H_K

#include <linux/types.h>

#define MINORBITS	20
#define MINORMASK	((1U << MINORBITS) - 1)

#define MAJOR(dev)	((unsigned int)((dev) >> MINORBITS))
#define MINOR(dev)	((unsigned int)((dev) & MINORMASK))
#define MKDEV(ma, mi)	((dev_t)(((ma) << MINORBITS) | (mi)))

/* stat(), mknod(): 32 bits, minor's low byte, major, then minor's rest */
static inline u32 new_encode_dev(dev_t dev)
{
	return (MINOR(dev) & 0xff) | (MAJOR(dev) << 8) | ((MINOR(dev) & ~0xffU) << 12);
}

static inline dev_t new_decode_dev(u32 dev)
{
	return MKDEV((dev & 0xfff00) >> 8, (dev & 0xff) | ((dev >> 12) & 0xfff00));
}

static inline u64 huge_encode_dev(dev_t dev)
{
	return new_encode_dev(dev);
}

#endif /* _LINUX_KDEV_T_H_K */

/* SPDX-License-Identifier: GPL-2.0-only */
/* File modes and the kernel's own form of what stat() answers. */
#ifndef _LINUX_STAT_H_K
#define _LINUX_STAT_H_K

#include <asm/stat.h>
#include <linux/time64.h>
#include <linux/types.h>
#include <uapi/linux/stat.h>

/* tv_nsec of utimensat(2) */
#define UTIME_NOW	((1L << 30) - 1L)
#define UTIME_OMIT	((1L << 30) - 2L)

#define S_IRWXUGO	(S_IRWXU | S_IRWXG | S_IRWXO)
#define S_IALLUGO	(S_ISUID | S_ISGID | S_ISVTX | S_IRWXUGO)
#define S_IRUGO		(S_IRUSR | S_IRGRP | S_IROTH)
#define S_IWUGO		(S_IWUSR | S_IWGRP | S_IWOTH)
#define S_IXUGO		(S_IXUSR | S_IXGRP | S_IXOTH)

/* What i_op->getattr fills; every field is in the units statx() shows. */
struct kstat {
	u32 result_mask;		/* STATX_* that are meaningful */
	umode_t mode;
	unsigned int nlink;
	u32 blksize;
	u64 attributes;
	u64 attributes_mask;
	u64 ino;
	dev_t dev;
	dev_t rdev;
	uid_t uid;
	gid_t gid;
	loff_t size;
	struct timespec64 atime;
	struct timespec64 mtime;
	struct timespec64 ctime;
	struct timespec64 btime;
	u64 blocks;			/* of 512 bytes */
	u64 mnt_id;
};

#endif /* _LINUX_STAT_H */

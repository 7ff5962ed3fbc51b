/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reading a "newc" cpio archive in memory, as the initramfs is. Nothing is copied or allocated.
 */
#ifndef _LINUX_CPIO_H
#define _LINUX_CPIO_H

#include <linux/types.h>

struct cpio_reader {
	const char *start;
	size_t size;
	size_t offset;		/* of the entry that cpio_next() will read, or of the bad one */
	const char *error;	/* why cpio_next() refused, for people */
};

/* Pointers point into the archive. */
struct cpio_entry {
	u32 ino, mode, uid, gid, nlink, mtime;
	u32 devmajor, devminor, rdevmajor, rdevminor;
	const char *name;	/* ended by NUL */
	size_t name_len;	/* without the NUL */
	const void *data;	/* a file's contents, a link's target (not ended by NUL) */
	size_t data_len;
};

void cpio_init(struct cpio_reader *reader, const void *start, size_t size);
int cpio_next(struct cpio_reader *reader, struct cpio_entry *entry);

#endif
